"""What happens between a handoff and its end: the queue, the specialists and their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.earlier import Earlier
from bot.core.events.fact import Fact
from bot.core.forms import FormKind
from bot.core.matches import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOff(Fact):
    """`reason` is the code, `rule` the id of what decided it, `because` the words that made it match.

    `due_first_at`: when the first response is due, as the rules promise it; None where nothing is promised.
    `told_due_at`: the same as far as the customer is told; `told_opens_at`: when, as they are told, the queue's hours
    begin. `out_of_hours`: they read what is said outside these. `urgency`: the priority without the queue's cap.
    """

    queue: str
    priority: str
    urgency: str = ""
    reason: str
    rule: str
    due_first_at: datetime | None = None
    told_due_at: datetime | None = None
    told_opens_at: datetime | None = None
    out_of_hours: bool = False
    because: str = ""
    category: str = ""
    entry: str = ""
    confidence: float = 0.0
    candidates: tuple[Match, ...] = ()
    tags: tuple[str, ...] = ()
    private: bool = False
    paused: bool = False  # the bot is, so that people have it, whatever the reason
    text: str = ""  # the editor's own words to the customer, if the rule has any
    earlier: Earlier | None = None  # the customer's cases before this one; None if they were not looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Fact):
    """The card's channel cannot be reached: the handoff goes to another queue. `why` is Slack's word.

    `claimed`: somebody there had it already. The times are as in a handoff; None for those that stay as they were.
    """

    queue: str
    why: str
    claimed: bool = False
    priority: str = ""  # as this queue accepts it; "" for the one it had
    private: bool = False
    due_first_at: datetime | None = None
    told_due_at: datetime | None = None
    told_opens_at: datetime | None = None
    out_of_hours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyReached(Fact):
    """No queue is left whose channel can be reached. `why` is Slack's word for the last one.

    The card goes to the channel `operators`; if there is none, nobody has the case but the bot.
    """

    why: str
    operators: str = ""
    claimed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded(Fact):
    """The requester wrote while people have the case."""

    words: str
    channel: str
    slack_ts: str
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended(Fact):
    """The requester changed what they wrote at `position`, or took it away (`gone`), while people have the case."""

    words: str
    position: int
    slack_ts: str
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOpened(Fact):
    """Somebody asked for a form. `view` is the modal that waits for it, the rest where it was asked for, and why."""

    form: FormKind
    view: str
    choice: str = ""
    channel: str = ""
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Fact):
    """A specialist's words to the customer, by explicit act. `slack_ts` is their message in the card's thread; "" if
    they used the form. `private`: in a direct message, although the customer asked elsewhere.

    `edited`: Slack's ts of the change, if it was changed before we heard it.
    """

    words: str
    channel: str
    slack_ts: str
    edited: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySent(Fact):
    """A specialist sent the customer an entry as the answer: a reuse of it, by them.

    `how`: from where they sent it, `kb` or `card`; `confidence` that of its place in what they were shown there.
    `channel` and `response_url`: where they are told that it was sent.
    """

    entry: str
    confidence: float = 0.0
    how: Literal["kb", "card"]
    channel: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyChanged(Fact):
    """A delivered reply was edited. `position` is the reply's, `edited` Slack's ts of the change."""

    words: str
    position: int
    edited: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWithdrawn(Fact):
    position: int
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFailed(Fact):
    """A reply could not be delivered to the customer. `why` is Slack's word."""

    position: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLost(Fact):
    """The customer cannot be spoken to where they wrote, whatever the words. `why` is Slack's word."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Fact):
    """A specialist wrote in the card's thread: internal, and never said to the customer.

    `slack_ts` is "" for what was written in a form that could do nothing any more.
    """

    words: str
    channel: str
    slack_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Fact):
    """Back to the bot."""
