"""How alike texts are, by what they are written with and by what they mean, and what follows for the entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.matching.reading.reader import Phrase
from bot.core.matching.scoring.encoding import Encoder
from bot.core.matching.scoring.ngrams import NGrams

# Found on public question sets; the knobs are flat.
_OF_PIECES: Final = 0.10
_OF_WORDS: Final = 0.05
_OF_MEANING: Final = 0.85
_STEEPNESS: Final = 3.0  # of what vectors that point apart cost; the straight cosine is five points worse
_KEPT_WHOLE: Final = 4_000  # texts whose likenesses to each other fit into memory: 64 MB
_AT_ONCE: Final = 12_500  # texts, between two reports of progress
_DIGITS: Final = 5  # beyond them processors differ

Likenesses = NDArray[np.float32]
OnText = Callable[[int, int], None]


class Texts:
    """The texts of a knowledge base, each as its words. Built once; the rest only reads."""

    def __init__(self, texts: Sequence[Phrase], encoder: Encoder, on_text: OnText | None = None) -> None:
        """`on_text` is called with how many texts are encoded, of how many."""
        self._encoder = encoder
        self._texts = texts
        self._vectors = np.zeros((len(texts), encoder.size), np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            some = [" ".join(text) for text in texts[start : start + _AT_ONCE]]
            self._vectors[start : start + len(some)] = encoder.encode(some)
            if on_text is not None:
                on_text(start + len(some), len(texts))
        self._ngrams = NGrams(texts, of_pieces=_OF_PIECES, of_words=_OF_WORDS)
        self._whole = self._likenesses_of_all(texts) if len(texts) <= _KEPT_WHOLE else None

    def to(self, parts: Sequence[Phrase]) -> Likenesses:
        """Return how alike each part is to each text: (parts, texts), 0 to 1."""
        vectors = self._encoder.encode([" ".join(part) for part in parts])
        alike = _meaning(vectors @ self._vectors.T)
        for at, part in enumerate(parts):
            alike[at] += self._ngrams.likeness(part)
        return _rounded(alike)

    def by_signal(self, parts: Sequence[Phrase]) -> dict[str, Likenesses]:
        """Return of what `to` returns how much each signal gave: (parts, texts) by its name."""
        vectors = self._encoder.encode([" ".join(part) for part in parts])
        letters, words = zip(*(self._ngrams.split(part) for part in parts), strict=True)
        return {"meaning": _meaning(vectors @ self._vectors.T), "words": np.stack(words), "letters": np.stack(letters)}

    def of(self, text: int) -> Likenesses:
        """Return how alike this text and each text are."""
        if self._whole is not None:
            return _rounded(self._whole[text])
        alike = _meaning(self._vectors @ self._vectors[text]) + self._ngrams.likeness(self._texts[text])
        return _rounded(alike)

    def among(self, texts: NDArray[np.intp]) -> Likenesses:
        """Return how alike these texts are to each other: (texts, texts)."""
        if self._whole is not None:
            places = (texts * len(self._whole))[:, np.newaxis] + texts  # one take is half the work of two brackets
            return self._whole.ravel().take(places)
        some = self._vectors[texts]
        return _meaning(some @ some.T) + self._ngrams.among(texts)

    def _likenesses_of_all(self, texts: Sequence[Phrase]) -> Likenesses:
        alike = _meaning(self._vectors @ self._vectors.T)
        for at, text in enumerate(texts):
            alike[at] += self._ngrams.likeness(text)
        return alike


def _meaning(cosines: Likenesses) -> Likenesses:
    """Return e ** (steepness * (cosine - 1)), weighed; in place, as it is most of the work where there are many."""
    cosines -= 1
    cosines *= _STEEPNESS
    np.exp(cosines, out=cosines)
    cosines *= _OF_MEANING
    return cosines


def _rounded(alike: Likenesses) -> Likenesses:
    return np.round(alike, _DIGITS).astype(np.float32, copy=False)
