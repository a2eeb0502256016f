"""Slack in trouble, over the wire: every question gets one answer in the end, and nobody reads a programmer's words."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.whole.processes import Process, environment
from tests.wire.day import (
    AGAIN,
    AT_THE_START,
    DARK,
    FORGOT,
    METHODS,
    VPN,
    alarms_a_minute,
    hurry,
    nobody_was_told_a_programmers_words,
    said,
)
from tests.wire.house import COLLEAGUE, CUSTOMER, KB, OPS, RULES, SEED, House, free_port

pytestmark = pytest.mark.wire

WITHIN = 15.0  # seconds


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, redelivery=AGAIN) as running:
        running.wait(lambda: running.slack.connections == 2)
        yield running


@pytest.fixture
def hasty(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    hurry(house, monkeypatch)
    return house


def answers(slack: Sandbox, words: str, who: str = CUSTOMER) -> list[float]:
    """When answers with these words came to that person's DM."""
    return [float(one.ts) for one in slack.messages(slack.dm(who)) if one.bot_id and words in one.shown]


def answered(slack: Sandbox, words: str, seconds: float = 30, who: str = CUSTOMER) -> float:
    return slack.wait_for(lambda: answers(slack, words, who), seconds)[0]


# --- the socket -------------------------------------------------------------------------------------------------------

CUTS: dict[str, Callable[[Sandbox], None]] = {
    "cut": lambda slack: slack.cut_sockets(),
    "closed": lambda slack: slack.close_sockets(),
    "refreshed": lambda slack: slack.refresh_sockets(),
    "half-open": lambda slack: slack.freeze_sockets(),
}


@pytest.mark.parametrize("cut", [pytest.param(name, marks=pytest.mark.long) for name in CUTS])
def test_a_question_right_after_the_connections_went_is_answered_within_fifteen_seconds(cut: str, house: House) -> None:
    before = len(house.slack.calls("apps.connections.open"))
    CUTS[cut](house.slack)

    asked = float(house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT))

    assert answered(house.slack, "Reset a forgotten") - asked < WITHIN
    house.wait(lambda: len(house.slack.calls("apps.connections.open")) == before + 2)
    house.quiet()
    assert len(answers(house.slack, "Reset a forgotten")) == 1
    assert house.from_bot(OPS) == []


@pytest.mark.long
def test_a_connection_that_answers_pings_and_delivers_nothing_is_found_out_and_replaced(house: House) -> None:
    time.sleep(11)  # what a younger connection did not deliver may be older than the connection
    before = len(house.slack.calls("apps.connections.open"))
    house.slack.mute_sockets(1)

    people = (CUSTOMER, COLLEAGUE)  # of two questions in a row at least one goes the mute way
    asked = {who: float(house.slack.say(who, house.slack.dm(who), FORGOT)) for who in people}

    took = [answered(house.slack, "Reset a forgotten", who=who) - asked[who] for who in people]
    assert max(took) < WITHIN
    assert max(took) > 1  # one of them did go that way
    house.wait(lambda: len(house.slack.calls("apps.connections.open")) == before + 1)
    house.quiet()
    assert [len(answers(house.slack, "Reset a forgotten", who)) for who in people] == [1, 1]


@pytest.mark.long
def test_connections_that_go_again_and_again_are_replaced_and_never_a_storm(house: House) -> None:
    before, until = len(house.slack.calls("apps.connections.open")), time.monotonic() + 5
    while time.monotonic() < until:
        house.slack.cut_sockets()
        time.sleep(0.05)
    opened = len(house.slack.calls("apps.connections.open")) - before

    asked = float(house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT))

    assert opened <= 10
    assert answered(house.slack, "Reset a forgotten") - asked < WITHIN
    assert len(answers(house.slack, "Reset a forgotten")) == 1


@pytest.mark.long
@pytest.mark.parametrize("error", ["ratelimited", "invalid_auth", "connection_lost", "html_page"])
def test_a_new_connection_that_slack_does_not_give_at_first_is_asked_for_again(error: str, house: House) -> None:
    before = len(house.slack.calls("apps.connections.open"))
    house.slack.fail_next("apps.connections.open", error, times=2, retry_after=2)
    house.slack.cut_sockets()

    asked = float(house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT))

    assert answered(house.slack, "Reset a forgotten") - asked < WITHIN
    first, second = house.slack.calls("apps.connections.open")[before : before + 2]
    assert second.at - first.at > (1.9 if error == "ratelimited" else 0.9)
    assert len(answers(house.slack, "Reset a forgotten")) == 1
    assert alarms_a_minute(house) <= 1


@pytest.mark.whole
@pytest.mark.long
def test_the_processor_does_not_spin_while_the_connections_are_down(tmp_path: Path) -> None:
    with Sandbox(SEED, redelivery=AGAIN) as slack, Process("run", cwd=tmp_path, env=env_of(slack)) as bot:
        assert bot.line() == "ready", bot.errors()
        slack.wait_for(lambda: slack.connections == 2)
        for name, cut in CUTS.items():
            slack.say(CUSTOMER, slack.dm(CUSTOMER), FORGOT)
            slack.settled()
            began, used = time.monotonic(), seconds_used(bot.process.pid)
            cut(slack)
            time.sleep(6)
            share = (seconds_used(bot.process.pid) - used) / (time.monotonic() - began)
            assert share < 0.2, (name, share)
            slack.wait_for(lambda: slack.connections == 2)


