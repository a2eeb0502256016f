"""Slack's wire for benches, and as little behind it as will do: what is measured must be the bot.

The HTTP, the WebSocket and the signatures are real. People and direct messages are there as soon as they are named, and
what was posted is told to whoever listens and not kept. Redelivery is left to the caller.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast
from urllib.parse import parse_qsl

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Json = dict[str, Any]

TEAM, APP, BOT_USER, BOT = "T0BENCH0001", "A0BENCH0001", "U0BENCHBOT1", "B0BENCH0001"
ACK_SECONDS = 3.0  # what Slack waits for an acknowledgement


@dataclass(frozen=True, slots=True)
class Handed:
    """An event as the app had it: when it was handed over, and after how many seconds it was acknowledged, if it was.

    `failure` is in Slack's words for a repeat: `timeout`, `http_error`, `connection_failed`.
    """

    at: float
    acknowledged: float | None
    failure: str = ""


class Carrier(Protocol):
    """The way of events to the app."""

    async def hand(self, event: Json, number: int, reason: str) -> Handed: ...


class Slack:
    """One app's Slack. `posted` hears each chat.postMessage the moment it is here, on the loop of `start`."""

    def __init__(self, posted: Callable[[Json, float], None]) -> None:
        number = secrets.randbelow(10**12)
        self.bot_token = f"xoxb-{number}-{secrets.token_hex(16)}"
        self.app_token = f"xapp-1-{APP}-{number}-{secrets.token_hex(32)}"
        self.signing_secret = secrets.token_hex(16)
        self.calls: Counter[str] = Counter()
        self.sockets = Sockets()
        self._posted = posted
        self._ts = 0.0

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._web = await loop.create_server(lambda: _Caller(self._answer), "127.0.0.1", 0, backlog=1024)
        await self.sockets.start()
        self.api_url = f"http://127.0.0.1:{self._web.sockets[0].getsockname()[1]}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._web.close()
        await self.sockets.stop()

    def message(self, user: str, channel: str, text: str) -> Json:
        """The event of a message that somebody writes in a direct message, in Slack's shape."""
        ts = self._next_ts()
        typed = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]
        return {
            "token": "verification",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": {
                "type": "message",
                "user": user,
                "text": text,
                "ts": ts,
                "client_msg_id": secrets.token_hex(16),
                "team": TEAM,
                "blocks": [{"type": "rich_text", "block_id": "b", "elements": typed}],
                "channel": channel,
                "event_ts": ts,
                "channel_type": "im",
            },
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(float(ts)),
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True,
                                "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": "4-bench",
        }  # fmt: skip

    def _next_ts(self) -> str:
        self._ts = max(time.time(), self._ts + 0.000_002)  # no two messages have the same
        return f"{self._ts:.6f}"

    def _answer(self, method: str, token: str, fields: Json, at: float) -> Json:
        self.calls[method] += 1
        if token != (self.app_token if method == "apps.connections.open" else self.bot_token):
            return {"ok": False, "error": "invalid_auth"}
        match method:
            case "chat.postMessage":
                self._posted(fields, at)
                message = {"type": "message", "user": BOT_USER, "bot_id": BOT, "text": fields.get("text", "")}
                message |= {"ts": self._next_ts()}
                message |= {"thread_ts": fields["thread_ts"]} if fields.get("thread_ts") else {}
                return {"ok": True, "channel": fields["channel"], "ts": message["ts"], "message": message}
            case "chat.update":
                return {"ok": True, "channel": fields["channel"], "ts": fields["ts"], "text": fields.get("text", "")}
            case "reactions.add" | "reactions.remove":
                return {"ok": True}
            case "users.info":
                return {"ok": True, "user": _person(str(fields["user"]))}
            case "conversations.open":
                return {"ok": True, "channel": {"id": "D" + str(fields["users"])[1:]}}
            case "auth.test":
                return {"ok": True, "url": "https://bench.slack.com/", "team": "Bench", "user": "bench",
                        "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT}  # fmt: skip
            case "apps.connections.open":
                return {"ok": True, "url": self.sockets.ticket()}
            case _:
                return {"ok": False, "error": "unknown_method"}


class Sockets:
    """Socket Mode: single-use tickets, envelopes out and acknowledgements in."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._open: list[ServerConnection] = []
        self._waiting: dict[str, asyncio.Future[float]] = {}

    async def start(self) -> None:
        self._server: Server = await serve(self._serve, "127.0.0.1", 0, compression=None)

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def is_connected(self) -> bool:
        return bool(self._open)

    def ticket(self) -> str:
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return f"ws://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}/link/?ticket={ticket}"

    async def hand(self, event: Json, number: int, reason: str) -> Handed:
        envelope_id = secrets.token_hex(16)
        envelope = {"envelope_id": envelope_id, "payload": event, "type": "events_api",
                    "accepts_response_payload": False, "retry_attempt": number, "retry_reason": reason}  # fmt: skip
        frame = json.dumps(envelope, separators=(",", ":"))
        waiting = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        at = time.perf_counter()
        try:
            async with asyncio.timeout(ACK_SECONDS):
                await self._open[-1].send(frame)
                return Handed(at, await waiting - at)
        except TimeoutError:
            return Handed(at, None, "timeout")
        except (IndexError, ConnectionClosed):
            return Handed(at, None, "connection_failed")
        finally:
            del self._waiting[envelope_id]

    async def _serve(self, connection: ServerConnection) -> None:
        ticket = connection.request.path.rpartition("=")[2] if connection.request else ""
        if ticket not in self._tickets:
            return
        self._tickets.remove(ticket)
        await connection.send(json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}}))
        self._open.append(connection)
        with suppress(ConnectionClosed):
            async for frame in connection:
                waiting = self._waiting.get(json.loads(frame).get("envelope_id", ""))
                if waiting and not waiting.done():
                    waiting.set_result(time.perf_counter())
        self._open.remove(connection)


class _Caller(asyncio.Protocol):
    """One connection to the Web API. Kept open only if the caller wants it so."""

    def __init__(self, answer: Callable[[str, str, Json, float], Json]) -> None:
        self._answer = answer
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._got += data
        while True:
            head, blank, rest = self._got.partition(b"\r\n\r\n")
            line, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
            length = int(headers.get("content-length", 0))
            if not blank or len(rest) < length:
                return
            at = time.perf_counter()
            self._got = rest[length:]
            method = line.split(" ")[1].partition("?")[0].rpartition("/")[2]
            token = headers.get("authorization", "").removeprefix("Bearer ")
            fields = _fields(rest[:length], headers.get("content-type", ""))
            self._reply(self._answer(method, token, fields, at), close=headers.get("connection") == "close")

    def _reply(self, answer: Json, *, close: bool) -> None:
        body = json.dumps(answer, separators=(",", ":")).encode()
        kept = "close" if close else "keep-alive"
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
            + f"Content-Length: {len(body)}\r\nConnection: {kept}\r\n\r\n".encode()
            + body
        )
        if close:
            self._transport.close()


def _fields(body: bytes, content_type: str) -> Json:
    if "json" in content_type:
        return dict(json.loads(body or b"{}"))
    return dict(parse_qsl(body.decode()))


def _person(user: str) -> Json:
    name = f"Person {user[-6:]}"
    profile = {"real_name": name, "display_name": name, "first_name": "Person", "email": f"{user.lower()}@example.com"}
    return {"id": user, "team_id": TEAM, "name": user.lower(), "deleted": False, "real_name": name, "locale": "en-GB",
            "tz": "Europe/Paris", "profile": profile, "is_bot": False, "is_restricted": False,
            "is_ultra_restricted": False}  # fmt: skip
