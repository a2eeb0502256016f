"""What must happen at a time, as it follows from an event. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.core.case import Case
from bot.core.events import Event, FieldAsked

SILENT_FOR = timedelta(minutes=10)  # so long a question of ours before a handoff holds it up

DueKind = Literal["again", "silence"]


@dataclass(frozen=True, slots=True)
class Due:
    """`again`: what was `Heard` at `position` of `case` is decided again. `silence`: the question there is given up."""

    case: str
    position: int
    at: datetime
    kind: DueKind = "again"


def dues_of(case: Case, event: Event) -> tuple[Due, ...]:
    """`case` is the case after the event. What was due because of an earlier one finds the case moved on."""
    if isinstance(event, FieldAsked):
        return (Due(case.id, case.version, event.at + SILENT_FOR, "silence"),)
    return ()
