"""A decision that may concern several cases: its own events, and what they mean for others. Data."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.case import Case
from bot.core.events import Event


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is added to another case, as it was when it was read; to one that has not begun, from its `Opened` on."""

    case: Case
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """`counted`: whether it would be another decision if there had been one more handoff meanwhile."""

    events: tuple[Event, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    counted: bool = False
