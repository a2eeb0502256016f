"""The deadlines of a case: what runs, since when, in which hours, and how far it has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.case import Case
from bot.core.clocks.clock import Clock, Deadline, clocks, deadline
from bot.core.course import ClockOf, Wait
from bot.core.entries import Priority
from bot.core.events import Raised, Reopened, Transferred
from bot.core.folding import evolve
from bot.core.incident import Incident
from bot.core.rulebook.calendar import open_between
from bot.core.rulebook.rules import Calendar, Holiday, Queue, Rules, Targets
from tests.core.clocks.stories import DANA, RULES, happened, minute, told
from tests.core.test_calendar import TICK, calendars, moments, spans

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = ((time(9), time(17)),)
SPLIT = ((time(9), time(12, 30)), (time(13, 30), time(17)))
OFFICE = Calendar("Europe/Berlin", (NINE_TO_FIVE,) * 5 + ((), ()))
LUNCH = replace(OFFICE, weekly=(SPLIT,) * 5 + ((), ()))
FEAST = replace(OFFICE, holidays=(Holiday("Feast", date(2026, 11, 30), date(2026, 11, 30)),))
NEVER = Calendar("Europe/Berlin")
DAILY = replace(OFFICE, weekly=(((time(0), time.max),),) * 7)


def local(written: str) -> datetime:
    """In 2026, in Berlin, where 27 November is a Friday and clocks change in the night before 25 October."""
    return datetime.fromisoformat(f"2026-{written}").replace(tzinfo=BERLIN).astimezone(UTC)


def counting(calendar: Calendar, since: str, hours: int, *waits: tuple[str, str | None]) -> Clock:
    stood = tuple(Wait(local(begin), None if end is None else local(end)) for begin, end in waits)
    return Clock("resolution", local(since), hours * HOUR, calendar, stood)


def running(case: Case, rules: Rules = RULES) -> dict[ClockOf, Clock]:
    return {clock.of: clock for clock in clocks(case, rules)}


# --- one clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "percent", "due"),
    [
        (counting(OFFICE, "11-27 16:30", 1), 100, "11-30 09:30"),  # Friday afternoon runs on over the weekend
        (counting(FEAST, "11-27 16:30", 1), 100, "12-01 09:30"),  # and over a holiday
        (counting(OFFICE, "11-27 16:00", 1), 100, "11-27 17:00"),  # as they close
        (counting(OFFICE, "11-27 16:30", 1), 50, "11-27 17:00"),  # half of it is still on Friday
        (counting(OFFICE, "11-27 16:30", 1), 80, "11-30 09:18"),  # a reminder comes when somebody is there
        (counting(OFFICE, "11-27 16:30", 1), 150, "11-30 10:00"),  # beyond the deadline
        (counting(OFFICE, "11-27 16:30", 1), 1600, "12-01 16:30"),  # far beyond: sixteen hours of work
        (counting(LUNCH, "11-27 12:00", 1), 100, "11-27 14:00"),  # lunch does not count
        (counting(NEVER, "11-27 16:30", 1), 100, None),  # nobody is ever there
        # Standing still
        (counting(OFFICE, "11-27 09:00", 2, ("11-27 10:00", "11-27 12:00")), 100, "11-27 13:00"),
        (counting(OFFICE, "11-27 09:00", 2, ("11-27 10:00", "11-27 12:00")), 50, "11-27 10:00"),  # as it began
        (counting(OFFICE, "11-27 09:00", 2, ("11-27 10:00", "11-27 12:00")), 80, "11-27 12:36"),  # after it
        (counting(OFFICE, "11-27 09:00", 2, ("11-27 10:00", None)), 100, None),  # for as long as we wait
        (counting(OFFICE, "11-27 09:00", 2, ("11-27 10:00", None)), 50, "11-27 10:00"),  # so much had passed before
        (counting(OFFICE, "11-27 09:00", 2, ("11-27 11:00", None)), 100, "11-27 11:00"),  # and here all of it
        (
            counting(OFFICE, "11-27 09:00", 2, ("11-27 09:30", "11-27 10:00"), ("11-27 10:30", "11-27 12:00")),
            100,
            "11-27 13:00",
        ),  # two
        # Waits and hours
        (
            counting(OFFICE, "11-27 16:00", 2, ("11-27 16:30", "11-28 12:00")),
            100,
            "11-30 10:30",
        ),  # they write on a Saturday
        (
            counting(OFFICE, "11-27 16:00", 2, ("11-27 18:00", "11-30 08:00")),
            100,
            "11-30 10:00",
        ),  # a wait that cost no open time
        (
            counting(OFFICE, "11-27 16:00", 2, ("11-27 16:30", "11-30 09:15")),
            100,
            "11-30 10:45",
        ),  # over the weekend, into Monday
        (
            counting(LUNCH, "11-27 12:00", 1, ("11-27 12:15", "11-27 13:00")),
            100,
            "11-27 14:15",
        ),  # ends in the lunch break
        (
            counting(OFFICE, "11-27 14:00", 1, ("11-27 10:00", "11-27 12:00")),
            100,
            "11-27 15:00",
        ),  # over before it begins
        (counting(OFFICE, "11-27 11:00", 1, ("11-27 10:00", "11-27 12:00")), 100, "11-27 13:00"),  # it begins within
        (
            counting(DAILY, "10-25 00:30", 3, ("10-25 01:00", "10-25 01:30")),
            100,
            "10-25 03:00",
        ),  # 02:00 to 03:00 comes twice
    ],
)
def test_when_so_much_of_a_target_has_passed(clock: Clock, percent: int, due: str | None) -> None:
    assert clock.at(percent) == (None if due is None else local(due))


@st.composite
def running_clocks(draw: st.DrawFn) -> Clock:
    since = draw(moments)
    cuts = sorted(draw(st.lists(st.timedeltas(timedelta(), timedelta(days=40)), max_size=5, unique=True)))
    ends: list[datetime | None] = [since + cut for cut in cuts[1::2]]
    if len(cuts) % 2:
        ends.append(None)
    waits = tuple(Wait(since + begin, end) for begin, end in zip(cuts[::2], ends, strict=True))
    return Clock("resolution", since, draw(spans), draw(calendars), waits)


percents = st.integers(1, 400)


def passed(clock: Clock, at: datetime) -> timedelta:
    """The open time until then, less that of the waits."""
    whole = open_between(clock.calendar, clock.since, at)
    stood = (open_between(clock.calendar, each.since, min(each.until or at, at)) for each in clock.waits)
    return whole - sum(stood, timedelta())


@given(running_clocks(), percents)
def test_what_has_passed_by_then_is_that_share_of_the_target_and_the_moment_before_it_was_less(
    clock: Clock, percent: int
) -> None:
    at, share = clock.at(percent), clock.target * percent / 100

    if at is not None:
        assert passed(clock, at) == share
        assert not share or passed(clock, at - TICK) < share


@given(running_clocks(), percents, percents)
def test_more_of_a_target_is_never_sooner(clock: Clock, one: int, other: int) -> None:
    less, more = sorted((one, other))
    early, late = clock.at(less), clock.at(more)

    assert late is None or (early is not None and early <= late)


@given(running_clocks(), percents, st.data())
def test_a_wait_never_makes_it_sooner(clock: Clock, percent: int, data: st.DataObject) -> None:
    kept = tuple(each for each in clock.waits if data.draw(st.booleans()))
    sooner, at = replace(clock, waits=kept).at(percent), clock.at(percent)

    assert at is None or (sooner is not None and sooner <= at)


# --- what runs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "runs"),
    [
        ("H", {"first_response": 60, "resolution": 100}),
        ("HF", {"first_response": 60, "resolution": 100}),  # asking again begins nothing anew
        ("HR", {"resolution": None}),  # stands still
        ("HRF", {"next_response": 32, "resolution": 101}),
        ("HRFF", {"next_response": 32, "resolution": 101}),  # from their first word
        ("HRFR", {"resolution": None}),
        ("HRFRF", {"next_response": 34, "resolution": 102}),
        ("HRFT", {"first_response": 63, "resolution": 101}),  # the other team's first answer; solved as soon as ever
        ("HRFTR", {"resolution": None}),
        ("HES", {"next_response": 32, "resolution": 101}),
        ("HRFDO", {"next_response": 34, "resolution": 102}),
        ("HRFD", {}),  # over
        ("HRB", {}),  # with the bot
        ("HRBH", {"first_response": 63, "resolution": 103}),
    ],
)
def test_what_runs_and_until_when(story: str, runs: dict[str, int | None]) -> None:
    found = {clock.of: clock.at() for clock in clocks(told(story), RULES)}

    assert found == {of: None if n is None else minute(n) for of, n in runs.items()}


def test_only_the_solution_stands_still() -> None:
    still = {clock.of: clock.stands_still for clock in clocks(told("HR"), RULES)}
    again = {clock.of: clock.stands_still for clock in clocks(told("HRF"), RULES)}

    assert still == {"resolution": True}
    assert again == {"next_response": False, "resolution": False}


@pytest.mark.parametrize(
    "case",
    [
        replace(told("H"), queue="free"),  # promises nothing
        replace(told("H"), queue="gone"),  # is not in the rules any more
        replace(told("H"), priority="p1"),  # nothing is promised for that
        replace(told("H"), incident=Incident()),  # is nobody's own
        Case("T1", told("H").place, state="open"),  # with the bot
    ],
)
def test_nothing_runs_where_nothing_is_promised_to_anybody(case: Case) -> None:
    assert clocks(case, RULES) == ()


def test_the_most_urgent_is_promised_around_the_clock_and_the_rest_in_hours() -> None:
    promised = {
        "p1": Targets(HOUR / 4, HOUR / 2, 4 * HOUR, business=False),
        "p3": Targets(HOUR / 4, HOUR / 2, 4 * HOUR),
    }
    queues = {"tech": Queue("tech", "C0TECH", sla="standard", calendar="office")}
    rules = Rules(queues, calendars={"office": OFFICE}, slas={"standard": promised})  # type: ignore[dict-item]
    night = replace(told("H"), handed_off_at=local("11-28 03:00"))

    def due(priority: str) -> dict[ClockOf, datetime | None]:
        return {of: clock.at() for of, clock in running(replace(night, priority=priority), rules).items()}

    assert due("p1") == {"first_response": local("11-28 03:15"), "resolution": local("11-28 07:00")}
    assert due("p3") == {"first_response": local("11-30 09:15"), "resolution": local("11-30 13:00")}


def test_a_case_raised_is_promised_what_its_new_priority_is_since_the_queue_got_it() -> None:
    rules = replace(RULES, slas={"standard": {**RULES.slas["standard"], "p2": Targets(HOUR / 3, HOUR, HOUR / 2)}})
    raised = evolve(told("HF"), Raised(at=minute(10), actor="bot", priority="p2", due_first_at=minute(20)))

    assert {of: clock.at() for of, clock in running(raised, rules).items()} == {
        "first_response": minute(20),
        "resolution": minute(30),
    }


def test_what_operators_had_meanwhile_arrives_when_they_pass_it_on() -> None:
    stranded = replace(told("H"), operators="C0OPS")
    home = Transferred(at=minute(40), actor=DANA, words="Here.", queue="tech", priority="p3", due_first_at=minute(100))

    arrived = evolve(stranded, home)

    assert arrived.arrived_at == minute(40)
    assert running(arrived)["first_response"].at() == arrived.due_first_at


def test_another_owner_in_the_same_queue_begins_nothing_anew() -> None:
    assert told("HA").arrived_at == minute(0)


def test_a_case_that_already_waited_under_an_older_program_stands_still() -> None:
    older = replace(told("HR"), waits=())

    assert running(older)["resolution"].at() is None
    assert deadline(older, RULES) is None


def test_a_case_that_was_solved_without_a_word_under_an_older_program_is_answered() -> None:
    older = replace(told("HD"), first_reply_at=None)
    case = evolve(older, Reopened(at=minute(9), actor=DANA))

    assert set(running(case)) == {"next_response", "resolution"}


# --- what people see --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "of", "n"),
    [
        ((("H", 0),), "first_response", 60),
        ((("H", 0), ("F", 50)), "first_response", 60),
        ((("H", 0), ("R", 10)), None, 0),  # the customer's turn
        ((("H", 0), ("R", 10), ("F", 20)), "next_response", 50),
        ((("H", 0), ("R", 10), ("F", 500)), "next_response", 530),
        ((("H", 0), ("R", 90), ("F", 95)), "resolution", 105),  # an answer by 125 would be too late for it
        ((("H", 0), ("R", 10), ("F", 20), ("T", 25)), "first_response", 85),
        ((("H", 0), ("R", 150)), None, 0),  # late as it is, there is nothing that we could do
        ((("H", 0), ("R", 10), ("D", 20)), None, 0),
        ((("H", 0), ("R", 10), ("D", 20), ("O", 30)), "next_response", 60),
        ((("H", 0), ("B", 10)), None, 0),
    ],
)
def test_the_deadline_that_people_see(steps: tuple[tuple[str, float], ...], of: ClockOf | None, n: float) -> None:
    assert deadline(happened(*steps), RULES) == (None if of is None else Deadline(of, minute(n)))


def test_a_first_response_is_due_when_the_log_says_whatever_the_rules_say_by_now() -> None:
    case = told("H")

    assert deadline(case, replace(RULES, slas={})) == Deadline("first_response", minute(60))
    assert deadline(replace(case, due_first_at=minute(30)), RULES) == Deadline("first_response", minute(30))


def test_where_nothing_was_promised_what_the_rules_say_now_is_seen() -> None:
    assert deadline(replace(told("H"), due_first_at=None), RULES) == Deadline("first_response", minute(60))
    assert deadline(replace(told("H"), due_first_at=None), replace(RULES, slas={})) is None


def test_an_incident_has_no_deadline() -> None:
    assert deadline(replace(told("H"), incident=Incident()), RULES) is None


def test_a_queue_whose_hours_never_begin_has_no_deadline() -> None:
    queues = {"tech": replace(RULES.queues["tech"], calendar="never")}
    promised: dict[str, dict[Priority, Targets]] = {"standard": {"p3": Targets(HOUR, HOUR, HOUR)}}
    rules = replace(RULES, queues=queues, calendars={"never": NEVER}, slas=promised)

    assert [clock.at() for clock in clocks(told("HRF"), rules)] == [None, None]
    assert deadline(told("HRF"), rules) is None
