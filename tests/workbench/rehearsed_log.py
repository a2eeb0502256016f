"""A small log whose cases have the numbers that a guide prints: each rehearsed, then written down by the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.events import Event, Replied
from bot.core.knowledge import Knowledge
from bot.core.rehearsing import Rehearsal, heard
from bot.core.stimuli import Message, Place, message_key
from bot.store.sqlite import SqliteStore

TEAM = "T0LARKFIELD"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def write_log(path: Path, knowledge: Knowledge) -> None:
    """A wish, a theft, two questions that nothing fits, a farewell, and one whose words are erased; and an answer."""
    with SqliteStore(path) as store:
        _Conversation(store, knowledge, "TBCDFGHJ", MONDAY).wrote("talk to a human").answered(timedelta(hours=3))
        _Conversation(store, knowledge, "TKMNPQRS", MONDAY + timedelta(hours=1)).wrote("my laptop was stolen")
        lost = _Conversation(store, knowledge, "TTVWXZ23", MONDAY + timedelta(hours=2))
        lost.wrote("flurb").wrote("flarb the florb").answered(timedelta(hours=2))
        _Conversation(store, knowledge, "T4567892", MONDAY + timedelta(hours=3)).wrote("we want to cancel our contract")
        _Conversation(store, knowledge, "T9BCDFGH", MONDAY + timedelta(hours=4)).wrote("can I see the fish tank")
        with store.book._file.writing() as connection:
            connection.execute("delete from texts where text like '%fish tank%'")


class _Conversation:
    """One person's, in their direct message with the bot."""

    def __init__(self, store: SqliteStore, knowledge: Knowledge, case: str, at: datetime) -> None:
        user, self._store, self._at = f"U0{case}", store, at
        person = Person(user, TEAM)
        store.registry.remember(person, at)
        self._so_far = Rehearsal(knowledge, person, Case(case, Place(TEAM, f"D0{case}", "", user)))

    def wrote(self, text: str) -> _Conversation:
        self._at += timedelta(minutes=1)
        before = self._so_far
        self._so_far, events = heard(before, self._message(text), self._at)
        self._write(before, text, *events)
        return self

    def answered(self, after: timedelta) -> _Conversation:
        self._at += after
        reply = Replied(at=self._at, actor="U0TECH00001", words="We are on it.", channel="C0TIER2TECH", slack_ts="1.0")
        self._write(self._so_far, "reply", reply)
        return self

    def _write(self, before: Rehearsal, what: str, *events: Event) -> None:
        written = chapters(before.case, events, before.knowledge, before.log)
        self._store.book.append(written, stimulus=self._message(what), versions=before.knowledge.versions, at=self._at)

    def _message(self, text: str) -> Message:
        place = self._so_far.case.place
        ts = f"{self._at.timestamp():.6f}"
        return Message(
            key=message_key(TEAM, place.channel, ts),
            team=TEAM,
            user=place.requester,
            channel=place.channel,
            ts=ts,
            text=text,
            direct=True,
        )
