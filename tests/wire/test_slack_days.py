"""Days on which each method of Slack's fails in each of its ways: they end as any other, with nothing said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from bot.core.to_customers import RECEIPT
from bot.errors import SlackDown
from bot.sandbox.faults import GARBLED
from bot.sandbox.server import Sandbox
from bot.store.upkeep import resend
from tests.wire.day import (
    AT_THE_START,
    DARK,
    METHODS,
    REPORT,
    TODAY,
    Evening,
    a_day_at_the_desk,
    alarms_a_minute,
    evening,
    house_with_usergroups,
    hurry,
    nobody_was_told_a_programmers_words,
    said,
)
from tests.wire.house import COLLEAGUE, GOLD, House

pytestmark = pytest.mark.wire

BOT = Path(__file__).parent.parent.parent / "bot"
SLOW = 1.2  # seconds
LOOKS = {"conversations.history", "conversations.replies"}  # of which there is no need where all posts are clear


def test_these_are_all() -> None:
    ours = [path for path in (BOT / "slack").glob("*.py") if path.name != "doctor.py"]  # a command for people
    code = "".join(path.read_text(encoding="utf-8") for path in ours)
    called = set(re.findall(r"client\.([a-z]+(?:_[a-zA-Z]+)+)", code)) - {"retry_handlers", "base_url"}

    assert {method.replace("_", ".") for method in called} == set(METHODS)


def assert_waits_were_kept(slack: Sandbox) -> None:
    """Nothing is asked of a method in the same place before the time that Slack named is over."""
    calls = slack.calls()
    for refused in (call for call in calls if call.status == 429):
        again = [
            call.at
            for call in calls
            if call.n > refused.n
            and call.method == refused.method
            and call.arguments.get("channel") == refused.arguments.get("channel")
            and call.arguments.get("user") == refused.arguments.get("user")
        ]
        assert not again or again[0] - refused.at >= 2, (refused.method, again[0] - refused.at)


def fail_once(slack: Sandbox, methods: Iterable[str], errors: Iterable[str], *, after: bool = False) -> None:
    for method, error in zip(methods, errors, strict=False):
        status = 200 if error in GARBLED else None
        slack.fail_next(method, error, after=after, retry_after=2, status=status)


def begin_afresh(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that knows nobody yet."""
    house.service.stop()
    for file in house.database.parent.glob(f"{house.database.name}*"):
        file.unlink()
    house.service = house.begin()
    hurry(house, monkeypatch)
    house.wait(lambda: house.slack.connections == 2, 20)


def have_met(house: House, *errors: str) -> set[str]:
    calls = house.slack.calls()
    return {call.method for call in calls if call.answer.get("error") in errors} - {"response_url"}


def were_slow(house: House) -> set[str]:
    return {call.method for call in house.slack.calls() if call.milliseconds >= SLOW * 1000}


