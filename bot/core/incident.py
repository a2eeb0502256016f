"""What an incident's case remembers: what it is about, who waits for its end, and what was last said to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.saying import Where, Words

MOST_ABOUT = 12  # questions that say what an incident is about; more would say the same


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands with the event at `position` of a case, cut to [start:end]."""

    position: int
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A customer who waits, by the case they asked in; `where` they are told of news."""

    case: str
    requester: str
    where: Where


@dataclass(frozen=True, slots=True)
class Incident:
    """`about`: questions that are alike; whoever asks the like of one of them is on the list.

    `status`: the position of what was last said to all; 0 before anything was.
    """

    about: tuple[Words, ...] = ()
    members: tuple[Member, ...] = ()
    status: int = 0

    @property
    def told(self) -> tuple[Member, ...]:
        """Each customer once, where they asked last; in the order in which they joined."""
        return tuple({member.requester: member for member in self.members}.values())

    def has(self, requester: str) -> bool:
        return any(member.requester == requester for member in self.members)


def joined_by(incident: Incident, member: Member, about: Words | None) -> Incident:
    """The incident with one more member, whose question may say what it is about."""
    known = incident.about
    if about is not None and len(known) < MOST_ABOUT:
        known = (*known, about)
    return replace(incident, about=known, members=(*incident.members, member))
