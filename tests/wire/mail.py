"""What Slack delivers when it keeps no order: each event by itself, late, early, or for a message that never comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.delivery import Delivery, Kind
from bot.sandbox.messages import Message
from bot.sandbox.payloads import change_event, deletion_event, envelope, message_event
from bot.sandbox.wire import new_id
from tests.wire.house import House

Payload = dict[str, Any]
BY_HAND = "by hand"  # the name of what was delivered here


@dataclass(frozen=True, slots=True)
class Mail:
    """Whatever is written here stands in Slack at once, and the bot hears of it when it is told."""

    house: House

    def written(
        self, who: str, channel: str, text: str, *, thread_ts: str | None = None, seconds_ago: int = 0, **more: Any
    ) -> Message:
        workspace = self.house.slack._parts.workspace
        seconds, _, fraction = workspace.next_ts().partition(".")
        ts = f"{int(seconds) - seconds_ago}.{fraction}"
        return workspace.put(Message(ts, workspace.room(channel).id, who, text, thread_ts=thread_ts, **more))

    def edited(self, message: Message, text: str, *, seconds_later: int = 0) -> Message:
        """Slack's time of an edit has no fractions."""
        workspace = self.house.slack._parts.workspace
        at = f"{int(message.ts.partition('.')[0]) + seconds_later}.000000"
        return workspace.put(replace(message, text=text, edited=at))

    def tell(self, message: Message, kind: str = "message") -> None:
        """Of a message, as `message` or as `app_mention`."""
        workspace = self.house.slack._parts.workspace
        self.deliver(message_event(workspace, workspace.rooms[message.channel], message, kind))

    def tell_of_edit(self, after: Message, before: Message) -> None:
        workspace = self.house.slack._parts.workspace
        room = workspace.rooms[after.channel]
        self.deliver(change_event(workspace, room, workspace.next_ts(), after, before))

    def tell_of_deletion(self, message: Message) -> None:
        workspace = self.house.slack._parts.workspace
        room = workspace.rooms[message.channel]
        self.deliver(deletion_event(workspace, room, workspace.next_ts(), message))

    def envelope(self, message: Message) -> Payload:
        """What Slack would deliver of a message."""
        workspace = self.house.slack._parts.workspace
        return self._wrapped(message_event(workspace, workspace.rooms[message.channel], message))

    def deliver(self, event: Payload) -> None:
        """Any event, in Slack's wrapper; returns when the bot has acknowledged it and said all that is due."""
        self.send(self._wrapped(event))

    def send(self, payload: Payload, kind: Kind = "event") -> None:
        """Any payload as it is; returns like `deliver`."""
        self.post(payload, kind)
        self.house.quiet()

    def post(self, payload: Payload, kind: Kind = "event") -> None:
        """Any payload as it is; returns at once."""
        self.house.slack._parts.deliveries.send(Delivery(new_id("Ev"), kind, BY_HAND, payload))

    def _wrapped(self, event: Payload) -> Payload:
        parts = self.house.slack._parts
        return envelope(parts.workspace, event, new_id("Ev"), parts.tokens.verification, shared=False)
