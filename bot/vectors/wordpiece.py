"""The pieces of words that the encoders know: BERT's uncased tokenisation, the longest piece first."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.errors import WeightsError

# The pieces lie in one file with the weights of the light encoder, which was taught by the semantic one and has its
# pieces. They have a checksum of their own, so that nobody who needs the pieces alone has to read the rest.
WITH_PIECES = Path(__file__).with_name("ctx256.npz")
PIECES_SHA256 = "0f052197aac305fe42f378b5c61554b7bacb34b8be4af83fec2cfdcdffbc9973"

_LONGEST = 100  # letters; BERT takes a longer word for an unknown one, and its cost would grow with the square
_WORDS_KEPT = 16_384  # with their pieces: people use the same words over and over
_INSIDE = "##"
_WORDS = re.compile(r"[^\W_]+|[^\w\s]|_")


def load_pieces(path: Path = WITH_PIECES) -> tuple[str, ...]:
    """Load the pieces in the order of their numbers. Raises `WeightsError` unless they are those that were shipped."""
    try:
        with path.open("rb") as file, np.load(file) as found:
            pieces = str(found["vocab"])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{path}: the pieces of words cannot be read ({error}): install tier1 again") from error
    if hashlib.sha256(pieces.encode()).hexdigest() != PIECES_SHA256:
        raise WeightsError(f"{path}: these are not the pieces of words that were shipped: install tier1 again")
    return tuple(pieces.split("\n"))


class WordPiece:
    """Turns a text into the numbers of its pieces; a word that cannot be pieced together is one `[UNK]`.

    `pieces` are in the order of their numbers; `[UNK]`, `[CLS]` and `[SEP]` are among them. Safe to share by threads.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self._number_of = {piece: number for number, piece in enumerate(pieces)}
        self.start, self.end = self._number_of["[CLS]"], self._number_of["[SEP]"]
        self._unknown = self._number_of["[UNK]"]
        self._pieces_of = lru_cache(maxsize=_WORDS_KEPT)(self._cut)

    def __call__(self, text: str) -> list[int]:
        """Return the numbers in the text's order, without `start` and `end`. Accents and case make no difference."""
        return [number for word in _WORDS.findall(_plain(text)) for number in self._pieces_of(word)]

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST:
            return (self._unknown,)
        numbers: list[int] = []
        done = 0
        while done < len(word):
            mark = _INSIDE if done else ""
            for end in range(len(word), done, -1):
                number = self._number_of.get(mark + word[done:end])
                if number is not None:
                    break
            else:
                return (self._unknown,)
            numbers.append(number)
            done = end
        return tuple(numbers)


def _plain(text: str) -> str:
    text = text.lower()
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if unicodedata.category(letter) != "Mn")
