"""What turns texts into vectors, as the matcher sees it: the weights come from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Texts that mean the same have vectors that point the same way. Knows nothing of any knowledge base."""

    @property
    def version(self) -> str:
        """A short hash of the weights."""

    @property
    def size(self) -> int:
        """How many numbers a vector has."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 a text: (texts, size). Texts are normalised: lower case, no punctuation."""
