"""A database that is not sound is found out, in plain words; one that is, is left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.events import Heard
from bot.core.saying import Post, Under
from bot.errors import StoreDown, StoreTooNew
from bot.ports import Landed
from bot.store.migrations import VERSION
from bot.store.soundness import MOST, examine
from bot.store.sqlite import SqliteStore
from tests.store.samples import (
    ANA,
    CHANNEL,
    HOME,
    NOON,
    answered,
    append,
    asked,
    case_in,
    chapter,
    claimed,
    closed,
    first_chapter,
    first_due,
    handed_off,
    line,
    message,
    post,
    released,
    reopened,
    said,
    tear,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with three cases in it: one open, one with people, one closed."""
    path = tmp_path / "tier1.db"
    with SqliteStore(path) as store:
        append(store.book, first_chapter("c1", asked(), answered(), said=[said("c1", 2, post())]))
        elsewhere = replace(HOME, thread_ts="2.2")
        case = append(store.book, first_chapter("c2", asked(), handed_off(), claimed(), place=elsewhere))
        append(store.book, chapter(case, released(), asked("still broken"), handed_off(queue="care")))
        ended = replace(HOME, thread_ts="3.3")
        over = append(store.book, first_chapter("c3", asked(), closed(), reopened(), closed(), place=ended))
        assert not over.is_open
        store.outbox.told(first_due(store.outbox), Landed(CHANNEL, "5.5", "5.5"), NOON)
    return path


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_database_as_the_bot_leaves_it_is_sound(path: Path) -> None:
    found = examine(path)

    assert (found.faults, found.version, found.cases, found.events) == ((), VERSION, 3, 15)


@pytest.mark.parametrize(
    ("spoilt", "check", "says"),
    [
        ("update cases set version = 2 where id = 'c1'", "cases", "its snapshot is of version 2, and it has 3 events"),
        ("delete from events where \"case\" = 'c1' and position = 3", "cases", "of version 3, and it has 2 events"),
        ("delete from events where \"case\" = 'c2' and position = 4", "cases", "positions of its events have gaps"),
        ("update events set position = 9 where \"case\" = 'c2' and position = 7", "cases", "have gaps"),
        (
            """update cases set snapshot = json_set(snapshot, '$.owner', 'U9', '$.failed', 7) where id = 'c2'""",
            "cases",
            "case c2: its snapshot is not what its events lead to, in owner, failed",
        ),
        ("update events set entry = 'x/y' where kind = 'Answered'", "cases", "in entry, category, shown"),
        ("update events set kind = 'Dreamt' where kind = 'Claimed'", "cases", "events of kind 'Dreamt'"),
        ("update events set data = '{' where kind = 'Answered'", "cases", "cannot be read (JSONDecodeError)"),
        ("update cases set snapshot = '[]' where id = 'c3'", "cases", "cannot be read (TypeError)"),
        ("update cases set state = 'closed' where id = 'c1'", "cases", "columns do not say what its snapshot says"),
        ("update cases set closed_at = null where id = 'c3'", "cases", "in closed_at"),
        ("insert into texts values (999, 'lost')", "references", "wrote stands with no event (texts, rowid 999)"),
        ("update outbox set \"case\" = 'c9'", "references", "rows name a case that is not there (outbox, rowid 1)"),
        ("insert into stimuli values ('k', 'T1', 'U1', 'now', 'c9')", "references", "stimuli name a case"),
        ("update outbox set ts = null", "outbox", "outbox row c1-2-0 was posted, and nobody noted where"),
        ("delete from _sqlite_migrations where name = 'm002_views'", "version", "migrations were made"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_must_be_is_told_with_the_way_out(spoilt: str, check: str, says: str, path: Path) -> None:
    spoil(path, spoilt)

    (fault,) = examine(path).faults

    assert fault.check == check
    assert says in fault.what
    assert fault.do


def test_two_open_cases_in_one_place_are_found(path: Path) -> None:
    spoil(
        path, "drop index one_open_case_per_place", "update cases set thread_ts = '2.2' where id = 'c1'"
    )  # fmt: skip

    assert ("places", "cases c1, c2 are open in one place for one person") in [
        (fault.check, fault.what) for fault in examine(path).faults
    ]


@pytest.mark.parametrize(
    ("state", "says"),
    [("parked", "waits for c1-2-0, which is parked"), (None, "waits for c1-2-0, which is missing")],
)
def test_what_waits_for_ever_is_found(state: str | None, says: str, path: Path) -> None:
    with SqliteStore(path) as store:
        under = Post(where=Under("c1-2-0", CHANNEL), content=line())
        append(store.book, chapter(case_in(store.book, "c1"), answered(), said=[said("c1", 4, under)]))
    spoil(
        path,
        f"update outbox set state = '{state}' where id = 'c1-2-0'"
        if state
        else "delete from outbox where id = 'c1-2-0'",
    )

    (fault,) = examine(path).faults

    assert says in fault.what
    assert fault.do == "`tier1 outbox drop c1-4-0`"


def test_a_torn_file_is_told_and_nothing_else_is_believed(path: Path) -> None:
    tear(path)

    faults = examine(path).faults

    assert faults
    assert {fault.check for fault in faults} == {"file"}
    assert "restore the last backup" in faults[0].do


def test_of_many_faults_of_a_kind_the_first_are_told_and_the_others_counted(path: Path) -> None:
    spoil(path, *(f"insert into texts values ({1000 + n}, 'lost')" for n in range(MOST + 5)))

    faults = examine(path).faults

    assert len(faults) == MOST + 1
    assert faults[-1].what == "and 5 more of this kind"


def test_words_that_were_erased_are_no_fault(path: Path) -> None:
    with SqliteStore(path) as store:
        place = replace(HOME, thread_ts="4.4")
        heard = Heard(at=NOON, actor=ANA, words="it is broken", stimulus=message("m9", text=""))
        append(store.book, first_chapter("c4", heard, place=place))
    spoil(path, "delete from texts")

    assert examine(path).faults == ()


def test_a_snapshot_from_before_a_field_was_there_is_no_fault(path: Path) -> None:
    spoil(path, "update cases set snapshot = json_remove(snapshot, '$.shown[0].short', '$.turns_in_a_row', '$.card')")

    assert examine(path).faults == ()


def test_looking_changes_nothing_and_leaves_nothing_behind(path: Path) -> None:
    before = path.read_bytes()

    examine(path)

    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["tier1.db"]


def test_a_bot_that_goes_on_writing_is_no_fault(path: Path) -> None:
    with SqliteStore(path) as store:
        case = case_in(store.book, "c1")
        seen: list[int] = []

        def go_on(done: int, _of_all: int) -> None:
            nonlocal case
            case = append(store.book, chapter(case, answered()))
            seen.append(done)

        found = examine(path, go_on)

    assert (found.faults, found.events) == ((), 15)
    assert seen == [1, 2, 3]


@pytest.mark.parametrize(
    ("made", "error", "says"),
    [
        ("", StoreDown, "is no database of tier1"),  # an empty file
        ("create table notes (text)", StoreDown, "is no database of tier1"),  # another program's
        ("pragma user_version = 99", StoreTooNew, "is of version 99 and this tier1 knows"),
    ],
)
def test_a_file_that_is_not_ours_to_judge_is_said_in_a_sentence(
    made: str, error: type[Exception], says: str, tmp_path: Path
) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(made)
    file.touch()

    with pytest.raises(error, match=says):
        examine(file)


def test_a_text_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but long enough to look like a file with something in it" * 20)

    with pytest.raises(StoreDown, match=r"notes\.txt is damaged or no SQLite database"):
        examine(file)
