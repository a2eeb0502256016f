"""Which entry a text belongs to: a kernel ridge regression, solved afresh among the rows that are nearest to the text.

To solve it for those alone is as good as for all (docs/matching.md), costs the same in a small knowledge base and in
a huge one, and what must not take part takes part in nothing: it neither wins nor explains anything away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.matching.scoring.likeness import Likenesses, Texts
from bot.core.matching.scoring.rows import Row

_NEAREST: Final = 128  # rows; twice as many answer no better
_NOISE: Final = 0.15  # how far a phrasing may be from what its entry is about: the regression's lambda
_DIGITS: Final = 4  # of a score; beyond them processors differ

Scores = NDArray[np.float64]  # by entry, most of them 0
Rows = NDArray[np.intp]


class Ridge:
    """Scores entries by their rows. A score near 1 is a text that an entry has word by word. Only reads."""

    def __init__(self, rows: Sequence[Row], entries: int, texts: Texts) -> None:
        self._texts = texts
        self._entries = entries
        self._entry_of = np.array([row.entry for row in rows], np.intp)
        self._noise = np.array([_NOISE / row.weight for row in rows], np.float32)

    def scores(self, alike: Likenesses, rows: Rows) -> Scores:
        """Score every entry by those `rows` that may take part. `alike` says how near a text is to each of all rows."""
        near = _nearest(alike, rows)
        weights = np.linalg.solve(self._system(near), alike[near])
        return self._by_entry(near, weights)

    def split(self, entry: int, slopes: Scores, alike: Likenesses, by_signal: Likenesses, rows: Rows) -> Scores:
        """Return what each signal gives to the score of an entry, as scores are linear in the likenesses.

        `slopes` go by part: how much the score moves with that by the part. `alike`: (parts, rows); `by_signal` adds up
        to it: (signals, parts, rows).
        """
        given = np.zeros(len(by_signal))
        for at, slope in enumerate(slopes):
            near = _nearest(alike[at], rows)
            weights = np.linalg.solve(self._system(near), by_signal[:, at, near].T)
            given += slope * weights[self._entry_of[near] == entry].sum(0)
        return given

    def left_out(self, row: int) -> tuple[Scores, Scores]:
        """Score the text of a row as if the row were not there, and as if its whole entry were not there.

        Both in closed form: what is left out of a ridge regression need not be left out to know what follows.
        """
        near = _nearest(self._texts.of(row), np.arange(len(self._entry_of)))
        own = np.flatnonzero(self._entry_of[near] == self._entry_of[row])
        at = int(np.flatnonzero(near == row)[0])
        inverse = np.linalg.solve(self._system(near), np.eye(len(near), dtype=np.float32)[:, [at, *own]])
        without_row = -self._by_entry(near, inverse[:, 0] / inverse[at, 0])
        without_row[self._entry_of[row]] += 1
        place = int(np.flatnonzero(own == at)[0])
        mixed = np.linalg.solve(inverse[own, 1:], inverse[:, 1:].T)[place]
        without_entry = -self._by_entry(near, mixed)
        without_entry[self._entry_of[row]] = 0
        return _rounded(without_row), _rounded(without_entry)

    def _system(self, near: Rows) -> Likenesses:
        system = self._texts.among(near)
        system.ravel()[:: len(near) + 1] += self._noise[near]  # the diagonal
        return system

    def _by_entry(self, near: Rows, weights: Likenesses) -> Scores:
        sums = np.bincount(self._entry_of[near], weights, minlength=self._entries)
        return _rounded(sums.astype(np.float64, copy=False))


def _nearest(alike: Likenesses, rows: Rows) -> Rows:
    """Return the nearest of these rows in their order; of those that are as near the first."""
    if len(rows) <= _NEAREST:
        return rows
    some = alike[rows]
    least = np.partition(some, len(some) - _NEAREST)[len(some) - _NEAREST]
    nearer = np.flatnonzero(some > least)
    as_near = np.flatnonzero(some == least)[: _NEAREST - len(nearer)]
    nearest: Rows = rows[np.sort(np.concatenate([nearer, as_near]))]
    return nearest


def _rounded(scores: Scores) -> Scores:
    return np.round(scores, _DIGITS).astype(np.float64, copy=False)
