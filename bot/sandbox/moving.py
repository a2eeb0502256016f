"""How far time is to be put forward, as the page and whoever drives the sandbox by hand say it. Pure."""

import re
from datetime import datetime, timedelta

from bot.sandbox.wire import Json

FARTHEST = timedelta(days=366)  # at once
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,6})([smhdw])")


def wished(given: Json, now: datetime) -> datetime:
    """The moment to go to: `by` a span such as "90m" or "2d", or `to` a moment in ISO 8601 with its zone.

    Raises ValueError with what is wrong with it.
    """
    span = _span(str(given["by"])) if "by" in given else _moment(str(given["to"])) - now
    if span <= timedelta(0):
        raise ValueError(f"time only goes forward, and here it is {now:%Y-%m-%dT%H:%M:%SZ} already")
    if span > FARTHEST:
        raise ValueError(f"that is farther than {FARTHEST.days} days: go there in steps")
    return now + span


def _span(text: str) -> timedelta:
    read = _SPAN.fullmatch(text)
    if read is None:
        raise ValueError(f"{text!r} is no span of time: write a number with s, m, h, d or w, such as 90m or 2d")
    return timedelta(**{_UNITS[read[2]]: int(read[1])})


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{text!r} is no moment: write it with its zone, such as 2026-03-09T09:00:00+01:00")
    return moment
