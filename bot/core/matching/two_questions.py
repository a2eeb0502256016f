"""Two clear questions in one message: the first is answered, the second is offered as well. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.matches import Match, Ranking
from bot.core.matching.reading.reader import Reading, has_content

_RIVAL: Final = 0.25  # of the best's confidence: an entry that comes so near is about the same question
_MOST: Final = 4  # sentences; in a longer story, what is asked is not to be told from what is told


@dataclass(frozen=True, slots=True)
class Question:
    """A part of a message that may be a question of its own: as it is read, as it is written, and its `sentences`."""

    reading: Reading
    text: str
    sentences: frozenset[int]


def questions_of(reading: Reading) -> tuple[Question, ...]:
    """Return what could each ask something, in their order; () if that is only one.

    The two sides of "is it locked or did it expire" are one question.
    """
    questions = [_question(reading, sentences) for sentences in _together(reading)]
    could_ask = tuple(each for each in questions if any(map(has_content, each.reading.words)))
    return could_ask if 1 < len(could_ask) <= _MOST else ()


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


def _is_far_from(first: Ranking, other: Ranking) -> bool:
    return _is_clear(first, other) and _is_clear(other, first)


def _is_clear(ranking: Ranking, of: Ranking) -> bool:
    """Whether the best entry `of` another ranking is no rival in this one."""
    best, rival = ranking.matches[0], of.matches[0].entry
    near = (match.confidence for match in ranking.matches if match.entry == rival)
    return next(near, 0.0) < _RIVAL * best.confidence


def _together(reading: Reading) -> list[list[int]]:
    found: list[list[int]] = []
    for at in range(len(reading.sentences)):
        if at in reading.sides:
            found[-1].append(at)
        else:
            found.append([at])
    return found


def _question(reading: Reading, sentences: Sequence[int]) -> Question:
    said = tuple(reading.said[at] for at in sentences)
    whole = tuple(word for words in said for word in words)
    own = Reading(tuple(reading.sentences[at] for at in sentences), said, whole)
    return Question(own, " ".join(reading.texts[at] for at in sentences), frozenset(sentences))
