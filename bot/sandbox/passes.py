"""What Slack hands out with an interaction, to be used soon and seldom: trigger ids and response URLs."""

import secrets
import time
from dataclasses import dataclass

from bot.sandbox.limits import Refused
from bot.sandbox.messages import Message
from bot.sandbox.seed import Person
from bot.sandbox.state import Room, Workspace

RESPONSES = 5
RESPONSE_SECONDS = 30 * 60.0


@dataclass(slots=True)
class _Trigger:
    person: str
    until: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where the app may answer an interaction: how often still, until when, and about which message."""

    person: str
    channel: str
    until: float
    message_ts: str | None = None
    hidden: bool = False
    left: int = RESPONSES


class Passes:
    """Every trigger id and response URL given out so far."""

    def __init__(self, workspace: Workspace, *, trigger_seconds: float) -> None:
        """A trigger id is good for `trigger_seconds`, three on Slack."""
        self._workspace = workspace
        self._trigger_seconds = trigger_seconds
        self._triggers: dict[str, _Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, person: Person) -> str:
        """A new trigger id."""
        with self._workspace.changed:
            trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
            self._triggers[trigger_id] = _Trigger(person.id, time.monotonic() + self._trigger_seconds)
            return trigger_id

    def taken(self, trigger_id: str) -> str:
        """Exchange a trigger id for the id of the person it belongs to. Raises Refused in Slack's words."""
        with self._workspace.changed:
            trigger = self._triggers.get(trigger_id)
            if trigger is None:
                raise Refused("invalid_trigger_id")
            if trigger.used:
                raise Refused("exchanged_trigger_id")
            if trigger.until < time.monotonic():
                raise Refused("expired_trigger_id")
            trigger.used = True
            return trigger.person

    def response_key(self, person: Person, room: Room, message: Message | None) -> str:
        """The last part of a new response URL."""
        with self._workspace.changed:
            key = secrets.token_urlsafe(18)
            url = ResponseUrl(person.id, room.id, self._workspace.seconds() + RESPONSE_SECONDS)
            if message:
                url.message_ts, url.hidden = message.ts, message.only_for is not None
            self._urls[key] = url
            return key

    def response(self, key: str) -> ResponseUrl:
        """Use up one post to a response URL. Raises Refused in Slack's words."""
        with self._workspace.changed:
            url = self._urls.get(key)
            if url is None:
                raise Refused("invalid_url")
            if url.until < self._workspace.seconds():
                raise Refused("expired_url")
            if url.left == 0:
                raise Refused("used_url")
            url.left -= 1
            return url

    def forget(self) -> None:
        """Let none of them be good any more."""
        with self._workspace.changed:
            self._triggers.clear()
            self._urls.clear()
