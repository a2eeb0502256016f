"""What others would use: edit distances, BM25, and the nearest phrasing by its letters."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bench.matching.measures import SHOWN, Found
from bot.core.entries import Entry
from bot.core.matching.reading.english import STOP_WORDS

_WORD = re.compile(r"[^\W_]+")
_GRAMS = (2, 3, 4, 5)


def w_ratio(entries: Sequence[Entry]) -> Callable[[str], Found]:
    """Rapidfuzz as it comes: `process.extract` without a scorer, which then takes `WRatio`."""
    said, owners = phrasings_of(entries)

    def find(text: str) -> Found:
        ranked = process.extract(text, said, limit=None)
        best = dict.fromkeys(owners[at] for _, _, at in ranked)
        return Found(tuple(entries[owner].id for owner in list(best)[:SHOWN]), ranked[0][1])

    return find


def token_sort(entries: Sequence[Entry]) -> Callable[[str], Found]:
    """The best of plain rapidfuzz: `token_sort_ratio` on bare words, stop words out; the best phrasing counts."""
    said, owners = phrasings_of(entries)
    bare = [_bare(phrasing) for phrasing in said]
    ranked = ByBest(entries, owners)
    return lambda text: ranked(process.cdist([_bare(text)], bare, scorer=fuzz.token_sort_ratio)[0])


def bm25(entries: Sequence[Entry]) -> Callable[[str], Found]:
    """An entry with all its phrasings is a document."""
    import bm25s  # noqa: PLC0415  an extra

    index = bm25s.BM25()
    index.index([_words(" ".join(entry.phrasings)) for entry in entries], show_progress=False)
    ranked = ByBest(entries, range(len(entries)))
    # Words that no entry has would be an error.
    return lambda text: ranked(index.get_scores_from_ids(index.get_tokens_ids(_words(text))))


def character_neighbours(entries: Sequence[Entry]) -> Callable[[str], Found]:
    """The nearest phrasing by cosine of tf-idf over runs of 2 to 5 characters inside words."""
    said, owners = phrasings_of(entries)
    counted = [_grams(phrasing) for phrasing in said]
    appears = Counter(gram for grams in counted for gram in grams)
    rarity = {gram: math.log((1 + len(said)) / (1 + count)) + 1 for gram, count in appears.items()}
    weighed: dict[str, list[tuple[int, float]]] = {}
    for at, grams in enumerate(counted):
        for gram, weight in _weighed(grams, rarity):
            weighed.setdefault(gram, []).append((at, weight))
    columns = {
        gram: (np.array([at for at, _ in pairs]), np.array([weight for _, weight in pairs], np.float32))
        for gram, pairs in weighed.items()
    }
    ranked = ByBest(entries, owners)

    def find(text: str) -> Found:
        scores = np.zeros(len(said), np.float32)
        for gram, weight in _weighed(_grams(text), rarity):
            rows, weights = columns[gram]
            scores[rows] += weight * weights
        return ranked(scores)

    return find


class ByBest:
    """Ranks entries by the best of the scores of what belongs to them; ties fall to the earlier entry."""

    def __init__(self, entries: Sequence[Entry], owners: Iterable[int]) -> None:
        """`owners`: of each score the position of the entry it counts for, in ascending order."""
        self._ids = [entry.id for entry in entries]
        self._starts = np.unique(np.fromiter(owners, np.intp), return_index=True)[1]

    def __call__(self, scores: NDArray[np.float32]) -> Found:
        best = np.maximum.reduceat(scores, self._starts)
        order = np.argsort(-best, kind="stable")[:SHOWN]
        return Found(tuple(self._ids[at] for at in order), float(best[order[0]]))


def phrasings_of(entries: Sequence[Entry]) -> tuple[list[str], list[int]]:
    """Every phrasing, and beside it the position of its entry."""
    pairs = [(phrasing, at) for at, entry in enumerate(entries) for phrasing in entry.phrasings]
    return [phrasing for phrasing, _ in pairs], [at for _, at in pairs]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _bare(text: str) -> str:
    words = _words(text)
    return " ".join([word for word in words if word not in STOP_WORDS] or words)


def _grams(text: str) -> Counter[str]:
    padded = [f" {word} " for word in _words(text)]
    return Counter(word[at : at + n] for word in padded for n in _GRAMS for at in range(len(word) - n + 1))


def _weighed(grams: Counter[str], rarity: dict[str, float]) -> list[tuple[str, float]]:
    weighed = [(gram, (1 + math.log(count)) * rarity[gram]) for gram, count in grams.items() if gram in rarity]
    length = math.sqrt(sum(weight * weight for _, weight in weighed)) or 1.0
    return [(gram, weight / length) for gram, weight in weighed]
