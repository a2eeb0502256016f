"""What a case becomes while people have it: who has it, since when, and who waits for whom. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.case import Case, outbox_id
from bot.core.course import Hop, Wait
from bot.core.events import HandedOff, IncidentBegun, Moved, Transferred
from bot.core.incident import Incident
from bot.core.saying import Words


def handed_off(case: Case, event: HandedOff) -> Case:
    return replace(
        case,
        state="handed_off",
        queue=event.queue,
        priority=event.priority,
        urgency=event.urgency,
        reason=event.reason,
        rule=event.rule,
        because=event.because,
        category=event.category,
        private=event.private,
        tags=event.tags,
        candidates=event.candidates or case.candidates,
        entry=event.entry or case.entry,
        owner=None,
        claimed_at=None,
        handed_off_at=event.at,
        due_first_at=event.due_first_at,
        told_due_at=event.told_due_at,
        told_opens_at=event.told_opens_at,
        out_of_hours=event.out_of_hours,
        hops=(),
        first_reply_at=None,
        waits_for_customer=False,
        waits=(),
        reminder=None,
        unanswered_since=None,
        raised_from=(),
        stepped=(),
        card=case.version,
        moved_from=(),
        operators="",
        notice=outbox_id(case.id, case.version, 1),
        paused=event.paused,
        rules_text=event.text,
        offered_by="",
        awaited=None,
        collecting=None,
        earlier=event.earlier,
    )


def incident_begun(case: Case, event: IncidentBegun) -> Case:
    """Nobody's case, which waits for somebody to claim it."""
    described, known = case.version if event.described else None, case.incident or Incident()
    return replace(
        case,
        state="handed_off",
        queue=event.queue,
        priority=event.priority,
        entry=event.entry or None,
        category=event.category,
        handed_off_at=event.at,
        card=case.version,
        question=described,
        incident=replace(known, about=((Words(case.id, described),) if described else ()) + known.about),
    )


def answered_by_people(case: Case, at: datetime) -> Case:
    waits = case.waits if case.waits_for_customer else (*case.waits, Wait(at))
    return replace(
        case,
        first_reply_at=case.first_reply_at or at,
        waits_for_customer=True,
        waits=waits,
        unanswered_since=None,
        last_at=at,
    )


def heard_from_customer(case: Case, at: datetime, since: datetime | None = None) -> Case:
    """They wait for us again; so do the clocks for nobody. `since`: from when on nothing was to be done, if so."""
    waits = tuple(wait if wait.until else replace(wait, until=at) for wait in case.waits)
    if since is not None and not case.waits_for_customer:
        waits = (*waits, Wait(since, at))
    unanswered = (case.unanswered_since or at) if case.first_reply_at else None
    return replace(case, waits_for_customer=False, waits=waits, unanswered_since=unanswered, reminder=None)


def unclaimed(case: Case) -> Case:
    return replace(case, state="handed_off", owner=None, claimed_at=None, called=False)


def moved(case: Case, event: Moved) -> Case:
    return replace(
        unclaimed(case),
        queue=event.queue,
        priority=event.priority or case.priority,
        raised_from=(),
        private=case.private or event.private,
        due_first_at=event.due_first_at or case.due_first_at,
        told_due_at=event.told_due_at or case.told_due_at,
        told_opens_at=event.told_opens_at,
        out_of_hours=event.out_of_hours,
        card=case.version,
        moved_from=(*case.moved_from, case.queue or ""),
        operators="",
    )


def transferred(case: Case, event: Transferred) -> Case:
    """The card stays behind; the time that a customer was told stands until they are told another."""
    hop = Hop(
        case.version, event.at, event.actor, case.queue or "", case.owner or "", event.queue, event.to, case.card,
        case.operators,
    )  # fmt: skip
    return replace(
        unclaimed(heard_from_customer(case, event.at)),
        unanswered_since=None,
        state="claimed" if event.to else "handed_off",
        owner=event.to or None,
        called=event.to not in ("", event.actor),
        claimed_at=event.at if event.to else None,
        queue=event.queue,
        priority=event.priority,
        raised_from=(),
        private=event.private,
        due_first_at=event.due_first_at,
        told_due_at=event.told_due_at or case.told_due_at,
        told_opens_at=event.told_opens_at,
        out_of_hours=event.out_of_hours,
        first_reply_at=None,
        card=case.version,
        moved_from=(),
        operators="",
        notice=outbox_id(case.id, case.version, 1),
        rules_text="",
        hops=(*case.hops, hop),
        last_at=event.at,
    )
