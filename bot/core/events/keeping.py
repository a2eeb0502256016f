"""When something cannot be done: refused, lost, or kept to be decided later."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.fact import Fact
from bot.core.saying import Where
from bot.core.stimuli import AnyStimulus


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Fact):
    """Somebody pressed, or wrote, what is not theirs or no longer possible. `why` is what they were told."""

    action: str
    why: str
    channel: str
    thread_ts: str | None = None
    response_url: str = ""
    who: str = ""  # the person that `{who}` in `why` names
    view: str = ""  # the form that was opened for it, which says so too


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLost(Fact):
    """What was to be said in a thread, `where`, is said elsewhere: its root is gone. `outbox` found it out.

    `afresh`: the case lived in that thread, or its card was the root: a new root, or a new card, takes its place.
    """

    outbox: str
    where: Where
    afresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Fact):
    """A stimulus that could not be decided, kept to be decided later; its text is in `words`, and nowhere else."""

    words: str
    stimulus: AnyStimulus


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAgain(Fact):
    """What was `Heard` at `position` could not be decided this time either."""

    position: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Fact):
    """What was `Heard` at `position` has been decided."""

    position: int
