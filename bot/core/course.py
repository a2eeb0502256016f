"""What a case remembers of its course among people: who passed it on, how it ended, what its customer thought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ClockOf = Literal["first_response", "next_response", "resolution"]


@dataclass(frozen=True, slots=True)
class Hop:
    """A case went from one queue, or person, to another. `position`: of the event, and so of the reason's words.

    `from_owner` and `to_owner` are "" where nobody in particular had it, or has it. `card`: the position of the card
    that was left behind, None if it stayed; `operators` the channel it stands in if no queue's could be reached.
    """

    position: int
    at: datetime
    by: str
    from_queue: str
    from_owner: str
    to_queue: str
    to_owner: str
    card: int | None = None
    operators: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """We wait, or waited, for the customer; `until` is None as long as we do."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a silent customer was told at `position`; it is over once they do something.

    `closes_at`: when the case closes by itself, as they read it; `given_at`: when that was in Slack.
    """

    position: int
    closes_at: datetime | None
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """How people resolved it. `entry`: what helped, "" if none did."""

    code: str
    by: str
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was asked at `position`, when the case was closed. `is_over`: it is open again, and nothing is asked."""

    position: int
    score: int | None = None
    commented: bool = False
    is_over: bool = False
