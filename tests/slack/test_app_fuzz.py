"""The real Bolt app behind either door: whatever comes is acknowledged or refused, and never an error of ours."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.core.stimuli import AnyStimulus
from bot.slack.app import build_app, is_readable
from bot.slack.http import HttpDoor, slack_events
from tests.slack.absurd import ANYTHING, PAYLOADS, absurd, assert_is_bounded
from tests.slack.payloads import US, Payload, command, event, message

pytestmark = pytest.mark.long
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ACKNOWLEDGED, MALFORMED, UNSIGNED = 200, 400, 401


def hear(stimulus: AnyStimulus) -> None:
    assert_is_bounded(stimulus)


def app() -> App:
    return build_app(client=WebClient(base_url="http://127.0.0.1:9/api/"), signing_secret=SECRET, hear=hear, us=US)


APP = app()


@pytest.fixture(scope="module")
def door() -> Iterator[HttpDoor]:
    door = HttpDoor([slack_events(APP, SECRET)], "127.0.0.1", 0)
    door.start()
    yield door
    door.stop()


class Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@contextmanager
def nothing_goes_wrong() -> Iterator[None]:
    errors = Errors()
    logging.getLogger().addHandler(errors)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(errors)
    assert errors.said == []


def post(door: HttpDoor, body: bytes, kind: str, *, secret: str = SECRET) -> int:
    at = str(int(time.time()))
    signature = "v0=" + hmac.new(secret.encode(), b"v0:%s:%s" % (at.encode(), body), hashlib.sha256).hexdigest()
    headers = {"content-type": kind, "x-slack-signature": signature, "x-slack-request-timestamp": at}
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    try:
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def form(payload: Any) -> bytes:
    """As Slack posts what is no event: a command as a form, everything else as JSON in one."""
    if isinstance(payload, dict) and "command" in payload:
        return urlencode(payload, errors="replace").encode()
    return urlencode({"payload": json.dumps(payload)}).encode()


@given(absurd(PAYLOADS) | ANYTHING)
def test_over_a_socket_nothing_is_too_absurd(payload: Any) -> None:
    with nothing_goes_wrong():
        if is_readable(payload):  # what is not, the socket's door acknowledges by itself
            assert APP.dispatch(BoltRequest(mode="socket_mode", body=payload)).status == ACKNOWLEDGED


@settings(max_examples=60)
@given(absurd(PAYLOADS) | ANYTHING)
def test_over_http_nothing_is_too_absurd(door: HttpDoor, payload: Any) -> None:
    with nothing_goes_wrong():
        for body, kind in (
            (json.dumps(payload).encode(), "application/json"),
            (form(payload), "application/x-www-form-urlencoded"),
        ):
            assert post(door, body, kind) in (ACKNOWLEDGED, MALFORMED)
            assert post(door, body, kind, secret="guessed") == UNSIGNED


@settings(max_examples=60)
@given(
    st.binary(max_size=200) | st.text(st.characters(codec="utf-8"), max_size=200).map(str.encode),
    st.sampled_from(("application/json", "application/x-www-form-urlencoded", "text/plain", "")),
)
def test_no_body_is_too_absurd(door: HttpDoor, body: bytes, kind: str) -> None:
    with nothing_goes_wrong():
        assert post(door, body, kind) in (ACKNOWLEDGED, MALFORMED, UNSIGNED)


@pytest.mark.parametrize(
    "body", [b"{=1", b"{}", b' {"x":"&payload=["}', b"payload=[1]", b"payload", b"[1]", b"null", b""]
)
@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "text/json", "application/x-www-form-urlencoded"])
def test_a_body_is_read_as_bolt_reads_it(door: HttpDoor, body: bytes, kind: str) -> None:
    with nothing_goes_wrong():
        assert post(door, body, kind) in (ACKNOWLEDGED, MALFORMED)


@pytest.mark.parametrize("depth", [50, 900, 100_000])
def test_a_payload_that_is_nested_deep_is_acknowledged_or_refused(door: HttpDoor, depth: int) -> None:
    body = json.dumps(event(message(blocks="HERE"))).replace('"HERE"', "[" * depth + "]" * depth).encode()

    with nothing_goes_wrong():
        assert post(door, body, "application/json") in (ACKNOWLEDGED, MALFORMED)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (event(message(), authorizations=7), "Bolt counts them before anything else"),
        (event(message(), team=5), "and looks into the team"),
        ({**command(), "type": "block_actions", "actions": []}, "two kinds of payload in one"),
        ({"type": "shortcut", "callback_id": "c", "command": ["a"]}, "and again"),
        (event(message(), event="message"), "a word is no event"),
        ({"type": "view_submission", "view": {"callback_id": "v"}}, "Bolt asks for the view's type"),
        ({"type": "view_submission", "view": {"callback_id": "v", "type": "workflow_step"}}, "and for its step"),
    ],
)
def test_what_bolt_stumbles_over_does_not_get_that_far(door: HttpDoor, payload: Payload, why: str) -> None:
    with nothing_goes_wrong():
        assert post(door, json.dumps(payload).encode(), "application/json") in (ACKNOWLEDGED, MALFORMED), why
        assert not is_readable(payload) or APP.dispatch(BoltRequest(mode="socket_mode", body=payload)).status == 200
