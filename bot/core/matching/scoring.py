"""How close a question is to each entry, from three sides.

- *phrasing*: the entry's closest phrasing, word by word, each word as heavy as it is rare (soft token alignment);
- *words*: how much of the question the entry's phrasings say between them;
- *letters*: the likeness of their letters, see `letters`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from bot.core.matching.letters import WITHOUT_CONTENT, Letters
from bot.core.matching.reading import NOT, Phrase, Reader, has_content

_OF_PHRASING: Final = 0.2
_OF_WORDS: Final = 0.4
_OF_LETTERS: Final = 0.4
_UNSEEN_ROWS: Final = 20  # added to those there are, so that in a small knowledge base a common word keeps some weight
_ALIKE: Final = 75  # per cent of letters; below that two words have nothing to do with each other
_NOT_QUITE: Final = 0.9  # what a word that is only alike is worth beside the very word
_SHORTEST_ROOT: Final = 4  # letters
_MOST_ALIKE: Final = 6  # words looked at
_ENOUGH_IN_COMMON: Final = 2  # words with content
_WORDS_KEPT: Final = 1_000  # with what they are like: people use the same words over and over


@dataclass(frozen=True, slots=True)
class Row:
    """A phrasing (weight 1), or the title or the keywords (less), of the entry at position `entry`."""

    entry: int
    text: str
    words: Phrase
    weight: float = 1.0


class Score(NamedTuple):  # not a dataclass: one is made for each entry and part of a message
    """`value` is 0 to 1. `understood`: what they have in common is more than one word of several."""

    value: float
    row: Row
    understood: bool


class Index:
    """Rows by the words in them. Built once; `scores` only reads."""

    def __init__(self, rows: Sequence[Row], reader: Reader) -> None:
        self._rows = rows
        self._reader = reader
        self._letters = Letters([(row.entry, row.words, row.weight) for row in rows])
        self._rows_with: defaultdict[str, set[int]] = defaultdict(set)
        for at, row in enumerate(rows):
            for word in row.words:
                self._rows_with[word].add(at)
        self._weights = {word: self._rarity(word, len(found)) for word, found in self._rows_with.items()}
        self._vocabulary = sorted(self._weights)
        # Exact, as a set has no order: else the last digit would tell apart what is equally close, each day anew.
        self._total = [math.fsum(self._weights[word] for word in set(row.words)) for row in rows]
        self._telling = [len(set(filter(has_content, row.words))) for row in rows]
        self._shares = self._shares_of_entries()
        self._alike = lru_cache(maxsize=_WORDS_KEPT)(lambda word: tuple(self._words_like(word)))
        self._entry_of = [row.entry for row in rows]
        self._row_weights = [row.weight for row in rows]
        self._rows_of: defaultdict[int, list[int]] = defaultdict(list)
        for at, row in enumerate(rows):
            self._rows_of[row.entry].append(at)

    def near(self, words: Phrase) -> Mapping[int, int]:
        """Return the entries that have words with content in common with `words`, and how many."""
        in_common: Counter[int] = Counter()
        for word in filter(has_content, set(words)):
            in_common.update({entry for known, _ in self._alike(word) for entry in self._shares[known]})
        return in_common

    def scores(self, words: Phrase, in_common: Mapping[int, int], barred: frozenset[int]) -> dict[int, Score]:
        """Score the entries of `in_common`, which are some of those that are `near`; `barred` rows cannot win."""
        asked = sorted(set(words))
        total = math.fsum(self._weight(word) for word in asked) or 1.0
        telling = sum(map(has_content, asked))
        # Only these can win, and they are few, while a word without content is nearly everywhere.
        of_row = dict.fromkeys(chain.from_iterable(self._rows_of[entry] for entry in in_common), 0.0)
        for at in barred & of_row.keys():
            del of_row[at]
        of_entry = dict.fromkeys(in_common, 0.0)
        for word in asked:
            self._add_gains(word, of_row, of_entry)
        best: dict[int, tuple[float, int]] = {}
        for at, gain in of_row.items():
            if gain:
                fit = 2 * gain / (total + self._total[at]) * self._row_weights[at]
                entry = self._entry_of[at]
                if entry not in best or fit > best[entry][0]:
                    best[entry] = fit, at
        letters = self._letters.likeness(words, best)
        return {
            entry: Score(
                _OF_PHRASING * fit + _OF_WORDS * of_entry[entry] / total + _OF_LETTERS * letters.get(entry, 0.0),
                self._rows[at],
                in_common[entry] >= _ENOUGH_IN_COMMON or in_common[entry] == telling == self._telling[at],
            )
            for entry, (fit, at) in best.items()
        }

    def _rarity(self, word: str, rows: int) -> float:
        return math.log((len(self._rows) + _UNSEEN_ROWS) / (rows + 0.5)) * (1 if has_content(word) else WITHOUT_CONTENT)

    def _weight(self, word: str) -> float:
        return self._weights[word] if word in self._weights else self._rarity(word, 0)

    def _shares_of_entries(self) -> dict[str, dict[int, float]]:
        """Return by word and entry the root of the share of the entry's rows that have the word."""
        weight_of: defaultdict[int, float] = defaultdict(float)
        for row in self._rows:
            weight_of[row.entry] += row.weight
        shares: dict[str, dict[int, float]] = {}
        for word, found in self._rows_with.items():
            share: defaultdict[int, float] = defaultdict(float)
            for at in sorted(found):
                row = self._rows[at]
                share[row.entry] += row.weight / weight_of[row.entry]
            shares[word] = {entry: math.sqrt(value) for entry, value in share.items()}
        return shares

    def _add_gains(self, word: str, of_row: dict[int, float], of_entry: dict[int, float]) -> None:
        """Add what a word of the question earns the rows and the entries that are looked at."""
        alike = self._alike(word)
        if len(alike) == 1:  # as with most words, and with all that stand in nearly every row
            self._add_gain(word, *alike[0], of_row, of_entry)
            return
        rows: dict[int, float] = {}
        entries: dict[int, float] = {}
        for known, likeness in alike:
            gain = likeness * min(self._weight(word), self._weights[known])
            for at in of_row.keys() & self._rows_with[known]:
                rows[at] = max(gain, rows.get(at, 0.0))
            shares = self._shares[known]
            for entry in of_entry.keys() & shares.keys():
                entries[entry] = max(gain * shares[entry], entries.get(entry, 0.0))
        for at, gain in rows.items():
            of_row[at] += gain
        for entry, gain in entries.items():
            of_entry[entry] += gain

    def _add_gain(
        self, word: str, known: str, likeness: float, of_row: dict[int, float], of_entry: dict[int, float]
    ) -> None:
        gain = likeness * min(self._weight(word), self._weights[known])
        for at in of_row.keys() & self._rows_with[known]:
            of_row[at] += gain
        shares = self._shares[known]
        for entry in of_entry.keys() & shares.keys():
            of_entry[entry] += gain * shares[entry]

    def _words_like(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield the indexed words that count as this one, and how much (0 to 1)."""
        if word in self._weights:
            yield word, 1.0
        if len(word) < _SHORTEST_ROOT or not has_content(word) or word.startswith(NOT):
            return
        # A word that people know is never taken for a mere look-alike: a contract is no contact.
        known = self._reader.knows(word)
        others = self._akin(word) if known else self._vocabulary
        for other, ratio, _ in process.extract(word, others, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST_ALIKE):
            if other != word and has_content(other):
                yield other, _NOT_QUITE * ratio / 100

    def _akin(self, word: str) -> list[str]:
        """Return the indexed words that begin with this one, or with which it begins."""
        found = [word[:length] for length in range(_SHORTEST_ROOT, len(word)) if word[:length] in self._weights]
        for at in range(bisect_left(self._vocabulary, word), len(self._vocabulary)):
            if not self._vocabulary[at].startswith(word):
                break
            found.append(self._vocabulary[at])
        return found
