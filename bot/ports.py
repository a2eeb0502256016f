"""What the desk and the courier need from outside, in the words of a support desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.audience import Person
from bot.core.beside import Other
from bot.core.case import Case
from bot.core.chapters import Chapter
from bot.core.clocks.clock import Deadline
from bot.core.dues import Due
from bot.core.earlier import Earlier
from bot.core.events import Event, Heard
from bot.core.knowledge import Versions
from bot.core.saying import Post, Said, Words
from bot.core.stimuli import AnyStimulus, Place
from bot.core.worklist import AtDesk


class Book(Protocol):
    """The log of events and what follows from it. Every method may raise `StoreDown`."""

    def is_heard(self, key: str) -> bool:
        """Whether this stimulus is stored already."""

    def open_case(self, place: Place) -> Case | None:
        """The open case of that requester in that place."""

    def closed_case(self, place: Place, since: datetime) -> Case | None:
        """The last case that was closed there since then, if none is open."""

    def case(self, case: str) -> Case | None: ...

    def case_of_card(self, team: str, channel: str, ts: str) -> Case | None:
        """The case that the message with this ts in this channel is a card of, the present one or an earlier one."""

    def case_of_reply(self, team: str, channel: str, ts: str) -> Case | None:
        """The case in which a specialist said the message with this ts to its customer."""

    def cases(self, cases: Sequence[str]) -> Sequence[Case]:
        """Those of them that are there."""

    def own_with_people(self, team: str, requester: str) -> Sequence[Other]:
        """This person's cases that are with people; the newest handoff first."""

    def handed_off_since(self, team: str, since: datetime, most: int) -> Sequence[Other]:
        """Whatever was handed off since then and is open; the newest handoff first, and no more than `most`."""

    def open_incidents(self, team: str) -> Sequence[Other]:
        """The incidents that are not over, newest first."""

    def handoffs(self, team: str) -> int:
        """A number that grows with each handoff, and with nothing else."""

    def pointed_at(self, team: str, channel: str, ts: str) -> tuple[Case, frozenset[int]] | None:
        """The case that said the message with this ts, and the positions of what it said there, now and before."""

    def position_of(self, case: str, ts: str) -> int | None:
        """Where in the log of a case stands what somebody wrote in the message with this ts."""

    def may_begin_case(self, team: str, lanes: Sequence[str], ts: str) -> bool:
        """Whether the message with this ts may be a card, or the message that a case hangs under, that is in Slack
        already and not written down as told: none of ours is known by this ts, and one is untold in these lanes."""

    def cases_in_thread(self, team: str, channel: str, thread_ts: str) -> Sequence[Case]:
        """The open cases that live in that thread, whoever asked; oldest first."""

    def own_cases(self, team: str, requester: str, since: datetime) -> Sequence[Case]:
        """This person's cases that are open, and those closed since then; each kind newest first."""

    def owned_cases(self, team: str, owner: str) -> Sequence[Case]:
        """The open cases that this specialist has claimed, newest first."""

    def at_desk(self, team: str, queues: Sequence[str], owner: str) -> Sequence[AtDesk]:
        """What people have in these queues, and what this person has anywhere; oldest deadline first."""

    def opened_since(self, team: str, requester: str, since: datetime) -> Sequence[datetime]:
        """When this person opened cases since then."""

    def earlier(self, team: str, requester: str) -> Earlier:
        """This person's cases, test traffic aside, as a card tells of them: those that are open among them."""

    def stimuli_since(self, team: str, user: str, since: datetime) -> int:
        """How many stimuli of this person were stored since then."""

    def told_too_fast(self, team: str, user: str, since: datetime) -> bool:
        """Whether this person was told since then that they write too fast."""

    def words(self, refs: Iterable[Words]) -> Mapping[Words, str]:
        """The words that stand with these events; what was erased is missing."""

    def log(self, case: str) -> Sequence[tuple[int, Event]]:
        """All events of a case in order, with their positions; words that were erased are empty."""

    def paused_in(self, team: str) -> frozenset[str]:
        """The channels in which the bot is paused; "" among them: everywhere."""

    def heard(self, case: str, position: int) -> Heard | None: ...

    def append(
        self,
        chapters: Sequence[Chapter],
        *,
        stimulus: AnyStimulus,
        versions: Versions,
        at: datetime,
        dues: Sequence[Due] = (),
        handoffs: int | None = None,
    ) -> Sequence[str]:
        """Write down everything in one transaction, or nothing. Returns the lanes in which something can be said now.

        Raises `AlreadyHeard` if the stimulus key is stored, `StaleCase` if a case has moved on or another one is open
        in the same place, or if `handoffs` is given and there was one more since; `StoreDown` if nothing could be
        written.
        """

    def take_due(self, now: datetime) -> Sequence[Due]:
        """The rows that are due, each given to exactly one caller; one that is not settled in a minute comes again."""

    def settle_due(self, due: Due) -> None:
        """It is done: the row goes, unless it is due at another time by now."""

    def next_due(self, after: datetime) -> datetime | None:
        """The earliest moment after this one at which a row is due; for those who bring their own time."""

    def wind(self, case: Case, clock: Sequence[Due], deadline: Deadline | None) -> None:
        """Remember when to look at the case next, and the deadline that people see, unless it has moved on."""

    def wake(self, now: datetime) -> None:
        """Look at every open case now: the rules may have changed."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to post in one lane until `until`. `takeover`: the holder before us did not hand it back, so what was
    untold then may be in Slack already."""

    lane: str
    holder: str
    until: datetime
    takeover: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One saying on its way. `ambiguous`: it may be in Slack already, look before posting; `plain`: as plain text."""

    said: Said
    lane: str
    created_at: datetime
    attempts: int
    ambiguous: bool
    plain: bool
    owned_by_people: bool  # whether the case is with people now


@dataclass(frozen=True, slots=True)
class Landed:
    """Where one of our messages is in Slack. `thread_ts` is the thread it is in, or its own ts if it is a root."""

    channel: str
    ts: str
    thread_ts: str


class Outbox(Protocol):
    """What is written down to be said. Every method may raise `StoreDown`.

    Order in a lane: urgent rows first, then by age. A row that names another message (`Under`, `Update`, `Withdraw`,
    `React.after`, `Whisper.link_to`) waits for it, without holding up the rows behind it; if that one is parked or
    dropped, so is it.
    """

    def lanes_due(self, now: datetime) -> Sequence[str]:
        """Lanes with something to say, not held back and not leased to somebody else."""

    def lease(self, lane: str, holder: str, now: datetime, length: timedelta) -> Lease | None:
        """Take or renew the lane; None if somebody else has it. On a takeover every untold row becomes ambiguous."""

    def release(self, lease: Lease) -> None: ...

    def next_row(self, lease: Lease, now: datetime) -> Row | None: ...

    def landed(self, outbox: str) -> Landed | None: ...

    def told(self, row: Row, landed: Landed | None, now: datetime) -> None:
        """It has been said."""

    def hold(self, lane: str, until: datetime) -> None:
        """Say nothing in this lane before then."""

    def failed(self, row: Row, error: str, retry_at: datetime, *, ambiguous: bool) -> None:
        """It was not said, or we cannot know (`ambiguous`); try again then."""

    def again_plain(self, row: Row, error: str) -> None: ...

    def park(self, row: Row, error: str) -> bool:
        """Refused for good: kept for people to look at. Returns False if it need not be: it says something else now."""

    def drop(self, row: Row, why: str) -> None:
        """No longer to be said."""

    def relane(self, row: Row, lane: str) -> None:
        """Its lane leads to this one: so does what is written down for it from now on."""

    def post_instead(self, row: Row, post: Post) -> None:
        """Under its own id, it is this post from now on."""

    def is_all_said(self) -> bool:
        """Whether nothing more is to be said, now or later."""


class Registry(Protocol):
    """What is known about people, kept in the store so that a decision never waits for Slack."""

    def person(self, team: str, user: str) -> tuple[Person, datetime] | None:
        """Return who they are, and when that was remembered."""

    def remember(self, person: Person, at: datetime) -> None: ...

    def usergroups(self, team: str) -> Mapping[str, frozenset[str]]: ...

    def remember_usergroup(self, team: str, usergroup: str, users: frozenset[str], at: datetime) -> None: ...


class Directory(Protocol):
    """Who people are. Never raises: a person whose profile cannot be read is still a person."""

    def person(self, team: str, user: str, *, external: bool = False) -> Person:
        """Return what is known now; a first contact may wait half a second for Slack."""
