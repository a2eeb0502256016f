"""The page's backend: what one person sees, and what they do in the browser."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear, Json, ask

pytestmark = pytest.mark.wire

CARD: list[Json] = [
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            {"type": "button", "action_id": "pick1", "text": {"type": "plain_text", "text": "One"}, "value": "1"},
            {"type": "button", "action_id": "pick2", "text": {"type": "plain_text", "text": "Two"}, "value": "2"},
        ],
    }
]
WHY: Json = {
    "type": "input",
    "block_id": "why",
    "label": {"type": "plain_text", "text": "Why"},
    "element": {"type": "plain_text_input", "action_id": "text"},
}


def state(sandbox: Sandbox, person: str = "U0ALICE") -> Json:
    return ask(f"{sandbox.url}/sandbox/state?as={person}").json


def act(sandbox: Sandbox, what: str, **body: object) -> Json:
    return ask(f"{sandbox.url}/sandbox/{what}", json.dumps(body).encode()).json


@contextmanager
def stream(sandbox: Sandbox) -> Iterator[HTTPResponse]:
    connection = HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
    connection.request("GET", "/sandbox/changes?as=U0ALICE")
    with connection.getresponse() as response:
        yield response
    connection.close()


def test_a_person_sees_their_channels_and_the_dm_with_the_bot(sandbox: Sandbox) -> None:
    seen = state(sandbox)

    assert seen["team"] == {"id": "T0SANDBOX1", "domain": "sandbox"}
    assert seen["me"] == "U0ALICE"
    assert seen["bot"]["user_id"] == "U0TIER1BOT"
    places = [(channel["id"], channel["name"], channel["kind"]) for channel in seen["channels"]]
    assert places == [
        ("C0HELP", "help", "channel"),
        ("C0SHARED", "shared", "channel"),
        ("C0ALONE", "alone", "channel"),
        ("D0ALICE", "directmessage", "dm"),
    ]
    assert {"id": "U0GUS", "name": "gus", "real_name": "Gus Guest", "title": "", "guest": True} in seen["people"]
    assert "U0TIER1BOT" not in [person["id"] for person in seen["people"]]
    assert [channel["kind"] for channel in state(sandbox, "bob")["channels"]][:2] == ["channel", "private"]


def test_messages_come_as_slack_stores_them(sandbox: Sandbox, client: WebClient) -> None:
    ts = sandbox.say("alice", "help", "a < b", files=["error.log"])
    client.chat_postMessage(channel="C0HELP", text="x", blocks=CARD, thread_ts=ts)
    client.reactions_add(channel="C0HELP", timestamp=ts, name="eyes")
    client.assistant_threads_setStatus(channel_id="C0HELP", thread_ts=ts, status="is thinking…")

    root, reply = state(sandbox)["channels"][0]["messages"]
    assert root == {
        "ts": ts,
        "user": "U0ALICE",
        "name": "alice",
        "bot": False,
        "text": "a &lt; b",
        "blocks": [],
        "thread_ts": None,
        "reactions": [{"name": "eyes", "users": ["U0TIER1BOT"], "count": 1}],
        "edited": False,
        "files": [{"name": "error.log", "mimetype": "application/octet-stream"}],
        "status": "is thinking…",
    }
    assert (reply["bot"], reply["thread_ts"], reply["status"]) == (True, ts, None)
    assert reply["blocks"][0]["elements"][0]["action_id"] == "pick1"


def test_what_is_for_one_person_is_shown_to_no_other(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postEphemeral(channel="C0HELP", user="U0ALICE", text="psst")
    client.views_publish(user_id="U0ALICE", view={"type": "home", "blocks": []})

    assert [message["channel"] for message in state(sandbox)["ephemerals"]] == ["C0HELP"]
    assert state(sandbox)["home"]["type"] == "home"
    assert state(sandbox, "bob")["ephemerals"] == []
    assert state(sandbox, "bob")["home"] is None


def test_the_first_person_is_shown_where_none_is_named(sandbox: Sandbox) -> None:
    assert ask(f"{sandbox.url}/sandbox/state").json["me"] == "U0ALICE"
    assert ask(f"{sandbox.url}/sandbox/state?as=nobody").status == 404


@pytest.mark.usefixtures("ear")
def test_the_log_tells_events_and_calls_in_order(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.say("alice", "help", "x")
    sandbox.settled()
    with pytest.raises(Exception, match="channel_not_found"):
        client.chat_postMessage(channel="C0NONE", text="x")

    opened, event, call = state(sandbox)["calls"]
    assert opened["name"] == "apps.connections.open"
    assert (event["kind"], event["name"], event["ok"], event["error"]) == ("event", "message", True, None)
    assert event["detail"]["attempts"][0]["number"] == 0
    assert (call["kind"], call["name"], call["ok"]) == ("call", "chat.postMessage", False)
    assert call["error"] == "channel_not_found"
    assert call["detail"]["arguments"]["channel"] == "C0NONE"
    assert opened["n"] < event["n"] < call["n"]
    assert event["milliseconds"] > 0


def test_what_waits_is_neither_good_nor_bad(sandbox: Sandbox) -> None:
    sandbox.say("alice", "help", "x")

    assert state(sandbox)["calls"][0]["ok"] is None


@pytest.mark.usefixtures("ear")
def test_people_can_do_everything_in_the_browser(sandbox: Sandbox) -> None:
    where = {"as": "U0ALICE", "channel": "C0HELP"}
    ts = act(sandbox, "say", **where, text="hello @tier1")["ts"]
    reply = act(sandbox, "say", **where, text="more", thread_ts=ts)["ts"]
    assert act(sandbox, "edit", **where, ts=ts, text="hi") == {"ok": True}
    assert act(sandbox, "react", **where, ts=ts, name="tada") == {"ok": True}
    assert act(sandbox, "react", **where, ts=ts, name="eyes") == {"ok": True}
    assert act(sandbox, "react", **where, ts=ts, name="eyes") == {"ok": True}  # a second click takes it back
    assert act(sandbox, "delete", **where, ts=reply) == {"ok": True}
    assert act(sandbox, "command", **where, command="/tier1", text="help") == {"ok": True}
    assert act(sandbox, "home", **{"as": "U0ALICE"}) == {"ok": True}
    sandbox.settled()

    (message,) = sandbox.messages("help")
    assert (message.text, dict(message.reactions)) == ("hi", {"tada": ("U0ALICE",)})
    names = [delivery.name for delivery in sandbox.deliveries()]
    assert names[-2:] == ["/tier1", "app_home_opened"]


def test_a_button_is_pressed_by_its_ids(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    ts = str(client.chat_postMessage(channel="C0HELP", text="x", blocks=CARD)["ts"])
    where = {"as": "U0ALICE", "channel": "C0HELP", "ts": ts, "block_id": "acts"}

    assert act(sandbox, "press", **where, action_id="pick2", value="2") == {"ok": True}
    sandbox.settled()
    assert ear.envelopes[-1]["payload"]["actions"][0]["value"] == "2"
    assert act(sandbox, "press", **where, action_id="gone", value="2")["error"] == "that button is not there any more"


def test_a_modal_is_filled_in_and_closed(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    sandbox.command("alice", "help", "/form")
    sandbox.wait_for(lambda: ear.envelopes)
    modal = {"type": "modal", "title": WHY["label"], "submit": WHY["label"], "blocks": [WHY, *CARD]}
    client.views_open(trigger_id=ear.envelopes[0]["payload"]["trigger_id"], view=modal)

    (view,) = state(sandbox)["views"]
    assert view["view"]["title"]["text"] == "Why"
    assert (view["errors"], view["trouble"]) == ({}, None)
    assert state(sandbox, "bob")["views"] == []
    mine = {"as": "U0ALICE", "view_id": view["id"]}
    values = {"why": {"text": {"type": "plain_text_input", "value": "because"}}}
    assert act(sandbox, "press", **mine, block_id="acts", action_id="pick1", value="1", values=values)["ok"]
    assert "'Why' is empty" in act(sandbox, "submit", **mine, values={})["error"]
    assert act(sandbox, "submit", **mine, values=values) == {"ok": True}
    sandbox.settled()
    assert ear.envelopes[-1]["payload"]["view"]["state"]["values"] == values
    assert state(sandbox)["views"] == []
    assert not act(sandbox, "close", **mine)["ok"]


def test_faults_can_be_caused_and_everything_forgotten(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    sandbox.say("alice", "help", "x")
    sandbox.settled()

    assert act(sandbox, "fault", kind="again") == {"ok": True}
    sandbox.settled()
    assert [envelope["retry_attempt"] for envelope in ear.envelopes] == [0, 1]
    assert act(sandbox, "fault", kind="no_ack") == {"ok": True}
    assert act(sandbox, "fault", kind="429") == {"ok": True}
    with pytest.raises(Exception, match="ratelimited"):
        client.chat_postMessage(channel="C0HELP", text="x")
    assert act(sandbox, "fault", kind="refresh") == {"ok": True}
    assert act(sandbox, "fault", kind="cut") == {"ok": True}
    assert ear.closed.wait(5)
    assert act(sandbox, "fault", kind="flood")["error"] == "there is no fault 'flood'"
    assert act(sandbox, "reset") == {"ok": True}
    assert sandbox.messages("help") == []


@pytest.mark.parametrize(
    ("what", "body", "said"),
    [
        ("say", {"as": "U0ALICE", "channel": "C0HELP"}, "'text' is missing"),
        ("say", {"as": "U0NOBODY", "channel": "C0HELP", "text": "x"}, "nobody here is called 'U0NOBODY'"),
        ("say", {"as": "U0ALICE", "channel": "C0TIER2", "text": "x"}, "alice is not in tier2"),
        ("edit", {"as": "U0BOB", "channel": "C0HELP", "ts": "1.000001", "text": "x"}, "no message 1.000001"),
    ],
)
def test_what_does_not_work_is_said_in_words(sandbox: Sandbox, what: str, body: Json, said: str) -> None:
    answer = act(sandbox, what, **body)

    assert answer["ok"] is False
    assert said in answer["error"]


def test_bodies_that_are_no_objects_are_refused(sandbox: Sandbox) -> None:
    for body in (b"{", b"[]", b"7"):
        assert ask(f"{sandbox.url}/sandbox/say", body).json["ok"] is False


def test_changes_are_streamed_as_they_happen(sandbox: Sandbox) -> None:
    with stream(sandbox) as changes:
        assert changes.headers["Content-Type"].startswith("text/event-stream")
        first = _version(changes)
        for number in range(100):
            sandbox.say("alice", "help", str(number))
        later = _version(changes)

    assert first < later <= state(sandbox)["version"]


def test_a_stop_ends_the_stream(sandbox: Sandbox) -> None:
    with stream(sandbox) as changes:
        _version(changes)
        began = time.monotonic()
        threading.Timer(0.02, sandbox.stop).start()
        rest = changes.read()

    assert time.monotonic() - began < 5
    assert b"version" not in rest


@pytest.mark.parametrize("path", ["/page/secrets.txt", "/page/..%2Fserver.py", "/page/.hidden", "/sandbox/nonsense"])
def test_only_what_belongs_to_the_page_is_served(sandbox: Sandbox, path: str) -> None:
    assert ask(sandbox.url + path).status in (404, 405)


def test_the_page_itself_is_served(sandbox: Sandbox) -> None:
    page = ask(f"{sandbox.url}/")

    assert page.headers["content-type"].startswith("text/html")
    assert b"<html" in page.body.lower()


def _version(changes: HTTPResponse) -> int:
    while True:
        line = changes.readline().decode()
        if line.startswith("data: "):
            return int(json.loads(line[6:])["version"])
