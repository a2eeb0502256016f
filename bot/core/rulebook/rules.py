"""What editors write in `escalation_rules.yaml`, as values. `triggers.py` and `handoff.py` say how they act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.core.entries import Audience, Priority

Mode = Literal["off", "mention", "questions", "all"]
Reason = Literal[
    "explicit_request",
    "low_confidence",
    "failed_attempts",
    "negative_feedback",
    "sensitive",
    "vip",
    "category_policy",
    "repeat_contact",
    "error",
]
PRIORITIES: tuple[Priority, ...] = ("p1", "p2", "p3", "p4")


@dataclass(frozen=True, slots=True)
class ChannelRules:
    mode: Mode = "mention"
    audience: frozenset[Audience] | None = None
    categories: tuple[str, ...] = ()  # none named: all
    language: str | None = None
    queue: str | None = None
    private: bool = False
    test: bool = False


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day (`first` = `last`), a range, or a country's public holidays (`country` set, no dates)."""

    name: str = ""
    first: date | None = None
    last: date | None = None
    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    timezone: str = "UTC"
    weekly: tuple[tuple[tuple[time, time], ...], ...] = ((), (), (), (), (), (), ())  # Monday first; 24:00 is time.max
    holidays: tuple[Holiday, ...] = ()
    always_open: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    usergroup: str | None = None
    users: tuple[str, ...] = ()
    email_domains: tuple[str, ...] = ()
    audience: frozenset[Audience] | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """What is promised for one priority; `business` counts only the queue's open hours."""

    first_response: timedelta
    next_response: timedelta
    resolution: timedelta
    business: bool = True


@dataclass(frozen=True, slots=True)
class Queue:
    id: str
    channel: str
    tier: int = 2
    role: str = ""  # for people; the loader fills it from the id where it is not written
    members: tuple[str, ...] = ()  # group ids or user ids; none: whoever is in the channel
    calendar: str | None = None
    sla: str | None = None
    ladder: str | None = None
    fallback: str | None = None
    priority_cap: Priority = "p1"  # the highest priority the queue accepts
    expect_open: str = ""
    expect_closed: str = ""
    private: bool = False
    always_staffed: bool = False


@dataclass(frozen=True, slots=True)
class RepeatContact:
    within: timedelta
    count: int


@dataclass(frozen=True, slots=True)
class When:
    """A condition: every set field must hold. A field that is None asks nothing."""

    human_request: bool | None = None
    band: tuple[str, ...] | None = None
    failed_attempts_gte: int | Literal["limit"] | None = None
    feedback: tuple[str, ...] | None = None
    keywords: tuple[str, ...] | None = None  # names of lists in `words`; any of them
    category: tuple[str, ...] | None = None
    entry: tuple[str, ...] | None = None  # ids; may end in `/*`
    entry_policy: tuple[str, ...] | None = None
    group: tuple[str, ...] | None = None
    channel: tuple[str, ...] | None = None
    repeat_contact: RepeatContact | None = None
    after_hours: bool | None = None
    has_file: bool | None = None
    error: bool | None = None
    any: tuple[When, ...] | None = None
    all: tuple[When, ...] | None = None
    not_: When | None = None

    @property
    def parts(self) -> tuple[When, ...]:
        """The conditions that it holds."""
        return (*(self.any or ()), *(self.all or ()), *((self.not_,) if self.not_ else ()))


@dataclass(frozen=True, slots=True)
class Then:
    action: Literal["handoff", "offer", "tag", "refuse"]
    queue: str | None = None
    priority: Priority | None = None
    raise_priority: int = 0
    private: bool = False
    message: str = ""
    collect: bool = False
    tags: tuple[str, ...] = ()
    reason: Reason | None = None

    @property
    def adds(self) -> bool:
        """Whether it says anything of a case besides what becomes of it."""
        return bool(self.queue or self.priority or self.raise_priority or self.private or self.collect or self.tags)


@dataclass(frozen=True, slots=True)
class Trigger:
    id: str
    when: When
    then: Then
    also: bool = False

    @property
    def only_adds(self) -> bool:
        return self.also or self.then.action == "tag"


