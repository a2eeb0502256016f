"""The card of a handoff: all that a specialist must know at one look. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.knowledge import Knowledge
from bot.core.saying import Button, Card, In, Post, Seen, Under, Words

NEAR = 0.01  # a near miss that would read as 0 % helps nobody


def card(case: Case, knowledge: Knowledge, *, by: str = "") -> Post:
    """The card as the case stands now, in the channel of its queue; `by` brought it there."""
    status, buttons = _status(case)
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
            status=status,
            who=by or case.owner or "",
            seen=_seen(case, knowledge),
            tags=case.tags,
            buttons=buttons,
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


def _reason(case: Case) -> str:
    reason = sentences.REASONS.get(case.reason or "", "")
    return f"{reason}: “{case.because}”" if case.because else reason


def _seen(case: Case, knowledge: Knowledge) -> tuple[Seen, ...]:
    """What the customer was shown and what came of it, then what else was near."""
    shown = [(s.entry, s.confidence, s.how) for s in case.shown]
    known = {entry for entry, _, _ in shown}
    near = [
        (m.entry, m.confidence, "near miss") for m in case.candidates if m.entry not in known and m.confidence >= NEAR
    ]
    return tuple(
        Seen(entry, knowledge.entries[entry].title if entry in knowledge.entries else entry, confidence, how)
        for entry, confidence, how in [*shown, *near]
    )


def _status(case: Case) -> tuple[str, tuple[Button, ...]]:
    claim = Button(sentences.CLAIM_LABEL, "claim", style="primary")
    rest = (Button(sentences.RESOLVE_LABEL, "resolve"), Button(sentences.BACK_LABEL, "back"))
    match case.state:
        case "handed_off":
            return sentences.CARD_WAITING, (claim, *rest)
        case "claimed":
            return sentences.CARD_CLAIMED, rest
        case "closed":
            return (sentences.CARD_RESOLVED if case.outcome == "resolved_by_human" else sentences.IS_CLOSED), ()
        case _:
            return sentences.CARD_BACK, ()
