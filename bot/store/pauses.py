"""Where the bot is paused: kept beside the log, which says by whom and why, so that every stimulus can ask."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.events import Event, Paused, Resumed
from bot.errors import StaleCase
from bot.store.codec import time_from_text


@dataclass(frozen=True, slots=True)
class Pause:
    """`channel` is "" for everywhere."""

    channel: str
    by: str
    since: datetime


def paused_channels(connection: sqlite3.Connection, team: str) -> frozenset[str]:
    rows = connection.execute("select channel from pauses where team = ?", [team]).fetchall()
    return frozenset(row["channel"] for row in rows)


def all_pauses(connection: sqlite3.Connection) -> tuple[Pause, ...]:
    """Those of every team, the oldest first; none in a file of an older program, which knew none."""
    if connection.execute("select 1 from sqlite_master where name = 'pauses'").fetchone() is None:
        return ()
    rows = connection.execute(
        """
        select pauses.channel, events.actor, events.at from pauses join events on events.id = pauses.event
        order by events.id
        """
    ).fetchall()
    return tuple(Pause(channel, by, time_from_text(at)) for channel, by, at in rows)


def keep_pauses(connection: sqlite3.Connection, team: str, logged: Iterable[tuple[int, Event]]) -> None:
    """Let what was logged count, each event with its row. Raises `StaleCase` where somebody was quicker."""
    for row, event in logged:
        match event:
            case Paused():
                change = connection.execute(
                    "insert into pauses (team, channel, event) values (?, ?, ?) on conflict do nothing",
                    [team, event.channel, row],
                )
            case Resumed():
                change = connection.execute("delete from pauses where team = ? and channel = ?", [team, event.channel])
            case _:
                continue
        if not change.rowcount:
            raise StaleCase("somebody else paused or resumed the bot there just now: decide again")
