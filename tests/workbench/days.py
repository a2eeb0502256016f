"""Days at the desk, written down: the real desk over a real store, with a clock that moves on."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from bot.core.audience import Person, groups_of
from bot.core.case import Case
from bot.core.events import Event
from bot.core.knowledge import Knowledge
from bot.core.stimuli import AnyStimulus, Command, File, Message, Place, Press, PressKind, Submission, message_key
from bot.desk import Desk
from bot.store.sqlite import SqliteStore
from tests.core.situations import CUSTOMER, DM, KNOWLEDGE, NOON, TEAM


class Days:
    """What is done here is heard by the desk, half a minute after the last thing if nothing else is said."""

    def __init__(self, path: Path, knowledge: Knowledge = KNOWLEDGE) -> None:
        self.path, self.knowledge, self.now = path, knowledge, NOON
        self._open = ExitStack()
        self.store = self._open.enter_context(closing(SqliteStore(path)))
        self.desk = self._open.enter_context(
            closing(
                Desk(
                    self.store.book,
                    self,
                    lambda: self.knowledge,
                    clock=lambda: self.now,
                    written=lambda _lanes: None,
                )
            )
        )

    def __enter__(self) -> Days:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def person(self, team: str, user: str, *, external: bool = False) -> Person:
        """Who they are, as a directory says it: what the store knows, in the groups of the rules."""
        known = self.store.registry.person(team, user)
        person = known[0] if known else Person(user, team, unread=True)
        usergroups = self.store.registry.usergroups(team)
        groups = groups_of(user, person.email, usergroups, self.knowledge.rules)
        return replace(person, external=external or person.external, groups=groups)

    def later(self, **duration: float) -> datetime:
        self.now += timedelta(**duration)
        return self.now

    def write(
        self, text: str, user: str = CUSTOMER, channel: str = DM, *, after: float = 30, thread_ts: str | None = None,
        mention: bool = False, files: tuple[File, ...] = (),
    ) -> Case:  # fmt: skip
        """Somebody writes. Returns the case that it is in, or that has just ended there."""
        ts = f"{self.later(seconds=after).timestamp():.6f}"
        direct = channel.startswith("D")
        self.hear(
            Message(
                key=message_key(TEAM, channel, ts), team=TEAM, user=user, channel=channel, ts=ts, text=text,
                direct=direct, mentions_us=mention, thread_ts=thread_ts, parent_user=user if thread_ts else None,
                files=files,
            )
        )  # fmt: skip
        return self.case(user, channel, "" if direct else thread_ts or ts)

    def command(self, text: str, user: str = CUSTOMER, channel: str = DM) -> None:
        at = self.later(seconds=30)
        self.hear(Command(key=f"c:{at}", team=TEAM, user=user, channel=channel, text=text, response_url="http://r"))

    def press(
        self, case: Case, kind: PressKind, choice: str = "", *, user: str = "", under: type[Event] | None = None,
        after: float = 30,
    ) -> Case:  # fmt: skip
        """A button of the last message that was said because of such an event; of any, if none is named."""
        at, place = self.later(seconds=after), case.place
        log = self.store.book.log(case.id)
        position = next((at for at, event in reversed(log) if under is None or isinstance(event, under)), 0)
        self.hear(
            Press(
                key=f"p:{at}", team=TEAM, user=user or place.requester, kind=kind, channel=place.channel,
                message_ts="1.0", case=case.id, position=position, choice=choice, thread_ts=place.thread_ts or None,
                direct=place.channel.startswith("D"),
            )
        )  # fmt: skip
        return self.again(case)

    def reply(self, case: Case, words: str = "We are on it.", *, user: str, after: float = 30) -> None:
        """A specialist answers, by the form."""
        at = self.later(seconds=after)
        self.hear(
            Press(
                key=f"p:{at}", team=TEAM, user=user, kind="reply", channel="C0TECH", message_ts="1.0", case=case.id,
                view="V1",
            )
        )  # fmt: skip
        self.hear(
            Submission(
                key=f"v:{at}", team=TEAM, user=user, form="reply", view="V1", values=(("words", words),),
                case=case.id, position=self.again(case).version, channel="C0TECH", thread_ts="1.0",
            )
        )  # fmt: skip

    def tick(self, **duration: float) -> None:
        """Time goes by, and what is due is done."""
        self.later(**duration)
        self.desk.tick()

    def hear(self, stimulus: AnyStimulus) -> None:
        self.desk.hear(stimulus)

    def case(self, user: str = CUSTOMER, channel: str = DM, thread_ts: str = "") -> Case:
        place = Place(TEAM, channel, thread_ts, user)
        found = self.store.book.open_case(place) or self.store.book.closed_case(place, NOON - timedelta(days=9))
        assert found is not None
        return found

    def again(self, case: Case) -> Case:
        found = self.store.book.case(case.id)
        assert found is not None
        return found
