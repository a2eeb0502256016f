"""What passes a handed-off case on to others, what ends it, and what its customer thinks of it then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.events.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred(Fact):
    """A specialist passed the case on to another queue, and to a person there if `to` is set. `words`: why.

    `tier`: where it was escalated to; 0 if it was only transferred. `rung`: of the ladder that moved it, in which case
    nobody did. `told_due_at`: the time that the customer hears of;
    None if an earlier promise still stands, or there is none. `told_opens_at`, `out_of_hours`: as in a handoff.
    """

    words: str
    queue: str
    priority: str
    to: str = ""
    tier: int = 0
    private: bool = False
    due_first_at: datetime | None = None
    told_due_at: datetime | None = None
    told_opens_at: datetime | None = None
    out_of_hours: bool = False
    rung: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Fact):
    """The case is another person's now, in the same queue. `words`: why."""

    words: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Fact):
    """How people resolved it; `Closed` follows. `words`: what fixed it.

    `entry`: what helped, "" if none did; `proposes`: there ought to be one. `told`: the customer reads the words too.
    """

    words: str
    code: str
    entry: str = ""
    proposes: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAsked(Fact):
    """The customer was asked how it was: once for each time that the case was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Fact):
    """What the customer thinks of it, 1 to 5; the last score counts. `position` is the survey's.

    `entry`: what helped or was shown last; `specialist`: who had the case, "" if nobody did.
    """

    score: int
    position: int
    entry: str = ""
    specialist: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented(Fact):
    """Why, in the customer's words. `position` is the survey's."""

    words: str
    position: int
