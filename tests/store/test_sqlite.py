"""What is particular to a file: how it opens, how it is shared, and what is said when it fails."""

from __future__ import annotations

import gc
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.core.dues import Due
from bot.errors import StoreBroken, StoreDown
from bot.store.file import SqliteFile, explain
from bot.store.sqlite import SqliteStore
from tests.store.samples import (
    ANA,
    CHANNEL,
    HOME,
    NOON,
    TEAM,
    answered,
    append,
    asked,
    chapter,
    first_chapter,
    message,
    post,
    said,
)

A_MOMENT = timedelta(milliseconds=50)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tier1.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path, patience=A_MOMENT) as store:
        yield store


# --- made for people --------------------------------------------------------------------------------------------------


def test_the_file_can_be_read_while_the_bot_runs(path: Path, store: SqliteStore) -> None:
    append(store.book, first_chapter("c1", asked("where is it?")))

    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
        assert reader.execute("select text from texts").fetchall() == [("where is it?",)]
    with closing(Database(path)) as db:
        assert [row["state"] for row in db["cases"].rows] == ["open"]


def test_only_its_owner_may_read_the_file(path: Path, store: SqliteStore) -> None:
    append(store.book, first_chapter("c1"))

    assert {file.name: file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {
        "tier1.db": 0,
        "tier1.db-wal": 0,
        "tier1.db-shm": 0,
    }


@pytest.mark.parametrize(
    ("durable", "synchronous"),
    [
        (True, 2),  # FULL: it is on the disk
        (False, 1),  # NORMAL: it is on the disk with the next that is
    ],
)
def test_what_was_committed_is_on_the_disk_and_what_was_deleted_is_not(
    durable: bool, synchronous: int, path: Path
) -> None:
    with closing(SqliteFile(path)) as file, file.writing(durable=durable) as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }

    assert settings == {"journal_mode": "wal", "synchronous": synchronous, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize(
    ("boots", "doubted"),
    [
        (("a", "a"), False),  # the program was started again, the machine was not
        (("a", "b"), True),  # the machine was: that it was told may be lost
        (("", ""), True),  # nobody knows
    ],
)
def test_what_seems_untold_is_doubted_when_the_machine_went_down(
    boots: tuple[str, str], doubted: bool, path: Path
) -> None:
    with SqliteStore(path, boot=boots[0]) as store:
        append(store.book, first_chapter("c1", asked(), said=[said("c1", 1, post())]))
    with SqliteStore(path, boot=boots[1]) as store:
        lease = store.outbox.lease(CHANNEL, "me", NOON, timedelta(seconds=30))
        assert lease is not None
        row = store.outbox.next_row(lease, NOON)

    assert row is not None
    assert row.ambiguous is doubted


def test_a_transaction_of_a_dead_process_is_gone(path: Path) -> None:
    script = """
import os, sys
from pathlib import Path
from bot.store.file import SqliteFile
with SqliteFile(Path(sys.argv[1])).writing() as connection:
    connection.execute("insert into lanes (lane) values ('C1')")
    os._exit(9)
"""
    died = subprocess.run([sys.executable, "-c", script, str(path)], check=False)

    assert died.returncode == 9
    with closing(SqliteFile(path)) as file, file.reading() as connection:
        assert connection.execute("select * from lanes").fetchall() == []


# --- threads ----------------------------------------------------------------------------------------------------------


def test_many_threads_may_write_at_once(path: Path) -> None:
    with SqliteStore(path) as store, ThreadPoolExecutor(16) as threads:

        def open_case(number: int) -> None:
            append(store.book, first_chapter(f"c{number}", asked(), place=replace(HOME, thread_ts=str(number))))

        list(threads.map(open_case, range(100)))

        assert len(store.book.opened_since(TEAM, ANA, NOON)) == 100


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_closing_leaves_no_connection_behind(path: Path) -> None:
    store = SqliteStore(path)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(store.book.case, ["c1"] * 20))

    store.close()
    gc.collect()  # a connection that was left open says so now

    assert not path.with_name("tier1.db-wal").exists()  # the last one to leave puts everything in one file


def test_a_connection_in_use_is_closed_when_it_is_given_back(path: Path) -> None:
    file = SqliteFile(path)
    with file.reading() as connection:
        file.close()
        assert connection.execute("select count(*) from cases").fetchone()[0] == 0

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("select 1")


