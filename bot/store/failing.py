"""What is said when the database file fails: what is wrong, and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.errors import StoreBroken, StoreDown

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_FORBIDDEN = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN)
# After these the connections that are open are not to be trusted either. A full disk or a lock leaves them as they are.
_UNTRUSTED = (*_DAMAGED, *_FORBIDDEN, sqlite3.SQLITE_IOERR)


def down(error: sqlite3.Error, path: Path) -> StoreDown:
    """The error as this program's own: `StoreBroken` where waiting does not help."""
    kind = StoreBroken if _code(error) in (*_DAMAGED, *_FORBIDDEN) else StoreDown
    return kind(explain(error, path))


def is_about_file(error: sqlite3.Error) -> bool:
    """Whether the file itself is in doubt now, and not only what was to be done with it."""
    return _code(error) in _UNTRUSTED


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file will be no better before somebody writes to it."""
    return _code(error) in _DAMAGED


def explain(error: sqlite3.Error, path: Path) -> str:
    """Return what is wrong with the file and what to do, as one sentence."""
    match _code(error):
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


def _code(error: sqlite3.Error) -> int:
    # The low byte says what an operator needs to know: https://sqlite.org/rescode.html
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF
