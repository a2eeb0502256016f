"""Whether a database is sound: SQLite's own checks, and what this program relies on. Reads only, a case at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bot.core.case import Case
from bot.core.events import Event, Heard, Opened, WishedForHuman
from bot.core.folding import evolve
from bot.core.stimuli import Place
from bot.errors import StoreTooNew
from bot.store.codec import EventRow, case_from_json, case_to_json, event_from_row, time_to_text
from bot.store.existing import faults_in, opened, version_of

MOST = 10  # faults of one kind that are told one by one

_LOG = """
  select
    events.position, events.at, events.kind, events.actor, events.slack_ts, events.entry, events.confidence,
    events.rule, events.reason, events.data, coalesce(texts.text, '') as words
  from events left join texts on texts.event = events.id
  where events."case" = ? order by events.position
"""
_OF_PLACE = ("team", "channel", "thread_ts", "requester")
_AS_IT_IS = ("state", "outcome", "reason", "rule", "entry", "queue", "priority", "owner", "is_test", "version")
_TIMES = ("opened_at", "handed_off_at", "claimed_at", "closed_at")

_RESTORE = "stop the bot and restore the last backup that `tier1 db check` finds sound"
_ORPHANS = {
    ("texts", "events"): "what people wrote stands with no event",
    ("events", "cases"): "events name a case that is not there",
    ("stimuli", "cases"): "stimuli name a case that is not there",
    ("outbox", "cases"): "outbox rows name a case that is not there",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`check` is what was looked at: file, version, references, cases, places, outbox."""

    check: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Soundness:
    version: int
    cases: int
    events: int
    faults: tuple[Fault, ...]


def examine(path: Path, on_case: Callable[[int, int], None] = lambda _done, _of_all: None) -> Soundness:
    """Look at everything, as it is at one moment. `on_case` hears how many cases are done, of how many.

    Raises `StoreDown` if there is no database or it cannot be read, `StoreTooNew` if a newer program wrote it.
    """
    with opened(path) as connection:
        connection.execute("BEGIN")  # a bot that goes on writing must not look like a fault
        version = version_of(connection)
        if torn := tuple(_file(connection)):
            return Soundness(version, 0, 0, torn)  # nothing that could be read of it says anything
        cases, events = (
            int(connection.execute(f"select count(*) from {table}").fetchone()[0]) for table in ("cases", "events")
        )
        found = (
            _version(connection, version),
            _references(connection),
            _cases(connection, cases, on_case),
            _places(connection),
            _outbox(connection),
        )
        faults = tuple(fault for kind in found for fault in _first(kind))
    return Soundness(version, cases, events, faults)


def _first(faults: Iterator[Fault]) -> Iterator[Fault]:
    """The first few faults of a kind, and how many there are besides."""
    yield from islice(faults, MOST)
    last = next(faults, None)
    if last is not None:
        yield Fault(last.check, f"and {1 + sum(1 for _ in faults)} more of this kind", last.do)


def _file(connection: sqlite3.Connection) -> Iterator[Fault]:
    for fault in faults_in(connection, f"integrity_check({MOST})"):
        yield Fault("file", f"the file is damaged: {fault}", _RESTORE)


def _version(connection: sqlite3.Connection, version: int) -> Iterator[Fault]:
    steps = int(connection.execute("select count(*) from _sqlite_migrations").fetchone()[0])
    if steps != version:
        what = f"the file says it is of version {version}, and {steps} migrations were made"
        yield Fault("version", what, _RESTORE)


def _references(connection: sqlite3.Connection) -> Iterator[Fault]:
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        what = _ORPHANS.get((table, parent), f"{table} name a row of {parent} that is not there")
        yield Fault("references", f"{what} ({table}, rowid {row})", _RESTORE)


def _cases(connection: sqlite3.Connection, count: int, on_case: Callable[[int, int], None]) -> Iterator[Fault]:
    for done, row in enumerate(connection.execute("select * from cases"), start=1):
        on_case(done, count)
        yield from _case(row, connection.execute(_LOG, [row["id"]]).fetchall())