def test_a_closed_store_says_so(store: SqliteStore) -> None:
    store.close()

    with pytest.raises(StoreDown, match="has been closed"):
        store.book.case("c1")


# --- when the file fails ----------------------------------------------------------------------------------------------


def test_a_locked_file_is_a_store_that_is_down_until_it_is_unlocked(path: Path, store: SqliteStore) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreDown, match=r"tier1\.db is locked by another program: end whatever") as caught:
            append(store.book, first_chapter("c1"))
        assert store.book.case("c1") is None  # reading goes on
        other.execute("ROLLBACK")

    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert append(store.book, first_chapter("c1")) == store.book.case("c1")


def test_a_writer_that_takes_too_long_does_not_keep_the_others_waiting_for_ever(path: Path) -> None:
    with closing(SqliteFile(path, patience=A_MOMENT)) as file, file.writing():  # noqa: SIM117
        with ThreadPoolExecutor(1) as threads, pytest.raises(StoreDown, match="busy with other writers"):
            threads.submit(lambda: file.writing().__enter__()).result()


def test_what_fails_in_the_middle_leaves_nothing(path: Path, store: SqliteStore) -> None:
    case = append(store.book, first_chapter("c1"))
    with closing(Database(path)) as db:
        db.conn.execute("create trigger no_more before insert on dues begin select raise(abort, 'no more'); end")

        with pytest.raises(StoreDown, match="no more"):
            append(
                store.book,
                chapter(case, asked(), answered(), said=[said("c1", 3, post())]),
                stimulus=message("m2"),
                dues=[Due("c1", 2, NOON)],
            )

        assert [db[table].count for table in ("events", "texts", "outbox", "stimuli")] == [1, 0, 0, 1]
    assert store.book.open_case(HOME) == case


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)

    with pytest.raises(StoreDown, match=r"tier1\.db is damaged or no SQLite database: restore a backup"):
        SqliteStore(path)


def test_a_damaged_database_is_named(path: Path) -> None:
    with SqliteStore(path) as store:
        append(store.book, first_chapter("c1", asked("long " * 1000)))
    with closing(Database(path)) as db:
        page = db.conn.execute("select rootpage from sqlite_master where name = 'texts'").fetchone()[0]
        size = db.conn.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    with pytest.raises(StoreBroken, match=r"tier1\.db is damaged: restore a backup"):
        SqliteStore(path)


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreDown, match="cannot be opened: its folder must exist"):
        SqliteStore(tmp_path / "nowhere" / "tier1.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_we_may_not_write_is_named(path: Path) -> None:
    SqliteStore(path).close()
    path.chmod(0o400)
    with pytest.raises(StoreBroken, match=r"tier1\.db is read-only: let this user write the file"):
        SqliteStore(path)

    path.chmod(0o600)  # and nothing was left behind that is in the way
    with SqliteStore(path) as store:
        append(store.book, first_chapter("c1"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_rights_that_are_taken_away_and_given_back_while_it_is_open_are_used_again(path: Path) -> None:
    with SqliteStore(path) as store:
        path.chmod(0o400)
        path.parent.chmod(0o500)
        store._file._anchor.doubt()  # what is open already may go on
        for _ in range(2):
            with pytest.raises(StoreBroken, match="is read-only: let this user write the file"):
                append(store.book, first_chapter("c1"))
        path.parent.chmod(0o700)
        path.chmod(0o600)

        append(store.book, first_chapter("c1"))


def read_only(path: Path) -> None:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("insert into lanes (lane) values (?)", [CHANNEL])


def full(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        connection.execute("insert into lanes (lane) values (?)", ["x" * 100_000])


def unknown(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("select nonsense")


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (read_only, "is read-only: let this user write the file and its folder"),
        (full, "cannot grow, the disk is full: free some space"),
        (unknown, "no such column: nonsense"),  # we do not know better than SQLite
    ],
)
def test_each_trouble_has_its_sentence(path: Path, trouble: Callable[[Path], None], sentence: str) -> None:
    SqliteStore(path).close()

    with pytest.raises(sqlite3.Error) as caught:
        trouble(path)

    assert sentence in explain(caught.value, path)
    assert str(path) in explain(caught.value, path)
