"""The Web API client as this house uses it, and a word to the operators."""

from __future__ import annotations

import logging

from slack_sdk import WebClient

from bot.slack.connection import OpenClient
from bot.slack.markup import escaped
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask

log = logging.getLogger(__name__)

TIMEOUT = 10  # seconds for one request; the courier's leases are measured by it


def web_client(token: str, api_url: str) -> WebClient:
    """The client of this house; see `connection`."""
    return OpenClient(token, api_url, timeout=TIMEOUT)


def tell(client: WebClient, channel: str, sentence: str) -> None:
    """Post a sentence of ours once, whatever comes of it."""
    said = ask(lambda: client.chat_postMessage(channel=channel, text=escaped(sentence)))
    if isinstance(said, Refused | RateLimited | NotSent | Unclear):
        log.warning("the operators could not be told: %s", said)
