"""The log read case by case, beside a bot that may be running, for playing cases again."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from bot.core.audience import Person
from bot.core.events import Opened
from bot.core.knowledge import Versions
from bot.core.logged import Line, LoggedCase, PauseTurn
from bot.store.codec import EventRow, event_from_row, person_from_json, time_from_text, time_to_text
from bot.store.existing import opened

_AT_ONCE = 100  # cases: nothing is held open while they are played, and what is held is bounded
_PEOPLE = 10_000

_CASES = "is_test = 0 and requester <> '' and opened_at >= ?"


@dataclass(frozen=True, slots=True)
class Log:
    """The log as it was when it was opened: what is written since is passed over. `until`: when its last event was."""

    _connection: sqlite3.Connection
    _last: int
    until: datetime | None

    def count(self, since: datetime) -> int:
        """How many cases of customers were opened since then, test traffic aside."""
        counted = self._connection.execute(f"select count(*) from cases where {_CASES}", [time_to_text(since)])
        return int(counted.fetchone()[0])

    def cases(self, since: datetime, *, looks_back: timedelta) -> Iterator[LoggedCase]:
        """Yield these cases in the order they began. Their contacts are known for `looks_back` before each event."""
        person = lru_cache(_PEOPLE)(self._person)
        usergroups, pauses = self._usergroups(), self._pauses()
        for page in self._pages(since):
            written = self._lines([row["id"] for row in page])
            for row in page:
                lines = written.get(row["id"])
                if not lines or not isinstance(lines[0].event, Opened):
                    continue  # it began only since, or before it was known how cases begin
                yield LoggedCase(
                    row["id"],
                    tuple(lines),
                    person(row["team"], row["requester"]),
                    usergroups.get(row["team"], {}),
                    self._contacts(row, lines, looks_back) if looks_back else (),
                    tuple(pauses.get(row["team"], ())),
                )

    def _pages(self, since: datetime) -> Iterator[Sequence[sqlite3.Row]]:
        after = 0
        while True:
            page = self._connection.execute(
                f"select rowid, id, team, requester, opened_at from cases where rowid > ? and {_CASES}"
                " order by rowid limit ?",
                [after, time_to_text(since), _AT_ONCE],
            ).fetchall()
            if not page:
                return
            yield page
            after = page[-1]["rowid"]

    def _lines(self, cases: Sequence[str]) -> Mapping[str, Sequence[Line]]:
        rows = self._connection.execute(
            """
            select
              "case", position, kb_version, rules_version, index_version,
              at, kind, actor, slack_ts, entry, confidence, rule, reason, data, coalesce(texts.text, '')
            from events left join texts on texts.event = events.id
            where "case" in (select value from json_each(?)) and events.id <= ?
            order by "case", position
            """,
            [json.dumps(cases), self._last],
        ).fetchall()
        return {
            case: [
                Line(position, event_from_row(EventRow(*event)), Versions(kb, rules, index))
                for _, position, kb, rules, index, *event in of_case
            ]
            for case, of_case in groupby(rows, key=lambda row: str(row["case"]))
        }

    def _contacts(self, case: sqlite3.Row, lines: Sequence[Line], looks_back: timedelta) -> tuple[datetime, ...]:
        opened_at = time_from_text(case["opened_at"])
        rows = self._connection.execute(
            """
            select opened_at from cases
            where team = ? and requester = ? and opened_at between ? and ? and id <> ?
            order by opened_at
            """,
            [
                case["team"],
                case["requester"],
                time_to_text(opened_at - looks_back),
                time_to_text(lines[-1].event.at),
                case["id"],
            ],
        )
        return tuple(time_from_text(row["opened_at"]) for row in rows.fetchall())

    def _person(self, team: str, user: str) -> Person | None:
        row = self._connection.execute("select data from people where team = ? and user = ?", [team, user]).fetchone()
        return None if row is None else person_from_json(row["data"])

    def _usergroups(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        found: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
        for row in self._connection.execute("select team, usergroup, users from usergroups").fetchall():
            found[row["team"]][row["usergroup"]] = frozenset(json.loads(row["users"]))
        return found

    def _pauses(self) -> Mapping[str, Sequence[PauseTurn]]:
        found: defaultdict[str, list[PauseTurn]] = defaultdict(list)
        rows = self._connection.execute(
            """
            select team, at, kind, json_extract(data, '$.channel') as channel from events
            where kind in ('Paused', 'Resumed') and id <= ? order by id
            """,
            [self._last],
        )
        for row in rows.fetchall():
            found[row["team"]].append(PauseTurn(time_from_text(row["at"]), row["channel"], row["kind"] == "Paused"))
        return found


@contextmanager
def log_in(path: Path) -> Iterator[Log]:
    """Lend the log of a database, which is only read. Raises as `bot.store.existing.opened` does, at any time."""
    with opened(path) as connection:
        last = connection.execute("select id, at from events order by id desc limit 1").fetchone()
        yield Log(connection, last["id"] if last else 0, time_from_text(last["at"]) if last else None)
