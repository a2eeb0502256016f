"""Who may do what at the desk, and what those hear who may not."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.core.audience import Person
from bot.core.events import Refused
from bot.core.rules import Rules
from bot.core.stimuli import Press

Right = Literal["claim", "resolve", "reassign", "pause", "flag", "see_log", "edit"]


def may(person: Person, right: Right, queue: str, rules: Rules) -> bool:
    """Whether this person may do it to a case of this queue.

    The rules' `permissions` decide; where they are silent, the members of the queue may; where it names no members,
    everybody in its channel, which is where the buttons are.
    """
    allowed = rules.permissions.get(right)
    if allowed is None:
        known = rules.queues.get(queue)
        allowed = known.members if known else ()
        if not allowed:
            return True
    return person.id in allowed or not person.groups.isdisjoint(allowed)


def refused(pressed: Press, now: datetime, why: str, *, who: str = "") -> Refused:
    """A press that does nothing. `why` is a sentence for whoever pressed; `{who}` in it is the person `who`."""
    return Refused(
        at=now,
        actor=pressed.user,
        action=pressed.kind,
        why=why,
        channel=pressed.channel,
        thread_ts=pressed.thread_ts,
        response_url=pressed.response_url,
        who=who,
    )
