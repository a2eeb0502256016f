"""One score for each entry from those by the parts of a message, and how much it moves with each of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.core.matching.reading.parts import Part
from bot.core.matching.scoring.ridge import Scores

_FULL_SENTENCE: Final = 6  # words; a shorter one of several says less


def joined(scores: Scores, parts: Sequence[Part]) -> Scores:
    """Return half of what the whole says and half of what its sentences say together, the short ones counting less.

    `scores` go by part and entry.
    """
    if not len(scores):
        return np.zeros(scores.shape[1])
    wholes, sentences, weights = _weighed(parts)
    each = np.maximum(scores[sentences], 0) * weights[:, np.newaxis]
    together: Scores = np.round((scores[wholes].max(0) + np.sqrt((each**2).sum(0))) / 2, 4)
    return together


def slopes(scores: Scores, parts: Sequence[Part]) -> Scores:
    """Return by part how much the score of one entry moves with its score by that part; `scores` go by part.

    The score is homogeneous in those of its parts: what they are, times these, adds up to it (Euler's theorem). Where
    no part is the whole, they are the sides of one question, and the nearest alone counts.
    """
    if not any(part.is_whole for part in parts):
        return np.asarray(np.arange(len(parts)) == scores.argmax(), np.float64)
    wholes, sentences, weights = _weighed(parts)
    each = np.maximum(scores[sentences], 0) * weights
    length = float(np.sqrt((each**2).sum()))
    found = np.zeros(len(parts))
    if length > 0:
        found[sentences] = weights * each / length / 2
    found[wholes[int(scores[wholes].argmax())]] += 0.5
    return found


def _weighed(parts: Sequence[Part]) -> tuple[list[int], list[int], Scores]:
    """Return which parts are the whole message, which are sentences of it, and how much each of these counts."""
    wholes = [at for at, part in enumerate(parts) if part.is_whole]
    sentences = [at for at, part in enumerate(parts) if not part.is_whole] or wholes[:1]
    weights = [1.0 if parts[at].is_whole else min(1.0, len(parts[at].said) / _FULL_SENTENCE) for at in sentences]
    return wholes, sentences, np.array(weights)
