"""What is written down to be said, in SQLite: order, leases, waiting and retries, each change one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.core.saying import (
    DirectTo,
    Fill,
    Post,
    Publish,
    React,
    Redirect,
    Said,
    Saying,
    Under,
    Update,
    Whisper,
    Withdraw,
)
from bot.ports import Landed, Lease, Row
from bot.store.codec import saying_from_json, saying_to_json, time_from_text, time_to_text
from bot.store.file import SqliteFile

# A row can be said once what it names is in Slack; until then it stands aside.
_SAYABLE = """
  from outbox as due left join outbox as named on named.id = due.depends_on
  where due.state = 'due' and (due.depends_on is null or named.state = 'told')
"""


class SqliteOutbox:
    """Implements `bot.ports.Outbox`.

    Leases and what was told need not be on the disk at once: they outlive this process, and when the machine itself has
    gone down, `doubt_untold` makes the courier look before it posts.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._holders: set[str] = set()  # who leased through this object: their lanes are not "somebody else's"

    def lanes_due(self, now: datetime) -> Sequence[str]:
        """As the port says; lanes with urgent rows first, then those that wait longest."""
        with self._file.reading() as connection:
            rows = connection.execute(
                f"""
                select head.lane
                from (
                  select
                    due.lane, due.urgent, due.seq, due.not_before,
                    row_number() over (partition by due.lane order by due.urgent desc, due.seq) as place
                  {_SAYABLE}
                ) as head left join lanes on lanes.lane = head.lane
                where head.place = 1
                  and coalesce(head.not_before, '') <= :now
                  and coalesce(lanes.held_until, '') <= :now
                  and (
                    lanes.holder is null or lanes.until <= :now
                    or lanes.holder in (select value from json_each(:ours))
                  )
                order by head.urgent desc, head.seq
                """,
                {"now": time_to_text(now), "ours": json.dumps(list(self._holders))},
            ).fetchall()
        return [row["lane"] for row in rows]

    def lease(self, lane: str, holder: str, now: datetime, length: timedelta) -> Lease | None:
        until = now + length
        with self._file.writing(durable=False) as connection:
            had = connection.execute("select holder, until from lanes where lane = ?", [lane]).fetchone()
            before = had["holder"] if had else None
            others = before is not None and before != holder
            if others and had["until"] > time_to_text(now):
                return None
            connection.execute(
                """
                insert into lanes (lane, holder, until) values (?, ?, ?)
                on conflict (lane) do update set holder = excluded.holder, until = excluded.until
                """,
                [lane, holder, time_to_text(until)],
            )
            if others:
                # No mark is written before a post, so whatever the dead process had before it may have been posted.
                connection.execute(
                    "update outbox set ambiguous = 1 where lane = ? and state = 'due' and kind = 'Post'", [lane]
                )
        self._holders.add(holder)
        return Lease(lane, holder, until, takeover=others)

    def release(self, lease: Lease) -> None:
        with self._file.writing(durable=False) as connection:
            connection.execute(
                "update lanes set holder = null, until = null where lane = ? and holder = ?", [lease.lane, lease.holder]
            )

    def next_row(self, lease: Lease, now: datetime) -> Row | None:
        """The row to say now; None if there is none, if the first has to wait, or if the lease or the lane is not ours.

        A row that is tried again later keeps its place and everything behind it waits: the order is what customers see.
        """
        with self._file.reading() as connection:
            row = connection.execute(
                f"""
                select head.*, cases.state as case_state
                from (select due.* {_SAYABLE} and due.lane = :lane order by due.urgent desc, due.seq limit 1) as head
                join lanes on lanes.lane = head.lane
                left join cases on cases.id = head."case"
                where lanes.holder = :holder and lanes.until > :now
                  and coalesce(head.not_before, '') <= :now and coalesce(lanes.held_until, '') <= :now
                """,
                {"lane": lease.lane, "holder": lease.holder, "now": time_to_text(now)},
            ).fetchone()
        return None if row is None else _row(row)

    def landed(self, outbox: str) -> Landed | None:
        """Where the message is; an update's id stands for the message that it changed."""
        with self._file.reading() as connection:
            row = connection.execute(
                """
                select message.channel, message.ts, message.thread_ts
                from outbox as named
                join outbox as message
                  on message.id = case named.kind when 'Update' then named.depends_on else named.id end
                where named.id = ? and message.ts is not null
                """,
                [outbox],
            ).fetchone()
        return None if row is None else Landed(row["channel"], row["ts"], row["thread_ts"])

    def told(self, row: Row, landed: Landed | None, now: datetime) -> None:
        """As the port says. A row that was dropped while it was on its way has been said all the same.

        A whisper is told before it is sent, and must not be sent again after the power went.
        """
        place = (landed.channel, landed.ts, landed.thread_ts) if landed else (None, None, None)
        with self._file.writing(durable=isinstance(row.said.saying, Whisper)) as connection:
            connection.execute(
                """
                update outbox
                set state = 'told', told_at = ?, attempts = attempts + 1, ambiguous = 0, channel = ?, ts = ?,
                    thread_ts = ?
                where id = ? and state <> 'told'
                """,
                [time_to_text(now), *place, row.said.id],
            )

    def hold(self, lane: str, until: datetime) -> None:
        """As the port says; the later of two holds counts."""
        with self._file.writing(durable=False) as connection:
            connection.execute(
                """
                insert into lanes (lane, held_until) values (?, ?)
                on conflict (lane) do update set held_until = max(coalesce(held_until, ''), excluded.held_until)
                """,
                [lane, time_to_text(until)],
            )

    def failed(self, row: Row, error: str, retry_at: datetime, *, ambiguous: bool) -> None:
        """As the port says. `ambiguous` is what is known now: a look that found nothing takes an earlier doubt away."""
        with self._file.writing(durable=False) as connection:
            connection.execute(
                """
                update outbox
                set attempts = attempts + 1, not_before = ?, error = ?, ambiguous = (kind = 'Post' and ?)
                where id = ? and state = 'due'
                """,
                [time_to_text(retry_at), error, ambiguous, row.said.id],
            )

    def again_plain(self, row: Row, error: str) -> None:
        with self._file.writing() as connection:
            connection.execute(
                """
                update outbox set attempts = attempts + 1, plain = 1, ambiguous = 0, not_before = null, error = ?
                where id = ? and state = 'due'
                """,
                [error, row.said.id],
            )

    def park(self, row: Row, error: str) -> bool:
        """As the port says. A whisper is told before it is sent, and may be parked still."""
        with self._file.writing() as connection:
            there = connection.execute("select payload from outbox where id = ?", [row.said.id]).fetchone()
            if there is None or saying_from_json(there["payload"]) != row.said.saying:
                return False
            return _give_up(connection, row.said.id, "parked", error)

    def drop(self, row: Row, why: str) -> None:
        with self._file.writing() as connection:
            _give_up(connection, row.said.id, "dropped", why)

    def relane(self, row: Row, lane: str) -> None:
        """As the port says. What is behind moves along: left behind, it would be overtaken."""
        with self._file.writing() as connection:
            connection.execute(
                """
                insert into lanes (lane, leads_to) values (?, ?)
                on conflict (lane) do update set leads_to = excluded.leads_to
                """,
                [row.lane, lane],
            )
            connection.execute("update outbox set lane = ? where lane = ? and state = 'due'", [lane, row.lane])

    def post_instead(self, row: Row, post: Post) -> None:
        with self._file.writing() as connection:
            _post_instead(connection, row.said.id, post)

    def is_all_said(self) -> bool:
        with self._file.reading() as connection:
            return connection.execute("select 1 from outbox where state = 'due' limit 1").fetchone() is None


