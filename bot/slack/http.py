"""Slack over HTTP: signed events, interactions and commands at `/slack/events`, and how we are at `/healthz`.

Nothing of an unsigned request is parsed. Bolt's dispatch is sync and waits for the store: each request gets a thread.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Mapping
from threading import Thread
from urllib.parse import parse_qs

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

log = logging.getLogger(__name__)

LARGEST = 1_000_000  # bytes; Slack's own requests stay far below
_GRACE = 10  # seconds for requests under way when we stop


def healthz(ill: Callable[[], str]) -> Route:
    """`ill` says why we cannot serve, or "" if we can."""

    def health(_request: Request) -> Response:
        why = ill()
        return PlainTextResponse(why or "ok", status_code=503 if why else 200)

    return Route("/healthz", health)


def slack_events(app: App, signing_secret: str) -> Route:
    """Raises `SettingsError` without a secret: an empty one would let everybody in."""
    if not signing_secret:
        raise SettingsError("SLACK_SIGNING_SECRET is not set: without it nobody can tell Slack's requests from others'")
    verifier = SignatureVerifier(signing_secret)

    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        if not _is_signed(verifier, body, request.headers):
            log.warning("A request at /slack/events was not signed by Slack, or its clock is off by 5 minutes")
            return PlainTextResponse("not signed", status_code=401)
        if not _is_in_slacks_format(body, request.headers.get("content-type", "")):
            return PlainTextResponse("not in Slack's format", status_code=400)
        asked = to_bolt_request(request, body)
        return to_starlette_response(await run_in_threadpool(app.dispatch, asked))

    return Route("/slack/events", events, methods=["POST"])


class HttpDoor:
    """Serves routes in a thread of its own. `port` is the one listened on, also where 0 was asked for."""

    def __init__(self, routes: list[Route], host: str, port: int) -> None:
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


def _is_in_slacks_format(body: bytes, content_type: str) -> bool:
    """Whether there is a JSON object, in the body or in a form's `payload`; a command is a form without one."""
    try:
        text = body.decode()
        if "json" not in content_type:
            payload = parse_qs(text).get("payload")
            if payload is None:
                return True
            text = payload[0]
        read = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(read, dict) and isinstance(read.get("event", {}), dict)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
