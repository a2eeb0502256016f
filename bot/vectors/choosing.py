"""Which encoder serves: the one that ships with the bot, or the `semantic` extra where it is wanted and there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from threadpoolctl import threadpool_limits

from bot.core.matching.scoring.encoding import Encoder
from bot.errors import WeightsError
from bot.vectors.light import LightEncoder
from bot.vectors.semantic import load_semantic

DEFAULT, SEMANTIC = "default", "semantic"  # the values of TIER1_MATCHER

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chosen:
    """`name` is what serves, DEFAULT or SEMANTIC; `why_not` says why it is not what was wanted, and the way out."""

    encoder: Encoder
    name: str
    why_not: str = ""


@cache
def encoder_for(wanted: str) -> Encoder:
    """Return the encoder that TIER1_MATCHER names, loaded once a process.

    An extra that is not there stops nobody: then the default serves, and a warning says so, once.
    Raises `Tier1Error` if not even the default can be loaded.
    """
    # The products of a message are small: threads that share one spend far longer on waking each other, and with what
    # else is going on the last digits of a sum would depend on how many they are.
    threadpool_limits(limits=1, user_api="blas")
    chosen = chosen_for(wanted)
    if chosen.why_not:
        log.warning("TIER1_MATCHER is `%s`, but the default matcher serves: %s", wanted, chosen.why_not)
    return chosen.encoder


@cache
def chosen_for(wanted: str) -> Chosen:
    """The same for whoever wants to know which it is. Says nothing in the log."""
    return choose(wanted, load_semantic)


def choose(wanted: str, semantic: Callable[[], Encoder]) -> Chosen:
    """Load what is wanted, or else the default. `semantic` raises `WeightsError` where the extra cannot serve."""
    if wanted != SEMANTIC:
        return Chosen(LightEncoder(), DEFAULT)
    try:
        return Chosen(semantic(), SEMANTIC)
    except WeightsError as error:
        return Chosen(LightEncoder(), DEFAULT, str(error))
