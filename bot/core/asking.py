"""What would happen with one message, told in plain sentences. Pure; the same code decides as in Slack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.core import sentences
from bot.core.audience import Person, groups_of, not_known_here
from bot.core.chapters import Chapter
from bot.core.clocks.foretelling import Foretold, foretold
from bot.core.events import (
    Answered,
    Asked,
    AskedToClose,
    AskedToRephrase,
    Chatted,
    CollectBegun,
    Event,
    FieldAsked,
    HandedOff,
    HumanOffered,
    Labelled,
    NoneOfThese,
    Offered,
    Picked,
    ReopenOffered,
    StillStuck,
    Tagged,
    TurnedDown,
    WishedForHuman,
)
from bot.core.knowledge import Knowledge
from bot.core.matches import Ranking
from bot.core.matching.explaining import Why, told, why
from bot.core.rehearsing import TEAM, Turn, rehearsal, wrote
from bot.core.rulebook.promises import Promise, first_response
from bot.core.rulebook.rules import Rules
from bot.core.saying import AnswerSaid, Line, Post, Whisper
from bot.core.tier1.remarks import remark_in
from bot.core.tier1.understanding import together

SOMEBODY = "U0SOMEBODY"
Action = Literal["answer", "ask", "rephrase", "handoff", "offer", "refuse", "chat", "ignore"]
_NAME = re.compile(r"\s*\{\{\s*customer\.first_name\s*\}\}")  # nobody is asking by name


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: by which rule, and where it goes if people take over. `rule`, `queue`… are "" without one."""

    action: Action
    rule: str = ""
    reason: str = ""
    queue: str = ""
    priority: str = ""
    promise: Promise | None = None
    urgency: str = ""  # the priority without the queue's cap


@dataclass(frozen=True, slots=True)
class Asking:
    """The ranking of the text, the decision, what would be said, and why."""

    ranking: Ranking
    decision: Decision
    text: str
    why: tuple[str, ...]
    matching: Why | None = None  # more of it, if that was wanted
    foretold: Foretold | None = None  # what happens to the handoff, if it is one


def asked(
    text: str,
    user: str,
    channel: str,
    now: datetime,
    knowledge: Knowledge,
    *,
    after: Sequence[str] = (),
    in_full: bool = False,
) -> Asking:
    """Decide `text` as a message of `user`, in the direct message if `channel` is ""; else with a mention.

    `user` "" is somebody of whom nothing is known. `after`: what they wrote there before, a minute apart. `in_full`:
    with what it costs more to find out.
    """
    rules = knowledge.rules
    person = Person(user or SOMEBODY, TEAM, groups=groups_of(user, "", {}, rules))
    begun = rehearsal(person, channel, knowledge)
    seen = knowledge.seen_by(person, begun.case.place.channel)
    for minutes, earlier in zip(range(len(after), 0, -1), after, strict=True):
        begun, _ = wrote(begun, earlier, now - timedelta(minutes=minutes))
    _, turn = wrote(begun, text, now)
    decision = decided(turn, rules)
    foreseen = None
    if decision.queue:
        foreseen = foretold(rules, decision.queue, decision.priority, now, urgency=decision.urgency)
    ranked = _together(text, begun.asked, turn.events)
    sentences = read(text, turn.events, seen, knowledge, ranked=ranked)
    full = why(knowledge.matcher, ranked, seen) if in_full else None
    return Asking(
        knowledge.matcher.rank(ranked, seen),
        decision,
        _said(turn.chapters),
        (*sentences, *(told(full) if full else ()), *reasons(turn.events, decision), *not_known_here(user, rules)),
        full,
        foreseen,
    )


def decided(turn: Turn, rules: Rules) -> Decision:
    """What one turn comes to."""
    action = action_of(turn.events)
    waiting = (chapter.after.collecting for chapter in turn.chapters)
    handed = _handoff_in(turn.events) or next((one.handoff for one in waiting if one is not None), None)
    if handed is None:
        rule = next((e.rule for e in turn.events if isinstance(e, HumanOffered | TurnedDown) and e.rule), "")
        return Decision(action, rule)
    promise = first_response(rules, handed.queue, handed.priority, handed.at)
    return Decision(action, handed.rule, handed.reason, handed.queue, handed.priority, promise, handed.urgency)


