"""Every implementation of the store, for the contract suite: the tests know the ports, not what is behind them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from bot.ports import Book, Outbox, Registry
from bot.store.sqlite import SqliteStore


class Store(Protocol):
    @property
    def book(self) -> Book: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def registry(self) -> Registry: ...

    def close(self) -> None: ...


@dataclass
class Database:
    """One database. `program` opens it as one more running program would; `rows` reads it as an analyst would."""

    program: Callable[[], Store]
    rows: Callable[[str], list[Mapping[str, object]]]
    here: Store = field(init=False)

    def __post_init__(self) -> None:
        self.here = self.program()


def _sqlite(path: Path, stack: ExitStack) -> Database:
    def program() -> Store:
        return stack.enter_context(closing(SqliteStore(path)))

    def rows(query: str) -> list[Mapping[str, object]]:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query)]

    return Database(program, rows)


@pytest.fixture(params=[_sqlite], ids=["sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with ExitStack() as stack:
        yield request.param(tmp_path / "tier1.db", stack)


@pytest.fixture
def book(database: Database) -> Book:
    return database.here.book


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return database.here.outbox


@pytest.fixture
def registry(database: Database) -> Registry:
    return database.here.registry
