"""How fast, and how soon again: a bucket for each lane, pauses that grow, alarms that do not flood."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failures before this one: 1 s, 2 s, 4 s, … 60 s."""
    return timedelta(seconds=min(_LONGEST_PAUSE, 2 ** min(attempts, 6)))


class Buckets:
    """A bucket of tokens for each lane: `size` at once, then one every `refill`.

    Slack allows about one post a second in a channel, and short bursts: https://docs.slack.dev/apis/web-api/rate-limits
    """

    def __init__(self, *, size: int = 10, refill: timedelta = timedelta(seconds=1)) -> None:
        self._size, self._refill = size, refill
        self._full_at: dict[str, datetime] = {}  # when the bucket will be full again; full ones are forgotten
        self._lock = Lock()

    def free_at(self, lane: str, now: datetime) -> datetime:
        """When the next token is there: `now` if there is one."""
        with self._lock:
            return max(now, self._full_at.get(lane, now) - (self._size - 1) * self._refill)

    def take(self, lane: str, now: datetime) -> None:
        with self._lock:
            self._full_at = {each: full_at for each, full_at in self._full_at.items() if full_at > now}
            self._full_at[lane] = self._full_at.get(lane, now) + self._refill


class Alarms:
    """Tells the operators what happened, each kind of thing at most once in a while. Never raises."""

    def __init__(self, ring: Callable[[str], None], clock: Callable[[], datetime]) -> None:
        self._ring, self._clock = ring, clock
        self._last: dict[str, datetime] = {}
        self._lock = Lock()

    def sound(self, kind: str, text: str, *, every: timedelta = timedelta(minutes=1)) -> None:
        """Log the sentence, and ring it unless one of this kind rang within `every`."""
        log.error("%s", text)
        now = self._clock()
        with self._lock:
            if kind in self._last and now < self._last[kind] + every:
                return
            # Before it rings, so that an alarm about the alarm ends here.
            self._last[kind] = now
        try:
            self._ring(text)
        except Exception:
            log.exception("The operators could not be told")
