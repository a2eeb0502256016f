"""Looking at the sandbox: messages, views, calls and deliveries, and waiting for what is to come."""

from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.calls import Call
from bot.sandbox.delivery import Delivery
from bot.sandbox.interactions import Failure
from bot.sandbox.messages import Message, View
from bot.sandbox.parts import Parts

T = TypeVar("T")


class Looking:
    """What can be seen. Everything returned is a copy of this moment."""

    _parts: Parts

    def messages(self, channel: str, thread_ts: str | None = None, *, deleted: bool = False) -> list[Message]:
        """The messages at the root of a channel, or the replies of one thread, oldest first.

        What was deleted is left out, save the tombstone of a thread's root; with `deleted` it is there too.
        """
        workspace = self._parts.workspace
        with workspace.changed:
            room = workspace.room(channel)
            found = list(room.messages.values()) if deleted else room.standing()
            return [message for message in found if message.thread_ts == thread_ts]

    def ephemerals(self, person: str, channel: str | None = None) -> list[Message]:
        """What only this person was shown, oldest first."""
        workspace = self._parts.workspace
        with workspace.changed:
            who, room = workspace.person(person), workspace.room(channel) if channel else None
            mine = [message for message in workspace.hidden if message.only_for == who.id]
            return [message for message in mine if room is None or message.channel == room.id]

    def views(self, person: str) -> list[View]:
        """The modals that this person has open, the one on top last."""
        return list(self._parts.views.stack(self._parts.workspace.person(person).id))

    def home(self, person: str) -> View | None:
        """This person's Home tab of the app, if one was published."""
        return self._parts.views.home(self._parts.workspace.person(person).id)

    def status(self, channel: str, thread_ts: str) -> str:
        """What the bot says it is doing in a thread; empty for nothing."""
        return self._parts.workspace.status(self._parts.workspace.room(channel).id, thread_ts)

    def failures(self, person: str) -> list[Failure]:
        """What this person did and the app did not answer in time."""
        who = self._parts.workspace.person(person)
        with self._parts.workspace.changed:
            return [failure for failure in self._parts.interactions.failures if failure.person == who.id]

    def calls(self, method: str | None = None) -> list[Call]:
        """The calls of the Web API so far, oldest first; posts to response URLs are called `response_url`."""
        return [call for call in self._parts.calls.all() if method in (None, call.method)]

    def deliveries(self, name: str | None = None) -> list[Delivery]:
        """What was sent to the app so far, oldest first; by name: `message`, `block_actions`, `/command`, …"""
        return [delivery for delivery in self._parts.deliveries.all() if name in (None, delivery.name)]

    @property
    def connections(self) -> int:
        """How many sockets the app has open."""
        return self._parts.sockets.count

    @property
    def warnings(self) -> list[str]:
        """What went over the wire that real Slack would refuse, drop, or that people would regret."""
        with self._parts.workspace.changed:
            return list(self._parts.workspace.warnings)

    def wait_for(self, predicate: Callable[[], T], seconds: float = 5.0) -> T:
        """Wait until the predicate gives something truthy, and return that.

        It is asked after every change and every 20 ms at least, so it may look at things outside the sandbox too.
        Raises TimeoutError with the last messages, calls and deliveries.
        """
        found: list[T] = []

        def holds() -> bool:
            found[:] = [predicate()]
            return bool(found[0])

        if self._parts.workspace.wait(holds, seconds):
            return found[0]
        raise TimeoutError(f"nothing came of it within {seconds:g} s; the last it gave was {found[0]!r}\n{self.dump()}")

    def settled(self, seconds: float = 5.0) -> None:
        """Wait until the app has acknowledged everything, or it was given up, and no call is being answered.

        Raises TimeoutError with what is still under way.
        """
        if not self._parts.workspace.wait(self.is_settled, seconds):
            raise TimeoutError(f"not settled within {seconds:g} s\n{self.dump()}")

    def is_settled(self) -> bool:
        """Whether the app has acknowledged everything, or it was given up, and no call is being answered."""
        return not self._parts.deliveries.pending() and not self._parts.calls.under_way

    def dump(self) -> str:
        """The last messages, deliveries, calls and warnings, for people to read."""
        workspace, lines = self._parts.workspace, list[str]()
        with workspace.changed:
            for room in workspace.rooms.values():
                recent = list(room.messages.values())[-6:]
                lines += [f"{room.name} ({room.id}):"] * bool(recent)
                lines += [f"  {_line(workspace.names.get(one.user, one.user), one)}" for one in recent]
            lines += [f"  only {one.only_for}: {_line('', one)}" for one in workspace.hidden[-4:]]
            lines += [f"delivery {one.name}: {one.state}, {_tries(one)}" for one in self._parts.deliveries.all()[-8:]]
            lines += [f"call {one.method}: {_said(one)}" for one in self._parts.calls.all()[-8:]]
            lines += [f"warning: {one}" for one in workspace.warnings[-5:]]
        return "\n".join(lines or ["nothing has happened yet"])


def _line(author: str, message: Message) -> str:
    marks = "".join(f" [{label}]" for label in message.buttons) + " (deleted)" * message.deleted
    indent = "↳ " if message.thread_ts else ""
    return f"{message.ts} {indent}{author}: {message.shown[:160]!r}{marks}"


def _tries(delivery: Delivery) -> str:
    tries = ", ".join(attempt.failure or "acknowledged" for attempt in delivery.attempts)
    return tries or "not sent: is the app connected?"


def _said(call: Call) -> str:
    return "ok" if call.ok else f"{call.answer.get('error')} {call.answer.get('response_metadata', '')}".strip()
