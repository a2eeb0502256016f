"""The bot with an eye on it: `python -m bench.profiled cpu|sql|stages FILE run …` is `tier1 run …`, FILE what was seen.

`cpu` is the processor time of every function on every thread but the first, as pstats keeps it; `sql` how often each
statement was run, and `stages` what the steps of a question take, both as JSON. The first two slow the bot down: what
they show is shares. What happens before the signal SIGUSR1 is not counted.
"""

from __future__ import annotations

import cProfile
import importlib
import json
import pstats
import re
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

from bot.cli import main

_VALUE = re.compile(r"'|\d")
# The steps of a question, outermost first; what a step calls of the others is not counted in it. Those that are not
# there, or not called, are left out.
STAGES = (
    "slack_sdk.socket_mode.builtin.client:SocketModeClient.process_message",
    "slack_sdk.socket_mode.builtin.client:SocketModeClient.send_message",
    "bot.slack.socket:SocketDoor._note",
    "bot.slack.socket:SocketDoor._hear",
    "bot.slack.socket:SocketDoor._send",
    "bot.slack.http:_is_signed",
    "slack_bolt:App.dispatch",
    "bot.desk:Desk.hear",
    "bot.desk:look_around",
    "bot.slack.directory:SlackDirectory.person",
    "bot.slack.directory:SlackDirectory._fetch",
    "bot.desk:decide",
    "bot.desk:chapters",
    "bot.store.book:SqliteBook.append",
    "bot.slack.courier:Courier._round",
    "bot.slack.courier:Courier._serve",
    "bot.store.outbox:SqliteOutbox.lanes_due",
    "bot.store.outbox:SqliteOutbox.lease",
    "bot.store.outbox:SqliteOutbox.next_row",
    "bot.store.outbox:SqliteOutbox.told",
    "bot.store.outbox:SqliteOutbox.release",
    "bot.slack.composing:Composer.__call__",
    "slack_sdk:WebClient.api_call",
)

Seen = Callable[[Path], None]


class Beginning:
    """Set by SIGUSR1."""

    def __init__(self) -> None:
        self.is_over = False
        signal.signal(signal.SIGUSR1, self._end)

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_over = True


def watch_cpu(beginning: Beginning) -> Seen:
    profiles: list[cProfile.Profile] = []

    def look(_frame: FrameType, _event: str, _argument: object) -> None:
        if beginning.is_over:
            profile = cProfile.Profile(time.thread_time)  # waiting, for others or for the disk, costs nothing
            profiles.append(profile)
            profile.enable()

    threading.setprofile(look)

    def write(seen: Path) -> None:
        stats = pstats.Stats(profiles[0])
        for profile in profiles[1:]:
            stats.add(profile)
        stats.dump_stats(seen)

    return write


def watch_sql(beginning: Beginning) -> Seen:
    run: Counter[str] = Counter()
    connect = sqlite3.connect

    def count(sql: str) -> None:
        if beginning.is_over:
            run[_VALUE.split(" ".join(sql.split()))[0]] += 1

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(count)
        return connection

    def write(seen: Path) -> None:
        seen.write_text(json.dumps(run))

    sqlite3.connect = watched  # type: ignore[assignment]
    return write


def watch_stages(beginning: Beginning) -> Seen:
    times: Counter[str] = Counter()
    cpu: Counter[str] = Counter()
    wall: Counter[str] = Counter()
    inner = threading.local()

    def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def step(*arguments: Any, **options: Any) -> Any:
            outer = getattr(inner, "spent", (0.0, 0.0))
            inner.spent = (0.0, 0.0)
            began, since = time.thread_time(), time.perf_counter()
            try:
                return work(*arguments, **options)
            finally:
                used, took = time.thread_time() - began, time.perf_counter() - since
                if beginning.is_over:
                    times[stage] += 1
                    cpu[stage] += used - inner.spent[0]
                    wall[stage] += took - inner.spent[1]
                inner.spent = (outer[0] + used, outer[1] + took)

        return step

    for stage in STAGES:
        module, _, name = stage.partition(":")
        path, _, last = name.rpartition(".")
        owner = importlib.import_module(module)
        for each in path.split(".") if path else ():
            owner = getattr(owner, each)
        if hasattr(owner, last):
            setattr(owner, last, timed(stage, getattr(owner, last)))

    def write(seen: Path) -> None:
        seen.write_text(json.dumps([[stage, times[stage], cpu[stage], wall[stage]] for stage in STAGES]))

    return write


WATCHES = {"cpu": watch_cpu, "sql": watch_sql, "stages": watch_stages}

if __name__ == "__main__":
    write = WATCHES[sys.argv[1]](Beginning())
    try:
        code = main(sys.argv[3:])
    finally:
        threading.setprofile(None)
        write(Path(sys.argv[2]))
    sys.exit(code)
