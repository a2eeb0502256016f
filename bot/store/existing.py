"""A database that is there already, opened beside a bot that may be running: never created, never migrated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from bot.errors import StoreDown, StoreTooNew
from bot.store.failing import down
from bot.store.migrations import VERSION

PATIENCE = timedelta(seconds=10)  # nobody waits at the other end of Slack


@contextmanager
def opened(path: Path, *, patience: timedelta = PATIENCE) -> Iterator[sqlite3.Connection]:
    """Lend a connection that only reads.

    Raises `StoreDown` if there is no database of ours or it cannot be read, `StoreTooNew` if a newer program wrote it.
    """
    # The last to close a database of this kind tidies up, and that writes; one that may only read would leave its own
    # files behind. Where there is nothing to tidy up, opening for writing leaves everything as it was.
    is_in_use = Path(f"{path}-wal").exists()
    with _connected(path, "ro" if is_in_use else "rw", patience) as connection:
        connection.execute("PRAGMA query_only = ON")
        yield connection


@contextmanager
def changing(path: Path, *, patience: timedelta = PATIENCE) -> Iterator[sqlite3.Connection]:
    """Lend a connection inside one transaction: committed at the end, undone by any exception.

    Raises as `opened` does, and `StoreDown` if it was not this program's version that wrote the file last.
    """
    with _connected(path, "rw", patience) as connection:
        if (version := version_of(connection)) < VERSION:
            raise StoreDown(
                f"{path} is of version {version} and this tier1 knows {VERSION}: start `tier1 run` once, which brings"
                " it up to date, or use the tier1 that wrote it"
            )
        # What was decided here must be on the disk before it is reported.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def faults_in(connection: sqlite3.Connection, pragma: str) -> tuple[str, ...]:
    """What SQLite's own check finds wrong with the file; nothing if all is well."""
    try:
        found = tuple(str(row[0]) for row in connection.execute(f"PRAGMA {pragma}"))
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        return (str(error),)
    return () if found == ("ok",) else found


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _connected(path: Path, mode: str, patience: timedelta) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise StoreDown(f"there is no database {path}: name it with --database or TIER1_DATABASE")
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=patience.total_seconds(), isolation_level=None
        )
        try:
            connection.row_factory = sqlite3.Row
            _check_ours(connection, path)
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise down(error, path) from error


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    version = version_of(connection)
    if version > VERSION:
        raise StoreTooNew(f"{path} is of version {version} and this tier1 knows {VERSION}: use the newer tier1")
    ours = connection.execute("select 1 from sqlite_schema where type = 'table' and name = 'events'").fetchone()
    if not version or ours is None:
        raise StoreDown(f"{path} is no database of tier1: name another with --database or TIER1_DATABASE")
