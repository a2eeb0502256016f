"""The storm of `tests/whole/test_crash.py` again and again: a bot killed some hundred times, and not a word lost.

`make soak` kills it 500 times, half of them in Socket Mode and half over HTTP; `make soak KILLS=60 SEED=7` as often as
you like, with storms that begin with that seed. It stops at the first violation: its seed repeats the storm it was in.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import get_args

from tests.whole.crashing import Findings, Storm
from tests.wire.house import Mode

MODES: tuple[Mode, ...] = get_args(Mode)
IN_A_STORM = 25  # kills in each mode: the lanes of the dead are free after 30 s, and a storm shall not wait longer
EVERY = 10  # kills between two lines


class Progress:
    """Prints a line for every ten kills. Both modes' storms tell it of theirs."""

    def __init__(self, kills: int) -> None:
        self._of_all, self._kills, self._began = kills, 0, time.monotonic()
        self._lock = threading.Lock()

    @property
    def took(self) -> timedelta:
        return timedelta(seconds=round(time.monotonic() - self._began))

    def killed(self, _found: Findings) -> None:
        with self._lock:
            self._kills += 1
            if self._kills % EVERY == 0:
                self.say(f"{self._kills:>5} of {self._of_all} kills")

    def say(self, line: str) -> None:
        print(f"{self.took}  {line}", flush=True)


def main(kills: int, seed: int) -> int:
    # A bot that cannot decide does so in this process, and Slack's server loses its callers: nothing to look at.
    for name in ("bot", "uvicorn"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    progress = Progress(kills)
    progress.say(f"{kills} kills, seed {seed}")
    findings: list[Findings] = []
    for number, of_storm in enumerate(_shares(kills)):
        folder = Path(tempfile.mkdtemp(prefix="soak-"))
        storm = _storm(folder, seed + number, of_storm, progress)
        for found in storm:
            progress.say(f"{found.mode}, seed {found.seed}: {_listed(found.figures)}")
        if wrong := [found.report() for found in storm if found.wrong]:
            print("", *wrong, f"make soak SEED={seed + number} KILLS={len(MODES) * of_storm} repeats it", sep="\n")
            print(f"The databases and logs are in {folder}")
            return 1
        findings += storm
        shutil.rmtree(folder)
    _summary(findings, progress.took)
    return 0


def _shares(kills: int) -> Iterator[int]:
    """How many kills in each mode each storm has: about as many as any other."""
    left = ceil(kills / len(MODES))
    for storms_left in range(ceil(left / IN_A_STORM), 0, -1):
        share = ceil(left / storms_left)
        yield share
        left -= share


def _storm(folder: Path, seed: int, kills: int, progress: Progress) -> list[Findings]:
    """One in each mode at the same time: they wait most of theirs."""
    storms = []
    for mode in MODES:
        (folder / mode).mkdir()
        storms.append(Storm(folder / mode, mode, seed, kills, on_kill=progress.killed))
    with ThreadPoolExecutor(len(MODES)) as both:
        return list(both.map(Storm.play, storms))


def _summary(findings: list[Findings], took: timedelta) -> None:
    tried, left, figures = Counter[str](), Counter[str](), Counter[str]()
    for found in findings:
        tried.update(found.tried)
        left.update(found.left)
        figures.update(found.figures)
    kills = sum(found.kills for found in findings)
    print(f"\n{datetime.now(UTC):%Y-%m-%d}: {kills} kills in {took} on {os.cpu_count()} cores")
    print(f"moments:  {_listed(tried)}")
    print(f"kills that left behind:  {_listed(left)}")
    print(f"in all:  {_listed(figures)}")
    print("said twice: 0, lost: 0, out of order: 0, astray: 0")


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{what} {number:,}" for what, number in counted.items())


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=500)
    options.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    given = options.parse_args()
    sys.exit(main(given.kills, given.seed))
