"""Vectors of a whole knowledge base, encoded once and then taken from the cache; after an edit only what it touches.

Texts are kept in bins, and what a text says decides which is its bin. So an edit leaves most bins as they were,
wherever in the list it is, and the rows of a bin follow from its texts alone: kept or new, they are the same.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.core.matching.scoring.encoding import Encoder
from bot.vectors.cache import Cache

_MANY = 32  # texts; no message has so many parts
_IN_A_BIN = 1_024  # texts at most, about: a second to encode, a megabyte to keep


class Remembering:
    """An `Encoder` that keeps the rows of long lists. Of what customers say it keeps nothing."""

    def __init__(self, encoder: Encoder, cache: Cache) -> None:
        self._encoder, self._cache = encoder, cache

    @property
    def version(self) -> str:
        return self._encoder.version

    @property
    def size(self) -> int:
        return self._encoder.size

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(texts) < _MANY:
            return self._encoder.encode(texts)
        found = np.empty((len(texts), self.size), np.float32)
        for places in _bins(texts):
            found[places] = self._rows([texts[at] for at in places])
        return found

    def _rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        key = f"rows {self.version} {_digest(texts)}"
        kept = self._cache.load(key) or {}
        rows = kept.get("rows")
        if rows is None or rows.shape != (len(texts), self.size) or rows.dtype != np.float32:
            rows = self._encoder.encode(texts)
            self._cache.save(key, {"rows": rows})
        return rows


def _bins(texts: Sequence[str]) -> Iterable[list[int]]:
    """Return the places of the texts of each bin, by text: the order of the list makes no difference."""
    number = 1 << ((len(texts) - 1) // _IN_A_BIN).bit_length()  # a power of 2, which few edits change
    bins: defaultdict[int, list[int]] = defaultdict(list)
    for at in sorted(range(len(texts)), key=texts.__getitem__):
        bins[zlib.crc32(_written(texts[at])) % number].append(at)
    return bins.values()


def _digest(texts: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        written = _written(text)
        digest.update(b"%d:" % len(written) + written)
    return digest.hexdigest()


def _written(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
