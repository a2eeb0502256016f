"""Socket Mode: single-use tickets, up to ten connections, envelopes out and acknowledgements in."""

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.delivery import Answer, Delivery, Outcome
from bot.sandbox.seed import APP_ID
from bot.sandbox.state import Workspace
from bot.sandbox.wire import Json, dumped

MOST_CONNECTIONS = 10
MOST_WAITING = 1000
TICKET_SECONDS = 30.0
GRACE_SECONDS = 10.0  # how long a socket that was told to refresh may still acknowledge

_TYPES = {"event": "events_api", "interaction": "interactive", "command": "slash_commands"}
_ANSWERED = ("view_submission", "block_suggestion")


@dataclass(slots=True, eq=False)
class _Connection:
    websocket: WebSocket
    leaving: bool = False
    muted: bool = False

    async def send(self, frame: Json) -> bool:
        if self.muted:
            return True  # as far as anybody here can tell
        try:
            await self.websocket.send_text(dumped(frame))
        except (WebSocketDisconnect, RuntimeError):
            return False
        return True


class Sockets:
    """The app's WebSocket connections; carries deliveries to any one of them, in turn."""

    timed_out = "timeout"

    def __init__(self, workspace: Workspace) -> None:
        """Start with no connection."""
        self._workspace = workspace
        self._tickets: dict[str, float] = {}
        self._open: list[_Connection] = []
        self._turn = 0
        self._some = asyncio.Event()
        self._waiting = 0
        self._acks: dict[str, asyncio.Future[Answer]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Get ready for a new loop, before anybody can connect."""
        self._some = asyncio.Event()

    @property
    def count(self) -> int:
        """How many connections take payloads now."""
        with self._workspace.changed:
            return sum(not one.leaving for one in self._open)

    def ticket(self) -> str:
        """A ticket for one connection."""
        with self._workspace.changed:
            ticket = secrets.token_urlsafe(24)
            self._tickets[ticket] = time.monotonic() + TICKET_SECONDS
            return ticket

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one connection until it ends. A ticket that is unknown, old or used gets no connection."""
        if self._tickets.pop(websocket.query_params.get("ticket", ""), 0.0) < time.monotonic():
            await websocket.close()
            return
        await websocket.accept()
        connection = _Connection(websocket)
        if len(self._open) >= MOST_CONNECTIONS:
            await connection.send(self._disconnect("too_many_websockets"))
            await websocket.close()
            return
        # Nothing may come before hello, so the connection takes no payload until that is sent.
        await connection.send(self._hello())
        with self._workspace.changing():
            self._open.append(connection)
        self._some.set()
        try:
            while True:
                self._heard(await websocket.receive_text())
        except WebSocketDisconnect:
            return
        finally:
            self._lost(connection)

    async def attempt(self, delivery: Delivery, number: int, reason: str, seconds: float) -> Outcome:
        """Send the payload in an envelope of its own and wait for its acknowledgement.

        An event waits for a connection as long as it takes, unless too many wait already. A press or a command waits
        no longer than for its acknowledgement: somebody is looking at the screen.
        """
        envelope_id = str(uuid.uuid4())
        ack: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._acks[envelope_id] = ack
        try:
            if not await self._sent(delivery, self._envelope(envelope_id, delivery, number, reason), seconds):
                return Outcome(False, "no_connection", no_retry=True)
            answer = await asyncio.wait_for(ack, seconds)
        except TimeoutError:
            return Outcome(False, self.timed_out)
        finally:
            del self._acks[envelope_id]
        if answer is not None and not _takes_answer(delivery):
            self._workspace.warn(f"{delivery.name}: an answer in the acknowledgement is not read by Slack here")
        return Outcome(True, answer=answer)

    def refresh(self) -> None:
        """Ask every connection to come again. Runs on the loop."""
        for connection in list(self._open):
            connection.leaving = True
            self._later(self._see_off(connection))
        self._some.clear()

    def close(self, code: int) -> None:
        """End every connection with a close frame. Runs on the loop."""
        for connection in list(self._open):
            self._later(_end(connection, code))

    def mute(self, count: int) -> None:
        """Let the oldest connections go on as they are, pings and all, and deliver nothing. Runs on the loop."""
        for connection in self._open[:count]:
            connection.muted = True

    def stop(self) -> None:
        """Let go of what is under way. Runs on the loop."""
        for task in self._closing:
            task.cancel()

    def _later(self, ending: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(ending)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _see_off(self, connection: _Connection) -> None:
        await connection.send(self._disconnect("refresh_requested"))
        await asyncio.sleep(GRACE_SECONDS)
        await _end(connection, 1000)

    async def _sent(self, delivery: Delivery, envelope: Json, seconds: float) -> bool:
        if self._waiting >= MOST_WAITING:
            self._workspace.warn(f"{delivery.name}: lost, for {MOST_WAITING} events wait for a connection already")
            return False
        self._waiting += 1
        try:
            while True:
                await asyncio.wait_for(self._some.wait(), None if delivery.kind == "event" else seconds)
                connection = self._next()
                if connection and await connection.send(envelope):
                    return True
                if connection:
                    self._lost(connection)
        finally:
            self._waiting -= 1

    def _next(self) -> _Connection | None:
        able = [one for one in self._open if not one.leaving]
        if not able:
            self._some.clear()
            return None
        self._turn += 1
        return able[self._turn % len(able)]

    def _lost(self, connection: _Connection) -> None:
        with self._workspace.changing():
            if connection in self._open:
                self._open.remove(connection)
        if all(one.leaving for one in self._open):
            self._some.clear()

    def _heard(self, text: str) -> None:
        try:
            frame = json.loads(text)
            envelope_id = frame["envelope_id"]
        except (ValueError, TypeError, KeyError):
            self._workspace.warn(f"a frame that is no acknowledgement came over the socket: {text[:200]}")
            return
        # The app may acknowledge over another connection than the payload came by; Slack takes that too.
        ack = self._acks.get(envelope_id)
        if ack and not ack.done():
            ack.set_result(frame.get("payload"))

    def _envelope(self, envelope_id: str, delivery: Delivery, number: int, reason: str) -> Json:
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": delivery.payload,
            "type": _TYPES[delivery.kind],
            "accepts_response_payload": _takes_answer(delivery),
        }
        if delivery.kind == "event":
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        return envelope

    def _hello(self) -> Json:
        debug = {"host": "applink-sandbox", "build_number": 10, "approximate_connection_time": 18060}
        count = len(self._open) + 1
        return {"type": "hello", "num_connections": count, "debug_info": debug, "connection_info": {"app_id": APP_ID}}

    def _disconnect(self, reason: str) -> Json:
        frame: Json = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
        return frame | {"num_connections": len(self._open), "connection_info": {"app_id": APP_ID}}


async def _end(connection: _Connection, code: int) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await connection.websocket.close(code)


def _takes_answer(delivery: Delivery) -> bool:
    return delivery.kind == "command" or delivery.name in _ANSWERED
