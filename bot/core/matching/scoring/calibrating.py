"""From scores to confidence, and from which confidence on to answer: both from the knowledge base alone.

A phrasing that is left out stands for a message that its entry should answer; a phrasing whose whole entry is left out
stands for one that nothing here answers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.core.matching.scoring.ridge import Ridge, Scores
from bot.core.matching.scoring.rows import Row

_MOST: Final = 500  # phrasings left out, spread over all; more tell the same
_KEPT_BACK: Final = 0.4  # of the messages that stand for those to be answered; the error budget bears as much
_SURE: Final = (0.24, 0.38)  # scores between which the first sure one lies, whatever the knowledge base says
_SURE_WITH_ONE: Final = 0.23  # where every entry has one phrasing, so that nothing can be left out
_FEW: Final = 16  # entries; so many are believed half, as to where the line is; from fewer on it is drawn with care
_ALONE: Final = 0.2  # more for a single entry, which has nothing beside it that a message could rather be about
_OFFERED: Final = 0.42  # of the first sure score: the first that is worth an offer
_TOO_CLOSE: Final = 0.2  # of the best score: a runner-up nearer than that halves the certainty, step by step

# Of the curve from score to confidence: what it is on public question sets, and how many phrasings that is worth.
_STEEPNESS: Final = 12.0
_MIDDLE: Final = 0.2
_PRIOR: Final = 150
_STRANGERS: Final = 0.1  # as many messages that nothing answers as this share of the others
_STEPS: Final = 50
_LONGEST_STEP: Final = 3.0  # from where the method started it cannot leap over what it looks for

_Numbers = NDArray[np.float64]
_NONE: Final = np.zeros(0)


class Standing(NamedTuple):
    """The entry with the best score, how far it is ahead (0 to 1: far enough), and the score with that in mind."""

    entry: int
    lead: float
    score: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`sure` and `unsure` are confidences, from which on to answer and to offer."""

    steepness: float = _STEEPNESS
    middle: float = _MIDDLE
    first_sure: float = _SURE_WITH_ONE

    def confidence(self, score: float, lead: float = 1.0) -> float:
        """Return how likely an entry with this score is the one that is meant: 0 to 1, four digits.

        Of two that are equally close neither is likelier than not.
        """
        if score <= 0:
            return 0.0
        likely = 1 / (1 + math.exp(min(700.0, -self.steepness * (score - self.middle))))
        return round(min(likely, (1 + lead) / 2), 4)

    @property
    def sure(self) -> float:
        return self.confidence(self.first_sure)

    @property
    def unsure(self) -> float:
        # Of two that are equally close each has no more than half, and both are worth an offer.
        return min(0.5, self.confidence(_OFFERED * self.first_sure))

    @property
    def least_offered(self) -> float:
        """The score from which on an entry may stand among those that are offered."""
        return _OFFERED * self.first_sure / 2


WORD_BY_WORD: Final = Calibration(first_sure=0.78)  # sure of hardly more than what an entry has word by word


def standing(scores: Scores) -> Standing:
    """Return the entry ahead of all others; of two as good the first. There must be at least one."""
    best = int(scores.argmax())
    score = float(scores[best])
    if score <= 0:
        return Standing(best, 0.0, 0.0)
    next_best = float(np.partition(scores, -2)[-2]) if len(scores) > 1 else 0.0
    lead = min(1.0, (score - max(0.0, next_best)) / (_TOO_CLOSE * score))
    return Standing(best, lead, score * (1 + lead) / 2)


def calibrated(ridge: Ridge, rows: Sequence[Row]) -> Calibration:
    """Leave out phrasing by phrasing, and see how well the rest would have answered it."""
    phrasings = [at for at, row in enumerate(rows) if row.is_phrasing]
    of_entry = Counter(rows[at].entry for at in phrasings)
    ours: list[Standing] = []
    right: list[bool] = []
    strangers: list[float] = []
    for at in phrasings[:: max(1, -(-len(phrasings) // _MOST))]:
        without_row, without_entry = ridge.left_out(at)
        strangers.append(standing(without_entry).score)
        if of_entry[rows[at].entry] > 1:
            ours.append(standing(without_row))
            right.append(ours[-1].entry == rows[at].entry)
    entries = max(1, len(of_entry))
    more = _ALONE / entries**0.85
    if not ours:
        return Calibration(_STEEPNESS, round(_MIDDLE + more, 4), round(_SURE_WITH_ONE + more, 4))
    scores = np.array([each.score for each in ours])
    steepness, middle = curve_through(
        scores, np.array(right, np.float64), around=Calibration(), strangers=np.array(strangers)
    )
    least, most = _SURE
    own = min(most, max(least, float(np.quantile(scores, _KEPT_BACK))))
    few = _FEW**2 / (entries**2 + _FEW**2)
    sure = (1 - few) * own + few * most + more
    return Calibration(steepness, round(middle + more, 4), round(sure, 4))


def curve_through(
    scores: _Numbers, right: _Numbers, *, around: Calibration, strangers: _Numbers = _NONE
) -> tuple[float, float]:
    """Return steepness and middle of the logistic curve through these scores, drawn towards that of `around`.

    `right` is 1 or 0 by score; `strangers` are scores of what nothing answers. Newton's method on the log likelihood;
    the prior is that of `_PRIOR` phrasings that lie on the other curve.
    """
    usual = np.linspace(0.02, 0.9, 45)
    x = np.concatenate([scores, strangers, usual])
    likely = _logistic(around.steepness * (usual - around.middle))
    y = np.concatenate([right, np.zeros_like(strangers), likely])
    of_strangers = _STRANGERS * len(scores) / max(1, len(strangers))
    shares = [np.ones_like(scores), np.full_like(strangers, of_strangers), np.full_like(usual, _PRIOR / len(usual))]
    weights = np.concatenate(shares)
    points = np.stack([x, np.ones_like(x)], axis=1)
    curve = np.array([around.steepness, -around.steepness * around.middle])
    for _ in range(_STEPS):
        expected = _logistic(points @ curve)
        slope = points.T @ (weights * (y - expected))
        bend = (points * (weights * expected * (1 - expected))[:, np.newaxis]).T @ points
        step = np.linalg.solve(bend, slope)
        curve += step * min(1.0, _LONGEST_STEP / max(1e-9, float(np.abs(step).max())))
    steepness = max(1.0, float(curve[0]))
    return round(steepness, 3), round(-float(curve[1]) / steepness, 4)


def _logistic(values: _Numbers) -> _Numbers:
    return 1 / (1 + np.exp(-np.clip(values, -50, 50)))
