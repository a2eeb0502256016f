"""One SQLite file, used from many threads: connections, transactions, and what is said when the file fails."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock

from sqlite_utils import Database

from bot.errors import StoreDown
from bot.store.migrations import migrate

# Slack waits three seconds for its acknowledgement, and deciding needs some of them.
PATIENCE = timedelta(seconds=2)
_GLANCE = 0.01  # seconds between two tries at what SQLite does not wait for by itself


class SqliteFile:
    """Lends connections: readers do not wait for anybody, writers wait for each other for `patience`.

    Everything sqlite3 raises becomes `StoreDown` with a sentence for whoever runs the bot.
    """

    def __init__(self, path: Path, *, patience: timedelta = PATIENCE) -> None:
        """Open the file, creating or migrating it. Raises `StoreDown` or `StoreTooNew`."""
        self.path = path
        self._patience = patience
        self._idle: list[sqlite3.Connection] = []
        self._guard = Lock()
        # SQLite lets writers wait by sleeping and trying again, which is unfair within a process.
        self._writer = Lock()
        self._closed = False
        with suppress(OSError):  # if that fails, connecting says why
            path.touch(mode=0o600, exist_ok=False)  # what people wrote is nobody else's to read
        try:
            with self.reading() as connection:
                migrate(Database(connection))
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for statements that only read."""
        with self._as_store_down():
            connection = self._take()
            try:
                yield connection
            except sqlite3.Error:
                connection.close()
                raise
            except BaseException:
                self._give_back(connection)
                raise
            self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside one transaction: committed at the end, undone by any exception."""
        if not self._writer.acquire(timeout=self._patience.total_seconds()):
            raise StoreDown(f"{self.path} is busy with other writers of this program: try again")
        try:
            with self.reading() as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:  # some errors have ended it already
                        connection.execute("ROLLBACK")
                    raise
        finally:
            self._writer.release()

    def close(self) -> None:
        """Close every connection; those in use are closed when they are given back."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise StoreDown(f"{self.path} has been closed: the program is stopping")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=self._patience.total_seconds(),
            isolation_level=None,  # transactions begin where `writing` says so
            check_same_thread=False,  # lent to one thread at a time
        )
        try:
            connection.row_factory = sqlite3.Row
            self._into_wal(connection)
            # In WAL mode NORMAL may lose the last transactions when the power goes. Slack does not redeliver what we
            # acknowledged, so what is committed must be on the disk: https://sqlite.org/pragma.html#pragma_synchronous
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # What a person asked us to forget must not linger in free pages.
            connection.execute("PRAGMA secure_delete = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _into_wal(self, connection: sqlite3.Connection) -> None:
        """Where two programs make the file at the same time, SQLite refuses the second at once instead of waiting."""
        give_up_at = time.monotonic() + self._patience.total_seconds()
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                    raise
                time.sleep(_GLANCE)
            else:
                return

    @contextmanager
    def _as_store_down(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreDown(explain(error, self.path)) from error


def explain(error: sqlite3.Error, path: Path) -> str:
    """Return what is wrong with the file and what to do, as one sentence."""
    # The low byte says what an operator needs to know: https://sqlite.org/rescode.html
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"{path} is locked by another program: end whatever is writing to it"
        case sqlite3.SQLITE_FULL:
            return f"{path} cannot grow, the disk is full: free some space"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return f"{path} is read-only: let this user write the file and its folder"
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"{path} is damaged or no SQLite database: restore a backup, or name another file ({error})"
        case sqlite3.SQLITE_CANTOPEN:
            return f"{path} cannot be opened: its folder must exist, and this user must be allowed to write there"
        case sqlite3.SQLITE_IOERR:
            return f"{path} cannot be read or written, the disk fails: look at the system's log ({error})"
        case _:
            return f"{path}: {error}"
