"""What is read of other cases, and what keeps two decisions from counting past each other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.case import Case
from bot.core.events import IncidentBegun, MemberJoined, StatusSaid
from bot.core.incident import Excerpt, Member
from bot.core.saying import In, Words
from bot.core.stimuli import Place
from bot.errors import StaleCase
from bot.ports import Book
from bot.store.soundness import examine
from tests.store.conftest import Database
from tests.store.samples import (
    ANA,
    CHANNEL,
    HOME,
    NOON,
    SAM,
    TEAM,
    VERSIONS,
    answered,
    append,
    asked,
    case_in,
    chapter,
    claimed,
    closed,
    first_chapter,
    handed_off,
    later,
    message,
    released,
)

NOWHERE = Place(TEAM, CHANNEL, "incident:i1", "")


def place(user: str, thread: str = "1700000000.000200") -> Place:
    return replace(HOME, requester=user, thread_ts=thread)


def begun() -> IncidentBegun:
    return IncidentBegun(at=NOON, actor=SAM, queue="it", priority="p2", words="The lift is stuck", described=True)


def joined(case: str, question: int | None = 2) -> MemberJoined:
    about = Words(case, question) if question else None
    member = Member(case, ANA, In(CHANNEL, HOME.thread_ts))
    return MemberJoined(at=NOON, actor=SAM, member=member, about=about, excerpts=(Excerpt(2),))


def incident(book: Book, *more: MemberJoined | StatusSaid) -> Case:
    return append(book, first_chapter("i1", begun(), *more, place=NOWHERE))


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_persons_cases_that_are_with_people_are_found_with_their_words_newest_first(book: Book) -> None:
    append(book, first_chapter("c1", asked("the first"), handed_off(at=NOON)))
    append(book, first_chapter("c2", asked("the second"), handed_off(at=later(minutes=1)), claimed(), place=place(ANA)))
    append(book, first_chapter("c3", asked("with the bot"), answered(), place=place(ANA, "3.0")))
    append(book, first_chapter("c4", asked("over"), handed_off(), closed(), place=place(ANA, "4.0")))
    append(book, first_chapter("c5", asked("sent back"), handed_off(), released(), place=place(ANA, "5.0")))
    append(book, first_chapter("c6", asked("somebody else's"), handed_off(), place=place("U9")))

    found = book.own_with_people(TEAM, ANA)

    assert [(other.case.id, other.words) for other in found] == [("c2", ("the second",)), ("c1", ("the first",))]
    assert found[1].case == case_in(book, "c1")


def test_handoffs_since_a_time_are_found_whoever_asked_and_no_more_than_wanted(book: Book) -> None:
    for n, user in enumerate(("U1", "U2", "U3", "U4")):
        handed = handed_off(at=later(minutes=n))
        append(book, first_chapter(f"c{n}", asked(f"words {n}"), handed, place=place(user)))
    incident(book)

    since = book.handed_off_since(TEAM, later(minutes=1), 10)

    assert [other.case.id for other in since] == ["c3", "c2", "c1"]
    assert [other.case.id for other in book.handed_off_since(TEAM, NOON, 2)] == ["c3", "c2"]
    assert book.handed_off_since("T2", NOON, 10) == []


def test_an_incident_is_found_until_it_is_over_with_the_words_that_say_what_it_is(book: Book) -> None:
    append(book, first_chapter("c1", asked("the lift has stopped"), handed_off()))
    case = incident(book, joined("c1"), joined("c9"))

    (found,) = book.open_incidents(TEAM)

    assert found.case == case
    assert found.words == ("The lift is stuck", "the lift has stopped")  # what was never there, or erased, is missing
    append(book, chapter(case, closed("resolved_by_human")))
    assert book.open_incidents(TEAM) == []


def test_many_cases_are_read_at_once_and_those_that_are_not_there_are_missing(book: Book) -> None:
    for case, user in (("c1", "U1"), ("c2", "U2")):
        append(book, first_chapter(case, asked(), place=place(user)))

    assert {case.id for case in book.cases(["c2", "c1", "c9"])} == {"c1", "c2"}
    assert book.cases([]) == []


# --- counting ---------------------------------------------------------------------------------------------------------


def test_a_decision_that_counted_the_handoffs_is_stale_once_there_is_another(book: Book) -> None:
    seen = book.handoffs(TEAM)
    append(book, first_chapter("c1", asked(), handed_off()))

    mine = first_chapter("c2", asked(), handed_off(), place=place("U2"))
    with pytest.raises(StaleCase):
        book.append([mine], stimulus=message("m2"), versions=VERSIONS, at=NOON, handoffs=seen)

    assert book.case("c2") is None
    assert not book.is_heard("m2")
    book.append([mine], stimulus=message("m2"), versions=VERSIONS, at=NOON, handoffs=book.handoffs(TEAM))
    assert book.handoffs(TEAM) > seen


def test_what_is_no_handoff_here_makes_no_decision_stale(book: Book) -> None:
    seen = book.handoffs(TEAM)
    append(book, first_chapter("c1", asked(), answered()))
    elsewhere = replace(place("U3"), team="T2")
    append(book, first_chapter("c3", asked(), handed_off(), place=elsewhere))

    mine = first_chapter("c2", asked(), handed_off(), place=place("U2"))
    book.append([mine], stimulus=message("m2"), versions=VERSIONS, at=NOON, handoffs=seen)

    assert case_in(book, "c2").with_people


def test_of_two_decisions_that_both_begin_an_incident_with_the_same_case_one_is_stale(book: Book) -> None:
    founder = append(book, first_chapter("c1", asked(), handed_off()))
    begins = first_chapter("i1", joined("c1"), begun(), place=NOWHERE)
    too = first_chapter("i2", joined("c1"), begun(), place=replace(NOWHERE, thread_ts="incident:i2"))
    append(book, begins, chapter(founder, claimed()))

    with pytest.raises(StaleCase):
        append(book, too, chapter(founder, claimed(at=later(seconds=1))), stimulus=message("m2"))

    assert [other.case.id for other in book.open_incidents(TEAM)] == ["i1"]


# --- for people -------------------------------------------------------------------------------------------------------


def test_an_incident_is_nobodys_case_in_the_numbers_and_has_a_view_of_its_own(database: Database) -> None:
    book = database.here.book
    append(book, first_chapter("c1", asked(), handed_off(), closed("resolved_by_human")))
    case = incident(book, joined("c1"), joined("c1"))

    assert database.rows("select * from open_cases") == []
    assert database.rows("select id, state, people from incidents") == [
        {"id": "i1", "state": "handed_off", "people": 1}
    ]
    append(book, chapter(case, closed("resolved_by_human")))
    assert [row["cases"] for row in database.rows("select cases from outcomes")] == [1]


def test_a_specialists_own_cases_have_no_incident_among_them(book: Book) -> None:
    case = incident(book)
    append(book, chapter(case, claimed()))

    assert book.owned_cases(TEAM, SAM) == []


def test_the_log_of_an_incident_is_sound(database: Database) -> None:
    said = StatusSaid(at=NOON, actor=SAM, words="We know.", channel=CHANNEL, slack_ts="9.0")
    case = incident(database.here.book, joined("c1"), said)
    database.here.close()

    path = database.rows("pragma database_list")[0]["file"]

    assert examine(Path(str(path))).faults == ()
    assert case.incident is not None
    assert case.incident.status == case.version


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            "select snapshot from cases where team = 'T1' and requester <> '' and closed_at is null "
            "and handed_off_at >= '2026' order by handed_off_at desc, rowid desc limit 50",
            "cases_with_people",
        ),
        ("select snapshot from cases where team = 'T1' and requester = '' and closed_at is null", "cases_of_requester"),
        ("select max(id) from events where team = 'T1' and kind = 'HandedOff'", "handoffs_in_order"),
    ],
)
def test_other_cases_are_found_by_an_index(database: Database, query: str, index: str) -> None:
    (plan,) = database.rows(f"explain query plan {query}")

    assert index in str(plan["detail"])
