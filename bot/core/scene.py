"""What a decision is made from, gathered: the case so far, who and what is around it, the knowledge, and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the desk read from its own store besides the case."""

    person: Person  # who did it
    fresh: str  # the id for the next case that begins
    at_card: bool = False  # it happened at the case's card, among specialists
    bystander: bool = False  # the case is somebody else's: the person wrote into its thread
    earlier_words: tuple[str, ...] = ()  # those of the case's last question, and of what was read together with it
    contacts: tuple[datetime, ...] = ()  # when this person opened cases, the one at hand among them
    stimuli_last_minute: int = 0  # how many of this person's were stored
    told_too_fast: bool = False  # that this is too much, not long ago
    place_taken: bool = False  # another case is open where this closed one lived


@dataclass(frozen=True, slots=True)
class Scene:
    case: Case
    around: Surroundings
    knowledge: Knowledge
    now: datetime

    @property
    def person(self) -> Person:
        return self.around.person
