"""What an entry is found by: its phrasings above all; its title, keywords and how its answer begins count less."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.entries import Entry
from bot.core.matching.reading.reader import NOT, Phrase, Reader, has_content

_TITLE: Final = 0.8  # a title is written to be read, a phrasing to be found
_KEYWORDS: Final = 0.5
_ANSWER: Final = 0.3
_ANSWER_WORDS: Final = 30  # it begins with what it is about, and goes on with steps
_MARKUP: Final = re.compile(r"\{\{[^}]*\}\}|\]\([^)]*\)|[*_`#>|\[\]]|^\s*\d+\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """A phrasing (weight 1), or something that tells less, of the entry at position `entry`.

    `words` are stems, `said` the words as they are; `denied` are the telling stems of what it says is not wanted.
    """

    entry: int
    text: str
    words: Phrase
    said: Phrase
    weight: float = 1.0

    @property
    def denied(self) -> frozenset[str]:
        return frozenset(word.removeprefix(NOT) for word in self.words if word.startswith(NOT) and has_content(word))

    @property
    def has_content(self) -> bool:
        return any(map(has_content, self.words))

    @property
    def can_be_shown(self) -> bool:
        """Whether it is a phrasing or the title: something to say that the message was like."""
        return self.weight >= _TITLE

    @property
    def is_phrasing(self) -> bool:
        return self.weight == 1.0


def rows_of(entries: Sequence[Entry], reader: Reader) -> list[Row]:
    """Return the rows of all entries, by position. What several entries have word by word tells nothing of either."""
    found = [row for at, entry in enumerate(entries) for row in _rows(at, entry, reader)]
    beside = Counter(row.said for row in found if not row.is_phrasing)
    return [row for row in found if row.is_phrasing or beside[row.said] == 1]


def _rows(at: int, entry: Entry, reader: Reader) -> Iterator[Row]:
    met: set[Phrase] = set()
    for text, weight in _texts(entry):
        reading = reader.written(text)
        row = Row(at, text, reading.words, reading.whole, weight)
        if row.said and row.said not in met:
            met.add(row.said)
            yield row


def _texts(entry: Entry) -> Iterator[tuple[str, float]]:
    yield from ((phrasing, 1.0) for phrasing in entry.phrasings)
    yield entry.title, _TITLE
    yield ", ".join((*entry.keywords.any, *entry.keywords.all)), _KEYWORDS
    yield " ".join(_MARKUP.sub(" ", entry.answer).split()[:_ANSWER_WORDS]), _ANSWER
