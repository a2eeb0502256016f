"""What each event makes of a case. Pure; no folding reads anybody's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.core.case import Case, Relayed, State, Unsettled, outbox_id
from bot.core.course import Hop, Reminder, Resolution, Survey
from bot.core.details import Collecting, Filed, with_detail
from bot.core.events import (
    PENDING,
    Absorbed,
    Amended,
    Answered,
    Asked,
    AskedIfItWorked,
    AskedToClose,
    AskedToRephrase,
    Branched,
    Chatted,
    Claimed,
    Closed,
    CloseWarned,
    CollectBegun,
    CollectEnded,
    Commented,
    CustomerLost,
    ElseAsked,
    EntrySent,
    Event,
    FieldAsked,
    FieldGiven,
    FieldSkipped,
    FieldUnclear,
    Fixed,
    FlagFixed,
    Flagged,
    FormOpened,
    Forwarded,
    HandedOff,
    Heard,
    HomeShown,
    HumanOffered,
    IncidentBegun,
    IncidentOver,
    Joined,
    Labelled,
    Listed,
    ListShown,
    MemberJoined,
    MemberWrote,
    Missed,
    Moved,
    NobodyReached,
    NoneOfThese,
    Noted,
    Offered,
    Opened,
    Paused,
    Picked,
    Raised,
    Rated,
    Reassigned,
    Refused,
    Rejected,
    Released,
    ReminderGiven,
    Reopened,
    ReopenOffered,
    Replied,
    ReplyChanged,
    ReplyFailed,
    ReplyWithdrawn,
    Rescheduled,
    Resolved,
    Resumed,
    RungReached,
    SecondAsked,
    Settled,
    StatusSaid,
    StillStuck,
    SurveyAsked,
    Tagged,
    ThreadLost,
    ThreadOpened,
    Transferred,
    TriedAgain,
    TurnedDown,
    WishedForHuman,
)
from bot.core.incident import Incident, joined_by
from bot.core.saying import is_at_desk
from bot.core.shown import Awaited, Flag, Miss, Shown, with_answer, with_fixed, with_sent
from bot.core.stimuli import Place
from bot.core.with_people import (
    answered_by_people,
    handed_off,
    heard_from_customer,
    incident_begun,
    moved,
    transferred,
    unclaimed,
)

_READ_TOGETHER = 4  # details that are read together with their question


def evolve(case: Case, event: Event) -> Case:  # noqa: C901, PLR0912, PLR0915  one branch an event, and no more
    """Return the case after the event. Never reads `words`. The event's position is the new `version`."""
    at = event.at
    case = replace(case, version=case.version + 1, called=case.called and event.actor != case.owner)
    position = case.version
    if event.actor == case.place.requester:
        case = replace(case, heard_at=at, reminder=None)
    if files := getattr(event, "files", 0):
        case = replace(case, files=(*case.files, Filed(position, files)))
    match event:
        case Opened():
            return replace(
                case,
                id=event.case,
                place=Place(event.team, event.channel, event.thread_ts, event.requester),
                state="open",
                follows=event.follows,
                is_test=event.is_test,
                external=event.external,
                asked_in=event.quoted_from,
                opened_at=at,
            )
        case ThreadOpened():
            return replace(
                case,
                place=replace(case.place, channel=event.channel, thread_ts=event.thread_ts),
                question_channel=case.question_channel if case.question_ts else event.channel,
                question_ts=case.question_ts or event.thread_ts,
                lost="",
            )
        case ThreadLost() if event.afresh:
            return replace(case, card=position) if is_at_desk(event.where) else _uprooted(case)
        case ThreadLost():
            return case
        case Asked():
            heard = replace(
                _rooted(case),
                asked=_together(case.asked, position) if event.continues is not None else (position,),
                asked_ts=event.slack_ts,
                turns_in_a_row=case.turns_in_a_row if event.by_bot else 0,
                lost="",
            )
            if event.detail:
                return heard
            asked = replace(heard, question=position, question_ts=event.slack_ts, question_channel=event.channel)
            return replace(asked, offered_by="")
        case Chatted():
            return _spoken(case, at) if event.reply else case
        case Answered():
            return replace(
                _after_reply(case, at, event.instead_of),
                entry=event.entry,
                category=event.entry.partition("/")[0],
                shown=with_answer(case.shown, event, position),
                candidates=event.candidates,
                awaited=Awaited(position, (event.entry,), is_offer=False),
            )
        case Offered():
            seen = {s.entry for s in case.shown}
            offered = tuple(
                Shown(m.entry, m.confidence, "offered", position) for m in event.candidates if m.entry not in seen
            )
            return replace(
                _after_reply(case, at, event.instead_of),
                shown=(*case.shown, *offered),
                candidates=event.candidates,
                awaited=Awaited(position, tuple(m.entry for m in event.candidates), is_offer=True),
                category=case.category or event.candidates[0].entry.partition("/")[0],
            )
        case Missed():
            return replace(case, failed=case.failed + 1, candidates=event.candidates)
        case AskedToRephrase():
            asked = replace(_spoken(case, at), misses=case.misses + 1)
            if event.after != "miss" or not case.asked:
                return asked
            return replace(asked, last_miss=Miss(position, case.asked_ts))
        case HumanOffered():
            return replace(_spoken(case, at), offered_by=event.rule)
        case TurnedDown() | ReopenOffered():
            return _spoken(case, at)
        case AskedToClose():
            return _spoken(_inquired(case), at)
        case Tagged():
            tags, added_by = dict.fromkeys((*case.tags, *event.tags)), dict.fromkeys((*case.added_by, event.rule))
            return replace(case, tags=tuple(tags), added_by=tuple(added_by))
        case Picked():
            return replace(_pressed(case, event.position, "choice"), offered_by="")
        case NoneOfThese():
            return case if event.again else _pressed(_failed(case), event.position, "choice")
        case SecondAsked():
            return replace(_pressed(case, event.position, "second"), offered_by="")
        case Rejected():
            return _failed(case)
        case Fixed():
            return replace(case, shown=_marked(case, event.entry, "fixed"), last_at=at, awaited=None)
        case StillStuck() if event.again:
            return case
        case StillStuck():
            if case.with_people and _is_of_people(case, event.position):
                case = heard_from_customer(case, at)
            stuck = replace(_failed(case), shown=_marked(case, event.entry, "still stuck"))
            return _pressed(stuck, event.position, "stuck")
        case Labelled() if event.again:
            return case
        case Labelled():
            labelled = replace(_spoken(case, at), shown=_marked(case, event.entry, event.label.replace("_", " ")))
            return _pressed(replace(labelled, awaited=None), event.asked_at, "label")
        case WishedForHuman():
            if not event.words or case.question:
                return case
            return replace(_rooted(case), question=position, question_channel=event.channel, question_ts=event.slack_ts)
        case ElseAsked():
            return replace(case, else_asked=True)
        case Branched():
            return replace(case, else_asked=False)
        case Reopened():
            by_people: State = "claimed" if case.owner else "handed_off"
            state: State = by_people if case.ended_with_people else "open"
            survey = case.survey and replace(case.survey, is_over=True)
            again = replace(
                case, state=state, outcome=None, closed_at=None, resolution=None, survey=survey, unheard=False
            )
            answered = case.first_reply_at or (case.closed_at if again.with_people else None)
            again = heard_from_customer(replace(again, first_reply_at=answered), at, since=case.closed_at)
            return replace(again, failed=0, last_miss=None, last_at=at, listed_in="")
        case Closed():
            return replace(
                case,
                state="closed",
                outcome=event.outcome,
                unheard=event.unheard,
                closed_at=at,
                last_miss=None,
                awaited=None,
                else_asked=False,
                collecting=None,
            )
        case CollectBegun():
            return replace(case, collecting=Collecting(event.handoff, event.fields, len(event.fields)), awaited=None)
        case FieldAsked():
            return replace(_spoken(case, at), collecting=case.collecting and case.collecting.having_asked(position))
        case FieldGiven() | FieldSkipped():
            given = position if isinstance(event, FieldGiven) else None
            details = with_detail(case.details, case.collecting, event.field, given)
            return replace(case, details=details, collecting=case.collecting and case.collecting.without(event.field))
        case FieldUnclear():
            return case
        case CollectEnded():
            return replace(case, collecting=None)
        case HandedOff():
            return handed_off(_spoken(case, at), event)
        case Moved():
            return moved(case, event)
        case Transferred():
            return transferred(case, event)
        case Reassigned():
            hop = Hop(position, at, event.actor, case.queue or "", case.owner or "", case.queue or "", event.to)
            called = event.to != event.actor
            return replace(case, state="claimed", owner=event.to, claimed_at=at, hops=(*case.hops, hop), called=called)
        case NobodyReached() if event.operators:
            return replace(unclaimed(case), card=position, operators=event.operators)
        case NobodyReached():
            return replace(_with_the_bot(case, at), operators="")
        case Forwarded():
            return replace(heard_from_customer(case, at), lost="")
        case CustomerLost():
            return replace(case, lost=event.why)
        case Flagged():
            return replace(case, flags=(*case.flags, Flag(position, event.entry, event.actor, event.told)))
        case FlagFixed():
            return replace(case, flags=with_fixed(case.flags, event))
        case ReplyFailed():
            failed = tuple(replace(r, failed=True) if r.position == event.position else r for r in case.relayed)
            return replace(case, relayed=failed)
        case Noted() | Amended() | Refused() | FormOpened() | Paused() | Resumed():
            return case
        case TriedAgain():
            tried = Unsettled(event.position, event.attempt)
            return replace(case, unsettled=tuple(tried if u.position == event.position else u for u in case.unsettled))
        case Claimed():
            return replace(case, state="claimed", owner=event.actor, claimed_at=at)
        case Replied():
            relayed = Relayed(event.slack_ts, position, event.edited, private=event.private)
            return replace(answered_by_people(case, at), relayed=(*case.relayed, relayed))
        case EntrySent():
            return replace(
                answered_by_people(case, at),
                shown=with_sent(case.shown, event, position),
                relayed=(*case.relayed, Relayed("", position)),
            )
        case ListShown() | HomeShown():
            return case
        case ReplyChanged():
            return replace(
                case,
                relayed=tuple(
                    replace(r, edited=event.edited) if r.position == event.position else r for r in case.relayed
                ),
            )
        case ReplyWithdrawn():
            return replace(case, relayed=tuple(r for r in case.relayed if r.position != event.position))
        case Released():
            return _with_the_bot(case, at)
        case Resolved():
            answered = case.first_reply_at or at
            resolved = replace(
                case,
                resolution=Resolution(event.code, event.actor, event.entry),
                first_reply_at=answered,
                unanswered_since=None,
                last_at=at,
            )
            return replace(resolved, relayed=(*case.relayed, Relayed("", position))) if event.told else resolved
        case SurveyAsked():
            return replace(case, survey=Survey(position))
        case Rated():
            return replace(case, survey=case.survey and replace(case.survey, score=event.score))
        case Commented():
            return replace(case, survey=case.survey and replace(case.survey, commented=True))
        case Heard():
            question = position if event.words and case.question is None else case.question
            return replace(_rooted(case), unsettled=(*case.unsettled, Unsettled(position)), question=question)
        case Settled():
            return replace(case, unsettled=tuple(u for u in case.unsettled if u.position != event.position))
        case Joined():
            return replace(_spoken(case, at), joined_into=event.into)
        case Listed():
            return replace(_spoken(case, at), listed_in=event.incident, listed_for=case.question)
        case Absorbed() if case.first_reply_at:
            return replace(case, unanswered_since=case.unanswered_since or at)
        case Absorbed() | MemberWrote() | IncidentOver():
            return case
        case IncidentBegun():
            return incident_begun(case, event)
        case MemberJoined():
            return replace(case, incident=joined_by(case.incident or Incident(), event.member, event.about))
        case StatusSaid():
            return replace(case, incident=replace(case.incident or Incident(), status=position))
        case AskedIfItWorked():
            reminder = None if event.paused else Reminder(position, event.closes_at)
            return replace(_inquired(case), reminder=reminder)
        case CloseWarned():
            return replace(case, reminder=Reminder(position, event.closes_at))
        case ReminderGiven():
            given = case.reminder is not None and case.reminder.position == event.position
            return replace(case, reminder=replace(case.reminder, given_at=at)) if given and case.reminder else case
        case RungReached():
            return replace(case, stepped=(*case.stepped, event.rung))
        case Raised():
            before = (*case.raised_from, case.priority or "")
            return replace(case, priority=event.priority, due_first_at=event.due_first_at, raised_from=before)
        case Rescheduled():
            told = event.told_due_at or case.told_due_at
            return replace(case, due_first_at=event.due_first_at, told_due_at=told)
    assert_never(event)


