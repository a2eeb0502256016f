"""What a customer is promised at a handoff: when the first response is due, by the queue's SLA and calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
        counted = f"{_span(self.within)} {f'of open hours of `{self.calendar}`' if self.calendar else 'at any hour'}"
        if self.due is None:
            return f"first response is never due: {counted}, which never opens"
        return f"first response is due {clock(self.due, self.timezone)}: {counted}"


def first_response(rules: Rules, queue: str, priority: str, handed_off_at: datetime) -> Promise | None:
    """The promise of a first response; None if the queue's SLA makes none."""
    known = rules.queues.get(queue)
    targets = _targets(rules, known, priority) if known else None
    if known is None or targets is None:
        return None
    name, calendar = calendar_of(rules, known)
    if not targets.business or calendar.always_open:
        name, calendar = "", Calendar(calendar.timezone, always_open=True)
    due = add_open(calendar, handed_off_at, targets.first_response)
    return Promise(due, targets.first_response, calendar.timezone, name)


def first_response_due(rules: Rules, queue: str, priority: str, handed_off_at: datetime) -> datetime | None:
    """When the first response is due (UTC); None if nothing is promised, or if the queue's calendar never opens."""
    promise = first_response(rules, queue, priority, handed_off_at)
    return promise.due if promise else None


def calendar_of(rules: Rules, queue: Queue) -> tuple[str, Calendar]:
    """The hours that count for a queue, with their name: its own, else those of the rules, else every hour ("")."""
    for name in (queue.calendar, rules.calendar):
        if name is not None and name in rules.calendars:
            return name, rules.calendars[name]
    return "", Calendar(rules.timezone, always_open=True)


def clock(at: datetime, timezone: str) -> str:
    """A moment as people say it: `Mon 30 Nov 11:30 (Europe/Berlin)`."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%a} {local.day} {local:%b %H:%M} ({timezone})"


def _targets(rules: Rules, queue: Queue, priority: str) -> Targets | None:
    promised = rules.slas.get(queue.sla or "", {})
    return next((targets for each, targets in promised.items() if each == priority), None)


def _span(span: timedelta) -> str:
    """`4h`, `1h30m`: hours are not made into days, as an open day has not 24 of them."""
    seconds = int(span.total_seconds())
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0m"
