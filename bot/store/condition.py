"""The condition a database is in, at a glance: for a question before the bot is started, or beside it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.store.codec import time_from_text
from bot.store.existing import faults_in, opened, version_of
from bot.store.pauses import Pause, all_pauses


@dataclass(frozen=True, slots=True)
class Condition:
    """`faults` is what SQLite finds wrong at a quick look, "" if nothing; `oldest_due`: written down, and not said."""

    version: int
    size: int
    cases: int
    faults: str
    parked: int
    due: int
    oldest_due: datetime | None
    pauses: tuple[Pause, ...] = ()


def condition(path: Path) -> Condition:
    """Raises `StoreDown` or `StoreTooNew`."""
    with opened(path) as connection:
        connection.execute("BEGIN")
        faults = faults_in(connection, "quick_check(1)")
        cases, parked, due, oldest = connection.execute(
            """
            select
              (select count(*) from cases), (select count(*) from outbox where state = 'parked'), count(*),
              min(created_at)
            from outbox where state = 'due'
            """
        ).fetchone()
        return Condition(
            version=version_of(connection),
            size=path.stat().st_size,
            cases=cases,
            faults=" ".join(faults),
            parked=parked,
            due=due,
            oldest_due=time_from_text(oldest) if oldest else None,
            pauses=all_pauses(connection),
        )


def room_beside(path: Path) -> int:
    """How many bytes the database's disk has left. Raises `OSError`."""
    return shutil.disk_usage(path.parent).free


def may_be_made(path: Path) -> bool:
    """Whether this user could make the file, as far as anybody can tell without trying."""
    return path.parent.is_dir() and os.access(path.parent, os.W_OK)
