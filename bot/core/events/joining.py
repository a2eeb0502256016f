"""What joins cases: a duplicate into another case, and many people's cases into one incident."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.fact import Fact
from bot.core.incident import Excerpt, Member
from bot.core.saying import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Fact):
    """The case is about the same as `into`, which goes on for both. `role`: who has that one, as customers read it."""

    into: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed(Fact):
    """The other case, `case`, was about the same: what its customer wrote there, in `excerpts`, belongs here too."""

    case: str
    excerpts: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentBegun(Fact):
    """Many people, one problem: from here on the case is an incident, with a card of its own.

    `words`: what it is about, if a specialist wrote it down; `described` says whether one did.
    """

    queue: str
    priority: str
    words: str = ""
    described: bool = False
    entry: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Fact):
    """A customer's case belongs to this incident. `excerpts`: what they wrote in it about the problem.

    `about`: the question, if it says anything of what the incident is about.
    """

    member: Member
    about: Words | None = None
    excerpts: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWrote(Fact):
    """Somebody who waits already wrote about it once more, in `case`."""

    case: str
    requester: str
    excerpts: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSaid(Fact):
    """A specialist's words to everybody who waits, and to everybody who asks next.

    `slack_ts`: of their message in the card's thread; "" if they used the form.
    """

    words: str
    channel: str = ""
    slack_ts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOver(Fact):
    """Said to everybody who waits, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Fact):
    """The case belongs to `incident`: its customer is on the list of those who hear when there is news.

    `role`: who works on it, as customers read it. `status`: the position, there, of what was last said to all; 0 for
    nothing. `again`: they are on the list with another of their cases, or were already.
    """

    incident: str
    role: str
    status: int = 0
    again: bool = False
