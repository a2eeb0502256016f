"""What specialists, editors and operators see because of an event. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.core import sentences
from bot.core.case import Case, outbox_id
from bot.core.changes import card_changed, changed
from bot.core.clocks.clock import clocks
from bot.core.course import Wait
from bot.core.events import (
    Amended,
    Claimed,
    Closed,
    Commented,
    CustomerLost,
    EntrySent,
    Event,
    Fixed,
    Forwarded,
    HandedOff,
    Moved,
    NobodyReached,
    Noted,
    Rated,
    Reassigned,
    Released,
    Reopened,
    Replied,
    ReplyChanged,
    ReplyFailed,
    ReplyWithdrawn,
    Resolved,
    StillStuck,
    ThreadLost,
    ThreadOpened,
    Transferred,
)
from bot.core.joining.cards import card
from bot.core.joining.incident_speech import DELIVERED
from bot.core.knowledge import Knowledge
from bot.core.saying import (
    DirectTo,
    FromCustomer,
    FromSpecialist,
    In,
    Line,
    Post,
    React,
    Saying,
    Under,
    Update,
    Where,
    Withdraw,
    Words,
    is_at_desk,
)
from bot.core.tier2.onward import said_of_reassignment, said_of_transfer
from bot.core.tier2.resolving import said_of_resolution
from bot.core.tier2.sending_entries import sent_at
from bot.core.tier2.surveying import told_the_desk
from bot.core.wording.card import role_of, thread_of, wanted_role
from bot.core.wording.notice import corrected, filled
from bot.core.wording.pieces import pieces
from bot.core.wording.places import where

INTERNAL, FAILED = "lock", "warning"  # on the specialists'


def to_the_desk(case: Case, event: Event, knowledge: Knowledge) -> tuple[Saying, ...]:  # noqa: C901, PLR0912
    """What specialists, and operators, see of it."""
    if case.queue not in knowledge.rules.queues:
        return ()
    thread = thread_of(case, knowledge)
    words, role = Words(case.id, case.version), role_of(case, knowledge)
    match event:
        case Moved():
            return (card(case, knowledge), corrected(case, knowledge, event.told_due_at, claimed=event.claimed))
        case NobodyReached() if event.operators:
            why = sentences.AT_OPERATORS.replace("{wanted}", wanted_role(case, knowledge)).replace("{why}", event.why)
            told = corrected(case, knowledge, None, claimed=event.claimed)
            return (card(case, knowledge), told, Post(where=thread, content=Line(why)))
        case NobodyReached():
            return (corrected(case, knowledge, None, claimed=event.claimed),)
        case ThreadLost() if event.afresh and is_at_desk(event.where):
            return (card(case, knowledge, by=case.owner or ""),)
        case CustomerLost() if case.with_people:
            return (_customer_lost(event.why, thread),)
        case HandedOff() if case.lost:
            return (_customer_lost(case.lost, thread), *_alert(case, event, knowledge))
        case HandedOff():
            return _alert(case, event, knowledge)
        case ThreadOpened() if case.with_people:
            return (card_changed(case, case.owner or "", knowledge),)
        case Forwarded():
            passed_on = tuple(
                Post(
                    where=thread,
                    content=FromCustomer(event.actor, words, start, end),
                    urgent=False,
                )
                for start, end in pieces(event.words)
            )
            return (*passed_on, card_changed(case, case.owner or "", knowledge)) if event.files else passed_on
        case Amended():
            change = Line(sentences.THREAD_CHANGED, who=event.actor, quote=words)
            gone = Line(sentences.THREAD_GONE, who=event.actor)
            return (Post(where=thread, content=gone if event.gone else change, urgent=False),)
        case Claimed() | Released():
            return (card_changed(case, event.actor, knowledge),)
        case Reopened() if case.with_people:
            return (
                card_changed(case, case.owner or "", knowledge),
                Post(where=thread, content=Line(sentences.THREAD_REOPENED, who=event.actor), urgent=False),
            )
        case Closed() if event.outcome == "resolved_by_human":
            return (card_changed(case, event.actor, knowledge),)
        case Fixed() if case.with_people:
            return (Post(where=thread, content=Line(sentences.THREAD_FIXED), urgent=False),)
        case StillStuck() if case.with_people and sent_at(case, event.position):
            return (Post(where=thread, content=Line(sentences.THREAD_STUCK), urgent=False),)
        case EntrySent():
            return (card_changed(case, case.owner or "", knowledge),)
        case Transferred():
            return said_of_transfer(case, event, knowledge)
        case Reassigned():
            return said_of_reassignment(case, event, knowledge)
        case Resolved():
            return said_of_resolution(case, event, role, thread)
        case Rated() | Commented():
            return told_the_desk(case, event, thread)
        case Replied() if not event.slack_ts:
            return _replied_by_form(case, event, role, thread)
        case Replied():
            parts = pieces(event.words)
            last = outbox_id(case.id, case.version, len(parts) - 1)
            return (
                *(
                    Post(where=_place_of(case, event), content=_reply(case, event, role, start, end))
                    for start, end in parts
                ),
                React(channel=event.channel, ts=event.slack_ts, name=DELIVERED, after=last),
            )
        case ReplyChanged():
            said = changed(case, event.position, FromSpecialist(event.actor, role, words, lead=_lead(case, event)))
            return (replace(said, channel=_lane_of(case, event)),)
        case ReplyWithdrawn():
            return (Withdraw(outbox=outbox_id(case.id, event.position), channel=_lane_of(case, event)),)
        case ReplyFailed() if sent_at(case, event.position):
            return (Post(where=thread, content=Line(sentences.REPLY_FAILED.replace("{why}", event.why)), urgent=False),)
        case ReplyFailed():
            ts = next((r.slack_ts for r in case.relayed if r.position == event.position), "")
            note = Line(sentences.REPLY_FAILED.replace("{why}", event.why))
            if not ts:
                note = replace(note, quote=Words(case.id, event.position))
                return (Update(outbox=outbox_id(case.id, event.position), content=note, channel=thread.channel),)
            return (
                React(channel=thread.channel, ts=ts, name=FAILED),
                Post(where=thread, content=note, urgent=False),
            )
        case Noted() if not event.slack_ts:
            kept = Line(sentences.NOTE_KEPT, who=event.actor, quote=words)
            return (Post(where=thread, content=kept, urgent=False),)
        case Noted():
            return (React(channel=event.channel, ts=event.slack_ts, name=INTERNAL),)
        case _:
            return ()


def deadline_moved(case: Case, event: Event, knowledge: Knowledge) -> tuple[Update, ...]:
    """Whose turn it is has changed, and with it the deadline on the card, where anything is promised."""
    wait = case.waits[-1] if case.waits else None
    match event:
        case Replied():
            turned = wait == Wait(event.at)
        case Forwarded(files=0) | StillStuck():
            turned = wait is not None and wait.until == event.at
        case _:
            turned = False
    promised = case.due_first_at is not None or clocks(case, knowledge.rules)
    return (card_changed(case, case.owner or "", knowledge),) if turned and case.with_people and promised else ()


def _alert(case: Case, event: HandedOff, knowledge: Knowledge) -> tuple[Post, ...]:
    operators = knowledge.rules.operator_channel
    if event.reason != "error" or not operators:
        return ()
    return (Post(where=In(operators), content=Line(filled(sentences.ERROR_ALERT, case, knowledge))),)


def _replied_by_form(case: Case, event: Replied, role: str, thread: Under) -> tuple[Saying, ...]:
    """The words in the card's thread as well, where it is set right should they not arrive; then to the customer."""
    words = Words(case.id, case.version)
    told = Line(sentences.REPLIED_IN_DM if event.private else sentences.REPLIED, who=event.actor, quote=words)
    replies = (_reply(case, event, role, start, end) for start, end in pieces(event.words))
    record = Post(where=thread, content=told, urgent=False)
    return (record, *(Post(where=_place_of(case, event), content=reply) for reply in replies))


def _reply(case: Case, event: Replied, role: str, start: int, end: int | None) -> FromSpecialist:
    return FromSpecialist(event.actor, role, Words(case.id, case.version), (), start, end, _lead(case, event))


def _lead(case: Case, event: Replied | ReplyChanged) -> str:
    """In a direct message nothing else says what it is about."""
    return sentences.REPLY_ABOUT.replace("{case}", case.id) if event.private else ""


def _place_of(case: Case, event: Replied) -> Where:
    return DirectTo(case.place.requester) if event.private else where(case)


def _lane_of(case: Case, event: ReplyChanged | ReplyWithdrawn) -> str:
    return f"@{case.place.requester}" if event.private else case.place.channel


def _customer_lost(why: str, thread: Under) -> Post:
    return Post(where=thread, content=Line(sentences.CUSTOMER_LOST.replace("{why}", why)), urgent=False)
