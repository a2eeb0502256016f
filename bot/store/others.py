"""Other cases that a decision may touch, in SQLite: what is with people, what is an incident, and what it is about."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from bot.core.beside import Other
from bot.core.case import Case
from bot.core.saying import Words
from bot.store.codec import case_from_json

_MOST_OWN, _MOST_INCIDENTS = 20, 20


def own_with_people(connection: sqlite3.Connection, team: str, requester: str) -> Sequence[Other]:
    """Those of this person; newest handoff first."""
    return _with_words(
        connection,
        _cases(
            connection,
            """
            select snapshot from cases
            where team = ? and requester = ? and state in ('handed_off', 'claimed') and closed_at is null
            order by handed_off_at desc, rowid desc limit ?
            """,
            [team, requester, _MOST_OWN],
        ),
    )


def handed_off_since(connection: sqlite3.Connection, team: str, since: str, most: int) -> Sequence[Other]:
    return _with_words(
        connection,
        _cases(
            connection,
            """
            select snapshot from cases
            where team = ? and requester <> '' and closed_at is null and handed_off_at >= ?
            order by handed_off_at desc, rowid desc limit ?
            """,
            [team, since, most],
        ),
    )


def open_incidents(connection: sqlite3.Connection, team: str) -> Sequence[Other]:
    return _with_words(
        connection,
        _cases(
            connection,
            """
            select snapshot from cases
            where team = ? and requester = '' and closed_at is null
            order by opened_at desc, rowid desc limit ?
            """,
            [team, _MOST_INCIDENTS],
        ),
    )


def cases_of(connection: sqlite3.Connection, cases: Sequence[str]) -> Sequence[Case]:
    chosen = "select snapshot from cases where id in (select value from json_each(?))"
    return _cases(connection, chosen, [json.dumps(list(cases))])


def count_of_handoffs(connection: sqlite3.Connection, team: str) -> int:
    """A number that grows with each handoff, and with nothing else."""
    newest = "select max(id) from events where team = ? and kind = 'HandedOff'"
    return int(connection.execute(newest, [team]).fetchone()[0] or 0)


def _cases(connection: sqlite3.Connection, query: str, values: Sequence[str | int]) -> Sequence[Case]:
    return [case_from_json(row["snapshot"]) for row in connection.execute(query, values).fetchall()]


def _with_words(connection: sqlite3.Connection, cases: Iterable[Case]) -> Sequence[Other]:
    return [Other(case, tuple(_words(connection, _about(case)))) for case in cases]


def _about(case: Case) -> tuple[Words, ...]:
    """The questions that say what a case is about."""
    if case.incident is not None:
        return case.incident.about
    positions = case.asked or ((case.question,) if case.question is not None else ())
    return tuple(Words(case.id, position) for position in positions)


def _words(connection: sqlite3.Connection, refs: Sequence[Words]) -> Iterable[str]:
    for ref in refs:
        row = connection.execute(
            """
            select texts.text from texts join events on events.id = texts.event
            where events."case" = ? and events.position = ?
            """,
            [ref.case, ref.position],
        ).fetchone()
        if row is not None:
            yield row["text"]
