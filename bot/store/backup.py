"""A copy of the database, made while the bot goes on: all of one moment, and either whole or not there.

SQLite's own backup copies in one read transaction: in WAL mode that holds up no writer, however long it takes.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreDown
from bot.store.existing import faults_in, opened
from bot.store.failing import down

# What can only be wrong with the original: the copy is new, and nobody else's.
_OF_SOURCE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@dataclass(frozen=True, slots=True)
class Backup:
    """`size` is in bytes. `faults` is what SQLite finds wrong in the copy, and so in the original; "" if nothing."""

    file: Path
    size: int
    cases: int
    events: int
    faults: str


def back_up(database: Path, file: Path) -> Backup:
    """Copy the database into a new file that only its owner can read.

    Killed half-way, it leaves a file `.NAME.….partial` behind and nothing under the name asked for. Raises `StoreDown`,
    also if the file is there already.
    """
    if file.exists() or file.is_symlink():
        raise _taken(file)
    with opened(database) as source:
        try:
            handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".partial")  # mode 0600
        except OSError as error:
            raise StoreDown(
                f"{file} cannot be written ({error.strerror}): its folder must be there, and this user must be allowed"
                " to write in it"
            ) from error
        os.close(handle)
        partial = Path(name)
        try:
            backup = _copied(source, partial, database, file)
            _put_in_place(partial, file)
        finally:
            partial.unlink(missing_ok=True)
    return backup


def _copied(source: sqlite3.Connection, partial: Path, database: Path, file: Path) -> Backup:
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            # Until it has its name nobody needs it: it reaches the disk once, at the end.
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            source.backup(copy)
            # Without files beside it, so that it can be moved, and read from where nobody can write.
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("PRAGMA journal_mode = MEMORY")
            _doubt(copy)
            faults = faults_in(copy, "quick_check(1)")
            cases, events = (0 if faults else _count(copy, table) for table in ("cases", "events"))
    except sqlite3.Error as error:
        is_of_source = getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_SOURCE
        raise down(error, database if is_of_source else file) from error
    return Backup(file, partial.stat().st_size, cases, events, " ".join(faults))


def _count(copy: sqlite3.Connection, table: str) -> int:
    return int(copy.execute(f"select count(*) from {table}").fetchone()[0])


def _doubt(copy: sqlite3.Connection) -> None:
    """When the copy is put back, what it believes to be unsaid has been said long since.

    Posts are looked for then before they are made; whispers, of which nothing can be found again, are not repeated.
    """
    copy.execute("PRAGMA secure_delete = ON")
    copy.execute("update outbox set ambiguous = 1 where state = 'due' and kind = 'Post'")
    copy.execute("update outbox set state = 'dropped', error = 'backed_up' where state = 'due' and kind = 'Whisper'")


def _put_in_place(partial: Path, file: Path) -> None:
    """Give the copy its name, but never anybody else's."""
    try:
        _to_disk(partial)
        try:
            os.link(partial, file)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if file.exists():
                raise FileExistsError from None
            partial.rename(file)
        with suppress(OSError):  # not every system can
            _to_disk(file.parent)
    except FileExistsError:
        raise _taken(file) from None
    except OSError as error:
        raise StoreDown(f"{file} cannot be written ({error.strerror}): look at the disk it is on") from error


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _taken(file: Path) -> StoreDown:
    return StoreDown(f"{file} is there already: a backup overwrites nothing, choose another name")
