"""Scores and what follows from them: closed forms against the long way, ties, and what takes no part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.core.matching.reading.parts import Part
from bot.core.matching.scoring.calibrating import Calibration, calibrated, curve_through, standing
from bot.core.matching.scoring.joining import joined, slopes
from bot.core.matching.scoring.likeness import Texts
from bot.core.matching.scoring.ngrams import NGrams
from bot.core.matching.scoring.ridge import Ridge
from bot.core.matching.scoring.rows import Row

SAID = (
    ("reset", "my", "password"),
    ("i", "forgot", "my", "password"),
    ("new", "password"),
    ("my", "account", "is", "locked"),
    ("locked", "out", "of", "my", "account"),
    ("cancel", "the", "order"),
    ("stop", "my", "order"),
)
OWNERS = (0, 0, 0, 1, 1, 2, 2)
ROWS = [Row(entry, " ".join(said), said, said) for entry, said in zip(OWNERS, SAID, strict=True)]
ALL = np.arange(len(ROWS))


class ByLetters:
    """An encoder that counts letters."""

    version, size = "test", 26

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([[text.count(chr(97 + at)) for at in range(26)] for text in texts], np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows.reshape(-1, 26) / np.maximum(lengths, 1e-9), np.float32)


def ridge_over(rows: Sequence[Row]) -> tuple[Ridge, Texts]:
    texts = Texts([row.said for row in rows], ByLetters())
    return Ridge(rows, 3, texts), texts


RIDGE, TEXTS = ridge_over(ROWS)


@pytest.mark.parametrize("left_out", range(len(ROWS)))
def test_what_is_left_out_in_closed_form_is_what_is_not_there(left_out: int) -> None:
    without_row, without_entry = RIDGE.left_out(left_out)
    alike = TEXTS.to([SAID[left_out]])[0]
    others = np.array([at for at in ALL if OWNERS[at] != OWNERS[left_out]])

    assert np.allclose(without_row, RIDGE.scores(alike, np.delete(ALL, left_out)), atol=2e-3)
    assert np.allclose(without_entry, RIDGE.scores(alike, others), atol=2e-3)


def test_what_the_signals_give_adds_up_to_the_score() -> None:
    said = [("my", "password", "is", "locked"), ("order", "my", "account")]
    alike, by_signal = TEXTS.to(said), TEXTS.by_signal(said)

    assert np.allclose(sum(by_signal.values()), alike, atol=1e-5)
    parts = [Part(said[0], is_whole=True), Part(said[0]), Part(said[1])]
    by_part = np.array([RIDGE.scores(alike[at], ALL) for at in (0, 0, 1)])
    signals = np.stack([*by_signal.values()])[:, [0, 0, 1]]
    for entry, score in enumerate(joined(by_part, parts)):
        given = RIDGE.split(entry, slopes(by_part[:, entry], parts), alike[[0, 0, 1]], signals, ALL)
        assert given.sum() == pytest.approx(score, abs=3e-4)
        assert np.count_nonzero(given) == 3


@pytest.mark.parametrize(
    "scores",
    [
        [0.7, 0.2, 0.5, 0.3],  # the first whole, and every sentence
        [0.2, 0.7, 0.5, -0.3],  # the other whole; a sentence that speaks against it takes nothing away
        [0.4, 0.3, 0.0, -0.1],  # no sentence
    ],
)
def test_what_the_parts_give_adds_up_to_the_score(scores: list[float]) -> None:
    wholes = [Part(("a",) * 9, is_whole=True), Part(("a",) * 8, is_whole=True)]
    parts = [*wholes, Part(("a",) * 6), Part(("a",) * 2)]
    by_part = np.array(scores)

    assert slopes(by_part, parts) @ by_part == pytest.approx(joined(by_part[:, np.newaxis], parts)[0], abs=1e-4)


def test_of_two_sides_of_a_question_the_nearer_counts() -> None:
    assert slopes(np.array([0.2, 0.6]), [Part(("a",)), Part(("b",))]).tolist() == [0, 1]


def test_rows_that_take_no_part_explain_nothing_away() -> None:
    twins = [*ROWS, Row(2, "reset my password", SAID[0], SAID[0])]
    ridge, texts = ridge_over(twins)
    alike = texts.to([SAID[0]])[0]

    assert ridge.scores(alike, np.arange(len(twins)))[0] < 0.7
    assert np.allclose(ridge.scores(alike, ALL), RIDGE.scores(TEXTS.to([SAID[0]])[0], ALL), atol=0.01)


def test_no_rows_give_no_scores() -> None:
    assert not RIDGE.scores(TEXTS.to([SAID[0]])[0], np.array([], np.intp)).any()


def test_likenesses_worked_out_for_a_few_are_those_of_all() -> None:
    ngrams = NGrams(SAID, of_pieces=0.1, of_words=0.05)
    some = np.array([1, 4, 6])

    assert np.allclose(ngrams.among(some), [ngrams.likeness(SAID[at])[some] for at in some], atol=1e-6)
    assert np.allclose(ngrams.likeness(SAID[1])[1], 0.15, atol=1e-6)
    assert not ngrams.likeness(("zzz",)).any()


@pytest.mark.parametrize(
    ("scores", "entry", "lead", "score"),
    [
        ([0.1, 0.8, 0.3], 1, 1.0, 0.8),  # far ahead
        ([0.8, 0.8, 0.0], 0, 0.0, 0.4),  # of two as good the first, and half of it
        ([0.5, 0.45, 0.0], 0, 0.5, 0.375),  # half way to far enough
        ([0.5], 0, 1.0, 0.5),  # alone
        ([-0.1, -0.2], 0, 0.0, 0.0),
    ],
)
def test_who_is_ahead_and_by_how_much(scores: list[float], entry: int, lead: float, score: float) -> None:
    found = standing(np.array(scores))

    assert (found.entry, round(found.lead, 6), round(found.score, 6)) == (entry, lead, score)


def test_the_curve_follows_what_was_seen() -> None:
    scores = np.linspace(0, 1, 2_000)
    right = (np.arange(2_000) % 100 / 100 < 1 / (1 + np.exp(-20 * (scores - 0.5)))).astype(np.float64)
    steepness, middle = curve_through(scores, right, around=Calibration())

    assert 14 < steepness < 24
    assert abs(middle - 0.5) < 0.05


def test_the_curve_stays_where_it_is_if_nothing_was_seen() -> None:
    usual = Calibration()

    assert curve_through(np.zeros(0), np.zeros(0), around=usual) == (usual.steepness, usual.middle)


def test_confidence_rises_with_the_score_and_a_tie_halves_it() -> None:
    usual = Calibration()
    confidences = [usual.confidence(score) for score in (0.0, 0.1, 0.2, 0.4, 0.9)]

    assert confidences == sorted(confidences)
    assert confidences[0] == 0
    assert confidences[-1] < 1
    assert usual.confidence(0.9, lead=0.0) == 0.5


def test_the_fewer_entries_the_more_it_takes_to_be_sure() -> None:
    lone, _ = ridge_over(ROWS[:3])

    assert calibrated(lone, ROWS[:3]).first_sure > calibrated(RIDGE, ROWS).first_sure > 0.3
    assert calibrated(RIDGE, []).first_sure > 0.4
