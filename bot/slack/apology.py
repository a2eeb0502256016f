"""The only words that do not go through the outbox: for when nothing can be written down.

At most one apology for a place in ten minutes and process, and none is ever repeated. Nobody is apologised to who did
not speak to us: while the store is down we cannot know whose thread this is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Lock

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.core.stimuli import AnyStimulus, Command, Message, Press
from bot.slack.connection import impatient
from bot.slack.modals import Modals
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)
_TIMEOUT = timedelta(seconds=3)


def apology() -> str:
    return (
        "Sorry: I'm the support bot, and I can't save messages right now. Please try again in a few minutes. "
        "If it is urgent, please go straight to a person of the support team."
    )


def press_apology() -> str:
    return "Sorry, I couldn't save that just now. Please press the button again in a few minutes."


def command_apology() -> str:
    return (
        "Sorry, I couldn't save that just now. Please send the command again in a few minutes. "
        "If it is urgent, please go straight to a person of the support team."
    )


def form_apology() -> str:
    return "Sorry, I couldn't save that just now. Please send it again in a minute: nothing you wrote is lost."


class Apologies:
    """Tells people that nothing was stored. Never raises."""

    def __init__(self, client: WebClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = impatient(client, _TIMEOUT), clock
        self._modals = Modals(client)
        self._said: dict[tuple[str, str], float] = {}
        self._lock = Lock()

    def say(self, stimulus: AnyStimulus) -> None:
        """Apologise for a stimulus that could not be stored, to whoever waits for an answer to it."""
        match stimulus:
            case Message() if (stimulus.direct or stimulus.mentions_us) and not stimulus.by_bot:
                self._in_place(stimulus)
            case Press() if stimulus.view:
                self._modals.say(stimulus.view, press_apology())
            case Press():
                self._whisper(stimulus, press_apology(), stimulus.thread_ts)
            case Command():
                self._whisper(stimulus, command_apology(), None)
            case _:
                pass

    def _in_place(self, message: Message) -> None:
        thread_ts = message.thread_ts or (None if message.direct else message.ts)
        if self._is_first((message.channel, thread_ts or "")):
            self._done(
                ask(
                    lambda: self._client.chat_postMessage(
                        channel=message.channel, thread_ts=thread_ts, text=apology(), unfurl_links=False
                    )
                )
            )

    def _whisper(self, stimulus: Press | Command, text: str, thread_ts: str | None) -> None:
        if not stimulus.response_url:
            channel, user = stimulus.channel, stimulus.user
            self._done(
                ask(lambda: self._client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread_ts, text=text))
            )
            return
        hook = WebhookClient(
            stimulus.response_url,
            self._client.timeout,
            ssl=self._client.ssl,
            proxy=self._client.proxy,
            retry_handlers=[],
        )
        self._done(ask(lambda: hook.send(text=text, response_type="ephemeral", replace_original=False)))

    def _is_first(self, place: tuple[str, str]) -> bool:
        now = self._clock()
        with self._lock:
            self._said = {each: at for each, at in self._said.items() if now - at < EVERY.total_seconds()}
            if place in self._said:
                return False
            self._said[place] = now
            return True

    def _done(self, answer: object) -> None:
        match answer:
            case RateLimited():
                log.warning("An apology was not sent (ratelimited)")
            case NotSent(why) | Unclear(why) | Refused(why):
                log.warning("An apology was not sent (%s)", why)
            case _:
                log.info("Apologised: a message could not be stored")
