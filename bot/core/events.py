"""The vocabulary of a case's log: one class a fact.

Every event says when it was and who did it. `words` holds what a person wrote, its files named beneath, already
redacted; the store keeps it apart from everything else, and no folding reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.matches import Match
from bot.core.saying import Where
from bot.core.stimuli import AnyStimulus

Outcome = Literal["resolved_by_bot", "resolved_assumed", "resolved_by_human", "abandoned", "duplicate", "withdrawn"]
BOT = "bot"
PENDING = "pending:"


ChatKind = Literal["greeting", "thanks", "confirmation", "help", "fragment", "bystander", "overheard", "too_fast"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    at: datetime
    actor: str  # a user id, or `BOT`


# --- with the customer ------------------------------------------------------------------------------------------------


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
    quoted_from: str = ""  # the channel of a command or question that was taken to the DM


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadOpened(Fact):
    """The message that a pending case hangs under is in Slack."""

    channel: str
    thread_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Fact):
    """A question. `continues`: the position of the question that this one was read together with.

    `response_url`: where the person of a command is told that the answer is in the DM.
    """

    words: str
    channel: str
    slack_ts: str
    continues: int | None = None
    by_bot: bool = False
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatted(Fact):
    """Small talk, a fragment, a bystander's words: kept for the transcript, answered with a line or not at all."""

    words: str
    slack_ts: str
    channel: str = ""
    kind: ChatKind
    reply: bool = False
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Fact):
    """`instead_of`: the position of the miss whose message becomes this answer."""

    entry: str
    confidence: float
    candidates: tuple[Match, ...] = ()
    phrasing: str = ""
    how: Literal["sure", "picked", "again"] = "sure"
    instead_of: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Fact):
    """Did you mean …? `candidates` are those offered, best first. `trial`: one entry, asked as "Is this it?"."""

    candidates: tuple[Match, ...]
    confidence: float
    instead_of: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(Fact):
    """Nothing fits."""

    candidates: tuple[Match, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedToRephrase(Fact):
    """Asked to say it in other words. `after`: what went wrong."""

    after: Literal["miss", "none_of_these", "rejection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanOffered(Fact):
    """A person was offered because a rule says so. `text`: the editor's own words for it, if the rule has any.

    `entry` and `position` name the answer that somebody is still stuck with, if that is why.
    """

    rule: str
    text: str = ""
    entry: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedDown(Fact):
    """A rule refuses this kind of question. `text` as for `HumanOffered`."""

    rule: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged(Fact):
    rule: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked(Fact):
    """A choice under "Did you mean". The question before the offer (at `position`) becomes an example for `entry`.

    `again`, here and below: something was pressed under that message before; kept, and nothing more.
    """

    entry: str
    position: int
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneOfThese(Fact):
    position: int
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(Fact):
    """ "No, that's not it", typed."""

    words: str
    slack_ts: str
    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Fact):
    """*That fixed it*. `position` is the answer's, or 0 if it was said to "Shall I close it?"."""

    entry: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StillStuck(Fact):
    entry: str
    position: int
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled(Fact):
    """What *Still stuck* meant: a label for that entry. `position` is the answer's, `asked_at` our question's."""

    entry: str
    position: int
    asked_at: int = 0
    again: bool = False
    label: Literal["did_not_work", "not_meant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedToClose(Fact):
    """ "That works", typed: shall I close it?"""

    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedForHuman(Fact):
    """`words` is empty when the wish was a press."""

    words: str = ""
    slack_ts: str = ""
    channel: str = ""
    response_url: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Fact):
    outcome: Outcome


# --- with the specialists ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOff(Fact):
    """`reason` is the code, `rule` the id of what decided it, `because` the words that made it match."""

    queue: str
    priority: str
    reason: str
    rule: str
    because: str = ""
    category: str = ""
    entry: str = ""
    confidence: float = 0.0
    candidates: tuple[Match, ...] = ()
    tags: tuple[str, ...] = ()
    private: bool = False
    text: str = ""  # the editor's own words to the customer, if the rule has any


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Fact):
    """The card's channel cannot be reached: the handoff goes to another queue. `why` is Slack's word.

    `claimed`: somebody there had it already.
    """

    queue: str
    why: str
    claimed: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Fact):
    """A specialist's words to the customer, by explicit act. `slack_ts` is their message in the card's thread.

    `edited`: Slack's ts of the change, if it was changed before we heard it.
    """

    words: str
    channel: str
    slack_ts: str
    edited: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyChanged(Fact):
    """A delivered reply was edited. `position` is the reply's, `edited` Slack's ts of the change."""

    words: str
    position: int
    edited: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWithdrawn(Fact):
    position: int


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
    """A specialist wrote in the card's thread: internal, and never said to the customer."""

    words: str
    channel: str
    slack_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Fact):
    """Back to the bot."""


# --- when things go wrong ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Fact):
    """Somebody pressed, or wrote, what is not theirs or no longer possible. `why` is what they were told."""

    action: str
    why: str
    channel: str
    thread_ts: str | None = None
    response_url: str = ""
    who: str = ""  # the person that `{who}` in `why` names


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLost(Fact):
    """What was to be said in a thread, `where`, is said elsewhere: its root is gone. `outbox` found it out.

    `afresh`: the case lived in that thread, or its card was the root: a new root, or a new card, takes its place.
    """

    outbox: str
    where: Where
    afresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Fact):
    """A stimulus that could not be decided, kept to be decided later; its text is in `words`, and nowhere else."""

    words: str
    stimulus: AnyStimulus


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAgain(Fact):
    """What was `Heard` at `position` could not be decided this time either."""

    position: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Fact):
    """What was `Heard` at `position` has been decided."""

    position: int


Event = (
    Opened | ThreadOpened | Asked | Chatted | Answered | Offered | Missed | AskedToRephrase | HumanOffered
    | TurnedDown | Tagged | Picked | NoneOfThese | Rejected | Fixed | StillStuck | Labelled | AskedToClose
    | WishedForHuman | ElseAsked | Branched | ReopenOffered | Reopened | Closed | HandedOff | Moved | NobodyReached
    | Forwarded | Claimed | Replied | ReplyChanged | ReplyWithdrawn | ReplyFailed | CustomerLost | Noted | Released
    | Refused | ThreadLost | Heard | TriedAgain | Settled
)  # fmt: skip
