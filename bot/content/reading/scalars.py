"""What a bare word becomes in the hands of a YAML reader, and how lengths of time, days and hours are written."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"yes", "on", "true"})
_FALSE = frozenset({"no", "off", "false"})
_NUMBER = re.compile(
    r"[-+]?(?:\.(?:inf|Inf|INF)"
    r"|0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+"
    r"|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"  # base sixty: 1:30 is 90
    r"|\.?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?)|\.(?:nan|NaN|NAN)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ ]+)[0-9]{1,2}:[0-9]{2}.*)?")
_LENGTH = re.compile(r"(?:[0-9]{1,5}[wdhms])+")
_LENGTH_PART = re.compile(r"([0-9]+)([wdhms])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_LONGEST = timedelta(days=3660)
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-\u2013]\s*([0-9]{1,2}):([0-9]{2})")
_DAY_END = 24 * 60


def reads_as(word: str) -> str:
    """What YAML makes of an unquoted word other than text: "nothing", "true", "a number"…; "" if it stays text."""
    if word in _NOTHING:
        return "nothing"
    if word[0] not in "-+.0123456789yYnNoOtTfF=<":
        return ""
    lower = word.lower()
    if lower in _TRUE:
        return "true"
    if lower in _FALSE:
        return "false"
    if word[0] in "-+.0123456789":
        if _DATE.fullmatch(word):
            return "a date"
        if _NUMBER.fullmatch(word):
            return "a number"
    return "a special key" if word in ("=", "<<") else ""


def truth(word: str) -> bool | None:
    """True or false as YAML has it, None for any other word."""
    lower = word.lower()
    return True if lower in _TRUE else False if lower in _FALSE else None


def duration(written: str) -> timedelta | None:
    """`90s`, `15m`, `4h`, `7d`, `2w`, also `1h30m`; None if it is not so written, or is over ten years."""
    if not _LENGTH.fullmatch(written):
        return None
    total = timedelta()
    for number, unit in _LENGTH_PART.findall(written):
        total += timedelta(**{_UNITS[unit]: int(number)})
    return total if total <= _LONGEST else None


def day(written: str) -> date | None:
    """`2027-03-01`; None if it is not so written, or not in the calendar."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def hours(written: str) -> tuple[int, int] | None:
    """`08:30-12:30` as minutes from midnight; `24:00` ends the day. None if it is not so written, or takes no time."""
    found = _HOURS.fullmatch(written.strip())
    if found is None:
        return None
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    begin, end = first_hour * 60 + first_minute, last_hour * 60 + last_minute
    if max(first_minute, last_minute) > 59 or begin >= _DAY_END or end > _DAY_END or begin == end:  # noqa: PLR2004
        return None
    return begin, end


def clock(minutes: int) -> time:
    """A time of day from minutes since midnight; the day's end is `time.max`, as no time says 24:00."""
    return time.max if minutes >= _DAY_END else time(minutes // 60, minutes % 60)


def time_of_day(written: str) -> time | None:
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", written)
    return time(int(found[1]), int(found[2])) if found else None
