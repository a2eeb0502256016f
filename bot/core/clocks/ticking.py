"""What comes of time alone: everything of a case that is due and not done yet, and when to look again. Pure.

The log says what is done, and the rules what is due: looking too early, twice or too late does no harm.
"""

from __future__ import annotations

from datetime import datetime

from bot.core.case import Case
from bot.core.clocks import closing
from bot.core.clocks.clock import clocks
from bot.core.clocks.ladder import Step, called, moment_of, next_step, raised_to
from bot.core.events import BOT, Event, Raised, Rescheduled, RungReached, Transferred
from bot.core.folding import evolve
from bot.core.rulebook.expectation import expected
from bot.core.rulebook.handoff import priority_in
from bot.core.rulebook.promises import first_response_due, is_later
from bot.core.rulebook.rules import Rules

_MOST_AT_ONCE = 50  # steps: more than any case has due at a time; what is left is due at once again


def ticked(case: Case, rules: Rules, now: datetime) -> tuple[Event, ...]:
    """What is due by now, in the order in which it was due."""
    events: list[Event] = []
    for _ in range(_MOST_AT_ONCE):
        step = _rescheduled(case, rules, now) or _reached(case, rules, now) or _silence(case, rules, now)
        if not step:
            break
        for event in step:
            case = evolve(case, event)
        events += step
    return tuple(events)


def next_look(case: Case, rules: Rules, now: datetime) -> datetime | None:
    """When something of the case may be due next, from `now` on, as things are."""
    steps = (next_step(case, rules, now), closing.next_step(case, rules, now))
    return min((step.at for step in steps if step is not None), default=None)


def _rescheduled(case: Case, rules: Rules, now: datetime) -> tuple[Event, ...]:
    """The rules promise another time than the log has: they have changed. What was told stands if it is later.

    What is past by either stays as it is: nobody is late because of a rule that was not there.
    """
    if case.first_reply_at is not None or case.incident is not None:
        return ()
    first = next((clock for clock in clocks(case, rules) if clock.of == "first_response"), None)
    due = first.at() if first else None
    if due is None or case.due_first_at is None or due == case.due_first_at or min(due, case.due_first_at) <= now:
        return ()
    told = due if case.told_due_at is not None and is_later(due, case.told_due_at) else None
    return (Rescheduled(at=now, actor=BOT, due_first_at=due, told_due_at=told),)


def _silence(case: Case, rules: Rules, now: datetime) -> tuple[Event, ...]:
    step = closing.next_step(case, rules, now)
    return closing.silence_led_to(case, step, now) if step and step.at <= now else ()


def _reached(case: Case, rules: Rules, now: datetime) -> tuple[Event, ...]:
    step = next_step(case, rules, now)
    return rung_reached(case, step, rules, now) if step and step.at <= now else ()


def rung_reached(case: Case, step: Step, rules: Rules, now: datetime) -> tuple[Event, ...]:
    """What a rung of the ladder comes to, whenever that is."""
    rung = step.rung
    reached = RungReached(
        at=now, actor=BOT, rung=step.name, moment=moment_of(rung), do=rung.do, of=rung.of or "", due=step.due,
        to=called(rung), text=rung.text,
    )  # fmt: skip
    match rung.do:
        case "move":
            return (reached, _moved(case, rung.to or "", step.name, rules, now))
        case "raise":
            return (reached, _raised(case, step, rules, now))
        case _:
            return (reached,)


def _moved(case: Case, to: str, rung: str, rules: Rules, now: datetime) -> Transferred:
    queue = rules.queues[to]
    priority = priority_in(queue, case.priority, case.urgency, rules)
    due = first_response_due(rules, queue.id, priority, now)
    hears = expected(rules, queue.id, now, due if is_later(due, case.told_due_at) else None)
    return Transferred(
        at=now, actor=BOT, words="", queue=queue.id, priority=priority, private=case.private or queue.private,
        due_first_at=due, told_due_at=hears.told_due_at, told_opens_at=hears.told_opens_at,
        out_of_hours=hears.out_of_hours, rung=rung,
    )  # fmt: skip


def _raised(case: Case, step: Step, rules: Rules, now: datetime) -> Raised:
    """The clock does not begin anew: what is promised for the higher priority counts from when the queue got it."""
    priority = raised_to(case, step.rung, rules)
    due = first_response_due(rules, case.queue or "", priority, case.arrived_at or now)
    dues = [moment for moment in (due, case.due_first_at) if moment is not None]
    return Raised(at=now, actor=BOT, priority=priority, due_first_at=min(dues, default=None))
