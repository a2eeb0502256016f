"""One SQLite file, used from many threads: connections, transactions, and what is said when the file fails."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Condition, Lock
from urllib.parse import quote

from bot.errors import StoreBroken, StoreDown
from bot.store.anchor import Anchor, Standing
from bot.store.batches import Batches, Busy, NotCommitted
from bot.store.failing import down, explain, is_about_file

__all__ = ["PATIENCE", "SqliteFile", "explain"]

# Slack waits three seconds for its acknowledgement. Who writes may wait for his turn, and then for another program.
PATIENCE = timedelta(seconds=1.4)
_GLANCE = 0.01  # seconds between two tries at what SQLite does not wait for by itself


class SqliteFile:
    """Lends connections: readers do not wait for anybody, writers wait for each other for `patience`.

    Everything sqlite3 raises becomes `StoreDown` with a sentence for whoever runs the bot. So does a file that was
    taken away, or damaged, while it was in use; and when a good one stands at the path again, that one is used.
    """

    def __init__(
        self,
        path: Path,
        *,
        patience: timedelta = PATIENCE,
        replaced: Callable[[sqlite3.Connection], None] = lambda _: None,
    ) -> None:
        """Open the file, creating or migrating it. Raises `StoreDown` or `StoreTooNew`.

        `replaced` is called, in a transaction, when another file was put in the place of this one while it was in use.
        """
        self.path = path
        self._patience = patience
        self._idle: list[sqlite3.Connection] = []
        self._lent = 0
        self._writing = 0
        self._guard = Condition()  # for these
        self._changing = Lock()  # held by who takes hold of the file anew
        # SQLite lets writers wait by sleeping and trying again, which is unfair within a process.
        self._batches = Batches(self._open_for_writing, patience=patience.total_seconds())
        self._closed = False
        with suppress(OSError):  # if that fails, connecting says why
            path.touch(mode=0o600, exist_ok=False)  # what people wrote is nobody else's to read
        self._anchor = Anchor(path, self._connect, replaced=replaced)
        try:
            self._anchor.take_hold(first=True)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for statements that only read."""
        with self._as_store_down():
            if not self._anchor.is_held():
                self._assure()
            connection = self._take()
            try:
                yield connection
            except sqlite3.Error:
                self._give_back(connection, is_sound=False)
                raise
            except BaseException:
                self._give_back(connection)
                raise
            self._give_back(connection)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside one transaction: committed at the end, undone by any exception.

        What is not `durable` survives the end of the program, but perhaps not that of the machine.
        """
        with self._as_store_down(), self._as_writer():
            try:
                with self._batches.transaction(durable=durable) as connection:
                    yield connection
            except Busy:
                raise StoreDown(f"{self.path} is busy with other writers of this program: try again") from None
            except NotCommitted as error:
                raise error.cause from None

    def close(self) -> None:
        """Close every connection; those in use are closed when they are given back."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        with suppress(Busy):
            self._batches.close()
        with self._changing:
            self._anchor.let_go()

    # --- the file -----------------------------------------------------------------------------------------------------

    def _assure(self) -> Standing:
        """See to it that the file in use is the one at the path, and sound as far as we know. Raises `StoreDown`."""
        if held := self._anchor.held():
            return held
        if not self._changing.acquire(timeout=self._patience.total_seconds()):
            raise StoreDown(f"{self.path} is being opened anew: try again")
        try:
            if self._closed:
                raise StoreDown(f"{self.path} has been closed: the program is stopping")
            if held := self._anchor.held():  # somebody else was here before
                return held
            if self._anchor.look().file is None:
                # What we still hold of it stays open: it may have been moved, and may come back.
                raise StoreBroken(f"{self.path} is gone while I use it: put it back, or restore a backup")
            self._let_go()
            return self._anchor.take_hold()
        finally:
            self._changing.release()

    def _let_go(self) -> None:
        give_up_at = time.monotonic() + self._patience.total_seconds()
        with self._guard:
            idle, self._idle = self._idle, []
            for connection in idle:
                connection.close()
            if not self._guard.wait_for(lambda: not self._lent, give_up_at - time.monotonic()):
                raise StoreDown(f"{self.path} has changed, and is still being read as it was: try again")
        try:
            self._batches.close()
        except Busy:
            raise StoreDown(f"{self.path} has changed, and is still being written as it was: try again") from None
        self._anchor.let_go()

    @contextmanager
    def _as_writer(self) -> Iterator[None]:
        """What is committed counts only if it is in the file at the path."""
        with self._guard:
            is_alone, self._writing = not self._writing, self._writing + 1
        try:
            held = self._assure()
            if is_alone:  # or else it may be one of us who touches it
                self._anchor.check_if_touched(held)
            yield
            now = self._anchor.look()
            if not now.is_where(held):
                raise StoreDown(f"{self.path} was taken away while I wrote to it: put it back, or restore a backup")
            self._anchor.note(now)
        finally:
            with self._guard:
                self._writing -= 1

    # --- connections --------------------------------------------------------------------------------------------------

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise StoreDown(f"{self.path} has been closed: the program is stopping")
            self._lent += 1
            if self._idle:
                return self._idle.pop()
        try:
            return self._connect()
        except BaseException:
            self._return()
            raise

    def _return(self) -> None:
        with self._guard:
            self._lent -= 1
            self._guard.notify_all()

    def _open_for_writing(self, durable: bool) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise StoreDown(f"{self.path} has been closed: the program is stopping")
        return self._connect(durable=durable)

    def _give_back(self, connection: sqlite3.Connection, *, is_sound: bool = True) -> None:
        with self._guard:
            if is_sound and not self._closed:
                self._idle.append(connection)
            else:
                connection.close()
        self._return()

    def _connect(self, *, durable: bool = True) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode=rw",  # what is gone must not be made again behind our back
            uri=True,
            timeout=self._patience.total_seconds(),
            isolation_level=None,  # transactions begin where `writing` says so
            check_same_thread=False,  # lent to one thread at a time
        )
        try:
            connection.row_factory = sqlite3.Row
            self._into_wal(connection)
            # In WAL mode NORMAL may lose the last transactions when the power goes. Slack does not redeliver what we
            # acknowledged, so that must be on the disk: https://sqlite.org/pragma.html#pragma_synchronous
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
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
            if is_about_file(error):
                self._anchor.doubt()
            raise down(error, self.path) from error
