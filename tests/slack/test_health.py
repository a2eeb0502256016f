"""How we are: soon, in words or in JSON, and at no cost for those who serve customers."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest

from bot.slack.health import Check, healthz, silence
from bot.slack.http import HttpDoor

pytestmark = pytest.mark.long


@contextmanager
def asked(checks: Mapping[str, Check]) -> Iterator[Callable[..., tuple[int, str]]]:
    """A door with nothing but `/healthz` behind it, and a way to ask there."""
    door = HttpDoor([healthz(checks)], "127.0.0.1", 0)
    door.start()

    def ask(path: str = "/healthz", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    try:
        yield ask
    finally:
        door.stop()


def well() -> str:
    return ""


def test_who_is_well_says_so_in_a_word() -> None:
    with asked({"slack": well, "store": well}) as ask:
        assert ask() == (200, "ok")


def test_every_part_that_is_ill_is_named() -> None:
    with asked({"slack": lambda: "no connection", "token": well, "store": lambda: "the disk is full"}) as ask:
        assert ask() == (503, "slack: no connection\nstore: the disk is full")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/healthz?json", {}),  # by hand
        ("/healthz?json=1", {}),
        ("/healthz", {"accept": "application/json"}),  # by programs
        ("/healthz", {"accept": "text/html, application/json;q=0.9"}),
    ],
)
def test_json_is_there_for_the_asking(path: str, headers: dict[str, str]) -> None:
    with asked({"slack": well, "store": lambda: "the disk is full"}) as ask:
        status, said = ask(path, **headers)

    assert status == 503
    assert json.loads(said) == {
        "ok": False,
        "parts": {"slack": {"ok": True, "why": None}, "store": {"ok": False, "why": "the disk is full"}},
    }


def test_a_part_that_does_not_answer_is_ill_and_nobody_waits_for_it() -> None:
    free = Event()

    def hangs() -> str:
        free.wait(30)
        return ""

    with asked({"store": hangs, "slack": lambda: "no connection"}) as ask:
        began = time.monotonic()
        status, said = ask()
        took = time.monotonic() - began
        again = ask()[1]
        free.set()

    assert status == 503
    assert said.startswith("store: has not answered for ")
    assert "slack: no connection" in said
    assert "store: has not answered for " in again
    assert took < 5


def test_a_part_that_hangs_is_asked_once_however_many_want_to_know() -> None:
    free, times = Event(), []

    def hangs() -> str:
        times.append(1)
        free.wait(30)
        return ""

    with asked({"store": hangs}) as ask:
        for _ in range(3):
            ask()
        free.set()

    assert len(times) == 1


def test_what_was_said_just_now_is_said_again_without_asking() -> None:
    times = []

    def counted() -> str:
        times.append(1)
        return ""

    with asked({"store": counted}) as ask:
        began = time.monotonic()
        while len(times) < 2 and time.monotonic() - began < 20:
            ask()
        took = time.monotonic() - began

    assert took > 1.5  # seconds for which the first answer held


def test_a_part_that_stumbles_is_ill(caplog: pytest.LogCaptureFixture) -> None:
    def stumbles() -> str:
        raise RuntimeError("kaputt")

    with asked({"store": stumbles}) as ask:
        assert ask() == (503, "store: could not be asked: see the log")
    assert "kaputt" in caplog.text


@pytest.mark.parametrize(
    ("seconds", "says"), [(1, ""), (29, ""), (40, "nobody has looked for 40 s: start the bot again")]
)
def test_a_thread_that_has_not_looked_around_for_long_is_ill(seconds: int, says: str) -> None:
    assert silence(timedelta(seconds=seconds), "nobody has looked") == says
