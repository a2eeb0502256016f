"""From scores to confidence: how likely each entry is the one meant, with "none of them" among the possibilities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from bot.core.matching.scoring import Score

_EVEN: Final = 0.5  # above it an entry is likelier than all others together
_NO_ENTRY: Final = 0.32  # the score at which "none of them" stands beside the entries
_TEMPERATURE: Final = 0.06  # the lead in score that makes an entry e times as likely as another
_HALF_UNDERSTOOD: Final = 0.45


class Standing(NamedTuple):
    """An entry (its position), how likely it is meant (0 to 1, four digits), and the score that earned this."""

    entry: int
    confidence: float
    score: Score


def standings(parts: Iterable[Mapping[int, Score]], limit: int) -> tuple[Standing, ...]:
    """Rank the entries by the best of the parts of a message: the best `limit`, ties fall to the lower position.

    Two entries that are equally close share what there is, so neither is likelier than not. The same holds for two
    that win a part each: a message that asks for two things is surely about neither alone.
    """
    best: dict[int, float] = {}
    earned: dict[int, Score] = {}
    for part in parts:
        for entry, share in _shares(part):
            if entry not in best or share > best[entry]:
                best[entry], earned[entry] = share, part[entry]
    winners = sum(share > _EVEN for share in best.values())
    divisor = max(1, winners)
    ranked = sorted((-round(share / divisor, 4), entry) for entry, share in best.items())
    return tuple(Standing(entry, -lead, earned[entry]) for lead, entry in ranked[:limit])


def _shares(part: Mapping[int, Score]) -> list[tuple[int, float]]:
    """Return each entry with how likely it is the one that this part is about."""
    odds = {entry: math.exp((score.value - _NO_ENTRY) / _TEMPERATURE) for entry, score in part.items()}
    total = 1 + math.fsum(odds.values())
    # "Reset my laptop" has one word in common with "reset my password" and one that is the point of it.
    return [
        (entry, min(odds[entry] / total, 1.0 if score.understood else _HALF_UNDERSTOOD))
        for entry, score in part.items()
    ]
