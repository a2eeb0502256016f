"""Prove that rules keep their word through a year, or find the first moment in which they do not. Pure.

Proven are: that every trigger can act; and for every half hour, and every queue and priority that rules may send a case
to at that time, that the case finds people, that people are called in their hours only, and that it comes to rest.
Nothing is left out: where a case goes depends on the time only by what `after_hours` asks (see `sendings`), and what
becomes of it then only on its queue, its priority and the hours that are ahead (see `alike`). What is not looked at is
what people do themselves, such as a transfer, and a channel that cannot be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import Rules
from bot.core.rulebook.triggers import is_after_hours
from bot.workbench.proving.alike import Alike
from bot.workbench.proving.counter import Counter
from bot.workbench.proving.ground import Ground
from bot.workbench.proving.leading import led_to
from bot.workbench.proving.reaching import unreached
from bot.workbench.proving.sendings import sendings
from bot.workbench.proving.staffing import followed

_HALF_HOUR = timedelta(minutes=30)
_OFTEN = 24  # half hours between two words on how far it is

OnHalfHour = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and the first counter-example if there is one. `handoffs`: a moment, a queue, a priority."""

    begin: datetime
    end: datetime
    half_hours: int
    handoffs: int
    counter: Counter | None = None


def prove(knowledge: Knowledge, begin: datetime, on_half_hour: OnHalfHour = lambda _done, _of_all: None) -> Proof:
    """Prove it for a year from `begin` (aware) on. `on_half_hour` hears now and then how many are done, of how many.

    A counter-example that no test can have is given only if there is no other.
    """
    rules, end = knowledge.rules, _a_year_after(begin)
    half_hours = tuple(_half_hours(begin, end))
    ground = Ground(knowledge, _moments(half_hours, rules))
    counters = [counter for trigger in rules.triggers if (counter := unreached(trigger, ground))]
    if any(counter.test for counter in counters):
        return Proof(begin, end, 0, 0, next(counter for counter in counters if counter.test))
    sent = {closed: dict(sendings(ground, after_hours=closed)) for closed in ground.moments}
    fine, handoffs = Alike(rules, begin, end), 0
    for number, at in enumerate(half_hours):
        if not number % _OFTEN:
            on_half_hour(number, len(half_hours))
        closed = is_after_hours(rules, at)
        for goal in tuple(sent[closed]):
            handoffs += 1
            begins = fine.begins(goal, at)
            if fine.is_known(goal, begins):
                continue
            result = followed(rules, goal, begins)
            if result.broken is None:
                if result.until is not None:
                    fine.keep(goal, begins, result.until)
                continue
            # Looked for once: whether anything leads there is the same all through the hours.
            led = led_to(goal, sent[closed].pop(goal), at, replace(ground, moments={closed: at}))
            counter = Counter(followed(rules, goal, at).broken or result.broken, led.test)
            if led.test is not None:
                return Proof(begin, end, number + 1, handoffs, counter)
            counters += [counter] if led.may_be else []
    on_half_hour(len(half_hours), len(half_hours))
    return Proof(begin, end, len(half_hours), handoffs, next(iter(counters), None))


def _a_year_after(begin: datetime) -> datetime:
    try:
        return begin.replace(year=begin.year + 1)
    except ValueError:  # from 29 February on
        return begin.replace(year=begin.year + 1, month=3, day=1)


def _half_hours(begin: datetime, end: datetime) -> Iterator[datetime]:
    at, end = begin.astimezone(UTC), end.astimezone(UTC)
    while at < end:
        yield at
        at += _HALF_HOUR


def _moments(half_hours: Sequence[datetime], rules: Rules) -> dict[bool, datetime]:
    """The first half hour in hours, and the first out of hours."""
    found: dict[bool, datetime] = {}
    for at in half_hours:
        found.setdefault(is_after_hours(rules, at), at)
    return found
