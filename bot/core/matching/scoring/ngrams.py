"""How alike texts are written: pieces of words, words and pairs of words, the rare ones weighing more (tf-idf)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

_PIECES: Final = (2, 3, 4, 5)  # letters, ends of words included
_WORDS_KEPT: Final = 16_384  # with their pieces: people use the same words over and over

_Ids = NDArray[np.int32]
_Weights = NDArray[np.float32]


class NGrams:
    """Texts by what they are written with, as an inverted index. Built once; the rest only reads.

    The likeness of two texts is `of_pieces` times the cosine of their word pieces plus `of_words` times that of their
    words and pairs of words.
    """

    def __init__(self, texts: Sequence[Sequence[str]], *, of_pieces: float, of_words: float) -> None:
        self._ids: dict[str, int] = {}
        self._scales = (math.sqrt(of_pieces), math.sqrt(of_words))
        self._pieces_of = lru_cache(maxsize=_WORDS_KEPT)(self._known_pieces)
        # As numbers at once: texts are many, and a dictionary for each would fill the memory.
        grams = [
            tuple(_numbers(self._number(gram) for gram in made(text)) for made in (_pieces, _words)) for text in texts
        ]
        texts_with = np.zeros(len(self._ids), np.int64)
        for pair in grams:
            for found in pair:
                texts_with[np.unique(found)] += 1
        self._rarity = (np.log((1 + len(texts)) / (1 + texts_with)) + 1).astype(np.float32)
        rows = [self._vector(*(found.tolist() for found in pair)) for pair in grams]
        self._ends = np.cumsum([0, *(len(ids) for ids, _ in rows)])
        self._grams = np.concatenate([np.zeros(0, np.int32), *(ids for ids, _ in rows)])
        self._weights = np.concatenate([np.zeros(0, np.float32), *(weights for _, weights in rows)])
        by_gram = np.argsort(self._grams, kind="stable")
        texts_of = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(self._ends))
        self._texts_by_gram, self._weights_by_gram = texts_of[by_gram], self._weights[by_gram]
        self._first = np.searchsorted(self._grams[by_gram], np.arange(len(self._ids) + 1))

    def likeness(self, text: Sequence[str]) -> _Weights:
        """Return how alike this text and each of those indexed are."""
        return self._shared(*self._vector(self._pieces_in(text), self._words_in(text)))

    def split(self, text: Sequence[str]) -> tuple[_Weights, _Weights]:
        """Return what pieces of words and what words give to the likeness."""
        grams = (self._pieces_in(text), self._words_in(text))
        pieces, words = (
            self._shared(*self._weighed(each, scale)) for each, scale in zip(grams, self._scales, strict=True)
        )
        return pieces, words

    def among(self, texts: NDArray[np.intp]) -> _Weights:
        """Return how alike these of the indexed texts are to each other."""
        spans = [slice(self._ends[text], self._ends[text + 1]) for text in texts]
        grams = np.concatenate([np.zeros(0, np.int32), *(self._grams[span] for span in spans)])
        weights = np.concatenate([np.zeros(0, np.float32), *(self._weights[span] for span in spans)])
        is_there = np.zeros(len(self._ids), np.bool_)
        is_there[grams] = True
        columns = np.cumsum(is_there, dtype=np.int32)
        dense = np.zeros((len(texts), int(columns[-1]) if len(columns) else 0), np.float32)
        dense[np.repeat(np.arange(len(texts)), [span.stop - span.start for span in spans]), columns[grams] - 1] = (
            weights
        )
        return dense @ dense.T

    def _pieces_in(self, text: Sequence[str]) -> list[int]:
        return [piece for word in text for piece in self._pieces_of(word)]

    def _words_in(self, text: Sequence[str]) -> list[int]:
        return [number for gram in _words(text) if (number := self._ids.get(gram)) is not None]

    def _shared(self, grams: _Ids, weights: _Weights) -> _Weights:
        starts, counts = self._first[grams], self._first[grams + 1] - self._first[grams]
        ends = np.cumsum(counts)
        at = np.arange(ends[-1] if len(ends) else 0)
        at += np.repeat(starts - ends + counts, counts)
        shares = self._weights_by_gram.take(at)  # faster than brackets
        shares *= np.repeat(weights, counts)
        return np.bincount(self._texts_by_gram.take(at), shares, minlength=len(self._ends) - 1).astype(np.float32)

    def _number(self, gram: str) -> int:
        return self._ids.setdefault(gram, len(self._ids))

    def _vector(self, pieces: Sequence[int], words: Sequence[int]) -> tuple[_Ids, _Weights]:
        """Return the numbers of the grams that a text has, and what each weighs."""
        found = [self._weighed(each, scale) for each, scale in zip((pieces, words), self._scales, strict=True)]
        return np.concatenate([grams for grams, _ in found]), np.concatenate([weights for _, weights in found])

    def _weighed(self, grams: Sequence[int], scale: float) -> tuple[_Ids, _Weights]:
        counted = Counter(grams)  # of so few faster than numpy
        ids = np.array([*counted], np.int32)
        weights = self._rarity[ids]
        if len(counted) < len(grams):
            weights *= 1 + np.log(np.array([*counted.values()], np.float32))
        length = math.sqrt(float(weights @ weights)) or 1.0
        return ids, weights * np.float32(scale / length)

    def _known_pieces(self, word: str) -> tuple[int, ...]:
        return tuple(number for piece in _pieces((word,)) if (number := self._ids.get(piece)) is not None)


def _numbers(numbers: Iterable[int]) -> _Ids:
    return np.fromiter(numbers, np.int32)


def _pieces(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        padded = f" {word} "
        for length in _PIECES:
            if len(padded) <= length:
                yield padded
                break
            for at in range(len(padded) - length + 1):
                yield padded[at : at + length]


def _words(words: Sequence[str]) -> Iterator[str]:
    """Yield each word and each pair, marked so that no piece of a word is taken for one of them."""
    for word in words:
        yield f"={word}"
    for one, other in pairwise(words):
        yield f"={one} {other}"
