"""How the bot is, at `/healthz`: every part is asked, and whoever asks has an answer within a second.

Apart from the requests of Slack's, which all may be waiting for a database that is locked.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import timedelta
from threading import Lock, Thread

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.slack.courier import Courier
from bot.slack.socket import SocketDoor

log = logging.getLogger(__name__)

Check = Callable[[], str]  # why customers cannot be served, as far as this part goes; "" if they can

WITHIN = timedelta(milliseconds=800)
FRESH_FOR = timedelta(seconds=2)
_SILENT = timedelta(seconds=30)  # for threads that look around every second or so, and may have to wait for a moment
_WELL, _ILL = 200, 503


def healthz(checks: Mapping[str, Check]) -> Route:
    """`checks` by the name of their part."""
    checkup = Checkup(checks)

    async def health(request: Request) -> Response:
        found = await checkup.look()
        status = _ILL if any(found.values()) else _WELL
        if "json" in request.query_params or "application/json" in request.headers.get("accept", ""):
            parts = {part: {"ok": not why, "why": why or None} for part, why in found.items()}
            return JSONResponse({"ok": status == _WELL, "parts": parts}, status_code=status)
        ill = "\n".join(f"{part}: {why}" for part, why in found.items() if why)
        return PlainTextResponse(ill or "ok", status_code=status)

    return Route("/healthz", health)


def connection(socket: SocketDoor | None) -> str:
    """What is wrong with the connection to Slack; over HTTP there is none of ours."""
    if socket is None:
        return ""
    if not socket.is_connected:
        return "no connection to Slack: nobody hears customers. We keep trying; look at the network and at the log"
    return silence(socket.looked_ago, "nobody looks after the connection to Slack")


def token(courier: Courier) -> str:
    if not (refused := courier.refused):
        return ""
    return f"Slack does not accept SLACK_BOT_TOKEN ({refused}): nothing is said until it does, and nothing is lost"


def silence(ago: timedelta, what: str) -> str:
    """What is wrong with a thread that looked so long ago."""
    return f"{what} for {ago.total_seconds():.0f} s: start the bot again" if ago > _SILENT else ""


class Checkup:
    """Asks each part at most once at a time and every two seconds, however many want to know."""

    def __init__(
        self, checks: Mapping[str, Check], *, within: timedelta = WITHIN, fresh_for: timedelta = FRESH_FOR
    ) -> None:
        self._checks, self._within, self._fresh_for = checks, within.total_seconds(), fresh_for.total_seconds()
        self._lock = Lock()
        self._asked: dict[str, _Asked] = {}

    async def look(self) -> dict[str, str]:
        """What each part said just now; one that does not answer in time is ill."""
        asked = {part: self._ask(part) for part in self._checks}
        waiting = [asyncio.wrap_future(one.answer) for one in asked.values()]
        await asyncio.wait(waiting, timeout=self._within)
        for one in waiting:
            one.cancel()  # our waiting, not their work
        return {part: one.said() for part, one in asked.items()}

    def _ask(self, part: str) -> _Asked:
        with self._lock:
            asked = self._asked.get(part)
            if asked is None or asked.is_older_than(self._fresh_for):
                asked = self._asked[part] = _Asked(self._checks[part])
            return asked


class _Asked:
    """One question to one part, on a thread of its own: whatever it waits for, nobody else does."""

    def __init__(self, check: Check) -> None:
        self._check, self._since = check, time.monotonic()
        self._answered_at: float | None = None
        self.answer: Future[str] = Future()
        self.answer.set_running_or_notify_cancel()  # from now on nobody can cancel it
        Thread(target=self._run, name="health", daemon=True).start()

    def is_older_than(self, seconds: float) -> bool:
        return self._answered_at is not None and time.monotonic() - self._answered_at > seconds

    def said(self) -> str:
        if self.answer.done():
            return self.answer.result()
        return f"has not answered for {time.monotonic() - self._since:.1f} s"

    def _run(self) -> None:
        try:
            said = self._check()
        except Exception:
            log.exception("A part of the bot could not be asked how it is")
            said = "could not be asked: see the log"
        self._answered_at = time.monotonic()
        self.answer.set_result(said)
