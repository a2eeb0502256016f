"""What is asked before people take over: the questions, what became of each, and how the asking ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.entries import CollectField
from bot.core.events.fact import Fact
from bot.core.events.people import HandedOff

CollectEnd = Literal["complete", "wish", "silence", "solved", "error", "paused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectBegun(Fact):
    """People will take over, by `handoff`, once these `fields` are asked, as the editor wrote them at that time."""

    handoff: HandedOff
    fields: tuple[CollectField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAsked(Fact):
    """`ask` is the question. `again`: what they wrote to it was none of the choices."""

    field: str
    ask: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGiven(Fact):
    """`words` is the value, typed or chosen. `slack_ts` is "" for a press, and for what stood in a form."""

    field: str
    words: str
    slack_ts: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldUnclear(Fact):
    """They wrote something that is none of the choices."""

    field: str
    words: str
    slack_ts: str
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSkipped(Fact):
    """`words` is empty when it was a press."""

    field: str
    words: str = ""
    slack_ts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectEnded(Fact):
    """No more is asked. A handoff follows, unless the customer said that their problem is `solved`.

    `unanswered`: the question that is left open, said at `asked_at`; "" if there is none.
    """

    how: CollectEnd
    unanswered: str = ""
    asked_at: int = 0
