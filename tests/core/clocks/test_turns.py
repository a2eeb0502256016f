"""Whose turn it is: since when a customer waits for people, and when people waited for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.course import Wait
from tests.core.clocks.stories import happened, minute, told

Waits = tuple[tuple[int, int | None], ...]


def written(waits: Waits) -> tuple[Wait, ...]:
    return tuple(Wait(minute(since), None if until is None else minute(until)) for since, until in waits)


@pytest.mark.parametrize(
    ("story", "waits", "unanswered"),
    [
        # H handed off, F the customer wrote, R replied, E sent an entry, S still stuck with that, N a note,
        # A another person's, T transferred, D resolved and closed, O opened again, B back to the bot
        ("H", (), None),
        ("HFF", (), None),  # nobody has answered at all yet, which is what the first response is for
        ("HN", (), None),  # a note is for colleagues
        ("HR", ((1, None),), None),
        ("HFR", ((2, None),), None),
        ("HE", ((1, None),), None),  # an entry is an answer too
        ("HRR", ((1, None),), None),  # two answers in a row are one wait
        ("HRER", ((1, None),), None),
        ("HRN", ((1, None),), None),
        ("HRF", ((1, 2),), 2),
        ("HRFFF", ((1, 2),), 2),  # since the first of their words
        ("HRFN", ((1, 2),), 2),
        ("HRFA", ((1, 2),), 2),  # another person has it, and the customer waits as long
        ("HRFR", ((1, 2), (3, None)), None),
        ("HRFRF", ((1, 2), (3, 4)), 4),
        ("HES", ((1, 2),), 2),  # what people sent did not help: they are asked again
        ("HRs", ((1, None),), None),  # what the bot said before did not: nobody is asked
        # Another team
        ("HT", (), None),
        ("HRT", ((1, 2),), None),  # its first answer is waited for, and nobody waits for the customer
        ("HRFT", ((1, 2),), None),
        ("HRTF", ((1, 2),), None),
        ("HRTFR", ((1, 2), (4, None)), None),
        ("HRTFRF", ((1, 2), (4, 5)), 5),
        # Over, and opened again
        ("HRD", ((1, None),), None),
        ("HRFD", ((1, 2),), None),  # solved: that was the answer
        ("HDO", ((1, 2),), 2),  # while it was closed there was nothing to do
        ("HRDO", ((1, 3),), 3),
        ("HRFDO", ((1, 2), (3, 4)), 4),
        ("HRFDOF", ((1, 2), (3, 4)), 4),
        ("HRFDOR", ((1, 2), (3, 4), (5, None)), None),
        ("HRFDODO", ((1, 2), (3, 4), (5, 6)), 6),
        # With the bot, and handed off anew
        ("HRFBH", (), None),
        ("HRBHF", (), None),
        ("HRBHR", ((4, None),), None),
    ],
)
def test_what_a_case_knows_of_whose_turn_it_is(story: str, waits: Waits, unanswered: int | None) -> None:
    case = told(story)

    assert case.waits == written(waits)
    assert case.unanswered_since == (None if unanswered is None else minute(unanswered))


def test_the_first_response_is_that_of_the_queue_that_has_it() -> None:
    assert told("HFR").first_reply_at == minute(2)
    assert told("HFRT").first_reply_at is None
    assert told("HRTR").first_reply_at == minute(3)
    assert told("HD").first_reply_at == minute(1)  # solved without a word is answered as well


_NEXT = {"": "H", "D": "O", "B": "H"}  # nothing else can happen then


@st.composite
def stories(draw: st.DrawFn) -> str:
    story = "H"
    for _ in range(draw(st.integers(0, 12))):
        story += _NEXT.get(story[-1]) or draw(st.sampled_from("FFRREsNATDB"))
    return story


@given(stories(), st.lists(st.integers(0, 600), min_size=13, max_size=13))
def test_waits_are_in_order_and_apart_and_only_the_last_goes_on(story: str, gaps: list[int]) -> None:
    case = happened(*((letter, sum(gaps[:n])) for n, letter in enumerate(story)))

    ended = [wait.until for wait in case.waits[:-1]]
    assert None not in ended
    moments = [moment for wait in case.waits for moment in (wait.since, wait.until) if moment is not None]
    assert moments == sorted(moments)
    if case.with_people:
        assert case.waits_for_customer == bool(case.waits and case.waits[-1].until is None)
        assert not (case.waits_for_customer and case.unanswered_since)
        assert case.first_reply_at is not None or not case.waits_for_customer
