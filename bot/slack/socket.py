"""Slack in Socket Mode: two lines at a time, so that one that fails leaves the other, and a keeper who replaces them.

Slack sends each payload over any one of an app's connections, and an event that was not acknowledged once more, over
any one again: https://docs.slack.dev/apis/events-api/using-socket-mode. A line that dies is noticed within about three
seconds (`line`). One that answers pings and delivers nothing shows by a repeat of something that never came: then the
other lines are replaced. And no line goes on for ever on which nothing ever comes: see `_SILENCE`.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Lock, Semaphore, Thread

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.errors import SlackDown
from bot.slack.app import is_readable
from bot.slack.identity import growing_pauses
from bot.slack.line import GLANCE, Frame, Line
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask

log = logging.getLogger(__name__)
# Bolt's adapter repeats what we have logged already, and writes whole answers at DEBUG.
_adapter_log = logging.getLogger("bot.slack.socket.adapter")
_adapter_log.setLevel(logging.WARNING)

PATIENCE = timedelta(seconds=60)
_LINES = 2
_AT_ONCE = 10  # payloads
_MOST = 5_000  # payloads heard or waiting, some 25 MB; what comes beyond Slack has to send again
_REMEMBERED = 1000  # events; Slack repeats one within six minutes
_GRACE = 3.0  # seconds for what is on its way on a line that is being replaced
_OPENING_MAY_TAKE = 2.0  # seconds, when we stop meanwhile
_NEW = 10.0  # seconds: what a line of this age did not deliver may be older than the line
_SUSPECT_EVERY = 60.0  # seconds
# Lines that Slack opens and ends at once must not become a storm: so many are opened in so many seconds.
_BURST, _BURST_WITHIN = 8, 10.0
# Slack repeats an event after 1 and after 5 minutes: a line that swallows them is gone before the last of them.
_SILENCE = 240.0


class SocketDoor:
    """`alarm` takes a sentence for the operators. `on_deaf` is called, once, when there has been no connection for
    `patience` and nobody has even tried: then only a new process can help."""

    def __init__(
        self,
        app: App,
        client: WebClient,
        app_token: str,
        *,
        on_deaf: Callable[[], None],
        alarm: Callable[[str], None] = log.error,
        patience: timedelta = PATIENCE,
        most: int = _MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._client, self._app_token = app, client, app_token
        self._on_deaf, self._alarm = on_deaf, alarm
        self._patience, self._clock = patience.total_seconds(), clock
        self._workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="hearing")
        self._room = Semaphore(most)
        self._keeper = Thread(target=self._keep, name="socket", daemon=True)
        self._stopping, self._changed = Event(), Event()
        self._lock = Lock()
        # Under the lock:
        self._lines: list[_Kept] = []
        self._heard: deque[str] = deque(maxlen=_REMEMBERED)
        self._suspected_at = -_SUSPECT_EVERY
        # The keeper's, and of the one thread that opens a line for it:
        self._opening: Thread | None = None
        self._pauses = growing_pauses()
        self._opened: deque[float] = deque(maxlen=_BURST)
        self._not_before = clock()
        self._alive_at = clock()

    @property
    def is_connected(self) -> bool:
        with self._lock:
            return any(kept.line.is_open for kept in self._lines)

    @property
    def looked_ago(self) -> timedelta:
        """How long ago somebody saw that Slack is there, or tried to reach it: half a second, where all is well."""
        return timedelta(seconds=self._clock() - self._alive_at)

    def start(self) -> None:
        """Return when connected, or stopped meanwhile; as long as Slack cannot be reached, wait and try again.

        Raises `SlackDown` if Slack does not accept the app token.
        """
        while not self._stopping.wait(max(0.0, self._not_before - self._clock())):
            refused = self._open()
            if refused:
                raise SlackDown(_refusal(refused))
            if self.is_connected:
                self._keeper.start()
                return

    def stop(self) -> None:
        """Take nothing new, acknowledge what is stored, hang up, and return when no line of ours is left."""
        self._stopping.set()
        self._changed.set()
        if self._keeper.ident is not None:
            self._keeper.join()
        if (opening := self._opening) is not None:
            opening.join(_OPENING_MAY_TAKE)
        self._workers.shutdown()
        with self._lock:
            lines, self._lines = self._lines, []
        for kept in lines:
            kept.line.hang_up()

    # --- opening ------------------------------------------------------------------------------------------------------

    def _open(self) -> str:
        """Try to open one more line. Returns Slack's word if it does not accept us, "" otherwise."""
        pause = next(self._pauses)
        why, refused = "", ""
        match ask(lambda: self._client.apps_connections_open(app_token=self._app_token)):
            case Refused(error):
                why = refused = error
            case RateLimited(needed):
                why, pause = "too many requests", max(pause, needed)
            case NotSent(error) | Unclear(error):
                why = error
            case answer:
                why = self._dial(str(answer.get("url")))
        self._alive_at = now = self._clock()
        if not why:
            self._pauses = growing_pauses()
            self._opened.append(now)
            self._not_before = self._opened[0] + _BURST_WITHIN if len(self._opened) == _BURST else now
            return ""
        self._not_before = now + pause.total_seconds()
        if not self._stopping.is_set():
            log.warning("Slack cannot be reached (%s): connecting again in %d s", why, pause.total_seconds())
        return refused

    def _dial(self, url: str) -> str:
        line = Line(url, self._take, self._changed.set, ssl=self._client.ssl, proxy=self._client.proxy or None)
        why = line.open()
        with self._lock:
            is_wanted = not why and not self._stopping.is_set()
            if is_wanted and not self._lines:
                log.info("Connected to Slack")
            if is_wanted:
                self._lines.append(_Kept(line, self._clock()))
        if not is_wanted:
            line.hang_up()
        return why

    def _open_beside(self) -> None:
        try:
            if refused := self._open():
                self._alarm(f"Customers are not heard. {_refusal(refused)}")
        except Exception:
            log.exception("A connection to Slack could not be opened")
        finally:
            self._opening = None
            self._changed.set()

    # --- keeping ------------------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        next_glance = self._clock()
        while not self._stopping.is_set():
            self._changed.wait(max(0.0, next_glance - self._clock()))
            self._changed.clear()
            now = self._clock()
            try:
                if now >= next_glance:
                    next_glance = now + GLANCE.total_seconds()
                    for kept in self._all():
                        kept.line.glance()
                self._tidy(now)
            except Exception:
                log.exception("The connections to Slack could not be looked after")
            if self._is_deaf(now):
                log.error("No connection to Slack for %d s, and no attempt at one", self._patience)
                self._on_deaf()
                return

    def _tidy(self, now: float) -> None:
        """Let go of what is over, and open what is missing."""
        with self._lock:
            ended = [kept for kept in self._lines if not kept.line.is_open and not kept.line.is_leaving]
            self._lines = [kept for kept in self._lines if kept.line.is_open]
            for kept in self._lines:
                if now - kept.heard_at > _SILENCE:
                    kept.line.is_leaving = True
            staying = [kept for kept in self._lines if not kept.line.is_leaving]
            leaving = [kept for kept in self._lines if kept.line.is_leaving]
        if ended:
            log.info("A connection to Slack ended (%s)", ", ".join(kept.line.why_not or "closed" for kept in ended))
        if len(staying) >= _LINES and now - max(kept.since for kept in staying) > _GRACE:
            for kept in leaving:
                kept.line.hang_up()
        if len(staying) < _LINES and self._opening is None and now >= self._not_before:
            self._opening = Thread(target=self._open_beside, name="opening", daemon=True)
            self._opening.start()

    def _is_deaf(self, now: float) -> bool:
        if self.is_connected:
            self._alive_at = now
        return now - max(self._alive_at, self._not_before) > self._patience

    def _all(self) -> list[_Kept]:
        with self._lock:
            return list(self._lines)

    # --- hearing ------------------------------------------------------------------------------------------------------

    def _take(self, line: Line, frame: Frame) -> None:
        """On the line's thread: what is taken in here is answered, what comes after `stop` Slack sends to others."""
        self._note(line, frame)
        if self._stopping.is_set():
            return
        if not self._room.acquire(blocking=False):
            log.warning("More comes in than can be heard: Slack will send it again")
            return
        try:
            self._workers.submit(self._hear, line, frame)
        except RuntimeError:
            self._room.release()
            log.info("A payload came while we were stopping")

    def _note(self, line: Line, frame: Frame) -> None:
        payload = frame.get("payload")
        event = str(payload.get("event_id") or "") if isinstance(payload, dict) else ""
        with self._lock:
            now = self._clock()
            is_new = bool(event) and event not in self._heard
            if is_new:
                self._heard.append(event)
            for kept in self._lines:
                if kept.line is line:
                    kept.heard_at = now
            suspects = [kept for kept in self._lines if kept.line is not line and now - kept.since > _NEW]
            if not (frame.get("retry_attempt") and is_new and suspects) or now - self._suspected_at < _SUSPECT_EVERY:
                return
            self._suspected_at = now
            for kept in suspects:
                kept.line.is_leaving = True
        log.warning("Slack repeats what never came: the other connection is replaced")
        self._changed.set()

    def _hear(self, line: Line, frame: Frame) -> None:
        try:
            reply = _Reply(lambda text: self._send(line, text))
            if not is_readable(frame.get("payload")):
                log.warning("A payload in no shape of Slack's was left alone")
                reply.send_socket_mode_response({"envelope_id": str(frame.get("envelope_id"))})
            elif (request := SocketModeRequest.from_dict(frame)) is not None:
                send_response(reply, request, run_bolt_app(self._app, request), time.time())
        except Exception:
            log.exception("A payload could not be heard")
        finally:
            self._room.release()

    def _send(self, line: Line, text: str) -> None:
        """Over the line it came by, or over any other: Slack takes both."""
        if not any(each.send(text) for each in (line, *(kept.line for kept in self._all()))):
            log.warning("What is stored could not be acknowledged: Slack will send it again")


class _Kept:
    """A line that is ours, since when, and when it last brought something."""

    def __init__(self, line: Line, since: float) -> None:
        self.line, self.since, self.heard_at = line, since, since


class _Reply(BaseSocketModeClient):
    """What Bolt's adapter needs to acknowledge one payload."""

    def __init__(self, send: Callable[[str], None]) -> None:
        self.logger, self._send = _adapter_log, send

    def send_message(self, message: str) -> None:
        self._send(message)


def _refusal(error: str) -> str:
    return (
        f"Slack does not accept SLACK_APP_TOKEN ({error}): it must be an app-level token (xapp-…) with the scope "
        "connections:write, and Socket Mode must be switched on for the app"
    )
