"""The matcher: it reads the message, scores its parts against the knowledge base and heeds the vetoes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import rapidfuzz
from numpy.typing import NDArray

from bot.core.entries import Entry, Words
from bot.core.matches import Band, Match, Ranking
from bot.core.matching.explaining import Bars, Evidence
from bot.core.matching.reading.english import stem
from bot.core.matching.reading.negating import said_of
from bot.core.matching.reading.parts import Part, parts_of
from bot.core.matching.reading.reader import NOT, Reader, Reading, has_content
from bot.core.matching.scoring.calibrating import Calibration, Standing, calibrated, standing
from bot.core.matching.scoring.encoding import Encoder
from bot.core.matching.scoring.joining import joined, slopes
from bot.core.matching.scoring.likeness import Likenesses, OnText, Texts
from bot.core.matching.scoring.ridge import Ridge, Scores
from bot.core.matching.scoring.rows import rows_of
from bot.core.matching.two_questions import Question, questions_of, with_second
from bot.core.matching.vetoes.differences import Differences
from bot.core.matching.vetoes.guards import Codes, Guards, Phrases
from bot.core.rulebook.rules import Thresholds

DEFAULT: Final = "default"  # stands for every category that has no thresholds of its own

_RECIPE: Final = "ridge 2"  # part of the version: change it with anything that changes a ranking
_SERVED: Final = frozenset({"trial", "live"})
_LANGUAGE: Final = "en"
_SHOWN: Final = 3
_LEAST: Final = 0.02  # a lower score is noise
_SIGHTS_KEPT: Final = 64  # who sees what: one for each channel and kind of customer

_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Considered:
    """A message, or a question in it, before anything is scored. Entries and rows are positions.

    `seen` are the entries that may be shown at all. Of these `vetoes` say why some must not answer, and `doubts` why
    some are at most to be offered; `barred` rows win nothing. `codes` are those of entries that may answer.
    """

    reading: Reading
    parts: Sequence[Part]
    seen: _Mask
    barred: frozenset[int]
    codes: Mapping[int, str]
    vetoes: Mapping[int, str]
    doubts: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Scored:
    """`scores` by entry; `by_part` by part and entry, which they follow from; `alike` by part and row.

    `asked` are the standings of the sentences, if there are several.
    """

    scores: Scores
    by_part: Scores
    alike: Likenesses
    asked: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ranked:
    """What a message, or a question in it, leads to, and from what; nothing is scored where a code decides."""

    ranking: Ranking
    found: _Considered
    scored: _Scored | None = None


class RidgeMatcher:
    """A `Matcher`. What may not be shown, or must not answer, takes part in nothing: it takes nothing from the others.

    `confidence` is the calibrated probability that an entry is the one that is meant.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        words: Words,
        thresholds: Mapping[str, Thresholds],
        encoder: Encoder,
        *,
        on_text: OnText | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self._entries = sorted((entry for entry in entries if entry.state in _SERVED), key=lambda entry: entry.id)
        self._thresholds = dict(thresholds)
        self._words = words
        self._encoder = encoder
        self._reader = Reader(self._entries, words)
        self._rows = rows_of(self._entries, self._reader)
        self._texts = Texts([row.said for row in self._rows], encoder, on_text)
        self._ridge = Ridge(self._rows, len(self._entries), self._texts)
        self.calibration = calibration or calibrated(self._ridge, self._rows)
        self._learned = calibration
        self._guards = Guards(self._entries, self._reader)
        self._differences = Differences(self._entries, self._rows, words)
        self._phrases = Phrases(self._guards.phrases)
        self._codes = Codes(self._entries)
        self._shown = np.array([2.0 * row.can_be_shown for row in self._rows])  # more than any likeness
        self._vocabulary = frozenset(word for row in self._rows for word in row.said)
        self._place_of = {entry.id: at for at, entry in enumerate(self._entries)}
        self._entry_of = np.array([row.entry for row in self._rows], np.intp)
        self._with_content = np.array([row.has_content for row in self._rows], np.bool_)
        self._denying = {at: row.denied for at, row in enumerate(self._rows) if row.denied}
        self._sight_of = lru_cache(maxsize=_SIGHTS_KEPT)(self._sight)

    @cached_property
    def version(self) -> str:
        return _version(self._entries, self._words, self._thresholds, (self._encoder.version, self._learned))

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        whole = self._ranked(self._considered(text, visible))
        return with_second(whole.ranking, [each.ranking for each in self._by_question(whole)])

    def top(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, float] | None:
        """Return the entry that is ahead, and the score that its confidence comes from; None if there is none."""
        found = self._considered(text, visible)
        scores = self._scored(found).scores
        if scores.max(initial=0.0) < _LEAST:
            return None
        best = standing(scores)
        return self._entries[best.entry].id, best.score

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        whole = self._ranked(self._considered(text, visible))
        ranking = with_second(whole.ranking, [each.ranking for each in self._by_question(whole)])
        return (*self._explained(whole), *_second(ranking))

    def _explained(self, whole: _Ranked) -> tuple[str, ...]:
        found, ranking = whole.found, whole.ranking
        if found.codes:
            has = "the message has the code"
            return tuple(f"{has} “{code}” of {self._entries[at].id}" for at, code in found.codes.items())
        why = (*_understood(found.reading), *self._left_out(found))
        if not ranking.matches:
            return (*why, "nothing that may be shown is anything like the message")
        closest, *others = ranking.matches
        sure, unsure = self._bars(closest)
        return (
            *why,
            f"closest is {closest.entry} by “{ranking.phrasing}”, with {closest.confidence:.2f}",
            *(f"then {match.entry} with {match.confidence:.2f}" for match in others),
            *self._doubted(closest, found.doubts),
            f"{ranking.band}: it takes {sure:.2f} to be sure and {unsure:.2f} to be unsure",
        )

    def evidence(self, text: str, visible: AbstractSet[str] | None = None) -> Evidence:
        whole = self._ranked(self._considered(text, visible))
        questions = self._by_question(whole)
        ranking = with_second(whole.ranking, [each.ranking for each in questions])
        first = next((each for each in questions if each.ranking.matches == ranking.matches), whole)
        decided = first if ranking.also else whole
        corrected = whole.found.reading.corrected
        if ranking.best is None or decided.scored is None:
            return Evidence(corrected)
        shares = self._shares(ranking.best, decided.found, decided.scored)
        return Evidence(corrected, shares, Bars(*self._bars(ranking.best)))

    def _considered(self, text: str, visible: AbstractSet[str] | None) -> _Considered:
        reading = self._reader.question(text)
        seen, shown = self._sight_of(None if visible is None else frozenset(visible))
        return self._weighed(text, reading, parts_of(reading), seen, shown)

    def _weighed(
        self, text: str, reading: Reading, parts: Sequence[Part], seen: _Mask, shown: frozenset[int]
    ) -> _Considered:
        said = self._phrases.within(reading.words)
        bar = self._differences.bar(text, reading.words)
        opposed = {at: why for at, why in bar.out.items() if at in shown}
        vetoes = self._guards.objections(shown, said) | opposed
        found = self._codes.found(text)
        codes = {at: found[at] for at in sorted(found) if at in shown and at not in vetoes}
        return _Considered(reading, parts, seen, bar.rows, codes, vetoes, bar.doubted)

    def _sight(self, visible: frozenset[str] | None) -> tuple[_Mask, frozenset[int]]:
        """Return the entries that may be shown, by their positions: as a mask and as a set."""
        if visible is None:
            shown = frozenset(at for at, entry in enumerate(self._entries) if entry.language == _LANGUAGE)
        else:
            shown = frozenset(self._place_of[id_] for id_ in visible if id_ in self._place_of)
        mask = np.zeros(len(self._entries), np.bool_)
        mask[[*shown]] = True
        return mask, shown

    def _ranked(self, found: _Considered) -> _Ranked:
        if found.codes:
            return _Ranked(self._by_code(found.codes), found)
        scored = self._scored(found)
        return _Ranked(self._by_score(scored, found), found, scored)

    def _by_question(self, whole: _Ranked) -> list[_Ranked]:
        """Rank what could each ask something by itself, each with the likenesses of its sentences to the rows."""
        questions = questions_of(whole.found.reading) if whole.ranking.band != "none" else ()
        if not questions:
            return []
        alike = whole.scored.alike if whole.scored else self._alike(whole.found.parts)
        seen = self._free(whole.found)
        shown = frozenset(np.flatnonzero(seen).tolist())
        return [self._of_question(question, whole.found.parts, alike, seen, shown) for question in questions]

    def _of_question(
        self, question: Question, parts: Sequence[Part], alike: Likenesses, seen: _Mask, shown: frozenset[int]
    ) -> _Ranked:
        own = [at for at, part in enumerate(parts) if part.sentence in question.sentences]
        found = self._weighed(question.text, question.reading, [parts[at] for at in own], seen, shown)
        if found.codes:
            return _Ranked(self._by_code(found.codes), found)
        by_part = self._by_part(alike[own], found, self._free(found))
        scored = _Scored(by_part.max(0, initial=0), by_part, alike[own])
        return _Ranked(self._by_score(scored, found), found, scored)

    def _free(self, found: _Considered) -> _Mask:
        free = found.seen.copy()
        free[[*found.vetoes]] = False
        return free

    def _scored(self, found: _Considered, entries: _Mask | None = None) -> _Scored:
        """Score these entries (None: those that may answer) by each part of the message, and put the parts together."""
        alike = self._alike(found.parts)
        scores = self._by_part(alike, found, self._free(found) if entries is None else entries)
        asked = tuple(
            standing(each) for each, part in zip(scores, found.parts, strict=True) if not part.is_whole and len(each)
        )
        return _Scored(joined(scores, found.parts), scores, alike, asked)

    def _alike(self, parts: Sequence[Part]) -> Likenesses:
        return self._texts.to([part.said for part in parts])

    def _by_part(self, alike: Likenesses, found: _Considered, entries: _Mask) -> Scores:
        rows = self._rows_for(found, entries)
        scores = np.zeros((len(alike), len(self._entries)))
        for at, each in enumerate(alike):
            scores[at] = self._ridge.scores(each, rows)
        return scores

    def _rows_for(self, found: _Considered, entries: _Mask) -> NDArray[np.intp]:
        """Return the rows that may win: of these entries, and not those that deny what the message asks for."""
        rows = entries[self._entry_of]
        rows[[*found.barred]] = False
        words = frozenset(found.reading.words)
        for at, denied in self._denying.items():
            if not words.isdisjoint(denied) and words.isdisjoint(map(_denial, denied)):
                rows[at] = False
        return np.flatnonzero(rows)

    def _by_code(self, codes: Mapping[int, str]) -> Ranking:
        matches = tuple(Match(self._entries[at].id, round(1 / len(codes), 4)) for at in codes)[:_SHOWN]
        phrasing = next(iter(codes.values()))
        if len(codes) == 1:
            return Ranking("sure", matches, (), phrasing)
        return Ranking("unsure", matches, matches, phrasing)

    def _by_score(self, scored: _Scored, found: _Considered) -> Ranking:
        scores = scored.scores
        if scores.max(initial=0.0) < _LEAST:
            return Ranking("none")
        best = standing(scores)
        confidence = self.calibration.confidence
        sure = confidence(best.score, best.lead)
        ranked = sorted(
            (-(sure if at == best.entry else min(1 - sure, confidence(scores[at] / 2))), int(at))
            for at in np.argsort(-scores, kind="stable")[:_SHOWN]
            if scores[at] >= _LEAST
        )
        matches = tuple(Match(self._entries[at].id, round(-lead, 4)) for lead, at in ranked)
        band = _band(matches[0].confidence, *self._bars(matches[0])) if self._is_understood(found.reading) else "none"
        first = ranked[0][1]
        nearest = self._nearest(first, scored.alike)
        is_hollow = self._with_content[nearest] and not any(part.has_content for part in found.parts)
        others = {each.entry for each in scored.asked if each.score >= self.calibration.first_sure} - {first}
        if band == "sure" and (first in found.doubts or is_hollow or others):
            band = "unsure"
        worth = self.calibration.least_offered
        offered = tuple(match for match, (_, at) in zip(matches, ranked, strict=True) if scores[at] >= worth)
        return Ranking(band, matches, offered if band == "unsure" else (), self._rows[nearest].text)

    def _shares(self, best: Match, found: _Considered, scored: _Scored) -> dict[str, float]:
        """Return how much of the score of the best entry each signal gave."""
        entry = self._place_of[best.entry]
        signals = self._texts.by_signal([part.said for part in found.parts])
        rows = self._rows_for(found, self._free(found))
        moves = slopes(scored.by_part[:, entry], found.parts)
        given = self._ridge.split(entry, moves, scored.alike, np.stack([*signals.values()]), rows)
        return dict(zip(signals, (given / given.sum()).tolist(), strict=True))

    def _is_understood(self, reading: Reading) -> bool:
        """Whether a telling word of the message is one that we know; vectors liken even "flurb" to something."""
        telling = [word for word in reading.whole if has_content(stem(word))]
        return not telling or any(word in self._vocabulary or self._reader.knows(word) for word in telling)

    def _nearest(self, entry: int, alike: Likenesses) -> int:
        """Return the phrasing or title of the entry that is nearest to any part of the message."""
        own = np.flatnonzero(self._entry_of == entry)
        nearest = own[np.argmax(alike[:, own].max(0) + self._shown[own])]
        return int(nearest)

    def _left_out(self, found: _Considered) -> list[str]:
        """Return why the closest of those that must not answer are left out."""
        only = np.zeros_like(found.seen)
        only[[*found.vetoes]] = True
        scores = self._scored(found, only).scores if found.vetoes else np.zeros(len(self._entries))
        closest = sorted(found.vetoes, key=lambda at: (-scores[at], at))[:_SHOWN]
        return [f"{self._entries[at].id} is left out: {found.vetoes[at]}" for at in closest if scores[at] > 0]

    def _doubted(self, match: Match, doubts: Mapping[int, str]) -> list[str]:
        entries = (at for at in doubts if self._entries[at].id == match.entry)
        return [f"{match.entry} is at most offered: {doubts[at]}" for at in entries]

    def _bars(self, match: Match) -> tuple[float, float]:
        """Return the confidence from which on to answer and to offer: as the rules say, or else the knowledge base."""
        category, _, _ = match.entry.partition("/")
        own, all_ = (self._thresholds.get(name, Thresholds()) for name in (category, DEFAULT))
        sure = next((bar for bar in (own.sure, all_.sure) if bar is not None), self.calibration.sure)
        unsure = next((bar for bar in (own.unsure, all_.unsure) if bar is not None), self.calibration.unsure)
        return sure, min(sure, unsure)


