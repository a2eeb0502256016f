"""The ladder of a case's queue: which rungs are still to be reached, and when. Pure.

Each rung acts once for what it is counted from: a queue's arrival, a word that nobody answered, the handoff. A case is
moved or raised by the same rung at most once, so that every ladder ends. Nothing happens outside the queue's hours, but
that a case is moved to a queue which has somebody there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.case import Case
from bot.core.clocks.clock import Clock, clocks
from bot.core.entries import Priority
from bot.core.rulebook.calendar import next_open
from bot.core.rulebook.handoff import capped, priority_of
from bot.core.rulebook.promises import calendar_of
from bot.core.rulebook.rules import PRIORITIES, Queue, Rules, Rung


@dataclass(frozen=True, slots=True)
class Step:
    """A rung, its moment (UTC), and `at` which time it is really reached. `due`: the deadline that it is about, None
    for a length of time."""

    rung: Rung
    name: str  # among all that the case ever reaches
    moment: datetime
    at: datetime
    due: datetime | None = None


def next_step(case: Case, rules: Rules, now: datetime) -> Step | None:
    """The rung that is reached next, from `now` on; None if there is none, or none as things are."""
    return min(_steps(case, rules, now), key=lambda step: (step.at, step.moment), default=None)


def moment_of(rung: Rung) -> str:
    """When a rung is reached, as the rules say it: `80% first_response`, `1d`."""
    if rung.after is None:
        return f"{rung.percent}% {rung.of}"
    return _span(rung.after)


def called(rung: Rung) -> tuple[str, ...]:
    """The groups and people that are called; nobody where the rung moves or raises a case."""
    return tuple(filter(None, (rung.to, *rung.also_to))) if rung.do in ("ping_group", "notify_lead") else ()


def raised_to(case: Case, rung: Rung, rules: Rules) -> Priority:
    """What the rung makes of the case's priority: never less urgent, and no more than its queue accepts."""
    now = PRIORITIES.index(priority_of(case.priority, rules))
    wanted = PRIORITIES.index(next((p for p in PRIORITIES if p == rung.to), PRIORITIES[max(0, now - 1)]))
    queue = rules.queues.get(case.queue or "")
    return capped(PRIORITIES[min(now, wanted)], queue.priority_cap if queue else "p1")


def _steps(case: Case, rules: Rules, now: datetime) -> Iterator[Step]:
    queue = rules.queues.get(case.queue or "")
    if queue is None or not case.with_people or case.incident is not None:
        return
    running = clocks(case, rules)
    for rung in rules.ladders.get(queue.ladder or "", ()):
        counted = _counted(case, rung, running)
        if counted is None or not _acts(case, rung, rules):
            continue
        at = _when_somebody_is_there(rung, queue, max(counted.moment, now), rules)
        once = "" if rung.do in ("move", "raise") else f" since {counted.since.isoformat()}"
        does = " ".join(filter(None, (rung.do, rung.to, *rung.also_to)))
        name = f"{queue.id}: {does} at {moment_of(rung)}{once}"
        if at is not None and name not in case.stepped:
            yield Step(rung, name, counted.moment, at, counted.due)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The moment of a rung, from when on it is counted, and the deadline that it is about."""

    since: datetime
    moment: datetime
    due: datetime | None = None


def _counted(case: Case, rung: Rung, running: tuple[Clock, ...]) -> _Counted | None:
    """None for what never comes, as things are."""
    if rung.after is not None:
        since = case.arrived_at if case.first_reply_at is None else None
        return None if since is None else _Counted(since, since + rung.after)
    clock = next((clock for clock in running if clock.of == rung.of), None)
    moment = clock.at(rung.percent or 0) if clock and not clock.stands_still else None
    return None if clock is None or moment is None else _Counted(clock.since, moment, clock.at())


def _acts(case: Case, rung: Rung, rules: Rules) -> bool:
    """Whether the rung is for such a case, and would change anything."""
    if rung.priorities and priority_of(case.priority, rules) not in rung.priorities:
        return False
    if rung.do == "move":
        return rung.to in rules.queues and rung.to != case.queue and not case.operators
    return rung.do != "raise" or raised_to(case, rung, rules) != case.priority


def _when_somebody_is_there(rung: Rung, queue: Queue, at: datetime, rules: Rules) -> datetime | None:
    """The moment itself, or the next one in somebody's hours; None if there never is one."""
    there = next_open(calendar_of(rules, queue)[1], at)
    to = rules.queues.get(rung.to or "") if rung.do == "move" else None
    if to is None:
        return there
    elsewhere = at if to.always_staffed else next_open(calendar_of(rules, to)[1], at)
    return min((moment for moment in (there, elsewhere) if moment is not None), default=None)


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    return "".join(f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (left, "m")) if n) or "0m"
