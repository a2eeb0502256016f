"""What is said when people pass a case on: to the customer, on both cards, and to whoever has it now. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.core import sentences
from bot.core.case import Case, outbox_id
from bot.core.events import Reassigned, Transferred
from bot.core.knowledge import Knowledge
from bot.core.saying import Button, Card, Line, Post, Saying, Update, Words
from bot.core.wording.card import card, thread_of
from bot.core.wording.notice import expectation, filled, timed
from bot.core.wording.places import where


def said_of_transfer(case: Case, event: Transferred, knowledge: Knowledge) -> tuple[Saying, ...]:
    """The new card comes first, then the word to the customer; the old card says where the case went."""
    thread = thread_of(case, knowledge)
    sayings: list[Saying] = [
        card(case, knowledge),
        Post(where=where(case), content=_to_the_customer(case, event, knowledge)),
    ]
    if left := _left_behind(case, event, knowledge):
        sayings.append(left)
    return (*sayings, Post(where=thread, content=_why(case, event, knowledge), urgent=False))


def said_of_reassignment(case: Case, event: Reassigned, knowledge: Knowledge) -> tuple[Saying, ...]:
    """The customer hears the name, the card shows it, and the person is called in the thread."""
    thread = thread_of(case, knowledge)
    told = Line(filled(sentences.CLAIMED, case, knowledge), who=event.to)
    why = Line(sentences.THREAD_REASSIGNED, who=event.actor, quote=Words(case.id, case.version), calls=event.to)
    return (
        Post(where=where(case), content=told),
        Update(outbox=case.card_id, content=card(case, knowledge).content, channel=thread.channel),
        Post(where=thread, content=why, urgent=False),
    )


def _why(case: Case, event: Transferred, knowledge: Knowledge) -> Line:
    if event.rung:
        left = knowledge.rules.queues.get(case.hops[-1].from_queue)
        return Line(sentences.THREAD_MOVED_UP.replace("{from}", left.role if left else case.hops[-1].from_queue))
    text = sentences.THREAD_ESCALATED if event.tier else sentences.THREAD_TRANSFERRED
    return Line(text, who=event.actor, quote=Words(case.id, case.version), calls=event.to)


def _to_the_customer(case: Case, event: Transferred, knowledge: Knowledge) -> Line:
    """Who has it now; by when they answer, if that is later than what was said before, and when they are not there."""
    usual = sentences.MOVED_UP if event.rung else sentences.PASSED_ON
    text = sentences.PASSED_TO_PERSON if event.to else usual
    due = event.told_due_at
    if due is not None or event.told_opens_at is not None or event.out_of_hours:
        text = f"{text}\n{expectation(case, knowledge, due)}"
    ask_else = Button(sentences.ASK_ELSE_LABEL, "ask_else")
    return replace(timed(text, case, knowledge, due), buttons=(ask_else,), who=event.to or event.actor)


def _left_behind(case: Case, event: Transferred, knowledge: Knowledge) -> Update | None:
    """The card in the channel that the case came from: what it was, and where it went; nothing to press."""
    hop, rules = case.hops[-1], knowledge.rules
    now = card(case, knowledge).content
    if hop.card is None or not isinstance(now, Card):
        return None
    left = rules.queues.get(hop.from_queue)
    status = sentences.CARD_ESCALATED if event.tier else sentences.CARD_TRANSFERRED
    if event.rung:
        status = sentences.CARD_MOVED_UP
    was = replace(
        now,
        queue_role=left.role if left else hop.from_queue,
        status=status.replace("{role}", rules.queues[event.queue].role),
        who=event.actor,
        buttons=(),
        due=None,
    )
    channel = hop.operators or (left.channel if left else "")
    return Update(outbox=outbox_id(case.id, hop.card), content=was, channel=channel)
