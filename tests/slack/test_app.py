"""The real Bolt app, in both modes: what is acknowledged, what is heard, and what people are told when it is not."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.core.stimuli import AnyStimulus, Command, Edit, HomeOpened, Message, Press
from bot.errors import StoreDown
from bot.slack.apology import Apologies, apology, command_apology, press_apology
from bot.slack.app import build_app
from bot.slack.second_chances import SecondChances
from tests.slack.payloads import (
    CHANNEL,
    TS,
    US,
    Payload,
    changed,
    command,
    deleted,
    direct,
    event,
    mention,
    message,
    press,
)
from tests.slack.web_api import WebApi, web_api

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ACKNOWLEDGED, NOT = 200, 500

Send = Callable[[App, Payload], BoltResponse]


def by_socket(app: App, payload: Payload) -> BoltResponse:
    """As the Socket Mode adapter dispatches a payload: an answer of 200 is acknowledged, any other is not."""
    return app.dispatch(BoltRequest(mode="socket_mode", body=payload, headers={"x-slack-retry-num": "0"}))


def by_http(app: App, payload: Payload, secret: str = SECRET) -> BoltResponse:
    """As Slack posts it: events as JSON, commands as a form, everything else as JSON in a form."""
    kind = "application/x-www-form-urlencoded"
    if payload.get("type") in ("event_callback", "url_verification", "app_rate_limited"):
        kind, body = "application/json", json.dumps(payload)
    elif "command" in payload:
        body = urlencode(payload)
    else:
        body = urlencode({"payload": json.dumps(payload)})
    now = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=now, body=body)
    assert signature
    headers = {"content-type": [kind], "x-slack-signature": [signature], "x-slack-request-timestamp": [now]}
    return app.dispatch(BoltRequest(body=body, headers=dict(headers)))


@pytest.fixture(params=[by_socket, by_http], ids=["socket", "http"])
def send(request: pytest.FixtureRequest) -> Send:
    chosen: Send = request.param
    return chosen


@pytest.fixture
def api() -> Iterator[WebApi]:
    with web_api() as started:
        yield started


class Ear:
    """A desk that writes down what it hears, or cannot."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.heard: list[AnyStimulus] = []
        self.fault = fault

    def __call__(self, stimulus: AnyStimulus) -> None:
        if self.fault:
            raise self.fault
        self.heard.append(stimulus)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def app_for(
    ear: Ear, api: WebApi, clock: Callable[[], float] | None = None, second_chances: SecondChances | None = None
) -> App:
    client = api.client()
    return build_app(
        client=client, signing_secret=SECRET, hear=ear, us=US, apologies=Apologies(client, clock=clock or Clock()),
        name_of={"U0BEN": "Ben"}.get, second_chances=second_chances,
    )  # fmt: skip


# --- what is heard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (event(message()), Message),
        (event(direct()), Message),
        (event(mention()), Message),
        (event(message(subtype="file_share", files=[])), Message),
        (event(message(subtype="thread_broadcast", thread_ts="1763999999.000001")), Message),
        (event(message(bot_id="B0OTHER")), Message),
        (event(changed()), Edit),
        (event(deleted()), Edit),
        (press(), Press),
        (press(action={"action_id": "tier1:pick:2"}), Press),
        (command(), Command),
        (event({"type": "app_home_opened", "user": "U1", "event_ts": "1.2", "tab": "home"}), HomeOpened),
    ],
)
def test_what_people_do_is_heard_once_and_acknowledged(
    send: Send, api: WebApi, payload: Payload, kind: type[AnyStimulus]
) -> None:
    ear = Ear()
    answer = send(app_for(ear, api), payload)

    assert (answer.status, answer.body) == (ACKNOWLEDGED, "")
    assert [type(stimulus) for stimulus in ear.heard] == [kind]
    assert api.calls == []  # nothing is asked of Slack on the way to the acknowledgement


def test_names_are_given_to_mentions(send: Send, api: WebApi) -> None:
    ear = Ear()
    send(app_for(ear, api), event(message(text="<@U0BEN> has it too")))

    assert [stimulus.text for stimulus in ear.heard if isinstance(stimulus, Message)] == ["@Ben has it too"]


