"""One decision, written down: the stimulus, the cases it moves, and the lines of the log; inside a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.case import Case
from bot.core.chapters import Chapter
from bot.core.clocks.clock import Deadline
from bot.core.knowledge import Versions
from bot.core.stimuli import AnyStimulus
from bot.errors import AlreadyHeard, StaleCase
from bot.store.codec import (
    SCHEMA,
    EventRow,
    event_to_row,
    time_to_text,
)


def in_case(chapter: Chapter) -> bool:
    return chapter.after.state != "new"


@dataclass(frozen=True, slots=True)
class Move:
    """A case from one version to another, the JSON of what it became, and the deadline that it has now."""

    before: Case
    after: Case
    snapshot: str
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log; `case` and `position` are None outside any case. `aside` is what sayings refer to it by."""

    team: str
    case: str | None
    position: int | None
    row: EventRow
    aside: tuple[str, int] | None = None


def lines_of(chapter: Chapter, team: str) -> Iterator[Line]:
    before, after = chapter.before, chapter.after
    if not in_case(chapter):
        for position, event in enumerate(chapter.events, start=before.version + 1):
            yield Line(team, None, None, event_to_row(event), (after.id, position))
        return
    if after.version != before.version + len(chapter.events):
        raise ValueError(f"{len(chapter.events)} events do not lead from version {before.version} to {after.version}")
    for position, event in enumerate(chapter.events, start=before.version + 1):
        yield Line(after.place.team, after.id, position, event_to_row(event))


def hear(connection: sqlite3.Connection, stimulus: AnyStimulus, at: datetime) -> None:
    stored = connection.execute(
        'insert into stimuli ("key", team, user, at) values (?, ?, ?, ?) on conflict ("key") do nothing',
        [stimulus.key, stimulus.team, stimulus.user, time_to_text(at)],
    )
    if not stored.rowcount:
        raise AlreadyHeard(f"{stimulus.key} is stored already")


def move_on(connection: sqlite3.Connection, move: Move) -> None:
    """Store the case as it is now. Raises `StaleCase` if it is not as it was, or its place is taken."""
    columns = _columns(move)
    values = [*columns.values(), move.after.id]
    try:
        if move.before.version == 0:
            connection.execute(f"insert into cases ({', '.join(columns)}, id) values ({'?, ' * len(columns)}?)", values)
            return
        moved = connection.execute(
            f"update cases set {', '.join(f'{name} = ?' for name in columns)} where id = ? and version = ?",
            [*values, move.before.version],
        )
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode not in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
            raise
        raise StaleCase(f"case {move.after.id} is there, or another is open in its place: load it again") from error
    if not moved.rowcount:
        raise StaleCase(f"case {move.after.id} is no longer at version {move.before.version}: load it again")


def due_columns(deadline: Deadline | None) -> dict[str, str | None]:
    if deadline is None:
        return {"due_at": None, "due_of": None}
    return {"due_at": time_to_text(deadline.at), "due_of": deadline.of}


def _columns(move: Move) -> dict[str, str | int | None]:
    case = move.after
    return {
        "team": case.place.team,
        "channel": case.place.channel,
        "thread_ts": case.place.thread_ts,
        "requester": case.place.requester,
        "state": case.state,
        "outcome": case.outcome,
        "reason": case.reason,
        "rule": case.rule,
        "entry": case.entry,
        "queue": case.queue,
        "priority": case.priority,
        "owner": case.owner,
        "opened_at": _text(case.opened_at),
        "handed_off_at": _text(case.handed_off_at),
        "claimed_at": _text(case.claimed_at),
        "closed_at": _text(case.closed_at),
        "due_first_at": _text(case.due_first_at),
        **due_columns(move.deadline),
        "is_test": case.is_test,
        "version": case.version,
        "snapshot": move.snapshot,
    }


_EVENT_COLUMNS = (
    'id, team, "case", position, at, kind, actor, slack_ts, entry, confidence, rule, reason, kb_version, '
    "rules_version, index_version, schema, data"
)
_INSERT_EVENT = f"insert into events ({_EVENT_COLUMNS}) values (?{', ?' * _EVENT_COLUMNS.count(',')})"


def write_lines(connection: sqlite3.Connection, lines: Sequence[Line], versions: Versions) -> Sequence[int]:
    """Returns the rows."""
    last = connection.execute("select coalesce(max(id), 0) from events").fetchone()[0]
    numbered = list(enumerate(lines, start=last + 1))
    connection.executemany(
        _INSERT_EVENT,
        [
            (event, line.team, line.case, line.position, row.at, row.kind, row.actor, row.slack_ts, row.entry,
             row.confidence, row.rule, row.reason, versions.kb, versions.rules, versions.index, SCHEMA, row.data)
            for event, line in numbered for row in (line.row,)
        ],
    )  # fmt: skip
    words = [(event, line.row.words) for event, line in numbered if line.row.words]
    connection.executemany("insert into texts (event, text) values (?, ?)", words)
    asides = [(*line.aside, event) for event, line in numbered if line.row.words and line.aside]
    connection.executemany("insert into asides (id, position, event) values (?, ?, ?)", asides)
    return [event for event, _ in numbered]


def _text(at: datetime | None) -> str | None:
    return None if at is None else time_to_text(at)
