"""The workspace in memory: people, channels, messages, and the one lock around all that changes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.sandbox.messages import File, Message
from bot.sandbox.seed import APP_ID, BOT, BOT_ID, BOT_USER, SLACKBOT, Person, Seed, Usergroup
from bot.sandbox.wire import Json

Kind = Literal["channel", "private", "dm"]
TOMBSTONE = "This message was deleted."
_1970 = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Room:
    """A channel or a DM between the bot and `person`, with its messages by ts, oldest first."""

    id: str
    name: str
    kind: Kind
    members: list[str]
    created: int
    topic: str = ""
    archived: bool = False
    person: str | None = None
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def channel_type(self) -> str:
        """What events call this kind of place."""
        return {"channel": "channel", "private": "group", "dm": "im"}[self.kind]

    def standing(self) -> list[Message]:
        """The messages that still show, tombstones included."""
        return [one for one in self.messages.values() if not one.deleted or one.subtype == "tombstone"]

    def replies(self, root: str) -> list[Message]:
        """The replies of a thread that still show, oldest first."""
        return [one for one in self.messages.values() if one.thread_ts == root and not one.deleted]


class Workspace:
    """Everything that people in the workspace can see. Every method may be called from any thread."""

    def __init__(self, seed: Seed, clock: Callable[[], datetime]) -> None:
        """Fill the workspace from the seed. `clock` is the time here, which may jump forward, never back."""
        self.seed = seed
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.version = 0
        self.url = ""
        self.people: dict[str, Person] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.rooms: dict[str, Room] = {}
        self.names: dict[str, str] = {}
        self.hidden: list[Message] = []
        self.statuses: dict[tuple[str, str], tuple[str, float]] = {}
        self.files: dict[str, File] = {}
        self.warnings: list[str] = []
        self._last_ts = 0
        self._last_number = 0
        self.reset()

    def reset(self) -> None:
        """Forget every message, and start again from the seed; DMs that were open stay open."""
        with self.changing():
            dms = [room for room in self.rooms.values() if room.kind == "dm"]
            self.people = {person.id: person for person in (BOT, *self.seed.people)}
            self.usergroups = {group.id: group for group in self.seed.usergroups}
            self.rooms = {}
            for channel in self.seed.channels:
                with_bot = self.seed.bot_in is None or channel.id in self.seed.bot_in
                members = [one for one in channel.members if one != BOT_USER] + [BOT_USER] * with_bot
                kind: Kind = "private" if channel.private else "channel"
                self.rooms[channel.id] = Room(
                    channel.id, channel.name, kind, members, int(self.seconds()), channel.topic
                )
            self.rooms |= {room.id: replace(room, messages={}) for room in dms}
            # Messages hold on to this map to show names, so it is filled, never replaced.
            self.names.clear()
            self.names.update({person.id: person.name for person in self.people.values()})
            self.names.update({group.id: group.handle for group in self.usergroups.values()})
            self.names.update({room.id: room.name for room in self.rooms.values()})
            self.names[SLACKBOT] = "slackbot"
            self.hidden.clear()
            self.statuses.clear()
            self.files.clear()
            self.warnings.clear()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; on the way out, everybody who waits for a change looks again."""
        with self.changed:
            yield
            self.version += 1
            self.changed.notify_all()

    def touch(self) -> None:
        """Let everybody look again."""
        with self.changing():
            pass

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Wait until `until` holds; it is asked without the lock, after each change and every 20 ms at least."""
        deadline = time.monotonic() + seconds
        while True:
            with self.changed:
                seen = self.version
            if until():
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self.changed:
                if self.version == seen:
                    self.changed.wait(min(left, 0.02))

    def warn(self, text: str) -> None:
        """Keep a warning for the page and for tests."""
        with self.changing():
            self.warnings.append(text)
            del self.warnings[:-500]

    def next_ts(self) -> str:
        """A time as Slack writes it: a string, six decimals, later than every one before."""
        with self.changed:
            now = (self.clock() - _1970) // timedelta(microseconds=1)
            self._last_ts = max(now, self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def seconds(self) -> float:
        """The present time here, in seconds since 1970."""
        return self.clock().timestamp()

    def next_number(self) -> int:
        """The number of the next thing in the log."""
        with self.changed:
            self._last_number += 1
            return self._last_number

    def person(self, who: str) -> Person:
        """The person with that id or handle. Raises LookupError with the ones there are."""
        handle = who.removeprefix("@")
        for person in self.people.values():
            if handle in (person.id, person.name):
                return person
        known = ", ".join(f"{person.id} (@{person.name})" for person in self.people.values())
        raise LookupError(f"nobody here is called {who!r}; there are {known}")

    def room(self, where: str) -> Room:
        """The channel or DM with that id, or the channel with that name. Raises LookupError with those there are."""
        if where in self.rooms:
            return self.rooms[where]
        for room in self.rooms.values():
            if room.kind != "dm" and room.name == where.removeprefix("#"):
                return room
        known = ", ".join(f"{room.id} ({room.name})" for room in self.rooms.values())
        raise LookupError(f"there is no channel {where!r}; there are {known or 'none'}")

    def message(self, where: str, ts: str) -> Message:
        """The message with that ts that still shows. Raises LookupError."""
        room = self.room(where)
        found = room.messages.get(ts)
        if found is None or found.deleted:
            raise LookupError(f"no message {ts} in {room.name} ({room.id})")
        return found

    def dm(self, person_id: str) -> Room:
        """The DM between the bot and that person, made on first use."""
        with self.changed:
            for room in self.rooms.values():
                if room.person == person_id:
                    return room
            room_id = f"D{person_id[1:]}"
            while room_id in self.rooms:
                room_id += "0"
            with self.changing():
                room = Room(
                    room_id, "directmessage", "dm", [person_id, BOT_USER], int(self.seconds()), person=person_id
                )
                self.rooms[room_id] = room
            return room

    def shared(self, room: Room) -> bool:
        """Whether somebody of another workspace is in the channel."""
        return any(self.people[member].team for member in room.members)

    def put(self, message: Message) -> Message:
        """Store a message, new or changed, and return it as stored."""
        with self.changing():
            message = replace(message, names=self.names)
            self.rooms[message.channel].messages[message.ts] = message
            return message

    def hide(self, message: Message) -> Message:
        """Show a message to one person only."""
        with self.changing():
            message = replace(message, names=self.names)
            self.hidden.append(message)
            return message

    def change_hidden(self, ts: str, changed: Message | None) -> None:
        """Replace what one person sees, or take it away."""
        with self.changing():
            for index, one in enumerate(self.hidden):
                if one.ts == ts:
                    self.hidden[index : index + 1] = [replace(changed, names=self.names)] if changed else []
                    return

    def from_bot(self, room: Room, text: str, **more: object) -> Message:
        """A message of the bot, not stored yet."""
        base = Message(self.next_ts(), room.id, BOT_USER, text, bot_id=BOT_ID, app_id=APP_ID)
        return replace(base, **more)  # type: ignore[arg-type]

    def from_slackbot(self, room: Room, person_id: str, text: str) -> Message:
        """Tell one person something, as Slack itself does."""
        return self.hide(Message(self.next_ts(), room.id, SLACKBOT, text, only_for=person_id))

    def status(self, channel: str, thread_ts: str) -> str:
        """What the bot says it is doing in a thread; gone after two minutes."""
        text, until = self.statuses.get((channel, thread_ts), ("", 0.0))
        return text if self.seconds() < until else ""

    def set_status(self, channel: str, thread_ts: str, text: str) -> None:
        """Show or, with an empty text, clear what the bot is doing."""
        with self.changing():
            self.statuses[(channel, thread_ts)] = (text, self.seconds() + 120)


def profile(bot: Person, team_id: str) -> Json:
    """The `bot_profile` that Slack puts beside what an app wrote."""
    return {
        "id": BOT_ID if bot.id == BOT_USER else bot_id_of(bot),
        "app_id": APP_ID if bot.id == BOT_USER else app_id_of(bot),
        "name": bot.real_name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": team_id,
    }


def bot_id_of(bot: Person) -> str:
    """The B… id of a bot user."""
    return BOT_ID if bot.id == BOT_USER else f"B{bot.id[1:]}"


def app_id_of(bot: Person) -> str:
    """The A… id of the app behind a bot user."""
    return APP_ID if bot.id == BOT_USER else f"A{bot.id[1:]}"
