"""Socket Mode over a real WebSocket on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

import pytest
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from bot.core.stimuli import AnyStimulus
from bot.errors import SlackDown, StoreDown
from bot.slack.app import build_app
from bot.slack.socket import SocketDoor
from tests.slack.payloads import US, Payload, event, message, press
from tests.slack.web_api import WebApi, web_api

pytestmark = pytest.mark.wire


class Wire:
    """Slack's end: says hello to whoever comes, keeps what they send."""

    def __init__(self) -> None:
        self.connections: Queue[ServerConnection] = Queue()
        self.sent: Queue[dict[str, Any]] = Queue()
        self.url = ""

    def serve(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0BOT"}}))
        self.connections.put(connection)
        try:
            for frame in connection:
                self.sent.put(json.loads(frame))
        except ConnectionClosed:
            pass

    def deliver(self, connection: ServerConnection, payload: Payload, envelope: str = "e1") -> None:
        kind = "events_api" if payload["type"] == "event_callback" else "interactive"
        frame = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": False}
        connection.send(json.dumps({**frame, "retry_attempt": 0, "retry_reason": ""}))


@contextmanager
def wire() -> Iterator[Wire]:
    ours = Wire()
    with serve(ours.serve, "127.0.0.1", 0) as server:
        ours.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/link?ticket=1"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield ours
        finally:
            server.shutdown()
            thread.join()


def door_to(
    api: WebApi,
    hear: Callable[[AnyStimulus], None] = lambda _: None,
    on_deaf: Callable[[], None] = lambda: None,
    patience: timedelta = timedelta(seconds=60),
) -> SocketDoor:
    client = WebClient(token="xoxb-test", base_url=f"{api.url}api/", retry_handlers=[])
    app = build_app(client=client, signing_secret=None, hear=hear, us=US)
    return SocketDoor(app, client, "xapp-test", on_deaf=on_deaf, patience=patience)


def opened(url: str) -> Payload:
    return {"apps.connections.open": {"ok": True, "url": url}}


def test_what_is_heard_is_acknowledged_and_what_is_not_stored_is_not() -> None:
    heard: list[str] = []

    def hear(stimulus: AnyStimulus) -> None:
        if stimulus.key.startswith("p:"):
            raise StoreDown("the disk is full")
        heard.append(stimulus.key)

    with wire() as slack, web_api(opened(slack.url)) as api:
        door = door_to(api, hear)
        door.start()
        try:
            assert door.is_connected
            connection = slack.connections.get(timeout=5)
            slack.deliver(connection, press(response_url=f"{api.url}respond"), "lost")
            slack.deliver(connection, event(message()), "kept")

            assert slack.sent.get(timeout=5) == {"envelope_id": "kept"}
            with pytest.raises(Empty):
                slack.sent.get(timeout=0.3)
        finally:
            door.stop()
    assert heard == ["m:T0HOME:C0HELP:1764000000.000100"]


def test_a_stop_leaves_no_thread() -> None:
    with wire() as slack, web_api(opened(slack.url)) as api:
        before = set(threading.enumerate())
        door = door_to(api)
        door.start()
        door.stop()
        slack.connections.get(timeout=5).close()

        assert not door.is_connected
        for thread in set(threading.enumerate()) - before:
            thread.join(2)
            assert not thread.is_alive()


def test_a_stop_waits_for_what_is_being_stored_and_acknowledges_it() -> None:
    hearing, may_store = Event(), Event()

    def hear(_: AnyStimulus) -> None:
        hearing.set()
        assert may_store.wait(5)

    with wire() as slack, web_api(opened(slack.url)) as api:
        door = door_to(api, hear)
        door.start()
        slack.deliver(slack.connections.get(timeout=5), event(message()), "last")
        assert hearing.wait(5)
        stopping = Thread(target=door.stop)
        stopping.start()
        may_store.set()
        stopping.join(10)

        assert slack.sent.get(timeout=5) == {"envelope_id": "last"}


def test_slack_may_send_us_to_another_connection() -> None:
    with wire() as slack, web_api(opened(slack.url)) as api:
        door = door_to(api)
        door.start()
        try:
            first = slack.connections.get(timeout=5)
            first.send(json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}))
            second = slack.connections.get(timeout=10)
            slack.deliver(second, event(message()), "after")

            assert slack.sent.get(timeout=5) == {"envelope_id": "after"}
        finally:
            door.stop()


@pytest.mark.parametrize("error", ["invalid_auth", "not_allowed_token_type", "missing_scope"])
def test_a_token_that_slack_does_not_accept_is_said_in_a_sentence(error: str) -> None:
    with web_api({"apps.connections.open": {"ok": False, "error": error}}) as api:
        door = door_to(api)
        try:
            with pytest.raises(SlackDown, match=rf"SLACK_APP_TOKEN \({error}\)"):
                door.start()
        finally:
            door.stop()


def test_a_refused_connection_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    with wire() as slack, web_api() as api:
        down = {"ok": False, "error": "internal_error"}
        api.answers["apps.connections.open"] = [down, {"ok": True, "url": slack.url}]
        door = door_to(api)
        door.start()
        try:
            assert door.is_connected
            assert "Slack cannot be reached (internal_error): connecting again in 1 s" in caplog.text
        finally:
            door.stop()


def test_an_address_where_nobody_answers_is_given_up_for_a_new_one() -> None:
    with wire() as slack, web_api() as api:
        dead = {"ok": True, "url": "ws://127.0.0.1:9/link"}
        api.answers["apps.connections.open"] = [dead, {"ok": True, "url": slack.url}]
        door = door_to(api)
        door.start()
        try:
            assert door.is_connected
        finally:
            door.stop()


def test_waiting_for_slack_can_be_stopped() -> None:
    with web_api({"apps.connections.open": {"ok": False, "error": "internal_error"}}) as api:
        door = door_to(api)
        starting = Thread(target=door.start)
        starting.start()
        while not api.asked("apps.connections.open"):
            time.sleep(0.01)
        door.stop()
        starting.join(5)

        assert not starting.is_alive()


def test_the_watchdog_barks_when_nobody_hears_customers_any_more() -> None:
    barked = Event()
    with wire() as slack, web_api(opened(slack.url)) as api:
        door = door_to(api, on_deaf=barked.set, patience=timedelta(seconds=0.5))
        door.start()
        try:
            assert not barked.wait(2)
            api.answers["apps.connections.open"] = {"ok": False, "error": "internal_error"}
            slack.connections.get(timeout=5).close()

            assert barked.wait(10)
        finally:
            door.stop()
