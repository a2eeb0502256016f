"""What was pressed under an answer or an offer says which entry the question meant, and which it did not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.events import Event, Fixed, Labelled, NoneOfThese, StillStuck
from bot.core.matching.scoring.outcomes import Outcome
from bot.errors import StoreDown
from bot.store.outcomes import outcomes_in
from bot.store.sqlite import SqliteStore
from tests.store.samples import (
    ANA,
    HOME,
    NOON,
    RESET,
    VPN,
    answered,
    append,
    asked,
    chapter,
    new_case,
    offered,
    opened,
    picked,
)


def logged(path: Path, *cases: tuple[Event, ...], is_test: bool = False) -> list[Outcome]:
    with SqliteStore(path) as store:
        for number, events in enumerate(cases):
            place = replace(HOME, thread_ts=f"{number}")
            begun = opened(f"c{number}", place, is_test=is_test)
            append(store.book, chapter(new_case(place), begun, *events))
    return [replace(one, question=0) for one in outcomes_in(path)]


def fixed() -> Fixed:
    return Fixed(at=NOON, actor=ANA, entry=RESET, position=3)


def still_stuck() -> StillStuck:
    return StillStuck(at=NOON, actor=ANA, entry=RESET, position=3)


def test_an_answer_that_fixed_it_was_meant(tmp_path: Path) -> None:
    found = logged(tmp_path / "a.db", (asked("locked out"), answered(), fixed()))

    assert found == [Outcome(0, "locked out", RESET, is_meant=True)]


@pytest.mark.parametrize(("label", "is_meant"), [("did_not_work", True), ("not_meant", False)])
def test_an_answer_that_did_not_help_was_meant_or_not_as_the_customer_says(
    tmp_path: Path, label: str, is_meant: bool
) -> None:
    said = Labelled(at=NOON, actor=ANA, entry=RESET, position=3, label=label)  # type: ignore[arg-type]

    assert logged(tmp_path / "a.db", (asked("locked out"), answered(), still_stuck(), said)) == [
        Outcome(0, "locked out", RESET, is_meant)
    ]


def test_still_stuck_alone_says_nothing_of_the_question(tmp_path: Path) -> None:
    assert logged(tmp_path / "a.db", (asked("locked out"), answered(), still_stuck())) == []


def test_what_was_picked_was_meant(tmp_path: Path) -> None:
    assert logged(tmp_path / "a.db", (asked("locked out"), offered(RESET, VPN), picked(VPN, 3))) == [
        Outcome(0, "locked out", VPN, is_meant=True)
    ]


def test_a_pick_of_what_was_asked_in_two_messages_has_both(tmp_path: Path) -> None:
    events = (asked("my screen"), offered(RESET), asked("is black", continues=2), offered(VPN), picked(VPN, 5))

    assert logged(tmp_path / "a.db", events) == [Outcome(0, "my screen\nis black", VPN, is_meant=True)]


def test_of_none_of_these_none_was_meant(tmp_path: Path) -> None:
    neither = NoneOfThese(at=NOON, actor=ANA, position=3)

    assert logged(tmp_path / "a.db", (asked("parking"), offered(RESET, VPN), neither)) == [
        Outcome(0, "parking", RESET, is_meant=False),
        Outcome(0, "parking", VPN, is_meant=False),
    ]


def test_tests_and_questions_without_a_word_said_of_them_teach_nothing(tmp_path: Path) -> None:
    assert logged(tmp_path / "a.db", (asked("locked out"), answered())) == []
    assert logged(tmp_path / "b.db", (asked("locked out"), answered(), fixed()), is_test=True) == []


def test_where_there_is_no_database_somebody_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreDown, match="there is no"):
        outcomes_in(tmp_path / "none.db")
