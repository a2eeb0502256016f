"""What is said in a case that is joined to another, or to an incident. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import BOT, Absorbed, Closed, Event, Joined, Listed
from bot.core.joining.cards import card
from bot.core.knowledge import Knowledge
from bot.core.saying import FromCustomer, Line, Post, Saying, Update, Words
from bot.core.wording.card import thread_of
from bot.core.wording.places import where
from bot.core.wording.serving import HUMAN


def joining_speech(case: Case, event: Event, knowledge: Knowledge) -> tuple[Saying, ...]:
    at_desk = case.card is not None and case.queue in knowledge.rules.queues
    match event:
        case Joined():
            text = sentences.JOINED if event.actor == BOT else sentences.JOINED_BY
            told = Line(_filled(text, case=event.into, role=event.role), who="" if event.actor == BOT else event.actor)
            return (Post(where=where(case), content=told), *(_noted_joined(case, event, knowledge) if at_desk else ()))
        case Closed(outcome="duplicate") if at_desk:
            return (_card_update(case, event.actor, knowledge),)
        case Absorbed() if at_desk:
            return _absorbed(case, event, knowledge)
        case Listed():
            heard = event.again and case.with_people  # of the incident, in another of their cases
            line = () if heard else (Post(where=where(case), content=_on_the_list(case, event)),)
            return (*line, *(_noted_listed(case, event, knowledge) if at_desk else ()))
        case _:
            return ()


def _on_the_list(case: Case, event: Listed) -> Line:
    """Who has a person already, or will be told by those who have the incident, may still ask for one of their own."""
    text = sentences.LISTED_AGAIN if event.again else sentences.LISTED
    if case.with_people:
        text = sentences.LISTED_WITH_PEOPLE
    latest = Words(event.incident, event.status) if event.status else None
    if latest:
        text = f"{text} {sentences.LATEST}"
    filled = _filled(text, incident=event.incident, role=event.role)
    return Line(filled, () if case.with_people else (HUMAN,), quote=latest)


def _absorbed(case: Case, event: Absorbed, knowledge: Knowledge) -> tuple[Saying, ...]:
    thread = thread_of(case, knowledge)
    by = case.place.requester
    text = sentences.ABSORBED if event.actor == BOT else sentences.ABSORBED_BY
    line = Line(_filled(text, case=event.case), who=by if event.actor == BOT else event.actor)
    return (
        Post(where=thread, content=line, urgent=False),
        *(
            Post(where=thread, content=FromCustomer(by, Words(event.case, at.position), at.start, at.end), urgent=False)
            for at in event.excerpts
        ),
    )


def _noted_joined(case: Case, event: Joined, knowledge: Knowledge) -> tuple[Saying, ...]:
    by = "" if event.actor == BOT else event.actor
    text = sentences.THREAD_JOINED_BY if by else sentences.THREAD_JOINED
    line = Line(_filled(text, case=event.into), who=by)
    return (Post(where=thread_of(case, knowledge), content=line, urgent=False),)


def _noted_listed(case: Case, event: Listed, knowledge: Knowledge) -> tuple[Saying, ...]:
    line = Line(_filled(sentences.THREAD_LISTED, incident=event.incident))
    return (
        _card_update(case, case.owner or "", knowledge),
        Post(where=thread_of(case, knowledge), content=line, urgent=False),
    )


def _card_update(case: Case, by: str, knowledge: Knowledge) -> Update:
    content = card(case, knowledge, by=by).content
    return Update(outbox=case.card_id, content=content, channel=thread_of(case, knowledge).channel)


def _filled(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
