"""What happens in channels and DMs, and the events by which the app hears of it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.sandbox.delivery import Deliveries, Delivery
from bot.sandbox.granted import Granted
from bot.sandbox.messages import Message
from bot.sandbox.payloads import (
    change_event,
    deletion_event,
    envelope,
    home_event,
    joined_event,
    message_event,
    reaction_event,
)
from bot.sandbox.seed import BOT_USER, SLACKBOT
from bot.sandbox.state import TOMBSTONE, Room, Workspace
from bot.sandbox.wire import Json, new_id

MENTION = f"<@{BOT_USER}>"


class Conversations:
    """Changes the workspace and tells the app, if the bot is where it happened.

    Whether somebody *may* do something is for the caller to say: the Web API refuses in Slack's words, the people's
    side raises LookupError.
    """

    def __init__(self, workspace: Workspace, deliveries: Deliveries, granted: Granted, *, token: str) -> None:
        """`token` is the old verification token that payloads still carry."""
        self._workspace = workspace
        self._deliveries = deliveries
        self._granted = granted
        self._token = token

    def post(self, message: Message) -> Message:
        """Put a new message into its channel; a message of the bot ends what it said it was doing there."""
        workspace = self._workspace
        with workspace.changing():
            room = workspace.rooms[message.channel]
            message = workspace.put(message)
            if message.user == BOT_USER:
                workspace.statuses.pop((room.id, message.thread_ts or message.ts), None)
            self._tell(room, message_event(workspace, room, message))
            if _mentions(message) and room.kind != "dm":
                self._tell(room, message_event(workspace, room, message, "app_mention"))
            return message

    def edit(self, before: Message, after: Message) -> Message:
        """Replace a message by its new version. A mention that was not there before is an `app_mention` too."""
        workspace = self._workspace
        with workspace.changing():
            room = workspace.rooms[before.channel]
            after = workspace.put(after)
            self._tell(room, change_event(workspace, room, workspace.next_ts(), after, before))
            if _mentions(after) and not _mentions(before) and room.kind != "dm":
                self._tell(room, message_event(workspace, room, after, "app_mention"))
            return after

    def delete(self, message: Message) -> None:
        """Take a message away. The root of a thread becomes a tombstone, which is a change and no deletion."""
        workspace = self._workspace
        with workspace.changing():
            room, ts = workspace.rooms[message.channel], workspace.next_ts()
            if message.thread_ts is None and room.replies(message.ts):
                base = Message(message.ts, room.id, SLACKBOT, TOMBSTONE)
                stone = workspace.put(replace(base, deleted=True, subtype="tombstone"))
                self._tell(room, change_event(workspace, room, ts, stone, message))
            else:
                workspace.put(replace(message, deleted=True))
                self._tell(room, deletion_event(workspace, room, ts, message))

    def react(self, message: Message, user: str, name: str, *, add: bool = True) -> None:
        """Add or take away one person's reaction."""
        workspace = self._workspace
        with workspace.changing():
            users = [one for one in message.reactions.get(name, ()) if one != user] + [user] * add
            reactions = {**message.reactions, name: tuple(users)}
            workspace.put(replace(message, reactions={one: who for one, who in reactions.items() if who}))
            kind = "reaction_added" if add else "reaction_removed"
            room = workspace.rooms[message.channel]
            self._tell(room, reaction_event(kind, user, name, message, workspace.next_ts()))

    def join(self, room: Room, user: str) -> None:
        """Make somebody a member of a channel, with the line that Slack writes about it."""
        workspace = self._workspace
        with workspace.changing():
            room.members.append(user)
            ts = workspace.next_ts()
            line = Message(ts, room.id, user, f"<@{user}> has joined the channel", subtype="channel_join")
            self._tell(room, joined_event(workspace, room, user, ts))
            self.post(line)

    def open_tab(self, person_id: str, tab: str, view: Json | None) -> None:
        """Tell the app that somebody opened its Home or its Messages tab."""
        workspace = self._workspace
        with workspace.changing():
            room = workspace.dm(person_id)
            self._tell(room, home_event(room, person_id, tab, view, workspace.next_ts()))

    def again(self, delivery: Delivery | None, *, new_event_id: bool, retry_headers: bool) -> Delivery:
        """Send an event once more; the last one that was not about the bot's own doing, if none is given."""
        if delivery is None:
            events = [one for one in self._deliveries.all() if one.kind == "event" and not _own(one.payload["event"])]
            if not events:
                raise LookupError("no event was sent yet that could be sent again")
            delivery = events[-1]
        payload = delivery.payload
        if new_event_id:
            event_id = new_id("Ev")
            payload = {**payload, "event_id": event_id, "event_context": f"4-{event_id}"}
        copy = Delivery(
            id=new_id("again-"),
            kind=delivery.kind,
            name=delivery.name,
            payload=payload,
            first_number=1 if retry_headers else 0,
        )
        self._deliveries.send(copy)
        return copy

    def _tell(self, room: Room, event: Json) -> None:
        if BOT_USER not in room.members or not self._granted.hears(event):
            return
        event_id = new_id("Ev")
        shared = self._workspace.shared(room)
        payload = envelope(self._workspace, event, event_id, self._token, shared=shared)
        self._deliveries.send(Delivery(event_id, "event", _name(event), payload))


def _mentions(message: Message) -> bool:
    return MENTION in message.text and message.user != BOT_USER


def _own(event: Json) -> bool:
    changed: Sequence[Json] = [event, event.get("message") or {}, event.get("previous_message") or {}]
    return any(one.get("user") == BOT_USER for one in changed)


def _name(event: Json) -> str:
    return f"{event['type']}.{event['subtype']}" if event.get("subtype") else str(event["type"])
