"""What is said because of an incident: to everybody who waits for it, and to those who work on it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core import sentences
from bot.core.case import Case, outbox_id
from bot.core.events import (
    Event,
    IncidentBegun,
    IncidentOver,
    MemberJoined,
    MemberWrote,
    Moved,
    NobodyReached,
    StatusSaid,
)
from bot.core.incident import Excerpt, Incident
from bot.core.joining.cards import card
from bot.core.knowledge import Knowledge
from bot.core.saying import (
    Button,
    FromCustomer,
    FromSpecialist,
    Line,
    Post,
    React,
    Said,
    Saying,
    Update,
    Words,
)
from bot.core.wording.card import role_of, thread_of
from bot.core.wording.pieces import pieces
from bot.core.wording.serving import HUMAN

DELIVERED = "white_check_mark"  # on the specialist's message
_EACH_SHOWN = 10  # members whose coming changes the card; then every tenth, as a channel takes one change a second


def incident_speech(case: Case, event: Event, knowledge: Knowledge) -> tuple[Said, ...]:
    """What is said only of incidents, in order.

    What a member is told belongs to the member's own case: so its buttons do, and what becomes of it if the place is
    gone.
    """
    spoken = [*_to_members(case, event, knowledge)]
    if case.queue in knowledge.rules.queues:
        spoken += [("", saying) for saying in _to_the_desk(case, event, knowledge)]
    return tuple(
        Said(outbox_id(case.id, case.version, n), member or case.id, 0 if member else case.version, saying)
        for n, (member, saying) in enumerate(spoken)
    )


def _to_members(case: Case, event: Event, knowledge: Knowledge) -> Iterator[tuple[str, Saying]]:
    """Each saying with the member's case that it belongs to."""
    incident, role = case.incident or Incident(), role_of(case, knowledge)
    if isinstance(event, StatusSaid):
        words, lead = Words(case.id, case.version), sentences.INCIDENT_NEWS.replace("{incident}", case.id)
        for member in incident.told:
            for start, end in pieces(event.words):
                said = FromSpecialist(event.actor, role, words, (), start, end, "" if start else lead)
                yield member.case, Post(where=member.where, content=said)
    if isinstance(event, IncidentOver):
        text = sentences.INCIDENT_OVER.replace("{role}", role).replace("{incident}", case.id)
        line = Line(text, (Button(sentences.REOPEN_LABEL, "reopen"), HUMAN), who=event.actor)
        for member in incident.told:
            yield member.case, Post(where=member.where, content=line)


def _to_the_desk(case: Case, event: Event, knowledge: Knowledge) -> Iterator[Saying]:
    incident = case.incident or Incident()
    match event:
        case IncidentBegun() | Moved():
            yield card(case, knowledge)
        case NobodyReached() if event.operators:
            yield card(case, knowledge)
        case MemberJoined() if case.card is not None:
            yield from _written(case, event.member.requester, event.member.case, event.excerpts, knowledge)
            count = len(incident.told)
            if count <= _EACH_SHOWN or count % 10 == 0:
                yield _card_update(case, knowledge)
        case MemberWrote():
            yield from _written(case, event.requester, event.case, event.excerpts, knowledge)
        case StatusSaid():
            yield _card_update(case, knowledge)
            yield _noted(case, event, len(incident.told), knowledge)
        case _:
            return


def _noted(case: Case, event: StatusSaid, people: int, knowledge: Knowledge) -> Saying:
    """What shows in the thread that everybody was told: a mark on the message, or the words from the form."""
    if event.slack_ts:
        return React(channel=event.channel, ts=event.slack_ts, name=DELIVERED)
    text = sentences.TOLD_ONE if people == 1 else sentences.TOLD_ALL.replace("{people}", str(people))
    line = Line(text, who=event.actor, quote=Words(case.id, case.version))
    return Post(where=thread_of(case, knowledge), content=line, urgent=False)


def _written(case: Case, by: str, of: str, excerpts: tuple[Excerpt, ...], knowledge: Knowledge) -> Iterator[Saying]:
    """What a member wrote, for those who work on it."""
    for excerpt in excerpts:
        content = FromCustomer(by, Words(of, excerpt.position), excerpt.start, excerpt.end)
        yield Post(where=thread_of(case, knowledge), content=content, urgent=False)


def _card_update(case: Case, knowledge: Knowledge) -> Update:
    content = card(case, knowledge).content
    return Update(outbox=case.card_id, content=content, channel=thread_of(case, knowledge).channel)
