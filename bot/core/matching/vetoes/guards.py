"""What an entry asks of a message besides likeness: words it must or must not have, and exact codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from bot.core.entries import Entry
from bot.core.matching.reading.normalising import clean
from bot.core.matching.reading.reader import Phrase, Reader

_LONGEST_WILDCARD: Final = 64


class Phrases:
    """Phrases that are looked for in a message all at once: most of their first words are not even in it."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._beginning: defaultdict[str, list[Phrase]] = defaultdict(list)
        for phrase in dict.fromkeys(phrases):
            self._beginning[phrase[0]].append(phrase)

    def within(self, words: Phrase) -> frozenset[Phrase]:
        """Return those that stand in `words` as they are: whole words, in order, next to each other."""
        return frozenset(
            phrase
            for at, word in enumerate(words)
            for phrase in self._beginning.get(word, ())
            if words[at : at + len(phrase)] == phrase
        )


@dataclass(frozen=True, slots=True)
class Guard:
    """The `keywords` of one entry, as stems."""

    any: tuple[Phrase, ...]
    all: tuple[Phrase, ...]
    none: tuple[Phrase, ...]

    def objection(self, said: frozenset[Phrase]) -> str:
        """Return why the entry must not answer a message that has only these phrases, or ""."""
        if not said.isdisjoint(self.none):
            veto = next(phrase for phrase in self.none if phrase in said)
            return f"the message has “{' '.join(veto)}”, one of its veto words"
        if not said.issuperset(self.all):
            lacking = next(phrase for phrase in self.all if phrase not in said)
            return f"the message lacks “{' '.join(lacking)}”, which it asks for"
        if self.any and said.isdisjoint(self.any):
            return "the message has none of its keywords"
        return ""


class Guards:
    """Those of all entries, which go by their positions."""

    def __init__(self, entries: Iterable[Entry], reader: Reader) -> None:
        self._guards = [_guard_of(entry, reader) for entry in entries]
        self._asking = frozenset(at for at, guard in enumerate(self._guards) if guard.any or guard.all)
        self._against: defaultdict[Phrase, list[int]] = defaultdict(list)
        for at, guard in enumerate(self._guards):
            for phrase in guard.none:
                self._against[phrase].append(at)

    @property
    def phrases(self) -> Iterator[Phrase]:
        for guard in self._guards:
            yield from (*guard.any, *guard.all, *guard.none)

    def objections(self, entries: AbstractSet[int], said: frozenset[Phrase]) -> dict[int, str]:
        """Return why some of these entries must not answer a message that has only these of all `phrases`."""
        suspects = self._asking.union(*(self._against.get(phrase, ()) for phrase in said))
        return {at: objection for at in entries & suspects if (objection := self._guards[at].objection(said))}


def _guard_of(entry: Entry, reader: Reader) -> Guard:
    words = entry.keywords
    return Guard(*(tuple(filter(None, map(reader.phrase, side))) for side in (words.any, words.all, words.none)))


class Codes:
    """Error codes and product numbers (`patterns`) as customers paste them: whole, in any case, `*` for any part."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._patterns = [
            (entry, code, max(_literals(code), key=len), re.compile(_expression(code)))
            for entry, each in enumerate(entries)
            for code in each.patterns
            if any(letter.isalnum() for letter in code)
        ]

    def found(self, text: str) -> dict[int, str]:
        """Return by entry the first of its patterns that the text has."""
        cleaned = clean(text)
        hits: dict[int, str] = {}
        for entry, code, literal, expression in self._patterns:
            # To look for what must be in it anyway is a tenth of the work, and most messages have no code at all.
            if literal in cleaned and entry not in hits and expression.search(cleaned):
                hits[entry] = code
        return hits


def _literals(code: str) -> list[str]:
    return re.split(r"\*+", clean(code.strip()))


def _expression(code: str) -> str:
    parts = map(re.escape, _literals(code))
    # `NL-4410` is neither `NL-44101` nor `NL-4410-B`, yet may end a sentence.
    return r"(?<![\w-])" + rf"[^\s]{{0,{_LONGEST_WILDCARD}}}".join(parts) + r"(?!\w|[-.]\w)"
