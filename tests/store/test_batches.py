"""Who writes at the same time shares a commit, and nobody goes on before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Event
from time import sleep
from typing import Any

import pytest

from bot.store.batches import Batches, Busy, NotCommitted


class Slow(sqlite3.Connection):
    """A disk that takes its time: a commit that has begun ends when `gate` is open. `refuses`: it fails then."""

    gate: Event
    begun: Event
    refuses = False
    commits = 0

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self.begun.set()
            self.gate.wait(10)
            if self.refuses:
                raise sqlite3.OperationalError("disk I/O error")
            type(self).commits += 1
        return super().execute(sql, *values)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "b.db")) as database:
        database.execute("pragma journal_mode = wal")
        database.execute("create table said (words text unique)")
    return tmp_path / "b.db"


@pytest.fixture
def slow() -> type[Slow]:
    """A class of its own for each test, so that what it counts is its own."""

    class Own(Slow):
        gate, begun = Event(), Event()

    Own.gate.set()
    return Own


@contextmanager
def batches(path: Path, slow: type[Slow], patience: float = 5) -> Iterator[Batches]:
    def connect(_durable: bool) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=slow)

    opened = Batches(connect, patience=patience)
    yield opened
    opened.close()


def say(batches: Batches, words: str, *, durable: bool = True) -> None:
    with batches.transaction(durable=durable) as connection:
        connection.execute("insert into said values (?)", [words])


def said(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        return {words for (words,) in database.execute("select words from said")}


def test_those_who_wait_share_a_commit(path: Path, slow: type[Slow]) -> None:
    slow.gate.clear()
    with batches(path, slow) as opened, ThreadPoolExecutor(21) as threads:
        first = threads.submit(say, opened, "first")
        slow.begun.wait()
        others = [threads.submit(say, opened, f"other {n}") for n in range(20)]
        all_wait(opened, 20)
        assert not first.done()
        slow.gate.set()
        for one in (first, *others):
            one.result()

    assert len(said(path)) == 21
    assert slow.commits == 2


def test_nobody_goes_on_before_others_can_read_what_was_written(path: Path, slow: type[Slow]) -> None:
    start = Barrier(16)

    def one(number: int) -> bool:
        start.wait()
        for turn in range(20):
            words = f"{number}, {turn}"
            say(opened, words, durable=bool((number + turn) % 3))
            if words not in said(path):
                return False
        return True

    with batches(path, slow) as opened, ThreadPoolExecutor(16) as threads:
        assert all(threads.map(one, range(16)))

    assert len(said(path)) == 320


def test_one_that_fails_undoes_what_it_wrote_and_no_more(path: Path, slow: type[Slow]) -> None:
    def one(number: int) -> None:
        with opened.transaction(durable=True) as connection:
            connection.execute("insert into said values (?)", [str(number)])
            if number % 2:
                raise KeyError(number)

    slow.gate.clear()
    with batches(path, slow) as opened, ThreadPoolExecutor(21) as threads:
        threads.submit(say, opened, "first")
        slow.begun.wait()
        asked = [threads.submit(one, n) for n in range(20)]
        all_wait(opened, 20)
        slow.gate.set()

    assert [isinstance(each.exception(), KeyError) for each in asked] == [bool(n % 2) for n in range(20)]
    assert said(path) == {"first", *map(str, range(0, 20, 2))}
    assert slow.commits == 2


def test_a_commit_that_fails_is_told_to_all_who_were_in_it_and_the_next_may_succeed(
    path: Path, slow: type[Slow]
) -> None:
    slow.gate.clear()
    with batches(path, slow) as opened, ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(say, opened, "0")]
        slow.begun.wait()
        asked += [threads.submit(say, opened, f"{n}") for n in range(1, 6)]
        all_wait(opened, 5)
        slow.refuses = True
        slow.gate.set()
        errors = [one.exception() for one in asked]
        slow.refuses = False
        say(opened, "later")

    assert all(isinstance(error, NotCommitted) for error in errors)
    assert {str(error) for error in errors} == {"disk I/O error"}
    assert said(path) == {"later"}


def test_a_statement_that_the_table_refuses_leaves_the_others_alone(path: Path, slow: type[Slow]) -> None:
    slow.gate.clear()
    with batches(path, slow) as opened, ThreadPoolExecutor(6) as threads:
        threads.submit(say, opened, "first")
        slow.begun.wait()
        asked = [threads.submit(say, opened, words) for words in ("again", "again", "again", "other")]
        all_wait(opened, 4)
        slow.gate.set()

    assert sorted(type(one.exception()).__name__ for one in asked) == [
        "IntegrityError", "IntegrityError", "NoneType", "NoneType",
    ]  # fmt: skip
    assert said(path) == {"first", "again", "other"}


def test_whose_turn_does_not_come_is_told_so(path: Path, slow: type[Slow]) -> None:
    slow.gate.clear()
    with batches(path, slow, patience=0.05) as opened, ThreadPoolExecutor(1) as threads:
        first = threads.submit(say, opened, "first")
        slow.begun.wait()
        with pytest.raises(Busy):
            say(opened, "second")
        slow.gate.set()
        first.result()

    assert said(path) == {"first"}


def all_wait(opened: Batches, number: int) -> None:
    """Return when so many wait for their turn."""
    while opened.waiting != number:
        sleep(0.001)
