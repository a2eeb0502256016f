"""What customers say, and the course of their case: opened, asked, closed, reopened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.events.fact import Fact

PENDING = "pending:"

Outcome = Literal["resolved_by_bot", "resolved_assumed", "resolved_by_human", "abandoned", "duplicate", "withdrawn"]
ChatKind = Literal[
    "greeting", "thanks", "confirmation", "help", "fragment", "bystander", "overheard", "too_fast", "paused"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Fact):
    """`thread_ts` is "" at a DM's root; it begins with `PENDING` until the message that opens the thread is there."""

    case: str
    team: str
    channel: str
    thread_ts: str
    requester: str
    follows: bool  # whether the requester's next messages here need no mention
    is_test: bool = False
    external: bool = False  # the requester is of another company
    quoted_from: str = ""  # the channel of a command or question that was taken to the DM


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadOpened(Fact):
    """The message that a pending case hangs under is in Slack."""

    channel: str
    thread_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Fact):
    """A question. `continues`: the position of the question that this one was read together with.

    `detail`: it says more about that question ("on my phone") and is none of its own.
    `response_url`: where the person of a command is told that the answer is in the DM.
    """

    words: str
    channel: str
    slack_ts: str
    continues: int | None = None
    detail: bool = False
    by_bot: bool = False
    response_url: str = ""
    files: int = 0  # how many are named beneath the words, here and below


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatted(Fact):
    """Small talk, a fragment, a bystander's words: kept for the transcript, answered with a line or not at all."""

    words: str
    slack_ts: str
    channel: str = ""
    kind: ChatKind
    reply: bool = False
    response_url: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedForHuman(Fact):
    """`words` is empty when the wish was a press."""

    words: str = ""
    slack_ts: str = ""
    channel: str = ""
    response_url: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ElseAsked(Fact):
    """*Ask something else*: the requester's next message here is a question of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branched(Fact):
    """That next message went to a case of its own."""

    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenOffered(Fact):
    words: str
    slack_ts: str
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Fact):
    """`channel` and `response_url`: where it was asked for, if that is in a list that only they see."""

    channel: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Fact):
    """`incident`: the one that is over, and with it this; its customers hear that from there.

    `unheard`: people had it, and nothing came from its customer any more.
    """

    outcome: Outcome
    incident: str = ""
    unheard: bool = False
