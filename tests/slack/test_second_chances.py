"""What could not be stored is heard once the store is well: in order, once, and not for ever."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest

from bot.core.stimuli import AnyStimulus, Command, Message, Press, as_edit
from bot.errors import NotThereYet, StaleCase, StoreBroken, StoreDown
from bot.slack.second_chances import KEPT_FOR, SecondChances

PRESS = Press(key="p:1", team="T1", user="U1", kind="fixed", channel="D1", message_ts="1.000001")
COMMAND = Command(key="c:1", team="T1", user="U1", channel="D1", text="i forgot", response_url="")
LONG = KEPT_FOR.total_seconds()


def message(number: int) -> Message:
    return Message(key=f"m:{number}", team="T1", user="U1", channel="D1", ts=f"{number}.000001", text="i forgot")


class Stage:
    """Second chances in a time of their own, in which every pause is over at once, and a store that is well again
    `well_at` so many seconds."""

    def __init__(self) -> None:
        self.now, self.well_at = 0.0, 0.0
        self.trouble: Exception = StoreDown("the disk is full")
        self.faults: dict[str, Exception] = {}
        self.pauses: list[float] = []
        self.tried: list[str] = []
        self.heard: list[str] = []
        self.events: list[tuple[float, Callable[[], object]]] = []
        self.over = Event()
        self.chances = self.begin()

    def begin(self, **how: int) -> SecondChances:
        self.chances = SecondChances(self.hear, clock=lambda: self.now, wait=self.wait, **how)
        return self.chances

    def hear(self, stimulus: AnyStimulus) -> None:
        self.tried.append(stimulus.key)
        if self.now < self.well_at:
            raise self.trouble
        if fault := self.faults.get(stimulus.key):
            raise fault
        self.heard.append(stimulus.key)

    def wait(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        self.now += seconds
        while self.events and self.events[0][0] <= self.now:
            self.events.pop(0)[1]()
        return self.over.is_set()

    def play(self, *, count: int) -> None:
        """Let time run until so many are heard, and nothing waits any more."""
        self.chances.start()
        until(lambda: len(self.heard) >= count and not self.chances._waiting)
        self.end()

    def end(self) -> None:
        self.over.set()
        self.chances.stop()


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.end()


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.mark.parametrize("trouble", [StoreDown("locked"), StoreBroken("damaged")])  # somebody may mend that too
def test_what_could_not_be_stored_is_heard_in_order_once_the_store_is_well(stage: Stage, trouble: Exception) -> None:
    stage.well_at, stage.trouble = 20.0, trouble
    for number in (1, 2, 3):
        stage.chances.remember(message(number))

    stage.play(count=3)

    assert stage.heard == ["m:1", "m:2", "m:3"]
    assert stage.pauses[:7] == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0]
    assert stage.tried == ["m:1"] * 6 + ["m:1", "m:2", "m:3"]  # as long as the store is down one try says it for all


def test_after_each_trouble_the_pauses_are_short_again(stage: Stage) -> None:
    stage.well_at = 20.0
    stage.chances.remember(message(1))
    stage.chances.start()
    until(lambda: stage.heard)
    before = len(stage.pauses)
    stage.well_at = stage.now + 3
    stage.chances.remember(message(2))
    until(lambda: len(stage.heard) == 2)

    assert stage.pauses[before : before + 3] == [0.5, 1.0, 2.0]


def test_only_what_slack_would_send_again_is_heard_again(stage: Stage) -> None:
    edit = as_edit(message(1), "e:1")
    for stimulus in (PRESS, message(1), COMMAND, edit):
        stage.chances.remember(stimulus)

    stage.play(count=2)

    assert stage.heard == ["m:1", "e:1"]


def test_what_slack_sends_again_meanwhile_keeps_its_turn_and_is_heard_once(stage: Stage) -> None:
    for number in (1, 2, 1):
        stage.chances.remember(message(number))

    stage.play(count=2)

    assert stage.heard == ["m:1", "m:2"]


def test_beyond_the_bound_the_newest_are_left_to_slack(stage: Stage) -> None:
    chances = stage.begin(most=2)
    for number in (1, 2, 3, 1):
        chances.remember(message(number))

    stage.play(count=2)

    assert stage.heard == ["m:1", "m:2"]


def test_there_is_room_again_for_what_comes_after(stage: Stage) -> None:
    chances = stage.begin(most=1)
    chances.remember(message(1))
    stage.events = [(0.5, lambda: chances.remember(message(2)))]
    chances.start()
    until(lambda: stage.heard)
    chances.remember(message(3))
    until(lambda: len(stage.heard) == 2)

    assert stage.heard == ["m:1", "m:3"]


def test_after_five_minutes_it_is_forgotten(stage: Stage) -> None:
    stage.well_at = LONG
    stage.chances.remember(message(1))
    stage.events = [(200.0, lambda: stage.chances.remember(message(2)))]

    stage.play(count=1)

    assert stage.heard == ["m:2"]


def test_what_slack_sends_again_is_remembered_for_longer_even_if_there_is_no_more_room(stage: Stage) -> None:
    stage.well_at = LONG + 10
    chances = stage.begin(most=1)
    chances.remember(message(1))
    stage.events = [(60.0, lambda: chances.remember(message(1)))]  # as Slack does

    stage.play(count=1)

    assert stage.heard == ["m:1"]


@pytest.mark.parametrize("fault", [NotThereYet("it is being said"), StaleCase("it kept moving"), ValueError("a bug")])
def test_what_cannot_be_stored_for_a_reason_of_its_own_holds_up_nobody(stage: Stage, fault: Exception) -> None:
    stage.faults["m:1"] = fault
    for number in (1, 2):
        stage.chances.remember(message(number))

    stage.play(count=1)

    assert stage.heard == ["m:2"]
    assert stage.tried == ["m:1", "m:2"]


def test_nobodys_words_are_in_the_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    chances = stage.begin(most=2)
    stage.faults["m:1"] = ValueError("a bug")
    for number in (1, 2, 3):
        chances.remember(message(number))

    stage.play(count=1)

    assert stage.heard == ["m:2"]
    assert "m:1 is left to Slack" in caplog.text
    assert "m:2 is stored after all" in caplog.text
    assert "m:3 is left to Slack" in caplog.text
    assert "forgot" not in caplog.text


def test_after_a_stop_nothing_is_heard_any_more(stage: Stage) -> None:
    stage.well_at = 10**9
    stage.chances.remember(message(1))
    stage.chances.start()
    until(lambda: stage.tried)

    stage.end()
    stage.well_at = 0.0
    stage.chances.remember(message(2))

    assert not stage.chances._thread.is_alive()
    assert stage.heard == []


def test_a_stop_waits_for_the_one_that_is_being_heard_and_no_other_begins() -> None:
    heard: list[str] = []

    def hear(stimulus: AnyStimulus) -> None:
        stopping.start()
        heard.append(stimulus.key)
        chances._stopping.wait(5)

    chances = SecondChances(hear)
    stopping = Thread(target=chances.stop)
    for number in (1, 2):
        chances.remember(message(number))

    chances.start()
    until(lambda: heard)
    stopping.join(5)

    assert heard == ["m:1"]
    assert not stopping.is_alive()
