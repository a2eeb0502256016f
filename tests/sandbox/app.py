"""Small stand-ins for the app's end of the wire: a socket and a web server that keep what they hear."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.sandbox.server import Sandbox

Json = dict[str, Any]
Acknowledge = Callable[[Json], Json | None]


def acknowledge(envelope: Json) -> Json | None:
    """What an app sends back that has nothing to say."""
    return {"envelope_id": envelope["envelope_id"]}


def never(_envelope: Json) -> Json | None:
    """The app that does not acknowledge."""
    return None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body as a JSON object."""
        found: Json = json.loads(self.body)
        return found


def ask(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    """GET, or POST where there is a body."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET" if body is None else "POST", target, body, dict(headers or {}))
        with connection.getresponse() as response:
            return Reply(response.status, dict(response.headers), response.read())
    finally:
        connection.close()


class Ear:
    """One socket of the app: keeps every frame, and acknowledges envelopes as it is told."""

    def __init__(self, sandbox: Sandbox, answer: Acknowledge = acknowledge) -> None:
        """Connect the way an app does."""
        self.frames: list[Json] = []
        self.answer = answer
        self.closed = threading.Event()
        self.code: int | None = None
        url = WebClient(sandbox.app_token, base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
        self.url = str(url["url"])
        self.socket: ClientConnection | None = None
        self._connected = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self._connected.wait(5)

    @property
    def envelopes(self) -> list[Json]:
        """The frames that want an acknowledgement."""
        return [frame for frame in list(self.frames) if "envelope_id" in frame]

    def events(self, kind: str | None = None) -> list[Json]:
        """The events heard, of that type."""
        found = [one["payload"]["event"] for one in self.envelopes if one["type"] == "events_api"]
        return [event for event in found if kind in (None, event["type"])]

    def send(self, frame: Json) -> None:
        """Send a frame of one's own."""
        assert self.socket
        self.socket.send(json.dumps(frame))

    def close(self) -> None:
        """Hang up."""
        if self.socket:
            self.socket.close()
        self._thread.join()

    def cut(self) -> None:
        """Hang up without a word."""
        if self.socket:
            self.socket.socket.shutdown(SHUT_RDWR)
        self._thread.join()

    def _listen(self) -> None:
        with (
            suppress(ConnectionClosed, InvalidStatus, ConnectionError),
            connect(self.url, proxy=None, compression=None) as self.socket,
        ):
            self._connected.set()
            for text in self.socket:
                self._hear(json.loads(text))
        self.code = self.socket.close_code if self.socket else None
        self._connected.set()
        self.closed.set()

    def _hear(self, frame: Json) -> None:
        self.frames.append(frame)
        answer = self.answer(frame) if "envelope_id" in frame else None
        if answer:
            self.send(answer)


class Endpoint:
    """A web server as the app would be one: keeps every request, and answers as it is told."""

    def __init__(self) -> None:
        """Listen at once. `answers` are (status, headers, body), used up one by one; then it is 200."""
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], str]] = []
        self.reply: Callable[[bytes], str] = lambda _body: ""
        self.chunked = False
        self.hold = threading.Event()
        self.hold.set()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                endpoint.requests.append((headers, body))
                endpoint.hold.wait(5)
                status, more, text = endpoint.answers.pop(0) if endpoint.answers else (200, {}, endpoint.reply(body))
                self.send_response(status)
                length = {"Transfer-Encoding": "chunked"} if endpoint.chunked else {"Content-Length": str(len(text))}
                for name, value in {**more, **length}.items():
                    self.send_header(name, value)
                self.end_headers()
                pieces = [f"1\r\n{letter}\r\n" for letter in text] + ["0\r\n\r\n"] if endpoint.chunked else [text]
                self.wfile.write("".join(pieces).encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

            def handle(self) -> None:
                with suppress(BrokenPipeError, ConnectionResetError):
                    super().handle()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