def _rooted(case: Case) -> Case:
    """A case whose thread is not there yet hangs under the message that quotes its first words."""
    if case.root or not case.place.thread_ts.startswith(PENDING):
        return case
    return replace(case, root=outbox_id(case.id, case.version))


def _uprooted(case: Case) -> Case:
    """A case whose thread is gone: it goes on in the DM, where its question is linked to as well."""
    pending = replace(case.place, channel=f"@{case.place.requester}", thread_ts=PENDING + case.id)
    return replace(case, place=pending, root=outbox_id(case.id, case.version), question_ts="")


def _is_of_people(case: Case, position: int) -> bool:
    """Whether specialists sent the answer that is there."""
    return any(shown.position == position and shown.by for shown in case.shown)


def _with_the_bot(case: Case, at: datetime) -> Case:
    back = replace(_spoken(case, at), state="open", owner=None, called=False, reminder=None)
    return replace(back, failed=0, misses=0, else_asked=False)


def _inquired(case: Case) -> Case:
    """We have asked what came of the last answer, and will not ask that again."""
    awaited = case.awaited
    return replace(case, inquired=awaited.position) if awaited and not awaited.is_offer else case


def _failed(case: Case) -> Case:
    return replace(case, failed=case.failed + 1, last_miss=None, awaited=None)


def _together(asked: tuple[int, ...], position: int) -> tuple[int, ...]:
    """The question stays the first; of what was added to it only the newest is still read with it."""
    return (*asked[:1], *asked[1:][1 - _READ_TOGETHER :], position)


def _pressed(case: Case, position: int, what: str) -> Case:
    return case if (position, what) in case.pressed else replace(case, pressed=(*case.pressed, (position, what)))


def _spoken(case: Case, at: datetime) -> Case:
    return replace(case, last_at=at, last_miss=None, turns_in_a_row=case.turns_in_a_row + 1)


def _after_reply(case: Case, at: datetime, instead_of: int | None) -> Case:
    """A reply that takes a miss's place takes back its failed attempt as well."""
    if instead_of is None:
        return _spoken(case, at)
    return replace(_spoken(case, at), failed=max(0, case.failed - 1), misses=max(0, case.misses - 1))


def _marked(case: Case, entry: str, how: str) -> tuple[Shown, ...]:
    return tuple(replace(shown, how=how) if shown.entry == entry else shown for shown in case.shown)
