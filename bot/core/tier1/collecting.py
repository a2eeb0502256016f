"""What is asked before people take over: the fields of an entry, one at a time, in the customer's place. Pure.

Asking has the floor: whatever the customer writes is the answer, unless it is a wish for a person. A wish ends it, and
so does silence; the handoff is the one that was decided before the first question, with what there is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core import sentences
from bot.core.case import Case
from bot.core.details import Collecting
from bot.core.entries import CollectField, Entry
from bot.core.events import (
    BOT,
    CollectBegun,
    CollectEnd,
    CollectEnded,
    Event,
    FieldAsked,
    FieldGiven,
    FieldSkipped,
    FieldUnclear,
    FormOpened,
    Forwarded,
    HandedOff,
)
from bot.core.folding import evolve
from bot.core.forms import Ask, Form
from bot.core.knowledge import Knowledge
from bot.core.permissions import refused
from bot.core.rulebook.handoff import priority_in
from bot.core.rulebook.rules import PRIORITIES
from bot.core.rulebook.triggers import Verdict
from bot.core.saying import Line
from bot.core.scene import Scene
from bot.core.stimuli import Press, Silence, Submission
from bot.core.tier1.promising import promised
from bot.core.tier2.at_desk import not_done, opened, written_in

ASKED_AT_MOST = 2  # times, for a choice; then what they wrote counts as it is

# What a press under an earlier message would have to be about; kept in `Case.pressed` once it was.
_ELSEWHERE = {
    "stuck": "stuck",
    "did_not_work": "label",
    "not_meant": "label",
    "pick": "choice",
    "none_of_these": "choice",
    "second": "second",
}


def before_people(scene: Scene, handoff: HandedOff, verdict: Verdict, entry: Entry | None) -> tuple[Event, ...]:
    """The handoff; or, if the rule that leads to it wants so, the first question of its entry.

    What is most urgent is never held up.
    """
    thens = [t.then for t in (verdict.trigger, *verdict.also) if t is not None]
    if entry is None or handoff.priority == PRIORITIES[0] or not any(then.collect for then in thens):
        return (handoff,)
    known = {(detail.field, detail.ask) for detail in scene.case.details}
    fields = tuple(field for field in entry.collect if (field.field, field.ask) not in known)
    if not fields:
        return (handoff,)
    return (CollectBegun(at=scene.now, actor=BOT, handoff=handoff, fields=fields), _question(fields[0], scene.now))


def answered(scene: Scene, words: str, slack_ts: str, files: int) -> tuple[Event, ...]:
    """They wrote, and it is no wish for a person."""
    case, now, user = scene.case, scene.now, scene.person.id
    collecting = case.collecting
    field = collecting.present if collecting else None
    if collecting is None or field is None:
        return ()
    if not field.required and _same(words, sentences.SKIP_LABEL):
        return _and_on(scene, FieldSkipped(at=now, actor=user, field=field.field, words=words, slack_ts=slack_ts))
    chosen = next((choice for choice in field.choices if _same(words, choice)), None)
    if field.kind == "choice" and chosen is None and len(collecting.asked) < ASKED_AT_MOST:
        unclear = FieldUnclear(at=now, actor=user, field=field.field, words=words, slack_ts=slack_ts, files=files)
        return (unclear, replace(_question(field, now), again=True))
    given = FieldGiven(at=now, actor=user, field=field.field, words=words, slack_ts=slack_ts, files=files)
    return _and_on(scene, given)


def press(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """A button under one of these questions. One that has its answer already takes no other."""
    case, now = scene.case, scene.now
    if case.with_people:
        return (refused(pressed, now, sentences.ALREADY_WITH_PEOPLE),)
    collecting = case.collecting
    if pressed.kind == "fill_in" and case.version:
        return (opened(scene, pressed) if collecting else refused(pressed, now, sentences.NOT_ANY_MORE),)
    field = collecting.present if collecting else None
    if collecting is None or field is None or pressed.position not in collecting.asked:
        return ()
    if pressed.kind == "choose" and pressed.choice in field.choices:
        return _and_on(scene, FieldGiven(at=now, actor=pressed.user, field=field.field, words=pressed.choice))
    if pressed.kind == "skip" and not field.required:
        return _and_on(scene, FieldSkipped(at=now, actor=pressed.user, field=field.field))
    return ()


def details_form(case: Case, opened: FormOpened) -> Form | Line:
    """All that is left to ask, at once."""
    if case.collecting is None:
        return Line(sentences.NOT_ANY_MORE)
    return Form(
        kind="details",
        title=sentences.DETAILS_TITLE,
        send=sentences.DETAILS_SEND,
        asks=tuple(_ask(field) for field in case.collecting.fields),
        lead=sentences.DETAILS_LEAD,
        choice=opened.choice,
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def filled_in(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    """What stands in the form: given, or skipped. Where people have the case by then, it goes to them."""
    case, now, collecting = scene.case, scene.now, scene.case.collecting
    if sent.user != case.place.requester:
        return not_done(scene, sent, sentences.NOT_ANY_MORE)
    if case.with_people:
        words = "\n".join(f"{name.replace('_', ' ')}: {written_in(scene, sent, name)}" for name, _ in sent.values)
        passed_on = Forwarded(at=now, actor=sent.user, words=words, channel=case.place.channel, slack_ts="")
        return (passed_on,) if words else ()
    if collecting is None:
        return not_done(scene, sent, sentences.NOT_ANY_MORE)
    events: list[FieldGiven | FieldSkipped] = []
    for field in collecting.fields:
        value = written_in(scene, sent, field.field)
        if value and (field.kind == "text" or value in field.choices):
            events.append(FieldGiven(at=now, actor=sent.user, field=field.field, words=value))
        elif not field.required:
            events.append(FieldSkipped(at=now, actor=sent.user, field=field.field))
    return _and_on(scene, *events)


def holds_up(case: Case, pressed: Press) -> bool:
    """Whether a press under an earlier message has to wait. What was pressed there before is only kept once more."""
    what = _ELSEWHERE.get(pressed.kind)
    return case.collecting is not None and what is not None and (pressed.position, what) not in case.pressed


def silent(scene: Scene, silence: Silence) -> tuple[Event, ...]:
    """Nobody answered in time. Nothing, if that was not our last question."""
    collecting = scene.case.collecting
    if collecting is None or collecting.asked[-1:] != (silence.position,):
        return ()
    return handed_over(scene.case, collecting, scene.knowledge, scene.now, "silence")


def ended(case: Case, now: datetime, how: CollectEnd) -> tuple[CollectEnded, ...]:
    """Nothing more is asked; () if nothing was."""
    collecting = case.collecting
    if collecting is None:
        return ()
    left = collecting.present
    if left is None or not collecting.asked:
        return (CollectEnded(at=now, actor=BOT, how=how),)
    return (CollectEnded(at=now, actor=BOT, how=how, unanswered=left.ask, asked_at=collecting.asked[-1]),)


def handed_over(
    case: Case, collecting: Collecting, knowledge: Knowledge, now: datetime, how: CollectEnd
) -> tuple[Event, ...]:
    """The end of the questions, and the handoff as it was decided; to the default queue if its own is gone since."""
    rules, handoff = knowledge.rules, collecting.handoff
    queue = rules.queues.get(handoff.queue) or rules.queues[rules.default_queue]
    priority = priority_in(queue, handoff.priority, handoff.urgency, rules)
    return (*ended(case, now, how), promised(replace(handoff, at=now, queue=queue.id, priority=priority), rules))


def _and_on(scene: Scene, *events: FieldGiven | FieldSkipped) -> tuple[Event, ...]:
    """What became of some fields, and what comes next: nothing, while the present question waits for its answer."""
    after = scene.case
    for event in events:
        after = evolve(after, event)
    if after.collecting is None or after.collecting.asked:
        return events
    if after.collecting.present is not None:
        return (*events, _question(after.collecting.present, scene.now))
    return (*events, *handed_over(after, after.collecting, scene.knowledge, scene.now, "complete"))


def _ask(field: CollectField) -> Ask:
    if field.kind == "choice":
        choices = tuple((choice, choice) for choice in field.choices)
        return Ask(field.field, field.ask, "choice", choices, required=field.required)
    return Ask(field.field, field.ask, "text", required=field.required)


def _question(field: CollectField, now: datetime) -> FieldAsked:
    return FieldAsked(at=now, actor=BOT, field=field.field, ask=field.ask)


def _same(said: str, choice: str) -> bool:
    return "".join(said.split()).casefold() == "".join(choice.split()).casefold()
