"""What customers did with answers says more than the knowledge base alone: how far a score is to be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.core.matching.scoring.calibrating import Calibration, curve_through
from bot.core.matching.scoring.outcomes import Outcome
from bot.errors import TooFewOutcomes

FEWEST: Final = 200  # outcomes; fewer say less than the knowledge base does
WRONG_AT_MOST: Final = 0.05  # of all that was asked
_FURTHEST: Final = 0.1  # the first sure score moves by no more at a time: people answer only what they were shown

Top = tuple[str, float]  # the entry with the best score now, and the score


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as the matcher scores it now, and whether its best entry was the one that was meant."""

    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Relearned:
    """`wrong` and `answered` are shares of what was seen, with the calibration as it is now and as it would be."""

    before: Calibration
    after: Calibration
    seen: int
    answered: tuple[float, float]
    wrong: tuple[float, float]
    error: tuple[float, float]  # expected calibration error: confidence against what came true, in ten bins


def seen_in(outcomes: Iterable[Outcome], top: Callable[[str], Top | None]) -> list[Seen]:
    """Score each question anew, and keep those of which the outcome says whether that would be right."""
    of_question: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        of_question.setdefault(outcome.question, []).append(outcome)
    seen: list[Seen] = []
    for said in of_question.values():
        best = top(said[0].text)
        if best is None:
            continue
        entry, score = best
        meant = {one.entry for one in said if one.is_meant}
        not_meant = {one.entry for one in said if not one.is_meant}
        if meant or entry in not_meant:
            seen.append(Seen(score, right=entry in meant))
    return seen


def relearned(now: Calibration, seen: Sequence[Seen]) -> Relearned:
    """Draw the curve from score to confidence through what was seen as well, and the line from which on to answer.

    Raises `TooFewOutcomes` below `FEWEST`.
    """
    if len(seen) < FEWEST:
        raise TooFewOutcomes(
            f"{len(seen)} questions have an outcome that says whether they were understood, and it takes {FEWEST}:"
            " until then the knowledge base alone decides"
        )
    scores = np.array([one.score for one in seen], np.float64)
    right = np.array([one.right for one in seen], np.float64)
    steepness, middle = curve_through(scores, right, around=now)
    first = _first_sure(seen)
    moved = round(min(now.first_sure + _FURTHEST, max(now.first_sure - _FURTHEST, first)), 4)
    then = Calibration(steepness, middle, moved)
    return Relearned(
        now,
        then,
        len(seen),
        answered=(_answered(now, seen), _answered(then, seen)),
        wrong=(_wrong(now, seen), _wrong(then, seen)),
        error=(_error(now, seen), _error(then, seen)),
    )


def _first_sure(seen: Sequence[Seen]) -> float:
    """Return the lowest score from which on no more than the error budget is answered wrongly."""
    budget = WRONG_AT_MOST * len(seen)
    wrong_at = Counter(one.score for one in seen if not one.right)
    least, wrong = 1.0, 0
    for score in sorted({one.score for one in seen}, reverse=True):
        wrong += wrong_at[score]
        if wrong > budget:
            break
        least = score
    return least


def _answered(calibration: Calibration, seen: Sequence[Seen]) -> float:
    return round(sum(one.score >= calibration.first_sure for one in seen) / len(seen), 4)


def _wrong(calibration: Calibration, seen: Sequence[Seen]) -> float:
    return round(sum(one.score >= calibration.first_sure and not one.right for one in seen) / len(seen), 4)


def _error(calibration: Calibration, seen: Sequence[Seen]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for one in seen:
        confidence = calibration.confidence(one.score)
        bins.setdefault(min(9, int(confidence * 10)), []).append((confidence, one.right))
    off = (abs(sum(c for c, _ in each) - sum(right for _, right in each)) for each in bins.values())
    return round(sum(off) / len(seen), 4)
