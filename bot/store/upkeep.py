"""What operators see and change of the outbox, beside a running bot: say again what was given up, or give it up.

A message that is said again is looked for in Slack first: nobody can know whether its last attempt got through.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.errors import StoreError
from bot.store.codec import case_from_json, time_from_text, time_to_text
from bot.store.existing import changing, opened

STATES = ("due", "parked", "dropped", "told")

_NEAR = 70  # of 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A row, without its words. `next_try` is None where nothing keeps it back, or where it is not due.

    `waits_for` is the outbox id of the message that must be in Slack first, "" if it is, or if none is needed.
    """

    id: str
    state: str
    kind: str
    content: str
    lane: str
    case: str
    created_at: datetime
    attempts: int
    error: str
    next_try: datetime | None
    waits_for: str
    ambiguous: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The oldest rows, and how many there are in all."""

    rows: tuple[Listed, ...]
    of_all: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row. `note`: why it was refused, or what else to know. `with_it`: who shares its fate."""

    id: str
    done: bool
    note: str = ""
    with_it: tuple[str, ...] = ()


def list_rows(
    path: Path, now: datetime, *, states: Iterable[str], case: str = "", lane: str = "", limit: int = 100
) -> Page:
    """Raises as `bot.store.existing.opened` does."""
    conditions = ["outbox.state in (select value from json_each(:states))"]
    conditions += ['outbox."case" = :case'] * bool(case) + ["outbox.lane = :lane"] * bool(lane)
    where = " and ".join(conditions)
    given = {"states": json.dumps(list(states)), "case": case, "lane": lane, "limit": limit}
    with opened(path) as connection:
        connection.execute("BEGIN")
        of_all = connection.execute(f"select count(*) from outbox where {where}", given).fetchone()[0]
        rows = connection.execute(
            f"""
            select outbox.*, lanes.held_until, named.state as named_state
            from outbox left join lanes on lanes.lane = outbox.lane
            left join outbox as named on named.id = outbox.depends_on
            where {where} order by outbox.seq limit :limit
            """,
            given,
        ).fetchall()
    return Page(tuple(_listed(row, time_to_text(now)) for row in rows), int(of_all))


def resend(path: Path, ids: Sequence[str] | None) -> tuple[Result, ...]:
    """Make rows due again, or all that are parked, each with the message it belongs to and with what waits for it.

    Raises `StoreError` for an id that there is not, and changes nothing then.
    """
    with changing(path) as connection:
        if ids is None:
            ids = [row["id"] for row in connection.execute("select id from outbox where state = 'parked' order by seq")]
        rows = [_known(connection, outbox) for outbox in ids]
        return tuple(_resend(connection, row["id"]) for row in rows)


def drop(path: Path, ids: Sequence[str], now: datetime) -> tuple[Result, ...]:
    """Let rows never be said, nor what waits for them. Raises `StoreError` for an id that there is not."""
    with changing(path) as connection:
        rows = [_known(connection, outbox) for outbox in ids]
        return tuple(_drop(connection, row["id"], now) for row in rows)


def _listed(row: sqlite3.Row, now: str) -> Listed:
    next_try = max(row["not_before"] or "", row["held_until"] or "") if row["state"] == "due" else ""
    is_waiting = row["state"] == "due" and row["depends_on"] and row["named_state"] != "told"
    return Listed(
        id=row["id"],
        state=row["state"],
        kind=row["kind"],
        content=row["content"] or "",
        lane=row["lane"],
        case=row["case"] or "",
        created_at=time_from_text(row["created_at"]),
        attempts=row["attempts"],
        error=row["error"] or "",
        next_try=time_from_text(next_try) if next_try > now else None,
        waits_for=row["depends_on"] if is_waiting else "",
        ambiguous=bool(row["ambiguous"]),
        plain=bool(row["plain"]),
    )


