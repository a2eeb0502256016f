"""The bar is for people at a terminal with a lot to wait for, and for nobody else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

_WORK = """\
import sys
from bot.cli.progress import progress
entries = int(sys.argv[1])
with progress("Reading entries") as on_entry:
    for done in range(entries):
        if done == entries - 10 and sys.argv[2] == "interrupted":
            raise KeyboardInterrupt
        on_entry(done + 1, entries)
        if done % 100 == 0:
            print("said meanwhile")
"""
_HIDDEN, _SHOWN = b"\x1b[?25l", b"\x1b[?25h"  # the cursor


def _run(entries: int, *, how: str = "to the end", term: str = "xterm") -> tuple[bytes, bytes]:
    """What comes to standard output and what to a terminal on standard error."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", _WORK, str(entries), how],
        stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": term},
    ) as running:  # fmt: skip
        os.close(theirs)
        seen = b""
        try:
            while got := os.read(ours, 65_536):
                seen += got
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(ours)
        assert running.stdout is not None
        return running.stdout.read(), seen


def test_many_entries_are_counted_and_the_bar_is_wiped_away() -> None:
    out, seen = _run(1_000)

    assert b"Reading entries" in seen
    assert b"1000/1000" in seen
    assert seen.count(_HIDDEN) == seen.count(_SHOWN) == 1
    assert seen.endswith(b"\x1b[2K")
    assert out == b"said meanwhile\n" * 10  # nothing of the bar, and nothing lost to it


def test_after_control_c_the_cursor_is_back() -> None:
    _, seen = _run(1_000, how="interrupted")

    assert seen.index(_HIDDEN) < seen.index(_SHOWN) < seen.index(b"KeyboardInterrupt")


@pytest.mark.parametrize(
    ("entries", "term"),
    [
        (500, "xterm"),  # soon done
        (1_000, "dumb"),  # cannot wipe anything away
    ],
)
def test_where_there_is_no_bar(entries: int, term: str) -> None:
    out, seen = _run(entries, term=term)

    assert seen == b""
    assert out.count(b"said meanwhile") == entries // 100


def test_what_is_no_terminal_gets_nothing() -> None:
    ran = subprocess.run([sys.executable, "-c", _WORK, "1000", "to the end"], capture_output=True, check=True)

    assert ran.stderr == b""
