"""The same customer with the same question in another place: one case, and one honest line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.events import Absorbed, Answered, Event, HandedOff, Joined, Refused
from bot.core.rulebook.rules import Duplicates, SameUser
from bot.core.saying import FromCustomer, In, Post, Under, Words
from tests.core.many import HOUR, Floor
from tests.core.situations import COLLEAGUE, CUSTOMER, DANA, DM, EMIL, HELP, with_rules

RULES = with_rules(duplicates=Duplicates(SameUser(HOUR, 0.8)), failed_attempts=1)
GLOOP = "the gloop machine is broken"


def with_people(first: str = GLOOP) -> Floor:
    """A customer whose case, begun in the DM, is with people."""
    floor = Floor(RULES)
    floor.write(CUSTOMER, first)
    assert floor.of(CUSTOMER).with_people
    return floor


def kinds(events: list[Event]) -> set[type[Event]]:
    return {type(event) for event in events}


@pytest.mark.parametrize(
    ("first", "then", "is_joined"),
    [
        (GLOOP, "gloop machine broken!", True),  # the same in other words
        (GLOOP, "talk to a human", True),  # a bare wish: they have a person
        (GLOOP, "the gloop machine is broken, talk to a human", True),  # a wish about the same
        ("talk to a human", "talk to someone", True),  # nothing but the wish, twice
        (GLOOP, "my stapler is on fire", False),  # something else
        (GLOOP, "the stapler is on fire, talk to a human", False),  # a wish about something else
        ("talk to a human", GLOOP, False),  # nobody knows whether that was it
        (GLOOP, "the gloop machine is broken, i call my lawyer", False),  # rules send this to others
    ],
)
def test_what_is_joined_to_the_case_that_people_have(first: str, then: str, is_joined: bool) -> None:
    floor = with_people(first)

    added = kinds(floor.write(CUSTOMER, then, channel=HELP))

    assert (Joined in added) is is_joined
    assert (HandedOff in added) is not is_joined


def test_the_customer_gets_one_line_and_people_what_they_wrote() -> None:
    floor = with_people()
    first = floor.of(CUSTOMER)

    floor.write(CUSTOMER, "gloop machine broken!", channel=HELP)

    second = floor.of(CUSTOMER)
    assert (second.state, second.outcome, second.joined_into) == ("closed", "duplicate", first.id)
    told = floor.lines(In(HELP, second.place.thread_ts))
    assert told == [f"Your case {first.id} is already with Technical Support; I have added this to it."]
    thread = Under(first.card_id, "C0TECH")
    posts = [said.saying for said in floor.said if isinstance(said.saying, Post) and said.saying.where == thread]
    quoted = [post.content.words for post in posts if isinstance(post.content, FromCustomer)]
    assert quoted == [Words(second.id, second.question or 0)]
    assert sum(isinstance(event, Absorbed) for _, event in floor.logs[first.id]) == 1


def test_an_answer_that_is_known_for_sure_is_still_given() -> None:
    floor = with_people("my gloop account password")

    added = kinds(floor.write(CUSTOMER, "i forgot my password", channel=HELP))

    assert Answered in added
    assert Joined not in added


@pytest.mark.parametrize(
    ("later", "is_joined"),
    [(HOUR - timedelta(minutes=1), True), (HOUR + timedelta(minutes=1), False)],  # the window of the rules
)
def test_only_what_was_handed_off_within_the_window_is_the_same_case(later: timedelta, is_joined: bool) -> None:
    floor = with_people()

    added = kinds(floor.write(CUSTOMER, GLOOP, channel=HELP, after=later.total_seconds()))

    assert (Joined in added) is is_joined


def test_where_the_rules_say_nothing_of_it_every_handoff_is_its_own() -> None:
    floor = with_people()
    floor.knowledge = with_rules(failed_attempts=1)

    assert HandedOff in kinds(floor.write(CUSTOMER, GLOOP, channel=HELP))


def test_nobody_is_joined_to_another_persons_case() -> None:
    floor = with_people()

    assert HandedOff in kinds(floor.write(COLLEAGUE, GLOOP, channel=HELP))


# --- by hand ----------------------------------------------------------------------------------------------------------


def two_cases() -> tuple[Floor, str, str]:
    floor = with_people()
    floor.write(CUSTOMER, "my stapler is on fire", channel=HELP)
    first, second = (case.id for case in floor.cases.values())
    return floor, first, second


def test_a_specialist_joins_a_case_to_another_and_the_customer_reads_where_it_goes_on() -> None:
    floor, first, second = two_cases()

    floor.press(DANA, "duplicate", second)
    floor.send(DANA, "duplicate", second, case=first.lower())

    case = floor.cases[second]
    assert (case.outcome, case.joined_into) == ("duplicate", first)
    assert any(first in line and "{who}" in line for line in floor.lines(In(HELP, case.place.thread_ts)))
    assert any(second in line for line in floor.lines(Under(floor.cases[first].card_id, "C0TECH")))


def test_the_form_offers_the_customers_other_cases() -> None:
    floor, first, second = two_cases()

    (opened,) = floor.press(DANA, "duplicate", second)

    assert getattr(opened, "choice", "") == first


@pytest.mark.parametrize(
    ("into", "user"),
    [
        ("T0NOWHERE", DANA),  # no case has that number
        ("itself", DANA),  # no case is a duplicate of itself
        ("a colleague's", DANA),  # another customer would read what this one wrote
        ("closed", DANA),  # nobody works on it
        ("first", EMIL + "X"),  # and who has no right to it joins nothing
    ],
)
def test_what_cannot_be_joined_is_refused_and_stays_as_it_is(into: str, user: str) -> None:
    floor, first, second = two_cases()
    floor.write(COLLEAGUE, GLOOP)
    known = {"itself": second, "a colleague's": floor.of(COLLEAGUE).id, "first": first, "closed": first}
    if into == "closed":
        floor.cases[first] = replace(floor.cases[first], state="closed", outcome="resolved_by_human")
    before = floor.cases[second]

    added = floor.send(user, "duplicate", second, case=known.get(into, into))

    assert kinds(added) == {Refused}
    assert replace(floor.cases[second], version=before.version) == before
    assert DM not in {event.channel for event in added if isinstance(event, Refused)}
