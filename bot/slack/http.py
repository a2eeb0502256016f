"""Slack over HTTP: signed events, interactions and commands at `/slack/events`; other routes may stand beside it.

Nothing of an unsigned request is parsed. Bolt's dispatch is sync and waits for the store: each request gets a thread.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import SettingsError
from bot.slack.app import is_readable

log = logging.getLogger(__name__)

LARGEST = 2_500_000  # bytes; an edit has its 40,000 characters four times, of up to 12 bytes each
_MOST = 800  # requests under way or waiting; who comes beyond is told 503, and Slack sends that again
_MOST_OF_ONE = 400  # of these of one person, so that others have room
_THREADS_OF_ONE = 8  # of the 40 that there are
_GRACE = 10  # seconds for requests under way when we stop


def slack_events(app: App, signing_secret: str) -> Route:
    """Raises `SettingsError` without a secret: an empty one would let everybody in."""
    if not signing_secret:
        raise SettingsError("SLACK_SIGNING_SECRET is not set: without it nobody can tell Slack's requests from others'")
    verifier = SignatureVerifier(signing_secret)
    shares = _Shares()

    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        if not _is_signed(verifier, body, request.headers):
            log.warning("A request at /slack/events was not signed by Slack, or its clock is off by 5 minutes")
            return PlainTextResponse("not signed", status_code=401)
        payload = _payload(body, request.headers.get("content-type", ""))
        if payload is None or not is_readable(payload):
            log.warning("A request at /slack/events was signed, but is in no format of Slack's: it was refused")
            return PlainTextResponse("not in Slack's format", status_code=400)
        asked = to_bolt_request(request, body)
        asked.body = payload  # Bolt takes a command with the word `payload` in its text for an empty one
        person = asked.context.user_id
        person = person if isinstance(person, str) else ""  # who is absurd is nobody
        async with shares.of(person) as has_room:
            if not has_room:
                return PlainTextResponse("too much of one person at once", status_code=503)
            return to_starlette_response(await run_in_threadpool(app.dispatch, asked))

    return Route("/slack/events", events, methods=["POST"])


class _Shares:
    """What each person may have of us, so that nobody keeps others waiting."""

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()
        self._turns: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def of(self, person: str) -> AsyncIterator[bool]:
        """Wait for a turn of theirs; False at once if too many wait for one already."""
        if self._under_way[person] >= _MOST_OF_ONE:
            yield False
            return
        self._under_way[person] += 1
        try:
            async with self._turns.setdefault(person, asyncio.Semaphore(_THREADS_OF_ONE)):
                yield True
        finally:
            self._under_way[person] -= 1
            if not self._under_way[person]:
                del self._under_way[person], self._turns[person]


class HttpDoor:
    """Serves routes in a thread of its own. `port` is the one listened on, also where 0 was asked for."""

    def __init__(self, routes: list[Route], host: str, port: int, *, most: int = _MOST) -> None:
        """Listens at once. Raises `SettingsError` if the address is taken or not ours."""
        try:
            self._socket = socket.create_server((host, port), family=_family(host), backlog=512)
        except OSError as error:
            raise SettingsError(f"{host}:{port} cannot be listened on ({error.strerror or error})") from error
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            Starlette(routes=routes),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            limit_concurrency=most,
            timeout_graceful_shutdown=_GRACE,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="http")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, let those under way end, and return when they have."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join()
        self._socket.close()


async def _body(request: Request) -> bytes | None:
    """The body, or None as soon as it is larger than we take."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return None
    except ClientDisconnect:
        return b""  # nobody waits for the answer, and nobody signed nothing
    return bytes(body)


def _is_signed(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        return bool(verifier.is_valid_request(body, dict(headers)))
    except (ValueError, TypeError):  # a time that is no number, a signature or a body that is no text
        return False


def _payload(body: bytes, content_type: str) -> dict[str, Any] | None:
    """The JSON object in the body, or in a form's `payload`; of a command the form itself. None if there is none."""
    try:
        text = body.decode()
        if content_type.partition(";")[0] == "application/json" or text.startswith("{"):  # as Bolt reads it
            read = json.loads(text)
        else:
            form = dict(parse_qsl(text, keep_blank_values=True))
            read = json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
