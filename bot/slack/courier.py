"""Say in Slack what is written down to be said: in order within a lane, many lanes at a time, each thing once.

Only the threads are here: one finds out which lanes have something to say, a few serve one lane at a time. What is done
in a lane is in `lanes`, how one thing is said in `sending`. No thread sleeps for a lane that has to wait.
"""

from __future__ import annotations

import logging
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Condition, Event, Lock, Thread

from slack_sdk import WebClient

from bot.errors import StoreError
from bot.ports import Outbox
from bot.slack.lanes import Lanes, Report
from bot.slack.outcomes import Compose, Composed
from bot.slack.pacing import Alarms
from bot.slack.sending import Sending

__all__ = ["Compose", "Composed", "Courier"]

log = logging.getLogger(__name__)

_QUEUE = 8  # lanes that are taken up, for each thread
_STORE_REST = timedelta(seconds=1)
_ERROR_REST = timedelta(seconds=5)


class Courier:
    """`report` hears where a post landed, or that it never will; it may raise `StoreDown`. `alarm` takes a sentence for
    the operators, at most once a minute for each kind of error, and must not write to the outbox.

    `request_timeout` is what leases are measured by. `client` must answer within it, and must not repeat a request by
    itself: a message whose answer got lost would appear twice. Raises `ValueError` for one that does. What other
    processes write down lies unnoticed for as long as `poll` at most.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: WebClient,
        compose: Compose,
        report: Callable[[Report], None],
        alarm: Callable[[str], None],
        *,
        team: str,
        clock: Callable[[], datetime],
        request_timeout: timedelta = timedelta(seconds=10),
        lanes_at_once: int = 8,
        poll: timedelta = timedelta(seconds=1),
    ) -> None:
        if client.retry_handlers:
            raise ValueError("the courier's WebClient must not repeat requests: give it retry_handlers=[]")
        if client.timeout > request_timeout.total_seconds():
            raise ValueError(f"the courier's WebClient must answer within {request_timeout}: give it that timeout")
        self._outbox, self._clock, self._lanes_at_once, self._poll = outbox, clock, lanes_at_once, poll
        self._rest_within = 3 * request_timeout  # of real time
        self._alarms = Alarms(alarm, clock)
        self._lanes = Lanes(
            outbox,
            Sending(outbox, client, compose, clock=clock, request_timeout=request_timeout),
            report,
            self._alarms,
            team=team,
            holder=f"{socket.gethostname()}:{secrets.token_hex(8)}",
            clock=clock,
            request_timeout=request_timeout,
        )
        self._pool = ThreadPoolExecutor(lanes_at_once, thread_name_prefix="lane")
        self._dispatcher = Thread(target=self._dispatch, name="courier", daemon=True)
        self._bell = Event()
        self._lock = Lock()
        self._idle = Condition(self._lock)  # told when no lane is being served any more
        # All of these change under the lock only.
        self._busy: set[str] = set()
        self._kept: set[str] = set()  # lanes whose lease we could not hand back
        self._resting: dict[str, datetime] = {}
        self._nudged: set[str] = set()  # busy lanes in which something new is written down
        self._waiting_for_thread = False
        self._stop_by: float | None = None  # on the monotonic clock
        self._looked_at = time.monotonic()

    @property
    def looked_ago(self) -> timedelta:
        """How long ago the dispatcher looked for what is due: a second or so, as long as it runs."""
        return timedelta(seconds=time.monotonic() - self._looked_at)

    @property
    def refused(self) -> str:
        """Slack's word for why it does not accept us; "" if it does, as far as we know."""
        return self._lanes.refused(self._clock())

    def start(self) -> None:
        self._dispatcher.start()

    def nudge(self, lanes: Sequence[str] = ()) -> None:
        """Something new is written down in these lanes, or, if none is named, somewhere: do not wait for the next poll.

        Takes no time.
        """
        if not lanes:
            self._bell.set()
            return
        with self._lock:
            self._nudged.update(self._busy.intersection(lanes))
            if self._stop_by is not None or self._lanes.closed_until(self._clock()):
                return
            new = dict.fromkeys(lanes)  # a lane may be named twice, and must not be served twice
            free = [lane for lane in new if lane not in self._busy and lane not in self._resting]
            taken = free[: self._room()]
            self._busy.update(taken)
            self._waiting_for_thread |= len(taken) < len(free)
        for lane in taken:
            self._pool.submit(self._serve, lane)

    def stop(self, timeout: timedelta) -> None:
        """Say what is due, finish what is in flight, hand the lanes back, all within `timeout`; then return.

        What is not said by then stays written down. A request that takes longer still ends on its own thread.
        """
        with self._lock:
            self._stop_by = time.monotonic() + timeout.total_seconds()
        self._bell.set()
        if self._dispatcher.is_alive():
            self._dispatcher.join(timeout.total_seconds())
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._busy:
            log.warning("Stopped while %d lanes were still being served", len(self._busy))

    def say_due(self) -> None:
        """Say on this thread what is due now, and return when nothing is left; for callers who bring their own time.

        Raises `StoreError` if it cannot be known what is due.
        """
        while lanes := self._due():
            for lane in lanes:
                self._serve(lane)

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """No lane is being served inside, so that the clock may be put forward: leases run by it.

        Waits for what is in flight. Afterwards the dispatcher looks anew for what is due. Raises `TimeoutError`.
        """
        with self._idle:
            if not self._idle.wait_for(lambda: not self._busy, self._rest_within.total_seconds()):
                raise TimeoutError(f"still being served: {', '.join(sorted(self._busy))}")
            yield
        self._bell.set()

    # --- the dispatcher's thread --------------------------------------------------------------------------------------

    def _dispatch(self) -> None:
        while True:
            self._bell.clear()
            self._looked_at = time.monotonic()
            is_idle, pause = False, _STORE_REST
            try:
                is_idle = not self._round()
                pause = self._pause()
            except StoreError as error:
                log.warning("The store cannot be read: %s", error)
            except Exception:
                log.exception("The courier stumbled")
            if self._stop_by is not None and (is_idle or time.monotonic() >= self._stop_by):
                return
            self._bell.wait(pause.total_seconds())

    def _round(self) -> bool:
        """Give each lane with something to say to a thread. Returns whether there is anything going on."""
        due = self._due()
        for lane in due:
            self._pool.submit(self._serve, lane)
        with self._lock:
            return bool(due or self._busy)

    def _due(self) -> Sequence[str]:
        """Take up lanes that have something to say, as many as there are threads for."""
        now = self._clock()
        if self._lanes.closed_until(now):
            return ()
        listed = self._outbox.lanes_due(now)
        with self._lock:
            self._resting = {lane: until for lane, until in self._resting.items() if until > now}
            due = [
                lane
                for lane in dict.fromkeys((*sorted(self._kept), *listed))
                if lane not in self._busy and lane not in self._resting
            ]
            taken = due[: self._room()]
            self._busy.update(taken)
            self._waiting_for_thread = len(taken) < len(due)
        return taken

    def _room(self) -> int:
        """For how many lanes more there is a thread now or soon."""
        return max(0, _QUEUE * self._lanes_at_once - len(self._busy))

    def _pause(self) -> timedelta:
        """Until the next poll, or until a lane may go on if that is sooner."""
        now = self._clock()
        with self._lock:
            waits = [until - now for until in self._resting.values()]
        if closed_until := self._lanes.closed_until(now):
            waits = [closed_until - now]
        return max(timedelta(0), min([self._poll, *waits]))

    # --- a lane's thread ----------------------------------------------------------------------------------------------

    def _serve(self, lane: str) -> None:
        is_kept = False
        try:
            back_at = self._lanes.serve(lane, self._goes_on)
        except StoreError as error:
            log.warning("Lane %s has to wait for the store: %s", lane, error)
            back_at, is_kept = self._clock() + _STORE_REST, True
        except Exception:
            log.exception("Lane %s stumbled", lane)
            self._alarms.sound(
                "stumbled", f"Something unexpected keeps the lane {lane} from being served: see the log."
            )
            back_at, is_kept = self._clock() + _ERROR_REST, True
        with self._lock:
            self._busy.discard(lane)
            if not self._busy:
                self._idle.notify_all()
            (self._kept.add if is_kept else self._kept.discard)(lane)
            if back_at is not None:
                self._resting[lane] = back_at
            look_again = self._waiting_for_thread or self._stop_by is not None or lane in self._nudged
            self._nudged.discard(lane)
        if look_again:
            self._bell.set()

    def _goes_on(self) -> bool:
        return self._stop_by is None or time.monotonic() < self._stop_by
