"""Slack's signed HTTP deliveries: one request a connection at a time, connections kept while they are busy."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any, cast

from bench.wire import ACK_SECONDS, Handed

_IDLE_SECONDS = 2.0  # shorter than any server's own, so that none hangs up on us in between
_OK = range(200, 300)


class Posts:
    """Posts events to `http://127.0.0.1:PORT/slack/events`."""

    def __init__(self, port: int, signing_secret: str) -> None:
        self._port, self._secret = port, signing_secret.encode()
        self._idle: list[tuple[_Line, float]] = []

    async def hand(self, event: dict[str, Any], number: int, reason: str) -> Handed:
        body = json.dumps(event, separators=(",", ":")).encode()
        at, line = time.perf_counter(), None
        try:
            async with asyncio.timeout(ACK_SECONDS):
                line = await self._line()
                request = self._signed(body, number, reason)
                at = time.perf_counter()
                status = await line.post(request)
        except TimeoutError:
            if line:
                line.transport.abort()
            return Handed(at, None, "timeout")
        except OSError:
            return Handed(at, None, "connection_failed")
        took = time.perf_counter() - at
        if line.is_reusable:
            self._idle.append((line, time.monotonic()))
        else:
            line.transport.close()
        return Handed(at, took) if status in _OK else Handed(at, None, "http_error")

    async def _line(self) -> _Line:
        while self._idle:
            line, since = self._idle.pop()
            if line.is_reusable and time.monotonic() - since < _IDLE_SECONDS:
                return line
            line.transport.close()
        _, line = await asyncio.get_running_loop().create_connection(_Line, "127.0.0.1", self._port)
        return line

    def _signed(self, body: bytes, number: int, reason: str) -> bytes:
        """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {
            "Host": f"127.0.0.1:{self._port}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "*/*",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": f"http_{reason}"}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST /slack/events HTTP/1.1\r\n{head}\r\n".encode() + body


class _Line(asyncio.Protocol):
    """One connection to the app."""

    def __init__(self) -> None:
        self._got = b""
        self._answered: asyncio.Future[int] | None = None
        self._keeps = True

    @property
    def is_reusable(self) -> bool:
        return self._keeps and not self.transport.is_closing()

    async def post(self, request: bytes) -> int:
        """The status of the answer, when all of it is there. Raises `OSError` if there is none."""
        self._got, self._answered = b"", asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, blank, body = self._got.partition(b"\r\n\r\n")
        lowered = head.lower()
        length = lowered.partition(b"content-length:")[2].partition(b"\r\n")[0]
        # Without a length the answer lasts as long as the connection.
        if blank and length and len(body) >= int(length):
            self._keeps = lowered.startswith(b"http/1.1") and b"connection: close" not in lowered
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._keeps = False
        if b"\r\n\r\n" in self._got:
            self._end()
        elif self._answered and not self._answered.done():
            self._answered.set_exception(exc if isinstance(exc, OSError) else ConnectionResetError("hung up"))

    def _end(self) -> None:
        if self._answered and not self._answered.done():
            self._answered.set_result(int(self._got.split(b" ", 2)[1]))
