"""How the bot says it is, asked of a running one in either mode while things go wrong around it."""

from __future__ import annotations

import http.client
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bot.slack import health
from tests.wire.house import CUSTOMER, QUEUES, House, Mode

pytestmark = pytest.mark.wire


@pytest.fixture
def house(mode: Mode, tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, mode, health="127.0.0.1:0") as running:
        yield running


@pytest.fixture
def over_socket(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, "socket", health="127.0.0.1:0") as running:
        yield running


def asked(house: House) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", house.service.port, timeout=10)
    try:
        connection.request("GET", "/healthz?json")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def ill(house: House) -> dict[str, str]:
    """Each part that is ill, with the reason."""
    _, said = asked(house)
    return {part: found["why"] for part, found in said["parts"].items() if not found["ok"]}


def test_a_bot_that_serves_is_well_in_every_part(house: House) -> None:
    status, said = asked(house)

    assert (status, said["ok"]) == (200, True)
    assert [*said["parts"]] == ["slack", "token", "store", "courier", "ticker"]


def test_a_lock_shows_at_once_and_is_over_when_it_is(house: House) -> None:
    with closing(sqlite3.connect(house.database, isolation_level=None)) as other:
        other.execute("begin immediate")
        house.wait(lambda: "store" in ill(house))
        began = time.monotonic()
        status, said = asked(house)
        took = time.monotonic() - began
        other.execute("rollback")

    assert status == 503
    assert "is locked by another program" in said["parts"]["store"]["why"]
    assert took < 5  # of the machine's; what is asked has a second
    house.wait(lambda: ill(house) == {})


def test_being_asked_all_the_time_costs_no_customer_anything(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)

    for number in range(5):
        house.slack.say(CUSTOMER, dm, f"i forgot my password {number}")
        for _ in range(20):
            assert ill(house) == {}
    house.quiet()

    assert len(house.from_bot(dm)) == 5


def test_no_connection_to_slack_shows(over_socket: House) -> None:
    house = over_socket
    house.slack.fail_next("apps.connections.open", "internal_error", times=3)
    house.slack.cut_sockets()

    why = house.slack.wait_for(lambda: ill(house).get("slack"), 30)

    assert why
    assert why.startswith("no connection to Slack: nobody hears customers")
    house.wait(lambda: ill(house) == {}, 60)


def test_nobody_who_looks_after_the_connection_shows(over_socket: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_SILENT", timedelta(seconds=1))
    socket = over_socket.service._socket
    assert socket

    with socket._lock:  # as if it hung
        over_socket.wait(lambda: socket.looked_ago > timedelta(seconds=2))
        why = health.silence(socket.looked_ago, "nobody looks after the connection to Slack")

    assert why.startswith("nobody looks after the connection to Slack for ")
    over_socket.wait(lambda: ill(over_socket) == {})


def test_a_token_that_slack_refuses_shows_until_it_is_taken_again(over_socket: House) -> None:
    house = over_socket
    house.slack.fail_next("chat.postMessage", "token_revoked", times=4)
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "i forgot my password")

    house.wait(lambda: "Slack does not accept SLACK_BOT_TOKEN (token_revoked)" in ill(house).get("token", ""))

    house.quiet()
    house.wait(lambda: ill(house) == {})
    assert len(house.from_bot(house.slack.dm(CUSTOMER))) == 1


def test_a_lane_that_is_stuck_shows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.wiring.STUCK", timedelta(seconds=1))
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    with closing(sqlite3.connect(house.database)) as other, other:  # another program took the lane and hangs
        other.execute("insert into lanes (lane, holder, until) values (?, 'other', ?)", [QUEUES["tech"], until])

    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.wait(lambda: "courier" in ill(house))

    assert f"nothing has been said in {QUEUES['tech']} since" in ill(house)["courier"]
    with closing(sqlite3.connect(house.database)) as other, other:
        other.execute("update lanes set holder = null, until = null where lane = ?", [QUEUES["tech"]])
    house.wait(lambda: ill(house) == {})
    assert len(house.cards()) == 1


def test_a_courier_that_hangs_shows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_SILENT", timedelta(seconds=2))

    with house.service._courier._lock:
        house.wait(lambda: "courier" in ill(house), 20)
        assert "the courier has not looked for what is due" in ill(house)["courier"]

    house.wait(lambda: ill(house) == {})


def test_a_ticker_that_hangs_shows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_SILENT", timedelta(seconds=2))
    free = Event()

    with monkeypatch.context() as hanging:
        hanging.setattr(house.service._desk, "tick", lambda: free.wait(30))
        why = house.slack.wait_for(lambda: ill(house).get("ticker"), 20)
    free.set()

    assert why
    assert why.startswith("nothing that is due has been done for ")

    house.wait(lambda: ill(house) == {})
