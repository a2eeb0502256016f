"""Slips of the finger: a word nobody knows becomes the nearest word of the knowledge base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.matching.reading.common_words import COMMON_STEMS, COMMON_WORDS
from bot.core.matching.reading.english import STOP_WORDS, stem

_SHORTEST = 4  # letters; below that every word is a neighbour of every other
_TWO_SLIPS_FROM = 8
_NEIGHBOURS = 16
_ENDINGS = ("s", "ed", "ing")  # of known words in a form that is not among those known
_WORDS_KEPT = 4_096  # with what they are read as: people use the same words over and over
_PREFIXES = ("un", "dis", "de", "in", "im", "ir", "non", "mis", "re", "pre")


class Speller:
    """Corrects against the words given, the frequent before the rare, and only then against `others`.

    Common English words, words with digits and known words stay as they are.
    """

    def __init__(self, known: Iterable[str], left_alone: Iterable[str] = (), others: Iterable[str] = ()) -> None:
        self._counts = Counter(word for word in known if len(word) >= _SHORTEST and word.isalpha())
        self._known = sorted(self._counts)  # sorted, so that among equally near words the same one is always taken
        self._others = sorted({word for word in others if len(word) >= _SHORTEST} - self._counts.keys())
        left = frozenset(left_alone)
        self._words = self._counts.keys() | left | STOP_WORDS | COMMON_WORDS
        self._stems = frozenset(map(stem, chain(self._counts, left))) | COMMON_STEMS
        self.correct = lru_cache(maxsize=_WORDS_KEPT)(self._correct)

    def knows(self, word: str) -> bool:
        return word in self._words or (word.endswith(_ENDINGS) and stem(word) in self._stems)

    def _correct(self, word: str) -> str:
        if len(word) < _SHORTEST or not word.isalpha() or self.knows(word):
            return word
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        return self._nearest(word, self._known, slips) or self._nearest(word, self._others, 1) or word

    def _nearest(self, word: str, words: list[str], slips: int) -> str:
        near = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=_NEIGHBOURS)
        # Letters that change places or are doubled are what people miss most: `acount` is rather `account` than
        # `amount`, and `thansk` rather `thanks` than `thank`. The first letter they hardly ever miss.
        ranked = sorted(
            (
                distance,
                sorted(word) != sorted(other) and not _doubled(word, other),
                word[0] != other[0],
                -self._counts[other],
                other,
            )
            for other, distance, _ in near
        )
        return next((other for *_, other in ranked if not _opposed(word, other)), "")


def _doubled(word: str, other: str) -> bool:
    """Whether they are one word, but for letters written once or twice."""
    return [letter for letter, _ in groupby(word)] == [letter for letter, _ in groupby(other)]


def _opposed(word: str, other: str) -> bool:
    """Whether one is the other with a prefix that turns it round: two letters of difference, the contrary meaning."""
    short, long = sorted((word, other), key=len)
    return long.endswith(short) and long.removesuffix(short) in _PREFIXES
