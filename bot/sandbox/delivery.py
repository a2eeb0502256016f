"""Delivering events, interactions and commands to the app: attempts, acknowledgements, and Slack's repeats."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot.sandbox.state import Workspace
from bot.sandbox.wire import Json

Kind = Literal["event", "interaction", "command"]
Answer = Json | str | None
LEEWAY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `reason` says why it was repeated; `failure` is empty where the app acknowledged in time."""

    at: float
    number: int
    reason: str = ""
    failure: str = ""
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One payload for the app, with every attempt so far.

    `name` is the type of the event (`message.message_changed` with its subtype) or interaction, or the command.
    `n` counts deliveries and calls together; `first_number` is that of the first attempt, 1 for what is a repeat.
    """

    id: str
    kind: Kind
    name: str
    payload: Json
    attempts: tuple[Attempt, ...] = ()
    state: Literal["waiting", "acked", "given up"] = "waiting"
    answer: Answer = None
    first_number: int = 0
    n: int = 0
    at: float = 0.0

    @property
    def acked(self) -> bool:
        """Whether the app has acknowledged it."""
        return self.state == "acked"

    @property
    def milliseconds(self) -> float:
        """How long the last attempt took, up to the acknowledgement or the failure."""
        return self.attempts[-1].milliseconds if self.attempts else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: acknowledged with an answer, or the reason that the next attempt will carry."""

    acked: bool
    reason: str = ""
    answer: Answer = None
    no_retry: bool = False


class Carrier(Protocol):
    """The way to the app: sockets, or signed HTTP."""

    timed_out: str

    async def attempt(self, delivery: Delivery, number: int, reason: str, seconds: float) -> Outcome:
        """Hand the payload over and wait for the acknowledgement, `seconds` at most from the moment it is sent."""
        ...


@dataclass(slots=True)
class _Hooks:
    acked: Callable[[Answer], None] | None = None
    failed: Callable[[str], None] | None = None


class Deliveries:
    """Everything sent to the app so far, in order, and what is still under way."""

    def __init__(self, workspace: Workspace, *, ack_seconds: float, pauses: Iterable[float]) -> None:
        """`pauses` lie before the first, second, … repeat of an event; there are as many repeats as pauses."""
        self._workspace = workspace
        self._ack_seconds = ack_seconds
        self._pauses = tuple(pauses)
        self._sent: dict[str, Delivery] = {}
        self._hooks: dict[str, _Hooks] = {}
        self._deaf = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._carrier: Carrier | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, loop: asyncio.AbstractEventLoop, carrier: Carrier) -> None:
        """Begin, or go on with what was still waiting when the server stopped."""
        with self._workspace.changed:
            self._loop, self._carrier = loop, carrier
            for delivery in self.pending():
                loop.call_soon_threadsafe(self._launch, delivery.id)

    def stop(self) -> None:
        """Let go of what is under way; it stays waiting. Runs on the loop."""
        with self._workspace.changed:
            self._loop = None
        for task in self._tasks:
            task.cancel()

    def send(
        self,
        delivery: Delivery,
        *,
        acked: Callable[[Answer], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Deliver in the background. The callbacks run on the server's loop: they must be quick."""
        with self._workspace.changing():
            self._sent[delivery.id] = replace(delivery, n=self._workspace.next_number(), at=self._workspace.seconds())
            self._hooks[delivery.id] = _Hooks(acked, failed)
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._launch, delivery.id)

    def all(self) -> list[Delivery]:
        """Every delivery so far, oldest first."""
        with self._workspace.changed:
            return list(self._sent.values())

    def pending(self) -> list[Delivery]:
        """What is neither acknowledged nor given up."""
        return [delivery for delivery in self.all() if delivery.state == "waiting"]

    def ended(self, delivery_id: str) -> Delivery | None:
        """Wait until a delivery is acknowledged or given up, and return it; None where the server stops before that."""

        def is_over() -> bool:
            known = self._sent.get(delivery_id)
            return self._loop is None or known is None or known.state != "waiting"

        # A press waits for a connection first, and as long again for its acknowledgement.
        self._workspace.wait(is_over, 2 * self._ack_seconds + LEEWAY_SECONDS)
        with self._workspace.changed:
            known = self._sent.get(delivery_id)
            return known if known and known.state != "waiting" else None

    def drop_acks(self, count: int) -> None:
        """Pretend that the next `count` acknowledgements never arrived."""
        with self._workspace.changed:
            self._deaf += count

    def forget(self) -> None:
        """Forget what is done with; used when the workspace starts again."""
        with self._workspace.changing():
            self._sent = {delivery.id: delivery for delivery in self.pending()}

    def _launch(self, delivery_id: str) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(delivery_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery_id: str) -> None:
        delivery, carrier = self._sent[delivery_id], self._carrier
        if carrier is None or delivery.state != "waiting":
            return
        pauses = self._pauses if delivery.kind == "event" else ()
        first = delivery.first_number
        reason = carrier.timed_out if first else ""
        for number in range(first, max(first, len(pauses)) + 1):
            if number > first:
                await asyncio.sleep(pauses[number - 1])
            outcome = await self._attempt(carrier, delivery, number, reason)
            if outcome.acked:
                self._end(delivery_id, "acked", outcome)
                return
            reason = outcome.reason
            if outcome.no_retry:
                break
        self._end(delivery_id, "given up", Outcome(False, reason))

    async def _attempt(self, carrier: Carrier, delivery: Delivery, number: int, reason: str) -> Outcome:
        began, started = self._workspace.seconds(), time.monotonic()
        outcome = await carrier.attempt(delivery, number, reason, self._ack_seconds)
        if outcome.acked and self._is_deaf():
            await asyncio.sleep(max(0.0, self._ack_seconds - (time.monotonic() - started)))
            outcome = Outcome(False, carrier.timed_out)
        took = (time.monotonic() - started) * 1000
        attempt = Attempt(began, number, reason, "" if outcome.acked else outcome.reason, took)
        with self._workspace.changing():
            known = self._sent[delivery.id]
            self._sent[delivery.id] = replace(known, attempts=(*known.attempts, attempt))
        return outcome

    def _is_deaf(self) -> bool:
        with self._workspace.changed:
            if not self._deaf:
                return False
            self._deaf -= 1
            return True

    def _end(self, delivery_id: str, state: Literal["acked", "given up"], outcome: Outcome) -> None:
        hooks = self._hooks.pop(delivery_id)
        if outcome.acked and hooks.acked:
            hooks.acked(outcome.answer)
        if not outcome.acked and hooks.failed:
            hooks.failed(outcome.reason)
        with self._workspace.changing():
            self._sent[delivery_id] = replace(self._sent[delivery_id], state=state, answer=outcome.answer)
