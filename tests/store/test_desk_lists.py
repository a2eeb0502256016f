"""Whose cases there are, as the book reads them for lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.case import outbox_id
from bot.core.clocks.clock import Deadline
from bot.core.events import EntrySent, Event, Forwarded, Noted, Reassigned, Replied
from bot.core.saying import In, Post, Said
from bot.core.stimuli import Place
from bot.ports import Book, Landed
from tests.store.conftest import Database
from tests.store.samples import (
    ANA,
    CHANNEL,
    NOON,
    RESET,
    SAM,
    TEAM,
    THREAD,
    append,
    asked,
    card,
    case_in,
    chapter,
    claimed,
    closed,
    first_chapter,
    first_due,
    handed_off,
    later,
    new_case,
    opened,
    released,
)

OTHER = "U3"


def place(n: int, requester: str = ANA, team: str = TEAM) -> Place:
    return Place(team, CHANNEL, f"{n}.000001", requester)


def at_desk(
    book: Book, case: str, n: int, *events: Event, queue: str = "it", due: datetime | None = None, team: str = TEAM
) -> None:
    """A case that people have; `due` is what people see, its first response being due then."""
    handed = replace(handed_off(queue=queue), due_first_at=due)
    seen = Deadline("first_response", due) if due else None
    append(book, first_chapter(case, asked(), handed, *events, place=place(n, team=team), deadline=seen))


def begin(book: Book, case: str, n: int, at: datetime, *events: Event) -> None:
    append(book, chapter(new_case(place(n)), opened(case, place(n), at=at), *events))


def replied(at: datetime = NOON) -> Replied:
    return Replied(at=at, actor=SAM, words="On it.", channel=CHANNEL, slack_ts=THREAD)


# --- my own -----------------------------------------------------------------------------------------------------------


def test_my_own_cases_are_those_that_are_open_and_those_closed_since_then(book: Book) -> None:
    begin(book, "old", 1, later(days=-9), closed(at=later(days=-9)))
    begin(book, "lately", 2, later(days=-1), closed(at=later(days=-1)))
    begin(book, "open", 3, later(days=-30))
    begin(book, "newer", 4, NOON)
    append(book, first_chapter("theirs", place=place(5, OTHER)))
    append(book, first_chapter("elsewhere", place=place(6, team="T2")))

    own = book.own_cases(TEAM, ANA, later(days=-7))

    assert [case.id for case in own] == ["newer", "open", "lately"]


# --- mine -------------------------------------------------------------------------------------------------------------


def test_the_cases_that_somebody_has_come_newest_first(book: Book) -> None:
    at_desk(book, "first", 1, claimed(at=NOON))
    at_desk(book, "second", 2, claimed(at=later(minutes=5)))
    at_desk(book, "unclaimed", 3)
    at_desk(book, "back", 4, claimed(), released())
    at_desk(book, "over", 5, claimed(), closed("resolved_by_human"))
    at_desk(book, "elsewhere", 6, claimed(), team="T2")

    assert [case.id for case in book.owned_cases(TEAM, SAM)] == ["second", "first"]


# --- a queue's --------------------------------------------------------------------------------------------------------


def test_what_people_have_comes_with_the_oldest_deadline_first(book: Book) -> None:
    at_desk(book, "none", 1)
    at_desk(book, "late", 2, due=later(hours=5))
    at_desk(book, "early", 3, due=later(hours=1))
    at_desk(book, "other", 4, queue="sales", due=later(minutes=1))
    at_desk(book, "back", 5, released())
    at_desk(book, "over", 6, closed("resolved_by_human"))
    at_desk(book, "elsewhere", 7, team="T2")

    assert [one.case for one in book.at_desk(TEAM, ["it"], "")] == ["early", "late", "none"]
    assert [one.case for one in book.at_desk(TEAM, ["it", "sales"], "")] == ["other", "early", "late", "none"]
    assert book.at_desk(TEAM, [], "") == []


def test_what_somebody_has_is_there_whatever_queue_it_is_in(book: Book) -> None:
    at_desk(book, "theirs", 1, claimed(), queue="sales")
    at_desk(book, "unclaimed", 2, queue="sales")

    assert [one.case for one in book.at_desk(TEAM, ["it"], SAM)] == ["theirs"]


def test_all_that_a_list_shows_of_a_case(database: Database) -> None:
    book, outbox = database.here.book, database.here.outbox
    said = Said(outbox_id("c1", 3), "c1", 3, Post(where=In(CHANNEL), content=card()))
    due = Deadline("resolution", later(hours=1))
    append(book, first_chapter("c1", asked(), handed_off(), claimed(), place=place(1), said=[said], deadline=due))
    (before,) = book.at_desk(TEAM, ["it"], "")

    outbox.told(first_due(outbox), Landed(CHANNEL, "9.000009", "9.000009"), NOON)
    (after,) = book.at_desk(TEAM, ["it"], "")

    assert (before.card, after.card) == (None, In(CHANNEL, "9.000009"))
    assert (after.customer, after.owner, after.question, after.version) == (ANA, SAM, 2, 4)
    assert (after.queue, after.priority, after.handed_off_at) == ("it", "high", NOON)
    assert (after.due, after.waits_for_customer) == (due, False)


def test_a_first_answer_keeps_the_promise_and_the_customers_words_are_waited_for(book: Book) -> None:
    at_desk(book, "c1", 1, claimed(), due=later(hours=1))
    append(book, chapter(case_in(book, "c1"), replied()))
    (answered,) = book.at_desk(TEAM, ["it"], "")

    wrote = Forwarded(at=later(minutes=1), actor=ANA, words="Still.", channel=CHANNEL, slack_ts=THREAD)
    due = Deadline("next_response", later(minutes=31))
    append(book, chapter(case_in(book, "c1"), wrote, deadline=due))
    (written,) = book.at_desk(TEAM, ["it"], "")

    assert (answered.due, answered.waits_for_customer) == (None, True)
    assert (written.due, written.waits_for_customer) == (due, False)


def test_what_is_due_may_change_without_the_case_unless_that_has_moved_on(book: Book) -> None:
    at_desk(book, "c1", 1, due=later(hours=1))
    before, due = case_in(book, "c1"), Deadline("resolution", later(hours=2))
    book.wind(before, (), due)
    (wound,) = book.at_desk(TEAM, ["it"], "")

    append(book, chapter(before, claimed()))
    book.wind(before, (), due)
    (moved,) = book.at_desk(TEAM, ["it"], "")

    assert (wound.due, moved.due) == (due, None)


def test_who_was_called_to_a_case_is_so_until_they_look_at_it(book: Book) -> None:
    at_desk(book, "c1", 1, claimed())
    append(book, chapter(case_in(book, "c1"), Reassigned(at=NOON, actor=SAM, to=OTHER, words="My leave begins.")))
    (given,) = book.at_desk(TEAM, ["it"], OTHER)

    looked = Noted(at=NOON, actor=OTHER, words="I'll take it from here.", channel=CHANNEL, slack_ts=THREAD)
    append(book, chapter(case_in(book, "c1"), looked))
    (seen,) = book.at_desk(TEAM, ["it"], OTHER)

    assert (given.owner, given.called, seen.called) == (OTHER, True, False)


def test_an_entry_that_was_sent_is_an_answer_too(book: Book) -> None:
    at_desk(book, "c1", 1, claimed(), due=later(hours=1))

    append(book, chapter(case_in(book, "c1"), EntrySent(at=NOON, actor=SAM, entry=RESET, how="kb")))
    (one,) = book.at_desk(TEAM, ["it"], "")

    assert (one.due, one.waits_for_customer) == (None, True)


# --- for analysts -----------------------------------------------------------------------------------------------------


def test_when_people_are_to_have_answered_and_what_is_due_next_stand_in_columns(database: Database) -> None:
    handed = replace(handed_off(), due_first_at=NOON + timedelta(hours=1))
    due = Deadline("resolution", NOON + timedelta(hours=2))
    append(database.here.book, first_chapter("c1", asked(), handed, deadline=due))

    assert database.rows("select due_first_at, due_at, due_of from cases") == [
        {
            "due_first_at": "2026-03-02T13:00:00.123456Z",
            "due_at": "2026-03-02T14:00:00.123456Z",
            "due_of": "resolution",
        }
    ]


def test_who_reused_which_entry_is_a_view(database: Database) -> None:
    book = database.here.book
    at_desk(book, "c1", 1, claimed())
    append(book, chapter(case_in(book, "c1"), EntrySent(at=NOON, actor=SAM, entry=RESET, confidence=0.9, how="kb")))

    assert database.rows('select "case", user, entry, confidence, how from reuses') == [
        {"case": "c1", "user": SAM, "entry": RESET, "confidence": 0.9, "how": "kb"}
    ]