def doubt_untold(connection: sqlite3.Connection) -> None:
    """Whatever is untold may be in Slack already: what was written last before the machine went down may be lost."""
    connection.execute("update outbox set ambiguous = 1 where state = 'due' and kind = 'Post'")


def write_down(connection: sqlite3.Connection, said: Iterable[tuple[str, Said]], at: datetime) -> Sequence[str]:
    """Add sayings, each with its team, to the outbox as part of the caller's transaction, in the order given.

    An untold update of a message makes room for a newer one, or for the message's withdrawal. Returns the lanes in
    which something can be said now.
    """
    written = [(one, *_write(connection, team, one, at)) for team, one in said]
    return [*dict.fromkeys(lane for one, lane, message in written if _share_fate(connection, one.id, message))]


def redirect(connection: sqlite3.Connection, redirects: Iterable[Redirect]) -> Sequence[str]:
    """Let what found its thread gone, and what waits to be said there, be said elsewhere or never.

    What may stand in the old place already is left to be looked for; whoever finds that it does not, redirects it.
    Returns the lanes in which it is said now.
    """
    lanes: list[str] = []
    for one in redirects:
        rows = connection.execute(
            """
            select id, payload from outbox where id = :found and state in ('due', 'parked')
            union
            select id, payload from outbox
            where state = 'due' and "case" = :case and kind = 'Post' and ambiguous = 0
            """,
            {"case": one.case, "found": one.outbox},
        ).fetchall()
        for row in rows:
            saying = saying_from_json(row["payload"])
            if not isinstance(saying, Post) or (saying.where not in one.was and row["id"] != one.outbox):
                continue
            if one.to is None:
                _give_up(connection, row["id"], "dropped", "its thread is gone")
            else:
                lanes.append(_post_instead(connection, row["id"], replace(saying, where=one.to)))
    return lanes


