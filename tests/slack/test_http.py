"""Slack over HTTP, on a real port."""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.core.stimuli import AnyStimulus, Command
from bot.errors import SettingsError, StoreDown
from bot.slack.app import build_app
from bot.slack.health import healthz
from bot.slack.http import LARGEST, HttpDoor, slack_events
from tests.slack.payloads import US, command, event, message

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOUND = 250  # requests under way or waiting
EVENT = json.dumps(event(message())).encode()


class Desk:
    """Hears everything, or waits, or fails; and may be ill."""

    def __init__(self) -> None:
        self.come: list[AnyStimulus] = []
        self.heard: list[AnyStimulus] = []
        self.is_free = Event()
        self.is_free.set()
        self.has_one = Event()
        self.fault: Exception | None = None
        self.ill = ""

    def hear(self, stimulus: AnyStimulus) -> None:
        self.come.append(stimulus)
        self.has_one.set()
        assert self.is_free.wait(10)
        if self.fault:
            raise self.fault
        self.heard.append(stimulus)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def door(desk: Desk) -> Iterator[HttpDoor]:
    client = WebClient(token="xoxb-test", base_url="http://127.0.0.1:9/api/")
    app = build_app(client=client, signing_secret=SECRET, hear=desk.hear, us=US)
    door = HttpDoor([slack_events(app, SECRET), healthz({"desk": lambda: desk.ill})], "127.0.0.1", 0, most=BOUND)
    door.start()
    yield door
    desk.is_free.set()
    door.stop()


def signed(body: bytes, *, age: int = 0, secret: str = SECRET) -> dict[str, str]:
    at = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    assert signature
    return {"content-type": "application/json", "x-slack-signature": signature, "x-slack-request-timestamp": at}


