"""What people do in the sandbox: say, edit, press, fill in. Each returns at once; the app hears in the background."""

import mimetypes
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.sandbox.delivery import Delivery
from bot.sandbox.messages import File, Message, View
from bot.sandbox.parts import Parts
from bot.sandbox.seed import BOT_USER, Person
from bot.sandbox.shown import Control
from bot.sandbox.state import Room, app_id_of, bot_id_of
from bot.sandbox.typed import stored
from bot.sandbox.views import searched
from bot.sandbox.wire import new_id


class Acting:
    """The people's side. People and channels go by id or name.

    Raises LookupError where Slack's client could not act.
    """

    _parts: Parts

    def say(
        self,
        person: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[File | str] = (),
        raw: bool = False,
    ) -> str:
        """Say something and return its ts. `text` is what is typed, or, with `raw`, what Slack stores."""
        who, room = self._member(person, channel)
        if thread_ts and (thread_ts not in room.messages or room.messages[thread_ts].thread_ts):
            raise LookupError(f"no message {thread_ts} to reply to at the root of {room.name}")
        workspace = self._parts.workspace
        message = Message(
            workspace.next_ts(),
            room.id,
            who.id,
            text if raw else self._stored(text),
            thread_ts=thread_ts,
            files=tuple(self._kept(file) for file in files),
            subtype="file_share" if files else None,
            client_msg_id=None if who.bot else str(uuid.uuid4()),
            bot_id=bot_id_of(who) if who.bot else None,
            app_id=app_id_of(who) if who.bot else None,
        )
        return self._parts.conversations.post(message).ts

    def edit(self, person: str, channel: str, ts: str, text: str, *, raw: bool = False) -> None:
        """Change what one has said."""
        message = self._own(person, channel, ts)
        now = self._parts.workspace.next_ts()
        after = replace(message, text=text if raw else self._stored(text), edited=now)
        self._parts.conversations.edit(message, after)

    def delete(self, person: str, channel: str, ts: str) -> None:
        """Delete what one has said."""
        self._parts.conversations.delete(self._own(person, channel, ts))

    def react(self, person: str, channel: str, ts: str, name: str) -> None:
        """Put an emoji on a message."""
        who, room = self._member(person, channel)
        message = self._parts.workspace.message(room.id, ts)
        if who.id in message.reactions.get(name, ()):
            raise LookupError(f"{who.name} has given :{name}: already")
        self._parts.conversations.react(message, who.id, name.strip(":"))

    def unreact(self, person: str, channel: str, ts: str, name: str) -> None:
        """Take one's emoji away again."""
        who, room = self._member(person, channel)
        message = self._parts.workspace.message(room.id, ts)
        if who.id not in message.reactions.get(name, ()):
            raise LookupError(f"{who.name} has not given :{name}:")
        self._parts.conversations.react(message, who.id, name.strip(":"), add=False)

    def join(self, person: str, channel: str) -> None:
        """Become a member of a channel."""
        workspace = self._parts.workspace
        who, room = workspace.person(person), workspace.room(channel)
        if who.id not in room.members:
            self._parts.conversations.join(room, who.id)

    def press(self, person: str, channel: str, ts: str, label_or_action_id: str) -> None:
        """Press a button, or choose an option of a menu, in a message that this person can see."""
        message = self.visible(person, channel, ts)
        who = self._parts.workspace.person(person)
        control = _control(message.controls, label_or_action_id, f"the message {ts}")
        self._parts.interactions.press(who, message, control)

    def press_in_view(
        self, person: str, view_id: str, label_or_action_id: str, values: Mapping[str, object] | None = None
    ) -> None:
        """Press a button in an open modal or on the Home tab; `values` are what is filled in so far, as in submit."""
        who = self._parts.workspace.person(person)
        view = self._open(who, view_id)
        control = _control(view.controls, label_or_action_id, f"the view {view.title!r}")
        self._parts.interactions.press_in_view(who, view, control, dict(values or {}))

    def command(self, person: str, channel: str, command: str, text: str = "", *, escaped: bool = False) -> None:
        """Give a slash command. `escaped`: names in it become tokens, as where the manifest says `should_escape`."""
        who, room = self._member(person, channel)
        if not command.startswith("/"):
            raise LookupError(f"a command begins with a slash, {command!r} does not")
        self._parts.interactions.command(who, room, command, self._stored(text) if escaped else text)

    def message_shortcut(self, person: str, channel: str, ts: str, callback_id: str) -> None:
        """Choose a shortcut from the menu of a message."""
        who, room = self._member(person, channel)
        self._parts.granted.check_shortcut("message", callback_id)
        self._parts.interactions.message_shortcut(who, self._parts.workspace.message(room.id, ts), callback_id)

    def shortcut(self, person: str, callback_id: str) -> None:
        """Choose a global shortcut."""
        self._parts.granted.check_shortcut("global", callback_id)
        self._parts.interactions.global_shortcut(self._parts.workspace.person(person), callback_id)

    def suggestions(self, person: str, view_id: str, label_or_action_id: str, query: str = "") -> list[tuple[str, str]]:
        """Search in a menu that the app fills itself; returns the values and labels that it suggests.

        Unlike all else here it waits for the app; one that does not answer suggests nothing, which is in `failures`.
        Raises ValueError for a query that is too short for Slack's client to ask.
        """
        who = self._parts.workspace.person(person)
        view = self._open(who, view_id)
        found = self._parts.interactions.suggest(who, view, searched(view, label_or_action_id), query)
        return [(option["value"], option["text"]["text"]) for option in found.options]

    def submit(self, person: str, view_id: str, values: Mapping[str, object] | None = None) -> None:
        """Fill in a modal and send it. `values` go by block_id, action_id or label of the inputs.

        A value is a text, the value or text of an option, or a list of those. Raises ValueError for what Slack's
        client would not send.
        """
        who = self._parts.workspace.person(person)
        self._parts.interactions.submit(who, self._open(who, view_id), dict(values or {}))

    def close_view(self, person: str, view_id: str, *, all_of_them: bool = False) -> None:
        """Close a modal without sending it."""
        who = self._parts.workspace.person(person)
        self._parts.interactions.close_view(who, self._open(who, view_id), all_of_them=all_of_them)

    def open_home(self, person: str, tab: str = "home") -> None:
        """Open the app's Home tab, or with `messages` its Messages tab."""
        who = self._parts.workspace.person(person)
        view = self._parts.views.home(who.id)
        self._parts.conversations.open_tab(who.id, tab, view.body if view else None)

    def dm(self, person: str) -> str:
        """The id of the DM between the bot and that person; made on first use."""
        who = self._parts.workspace.person(person)
        if who.bot:
            raise LookupError(f"{who.name} is a bot, and bots have no DM with the bot")
        return self._parts.workspace.dm(who.id).id

    def visible(self, person: str, channel: str, ts: str) -> Message:
        """The message with that ts as this person sees it, what only they were shown included."""
        who, room = self._member(person, channel)
        for message in self._parts.workspace.hidden:
            if message.ts == ts and message.only_for == who.id:
                return message
        return self._parts.workspace.message(room.id, ts)

    def archive(self, channel: str) -> None:
        """Archive a channel: the bot cannot post there any more."""
        workspace = self._parts.workspace
        with workspace.changing():
            workspace.room(channel).archived = True

    def remove_bot(self, channel: str) -> None:
        """Remove the bot from a channel, as any member may; it is not told."""
        workspace = self._parts.workspace
        with workspace.changing():
            room = workspace.room(channel)
            room.members = [member for member in room.members if member != BOT_USER]

    def expire(self, channel: str, ts: str) -> None:
        """Let a message vanish with its thread, as when the workspace keeps messages for some time only.

        Nobody is told, and nothing is left of it: no tombstone either.
        """
        workspace = self._parts.workspace
        with workspace.changing():
            room = workspace.room(channel)
            room.messages = {one.ts: one for one in room.messages.values() if ts not in (one.ts, one.thread_ts)}

    def leave(self, channel: str) -> None:
        """Let the bot be removed from a channel."""
        workspace = self._parts.workspace
        with workspace.changing():
            workspace.room(channel).members.remove(BOT_USER)

    def deactivate(self, person: str) -> None:
        """Deactivate somebody's account."""
        workspace = self._parts.workspace
        with workspace.changing():
            who = workspace.person(person)
            workspace.people[who.id] = replace(who, deleted=True)

    def redeliver(
        self, delivery: Delivery | None = None, *, new_event_id: bool = False, retry_headers: bool = True
    ) -> Delivery:
        """Send an event once more, by default the last one that is not about the bot's own doing."""
        return self._parts.conversations.again(delivery, new_event_id=new_event_id, retry_headers=retry_headers)

    def drop_acks(self, count: int) -> None:
        """Pretend that the next `count` acknowledgements of the app never arrived."""
        self._parts.deliveries.drop_acks(count)

    def fail_next(
        self,
        method: str,
        error: str = "ratelimited",
        *,
        times: int = 1,
        retry_after: int = 1,
        status: int | None = None,
        after: bool = False,
    ) -> None:
        """Let the next calls of a method fail (`*`: of any; `response_url`: posts to response URLs).

        `ratelimited` answers 429 with Retry-After, `internal_error` and `fatal_error` 500, `service_unavailable` 503,
        `connection_lost` ends the connection without an answer, `html_page`, `broken_json`, `no_object` and
        `empty_body` are no answer of Slack's, any other error is a plain refusal; `status` overrides.
        With `after`, the call takes effect first: nobody can tell from outside.
        """
        self._parts.faults.fail_next(method, error, times=times, retry_after=retry_after, status=status, after=after)

    def mend(self) -> None:
        """Let every call go well again that was to fail or to be slow."""
        self._parts.faults.forget()

    def slow(self, method: str, seconds: float) -> None:
        """Let every call of a method (`*`: of any) take that long before it takes effect; 0 ends that."""
        self._parts.faults.slow(method, seconds)

    def _stored(self, text: str) -> str:
        workspace = self._parts.workspace
        return stored(
            text,
            people={person.name: person.id for person in workspace.people.values()},
            groups={group.handle: group.id for group in workspace.usergroups.values()},
            channels={room.name: room.id for room in workspace.rooms.values() if room.kind == "channel"},
        )

    def _kept(self, file: File | str) -> File:
        if isinstance(file, str):
            file = File(file, mimetypes.guess_type(file)[0] or "application/octet-stream")
        file = replace(file, id=new_id("F"))
        with self._parts.workspace.changed:
            self._parts.workspace.files[file.id] = file
        return file

    def _member(self, person: str, channel: str) -> tuple[Person, Room]:
        workspace = self._parts.workspace
        who, room = workspace.person(person), workspace.room(channel)
        if who.id not in room.members:
            raise LookupError(f"{who.name} is not in {room.name} ({room.id}) and cannot see it")
        if who.id == BOT_USER:
            raise LookupError("the bot acts through the Web API only")
        return who, room

    def _own(self, person: str, channel: str, ts: str) -> Message:
        who, room = self._member(person, channel)
        message = self._parts.workspace.message(room.id, ts)
        if message.user != who.id:
            raise LookupError(f"the message {ts} is not {who.name}'s")
        return message

    def _open(self, who: Person, view_id: str) -> View:
        view = self._parts.views.find(view_id)
        if view is None or view.person != who.id:
            open_now = ", ".join(f"{one.id} ({one.title})" for one in self._parts.views.stack(who.id))
            raise LookupError(f"{who.name} has no view {view_id} open; open are: {open_now or 'none'}")
        return view


def _control(controls: Sequence[Control], wanted: str, where: str) -> Control:
    for control in controls:
        if wanted in (control.label, control.action_id, control.value):
            return control
    known = ", ".join(repr(control.label) for control in controls)
    raise LookupError(f"{where} has no {wanted!r} to press; it has {known or 'nothing to press'}")
