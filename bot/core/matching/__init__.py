"""Find the entries a customer may be asking for. Pure: text in, ranked entries out.

`normalising` cuts a message into words, `spelling` mends them, `negating` marks what is not wanted, `reading` puts the
three together; `scoring` compares, `guards` vetoes, `matcher` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.entries import Entry, Words
from bot.core.matches import Matcher
from bot.core.matching.matcher import LexicalMatcher
from bot.core.rules import Thresholds


def build_matcher(entries: Iterable[Entry], words: Words, thresholds: Mapping[str, Thresholds]) -> Matcher:
    """Index what is served (`trial` and `live`). `thresholds` go by category; what they leave open has a default."""
    return LexicalMatcher(entries, words, thresholds)
