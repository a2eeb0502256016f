"""The views say what they are named for, and leave test traffic out."""

from __future__ import annotations

from dataclasses import replace

from bot.core.case import Case
from bot.core.events import Closed, Event, Fixed, Labelled, StillStuck
from tests.store.conftest import Database
from tests.store.samples import (
    ANA,
    HOME,
    NOON,
    RESET,
    SAM,
    VPN,
    answered,
    append,
    asked,
    chapter,
    claimed,
    closed,
    handed_off,
    later,
    new_case,
    offered,
    opened,
    picked,
)


def a_case(database: Database, case: str, *events: Event, is_test: bool = False) -> Case:
    place = replace(HOME, thread_ts=case)
    return append(database.here.book, chapter(new_case(place), opened(case, place, is_test=is_test), *events))


def fixed(entry: str = RESET, position: int = 3, *, by: str = ANA) -> Fixed:
    return Fixed(at=NOON, actor=by, entry=entry, position=position)


def still_stuck(entry: str = RESET, position: int = 3, *, by: str = ANA) -> StillStuck:
    return StillStuck(at=NOON, actor=by, entry=entry, position=position)


def test_outcomes_count_closed_cases_by_day(database: Database) -> None:
    a_case(database, "c1", closed("resolved_by_bot"))
    a_case(database, "c2", closed("resolved_by_bot"))
    a_case(database, "c3", closed("abandoned"))
    a_case(database, "c4", Closed(at=later(days=1), actor=ANA, outcome="abandoned"))
    a_case(database, "c5", asked())
    a_case(database, "c6", closed("abandoned"), is_test=True)

    assert database.rows("select day, outcome, cases from outcomes order by day, outcome") == [
        {"day": "2026-03-02", "outcome": "abandoned", "cases": 1},
        {"day": "2026-03-02", "outcome": "resolved_by_bot", "cases": 2},
        {"day": "2026-03-03", "outcome": "abandoned", "cases": 1},
    ]


def test_handoffs_have_a_row_for_each(database: Database) -> None:
    a_case(database, "c1", handed_off(queue="it"), handed_off(queue="billing", entry=RESET))
    a_case(database, "c2", handed_off(), is_test=True)

    assert database.rows('select "case", position, queue, priority, reason, rule, entry from handoffs') == [
        {
            "case": "c1",
            "position": position,
            "queue": queue,
            "priority": "high",
            "reason": "explicit_request",
            "rule": "human-request",
            "entry": entry,
        }
        for position, queue, entry in ((2, "it", None), (3, "billing", RESET))
    ]


def test_feedback_is_the_last_word_of_each_person_on_each_message(database: Database) -> None:
    label = Labelled(at=NOON, actor=ANA, entry=RESET, position=3, label="did_not_work")
    a_case(database, "c1", asked(), answered(), fixed(), still_stuck(), fixed(by=SAM))
    a_case(database, "c2", asked(), answered(), still_stuck(), label, answered(VPN), fixed(VPN, 6))
    a_case(database, "c3", asked(), answered(), fixed(), is_test=True)

    assert database.rows('select "case", position, user, entry, said from feedback order by event') == [
        {"case": "c1", "position": 3, "user": ANA, "entry": RESET, "said": "still_stuck"},
        {"case": "c1", "position": 3, "user": SAM, "entry": RESET, "said": "fixed"},
        {"case": "c2", "position": 3, "user": ANA, "entry": RESET, "said": "did_not_work"},
        {"case": "c2", "position": 6, "user": ANA, "entry": VPN, "said": "fixed"},
    ]


def test_a_pick_labels_the_question_that_came_before_the_offer(database: Database) -> None:
    a_case(database, "c1", asked("first"), offered(), asked("second", continues=2), offered(), picked(VPN, 5))
    a_case(database, "c2", asked("test"), offered(), picked(VPN, 3), is_test=True)

    [row] = database.rows(
        """
        select picks.entry, texts.text, earlier.text as continues
        from picks join texts on texts.event = picks.text left join texts as earlier on earlier.event = picks.continues
        """
    )
    assert row == {"entry": VPN, "text": "second", "continues": "first"}


def test_a_pick_after_another_question_labels_its_own(database: Database) -> None:
    a_case(database, "c1", asked("meant"), offered(), asked("not meant"), picked(RESET, 3))

    [row] = database.rows("select texts.text from picks join texts on texts.event = picks.text")
    assert row == {"text": "meant"}


def test_open_cases_are_those_that_are_not_closed(database: Database) -> None:
    a_case(database, "c1", asked())
    a_case(database, "c2", handed_off(), claimed())
    a_case(database, "c3", closed())
    a_case(database, "c4", asked(), is_test=True)

    assert database.rows("select id, state, owner from open_cases") == [
        {"id": "c1", "state": "open", "owner": None},
        {"id": "c2", "state": "claimed", "owner": SAM},
    ]


def test_entry_use_tells_what_became_of_each_entry(database: Database) -> None:
    a_case(database, "c1", asked(), answered(), fixed(), fixed())  # pressed twice, fixed once
    a_case(database, "c2", asked(), answered(), still_stuck(), handed_off(entry=RESET))
    a_case(database, "c3", asked(), answered(VPN))
    a_case(database, "c4", asked(), handed_off())  # about no entry
    a_case(database, "c5", asked(), answered(VPN), fixed(VPN), handed_off(entry=VPN), is_test=True)

    assert database.rows("select * from entry_use order by entry") == [
        {"entry": RESET, "answered": 2, "fixed": 1, "still_stuck": 1, "handed_off": 1},
        {"entry": VPN, "answered": 1, "fixed": 0, "still_stuck": 0, "handed_off": 0},
    ]
