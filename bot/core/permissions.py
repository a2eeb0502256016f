"""Who may do what at the desk, and what those hear who may not.

Nothing widens a right: not a profile that could not be read, nor an address that another company's Slack vouches for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from bot.core.audience import Person, audience_of
from bot.core.events import Refused
from bot.core.rulebook.rules import Rules
from bot.core.stimuli import Press

Right = Literal["claim", "resolve", "reassign", "pause", "flag", "see_log", "edit"]


def may(person: Person, right: Right, queue: str, rules: Rules) -> bool:
    """Whether this person may do it to a case of this queue; of the default queue, if the rules have no such queue.

    The rules' `permissions` decide; where they are silent, the members of the queue may; where it names no members,
    every colleague, since the buttons are in its channel.
    """
    allowed = rules.permissions.get(right)
    if allowed is None:
        known = rules.queues.get(queue) or rules.queues.get(rules.default_queue)
        if known is None:
            return False
        if not known.members:
            return is_colleague(person, rules)
        allowed = known.members
    return _is_named(person, allowed, rules)


def may_pause(person: Person, channel: str, rules: Rules) -> bool:
    """Whether this person may pause the bot, and let it speak again, by a command in `channel`.

    Where the rules are silent, the members of any queue may; of one that names none, whoever is in its channel.
    """
    if (allowed := rules.permissions.get("pause")) is not None:
        return _is_named(person, allowed, rules)
    return any(
        _is_named(person, queue.members, rules)
        if queue.members
        else queue.channel == channel and is_colleague(person, rules)
        for queue in rules.queues.values()
    )


def is_colleague(person: Person, rules: Rules) -> bool:
    """Whether somebody is staff, as far as we know for sure: no guest, nobody of another company, and no bot."""
    is_outsider = person.external or person.guest or person.bot or person.unread
    return not is_outsider and "staff" in audience_of(person, rules, "")


def _is_named(person: Person, allowed: Iterable[str], rules: Rules) -> bool:
    """By their id, or by a group that they are in.

    The address of a guest, or of somebody of another company, opens nothing: who they are is for our own lists to say.
    """
    if person.id in allowed:
        return True
    domain = person.email.rpartition("@")[2].lower()
    for group in (rules.groups[id_] for id_ in person.groups.intersection(allowed) if id_ in rules.groups):
        by_address = domain in {known.lower() for known in group.email_domains}
        if not by_address or person.id in group.users or not (person.external or person.guest):
            return True
    return False


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
        view=pressed.view,
    )
