"""A person's earlier cases, as the next card tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.dues import Due
from bot.core.earlier import Earlier, EarlierCase, Unhelped
from bot.core.entries import CollectField
from bot.core.events import BOT, CollectBegun, Event, FieldAsked, Labelled, StillStuck
from bot.ports import Book
from tests.store.conftest import Database
from tests.store.samples import (
    ANA,
    HOME,
    NOON,
    RESET,
    SAM,
    TEAM,
    VPN,
    answered,
    append,
    asked,
    chapter,
    claimed,
    closed,
    first_chapter,
    handed_off,
    later,
    opened,
)

FIELD = CollectField("place", "Where are you?", "choice", ("Here", "There"), required=True)


def stuck(entry: str = RESET, *, again: bool = False) -> StillStuck:
    return StillStuck(at=NOON, actor=ANA, entry=entry, position=3, again=again)


def labelled(label: str, entry: str = RESET) -> Labelled:
    return Labelled(at=NOON, actor=ANA, entry=entry, position=3, label=label)  # type: ignore[arg-type]


def write(book: Book, case: str, *events: Event, hours: float = 0, requester: str = ANA, is_test: bool = False) -> None:
    """A case of its own place, begun so many hours after noon."""
    place = replace(HOME, thread_ts=case, requester=requester)
    begun = first_chapter(case, *events, place=place)
    first = replace(opened(case, place, at=later(hours=hours)), is_test=is_test)
    append(book, chapter(begun.before, first, *events))


def test_whoever_never_asked_has_no_earlier_cases(book: Book) -> None:
    write(book, "c1", asked(), requester=SAM)

    assert book.earlier(TEAM, ANA) == Earlier()


def test_all_are_counted_and_the_newest_are_named_with_what_became_of_them(book: Book) -> None:
    write(book, "c1", asked(), answered(), closed())
    write(book, "c2", asked(), handed_off(entry=VPN), claimed(), closed("resolved_by_human"), hours=1)
    write(book, "c3", asked(), answered(VPN), hours=2)
    write(book, "c4", asked(), closed("abandoned"), hours=3)
    write(book, "c5", asked(), answered(), hours=4)

    earlier = book.earlier(TEAM, ANA)

    assert earlier.count == 5
    assert earlier.last == (
        EarlierCase("c5", later(hours=4), "", RESET, ""),
        EarlierCase("c4", later(hours=3), "abandoned", "", ""),
        EarlierCase("c3", later(hours=2), "", VPN, ""),
        EarlierCase("c2", later(hours=1), "resolved_by_human", VPN, "it"),
    )


def test_a_case_does_not_come_before_itself(book: Book) -> None:
    for number in range(1, 5):
        write(book, f"c{number}", asked(), answered(), stuck(), hours=number)

    before = book.earlier(TEAM, ANA).before("c4", is_counted=True)

    assert before.count == 3
    assert [one.case for one in before.last] == ["c3", "c2", "c1"]
    assert {one.case for one in before.unhelped} == {"c1", "c2", "c3"}


def test_test_traffic_is_nobodys_history(book: Book) -> None:
    write(book, "c1", asked(), answered(), stuck(), is_test=True)

    assert book.earlier(TEAM, ANA) == Earlier()


@pytest.mark.parametrize(
    ("events", "did_not_help"),
    [
        ([answered(), stuck()], True),
        ([answered(), stuck(), labelled("did_not_work")], True),
        ([answered(), stuck(), labelled("not_meant")], False),  # it was never what they meant
        ([answered(), stuck(), labelled("not_meant", VPN)], True),  # that was about another answer
        ([answered(), stuck(), stuck(again=True)], True),  # pressed twice is one
        ([answered(), closed()], False),
        ([asked(), handed_off(entry=RESET)], False),  # nobody said that it did not help
    ],
)
def test_an_entry_did_not_help_if_the_customer_said_so(book: Book, events: list[Event], did_not_help: bool) -> None:
    write(book, "c1", *events)

    earlier = book.earlier(TEAM, ANA)

    assert earlier.did_not_help(RESET) is did_not_help
    assert earlier.unhelped == ((Unhelped("c1", RESET),) if did_not_help else ())


def test_what_was_read_is_found_by_index(database: Database) -> None:
    write(database.here.book, "c1", asked(), answered(), stuck())

    def plan(query: str) -> str:
        rows: list[Mapping[str, object]] = database.rows(f"explain query plan {query}")
        return " ".join(str(row["detail"]) for row in rows)

    assert "cases_of_requester" in plan("select count(*) from cases where team = 'T' and requester = 'U'")
    assert "unhelped_in_case" in plan(
        """select entry from events where "case" = 'c1' and kind = 'StillStuck' and entry is not null"""
    )


# --- what a question leaves to be done --------------------------------------------------------------------------------


def test_a_question_before_a_handoff_leaves_a_row_that_is_due_when_nobody_answers(book: Book) -> None:
    begun = CollectBegun(at=NOON, actor=BOT, handoff=handed_off(), fields=(FIELD,))
    question = FieldAsked(at=NOON, actor=BOT, field=FIELD.field, ask=FIELD.ask)
    due = Due("c1", 4, NOON + timedelta(minutes=10), "silence")
    written = first_chapter("c1", asked(), begun, question)
    append(book, replace(written, dues=(due,)))

    assert book.take_due(NOON + timedelta(minutes=9)) == []
    assert book.take_due(NOON + timedelta(minutes=10)) == [due]


def test_what_is_being_asked_comes_back_with_the_case_and_the_log(book: Book) -> None:
    begun = CollectBegun(at=NOON, actor=BOT, handoff=handed_off(entry=RESET), fields=(FIELD,))
    question = FieldAsked(at=NOON, actor=BOT, field=FIELD.field, ask=FIELD.ask)
    written = append(book, first_chapter("c1", asked(), begun, question))

    case = book.case("c1")

    assert case == written
    assert case is not None
    assert case.collecting is not None
    assert (case.collecting.handoff, case.collecting.fields, case.collecting.asked) == (begun.handoff, (FIELD,), (4,))
    assert [event for _, event in book.log("c1")][-2:] == [begun, question]
