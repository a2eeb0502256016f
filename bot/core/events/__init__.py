"""The vocabulary of a case's log: one class a fact.

Every event says when it was and who did it. `words` holds what a person wrote, its files named beneath, already
redacted; the store keeps it apart from everything else, and no folding reads it.

`fact` is what all have in common; `customers` and `answers` are what passes between a customer and the bot, `people`
what comes after a handoff, `keeping` what could not be done, or not yet.
"""

from __future__ import annotations

from bot.core.events.answers import (
    Answered,
    AskedToClose,
    AskedToRephrase,
    Fixed,
    HumanOffered,
    Labelled,
    Missed,
    NoneOfThese,
    Offered,
    Picked,
    Rejected,
    SecondAsked,
    StillStuck,
    Tagged,
    TurnedDown,
)
from bot.core.events.customers import (
    PENDING,
    Asked,
    Branched,
    ChatKind,
    Chatted,
    Closed,
    ElseAsked,
    Opened,
    Outcome,
    Reopened,
    ReopenOffered,
    ThreadOpened,
    WishedForHuman,
)
from bot.core.events.fact import BOT, Fact
from bot.core.events.keeping import Heard, Refused, Settled, ThreadLost, TriedAgain
from bot.core.events.people import (
    Claimed,
    CustomerLost,
    Forwarded,
    HandedOff,
    Moved,
    NobodyReached,
    Noted,
    Released,
    Replied,
    ReplyChanged,
    ReplyFailed,
    ReplyWithdrawn,
)

Event = (
    Opened | ThreadOpened | Asked | Chatted | Answered | Offered | Missed | AskedToRephrase | HumanOffered
    | TurnedDown | Tagged | Picked | NoneOfThese | SecondAsked | Rejected | Fixed | StillStuck | Labelled | AskedToClose
    | WishedForHuman | ElseAsked | Branched | ReopenOffered | Reopened | Closed | HandedOff | Moved | NobodyReached
    | Forwarded | Claimed | Replied | ReplyChanged | ReplyWithdrawn | ReplyFailed | CustomerLost | Noted | Released
    | Refused | ThreadLost | Heard | TriedAgain | Settled
)  # fmt: skip

__all__ = [
    "BOT", "PENDING", "Answered", "Asked", "AskedToClose", "AskedToRephrase", "Branched", "ChatKind", "Chatted",
    "Claimed", "Closed", "CustomerLost", "ElseAsked", "Event", "Fact", "Fixed", "Forwarded", "HandedOff", "Heard",
    "HumanOffered", "Labelled", "Missed", "Moved", "NobodyReached", "NoneOfThese", "Noted", "Offered", "Opened",
    "Outcome", "Picked", "Refused", "Rejected", "Released", "ReopenOffered", "Reopened", "Replied", "ReplyChanged",
    "ReplyFailed", "ReplyWithdrawn", "SecondAsked", "Settled", "StillStuck", "Tagged", "ThreadLost", "ThreadOpened",
    "TriedAgain", "TurnedDown", "WishedForHuman"
]  # fmt: skip
