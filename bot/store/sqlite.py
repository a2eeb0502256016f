"""The store in one SQLite file: the book, the outbox and the registry over the same connections."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.store.book import SqliteBook
from bot.store.file import PATIENCE, SqliteFile
from bot.store.machine import may_have_lost, note, this_boot
from bot.store.outbox import SqliteOutbox, doubt_untold
from bot.store.registry import SqliteRegistry


class SqliteStore:
    """May be used from many threads, and by many processes on one machine."""

    def __init__(self, path: Path, *, patience: timedelta = PATIENCE, boot: str | None = None) -> None:
        """Open the file at `path`, creating or migrating it; `patience` is how long a writer waits for the others.

        `boot` names this start of the machine; None asks the machine.

        Raises `StoreDown`, or `StoreTooNew` if a newer program wrote the file.
        """
        self._file = SqliteFile(path, patience=patience, replaced=doubt_untold)
        try:
            self._look_back(this_boot() if boot is None else boot)
        except BaseException:
            self._file.close()
            raise
        self.book = SqliteBook(self._file)
        self.outbox = SqliteOutbox(self._file)
        self.registry = SqliteRegistry(self._file)

    def _look_back(self, boot: str) -> None:
        """If the machine went down since, what was written last may be lost: doubt what seems to be unsaid."""
        with self._file.reading() as connection:
            if not may_have_lost(connection, boot):
                return
        with self._file.writing() as connection:
            doubt_untold(connection)
            note(connection, boot)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
