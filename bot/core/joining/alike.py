"""How alike two questions are in their words, whoever asked them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz

from bot.core.matching.reading.english import stem
from bot.core.matching.reading.normalising import MARKS, tokens
from bot.core.matching.reading.reader import has_content

_LONGEST = 60  # words; what a question is about is said long before
_FEW = 2  # words among which a single one is not lost


def alike(one: str, other: str) -> float:
    """Return from 0 to 1 how far two questions say the same, in whatever order; 0 if either says nothing.

    Only words with content count, by their stems. What one question says beyond the other takes nothing away: "printer
    broken" is "the printer on floor 3 is broken". A single word is alike only to very short questions, though: "vpn" is
    not "how do i set up the vpn on my phone".
    """
    return _compared(_said(one), _said(other))


def most_alike(one: str, others: Iterable[str]) -> float:
    """Return how far it is alike to the one of `others` that is most so; 0 if there are none."""
    said = _said(one)
    return max((_compared(said, _said(other)) for other in others), default=0.0)


def _compared(said: tuple[str, ...], said_too: tuple[str, ...]) -> float:
    if not said or not said_too:
        return 0.0
    short, long = sorted((set(said), set(said_too)), key=len)
    lost = len(short) == 1 and len(long) > _FEW
    compare = fuzz.token_sort_ratio if lost else fuzz.token_set_ratio
    return compare(" ".join(said), " ".join(said_too)) / 100


def _said(text: str) -> tuple[str, ...]:
    stems = (stem(word) for word in tokens(text) if word not in MARKS)
    return tuple(word for word in stems if has_content(word))[:_LONGEST]
