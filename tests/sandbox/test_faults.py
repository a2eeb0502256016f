"""Misbehaviour on demand, and Slack's limit on posts."""

import time
from collections.abc import Iterator
from http.client import RemoteDisconnected
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, FixedValueRetryIntervalCalculator

from bot.sandbox.faults import BURST, GARBLED
from bot.sandbox.server import Sandbox
from tests.sandbox.app import ask
from tests.sandbox.conftest import SEED, client_of

pytestmark = pytest.mark.wire


def said(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.messages("help")]


def test_a_call_can_be_rate_limited(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.fail_next("chat.postMessage", retry_after=7)

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0HELP", text="x")

    assert (caught.value.response.status_code, caught.value.response["error"]) == (429, "ratelimited")
    assert caught.value.response.headers["Retry-After"] == "7"
    assert said(sandbox) == []
    client.chat_postMessage(channel="C0HELP", text="y")
    assert said(sandbox) == ["y"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("internal_error", 500),
        ("fatal_error", 500),
        ("service_unavailable", 503),
        ("channel_not_found", 200),  # a plain refusal
    ],
)
def test_a_call_can_fail_before_it_takes_effect(sandbox: Sandbox, client: WebClient, error: str, status: int) -> None:
    sandbox.fail_next("chat.postMessage", error)

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0HELP", text="x")

    assert (caught.value.response["error"], caught.value.response.status_code) == (error, status)
    assert said(sandbox) == []
    assert sandbox.calls()[0].status == status


def test_a_call_can_fail_after_it_took_effect(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.fail_next("chat.postMessage", "internal_error", after=True)

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0HELP", text="x")

    assert caught.value.response.status_code == 500
    assert said(sandbox) == ["x"]


@pytest.mark.parametrize(("after", "there"), [(False, []), (True, ["x"])])
def test_a_connection_can_end_without_an_answer(
    sandbox: Sandbox, client: WebClient, after: bool, there: list[str]
) -> None:
    sandbox.fail_next("chat.postMessage", "connection_lost", after=after)

    with pytest.raises((URLError, RemoteDisconnected, ConnectionError)):
        client.chat_postMessage(channel="C0HELP", text="x")

    assert said(sandbox) == there
    assert (sandbox.calls()[0].ok, sandbox.calls()[0].status) == (False, 0)


@pytest.mark.parametrize("error", GARBLED)
@pytest.mark.parametrize(("after", "there"), [(False, []), (True, ["x"])])
def test_what_answers_may_be_no_answer_of_slacks(
    sandbox: Sandbox, client: WebClient, error: str, after: bool, there: list[str]
) -> None:
    sandbox.fail_next("chat.postMessage", error, after=after)

    reply = ask(
        f"{sandbox.api_url}chat.postMessage",
        b"channel=C0HELP&text=x",
        {
            "Authorization": f"Bearer {client.token}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )

    assert reply.body.decode() == GARBLED[error]
    assert said(sandbox) == there
    assert not sandbox.calls()[0].ok


def test_all_can_be_mended_at_once(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.fail_next("*", "fatal_error", times=99)
    sandbox.slow("*", 60)

    sandbox.mend()

    assert client.auth_test()["ok"]


def test_slacks_own_client_posts_twice_when_the_answer_is_lost(sandbox: Sandbox) -> None:
    # Only the pause before the second try is not slack_sdk's default.
    at_once = ConnectionErrorRetryHandler(interval_calculator=FixedValueRetryIntervalCalculator(0.01))
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[at_once])
    sandbox.fail_next("chat.postMessage", "connection_lost", after=True)

    client.chat_postMessage(channel="C0HELP", text="x")

    assert said(sandbox) == ["x", "x"]


def test_faults_are_used_up_in_order_and_count_for_their_method_only(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.fail_next("chat.postMessage", "fatal_error", times=2)
    sandbox.fail_next("*", "service_unavailable")

    errors = []
    for _ in range(3):
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(channel="C0HELP", text="x")
        errors.append(caught.value.response["error"])

    assert errors == ["fatal_error", "fatal_error", "service_unavailable"]
    assert client.auth_test()["ok"]


def test_a_status_can_be_chosen(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.fail_next("auth.test", "teapot", status=418)

    with pytest.raises(SlackApiError) as caught:
        client.auth_test()
    assert caught.value.response.status_code == 418


def test_a_method_can_be_slow(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.slow("chat.postMessage", 0.1)
    began = time.monotonic()
    client.chat_postMessage(channel="C0HELP", text="x")
    assert time.monotonic() - began >= 0.1

    sandbox.slow("chat.postMessage", 0)
    assert said(sandbox) == ["x"]


def test_a_slow_call_does_not_hold_up_a_stop() -> None:
    with Sandbox(SEED) as sandbox:
        impatient = WebClient(sandbox.bot_token, base_url=sandbox.api_url, timeout=0.1, retry_handlers=[])  # type: ignore[arg-type]
        sandbox.slow("auth.test", 60)
        with pytest.raises(TimeoutError):
            impatient.auth_test()
        began = time.monotonic()
    assert time.monotonic() - began < 5


@pytest.fixture
def limited() -> Iterator[Sandbox]:
    with Sandbox(SEED, limits=True) as running:
        yield running


def test_a_flood_of_posts_is_stopped_by_channel(limited: Sandbox) -> None:
    client = client_of(limited)
    for number in range(BURST):
        client.chat_postMessage(channel="C0HELP", text=str(number))

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0HELP", text="too much")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert client.chat_postMessage(channel="C0TIER2", text="elsewhere")["ok"]


def test_without_limits_nothing_is_stopped(sandbox: Sandbox, client: WebClient) -> None:
    for number in range(BURST + 5):
        client.chat_postMessage(channel="C0HELP", text=str(number))

    assert len(said(sandbox)) == BURST + 5
