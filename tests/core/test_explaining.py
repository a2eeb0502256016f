"""Why a text was ranked as it was, in figures and in sentences."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

import pytest

from bot.core.entries import Entry, Words
from bot.core.matches import Band, Match, Ranking
from bot.core.matching import build_matcher
from bot.core.matching.explaining import MOST_WORDS, Bars, Evidence, Flip, flip, told, why
from bot.vectors.choosing import DEFAULT, encoder_for

ENTRIES = (
    Entry("a/vpn", "Connect to the VPN", ("how do i connect to the vpn", "vpn connection fails"), "-"),
    Entry("a/wifi", "Connect to the wifi", ("how do i connect to the wifi", "wifi connection fails"), "-"),
)
MATCHER = build_matcher(ENTRIES, Words(), {}, encoder_for(DEFAULT))


class ByWords:
    """Is as sure of `a/vpn` as a text has these words, of `a/wifi` as it has not; and can tell why."""

    version = "test"

    def __init__(self, **weights: float) -> None:
        self.weights = weights
        self.ranked: list[str] = []

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        self.ranked.append(text)
        sure = round(sum(self.weights.get(word.strip("“”?,"), 0) for word in text.split()), 4)
        found = (Match("a/vpn", sure), Match("a/wifi", 0.2)) if visible is None else ()
        band: Band = "sure" if sure >= 0.6 else "unsure" if sure >= 0.3 else "none"
        return Ranking(band, found, phrasing="the vpn")

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        return (f"“{text}” among {visible}",)

    def evidence(self, text: str, visible: AbstractSet[str] | None = None) -> Evidence:
        if visible is not None or "vpn" not in text:
            return Evidence()
        return Evidence((("vnp", "vpn"),), {"meaning": 0.75, "words": 0.25}, Bars(0.6, 0.3))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my vpn fails", Flip("vpn", "none")),  # the word that all hangs on
        ("my home vpn fails", Flip("vpn", "none")),  # of two that turn it, the heavier
        ("fails fails vpn", Flip("vpn", "unsure")),  # to whatever is left then
        ("one two", Flip("one", "unsure")),  # the first of two that weigh the same
        ("my “vpn”, it fails?", Flip("vpn", "none")),  # without the marks around it
        ("vpn vpn fails fails", None),  # one can go
        ("flurb", None),  # nothing to lose
        ("", None),  # nothing at all
    ],
)
def test_the_word_without_which_the_decision_would_be_another(text: str, found: Flip | None) -> None:
    matcher = ByWords(vpn=0.5, fails=0.2, home=0.02, one=0.3, two=0.3)

    assert flip(text, matcher.rank(text), matcher.rank) == found


def test_another_entry_is_another_decision() -> None:
    def rank(text: str) -> Ranking:
        return Ranking("sure", (Match("a/vpn" if "vpn" in text else "a/wifi", 0.9),))

    assert flip("my vpn fails", rank("my vpn fails"), rank) == Flip("vpn", "sure", "a/wifi")


def test_a_message_is_ranked_once_for_each_word_and_a_long_one_not_at_all() -> None:
    matcher = ByWords(vpn=1)

    flip("vpn " * MOST_WORDS, matcher.rank("vpn"), matcher.rank)
    assert len(matcher.ranked) == 1 + MOST_WORDS

    assert flip("flurb " * MOST_WORDS + "vpn", matcher.rank("vpn"), matcher.rank) is None
    assert len(matcher.ranked) == 2 + MOST_WORDS


def test_lines_stay_lines_when_a_word_is_left_out() -> None:
    matcher = ByWords(vpn=1)

    flip("my vpn\nfails", matcher.rank(""), matcher.rank)

    assert matcher.ranked[1:] == [" vpn\nfails", "my \nfails", "my vpn\n"]


def test_all_that_a_matcher_knows_of_its_reasons() -> None:
    found = why(ByWords(vpn=0.5, fails=0.2), "vpn fails")

    assert (found.ranking.phrasing, found.runner_up, found.margin) == ("the vpn", Match("a/wifi", 0.2), 0.5)
    assert found.evidence.corrected == (("vnp", "vpn"),)
    assert found.evidence.bars == Bars(0.6, 0.3)
    assert told(found) == (
        "the score is made of meaning 75%, words 25%",
        "the runner-up is a/wifi, 0.50 behind",
        "without “vpn” it would be none",
    )


def test_nothing_found_is_explained_as_well() -> None:
    found = why(MATCHER, "")

    assert (found.runner_up, found.margin, found.flip) == (None, 0.0, None)
    assert told(found)[-1] == "no single word decides it"


def test_the_served_matcher_names_the_word_that_decides() -> None:
    assert told(why(MATCHER, "vpn connection fails"))[-1].startswith("without “vpn” it would be ")


@pytest.mark.parametrize(
    "text",
    [
        "vpn connection fails",  # one sentence, word by word
        "Hello! The vpn again. I do not want the wifi, the connection fails",  # several, and what is not wanted
        "how do i connect to the vpn? and how do i connect to the wifi",  # two questions: the first of them
        "is it the wifi or the vpn connection",  # two sides of one
    ],
)
def test_the_score_is_all_made_of_meaning_words_and_letters(text: str) -> None:
    shares = why(MATCHER, text).evidence.shares

    assert set(shares) == {"meaning", "words", "letters"}
    assert sum(shares.values()) == pytest.approx(1)
    assert 0.5 < shares["meaning"] < 1
    assert told(why(MATCHER, text))[0].startswith("the score is made of meaning ")


def test_a_text_without_a_word_of_the_entry_has_nothing_of_its_words() -> None:
    shares = why(MATCHER, "wireless hotspot trouble").evidence.shares

    assert shares["words"] == 0
    assert 0 < shares["letters"] < shares["meaning"]


def test_where_no_score_decides_there_are_no_shares() -> None:
    coded = build_matcher([replace(ENTRIES[0], patterns=("E-17",))], Words(), {}, encoder_for(DEFAULT))

    assert why(coded, "E-17").evidence.shares == {}
    assert why(MATCHER, "").evidence.shares == {}


@pytest.mark.parametrize(
    ("confidences", "margin"),
    [((), 0.0), ((0.7,), 0.7), ((0.7, 0.3), 0.4), ((0.7, 0.3, 0.1), 0.4)],  # to nothing, to the next alone
)
def test_the_margin_is_how_far_the_best_is_ahead(confidences: tuple[float, ...], margin: float) -> None:
    assert Ranking("sure", tuple(Match(f"a/{n}", each) for n, each in enumerate(confidences))).margin == margin