def _row(connection: sqlite3.Connection, outbox: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute("select * from outbox where id = ?", [outbox]).fetchone()
    return row


def _known(connection: sqlite3.Connection, outbox: str) -> sqlite3.Row:
    row = _row(connection, outbox)
    if row is not None:
        return row
    if connection.execute("select 1 from cases where id = ?", [outbox]).fetchone():
        raise StoreError(
            f"{outbox} is a case, not a row of the outbox: `tier1 outbox list --case {outbox}` lists its rows"
        )
    ids = (one["id"] for one in connection.execute("select id from outbox"))
    near = process.extractOne(outbox, ids, scorer=fuzz.ratio, score_cutoff=_NEAR)
    hint = f"did you mean {near[0]}?" if near else "`tier1 outbox list` lists what is due or parked"
    raise StoreError(f"there is no row {outbox} in the outbox; {hint}")


# --- saying again -----------------------------------------------------------------------------------------------------


def _resend(connection: sqlite3.Connection, outbox: str) -> Result:
    row = _row(connection, outbox)
    if row is None or row["state"] == "due":
        return Result(outbox, True, "is due")
    needed: list[str] = []
    while row is not None and row["state"] != "due":
        if why := _why_not_again(connection, row):
            message = "" if row["id"] == outbox else f"it belongs to {row['id']}, which "
            return Result(outbox, False, message + why)
        needed.append(row["id"])
        above = row["depends_on"]
        if above is None:
            break
        row = _row(connection, above)
        if row is None:
            return Result(outbox, False, f"it belongs to {above}, which is not in the outbox")
        if row["state"] == "told":
            break
    together = list(dict.fromkeys([*needed, *(behind for one in needed for behind in _given_up_with(connection, one))]))
    connection.execute(
        """
        update outbox set state = 'due', ambiguous = (kind = 'Post'), attempts = 0, not_before = null, error = null
        where id in (select value from json_each(?))
        """,
        [json.dumps(together)],
    )
    return Result(outbox, True, with_it=tuple(one for one in together if one != outbox))


def _why_not_again(connection: sqlite3.Connection, row: sqlite3.Row) -> str:
    """What speaks against saying a row again; "" if nothing does."""
    if row["state"] == "told":
        return f"has been said already, in {row['lane']}: what is in Slack is not said again"
    if row["kind"] == "Whisper" and row["told_at"]:
        return "is a whisper that was sent: whispers are sent once at most"
    if withdrawn := _one(connection, "kind = 'Withdraw' and depends_on = ?", row["id"]):
        return f"was withdrawn by {withdrawn}"
    if row["kind"] == "Update" and (
        newer := _one(
            connection,
            "kind in ('Update', 'Withdraw') and depends_on = ? and seq > ? and state in ('due', 'told')",
            row["depends_on"],
            row["seq"],
        )
    ):
        return f"was replaced by {newer}, which says what is true now"
    return _why_no_card(connection, row) if row["content"] == "Card" and row["kind"] == "Post" else ""


def _why_no_card(connection: sqlite3.Connection, row: sqlite3.Row) -> str:
    stored = connection.execute("select snapshot from cases where id = ?", [row["case"]]).fetchone()
    if stored is None:
        return "is the card of a case that is not there"
    case = case_from_json(stored["snapshot"])
    if not case.with_people:
        return f"is the card of a case that is {case.state} by now"
    return f"gave way to {case.card_id}, the card in another channel" if case.card_id != row["id"] else ""


def _given_up_with(connection: sqlite3.Connection, outbox: str) -> Iterator[str]:
    """What was given up only because this row was."""
    rows = connection.execute(
        """
        with recursive behind (id) as (
          select ?
          union
          select outbox.id from outbox join behind on outbox.depends_on = behind.id
        )
        select outbox.* from outbox join behind using (id)
        where outbox.state in ('parked', 'dropped') and outbox.error = ? || ' was ' || outbox.state
        """,
        [outbox, outbox],
    ).fetchall()
    return (row["id"] for row in rows if not _why_not_again(connection, row))


def _one(connection: sqlite3.Connection, condition: str, *given: object) -> str:
    row = connection.execute(f"select id from outbox where {condition} order by seq desc limit 1", given).fetchone()
    return str(row["id"]) if row else ""


# --- giving up --------------------------------------------------------------------------------------------------------


def _drop(connection: sqlite3.Connection, outbox: str, now: datetime) -> Result:
    row = _row(connection, outbox)
    if row is None or row["state"] == "dropped":
        return Result(outbox, True, "is dropped")
    if row["state"] == "told":
        return Result(outbox, False, f"has been said already, in {row['lane']}: if it must go, delete it in Slack")
    connection.execute("update outbox set state = 'dropped', error = 'dropped by an operator' where id = ?", [outbox])
    behind = connection.execute(
        """
        with recursive behind (id) as (
          select id from outbox where depends_on = :outbox
          union
          select outbox.id from outbox join behind on outbox.depends_on = behind.id
        )
        update outbox set state = 'dropped', error = :outbox || ' was dropped'
        where id in (select id from behind) and state in ('due', 'parked')
        returning id
        """,
        {"outbox": outbox},
    ).fetchall()
    return Result(outbox, True, " ".join(_notes(connection, row, now)), tuple(one["id"] for one in behind))


def _notes(connection: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Iterator[str]:
    on_duty = connection.execute(
        "select 1 from lanes where lane = ? and holder is not null and until > ?", [row["lane"], time_to_text(now)]
    ).fetchone()
    if row["state"] == "due" and on_duty:
        yield "If it is on its way just now, it is said all the same."
    elif row["ambiguous"]:
        yield "It may be in Slack already."
    if row["content"] == "Card" and row["kind"] == "Post":
        yield f"Nobody sees a card of case {row['case']} now: tell the team yourself."
