"""The encoder that ships with the bot: two small layers over word pieces, with numpy alone.

It was distilled from a larger model; NOTICE says from which, and on which texts. Half a millisecond a message.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.errors import WeightsError
from bot.vectors.wordpiece import WordPiece

WEIGHTS: Final = Path(__file__).with_name("ctx256.npz")
SHA256: Final = "bae38a7130a2e081fd417911c0f53be101bff0c1aad531454b2fc68388756a23"

_WINDOW: Final = 34  # pieces read at once, as in training; a longer text is the mean of its windows
_WINDOWS: Final = 8  # of a text; what comes after them changes its mean no more
_ROWS: Final = 1_024  # pieces worked on together: as many as stay near the processor
_LANES: Final = 4  # a product with so many rows, or a multiple of it, is faster than one with a row less
_FLAT: Final = 1e-5  # added to the variance, so that a row of equal numbers can be normed

_Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Layer:
    """Weights to multiply from the right. The gains of the norms and the attention's scale are folded into them."""

    wqkv: _Array
    bqkv: _Array
    wo: _Array
    bo: _Array
    w1: _Array
    b1: _Array
    w2: _Array
    b2: _Array


class LightEncoder:
    """An `Encoder` for English. Built once; `encode` only reads, and may be called by several threads at once."""

    def __init__(self, path: Path = WEIGHTS, sha256: str = SHA256) -> None:
        """Load the weights. Raises `WeightsError` if they are not there or not the ones that we ship."""
        content = _checked(path, sha256)
        self._version = sha256[:12]
        with np.load(io.BytesIO(content), allow_pickle=False) as weights:
            self._pieces: NDArray[np.int8] = weights["q"]
            self._scales = _exact(weights["scale"])[:, np.newaxis]
            self._places = _exact(weights["pos"])
            self._heads = int(weights["heads"])
            self._layers = [_layer(weights, number) for number in range(int(weights["layers"]))]
            self._cut = WordPiece(str(weights["vocab"]).split("\n"))

    @property
    def version(self) -> str:
        return self._version

    @property
    def size(self) -> int:
        return int(self._pieces.shape[1])

    def encode(self, texts: Sequence[str]) -> _Array:
        found = np.zeros((len(texts), self.size), np.float32)
        windows = sorted(self._windows(texts), key=lambda window: (len(window[1]), window[0]))
        for batch in _batches(windows):
            sums = self._sums([pieces for _, pieces in batch])
            for (text, _), states in zip(batch, sums, strict=True):
                found[text] += states
        lengths = np.sqrt(np.einsum("ij,ij->i", found, found))
        found /= np.maximum(lengths, np.float32(1e-9))[:, np.newaxis]
        return found

    def _windows(self, texts: Sequence[str]) -> Iterator[tuple[int, list[int]]]:
        for at, text in enumerate(texts):
            pieces = self._cut(text)[: _WINDOW * _WINDOWS]
            for start in range(0, max(len(pieces), 1), _WINDOW):
                yield at, [self._cut.start, *pieces[start : start + _WINDOW], self._cut.end]

    def _sums(self, windows: Sequence[Sequence[int]]) -> _Array:
        """Return the sum of the last states of each window's pieces. `windows` go by length."""
        lengths = [len(window) for window in windows]
        runs = [(length, len([*same])) for length, same in groupby(lengths)]
        starts = np.cumsum([0, *lengths[:-1]])
        rows = self._begin(windows, sum(lengths))
        last = self._layers[-1]
        for layer in self._layers:
            rows += _through(self._attended(_through(_normed(rows), layer.wqkv, layer.bqkv), runs), layer.wo, layer.bo)
            inner = _through(_normed(rows), layer.w1, layer.b1)
            np.maximum(inner, 0, out=inner)
            if layer is not last:
                rows += _through(inner, layer.w2, layer.b2)
        # Only sums are wanted of the last layer, and to multiply these is less work than to multiply every row.
        used = slice(0, sum(lengths))
        counts = np.array(lengths, np.float32)[:, np.newaxis]
        inside = np.add.reduceat(inner[used], starts) @ last.w2
        return np.asarray(np.add.reduceat(rows[used], starts) + inside + counts * last.b2, np.float32)

    def _begin(self, windows: Sequence[Sequence[int]], used: int) -> _Array:
        """Return what each piece means by itself and where it stands, with empty rows up to a multiple of `_LANES`."""
        pieces = [piece for window in windows for piece in window]
        places = [place for window in windows for place in range(len(window))]
        rows = np.zeros((-(-used // _LANES) * _LANES, self.size), np.float32)
        rows[:used] = self._pieces[pieces] * self._scales[pieces] + self._places[places]
        return rows

    def _attended(self, mixed: _Array, runs: Sequence[tuple[int, int]]) -> _Array:
        """Let each piece look at the others of its window. `runs`: (length, how many windows are so long)."""
        found = np.zeros((len(mixed), self.size), np.float32)
        width = self.size // self._heads
        start = 0
        for length, count in runs:
            end = start + length * count
            asks, keys, values = mixed[start:end].reshape(count, length, 3, self._heads, width).transpose(2, 0, 3, 1, 4)
            shares = asks @ keys.transpose(0, 1, 3, 2)
            shares -= shares.max(-1, keepdims=True)
            np.exp(shares, out=shares)
            shares /= shares.sum(-1, keepdims=True)
            own = found[start:end].reshape(count, length, self._heads, width)
            own[...] = (shares @ values).transpose(0, 2, 1, 3)
            start = end
        return found


def _checked(path: Path, sha256: str) -> bytes:
    again = "Install the bot again: its package brings the file"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"{path}: what the bot understands words by cannot be read: {error.strerror}. {again}"
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WeightsError(f"{path}: is not as we ship it, so that the bot would understand words wrongly. {again}")
    return content


def _layer(weights: Mapping[str, NDArray[np.float16]], number: int) -> _Layer:
    names = ("wqkv", "bqkv", "wo", "bo", "w1", "b1", "w2", "b2")
    return _Layer(*(_exact(weights[f"{name}{number}"]) for name in names))


def _exact(weights: NDArray[np.float16] | NDArray[np.float32]) -> _Array:
    return np.ascontiguousarray(weights, dtype=np.float32)


def _batches(windows: Sequence[tuple[int, list[int]]]) -> Iterator[list[tuple[int, list[int]]]]:
    batch: list[tuple[int, list[int]]] = []
    rows = 0
    for window in windows:
        if batch and rows + len(window[1]) > _ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(window)
        rows += len(window[1])
    if batch:
        yield batch


def _through(rows: _Array, weights: _Array, added: _Array) -> _Array:
    """Return the rows times the weights, and something added, without a copy for the sum."""
    found: _Array = rows @ weights
    found += added
    return found


def _normed(rows: _Array) -> _Array:
    """Return each row moved to mean 0 and variance 1."""
    size = rows.shape[1]
    moved: _Array = rows - rows @ _shares(size)
    spread = np.einsum("ij,ij->i", moved, moved)
    moved *= (1 / np.sqrt(spread / size + _FLAT))[:, np.newaxis]
    return moved


@cache
def _shares(size: int) -> _Array:
    return np.full((size, 1), 1 / size, np.float32)
