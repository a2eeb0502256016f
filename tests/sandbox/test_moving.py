"""The local Slack's own time: what goes by it, and how people put it forward."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.errors import TimeStandsStill
from bot.sandbox.moving import wished
from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear, Json, ask
from tests.sandbox.conftest import SEED, client_of

pytestmark = pytest.mark.wire

FRIDAY = datetime(2026, 3, 6, 16, 55, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until it is put forward."""

    now: datetime = FRIDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, moment: datetime) -> None:
        self.now = moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(SEED, ack_seconds=0.25, redelivery=(), clock=clock) as running:
        running.moves_time_by(clock.forward)
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    return client_of(sandbox)


def forward(sandbox: Sandbox, **given: object) -> Json:
    return ask(f"{sandbox.url}/sandbox/forward", json.dumps(given).encode()).json


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ({"by": "90m"}, FRIDAY + timedelta(minutes=90)),
        ({"by": "2d"}, FRIDAY + timedelta(days=2)),
        ({"by": "1w"}, FRIDAY + timedelta(weeks=1)),
        ({"to": "2026-03-09T09:00:00+01:00"}, datetime(2026, 3, 9, 8, 0, tzinfo=UTC)),
        ({"to": "2026-03-09T09:00:00.000Z"}, datetime(2026, 3, 9, 9, 0, tzinfo=UTC)),  # as browsers write it
    ],
)
def test_a_moment_is_wished_for_by_a_span_or_by_its_name(given: Json, moment: datetime) -> None:
    assert wished(given, FRIDAY) == moment


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"by": "soon"}, "'soon' is no span of time"),
        ({"by": "-1h"}, "'-1h' is no span of time"),
        ({"by": "0m"}, "time only goes forward"),
        ({"by": "400d"}, "farther than 366 days"),
        ({"by": "999999w"}, "farther than 366 days"),  # past the end of the calendar
        ({"to": "Monday"}, "'Monday' is no moment"),
        ({"to": "2026-03-09T09:00:00"}, "with its zone"),
        ({"to": "2026-03-06T09:00:00Z"}, "here it is 2026-03-06T16:55:00Z already"),
        ({}, "'to' is missing"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_in_words(sandbox: Sandbox, clock: Clock, given: Json, why: str) -> None:
    answer = forward(sandbox, **given)

    assert answer["ok"] is False
    assert why in answer["error"]
    assert clock() == FRIDAY


def test_all_that_happens_goes_by_the_moved_time(sandbox: Sandbox, client: WebClient) -> None:
    ear = Ear(sandbox)
    sandbox.wait_for(lambda: sandbox.connections)
    before = [sandbox.say("alice", "help", "hello") for _ in range(3)]
    said = forward(sandbox, by="3d")
    after = client.chat_postMessage(channel="C0HELP", text="Monday")["ts"]
    sandbox.settled()
    ear.close()
    monday = FRIDAY + timedelta(days=3)

    assert said == {"ok": True, "now": monday.timestamp()}
    assert before == [f"{FRIDAY.timestamp():.0f}.00000{n}" for n in range(3)]  # unique and growing, in one microsecond
    assert after == f"{monday.timestamp():.0f}.000000"
    event = sandbox.deliveries("message")[-1]
    assert (event.payload["event_time"], event.at) == (int(monday.timestamp()), monday.timestamp())
    assert sandbox.calls("chat.postMessage")[-1].at == monday.timestamp()
    state = ask(f"{sandbox.url}/sandbox/state").json
    assert (state["now"], state["time_moves"]) == (monday.timestamp(), True)


def test_a_response_url_runs_out_by_the_moved_time(sandbox: Sandbox, clock: Clock) -> None:
    ear = Ear(sandbox)
    sandbox.wait_for(lambda: sandbox.connections)
    sandbox.command("alice", "help", "/tier1", "hello")
    sandbox.settled()
    url = sandbox.deliveries("/tier1")[-1].payload["response_url"]
    ear.close()

    answers = []
    for minutes in (29, 2):
        clock.forward(clock() + timedelta(minutes=minutes))
        answers.append(WebhookClient(url).send(text="late").status_code)

    assert answers == [200, 404]


def test_a_profile_shows_the_zone_as_it_is_by_then(client: WebClient, clock: Clock) -> None:
    before = client.users_info(user="U0ALICE")["user"]["tz_offset"]
    clock.forward(clock() + timedelta(days=30))

    assert (before, client.users_info(user="U0ALICE")["user"]["tz_offset"]) == (3600, 7200)  # Berlin, in summer


def test_a_reset_does_not_bring_time_back(sandbox: Sandbox, clock: Clock) -> None:
    forward(sandbox, by="1d")
    sandbox.reset()

    assert clock() == FRIDAY + timedelta(days=1)
    assert ask(f"{sandbox.url}/sandbox/state").json["now"] == clock().timestamp()


def test_where_the_bot_has_its_own_clock_time_is_not_moved() -> None:
    with Sandbox(SEED) as sandbox:
        assert "time cannot be moved here" in forward(sandbox, by="1h")["error"]
        assert ask(f"{sandbox.url}/sandbox/state").json["time_moves"] is False


def test_a_bot_that_does_not_come_to_rest_is_said_in_words(sandbox: Sandbox) -> None:
    def stands_still(_moment: datetime) -> None:
        raise TimeStandsStill("it is Friday: not everything could be said yet")

    sandbox.moves_time_by(stands_still)

    assert forward(sandbox, by="1h") == {"ok": False, "error": "it is Friday: not everything could be said yet"}


def test_nobody_elses_page_moves_time(sandbox: Sandbox, clock: Clock) -> None:
    body, stranger = json.dumps({"by": "1h"}).encode(), {"Origin": "https://elsewhere.example"}

    assert ask(f"{sandbox.url}/sandbox/forward", body, stranger).status == 403
    assert clock() == FRIDAY