def post(door: HttpDoor, body: bytes, headers: dict[str, str], path: str = "/slack/events") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def get(door: HttpDoor, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_signed_event_is_heard_and_acknowledged(door: HttpDoor, desk: Desk) -> None:
    assert post(door, EVENT, signed(EVENT)) == (200, "")
    assert [stimulus.key for stimulus in desk.heard] == ["m:T0HOME:C0HELP:1764000000.000100"]


@pytest.mark.parametrize("text", ["my payload is lost", "payload", "payload=1&command=x", '{"payload": 1}', ""])
def test_a_command_is_heard_whatever_word_is_in_it(door: HttpDoor, desk: Desk, text: str) -> None:
    body = urlencode(command(text=text)).encode()

    assert post(door, body, {**signed(body), "content-type": "application/x-www-form-urlencoded"}) == (200, "")
    assert [stimulus.text for stimulus in desk.heard if isinstance(stimulus, Command)] == [text]


def test_what_comes_beyond_the_bound_is_refused_and_heard_when_slack_sends_it_again(door: HttpDoor, desk: Desk) -> None:
    everybody = [message(user=f"U0MANY{n:03}", ts=f"1764000000.{n:06}") for n in range(300)]
    bodies = [json.dumps(event(one)).encode() for one in everybody]
    desk.is_free.clear()

    with ThreadPoolExecutor(len(bodies)) as threads:
        asked = {body: threads.submit(post, door, body, signed(body)) for body in bodies}
        # As long as nobody hears, no more than the bound can be inside: the others are refused, and at once.
        while sum(one.done() for one in asked.values()) < len(bodies) - BOUND:
            time.sleep(0.01)
        desk.is_free.set()
    refused = [body for body, one in asked.items() if one.result()[0] == 503]

    assert len(refused) >= len(bodies) - BOUND
    assert len(desk.heard) == len(bodies) - len(refused)
    assert {post(door, body, signed(body))[0] for body in refused} == {200}
    assert len({stimulus.key for stimulus in desk.heard}) == len(bodies)


def test_who_floods_us_keeps_nobody_waiting_and_loses_nothing(door: HttpDoor, desk: Desk) -> None:
    bodies = [json.dumps(event(message(ts=f"1764000000.{n:06}"))).encode() for n in range(BOUND - 10)]
    other = json.dumps(event(message(user="U0OTHER", ts="1764000001.000000"))).encode()
    desk.is_free.clear()

    with ThreadPoolExecutor(len(bodies) + 1) as threads:
        asked = [threads.submit(post, door, body, signed(body)) for body in bodies]
        while len(desk.come) < 8:
            time.sleep(0.01)
        theirs = threads.submit(post, door, other, signed(other))
        while "U0OTHER" not in {stimulus.user for stimulus in desk.come}:
            time.sleep(0.01)
        assert len(desk.come) == 9
        desk.is_free.set()

    assert {one.result() for one in (*asked, theirs)} == {(200, "")}
    assert len(desk.heard) == len(bodies) + 1


def test_who_floods_us_beyond_all_measure_is_refused_and_others_are_heard(
    door: HttpDoor, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.http._MOST_OF_ONE", 20)
    bodies = [json.dumps(event(message(ts=f"1764000000.{n:06}"))).encode() for n in range(100)]
    other = json.dumps(event(message(user="U0OTHER", ts="1764000001.000000"))).encode()
    desk.is_free.clear()

    with ThreadPoolExecutor(len(bodies) + 1) as threads:
        asked = [threads.submit(post, door, body, signed(body)) for body in bodies]
        while sum(one.done() for one in asked) < 80:
            time.sleep(0.01)
        theirs = threads.submit(post, door, other, signed(other))
        while "U0OTHER" not in {stimulus.user for stimulus in desk.come}:
            time.sleep(0.01)
        desk.is_free.set()

    answers = sorted(one.result() for one in (*asked, theirs))
    assert answers == [(200, "")] * 21 + [(503, "too much of one person at once")] * 80


def test_slacks_question_whether_we_are_there_is_answered(door: HttpDoor) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}).encode()

    assert post(door, body, signed(body)) == (200, '{"challenge": "3eZbrw1a"}')


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(EVENT, secret="guessed"),
        signed(EVENT, age=400),  # an old request, sent again by somebody else
        signed(b"another body"),
        {**signed(EVENT), "x-slack-request-timestamp": "yesterday"},
        {**signed(EVENT), "x-slack-signature": "v0=\xff"},
    ],
)
def test_what_slack_did_not_sign_is_refused(
    door: HttpDoor, desk: Desk, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    assert post(door, EVENT, headers)[0] == 401
    assert desk.heard == []
    assert "forgot" not in caplog.text


@pytest.mark.parametrize("body", [b"\xff\xfe", b"not json", b"", b"{" * 5])
def test_nonsense_is_refused_without_a_traceback(door: HttpDoor, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    post(door, body, {"content-type": "application/json"})
    with contextlib.suppress(UnicodeDecodeError):  # nobody can sign what is no text
        post(door, body, signed(body))

    assert "Traceback" not in caplog.text


def test_a_body_that_is_too_large_is_refused(door: HttpDoor, desk: Desk) -> None:
    body = b"x" * (LARGEST + 1)

    assert post(door, body, signed(body))[0] == 413
    assert desk.heard == []


def test_a_store_that_is_down_is_no_acknowledgement(door: HttpDoor, desk: Desk) -> None:
    desk.fault = StoreDown("the disk is full")

    assert post(door, EVENT, signed(EVENT))[0] == 500


@pytest.mark.parametrize(("ill", "answer"), [("", (200, "ok")), ("no room left", (503, "desk: no room left"))])
def test_health_says_why_we_cannot_serve(door: HttpDoor, desk: Desk, ill: str, answer: tuple[int, str]) -> None:
    desk.ill = ill

    assert get(door, "/healthz") == answer


@pytest.mark.parametrize(("path", "status"), [("/", 404), ("/slack/events", 405), ("/slack/install", 404)])
def test_nothing_else_is_there(door: HttpDoor, path: str, status: int) -> None:
    assert get(door, path)[0] == status


def test_one_slow_request_does_not_hold_up_another(door: HttpDoor, desk: Desk) -> None:
    desk.is_free.clear()
    slow = Thread(target=post, args=(door, EVENT, signed(EVENT)))
    slow.start()
    assert desk.has_one.wait(5)

    assert get(door, "/healthz")[0] == 200

    desk.is_free.set()
    slow.join(5)


def test_a_stop_lets_requests_end_and_leaves_no_thread(door: HttpDoor, desk: Desk) -> None:
    desk.is_free.clear()
    answers: list[tuple[int, str]] = []
    slow = Thread(target=lambda: answers.append(post(door, EVENT, signed(EVENT))))
    slow.start()
    assert desk.has_one.wait(5)
    stopping = Thread(target=door.stop)
    stopping.start()
    desk.is_free.set()
    stopping.join(10)
    slow.join(5)

    assert answers == [(200, "")]
    assert "http" not in {thread.name for thread in threading.enumerate()}


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(SettingsError, match="cannot be listened on"),
    ):
        HttpDoor([], "127.0.0.1", taken.getsockname()[1])


def test_a_door_that_never_opened_can_be_shut() -> None:
    door = HttpDoor([], "127.0.0.1", 0)
    door.stop()

    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", door.port), timeout=5):
        pass


def test_without_a_secret_nobody_is_let_in() -> None:
    client = WebClient(token="xoxb-test", base_url="http://127.0.0.1:9/api/")
    app = build_app(client=client, signing_secret="", hear=Desk().hear, us=US)

    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        slack_events(app, "")
