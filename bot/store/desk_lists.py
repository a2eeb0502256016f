"""Whose cases there are: a customer's own, a specialist's, and what waits in queues; read for lists."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.core.case import Case
from bot.core.clocks.clock import Deadline
from bot.core.saying import In
from bot.core.worklist import AtDesk
from bot.store.codec import case_from_json, time_from_text, time_to_text

_OWN = 50
_OWNED = 50
_AT_DESK = 500  # far beyond what a team can have open, and read in some ten milliseconds


def own_cases(connection: sqlite3.Connection, team: str, requester: str, since: datetime) -> Sequence[Case]:
    rows = connection.execute(
        """
        select snapshot from cases
        where team = ? and requester = ? and (closed_at is null or closed_at >= ?)
        order by closed_at is not null, opened_at desc, rowid desc limit ?
        """,
        [team, requester, time_to_text(since), _OWN],
    ).fetchall()
    return [case_from_json(row["snapshot"]) for row in rows]


def owned_cases(connection: sqlite3.Connection, team: str, owner: str) -> Sequence[Case]:
    rows = connection.execute(
        """
        select snapshot from cases
        where team = ? and owner = ? and requester <> '' and closed_at is null and state = 'claimed'
        order by claimed_at desc, rowid desc limit ?
        """,
        [team, owner, _OWNED],
    ).fetchall()
    return [case_from_json(row["snapshot"]) for row in rows]


def at_desk(connection: sqlite3.Connection, team: str, queues: Sequence[str], owner: str) -> Sequence[AtDesk]:
    rows = connection.execute(
        """
        select
          cases.id, cases.version, cases.queue, cases.priority, cases.requester, cases.owner, cases.handed_off_at,
          cases.due_at, cases.due_of,
          json_extract(cases.snapshot, '$.question') as question,
          json_extract(cases.snapshot, '$.waits_for_customer') as waits_for_customer,
          json_extract(cases.snapshot, '$.called') as called,
          card.channel as card_channel, card.ts as card_ts
        from cases left join outbox as card
          on card.id = cases.id || '-' || json_extract(cases.snapshot, '$.card') || '-0'
        where cases.team = :team and cases.closed_at is null and cases.state in ('handed_off', 'claimed')
          and (cases.queue in (select value from json_each(:queues)) or cases.owner = :owner)
        order by cases.due_at is null, cases.due_at, cases.handed_off_at, cases.id limit :limit
        """,
        {"team": team, "queues": json.dumps(list(queues)), "owner": owner, "limit": _AT_DESK},
    ).fetchall()
    return [_at_desk(row) for row in rows]


def _at_desk(row: sqlite3.Row) -> AtDesk:
    return AtDesk(
        case=row["id"],
        version=row["version"],
        queue=row["queue"] or "",
        priority=row["priority"] or "",
        customer=row["requester"],
        owner=row["owner"] or "",
        question=row["question"],
        handed_off_at=time_from_text(row["handed_off_at"]),
        due=Deadline(row["due_of"], time_from_text(row["due_at"])) if row["due_at"] else None,
        waits_for_customer=bool(row["waits_for_customer"]),
        card=In(row["card_channel"], row["card_ts"]) if row["card_ts"] else None,
        called=bool(row["called"]),
    )
