"""What a replay comes to: the cases that change, those of which nothing can be said, and the figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.workbench.replaying.comparing import KINDS, Compared, Kept, Kind, Untold


@dataclass(frozen=True, slots=True)
class Replay:
    """`changed` and `untold` go by time; `customers` are those of what changed, each once.

    `handed_off`: of all that could be told, under the base. `first`: how often people answered in time, or did not,
    under the base and under the head, of what was handed off then and would be.
    """

    cases: int
    handed_off: int
    changed: tuple[Compared, ...]
    untold: tuple[Untold, ...]
    customers: int
    base_first: Mapping[Kept, int]
    head_first: Mapping[Kept, int]

    def count(self, kind: Kind) -> int:
        return sum(kind in one.kinds for one in self.changed)

    @property
    def groups(self) -> tuple[tuple[tuple[Kind, ...], tuple[Compared, ...]], ...]:
        """The changed cases by all in which they differ, the gravest first; each case once."""
        found: dict[tuple[Kind, ...], list[Compared]] = {}
        for one in self.changed:
            found.setdefault(one.kinds, []).append(one)
        ordered = sorted(found, key=lambda kinds: [KINDS.index(kind) for kind in kinds])
        return tuple((kinds, tuple(found[kinds])) for kinds in ordered)


def tallied(found: Iterable[Compared | Untold], *, with_words: bool = False) -> Replay:
    """Keep what changed and what cannot be told, and count the rest. Words are kept only if they are wanted."""
    cases = handed_off = 0
    changed: list[Compared] = []
    untold: list[Untold] = []
    first: tuple[Counter[Kept], Counter[Kept]] = Counter(), Counter()
    for one in found:
        cases += 1
        if isinstance(one, Untold):
            untold.append(one)
            continue
        handed_off += one.base.handed_off is not None
        for counter, outcome in zip(first, (one.base, one.head), strict=True):
            if outcome.first is not None:
                counter[outcome.first] += 1
        if one.kinds:
            changed.append(one if with_words else replace(one, words=""))
    return Replay(
        cases,
        handed_off,
        tuple(sorted(changed, key=lambda one: (one.at, one.case))),
        tuple(sorted(untold, key=lambda one: (one.at, one.case))),
        len({one.customer for one in changed}),
        *first,
    )
