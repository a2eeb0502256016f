"""What situations are made of: the entries and rules of a knowledge, and a moment in and out of hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.entries import Entry
from bot.core.knowledge import Knowledge
from bot.core.rulebook.conditions import Among, Way, Ways, World, ways, world
from bot.core.rulebook.rules import Rules, Trigger
from bot.core.rulebook.triggers import LIMIT, spaced

NO_ENTRY = ""  # stands in a way for a situation without an entry
_WISH = Way({"human_request": Among(frozenset({True}))})
_NEVER_IS_NOT_SAID = Way({"entry_policy": Among(frozenset({"never"}), but=True)})


@dataclass(frozen=True, slots=True)
class Ground:
    """`moments`: the first one at which `after_hours` is so; none if it never is."""

    knowledge: Knowledge
    moments: Mapping[bool, datetime]

    @property
    def rules(self) -> Rules:
        return self.knowledge.rules

    def world(self) -> World:
        """What conditions refer to; its looks are all still to be taken."""
        rules = self.rules
        words = {name: frozenset(map(spaced, phrases)) for name, phrases in rules.words.items()}
        return world(rules.groups, words, (trigger.when for trigger in rules.triggers), closes=True in self.moments)


def way_of(entry: Entry | None, known: World) -> Way:
    """That this entry is in question, or none."""
    if entry is None:
        return Way({"entry": Among(frozenset({NO_ENTRY})), "entry_policy": Among(frozenset({NO_ENTRY}))})
    policy = Among(frozenset({entry.escalate.policy}))
    return Way({"entry": Among(frozenset({token(entry.id, known)})), "entry_policy": policy})


def token(entry: str, known: World) -> str:
    """How ways call an entry: by its id if conditions name it, else as one of the others of its category."""
    category = entry.partition("/")[0]
    return entry if entry in known.entries.get(category, ()) else f"{category}/*"


def acts(trigger: Trigger, known: World) -> Ways:
    """The ways in which it acts if none before it decides: an entry's `escalate: never` keeps some back.

    Raises `TooMuch`.
    """
    holds = ways(trigger.when, known)
    if trigger.then.action != "offer" and trigger.id != LIMIT:
        return holds
    return known.each(holds, (_NEVER_IS_NOT_SAID, _WISH))
