"""A person's earlier cases, in SQLite."""

from __future__ import annotations

import sqlite3

from bot.core.earlier import LISTED, Earlier, EarlierCase, Unhelped
from bot.store.codec import time_from_text

_LOOKED_THROUGH = 50  # of a person's cases, the newest, for what did not help
_THEIRS = "cases.team = ? and cases.requester = ? and cases.is_test = 0"


def earlier_cases(connection: sqlite3.Connection, team: str, requester: str) -> Earlier:
    """As `bot.ports.Book.earlier` says."""
    count = connection.execute(f"select count(*) from cases where {_THEIRS}", [team, requester]).fetchone()[0]
    last = connection.execute(
        f"""
        select id, opened_at, outcome, entry, queue from cases where {_THEIRS}
        order by opened_at desc, rowid desc limit ?
        """,
        [team, requester, LISTED + 1],  # as one of them may be the one that it is about
    ).fetchall()
    unhelped = connection.execute(
        f"""
        select distinct stuck."case", stuck.entry
        from (select id from cases where {_THEIRS} order by opened_at desc limit ?) as theirs
        join events as stuck on stuck."case" = theirs.id and stuck.kind = 'StillStuck'
        where stuck.entry is not null and not exists (
          select 1 from events as label
          where label."case" = stuck."case" and label.kind = 'Labelled' and label.entry = stuck.entry
            and json_extract(label.data, '$.label') = 'not_meant'
        )
        """,
        [team, requester, _LOOKED_THROUGH],
    ).fetchall()
    return Earlier(int(count), tuple(map(_case, last)), tuple(Unhelped(row["case"], row["entry"]) for row in unhelped))


def _case(row: sqlite3.Row) -> EarlierCase:
    return EarlierCase(
        row["id"], time_from_text(row["opened_at"]), row["outcome"] or "", row["entry"] or "", row["queue"] or ""
    )
