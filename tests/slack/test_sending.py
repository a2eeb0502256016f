"""Changes, withdrawals and reactions are repeated at will; a whisper is sent at most once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.error import URLError

import pytest

from bot.core.saying import Line, Listing, Publish, React, Said, Update, Whisper, Withdraw
from bot.slack.courier import Composed
from tests.slack.fakes_courier import Answer, Entry, Lost, Stage, away, post, refusal, slow_down

PASSING = [TimeoutError(), URLError(ConnectionRefusedError()), Answer({}, 503), refusal("fatal_error")]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(proxy, raising=False)
    return Stage()


@pytest.fixture
def card(stage: Stage) -> Entry:
    return stage.say(post("waiting"))


def update(outbox: str, text: str = "claimed") -> Update:
    return Update(outbox=outbox, content=Line(text), channel="C1")


# --- changing and withdrawing -----------------------------------------------------------------------------------------


def test_an_update_replaces_the_message(stage: Stage, card: Entry) -> None:
    row = stage.say(update(card.said.id))

    assert stage.slack.texts("C1") == ["claimed"]
    assert row.state == "told"


def test_an_update_waits_for_its_message(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(slow_down(5))
    card = stage.write(post("waiting"))
    row = stage.say(update(card))
    assert row.state == "due"

    stage.later(5)

    assert stage.slack.texts("C1") == ["claimed"]


@pytest.mark.parametrize("passing", PASSING, ids=repr)
def test_an_update_whose_outcome_is_unknown_is_simply_repeated(
    stage: Stage, card: Entry, passing: Answer | Exception
) -> None:
    stage.slack.next["chat.update"].append(Lost(passing) if isinstance(passing, TimeoutError) else passing)
    row = stage.say(update(card.said.id))
    assert row.state == "due"

    stage.later(1)

    assert (row.state, len(stage.slack.asked_for("chat.update"))) == ("told", 2)
    assert not stage.slack.asked_for("conversations.history")


@pytest.mark.parametrize(
    "error", ["message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive"]
)
def test_what_cannot_be_changed_any_more_is_done_with(
    stage: Stage, card: Entry, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    stage.slack.next["chat.update"].append(refusal(error))

    assert stage.say(update(card.said.id)).state == "told"
    assert error in caplog.text
    assert not stage.alarms


def test_refused_content_of_an_update_is_plain_the_second_time_and_then_parked(stage: Stage, card: Entry) -> None:
    stage.slack.next["chat.update"].append(refusal("invalid_blocks"))
    assert stage.say(update(card.said.id)).state == "told"
    assert ["blocks" in asked for asked in stage.slack.asked_for("chat.update")] == [True, False]

    stage.slack.always["chat.update"] = refusal("invalid_blocks")
    assert stage.say(update(card.said.id)).state == "parked"
    assert not stage.reports  # the message itself is there
    assert "K1" in stage.alarms[0]


def test_updates_need_no_token_of_the_bucket(stage: Stage, card: Entry) -> None:
    for n in range(15):
        stage.write(update(card.said.id, f"{n}"))

    stage.courier.say_due()

    assert stage.slack.texts("C1") == ["14"]


def test_a_withdrawn_message_is_gone(stage: Stage, card: Entry) -> None:
    assert stage.say(Withdraw(outbox=card.said.id, channel="C1")).state == "told"
    assert not stage.slack.messages["C1"]


@pytest.mark.parametrize(
    ("error", "state", "alarms"),
    [
        ("message_not_found", "told", 0),  # somebody was faster
        ("channel_not_found", "told", 0),
        ("cant_delete_message", "parked", 1),  # the words still stand there
    ],
)
def test_what_becomes_of_a_refused_withdrawal(stage: Stage, card: Entry, error: str, state: str, alarms: int) -> None:
    stage.slack.next["chat.delete"].append(refusal(error))

    assert stage.say(Withdraw(outbox=card.said.id, channel="C1")).state == state
    assert len(stage.alarms) == alarms


# --- reactions --------------------------------------------------------------------------------------------------------


def test_reactions_are_put_and_taken_away(stage: Stage) -> None:
    stage.say(React(channel="C1", ts="1.000001", name="eyes"))
    stage.say(React(channel="C1", ts="1.000001", name="eyes", remove=True))

    reaction = {"channel": "C1", "timestamp": "1.000001", "name": "eyes"}
    assert stage.slack.asked == [("reactions.add", reaction), ("reactions.remove", reaction)]


@pytest.mark.parametrize(
    "error", ["already_reacted", "message_not_found", "too_many_reactions", "invalid_name", "missing_scope"]
)
def test_a_refused_reaction_is_nothing_to_stop_for(stage: Stage, error: str) -> None:
    stage.slack.next["reactions.add"].append(refusal(error))

    assert stage.say(React(channel="C1", ts="1.000001", name="eyes")).state == "told"
    assert stage.say(post()).state == "told"
    assert not stage.alarms


@pytest.mark.parametrize("passing", [*PASSING, slow_down(1)], ids=repr)
def test_a_reaction_is_tried_again_when_slack_cannot_be_reached(stage: Stage, passing: Answer | Exception) -> None:
    stage.slack.next["reactions.add"].append(passing)
    row = stage.say(React(channel="C1", ts="1.000001", name="eyes"))

    stage.later(1)

    assert row.state == "told"


# --- the Home tab -----------------------------------------------------------------------------------------------------


def home() -> Publish:
    return Publish(user="U1", content=Listing("Hello"))


@pytest.mark.parametrize("passing", PASSING, ids=repr)
def test_a_home_tab_whose_outcome_is_unknown_is_simply_published_again(
    stage: Stage, passing: Answer | Exception
) -> None:
    stage.slack.next["views.publish"].append(passing)
    row = stage.say(home())

    stage.later(1)

    assert row.state == "told"
    assert [asked["user_id"] for asked in stage.slack.asked_for("views.publish")] == ["U1", "U1"]


def test_a_home_tab_that_slack_refuses_is_published_as_plain_text(stage: Stage) -> None:
    stage.slack.next["views.publish"].append(refusal("invalid_blocks"))

    row = stage.say(home())

    refused, plain = (asked["view"]["blocks"] for asked in stage.slack.asked_for("views.publish"))
    assert (refused[0]["type"], plain[0]["text"]["text"]) == ("markdown", "Hello")
    assert row.state == "told"


@pytest.mark.parametrize("error", ["not_enabled", "user_not_found"])
def test_who_has_no_home_tab_is_left_alone(stage: Stage, error: str, caplog: pytest.LogCaptureFixture) -> None:
    stage.slack.next["views.publish"].append(refusal(error))

    row = stage.say(home())

    assert row.state == "told"
    assert error in caplog.text


# --- whispers ---------------------------------------------------------------------------------------------------------


def whisper(response_url: str = "") -> Whisper:
    return Whisper(
        channel="C1", user="U1", content=Line("Only you see this"), thread_ts="1.000001", response_url=response_url
    )


def test_a_whisper_is_seen_by_one_person_in_their_thread(stage: Stage) -> None:
    states = []
    stage.slack.before = lambda _: states.append(stage.outbox.entries["K1-1-0"].state)

    stage.say(whisper())

    assert [
        (asked["user"], asked["thread_ts"], asked["text"]) for asked in stage.slack.asked_for("chat.postEphemeral")
    ] == [("U1", "1.000001", "Only you see this")]
    assert states == ["told"]  # before it is sent, so that it is never sent twice


@pytest.mark.parametrize("answer", [*PASSING, refusal("user_not_in_channel"), slow_down(5)], ids=repr)
def test_a_whisper_that_fails_is_not_repeated(
    stage: Stage, answer: Answer | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    stage.slack.next["chat.postEphemeral"].append(answer)

    row = stage.say(whisper())
    stage.later(100)

    assert row.state == "told"
    assert len(stage.slack.asked_for("chat.postEphemeral")) == 1
    assert "did not arrive" in caplog.text


def test_a_whisper_is_not_sent_unless_it_could_be_marked(stage: Stage) -> None:
    stage.outbox.fails["told"].append(away())
    row = stage.say(whisper())
    assert not stage.slack.asked

    stage.later(1)

    assert row.state == "told"
    assert len(stage.slack.asked) == 1


def test_a_whisper_that_cannot_be_composed_is_not_sent(stage: Stage) -> None:
    def compose(said: Said, plain: bool) -> Composed:
        raise KeyError(said.id, plain)

    stage.compose = compose

    assert stage.say(whisper()).state == "told"
    assert not stage.slack.asked


def test_whispers_share_the_bucket_of_their_lane(stage: Stage) -> None:
    for _ in range(11):
        stage.write(whisper())

    stage.courier.say_due()

    assert len(stage.slack.asked_for("chat.postEphemeral")) == 10


@contextmanager
def response_url(status: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address that answers one request, and what was sent to it."""
    received: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its name in the base class
            del format, args

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/commands/secret", received
        thread.join()


def test_a_whisper_that_answers_a_command_goes_to_its_url(stage: Stage) -> None:
    with response_url(200) as (url, received):
        row = stage.say(whisper(url))

    assert received == [
        {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": "Only you see this",
            "blocks": [{"type": "markdown", "text": "Only you see this"}],
        }
    ]
    assert row.state == "told"
    assert not stage.slack.asked


def test_a_url_that_has_expired_is_only_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    with response_url(404) as (url, _):
        row = stage.say(whisper(url))

    assert row.state == "told"
    assert "http_404" in caplog.text
    assert "secret" not in caplog.text
