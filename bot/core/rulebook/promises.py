"""What a customer is promised at a handoff: when the first response is due, by the queue's SLA and calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.rulebook.calendar import add_open
from bot.core.rulebook.rules import Calendar, Queue, Rules, Targets


@dataclass(frozen=True, slots=True)
class Promise:
    """`due` (UTC; None if the calendar never opens) is `within` from the handoff, for people in `timezone`.

    Only the open hours of `calendar` count; "": every hour does.
    """

    due: datetime | None
    within: timedelta
    timezone: str
    calendar: str = ""

    def __str__(self) -> str:
        """A sentence for editors."""
        if self.due is None:
            return f"first response is never due: {self.counted}, which never opens"
        return f"first response is due {clock(self.due, self.timezone)}: {self.counted}"

    @property
    def counted(self) -> str:
        """How much of which time: `4h of open hours of `desk``."""
        return f"{span_of(self.within)} {f'of open hours of `{self.calendar}`' if self.calendar else 'at any hour'}"


def first_response(rules: Rules, queue: str, priority: str, handed_off_at: datetime) -> Promise | None:
    """The promise of a first response; None if the queue's SLA makes none."""
    return promise_of("first_response", rules, queue, priority, handed_off_at)


def promise_of(
    what: Literal["first_response", "next_response", "resolution"],
    rules: Rules,
    queue: str,
    priority: str,
    since: datetime,
) -> Promise | None:
    """One of the promises of the queue's SLA, counted from then on; None if it makes none."""
    known = rules.queues.get(queue)
    targets = targets_of(rules, known, priority) if known else None
    if known is None or targets is None:
        return None
    calendar, within = counted_hours(rules, known, targets), getattr(targets, what)
    name = "" if calendar.always_open else calendar_of(rules, known)[0]
    return Promise(add_open(calendar, since, within), within, calendar.timezone, name)


def first_response_due(rules: Rules, queue: str, priority: str, handed_off_at: datetime) -> datetime | None:
    """When the first response is due (UTC); None if nothing is promised, or if the queue's calendar never opens."""
    promise = first_response(rules, queue, priority, handed_off_at)
    return promise.due if promise else None


def is_later(due: datetime | None, told: datetime | None) -> bool:
    """Whether the customer has to hear of it: a promise that is kept all the sooner needs no word."""
    return due is not None and (told is None or due > told)


def calendar_of(rules: Rules, queue: Queue) -> tuple[str, Calendar]:
    """The hours that count for a queue, with their name: its own, else those of the rules, else every hour ("")."""
    for name in (queue.calendar, rules.calendar):
        if name is not None and name in rules.calendars:
            return name, rules.calendars[name]
    return "", Calendar(rules.timezone, always_open=True)


def usual_hours(rules: Rules) -> Calendar:
    """The hours of the rules themselves, which are those of no queue; every hour if they name none."""
    return rules.calendars.get(rules.calendar or "") or Calendar(rules.timezone, always_open=True)


def clock(at: datetime, timezone: str) -> str:
    """A moment as people say it: `Mon 30 Nov 11:30 (Europe/Berlin)`."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%a} {local.day} {local:%b %H:%M} ({timezone})"


def counted_hours(rules: Rules, queue: Queue, targets: Targets) -> Calendar:
    """The hours that count for what is promised there: the queue's, or every hour."""
    _, calendar = calendar_of(rules, queue)
    return calendar if targets.business else Calendar(calendar.timezone, always_open=True)


def targets_of(rules: Rules, queue: Queue, priority: str) -> Targets | None:
    """What the queue's SLA promises; None if nothing."""
    promised = rules.slas.get(queue.sla or "", {})
    return next((targets for each, targets in promised.items() if each == priority), None)


def span_of(span: timedelta) -> str:
    """`4h`, `1h30m`: hours are not made into days, as an open day has not 24 of them."""
    seconds = int(span.total_seconds())
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0m"