def _denial(stem: str) -> str:
    return NOT + stem


def _understood(reading: Reading) -> list[str]:
    steps = [f"“{wrong}” was read as “{right}”" for wrong, right in reading.corrected]
    return steps + [f"“{' '.join(run)}” {said_of(run)}" for run in reading.unwanted]


def _second(ranking: Ranking) -> list[str]:
    if ranking.also is None or ranking.best is None:
        return []
    first, also = ranking.best, ranking.also
    two = f"two questions: first {first.entry} with {first.confidence:.2f} by “{ranking.phrasing}”"
    return [f"{two}, then {also.entry} with {also.confidence:.2f}"]


def _band(confidence: float, sure: float, unsure: float) -> Band:
    return "sure" if confidence >= sure else "unsure" if confidence >= unsure else "none"


def _version(entries: Iterable[Entry], words: Words, thresholds: Mapping[str, Thresholds], made_with: object) -> str:
    read = [(e.id, e.title, e.phrasings, e.answer, e.keywords, e.patterns, e.language, e.state) for e in entries]
    set_ = sorted(thresholds.items(), key=lambda item: item[0])
    everything = repr((_RECIPE, made_with, rapidfuzz.__version__, read, words, set_))
    return hashlib.sha256(everything.encode("utf-8", "backslashreplace")).hexdigest()[:12]
