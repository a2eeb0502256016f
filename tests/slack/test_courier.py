"""Leases, a store that goes away, threads and alarms: what keeps the courier honest while it is at work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from urllib.error import URLError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient

from bot.core.saying import In, Line, Said, Whisper
from bot.core.stimuli import Delivered
from bot.errors import StaleCase, StoreDown
from bot.ports import Lease
from bot.slack.courier import Composed, Courier
from bot.slack.lanes import Report
from bot.slack.pacing import Alarms
from tests.slack.fakes_courier import Answer, Clock, Lost, Stage, away, in_blocks, post, refusal, slow_down

LEASE = 30
NEEDED = 15  # a request's time-out, and five seconds
A_SECOND = timedelta(seconds=1)
NEVER = timedelta(hours=1)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def composing_takes(stage: Stage, seconds: float) -> None:
    def compose(said: Said, plain: bool) -> Composed:
        stage.clock.advance(seconds)
        return in_blocks(said, plain)

    stage.compose = compose


# --- leases -----------------------------------------------------------------------------------------------------------


def test_a_lane_is_leased_for_two_requests_and_handed_back(stage: Stage) -> None:
    lengths = []
    stage.slack.before = lambda _: lengths.append((stage.outbox.leases["C1"].until - stage.clock()).total_seconds())

    stage.say(post())

    assert lengths == [LEASE]
    assert not stage.outbox.leases


def test_a_lane_that_somebody_else_serves_is_left_alone(stage: Stage) -> None:
    stage.outbox.lease("C1", "somebody else", stage.clock(), timedelta(seconds=LEASE))

    assert stage.say(post()).state == "due"
    assert not stage.slack.asked


@pytest.mark.parametrize(
    ("seconds", "leases"),
    [
        (LEASE - NEEDED - 1, 1),  # enough is left for the request and what it may still do in Slack
        (LEASE - NEEDED, 2),  # not quite: renewed first
        (LEASE - 1, 2),
    ],
)
def test_a_lease_is_renewed_right_before_a_post_if_it_would_not_last(stage: Stage, seconds: float, leases: int) -> None:
    composing_takes(stage, seconds)
    left = []
    stage.slack.before = lambda _: left.append((stage.outbox.leases["C1"].until - stage.clock()).total_seconds())

    assert stage.say(post()).state == "told"
    assert left[0] > NEEDED
    assert stage.outbox.calls.count("lease") == leases


def test_nothing_is_posted_on_a_lease_that_has_run_out(stage: Stage) -> None:
    composing_takes(stage, LEASE)
    row = stage.say(post())

    assert row.state == "due"
    assert not stage.slack.asked
    composing_takes(stage, 0)
    stage.later(1)
    assert row.state == "told"


def test_nothing_is_posted_on_a_lease_that_somebody_else_has_taken(stage: Stage) -> None:
    def compose(said: Said, plain: bool) -> Composed:
        stage.clock.advance(LEASE - 1)
        stage.outbox.leases["C1"] = Lease("C1", "somebody else", stage.clock() + timedelta(seconds=LEASE))
        return in_blocks(said, plain)

    stage.compose = compose

    assert stage.say(post()).state == "due"
    assert not stage.slack.asked
    assert stage.outbox.leases["C1"].holder == "somebody else"


def test_what_a_dead_process_may_have_said_is_looked_for_by_its_successor(stage: Stage) -> None:
    stage.outbox.fails["told"].append(away())
    row = stage.say(post("said before the crash"))
    unsaid = stage.write(post("not said yet"))
    stage.courier = stage.new_courier()

    stage.later(LEASE - 1)
    assert row.state == "due"
    stage.later(1)

    assert (row.state, stage.outbox.entries[unsaid].state) == ("told", "told")
    assert stage.slack.texts("C1") == ["said before the crash", "not said yet"]


# --- the store goes away ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["lease", "next_row", "told", "release"])
def test_a_store_that_is_down_for_a_moment_neither_loses_nor_doubles_anything(stage: Stage, method: str) -> None:
    stage.outbox.fails[method].append(away())
    row = stage.say(post(report=True))

    stage.later(1)
    stage.later(1)

    assert row.state == "told"
    assert stage.slack.texts("C1") == ["Hello"]
    assert not stage.slack.asked_for("conversations.history")  # we remember what we said
    assert not stage.outbox.leases
    assert {report.key for report in stage.reports} == {"delivered:K1-1-0"}


def test_a_desk_without_its_store_hears_of_a_delivery_later(stage: Stage) -> None:
    def down(stimulus: object) -> None:
        raise StoreDown(str(stimulus))

    stage.report = down
    row = stage.say(post(report=True))
    assert (row.state, stage.slack.texts("C1")) == ("due", ["Hello"])
    stage.report = stage.reports.append
    stage.later(1)

    assert row.state == "told"
    assert stage.slack.texts("C1") == ["Hello"]
    assert [type(report) for report in stage.reports] == [Delivered]


@pytest.mark.parametrize(
    ("times", "heard"),
    [
        (9, 1),  # the case moved on: the desk hears of it when it stands still
        (10, 0),  # another case has its place: what stands behind it in the lane has to be said all the same
    ],
)
def test_a_desk_that_finds_the_case_moving_is_told_again_but_not_for_ever(stage: Stage, times: int, heard: int) -> None:
    moves = iter([StaleCase("the case moved on")] * times)

    def report(stimulus: Report) -> None:
        if error := next(moves, None):
            raise error
        stage.reports.append(stimulus)

    stage.report = report
    row, behind = stage.say(post(report=True)), stage.write(post("behind it"))
    for _ in range(10):
        stage.later(1)

    assert [row.state, stage.outbox.entries[behind].state] == ["told", "told"]
    assert len(stage.slack.texts("C1")) == 2
    assert (len(stage.reports), len(stage.alarms)) == (heard, 1 - heard)


def test_a_doubt_that_could_not_be_written_down_is_remembered(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    stage.outbox.fails["failed"].append(away())
    row = stage.say(post())

    for _ in range(20):
        stage.later(1)

    assert row.state == "told"
    assert stage.slack.texts("C1") == ["Hello"]


def test_what_could_not_be_written_down_is_settled_by_whoever_has_the_lane_next(stage: Stage) -> None:
    stage.outbox.fails["told"].append(away())
    row = stage.say(post())
    first, second = stage.courier, stage.new_courier()
    stage.clock.advance(LEASE)

    second.say_due()
    first.say_due()

    assert row.state == "told"
    assert stage.slack.texts("C1") == ["Hello"]


# --- whatever happens -------------------------------------------------------------------------------------------------

MISHAPS: list[Callable[[Stage], object]] = [
    lambda stage: stage.slack.next["chat.postMessage"].append(Lost(TimeoutError())),
    lambda stage: stage.slack.next["chat.postMessage"].append(TimeoutError()),
    lambda stage: stage.slack.next["chat.postMessage"].append(URLError(ConnectionRefusedError())),
    lambda stage: stage.slack.next["chat.postMessage"].append(Answer({}, 503)),
    lambda stage: stage.slack.next["chat.postMessage"].append(slow_down(3)),
    lambda stage: stage.slack.next["chat.postMessage"].append(refusal("invalid_auth")),
    lambda stage: stage.slack.next["conversations.history"].append(TimeoutError()),
    lambda stage: stage.slack.next["conversations.history"].append(slow_down(3)),
    lambda stage: stage.outbox.fails["lease"].append(away()),
    lambda stage: stage.outbox.fails["next_row"].append(away()),
    lambda stage: stage.outbox.fails["told"].append(away()),
    lambda stage: stage.outbox.fails["failed"].append(away()),
    lambda stage: stage.outbox.fails["hold"].append(away()),
    lambda stage: stage.outbox.fails["release"].append(away()),
    lambda stage: setattr(stage, "courier", stage.new_courier()),  # the process dies, another one starts
    lambda stage: composing_takes(stage, 17),
    lambda stage: composing_takes(stage, 0),
    lambda stage: stage.later(1),
    lambda stage: stage.later(16),
    lambda stage: stage.later(31),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(range(len(MISHAPS))), max_size=30))
def test_whatever_happens_each_post_is_said_once_and_in_order(mishaps: list[int]) -> None:
    stage = Stage()
    said = [f"{n}" for n in range(3)]
    for text in said:
        stage.write(post(text))

    for mishap in mishaps:
        MISHAPS[mishap](stage)
    composing_takes(stage, 0)
    for _ in range(60):
        stage.later(31)

    assert stage.slack.texts("C1") == said


# --- threads ----------------------------------------------------------------------------------------------------------


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def running(stage: Stage) -> Iterator[Courier]:
    courier = stage.new_courier(clock=now, lanes_at_once=2, poll=NEVER)
    courier.start()
    yield courier
    courier.stop(A_SECOND)


def becomes_true(condition: Callable[[], bool]) -> bool:
    by = time.monotonic() + 10
    while not condition() and time.monotonic() < by:
        time.sleep(0.001)
    return condition()


def test_a_nudge_has_new_things_said_at_once(stage: Stage, running: Courier) -> None:
    assert becomes_true(lambda: "lanes_due" in stage.outbox.calls)

    stage.write(post())
    running.nudge(["C1"])

    assert becomes_true(lambda: stage.slack.texts("C1") == ["Hello"])
    assert stage.outbox.calls.count("lanes_due") == 1  # nobody had to look which lane it is


def test_something_new_somewhere_is_found_at_once(stage: Stage, running: Courier) -> None:
    assert becomes_true(lambda: "lanes_due" in stage.outbox.calls)

    stage.write(post())
    running.nudge()

    assert becomes_true(lambda: stage.slack.texts("C1") == ["Hello"])


def test_what_is_written_while_its_lane_is_handed_back_is_said_at_once(stage: Stage, running: Courier) -> None:
    late = iter(["late"])

    def write_late(method: str) -> None:
        if method == "release":
            for text in late:
                stage.write(post(text))
                running.nudge(["C1"])

    stage.outbox.before = write_late
    stage.write(post("early"))
    running.nudge()

    assert becomes_true(lambda: stage.slack.texts("C1") == ["early", "late"])


def test_a_lane_that_takes_its_time_holds_up_no_other(stage: Stage, running: Courier) -> None:
    slow = Event()

    def compose(said: Said, plain: bool) -> Composed:
        if said.case == "SLOW":
            slow.wait(10)
        return in_blocks(said, plain)

    stage.compose = compose
    stage.write(post("slow"), case="SLOW")
    stage.write(post("quick", In("C2")))
    stage.write(post("quick", In("C3")))
    running.nudge()

    assert becomes_true(lambda: stage.slack.texts("C2") + stage.slack.texts("C3") == ["quick", "quick"])
    assert not stage.slack.texts("C1")
    slow.set()
    assert becomes_true(lambda: stage.slack.texts("C1") == ["slow"])


def test_the_clock_is_put_forward_when_nothing_is_in_flight(stage: Stage) -> None:
    said = Event()

    def compose(said_now: Said, plain: bool) -> Composed:
        said.wait(10)
        return in_blocks(said_now, plain)

    def jump() -> None:
        with courier.at_rest():
            stage.clock.advance(48 * 3600)

    stage.compose = compose
    courier = stage.new_courier(poll=NEVER)
    courier.start()
    outbox = stage.write(post())
    courier.nudge(["C1"])
    assert becomes_true(lambda: "C1" in stage.outbox.leases)
    jumping = Thread(target=jump)
    jumping.start()
    jumping.join(0.05)
    waited = jumping.is_alive()
    said.set()
    jumping.join(10)
    courier.stop(A_SECOND)

    assert waited
    assert stage.slack.texts("C1") == ["Hello"]
    assert stage.outbox.entries[outbox].state == "told"  # by the lease under which it was posted


def test_more_lanes_than_threads_wait_for_no_poll(stage: Stage, running: Courier) -> None:
    assert becomes_true(lambda: "lanes_due" in stage.outbox.calls)

    for n in range(9):
        stage.write(post("Hello", In(f"C{n}")))
    running.nudge([f"C{n}" for n in range(9)])

    assert becomes_true(lambda: len(stage.slack.asked) == 9)


def test_a_lane_is_served_by_one_thread_at_a_time(stage: Stage, running: Courier) -> None:
    for n in range(9):
        stage.write(post(f"{n}"))
        running.nudge(["C1", "C1"])

    assert becomes_true(lambda: len(stage.slack.texts("C1")) == 9)
    assert stage.slack.texts("C1") == [f"{n}" for n in range(9)]


def test_stopping_says_what_is_due_and_hands_the_lanes_back(stage: Stage) -> None:
    courier = stage.new_courier(clock=now, lanes_at_once=2, poll=NEVER)
    for n in range(8):
        stage.write(post("bye", In(f"C{n}")))
    courier.start()

    courier.stop(timedelta(seconds=5))

    assert {entry.state for entry in stage.outbox.entries.values()} == {"told"}
    assert not stage.outbox.leases


def test_stopping_takes_no_longer_than_it_may(stage: Stage) -> None:
    stuck = Event()

    def wait(_: str) -> None:
        stuck.wait(10)

    stage.slack.before = wait
    courier = stage.new_courier(clock=now, poll=NEVER)
    stage.write(post())
    courier.start()
    assert becomes_true(lambda: "next_row" in stage.outbox.calls)

    courier.stop(timedelta(seconds=0.02))

    assert stage.outbox.entries["K1-1-0"].state == "due"
    stuck.set()
    assert becomes_true(lambda: not stage.outbox.leases)  # what was in flight is written down all the same
    assert stage.outbox.entries["K1-1-0"].state == "told"


def test_a_lane_with_something_unwritten_is_not_handed_back_on_stopping(stage: Stage) -> None:
    stage.outbox.fails["told"].append(away())
    stage.say(post())

    stage.courier.stop(timedelta(seconds=0.02))

    assert list(stage.outbox.leases) == ["C1"]  # so that a successor looks before it posts


def test_the_loop_survives_whatever_happens(stage: Stage, running: Courier) -> None:
    stage.outbox.fails["lanes_due"].extend([away(), RuntimeError("a bug")])
    stage.write(post())

    while stage.outbox.fails["lanes_due"]:
        running.nudge()
        time.sleep(0.001)
    running.nudge()

    assert becomes_true(lambda: stage.slack.texts("C1") == ["Hello"])


def test_a_lane_that_stumbles_rests_and_the_operators_hear_of_it(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(RuntimeError("a bug"))
    row = stage.say(post())
    assert stage.say(post("other", In("C2"))).state == "told"
    assert "C1" in stage.alarms[0]

    stage.later(5)

    assert row.state == "told"


# --- set up -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("client", "what"),
    [
        (WebClient(), "retry_handlers"),  # slack_sdk repeats a POST after a broken connection by default
        (WebClient(timeout=30, retry_handlers=[]), "answer within"),  # a lease would run out under the request
    ],
)
def test_a_client_that_would_break_the_promise_is_not_taken(stage: Stage, client: WebClient, what: str) -> None:
    stage.slack = client  # type: ignore[assignment]

    with pytest.raises(ValueError, match=what):
        stage.new_courier()


# --- alarms -----------------------------------------------------------------------------------------------------------


def test_an_alarm_rings_at_most_once_a_minute_for_each_kind() -> None:
    clock = Clock()
    rung: list[str] = []
    alarms = Alarms(rung.append, clock)

    for kind, text in (("a", "one"), ("a", "two"), ("b", "three")):
        alarms.sound(kind, text)
    clock.advance(60)
    alarms.sound("a", "four")

    assert rung == ["one", "three", "four"]


def test_an_alarm_that_fails_or_causes_another_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    def ring(text: str) -> None:
        alarms.sound("a", "again")
        raise OSError(text)

    alarms = Alarms(ring, Clock())
    alarms.sound("a", "Help")

    assert "The operators could not be told" in caplog.text


def test_many_parked_posts_make_one_alarm(stage: Stage) -> None:
    stage.slack.always["chat.postMessage"] = refusal("is_archived")
    for _ in range(3):
        stage.write(post())

    stage.courier.say_due()

    assert len(stage.reports) == 3
    assert len(stage.alarms) == 1


def test_a_whisper_outside_any_case_is_said_like_any_other(stage: Stage) -> None:
    assert stage.say(Whisper(channel="C1", user="U1", content=Line("Hello")), case="").state == "told"
