"""The matcher that needs nothing but words: it reads the message, scores it against the index and heeds the vetoes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final

import rapidfuzz

from bot.core.entries import Entry, Words
from bot.core.matches import Band, Match, Ranking
from bot.core.matching.confidence import Standing, standings
from bot.core.matching.guards import Codes, Contraries, guard_of
from bot.core.matching.reading import NOT, Phrase, Reader, Reading, has_content
from bot.core.matching.scoring import Index, Row
from bot.core.rules import Thresholds

# Found on public question sets: at most 5 % wrong of what the entries can answer, and at most 15 % answered of what
# they can not.
SURE: Final = 0.55
UNSURE: Final = 0.1

_RECIPE: Final = "lexical 1"  # part of the version: change it with anything that changes a ranking
_SERVED: Final = frozenset({"trial", "live"})
_LANGUAGE: Final = "en"
_SHOWN: Final = 3
_TITLE: Final = 0.8  # a title is written to be read, a phrasing to be found
_KEYWORDS: Final = 0.5
_EDGE_SENTENCES: Final = 4  # of a long message: as many from its start and from its end
_LONGEST_WHOLE: Final = 120  # words


class LexicalMatcher:
    """A `Matcher`. Takes the best of the whole message and of its sentences.

    `confidence` is an entry's share by score, where "none of them" has a share too: of two that are equally close
    neither can be sure, and neither can a single one that is far off.
    """

    def __init__(self, entries: Iterable[Entry], words: Words, thresholds: Mapping[str, Thresholds]) -> None:
        self._entries = sorted((entry for entry in entries if entry.state in _SERVED), key=lambda entry: entry.id)
        self._thresholds = dict(thresholds)
        self._reader = Reader(self._entries, words)
        rows = [row for at, entry in enumerate(self._entries) for row in _rows(at, entry, self._reader)]
        self._index = Index(rows, self._reader)
        self._guards = [guard_of(entry, self._reader) for entry in self._entries]
        self._contraries = Contraries(words, rows)
        self._codes = Codes(self._entries)
        self._words = words

    @cached_property
    def version(self) -> str:
        return _version(self._entries, self._words, self._thresholds)

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        reading = self._reader.question(text)
        barred, contraries = self._contraries.barred(reading.words)
        codes = self._codes.found(text)
        parts = [self._index.scores(part, barred) for part in _parts(reading)]
        known = {at for at in {*codes, *contraries}.union(*parts) if _is_shown(self._entries[at], visible)}
        words = reading.words
        vetoes = {at: contraries.get(at) or self._guards[at].objection(words) for at in known}
        free = {at for at in known if not vetoes[at]}
        if hits := free & codes.keys():
            return self._by_code({at: codes[at] for at in sorted(hits)})
        closest = sorted(known - free, key=lambda at: (-max((p[at].value for p in parts if at in p), default=0.0), at))
        left_out = [f"{self._entries[at].id} is left out: {vetoes[at]}" for at in closest[:_SHOWN]]
        why = (*_understood(reading), *left_out)
        return self._by_score(standings({at: part[at] for at in part.keys() & free} for part in parts), why)

    def _by_code(self, codes: Mapping[int, str]) -> Ranking:
        matches = tuple(Match(self._entries[at].id, round(1 / len(codes), 4)) for at in codes)[:_SHOWN]
        why = tuple(f"the message has the code “{code}” of {self._entries[at].id}" for at, code in codes.items())
        phrasing = next(iter(codes.values()))
        if len(codes) == 1:
            return Ranking("sure", matches, (), phrasing, why)
        return Ranking("unsure", matches, matches, phrasing, why)

    def _by_score(self, ranked: Sequence[Standing], why: Sequence[str]) -> Ranking:
        if not ranked:
            return Ranking("none", why=(*why, "no entry shares a word that carries meaning with the message"))
        best = ranked[0]
        sure, unsure = self._thresholds_of(self._entries[best.entry])
        band = _band(best.confidence, sure, unsure)
        matches = tuple(Match(self._entries[each.entry].id, each.confidence) for each in ranked[:_SHOWN])
        offered = tuple(match for match in matches if match.confidence >= unsure / 2) if band == "unsure" else ()
        steps = (
            *why,
            f"closest is {matches[0].entry} by “{best.score.row.text}”, with {matches[0].confidence:.2f}",
            *(f"then {match.entry} with {match.confidence:.2f}" for match in matches[1:]),
            f"{band}: it takes {sure:.2f} to be sure and {unsure:.2f} to be unsure",
        )
        return Ranking(band, matches, offered, best.score.row.text, steps)

    def _thresholds_of(self, entry: Entry) -> tuple[float, float]:
        own = self._thresholds.get(entry.category, Thresholds())
        return (SURE if own.sure is None else own.sure), (UNSURE if own.unsure is None else own.unsure)


def _is_shown(entry: Entry, visible: AbstractSet[str] | None) -> bool:
    return entry.language == _LANGUAGE if visible is None else entry.id in visible


def _rows(at: int, entry: Entry, reader: Reader) -> list[Row]:
    rows = [Row(at, phrasing, reader.phrase(phrasing)) for phrasing in entry.phrasings]
    if entry.title and entry.title not in entry.phrasings:
        rows.append(Row(at, entry.title, reader.phrase(entry.title), _TITLE))
    keywords = (*entry.keywords.any, *entry.keywords.all)
    if keywords:
        rows.append(Row(at, ", ".join(keywords), reader.phrase(", ".join(keywords)), _KEYWORDS))
    return [row for row in rows if row.words]


def _parts(reading: Reading) -> list[Phrase]:
    """Return the message as a whole, each of its sentences, and each of these without what is not wanted."""
    sentences = [*reading.sentences]
    if len(sentences) > 2 * _EDGE_SENTENCES:
        sentences = sentences[:_EDGE_SENTENCES] + sentences[-_EDGE_SENTENCES:]
    parts = [part[:_LONGEST_WHOLE] for part in (reading.words, *sentences)]
    parts += [tuple(word for word in part if not word.startswith(NOT)) for part in parts]
    return list(dict.fromkeys(part for part in parts if any(map(has_content, part))))


def _understood(reading: Reading) -> list[str]:
    steps = [f"“{wrong}” was read as “{right}”" for wrong, right in reading.corrected]
    if reading.unwanted:
        steps.append(f"“{' '.join(reading.unwanted)}” is what the customer does not want")
    return steps


def _band(confidence: float, sure: float, unsure: float) -> Band:
    return "sure" if confidence >= sure else "unsure" if confidence >= unsure else "none"


def _version(entries: Iterable[Entry], words: Words, thresholds: Mapping[str, Thresholds]) -> str:
    read = [(e.id, e.title, e.phrasings, e.keywords, e.patterns, e.language, e.state) for e in entries]
    set_ = sorted(thresholds.items(), key=lambda item: item[0])
    everything = repr((_RECIPE, rapidfuzz.__version__, read, words, set_))
    return hashlib.sha256(everything.encode("utf-8", "backslashreplace")).hexdigest()[:12]
