from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest

from bot.core.audience import Person
from bot.core.rulebook.rules import Group, Rules
from bot.errors import StoreDown
from bot.ports import Directory, Registry
from bot.slack.directory import SlackDirectory
from tests.slack.payloads import US
from tests.slack.web_api import Json, WebApi, web_api

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANNA: Json = {
    "ok": True,
    "user": {
        "id": "U0ANNA",
        "team_id": "T0HOME",
        "name": "anna.meier",
        "real_name": "Anna Meier",
        "tz": "Europe/Berlin",
        "locale": "de-DE",
        "is_restricted": False,
        "is_ultra_restricted": False,
        "profile": {
            "real_name": "Anna Meier",
            "display_name": "anna",
            "first_name": "Anna",
            "email": "anna@example.com",
        },
    },
}
ANNA_KNOWN = Person(
    id="U0ANNA",
    team="T0HOME",
    name="Anna Meier",
    first_name="Anna",
    email="anna@example.com",
    timezone="Europe/Berlin",
    locale="de-DE",
)


class FakeRegistry:
    """Keeps the port's promises in memory; `down` makes every method raise."""

    def __init__(self) -> None:
        self.people: dict[tuple[str, str], tuple[Person, datetime]] = {}
        self.groups: dict[str, frozenset[str]] = {}
        self.down = False

    def person(self, team: str, user: str) -> tuple[Person, datetime] | None:
        self._check()
        return self.people.get((team, user))

    def remember(self, person: Person, at: datetime) -> None:
        self._check()
        self.people[person.team, person.id] = (person, at)

    def usergroups(self, team: str) -> Mapping[str, frozenset[str]]:  # noqa: ARG002  as the port has it
        self._check()
        return self.groups

    def remember_usergroup(self, team: str, usergroup: str, users: frozenset[str], at: datetime) -> None:  # noqa: ARG002
        self._check()
        self.groups = {**self.groups, usergroup: users}

    def _check(self) -> None:
        if self.down:
            raise StoreDown("the disk is full")


class House:
    """A directory with everything around it, at noon."""

    def __init__(self, api: WebApi) -> None:
        self.api, self.registry, self.now = api, FakeRegistry(), NOON
        self.rules = Rules(queues={})
        registry: Registry = self.registry
        self.directory = SlackDirectory(
            api.client(), registry, US, lambda: self.rules, clock=lambda: self.now, first_contact=timedelta(seconds=5)
        )

    def person(self, user: str = "U0ANNA", *, external: bool = False) -> Person:
        directory: Directory = self.directory
        return directory.person("T0HOME", user, external=external)


@pytest.fixture
def house() -> Iterator[House]:
    with web_api({"users.info": ANNA}) as api:
        house = House(api)
        yield house
        house.directory.stop()


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_first_contact_waits_for_slack_and_is_remembered(house: House) -> None:
    assert house.person() == ANNA_KNOWN
    assert house.registry.people == {("T0HOME", "U0ANNA"): (ANNA_KNOWN, NOON)}
    assert [asked["user"] for asked in house.api.asked("users.info")] == ["U0ANNA"]


def test_what_is_known_is_served_without_asking(house: House) -> None:
    house.registry.remember(ANNA_KNOWN, NOON - timedelta(hours=23))

    assert house.person() == ANNA_KNOWN
    assert house.api.calls == []


def test_what_is_a_day_old_is_served_at_once_and_asked_for_behind_it(house: House) -> None:
    old = replace(ANNA_KNOWN, name="Anna Schmidt")
    house.registry.remember(old, NOON - timedelta(hours=25))

    with blocked(house.api) as go:
        assert house.person() == old
        go.set()
        until(lambda: house.registry.people["T0HOME", "U0ANNA"][1] == NOON)
    assert house.person() == ANNA_KNOWN


def test_a_first_contact_does_not_wait_for_ever(house: House) -> None:
    house.directory._first_contact = 0.05
    with blocked(house.api) as go:
        assert house.person(external=True) == Person(id="U0ANNA", team="T0HOME", external=True, unread=True)
        assert house.registry.people == {}  # what nobody said is not stored as if they had
        go.set()
        until(lambda: house.registry.people)
    assert house.person() == ANNA_KNOWN


def test_many_at_once_ask_once(house: House) -> None:
    seen: list[Person] = []
    with blocked(house.api) as go:
        askers = [Thread(target=lambda: seen.append(house.person())) for _ in range(8)]
        for asker in askers:
            asker.start()
        until(lambda: house.api.asked("users.info"))
        go.set()
        for asker in askers:
            asker.join()

    assert seen == [ANNA_KNOWN] * 8
    assert len(house.api.asked("users.info")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": False, "error": "user_not_found"},  # Slack Connect
        {"ok": False, "error": "user_not_visible"},
        {"ok": False, "error": "missing_scope", "needed": "users:read", "provided": "chat:write"},
        {"ok": True},
        {"ok": True, "user": "U0ANNA"},
    ],
)
def test_a_profile_that_cannot_be_read_is_no_reason_to_fail(house: House, answer: Json) -> None:
    house.api.answers["users.info"] = answer

    for _ in range(3):
        assert house.person(external=True) == Person(id="U0ANNA", team="T0HOME", external=True, unread=True)
    assert house.registry.people == {}
    assert len(house.api.asked("users.info")) == 1  # nor to ask again with every message


