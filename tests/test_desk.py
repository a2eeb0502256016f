"""The desk over a real store: who is quicker, and who is too quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import desk as desks
from bot.core.audience import Person
from bot.core.chapters import Chapter
from bot.core.saying import Card, Post
from bot.core.stimuli import AnyStimulus, Command, Delivered, HomeOpened, Message, Press, as_edit
from bot.desk import Desk
from bot.errors import NotThereYet, StoreDown
from bot.ports import Book, Landed
from bot.store.sqlite import SqliteStore
from bot.surroundings import look_around
from tests.core.situations import CUSTOMER, DANA, DESK, DM, KNOWLEDGE, NOON, TEAM

ORIGINAL = Message(
    key="m:T1:D1:1764000000.000100", team=TEAM, user=CUSTOMER, channel=DM, ts="1764000000.000100",
    text="i forgot my password", direct=True,
)  # fmt: skip
CHANGED = replace(ORIGINAL, edited="1764000020.000000", text="how do i connect to the vpn")
EDIT = as_edit(CHANGED, "e:T1:D1:1764000000.000100:1764000020.000000")


class Nobody:
    """A directory in which nobody is known."""

    def person(self, team: str, user: str, *, external: bool = False) -> Person:
        return Person(user, team, external=external)


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Interrupted:
    """A book that lets others write just before it does, the first time."""

    book: Book
    others: Callable[[], None]
    is_over: bool = field(default=False)

    def append(self, chapters: Sequence[Chapter], **more: Any) -> None:
        if not self.is_over:
            self.is_over = True
            self.others()
        self.book.append(chapters, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.book, name)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "tier1.db")) as opened:
        yield opened


def desk_with(book: Any, clock: Clock | None = None) -> Desk:
    return Desk(book, Nobody(), lambda: KNOWLEDGE, clock=clock or Clock(), written=lambda _lanes: None)


def said(store: SqliteStore) -> list[str]:
    with store.book._file.reading() as connection:
        return [row["text"] for row in connection.execute("select text from texts order by event")]


def test_an_edit_is_heard_as_its_message_if_that_has_not_come(store: SqliteStore) -> None:
    desk = desk_with(store.book)

    for stimulus in (EDIT, ORIGINAL, EDIT, CHANGED):
        desk.hear(stimulus)

    assert said(store) == ["how do i connect to the vpn"]
    assert store.book.is_heard(ORIGINAL.key)


@pytest.mark.parametrize(("late", "first"), [(EDIT, ORIGINAL), (ORIGINAL, EDIT)])
def test_of_a_message_and_its_edit_in_two_processes_one_is_heard(
    store: SqliteStore, late: AnyStimulus, first: AnyStimulus
) -> None:
    other_process = desk_with(store.book)
    desk = desk_with(Interrupted(store.book, lambda: other_process.hear(first)))

    desk.hear(late)

    assert len(said(store)) == 1


def test_a_message_that_was_taken_away_before_it_came_is_heard_and_not_answered(store: SqliteStore) -> None:
    desk = desk_with(store.book)

    desk.hear(as_edit(replace(ORIGINAL, edited="1764000020.000000"), "x:T1:D1:1764000000.000100", gone=True))
    desk.hear(ORIGINAL)

    assert store.book.is_heard(ORIGINAL.key)
    assert said(store) == []


def test_what_was_taken_away_in_a_place_that_is_not_ours_leaves_nothing(store: SqliteStore) -> None:
    elsewhere = replace(ORIGINAL, key="m:T1:C9:1764000000.000100", channel="C9", direct=False, edited="1764000020.0")

    desk_with(store.book).hear(as_edit(elsewhere, "x:T1:C9:1764000000.000100", gone=True))

    assert not store.book.is_heard(elsewhere.key)


def test_nobody_is_listened_to_who_is_faster_than_people_can_be(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(desks, "MOST_A_MINUTE", 5)
    clock = Clock()
    desk = desk_with(store.book, clock)

    def heard(user: str, count: int) -> int:
        messages = [replace(ORIGINAL, key=f"m:{clock.now}:{user}:{n}", user=user, text="hi") for n in range(count)]
        for message in messages:
            desk.hear(message)
        return sum(store.book.is_heard(message.key) for message in messages)

    assert heard(CUSTOMER, 20) == 5
    assert heard("UOTHER", 3) == 3  # meanwhile
    assert caplog.text.count(f"{CUSTOMER} sends more than 5") == 1
    clock.now += timedelta(seconds=61)
    assert heard(CUSTOMER, 3) == 3


def test_what_we_did_ourselves_is_never_too_much(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "MOST_A_MINUTE", 0)
    looked_up: list[str] = []

    class Watched(Interrupted):
        def __getattr__(self, name: str) -> Any:
            looked_up.append(name)
            return super().__getattr__(name)

    delivered = Delivered(key="d:1", team=TEAM, user=CUSTOMER, case="T1", outbox="T1-1-0", channel=DM, ts="1.0")
    desk_with(Watched(store.book, lambda: None)).hear(delivered)

    assert "case" in looked_up


# --- the Home tab -----------------------------------------------------------------------------------------------------


LOOKED = HomeOpened(key="home:T1:1", team=TEAM, user=CUSTOMER)
AT_HOME = Press(key="p:1", team=TEAM, user=CUSTOMER, kind="human", channel="", message_ts="", asker=CUSTOMER, home=True)


def published(store: SqliteStore) -> list[str]:
    with store.book._file.reading() as connection:
        rows = connection.execute("select state from outbox where kind = 'Publish' order by seq")
        return [row["state"] for row in rows]


def test_the_home_tab_is_published_again_after_a_press_there_and_only_the_newest_counts(store: SqliteStore) -> None:
    desk = desk_with(store.book)

    for stimulus in (LOOKED, LOOKED, AT_HOME):
        desk.hear(stimulus)

    assert published(store) == ["dropped", "due"]
    assert said(store) == ["Talk to a person"]


def test_a_press_is_heard_although_the_home_tab_cannot_be_shown_again(
    store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    class Away(Interrupted):
        def own_cases(self, *_: object) -> Sequence[object]:
            if self.is_over:  # the press is written down by now
                raise StoreDown("the store cannot be reached")
            return []

    desk_with(Away(store.book, lambda: None)).hear(AT_HOME)

    assert said(store) == ["Talk to a person"]
    assert published(store) == []
    assert "stays as it was" in caplog.text


@pytest.mark.parametrize("looked", [LOOKED, replace(AT_HOME, kind="home")])
def test_a_home_tab_that_cannot_be_decided_begins_no_case(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, looked: AnyStimulus
) -> None:
    def broken(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(desks, "decide", broken)

    desk_with(store.book).hear(looked)

    assert store.book.own_cases(TEAM, CUSTOMER, NOON) == []
    assert not store.book.is_heard(looked.key)


@pytest.mark.parametrize("external", [True, False])
def test_a_customer_of_another_company_is_one_whenever_something_is_looked_for_to_send_them(
    store: SqliteStore, external: bool
) -> None:
    desk_with(store.book).hear(replace(ORIGINAL, text="talk to a human", external=external))
    (case,) = store.book.own_cases(TEAM, CUSTOMER, NOON)
    kb = Command(key="c:1", team=TEAM, user=DANA, channel=DESK, text=f"kb {case.id} vpn", response_url="")

    around = look_around(kb, store.book, Nobody(), KNOWLEDGE.rules, NOON)

    assert around
    assert [one.customer.external for one in around.surroundings.at_hand] == [external]


@dataclass
class TellsMeanwhile:
    """A book in which a card is told right after the first look for it."""

    store: SqliteStore
    is_told: bool = field(default=False)

    def case_of_card(self, team: str, channel: str, ts: str) -> object:
        found = self.store.book.case_of_card(team, channel, ts)
        if not self.is_told:
            self.is_told = True
            self.tell(ts)
        return found

    def tell(self, ts: str) -> None:
        lease = self.store.outbox.lease(DESK, "courier", NOON, timedelta(seconds=30))
        assert lease is not None
        row = self.store.outbox.next_row(lease, NOON)
        assert row is not None
        assert isinstance(row.said.saying, Post)
        assert isinstance(row.said.saying.content, Card)
        self.store.outbox.told(row, Landed(DESK, ts, ts), NOON)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store.book, name)


def test_a_reply_under_a_card_that_is_just_being_told_is_never_a_question_of_its_own(store: SqliteStore) -> None:
    desk_with(store.book).hear(replace(ORIGINAL, text="talk to a human"))
    card_ts = f"{NOON.timestamp():.6f}"
    ts = f"{NOON.timestamp() + 1:.6f}"
    reply = Message(
        key=f"m:T1:{DESK}:{ts}", team=TEAM, user=DANA, channel=DESK, ts=ts, text="please restart it",
        thread_ts=card_ts, parent_user="UBOT", mentions_us=True, opens_with_us=True,
    )  # fmt: skip
    desk = desk_with(TellsMeanwhile(store))

    with pytest.raises(NotThereYet):
        desk.hear(reply)  # Slack brings it again
    desk.hear(reply)

    with store.book._file.reading() as connection:
        kinds = [row["kind"] for row in connection.execute("select kind from events order by id")]
    assert kinds.count("Opened") == 1
    assert "Replied" in kinds
