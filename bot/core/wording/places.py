"""What follows when a place to speak in is gone: a thread, a team's channel, or the customer's. Pure."""

from __future__ import annotations

from bot.core.case import Case
from bot.core.events import BOT, CustomerLost, Event, Moved, NobodyReached, ReplyFailed, ThreadLost
from bot.core.rulebook.expectation import expected
from bot.core.rulebook.handoff import priority_in
from bot.core.rulebook.promises import first_response_due, is_later
from bot.core.rulebook.rules import Queue
from bot.core.saying import DirectTo, In, Redirect, Under, Where, is_at_desk
from bot.core.scene import Scene
from bot.core.stimuli import ThreadGone, Undeliverable


def where(case: Case) -> Where:
    """Where the case's customer is answered: where they wrote, or under the message that quotes them."""
    if not case.place.channel.startswith("@"):
        return In(case.place.channel, case.place.thread_ts or None)
    # Nothing can stand under a message that did not get through; another one beside it may.
    return DirectTo(case.place.requester) if case.lost else Under(case.root, case.place.channel)


def where_people_speak(case: Case) -> Where:
    """Where what people say to the customer of the case goes: where they are answered, unless that is private."""
    return DirectTo(case.place.requester) if case.goes_on_in_dm else where(case)


def undeliverable(scene: Scene, stimulus: Undeliverable) -> tuple[Event, ...]:
    """A card goes on to the next who can be reached, and so does a case whose card's channel is gone."""
    case = scene.case
    if case.with_people and (stimulus.outbox == case.card_id or _is_under(stimulus.where, case.card_id)):
        return (_next_desk(scene, stimulus.error),)
    for relayed in case.relayed:
        if relayed.went_out_as(stimulus.outbox, case.id):
            return (ReplyFailed(at=scene.now, actor=BOT, position=relayed.position, why=stimulus.error),)
    if _is_customers(stimulus.where, case) and not case.lost:
        return (CustomerLost(at=scene.now, actor=BOT, why=stimulus.error),)
    return ()


def thread_gone(scene: Scene, stimulus: ThreadGone) -> tuple[Event, ...]:
    """The case goes on elsewhere, unless it does already; what found no thread goes after it."""
    case = scene.case
    if is_at_desk(stimulus.where):
        afresh = case.with_people and _is_under(stimulus.where, case.card_id)
    else:
        in_place = (case.place.channel, case.place.thread_ts) == (stimulus.channel, stimulus.thread_ts)
        afresh = in_place or _is_under(stimulus.where, case.root)
    return (ThreadLost(at=scene.now, actor=BOT, outbox=stimulus.outbox, where=stimulus.where, afresh=afresh),)


def redirected(before: Case, after: Case, event: Event) -> tuple[Redirect, ...]:
    """What is still to be said where nothing can be said any more.

    What was to be said beneath a card is in the transcript of the new one.
    """
    if not isinstance(event, ThreadLost):
        return ()
    if is_at_desk(event.where):
        return (Redirect(after.id, event.outbox, (event.where,), None),)
    was = (event.where, where(before)) if event.afresh else (event.where,)
    return (Redirect(after.id, event.outbox, was, where(after)),)


def _next_desk(scene: Scene, why: str) -> Event:
    """The queue's fallback, the default queue, the operators, or nobody: the first that was not tried yet."""
    case, rules, now = scene.case, scene.knowledge.rules, scene.now
    queue = rules.queues.get(case.queue or "")
    tried = {*case.moved_from, case.queue}
    claimed = case.state == "claimed"
    for other in (queue.fallback if queue else None, rules.default_queue):
        if other in rules.queues and other not in tried and not case.operators:
            return _moved(scene, rules.queues[other], why)
    channels = {known.channel for known in rules.queues.values() if known.id in tried} | {case.operators}
    operators = rules.operator_channel if rules.operator_channel not in channels else None
    return NobodyReached(at=now, actor=BOT, why=why, operators=operators or "", claimed=claimed)


def _moved(scene: Scene, to: Queue, why: str) -> Moved:
    """What the other queue promises counts from when the case came; what was promised stands if that is later."""
    case, rules, now = scene.case, scene.knowledge.rules, scene.now
    priority = priority_in(to, case.priority, case.urgency, rules)
    due = told = None
    if case.first_reply_at is None and case.arrived_at is not None:
        due = first_response_due(rules, to.id, priority, case.arrived_at)
        told = due if is_later(due, case.told_due_at) else case.told_due_at
    hears = expected(rules, to.id, now, told if is_later(told, now) else None, message=case.rules_text)
    return Moved(
        at=now, actor=BOT, queue=to.id, why=why, claimed=case.state == "claimed", priority=priority,
        private=to.private, due_first_at=due, told_due_at=hears.told_due_at, told_opens_at=hears.told_opens_at,
        out_of_hours=hears.out_of_hours,
    )  # fmt: skip


def _is_under(place: Where | None, outbox: str) -> bool:
    return isinstance(place, Under) and place.outbox == outbox


def _is_customers(place: Where | None, case: Case) -> bool:
    match place:
        case In(channel=channel):
            return channel == case.place.channel
        case DirectTo(user=user):
            return user == case.place.requester
        case Under():
            return not is_at_desk(place)
        case None:
            return False