def _post_instead(connection: sqlite3.Connection, outbox: str, post: Post) -> str:
    """Returns its lane."""
    lane, message = _lane_there(connection, post), _message(connection, post)
    connection.execute(
        """
        update outbox
        set kind = 'Post', payload = ?, lane = ?, depends_on = ?, urgent = ?, state = 'due', attempts = 0,
            not_before = null, ambiguous = 0
        where id = ? and state in ('due', 'parked')
        """,
        [saying_to_json(post), lane, message, post.urgent, outbox],
    )
    _share_fate(connection, outbox, message)
    return lane


def _write(connection: sqlite3.Connection, team: str, said: Said, at: datetime) -> tuple[str, str | None]:
    """Add one row, and return its lane and the outbox id of the message that it waits for."""
    saying = said.saying
    message = _message(connection, saying)
    if isinstance(saying, Update | Withdraw):
        connection.execute(
            """
            update outbox set state = 'dropped', error = ?
            where depends_on = ? and kind = 'Update' and state = 'due'
            """,
            [f"replaced by {said.id}", message],
        )
    if isinstance(saying, Withdraw) and message is not None and _is_certainly_unsaid(connection, message, at):
        _give_up(connection, message, "dropped", f"withdrawn by {said.id}")
    lane = _lane_there(connection, saying) or _lane_of(connection, message)
    if isinstance(saying, Publish):
        connection.execute(
            "update outbox set state = 'dropped', error = ? where lane = ? and kind = 'Publish' and state = 'due'",
            [f"replaced by {said.id}", lane],
        )
    columns = {
        "id": said.id,
        "team": team,
        "lane": lane,
        '"case"': said.case or None,
        "position": said.position,
        "kind": type(saying).__name__,
        "content": type(saying.content).__name__ if isinstance(saying, Post | Update) else None,
        "urgent": saying.urgent if isinstance(saying, Post) else True,
        "payload": saying_to_json(saying),
        "depends_on": message,
        "created_at": time_to_text(at),
    }
    connection.execute(
        f"""
        insert into outbox (seq, {", ".join(columns)})
        values ((select coalesce(max(seq), 0) + 1 from outbox){", ?" * len(columns)})
        """,
        [*columns.values()],
    )
    return lane, message


