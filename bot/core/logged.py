"""A case as the log has it, with what is known today of who asked and of what was around then. Data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.audience import Person
from bot.core.events import Event, Opened
from bot.core.knowledge import Versions


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a case, and what it was decided with."""

    position: int
    event: Event
    versions: Versions


@dataclass(frozen=True, slots=True)
class PauseTurn:
    """From `at` on the bot was paused in `channel`, "" for everywhere; or no longer."""

    at: datetime
    channel: str
    paused: bool


@dataclass(frozen=True, slots=True)
class LoggedCase:
    """The whole log of a case, from its `Opened` on; words that were erased are empty.

    `profile`: what is known of who asked, None for nothing; `usergroups`: the members of those that are known.
    `contacts`: when they opened other cases, as far as it was asked for. `pauses`: those of the team, in order.
    """

    id: str
    lines: tuple[Line, ...]
    profile: Person | None = None
    usergroups: Mapping[str, frozenset[str]] | None = None
    contacts: tuple[datetime, ...] = ()
    pauses: tuple[PauseTurn, ...] = ()

    @property
    def opened(self) -> Opened:
        first = self.lines[0].event
        if not isinstance(first, Opened):
            raise TypeError(f"the log of {self.id} does not begin with its opening")
        return first


def paused_at(pauses: Iterable[PauseTurn], at: datetime) -> frozenset[str]:
    """The channels where the bot was paused then; "" among them: everywhere."""
    paused: frozenset[str] = frozenset()
    for turn in pauses:
        if turn.at > at:
            break
        paused = paused | {turn.channel} if turn.paused else paused - {turn.channel}
    return paused
