"""Opening hours and holidays, as `calendars` has them."""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from typing import Any

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading.reading import Reading
from bot.content.reading.scalars import clock, hours
from bot.content.reading.shapes import Found, Shape, checked, keys, list_of, text, word
from bot.content.reading.source import Listing, Node, Table
from bot.content.reading.values import calendar_day, flag, in_quotes, timezone
from bot.content.reading.written import Written, place_at, with_node
from bot.core.rulebook.calendar import CLOSED_FOR_GOOD
from bot.core.rulebook.rules import Calendar, Holiday

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_A_DAY = 24 * 60
_LETTERS_OF_A_COUNTRY = 2

Weekly = tuple[tuple[tuple[time, time], ...], ...]


def calendar(found: Found, *, timezone: str) -> Calendar:
    """The value of one calendar; `timezone` is that of the rules. Without hours it is always open."""
    given = {"timezone": timezone, "always_open": "weekly" not in found, **found}
    return Calendar(**given)


def _weekly(found: Found) -> Weekly:
    """Seven days, Monday first. Hours over midnight are split in two days."""
    minutes: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for name, intervals in found.items():
        today = DAYS.index(name)
        for begin, end in intervals:
            if end > begin:
                minutes[today].append((begin, end))
                continue
            minutes[today].append((begin, _MINUTES_A_DAY))
            if end:
                minutes[(today + 1) % len(DAYS)].append((0, end))
    return tuple(tuple((clock(begin), clock(end)) for begin, end in sorted(of_day)) for of_day in minutes)


def _check_weekly(found: Weekly, node: Node, reading: Reading) -> None:
    if not any(found) and isinstance(node, Table) and all(_is_closed(value) for _, value in node.pairs):
        hint = "write hours for a day, or `always_open: true` instead"
        reading.report(f.BAD_HOURS, node.place, "a week that is never open", hint)
    for name, intervals in zip(DAYS, found, strict=True):
        for (_, ends), (begins, _) in pairwise(intervals):
            if begins < ends:
                value = node.get(name) if isinstance(node, Table) else None
                message = f"hours of `{name}` that overlap at {begins:%H:%M}"
                reading.report(f.BAD_HOURS, (value or node).place, message, "join them, or end the first one earlier")


def _is_closed(value: Node) -> bool:
    return isinstance(value, Listing) and not value.items


def _check_hours(found: Found, node: Node, reading: Reading) -> None:
    always, weekly = (node.get("always_open"), node.get("weekly")) if isinstance(node, Table) else (None, None)
    if always is None or "always_open" not in found:
        return
    if found["always_open"] and weekly is not None:
        message = "`always_open: true` beside `weekly`: the hours would mean nothing"
        reading.report(f.BAD_HOURS, always.place, message, "keep one of them")
    elif not found["always_open"] and weekly is None:
        message = "`always_open: false` without `weekly`: it would never open"
        reading.report(f.BAD_HOURS, always.place, message, "write its hours")


def _check_holidays(found: Found, node: Node, reading: Reading) -> None:
    holidays: tuple[Holiday, ...] = found.get("holidays", ())
    if holidays and "weekly" not in found:
        message, hint = "holidays of a calendar that is always open count for nothing", "write `weekly` hours too"
        reading.report(f.VAIN_HOURS, place_at(node, "holidays"), message, hint)
        return
    for holiday in holidays:
        if holiday.first and holiday.last and holiday.last - holiday.first >= CLOSED_FOR_GOOD:
            message = f"closed from {holiday.first.isoformat()} to {holiday.last.isoformat()}: it would never open"
            reading.report(f.VAIN_HOURS, place_at(node, "holidays"), message, "correct the year")


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


def _check_country(found: Holiday, node: Table, reading: Reading) -> None:
    from holidays import country_holidays, list_supported_countries  # noqa: PLC0415  slow, and few name a country

    country, part = node.get("country"), node.get("subdivision")
    try:
        known = country_holidays(found.country)
    except NotImplementedError:
        codes = [name for name in list_supported_countries() if len(name) == _LETTERS_OF_A_COUNTRY]
        hint = reading.near(found.country, codes) or "write its two letters (DE, GB, US), or list the days by `date`"
        place = (country or node).place
        reading.report(f.BAD_HOLIDAY, place, f"no public holidays are known of {quoted(found.country)}", hint)
        return
    parts = {*known.subdivisions, *known.subdivisions_aliases}
    if found.subdivision and found.subdivision not in parts:
        hint = reading.hint_for(found.subdivision, parts) or "remove `subdivision`"
        message = f"{found.country} has no part {quoted(found.subdivision)} with holidays of its own"
        reading.report(f.BAD_HOLIDAY, (part or node).place, message, hint)


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
    elif "subdivision" in written and "country" not in written:
        message = "`subdivision` without `country`"
        reading.report(f.BAD_HOLIDAY, node.place, message, "write the country too, or remove `subdivision`")
    elif found.country and isinstance(node, Table):
        _check_country(found, node, reading)


def _intervals() -> Shape[tuple[tuple[int, int], ...]]:
    return list_of(in_quotes("a span of hours", hours, f.BAD_HOURS, 'write them like "08:30-17:00"'))


_HOLIDAY: Shape[Holiday] = checked(
    keys(
        _holiday,
        {
            "date": calendar_day().described("A single day: 2026-12-25."),
            "from": calendar_day().described("The first of several days."),
            "to": calendar_day().described("The last of several days, still a holiday."),
            "country": _country().described("All public holidays of a country, by its two letters: DE, GB, US."),
            "subdivision": word("a part of the country").described("The part of the country, such as BE or ENG."),
            "name": text(may_be_empty=True).described("What the holiday is called."),
        },
    ),
    _check_holiday,
)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKLY: Shape[Weekly] = checked(
    keys(
        _weekly,
        {
            day: _intervals().described(
                f'The hours of {name}, several if there is a break: "09:00-12:30". [] is closed.'
            )
            for day, name in zip(DAYS, _NAMES, strict=True)
        },
    ),
    _check_weekly,
)
_SHAPES: dict[str, Shape[Any]] = {
    "timezone": timezone().described("Where the hours are local; without it the time zone of the rules."),
    "weekly": _WEEKLY.described("The opening hours of each day; a day that is not named is closed."),
    "holidays": list_of(_HOLIDAY).described("Days on which it is closed."),
    "always_open": flag().described("Never closed; then there are no weekly hours."),
}
_CALENDAR: Shape[Written[Found]] = with_node(checked(keys(dict, _SHAPES), _check_hours))


def _read(node: Node, reading: Reading) -> Found:
    written = _CALENDAR.read(node, reading)
    if written.whole:
        _check_holidays(written.value, node, reading)
    return written.value


CALENDAR: Shape[Found] = Shape(_read, _CALENDAR.schema)
