"""Where a case goes when people take over: queue and priority, each from the first place that names one. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.entries import Entry, Priority
from bot.core.rulebook.rules import PRIORITIES, Queue, Rules
from bot.core.rulebook.triggers import Verdict, is_among


@dataclass(frozen=True, slots=True)
class Destination:
    """`urgency`: the priority as it would be without the queue's cap."""

    queue: str
    priority: Priority
    private: bool = False
    urgency: str = ""


def destination(rules: Rules, verdict: Verdict, entry: Entry | None, category: str, channel: str) -> Destination:
    """First found wins: the trigger, the entry's `escalate`, routing, the channel's queue, the default.

    Triggers marked `also` count after the one that decides. Priority likewise; then it is raised, then capped by the
    queue.
    """
    thens = [t.then for t in ((verdict.trigger, *verdict.also) if verdict.trigger else verdict.also)]
    queue = next((then.queue for then in thens if then.queue), None)
    priority = next((then.priority for then in thens if then.priority), None)
    if entry is not None:
        queue = queue or entry.escalate.queue
        priority = priority or entry.escalate.priority
    for route in rules.routing:
        named = entry is not None and route.entry is not None and is_among(entry.id, (route.entry,))
        if named or (route.entry is None and route.category in (None, category)):
            queue, priority = queue or route.queue, priority or route.priority
            break
    known = rules.queues.get(queue or rules.channel(channel).queue or rules.default_queue)
    chosen = known or rules.queues[rules.default_queue]
    urgency = _raised(priority or rules.default_priority, verdict.raises)
    return Destination(
        chosen.id,
        capped(urgency, chosen.priority_cap),
        chosen.private or rules.channel(channel).private or any(then.private for then in thens),
        urgency,
    )


def priority_in(queue: Queue, priority: str | None, urgency: str, rules: Rules) -> Priority:
    """How urgent a case is in the queue that gets it next: what another queue's cap took comes back."""
    known = [each for each in PRIORITIES if each in (priority, urgency)]
    return capped(known[0] if known else rules.default_priority, queue.priority_cap)


def priority_of(named: str | None, rules: Rules) -> Priority:
    """The priority of that name, or the default."""
    return next((priority for priority in PRIORITIES if priority == named), rules.default_priority)


def _raised(priority: Priority, by: int) -> Priority:
    return PRIORITIES[max(0, PRIORITIES.index(priority) - by)]


def capped(priority: Priority, cap: Priority) -> Priority:
    """The priority, or the highest that a queue accepts."""
    return PRIORITIES[max(PRIORITIES.index(priority), PRIORITIES.index(cap))]
