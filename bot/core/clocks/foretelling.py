"""When what happens to a handoff that nobody touches: how its first deadline adds up, and each step after it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.clocks.unattended import Stage, unattended
from bot.core.rulebook.calendar import Stretch, stretches
from bot.core.rulebook.promises import (
    Promise,
    calendar_of,
    clock,
    counted_hours,
    first_response,
    promise_of,
    span_of,
    targets_of,
)
from bot.core.rulebook.rules import Rules

_MOST_STRETCHES = 10  # that are told one by one


@dataclass(frozen=True, slots=True)
class Foretold:
    """`counted`: the time (UTC) that adds up to the first response, in order. `stages`: what happens while nobody
    answers. `next_response` and `resolution` are promised from the handoff on, as if the customer wrote again at once.
    """

    queue: str
    handed_off_at: datetime
    first: Promise | None
    counted: tuple[Stretch, ...]
    stages: tuple[Stage, ...]
    next_response: Promise | None
    resolution: Promise | None


def foretold(rules: Rules, queue: str, priority: str, handed_off_at: datetime, *, urgency: str = "") -> Foretold:
    """`urgency`: the priority as it would be without the queue's cap, if that took anything."""
    first = first_response(rules, queue, priority, handed_off_at)
    return Foretold(
        queue,
        handed_off_at,
        first,
        _counted(rules, queue, priority, handed_off_at, first),
        unattended(rules, queue, priority, handed_off_at, urgency=urgency),
        promise_of("next_response", rules, queue, priority, handed_off_at),
        promise_of("resolution", rules, queue, priority, handed_off_at),
    )


def adding_up(told: Foretold) -> tuple[str, ...]:
    """How the first response adds up, a sentence a stretch; nothing where it is one stretch from the handoff on."""
    if told.first is None or not told.counted or told.counted == ((told.handed_off_at, told.first.due),):
        return ()
    said: list[str] = []
    so_far = timedelta()
    for opens, closes in told.counted:
        so_far += closes - opens
        sum_ = "" if not said else f", {span_of(so_far)} so far"
        said.append(f"{_between(opens, closes, told.first.timezone)}: {span_of(closes - opens)}{sum_}")
    if len(said) > _MOST_STRETCHES:
        said[_MOST_STRETCHES - 2 : -1] = [f"and so on, {len(said) - _MOST_STRETCHES + 1} times more"]
    return tuple(said)


def steps(told: Foretold, rules: Rules) -> tuple[str, ...]:
    """What happens if nobody answers, a sentence a step; and what is promised besides."""
    queue, said = told.queue, []
    for stage in told.stages:
        at = clock(stage.at, _zone(rules, queue))
        said.append(f"{at}, at {stage.moment}: {_done(stage, queue, rules)}")
        queue = stage.queue
    if not told.stages:
        said.append(f"nothing happens if nobody answers: `{told.queue}` has no step for it in its ladder")
    if told.next_response is not None:
        said.append(f"each later word of theirs is to be answered within {told.next_response.counted}")
    if told.resolution is not None and told.resolution.due is not None:
        due = clock(told.resolution.due, told.resolution.timezone)
        said.append(
            f"a solution is due {due}: {told.resolution.counted}, in which no time counts that we wait for them"
        )
    return tuple(said)


def _counted(rules: Rules, queue: str, priority: str, since: datetime, first: Promise | None) -> tuple[Stretch, ...]:
    known = rules.queues.get(queue)
    targets = targets_of(rules, known, priority) if known else None
    if known is None or targets is None or first is None or first.due is None:
        return ()
    found = stretches(counted_hours(rules, known, targets), since, first.due)
    return tuple((max(opens, since), min(closes, first.due)) for opens, closes in found)


def _between(opens: datetime, closes: datetime, timezone: str) -> str:
    """`Fri 27 Nov 15:00 to 17:00 (Europe/London)`."""
    begins, ends = clock(opens, timezone), clock(closes, timezone)
    where = f" ({timezone})"
    day, _, _ = begins.removesuffix(where).rpartition(" ")
    return f"{begins.removesuffix(where)} to {ends.removeprefix(f'{day} ')}"


def _done(stage: Stage, before: str, rules: Rules) -> str:
    due = f", first response due {clock(stage.due, _zone(rules, stage.queue))}" if stage.due is not None else ""
    called = f"{' and '.join(stage.to)} {'are' if len(stage.to) > 1 else 'is'}"
    match stage.do:
        case "remind":
            return f"`{before}` is reminded"
        case "ping_group":
            return f"{called} called in the channel of `{before}`"
        case "notify_lead":
            return f"{called} told of it"
        case "move":
            return f"it moves to `{stage.queue}` as {stage.priority}{due}"
        case "raise":
            return f"it becomes {stage.priority}{due}"


def _zone(rules: Rules, queue: str) -> str:
    known = rules.queues.get(queue)
    return calendar_of(rules, known)[1].timezone if known else rules.timezone
