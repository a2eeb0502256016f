"""What `/tier1 …` asks for: a command of its own, or a question like any other. Pure.

A command is only what can hardly be meant otherwise: its first word, with what belongs to it and nothing else behind.
"Status of my order", "pause my subscription" and "queue is stuck" are questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.core.case import CASE_LETTERS
from bot.core.rulebook.rules import Rules
from bot.core.stimuli import Command

EVERYWHERE: Literal["everywhere"] = "everywhere"

_CASE = re.compile(rf"T[{CASE_LETTERS}]{{7}}")
_CHANNEL = re.compile(r"#\S+")


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, whatever its words."""


@dataclass(frozen=True, slots=True)
class Help:
    """Nothing at all, or `help`."""


@dataclass(frozen=True, slots=True)
class Status:
    """My own requests."""


@dataclass(frozen=True, slots=True)
class ShowQueue:
    """The cases of `queue`; "" where none is named: that of the channel, or all of mine."""

    queue: str = ""


@dataclass(frozen=True, slots=True)
class FindReplies:
    """Entries that fit `words`, to be sent to the customer of `case`; "" where none is named."""

    words: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """`where`: a channel's id, `EVERYWHERE`, or "" for the channel it is said in."""

    where: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """`where` as for `Pause`."""

    where: str = ""


@dataclass(frozen=True, slots=True)
class StartIncident:
    """Something that many people will ask about, for the team of `queue`; in its channel only."""

    queue: str
    words: str = ""


Order = Ask | Help | Status | ShowQueue | FindReplies | StartIncident | Pause | Resume


def ordered(command: Command, rules: Rules) -> Order:
    """Read a command. Case, white space around it, and a full stop behind a single word do not matter."""
    text = command.text.strip()
    first, _, rest = text.partition(" ")
    rest = rest.strip()
    if not text:
        return Help()
    match first.casefold() if rest else text.rstrip(".!?").casefold():
        case "help" if not rest:
            return Help()
        case "status" if not rest:
            return Status()
        case "queue":
            queue = _queue(rest, rules)
            return ShowQueue(queue) if queue or not rest else Ask()
        case "kb":
            return _replies(rest)
        case "incident" if team := _team_of(command.channel, rules):
            return StartIncident(team, rest)
        case "pause":
            placed = _placed(rest, command)
            return Pause(*placed) if placed else Ask()
        case "resume":
            placed = _placed(rest, command)
            return Resume(placed[0]) if placed and not placed[1] else Ask()
    return Ask()


def _team_of(channel: str, rules: Rules) -> str:
    """The queue whose channel it is; "" if it is none's."""
    return next((id_ for id_, queue in rules.queues.items() if queue.channel == channel), "")


def _queue(named: str, rules: Rules) -> str:
    """The id of the queue that goes by this name, or by this role; "" for none."""
    wanted = " ".join(named.split()).casefold()
    return next((id_ for id_, queue in rules.queues.items() if wanted in (id_.casefold(), queue.role.casefold())), "")


def _replies(rest: str) -> FindReplies:
    first, _, words = rest.partition(" ")
    if _CASE.fullmatch(first.upper()):
        return FindReplies(words.strip(), first.upper())
    return FindReplies(rest)


def _placed(rest: str, command: Command) -> tuple[str, str] | None:
    """Where, and what stands behind that; None if it begins with no place."""
    first, _, behind = rest.partition(" ")
    if not first:
        return "", ""
    if first.casefold() == EVERYWHERE:
        return EVERYWHERE, behind.strip()
    if _CHANNEL.fullmatch(first) and command.channels:
        return command.channels[0], behind.strip()
    return None
