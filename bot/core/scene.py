"""What a decision is made from, gathered: the case so far, who and what is around it, the knowledge, and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.earlier import Earlier
from bot.core.knowledge import Knowledge
from bot.core.worklist import AtDesk


@dataclass(frozen=True, slots=True)
class AtHand:
    """A case with its customer."""

    case: Case
    customer: Person


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the desk read from its own store besides the case."""

    person: Person  # who did it
    fresh: str  # the id for the next case that begins
    changed: int | None = None  # the position of what the requester wrote and has changed now
    at_card: bool = False  # it happened at the case's card, among specialists
    bystander: bool = False  # the case is somebody else's: the person wrote into its thread
    earlier_words: tuple[str, ...] = ()  # those of the case's last question, and of what was read together with it
    contacts: tuple[datetime, ...] = ()  # when this person opened cases, the one at hand among them
    stimuli_last_minute: int = 0  # how many of this person's were stored
    told_too_fast: bool = False  # that this is too much, not long ago
    paused_in: frozenset[str] = frozenset()  # the channels where the bot is paused; "" for everywhere
    pointed_at: frozenset[int] = frozenset()  # the positions that the message of a shortcut was said because of
    place_taken: bool = False  # another case is open where this closed one lived
    named: Person | None = None  # whom the form that was sent names
    customer: Person | None = None  # of the case, when something is sent to them from the knowledge base
    own: tuple[Case, ...] = ()  # the person's cases, open or over not long ago, newest first
    desk: tuple[AtDesk, ...] = ()  # what people have in the queues that the person looks at, and what is theirs
    at_hand: tuple[AtHand, ...] = ()  # the cases that `/tier1 kb` may be about, newest first
    earlier: Earlier | None = None  # the requester's cases, the one at hand among them if it has begun

    def before(self, case: Case) -> Earlier | None:
        """The requester's cases before this one."""
        is_counted = bool(case.version) and not case.is_test
        return self.earlier.before(case.id, is_counted=is_counted) if self.earlier else None


@dataclass(frozen=True, slots=True)
class Scene:
    case: Case
    around: Surroundings
    knowledge: Knowledge
    now: datetime

    @property
    def person(self) -> Person:
        return self.around.person

    def is_paused(self, channel: str) -> bool:
        """Whether people answer there instead of the bot."""
        return not self.around.paused_in.isdisjoint(("", channel))
