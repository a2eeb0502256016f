"""Business hours: what every calendar must keep to, and the cases that helpdesks get wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.rulebook.calendar import add_open, is_open, next_open, next_opening, open_between
from bot.core.rulebook.rules import Calendar, Holiday

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
BERLIN = "Europe/Berlin"
Hours = tuple[tuple[time, time], ...]

NINE_TO_FIVE: Hours = ((time(9), time(17)),)
WITH_LUNCH: Hours = ((time(9), time(12, 30)), (time(13, 15), time(17)))
ALL_DAY: Hours = ((time(0), time.max),)


def weekdays(hours: Hours, *holidays: Holiday, timezone: str = BERLIN) -> Calendar:
    return Calendar(timezone, (hours,) * 5 + ((), ()), holidays)


def every_day(hours: Hours, *holidays: Holiday, timezone: str = BERLIN) -> Calendar:
    return Calendar(timezone, (hours,) * 7, holidays)


def on(day: int, hours: Hours, *holidays: Holiday) -> Calendar:
    return Calendar(BERLIN, tuple(hours if each == day else () for each in range(7)), holidays)


OFFICE, LUNCH = weekdays(NINE_TO_FIVE), weekdays(WITH_LUNCH)
BY_HOURS = every_day(ALL_DAY)  # open at any time, but reckoned like all others
NIGHTS = every_day(((time(0), time(6)), (time(22), time.max)))  # as "22:00-06:00" is loaded
IN_BERLIN = weekdays(NINE_TO_FIVE, Holiday(country="DE", subdivision="BE"))
IN_MUNICH = weekdays(NINE_TO_FIVE, Holiday(country="DE", subdivision="BY"))
IN_THE_US = weekdays(NINE_TO_FIVE, Holiday(country="US"))
IN_BRITAIN = weekdays(NINE_TO_FIVE, Holiday(country="GB"))
NEVER = Calendar(BERLIN)


def local(written: str, timezone: str = BERLIN, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(timezone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "span", "due"),
    [
        # A day of work
        (OFFICE, "2026-11-27 16:30", HOUR, "2026-11-30 09:30"),  # Friday afternoon runs on over the weekend
        (OFFICE, "2026-11-24 09:00", 8 * HOUR, "2026-11-24 17:00"),  # exactly the day: due as it closes, not tomorrow
        (OFFICE, "2026-11-24 16:00", HOUR, "2026-11-24 17:00"),  # exactly the rest of it
        (OFFICE, "2026-11-24 16:00", HOUR + TICK, "2026-11-25 09:00:00.000001"),  # the least bit more
        (OFFICE, "2026-11-24 06:00", HOUR, "2026-11-24 10:00"),  # before opening nothing passes
        (OFFICE, "2026-11-24 17:00", HOUR, "2026-11-25 10:00"),  # the closing moment is closed
        (OFFICE, "2026-11-28 12:00", HOUR, "2026-11-30 10:00"),  # a Saturday
        (OFFICE, "2026-11-24 12:00", 80 * HOUR, "2026-12-08 12:00"),  # two weeks of work
        # Nothing to wait for
        (OFFICE, "2026-11-24 12:00", 0 * HOUR, "2026-11-24 12:00"),  # at once
        (OFFICE, "2026-11-24 17:00", 0 * HOUR, "2026-11-25 09:00"),  # at once is when it opens
        # Lunch
        (LUNCH, "2026-11-24 12:00", HOUR, "2026-11-24 13:45"),  # the break does not count
        (LUNCH, "2026-11-24 12:00", HOUR / 2, "2026-11-24 12:30"),  # due as the break begins, not as it ends
        (LUNCH, "2026-11-24 12:45", HOUR / 4, "2026-11-24 13:30"),  # asked in the break
        (LUNCH, "2026-11-27 16:00", 5 * HOUR, "2026-11-30 13:45"),  # over a weekend and a break
        # Holidays
        (IN_BERLIN, "2026-05-13 16:30", HOUR, "2026-05-15 09:30"),  # Ascension Day moves from year to year
        (IN_BERLIN, "2026-12-24 16:00", 2 * HOUR, "2026-12-28 10:00"),  # Christmas next to a weekend
        (IN_BERLIN, "2027-03-08 09:00", HOUR, "2027-03-09 10:00"),  # Women's Day is a holiday in Berlin,
        (IN_MUNICH, "2027-03-08 09:00", HOUR, "2027-03-08 10:00"),  # and none in Munich
        (
            weekdays(NINE_TO_FIVE, Holiday("Break", date(2026, 12, 24), date(2027, 1, 1))),
            "2026-12-23 16:00",
            2 * HOUR,
            "2027-01-04 10:00",  # a range over the turn of the year, its last day included
        ),
        (
            weekdays(NINE_TO_FIVE, Holiday("Trip", date(2026, 11, 25), date(2026, 11, 25))),
            "2026-11-24 16:00",
            2 * HOUR,
            "2026-11-26 10:00",  # one day
        ),
        (
            weekdays(NINE_TO_FIVE, Holiday("Trip", date(2026, 11, 25))),
            "2026-11-24 16:00",
            2 * HOUR,
            "2026-11-26 10:00",  # without an end: the day alone
        ),
        # A holiday on a weekend is kept on a working day: before it, also in the year before, or after it
        (IN_THE_US, "2026-07-02 16:30", HOUR, "2026-07-06 09:30"),  # the fourth of July, a Saturday
        (IN_THE_US, "2027-12-30 16:30", HOUR, "2028-01-03 09:30"),  # New Year, a Saturday
        (IN_BRITAIN, "2026-12-24 16:30", HOUR, "2026-12-29 09:30"),  # Boxing Day, a Saturday
        (
            weekdays(NINE_TO_FIVE, Holiday(country="DE"), Holiday("Bridge", date(2026, 12, 28), date(2026, 12, 31))),
            "2026-12-24 16:30",
            HOUR,
            "2027-01-04 09:30",  # a country's holidays and the team's own, one after the other
        ),
        (
            every_day(ALL_DAY, Holiday("Off", date(2026, 11, 25), date(2026, 11, 25))),
            "2026-11-24 23:00",
            2 * HOUR,
            "2026-11-26 01:00",  # a holiday lasts from midnight to midnight
        ),
        # Over midnight
        (NIGHTS, "2026-11-27 23:00", 3 * HOUR, "2026-11-28 02:00"),  # one shift, two days
        (NIGHTS, "2026-11-27 12:00", 2 * HOUR, "2026-11-28 00:00"),  # due at midnight itself
        (NIGHTS, "2026-11-28 05:30", HOUR, "2026-11-28 22:30"),  # on to the next night
        (on(6, ((time(20), time.max),)), "2026-11-29 23:00", 2 * HOUR, "2026-12-06 21:00"),  # 24:00 ends the day
        (on(6, ((time(20), time.max),)), "2026-11-29 23:00", HOUR, "2026-11-30 00:00"),  # and is due at its end
        # Days that are not always there
        (OFFICE, "2028-02-28 16:30", HOUR, "2028-02-29 09:30"),  # the leap day is a Tuesday like any other
        (
            weekdays(NINE_TO_FIVE, Holiday("Leap", date(2028, 2, 29), date(2028, 2, 29))),
            "2028-02-28 16:30",
            HOUR,
            "2028-03-01 09:30",  # unless it is a holiday
        ),
        (OFFICE, "2027-02-26 16:30", HOUR, "2027-03-01 09:30"),  # no leap year
        (BY_HOURS, "2026-12-31 23:30", HOUR, "2027-01-01 00:30"),  # the turn of the year, here and in Greenwich
        # The hour that is missing: 2027-03-28, 02:00 to 03:00
        (BY_HOURS, "2027-03-28 01:00", 2 * HOUR, "2027-03-28 04:00"),  # it does not count
        (NIGHTS, "2027-03-27 23:00", 4 * HOUR, "2027-03-28 04:00"),  # nor in a shift
        (every_day(((time(2, 30), time(3, 30)),)), "2027-03-28 00:00", HOUR / 2, "2027-03-28 03:30"),  # half of it left
        (on(6, ((time(2), time(3)),)), "2027-03-28 00:00", HOUR, "2027-04-04 03:00"),  # nothing left of it
        (OFFICE, "2027-03-26 16:30", HOUR, "2027-03-29 09:30"),  # while nobody works, nobody notices
        (NIGHTS, "2026-10-24 23:00", 8 * HOUR, "2026-10-25 06:00"),  # the night in which it comes twice is longer
        (
            every_day(ALL_DAY, Holiday("Off", date(2026, 10, 25), date(2026, 10, 25))),
            "2026-10-24 23:00",
            2 * HOUR,
            "2026-10-26 01:00",  # and so is the holiday, which takes all twenty-five hours away
        ),
    ],
)
def test_when_open_time_has_passed(calendar: Calendar, start: str, span: timedelta, due: str) -> None:
    assert add_open(calendar, local(start), span) == local(due)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        (local("2026-10-25 01:00"), 2 * HOUR, local("2026-10-25 02:00", fold=1)),  # 02:00 comes back
        (local("2026-10-25 01:00"), 3 * HOUR, local("2026-10-25 03:00")),  # two hours by the clock are three
        (local("2026-10-25 02:30"), HOUR, local("2026-10-25 02:30", fold=1)),  # the same time, an hour later
        (local("2026-10-25 02:30", fold=1), HOUR, local("2026-10-25 03:30")),  # asked in the second one
    ],
)
def test_the_hour_that_happens_twice_counts_twice(start: datetime, span: timedelta, due: datetime) -> None:
    assert add_open(BY_HOURS, start, span) == due


def test_hours_within_the_hour_that_happens_twice_are_open_twice() -> None:
    early = every_day(((time(2, 30), time(3)),))

    assert is_open(early, local("2026-10-25 02:45"))
    assert not is_open(early, local("2026-10-25 02:15", fold=1))  # between the two
    assert is_open(early, local("2026-10-25 02:45", fold=1))
    assert open_between(early, local("2026-10-25 00:00"), local("2026-10-25 12:00")) == HOUR


@pytest.mark.parametrize(
    ("week", "timezone", "start", "due"),
    [
        (weekdays(NINE_TO_FIVE), "Asia/Kolkata", "2026-11-27 16:30", "2026-11-30 09:30"),  # half an hour off
        (weekdays(NINE_TO_FIVE), "Asia/Kathmandu", "2026-11-27 16:30", "2026-11-30 09:30"),  # 45 minutes off
        (weekdays(NINE_TO_FIVE), "Pacific/Kiritimati", "2026-11-27 16:30", "2026-11-30 09:30"),  # Thursday in Greenwich
        (weekdays(NINE_TO_FIVE), "Pacific/Apia", "2011-12-29 16:30", "2012-01-02 09:30"),  # 30 December 2011 never was
        (every_day(ALL_DAY), "Australia/Lord_Howe", "2026-10-04 01:45", "2026-10-04 03:15"),  # half an hour is missing
        (every_day(ALL_DAY), "Australia/Lord_Howe", "2026-04-05 01:40", "2026-04-05 02:10"),  # and comes twice
        (every_day(ALL_DAY), "Africa/Cairo", "2026-04-23 23:30", "2026-04-24 01:30"),  # midnight is missing
        (every_day(ALL_DAY), "America/St_Johns", "2026-11-27 23:30", "2026-11-28 00:30"),  # midnight is at half past
    ],
)  # fmt: skip
def test_an_hour_in_places_with_other_clocks(week: Calendar, timezone: str, start: str, due: str) -> None:
    assert add_open(replace(week, timezone=timezone), local(start, timezone), HOUR) == local(due, timezone)


def test_a_moment_is_the_same_in_whatever_zone_it_is_told() -> None:
    berlin = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN))
    end = datetime(2026, 10, 25, 3, 30, tzinfo=ZoneInfo(BERLIN))

    assert add_open(BY_HOURS, berlin, HOUR) == berlin.astimezone(UTC) + HOUR
    assert open_between(BY_HOURS, berlin, end) == 2 * HOUR  # the difference of the two clocks is one
    assert open_between(Calendar(always_open=True), berlin, end) == 2 * HOUR


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24 12:00", "2026-11-24 12:00"),  # it is open
        ("2026-11-24 09:00", "2026-11-24 09:00"),  # the opening moment is
        ("2026-11-24 17:00", "2026-11-25 09:00"),  # the closing moment is not
        ("2026-12-24 17:00", "2026-12-28 09:00"),
    ],
)
def test_when_it_opens(at: str, opens: str) -> None:
    assert next_open(IN_BERLIN, local(at)) == local(opens)
    assert is_open(IN_BERLIN, local(at)) == (at == opens)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-24 09:00", "2026-11-25 09:00"),  # these hours run already
        ("2026-11-24 16:59", "2026-11-25 09:00"),
        ("2026-11-24 17:00", "2026-11-25 09:00"),
        ("2026-12-24 17:00", "2026-12-28 09:00"),
    ],
)
def test_when_the_next_hours_begin(at: str, opens: str) -> None:
    assert next_opening(IN_BERLIN, local(at)) == local(opens)


@pytest.mark.parametrize(
    ("calendar", "opens"),
    [
        (NEVER, None),
        (Calendar(always_open=True), None),  # no hours end
        (Calendar("UTC", (((time(0), time.max),),) * 7), None),  # nor do these, day after day
        (
            Calendar("UTC", (((time(0), time.max),),) * 7, (Holiday("Off", date(2027, 1, 1), date(2027, 1, 1)),)),
            datetime(2027, 1, 2, tzinfo=UTC),  # but for a day
        ),
        (
            Calendar("UTC", (((time(0), time.max),),) * 7, (Holiday("Off", date(2029, 1, 1), date(2029, 1, 1)),)),
            None,  # which is too far away to speak of
        ),
        (weekdays(((time(9), time(12)), (time(12), time(17)))), local("2026-11-25 09:00")),  # written in two parts
    ],
)
def test_hours_that_run_on_are_not_begun_anew(calendar: Calendar, opens: datetime | None) -> None:
    assert next_opening(calendar, local("2026-11-24 10:00")) == opens


@pytest.mark.parametrize(
    "calendar",
    [
        NEVER,
        weekdays(NINE_TO_FIVE, Holiday("Closed", date(2026, 1, 1), date(2029, 12, 31))),
        weekdays(NINE_TO_FIVE, Holiday("Closed", date(2026, 11, 1), date(2028, 11, 30))),  # two years and six days
        weekdays(((time(9), time(9)),)),  # hours that take no time
    ],
)
def test_what_never_opens_is_not_waited_for(calendar: Calendar) -> None:
    start = local("2026-11-24 12:00")

    assert not is_open(calendar, start)
    assert next_open(calendar, start) is None
    assert add_open(calendar, start, HOUR) is None
    assert open_between(calendar, start, start + 700 * DAY) == timedelta()


def test_a_long_break_is_waited_for() -> None:
    away = weekdays(NINE_TO_FIVE, Holiday("Sabbatical", date(2026, 11, 25), date(2028, 10, 31)))

    assert add_open(away, local("2026-11-24 16:00"), 2 * HOUR) == local("2028-11-01 10:00")
    assert open_between(away, local("2026-11-24 16:00"), local("2028-11-01 10:00")) == 2 * HOUR


def test_what_would_take_longer_than_anybody_lives_is_never_due() -> None:
    a_minute_a_week = on(0, ((time(9), time(9, 1)),))

    assert add_open(a_minute_a_week, local("2026-11-24 12:00"), 1000 * HOUR) is None


def test_always_open_is_always_open() -> None:
    always = Calendar(always_open=True, holidays=(Holiday("Off", date(2026, 1, 1), date(2026, 12, 31)),))
    start = local("2026-12-25 03:00")

    assert is_open(always, start)
    assert next_open(always, start) == start
    assert add_open(always, start, 15 * MINUTE) == start + 15 * MINUTE
    assert open_between(always, start, start + DAY) == DAY
    assert open_between(always, start + DAY, start) == timedelta()


def test_a_country_that_is_not_known_has_no_holidays() -> None:
    nowhere = weekdays(NINE_TO_FIVE, Holiday(country="QQ"), Holiday(country="DE", subdivision="QQ"))

    assert is_open(nowhere, local("2026-12-25 12:00"))


# --- laws -------------------------------------------------------------------------------------------------------------

ZONES = ["UTC", BERLIN, "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati",
         "Africa/Casablanca", "Africa/Cairo", "America/Santiago", "Antarctica/Troll", "Asia/Beirut"]  # fmt: skip


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    cuts = sorted(draw(st.lists(st.integers(0, 1440), max_size=6, unique=True)))
    clocks = [time.max if cut == 1440 else time(cut // 60, cut % 60) for cut in cuts]
    return tuple(zip(clocks[::2], clocks[1::2], strict=False))


@st.composite
def holidays(draw: st.DrawFn) -> Holiday:
    if draw(st.booleans()):
        return Holiday(country=draw(st.sampled_from(["DE", "GB", "US"])))
    first = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    return Holiday("", first, first + DAY * draw(st.integers(0, 20)))


calendars = st.builds(
    Calendar,
    timezone=st.sampled_from(ZONES),
    weekly=st.tuples(*[hours()] * 7),
    holidays=st.lists(holidays(), max_size=2).map(tuple),
    always_open=st.sampled_from([False] * 9 + [True]),
)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
CHANGES = [  # of clocks, and of the year
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 4, 23, 22, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
]
moments = st.one_of(
    st.timedeltas(timedelta(), 730 * DAY).map(lambda after: NEW_YEAR + after),
    st.builds(lambda at, off: at + off * MINUTE, st.sampled_from(CHANGES), st.integers(-3000, 3000)),
)
spans = st.one_of(
    st.timedeltas(timedelta(), timedelta(days=60)), st.builds(lambda n: n * 15 * MINUTE, st.integers(0, 200))
)


def by_the_clock(calendar: Calendar, at: datetime) -> bool:
    """Whether a clock on the wall says that it is open; no holidays of countries."""
    clock = at.astimezone(ZoneInfo(calendar.timezone))
    off = any(h.first and h.last and h.first <= clock.date() <= h.last for h in calendar.holidays)
    now = clock.time()
    return not off and any(a <= now and (now < b or b == time.max) for a, b in calendar.weekly[clock.weekday()])


COUNTED_FOR = DAY  # minutes that are counted one by one, to be compared with


@given(
    calendars.filter(lambda each: not each.always_open and not any(h.country for h in each.holidays)),
    moments,
    st.integers(1, 600),
)
def test_it_is_due_when_so_many_minutes_have_been_counted(calendar: Calendar, at: datetime, minutes: int) -> None:
    start = at.replace(second=0, microsecond=0)
    due = add_open(calendar, start, minutes * MINUTE)

    counted = (start + n * MINUTE for n in range(COUNTED_FOR // MINUTE) if by_the_clock(calendar, start + n * MINUTE))
    last = next(islice(counted, minutes - 1, None), None)
    if last is not None:
        assert due == last + MINUTE
    else:
        assert due is None or due > start + COUNTED_FOR


@given(calendars, moments, spans)
def test_adding_and_then_measuring_agrees(calendar: Calendar, start: datetime, span: timedelta) -> None:
    due = add_open(calendar, start, span)

    if due is not None:
        assert open_between(calendar, start, due) == span


@given(calendars, moments, spans)
def test_nothing_is_due_out_of_hours_nor_later_than_it_must(
    calendar: Calendar, start: datetime, span: timedelta
) -> None:
    due = add_open(calendar, start, span)

    if due is not None:
        assert is_open(calendar, due if not span else due - TICK)  # the closing moment is in time
        assert not span or open_between(calendar, start, due - TICK) < span


@given(calendars, moments, moments, spans, spans)
def test_who_comes_later_or_needs_more_is_due_later(
    calendar: Calendar, one: datetime, other: datetime, short: timedelta, long: timedelta
) -> None:
    (first, second), (short, long) = sorted((one, other)), sorted((short, long))
    early, late = add_open(calendar, first, short), add_open(calendar, second, long)

    if early is not None and late is not None:
        assert early <= late


@given(calendars, moments, moments, moments)
def test_open_time_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))

    whole = open_between(calendar, a, c)
    assert whole == open_between(calendar, a, b) + open_between(calendar, b, c)
    assert timedelta() <= whole <= c - a


@given(calendars, moments)
def test_the_next_hours_begin_where_it_was_closed_before(calendar: Calendar, at: datetime) -> None:
    begins = next_opening(calendar, at)

    assert is_open(calendar, at) or begins == next_open(calendar, at)
    if begins is not None:
        assert begins > at
        assert is_open(calendar, begins)
        assert not is_open(calendar, begins - TICK)


@given(calendars, moments)
def test_it_opens_at_the_first_open_moment(calendar: Calendar, at: datetime) -> None:
    opens = next_open(calendar, at)

    assert (opens == at) == is_open(calendar, at)
    if opens is not None:
        assert is_open(calendar, opens)
        assert open_between(calendar, at, opens) == timedelta()


@given(calendars.filter(lambda each: not each.always_open and not any(h.country for h in each.holidays)), moments)
def test_it_is_open_when_the_clock_on_the_wall_says_so(calendar: Calendar, at: datetime) -> None:
    start = at.replace(second=0, microsecond=0)
    minutes = [start + n * MINUTE for n in range(0, 1500, 7)]

    assert [is_open(calendar, minute) for minute in minutes] == [by_the_clock(calendar, minute) for minute in minutes]
    counted = sum(by_the_clock(calendar, start + n * MINUTE) for n in range(240))
    assert open_between(calendar, start, start + 240 * MINUTE) == counted * MINUTE
