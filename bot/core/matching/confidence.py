"""From scores to confidence: how likely each entry is the one meant, with "none of them" among the possibilities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from bot.core.matching.scoring import Score

_EVEN: Final = 0.5  # above it an entry is likelier than all others together
_NO_ENTRY: Final = 0.32  # the score at which "none of them" stands beside the entries
_TEMPERATURE: Final = 0.06  # the lead in score that makes an entry e times as likely as another
_HALF_UNDERSTOOD: Final = 0.45


class Standing(NamedTuple):  # as Score is, and for the same reason
    """An entry (its position), how likely it is meant (0 to 1, four digits), and the score that earned this."""

    entry: int
    confidence: float
    score: Score


def standings(parts: Iterable[Mapping[int, Score]]) -> tuple[Standing, ...]:
    """Rank the entries by the best of the parts of a message, best first; ties fall to the lower position.

    Two entries that are equally close share what there is, so neither is likelier than not. The same holds for two
    that win a part each: a message that asks for two things is surely about neither alone.
    """
    best: dict[int, Standing] = {}
    for part in parts:
        for standing in _shares(part):
            if standing.entry not in best or standing.confidence > best[standing.entry].confidence:
                best[standing.entry] = standing
    winners = sum(standing.confidence > _EVEN for standing in best.values())
    divisor = max(1, winners)
    ranked = [Standing(each.entry, round(each.confidence / divisor, 4), each.score) for each in best.values()]
    return tuple(sorted(ranked, key=lambda standing: (-standing.confidence, standing.entry)))


def _shares(part: Mapping[int, Score]) -> Sequence[Standing]:
    odds = {entry: math.exp((score.value - _NO_ENTRY) / _TEMPERATURE) for entry, score in part.items()}
    total = 1 + math.fsum(odds.values())
    # "Reset my laptop" has one word in common with "reset my password" and one that is the point of it.
    return [
        Standing(entry, min(odds[entry] / total, 1.0 if score.understood else _HALF_UNDERSTOOD), score)
        for entry, score in part.items()
    ]