def _case(row: sqlite3.Row, log: Sequence[sqlite3.Row]) -> Iterator[Fault]:
    case, do = f"case {row['id']}", "look at it in Slack and close it there; if there are many, " + _RESTORE
    positions = [line["position"] for line in log]
    if positions != list(range(1, len(log) + 1)):
        yield Fault("cases", f"{case}: the positions of its events have gaps", do)
        return
    if row["version"] != len(log):
        yield Fault("cases", f"{case}: its snapshot is of version {row['version']}, and it has {len(log)} events", do)
        return
    try:
        snapshot = case_from_json(row["snapshot"])
        events = [event_from_row(EventRow(*line[1:])) for line in log]
        differing = _differing(snapshot, row["snapshot"], events)
    except StoreTooNew as error:
        yield Fault("cases", f"{case}: {error}", "use the newer tier1")
        return
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        yield Fault("cases", f"{case}: its snapshot or an event cannot be read ({type(error).__name__})", do)
        return
    if differing:
        what = f"{case}: its snapshot is not what its events lead to, in {', '.join(differing)}"
        yield Fault("cases", what, do)
    elif wrong := [name for name, value in _columns(snapshot).items() if row[name] != value]:
        yield Fault("cases", f"{case}: its columns do not say what its snapshot says, in {', '.join(wrong)}", do)


def _differing(snapshot: Case, written: str, events: Sequence[Event]) -> list[str]:
    """The fields in which the snapshot differs from the events."""
    folded = _folded(events)
    if folded == snapshot or not _apart(written, folded):
        return []
    # Whether there were words counts for some events, and the words of people who were forgotten are erased.
    return _apart(written, _folded([_with_words(event) for event in events]))


def _apart(written: str, folded: Case) -> list[str]:
    before, now = json.loads(written), json.loads(case_to_json(folded))
    return [name for name in before if name in now and not _agree(before[name], now[name])]


def _agree(before: object, now: object) -> bool:
    """Whether two pieces of JSON say the same, as far as a program knew these fields when it wrote the first."""
    if isinstance(before, dict) and isinstance(now, dict):
        return all(_agree(value, now[name]) for name, value in before.items() if name in now)
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(_agree, before, now))
    return before == now


def _columns(case: Case) -> dict[str, object]:
    times = {name: getattr(case, name) for name in _TIMES}
    return {
        **{name: getattr(case.place, name) for name in _OF_PLACE},
        **{name: getattr(case, name) for name in _AS_IT_IS},
        **{name: at and time_to_text(at) for name, at in times.items()},
    }


def _folded(events: Sequence[Event]) -> Case:
    case = Case("", Place("", "", "", ""))
    if events and not isinstance(events[0], Opened):
        return case
    for event in events:
        case = evolve(case, event)
    return case


def _with_words(event: Event) -> Event:
    return replace(event, words="…") if isinstance(event, Heard | WishedForHuman) and not event.words else event


def _places(connection: sqlite3.Connection) -> Iterator[Fault]:
    rows = connection.execute(
        """
        select group_concat(id, ', ') as ids, count(*) as cases from cases where closed_at is null
        group by team, channel, thread_ts, requester having cases > 1
        """
    )
    for row in rows:
        yield Fault("places", f"cases {row['ids']} are open in one place for one person", _RESTORE)


def _outbox(connection: sqlite3.Connection) -> Iterator[Fault]:
    told = "select id from outbox where state = 'told' and kind = 'Post' and ts is null"
    for row in connection.execute(told):
        what = f"outbox row {row['id']} was posted, and nobody noted where: it cannot be changed or withdrawn"
        yield Fault("outbox", what, "if what it says must change, change it in Slack")
    waiting = """
      select due.id, due.depends_on, coalesce(named.state, 'missing') as state
      from outbox as due left join outbox as named on named.id = due.depends_on
      where due.state = 'due' and due.depends_on is not null and coalesce(named.state, '') not in ('told', 'due')
    """
    for row in connection.execute(waiting):
        what = f"outbox row {row['id']} waits for {row['depends_on']}, which is {row['state']}: it is never said"
        yield Fault("outbox", what, f"`tier1 outbox drop {row['id']}`")
