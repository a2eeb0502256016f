"""What is compared: each method by its name, built from the entries of a knowledge base."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.matching.measures import Found
from bench.matching.ours import encoder_of, our_matcher, vector_neighbours
from bench.matching.rivals import bm25, character_neighbours, token_sort, w_ratio
from bot.core.entries import Entry

Find = Callable[[str], Found]

OURS = "ours"
_RIVALS: Mapping[str, Callable[[Sequence[Entry]], Find]] = {
    "wratio": w_ratio,
    "token-sort": token_sort,
    "bm25": bm25,
    "char-tfidf": character_neighbours,
}
NAMES = (OURS, "vectors", *_RIVALS)


def build(method: str, entries: Sequence[Entry], tier: str, cache: Path | None = None) -> Find:
    """Build one of `NAMES`. For what has vectors: `tier` is a value of TIER1_MATCHER, `cache` keeps them on disk."""
    if method in _RIVALS:
        return _RIVALS[method](entries)
    return (our_matcher if method == OURS else vector_neighbours)(entries, encoder_of(tier, cache))
