"""What is known about people, in SQLite, so that a decision never waits for Slack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from bot.core.audience import Person
from bot.store.codec import person_from_json, person_to_json, time_from_text, time_to_text
from bot.store.file import SqliteFile


class SqliteRegistry:
    """Implements `bot.ports.Registry`."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def person(self, team: str, user: str) -> tuple[Person, datetime] | None:
        with self._file.reading() as connection:
            row = connection.execute(
                "select data, fetched_at from people where team = ? and user = ?", [team, user]
            ).fetchone()
        return None if row is None else (person_from_json(row["data"]), time_from_text(row["fetched_at"]))

    def remember(self, person: Person, at: datetime) -> None:
        with self._file.writing() as connection:
            connection.execute(
                "insert or replace into people (team, user, fetched_at, data) values (?, ?, ?, ?)",
                [person.team, person.id, time_to_text(at), person_to_json(person)],
            )

    def usergroups(self, team: str) -> Mapping[str, frozenset[str]]:
        with self._file.reading() as connection:
            rows = connection.execute("select usergroup, users from usergroups where team = ?", [team]).fetchall()
        return {row["usergroup"]: frozenset(json.loads(row["users"])) for row in rows}

    def remember_usergroup(self, team: str, usergroup: str, users: frozenset[str], at: datetime) -> None:
        with self._file.writing() as connection:
            connection.execute(
                "insert or replace into usergroups (team, usergroup, fetched_at, users) values (?, ?, ?, ?)",
                [team, usergroup, time_to_text(at), json.dumps(sorted(users))],
            )
