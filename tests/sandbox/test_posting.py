"""Deliveries over HTTP: signed, in Slack's formats, and sent again where they fail."""

import json
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.server import Sandbox
from tests.sandbox.app import Endpoint, Json
from tests.sandbox.conftest import SEED, client_of

pytestmark = pytest.mark.wire

CARD: list[Json] = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
    }
]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    listening = Endpoint()
    yield listening
    listening.close()


@pytest.fixture
def sandbox(endpoint: Endpoint) -> Iterator[Sandbox]:
    secret = "8f742231b10e8888abcd99yyyzzz85a5"
    options = {"ack_seconds": 0.25, "redelivery": (0.01, 0.01, 0.01)}
    with Sandbox(SEED, events_url=endpoint.url, signing_secret=secret, **options) as running:  # type: ignore[arg-type]
        yield running


def test_an_event_is_json_and_signed(sandbox: Sandbox, endpoint: Endpoint) -> None:
    sandbox.say("alice", "help", "ünïcödé 🎈")
    sandbox.settled()

    ((headers, body),) = endpoint.requests
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["event"]["text"] == "ünïcödé 🎈"
    assert json.loads(body)["token"]
    assert "x-slack-retry-num" not in headers
    stamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
    assert SignatureVerifier(sandbox.signing_secret).is_valid(body=body, timestamp=stamp, signature=signature)
    assert not SignatureVerifier("another").is_valid(body=body, timestamp=stamp, signature=signature)
    assert abs(time.time() - int(stamp)) < 5


def test_an_interaction_is_a_form_with_a_payload(sandbox: Sandbox, endpoint: Endpoint) -> None:
    ts = str(client_of(sandbox).chat_postMessage(channel="C0HELP", text="x", blocks=CARD)["ts"])
    sandbox.press("alice", "help", ts, "Go")
    sandbox.settled()

    forms = [(headers, body) for headers, body in endpoint.requests if "form" in headers["content-type"]]
    ((headers, body),) = forms
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    payload = json.loads(parse_qs(body.decode())["payload"][0])
    assert (payload["type"], payload["actions"][0]["action_id"]) == ("block_actions", "go")


def test_a_command_is_a_plain_form_and_its_answer_is_shown(sandbox: Sandbox, endpoint: Endpoint) -> None:
    endpoint.answers = [(200, {"Content-Type": "application/json"}, '{"text": "as JSON"}'), (200, {}, "as text")]
    sandbox.command("alice", "help", "/tier1", "a&b")
    sandbox.settled()
    sandbox.command("alice", "help", "/tier1", "")
    sandbox.settled()

    fields = dict(parse_qsl(endpoint.requests[0][1].decode(), keep_blank_values=True))
    assert (fields["command"], fields["text"], fields["user_id"]) == ("/tier1", "a&b", "U0ALICE")
    assert [message.text for message in sandbox.ephemerals("alice")] == ["as JSON", "as text"]


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_failure_is_sent_again_with_number_and_reason(sandbox: Sandbox, endpoint: Endpoint, status: int) -> None:
    endpoint.answers = [(status, {}, "")] * 2
    sandbox.say("alice", "help", "x")
    sandbox.settled()

    tries = [
        (headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")) for headers, _ in endpoint.requests
    ]
    assert tries == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({json.loads(body)["event_id"] for _, body in endpoint.requests}) == 1
    assert sandbox.deliveries()[0].acked


def test_every_failure_is_given_up_after_three_repeats(sandbox: Sandbox, endpoint: Endpoint) -> None:
    endpoint.answers = [(500, {}, "")] * 9
    sandbox.say("alice", "help", "x")
    sandbox.settled()

    assert len(endpoint.requests) == 4
    assert sandbox.deliveries()[0].state == "given up"


def test_an_app_can_refuse_repeats(sandbox: Sandbox, endpoint: Endpoint) -> None:
    endpoint.answers = [(500, {"X-Slack-No-Retry": "1"}, "")]
    sandbox.say("alice", "help", "x")
    sandbox.settled()

    assert len(endpoint.requests) == 1


def test_a_slow_answer_is_a_timeout_and_the_repeat_does_not_wait_for_it(sandbox: Sandbox, endpoint: Endpoint) -> None:
    endpoint.hold.clear()
    sandbox.say("alice", "help", "x")
    sandbox.wait_for(lambda: len(endpoint.requests) == 2)
    endpoint.hold.set()
    sandbox.settled()

    assert endpoint.requests[1][0]["x-slack-retry-reason"] == "http_timeout"


def test_nobody_listening_is_a_failed_connection(endpoint: Endpoint) -> None:
    endpoint.close()

    with Sandbox(SEED, events_url=endpoint.url, redelivery=()) as sandbox:
        sandbox.say("alice", "help", "x")
        sandbox.settled()

        assert sandbox.deliveries()[0].attempts[0].failure == "connection_failed"


def test_stopping_does_not_wait_for_a_hanging_app(sandbox: Sandbox, endpoint: Endpoint) -> None:
    endpoint.hold.clear()
    sandbox.say("alice", "help", "x")
    sandbox.wait_for(lambda: endpoint.requests)

    began = time.monotonic()
    sandbox.stop()

    assert time.monotonic() - began < 5


def test_a_repeat_by_hand_can_do_without_its_headers(sandbox: Sandbox, endpoint: Endpoint) -> None:
    sandbox.say("alice", "help", "x")
    sandbox.settled()
    sandbox.redeliver()
    sandbox.settled()
    sandbox.redeliver(retry_headers=False)
    sandbox.settled()

    assert ["x-slack-retry-num" in headers for headers, _ in endpoint.requests] == [False, True, False]
    assert len({body for _, body in endpoint.requests}) == 1


@pytest.mark.parametrize(
    ("answer", "met"),
    [
        ("{challenge}", True),
        ('{{"challenge": "{challenge}"}}', True),
        ("something else", False),
    ],
)
def test_the_url_is_verified_by_a_challenge(sandbox: Sandbox, endpoint: Endpoint, answer: str, met: bool) -> None:
    endpoint.reply = lambda body: answer.format(challenge=json.loads(body)["challenge"])

    assert sandbox.verify_url() is met
    assert json.loads(endpoint.requests[0][1])["type"] == "url_verification"


def test_an_answer_may_come_in_chunks(sandbox: Sandbox, endpoint: Endpoint) -> None:
    endpoint.chunked = True
    endpoint.answers = [(200, {}, "in pieces")]
    sandbox.command("alice", "help", "/tier1")
    sandbox.settled()

    assert [message.text for message in sandbox.ephemerals("alice")] == ["in pieces"]
