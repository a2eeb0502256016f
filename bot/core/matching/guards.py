"""What an entry asks of a message besides likeness: words it must or must not have, contraries, and exact codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.core.entries import Entry, Words
from bot.core.matching.normalising import clean
from bot.core.matching.reading import Phrase, Reader, has_phrase
from bot.core.matching.scoring import Row

_LONGEST_WILDCARD: Final = 64


@dataclass(frozen=True, slots=True)
class Guard:
    """The `keywords` of one entry, as stems."""

    any: tuple[Phrase, ...]
    all: tuple[Phrase, ...]
    none: tuple[Phrase, ...]

    def objection(self, words: Phrase) -> str:
        """Return why the entry must not answer a message of these words, or ""."""
        for phrase in self.none:
            if has_phrase(words, phrase):
                return f"the message has “{' '.join(phrase)}”, one of its veto words"
        for phrase in self.all:
            if not has_phrase(words, phrase):
                return f"the message lacks “{' '.join(phrase)}”, which it asks for"
        if self.any and not any(has_phrase(words, phrase) for phrase in self.any):
            return "the message has none of its keywords"
        return ""


def guard_of(entry: Entry, reader: Reader) -> Guard:
    words = entry.keywords
    return Guard(*(tuple(filter(None, map(reader.phrase, side))) for side in (words.any, words.all, words.none)))


class Contraries:
    """Pairs such as install and uninstall: who says one of the two does not ask about the other."""

    def __init__(self, words: Words, rows: Sequence[Row]) -> None:
        self._pairs = _pairs_of(words)
        self._rows = rows
        self._rows_of = Counter(row.entry for row in rows)
        in_rows = {word for row in rows for word in row.words}
        self._only_first = [
            frozenset(at for at, row in enumerate(rows) if _has_only(row.words, *p))
            if p[0][0] in in_rows
            else frozenset()
            for p in self._pairs
        ]

    def barred(self, words: Phrase) -> tuple[frozenset[int], dict[int, str]]:
        """Return the rows that speak of the contrary, and why for each entry that does so on the whole."""
        rows: set[int] = set()
        entries: dict[int, str] = {}
        for (said, contrary), saying in zip(self._pairs, self._only_first, strict=True):
            if not _has_only(words, said, contrary):
                continue
            opposed = self._only_first[self._pairs.index((contrary, said))]
            agreeing = {self._rows[at].entry for at in saying}
            rows |= opposed
            for entry, count in Counter(self._rows[at].entry for at in opposed).items():
                if entry not in agreeing and 2 * count >= self._rows_of[entry]:
                    entries[entry] = f"it is about “{' '.join(contrary)}”, the message about “{' '.join(said)}”"
        return frozenset(rows), entries


class Codes:
    """Error codes and product numbers (`patterns`) as customers paste them: whole, in any case, `*` for any part."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._patterns = [
            (entry, code, re.compile(_expression(code)))
            for entry, each in enumerate(entries)
            for code in each.patterns
            if any(letter.isalnum() for letter in code)
        ]

    def found(self, text: str) -> dict[int, str]:
        """Return by entry the first of its patterns that the text has."""
        cleaned = clean(text)
        hits: dict[int, str] = {}
        for entry, code, expression in self._patterns:
            if entry not in hits and expression.search(cleaned):
                hits[entry] = code
        return hits


def _expression(code: str) -> str:
    parts = [re.escape(part) for part in re.split(r"\*+", clean(code.strip()))]
    # `NL-4410` is neither `NL-44101` nor `NL-4410-B`, yet may end a sentence.
    return r"(?<![\w-])" + rf"[^\s]{{0,{_LONGEST_WILDCARD}}}".join(parts) + r"(?!\w|[-.]\w)"


def _has_only(words: Phrase, phrase: Phrase, contrary: Phrase) -> bool:
    return has_phrase(words, phrase) and not has_phrase(words, contrary)


@lru_cache(maxsize=2)  # a matcher for a single entry is built over and over again with the same lists
def _pairs_of(words: Words) -> tuple[tuple[Phrase, Phrase], ...]:
    reader = Reader((), words)  # phrases are not corrected, so that it need not know the entries
    both = [(reader.phrase(one), reader.phrase(other)) for one, other in words.opposites]
    return tuple(pair for one, other in both if one and other for pair in ((one, other), (other, one)))
