"""A customer's own requests, and the Home tab that shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from bot.core import sentences
from bot.core.audience import Person
from bot.core.case import Case
from bot.core.events import HomeShown, ListShown, Outcome
from bot.core.lists import home, my_requests
from bot.core.rulebook.rules import Duplicates
from bot.core.saying import Listing
from bot.core.scene import Scene, Surroundings
from bot.core.stimuli import Command, Place
from bot.core.worklist import AtDesk
from tests.core.situations import CUSTOMER, DANA, HELP, KNOWLEDGE, NOON, TEAM, with_rules
from tests.core.test_worklist import CASE as AT_DESK

CASE = Case(
    "TBCDFGHJ", Place(TEAM, HELP, "1.000001", CUSTOMER), version=3, state="open", question=2, question_channel=HELP,
    question_ts="1.000001", opened_at=NOON,
)  # fmt: skip
WITH_PEOPLE = replace(CASE, state="handed_off", queue="tech", told_due_at=NOON + timedelta(hours=1))
CLAIMED = replace(WITH_PEOPLE, state="claimed", owner=DANA)
YOUR_TURN = replace(CLAIMED, first_reply_at=NOON, waits_for_customer=True)
CLOSED = replace(CASE, state="closed", outcome="resolved_by_bot", closed_at=NOON - timedelta(days=1))


@pytest.mark.parametrize(
    ("case", "about"),
    [
        (CASE, "with me, the bot"),
        (WITH_PEOPLE, "with Technical Support, waiting for somebody to take it · first answer due {due}"),
        (replace(WITH_PEOPLE, told_due_at=None), "with Technical Support, waiting for somebody to take it"),
        (
            replace(WITH_PEOPLE, told_due_at=None, due_first_at=NOON + timedelta(hours=1)),  # they were told no time
            "with Technical Support, waiting for somebody to take it",
        ),
        (replace(WITH_PEOPLE, told_due_at=NOON), "with Technical Support, waiting for somebody to take it"),
        (replace(WITH_PEOPLE, operators="C0OPS"), "with the team that runs me, waiting for somebody to take it"),
        (CLAIMED, "with {who} from Technical Support · first answer due {due}"),
        (replace(CLAIMED, first_reply_at=NOON), "with {who} from Technical Support"),  # they have been answered
        (YOUR_TURN, "with {who} from Technical Support, who wrote last"),
        (replace(CLAIMED, operators="C0OPS", first_reply_at=NOON), "with {who} from the team that runs me"),
        (CLOSED, "closed: you said that it was fixed"),
    ],
)  # fmt: skip
def test_where_a_request_stands(case: Case, about: str) -> None:
    (item,) = my_requests.requests([case], KNOWLEDGE, NOON)

    assert item.about == f"`TBCDFGHJ` · {about}"


def test_every_outcome_has_words() -> None:
    assert set(sentences.REQUEST_OVER) == set(get_args(Outcome))


@pytest.mark.parametrize(
    ("cases", "labels"),
    [
        ([CLOSED], ["Reopen"]),
        ([CASE], []),  # is open
        ([replace(CLOSED, closed_at=NOON - timedelta(days=8))], []),  # too long ago
        ([CASE, replace(CLOSED, id="TCDFGHJK")], []),  # another of theirs is open in its place
        ([replace(CASE, place=replace(CASE.place, thread_ts="2.0")), replace(CLOSED, id="TCDFGHJK")], ["Reopen"]),
    ],
)
def test_what_can_be_opened_again(cases: list[Case], labels: list[str]) -> None:
    items = my_requests.requests(cases, KNOWLEDGE, NOON)

    assert [button.label for item in items for button in item.buttons] == labels


def test_what_is_open_comes_first() -> None:
    items = my_requests.requests([CLOSED, replace(CASE, id="TCDFGHJK")], KNOWLEDGE, NOON)

    assert [item.about.split("`")[1] for item in items] == ["TCDFGHJK", "TBCDFGHJ"]


@pytest.mark.parametrize(
    ("days", "listed"),
    [(30, 30), (1, 7)],  # as long as it can be opened again, and a week at least
)
def test_how_long_a_closed_request_is_listed(days: int, listed: int) -> None:
    rules = with_rules(duplicates=Duplicates(reopen_within=timedelta(days=days))).rules

    assert my_requests.listed_for(rules) == timedelta(days=listed)


def test_what_does_not_fit_is_counted() -> None:
    own = tuple(replace(CASE, id=f"T{n}") for n in range(my_requests.LISTED + 2))

    assert len(_status(own).groups[0].items) == my_requests.LISTED
    assert "And 2 more" in _status(own).foot
    assert _status(own[: my_requests.LISTED]).foot == ""
    assert "no open request" in _status(()).lead


def _status(own: tuple[Case, ...]) -> Listing:
    command = Command(key="c:1", team=TEAM, user=CUSTOMER, channel=HELP, text="status", response_url="")
    scene = Scene(Case("TNEW", CASE.place), Surroundings(Person(CUSTOMER, TEAM), "TNEW", own=own), KNOWLEDGE, NOON)
    (event,) = my_requests.show(scene, command)
    assert isinstance(event, ListShown)
    return event.listing


# --- the Home tab -----------------------------------------------------------------------------------------------------


def _home(user: str = CUSTOMER, *, own: tuple[Case, ...] = (), desk: tuple[AtDesk, ...] = (), page: int = 0) -> Listing:
    around = Surroundings(Person(user, TEAM), "TNEW", own=own, desk=desk)
    (event,) = home.show(Scene(Case("TNEW", CASE.place), around, KNOWLEDGE, NOON), page)
    assert isinstance(event, HomeShown)
    return event.listing


def _labels(listing: Listing) -> list[str]:
    return [button.label for button in listing.buttons]


def test_a_customer_reads_what_this_is_and_can_get_a_person() -> None:
    listing = _home(own=(CASE,))

    assert "I'm the support bot" in listing.lead
    assert [group.title for group in listing.groups] == ["My requests"]
    assert _labels(listing) == ["Talk to a person", "Refresh"]


def test_a_specialist_reads_their_queues_and_their_own_requests_below() -> None:
    listing = _home(DANA, own=(CASE,), desk=(AT_DESK, replace(AT_DESK, case="MINE", owner=DANA)))

    assert [group.title for group in listing.groups] == ["Unclaimed", "Mine", "My requests"]
    assert _labels(listing) == ["Refresh"]


def test_who_has_a_case_is_a_specialist_whatever_the_rules_say() -> None:
    listing = _home("UHELPER", desk=(replace(AT_DESK, owner="UHELPER"),))

    assert [group.title for group in listing.groups] == ["Mine"]


@pytest.mark.parametrize(
    ("page", "items", "labels", "foot"),
    [
        (0, 20, ["Refresh", "21 more"], "Page 1"),
        (1, 20, ["Refresh", "Back a page", "1 more"], "Page 2"),
        (2, 1, ["Refresh", "Back a page"], "Page 3"),
        (9, 1, ["Refresh", "Back a page"], "Page 3"),  # there were more when the button was drawn
    ],
)
def test_what_does_not_fit_is_on_further_pages(page: int, items: int, labels: list[str], foot: str) -> None:
    desk = tuple(replace(AT_DESK, case=f"T{n:07}") for n in range(41))
    listing = _home(DANA, desk=desk, page=page)

    assert sum(len(group.items) for group in listing.groups) == items
    assert (_labels(listing), listing.foot) == (labels, foot)


@pytest.mark.parametrize(
    ("choice", "page"),
    [("0", 0), ("3", 3), ("", 0), ("-1", 0), ("x", 0), ("99999999", 0), ("²", 0)],
)
def test_a_page_that_is_no_number_is_the_first(choice: str, page: int) -> None:
    assert home.page_of(choice) == page
