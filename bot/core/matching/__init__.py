"""Find the entries a customer may be asking for. Pure: text in, ranked entries out.

`normalising` cuts a message into words, `spelling` mends them, `negating` marks what is not wanted, `reading` puts the
three together, `parts` says what of it may be the question. `rows` are what entries are found by, `likeness` compares
with them, `ridge` makes scores of it and `calibrating` confidence; `guards` and `differences` veto, `matcher` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.entries import Entry, Words
from bot.core.matches import Matcher
from bot.core.matching.calibrating import Calibration
from bot.core.matching.encoding import Encoder
from bot.core.matching.likeness import OnText
from bot.core.matching.matcher import RidgeMatcher
from bot.core.matching.two_questions import SentenceBySentence
from bot.core.rules import Thresholds


def build_matcher(
    entries: Iterable[Entry],
    words: Words,
    thresholds: Mapping[str, Thresholds],
    encoder: Encoder,
    *,
    on_text: OnText | None = None,
    calibration: Calibration | None = None,
) -> Matcher:
    """Index what is served (`trial` and `live`).

    `thresholds` go by category, or `default` for all; what they leave open follows from the entries, or from
    `calibration`. `on_text` is called while texts are encoded, with how many are done, of how many.
    """
    matcher = RidgeMatcher(entries, words, thresholds, encoder, on_text=on_text, calibration=calibration)
    return SentenceBySentence(matcher)
