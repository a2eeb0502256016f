"""The deadlines that run for a case which people have: how long is promised, since when, in which hours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.case import Case
from bot.core.course import ClockOf, Wait
from bot.core.rulebook.calendar import add_open, open_between
from bot.core.rulebook.promises import counted_hours, targets_of
from bot.core.rulebook.rules import Calendar, Queue, Rules


@dataclass(frozen=True, slots=True)
class Clock:
    """Counts the open time of `calendar` from `since` on, and stands still in `waits` (in order, apart)."""

    of: ClockOf
    since: datetime
    target: timedelta
    calendar: Calendar
    waits: tuple[Wait, ...] = ()

    @property
    def stands_still(self) -> bool:
        """Whether nothing more passes before the customer writes."""
        return bool(self.waits) and self.waits[-1].until is None

    def at(self, percent: int = 100) -> datetime | None:
        """The moment (UTC) at which so much of the target has passed; None if it never does, as things are."""
        left, start = self.target * percent / 100, self.since
        for wait in self.waits:
            run = open_between(self.calendar, start, wait.since)
            if left <= run:
                break
            if wait.until is None:
                return None
            left, start = left - run, max(start, wait.until)
        return add_open(self.calendar, start, left)


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due next, and when (UTC)."""

    of: ClockOf
    at: datetime


def deadline(case: Case, rules: Rules) -> Deadline | None:
    """The deadline that people see: the first response's until it is given, then the nearest that runs.

    None while we wait for the customer. A first response is due when the log says: what was promised stands, and what
    the rules make of it by now is written down as an event.
    """
    if not case.with_people or case.incident is not None or case.waits_for_customer:
        return None
    if case.first_reply_at is None and case.due_first_at is not None:
        return Deadline("first_response", case.due_first_at)
    found = [Deadline(clock.of, at) for clock in clocks(case, rules) if (at := clock.at()) is not None]
    return min(found, key=lambda one: one.at, default=None)


def clocks(case: Case, rules: Rules) -> tuple[Clock, ...]:
    """What runs now: until people have answered first, then until each later word is answered; and until it is solved.

    None where the queue's SLA promises nothing, and of an incident, which is nobody's. What we wait for the customer
    does not count for the solution.
    """
    queue, since = rules.queues.get(case.queue or ""), case.arrived_at
    targets = targets_of(rules, queue, case.priority or "") if queue else None
    if queue is None or targets is None or since is None or case.handed_off_at is None:
        return ()
    if not case.with_people or case.incident is not None:
        return ()
    calendar = counted_hours(rules, queue, targets)
    running = [Clock("resolution", case.handed_off_at, targets.resolution, calendar, _waits(case))]
    if case.first_reply_at is None:
        running.insert(0, _first_response(case, since, queue, rules))
    elif case.unanswered_since is not None:
        running.insert(0, Clock("next_response", case.unanswered_since, targets.next_response, calendar))
    return tuple(running)


def _first_response(case: Case, since: datetime, queue: Queue, rules: Rules) -> Clock:
    """The one that ends first: what is raised is never due later, whatever is promised for the higher priority."""
    found = [
        Clock("first_response", since, targets.first_response, counted_hours(rules, queue, targets))
        for priority in (case.priority or "", *case.raised_from)
        if (targets := targets_of(rules, queue, priority))
    ]
    return min(found, key=lambda clock: clock.at() or datetime.max.replace(tzinfo=UTC))


def _waits(case: Case) -> tuple[Wait, ...]:
    """As the case has them; one that waited already under an older program has not written down since when."""
    is_written = bool(case.waits) and case.waits[-1].until is None
    if is_written or not case.waits_for_customer or case.first_reply_at is None:
        return case.waits
    return (*case.waits, Wait(case.last_at or case.first_reply_at))
