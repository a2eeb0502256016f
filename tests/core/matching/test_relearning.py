"""What outcomes teach: a matcher that was too shy answers more, one that was too bold answers less."""

from __future__ import annotations

import pytest

from bot.core.matching.scoring.calibrating import Calibration
from bot.core.matching.scoring.outcomes import Outcome
from bot.core.matching.scoring.relearning import FEWEST, WRONG_AT_MOST, Seen, relearned, seen_in
from bot.errors import TooFewOutcomes

NOW = Calibration(steepness=12, middle=0.2, first_sure=0.3)


def many(score: float, right: bool, times: int) -> list[Seen]:
    return [Seen(score, right)] * times


def test_who_was_always_right_may_answer_more() -> None:
    learnt = relearned(NOW, [*many(0.25, True, 150), *many(0.5, True, 150)])

    assert learnt.after.first_sure == 0.25
    assert learnt.answered == (0.5, 1.0)
    assert learnt.after.confidence(0.25) > NOW.confidence(0.25)
    assert learnt.error[1] < learnt.error[0]


def test_who_was_often_wrong_answers_less() -> None:
    learnt = relearned(NOW, [*many(0.35, False, 100), *many(0.38, True, 200)])

    assert learnt.after.first_sure == 0.38
    assert learnt.wrong[0] > WRONG_AT_MOST
    assert learnt.wrong[1] <= WRONG_AT_MOST
    assert learnt.after.confidence(0.35) < NOW.confidence(0.35)


def test_the_line_moves_by_steps() -> None:
    assert relearned(NOW, many(0.9, True, 300)).after.first_sure == 0.4
    assert relearned(NOW, many(0.01, True, 300)).after.first_sure == 0.2


def test_too_few_outcomes_teach_nothing() -> None:
    with pytest.raises(TooFewOutcomes, match=f"it takes {FEWEST}"):
        relearned(NOW, many(0.5, True, FEWEST - 1))


@pytest.mark.parametrize(
    ("outcomes", "seen"),
    [
        ([Outcome(1, "q", "a/best", is_meant=True)], [True]),
        ([Outcome(1, "q", "a/other", is_meant=True)], [False]),
        ([Outcome(1, "q", "a/best", is_meant=False)], [False]),
        # That another one was not meant says nothing of the best.
        ([Outcome(1, "q", "a/other", is_meant=False)], []),
        ([Outcome(1, "q", "a/other", is_meant=False), Outcome(1, "q", "a/best", is_meant=True)], [True]),
        ([Outcome(1, "q", "a/best", is_meant=True), Outcome(2, "q", "a/best", is_meant=False)], [True, False]),
        ([Outcome(1, "nothing like it", "a/best", is_meant=True)], []),
    ],
)
def test_a_question_is_scored_anew_and_held_against_what_was_meant(outcomes: list[Outcome], seen: list[bool]) -> None:
    found = seen_in(outcomes, lambda text: ("a/best", 0.4) if text == "q" else None)

    assert [one.right for one in found] == seen
