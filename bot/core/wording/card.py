"""The card of a handoff: all that a specialist must know at one look. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core import sentences
from bot.core.case import Case
from bot.core.clocks.clock import Deadline, deadline
from bot.core.knowledge import Knowledge
from bot.core.rulebook.promises import calendar_of, clock
from bot.core.rulebook.rules import Queue
from bot.core.rulebook.triggers import PAUSED
from bot.core.saying import Attached, Button, Card, EarlierSaid, HopSaid, In, PastCase, Post, Seen, Told, Under, Words

NEAR = 0.01  # a near miss that would read as 0 % helps nobody


def card(case: Case, knowledge: Knowledge, *, by: str = "") -> Post:
    """The card as the case stands now, in the channel of its queue; `by` brought it there."""
    status, buttons = _status(case)
    due = deadline(case, knowledge.rules)
    buttons = (*buttons, *_start(case), *_flag(case, knowledge))
    return Post(
        where=In(thread_of(case, knowledge).channel),
        content=Card(
            customer=case.place.requester,
            category=case.category or sentences.NO_CATEGORY,
            priority=case.priority or "",
            reason=_reason(case),
            rule=case.rule or "",
            queue_role=wanted_role(case, knowledge),
            question=Words(case.id, case.question) if case.question is not None else None,
            question_channel=case.question_channel or case.place.channel,
            question_ts=case.question_ts,
            status=_among_others(case, status),
            who=by or (case.resolution.by if case.resolution else case.owner) or "",
            seen=_seen(case, knowledge),
            tags=case.tags,
            buttons=buttons,
            owner=case.owner or "",
            due=_told_when(due, case, knowledge) if due else None,
            due_of=due.of if due else "first_response",
            told=_told(case),
            earlier=_earlier(case, knowledge),
            files=tuple(Attached(Words(case.id, filed.position), filed.count) for filed in case.files),
            hops=_hops(case, knowledge),
        ),
    )


def thread_of(case: Case, knowledge: Knowledge) -> Under:
    """The thread beneath the card, in its queue's channel or at the operators'."""
    queue = knowledge.rules.queues[case.queue or knowledge.rules.default_queue]
    return Under(case.card_id, case.operators or queue.channel)


def wanted_role(case: Case, knowledge: Knowledge) -> str:
    """Whose case it is; while operators have it, who it was meant for at first."""
    first = case.moved_from[0] if case.operators and case.moved_from else case.queue
    queue = knowledge.rules.queues.get(first or knowledge.rules.default_queue)
    return queue.role if queue else "the team"


def role_of(case: Case, knowledge: Knowledge) -> str:
    """Who has the case, as customers read it."""
    return sentences.OPERATORS if case.operators else wanted_role(case, knowledge)


def reason_told(reason: str, rule: str) -> str:
    """Why people have it, as a sentence."""
    if rule == PAUSED and reason == "category_policy":
        return sentences.REASON_PAUSED
    return sentences.REASONS.get(reason, reason)


def _reason(case: Case) -> str:
    reason = reason_told(case.reason or "", case.rule or "")
    return f"{reason}: “{case.because}”" if case.because else reason


def _seen(case: Case, knowledge: Knowledge) -> tuple[Seen, ...]:
    """What the customer was shown and what came of it, then what else was near."""
    shown = [(s.entry, s.confidence, s.how) for s in case.shown]
    known = {entry for entry, _, _ in shown}
    near = [
        (m.entry, m.confidence, "near miss") for m in case.candidates if m.entry not in known and m.confidence >= NEAR
    ]
    return tuple(Seen(entry, _title(entry, knowledge), confidence, how) for entry, confidence, how in [*shown, *near])


def _told_when(due: Deadline, case: Case, knowledge: Knowledge) -> tuple[float, str]:
    rules = knowledge.rules
    _, calendar = calendar_of(rules, rules.queues[case.queue or rules.default_queue])
    return due.at.timestamp(), clock(due.at, calendar.timezone)


def _told(case: Case) -> tuple[Told, ...]:
    return tuple(
        Told(
            detail.field.replace("_", " ").capitalize(),
            Words(case.id, detail.position) if detail.position is not None else None,
        )
        for detail in case.details
    )


def _earlier(case: Case, knowledge: Knowledge) -> EarlierSaid | None:
    """What is known of the customer from before. Their words of then stay where they were said."""
    earlier = case.earlier
    if earlier is None:
        return None
    answered = [shown.entry for shown in case.shown if shown.is_answer]
    subjects = dict.fromkeys([case.entry, *answered] if case.entry else answered)
    return EarlierSaid(
        earlier.count,
        tuple(
            PastCase(
                one.case,
                one.opened_at.timestamp(),
                _title(one.entry, knowledge) if one.entry else sentences.EARLIER_NO_ENTRY,
                sentences.EARLIER_OUTCOMES.get(one.outcome, one.outcome),
            )
            for one in earlier.last
        ),
        tuple(
            sentences.DID_NOT_HELP_BEFORE.replace("{title}", _title(entry, knowledge))
            for entry in subjects
            if earlier.did_not_help(entry)
        ),
    )


def _title(entry: str, knowledge: Knowledge) -> str:
    return knowledge.entries[entry].title if entry in knowledge.entries else entry


def _hops(case: Case, knowledge: Knowledge) -> tuple[HopSaid, ...]:
    """Who passed it on, to whom, and why."""
    queues = knowledge.rules.queues
    return tuple(
        HopSaid(
            hop.at.timestamp(),
            hop.by,
            sentences.OPERATORS if hop.operators else _role(hop.from_queue, queues),
            hop.from_owner,
            _role(hop.to_queue, queues),
            hop.to_owner,
            Words(case.id, hop.position),
        )
        for hop in case.hops
    )


def _role(queue: str, queues: Mapping[str, Queue]) -> str:
    return queues[queue].role if queue in queues else queue


def _ended(case: Case) -> str:
    if case.unheard:
        return sentences.CARD_UNHEARD
    if case.resolution is not None:
        return sentences.CARD_RESOLVED_AS.replace("{code}", case.resolution.code)
    return sentences.CARD_RESOLVED if case.outcome == "resolved_by_human" else sentences.IS_CLOSED


def _start(case: Case) -> tuple[Button, ...]:
    """Whether more people than this customer may have the problem, a specialist says."""
    may_start = case.with_people and not case.listed_in
    return (Button(sentences.INCIDENT_LABEL, "incident"),) if may_start else ()


def _flag(case: Case, knowledge: Knowledge) -> tuple[Button, ...]:
    """For as long as the card lists entries, whatever became of the case."""
    return (Button(sentences.FLAG_LABEL, "flag"),) if _seen(case, knowledge) else ()


def _among_others(case: Case, status: str) -> str:
    """The status with the other case, or the incident, that this one belongs to."""
    if case.outcome == "duplicate":
        return sentences.CARD_JOINED.replace("{case}", case.joined_into)
    return f"{status} · {sentences.CARD_LISTED.replace('{incident}', case.listed_in)}" if case.listed_in else status


def _status(case: Case) -> tuple[str, tuple[Button, ...]]:
    claim = Button(sentences.CLAIM_LABEL, "claim", style="primary")
    rest = (
        Button(sentences.REPLY_LABEL, "reply"),
        Button(sentences.SEND_ENTRY_LABEL, "send_entry"),
        Button(sentences.TRANSFER_LABEL, "transfer"),
        Button(sentences.ESCALATE_LABEL, "escalate"),
        Button(sentences.BACK_LABEL, "back"),
        Button(sentences.RESOLVE_LABEL, "resolve"),
        Button(sentences.DUPLICATE_LABEL, "duplicate"),
    )
    match case.state:
        case "handed_off":
            return sentences.CARD_WAITING, (claim, *rest)
        case "claimed":
            return sentences.CARD_CLAIMED, rest
        case "closed":
            return _ended(case), ()
        case _:
            return sentences.CARD_BACK, ()
