"""A bar on standard error for work over many entries; nothing where nobody watches, or where it is soon done."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.progress import Progress

OnEntry: TypeAlias = Callable[[int, int], None]
MANY = 500  # entries; fewer are done before a bar could be read


@contextmanager
def progress(what: str) -> Iterator[OnEntry]:
    """Give what is to be called after each entry, with how many are done, of how many.

    Whatever ends the work, Ctrl-C too, the bar is wiped away and the cursor is back.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _unseen
        return
    bar = _Bar(what)
    try:
        yield bar
    finally:
        bar.close()


def _unseen(_done: int, _of_all: int) -> None:
    """Nobody watches."""


class _Bar:
    """Shows itself when it hears that there are many."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown: Progress | None = None

    def __call__(self, done: int, of_all: int) -> None:
        if of_all <= MANY:
            return
        if self._shown is None:
            self._shown = _started(self._what)
        self._shown.update(self._shown.task_ids[0], completed=done, total=of_all)

    def close(self) -> None:
        if self._shown is not None:
            self._shown.stop()


def _started(what: str) -> Progress:
    from rich.console import Console  # noqa: PLC0415  most commands never show a bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
    shown.add_task(what, total=None)
    shown.start()
    return shown
