"""What happens because time passes: rungs of a ladder, promises that change, and what a customer's silence leads to.

That silence closes a case is a `Closed` like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.events.fact import Fact

RungDoes = Literal["remind", "ping_group", "move", "raise", "notify_lead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RungReached(Fact):
    """A step of the queue's ladder was due. What it changes, if anything, follows as an event of its own.

    `rung` names it among all that the case ever reaches; `moment` is when, as the rules say it. `due` is the deadline
    that it is about, `of` what; None and "" for a length of time. `to`: the groups and people that are called.
    `text`: the editor's own words, if there are any.
    """

    rung: str
    moment: str
    do: RungDoes
    of: str = ""
    due: datetime | None = None
    to: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised(Fact):
    """It is more urgent from now on; what the rules promise then counts, where it is sooner."""

    priority: str
    due_first_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled(Fact):
    """The rules have changed, and with them when the first response is due.

    `told_due_at`: the time that the customer hears of; None if what they were told stands.
    """

    due_first_at: datetime | None = None
    told_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedIfItWorked(Fact):
    """Nobody has said what came of the last answer, `entry`, so we asked; once an answer.

    `closes_at`: when the case closes by itself, as the customer is told; None if it does not. `paused`: the bot was, so
    nothing was said, and nothing will be.
    """

    entry: str
    closes_at: datetime | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseWarned(Fact):
    """People wait for the customer, who was told that the case closes by itself then; once for each time they wait."""

    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderGiven(Fact):
    """What was said at `position` of a silent customer's case is in Slack."""

    position: int
