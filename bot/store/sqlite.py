"""The store in one SQLite file: the book, the outbox and the registry over the same connections."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.store.book import SqliteBook
from bot.store.file import PATIENCE, SqliteFile
from bot.store.outbox import SqliteOutbox
from bot.store.registry import SqliteRegistry


class SqliteStore:
    """May be used from many threads, and by many processes on one machine."""

    def __init__(self, path: Path, *, patience: timedelta = PATIENCE) -> None:
        """Open the file at `path`, creating or migrating it; `patience` is how long a writer waits for the others.

        Raises `StoreDown`, or `StoreTooNew` if a newer program wrote the file.
        """
        self._file = SqliteFile(path, patience=patience)
        self.book = SqliteBook(self._file)
        self.outbox = SqliteOutbox(self._file)
        self.registry = SqliteRegistry(self._file)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
