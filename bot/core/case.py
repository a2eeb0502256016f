"""Where a case stands: what follows from its log, kept beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.course import Hop, Reminder, Resolution, Survey, Wait
from bot.core.details import Collecting, Detail, Filed
from bot.core.earlier import Earlier
from bot.core.events import (
    Outcome,
)
from bot.core.incident import Incident
from bot.core.matches import Match
from bot.core.shown import Awaited, Flag, Miss, Shown
from bot.core.stimuli import Place

CASE_LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"  # nothing that looks like something else, and no words by accident
State = Literal["new", "open", "handed_off", "claimed", "closed"]


@dataclass(frozen=True, slots=True)
class Relayed:
    """A specialist's message in the card's thread and the event that carried it to the customer.

    `edited`: the ts of the change that made it what the customer reads, "" for none. `failed`: it did not reach them.
    `private`: it went to their direct message, though they asked elsewhere.
    """

    slack_ts: str
    position: int
    edited: str = ""
    failed: bool = False
    private: bool = False

    def went_out_as(self, outbox: str, case: str) -> bool:
        """Whether this outbox id is of a message that the customer got because of it."""
        return outbox.rpartition("-")[0] == outbox_id(case, self.position).rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What was `Heard` and waits to be decided; `attempts`: how often it was tried again."""

    position: int
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """Where a case stands. `version` is the position of its last event; 0 for one that has not begun."""

    id: str
    place: Place
    version: int = 0
    state: State = "new"
    follows: bool = True
    root: str = ""  # the outbox id of the message that a case in a DM thread hangs under
    is_test: bool = False
    external: bool = False  # its requester is of another company
    outcome: Outcome | None = None
    reason: str | None = None
    rule: str | None = None
    because: str = ""
    entry: str | None = None
    category: str = ""
    queue: str | None = None
    priority: str | None = None
    urgency: str = ""  # the priority as it would be without any queue's cap
    private: bool = False
    tags: tuple[str, ...] = ()
    added_by: tuple[str, ...] = ()  # the rules that added something to it before people had it
    offered_by: str = ""  # the rule that a person was offered by last, for what was asked last
    owner: str | None = None
    opened_at: datetime | None = None
    handed_off_at: datetime | None = None
    due_first_at: datetime | None = None  # when people are to have answered first
    told_due_at: datetime | None = None  # when the customer was told to hear from them
    told_opens_at: datetime | None = None  # when they were told that the queue's hours begin
    out_of_hours: bool = False  # they were told that nobody is there
    first_reply_at: datetime | None = None  # when people answered first since then
    called: bool = False  # the owner was called to it by somebody else, and has not looked at it since
    waits_for_customer: bool = False  # the last word was theirs
    waits: tuple[Wait, ...] = ()  # when it did, since the last handoff
    unanswered_since: datetime | None = None  # the customer's first word since people answered last
    raised_from: tuple[str, ...] = ()  # its priorities before, in the queue that has it
    stepped: tuple[str, ...] = ()  # the rungs of ladders that were reached since the last handoff
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    last_at: datetime | None = None  # of the last event that the customer saw something of
    heard_at: datetime | None = None  # when the customer did something last
    inquired: int | None = None  # the position of the last answer of which we have asked whether it worked
    reminder: Reminder | None = None  # since they did something last
    unheard: bool = False  # people had it when it was closed, as nothing came from the customer any more
    failed: int = 0
    misses: int = 0  # how often we asked to rephrase, so that the words differ
    question: int | None = None  # position of the last question
    question_ts: str = ""
    question_channel: str = ""
    asked_in: str = ""  # the channel where it was asked, if it was taken elsewhere from there
    asked: tuple[int, ...] = ()  # positions of the last question and of what was read together with it
    asked_ts: str = ""  # of the newest of these
    shown: tuple[Shown, ...] = ()
    candidates: tuple[Match, ...] = ()  # of the last ranking
    last_miss: Miss | None = None
    awaited: Awaited | None = None  # by our last answer or offer
    card: int | None = None  # position of the event whose first saying is the card
    moved_from: tuple[str, ...] = ()  # queues whose channel could not be reached
    operators: str = ""  # the channel where the card is, if no queue's could be reached
    notice: str = ""  # the outbox id of what the customer was told of the handoff
    paused: bool = False  # the bot was, when it was handed off
    rules_text: str = ""  # what a rule had to say there, in its editor's words
    lost: str = ""  # Slack's word for why the customer cannot be spoken to
    relayed: tuple[Relayed, ...] = ()
    pressed: tuple[
        tuple[int, str], ...
    ] = ()  # under which of our messages (by position) something was pressed, and what
    flags: tuple[Flag, ...] = ()
    hops: tuple[Hop, ...] = ()  # since the last handoff
    resolution: Resolution | None = None
    survey: Survey | None = None  # the last one
    else_asked: bool = False
    turns_in_a_row: int = 0  # what the bot said since a human last wrote
    unsettled: tuple[Unsettled, ...] = ()
    incident: Incident | None = None  # what it is, if it is one and nobody's own case
    listed_in: str = ""  # the incident that it belongs to
    listed_for: int | None = None  # the position of the question that it belongs to that for
    joined_into: str = ""  # the case that it is a duplicate of
    collecting: Collecting | None = None  # what is being asked before people take over
    details: tuple[Detail, ...] = ()  # what came of what was asked
    files: tuple[Filed, ...] = ()
    earlier: Earlier | None = None  # the customer's cases before this one, as of the last handoff

    @property
    def with_people(self) -> bool:
        return self.state in ("handed_off", "claimed")

    @property
    def ended_with_people(self) -> bool:
        """Whether those who had it when it was closed have it again when it is reopened."""
        return self.card is not None and (self.outcome == "resolved_by_human" or self.unheard)

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "handed_off", "claimed")

    @property
    def is_direct(self) -> bool:
        """Whether it is in the DM with its customer."""
        return self.place.channel.startswith(("D", "@"))

    @property
    def arrived_at(self) -> datetime | None:
        """When its queue got it, be it from operators who had it in the queue's stead."""
        hops = (hop.at for hop in reversed(self.hops) if hop.from_queue != hop.to_queue or hop.operators)
        return next(hops, self.handed_off_at)

    @property
    def goes_on_in_dm(self) -> bool:
        """Whether what people say to its customer is not for the channel where they asked."""
        return self.private and not self.is_direct

    @property
    def card_id(self) -> str:
        """The outbox id of the card."""
        return outbox_id(self.id, self.card or 0)

    def has_seen(self, entry: str) -> bool:
        return any(shown.entry == entry for shown in self.shown)

    def was_answered(self) -> bool:
        return any(shown.is_answer for shown in self.shown)

    def has_answered(self, entry: str) -> bool:
        return any(shown.entry == entry and shown.is_answer for shown in self.shown)


def outbox_id(case: str, position: int, n: int = 0) -> str:
    """The id of the n-th thing said because of the event at `position`."""
    return f"{case}-{position}-{n}"
