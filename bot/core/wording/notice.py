"""What the customer reads about a handoff: who has the case, and what they can do meanwhile. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.knowledge import Knowledge
from bot.core.saying import Button, Line, Post, Saying, Update
from bot.core.wording.card import role_of
from bot.core.wording.places import where


def notice(case: Case, knowledge: Knowledge) -> Line:
    """The notice as the case stands now. What a rule says there in its editor's words is meant for queues only."""
    if case.state == "open":
        return Line(filled(sentences.NOBODY_REACHED, case, knowledge), (Button(sentences.HUMAN_LABEL, "human"),))
    usual = sentences.HANDED_OFF_PAUSED if case.paused else sentences.HANDED_OFF
    text = sentences.HANDED_OFF_ERROR if case.reason == "error" else usual
    if case.operators:
        text = sentences.WITH_OPERATORS
    elif case.rules_text:
        text = f"{case.rules_text}\n{text}"
    return Line(filled(text, case, knowledge), (Button(sentences.ASK_ELSE_LABEL, "ask_else"),))


def corrected(case: Case, knowledge: Knowledge, *, claimed: bool) -> Saying:
    """The notice set right where it stands. Who was told a name since then, reads of the change beneath."""
    line = notice(case, knowledge)
    if claimed and case.with_people and not case.operators:
        line = Line(filled(sentences.MOVED, case, knowledge), line.buttons)
    if claimed or not case.notice:
        return Post(where=where(case), content=line)
    return Update(outbox=case.notice, content=line, channel=case.place.channel, or_else=where(case), as_bot=False)


def filled(text: str, case: Case, knowledge: Knowledge) -> str:
    """The sentence with the case's number and who has it in it, written as people or rules files write them."""
    role = role_of(case, knowledge)
    text = text.replace("{{queue.role}}", role).replace("{{case.id}}", case.id)
    return text.replace("{case}", case.id).replace("{role}", role)
