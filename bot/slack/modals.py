"""Modals before the store has said a word: opened at once, as Slack gives three seconds for it, and filled later."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.slack import forms
from bot.slack.connection import impatient
from bot.slack.troubles import RateLimited, ask

log = logging.getLogger(__name__)

_TIMEOUT = timedelta(seconds=2)


class Modals:
    """Opens them, and says sorry in them. Never raises."""

    def __init__(self, client: WebClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock, self._not_before = impatient(client, _TIMEOUT), clock, clock()

    def open(self, trigger: str) -> str:
        """Open an empty modal for whoever has just pressed something; return its id, "" if Slack did not open it.

        `trigger` is good for three seconds, and once: https://docs.slack.dev/reference/methods/views.open
        """
        if self._clock() < self._not_before:
            return ""
        answer = ask(lambda: self._client.views_open(trigger_id=trigger, view=forms.loading()))
        if isinstance(answer, RateLimited):
            self._not_before = self._clock() + answer.wait.total_seconds()
        view = answer.get("view") if isinstance(answer, SlackResponse) else None
        if not isinstance(view, dict):
            log.warning("A form was not opened (%s)", answer)
            return ""
        return str(view.get("id") or "")

    def say(self, view: str, text: str) -> None:
        """Put a sentence into a modal instead of what was to be there."""
        body: dict[str, Any] = forms.message(text)
        answer = ask(lambda: self._client.views_update(view_id=view, view=body))
        if not isinstance(answer, SlackResponse):
            log.warning("A form does not say that it cannot be filled (%s)", answer)
