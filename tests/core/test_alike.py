"""When two questions say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.joining.alike import alike, most_alike

SAME = 0.78  # as in the shipped rules


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("the gloop machine is broken", "The gloop machine is BROKEN!!", True),  # how it is written does not matter
        ("billing portal shows a blank page", "blank page in the billing portal", True),  # nor the order
        ("printer is broken", "the printer on floor 3 is broken", True),  # nor what one says beyond the other
        ("my laptop won't start", "my laptop does not start anymore", True),  # short forms and stems are read
        ("vpn is down", "vpn not working", True),  # a word that both lean on, and little else
        ("vpn is down", "how do i set up the vpn on my phone", False),  # that word in a question about something else
        ("i need a new monitor", "i need a new laptop", False),  # another thing is wanted
        ("my laptop is broken", "the coffee machine leaks", False),  # nothing in common
        ("", "my laptop is broken", False),  # no words are like none
        ("is it?", "is it?", False),  # nor are those that say nothing
    ],
)
def test_when_two_questions_are_the_same(one: str, other: str, is_same: bool) -> None:
    assert (alike(one, other) >= SAME) is is_same


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share_and_the_same_either_way(one: str, other: str) -> None:
    likeness = alike(one, other)

    assert 0 <= likeness <= 1
    assert likeness == alike(other, one)


def test_the_likest_of_several_counts() -> None:
    assert most_alike("printer broken", ["the coffee machine leaks", "printer broken"]) == 1
    assert most_alike("printer broken", []) == 0
