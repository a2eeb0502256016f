"""Who may look at which queue, and `/tier1 queue`. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.audience import Person
from bot.core.commands import ShowQueue
from bot.core.events import Event, ListShown, Refused
from bot.core.permissions import may
from bot.core.rulebook.rules import Rules
from bot.core.saying import Listing
from bot.core.scene import Scene
from bot.core.stimuli import Command
from bot.core.worklist import grouped, part

LISTED = 15  # cases in one answer; the Home tab has pages


def show(scene: Scene, command: Command, order: ShowQueue) -> tuple[Event, ...]:
    """The cases of a queue, or of all the person's queues, for nobody else to see."""
    rules = scene.knowledge.rules
    queues = looked_at(order.queue, scene.person, command.channel, rules)
    if not queues:
        refusal = Refused(
            at=scene.now, actor=scene.person.id, action="queue", why=sentences.QUEUE_NOT_YOURS,
            channel=command.channel, response_url=command.response_url,
        )  # fmt: skip
        return (refusal,)
    cases = [case for case in scene.around.desk if case.queue in queues]
    groups = grouped(cases, scene.person.id, rules, scene.now)
    shown, more = part(groups, 0, LISTED)
    roles = ", ".join(rules.queues[queue].role for queue in queues)
    lead = (sentences.QUEUE if groups else sentences.QUEUE_EMPTY).replace("{roles}", roles)
    foot = sentences.MORE_AT_HOME.replace("{more}", str(more)) if more else ""
    listing = Listing(lead, groups=shown, foot=foot)
    return (
        ListShown(
            at=scene.now, actor=scene.person.id, what="queue", listing=listing, channel=command.channel,
            response_url=command.response_url,
        ),
    )  # fmt: skip


def looked_at(named: str, person: Person, channel: str, rules: Rules) -> tuple[str, ...]:
    """The queues that somebody looks at from a channel: the one `named`, that of the channel, or all they are in."""
    here = tuple(id_ for id_, queue in rules.queues.items() if queue.channel == channel)
    wanted = (named,) if named else here or tuple(rules.queues)
    return tuple(queue for queue in wanted if may_from(person, queue, channel, rules))


def queues_of(person: Person, rules: Rules) -> tuple[str, ...]:
    """The queues that somebody is named in, wherever they are."""
    return tuple(queue for queue in rules.queues if may_from(person, queue, "", rules))


def may_from(person: Person, queue: str, channel: str, rules: Rules) -> bool:
    """Whether somebody in this channel may look at a queue and take up its cases.

    A queue that names nobody is for those in its channel, and there is no telling who that is from anywhere else.
    """
    known = rules.queues.get(queue)
    if known is None or not may(person, "claim", queue, rules):
        return False
    return bool(known.members or rules.permissions.get("claim")) or known.channel == channel
