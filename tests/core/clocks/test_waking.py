"""New rules over a real store: every list shows the deadlines as they are by now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.clocks.clock import Deadline
from bot.core.events import Opened
from bot.core.rulebook.rules import Rules, Targets
from bot.core.stimuli import Message, Place
from bot.desk import Desk
from bot.store.sqlite import SqliteStore
from tests.core.clocks.stories import CUSTOMER, RULES, events_of, minute
from tests.core.situations import KNOWLEDGE

HOUR = timedelta(hours=1)
PLACE = Place("T", "D1", "", CUSTOMER)
SLOWER = replace(RULES, slas={"standard": {"p3": Targets(2 * HOUR, 2 * HOUR, 8 * HOUR, business=False)}})


class Nobody:
    """A directory in which nobody is known."""

    def person(self, team: str, user: str, *, external: bool = False) -> Person:
        return Person(user, team, external=external)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "tier1.db")) as opened:
        yield opened


def stored(store: SqliteStore, story: str) -> None:
    opened = Opened(
        at=minute(0), actor=CUSTOMER, case="T1", team="T", channel="D1", thread_ts="", requester=CUSTOMER, follows=True
    )
    knowledge = replace(KNOWLEDGE, rules=RULES)
    written = chapters(Case("T1", PLACE), [opened, *events_of(story)], knowledge)
    message = Message(key="m", team="T", user=CUSTOMER, channel="D1", ts="1.0", text="talk to a human", direct=True)
    store.book.append(written, stimulus=message, versions=KNOWLEDGE.versions, at=minute(0))


def due(store: SqliteStore) -> Deadline | None:
    (one,) = store.book.at_desk("T", ["tech", "care"], "")
    return one.due


def woken(store: SqliteStore, rules: Rules, now: datetime) -> None:
    knowledge = replace(KNOWLEDGE, rules=rules)
    with closing(Desk(store.book, Nobody(), lambda: knowledge, clock=lambda: now, written=lambda _lanes: None)) as desk:
        desk.wake()
        while desk.tick():
            pass


@pytest.mark.parametrize(
    ("story", "before", "after"),
    [
        ("H", Deadline("first_response", minute(60)), Deadline("first_response", minute(120))),
        ("HR", None, None),  # we wait for the customer
        ("HRF", Deadline("next_response", minute(32)), Deadline("next_response", minute(122))),
        ("HRFT", Deadline("first_response", minute(63)), Deadline("first_response", minute(123))),
    ],
)
def test_lists_show_what_new_rules_make_of_a_deadline(
    store: SqliteStore, story: str, before: Deadline | None, after: Deadline | None
) -> None:
    stored(store, story)
    old = due(store)

    woken(store, SLOWER, minute(10))

    assert (old, due(store)) == (before, after)
