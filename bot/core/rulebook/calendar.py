"""Business hours: when a calendar is open, and how its open time adds up. Pure: the time is passed in, aware.

Hours are wall-clock time where the calendar is; what passes is real time. So the hour that a clock change repeats
counts twice, and the one it skips does not count. Answers are UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from operator import itemgetter
from zoneinfo import ZoneInfo

from bot.core.rulebook.rules import Calendar, Holiday

CLOSED_FOR_GOOD = timedelta(days=731)  # a calendar that stays closed for two years is not waited for
_MOST_YEARS = 100  # that open time is looked for
_DAY = timedelta(days=1)

Stretch = tuple[datetime, datetime]  # from a moment (included) until another (not included)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether `at` falls in the calendar's hours: the opening moment does, the closing moment does not."""
    if calendar.always_open:
        return True
    at = at.astimezone(UTC)
    found = next(iter(_open_after(calendar, at.year, at)), None)
    return found is not None and found[0] <= at


def next_open(calendar: Calendar, at: datetime) -> datetime | None:
    """The first open moment from `at` on, which is `at` itself if it is open; None if none comes within two years."""
    return add_open(calendar, at, timedelta())


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """When hours begin after `at`, those that run then left out; None if none do, or these do not end, in two years."""
    if calendar.always_open:
        return None
    until = at = at.astimezone(UTC)
    for opens, closes in _open_from(calendar, at):
        if opens > until:
            return opens
        if closes - at > CLOSED_FOR_GOOD:
            return None
        until = closes
    return None


def add_open(calendar: Calendar, start: datetime, span: timedelta) -> datetime | None:
    """The moment at which `span` of open time has passed since `start`.

    It is the earliest such moment. If the rest of the day is exactly enough, that is the closing moment: a day's work
    begun at 09:00 is due at 17:00, not when the next day begins. No time at all has passed at `start`, or at the next
    opening if it is closed then. None if the calendar is closed for two years before that, or after a hundred years.
    """
    start = start.astimezone(UTC)
    if calendar.always_open:
        return start + span
    left = span
    for opens, closes in _open_from(calendar, start):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return None


def open_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much open time lies from `start` to `end`; none if `end` comes first."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if calendar.always_open or end <= start:
        return max(end - start, timedelta())
    hours = (stretch for year in range(start.year, end.year + 1) for stretch in _open_after(calendar, year, start))
    within = takewhile(lambda stretch: stretch[0] < end, hours)
    return sum((min(closes, end) - max(opens, start) for opens, closes in within), timedelta())


def stretches(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Stretch]:
    """The open stretches (UTC) that are not over at `start` and begin before `end`; cut where a year ends."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if calendar.always_open:
        yield start, end
        return
    for year in range(start.year, end.year + 1):
        yield from (stretch for stretch in _open_after(calendar, year, start) if stretch[0] < end)


def _open_from(calendar: Calendar, start: datetime) -> Iterator[Stretch]:
    """The open stretches from `start` on, the first one cut to begin there, until the calendar is closed for good."""
    last = start
    for year in range(start.year, min(start.year + _MOST_YEARS, MAXYEAR)):
        for opens, closes in _open_after(calendar, year, start):
            if opens - last > CLOSED_FOR_GOOD:
                return
            yield max(opens, start), closes
            last = closes
        if datetime(year + 1, 1, 1, tzinfo=UTC) - last > CLOSED_FOR_GOOD:
            return


def _open_after(calendar: Calendar, year: int, moment: datetime) -> tuple[Stretch, ...]:
    """The year's open stretches that are not over at `moment`."""
    hours = _open_in(calendar, year)
    return hours[bisect_right(hours, moment, key=itemgetter(1)) :]


@lru_cache(maxsize=512)
def _open_in(calendar: Calendar, year: int) -> tuple[Stretch, ...]:
    """The open stretches of a year (UTC) in order, cut where the year ends; hours do not overlap."""
    found: list[Stretch] = []
    for begin, end, offset in _offsets(calendar.timezone, year):
        day, last = (begin + offset).date(), (end + offset).date()
        while day <= last:
            if not _is_holiday(day, calendar.holidays):
                for opens, closes in calendar.weekly[day.weekday()]:
                    stretch = max(_clock(day, opens) - offset, begin), min(_clock(day, closes) - offset, end)
                    if stretch[0] < stretch[1]:
                        found.append(stretch)
            day += _DAY
    return tuple(sorted(found))


def _clock(day: date, at: time) -> datetime:
    """What the clock shows, as if it were UTC; 24:00 is `time.max`."""
    shown = datetime.combine(day, time() if at == time.max else at, UTC)
    return shown + _DAY if at == time.max else shown


def _is_holiday(day: date, holidays: tuple[Holiday, ...]) -> bool:
    return any(
        day in _public_holidays(holiday.country, holiday.subdivision, day.year)
        if holiday.first is None
        else holiday.first <= day <= (holiday.last or holiday.first)
        for holiday in holidays
    )


@lru_cache(maxsize=1024)
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """A country's public holidays; none for a country or part of it that is not known."""
    from holidays import country_holidays  # noqa: PLC0415  slow to load, and most calendars name no country

    try:
        return frozenset(country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return frozenset()


@lru_cache(maxsize=512)
def _offsets(timezone: str, year: int) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The year (UTC) cut where the zone's clocks change, each part with its offset from UTC."""
    zone = ZoneInfo(timezone)
    begin, year_end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    parts = []
    day = begin
    while day < year_end:
        offset = _offset(zone, begin)
        if _offset(zone, day + _DAY) != offset:  # no zone has two changes within a day
            change = day + _until_change(zone, day)
            parts.append((begin, change, offset))
            begin = change
        day += _DAY
    if begin < year_end:
        parts.append((begin, year_end, _offset(zone, begin)))
    return tuple(parts)


def _until_change(zone: ZoneInfo, start: datetime) -> timedelta:
    """How long after `start` the clocks change, to the second; within a day."""
    before = _offset(zone, start)
    return timedelta(
        seconds=bisect_left(
            range(int(_DAY.total_seconds())),
            True,
            key=lambda seconds: _offset(zone, start + timedelta(seconds=seconds)) != before,
        )
    )


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
