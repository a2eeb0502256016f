"""Slips of the finger: a word nobody knows becomes the nearest word of the knowledge base."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.matching.common_words import COMMON_STEMS
from bot.core.matching.english import STOP_WORDS, stem

_SHORTEST = 4  # letters; below that every word is a neighbour of every other
_TWO_SLIPS_FROM = 8
_NEIGHBOURS = 8
_WORDS_KEPT = 4_096  # with what they are read as: people use the same words over and over
_PREFIXES = ("un", "dis", "de", "in", "im", "ir", "non", "mis", "re", "pre")


class Speller:
    """Corrects against the words given. Common English words, words with digits and known words stay as they are."""

    def __init__(self, known: Iterable[str], left_alone: Iterable[str] = ()) -> None:
        words = {word for word in known if len(word) >= _SHORTEST and word.isalpha()}
        self._known = sorted(words)  # sorted, so that among equally near words the same one is always taken
        self._stems = frozenset(stem(word) for word in words) | {stem(word) for word in left_alone}
        self.correct = lru_cache(maxsize=_WORDS_KEPT)(self._correct)

    def knows(self, word: str) -> bool:
        return word in STOP_WORDS or stem(word) in self._stems or stem(word) in COMMON_STEMS

    def _correct(self, word: str) -> str:
        if len(word) < _SHORTEST or not word.isalpha() or self.knows(word):
            return word
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        near = process.extract(word, self._known, scorer=OSA.distance, score_cutoff=slips, limit=_NEIGHBOURS)
        # A double letter is what people miss most: `acount` is rather `account` than `amount`. And letters change
        # places more often than they go missing: `thansk` is rather `thanks` than `thank`.
        ranked = sorted(
            (distance, not _doubled(word, other), abs(len(other) - len(word)), other) for other, distance, _ in near
        )
        return next((other for *_, other in ranked if not _opposed(word, other)), word)


def _doubled(word: str, other: str) -> bool:
    """Whether they are one word, but for letters written once or twice."""
    return [letter for letter, _ in groupby(word)] == [letter for letter, _ in groupby(other)]


def _opposed(word: str, other: str) -> bool:
    """Whether one is the other with a prefix that turns it round: two letters of difference, the contrary meaning."""
    short, long = sorted((word, other), key=len)
    return long.endswith(short) and long.removesuffix(short) in _PREFIXES
