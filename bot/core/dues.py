"""What must happen at a time, as it follows from an event. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.core.case import Case
from bot.core.clocks.ticking import next_look
from bot.core.events import Event, FieldAsked
from bot.core.rulebook.rules import Rules

SILENT_FOR = timedelta(minutes=10)  # so long a question of ours before a handoff holds it up

CLOCK = 0  # the position of a case's only clock, which is wound anew whenever the case moves
DueKind = Literal["again", "silence", "clock"]


@dataclass(frozen=True, slots=True)
class Due:
    """`again`: what was `Heard` at `position` of `case` is decided again. `silence`: the question there is given up.
    `clock`: something of the case may be due.
    """

    case: str
    position: int
    at: datetime
    kind: DueKind = "again"


def dues_of(case: Case, event: Event) -> tuple[Due, ...]:
    """`case` is the case after the event. What was due because of an earlier one finds the case moved on."""
    if isinstance(event, FieldAsked):
        return (Due(case.id, case.version, event.at + SILENT_FOR, "silence"),)
    return ()


def clock_of(case: Case, rules: Rules, now: datetime) -> tuple[Due, ...]:
    """The case's clock, as things are; () if it has nothing to wait for."""
    at = next_look(case, rules, now) if case.is_open else None
    return () if at is None else (Due(case.id, CLOCK, at, "clock"),)
