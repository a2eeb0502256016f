"""Whether the machine has been started anew since the file was last opened: what was not on the disk then is gone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")  # Linux has one; where there is none, nobody knows


def this_boot() -> str:
    """What names this start of the machine; "" if nothing does."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def may_have_lost(connection: sqlite3.Connection, boot: str) -> bool:
    """Whether the file was last opened in another start of the machine, as far as anybody knows."""
    before = connection.execute("select boot from machine").fetchone()
    return before is None or not boot or before["boot"] != boot


def note(connection: sqlite3.Connection, boot: str) -> None:
    connection.execute("delete from machine")
    connection.execute("insert into machine (boot) values (?)", [boot])
