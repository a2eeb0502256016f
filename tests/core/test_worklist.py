"""What a specialist should look at: each case once, under what it needs, oldest deadline first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.audience import Person
from bot.core.clocks.clock import Deadline
from bot.core.course import ClockOf
from bot.core.lists.queues import looked_at, queues_of
from bot.core.rulebook.rules import Group, Queue, Rules
from bot.core.saying import Group as Listed
from bot.core.saying import In, Item
from bot.core.worklist import AtDesk, grouped, part
from tests.core.situations import CUSTOMER, DANA, EMIL, HELP, NOON, RULES, TEAM

CASE = AtDesk(
    case="TBCDFGHJ", version=3, queue="tech", priority="p3", customer=CUSTOMER, owner="", question=2,
    handed_off_at=NOON, due=Deadline("first_response", NOON + timedelta(hours=2)), waits_for_customer=False,
    card=In("C0TECH", "1.000001"),
)  # fmt: skip
SOON, CALLED, UNCLAIMED, MINE, WAITING = (
    "Due within 30 minutes, or overdue",
    "You were called to these",
    "Unclaimed",
    "Mine",
    "Waiting for the customer",
)


def due(minutes: float, of: ClockOf = "first_response") -> Deadline:
    return Deadline(of, NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, UNCLAIMED),
        ({"due": None}, UNCLAIMED),  # nothing is promised
        ({"due": due(31)}, UNCLAIMED),
        ({"due": due(30)}, SOON),
        ({"due": due(-90)}, SOON),  # overdue
        ({"owner": DANA}, MINE),
        ({"owner": DANA, "due": due(5)}, SOON),  # claimed, and still not answered
        ({"owner": DANA, "due": due(5, "next_response")}, SOON),  # answered, and asked again
        ({"owner": DANA, "due": due(90, "resolution")}, MINE),
        ({"owner": DANA, "waits_for_customer": True, "due": None}, WAITING),
        ({"owner": DANA, "called": True}, CALLED),
        ({"owner": EMIL}, None),  # a colleague has it
        ({"owner": EMIL, "due": due(-90)}, None),
    ],
)
def test_where_a_case_is_listed(changes: dict[str, object], title: str | None) -> None:
    groups = grouped([replace(CASE, **changes)], DANA, RULES, NOON)  # type: ignore[arg-type]

    assert [group.title for group in groups] == ([title] if title else [])


def test_the_oldest_deadline_comes_first_and_what_has_none_last() -> None:
    cases = [
        replace(CASE, case="NONE", due=None),
        replace(CASE, case="LATE", due=due(300)),
        replace(CASE, case="EARLY", due=due(60, "resolution")),
        replace(CASE, case="OLDER", due=None, handed_off_at=NOON - timedelta(days=1)),
    ]

    (group,) = grouped(cases, DANA, RULES, NOON)

    assert [item.about.split("`")[1] for item in group.items] == ["EARLY", "LATE", "OLDER", "NONE"]


@pytest.mark.parametrize(
    ("of", "minutes", "told"),
    [
        ("first_response", 60, "first answer due {due}"),
        ("next_response", 60, "next answer due {due}"),
        ("resolution", 60, "to be solved by {due}"),
        ("first_response", 0, "first answer was due {due}"),  # the moment itself is late
        ("next_response", -1, "next answer was due {due}"),
        ("resolution", -1, "was to be solved by {due}"),
    ],
)
def test_it_says_what_is_due(of: ClockOf, minutes: float, told: str) -> None:
    at = due(minutes, of)

    ((item,),) = (group.items for group in grouped([replace(CASE, due=at)], DANA, RULES, NOON))

    assert told in item.about.split(" · ")
    assert item.due == at.at.timestamp()


def test_what_waits_for_the_customer_has_nothing_due() -> None:
    ((item,),) = (g.items for g in grouped([replace(CASE, owner=DANA, due=None)], DANA, RULES, NOON))

    assert (item.due, "due" in item.about, "solved" in item.about) == (None, False, False)


def test_an_unclaimed_case_can_be_claimed_and_one_of_mine_cannot() -> None:
    unclaimed, mine = grouped([CASE, replace(CASE, case="MINE", owner=DANA)], DANA, RULES, NOON)

    assert [(button.kind, button.case) for button in unclaimed.items[0].buttons] == [("claim", "TBCDFGHJ")]
    assert mine.items[0].buttons == ()


def test_queues_are_named_where_there_are_several() -> None:
    (alone,) = grouped([CASE], DANA, RULES, NOON)
    (both,) = grouped([CASE, replace(CASE, case="TZ", queue="care")], DANA, RULES, NOON)

    assert "Technical Support" not in alone.items[0].about
    assert ["Technical Support" in item.about for item in both.items] == [True, False]


# --- pages ------------------------------------------------------------------------------------------------------------


LETTERS = (Listed("x", tuple(Item(letter) for letter in "abc")), Listed("y", tuple(Item(letter) for letter in "de")))


@pytest.mark.parametrize(
    ("start", "limit", "page", "more"),
    [
        (0, 10, [("x", "abc"), ("y", "de")], 0),  # all of it
        (0, 3, [("x", "abc")], 2),  # no empty heading
        (0, 4, [("x", "abc"), ("y", "d")], 1),
        (2, 2, [("x", "c"), ("y", "d")], 1),  # over the edge of a group
        (3, 2, [("y", "de")], 0),
        (5, 2, [], 0),  # beyond the end
    ],
)
def test_a_page_is_a_part_of_the_items_under_their_headings(
    start: int, limit: int, page: list[tuple[str, str]], more: int
) -> None:
    shown, left = part(LETTERS, start, limit)

    assert [(group.title, "".join(item.title for item in group.items)) for group in shown] == page
    assert left == more


# --- who may look at which queue --------------------------------------------------------------------------------------


DESK = Rules(
    queues={
        "tech": Queue("tech", "C0TECH", members=(DANA,)),
        "care": Queue("care", "C0CARE", members=("carers",)),
        "open": Queue("open", "C0OPEN"),  # names nobody
    },
    default_queue="tech",
    groups={"carers": Group(users=(EMIL,))},
)
WHO = {
    "dana": Person(DANA, TEAM),
    "emil": Person(EMIL, TEAM, groups=frozenset({"carers"})),
    "customer": Person(CUSTOMER, TEAM),
    "guest": Person("UGUEST", TEAM, guest=True),
}


@pytest.mark.parametrize(
    ("who", "named", "channel", "seen"),
    [
        ("dana", "", HELP, ["tech"]),  # a member, by id
        ("emil", "", HELP, ["care"]),  # a member, by group
        ("dana", "", "C0TECH", ["tech"]),
        ("dana", "", "C0CARE", []),  # the channel's queue is meant, and is not theirs
        ("dana", "care", HELP, []),
        ("emil", "care", "C0TECH", ["care"]),
        ("customer", "", HELP, []),
        ("customer", "tech", "C0TECH", []),
        ("dana", "", "C0OPEN", ["open"]),  # who is in the channel of a queue that names nobody
        ("dana", "open", HELP, []),  # from elsewhere there is no telling
        ("guest", "", "C0OPEN", []),
    ],
)
def test_who_may_look_at_which_queue(who: str, named: str, channel: str, seen: list[str]) -> None:
    assert list(looked_at(named, WHO[who], channel, DESK)) == seen


def test_a_lead_who_may_claim_anything_looks_at_every_queue() -> None:
    rules = replace(DESK, permissions={"claim": (EMIL,)})

    assert queues_of(WHO["emil"], rules) == ("tech", "care", "open")
    assert queues_of(WHO["dana"], rules) == ()
