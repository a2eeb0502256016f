"""The database's shape: made once, the same for everybody, and refused when it is from the future."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from sqlite_utils import Database

from bot.errors import StoreDown, StoreTooNew
from bot.store.migrations import _MIGRATIONS, VERSION, migrate
from bot.store.sqlite import SqliteStore
from tests.store.samples import HOME, append, first_chapter


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tier1.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    SqliteStore(path).close()
    with closing(Database(path)) as db:
        yield db


def test_opening_again_changes_nothing_and_loses_nothing(path: Path) -> None:
    with SqliteStore(path) as store:
        case = append(store.book, first_chapter("c1"))
    with closing(Database(path)) as db:
        before = db.schema

    with SqliteStore(path) as store:
        assert store.book.open_case(HOME) == case
    with closing(Database(path)) as db:
        assert db.schema == before


def test_the_version_in_the_file_is_the_number_of_steps(db: Database) -> None:
    assert db.conn.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert db["_sqlite_migrations"].count == VERSION


def test_a_program_older_than_the_database_refuses_it_in_one_sentence(path: Path) -> None:
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")

    with pytest.raises(StoreTooNew, match=rf"of version {VERSION + 1} and this tier1 knows {VERSION}: start the newer"):
        SqliteStore(path)

    assert [file.name for file in path.parent.iterdir()] == ["tier1.db"]  # and has let go of it


def test_a_step_that_fails_leaves_nothing_behind(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table stimuli (somebody text)")  # another program's table in our way

    with pytest.raises(StoreDown, match="stimuli"):
        SqliteStore(path)

    with closing(Database(path)) as db:
        assert db.table_names() == ["stimuli"]


def test_many_programs_may_make_the_database_at_once(path: Path) -> None:
    start = Barrier(8)

    def begin(_: int) -> None:
        start.wait()
        SqliteStore(path).close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(begin, range(8)))

    with closing(Database(path)) as db:
        assert db["_sqlite_migrations"].count == VERSION


@pytest.mark.parametrize(
    "name",
    ["events", "texts", "cases", "stimuli", "outbox", "lanes", "dues", "people", "usergroups"],
)
def test_the_tables_are_there(db: Database, name: str) -> None:
    assert name in db.table_names()


@pytest.mark.parametrize("name", ["outcomes", "handoffs", "feedback", "picks", "open_cases", "entry_use"])
def test_the_views_are_there_and_can_be_read(db: Database, name: str) -> None:
    assert list(db[name].rows) == []


def test_the_columns_of_events_and_cases_are_those_that_others_rely_on(db: Database) -> None:
    assert [column.name for column in db["events"].columns] == [
        *("id", "team", "case", "position", "at", "kind", "actor", "slack_ts", "entry", "confidence", "rule", "reason"),
        *("kb_version", "rules_version", "index_version", "schema", "data"),
    ]
    assert [column.name for column in db["cases"].columns] == [
        *("id", "team", "channel", "thread_ts", "requester", "state", "outcome", "reason", "rule", "entry", "queue"),
        *("priority", "owner", "opened_at", "handed_off_at", "claimed_at", "closed_at", "is_test"),
        *("version", "snapshot", "due_first_at", "due_at", "due_of"),
    ]


@pytest.mark.parametrize(
    ("state", "first_reply_at", "seen"),
    [
        ("handed_off", None, ("2026-03-02T13:00:00.000000Z", "first_response")),
        ("claimed", None, ("2026-03-02T13:00:00.000000Z", "first_response")),
        ("claimed", "2026-03-02T12:30:00.000000Z", (None, None)),  # answered: what comes next is known when it moves
        ("open", None, (None, None)),  # the bot has it again
    ],
)
def test_what_an_older_program_promised_is_still_what_is_due(
    path: Path, state: str, first_reply_at: str | None, seen: tuple[str | None, str | None]
) -> None:
    with closing(Database(path)) as db:
        _MIGRATIONS.apply(db, stop_before="m009_deadlines")
        db.conn.execute("PRAGMA user_version = 8")
        case = dict.fromkeys(("id", "team", "channel", "thread_ts", "requester"), "x")
        snapshot = json.dumps({"first_reply_at": first_reply_at})
        due = "2026-03-02T13:00:00.000000Z"
        db.table("cases").insert({**case, "state": state, "version": 3, "snapshot": snapshot, "due_first_at": due})

        migrate(db)

        assert db.execute("select due_at, due_of from cases").fetchone() == seen


def test_migrating_a_database_twice_is_migrating_it_once(path: Path) -> None:
    with closing(Database(path)) as db:
        migrate(db)
        before = db.schema
        migrate(db)

        assert db.schema == before
