"""Time is put forward by every moment at which something is due, and never while the bot is busy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import TimeStandsStill
from bot.moving_time import MovingTime

FRIDAY = datetime(2026, 3, 6, 16, 55, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


def after(**span: float) -> datetime:
    return FRIDAY + timedelta(**span)


@dataclass
class Life:
    """A bot with deadlines. `then` says what follows from a deadline: the next one."""

    time: MovingTime
    dues: list[datetime]
    then: dict[datetime, datetime] = field(default_factory=dict)
    done: list[tuple[datetime, datetime]] = field(default_factory=list)  # a deadline, and when it was done
    words: int = 2  # said about each
    unsaid: int = 0
    busy: bool = False
    serves: str = ""  # a lane that does not come to an end
    said_at: list[datetime] = field(default_factory=list)

    def next_due(self, after: datetime) -> datetime | None:
        return min((due for due in self.dues if due > after), default=None)

    def do_due(self) -> bool:
        for due in sorted(self.dues):
            if due <= self.time():
                self.dues.remove(due)
                self.done.append((due, self.time()))
                self.unsaid += self.words
                self.dues += [self.then[due]] if due in self.then else []
                return True
        return False

    def is_silent(self) -> bool:
        if self.unsaid:
            self.unsaid -= 1
            self.said_at.append(self.time())
        return not self.unsaid and not self.busy

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        assert not self.unsaid, "time goes on while something is to be said"
        if self.serves:
            raise TimeoutError(f"still being served: {self.serves}")
        yield


def test_what_is_due_on_the_way_is_done_at_its_own_moment_in_order() -> None:
    time = MovingTime(FRIDAY)
    first, follows, second, beyond = after(minutes=10), after(minutes=70), after(hours=16), after(days=4)
    life = Life(time, [second, beyond, first], then={first: follows})

    time.forward(after(days=3), life)

    assert [due for due, _ in life.done] == [first, follows, second]
    assert all(timedelta(0) <= at - due < A_MINUTE for due, at in life.done)
    said_within_a_minute = [any(due <= at < due + A_MINUTE for at in life.said_at) for due, _ in life.done]
    assert said_within_a_minute == [True, True, True]
    assert timedelta(0) <= time() - after(days=3) < A_MINUTE
    assert life.dues == [beyond]


def test_what_is_due_exactly_then_and_before_we_leave_is_done() -> None:
    time = MovingTime(FRIDAY)
    overdue, on_the_spot = after(hours=-1), after(days=1)
    life = Life(time, [overdue, on_the_spot])

    time.forward(on_the_spot, life)

    assert [due for due, _ in life.done] == [overdue, on_the_spot]


def test_time_goes_on_by_itself_and_never_back() -> None:
    time = MovingTime(FRIDAY)
    life = Life(time, [])

    time.forward(after(hours=2), life)
    there = time()

    with pytest.raises(ValueError, match="Friday 06 March 2026, 18:55 UTC already"):
        time.forward(after(hours=1), life)
    assert time() > there


def test_a_deadline_that_stays_due_for_ever_does_not_keep_time_from_going_on(caplog: pytest.LogCaptureFixture) -> None:
    time = MovingTime(FRIDAY)
    stuck = after(minutes=5)
    life = Life(time, [stuck, after(hours=1)], then={stuck: stuck}, words=0)

    time.forward(after(hours=2), life)

    assert "due again and again" in caplog.text
    assert time() >= after(hours=2)


def test_deadlines_without_end_end_the_walk_where_it_is() -> None:
    time = MovingTime(FRIDAY)

    class Endless(dict[datetime, datetime]):
        def __contains__(self, due: object) -> bool:
            return True

        def __missing__(self, due: datetime) -> datetime:
            return due + timedelta(seconds=30)

    life = Life(time, [after(seconds=30)], then=Endless(), words=0)

    with pytest.raises(TimeStandsStill, match="more than we walk at once"):
        time.forward(after(days=300), life)


@pytest.mark.parametrize(
    ("busy", "is_settled"),
    [
        (True, True),  # the bot has something to say still
        (False, False),  # Slack has not heard it all
    ],
)
def test_time_stands_still_while_not_all_is_said(busy: bool, is_settled: bool) -> None:
    time = MovingTime(FRIDAY, patience=timedelta(milliseconds=20))
    life = Life(time, [after(minutes=10)], busy=busy)

    with pytest.raises(TimeStandsStill, match="try again in a while"):
        time.forward(after(days=3), life, is_settled=lambda: is_settled)
    assert time() < after(minutes=10)


def test_a_bot_that_does_not_come_to_rest_keeps_its_time() -> None:
    time = MovingTime(FRIDAY)

    with pytest.raises(TimeStandsStill, match="still being served: C1; try again"):
        time.forward(after(days=3), Life(time, [], serves="C1"))
    assert time() < after(minutes=1)
