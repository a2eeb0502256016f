"""Many people with one problem: one incident, for which everybody waits who asks the like. Pure.

An incident is a case of nobody's, with a card, a thread and an owner like any other; those who wait are in its log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core import sentences
from bot.core.beside import Beside, Other
from bot.core.case import Case
from bot.core.entries import Priority
from bot.core.events import (
    BOT,
    Answered,
    AskedToRephrase,
    Closed,
    CollectBegun,
    Event,
    FieldAsked,
    FormOpened,
    HandedOff,
    HumanOffered,
    IncidentBegun,
    IncidentOver,
    Listed,
    MemberJoined,
    MemberWrote,
    Missed,
    Offered,
    Opened,
    Refused,
    StatusSaid,
    TurnedDown,
)
from bot.core.forms import Ask, Form
from bot.core.gathered import Elsewhere, Gathered
from bot.core.incident import Excerpt, Incident, Member
from bot.core.intents import Listener
from bot.core.joining.alike import alike, most_alike
from bot.core.joining.turn import Turn, topic_of
from bot.core.knowledge import Knowledge
from bot.core.permissions import may, refused
from bot.core.redaction import redact
from bot.core.rulebook.rules import PRIORITIES, Rules, Surge
from bot.core.saying import Words
from bot.core.scene import Scene
from bot.core.stimuli import Command, Place, Press, Submission
from bot.core.tier2.at_desk import RIGHTS, barred, not_done, press_card, taken, written_in
from bot.core.tier2.surveying import survey_after
from bot.core.wording.card import role_of
from bot.core.wording.places import where

NOBODY = ""  # whose case an incident is
UNLIKE_BELOW = 0.8  # where the rules say nothing of surges, and a specialist began the incident
_EXCERPT = 2_000  # characters of each question that makes an incident: their own cards have the rest
_PLACE = "incident:"  # no thread of Slack's: an incident is said in many places, and lives in none
# What a question would have led to; who is on the list is told of the incident instead.
_INSTEAD = (Answered, Offered, Missed, AskedToRephrase, HumanOffered, HandedOff, CollectBegun, FieldAsked)


# --- what customers ask -----------------------------------------------------------------------------------------------


def known(turn: Turn, beside: Beside, rules: Rules) -> Other | None:
    """The incident that the turn's question, or its handoff, is about; the likest of several."""
    if not (turn.asked or turn.handed) or not _may_be_grouped(turn):
        return None
    surge = rules.duplicates.surge
    enough = surge.similarity if surge else UNLIKE_BELOW
    found = [
        (likeness, other)
        for other in beside.incidents
        if other.case.is_test == turn.case.is_test and (likeness := _likeness(turn, other)) >= enough
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def listed(scene: Scene, turn: Turn, other: Other) -> Gathered:
    """Whoever asks next is on the list, and told so instead of an answer; who wants a person gets one all the same."""
    incident = other.case
    again = (incident.incident or Incident()).has(turn.case.place.requester)
    if turn.wished and turn.case.listed_in == incident.id:
        return Gathered((*turn.before, *turn.events))
    told = _listed(scene, incident, BOT, again=again)
    if turn.case.listed_in == incident.id:
        wrote: Event = MemberWrote(
            at=scene.now, actor=BOT, case=turn.case.id, requester=turn.case.place.requester, excerpts=turn.news
        )
    else:
        wrote = _member(scene, turn.case, turn.topic, turn.excerpts)
    events = (*turn.before, *_without_reply(turn), told)
    return Gathered(events, (Elsewhere(incident, (wrote,)),))


def surge_of(turn: Turn, beside: Beside, rule: Surge, listener: Listener, now: datetime) -> tuple[Case, ...]:
    """The cases that this handoff makes a surge, newest first; none if it does not."""
    handed = turn.handed
    if handed is None or not _may_be_grouped(turn):
        return ()
    open_incidents = {other.case.id for other in beside.incidents}
    alike_ones = tuple(
        other.case
        for other in beside.others
        if other.case.id != turn.case.id
        and other.case.with_people
        and other.case.is_test == turn.case.is_test
        and not other.case.private
        and other.case.listed_in not in open_incidents
        and other.case.handed_off_at is not None
        and now - other.case.handed_off_at <= rule.window
        and (
            (handed.entry and handed.entry == other.case.entry)
            or alike(turn.topic, topic_of(other, listener)) >= rule.similarity
        )
    )
    people = {case.place.requester for case in alike_ones} | {turn.case.place.requester}
    return alike_ones if len(people) >= rule.users else ()


def surged(scene: Scene, turn: Turn, founders: Sequence[Case], beside: Beside, rule: Surge) -> Gathered:
    """One incident for all of them. The last handoff has no card of its own, unless a person was asked for."""
    handed = turn.handed
    assert handed is not None  # noqa: S101  without a handoff there is no surge
    oldest = tuple(reversed(founders))
    queue = rule.queue or handed.queue
    priorities = [handed.priority, *(case.priority or "" for case in founders)]
    begun = IncidentBegun(
        at=scene.now, actor=BOT, queue=queue, priority=_highest(priorities, queue, scene.knowledge.rules),
        entry=handed.entry, category=handed.category,
    )  # fmt: skip
    opened = _opened(scene, turn.case.place.team, beside.fresh, queue, BOT, is_test=turn.case.is_test)
    members = [_member(scene, case, "about", _excerpts(case)) for case in oldest]
    members.append(_member(scene, turn.case, turn.topic, turn.excerpts))
    incident = Case(beside.fresh, _place(opened), queue=queue)
    told = _listed(scene, incident, BOT)
    newest = {case.place.requester: case.id for case in oldest} | {turn.case.place.requester: turn.case.id}
    earlier = [case for case in oldest if newest[case.place.requester] != case.id]  # who has two cases is told in one
    return Gathered(
        (*turn.before, *_without_reply(turn), told),
        (
            Elsewhere(Case(incident.id, incident.place), (opened, *members, begun)),
            *(Elsewhere(case, (_listed(scene, incident, BOT, again=case in earlier),)) for case in oldest),
        ),
        counted=True,
    )


# --- what specialists do ----------------------------------------------------------------------------------------------


def press(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """*Start an incident* on a card, and the buttons of an incident's own."""
    is_incident, kind = scene.case.incident is not None, pressed.kind
    buttons = ("claim", "status", "over") if is_incident else ("incident",)
    if not scene.case.version or kind not in buttons:
        return ()  # no card of ours has it
    if why := barred(scene, RIGHTS[kind]):
        return (refused(pressed, scene.now, why),)
    if kind == "over":
        return over(scene, pressed.user)
    if kind == "incident":
        return started_from_card(scene, pressed)
    return press_card(scene, pressed)


def started_from_card(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """*Start an incident*, with this case as the first that belongs to it."""
    case = scene.case
    if case.listed_in:
        return (refused(pressed, scene.now, sentences.IN_INCIDENT.replace("{incident}", case.listed_in)),)
    incident = Case(scene.around.fresh, case.place, queue=case.queue)
    return (_listed(scene, incident, pressed.user),)


def founded_by(scene: Scene, events: tuple[Event, ...]) -> Gathered:
    """The incident that a specialist starts from a card."""
    case, user, rules = scene.case, scene.person.id, scene.knowledge.rules
    queue = case.queue if case.queue in rules.queues else rules.default_queue
    begun = IncidentBegun(
        at=scene.now, actor=user, queue=queue, priority=case.priority or scene.knowledge.rules.default_priority,
        entry=case.entry or "", category=case.category,
    )  # fmt: skip
    opened = _opened(scene, case.place.team, scene.around.fresh, queue, user, is_test=case.is_test)
    member = _member(scene, case, "about", _excerpts(case))
    return Gathered(events, (Elsewhere(Case(opened.case, _place(opened)), (opened, member, begun)),))


def command(scene: Scene, stimulus: Command, queue: str, text: str) -> tuple[Event, ...]:
    """`/tier1 incident TEXT` in the channel of that queue: an incident that nobody waits for yet."""
    user, rules = stimulus.user, scene.knowledge.rules
    words = redact(text, also=rules.redaction).text
    allowed = may(scene.person, "claim", queue, rules)
    if not allowed or not words:
        why = sentences.INCIDENT_NEEDS_WORDS if allowed else sentences.NOT_YOUR_QUEUE
        refusal = Refused(
            at=scene.now, actor=user, action="incident", why=why, channel=stimulus.channel,
            response_url=stimulus.response_url,
        )  # fmt: skip
        return (refusal,)
    is_test = rules.channel(stimulus.channel).test
    begun = IncidentBegun(
        at=scene.now, actor=user, queue=queue, priority=rules.default_priority, words=words, described=True
    )
    return (_opened(scene, scene.case.place.team, scene.case.id, queue, user, is_test=is_test), begun)


def status_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form:
    people = len((case.incident or Incident()).told)
    lead = sentences.STATUS_LEAD_ONE if people == 1 else sentences.STATUS_LEAD.replace("{people}", str(people))
    return Form(
        kind="status",
        title=sentences.STATUS_TITLE.replace("{incident}", case.id),
        send=sentences.STATUS_SEND,
        asks=(Ask("words", sentences.STATUS_WORDS, "text", hint=sentences.STATUS_HINT),),
        lead=lead.replace("{role}", role_of(case, knowledge)),
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def status_said(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    words = written_in(scene, sent, "words")
    if scene.case.incident is None:
        return ()
    if why := barred(scene, "claim"):
        return not_done(scene, sent, why, words=words)
    if not words:
        return not_done(scene, sent, sentences.NOTHING_TO_SEND)
    return (*taken(scene, sent.user), StatusSaid(at=scene.now, actor=sent.user, words=words, channel=sent.channel))


def over(scene: Scene, user: str) -> tuple[Event, ...]:
    """*It is over*: said to everybody, once; their cases end with it."""
    closed = Closed(at=scene.now, actor=user, outcome="resolved_by_human", incident=scene.case.id)
    return (IncidentOver(at=scene.now, actor=user), closed)


def over_for(scene: Scene, events: tuple[Event, ...], cases: Iterable[Case]) -> Gathered:
    """The members' cases, closed by whoever says that it is over, unless they have gone on to something else."""
    closed = Closed(at=scene.now, actor=scene.person.id, outcome="resolved_by_human", incident=scene.case.id)
    return Gathered(
        events,
        tuple(
            Elsewhere(case, (closed, *survey_after(case, closed, scene.knowledge.rules)))
            for case in cases
            if case.is_open and case.listed_in == scene.case.id and case.question == case.listed_for
        ),
    )


# --- pieces -----------------------------------------------------------------------------------------------------------


def _may_be_grouped(turn: Turn) -> bool:
    """What is private, or turned down, stays with the one who asked; a wish for a person alone is no problem's."""
    handed = turn.handed
    if (handed and handed.private) or any(isinstance(event, TurnedDown) for event in turn.events):
        return False
    return bool(turn.topic or (handed and handed.entry))


def _likeness(turn: Turn, other: Other) -> float:
    handed, missed = turn.handed, any(isinstance(event, Missed) for event in turn.events)
    if turn.case.listed_in == other.case.id and missed:
        return 1.0  # nothing else was understood: it is about what they wait for
    if handed and handed.entry and handed.entry == other.case.entry:
        return 1.0
    return most_alike(turn.topic, other.words)


def _without_reply(turn: Turn) -> tuple[Event, ...]:
    if turn.wished:
        return turn.events
    return tuple(event for event in turn.events if not isinstance(event, _INSTEAD))


def _listed(scene: Scene, incident: Case, actor: str, *, again: bool = False) -> Listed:
    status = incident.incident.status if incident.incident else 0
    return Listed(
        at=scene.now, actor=actor, incident=incident.id, role=role_of(incident, scene.knowledge), status=status,
        again=again,
    )  # fmt: skip


def _member(scene: Scene, case: Case, topic: str, excerpts: tuple[Excerpt, ...]) -> MemberJoined:
    """`topic`: what the case's question is about; without any, it says nothing of what the incident is about."""
    about = Words(case.id, case.question) if topic and case.question is not None else None
    member = Member(case.id, case.place.requester, where(case))
    return MemberJoined(at=scene.now, actor=BOT, member=member, about=about, excerpts=excerpts)


def _excerpts(case: Case) -> tuple[Excerpt, ...]:
    positions = case.asked or ((case.question,) if case.question is not None else ())
    return tuple(Excerpt(position, 0, _EXCERPT) for position in positions)


def _opened(scene: Scene, team: str, incident: str, queue: str, actor: str, *, is_test: bool) -> Opened:
    return Opened(
        at=scene.now, actor=actor, case=incident, team=team,
        channel=scene.knowledge.rules.queues[queue].channel, thread_ts=_PLACE + incident, requester=NOBODY,
        follows=False, is_test=is_test,
    )  # fmt: skip


def _place(opened: Opened) -> Place:
    return Place(opened.team, opened.channel, opened.thread_ts, opened.requester)


def _highest(priorities: Iterable[str], queue: str, rules: Rules) -> Priority:
    """The most urgent of them, as far as the queue accepts it."""
    known = rules.queues.get(queue)
    cap = PRIORITIES.index(known.priority_cap) if known else 0
    found = [PRIORITIES.index(each) for each in PRIORITIES if each in priorities]
    return PRIORITIES[max(cap, min(found, default=PRIORITIES.index(rules.default_priority)))]
