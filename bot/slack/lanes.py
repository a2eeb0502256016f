"""Say what is due in one lane, in order, as long as the lane is ours; and write down what became of each saying.

No row is marked before it is posted. What cannot be written down afterwards, because the store went away in between, is
remembered here and the lease is not handed back: whoever has the lane next, we or a successor, does not post it again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypedDict, assert_never

from bot.core.saying import Post
from bot.core.stimuli import Delivered, ThreadGone, Undeliverable
from bot.errors import AlreadyHeard, StaleCase, StoreError
from bot.ports import Landed, Lease, Outbox, Row
from bot.slack.outcomes import (
    Anew,
    Astray,
    Dropped,
    Hopeless,
    Later,
    LeaseLost,
    Moved,
    Outcome,
    Paused,
    Settled,
    Told,
    TurnedAway,
    Unfit,
)
from bot.slack.pacing import Alarms, pause
from bot.slack.posting import GRACE
from bot.slack.sending import Sending

log = logging.getLogger(__name__)

_PATIENCE = timedelta(days=1)
_TRIES = 10  # a row may be a day old because everything had to wait: it has these tries all the same
_WORRYING = 6  # failures of one row: a minute or two
_SOON = timedelta(seconds=1)
_THREAD_GONE = "thread_gone"

Report = Delivered | Undeliverable | ThreadGone


class _About(TypedDict):
    """What every report says of its row."""

    team: str
    user: str
    case: str
    outbox: str


class Lanes:
    """`holder` names this process; `team` is whose words these are."""

    def __init__(
        self,
        outbox: Outbox,
        sending: Sending,
        report: Callable[[Report], None],
        alarms: Alarms,
        *,
        team: str,
        holder: str,
        clock: Callable[[], datetime],
        request_timeout: timedelta,
    ) -> None:
        self._outbox, self._sending, self._report, self._alarms = outbox, sending, report, alarms
        self._team, self._holder, self._clock, self._request_timeout = team, holder, clock, request_timeout
        self._lease_length = 2 * (request_timeout + GRACE)
        self._unwritten: dict[str, tuple[Row, Outcome]] = {}  # by lane
        self._times_turned_away = 0
        self._stale: Counter[str] = Counter()  # how often a report found its case moving, by key
        self._closed_until: datetime | None = None
        self._refused = ""  # Slack's word for why it did not accept us the last time

    def closed_until(self, now: datetime) -> datetime | None:
        """Until when nothing is said anywhere, because Slack does not accept us; None if nothing is known of that."""
        return self._closed_until if self._closed_until and now < self._closed_until else None

    def refused(self, now: datetime) -> str:
        """Slack's word for why it does not accept us; "" if it does, or if it has not been asked for a while."""
        return self._refused if self._closed_until and now < self._closed_until + self._lease_length else ""

    def serve(self, lane: str, goes_on: Callable[[], bool]) -> datetime | None:
        """Say what is due in this lane. Returns when to come back, or None if there is nothing to wait for.

        Raises `StoreError`, and keeps the lease then: call again.
        """
        lease = self._outbox.lease(lane, self._holder, self._clock(), self._lease_length)
        if lease is None:
            return self._clock() + _SOON
        if lease.takeover:
            log.warning("Lane %s was not handed back: what is untold in it may be in Slack already", lane)
        if lane in self._unwritten:
            self._write_down(*self._unwritten[lane])
            del self._unwritten[lane]
        turn = _LeasedTurn(self._outbox, lease, self._clock, self._lease_length, self._request_timeout + GRACE)
        back_at: datetime | None = None
        while goes_on() and back_at is None:
            back_at = self.closed_until(self._clock())
            if back_at is not None:
                break
            row = self._outbox.next_row(turn.lease, self._clock()) if turn.lasts() else None
            if row is None:
                break
            outcome = self._sending.send(row, turn)
            if isinstance(outcome, LeaseLost):
                return self._clock() + _SOON
            if isinstance(outcome, Told | Astray) or (isinstance(outcome, Later) and outcome.ambiguous):
                self._unwritten[lane] = row, outcome
            back_at = self._write_down(row, outcome)
            self._unwritten.pop(lane, None)
        if self._clock() < turn.lease.until:
            self._outbox.release(turn.lease)
        return back_at

    def _write_down(self, row: Row, outcome: Outcome) -> datetime | None:
        """Returns until when the lane has to wait, if it has to.

        May come late, after somebody else had the lane and settled the row: that changes nothing in the outbox then.
        """
        now = self._clock()
        match outcome:
            case Told(landed):
                self._told(row, landed, now)
            case Later(error) if now - row.created_at > _PATIENCE and row.attempts >= _TRIES:
                self._give_up(row, error)
            case Later():
                return self._failed(row, outcome)
            case Paused(until):
                self._outbox.hold(row.lane, until)
                return until
            case TurnedAway(error):
                return self._close(error, now)
            case Unfit() | Hopeless() | Astray() | Dropped():
                self._not_said(row, outcome)
            case Anew(post):
                self._outbox.post_instead(row, post)
            case Moved(lane):
                self._outbox.relane(row, lane)
            case Settled() | LeaseLost():
                pass
            case _:
                assert_never(outcome)
        return None

    def _told(self, row: Row, landed: Landed | None, now: datetime) -> None:
        self._times_turned_away, self._refused = 0, ""
        if landed and isinstance(row.said.saying, Post) and row.said.saying.report:
            # The desk first: its key makes repeats harmless, and after a crash in between the look finds the message.
            key = f"delivered:{row.said.id}"
            self._tell_desk(Delivered(key=key, channel=landed.channel, ts=landed.ts, **self._about(row)))
        self._outbox.told(row, landed, now)

    def _failed(self, row: Row, later: Later) -> datetime:
        self._outbox.failed(row, later.error, later.at, ambiguous=later.ambiguous)
        self._outbox.hold(row.lane, later.at)
        if row.attempts == _WORRYING:
            text = f"{_case(row)}: {row.said.id} does not get through to Slack ({later.error}). We keep trying."
            self._alarms.sound(later.error, text)
        return later.at

    def _not_said(self, row: Row, outcome: Unfit | Hopeless | Astray | Dropped) -> None:
        match outcome:
            case Unfit(error) if not row.plain:
                log.warning("%s was refused (%s): once more, as plain text", row.said.id, error)
                self._outbox.again_plain(row, error)
            case Unfit(error):
                self._give_up(row, error)
            case Hopeless(error):
                self._give_up(row, error, nothing_can_be_said=True)
            case Astray():
                self._led_astray(row, outcome)
            case Dropped(why):
                self._outbox.drop(row, why)
            case _:
                assert_never(outcome)

    def _led_astray(self, row: Row, astray: Astray) -> None:
        if astray.left:
            text = f"{_case(row)}: {row.said.id} stands at the root of {astray.channel} by mistake ({astray.left})."
            self._alarms.sound(f"astray {_case(row)}", f"{text} Please delete it.")
        if not row.said.case:
            self._outbox.drop(row, _THREAD_GONE)  # small talk, and whoever it was for took the thread away
            return
        key = f"astray:{row.said.id}:{astray.channel}:{astray.thread_ts}"
        self._tell_desk(
            ThreadGone(
                key=key, where=astray.where, channel=astray.channel, thread_ts=astray.thread_ts, **self._about(row)
            )
        )
        self._park(row, _THREAD_GONE)

    def _give_up(self, row: Row, error: str, *, nothing_can_be_said: bool = False) -> None:
        post = row.said.saying
        if isinstance(post, Post):
            where = post.where if nothing_can_be_said else None
            key = f"undeliverable:{row.said.id}"
            self._tell_desk(Undeliverable(key=key, error=error, where=where, **self._about(row)))
        self._park(row, error)

    def _park(self, row: Row, error: str) -> None:
        """Unless the desk had it said elsewhere."""
        if not self._outbox.park(row, error):
            return
        what = type(row.said.saying).__name__.lower()
        text = f"{_case(row)}: Slack does not take {row.said.id}, a {what} in {row.lane} ({error}). It is parked."
        self._alarms.sound(f"{error} {_case(row)}", text)

    def _about(self, row: Row) -> _About:
        return _About(team=self._team, user="", case=row.said.case, outbox=row.said.id)

    def _tell_desk(self, stimulus: Report) -> None:
        try:
            with suppress(AlreadyHeard):
                self._report(stimulus)
            self._stale.pop(stimulus.key, None)
        except StaleCase as error:
            # Others may be quicker for a while. For ever it is another case in the place that this one wants.
            self._stale[stimulus.key] += 1
            if self._stale[stimulus.key] < _TRIES:
                raise
            log.error("%s is given up: %s", stimulus.key, error)  # noqa: TRY400  the sentence says it all
            self._alarms.sound("report", f"Case {stimulus.case or '-'}: {stimulus.key} could not be decided on.")
        except StoreError:
            raise
        except Exception:
            # What cannot be decided must not keep everything behind it in the lane from being said.
            log.exception("The desk could not take %s", stimulus.key)
            self._alarms.sound("report", f"Case {stimulus.case or '-'}: {stimulus.key} could not be decided on.")

    def _close(self, error: str, now: datetime) -> datetime:
        if already := self.closed_until(now):
            return already
        self._closed_until = now + pause(self._times_turned_away)
        self._times_turned_away += 1
        self._refused = error
        text = f"Slack does not accept the bot's token ({error}). Nothing is said until it does; nothing is lost."
        self._alarms.sound("token", text, every=timedelta(hours=1))
        return self._closed_until


class _LeasedTurn:
    """Renews the lease when less than `needed` of it is left. One that has run out is not renewed but lost."""

    def __init__(
        self, outbox: Outbox, lease: Lease, clock: Callable[[], datetime], length: timedelta, needed: timedelta
    ) -> None:
        self._outbox, self._lease, self._clock, self._length, self._needed = outbox, lease, clock, length, needed

    @property
    def lease(self) -> Lease:
        return self._lease

    def lasts(self) -> bool:
        now = self._clock()
        if now >= self._lease.until:
            return False  # somebody else may have had it since: what we read in it counts no longer
        if self._lease.until - now > self._needed:
            return True
        renewed = self._outbox.lease(self._lease.lane, self._lease.holder, now, self._length)
        if renewed is None or renewed.takeover:
            return False
        self._lease = renewed
        return self._lease.until - self._clock() > self._needed


def _case(row: Row) -> str:
    return f"Case {row.said.case}" if row.said.case else "Outside any case"
