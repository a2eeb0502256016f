"""Moments from which time goes the same way: what was followed from one need not be followed from the others. Pure.

What comes of a handoff depends on nothing but its queue, its priority, and when the calendars of the queues that it may
get to open and close from then on, until it has come to its end. So two moments with the same hours ahead, up to there,
have the same outcome; and queues that are alike in all that a clock or a ladder looks at have it too. Where nothing but
open hours counts, what is handed off while they are over has the outcome of what is handed off when they begin.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta

from bot.core.rulebook.calendar import next_open, stretches
from bot.core.rulebook.promises import calendar_of, targets_of
from bot.core.rulebook.rules import Calendar, Rules
from bot.workbench.proving.sendings import Goal
from bot.workbench.proving.staffing import LONGEST_CLOSED, has_people

_DAY = 86_400
_BEYOND = timedelta(days=120)  # how far hours are known behind the last moment; what takes longer is followed anew


class Alike:
    """The handoffs that came to a good end, by the hours that were ahead of them."""

    def __init__(self, rules: Rules, begin: datetime, end: datetime) -> None:
        self._rules = rules
        self._begin, self._end = begin, end + _BEYOND
        self._ahead: dict[frozenset[str], _Ahead] = {}
        self._numbers: dict[Hashable, int] = {}
        self._kinds: dict[Goal, tuple[int, _Ahead]] = {}
        self._opens: dict[str, tuple[datetime, datetime]] = {}  # hours that begin then are the next from there on
        self._kept: dict[int, dict[int, set[Hashable]]] = {}

    def begins(self, goal: Goal, at: datetime) -> datetime:
        """When something begins to count for such a handoff: then, or as its queue's hours begin."""
        known = self._rules.queues[goal.queue]
        targets = targets_of(self._rules, known, goal.priority)
        if targets is None or not targets.business:
            return at
        if any(rung.after is not None for rung in self._rules.ladders.get(known.ladder or "", ())):
            return at
        name, calendar = calendar_of(self._rules, known)
        since, opens = self._opens.get(name, (at, at))
        if not since <= at < opens:
            since, opens = self._opens[name] = at, next_open(calendar, at) or at
        return at if opens - at > LONGEST_CLOSED else opens

    def is_known(self, goal: Goal, at: datetime) -> bool:
        """Whether such a handoff came to a good end from a moment like this one."""
        kind, ahead = self._kind(goal)
        kept = self._kept.setdefault(kind, {})
        length = next((length for length, known in kept.items() if ahead.hours(at, length) in known), None)
        if length is None:
            return False
        if length != next(iter(kept)):  # what fits now is likely to fit the next moment
            self._kept[kind] = {length: kept.pop(length), **kept}
        return True

    def keep(self, goal: Goal, at: datetime, until: datetime) -> None:
        """Such a handoff came to a good end, in which nothing later than `until` had a part."""
        kind, ahead = self._kind(goal)
        # In whole days: few lengths, each of which is looked through.
        length = -(int((at - until).total_seconds()) // _DAY) * _DAY
        if ahead.lasts and at + timedelta(seconds=length) <= self._end:
            self._kept.setdefault(kind, {}).setdefault(length, set()).add(ahead.hours(at, length))

    def _kind(self, goal: Goal) -> tuple[int, _Ahead]:
        """What goals that are alike have in common, and the hours of all queues that their cases may get to."""
        if goal not in self._kinds:
            queue, urgency = goal.queue, (goal.priority, goal.urgency)
            known, led_to = self._rules.queues[queue], led_to_from(self._rules, queue)
            itself = queue if queue in led_to else ""
            name, _ = calendar_of(self._rules, known)
            peopled = not known.members or has_people(self._rules, known.members)
            alike = (name, known.sla, known.ladder, known.priority_cap, known.always_staffed, peopled, itself, *urgency)
            calendars = dict(calendar_of(self._rules, self._rules.queues[each]) for each in (queue, *led_to))
            ahead = self._ahead.get(frozenset(calendars))
            if ahead is None:
                ahead = _Ahead(tuple(calendars.values()), self._begin, self._end)
                self._ahead[frozenset(calendars)] = ahead
            self._kinds[goal] = self._numbers.setdefault(alike, len(self._numbers)), ahead
        return self._kinds[goal]


def led_to_from(rules: Rules, queue: str) -> tuple[str, ...]:
    """The queues that ladders may move a case to, one after the other; the first itself only if one leads back."""
    found: list[str] = []
    new = [queue]
    while new:
        rungs = rules.ladders.get(rules.queues[new.pop()].ladder or "", ())
        moves = {rung.to: None for rung in rungs if rung.do == "move" and rung.to in rules.queues}
        here = [to for to in moves if to is not None and to not in found]
        found += here
        new += here
    return tuple(found)


class _Ahead:
    """When calendars open and close, in seconds. `lasts`: none of them closes for good."""

    def __init__(self, calendars: Sequence[Calendar], begin: datetime, end: datetime) -> None:
        self.lasts = all(next_open(calendar, end) is not None for calendar in calendars)
        changes = sorted(
            (int(moment.timestamp()), number, opens)
            for number, calendar in enumerate(calendars)
            if not calendar.always_open
            for stretch in stretches(calendar, begin, end)
            for moment, opens in zip(stretch, (True, False), strict=True)
        )
        self._times = [time for time, _, _ in changes]
        self._what = [(number, opens) for _, number, opens in changes]
        is_open = [False] * len(calendars)
        self._open = [tuple(is_open)]  # after so many changes
        for number, opens in self._what:
            is_open[number] = opens
            self._open.append(tuple(is_open))
        self._now, self._hours = 0, dict[int, Hashable]()

    def hours(self, at: datetime, length: int) -> Hashable:
        """What is open, and what opens and closes in so many seconds, each with how many seconds that is after `at`."""
        now = int(at.timestamp())
        if now != self._now:
            self._now, self._hours = now, {}
        if length not in self._hours:
            first, last = bisect_right(self._times, now), bisect_right(self._times, now + length)
            changes = tuple(time - now for time in self._times[first:last])
            self._hours[length] = self._open[first], changes, tuple(self._what[first:last])
        return self._hours[length]
