"""Whether a handoff that nobody touches finds people in time, calls them in their hours only, and comes to rest. Pure.

A queue is staffed for a handoff if it has people, and somebody is always there or its calendar opens before the first
response is due, within two weeks. Where it is not, a rung of the ladder must bring the case to people by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.clocks.unattended import Stage, unattended
from bot.core.rulebook.calendar import is_open, next_open
from bot.core.rulebook.handoff import priority_of
from bot.core.rulebook.promises import calendar_of, clock, first_response
from bot.core.rulebook.rules import Calendar, Rules
from bot.workbench.proving.counter import Broken
from bot.workbench.proving.sendings import Goal

LONGEST_CLOSED = timedelta(days=14)
_CALLS = ("remind", "ping_group", "notify_lead")


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of a handoff. Nothing later than `until` had a part in it; None: something never comes."""

    broken: Broken | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Held:
    """Where a case is, since when, and when the first response is due there; None: never, or nothing is promised."""

    queue: str
    priority: str
    since: datetime
    due: datetime | None


def followed(rules: Rules, goal: Goal, at: datetime) -> Followed:
    stages = unattended(rules, goal.queue, goal.priority, at, urgency=goal.urgency)
    held = tuple(_held(rules, goal, at, stages))
    hops = tuple(_hops(rules, goal, at, stages))
    broken = _unstaffed(rules, held[0], stages) or called_out_of_hours(rules, stages) or _endless(rules, hops)
    opens = [next_open(_calendar(rules, each.queue), each.since) for each in held]
    if None in opens:
        return Followed(broken, None)
    moments = (at, *opens, *(m for stage in stages for m in (stage.at, stage.due)), *(moment for _, moment in hops))
    return Followed(broken, max(moment for moment in (*moments, held[0].due) if moment is not None))


def has_people(rules: Rules, named: Sequence[str]) -> bool:
    """Whether the rules know of anybody in one of these groups."""
    groups = (rules.groups.get(name) for name in named)
    return any(group and (group.usergroup or group.users or group.email_domains) for group in groups)


def _held(rules: Rules, goal: Goal, at: datetime, stages: Sequence[Stage]) -> Iterator[_Held]:
    """Where the case is, one after the other."""
    promise = first_response(rules, goal.queue, goal.priority, at)
    yield _Held(goal.queue, goal.priority, at, promise.due if promise else None)
    for stage in stages:
        if stage.do == "move":
            yield _Held(stage.queue, stage.priority, stage.at, stage.due)


def _unstaffed(rules: Rules, held: _Held, stages: Sequence[Stage]) -> Broken | None:
    nobody = _nobody(rules, held)
    if not nobody:
        return None
    in_time = min(held.since + LONGEST_CLOSED, held.due or held.since + LONGEST_CLOSED)
    late = "and no rung of its ladder brings it to people"
    for position, stage in enumerate(stages):
        brings = stage.do == "move" or (stage.do in _CALLS and has_people(rules, stage.to))
        if brings and stage.at < in_time:
            moved = _Held(stage.queue, stage.priority, stage.at, stage.due)
            return _unstaffed(rules, moved, stages[position + 1 :]) if stage.do == "move" else None
        if brings:
            rung = f"`{stage.do}` at {stage.moment}"
            late = f"the first rung that brings it to people is {rung}: {_at(rules, held, stage.at)}"
            break
    promise = first_response(rules, held.queue, held.priority, held.since)
    what = f"nobody is in `{held.queue}` in time for a {held.priority} of {_at(rules, held, held.since)}"
    hint = (
        f"let {_ladder(rules, held.queue)} move it to a team that is there by then, give `{held.queue}` other hours, a"
        " `priority_cap`, or people who are `always_staffed`"
    )
    return Broken("staffed", what, (*((str(promise),) if promise else ()), nobody, late), hint)


def _nobody(rules: Rules, held: _Held) -> str:
    """Why nobody is there in time; "" if somebody is."""
    queue = rules.queues[held.queue]
    if queue.members and not has_people(rules, queue.members):
        return f"nobody is in {', '.join(f'`{member}`' for member in queue.members)}"
    if queue.always_staffed:
        return ""
    name, calendar = calendar_of(rules, queue)
    opens = next_open(calendar, held.since)
    if opens is None:
        return f"`{name}` never opens"
    if opens - held.since > LONGEST_CLOSED or (held.due is not None and opens >= held.due):
        return f"`{name}` opens {_at(rules, held, opens)}"
    return ""


def called_out_of_hours(rules: Rules, stages: Sequence[Stage]) -> Broken | None:
    for stage in stages:
        queue = rules.queues[stage.queue]
        if stage.do in _CALLS and not queue.always_staffed and not is_open(_calendar(rules, queue.id), stage.at):
            name, calendar = calendar_of(rules, queue)
            what = f"`{stage.do}` at {stage.moment} calls `{queue.id}` out of hours"
            why = f"`{name}` is closed {clock(stage.at, calendar.timezone)}"
            return Broken("in_hours", what, (why,))
    return None


def _hops(rules: Rules, goal: Goal, at: datetime, stages: Sequence[Stage]) -> Iterator[tuple[Goal, datetime]]:
    """Where a case goes, and when, if no rung remembers that it was reached before; until it is where it once was."""
    here, seen = goal, {goal}
    yield goal, at
    while move := next((stage for stage in stages if stage.do == "move"), None):
        until = stages[: stages.index(move) + 1]
        urgent = min((here.urgency or here.priority, here.priority, *(stage.priority for stage in until)))
        here, at = Goal(move.queue, priority_of(move.priority, rules), urgent), move.at
        yield here, at
        if here in seen:
            return
        seen.add(here)
        stages = unattended(rules, here.queue, here.priority, at, urgency=urgent)


def _endless(rules: Rules, hops: Sequence[tuple[Goal, datetime]]) -> Broken | None:
    """Queues and priorities are few: a case that is moved on for ever comes back to where it was."""
    *before, last = (goal for goal, _ in hops)
    if last not in before:
        return None
    way = " > ".join(f"`{goal.queue}`" for goal in (*before, last))
    why = tuple(
        f"`{goal.queue}` has it as {goal.priority} from {clock(at, _calendar(rules, goal.queue).timezone)} on"
        for goal, at in hops
    )
    hint = f"let {_ladder(rules, before[-1].queue)} move it to another queue, or call people instead"
    return Broken("ends", f"a case that nobody takes is moved in a circle: {way}", why, hint)


def _calendar(rules: Rules, queue: str) -> Calendar:
    return calendar_of(rules, rules.queues[queue])[1]


def _at(rules: Rules, held: _Held, at: datetime) -> str:
    return clock(at, _calendar(rules, held.queue).timezone)


def _ladder(rules: Rules, queue: str) -> str:
    ladder = rules.queues[queue].ladder
    return f"ladder `{ladder}`" if ladder else f"a ladder of `{queue}`"
