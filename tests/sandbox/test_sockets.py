"""Socket Mode: connections, acknowledgements, and what is sent again."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear, Json, acknowledge, never
from tests.sandbox.conftest import SEED

pytestmark = pytest.mark.wire


@pytest.fixture
def second(sandbox: Sandbox, ear: Ear) -> Iterator[Ear]:
    listening = Ear(sandbox)
    sandbox.wait_for(lambda: sandbox.connections == 2 and ear.frames)
    yield listening
    listening.close()


def test_a_connection_begins_with_hello(sandbox: Sandbox, ear: Ear) -> None:
    hello = sandbox.wait_for(lambda: ear.frames)[0]

    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": "A0TIER1APP"}
    assert hello["debug_info"]["approximate_connection_time"] > 0


def test_a_ticket_is_good_for_one_connection(sandbox: Sandbox, ear: Ear) -> None:
    assert ear.url.startswith("ws://127.0.0.1:")
    for url in (ear.url, ear.url.replace("ticket=", "ticket=x")):
        with pytest.raises(InvalidStatus, match="403"), connect(url, proxy=None):
            pass
    assert sandbox.connections == 1


def test_a_first_delivery_says_that_it_is_the_first(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.say("alice", "help", "x")
    sandbox.settled()

    envelope = ear.envelopes[0]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    (delivery,) = sandbox.deliveries()
    assert delivery.acked
    assert [(attempt.number, attempt.failure) for attempt in delivery.attempts] == [(0, "")]
    assert 0 < delivery.milliseconds < 250


def test_an_event_without_acknowledgement_is_sent_again_three_times() -> None:
    with Sandbox(SEED, ack_seconds=0.05, redelivery=(0.01, 0.01, 0.01)) as sandbox:
        ear = Ear(sandbox, never)
        sandbox.say("alice", "help", "x")
        sandbox.settled()
        ear.close()

    tries = [(one["retry_attempt"], one["retry_reason"]) for one in ear.envelopes]
    assert tries == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]
    assert len({one["payload"]["event_id"] for one in ear.envelopes}) == 1
    assert len({one["envelope_id"] for one in ear.envelopes}) == 4
    assert sandbox.deliveries()[0].state == "given up"


def test_a_repeat_that_is_acknowledged_is_the_last(sandbox: Sandbox, ear: Ear) -> None:
    ear.answer = lambda envelope: acknowledge(envelope) if envelope["retry_attempt"] else None
    sandbox.say("alice", "help", "x")
    sandbox.settled()

    assert [envelope["retry_attempt"] for envelope in ear.envelopes] == [0, 1]
    assert sandbox.deliveries()[0].acked


def test_acknowledgements_can_be_lost_on_demand(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.drop_acks(2)
    sandbox.say("alice", "help", "x")
    sandbox.settled()

    assert [envelope["retry_attempt"] for envelope in ear.envelopes] == [0, 1, 2]


def test_the_last_event_can_be_sent_again_by_hand(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    ts = sandbox.say("alice", "help", "x")
    client.chat_postMessage(channel="C0HELP", text="an answer")
    client.reactions_add(channel="C0HELP", timestamp=ts, name="eyes")
    sandbox.redeliver()
    sandbox.redeliver(retry_headers=False)
    sandbox.redeliver(new_event_id=True)
    sandbox.settled()

    first, *_, again, silent, other = ear.envelopes
    assert {one["payload"]["event"]["ts"] for one in (again, silent, other)} == {ts}
    assert again["payload"] == silent["payload"] == first["payload"]
    assert (again["retry_attempt"], silent["retry_attempt"]) == (1, 0)
    assert other["payload"]["event_id"] != first["payload"]["event_id"]


def test_events_wait_for_a_connection(sandbox: Sandbox) -> None:
    said = [sandbox.say("alice", "help", str(number)) for number in range(3)]
    with pytest.raises(TimeoutError, match=r"message: waiting, not sent: is the app connected\?"):
        sandbox.settled(0.05)

    ear = Ear(sandbox)
    sandbox.settled()

    assert [event["ts"] for event in ear.events()] == said
    assert {envelope["retry_attempt"] for envelope in ear.envelopes} == {0}
    ear.close()


def test_every_payload_goes_to_one_of_the_connections(sandbox: Sandbox, ear: Ear, second: Ear) -> None:
    for number in range(10):
        sandbox.say("alice", "help", str(number))
    sandbox.settled()

    assert (len(ear.envelopes), len(second.envelopes)) == (5, 5)


def test_an_acknowledgement_counts_over_whichever_connection_it_comes(sandbox: Sandbox, ear: Ear, second: Ear) -> None:
    def over_the_other(envelope: Json) -> None:
        second.send({"envelope_id": envelope["envelope_id"]})

    ear.answer = over_the_other
    for _ in range(2):
        sandbox.say("alice", "help", "x")
    sandbox.settled()

    assert all(delivery.acked and len(delivery.attempts) == 1 for delivery in sandbox.deliveries())


def test_an_eleventh_connection_is_sent_away(sandbox: Sandbox) -> None:
    ears = [Ear(sandbox) for _ in range(11)]
    late = ears[-1]
    assert late.closed.wait(5)

    assert [(frame["type"], frame.get("reason")) for frame in late.frames] == [("disconnect", "too_many_websockets")]
    assert sandbox.connections == 10
    for ear in ears:
        ear.close()


def test_a_refresh_asks_to_come_again_and_sends_nothing_more(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.refresh_sockets()
    sandbox.wait_for(lambda: len(ear.frames) == 2)
    assert (ear.frames[1]["type"], ear.frames[1]["reason"]) == ("disconnect", "refresh_requested")

    sandbox.say("alice", "help", "x")
    fresh = Ear(sandbox)
    sandbox.settled()

    assert ear.envelopes == []
    assert len(fresh.envelopes) == 1
    fresh.close()


def test_a_cut_comes_without_a_close_frame(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.cut_sockets()

    assert ear.closed.wait(5)
    assert ear.code == 1006
    sandbox.wait_for(lambda: sandbox.connections == 0)


def test_a_server_that_goes_away_says_so(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.close_sockets()

    assert ear.closed.wait(5)
    assert ear.code == 1001
    sandbox.wait_for(lambda: sandbox.connections == 0)


def test_a_frozen_connection_answers_nothing_and_stays_until_the_app_hangs_up(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.freeze_sockets()
    assert ear.socket is not None
    pong = ear.socket.ping()
    sandbox.say("alice", "help", "x")
    sandbox.wait_for(lambda: [one for one in sandbox.deliveries("message") if one.attempts])

    assert ear.envelopes == []
    assert not pong.is_set()
    assert sandbox.connections == 1
    ear.cut()
    sandbox.wait_for(lambda: sandbox.connections == 0)


def test_a_muted_connection_answers_pings_and_delivers_nothing(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.mute_sockets()
    assert ear.socket is not None
    pong = ear.socket.ping()
    sandbox.say("alice", "help", "x")
    sandbox.wait_for(lambda: [one for one in sandbox.deliveries("message") if one.attempts])

    assert ear.envelopes == []
    assert pong.wait(5)
    assert sandbox.connections == 1


def test_an_event_lost_with_its_connection_is_sent_again(sandbox: Sandbox, ear: Ear) -> None:
    ear.answer = never
    sandbox.say("alice", "help", "x")
    sandbox.wait_for(lambda: ear.envelopes)
    sandbox.cut_sockets()
    fresh = Ear(sandbox)
    sandbox.settled()

    assert [envelope["retry_attempt"] for envelope in fresh.envelopes] == [1]
    fresh.close()


def test_stopping_sends_close_frames(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.stop()

    assert ear.closed.wait(5)
    assert ear.code == 1012


def test_nonsense_over_the_socket_is_warned_of(sandbox: Sandbox, ear: Ear) -> None:
    ear.send({"type": "ping"})
    sandbox.wait_for(lambda: sandbox.warnings)

    assert "no acknowledgement" in sandbox.warnings[0]
    assert sandbox.connections == 1


def test_slacks_own_client_connects_acknowledges_and_comes_back() -> None:
    heard: list[SocketModeRequest] = []

    def listen(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    with Sandbox(SEED) as sandbox:
        web = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        client = SocketModeClient(app_token=sandbox.app_token, web_client=web, ping_interval=0.1)
        client.socket_mode_request_listeners.append(listen)
        client.connect()
        sandbox.say("alice", "help", "one")
        sandbox.settled()
        sandbox.stop()
        sandbox.start()
        sandbox.say("alice", "help", "two")
        sandbox.settled()
        client.auto_reconnect_enabled = False
    client.close()

    assert [request.payload["event"]["text"] for request in heard] == ["one", "two"]
    assert [request.retry_attempt for request in heard] == [0, 0]
