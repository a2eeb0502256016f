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
from slack_sdk.web import SlackResponse
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
        self.first_frame: dict[str, Any] | None = {"type": "hello", "num_connections": 1}

    def serve(self, connection: ServerConnection) -> None:
        if self.first_frame is not None:
            connection.send(json.dumps(self.first_frame))
        self.connections.put(connection)
        try:
            for frame in connection:
                self.sent.put(json.loads(frame))
        except ConnectionClosed:
            pass

    def deliver(
        self, connection: ServerConnection, payload: Payload, envelope: str = "e1", *, attempt: int = 0
    ) -> None:
        kind = "events_api" if payload["type"] == "event_callback" else "interactive"
        frame = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": False}
        reason = "timeout" if attempt else ""
        connection.send(json.dumps({**frame, "retry_attempt": attempt, "retry_reason": reason}))


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
    *,
    on_deaf: Callable[[], None] = lambda: None,
    patience: timedelta = timedelta(seconds=60),
    clock: Callable[[], float] = time.monotonic,
    alarm: Callable[[str], None] = lambda _: None,
    client: WebClient | None = None,
    most: int = 100,
) -> SocketDoor:
    client = client or WebClient(token="xoxb-test", base_url=f"{api.url}api/", retry_handlers=[])
    app = build_app(client=client, signing_secret=None, hear=hear, us=US)
    return SocketDoor(app, client, "xapp-test", on_deaf=on_deaf, alarm=alarm, patience=patience, most=most, clock=clock)


@contextmanager
def started(door: SocketDoor) -> Iterator[SocketDoor]:
    door.start()
    try:
        yield door
    finally:
        door.stop()


def opened(url: str) -> Payload:
    return {"apps.connections.open": {"ok": True, "url": url}}


def test_what_is_heard_is_acknowledged_and_what_is_not_stored_is_not() -> None:
    heard: list[str] = []

    def hear(stimulus: AnyStimulus) -> None:
        if stimulus.key.startswith("p:"):
            raise StoreDown("the disk is full")
        heard.append(stimulus.key)

    with wire() as slack, web_api(opened(slack.url)) as api, started(door_to(api, hear)) as door:
        assert door.is_connected
        connection = slack.connections.get(timeout=5)
        slack.deliver(connection, press(response_url=f"{api.url}respond"), "lost")
        slack.deliver(connection, event(message()), "kept")

        assert slack.sent.get(timeout=5) == {"envelope_id": "kept"}
        with pytest.raises(Empty):
            slack.sent.get(timeout=0.3)
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


def test_what_comes_beyond_the_bound_is_not_acknowledged_and_heard_when_it_comes_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    may_store = Event()

    def hear(_: AnyStimulus) -> None:
        assert may_store.wait(10)

    with wire() as slack, web_api(opened(slack.url)) as api, started(door_to(api, hear, most=50)):
        connection = slack.connections.get(timeout=5)
        for n in range(60):
            slack.deliver(connection, event(message(ts=f"1764000000.{n:06}")), f"e{n}")
        while caplog.text.count("More comes in") < 10:
            time.sleep(0.01)
        may_store.set()
        acknowledged = {slack.sent.get(timeout=5)["envelope_id"] for _ in range(50)}
        assert slack.sent.empty()
        missing = {f"e{n}" for n in range(60)} - acknowledged
        for envelope in missing:
            slack.deliver(connection, event(message(ts=f"1764000000.{int(envelope[1:]):06}")), envelope)

        assert {slack.sent.get(timeout=5)["envelope_id"] for _ in missing} == missing


def test_a_stop_waits_for_what_is_being_stored_and_acknowledges_it() -> None:
    hearing, may_store = Event(), Event()

    def hear(_: AnyStimulus) -> None:
        hearing.set()
        assert may_store.wait(5)

    with wire() as slack, web_api(opened(slack.url)) as api, started(door_to(api, hear)) as door:
        slack.deliver(slack.connections.get(timeout=5), event(message()), "last")
        assert hearing.wait(5)
        stopping = Thread(target=door.stop)
        stopping.start()
        may_store.set()
        stopping.join(10)

        assert slack.sent.get(timeout=5) == {"envelope_id": "last"}


def test_slack_may_send_us_to_another_connection() -> None:
    with wire() as slack, web_api(opened(slack.url)) as api, started(door_to(api)):
        first = slack.connections.get(timeout=5)
        first.send(json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}))
        second = slack.connections.get(timeout=10)
        slack.deliver(second, event(message()), "after")

        assert slack.sent.get(timeout=5) == {"envelope_id": "after"}


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
        with started(door_to(api)) as door:
            assert door.is_connected
            assert "Slack cannot be reached (internal_error): connecting again in 1 s" in caplog.text


def test_an_address_where_nobody_answers_is_given_up_for_a_new_one() -> None:
    with wire() as slack, web_api() as api:
        dead = {"ok": True, "url": "ws://127.0.0.1:9/link"}
        api.answers["apps.connections.open"] = [dead, {"ok": True, "url": slack.url}]
        with started(door_to(api)) as door:
            assert door.is_connected


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


class Stuck(WebClient):
    """A request that neither succeeds nor fails, from the third on."""

    def __init__(self, api: WebApi) -> None:
        super().__init__(token="xoxb-test", base_url=f"{api.url}api/", retry_handlers=[])
        self.asked, self.free = 0, Event()

    def apps_connections_open(self, *, app_token: str, **kwargs: Any) -> SlackResponse:
        self.asked += 1
        if self.asked > 2:
            self.free.wait(20)
        return super().apps_connections_open(app_token=app_token, **kwargs)


