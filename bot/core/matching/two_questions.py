"""Two clear questions in one message: the first is answered, the second is offered as well. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Protocol, runtime_checkable

from bot.core.matches import Match, Matcher, Ranking
from bot.core.matching.explaining import Evidence, evidence_of
from bot.core.matching.reading.english import stem
from bot.core.matching.reading.normalising import MARKS, tokens
from bot.core.matching.reading.reader import has_content

_RECIPE: Final = "two questions 1"  # part of the version: change it with anything that changes what is found
_RIVAL: Final = 0.25  # of the best's confidence: an entry that comes so near is about the same question
_MOST: Final = 4  # sentences; in a longer story, what is asked is not to be told from what is told
_ENDS: Final = re.compile(
    r"(?<=[.?!…;])\s+|\n+"
    r"|[,\s]+(?:and|also|plus)\s+(?=(?:also\s+)?(?:how|what|where|when|why|who|which|can|could|do|is|i)\b)",
    re.IGNORECASE,
)


def two_questions(parts: Sequence[Ranking]) -> tuple[Ranking, Match] | None:
    """Return what the first question of a message leads to, and what the second asks for; None if there are no two.

    `parts`: the ranking of each of its sentences, in their order. Two are clear if both are sure, of entries that are
    not near each other: in neither ranking the other's entry may come close.
    """
    sure = [part for part in parts if part.band == "sure"]
    for other in sure[1:]:
        if _is_far_from(sure[0], other):
            return sure[0], other.matches[0]
    return None


def with_second(whole: Ranking, parts: Sequence[Ranking]) -> Ranking:
    """Return the ranking of a message in the light of its sentences.

    What the whole message is surely about, and no sentence by itself, stays the answer.
    """
    found = two_questions(parts)
    if found is None:
        return whole
    first, also = found
    if whole.band == "sure" and whole.best and whole.best.entry not in {first.matches[0].entry, also.entry}:
        return whole
    return replace(first, also=also)


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences, and the questions joined by "and", that could each ask something; () if only one could."""
    sentences = tuple(sentence for sentence in _ENDS.split(text) if _could_ask(sentence))
    return sentences if 1 < len(sentences) <= _MOST else ()


@runtime_checkable
class RulesOut(Protocol):
    """A matcher that knows which entries a text rules out, whatever a sentence of it says by itself."""

    def not_ruled_out(self, text: str, visible: AbstractSet[str] | None) -> AbstractSet[str]:
        """Return the ids of those in `visible` (None: of all) that may answer the text."""


@dataclass(frozen=True)
class SentenceBySentence:
    """A `Matcher` that has another one look at each sentence, for one that does not tell two questions apart itself."""

    matcher: Matcher

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(f"{_RECIPE} {self.matcher.version}".encode()).hexdigest()[:12]

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        whole = self.matcher.rank(text, visible)
        if whole.band == "none" or whole.also is not None:
            return whole
        sentences = sentences_of(text)
        if sentences and isinstance(self.matcher, RulesOut):
            visible = self.matcher.not_ruled_out(text, visible)
        return with_second(whole, [self.matcher.rank(sentence, visible) for sentence in sentences])

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        why = self.matcher.explain(text, visible)
        ranking = self.rank(text, visible)
        if ranking.also is None or ranking.best is None:
            return why
        first, also = ranking.best, ranking.also
        two = f"two questions: first {first.entry} with {first.confidence:.2f} by “{ranking.phrasing}”"
        return (*why, f"{two}, then {also.entry} with {also.confidence:.2f}")

    def evidence(self, text: str, visible: AbstractSet[str] | None = None) -> Evidence:
        return evidence_of(self.matcher, text, visible)


def _is_far_from(first: Ranking, other: Ranking) -> bool:
    return _is_clear(first, other) and _is_clear(other, first)


def _is_clear(ranking: Ranking, of: Ranking) -> bool:
    """Whether the best entry `of` another ranking is no rival in this one."""
    best, rival = ranking.matches[0], of.matches[0].entry
    near = (match.confidence for match in ranking.matches if match.entry == rival)
    return next(near, 0.0) < _RIVAL * best.confidence


def _could_ask(sentence: str) -> bool:
    return any(has_content(stem(word)) for word in tokens(sentence) if word not in MARKS)