@dataclass(frozen=True, slots=True)
class Route:
    """First match sends a case to `queue`. Neither `entry` nor `category`: matches everything."""

    queue: str | None = None
    priority: Priority | None = None
    category: str | None = None
    entry: str | None = None  # an id; may end in `/*`


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: at a share of a deadline (`percent` of `of`), or `after` the handoff."""

    do: Literal["remind", "ping_group", "move", "raise", "notify_lead"]
    percent: int | None = None
    of: Literal["first_response", "next_response", "resolution"] | None = None
    after: timedelta | None = None
    to: str | None = None  # a queue to move to; a group or user to call
    also_to: tuple[str, ...] = ()  # the others to call, where a list is written
    priorities: tuple[Priority, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class SameUser:
    window: timedelta
    similarity: float


@dataclass(frozen=True, slots=True)
class Surge:
    users: int
    window: timedelta
    similarity: float
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class Duplicates:
    same_user: SameUser | None = None
    surge: Surge | None = None
    reopen_within: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Closing:
    confirm_after: timedelta | None = None
    warn_before: timedelta | None = None
    auto_close_after: timedelta | None = None
    survey: bool = False
    resolve_codes: tuple[str, ...] = ("fixed", "workaround", "user error", "not reproducible", "duplicate")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidence from which an answer is given, and from which it is offered (0 to 1)."""

    sure: float | None = None
    unsure: float | None = None


@dataclass(frozen=True, slots=True)
class Bots:
    listen_to: tuple[str, ...] = ()
    max_in_a_row: int = 3


@dataclass(frozen=True, slots=True)
class OptOut:
    prefix: str | None = None
    emoji: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """How an entry earns being live, and how it loses it."""

    promote_after: int | None = None
    demote_after: int | None = None
    window: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    channel: str | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the person wrote before: in the same case, or, with a time (aware), in an earlier request of its own."""

    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The situation of a rules test; times are aware."""

    text: str = ""
    user: str | None = None
    channel: str | None = None
    at: datetime | None = None
    history: tuple[Earlier, ...] = ()  # oldest first
    feedback: str | None = None
    failed_attempts: int = 0
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    rule: str | None = None
    queue: str | None = None
    priority: Priority | None = None
    due_first: datetime | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class RulesTest:
    name: str
    given: Given
    expect: Expect


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole effective file: what is not written stands here with its default."""

    queues: dict[str, Queue]
    timezone: str = "UTC"
    calendar: str | None = None
    default_queue: str = ""  # the loader fills it with the first listed
    default_priority: Priority = "p3"
    operator_channel: str | None = None
    editors_channel: str | None = None
    failed_attempts: int = 2
    channels: dict[str, ChannelRules] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    slas: dict[str, dict[Priority, Targets]] = field(default_factory=dict)
    triggers: tuple[Trigger, ...] = ()
    routing: tuple[Route, ...] = ()
    ladders: dict[str, tuple[Rung, ...]] = field(default_factory=dict)
    duplicates: Duplicates = Duplicates()
    closing: Closing = Closing()
    permissions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    thresholds: dict[str, Thresholds] = field(default_factory=dict)
    bots: Bots = Bots()
    opt_out: OptOut = OptOut()
    edits_within: timedelta | None = None
    retention: dict[str, int] = field(default_factory=dict)
    redaction: tuple[str, ...] = ()
    trial: Trial = Trial()
    digest: Digest = Digest()
    tests: tuple[RulesTest, ...] = ()

    @property
    def remembers_contacts_for(self) -> timedelta:
        """The longest time that a condition on repeated contact looks back."""
        return max((t for trigger in self.triggers for t in _looks_back(trigger.when)), default=timedelta(0))

    @property
    def groups_asked_for(self) -> frozenset[str]:
        """The groups that triggers' conditions name."""
        return frozenset(group for trigger in self.triggers for group in _groups_in(trigger.when))

    def channel(self, channel: str) -> ChannelRules:
        return self.channels.get(channel) or ChannelRules()


def _looks_back(when: When) -> Iterator[timedelta]:
    if when.repeat_contact is not None:
        yield when.repeat_contact.within
    for part in when.parts:
        yield from _looks_back(part)


def _groups_in(when: When) -> Iterator[str]:
    yield from when.group or ()
    for part in when.parts:
        yield from _groups_in(part)
