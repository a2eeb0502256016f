"""What would happen with one first message, told in plain sentences. Pure; the same code decides as in Slack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core import sentences
from bot.core.audience import Person, groups_of, visible
from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.deciding import decide
from bot.core.events import (
    Answered,
    AskedToRephrase,
    Chatted,
    Event,
    HandedOff,
    HumanOffered,
    Offered,
    Tagged,
    TurnedDown,
    WishedForHuman,
)
from bot.core.intents import recognise
from bot.core.knowledge import Knowledge
from bot.core.matches import Ranking
from bot.core.saying import AnswerSaid, Line, Post, Whisper
from bot.core.scene import Surroundings
from bot.core.stimuli import Message, Place

Action = Literal["answer", "ask", "rephrase", "handoff", "offer", "refuse", "chat", "ignore"]
_NAME = re.compile(r"\s*\{\{\s*customer\.first_name\s*\}\}")  # nobody is asking by name
TEAM, CASE = "T0ASKING", "T0000000"


@dataclass(frozen=True, slots=True)
class Asking:
    """The ranking of the text, the decision, what would be said, and why."""

    ranking: Ranking
    action: Action
    rule: str
    reason: str
    queue: str
    priority: str
    text: str
    why: tuple[str, ...]


def asked(text: str, user: str, channel: str, now: datetime, knowledge: Knowledge) -> Asking:
    """Decide `text` as a first message of `user`, in the direct message if `channel` is ""; else with a mention."""
    rules = knowledge.rules
    direct = not channel or channel.startswith("D")
    person = Person(user, TEAM, groups=groups_of(user, "", {}, rules))
    ts = f"{now.timestamp():.6f}"
    message = Message(
        key="ask", team=TEAM, user=user, channel=channel or "D0ASKING", ts=ts, text=text, direct=direct,
        mentions_us=not direct,
    )  # fmt: skip
    case = Case(CASE, Place(TEAM, message.channel, "" if direct else ts, user))
    events = decide(case, message, Surroundings(person, CASE), knowledge, now)
    ranking = knowledge.matcher.rank(text, visible(knowledge.entries.values(), person, rules, message.channel))
    handed = next((event for event in events if isinstance(event, HandedOff)), None)
    rule = next((e.rule for e in events if isinstance(e, HandedOff | HumanOffered | TurnedDown) and e.rule), "")
    return Asking(
        ranking=ranking,
        action=_action(events),
        rule=rule,
        reason=handed.reason if handed else "",
        queue=handed.queue if handed else "",
        priority=handed.priority if handed else "",
        text=_text(case, events, knowledge),
        why=tuple(_why(text, events, ranking, knowledge)),
    )


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
            case AskedToRephrase():
                return "rephrase"
            case Chatted():
                return "chat" if event.reply else "ignore"
            case _:
                continue
    return "ignore"


def _text(case: Case, events: tuple[Event, ...], knowledge: Knowledge) -> str:
    """What the customer would read, without buttons and quotes."""
    spoken = []
    for chapter in chapters(case, events, knowledge):
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


def _why(text: str, events: tuple[Event, ...], ranking: Ranking, knowledge: Knowledge) -> list[str]:
    why = []
    if not any(isinstance(event, Answered | Offered | AskedToRephrase | HandedOff) for event in events):
        why.append(f"the message reads as {recognise(text, knowledge.words).value}")
    if any(isinstance(event, WishedForHuman) for event in events):
        why.append("it asks for a person, which always comes first")
    why += ranking.why
    why += [f"rule `{event.rule}` adds tags: {', '.join(event.tags)}" for event in events if isinstance(event, Tagged)]
    for event in events:
        if isinstance(event, HandedOff):
            because = f" because of “{event.because}”" if event.because else ""
            why.append(f"rule `{event.rule}` hands it to `{event.queue}` as {event.priority}{because}")
            why.append(f"reason `{event.reason}`: {sentences.REASONS.get(event.reason, event.reason)}")
    return why
