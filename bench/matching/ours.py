"""Our matcher, put together as the bot puts it together, and its vectors alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bench.matching.measures import SHOWN, Found
from bench.matching.rivals import ByBest, phrasings_of
from bot.content.entries.words import built_in_words
from bot.core.entries import Entry
from bot.core.matching import build_matcher
from bot.core.matching.reading.normalising import MARKS, tokens
from bot.core.matching.scoring.encoding import Encoder
from bot.errors import Tier1Error
from bot.vectors.cache import Cache
from bot.vectors.choosing import chosen_for
from bot.vectors.remembering import Remembering


def our_matcher(entries: Sequence[Entry], encoder: Encoder) -> Callable[[str], Found]:
    """Every entry visible, thresholds as the knowledge base gives them."""
    matcher = build_matcher(entries, built_in_words(), {}, encoder)

    def find(text: str) -> Found:
        ranking = matcher.rank(text)
        best = ranking.best
        return Found(
            tuple(match.entry for match in ranking.matches[:SHOWN]),
            best.confidence if best else 0.0,
            ranking.band,
            tuple(match.entry for match in ranking.offered),
        )

    return find


def vector_neighbours(entries: Sequence[Entry], encoder: Encoder) -> Callable[[str], Found]:
    """The nearest phrasing by cosine of what the encoder makes of it."""
    said, owners = phrasings_of(entries)
    vectors = encoder.encode([_normalised(phrasing) for phrasing in said])
    ranked = ByBest(entries, owners)
    return lambda text: ranked(vectors @ encoder.encode([_normalised(text)])[0])


def encoder_of(tier: str, cache: Path | None) -> Encoder:
    """Raises `Tier1Error` where the bot would go on with another tier's, whose figures nobody asked for."""
    chosen = chosen_for(tier)
    if chosen.why_not:
        raise Tier1Error(chosen.why_not)
    return Remembering(chosen.encoder, Cache(cache))


def _normalised(text: str) -> str:
    return " ".join(word for word in tokens(text) if word not in MARKS)
