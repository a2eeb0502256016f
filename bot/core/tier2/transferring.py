"""A case passed on: to another team, up to the next tier, or to a colleague. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import Event, FormOpened, Reassigned, Transferred
from bot.core.forms import Ask, Form
from bot.core.knowledge import Knowledge
from bot.core.permissions import is_colleague, may
from bot.core.rulebook.expectation import expected
from bot.core.rulebook.handoff import priority_in
from bot.core.rulebook.promises import first_response_due, is_later
from bot.core.rulebook.rules import Queue, Rules
from bot.core.saying import Line
from bot.core.scene import Scene
from bot.core.stimuli import Submission
from bot.core.tier2.at_desk import barred, not_done, written_in
from bot.core.wording.card import role_of

PERSON = "person"  # the field that names one
_HIGHER = 3  # the tier from which on a queue is one to escalate to


def transfer_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form:
    """Another team, another person, or both; and why."""
    rules = knowledge.rules
    others = [queue for queue in rules.queues.values() if queue.id != case.queue or case.operators]
    choices = tuple((queue.id, queue.role) for queue in others)
    queue = Ask("queue", sentences.TRANSFER_QUEUE, "choice", choices, required=False, hint=sentences.TRANSFER_HINT)
    asks = (queue, _why(), _person(required=False)) if others else (_why(), _person(required=True))
    return _form(case, opened, asks, sentences.TRANSFER_TITLE, sentences.TRANSFER_SEND)


def escalate_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form | Line:
    """To whom above, and why; an honest line where nobody is."""
    above = queues_above(case, knowledge.rules)
    if not above:
        return Line(sentences.NOBODY_ABOVE.replace("{role}", role_of(case, knowledge)))
    choices = tuple((queue.id, queue.role) for queue in above)
    queue = Ask("queue", sentences.ESCALATE_QUEUE, "choice", choices, initial=above[0].id)
    asks = (queue, _why(), _person(required=False))
    return _form(case, opened, asks, sentences.ESCALATE_TITLE, sentences.ESCALATE_SEND)


def queues_above(case: Case, rules: Rules) -> tuple[Queue, ...]:
    """Where a case can be escalated to: where its queue's ladder leads, then every higher queue from Tier 3 on."""
    here = rules.queues.get(case.queue or "")
    if here is None:
        return ()
    rungs = rules.ladders.get(here.ladder or "", ())
    led_to = [rules.queues[rung.to] for rung in rungs if rung.do == "move" and rung.to in rules.queues]
    higher = [queue for queue in rules.queues.values() if queue.tier >= _HIGHER and queue.tier > here.tier]
    found = {queue.id: queue for queue in (*led_to, *higher) if queue.id != here.id and queue.tier >= here.tier}
    return tuple(found.values())


def transferred(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    """What the form for a transfer, or for an escalation, means."""
    case, rules = scene.case, scene.knowledge.rules
    why, to = written_in(scene, sent, "why"), sent.value(PERSON)
    chosen = sent.value("queue")
    queue = rules.queues.get(chosen or case.queue or "")
    if refusal := barred(scene, "reassign"):
        return not_done(scene, sent, refusal, words=why)
    if not why:
        return not_done(scene, sent, sentences.NO_REASON)
    if queue is None or (sent.form == "escalate" and queue not in queues_above(case, rules)):
        return not_done(scene, sent, sentences.QUEUE_GONE, words=why)
    stays = not chosen if case.operators else queue.id == case.queue
    if stays and not to:
        refusal = sentences.NOWHERE_NEW.replace("{role}", role_of(case, scene.knowledge))
        return not_done(scene, sent, refusal, words=why)
    if stays and to == case.owner:
        return not_done(scene, sent, sentences.THEIRS_ALREADY, words=why)
    if to and not _may_have_it(scene, to, "" if stays and case.operators else queue.id):
        return not_done(scene, sent, sentences.NOT_A_MEMBER.replace("{role}", queue.role), words=why)
    if stays:
        return (Reassigned(at=scene.now, actor=sent.user, words=why, to=to),)
    priority = priority_in(queue, case.priority, case.urgency, rules)
    due = first_response_due(rules, queue.id, priority, scene.now)
    hears = expected(rules, queue.id, scene.now, due if is_later(due, case.told_due_at) else None)
    moved = Transferred(
        at=scene.now, actor=sent.user, words=why, queue=queue.id, priority=priority, to=to,
        tier=queue.tier if sent.form == "escalate" else 0, private=case.private or queue.private,
        due_first_at=due, told_due_at=hears.told_due_at, told_opens_at=hears.told_opens_at,
        out_of_hours=hears.out_of_hours,
    )  # fmt: skip
    return (moved,)


def _form(case: Case, opened: FormOpened, asks: tuple[Ask, ...], title: str, send: str) -> Form:
    return Form(
        kind=opened.form,
        title=title.replace("{case}", case.id),
        send=send,
        asks=asks,
        lead=sentences.TRANSFER_LEAD,
        choice=opened.choice,
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def _why() -> Ask:
    return Ask("why", sentences.TRANSFER_WHY, "text", hint=sentences.TRANSFER_WHY_HINT)


def _person(*, required: bool) -> Ask:
    return Ask(PERSON, sentences.TRANSFER_PERSON, "person", required=required, hint=sentences.TRANSFER_PERSON_HINT)


def _may_have_it(scene: Scene, to: str, queue: str) -> bool:
    """Whether this person could claim it there; nobody has a case of their own. `queue` "": with the operators."""
    named = scene.around.named
    if named is None or named.id != to or to == scene.case.place.requester:
        return False
    rules = scene.knowledge.rules
    return may(named, "claim", queue, rules) if queue else is_colleague(named, rules)
