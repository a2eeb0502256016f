"""Opening hours and holidays, as `calendars` has them."""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from typing import Any

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading import Found, Reading, Shape, checked, keys, list_of, text, word
from bot.content.scalars import clock, hours
from bot.content.values import calendar_day, flag, in_quotes, timezone
from bot.content.yaml_source import Listing, Node, Table
from bot.core.rules import Calendar, Holiday

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_A_DAY = 24 * 60
_LETTERS_OF_A_COUNTRY = 2

Weekly = tuple[tuple[tuple[time, time], ...], ...]


def calendar(found: Found, *, timezone: str) -> Calendar:
    """The value of one calendar; `timezone` is that of the rules. Without hours it is always open."""
    given = {"timezone": timezone, "always_open": "weekly" not in found, **found}
    return Calendar(**given)


def _weekly(found: Found) -> Weekly:
    """Seven days, Monday first. Hours over midnight are split in two days."""
    minutes: list[list[tuple[int, int]]] = [[] for _ in _DAYS]
    for name, intervals in found.items():
        today = _DAYS.index(name)
        for begin, end in intervals:
            if end > begin:
                minutes[today].append((begin, end))
                continue
            minutes[today].append((begin, _MINUTES_A_DAY))
            if end:
                minutes[(today + 1) % len(_DAYS)].append((0, end))
    return tuple(tuple((clock(begin), clock(end)) for begin, end in sorted(of_day)) for of_day in minutes)


def _check_weekly(found: Weekly, node: Node, reading: Reading) -> None:
    if not any(found) and isinstance(node, Table) and all(_is_closed(value) for _, value in node.pairs):
        hint = "write hours for a day, or `always_open: true` instead"
        reading.report(f.BAD_HOURS, node.place, "a week that is never open", hint)
    for name, intervals in zip(_DAYS, found, strict=True):
        for (_, ends), (begins, _) in pairwise(intervals):
            if begins < ends:
                value = node.get(name) if isinstance(node, Table) else None
                message = f"hours of `{name}` that overlap at {begins:%H:%M}"
                reading.report(f.BAD_HOURS, (value or node).place, message, "join them, or end the first one earlier")


def _is_closed(value: Node) -> bool:
    return isinstance(value, Listing) and not value.items


def _check_hours(found: Found, node: Node, reading: Reading) -> None:
    if found.get("always_open") is False and isinstance(node, Table):
        value = node.get("always_open")
        if node.get("weekly") is None and value is not None:
            message = "`always_open: false` without `weekly`: it would never open"
            reading.report(f.BAD_HOURS, value.place, message, "write its hours")


def _country() -> Shape[str]:
    plain = word("a country")

    def read(node: Node, reading: Reading) -> str:
        written = plain.read(node, reading)
        if len(written) != _LETTERS_OF_A_COUNTRY or not (written.isascii() and written.isalpha()):
            hint = "write its two letters: DE, GB, US"
            raise reading.unreadable(f.BAD_HOLIDAY, node.place, f"{quoted(written)} is no country", hint)
        return written.upper()

    return Shape(read, {"type": "string", "pattern": "^[A-Za-z]{2}$"})


def _holiday(found: Found) -> Holiday:
    first = found.get("date") or found.get("from")
    last = found.get("date") or found.get("to") or first
    return Holiday(found.get("name", ""), first, last, found.get("country", ""), found.get("subdivision", ""))


def _check_holiday(found: Holiday, node: Node, reading: Reading) -> None:
    # Asked of what is written: a date that could not be read was reported already.
    written = {key.text for key, _ in node.pairs} if isinstance(node, Table) else set()
    sorts = [sort for sort in ({"date"}, {"from", "to"}, {"country"}) if written & sort]
    if len(sorts) != 1:
        hint = "write one of {date: …}, {from: …, to: …}, {country: …, subdivision: …}"
        message = "a holiday without a date" if not sorts else "a holiday with two sorts of dates"
        reading.report(f.BAD_HOLIDAY, node.place, message, hint)
    elif "to" in written and "from" not in written:
        reading.report(f.BAD_HOLIDAY, node.place, "`to` without `from`", "write the first day too")
    elif found.first is not None and found.last is not None and found.last < found.first:
        message = f"ends on {found.last.isoformat()}, before it begins on {found.first.isoformat()}"
        reading.report(f.BAD_HOLIDAY, node.place, message, "swap `from` and `to`")


def _intervals() -> Shape[tuple[tuple[int, int], ...]]:
    return list_of(in_quotes("a span of hours", hours, f.BAD_HOURS, 'write them like "08:30-17:00"'))


_HOLIDAY: Shape[Holiday] = checked(
    keys(
        _holiday,
        {
            "date": calendar_day(),
            "from": calendar_day(),
            "to": calendar_day(),
            "country": _country(),
            "subdivision": word("a part of the country"),
            "name": text(may_be_empty=True),
        },
    ),
    _check_holiday,
)

_SHAPES: dict[str, Shape[Any]] = {
    "timezone": timezone(),
    "weekly": checked(keys(_weekly, {name: _intervals() for name in _DAYS}), _check_weekly),
    "holidays": list_of(_HOLIDAY),
    "always_open": flag(),
}
CALENDAR: Shape[Found] = checked(keys(dict, _SHAPES), _check_hours)
