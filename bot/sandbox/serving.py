"""Serving on this machine only: Uvicorn in a thread, and the guard at its door."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

STOP_SECONDS = 0.5
HERE = ("127.0.0.1", "localhost")


class LocalServer(uvicorn.Server):
    """Uvicorn in a thread: says when it listens, and stops the moment it is told to."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, app: ASGIApp, ready: threading.Event, prepare: Callable[[], None]) -> None:
        """`prepare` is called on the loop before anybody can connect; `ready` is set when everybody can."""
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="websockets-sansio",
            ws_ping_interval=5.0,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            date_header=False,
            server_header=False,
        )
        super().__init__(config)
        self._ready = ready
        self._prepare = prepare
        self.stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Prepare, listen, and say so."""
        self.loop = asyncio.get_running_loop()
        self._prepare()
        await super().startup(sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        """Serve until `stopping` is set."""
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is open, with a close frame where it is a WebSocket."""
        # Uvicorn's own takes a tenth of a second at least, and hundreds of tests stop a sandbox each.
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        state, deadline = self.server_state, self.loop.time() + STOP_SECONDS
        for connection in list(state.connections):
            connection.shutdown()
        while (state.connections or state.tasks) and self.loop.time() < deadline:
            await asyncio.sleep(0.005)
        for task in state.tasks:
            task.cancel()


class Guard:
    """Lets in only who talks to this machine by its own name: no page of somebody else may drive the sandbox."""

    def __init__(self, app: ASGIApp, port: Callable[[], int]) -> None:
        """`port` is asked at every request, for it is not known before the server listens."""
        self._app = app
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from here, refuse the rest with 403."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope.get("headers", [])}
        if self._known(headers):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await _refuse(scope, receive, send)

    def _known(self, headers: dict[str, str]) -> bool:
        # slack_sdk's builtin client names the host of its socket without the port.
        hosts = {*HERE, *(f"{host}:{self._port()}" for host in HERE)}
        origins = {f"http://{host}:{self._port()}" for host in HERE}
        return headers.get("host") in hosts and headers.get("origin", f"http://{HERE[0]}:{self._port()}") in origins


_refuse: Callable[[Scope, Receive, Send], Awaitable[None]] = PlainTextResponse("not from here", status_code=403)
