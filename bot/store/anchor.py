"""The database file in use: whether it is still what stands at its path, and whether it can be trusted.

SQLite goes on writing to a file that was moved or deleted, where nobody finds it afterwards, and does not read again
what it knows already. So whoever writes compares the places before and after, which takes some microseconds; and a file
that others have changed, or that has failed, is checked before anything more is stored in it.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from bot.errors import StoreBroken, StoreTooNew
from bot.store.failing import down, is_about_file, is_damage
from bot.store.migrations import migrate

log = logging.getLogger(__name__)

_CHECK_EVERY = 60.0  # seconds; another program on the same file changes it often, and a check reads it all

Place = tuple[int, int] | None  # device and inode


@dataclass(frozen=True, slots=True)
class Standing:
    """`touched` is the size of the file and when it was last written to."""

    file: Place
    beside: tuple[Place, ...]
    touched: tuple[int, int]

    def is_where(self, other: Standing | None) -> bool:
        return other is not None and (self.file, self.beside) == (other.file, other.beside)


class Anchor:
    """Holds on to the file with a connection of its own, so that nothing beside it goes away for a good reason.

    Only one thread at a time may `take_hold` or `let_go`. `replaced` is called with a connection, in a transaction,
    when another file has been put in the place of the one in use.
    """

    def __init__(
        self,
        path: Path,
        connect: Callable[[], sqlite3.Connection],
        *,
        replaced: Callable[[sqlite3.Connection], None],
    ) -> None:
        self.path = path
        self._connect, self._replaced = connect, replaced
        self._beside = _beside(path)
        self._connection: sqlite3.Connection | None = None
        self._known: Standing | None = None
        self._before: Place = None  # the file that was in use before
        self._is_doubted = False
        self._refused: tuple[Standing, str] | None = None  # nobody needs to read it again before it has changed
        self._checked_at: float | None = None  # because others had touched it

    def is_held(self) -> bool:
        """Whether the file in use stands where it did, and is not in doubt; what is beside it is not looked at."""
        return self._known is not None and not self._is_doubted and _place(_stat(self.path)) == self._known.file

    def held(self) -> Standing | None:
        """How the file in use stands now, if it and what is beside it are where they were, and it is not in doubt."""
        known, seen = self._known, self.look()
        return seen if not self._is_doubted and seen.is_where(known) else None

    def look(self) -> Standing:
        found = _stat(self.path)
        return Standing(_place(found), tuple(_place(_stat(path)) for path in self._beside), _touched(found))

    def doubt(self) -> None:
        """The file has failed: take hold of it anew, and check it, before it is used again."""
        self._is_doubted = True

    # --- changes by others --------------------------------------------------------------------------------------------

    def note(self, seen: Standing) -> None:
        """What is in the file now we have written ourselves."""
        if self._known is not None:
            self._known = replace(self._known, touched=seen.touched)

    def check_if_touched(self, seen: Standing) -> None:
        """Look at the file afresh if others have written to it. Raises `StoreDown`."""
        if self._known is None or seen.touched == self._known.touched:
            return
        now = time.monotonic()
        is_time = self._checked_at is None or now - self._checked_at > _CHECK_EVERY
        try:
            self._refuse_empty(seen.touched)
            with closing(sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True, timeout=1)) as connection:
                self._check(connection, thoroughly=is_time)
        except sqlite3.Error as error:
            if is_about_file(error):
                self.doubt()
            raise down(error, self.path) from error
        except StoreBroken:
            self.doubt()
            raise
        self._checked_at = now if is_time else self._checked_at
        self.note(seen)

    # --- taking hold --------------------------------------------------------------------------------------------------

    def take_hold(self, *, first: bool = False) -> Standing:
        """Begin to use the file at the path. Only the first one may be empty: then it is made a database.

        Raises `StoreDown`, and `StoreTooNew` for a first one.
        """
        self._beside = _beside(self.path)
        seen = self.look()
        if self._refused is not None and self._refused[0] == seen:
            raise StoreBroken(self._refused[1])
        self._refuse_read_only()
        if not first:
            self._refuse_empty(seen.touched)
        is_restored = self._refused is not None or self._before not in (None, seen.file)
        try:
            self._connection = self._accepted(first=first, is_restored=is_restored)
        except sqlite3.Error as error:
            if is_damage(error):
                self._refused = self.look(), str(down(error, self.path))
            raise down(error, self.path) from error
        except StoreBroken as error:
            self._refused = self.look(), str(error)
            raise
        self._known = known = self.look()
        self._before, self._is_doubted, self._refused = seen.file, False, None
        return known

    def let_go(self) -> None:
        """End the use of the file. Nobody else may have a connection to it."""
        connection, self._connection = self._connection, None
        known, self._known = self._known, None
        if connection is None:
            return
        is_all_in_file = not self._is_doubted and _put_all_in_file(connection)
        connection.close()
        seen = self.look()
        is_another = known is not None and seen.file is not None and seen.file != known.file
        if is_another and known is not None and None not in (seen.beside[0], known.beside[0]):
            self._clear_away(seen, known, is_all_in_file=is_all_in_file)

    def _clear_away(self, seen: Standing, known: Standing, *, is_all_in_file: bool) -> None:
        """SQLite would take what was written beside the earlier file for a part of the one that took its place."""
        if seen.beside[0] != known.beside[0]:
            return
        wal = self._beside[0]
        aside = wal.rename(f"{wal}.{time.time_ns()}")
        if is_all_in_file:
            aside.unlink()
        else:
            log.error("%s holds the last words of a file that is no longer at %s", aside, self.path)

    def _accepted(self, *, first: bool, is_restored: bool) -> sqlite3.Connection:
        connection = self._connect()
        try:
            self._check(connection, thoroughly=True)
            if first:
                migrate(Database(connection))
            else:
                self._migrate_restored(connection)
            if is_restored:
                self._welcome(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate_restored(self, connection: sqlite3.Connection) -> None:
        if not connection.execute("PRAGMA user_version").fetchone()[0]:
            raise StoreBroken(f"{self.path} is no database of mine: restore a backup")
        try:
            migrate(Database(connection))
        except StoreTooNew as error:
            raise StoreBroken(str(error)) from error

    def _welcome(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._replaced(connection)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        log.warning("%s has been restored: it is in use again", self.path)

    def _check(self, connection: sqlite3.Connection, *, thoroughly: bool) -> None:
        said = connection.execute(
            "PRAGMA quick_check(1)" if thoroughly else "select 'ok' from sqlite_schema"
        ).fetchone()
        if said is not None and said[0] != "ok":
            raise StoreBroken(f"{self.path} is damaged: restore a backup ({' '.join(said[0].split())})")

    def _refuse_read_only(self) -> None:
        """SQLite would open it all the same, and leave files beside it that are as read-only, and stay so."""
        real = self.path.resolve()
        for each in (real.parent, real):
            if each.exists() and not os.access(each, os.W_OK):
                raise StoreBroken(f"{each} is read-only: let this user write the file and its folder")
        for each in self._beside:
            if each.exists() and not os.access(each, os.W_OK):  # made when the file was read-only
                with suppress(OSError):
                    each.chmod(stat.S_IMODE(real.stat().st_mode))

    def _refuse_empty(self, touched: tuple[int, int]) -> None:
        if not touched[0]:
            # It may be about to be copied: SQLite would make a database of it.
            raise StoreBroken(f"{self.path} is empty: restore a backup")


def _put_all_in_file(connection: sqlite3.Connection) -> bool:
    try:
        busy, written, moved = connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
    except sqlite3.Error:
        return False
    return not busy and written == moved


def _beside(path: Path) -> tuple[Path, ...]:
    """SQLite follows links, and keeps its files beside the one it found."""
    return tuple(Path(f"{path.resolve()}{suffix}") for suffix in ("-wal", "-shm"))


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _place(found: os.stat_result | None) -> Place:
    return (found.st_dev, found.st_ino) if found else None


def _touched(found: os.stat_result | None) -> tuple[int, int]:
    return (found.st_size, found.st_mtime_ns) if found else (0, 0)
