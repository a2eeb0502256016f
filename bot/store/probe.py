"""Whether the database can be written now, and whether something in the outbox is stuck; asked again and again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from bot.store.codec import time_from_text, time_to_text
from bot.store.failing import explain

_PATIENCE = timedelta(milliseconds=400)  # who asks wants to know within a second


@dataclass(frozen=True, slots=True)
class Stuck:
    """A lane in which something could have been said since then, and nothing was."""

    lane: str
    since: datetime


class Probe:
    """Opens the file anew each time, and never makes one: what is found is what a new program would find."""

    def __init__(self, path: Path, *, patience: timedelta = _PATIENCE) -> None:
        self._path, self._patience = path, patience

    def why_not_writable(self) -> str:
        """A sentence on what is wrong, "" if nothing is.

        Really writes, since a full disk shows in no other way: the file's version, as it is.
        """
        try:
            with closing(self._opened()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                version = int(connection.execute("PRAGMA user_version").fetchone()[0])
                connection.execute(f"PRAGMA user_version = {version}")
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            return explain(error, self._path)
        return ""

    def stuck(self, before: datetime) -> Stuck | None:
        """The lane that is stuck longest: what is first in it could have been said before then, and nothing was.

        What waits for another message, or for a lane that is held back, is not stuck. None also where nothing can be
        read.
        """
        cutoff = time_to_text(before)
        try:
            with closing(self._opened()) as connection:
                for lane, since in connection.execute(_FIRST_IN_LANE, [cutoff]):
                    last = connection.execute("select max(told_at) from outbox where lane = ?", [lane]).fetchone()[0]
                    if last is None or last <= cutoff:
                        return Stuck(lane, time_from_text(max(since, last or "")))
        except sqlite3.Error:
            return None
        return None

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._path))}?mode=rw",
            uri=True,
            timeout=self._patience.total_seconds(),
            isolation_level=None,
        )
        try:
            # Tidying up takes time, and is the bot's own affair.
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection


_FIRST_IN_LANE = """
  select lane, since from (
    select
      due.lane,
      max(
        due.created_at, coalesce(due.not_before, ''), coalesce(lanes.held_until, ''), coalesce(named.told_at, '')
      ) as since,
      row_number() over (partition by due.lane order by due.urgent desc, due.seq) as place
    from outbox as due
    left join lanes on lanes.lane = due.lane
    left join outbox as named on named.id = due.depends_on
    where due.state = 'due' and (due.depends_on is null or named.state = 'told')
  )
  where place = 1 and since <= ?
  order by since
"""
