"""The sandbox: a Slack of one's own on this machine, with a Python side for tests and a page for people."""

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from bot.sandbox import chat
from bot.sandbox.acting import Acting
from bot.sandbox.calls import Calls
from bot.sandbox.conversations import Conversations
from bot.sandbox.delivery import Carrier, Deliveries
from bot.sandbox.faults import Faults
from bot.sandbox.granted import Granted
from bot.sandbox.interactions import Interactions
from bot.sandbox.looking import Looking
from bot.sandbox.page import Move, Page
from bot.sandbox.parts import Parts, Tokens
from bot.sandbox.passes import Passes
from bot.sandbox.posting import SignedPosts
from bot.sandbox.seed import Seed
from bot.sandbox.serving import STOP_SECONDS, Guard, LocalServer
from bot.sandbox.sockets import Sockets
from bot.sandbox.state import Workspace
from bot.sandbox.views import Views
from bot.sandbox.webapi import WebApi
from bot.sandbox.wire import Json

PAUSES = (1.0, 60.0, 300.0)  # "nearly immediately", a minute, five minutes: docs.slack.dev/apis/events-api
START_SECONDS = 10.0


class Sandbox(Acting, Looking):
    """A Slack workspace on 127.0.0.1 that a real bot can connect to.

    Use it as a context manager, or with start() and stop(); what was said stays over a stop, and start() goes on
    at the same address. With `events_url`, events, interactions and commands are posted there, signed, instead of
    going over Socket Mode. `redelivery` are the pauses before an event that was not acknowledged within `ack_seconds`
    is sent again. With `limits`, chat.postMessage is held to a message a second and channel, with bursts.
    `scopes`, `subscriptions` and `shortcuts` are what the app's manifest asks for, the last as `features.shortcuts`
    lists them; without them it may and hears everything, and the page's menus have no shortcuts. `clock` is the time
    of everything that happens here; what is really waited for, and what signatures say, goes by the real one.
    """

    def __init__(
        self,
        seed: Seed,
        *,
        port: int = 0,
        events_url: str | None = None,
        signing_secret: str | None = None,
        ack_seconds: float = 3.0,
        redelivery: tuple[float, ...] = PAUSES,
        trigger_seconds: float = 3.0,
        limits: bool = False,
        scopes: Collection[str] | None = None,
        subscriptions: Collection[str] | None = None,
        shortcuts: Sequence[Json] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Build everything; nothing listens before start()."""
        self._port = port
        secret = signing_secret or secrets.token_hex(16)
        number = secrets.randbelow(10**12)
        tokens = Tokens(
            bot=f"xoxb-{number}-{secrets.token_hex(16)}",
            app=f"xapp-1-A0TIER1APP-{number}-{secrets.token_hex(32)}",
            signing_secret=secret,
            verification=secrets.token_hex(12),
        )
        workspace = Workspace(seed, clock)
        deliveries = Deliveries(workspace, ack_seconds=ack_seconds, pauses=redelivery)
        granted = Granted(scopes, subscriptions, shortcuts)
        conversations = Conversations(workspace, deliveries, granted, token=tokens.verification)
        views = Views(workspace)
        passes = Passes(workspace, trigger_seconds=trigger_seconds)
        interactions = Interactions(workspace, deliveries, views, passes, token=tokens.verification)
        self._parts = Parts(
            tokens=tokens,
            granted=granted,
            workspace=workspace,
            deliveries=deliveries,
            conversations=conversations,
            views=views,
            passes=passes,
            interactions=interactions,
            sockets=Sockets(workspace),
            faults=Faults(workspace, limits=limits),
            calls=Calls(workspace),
        )
        interactions.respond = lambda url, answer: chat.respond(self._parts, url, answer)
        self._posts = SignedPosts(events_url, secret) if events_url else None
        self._carrier: Carrier = self._posts or self._parts.sockets
        self._move: Move | None = None
        self._uvicorn: LocalServer | None = None
        self._thread: threading.Thread | None = None
        self._switch = threading.Lock()

    def __enter__(self) -> "Sandbox":
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def start(self) -> "Sandbox":
        """Listen on 127.0.0.1; returns when the address answers. Raises OSError if the port is taken."""
        with self._switch:
            if self._thread is None:
                self._begin()
        return self

    def stop(self) -> None:
        """Close every connection, with a close frame where it is a socket, and stop listening."""
        with self._switch:
            if self._uvicorn and self._thread:
                self._uvicorn.loop.call_soon_threadsafe(self._wind_down)
                self._thread.join()
                self._uvicorn = self._thread = None

    @property
    def url(self) -> str:
        """The address of the page, http://127.0.0.1:PORT."""
        if not self._thread:
            raise RuntimeError("the sandbox is not running: call start(), or use it in a `with` statement")
        return self._parts.workspace.url

    @property
    def api_url(self) -> str:
        """The base of the Web API, as slack_sdk wants it."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The xoxb-… token of this sandbox."""
        return self._parts.tokens.bot

    @property
    def app_token(self) -> str:
        """The xapp-… token of this sandbox."""
        return self._parts.tokens.app

    @property
    def signing_secret(self) -> str:
        """What deliveries over HTTP are signed with."""
        return self._parts.tokens.signing_secret

    def reset(self) -> None:
        """Forget what was said, shown and called, and every fault; tokens, connections and the time stay."""
        parts = self._parts
        for part in (parts.faults, parts.passes, parts.interactions, parts.views, parts.calls, parts.deliveries):
            part.forget()
        parts.workspace.reset()

    def moves_time_by(self, move: Move) -> None:
        """Let people put time forward on the page. `move` returns when all that is due on the way is done and said."""
        self._move = move

    def verify_url(self) -> bool:
        """Send the challenge that Slack sends when the `events_url` is set; say whether it was met."""
        if self._posts is None or self._uvicorn is None:
            raise RuntimeError("there is no `events_url`, or the sandbox is not running")
        met = self._posts.verify(self._parts.tokens.verification)
        return asyncio.run_coroutine_threadsafe(met, self._uvicorn.loop).result()

    def cut_sockets(self) -> None:
        """End every socket without a close frame, as a broken network does."""
        self._on_loop(lambda: _abort(*self._connections(WebSocketsSansIOProtocol)))

    def close_sockets(self, code: int = 1001) -> None:
        """End every socket with a close frame, as a server does that goes away."""
        self._on_loop(lambda: self._parts.sockets.close(code))

    def freeze_sockets(self) -> None:
        """Let every socket that is open now play dead: nothing comes, nothing is answered, and nobody hangs up."""
        self._on_loop(lambda: _freeze(*self._connections(WebSocketsSansIOProtocol)))

    def mute_sockets(self, count: int = 1) -> None:
        """Let so many of the sockets open now, the oldest first, answer pings as ever and deliver nothing."""
        self._on_loop(lambda: self._parts.sockets.mute(count))

    def refresh_sockets(self) -> None:
        """Ask every socket to come again, as Slack does every few hours."""
        self._on_loop(self._parts.sockets.refresh)

    def _begin(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._parts.workspace.url = f"http://127.0.0.1:{self._port}"
        ready = threading.Event()
        server = LocalServer(self._app(), ready, self._parts.sockets.start)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
        thread.start()
        if not ready.wait(START_SECONDS):
            raise RuntimeError(f"the sandbox did not start within {START_SECONDS:g} s")
        self._uvicorn, self._thread = server, thread
        self._parts.deliveries.start(server.loop, self._carrier)

    def _on_loop(self, act: Callable[[], object]) -> None:
        server = self._uvicorn
        if server is None:
            raise RuntimeError("the sandbox is not running")
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        server.loop.call_soon_threadsafe(run)
        done.wait(STOP_SECONDS)

    def _wind_down(self) -> None:
        self._parts.deliveries.stop()
        self._parts.sockets.stop()
        if self._uvicorn:
            self._uvicorn.stopping.set()

    async def _sleep(self, seconds: float) -> None:
        if seconds and self._uvicorn:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._uvicorn.stopping.wait(), seconds)

    def _stopping(self) -> bool:
        return self._uvicorn is None or self._uvicorn.stopping.is_set()

    def _connections(self, kind: type[Any]) -> list[Any]:
        server = self._uvicorn
        return [one for one in server.server_state.connections if isinstance(one, kind)] if server else []

    def _hang_up(self, request: Request) -> None:
        for connection in self._connections(H11Protocol):
            if request.client and connection.client == (request.client.host, request.client.port):
                _abort(connection)

    def _app(self) -> ASGIApp:
        web = WebApi(self._parts, sleep=self._sleep, hang_up=self._hang_up)
        causes = {"cut": self.cut_sockets, "refresh": self.refresh_sockets, "reset": self.reset}
        page = Page(self._parts, self, self, causes=causes, mover=lambda: self._move, stopping=self._stopping)
        routes = [
            Route("/api/{method}", web.call, methods=["GET", "POST"]),
            *(
                Route(f"/{kind}/{{team}}/{{key}}", web.respond, methods=["POST"])
                for kind in ("actions", "commands", "app")
            ),
            Route("/files-pri/{id}/{name:path}", self._file),
            WebSocketRoute("/link/", self._parts.sockets.serve),
            *page.routes(),
        ]
        return Guard(Starlette(routes=routes), lambda: self._port)

    def _file(self, request: Request) -> Response:
        file = self._parts.workspace.files.get(request.path_params["id"])
        if request.headers.get("authorization") != f"Bearer {self.bot_token}":
            return PlainTextResponse("sign in", status_code=403)
        if file is None:
            return PlainTextResponse("file_not_found", status_code=404)
        return Response(file.content, media_type=file.mimetype)


def _abort(*connections: Any) -> None:
    for connection in connections:
        connection.transport.abort()


class _Nowhere:
    """A transport that takes everything and sends nothing."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def write(self, _data: bytes) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def _freeze(*connections: Any) -> None:
    for connection in connections:
        connection.stop_keepalive()
        connection.data_received = lambda _data: None
        connection.transport = _Nowhere(connection.transport)
