"""What every implementation of the book promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any, cast

import pytest

from bot.core.chapters import Chapter
from bot.core.dues import Due
from bot.core.events import Chatted, Heard, Refused, ThreadOpened
from bot.core.folding import evolve
from bot.core.knowledge import Versions
from bot.core.saying import DirectTo, In, Line, Post, Update, Words
from bot.core.stimuli import Place
from bot.errors import AlreadyHeard, StaleCase
from bot.ports import Book, Landed
from tests.store.conftest import Database
from tests.store.samples import (
    ANA,
    CHANNEL,
    HOME,
    NOON,
    SAM,
    TEAM,
    THREAD,
    VERSIONS,
    answered,
    append,
    asked,
    card,
    chapter,
    claimed,
    closed,
    first_chapter,
    handed_off,
    later,
    line,
    message,
    new_case,
    opened,
    post,
    reopened,
    said,
)


def heard(words: str = "It is still broken") -> Heard:
    return Heard(at=NOON, actor=ANA, words=words, stimulus=message("m0", text=""))


# --- reading what was written -----------------------------------------------------------------------------------------


def test_a_case_comes_back_as_it_was_left(book: Book) -> None:
    case = append(book, first_chapter("c1", asked(), answered(), handed_off(), claimed()))

    assert book.case("c1") == case
    assert book.open_case(HOME) == case
    assert case.version == 5


def test_a_case_that_never_was_is_none(book: Book) -> None:
    assert book.case("c1") is None
    assert book.open_case(HOME) is None
    assert book.closed_case(HOME, NOON) is None
    assert book.case_of_card(TEAM, CHANNEL, THREAD) is None
    assert book.heard("c1", 1) is None
    assert book.log("c1") == []
    assert book.cases_in_thread(TEAM, CHANNEL, THREAD) == []


def test_what_one_program_wrote_another_reads_at_once(database: Database) -> None:
    other = database.program()

    case = append(database.here.book, first_chapter("c1", asked()))

    assert other.book.open_case(HOME) == case


def test_the_log_has_every_event_in_order_with_its_words(book: Book) -> None:
    case = append(book, first_chapter("c1", asked("where is it?")))
    append(book, chapter(case, answered(), closed()))

    assert book.log("c1") == [(1, opened("c1")), (2, asked("where is it?")), (3, answered()), (4, closed())]


def test_events_outside_any_case_are_logged_without_one(database: Database) -> None:
    refused = Refused(at=NOON, actor=SAM, action="claim", why="not theirs", channel=CHANNEL)

    append(database.here.book, chapter(new_case(), refused, said=[said("x9", 1, post())]), stimulus=message("m1"))

    [row] = database.rows("""select team, "case", position, kind from events""")
    assert row == {"team": TEAM, "case": None, "position": None, "kind": "Refused"}
    assert database.rows("select id from cases") == []
    assert database.rows("""select id, "case" from outbox""") == [{"id": "x9-1-0", "case": None}]


def test_words_are_given_for_the_events_that_have_any(book: Book) -> None:
    append(book, first_chapter("c1", asked("one"), answered(), asked("two")))

    found = book.words([Words("c1", 2), Words("c1", 3), Words("c1", 4), Words("nobody's", 1)])

    assert found == {Words("c1", 2): "one", Words("c1", 4): "two"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("naïve café 漢字 😀", "naïve café 漢字 😀"),  # any script
        ("'; drop table cases; --", "'; drop table cases; --"),  # bound, never pasted
        ("before\0after", "before\0after"),  # a NUL does not end it
        ("half an emoji \ud83d", "half an emoji \ufffd"),  # no UTF-8 can hold it, and it must not be lost for that
    ],
)
def test_any_words_can_be_written_down(book: Book, written: str, read: str) -> None:
    append(book, first_chapter("c1", asked(written)))

    assert book.words([Words("c1", 2)]) == {Words("c1", 2): read}


def test_every_event_names_the_knowledge_it_was_decided_with(database: Database) -> None:
    database.here.book.append(
        [first_chapter("c1", asked())], stimulus=message(), versions=Versions("kb-7", "rules-8", "index-9"), at=NOON
    )

    rows = database.rows("select distinct kb_version, rules_version, index_version from events")
    assert rows == [{"kb_version": "kb-7", "rules_version": "rules-8", "index_version": "index-9"}]


# --- finding cases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        replace(HOME, team="T2"),  # another workspace
        replace(HOME, channel="C2"),  # another channel
        replace(HOME, thread_ts="1.000001"),  # another thread
        replace(HOME, requester="U9"),  # somebody else in the same thread
    ],
)
def test_a_case_lives_in_its_own_place_only(book: Book, place: Place) -> None:
    append(book, first_chapter("c1"))

    assert book.open_case(place) is None
    append(book, first_chapter("c2", place=place))
    assert [book.open_case(HOME), book.open_case(place)] == [book.case("c1"), book.case("c2")]


def test_the_last_closed_case_is_found_until_too_long_ago(book: Book) -> None:
    append(book, first_chapter("c1", closed(at=later(hours=1))))
    last = append(book, first_chapter("c2", closed(at=later(hours=2))))

    assert book.closed_case(HOME, later(hours=2)) == last
    assert book.closed_case(HOME, later(hours=2, seconds=1)) is None


def test_no_closed_case_is_given_while_one_is_open(book: Book) -> None:
    append(book, first_chapter("c1", closed()))
    append(book, first_chapter("c2"))

    assert book.closed_case(HOME, NOON) is None


def test_open_cases_of_a_thread_are_found_whoever_asked(book: Book) -> None:
    mine = append(book, first_chapter("c1"))
    theirs = append(book, first_chapter("c2", place=replace(HOME, requester=SAM)))
    append(book, first_chapter("c3", closed(), place=replace(HOME, requester="U9")))

    assert book.cases_in_thread(TEAM, CHANNEL, THREAD) == [mine, theirs]


def test_a_case_is_found_by_any_card_it_has_in_slack(database: Database) -> None:
    book, outbox = database.here.book, database.here.outbox
    queue = Post(where=In("CQ"), content=card())
    case = append(book, first_chapter("c1", handed_off(), said=[said("c1", 2, queue), said("c1", 2, post(), 1)]))
    case = append(book, chapter(case, handed_off(), said=[said("c1", 3, replace(queue, where=In("CR")))]))
    for channel, ts in (("CQ", "10.1"), ("CR", "10.2"), (CHANNEL, "10.3")):
        lease = outbox.lease(channel, "me", NOON, timedelta(seconds=30))
        assert lease
        row = outbox.next_row(lease, NOON)
        assert row
        outbox.told(row, Landed(channel, ts, ts), NOON)

    assert book.case_of_card(TEAM, "CQ", "10.1") == case
    assert book.case_of_card(TEAM, "CR", "10.2") == case
    assert book.case_of_card(TEAM, CHANNEL, "10.3") is None  # the notice to the customer is no card
    assert book.case_of_card(TEAM, "CR", "10.1") is None
    assert book.case_of_card("T2", "CQ", "10.1") is None


@pytest.mark.parametrize(
    ("lanes", "ts", "it_may"),
    [
        (("CQ",), "1772452801.000100", True),  # a second after the card was written down
        (("CQ",), "1772452740.000100", True),  # a minute before: clocks differ
        (("CQ",), "1772449200.000100", False),  # an hour before
        (("CR",), "1772452801.000100", False),  # no card goes there
        ((CHANNEL,), "1772452801.000100", False),  # nor does a notice begin a case
        (("D1", f"@{ANA}"), "1772452801.000100", True),  # the first message of a case in a DM
    ],
)
def test_an_unknown_message_may_begin_a_case_while_one_that_does_is_untold(
    database: Database, lanes: tuple[str, ...], ts: str, it_may: bool
) -> None:
    book, outbox = database.here.book, database.here.outbox
    begun = Post(where=DirectTo(ANA), content=Line("You asked:"), report=True)
    sayings = (Post(where=In("CQ"), content=card()), post(), begun)
    append(book, first_chapter("c1", handed_off(), said=[said("c1", 2, saying, n) for n, saying in enumerate(sayings)]))

    assert book.may_begin_case(TEAM, lanes, ts) == it_may
    assert not book.may_begin_case("T2", lanes, ts)
    for lane in outbox.lanes_due(NOON):
        lease = outbox.lease(lane, "a", NOON, timedelta(minutes=1))
        while lease and (row := outbox.next_row(lease, NOON)):
            outbox.told(row, Landed(lane, "1772452801.000100", "1772452801.000100"), NOON)
    assert not book.may_begin_case(TEAM, lanes, ts)


def test_the_cases_a_person_opened_lately_are_told(book: Book) -> None:
    for number, hours in enumerate((3, 1, 2)):
        at = later(hours=hours)
        place = replace(HOME, thread_ts=str(number))
        append(book, chapter(new_case(place), opened(f"c{number}", place, at=at)))

    assert book.opened_since(TEAM, ANA, later(hours=2)) == [later(hours=2), later(hours=3)]
    assert book.opened_since(TEAM, SAM, NOON) == []
    assert book.opened_since("T2", ANA, NOON) == []


def test_the_stimuli_of_a_person_are_counted(book: Book) -> None:
    for key, at in (("m1", NOON), ("m2", later(seconds=5)), ("m3", later(seconds=10))):
        book.append([], stimulus=message(key), versions=VERSIONS, at=at)

    assert book.stimuli_since(TEAM, ANA, later(seconds=5)) == 2
    assert book.stimuli_since(TEAM, SAM, NOON) == 0
    assert book.stimuli_since("T2", ANA, NOON) == 0


@pytest.mark.parametrize(
    ("different", "is_told"),
    [
        ({}, True),
        ({"reply": False}, False),  # kept, and nothing was said
        ({"kind": "greeting"}, False),
        ({"actor": SAM}, False),
        ({"at": later(minutes=-1)}, False),
    ],
)
@pytest.mark.parametrize("in_a_case", [True, False])
def test_who_was_told_to_slow_down_is_known(
    book: Book, different: dict[str, Any], is_told: bool, in_a_case: bool
) -> None:
    told = Chatted(
        **{"at": NOON, "actor": ANA, "words": "hi", "slack_ts": "1.0", "kind": "too_fast", "reply": True, **different}
    )
    append(book, first_chapter("c1", told) if in_a_case else chapter(new_case(), told))

    assert book.told_too_fast(TEAM, ANA, NOON) == is_told
    assert not book.told_too_fast("T2", ANA, NOON)


def test_what_could_not_be_decided_is_kept_whole(book: Book) -> None:
    append(book, first_chapter("c1", heard("It is still broken"), asked()))

    assert book.heard("c1", 2) == heard("It is still broken")
    assert book.heard("c1", 3) is None  # another kind of event
    assert book.heard("c1", 9) is None


# --- all or nothing ---------------------------------------------------------------------------------------------------


def test_a_stimulus_is_heard_once_it_is_stored(book: Book) -> None:
    before = book.is_heard("m1")
    append(book, first_chapter("c1"), stimulus=message("m1"))

    assert (before, book.is_heard("m1")) == (False, True)


def everything(database: Database) -> list[object]:
    return [database.rows(f"select * from {t}") for t in ("events", "texts", "cases", "stimuli", "outbox", "dues")]


def test_the_same_stimulus_again_writes_nothing(database: Database) -> None:
    book = database.here.book
    case = append(book, first_chapter("c1", asked()), stimulus=message("m1"))
    before = everything(database)

    with pytest.raises(AlreadyHeard):
        append(
            book,
            chapter(case, answered(), said=[said("c1", 3, post())]),
            stimulus=message("m1"),
            dues=[Due("c1", 3, NOON)],
        )

    assert everything(database) == before


def test_a_case_that_moved_on_is_stale_and_nothing_of_the_other_chapters_is_left(database: Database) -> None:
    book = database.here.book
    loaded = append(book, first_chapter("c1", asked()))
    append(book, chapter(loaded, answered()))
    elsewhere = first_chapter("c2", asked("never"), place=replace(HOME, thread_ts="2"), said=[said("c2", 2, post())])
    before = everything(database)

    with pytest.raises(StaleCase):
        append(book, elsewhere, chapter(loaded, closed()), stimulus=message("m9"), dues=[Due("c2", 2, NOON)])

    assert everything(database) == before
    assert not book.is_heard("m9")


def test_a_decision_that_cannot_be_written_whole_is_not_written_at_all(database: Database) -> None:
    nonsense = Post(where=In(CHANNEL), content=cast("Line", object()))
    before = everything(database)

    with pytest.raises(Exception, match="object"):
        append(
            database.here.book, first_chapter("c1", asked(), said=[said("c1", 2, post()), said("c1", 2, nonsense, 1)])
        )

    assert everything(database) == before


def test_events_that_do_not_lead_to_the_case_are_refused(database: Database) -> None:
    good = first_chapter("c1", asked())
    before = everything(database)

    with pytest.raises(ValueError, match="do not lead from version 0 to 3"):
        append(database.here.book, replace(good, after=evolve(good.after, answered())))

    assert everything(database) == before


def outcome_of(start: Barrier, book: Book, move: Chapter, key: str) -> str:
    start.wait()
    try:
        append(book, move, stimulus=message(key))
    except StaleCase:
        return "stale"
    return "won"


@pytest.mark.parametrize("programs", [1, 2])
def test_of_two_who_move_a_case_on_exactly_one_wins(database: Database, programs: int) -> None:
    books = [database.here.book, database.here.book if programs == 1 else database.program().book]
    case = append(books[0], first_chapter("c1", asked()))

    for turn in range(10):
        moves = [chapter(case, asked(f"{turn}/{number}")) for number in (0, 1)]
        start = Barrier(2)
        with ThreadPoolExecutor(2) as threads:
            outcomes = threads.map(outcome_of, [start] * 2, books, moves, [f"{turn}/0", f"{turn}/1"])
        assert sorted(outcomes) == ["stale", "won"]
        case = moves[0].after

    assert [position for position, _ in books[1].log("c1")] == list(range(1, 13))


def test_of_two_who_open_a_case_in_one_place_exactly_one_wins(database: Database) -> None:
    append(database.here.book, first_chapter("c1"))

    with pytest.raises(StaleCase):
        append(database.program().book, first_chapter("c2"))

    assert database.here.book.case("c2") is None


def test_a_case_cannot_begin_twice(book: Book) -> None:
    append(book, first_chapter("c1", closed()))

    with pytest.raises(StaleCase):
        append(book, first_chapter("c1"), stimulus=message("m2"))


def test_a_case_may_end_and_the_next_begin_in_one_decision(book: Book) -> None:
    case = append(book, first_chapter("c1"))

    append(book, first_chapter("c2", asked()), chapter(case, closed("abandoned")))  # in whichever order they come

    now = book.open_case(HOME)
    assert now
    assert now.id == "c2"


def test_a_closed_case_reopens_if_its_place_is_free(book: Book) -> None:
    case = append(book, first_chapter("c1", closed()))

    again = append(book, chapter(case, reopened()))

    assert book.open_case(HOME) == again


def test_a_closed_case_cannot_reopen_beside_an_open_one(book: Book) -> None:
    case = append(book, first_chapter("c1", closed()))
    append(book, first_chapter("c2"))

    with pytest.raises(StaleCase):
        append(book, chapter(case, reopened()))

    assert book.case("c1") == case


def test_a_case_moves_to_its_thread_once_that_is_in_slack(book: Book) -> None:
    pending = replace(HOME, thread_ts="pending:c1")
    case = append(book, first_chapter("c1", place=pending))

    case = append(book, chapter(case, ThreadOpened(at=NOON, actor="bot", channel=CHANNEL, thread_ts=THREAD)))

    assert book.open_case(pending) is None
    assert book.open_case(HOME) == case


# --- what is due ------------------------------------------------------------------------------------------------------


def test_a_due_row_is_taken_when_its_time_has_come(book: Book) -> None:
    due = Due("c1", 2, later(seconds=10))
    append(book, first_chapter("c1", heard()), dues=[due])

    assert book.take_due(later(seconds=9)) == []
    assert book.take_due(later(seconds=10)) == [due]


def test_a_due_row_is_not_taken_again_until_a_minute_later(book: Book) -> None:
    due = Due("c1", 2, NOON)
    append(book, first_chapter("c1", heard()), dues=[due])

    taken = [book.take_due(at) for at in (NOON, later(seconds=59), later(seconds=60), later(seconds=61))]

    assert taken == [[due], [], [due], []]


def test_a_settled_due_row_never_comes_again(book: Book) -> None:
    due = Due("c1", 2, NOON)
    append(book, first_chapter("c1", heard()), dues=[due])
    book.take_due(NOON)

    book.settle_due(due)

    assert book.take_due(later(hours=1)) == []


def test_a_later_time_replaces_the_earlier_one_and_outlives_its_settling(book: Book) -> None:
    first, second = Due("c1", 2, NOON), Due("c1", 2, later(seconds=30))
    case = append(book, first_chapter("c1", heard()), dues=[first])
    book.take_due(NOON)

    append(book, chapter(case, heard()), dues=[second])
    book.settle_due(first)

    assert book.take_due(later(seconds=29)) == []
    assert book.take_due(later(seconds=30)) == [second]


def test_due_rows_come_oldest_first_and_all_of_them(book: Book) -> None:
    dues = [Due("c1", number, later(seconds=number)) for number in range(50)]
    append(book, first_chapter("c1"), dues=dues[::-1])

    taken: list[Due] = []
    while batch := book.take_due(later(minutes=2)):
        taken += batch

    assert taken == dues


@pytest.mark.parametrize(
    ("after", "at"),
    [
        (0, 10),  # what is due now has to be taken, it is not waited for
        (10, 40),  # the earliest of those that come
        (40, 60),  # taken and not settled: it comes again a minute later
        (60, None),  # nothing more
    ],
)
def test_the_next_moment_at_which_something_is_due(book: Book, after: int, at: int | None) -> None:
    append(book, first_chapter("c1"), dues=[Due("c1", n, later(seconds=n)) for n in (40, 10, 0, -10)])
    for due in book.take_due(NOON):
        if due.position:
            book.settle_due(due)

    assert book.next_due(later(seconds=after)) == (None if at is None else later(seconds=at))


def test_each_due_row_goes_to_exactly_one_of_two_programs(database: Database) -> None:
    books = [database.here.book, database.program().book]
    dues = [Due("c1", number, NOON) for number in range(100)]
    append(books[0], first_chapter("c1"), dues=dues)
    start = Barrier(2)

    def take(number: int) -> list[Due]:
        start.wait()
        taken: list[Due] = []
        while batch := books[number].take_due(NOON):
            taken += batch
        return taken

    with ThreadPoolExecutor(2) as threads:
        mine, theirs = threads.map(take, (0, 1))

    assert sorted([*mine, *theirs], key=lambda due: due.position) == dues


# --- what nobody may find ---------------------------------------------------------------------------------------------


def test_words_people_wrote_are_in_no_table_but_texts(database: Database) -> None:
    words = "xylophone"
    case = append(database.here.book, first_chapter("c1", asked(words)), stimulus=message("m1", text=words))
    case = append(
        database.here.book,
        chapter(
            case,
            replace(heard(words), stimulus=message("m2", text=words)),  # even if somebody forgot to take it out
            handed_off(),
            said=[said("c1", 4, Post(where=In("CQ"), content=replace(card(), question=Words("c1", 2))))],
        ),
        stimulus=message("m2", text=words),
        dues=[Due("c1", 3, NOON)],
    )

    tables = [str(row["name"]) for row in database.rows("select name from sqlite_master where type = 'table'")]
    found = {table for table in tables if words in str(database.rows(f"select * from {table}"))}

    assert found == {"texts"}


# --- what a message of ours is about ----------------------------------------------------------------------------------


def test_a_message_of_ours_is_known_by_its_ts_with_all_that_it_says_and_said(database: Database) -> None:
    book, outbox = database.here.book, database.here.outbox
    update = Update(outbox="c1-2-0", content=line("Now"), channel=CHANNEL)
    case = append(book, first_chapter("c1", asked(), answered(), said=[said("c1", 2, post()), said("c1", 3, update)]))
    lease = outbox.lease(CHANNEL, "us", NOON, timedelta(seconds=30))
    assert lease is not None
    row = outbox.next_row(lease, NOON)
    assert row is not None
    outbox.told(row, Landed(CHANNEL, "1700000001.000100", THREAD), NOON)

    assert book.pointed_at(TEAM, CHANNEL, "1700000001.000100") == (case, frozenset({2, 3}))
    assert book.pointed_at("T2", CHANNEL, "1700000001.000100") is None  # another team's
    assert book.pointed_at(TEAM, CHANNEL, THREAD) is None  # somebody else's words
