"""The log of events in SQLite: what a decision adds is written in one transaction, and read back as cases and words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.beside import Other
from bot.core.case import Case
from bot.core.chapters import Chapter
from bot.core.clocks.clock import Deadline
from bot.core.dues import CLOCK, Due
from bot.core.earlier import Earlier
from bot.core.events import Event, Heard
from bot.core.knowledge import Versions
from bot.core.saying import Card, Content, FromSpecialist, IncidentCard, Words
from bot.core.stimuli import AnyStimulus, Place, slack_time
from bot.core.worklist import AtDesk
from bot.errors import StaleCase
from bot.store import desk_lists, others
from bot.store.codec import (
    EventRow,
    case_from_json,
    case_to_json,
    event_from_row,
    time_from_text,
    time_to_text,
)
from bot.store.earlier import earlier_cases
from bot.store.file import SqliteFile
from bot.store.outbox import redirect, write_down
from bot.store.pauses import keep_pauses, paused_channels
from bot.store.writing import Move, due_columns, hear, in_case, lines_of, move_on, write_lines

_CLOCKS_DIFFER = timedelta(minutes=5)  # Slack's clock and ours
_TAKEN_FOR = timedelta(minutes=1)
_TAKEN_AT_ONCE = 20  # so that the last of them is not taken again before its turn came

_IN_PLACE = "team = ? and channel = ? and thread_ts = ? and requester = ?"


class SqliteBook:
    """Implements `bot.ports.Book`."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def is_heard(self, key: str) -> bool:
        with self._file.reading() as connection:
            return connection.execute('select 1 from stimuli where "key" = ?', [key]).fetchone() is not None

    def open_case(self, place: Place) -> Case | None:
        return self._case(
            f"select snapshot from cases where {_IN_PLACE} and closed_at is null",
            [place.team, place.channel, place.thread_ts, place.requester],
        )

    def closed_case(self, place: Place, since: datetime) -> Case | None:
        here = [place.team, place.channel, place.thread_ts, place.requester]
        return self._case(
            f"""
            select snapshot from cases
            where {_IN_PLACE} and closed_at >= ?
              and not exists (select 1 from cases where {_IN_PLACE} and closed_at is null)
            order by closed_at desc, rowid desc limit 1
            """,
            [*here, time_to_text(since), *here],
        )

    def case(self, case: str) -> Case | None:
        return self._case("select snapshot from cases where id = ?", [case])

    def case_of_card(self, team: str, channel: str, ts: str) -> Case | None:
        return self._case_of((Card, IncidentCard), team, channel, ts)

    def case_of_reply(self, team: str, channel: str, ts: str) -> Case | None:
        return self._case_of((FromSpecialist,), team, channel, ts)

    def cases(self, cases: Sequence[str]) -> Sequence[Case]:
        with self._file.reading() as connection:
            return others.cases_of(connection, cases)

    def own_with_people(self, team: str, requester: str) -> Sequence[Other]:
        with self._file.reading() as connection:
            return others.own_with_people(connection, team, requester)

    def handed_off_since(self, team: str, since: datetime, most: int) -> Sequence[Other]:
        with self._file.reading() as connection:
            return others.handed_off_since(connection, team, time_to_text(since), most)

    def open_incidents(self, team: str) -> Sequence[Other]:
        with self._file.reading() as connection:
            return others.open_incidents(connection, team)

    def handoffs(self, team: str) -> int:
        with self._file.reading() as connection:
            return others.count_of_handoffs(connection, team)

    def pointed_at(self, team: str, channel: str, ts: str) -> tuple[Case, frozenset[int]] | None:
        with self._file.reading() as connection:
            rows = connection.execute(
                """
                select cases.snapshot, said.position
                from outbox as message
                join cases on cases.id = message."case"
                join outbox as said
                  on said.id = message.id or (said.depends_on = message.id and said.kind = 'Update')
                where message.channel = ? and message.ts = ? and message.team = ? and message.kind = 'Post'
                """,
                [channel, ts, team],
            ).fetchall()
        return (case_from_json(rows[0]["snapshot"]), frozenset(row["position"] for row in rows)) if rows else None

    def position_of(self, case: str, ts: str) -> int | None:
        with self._file.reading() as connection:
            row = connection.execute(
                'select position from events where "case" = ? and slack_ts = ? order by position limit 1', [case, ts]
            ).fetchone()
        return None if row is None else int(row["position"])

    def may_begin_case(self, team: str, lanes: Sequence[str], ts: str) -> bool:
        with self._file.reading() as connection:
            row = connection.execute(
                """
                select 1 from outbox
                where team = :team and state = 'due' and kind = 'Post' and created_at <= :by
                  and lane in (select value from json_each(:lanes))
                  and (content in ('Card', 'IncidentCard') or json_extract(payload, '$.report'))
                  and not exists (
                    select 1 from outbox where channel in (select value from json_each(:lanes)) and ts = :ts
                  )
                limit 1
                """,
                {
                    "team": team,
                    "lanes": json.dumps(list(lanes)),
                    "ts": ts,
                    "by": time_to_text(slack_time(ts) + _CLOCKS_DIFFER),
                },
            ).fetchone()
        return row is not None

    def cases_in_thread(self, team: str, channel: str, thread_ts: str) -> Sequence[Case]:
        with self._file.reading() as connection:
            rows = connection.execute(
                """
                select snapshot from cases where team = ? and channel = ? and thread_ts = ? and closed_at is null
                order by opened_at, rowid
                """,
                [team, channel, thread_ts],
            ).fetchall()
        return [case_from_json(row["snapshot"]) for row in rows]

    def own_cases(self, team: str, requester: str, since: datetime) -> Sequence[Case]:
        with self._file.reading() as connection:
            return desk_lists.own_cases(connection, team, requester, since)

    def owned_cases(self, team: str, owner: str) -> Sequence[Case]:
        with self._file.reading() as connection:
            return desk_lists.owned_cases(connection, team, owner)

    def at_desk(self, team: str, queues: Sequence[str], owner: str) -> Sequence[AtDesk]:
        with self._file.reading() as connection:
            return desk_lists.at_desk(connection, team, queues, owner)

    def opened_since(self, team: str, requester: str, since: datetime) -> Sequence[datetime]:
        """As the port says; oldest first."""
        with self._file.reading() as connection:
            rows = connection.execute(
                "select opened_at from cases where team = ? and requester = ? and opened_at >= ? order by opened_at",
                [team, requester, time_to_text(since)],
            ).fetchall()
        return [time_from_text(row["opened_at"]) for row in rows]

    def earlier(self, team: str, requester: str) -> Earlier:
        with self._file.reading() as connection:
            return earlier_cases(connection, team, requester)

    def stimuli_since(self, team: str, user: str, since: datetime) -> int:
        with self._file.reading() as connection:
            row = connection.execute(
                "select count(*) from stimuli where team = ? and user = ? and at >= ?",
                [team, user, time_to_text(since)],
            ).fetchone()
        return int(row[0])

    def told_too_fast(self, team: str, user: str, since: datetime) -> bool:
        with self._file.reading() as connection:
            row = connection.execute(
                """
                select 1 from events
                where kind = 'Chatted' and at >= ? and team = ? and actor = ?
                  and json_extract(data, '$.kind') = 'too_fast' and json_extract(data, '$.reply')
                limit 1
                """,
                [time_to_text(since), team, user],
            ).fetchone()
        return row is not None

    def words(self, refs: Iterable[Words]) -> Mapping[Words, str]:
        found: dict[Words, str] = {}
        with self._file.reading() as connection:
            for ref in refs:
                row = connection.execute(
                    """
                    select texts.text from texts join events on events.id = texts.event
                    where events."case" = :case and events.position = :position
                       or events.id = (select event from asides where id = :case and position = :position)
                    """,
                    {"case": ref.case, "position": ref.position},
                ).fetchone()
                if row is not None:
                    found[ref] = row["text"]
        return found

    def log(self, case: str) -> Sequence[tuple[int, Event]]:
        with self._file.reading() as connection:
            rows = connection.execute(f'{_EVENTS} where events."case" = ? order by events.position', [case]).fetchall()
        return [(row["position"], event_from_row(_event_row(row))) for row in rows]

    def paused_in(self, team: str) -> frozenset[str]:
        with self._file.reading() as connection:
            return paused_channels(connection, team)

    def heard(self, case: str, position: int) -> Heard | None:
        with self._file.reading() as connection:
            row = connection.execute(
                f"""{_EVENTS} where events."case" = ? and events.position = ? and events.kind = 'Heard'""",
                [case, position],
            ).fetchone()
        event = event_from_row(_event_row(row)) if row is not None else None
        return event if isinstance(event, Heard) else None

    def append(
        self,
        chapters: Sequence[Chapter],
        *,
        stimulus: AnyStimulus,
        versions: Versions,
        at: datetime,
        dues: Sequence[Due] = (),
        handoffs: int | None = None,
    ) -> Sequence[str]:
        """As the port says. A chapter outside any case belongs to the team of the stimulus."""
        # Before the transaction, which others wait for.
        moves = [
            Move(chapter.before, chapter.after, case_to_json(chapter.after), chapter.deadline)
            for chapter in chapters
            if in_case(chapter)
        ]
        lines = [line for chapter in chapters for line in lines_of(chapter, stimulus.team)]
        said = [
            (chapter.after.place.team, one) if in_case(chapter) else (stimulus.team, replace(one, case=""))
            for chapter in chapters
            for one in chapter.said
        ]
        with self._file.writing() as connection:
            hear(connection, stimulus, at)
            if handoffs is not None and others.count_of_handoffs(connection, moves[-1].after.place.team) != handoffs:
                raise StaleCase(f"{stimulus.key}: there was one more handoff meanwhile, which may be about the same")
            # A case that ends makes room in its place for one that begins.
            for move in sorted(moves, key=lambda one: one.after.is_open):
                move_on(connection, move)
            if moves:
                connection.execute('update stimuli set "case" = ? where "key" = ?', [moves[-1].after.id, stimulus.key])
            events = [event for chapter in chapters for event in chapter.events]
            keep_pauses(connection, stimulus.team, zip(write_lines(connection, lines, versions), events, strict=True))
            redirects = [one for chapter in chapters for one in chapter.redirects]
            lanes = [*write_down(connection, said, at), *redirect(connection, redirects)]
            for move in moves:
                connection.execute('delete from dues where "case" = ? and position = ?', [move.after.id, CLOCK])
            for due in (*dues, *(due for chapter in chapters for due in chapter.dues)):
                _remember(connection, due)
        return lanes

    def take_due(self, now: datetime) -> Sequence[Due]:
        """As the port says; the oldest first, and a few at a time."""
        due = "at <= :now and coalesce(taken_until, '') <= :now"
        times = {"now": time_to_text(now), "until": time_to_text(now + _TAKEN_FOR), "limit": _TAKEN_AT_ONCE}
        with self._file.reading() as connection:  # asked every second, and there is nothing to write most of the time
            if connection.execute(f"select 1 from dues where {due} limit 1", times).fetchone() is None:
                return []
        with self._file.writing() as connection:
            rows = connection.execute(
                f"""
                update dues set taken_until = :until
                where rowid in (select rowid from dues where {due} order by at, rowid limit :limit)
                returning "case", position, at, kind
                """,
                times,
            ).fetchall()
        taken = [Due(row["case"], row["position"], time_from_text(row["at"]), row["kind"]) for row in rows]
        return sorted(taken, key=lambda one: one.at)

    def wind(self, case: Case, clock: Sequence[Due], deadline: Deadline | None) -> None:
        due = {**due_columns(deadline), "case": case.id, "version": case.version}
        with self._file.writing(durable=False) as connection:
            wound = connection.execute(
                "update cases set due_at = :due_at, due_of = :due_of where id = :case and version = :version", due
            )
            if not wound.rowcount:
                return  # whoever moved it has wound its clock
            for one in clock:
                _remember(connection, one)

    def wake(self, now: datetime) -> None:
        with self._file.writing() as connection:
            connection.execute(
                """
                insert into dues ("case", position, at, kind)
                select id, :clock, :now, 'clock' from cases where closed_at is null
                on conflict ("case", position) do update set at = min(at, excluded.at), taken_until = null
                """,
                {"clock": CLOCK, "now": time_to_text(now)},
            )

    def settle_due(self, due: Due) -> None:
        with self._file.writing() as connection:
            connection.execute(
                'delete from dues where "case" = ? and position = ? and at = ?',
                [due.case, due.position, time_to_text(due.at)],
            )

    def next_due(self, after: datetime) -> datetime | None:
        """As the port says; a row that was taken and not settled is due when it comes again."""
        with self._file.reading() as connection:
            row = connection.execute(
                "select min(due) from (select max(at, coalesce(taken_until, '')) as due from dues) where due > ?",
                [time_to_text(after)],
            ).fetchone()
        return None if row[0] is None else time_from_text(row[0])

    def _case_of(self, contents: tuple[type[Content], ...], team: str, channel: str, ts: str) -> Case | None:
        """The case that posted the message with this ts, if it is one of these."""
        return self._case(
            """
            select cases.snapshot from outbox join cases on cases.id = outbox."case"
            where outbox.channel = ? and outbox.ts = ? and outbox.team = ? and outbox.kind = 'Post'
              and outbox.content in (select value from json_each(?))
            """,
            [channel, ts, team, json.dumps([content.__name__ for content in contents])],
        )

    def _case(self, query: str, values: Sequence[str]) -> Case | None:
        with self._file.reading() as connection:
            row = connection.execute(query, values).fetchone()
        return None if row is None else case_from_json(row["snapshot"])


def _remember(connection: sqlite3.Connection, due: Due) -> None:
    connection.execute(
        """
        insert into dues ("case", position, at, kind) values (?, ?, ?, ?)
        on conflict ("case", position)
        do update set at = excluded.at, kind = excluded.kind, taken_until = null
        """,
        [due.case, due.position, time_to_text(due.at), due.kind],
    )


_EVENTS = "select events.*, texts.text from events left join texts on texts.event = events.id"


def _event_row(row: sqlite3.Row) -> EventRow:
    return EventRow(
        at=row["at"],
        kind=row["kind"],
        actor=row["actor"],
        slack_ts=row["slack_ts"],
        entry=row["entry"],
        confidence=row["confidence"],
        rule=row["rule"],
        reason=row["reason"],
        data=row["data"],
        words=row["text"] or "",
    )
