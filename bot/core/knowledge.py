"""All that a decision may know besides the case and the person: entries, rules, word lists and the matcher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.audience import Person, Sight
from bot.core.entries import Entry, Site, Words
from bot.core.intents import Listener, listener_for
from bot.core.matches import Matcher
from bot.core.rulebook.rules import Rules


@dataclass(frozen=True, slots=True)
class Versions:
    """What a decision was made with, for the log: short hashes of the files and of the index."""

    kb: str
    rules: str
    index: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What follows from the files is made with it, and not while the first customers wait for it."""

    entries: Mapping[str, Entry]
    site: Site
    words: Words
    rules: Rules
    matcher: Matcher
    versions: Versions
    is_broken: bool = False  # the knowledge base cannot be served
    listener: Listener = field(init=False, repr=False, compare=False)
    _sight: Sight = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "listener", listener_for(self.words))
        object.__setattr__(self, "_sight", Sight(self.entries.values(), self.rules))

    def seen_by(self, person: Person, channel: str) -> frozenset[str]:
        """Return the ids of the entries that may be shown to this person in `channel`, where they asked."""
        return self._sight.of(person, channel)
