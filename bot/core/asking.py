"""What would happen with one first message, told in plain sentences. Pure; the same code decides as in Slack."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core import sentences
from bot.core.audience import Person, groups_of
from bot.core.chapters import Chapter
from bot.core.events import (
    Answered,
    AskedToClose,
    AskedToRephrase,
    Chatted,
    Event,
    HandedOff,
    HumanOffered,
    Labelled,
    Offered,
    ReopenOffered,
    Tagged,
    TurnedDown,
    WishedForHuman,
)
from bot.core.knowledge import Knowledge
from bot.core.matches import Ranking
from bot.core.promises import Promise, first_response
from bot.core.rehearsing import TEAM, rehearsal, wrote
from bot.core.rules import Rules
from bot.core.saying import AnswerSaid, Line, Post, Whisper

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


@dataclass(frozen=True, slots=True)
class Asking:
    """The ranking of the text, the decision, what would be said, and why."""

    ranking: Ranking
    decision: Decision
    text: str
    why: tuple[str, ...]


def asked(text: str, user: str, channel: str, now: datetime, knowledge: Knowledge) -> Asking:
    """Decide `text` as a first message of `user`, in the direct message if `channel` is ""; else with a mention."""
    person = Person(user, TEAM, groups=groups_of(user, "", {}, knowledge.rules))
    begun = rehearsal(person, channel, knowledge)
    seen = knowledge.seen_by(person, begun.case.place.channel)
    _, turn = wrote(begun, text, now)
    decision = decided(turn.events, knowledge.rules)
    why = (*read(text, turn.events, seen, knowledge), *reasons(turn.events, decision))
    return Asking(knowledge.matcher.rank(text, seen), decision, _said(turn.chapters), why)


def decided(events: tuple[Event, ...], rules: Rules) -> Decision:
    """What the events of one turn come to."""
    action = _action(events)
    rule = next((e.rule for e in events if isinstance(e, HandedOff | HumanOffered | TurnedDown) and e.rule), "")
    handed = next((event for event in events if isinstance(event, HandedOff)), None)
    if handed is None:
        return Decision(action, rule)
    promise = first_response(rules, handed.queue, handed.priority, handed.at)
    return Decision(action, rule, handed.reason, handed.queue, handed.priority, promise)


def read(text: str, events: tuple[Event, ...], seen: AbstractSet[str], knowledge: Knowledge) -> tuple[str, ...]:
    """How a message was understood, in sentences; `seen` are the entries that may be shown to its writer there."""
    why = []
    if not any(isinstance(event, Answered | Offered | AskedToRephrase | HandedOff) for event in events):
        why.append(f"the message reads as {knowledge.listener.hear(text).value}")
    if any(isinstance(event, WishedForHuman) for event in events):
        why.append("it asks for a person, which always comes first")
    return (*why, *knowledge.matcher.explain(text, seen))


def reasons(events: tuple[Event, ...], decision: Decision) -> tuple[str, ...]:
    """Which rules added what, where it is handed, why, and until when, in sentences."""
    why = [f"rule `{event.rule}` adds tags: {', '.join(event.tags)}" for event in events if isinstance(event, Tagged)]
    for event in events:
        if isinstance(event, HandedOff):
            because = f" because of “{event.because}”" if event.because else ""
            why.append(f"rule `{event.rule}` hands it to `{event.queue}` as {event.priority}{because}")
            why.append(f"reason `{event.reason}`: {sentences.REASONS.get(event.reason, event.reason)}")
    return (*why, str(decision.promise)) if decision.promise else tuple(why)


def _action(events: tuple[Event, ...]) -> Action:
    for event in reversed(events):
        match event:
            case HandedOff():
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
                    spoken.append(f"{answer.title}\n{_NAME.sub('', answer.body)}")
                case Whisper() as whisper:
                    spoken.append(whisper.text)
                case _:
                    continue
    return "\n\n".join(spoken)
