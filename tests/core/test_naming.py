"""Naming one of the choices on offer in words, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tier1.naming import Choice, named

TITLES = ("Reset a password", "Unlock an account", "Connect to the VPN")


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("the second one", 1),  # as people say it
        ("2", 1),  # as short as it gets
        ("2.", 1),  # as a list has it
        ("#2", 1),  # with a sign
        ("no 2", 1),  # "no" for number
        ("No. 2 please", 1),  # written properly
        ("no, the second one", 1),  # a no to the others
        ("number two", 1),  # in letters
        ("option 3", 2),  # as a menu has it
        ("the last", 2),  # from the end
        ("last one please", 2),  # politely
        ("first", 0),  # one word
        ("the 1st", 0),  # as a figure
        ("the middle one", 1),  # of three
        ("I think it's the second", 1),  # with a doubt
        ("let's take the first", 0),  # as a proposal
        ("the third of these", 2),  # with what it is one of
        ("unlock an account", 1),  # the title, as it stands on the button
        ("the vpn one", 2),  # by what only one title speaks of
        ("the one about the password", 0),  # the other way round
        ("neither", "none"),  # none of these
        ("none of them", "none"),  # the same
        ("nope, none of those fit", "none"),  # the same in full
        ("something else", "none"),  # and so is this
        ("the fourth", None),  # there is no such
        ("4", None),  # nor this
        ("not the first one", None),  # leaves two
        ("both", None),  # leaves two
        ("yes", None),  # to which?
        ("the one", None),  # which?
        ("the latter", None),  # is of two
        ("my second screen is dark", None),  # a question with a number in it
        ("this is the second time", None),  # a complaint with a number in it
        ("2 factor", None),  # a thing with a number in it
        ("nothing works", None),  # not about the choices
        ("the portal one", None),  # no title speaks of it
        ("the a one", None),  # all titles do
        ("", None),  # nothing
    ],
)
def test_which_of_three_is_meant(said: str, choice: Choice | None) -> None:
    assert named(said, TITLES) == choice


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("yes", 0),  # there is only one to say yes to
        ("yes please", 0),  # politely
        ("that's it", 0),  # in other words
        ("yes, that one", 0),  # in more words
        ("none", "none"),  # a no
        ("no", None),  # a plain no says that it is wrong, which has words of its own
        ("the second one", None),  # there is none
        ("yes i want a refund", None),  # says more
    ],
)
def test_whether_the_only_one_is_meant(said: str, choice: Choice | None) -> None:
    assert named(said, TITLES[:1]) == choice


def test_of_two_the_latter_is_the_second() -> None:
    assert named("the latter", TITLES[:2]) == 1


def test_an_entry_that_is_there_no_more_keeps_its_number() -> None:
    assert named("the third", ("Reset a password", "", "Connect to the VPN")) == 2


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_no_text_raises_and_a_number_is_of_one_that_is_there(said: str, titles: list[str]) -> None:
    choice = named(said, titles)

    assert choice is None or choice == "none" or 0 <= choice < len(titles)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["yes ", "it is ", "the ", "one ", "i think ", "no "])
def test_a_hostile_text_is_read_in_one_go(piece: str) -> None:
    assert named(piece * 15 + "flurb", TITLES) is None
    assert named(piece * 10_000, TITLES) is None