@pytest.fixture(scope="module")
def a_good_day(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    with house_with_usergroups(tmp_path_factory.mktemp("good")) as house:
        a_day_at_the_desk(house)
        assert (GOLD, "handed_off", "tech", "p1") in evening(house).cases
        return evening(house)


@pytest.fixture
def eventful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr("bot.slack.directory._REFRESH_SOONER", timedelta(seconds=1))
    with house_with_usergroups(tmp_path) as house:
        yield house


@pytest.mark.long
@pytest.mark.parametrize(
    ("errors", "after"),
    [
        (("ratelimited",), False),  # Slack says when to come again
        (("internal_error", "service_unavailable"), False),  # 500 and 503
        (DARK, False),  # nothing was done, and nobody can tell
        (DARK, True),  # it was done, and nobody can tell
    ],
    ids=["too many requests", "server errors", "not done", "done"],
)
def test_a_day_on_which_every_method_fails_once_ends_as_any_other(
    errors: tuple[str, ...], after: bool, eventful: House, a_good_day: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, ways = eventful.slack, cycle(errors)

    def morning() -> None:
        fail_once(slack, ["chat.postMessage"], ways, after=after)  # in channels, and in threads
        if errors == ("ratelimited",) and not have_met(eventful, *errors) >= LOOKS:
            slack.fail_next("chat.postMessage", "internal_error")

    fail_once(slack, METHODS, ways, after=after)
    begin_afresh(eventful, monkeypatch)
    a_day_at_the_desk(eventful, morning)
    slack.mend()

    assert have_met(eventful, *errors) == set(METHODS)
    assert_waits_were_kept(slack)
    assert evening(eventful) == a_good_day
    assert nobody_was_told_a_programmers_words(eventful)
    assert alarms_a_minute(eventful) <= 1


@pytest.mark.long
def test_a_day_on_which_every_method_is_slow_once_ends_as_any_other(
    eventful: House, a_good_day: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = eventful.slack

    def morning() -> None:
        if were_slow(eventful) >= LOOKS:
            slack.slow("chat.postMessage", 0)
        else:
            slack.fail_next("chat.postMessage", "internal_error")
        for method in were_slow(eventful) - {"chat.postMessage"}:
            slack.slow(method, 0)

    for method in METHODS:
        slack.slow(method, SLOW)
    begin_afresh(eventful, monkeypatch)
    a_day_at_the_desk(eventful, morning)
    slack.mend()

    assert were_slow(eventful) == set(METHODS)
    assert all(len(one.attempts) == 1 for one in slack.deliveries())  # no acknowledgement waited for it
    assert evening(eventful) == a_good_day


@pytest.mark.long
def test_a_day_on_which_every_method_is_refused_once_ends_as_any_other_but_for_what_is_parked(
    eventful: House, a_good_day: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, refusals = eventful.slack, cycle(["missing_scope"])

    def morning() -> None:
        fail_once(slack, ["chat.postMessage"], refusals)
        if not have_met(eventful, "missing_scope") >= LOOKS:
            slack.fail_next("chat.postMessage", "internal_error")

    fail_once(slack, ["auth.test"], refusals)
    eventful.service.stop()
    with pytest.raises(SlackDown, match="missing_scope"):
        eventful.begin()
    fail_once(slack, [method for method in METHODS if method not in AT_THE_START], refusals)
    begin_afresh(eventful, monkeypatch)
    fail_once(slack, ["apps.connections.open"], refusals)
    slack.cut_sockets()
    eventful.wait(lambda: slack.connections == 2, 20)
    a_day_at_the_desk(eventful, morning)
    slack.mend()
    parked = eventful.rows("select lane from outbox where state = 'parked' and error = 'missing_scope'")
    resend(eventful.database, None)
    said(eventful)
    left = evening(eventful)

    assert have_met(eventful, "missing_scope") == set(METHODS)
    assert parked == [(f"@{COLLEAGUE}",)]  # as long as we may not open a DM
    assert (left.said, left.cases) == (a_good_day.said, a_good_day.cases)
    # Nobody insists on a reaction: the first one was not put there, another one not taken back.
    assert a_good_day.reactions - left.reactions == {(REPORT, RECEIPT): 1}
    assert left.reactions - a_good_day.reactions == {(TODAY, RECEIPT): 1}
    assert nobody_was_told_a_programmers_words(eventful)
    assert alarms_a_minute(eventful) <= 1


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "connection_lost", "missing_scope"])
def test_who_is_in_a_user_group_stays_known_while_slack_does_not_say(error: str, eventful: House) -> None:
    slack, dm = eventful.slack, eventful.slack.dm(GOLD)
    eventful.wait(lambda: eventful.rows("select count(*) from usergroups") == [(2,)])
    eventful.service.stop()
    slack.fail_next("usergroups.users.list", error, times=10_000, retry_after=2)
    eventful.service = eventful.begin()
    eventful.wait(lambda: [call for call in slack.calls("usergroups.users.list") if not call.ok])

    slack.say(GOLD, dm, "talk to a human")
    said(eventful)

    assert evening(eventful).cases == ((GOLD, "handed_off", "tech", "p1"),)
