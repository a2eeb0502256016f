"""An entry as an answer that is said: its words filled in, and the buttons under it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core import sentences
from bot.core.case import Case
from bot.core.knowledge import Knowledge
from bot.core.saying import AnswerSaid, Button
from bot.core.shown import Shown

HUMAN = Button(sentences.HUMAN_LABEL, "human")


def outcomes(entry: str) -> tuple[Button, ...]:
    """The buttons for what came of an answer."""
    return (
        Button(sentences.FIXED_LABEL, "fixed", entry, "primary"),
        Button(sentences.STUCK_LABEL, "stuck", entry),
        HUMAN,
    )


def answered(case: Case, shown: Shown, knowledge: Knowledge, outcome: str = "") -> AnswerSaid:
    """The entry that was `shown` as an answer. With an `outcome` only the way to a second question is left to press."""
    entry, short = knowledge.entries[shown.entry], shown.short
    second = _second(case, shown, knowledge)
    lead = [sentences.TWO_QUESTIONS] if second and not outcome else []
    if short:
        lead.append(sentences.AGAIN)
    if shown.by:
        lead.append(sentences.SENT_BY)
    return AnswerSaid(
        title=entry.title,
        summary=_body(entry.summary, case, knowledge.site.variables),
        body=_body(entry.summary if short else entry.answer, case, knowledge.site.variables),
        customer=case.place.requester,
        lead=" ".join(lead),
        who=shown.by,
        links=tuple((link.label, link.url) for link in entry.links),
        buttons=outcomes(entry.id)[:2] if shown.by else (*outcomes(entry.id), *second),
        outcome=outcome,
    )


def _second(case: Case, shown: Shown, knowledge: Knowledge) -> tuple[Button, ...]:
    """The button for the other question of a message that had two, until it was pressed."""
    entry = knowledge.entries.get(shown.also)
    if entry is None or (shown.position, "second") in case.pressed:
        return ()
    return (Button(sentences.SECOND_LABEL.replace("{title}", entry.title), "second", entry.id),)


def _body(markdown: str, case: Case, variables: Mapping[str, str]) -> str:
    """The editor's Markdown with everything filled in but the customer's name, which is nobody's to keep here."""

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name == "case.id":
            return case.id
        return variables.get(name.removeprefix("site."), match[0]) if name.startswith("site.") else match[0]

    return re.sub(r"\{\{([^{}]*)\}\}", value, markdown)
