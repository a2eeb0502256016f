"""Group commit: what many threads write at the same time reaches the disk together.

A commit that must be on the disk costs one fsync, during which nobody else can write. So who writes does not commit as
long as others wait for their turn: they write into the same transaction, each as if in one of its own, and the last of
them commits for all. Nobody goes on before what he wrote is committed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Event

_MOST = 64  # who is first shall not wait for ever while others keep coming
_OWN = "own"  # the savepoint that a failing one goes back to


class Busy(Exception):  # noqa: N818  told to the caller, who knows what is busy
    """One's turn did not come within the patience."""


class NotCommitted(Exception):  # noqa: N818  told to the caller, who knows what was to be stored
    """Nothing of the batch is stored; `cause` says why."""

    def __init__(self, cause: sqlite3.Error) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Batches:
    """One writer at a time, on a connection that `connect` opens.

    `connect(True)`: what is committed is on the disk. `connect(False)`: it survives the end of the process, and is on
    the disk with the next commit that is. `patience`: seconds that one waits for one's turn.
    """

    def __init__(self, connect: Callable[[bool], sqlite3.Connection], *, patience: float) -> None:
        self._connect, self._patience = connect, patience
        self._door = Condition()
        # Behind the door:
        self._is_taken = False
        self.waiting = 0  # for their turn
        # Who has the turn has these for himself:
        self._batch: _Batch | None = None  # left open by who was here before, for us to commit
        self._idle: dict[bool, sqlite3.Connection] = {}

    @contextmanager
    def transaction(self, *, durable: bool) -> Iterator[sqlite3.Connection]:
        """Lend the connection, and return when all is committed; undo it if anything is raised inside.

        Raises `Busy`, `NotCommitted`, or what sqlite3 raises.
        """
        self._take_turn()
        try:
            if self._batch is None:
                self._batch = self._begin(durable)
            batch = self._batch
        except BaseException:
            self._hand_on()
            raise
        try:
            with batch.one():
                yield batch.connection
        finally:
            self._leave(batch)
        batch.settled.wait()
        if batch.error is not None:
            raise NotCommitted(batch.error)

    def close(self) -> None:
        """Commit what waits for it, and close the connections."""
        self._take_turn()
        if self._batch is not None:
            self._settle(self._batch)
        for connection in self._idle.values():
            connection.close()
        self._idle.clear()
        self._hand_on()

    def _take_turn(self) -> None:
        with self._door:
            self.waiting += 1
            try:
                if not self._door.wait_for(lambda: not self._is_taken, self._patience):
                    raise Busy
                self._is_taken = True
            finally:
                self.waiting -= 1

    def _hand_on(self) -> None:
        with self._door:
            self._is_taken = False
            self._door.notify()

    def _leave(self, batch: _Batch) -> None:
        with self._door:
            # Who waits is sure to come in: nobody gives up waiting while nobody is inside.
            if self.waiting and batch.may_grow:
                self._is_taken = False
                self._door.notify()
                return
        self._settle(batch)
        self._hand_on()

    def _begin(self, durable: bool) -> _Batch:
        connection = self._idle.pop(durable, None) or self._connect(durable)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            connection.close()  # whatever ails it
            raise
        return _Batch(connection, durable=durable)

    def _settle(self, batch: _Batch) -> None:
        self._batch = None
        batch.settle()
        if batch.is_sound:
            self._idle[batch.durable] = batch.connection
        else:
            batch.connection.close()
        batch.settled.set()


class _Batch:
    """Transactions that stand or fall by one commit."""

    def __init__(self, connection: sqlite3.Connection, *, durable: bool) -> None:
        self.connection, self.durable = connection, durable
        self.settled = Event()
        self.error: sqlite3.Error | None = None
        self.is_sound = True  # whether the connection may be used again
        self._size = 0

    @property
    def may_grow(self) -> bool:
        return self.durable and 0 < self._size < _MOST and self.error is None

    @contextmanager
    def one(self) -> Iterator[None]:
        """Write as if alone: what is raised inside undoes what was written inside, and no more."""
        self.connection.execute(f"SAVEPOINT {_OWN}")
        try:
            yield
        except BaseException as error:
            self.is_sound = self.is_sound and not isinstance(error, sqlite3.Error)
            self._undo_one(error)
            raise
        self.connection.execute(f"RELEASE {_OWN}")
        self._size += 1

    def settle(self) -> None:
        try:
            if self._size and self.error is None:
                self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            self.error, self.is_sound = error, False
        if self.connection.in_transaction:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")

    def _undo_one(self, error: BaseException) -> None:
        try:
            self.connection.execute(f"ROLLBACK TO {_OWN}")
            self.connection.execute(f"RELEASE {_OWN}")
        except sqlite3.Error as lost:
            # Some errors end the transaction, and with it what the others wrote.
            self.error, self.is_sound = error if isinstance(error, sqlite3.Error) else lost, False