def _is_certainly_unsaid(connection: sqlite3.Connection, message: str, at: datetime) -> bool:
    """Whether a message is not in Slack, nor on its way: nobody serves its lane just now."""
    row = connection.execute(
        """
        select 1 from outbox left join lanes using (lane)
        where outbox.id = ? and state = 'due' and ambiguous = 0 and (holder is null or until <= ?)
        """,
        [message, time_to_text(at)],
    ).fetchone()
    return row is not None


def _row(row: sqlite3.Row) -> Row:
    return Row(
        said=Said(row["id"], row["case"] or "", row["position"], saying_from_json(row["payload"])),
        lane=row["lane"],
        created_at=time_from_text(row["created_at"]),
        attempts=row["attempts"],
        ambiguous=bool(row["ambiguous"]),
        plain=bool(row["plain"]),
        owned_by_people=row["case_state"] in ("handed_off", "claimed"),
    )


def _lane(saying: Saying) -> str:
    """Return the Slack channel as far as the saying knows it; "" if only the message it names knows."""
    match saying:
        case Post(where=place):
            return f"@{place.user}" if isinstance(place, DirectTo) else place.channel
        case Update() | Withdraw() | React() | Whisper():
            return saying.channel
        case Fill(view=view):
            return f"view:{view}"
        case Publish(user=user):
            return f"home:{user}"
    assert_never(saying)


def _lane_there(connection: sqlite3.Connection, saying: Saying) -> str:
    """Return its lane, or the one that this is known to lead to."""
    lane = _lane(saying)
    row = connection.execute("select leads_to from lanes where lane = ?", [lane]).fetchone()
    return str(row["leads_to"]) if row and row["leads_to"] else lane


def _lane_of(connection: sqlite3.Connection, message: str | None) -> str:
    row = connection.execute("select lane from outbox where id = ?", [message]).fetchone()
    return str(row["lane"]) if row else ""


def _message(connection: sqlite3.Connection, saying: Saying) -> str | None:
    """Return the outbox id of the message that must be in Slack first.

    What takes a miss's place is an update, and later sayings name it by that: they mean the message it changed.
    """
    named = _named(saying)
    if named is None:
        return None
    row = connection.execute("select kind, depends_on from outbox where id = ?", [named]).fetchone()
    return row["depends_on"] if row and row["kind"] == "Update" else named


def _named(saying: Saying) -> str | None:
    match saying:
        case Post(where=Under(outbox=outbox)) | Update(outbox=outbox) | Withdraw(outbox=outbox):
            return outbox
        case React(after=outbox) | Whisper(link_to=outbox):
            return outbox or None
        case Post() | Fill() | Publish():
            return None
    assert_never(saying)


def _share_fate(connection: sqlite3.Connection, outbox: str, message: str | None) -> bool:
    """Give up a row whose message is given up already, or is unknown. Returns whether it can be said now."""
    if message is None:
        return True
    row = connection.execute("select state from outbox where id = ?", [message]).fetchone()
    if row is None:
        _give_up(connection, outbox, "parked", f"{message} is not in the outbox")
    elif row["state"] in ("parked", "dropped"):
        _give_up(connection, outbox, row["state"], f"{message} was {row['state']}")
    return row is not None and row["state"] == "told"


def _give_up(connection: sqlite3.Connection, outbox: str, state: str, error: str) -> bool:
    """Park or drop a row that is not in Slack, and what waits for it. Returns whether it was still to be said."""
    given_up = connection.execute(
        "update outbox set state = ?, error = ? where id = ? and (state = 'due' or state = 'told' and ts is null)",
        [state, error, outbox],
    )
    if not given_up.rowcount:
        return False
    connection.execute(
        """
        with recursive waiting (id) as (
          select id from outbox where depends_on = :outbox and state = 'due'
          union
          select behind.id from outbox as behind join waiting on behind.depends_on = waiting.id
          where behind.state = 'due'
        )
        update outbox set state = :state, error = :outbox || ' was ' || :state
        where id in (select id from waiting) and state = 'due'
        """,
        {"outbox": outbox, "state": state},
    )
    return True
