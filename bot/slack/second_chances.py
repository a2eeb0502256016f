"""What could not be stored is heard again as soon as the store is well: Slack itself comes again after a minute.

Nothing is acknowledged for it, so a stop may forget it all: Slack has it, and whatever comes twice has the same key.
Presses and commands are left alone: who made them was asked to come again, and must not be surprised by both.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Lock, Thread

from bot.core.stimuli import AnyStimulus, Edit, Message
from bot.errors import StoreDown, StoreError

log = logging.getLogger(__name__)

MOST = 1_000  # stimuli; what comes beyond is left to Slack
KEPT_FOR = timedelta(minutes=5)
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0  # seconds


@dataclass(frozen=True, slots=True)
class _Waiting:
    stimulus: Message | Edit
    until: float


class SecondChances:
    """`hear` is the desk's. `wait` waits so many seconds, and returns True if we are to stop."""

    def __init__(
        self,
        hear: Callable[[AnyStimulus], None],
        *,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._hear, self._most, self._clock = hear, most, clock
        self._stopping, self._wanted = Event(), Event()
        self._wait = wait or self._stopping.wait
        self._thread = Thread(target=self._run, name="second chances", daemon=True)
        self._lock = Lock()
        self._waiting: dict[str, _Waiting] = {}  # by key, in the order they came first; under the lock

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Forget everything, and return when nothing is being heard."""
        self._stopping.set()
        self._wanted.set()
        if self._thread.ident is not None:
            self._thread.join()

    def remember(self, stimulus: AnyStimulus) -> None:
        """Hear it again, in its turn, if it is one that Slack would send again too."""
        if not isinstance(stimulus, Message | Edit):
            return
        with self._lock:
            if len(self._waiting) >= self._most and stimulus.key not in self._waiting:
                log.info("%s is left to Slack: %d wait already", stimulus.key, len(self._waiting))
                return
            self._waiting[stimulus.key] = _Waiting(stimulus, self._clock() + KEPT_FOR.total_seconds())
        self._wanted.set()

    def _run(self) -> None:
        while self._wanted.wait() and not self._stopping.is_set():
            self._wanted.clear()
            for pause in _pauses():
                if self._wait(pause):
                    return
                if self._is_all_heard():
                    break

    def _is_all_heard(self) -> bool:
        """Hear what waits, up to the first that still cannot be stored."""
        for waiting in self._in_turn():
            if self._stopping.is_set() or not self._is_done_with(waiting.stimulus):
                return False
            with self._lock:
                del self._waiting[waiting.stimulus.key]
        return True

    def _in_turn(self) -> tuple[_Waiting, ...]:
        with self._lock:
            now = self._clock()
            self._waiting = {key: one for key, one in self._waiting.items() if now < one.until}
            return tuple(self._waiting.values())

    def _is_done_with(self, stimulus: Message | Edit) -> bool:
        try:
            self._hear(stimulus)
        except StoreDown:
            return False
        except StoreError as error:
            log.info("%s is left to Slack: %s", stimulus.key, error)
        except Exception:  # those behind it must not suffer
            log.exception("%s is left to Slack", stimulus.key)
        else:
            log.info("%s is stored after all", stimulus.key)
        return True


def _pauses() -> Iterator[float]:
    """0.5 s, 1 s, 2 s, 4 s, and 5 s without end."""
    seconds = _SHORTEST_PAUSE
    while True:
        yield seconds
        seconds = min(seconds * 2, _LONGEST_PAUSE)
