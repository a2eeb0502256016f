"""Slack in Socket Mode: the builtin client, and a watchdog over it.

With its default `ping_interval` of 10 s the client is deaf for up to a minute after a connection that died without a
close frame; with 2 s it takes about 10. Beyond `patience` without a connection nobody hears customers any more: then
`on_deaf` is called, once, so that the process can be started afresh.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from socket import SHUT_RDWR
from threading import Event, Thread

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.errors import SlackDown
from bot.slack.identity import growing_pauses
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask

log = logging.getLogger(__name__)
# The client writes whole payloads at DEBUG.
_client_log = logging.getLogger("bot.slack.socket.client")

PING_EVERY = 2  # seconds
PATIENCE = timedelta(seconds=60)
_GLANCE = 1.0  # seconds between two looks of the watchdog


class SocketDoor:
    def __init__(
        self,
        app: App,
        client: WebClient,
        app_token: str,
        *,
        on_deaf: Callable[[], None],
        patience: timedelta = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        _client_log.setLevel(logging.INFO)
        self._on_deaf, self._patience, self._clock = on_deaf, patience.total_seconds(), clock
        handler = SocketModeHandler(app, app_token, logger=_client_log, web_client=client, ping_interval=PING_EVERY)
        self._client: SocketModeClient = handler.client
        self._stopping = Event()
        self._watchdog = Thread(target=self._watch, name="socket-watchdog", daemon=True)

    @property
    def is_connected(self) -> bool:
        return self._client.is_connected()

    def start(self) -> None:
        """Return when connected, or stopped meanwhile; as long as Slack cannot be reached, wait and try again.

        Raises `SlackDown` if Slack does not accept the app token.
        """
        for pause in growing_pauses():
            why = self._connect()
            if not why or self._stopping.is_set():
                break
            log.warning("Slack cannot be reached (%s): connecting again in %d s", why, pause.total_seconds())
            if self._stopping.wait(pause.total_seconds()):
                break
        if not self._stopping.is_set():
            self._watchdog.start()

    def stop(self) -> None:
        """Take nothing new, acknowledge what is stored, hang up, and return when no thread of ours is left."""
        self._stopping.set()
        if self._watchdog.ident is not None:
            self._watchdog.join()
        self._client.closed = True
        self._client.message_processor.shutdown()  # type: ignore[no-untyped-call]
        self._client.message_workers.shutdown()
        self._wake_reader()
        self._client.close()

    def _wake_reader(self) -> None:
        """The client's reader waits up to 3 s for the next byte, and hanging up would wait for it."""
        self._client.auto_reconnect_enabled = False
        self._client.current_session_state.terminated = True
        session = self._client.current_session
        if session is not None and session.sock is not None:
            with suppress(OSError):
                session.sock.shutdown(SHUT_RDWR)

    def _connect(self) -> str:
        """Connect once. Returns why it did not work, "" if it did."""
        match ask(self._client.connect_to_new_endpoint):
            case Refused(error):
                raise SlackDown(
                    f"Slack does not accept SLACK_APP_TOKEN ({error}): it must be an app-level token (xapp-…) with the "
                    "scope connections:write, and Socket Mode must be switched on for the app"
                )
            case RateLimited():
                return "too many requests"
            case NotSent(why) | Unclear(why):
                return why
        # Once it has had an address the client also tries by itself, every `PING_EVERY`.
        return "" if self.is_connected else "the address it named does not answer"

    def _watch(self) -> None:
        heard_at = self._clock()
        while not self._stopping.wait(_GLANCE):
            if self.is_connected:
                heard_at = self._clock()
            elif self._clock() - heard_at > self._patience:
                log.error("No connection to Slack for %d s", self._patience)
                self._on_deaf()
                return
