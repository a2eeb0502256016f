"""What names a case of another team, or none, comes to nothing, whatever button or form it pretends to be."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.events import HandedOff, Opened
from bot.core.forms import FormKind
from bot.core.stimuli import OPENS_FORM, Message, Place, Press, PressKind, Submission
from bot.desk import Desk
from bot.store.sqlite import SqliteStore
from tests.core.situations import CUSTOMER, DANA, DESK, KNOWLEDGE, NOON
from tests.test_desk import desk_with

OURS, THEIRS = "T1", "T2"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """One database for two teams, with a case that the people of T2 have."""
    with closing(SqliteStore(tmp_path / "tier1.db")) as opened:
        place = Place(THEIRS, "D2", "", CUSTOMER)
        events = (
            Opened(at=NOON, actor=CUSTOMER, case="TTHEIRS1", team=THEIRS, channel="D2", thread_ts="",
                   requester=CUSTOMER, follows=True),
            HandedOff(at=NOON, actor=DANA, queue="tech", priority="p3", reason="explicit_request", rule="r"),
        )  # fmt: skip
        opened.book.append(
            chapters(Case("TTHEIRS1", place), events, KNOWLEDGE),
            stimulus=Message(key="m:1", team=THEIRS, user=CUSTOMER, channel="D2", ts="1764000000.000100", text=""),
            versions=KNOWLEDGE.versions,
            at=NOON,
        )
        yield opened


@pytest.fixture
def desk(store: SqliteStore) -> Desk:
    return desk_with(store.book)


def press(kind: PressKind, team: str, case: str, user: str) -> Press:
    return Press(
        key=f"p:{kind}:{team}:{case}:{user}", team=team, user=user, kind=kind, channel=DESK, message_ts="1.0",
        case=case, position=1, view="V1" if kind in OPENS_FORM else "",
    )  # fmt: skip


def form(kind: FormKind, team: str, case: str, user: str) -> Submission:
    return Submission(
        key=f"s:{kind}:{team}:{case}:{user}", team=team, user=user, form=kind, view="V1", case=case, position=1,
        values=(("words", "gone"), ("why", "gone"), ("code", "fixed"), ("queue", "care"), ("case", case)), channel=DESK,
    )  # fmt: skip


@pytest.mark.parametrize("case", ["TTHEIRS1", "TNOBODY1"])
@pytest.mark.parametrize("user", [DANA, CUSTOMER])
def test_a_case_of_another_team_is_out_of_reach(
    store: SqliteStore, desk: Desk, caplog: pytest.LogCaptureFixture, case: str, user: str
) -> None:
    caplog.set_level(logging.WARNING)
    before = store.book.case("TTHEIRS1")

    for kind in get_args(PressKind):
        if kind != "home":  # which is in no case
            desk.hear(press(kind, OURS, case, user))
    for kind in get_args(FormKind):
        desk.hear(form(kind, OURS, case, user))

    assert store.book.case("TTHEIRS1") == before
    assert caplog.records == []


def test_its_own_people_reach_it(store: SqliteStore, desk: Desk) -> None:
    desk.hear(press("claim", THEIRS, "TTHEIRS1", DANA))

    claimed = store.book.case("TTHEIRS1")
    assert claimed is not None
    assert claimed.owner == DANA
