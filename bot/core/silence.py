"""What is said because a customer is silent: whether it worked, that a case closes by itself, and that it did. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core import sentences
from bot.core.case import Case
from bot.core.changes import card_changed
from bot.core.events import AskedIfItWorked, Closed, CloseWarned, Event
from bot.core.knowledge import Knowledge
from bot.core.rulebook.promises import clock, usual_hours
from bot.core.rulebook.rules import Rules
from bot.core.saying import Button, Line, Post, Saying
from bot.core.wording.card import thread_of
from bot.core.wording.notice import filled
from bot.core.wording.places import where
from bot.core.wording.serving import HUMAN, outcomes


def said_of_silence(case: Case, event: Event, knowledge: Knowledge) -> tuple[Saying, ...]:
    """The end of a case that the bot has is silent; that of people's case, its customer hears, and the card shows."""
    match event:
        case AskedIfItWorked(paused=False):
            return (_asked(case, event, knowledge),)
        case CloseWarned():
            return _warned(case, event, knowledge)
        case Closed(unheard=True):
            buttons = (Button(sentences.REOPEN_LABEL, "reopen"), HUMAN)
            told = Line(filled(sentences.CLOSED_UNHEARD, case, knowledge), buttons)
            card = (card_changed(case, case.owner or "", knowledge),) if _has_desk(case, knowledge.rules) else ()
            return (Post(where=where(case), content=told), *card)
        case _:
            return ()


def _asked(case: Case, event: AskedIfItWorked, knowledge: Knowledge) -> Post:
    entry = knowledge.entries.get(event.entry)
    text = sentences.DID_IT_WORK.replace("{title}", entry.title) if entry else sentences.DID_THAT_WORK
    line = Line(text, outcomes(event.entry))
    if event.closes_at is not None:
        line = _timed(replace(line, text=f"{text} {sentences.CLOSES_BY_ITSELF}"), event.closes_at, knowledge.rules)
    return Post(where=where(case), content=line, as_bot=True, report=True)


def _warned(case: Case, event: CloseWarned, knowledge: Knowledge) -> tuple[Saying, ...]:
    """While people have it, so it is not the bot's word; and what its time is counted from is when they read it."""
    warning, note = (
        _timed(Line(filled(text, case, knowledge)), event.closes_at, knowledge.rules)
        for text in (sentences.CLOSE_WARNED, sentences.THREAD_WARNED)
    )
    told = Post(where=where(case), content=warning, report=True)
    if not _has_desk(case, knowledge.rules):
        return (told,)
    return (told, Post(where=thread_of(case, knowledge), content=note, urgent=False))


def _has_desk(case: Case, rules: Rules) -> bool:
    """Whether the rules still know the queue that has it."""
    return case.queue in rules.queues


def _timed(line: Line, at: datetime, rules: Rules) -> Line:
    told = clock(at, usual_hours(rules).timezone)
    return replace(line, text=line.text.replace("{when}", told), times=((at.timestamp(), told),))