def _handoff_in(events: tuple[Event, ...]) -> HandedOff | None:
    """The handoff that they come to, be it after some questions."""
    for event in events:
        if isinstance(event, HandedOff):
            return event
        if isinstance(event, CollectBegun):
            return event.handoff
    return None


def read(
    text: str, events: tuple[Event, ...], seen: AbstractSet[str], knowledge: Knowledge, *, ranked: str = ""
) -> tuple[str, ...]:
    """How a message was understood, in sentences; `seen` are the entries that may be shown to its writer there.

    `ranked`: the text as it was ranked, if that is with what was asked before.
    """
    for event in events:
        if isinstance(event, Picked):
            return (f"it names {event.entry} of those on offer",)
        if isinstance(event, NoneOfThese):
            return ("it says that it is none of those on offer",)
        if isinstance(event, StillStuck):
            return (*_as_remark(text), f"it says that {event.entry} did not help")
    why = []
    if ranked not in ("", text):
        why += [*_as_remark(text), f"so it is read together with that: “{ranked}”"]
    if not any(isinstance(event, Answered | Offered | AskedToRephrase | CollectBegun | HandedOff) for event in events):
        why.append(f"the message reads as {knowledge.listener.hear(text).value}")
    if any(isinstance(event, WishedForHuman) for event in events):
        why.append("it asks for a person, which always comes first")
    return (*why, *knowledge.matcher.explain(ranked or text, seen))


def _together(text: str, earlier: Sequence[str], events: tuple[Event, ...]) -> str:
    """The text as it was ranked: with what was asked before, if it was taken for a detail of that."""
    is_detail = any(isinstance(event, Asked) and event.detail for event in events)
    return together((*earlier, text)) if is_detail else text


def _as_remark(text: str) -> tuple[str, ...]:
    remark = remark_in(text)
    return (f"“{remark.cue}” speaks of what was asked before",) if remark else ()


def reasons(events: tuple[Event, ...], decision: Decision) -> tuple[str, ...]:
    """Which rules added what, where it is handed, why, and until when, in sentences."""
    why = [
        f"rule `{event.rule}` adds tags: {', '.join(event.tags)}" if event.tags else f"rule `{event.rule}` adds to it"
        for event in events
        if isinstance(event, Tagged)
    ]
    handed = _handoff_in(events)
    if handed is not None:
        because = f" because of “{handed.because}”" if handed.because else ""
        why.append(f"rule `{handed.rule}` hands it to `{handed.queue}` as {handed.priority}{because}")
        why.append(f"reason `{handed.reason}`: {sentences.REASONS.get(handed.reason, handed.reason)}")
    for event in events:
        if isinstance(event, CollectBegun):
            fields = ", ".join(f"`{field.field}`" for field in event.fields)
            why.append(f"before that it asks for {fields}, at most ten minutes for each")
    return (*why, str(decision.promise)) if decision.promise else tuple(why)


def action_of(events: tuple[Event, ...]) -> Action:
    """What one turn comes to, in a word."""
    for event in reversed(events):
        match event:
            case HandedOff() | FieldAsked():
                return "handoff"
            case TurnedDown():
                return "refuse"
            case HumanOffered():
                return "offer"
            case Answered():
                return "answer"
            case Offered():
                return "ask"
            case AskedToRephrase() | Labelled():
                return "rephrase"
            case AskedToClose() | ReopenOffered():
                return "chat"
            case Chatted():
                return "chat" if event.reply else "ignore"
            case _:
                continue
    return "ignore"


def _said(written: tuple[Chapter, ...]) -> str:
    """What the customer would read, without buttons and quotes."""
    spoken = []
    for chapter in written:
        for said in chapter.said:
            match said.saying:
                case Post(content=Line() as line):
                    spoken.append(line.text)
                case Post(content=AnswerSaid() as answer):
                    also = [button.label for button in answer.buttons if button.kind == "second"]
                    lines = (answer.lead, answer.title, _NAME.sub("", answer.body), *also)
                    spoken.append("\n".join(filter(None, lines)))
                case Whisper(content=Line() as line):
                    spoken.append(line.text)
                case _:
                    continue
    return "\n\n".join(spoken)
