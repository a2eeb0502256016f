"""One WebSocket of Socket Mode: opened with an address of its own, read on a thread of its own.

A line that has died without a word is noticed by the pongs that do not come. They are counted in glances, not in
seconds: a process that was asleep, or had no processor to run on, must not take its own silence for Slack's.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from socket import SHUT_RDWR
from ssl import SSLContext
from threading import Event, Thread
from typing import Any

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

log = logging.getLogger(__name__)
# At DEBUG the library writes whole payloads.
_wire_log = logging.getLogger("bot.slack.line.wire")
_wire_log.setLevel(logging.INFO)

GLANCE = timedelta(seconds=0.5)
_PING_EVERY = 2  # glances
_PONG_WITHIN = 4  # glances
_OPEN_WITHIN = 5.0  # seconds for the connection
_HELLO_WITHIN = 2.0  # seconds more for Slack's hello
_CLOSE_WITHIN = 1.0  # seconds for the answer to our goodbye
_LARGEST = 16 * 1024 * 1024  # bytes

Frame = dict[str, Any]


class Line:
    """`heard` gets every frame that asks for an acknowledgement, `changed` is called when the line becomes another."""

    def __init__(
        self,
        url: str,
        heard: Callable[[Line, Frame], None],
        changed: Callable[[], None],
        *,
        ssl: SSLContext | None,
        proxy: str | None,
    ) -> None:
        self._url, self._heard, self._changed = url, heard, changed
        self._ssl, self._proxy = ssl, proxy
        self._socket: ClientConnection | None = None
        self._said_hello = Event()  # or ended before it did
        self._pong: Event | None = None
        self._glances = 0  # since the last ping was sent, or answered
        self._thread = Thread(target=self._run, name="line", daemon=True)
        self.is_open = False  # between Slack's hello and the end
        self.is_leaving = False  # Slack will send nothing more here, or we want no more of it
        self.why_not = ""

    def open(self) -> str:
        """Return when Slack has said hello: ""; or why it has not."""
        self._thread.start()
        if not self._said_hello.wait(_OPEN_WITHIN + _HELLO_WITHIN):
            self.cut()
            return "no hello"
        return "" if self.is_open else self.why_not or "hung up"

    def send(self, text: str) -> bool:
        """Whether it could be handed to the network."""
        try:
            if self._socket is not None:
                self._socket.send(text)
                return True
        except (OSError, ConnectionClosed):
            pass
        return False

    def glance(self) -> None:
        """Ping Slack now and then, and cut the line if the answer does not come. To be called every `GLANCE`."""
        self._glances += 1
        if self._pong is not None and self._pong.is_set():
            self._pong = None
        elif self._pong is not None and self._glances > _PONG_WITHIN:
            log.warning("A connection to Slack is dead: nothing answers")
            self.cut()
        elif self._pong is None and self._glances >= _PING_EVERY and self._socket is not None and self.is_open:
            self._glances = 0
            with suppress(OSError, ConnectionClosed):
                self._pong = self._socket.ping()

    def hang_up(self) -> None:
        """Say goodbye, and return when the line is closed; within a second or so."""
        if self._socket is not None:
            with suppress(OSError, ConnectionClosed):
                self._socket.close()
        if self._thread.ident is not None:
            self._thread.join(2 * _CLOSE_WITHIN)

    def cut(self) -> None:
        """End it without a word: nobody is there to hear one."""
        self.is_open = False
        if self._socket is not None:
            with suppress(OSError):
                self._socket.socket.shutdown(SHUT_RDWR)

    def _run(self) -> None:
        try:
            with connect(
                self._url,
                ssl=self._ssl if self._url.startswith("wss:") else None,
                proxy=self._proxy,
                compression=None,
                open_timeout=_OPEN_WITHIN,
                close_timeout=_CLOSE_WITHIN,
                ping_interval=None,
                max_size=_LARGEST,
                logger=_wire_log,
            ) as self._socket:
                for text in self._socket:
                    self._read(text)
        except (OSError, ValueError, WebSocketException) as error:
            self.why_not = type(error).__name__
        finally:
            self.is_open = False
            self._said_hello.set()
            self._changed()

    def _read(self, text: str | bytes) -> None:
        try:
            frame = json.loads(text)
        except (ValueError, RecursionError):
            frame = None
        match frame:
            case {"type": "hello"}:
                self.is_open = True
                self._said_hello.set()
            case {"type": "disconnect"}:
                # Why, Slack's word says: https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect
                self.why_not, self.is_leaving = str(frame.get("reason")), True
                self._said_hello.set()
                self._changed()
            case {"envelope_id": str()}:
                self._heard(self, frame)
            case _:
                log.warning("Slack sent a frame that we do not know")