def test_a_door_that_is_shut_and_does_not_even_try_to_open_says_so_once() -> None:
    barked: Queue[bool] = Queue()
    with wire() as slack, web_api(opened(slack.url)) as api:
        client = Stuck(api)
        door = door_to(api, on_deaf=lambda: barked.put(True), patience=timedelta(seconds=0.5), client=client)
        door.start()
        both = [slack.connections.get(timeout=5) for _ in range(2)]
        try:
            with pytest.raises(Empty):
                barked.get(timeout=1.5)
            for one in both:
                one.close()

            assert barked.get(timeout=10)
            with pytest.raises(Empty):
                barked.get(timeout=1.5)
        finally:
            client.free.set()
            door.stop()


def test_a_door_that_cannot_be_opened_for_long_goes_on_trying() -> None:
    barked = Event()
    with (
        wire() as slack,
        web_api(opened(slack.url)) as api,
        started(door_to(api, on_deaf=barked.set, patience=timedelta(seconds=2.5))),
    ):
        both = [slack.connections.get(timeout=5) for _ in range(2)]
        api.answers["apps.connections.open"] = {"ok": False, "error": "internal_error"}
        for one in both:
            one.close()
        assert not barked.wait(5)
        api.answers["apps.connections.open"] = {"ok": True, "url": slack.url}

        assert slack.connections.get(timeout=10)


def test_an_app_token_that_is_no_longer_accepted_is_told_to_the_operators() -> None:
    told: Queue[str] = Queue()
    with wire() as slack, web_api(opened(slack.url)) as api, started(door_to(api, alarm=told.put)):
        both = [slack.connections.get(timeout=5) for _ in range(2)]
        api.answers["apps.connections.open"] = {"ok": False, "error": "invalid_auth"}
        for one in both:
            one.close()

        assert told.get(timeout=5).startswith("Customers are not heard. Slack does not accept SLACK_APP_TOKEN")


def test_what_came_by_a_connection_that_went_is_acknowledged_over_the_other() -> None:
    hearing, may_store = Event(), Event()

    def hear(_: AnyStimulus) -> None:
        hearing.set()
        assert may_store.wait(5)

    with wire() as slack, web_api(opened(slack.url)) as api, started(door_to(api, hear)):
        try:
            first, _second = slack.connections.get(timeout=5), slack.connections.get(timeout=5)
            slack.deliver(first, event(message()), "late")
            assert hearing.wait(5)
            first.close()
            may_store.set()

            assert slack.sent.get(timeout=5) == {"envelope_id": "late"}
        finally:
            may_store.set()


@pytest.mark.parametrize(
    "first_frame",
    [
        {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}},  # ten are open already
        {"type": "something_new"},  # whatever it is, it is no hello
        None,  # a proxy that answers pings, and has nobody behind it
    ],
    ids=["too many", "unknown", "silent"],
)
@pytest.mark.long
def test_a_connection_without_a_hello_is_none(first_frame: dict[str, Any] | None) -> None:
    with wire() as slack, web_api(opened(slack.url)) as api:
        slack.first_frame = first_frame
        door = door_to(api)
        starting = Thread(target=door.start)
        starting.start()
        try:
            slack.connections.get(timeout=5)
            assert not door.is_connected
            slack.first_frame = {"type": "hello"}
            starting.join(20)

            assert door.is_connected
        finally:
            door.stop()


def test_connections_on_which_nothing_ever_comes_are_replaced_before_slack_repeats_for_the_last_time() -> None:
    passed = 0.0

    def clock() -> float:
        return time.monotonic() + passed

    with wire() as slack, web_api(opened(slack.url)) as api, started(door_to(api, clock=clock)) as door:
        for _ in range(2):
            slack.connections.get(timeout=5)
        with pytest.raises(Empty):  # as long as nothing is the matter, two are enough
            slack.connections.get(timeout=1)
        passed = 245.0  # Slack repeats after a minute, and after five more

        for _ in range(2):
            slack.connections.get(timeout=5)
        assert door.is_connected


@pytest.mark.parametrize(
    ("attempts", "age", "replaced"),
    [
        ((1,), 20.0, True),  # it has been sent before, and never came
        ((0, 1), 20.0, False),  # it came: it was our acknowledgement that was missing
        ((0,), 20.0, False),  # nothing is the matter
        ((1,), 0.0, False),  # it may have been sent before we were there
    ],
)
def test_a_repeat_of_what_never_came_replaces_the_other_connection(
    attempts: tuple[int, ...], age: float, replaced: bool
) -> None:
    passed = 0.0

    def clock() -> float:
        return time.monotonic() + passed

    with wire() as slack, web_api(opened(slack.url)) as api, started(door_to(api, clock=clock)) as door:
        first, _second = slack.connections.get(timeout=5), slack.connections.get(timeout=5)
        while len(door._lines) < 2:
            time.sleep(0.01)
        passed = age
        for attempt in attempts:
            payload = {**event(message()), "event_id": "Ev1"}
            slack.deliver(first, payload, f"e{attempt}", attempt=attempt)
            slack.sent.get(timeout=5)

        if replaced:
            assert slack.connections.get(timeout=5)
        else:
            with pytest.raises(Empty):
                slack.connections.get(timeout=1)