@pytest.mark.parametrize(
    "payload",
    [
        event(message(user="U0BOT", bot_id="B0BOT", app_id="A0BOT")),  # we said it
        event(changed(after={"user": "U0BOT", "bot_id": "B0BOT"})),
        event(message(subtype="channel_join")),
        event({"type": "reaction_added", "user": "U1", "item": {"type": "message", "channel": CHANNEL, "ts": TS}}),
        event({"type": "user_huddle_changed", "user": {"id": "U1"}}),
        event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"}),
        event({"type": "member_joined_channel", "user": "U0BOT", "channel": CHANNEL}),
        event({"type": "function_executed", "function": {"callback_id": "f"}, "function_execution_id": "Fx"}),
        event({"type": "message"}),
        event({}),
        press(action={"action_id": "vote"}),
        press(action={"action_id": "tier1:launch"}),  # of a newer program
        press(action={"action_id": "tier1:fixed", "value": None}),
        press(actions=[]),
        press(actions=[{}]),
        {"type": "block_suggestion", "action_id": "a", "block_id": "b", "value": "x", "team": {"id": "T0HOME"}},
        {"type": "block_suggestion", "team": {"id": "T0HOME"}},
        {"type": "shortcut", "callback_id": "c", "trigger_id": "1", "team": {"id": "T0HOME"}, "user": {"id": "U1"}},
        {"type": "message_action", "callback_id": "c", "team": {"id": "T0HOME"}, "user": {"id": "U1"}},
        {"type": "view_submission", "view": {"callback_id": "v", "type": "modal"}, "team": {"id": "T0HOME"}},
        {"type": "view_closed", "view": {"callback_id": "v", "type": "modal"}, "team": {"id": "T0HOME"}},
        {"type": "interactive_message", "callback_id": "c", "actions": [{}], "team": {"id": "T0HOME"}},
        {"type": "dialog_submission", "callback_id": "c", "team": {"id": "T0HOME"}},
        {"type": "app_rate_limited", "team_id": "T0HOME", "minute_rate_limited": 1518467820, "api_app_id": "A0BOT"},
        {"type": "a_kind_of_tomorrow", "team": {"id": "T0HOME"}},
        command(command="/other"),
        command(trigger_id=""),
    ],
)
def test_what_is_not_for_us_is_acknowledged_and_not_heard(send: Send, api: WebApi, payload: Payload) -> None:
    ear = Ear()

    assert send(app_for(ear, api), payload).status == ACKNOWLEDGED
    assert ear.heard == []


def test_slacks_question_whether_we_are_there_is_answered(send: Send, api: WebApi) -> None:
    answer = send(app_for(Ear(), api), {"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"})

    assert (answer.status, json.loads(answer.body)) == (ACKNOWLEDGED, {"challenge": "3eZbrw1a"})


def test_a_request_that_slack_did_not_sign_is_not_heard(api: WebApi) -> None:
    ear = Ear()

    assert by_http(app_for(ear, api), event(message()), secret="guessed").status == 401
    assert ear.heard == []


# --- what is not stored -----------------------------------------------------------------------------------------------

EVERY_KIND = [event(message()), event(direct()), event(mention()), event(changed()), press(), command()]


@pytest.mark.parametrize("payload", EVERY_KIND)
@pytest.mark.parametrize("fault", [StoreDown("the disk is full"), ValueError("a bug")])
def test_what_is_not_stored_is_not_acknowledged(send: Send, api: WebApi, payload: Payload, fault: Exception) -> None:
    if "response_url" in payload:
        payload = {**payload, "response_url": f"{api.url}respond"}

    assert send(app_for(Ear(fault), api), payload).status == NOT


def test_what_comes_again_is_heard_once_the_store_is_back(send: Send, api: WebApi) -> None:
    ear = Ear(StoreDown("the disk is full"))
    app = app_for(ear, api)

    assert send(app, event(direct())).status == NOT
    ear.fault = None
    assert send(app, event(direct())).status == ACKNOWLEDGED
    assert len(ear.heard) == 1


def test_what_the_store_would_not_take_gets_a_second_chance_after_the_apology(send: Send, api: WebApi) -> None:
    ear, is_over = Ear(), Event()
    said_before: list[int] = []

    def hear(stimulus: AnyStimulus) -> None:
        said_before.append(len(api.asked("chat.postMessage")))
        ear(stimulus)

    chances = SecondChances(hear, wait=lambda _: is_over.is_set())
    app = app_for(ear, api, second_chances=chances)
    chances.start()
    for fault, payload in (
        (ValueError("a bug"), event(message())),  # Slack has to bring it again
        (StoreDown("the disk is full"), command(response_url=f"{api.url}respond")),  # was asked to come again
        (StoreDown("the disk is full"), event(direct())),
    ):
        ear.fault = fault
        assert send(app, payload).status == NOT
    ear.fault = None
    until = time.monotonic() + 5
    while not ear.heard and time.monotonic() < until:
        time.sleep(0.005)
    is_over.set()
    chances.stop()

    assert [stimulus.key for stimulus in ear.heard] == [f"m:T0HOME:D0ANNA:{TS}"]
    assert set(said_before) == {1}


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        (event(direct()), {"channel": "D0ANNA"}),  # where the customer wrote
        (event(direct(thread_ts="1763999999.000001")), {"channel": "D0ANNA", "thread_ts": "1763999999.000001"}),
        (event(mention()), {"channel": CHANNEL, "thread_ts": TS}),  # never at a channel's root
        (event(message(text="hey <@U0BOT>")), {"channel": CHANNEL, "thread_ts": TS}),
    ],
)
def test_with_the_store_down_whoever_spoke_to_us_gets_an_apology(api: WebApi, payload: Payload, place: Payload) -> None:
    by_socket(app_for(Ear(StoreDown("the disk is full")), api), payload)
    (said,) = api.asked("chat.postMessage")

    assert said["text"] == apology()
    assert {key: said[key] for key in ("channel", "thread_ts") if key in said} == place


