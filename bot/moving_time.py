"""A clock that can be put forward, and how a bot lives through the time in between: due moment by due moment.

Only the sandbox and tests have one. It knows no bot and no Slack, only what it needs of them, so that whoever puts both
together can pass it to both. Between two moves time goes as fast as it really does. It never goes back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.errors import TimeStandsStill

log = logging.getLogger(__name__)

MOST_MOMENTS = 2_000  # on one way; a fortnight with a deadline every ten minutes
_MOST_ROUNDS = 500  # at one moment, each with as many rows as are taken at once
PATIENCE = timedelta(seconds=20)  # a request to Slack may take ten
_GLANCE = timedelta(milliseconds=5)


class Bot(Protocol):
    """What lives in this time."""

    def next_due(self, after: datetime) -> datetime | None:
        """The earliest moment after this one at which something is due."""

    def do_due(self) -> bool:
        """Do some of what is due now. Returns whether there was anything."""

    def is_silent(self) -> bool:
        """Whether all is said."""

    def standing_still(self) -> AbstractContextManager[None]:
        """Nothing is being done or said inside, so that its clock may be put forward. May raise `TimeoutError`."""


class MovingTime:
    """Calling it gives the present time: aware, UTC. It begins `at` a moment, or now.

    `patience` is how long, in real time, the bot may take to come to rest.
    """

    def __init__(self, at: datetime | None = None, *, patience: timedelta = PATIENCE) -> None:
        self._ahead = at - datetime.now(UTC) if at else timedelta(0)
        self._patience = patience
        self._walking = threading.Lock()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, until: datetime, bot: Bot, *, is_settled: Callable[[], bool] = lambda: True) -> None:
        """Go there by every moment at which something is due; what is due there is done and said before time goes on.

        `is_settled` says whether all the others have taken in what was said. One walk at a time. Raises `ValueError`
        for what lies behind us, and `TimeStandsStill`, on the way, if the bot does not come to rest.
        """
        with self._walking:
            if until < self():
                raise ValueError(f"time only goes forward, and it is {_shown(self())} already")
            for _ in range(MOST_MOMENTS):
                here = self()
                self._live_through(bot, is_settled)
                moment = bot.next_due(here)
                if here >= until and (moment is None or moment > until):
                    return
                self._put(min(moment or until, until), bot)
            raise TimeStandsStill(
                f"it is {_shown(self())}: there was something due at {MOST_MOMENTS} moments, more than we walk at once"
            )

    def _live_through(self, bot: Bot, is_settled: Callable[[], bool]) -> None:
        """Do and say what is due now. What is due again and again is left behind."""
        self._rest(bot, is_settled)
        for _ in range(_MOST_ROUNDS):
            if not bot.do_due():
                return
            self._rest(bot, is_settled)
        log.warning("at %s something is due again and again: time goes on without it", _shown(self()))

    def _rest(self, bot: Bot, is_settled: Callable[[], bool]) -> None:
        give_up_at = time.monotonic() + self._patience.total_seconds()
        # What others take in may give the bot something to say, and what it says has to be taken in.
        while not (bot.is_silent() and is_settled() and bot.is_silent()):
            if time.monotonic() > give_up_at:
                raise TimeStandsStill(f"it is {_shown(self())}: not everything could be said yet; try again in a while")
            time.sleep(_GLANCE.total_seconds())

    def _put(self, moment: datetime, bot: Bot) -> None:
        try:
            with bot.standing_still():
                self._ahead = max(self._ahead, moment - datetime.now(UTC))
        except TimeoutError as error:
            raise TimeStandsStill(f"it is {_shown(self())}: {error}; try again in a while") from error


def _shown(moment: datetime) -> str:
    return f"{moment:%A %d %B %Y, %H:%M} UTC"
