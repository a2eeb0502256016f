"""Many people at the desk at once, over a real store: one incident, and nobody is missed or told twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.core.stimuli import Message, Submission
from bot.desk import Desk
from bot.store.sqlite import SqliteStore
from tests.core.many import SURGES
from tests.core.situations import DANA, DESK, TEAM
from tests.test_desk import Clock, Interrupted, Nobody

GLOOP = "the gloop machine is broken"
MANY = 24


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "tier1.db")) as opened:
        yield opened


def desk_with(book: Any) -> Desk:
    return Desk(book, Nobody(), lambda: SURGES, clock=Clock(), written=lambda _lanes: None)


def asks(person: str, text: str = GLOOP) -> Message:
    ts = f"1764000000.{abs(hash(person)) % 1_000_000:06}"
    return Message(
        key=f"m:{person}:{text}", team=TEAM, user=person, channel=f"D{person}", ts=ts, text=text, direct=True
    )


def says(incident: str, words: str) -> Submission:
    return Submission(
        key=f"v:{words}", team=TEAM, user=DANA, form="status", view="V1", values=(("words", words),), case=incident,
        channel=DESK,
    )  # fmt: skip


def rows(store: SqliteStore, query: str) -> list[tuple[object, ...]]:
    with store.book._file.reading() as connection:
        connection.row_factory = sqlite3.Row
        return [tuple(row) for row in connection.execute(query)]


def while_others(store: SqliteStore, others: Callable[[Desk], None]) -> Desk:
    """A desk that has decided, and just before it writes, another process hears something."""
    other = desk_with(store.book)
    return desk_with(Interrupted(store.book, lambda: others(other)))


def test_of_two_handoffs_that_are_both_the_last_one_begins_the_incident_and_the_other_joins(store: SqliteStore) -> None:
    for person in ("UA", "UB"):
        desk_with(store.book).hear(asks(person))

    while_others(store, lambda other: other.hear(asks("UD"))).hear(asks("UC"))

    assert rows(store, "select people from incidents") == [(4,)]
    assert rows(store, "select count(*) from events where kind = 'IncidentBegun'") == [(1,)]


def test_handoffs_that_could_not_see_each_other_are_counted_all_the_same(store: SqliteStore) -> None:
    desk_with(store.book).hear(asks("UA"))

    while_others(store, lambda other: other.hear(asks("UB"))).hear(asks("UC"))

    assert rows(store, "select people from incidents") == [(3,)]


@pytest.mark.parametrize("asker_is_first", [True, False])
def test_who_asks_while_the_status_is_said_reads_it_once(store: SqliteStore, asker_is_first: bool) -> None:
    for person in ("UA", "UB", "UC"):
        desk_with(store.book).hear(asks(person))
    ((incident,),) = rows(store, "select id from incidents")
    both = (asks("UD"), says(str(incident), "We know."))
    first, second = both if asker_is_first else reversed(both)

    while_others(store, lambda other: other.hear(first)).hear(second)

    pushed = "select count(*) from outbox where content = 'FromSpecialist' and lane = 'DUD'"
    listed = "select json_extract(data, '$.status') > 0 from events where kind = 'Listed' order by id desc limit 1"
    assert (rows(store, pushed), rows(store, listed)) in (([(1,)], [(0,)]), ([(0,)], [(1,)]))
    assert rows(store, "select people from incidents") == [(4,)]


def test_a_case_that_moves_on_while_it_is_joined_is_looked_at_again(store: SqliteStore) -> None:
    for person in ("UA", "UB"):
        desk_with(store.book).hear(asks(person))

    while_others(store, lambda other: other.hear(asks("UA", "it smokes now"))).hear(asks("UC"))

    assert rows(store, "select people from incidents") == [(3,)]
    assert rows(store, "select count(*) from events where kind = 'Forwarded'") == [(1,)]


def test_a_crowd_at_once_makes_one_incident_with_everybody_in_it(store: SqliteStore) -> None:
    desk = desk_with(store.book)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: desk.hear(asks(f"U{n}")), range(MANY)))

    assert rows(store, "select people from incidents") == [(MANY,)]
    told = "select count(*), count(distinct events.\"case\") from events where kind = 'Listed'"
    assert rows(store, told) == [(MANY, MANY)]
