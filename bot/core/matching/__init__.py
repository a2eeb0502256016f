"""Find the entries a customer may be asking for. Pure: text in, ranked entries out.

Three rooms: `reading` turns a message into words, `vetoes` say what it cannot be about, `scoring` compares the rest and
says how far to trust that. `matcher` puts them together, `two_questions` tells two apart, `explaining` says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.entries import Entry, Words
from bot.core.matches import Matcher
from bot.core.matching.matcher import RidgeMatcher
from bot.core.matching.scoring.calibrating import Calibration
from bot.core.matching.scoring.encoding import Encoder
from bot.core.matching.scoring.likeness import OnText
from bot.core.rulebook.rules import Thresholds


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
    return RidgeMatcher(entries, words, thresholds, encoder, on_text=on_text, calibration=calibration)
