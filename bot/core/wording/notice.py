"""What the customer reads about a handoff: who has the case, by when they hear, what they can do meanwhile. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core import sentences
from bot.core.case import Case
from bot.core.knowledge import Knowledge
from bot.core.rulebook.expectation import DUE, NEXT_OPEN, can_be_filled, text_for
from bot.core.rulebook.promises import calendar_of, clock
from bot.core.saying import Button, Line, Post, Saying, Update
from bot.core.wording.card import role_of
from bot.core.wording.places import where


def notice(case: Case, knowledge: Knowledge, due: datetime | None) -> Line:
    """The notice as the case stands now, `due` being the time that it may tell.

    What a rule says there in its editor's words is meant for queues only, and so is every promise.
    """
    if case.state == "open":
        return Line(filled(sentences.NOBODY_REACHED, case, knowledge), (Button(sentences.HUMAN_LABEL, "human"),))
    if case.operators:
        text = sentences.WITH_OPERATORS
    else:
        usual = sentences.HANDED_OFF_PAUSED if case.paused else sentences.HANDED_OFF
        text = sentences.HANDED_OFF_ERROR if case.reason == "error" else usual
        text = f"{text}\n{expectation(case, knowledge, due)}"
        if case.goes_on_in_dm:
            text = f"{text}\n{sentences.GOES_ON_IN_DM}"
        if case.rules_text and can_be_filled(case.rules_text, due=due, opens=case.told_opens_at):
            text = f"{case.rules_text}\n{text}"
    ask_else = Button(sentences.ASK_ELSE_LABEL, "ask_else")
    return replace(timed(text, case, knowledge, due), buttons=(ask_else,))


def corrected(case: Case, knowledge: Knowledge, due: datetime | None, *, claimed: bool) -> Saying:
    """The notice set right where it stands. Who was told a name since then, reads of the change beneath."""
    line = notice(case, knowledge, due)
    if claimed and case.with_people and not case.operators:
        text = sentences.MOVED
        if due is not None or case.out_of_hours:
            text = f"{text}\n{expectation(case, knowledge, due)}"
        line = replace(timed(text, case, knowledge, due), buttons=line.buttons)
    if claimed or not case.notice:
        return Post(where=where(case), content=line)
    return Update(outbox=case.notice, content=line, channel=case.place.channel, or_else=where(case), as_bot=False)


def expectation(case: Case, knowledge: Knowledge, due: datetime | None) -> str:
    """What its queue says of the time, in its hours or out of them, with the variables of the times still in it."""
    rules = knowledge.rules
    queue = rules.queues[case.queue or rules.default_queue]
    return text_for(queue, out_of_hours=case.out_of_hours, due=due, opens=case.told_opens_at)


def timed(text: str, case: Case, knowledge: Knowledge, due: datetime | None, *, opens: datetime | None = None) -> Line:
    """The sentence filled, with its times as the clock of the queue's calendar shows them, and as moments.

    `opens` is what the customer was told, if it is not given.
    """
    rules = knowledge.rules
    _, calendar = calendar_of(rules, rules.queues[case.queue or rules.default_queue])
    times = []
    for variable, at in ((DUE, due), (NEXT_OPEN, opens or case.told_opens_at)):
        if at is not None and variable in text:
            told = clock(at, calendar.timezone)
            text = text.replace(variable, told)
            times.append((at.timestamp(), told))
    return Line(filled(text, case, knowledge), times=tuple(times))


def filled(text: str, case: Case, knowledge: Knowledge) -> str:
    """The sentence with the case's number and who has it in it, written as people or rules files write them."""
    role = role_of(case, knowledge)
    text = text.replace("{{queue.role}}", role).replace("{{case.id}}", case.id)
    return text.replace("{case}", case.id).replace("{role}", role)
