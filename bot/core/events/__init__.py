"""The vocabulary of a case's log: one class a fact.

Every event says when it was and who did it. `words` holds what a person wrote, its files named beneath, already
redacted; the store keeps it apart from everything else, and no folding reads it.

`fact` is what all have in common; `customers` and `answers` are what passes between a customer and the bot, `people`
what comes after a handoff, `endings` how it goes on to others there and how it ends, `flagging` and `pausing` what
specialists make of entries and of the bot, `joining` what makes one of several cases, `keeping` what could not be done,
or not yet.
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
from bot.core.events.clocks import AskedIfItWorked, CloseWarned, Raised, ReminderGiven, Rescheduled, RungReached
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
from bot.core.events.details import (
    CollectBegun,
    CollectEnd,
    CollectEnded,
    FieldAsked,
    FieldGiven,
    FieldSkipped,
    FieldUnclear,
)
from bot.core.events.endings import Commented, Rated, Reassigned, Resolved, SurveyAsked, Transferred
from bot.core.events.fact import BOT, Fact
from bot.core.events.flagging import FlagFixed, Flagged
from bot.core.events.joining import (
    Absorbed,
    IncidentBegun,
    IncidentOver,
    Joined,
    Listed,
    MemberJoined,
    MemberWrote,
    StatusSaid,
)
from bot.core.events.keeping import Heard, Refused, Settled, ThreadLost, TriedAgain
from bot.core.events.lists import HomeShown, ListShown
from bot.core.events.pausing import Paused, Resumed
from bot.core.events.people import (
    Amended,
    Claimed,
    CustomerLost,
    EntrySent,
    FormOpened,
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
    Amended | ListShown | HomeShown | EntrySent | Paused | Resumed | Flagged | FlagFixed
    | Opened | ThreadOpened | Asked | Chatted | Answered | Offered | Missed | AskedToRephrase | HumanOffered
    | TurnedDown | Tagged | Picked | NoneOfThese | SecondAsked | Rejected | Fixed | StillStuck | Labelled | AskedToClose
    | WishedForHuman | ElseAsked | Branched | ReopenOffered | Reopened | Closed | CollectBegun | FieldAsked | FieldGiven
    | FieldUnclear | FieldSkipped | CollectEnded | HandedOff | Moved | NobodyReached
    | Forwarded | FormOpened | Claimed | Replied | ReplyChanged | ReplyWithdrawn | ReplyFailed | CustomerLost
    | Noted | Released | Refused | ThreadLost | Heard | TriedAgain | Settled
    | Joined | Absorbed | IncidentBegun | MemberJoined | MemberWrote | StatusSaid | IncidentOver | Listed
    | Transferred | Reassigned | Resolved | SurveyAsked | Rated | Commented
    | RungReached | Raised | Rescheduled | AskedIfItWorked | CloseWarned | ReminderGiven
)  # fmt: skip

__all__ = [
    "BOT",
    "PENDING",
    "Absorbed",
    "Amended",
    "Answered",
    "Asked",
    "AskedIfItWorked",
    "AskedToClose",
    "AskedToRephrase",
    "Branched",
    "ChatKind",
    "Chatted",
    "Claimed",
    "CloseWarned",
    "Closed",
    "CollectBegun",
    "CollectEnd",
    "CollectEnded",
    "Commented",
    "CustomerLost",
    "ElseAsked",
    "EntrySent",
    "Event",
    "Fact",
    "FieldAsked",
    "FieldGiven",
    "FieldSkipped",
    "FieldUnclear",
    "Fixed",
    "FlagFixed",
    "Flagged",
    "FormOpened",
    "Forwarded",
    "HandedOff",
    "Heard",
    "HomeShown",
    "HumanOffered",
    "IncidentBegun",
    "IncidentOver",
    "Joined",
    "Labelled",
    "ListShown",
    "Listed",
    "MemberJoined",
    "MemberWrote",
    "Missed",
    "Moved",
    "NobodyReached",
    "NoneOfThese",
    "Noted",
    "Offered",
    "Opened",
    "Outcome",
    "Paused",
    "Picked",
    "Raised",
    "Rated",
    "Reassigned",
    "Refused",
    "Rejected",
    "Released",
    "ReminderGiven",
    "ReopenOffered",
    "Reopened",
    "Replied",
    "ReplyChanged",
    "ReplyFailed",
    "ReplyWithdrawn",
    "Rescheduled",
    "Resolved",
    "Resumed",
    "RungReached",
    "SecondAsked",
    "Settled",
    "StatusSaid",
    "StillStuck",
    "SurveyAsked",
    "Tagged",
    "ThreadLost",
    "ThreadOpened",
    "Transferred",
    "TriedAgain",
    "TurnedDown",
    "WishedForHuman",
]  # fmt: skip
