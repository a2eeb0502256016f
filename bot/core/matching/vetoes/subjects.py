"""What an entry is about in a word: "reset my laptop" is no "reset my password", and "password" alone is half of it.

Both only tell that an entry must not be answered for sure. On public question sets that meets less than two right
answers in a hundred: where the phrasings of an entry have many things in one place, none of them is its subject.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from bot.core.matching.reading.reader import NOT, Phrase, has_content
from bot.core.matching.vetoes.barring import Bar, Row

_FEWEST: Final = 2  # phrasings that name it, and at least half of them
_BARE: Final = 2  # words: a noun, and perhaps its article
_LONGEST: Final = 10  # words; longer texts are hardly the same but for one of them

_Frame = tuple[Phrase, Phrase]


class Subjects:
    """Finds the entries of which a phrasing is the message, but for the very word that the entry is about."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._said_by: defaultdict[int, set[str]] = defaultdict(set)
        self._alone: defaultdict[str, set[int]] = defaultdict(set)
        counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
        phrasings = Counter(row.entry for row in rows if row.weight >= 1)
        for row in rows:
            content = _content(row.words)
            self._said_by[row.entry] |= content
            if len(content) == 1:
                self._alone[next(iter(content))].add(row.entry)
            if row.weight >= 1:
                counts[row.entry].update(content)
        self._frames: defaultdict[_Frame, set[tuple[int, str]]] = defaultdict(set)
        for row in rows:
            for frame, word in _frames(row.words):
                count = counts[row.entry][word]
                if count >= _FEWEST and 2 * count >= phrasings[row.entry]:
                    self._frames[frame].add((row.entry, word))

    def bar(self, words: Phrase) -> Bar:
        """Return the entries that are at most to be offered."""
        content = _content(words)
        doubted: dict[int, str] = {}
        if len(content) == 1 and len(words) <= _BARE:
            word = next(iter(content))
            why = f"“{word}” alone is not all of a question"
            half = (entry for entry, said in self._said_by.items() if word in said)
            doubted.update({entry: why for entry in half if entry not in self._alone.get(word, ())})
        if len(content) > 1:
            for frame, word in _frames(words):
                for entry, subject in sorted(self._frames.get(frame, ())):
                    if word not in self._said_by[entry]:
                        doubted.setdefault(entry, f"it is about “{subject}” where the message has “{word}”")
        return Bar(doubted=doubted)


def _content(words: Phrase) -> set[str]:
    return {word for word in words if has_content(word) and not word.startswith(NOT)}


def _frames(words: Phrase) -> list[tuple[_Frame, str]]:
    """Return for each word with content what stands around it, from the first of them to the last."""
    content = _content(words)
    places = [at for at, word in enumerate(words) if word in content]
    if not places or len(words) > _LONGEST:
        return []
    first, end = places[0], places[-1] + 1
    return [((words[first:at], words[at + 1 : end]), words[at]) for at in places]
