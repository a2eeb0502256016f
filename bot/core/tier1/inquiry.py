"""What the customer reads while we ask before people take over: a question with its choices, and what became of it."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case, outbox_id
from bot.core.details import Collecting
from bot.core.events import CollectEnded, FieldAsked, FieldGiven, FieldSkipped
from bot.core.knowledge import Knowledge
from bot.core.saying import Button, Line, Post, Saying, Update, Words
from bot.core.wording.places import where
from bot.core.wording.serving import HUMAN

MOST_CHOICES = 20  # as buttons; Slack takes 25 in a row, and some are ours. The rest can be typed


def question(case: Case, event: FieldAsked, knowledge: Knowledge) -> tuple[Saying, ...]:
    """One question. Asked again, it takes its buttons along."""
    collecting = case.collecting
    field = collecting.present if collecting else None
    if collecting is None or field is None:
        return ()
    choices = tuple(Button(choice, "choose", choice) for choice in field.choices[:MOST_CHOICES])
    skip = () if field.required else (Button(sentences.SKIP_LABEL, "skip"),)
    form = (Button(sentences.FILL_IN_LABEL, "fill_in"),) if len(collecting.fields) > 1 else ()
    lead = sentences.CHOOSE_ONE if event.again else _lead(collecting, knowledge)
    post = Post(where=where(case), content=Line(f"{lead}\n{event.ask}", (*choices, *skip, *form, HUMAN)), as_bot=True)
    before = collecting.asked[:-1] if event.again else ()
    return (post, *(_update(case, position, Line(event.ask)) for position in before))


def answer(case: Case, event: FieldGiven | FieldSkipped) -> tuple[Saying, ...]:
    """The question with its answer beneath, in place of the buttons."""
    detail = next((one for one in case.details if one.field == event.field), None)
    if detail is None or detail.asked_at is None:
        return ()
    if detail.position is None:
        return (_update(case, detail.asked_at, Line(f"{detail.ask}\n{sentences.SKIPPED}")),)
    return (_update(case, detail.asked_at, Line(detail.ask, quote=Words(case.id, detail.position))),)


def unanswered(case: Case, event: CollectEnded) -> tuple[Saying, ...]:
    """The open question without its buttons."""
    if not event.asked_at:
        return ()
    return (_update(case, event.asked_at, Line(f"{event.unanswered}\n{sentences.NOT_ANSWERED}")),)


def _lead(collecting: Collecting, knowledge: Knowledge) -> str:
    """What stands above the question: at first why we ask at all."""
    numbers = {"{number}": str(collecting.number), "{count}": str(collecting.of)}
    if collecting.number > 1:
        text = sentences.COLLECT_NEXT
    else:
        text = sentences.COLLECT_LEAD if collecting.of == 1 else sentences.COLLECT_LEAD_SEVERAL
        queue = knowledge.rules.queues.get(collecting.handoff.queue)
        numbers["{role}"] = queue.role if queue else sentences.OPERATORS
    for name, value in numbers.items():
        text = text.replace(name, value)
    return text


def _update(case: Case, position: int, content: Line) -> Update:
    return Update(outbox=outbox_id(case.id, position), content=content, channel=case.place.channel)