def seconds_used(pid: int) -> float:
    """https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime and stime, in ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- Slack is not there -----------------------------------------------------------------------------------------------


def env_of(slack: Sandbox, api_url: str = "") -> dict[str, str]:
    return environment(
        SLACK_BOT_TOKEN=slack.bot_token, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL=api_url or slack.api_url,
        TIER1_KB=str(KB), TIER1_RULES=str(RULES),
    )  # fmt: skip


@pytest.mark.whole
@pytest.mark.long
def test_a_bot_that_is_there_before_slack_waits_for_it(tmp_path: Path) -> None:
    port = free_port()
    slack = Sandbox(SEED, port=port, redelivery=AGAIN)
    with Process("run", cwd=tmp_path, env=env_of(slack, f"http://127.0.0.1:{port}/api/")) as bot:
        Path(bot.log).touch()
        until = time.monotonic() + 20
        while bot.errors().count("Slack cannot be reached (ConnectionRefusedError)") < 2 and time.monotonic() < until:
            time.sleep(0.05)
        with slack:
            asked = float(slack.say(CUSTOMER, slack.dm(CUSTOMER), FORGOT))

            assert answered(slack, "Reset a forgotten") - asked < WITHIN
            assert bot.line() == "ready"
            assert "Traceback" not in bot.errors()
            assert bot.end(signal.SIGTERM) < 10


@pytest.mark.long
def test_when_slack_goes_and_comes_back_what_was_asked_meanwhile_is_answered(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, FORGOT)
    house.slack.stop()
    threading.Event().wait(4)
    asked = float(house.slack.say(CUSTOMER, dm, VPN))
    house.slack.start()

    assert answered(house.slack, "VPN") - asked < WITHIN
    house.wait(lambda: answers(house.slack, "Reset a forgotten"), 30)
    house.quiet()
    assert len(answers(house.slack, "VPN")) == len(answers(house.slack, "Reset a forgotten")) == 1


@pytest.mark.parametrize("error", ["ratelimited", *DARK])
def test_what_slack_does_not_tell_at_the_start_is_asked_again(error: str, house: House) -> None:
    house.slack.fail_next("auth.test", error)
    house.slack.fail_next("apps.connections.open", error)
    house.service.stop()
    house.service = house.begin()

    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)

    assert answered(house.slack, "Reset a forgotten")


# --- calls that fail --------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    "error", ["ratelimited", "token_revoked", "missing_scope", "internal_error", "connection_lost", "html_page"]
)
def test_a_question_asked_while_slack_fails_at_everything_is_answered_once_it_does_not(
    error: str, hasty: House
) -> None:
    hasty.slack.fail_next("*", error, times=10_000)
    hasty.slack.say(CUSTOMER, hasty.slack.dm(CUSTOMER), FORGOT)
    hasty.wait(lambda: len([call for call in hasty.slack.calls() if not call.ok]) > 3, 20)
    hasty.slack.mend()

    assert answered(hasty.slack, "Reset a forgotten")
    hasty.quiet()
    assert len(answers(hasty.slack, "Reset a forgotten")) == 1
    assert nobody_was_told_a_programmers_words(hasty)
    assert alarms_a_minute(hasty) <= 1


@pytest.mark.parametrize("method", [each for each in METHODS if each not in AT_THE_START])
def test_a_scope_that_one_method_misses_costs_no_answer(method: str, house: House) -> None:
    house.slack.fail_next(method, "missing_scope", times=10_000)
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)
    if method == "chat.postMessage":  # nothing can be said without it
        house.wait(lambda: house.slack.calls(method))
        house.slack.mend()
    answered(house.slack, "Reset a forgotten")
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.wait(house.cards)
    house.quiet()

    assert len(answers(house.slack, "Reset a forgotten")) == 1
    assert len(house.cards()) == 1
    assert nobody_was_told_a_programmers_words(house)


def test_too_many_requests_in_one_place_hold_up_no_other(house: House) -> None:
    house.slack.fail_next("chat.postMessage", "ratelimited", retry_after=4)
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)
    refused = house.slack.wait_for(lambda: [c for c in house.slack.calls("chat.postMessage") if not c.ok])[0]
    house.slack.say(COLLEAGUE, house.slack.dm(COLLEAGUE), FORGOT)

    others, own = answered(house.slack, "Reset a forgotten", who=COLLEAGUE), answered(house.slack, "Reset a forgotten")

    house.quiet()
    assert own - refused.at > 4
    assert others < own
    sent = [call.arguments["channel"] for call in house.slack.calls("chat.postMessage")]
    assert sent.count(house.slack.dm(CUSTOMER)) == 2  # the one that was refused, and the one that was not


@pytest.mark.long
@pytest.mark.parametrize("seconds", [2, 12])
def test_a_slow_answer_of_slack_is_waited_for_or_looked_for_and_never_given_twice(seconds: int, house: House) -> None:
    house.slack.slow("chat.postMessage", seconds)
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)
    answered(house.slack, "Reset a forgotten")
    house.slack.mend()
    said(house)

    assert len(answers(house.slack, "Reset a forgotten")) == 1
    posts = [call for call in house.slack.calls("chat.postMessage") if call.ok]
    assert len(posts) == 1
