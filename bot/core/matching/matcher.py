"""The matcher that needs nothing but words: it reads the message, scores it against the index and heeds the vetoes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import rapidfuzz

from bot.core.entries import Entry, Words
from bot.core.matches import Band, Match, Ranking
from bot.core.matching.confidence import standings
from bot.core.matching.guards import Codes, Contraries, Guards, Phrases
from bot.core.matching.reading import NOT, Phrase, Reader, Reading, has_content
from bot.core.matching.scoring import Index, Row, Score
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


@dataclass(frozen=True, slots=True)
class _Considered:
    """A message before anything is scored. Entries are positions.

    `parts`: what is scored by itself, with the entries near it. `named`: those that are known by a code or a contrary,
    near or not. Of both `free` may answer, and `vetoes` say why others must not. `codes` are those of free ones.
    """

    reading: Reading
    parts: Sequence[tuple[Phrase, Mapping[int, int]]]
    barred: frozenset[int]
    named: AbstractSet[int]
    codes: Mapping[int, str]
    free: AbstractSet[int]
    vetoes: Mapping[int, str]


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
        self._guards = Guards(self._entries, self._reader)
        self._contraries = Contraries(words, rows)
        self._phrases = Phrases((*self._contraries.phrases, *self._guards.phrases))
        self._codes = Codes(self._entries)
        self._words = words

    @cached_property
    def version(self) -> str:
        return _version(self._entries, self._words, self._thresholds)

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        return self._ranked(self._considered(text, visible))

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        found = self._considered(text, visible)
        if found.codes:
            has = "the message has the code"
            return tuple(f"{has} “{code}” of {self._entries[at].id}" for at, code in found.codes.items())
        why = (*_understood(found.reading), *self._left_out(found))
        ranking = self._ranked(found)
        if not ranking.matches:
            return (*why, "no entry shares a word that carries meaning with the message")
        closest, *others = ranking.matches
        sure, unsure = self._thresholds_of(closest)
        return (
            *why,
            f"closest is {closest.entry} by “{ranking.phrasing}”, with {closest.confidence:.2f}",
            *(f"then {match.entry} with {match.confidence:.2f}" for match in others),
            f"{ranking.band}: it takes {sure:.2f} to be sure and {unsure:.2f} to be unsure",
        )

    def _considered(self, text: str, visible: AbstractSet[str] | None) -> _Considered:
        reading = self._reader.question(text)
        said = self._phrases.within(reading.words)
        barred, contraries = self._contraries.barred(said)
        codes = self._codes.found(text)
        parts = [(part, self._index.near(part)) for part in _parts(reading)]
        named = {*codes, *contraries}
        shown = self._shown(named.union(*(near for _, near in parts)), visible)
        opposed = {at: contraries[at] for at in contraries.keys() & shown}
        vetoes = self._guards.objections(shown, said) | opposed
        free = shown - vetoes.keys()
        coded = {at: codes[at] for at in sorted(free & codes.keys())}
        return _Considered(reading, parts, barred, named, coded, free, vetoes)

    def _shown(self, entries: Iterable[int], visible: AbstractSet[str] | None) -> set[int]:
        if visible is None:
            return {at for at in entries if self._entries[at].language == _LANGUAGE}
        return {at for at in entries if self._entries[at].id in visible}

    def _ranked(self, found: _Considered) -> Ranking:
        return self._by_code(found.codes) if found.codes else self._by_score(self._scores(found, found.free))

    def _scores(self, found: _Considered, entries: AbstractSet[int]) -> list[dict[int, Score]]:
        """Score these entries by each part of the message. What a veto leaves out takes nothing from the others."""
        return [
            self._index.scores(part, {at: near[at] for at in near.keys() & entries}, found.barred)
            for part, near in found.parts
        ]

    def _left_out(self, found: _Considered) -> list[str]:
        """Return why the closest of those that must not answer are left out."""
        scores = self._scores(found, found.vetoes.keys())
        best = {at: 0.0 for at in found.vetoes if at in found.named}
        for part in scores:
            best |= {at: max(score.value, best.get(at, 0.0)) for at, score in part.items()}
        closest = sorted(best, key=lambda at: (-best[at], at))[:_SHOWN]
        return [f"{self._entries[at].id} is left out: {found.vetoes[at]}" for at in closest]

    def _by_code(self, codes: Mapping[int, str]) -> Ranking:
        matches = tuple(Match(self._entries[at].id, round(1 / len(codes), 4)) for at in codes)[:_SHOWN]
        phrasing = next(iter(codes.values()))
        if len(codes) == 1:
            return Ranking("sure", matches, (), phrasing)
        return Ranking("unsure", matches, matches, phrasing)

    def _by_score(self, scores: Iterable[Mapping[int, Score]]) -> Ranking:
        ranked = standings(scores, _SHOWN)
        if not ranked:
            return Ranking("none")
        matches = tuple(Match(self._entries[each.entry].id, each.confidence) for each in ranked)
        sure, unsure = self._thresholds_of(matches[0])
        band = _band(matches[0].confidence, sure, unsure)
        offered = tuple(match for match in matches if match.confidence >= unsure / 2) if band == "unsure" else ()
        return Ranking(band, matches, offered, ranked[0].score.row.text)

    def _thresholds_of(self, match: Match) -> tuple[float, float]:
        category, _, _ = match.entry.partition("/")
        own = self._thresholds.get(category, Thresholds())
        return (SURE if own.sure is None else own.sure), (UNSURE if own.unsure is None else own.unsure)


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
