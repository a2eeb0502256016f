"""What follows where a message and an entry differ in the one point that matters, however alike they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from bot.core.matching.reading.reader import Phrase

_OF_THE_ENTRY: Final = 0.8  # the weight of a title; what weighs less does not say what an entry is about


class Row(Protocol):
    """A text of the entry at position `entry`; its `words` are stems, those of what it denies are marked."""

    @property
    def entry(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def words(self) -> Phrase: ...
    @property
    def weight(self) -> float: ...


class Bar(NamedTuple):
    """Rows that must not take part; and entries, with the reason: those left out, and those at most to be offered."""

    rows: frozenset[int] = frozenset()
    out: Mapping[int, str] = {}
    doubted: Mapping[int, str] = {}


def joined(bars: Iterable[Bar]) -> Bar:
    """Return all together; of two reasons the first stands."""
    rows: frozenset[int] = frozenset()
    out: dict[int, str] = {}
    doubted: dict[int, str] = {}
    for bar in bars:
        rows |= bar.rows
        out = {**bar.out, **out}
        doubted = {**bar.doubted, **doubted}
    return Bar(rows, out, {entry: why for entry, why in doubted.items() if entry not in out})


class Tally:
    """Tells of which entries the rows are, and which entries are on the whole about what some rows say."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._entry_of = [row.entry for row in rows]
        self._tells = [row.weight >= _OF_THE_ENTRY for row in rows]
        self._asks = [row.weight >= 1 for row in rows]
        self._rows_of = Counter(row.entry for row in rows if row.weight >= _OF_THE_ENTRY)

    def entries(self, rows: Iterable[int]) -> set[int]:
        return {self._entry_of[at] for at in rows}

    def mostly(self, opposed: Iterable[int], agreeing: Iterable[int]) -> list[int]:
        """Return the entries of which at least half of the rows is opposed, save those with a phrasing that agrees."""
        found = Counter(self._entry_of[at] for at in opposed if self._tells[at])
        agree = {self._entry_of[at] for at in agreeing if self._asks[at]}
        return [entry for entry, count in found.items() if entry not in agree and 2 * count >= self._rows_of[entry]]
