"""Events, sayings, stimuli and chapters for the store's tests, made with as few words as possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path

from bot.core.case import Case, outbox_id
from bot.core.chapters import Chapter
from bot.core.clocks.clock import Deadline
from bot.core.dues import Due
from bot.core.events import (
    BOT,
    Answered,
    Asked,
    Claimed,
    Closed,
    Event,
    HandedOff,
    Offered,
    Opened,
    Outcome,
    Picked,
    Released,
    Reopened,
)
from bot.core.folding import evolve
from bot.core.knowledge import Versions
from bot.core.matches import Match
from bot.core.saying import Card, In, Line, Post, Said, Saying, Words
from bot.core.stimuli import AnyStimulus, Message, Place
from bot.ports import Book, Outbox, Row

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, UTC)
TEAM = "T1"
CHANNEL = "C1"
THREAD = "1700000000.000100"
ANA = "U1"
SAM = "U2"  # a specialist
RESET = "accounts/reset-password"
VPN = "network/vpn"
VERSIONS = Versions(kb="kb-1", rules="rules-1", index="index-1")
HOME = Place(TEAM, CHANNEL, THREAD, ANA)


def later(**duration: float) -> datetime:
    return NOON + timedelta(**duration)


# --- events -----------------------------------------------------------------------------------------------------------


def opened(case: str, place: Place = HOME, *, at: datetime = NOON, is_test: bool = False) -> Opened:
    return Opened(
        at=at,
        actor=place.requester,
        case=case,
        team=place.team,
        channel=place.channel,
        thread_ts=place.thread_ts,
        requester=place.requester,
        follows=True,
        is_test=is_test,
    )


def asked(words: str = "I forgot my password", *, at: datetime = NOON, continues: int | None = None) -> Asked:
    return Asked(at=at, actor=ANA, words=words, channel=CHANNEL, slack_ts=THREAD, continues=continues)


def answered(entry: str = RESET, *, at: datetime = NOON) -> Answered:
    return Answered(at=at, actor=BOT, entry=entry, confidence=0.91, candidates=(Match(entry, 0.91),))


def offered(*entries: str, at: datetime = NOON) -> Offered:
    candidates = tuple(Match(entry, 0.5) for entry in entries or (RESET, VPN))
    return Offered(at=at, actor=BOT, candidates=candidates, confidence=0.5)


def picked(entry: str, position: int) -> Picked:
    return Picked(at=NOON, actor=ANA, entry=entry, position=position)


def handed_off(*, queue: str = "it", entry: str = "", at: datetime = NOON) -> HandedOff:
    return HandedOff(
        at=at, actor=BOT, queue=queue, priority="high", reason="explicit_request", rule="human-request", entry=entry
    )


def claimed(*, at: datetime = NOON) -> Claimed:
    return Claimed(at=at, actor=SAM)


def released(*, at: datetime = NOON) -> Released:
    return Released(at=at, actor=SAM)


def closed(outcome: Outcome = "resolved_by_bot", *, at: datetime = NOON) -> Closed:
    return Closed(at=at, actor=ANA, outcome=outcome)


def reopened(*, at: datetime = NOON) -> Reopened:
    return Reopened(at=at, actor=ANA)


# --- what is written down ---------------------------------------------------------------------------------------------


def message(key: str = "m1", text: str = "hello", *, user: str = ANA) -> Message:
    return Message(key=key, team=TEAM, user=user, channel=CHANNEL, ts=THREAD, text=text)


def new_case(place: Place = HOME) -> Case:
    return Case("", place)


def chapter(before: Case, *events: Event, said: Sequence[Said] = (), deadline: Deadline | None = None) -> Chapter:
    return Chapter(before, reduce(evolve, events, before), events, tuple(said), deadline=deadline)


def first_chapter(
    case: str,
    *events: Event,
    place: Place = HOME,
    said: Sequence[Said] = (),
    deadline: Deadline | None = None,
) -> Chapter:
    return chapter(new_case(place), opened(case, place), *events, said=said, deadline=deadline)


def append(
    book: Book,
    *chapters: Chapter,
    stimulus: AnyStimulus | None = None,
    at: datetime = NOON,
    dues: Sequence[Due] = (),
) -> Case:
    """Write the chapters down and return the last one's case. The stimulus' key is new unless one is given."""
    one = stimulus or message(f"key-{'+'.join(f'{c.after.id}@{c.after.version}' for c in chapters)}")
    book.append(chapters, stimulus=one, versions=VERSIONS, at=at, dues=dues)
    return chapters[-1].after


def case_in(book: Book, case: str) -> Case:
    """The case as it is written down. It is there."""
    found = book.case(case)
    assert found
    return found


def first_due(outbox: Outbox) -> Row:
    """What is due first in the channel, in a lane that was leased for it. Something is."""
    lease = outbox.lease(CHANNEL, "me", NOON, timedelta(minutes=1))
    assert lease
    row = outbox.next_row(lease, NOON)
    assert row
    return row


def line(text: str = "Hello") -> Line:
    return Line(text)


def card() -> Card:
    return Card(
        customer=ANA,
        category="accounts",
        priority="high",
        reason="They asked for a person.",
        rule="human-request",
        queue_role="IT",
        question=Words("c1", 2),
        question_channel=CHANNEL,
        question_ts=THREAD,
        status="waiting",
    )


def post(text: str = "Hello", *, channel: str = CHANNEL, urgent: bool = True) -> Post:
    return Post(where=In(channel, THREAD), content=line(text), urgent=urgent)


def said(case: str, position: int, saying: Saying, n: int = 0) -> Said:
    return Said(outbox_id(case, position, n), case, position, saying)


# --- files ------------------------------------------------------------------------------------------------------------


def tear(path: Path) -> None:
    """Leave rubbish in the middle of a database."""
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)
