"""What an entry asks of a message besides likeness: words it must or must not have, contraries, and exact codes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.core.entries import Entry, Words
from bot.core.matching.normalising import clean
from bot.core.matching.reading import Phrase, Reader
from bot.core.matching.scoring import Row

_LONGEST_WILDCARD: Final = 64

_Pair = tuple[Phrase, Phrase]


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


class Contraries:
    """Pairs such as install and uninstall: who says one of the two does not ask about the other."""

    def __init__(self, words: Words, rows: Sequence[Row]) -> None:
        self._pairs = _pairs_of(words)
        self._pairs_with: defaultdict[Phrase, list[int]] = defaultdict(list)
        for at, (phrase, _) in enumerate(self._pairs):
            self._pairs_with[phrase].append(at)
        self.phrases = tuple(self._pairs_with)
        self._rows = rows
        self._rows_of = Counter(row.entry for row in rows)
        self._only_first: dict[_Pair, set[int]] = {pair: set() for pair in self._pairs}
        phrases = Phrases(self.phrases)
        for at, row in enumerate(rows):
            for pair in self._one_sided(phrases.within(row.words)):
                self._only_first[pair].add(at)

    def barred(self, said: frozenset[Phrase]) -> tuple[frozenset[int], dict[int, str]]:
        """Return the rows that speak of the contrary, and why for each entry that does so on the whole.

        `said` are those of `phrases` that the message has.
        """
        rows: set[int] = set()
        entries: dict[int, str] = {}
        for pair in self._one_sided(said):
            phrase, contrary = pair
            opposed = self._only_first[contrary, phrase]
            agreeing = {self._rows[at].entry for at in self._only_first[pair]}
            rows |= opposed
            for entry, count in Counter(self._rows[at].entry for at in opposed).items():
                if entry not in agreeing and 2 * count >= self._rows_of[entry]:
                    entries[entry] = f"it is about “{' '.join(contrary)}”, the message about “{' '.join(phrase)}”"
        return frozenset(rows), entries

    def _one_sided(self, said: frozenset[Phrase]) -> list[_Pair]:
        """Return the pairs of which a text says the first and not the second, in the order of the lists."""
        found = sorted(at for phrase in said for at in self._pairs_with.get(phrase, ()))
        return [self._pairs[at] for at in found if self._pairs[at][1] not in said]


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


@lru_cache(maxsize=2)  # a matcher for a single entry is built over and over again with the same lists
def _pairs_of(words: Words) -> tuple[_Pair, ...]:
    reader = Reader((), words)  # phrases are not corrected, so that it need not know the entries
    both = [(reader.phrase(one), reader.phrase(other)) for one, other in words.opposites]
    return tuple(pair for one, other in both if one and other for pair in ((one, other), (other, one)))