@pytest.mark.parametrize(
    "payload",
    [
        event(message()),  # not said to us, as far as anybody can tell
        event(message(thread_ts="1763999999.000001")),
        event(direct(bot_id="B0OTHER")),  # another bot would answer
        event(changed()),
        event(deleted()),
    ],
)
def test_nobody_gets_an_apology_who_did_not_speak_to_us(api: WebApi, payload: Payload) -> None:
    assert by_socket(app_for(Ear(StoreDown("the disk is full")), api), payload).status == NOT
    assert api.calls == []


def test_one_place_gets_one_apology_in_ten_minutes(api: WebApi) -> None:
    clock = Clock()
    app = app_for(Ear(StoreDown("the disk is full")), api, clock)

    for _ in range(3):
        by_socket(app, event(direct()))
    by_socket(app, event(direct(channel="D0BEN", user="U0BEN")))
    clock.now += 9 * 60
    by_socket(app, event(direct()))
    clock.now += 2 * 60
    by_socket(app, event(direct()))

    assert [said["channel"] for said in api.asked("chat.postMessage")] == ["D0ANNA", "D0BEN", "D0ANNA"]


def test_a_press_and_a_command_are_told_to_come_again(send: Send, api: WebApi) -> None:
    app = app_for(Ear(StoreDown("the disk is full")), api)
    send(app, press(response_url=f"{api.url}respond/press"))
    send(app, command(response_url=f"{api.url}respond/command"))

    assert api.asked("respond/press") == [
        {"text": press_apology(), "response_type": "ephemeral", "replace_original": False}
    ]
    assert [said["text"] for said in api.asked("respond/command")] == [command_apology()]


def test_without_a_response_url_a_press_is_answered_in_its_place(api: WebApi) -> None:
    by_socket(app_for(Ear(StoreDown("the disk is full")), api), press(response_url=None))
    (said,) = api.asked("chat.postEphemeral")

    assert (said["channel"], said["user"], said["thread_ts"]) == (CHANNEL, "U0ANNA", TS)


@pytest.mark.parametrize("answer", [{"ok": False, "error": "channel_not_found"}, {"ok": False, "error": "ratelimited"}])
def test_an_apology_that_fails_is_not_repeated(
    api: WebApi, answer: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    api.answers["chat.postMessage"] = answer
    app = app_for(Ear(StoreDown("the disk is full")), api)

    assert by_socket(app, event(direct())).status == NOT
    assert by_socket(app, event(direct())).status == NOT
    assert len(api.asked("chat.postMessage")) == 1
    assert "An apology was not sent" in caplog.text


def test_an_apology_says_what_to_do_and_how_to_reach_a_person() -> None:
    for text in (apology(), command_apology()):
        assert "try again" in text or "again in a few minutes" in text
        assert "person" in text


# --- the log ----------------------------------------------------------------------------------------------------------


def test_a_bug_is_logged_with_its_traceback(api: WebApi, caplog: pytest.LogCaptureFixture) -> None:
    by_socket(app_for(Ear(ValueError("a bug")), api), event(message()))
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]

    assert record.getMessage() == f"m:T0HOME:{CHANNEL}:{TS} was not stored"
    assert record.exc_info


@pytest.mark.parametrize("fault", [None, StoreDown("the disk is full"), ValueError("a bug")])
@pytest.mark.parametrize("payload", EVERY_KIND)
def test_nobodys_words_are_in_the_log(
    send: Send, api: WebApi, payload: Payload, fault: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    send(app_for(Ear(fault), api), {**payload, "response_url": f"{api.url}respond"})
    by_http(app_for(Ear(fault), api), payload, secret="guessed")  # Bolt would log the body of such a request

    assert "forgot" not in caplog.text


def test_the_log_begins_without_a_warning(
    api: WebApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-test")
    app_for(Ear(), api)

    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
