"""Where a case goes when people take over: queue and priority, each from the first place that names one. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.entries import Entry, Priority
from bot.core.rulebook.rules import PRIORITIES, Rules
from bot.core.rulebook.triggers import Verdict, is_among


@dataclass(frozen=True, slots=True)
class Destination:
    queue: str
    priority: Priority
    private: bool = False


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
    return Destination(
        chosen.id,
        capped(_raised(priority or rules.default_priority, verdict.raises), chosen.priority_cap),
        chosen.private or rules.channel(channel).private or any(then.private for then in thens),
    )


def _raised(priority: Priority, by: int) -> Priority:
    return PRIORITIES[max(0, PRIORITIES.index(priority) - by)]


def capped(priority: Priority, cap: Priority) -> Priority:
    """The priority, or the highest that a queue accepts."""
    return PRIORITIES[max(PRIORITIES.index(priority), PRIORITIES.index(cap))]