def test_a_slack_that_wants_to_be_left_alone_is(house: House) -> None:
    house.api.answers["users.info"] = {"ok": False, "error": "ratelimited"}
    house.api.headers["retry-after"] = "30"

    house.person()
    house.person("U0BEN")

    assert len(house.api.asked("users.info")) == 1


@pytest.mark.parametrize(
    ("user", "person"),
    [
        ({}, Person(id="U0ANNA", team="T0HOME")),  # as thin as it gets
        ({"profile": None, "tz": None, "real_name": None}, Person(id="U0ANNA", team="T0HOME")),
        (
            {"profile": {"display_name": "anna"}, "name": "anna.m"},
            Person(id="U0ANNA", team="T0HOME", name="anna"),
        ),
        ({"name": "anna.m", "profile": {}}, Person(id="U0ANNA", team="T0HOME", name="anna.m")),
        (
            {"profile": {"display_name": "", "real_name": "Anna Meier"}},
            Person(id="U0ANNA", team="T0HOME", name="Anna Meier", first_name="Anna"),
        ),
        ({"is_restricted": True}, Person(id="U0ANNA", team="T0HOME", guest=True)),
        ({"is_ultra_restricted": True}, Person(id="U0ANNA", team="T0HOME", guest=True)),
        ({"is_bot": True}, Person(id="U0ANNA", team="T0HOME", bot=True)),
        ({"is_stranger": True}, Person(id="U0ANNA", team="T0HOME", external=True)),
        ({"team_id": "T0OTHER"}, Person(id="U0ANNA", team="T0HOME", external=True)),
        ({"team_id": "T0HOME"}, Person(id="U0ANNA", team="T0HOME")),
    ],
)
def test_a_profile_may_lack_everything(house: House, user: dict[str, Any], person: Person) -> None:
    house.api.answers["users.info"] = {"ok": True, "user": {"id": "U0ANNA", **user}}

    assert house.person() == person


def test_who_is_external_in_one_place_is_not_so_for_ever(house: House) -> None:
    assert house.person(external=True).external
    assert not house.person().external


def test_groups_follow_the_rules_of_now(house: House) -> None:
    assert house.person().groups == frozenset()
    house.rules = Rules(
        queues={}, groups={"board": Group(users=("U0ANNA",)), "us": Group(email_domains=("example.com",))}
    )
    assert house.person().groups == {"board", "us"}


def test_user_groups_of_the_rules_are_read_at_the_start(house: House) -> None:
    house.rules = Rules(queues={}, groups={"desk": Group(usergroup="S0DESK"), "gone": Group(usergroup="S0GONE")})
    house.api.answers["usergroups.users.list"] = [
        {"ok": True, "users": ["U0ANNA", "U0BEN"]},
        {"ok": False, "error": "no_such_subteam"},
    ]
    house.directory.start()
    until(lambda: len(house.api.asked("usergroups.users.list")) == 2)

    assert [asked["usergroup"] for asked in house.api.asked("usergroups.users.list")] == ["S0DESK", "S0GONE"]
    assert house.person().groups == {"desk"}


def test_user_groups_that_slack_holds_back_are_asked_for_when_it_says_so_and_the_next_not_before(house: House) -> None:
    house.rules = Rules(queues={}, groups={"desk": Group(usergroup="S0DESK"), "vip": Group(usergroup="S0VIP")})
    house.api.answers["usergroups.users.list"] = [
        {"ok": False, "error": "ratelimited"},  # for a second, as Slack does not say for how long
        {"ok": True, "users": ["U0ANNA"]},
    ]
    house.directory.start()
    until(lambda: len(house.registry.groups) == 2)

    assert [asked["usergroup"] for asked in house.api.asked("usergroups.users.list")] == ["S0DESK", "S0DESK", "S0VIP"]
    assert house.person().groups == {"desk", "vip"}


def test_with_the_store_down_a_person_is_still_a_person(house: House) -> None:
    house.registry.down = True
    house.directory._first_contact = 0.05

    assert house.person(external=True) == Person(id="U0ANNA", team="T0HOME", external=True, unread=True)
    assert house.directory.name_of("U0ANNA") is None


def test_a_name_is_given_if_it_is_known_and_asked_for_if_not(house: House) -> None:
    assert house.directory.name_of("U0ANNA") is None
    until(lambda: house.registry.people)
    assert house.directory.name_of("U0ANNA") == "Anna Meier"
    assert house.directory.name_of("") is None


def test_after_a_stop_nothing_is_asked_any_more(house: House) -> None:
    house.directory.start()
    house.directory.stop()

    assert house.person() == Person(id="U0ANNA", team="T0HOME", unread=True)
    assert house.api.asked("users.info") == []


@contextmanager
def blocked(api: WebApi) -> Iterator[Event]:
    """Slack takes its time until the event is set."""
    go = Event()
    answer = api.answer

    def slow(method: str, given: Json) -> tuple[int, Json]:
        said = answer(method, given)
        go.wait(5)
        return said

    api.answer = slow  # type: ignore[method-assign]
    try:
        yield go
    finally:
        go.set()
        api.answer = answer  # type: ignore[method-assign]
