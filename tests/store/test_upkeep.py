"""What operators do with the outbox beside a running bot: nothing is lost, and nothing is said twice."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from bot.core.saying import In, Line, Post, React, Saying, Under, Update, Whisper, Withdraw
from bot.errors import StoreDown, StoreError
from bot.ports import Landed
from bot.store.upkeep import Result, drop, list_rows, resend
from tests.store.conftest import Database
from tests.store.samples import (
    ANA,
    CHANNEL,
    NOON,
    THREAD,
    answered,
    append,
    asked,
    card,
    chapter,
    closed,
    first_chapter,
    handed_off,
    later,
    line,
    post,
    said,
)
from tests.store.test_outbox import first, head, lease, say_all, write

ROOT = Landed(CHANNEL, "1700000001.000200", "1700000001.000200")
DROPPED_BY = {"state": "dropped", "error": "dropped by an operator"}


@pytest.fixture
def path(database: Database, tmp_path: Path) -> Path:
    """The file that the store of this test is in."""
    assert database.here
    return tmp_path / "tier1.db"


def park(database: Database, outbox: str, error: str = "invalid_blocks") -> None:
    """Let Slack refuse a row for good."""
    row = next(row for row in iter_rows(database) if row == outbox)
    lane = lane_of(database, row)
    while (found := head(database.here.outbox, lane)) and found.said.id != outbox:
        database.here.outbox.told(found, Landed(lane, f"1.{found.said.id}", ""), NOON)
    assert found
    database.here.outbox.park(found, error)


def iter_rows(database: Database) -> list[str]:
    return [str(row["id"]) for row in database.rows("select id from outbox order by seq")]


def lane_of(database: Database, outbox: str) -> str:
    return next(str(row["lane"]) for row in database.rows("select id, lane from outbox") if row["id"] == outbox)


def columns(database: Database, outbox: str, *names: str) -> dict[str, object]:
    row = next(row for row in database.rows("select * from outbox") if row["id"] == outbox)
    return {name: row[name] for name in names}


def states(database: Database) -> dict[str, object]:
    return {str(row["id"]): row["state"] for row in database.rows("select id, state from outbox order by seq")}


# --- looking ----------------------------------------------------------------------------------------------------------


def test_what_is_due_and_parked_is_listed_without_a_word_of_anybody(database: Database, path: Path) -> None:
    write(database, post("my password is swordfish"), post("second"), post("third"))
    park(database, "c1-2-1")

    page = list_rows(path, later(minutes=5), states=["due", "parked"])

    assert [(row.id, row.state, row.error) for row in page.rows] == [
        ("c1-2-1", "parked", "invalid_blocks"), ("c1-2-2", "due", ""),
    ]  # fmt: skip
    assert page.rows[1].kind == "Post"
    assert page.rows[1].content == "Line"
    assert page.rows[1].created_at == NOON
    assert page.of_all == 2
    assert "swordfish" not in repr(list_rows(path, NOON, states=["told"]))


def test_a_list_may_be_of_one_case_one_lane_or_short(database: Database, path: Path) -> None:
    write(database, post(channel="CA"), post(channel="CB"), case="c1")
    write(database, post(channel="CA"), case="c2")

    def ids(**wanted: str) -> list[str]:
        return [row.id for row in list_rows(path, NOON, states=["due"], **wanted).rows]  # type: ignore[arg-type]

    assert ids(case="c2") == ["c2-2-0"]
    assert ids(lane="CA") == ["c1-2-0", "c2-2-0"]
    assert ids(case="c1", lane="CB") == ["c1-2-1"]
    short = list_rows(path, NOON, states=["due"], limit=1)
    assert ([row.id for row in short.rows], short.of_all) == (["c1-2-0"], 3)


def test_what_keeps_a_row_back_is_said(database: Database, path: Path) -> None:
    outbox = database.here.outbox
    write(database, post(channel="CA"), Post(where=Under("c1-2-0", "CA"), content=line()), post(channel="CB"))
    outbox.failed(first(outbox, "CA"), "internal_error", later(seconds=8), ambiguous=True)
    outbox.hold("CB", later(seconds=30))

    tried, under, held = list_rows(path, NOON, states=["due"]).rows

    assert (tried.next_try, tried.attempts, tried.ambiguous, tried.error) == (
        later(seconds=8), 1, True, "internal_error",
    )  # fmt: skip
    assert under.waits_for == "c1-2-0"
    assert held.next_try == later(seconds=30)
    assert list_rows(path, later(minutes=1), states=["due"]).rows[2].next_try is None


# --- saying again -----------------------------------------------------------------------------------------------------


def test_what_was_parked_is_due_again_and_looked_for_before_it_is_said(database: Database, path: Path) -> None:
    write(database, post())
    park(database, "c1-2-0")

    assert resend(path, ["c1-2-0"]) == (Result("c1-2-0", True),)

    row = first(database.here.outbox)
    assert row.said.id == "c1-2-0"
    assert row.ambiguous  # whoever parked it may not have known that it got through
    assert row.attempts == 0  # it has all its tries again
    assert columns(database, "c1-2-0", "error", "not_before") == {"error": None, "not_before": None}


def test_all_that_is_parked_is_said_again_at_once_and_nothing_else(database: Database, path: Path) -> None:
    outbox = database.here.outbox
    write(database, post(channel="CA"), post(channel="CB"), post(channel="CC"))
    park(database, "c1-2-0")
    park(database, "c1-2-1")
    outbox.drop(first(outbox, "CC"), "people are on it")

    assert [result.id for result in resend(path, None)] == ["c1-2-0", "c1-2-1"]
    assert states(database) == {"c1-2-0": "due", "c1-2-1": "due", "c1-2-2": "dropped"}
    assert resend(path, None) == ()


def test_what_waited_for_a_message_comes_back_with_it(database: Database, path: Path) -> None:
    under = Post(where=Under("c1-2-0", CHANNEL), content=line())
    write(database, post(), under, React(channel=CHANNEL, ts=THREAD, name="eyes", after="c1-2-1"), post())
    park(database, "c1-2-0")

    (result,) = resend(path, ["c1-2-0"])

    assert result == Result("c1-2-0", True, with_it=("c1-2-1", "c1-2-2"))
    assert say_all(database.here.outbox) == ["c1-2-0", "c1-2-1", "c1-2-2", "c1-2-3"]


def test_a_message_comes_back_with_what_waits_for_it(database: Database, path: Path) -> None:
    write(database, post(), Post(where=Under("c1-2-0", CHANNEL), content=line()))
    park(database, "c1-2-0")

    (result,) = resend(path, ["c1-2-1"])

    assert (result.done, result.with_it) == (True, ("c1-2-0",))
    assert say_all(database.here.outbox) == ["c1-2-0", "c1-2-1"]


def test_what_was_given_up_for_a_reason_of_its_own_stays_so(database: Database, path: Path) -> None:
    outbox = database.here.outbox
    write(database, post(channel="CA"), Post(where=Under("c1-2-0", "CB"), content=line()), post(channel="CB"))
    outbox.told(first(outbox, "CA"), ROOT, NOON)
    park(database, "c1-2-1")
    park(database, "c1-2-2")

    resend(path, ["c1-2-2"])

    assert states(database) == {"c1-2-0": "told", "c1-2-1": "parked", "c1-2-2": "due"}


def _told(database: Database) -> list[str]:
    ids = write(database, post())
    say_all(database.here.outbox)
    return ids


def _whispered(database: Database) -> list[str]:
    ids = write(database, Whisper(channel=CHANNEL, user=ANA, content=Line("psst")))
    row = first(database.here.outbox)
    database.here.outbox.told(row, None, NOON)
    database.here.outbox.park(row, "channel_not_found")
    return ids


def _withdrawn(database: Database) -> list[str]:
    ids = write(database, post(), Withdraw(outbox="c1-2-0", channel=CHANNEL))
    return ids[:1]


def _withdrawn_after_it_was_parked(database: Database) -> list[str]:
    ids = write(database, post())
    park(database, ids[0])
    write(database, Withdraw(outbox=ids[0], channel=CHANNEL), case="c2")
    return ids


def _replaced(database: Database) -> list[str]:
    write(database, post())
    say_all(database.here.outbox)
    old = write(database, Update(outbox="c1-2-0", content=line("old"), channel=CHANNEL), case="c2")
    write(database, Update(outbox="c1-2-0", content=line("new"), channel=CHANNEL), case="c3")
    return old


def _moved_card(database: Database) -> list[str]:
    where = In(CHANNEL)
    rows = [said("c1", 3, Post(where=where, content=card()))]
    case = append(database.here.book, first_chapter("c1", asked(), handed_off(), said=rows))
    park(database, "c1-3-0")
    append(database.here.book, chapter(case, handed_off(queue="care")))
    return ["c1-3-0"]


def _card_of_a_closed_case(database: Database) -> list[str]:
    rows = [said("c1", 3, Post(where=In(CHANNEL), content=card()))]
    case = append(database.here.book, first_chapter("c1", asked(), handed_off(), said=rows))
    park(database, "c1-3-0")
    append(database.here.book, chapter(case, closed()))
    return ["c1-3-0"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (_told, "has been said already"),  # nothing is said twice
        (_whispered, "whispers are sent once at most"),  # of which nobody could find the first
        (_withdrawn, "was withdrawn by c1-2-1"),  # somebody wanted it never to be said
        (_withdrawn_after_it_was_parked, "was withdrawn by c2-2-0"),
        (_replaced, "was replaced by c3-2-0"),  # old words would overwrite what is true now
        (_moved_card, "gave way to c1-4-0"),  # two teams would take the case
        (_card_of_a_closed_case, "is the card of a case that is closed by now"),
    ],
)
def test_what_must_not_be_said_again_is_refused_with_the_reason(
    given: object, why: str, database: Database, path: Path
) -> None:
    (outbox,) = given(database)  # type: ignore[operator]
    before = database.rows("select * from outbox")

    (result,) = resend(path, [outbox])

    assert not result.done
    assert why in result.note
    assert database.rows("select * from outbox") == before


def test_what_belongs_to_a_message_that_is_refused_is_refused_with_it(database: Database, path: Path) -> None:
    write(database, post(), Post(where=Under("c1-2-0", CHANNEL), content=line()))
    park(database, "c1-2-0")
    write(database, Withdraw(outbox="c1-2-0", channel=CHANNEL), case="c2")

    (result,) = resend(path, ["c1-2-1"])

    assert (result.done, result.note) == (False, "it belongs to c1-2-0, which was withdrawn by c2-2-0")
    assert states(database)["c1-2-1"] == "parked"


def test_what_belongs_to_a_message_that_was_never_written_down_is_refused(database: Database, path: Path) -> None:
    write(database, Post(where=Under("gone-1-0", CHANNEL), content=line()))

    (result,) = resend(path, ["c1-2-0"])

    assert (result.done, result.note) == (False, "it belongs to gone-1-0, which is not in the outbox")


def test_a_card_that_is_still_the_cases_own_is_said_again(database: Database, path: Path) -> None:
    rows = [said("c1", 3, Post(where=In(CHANNEL), content=card()))]
    append(database.here.book, first_chapter("c1", asked(), handed_off(), said=rows))
    park(database, "c1-3-0")

    assert resend(path, ["c1-3-0"])[0].done


def test_what_is_due_stays_as_it_is(database: Database, path: Path) -> None:
    outbox = database.here.outbox
    write(database, post())
    outbox.failed(first(outbox), "internal_error", later(seconds=8), ambiguous=True)
    before = database.rows("select * from outbox")

    assert resend(path, ["c1-2-0"]) == (Result("c1-2-0", True, "is due"),)
    assert database.rows("select * from outbox") == before


# --- giving up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("was_parked", [True, False])
def test_what_is_dropped_is_never_said_nor_what_waits_for_it(was_parked: bool, database: Database, path: Path) -> None:
    under: Saying = Post(where=Under("c1-2-0", CHANNEL), content=line())
    write(database, post(), under, React(channel=CHANNEL, ts=THREAD, name="eyes", after="c1-2-1"), post())
    if was_parked:
        park(database, "c1-2-0")

    (result,) = drop(path, ["c1-2-0"], NOON)

    assert (result.done, sorted(result.with_it)) == (True, ["c1-2-1", "c1-2-2"])
    assert columns(database, "c1-2-0", "state", "error") == DROPPED_BY
    assert say_all(database.here.outbox) == ["c1-2-3"]


def test_what_is_dropped_can_be_said_after_all(database: Database, path: Path) -> None:
    write(database, post(), Post(where=Under("c1-2-0", CHANNEL), content=line()))
    drop(path, ["c1-2-0"], NOON)

    resend(path, ["c1-2-0"])

    assert say_all(database.here.outbox) == ["c1-2-0", "c1-2-1"]


def test_what_has_been_said_cannot_be_dropped(database: Database, path: Path) -> None:
    write(database, post())
    say_all(database.here.outbox)

    (result,) = drop(path, ["c1-2-0"], NOON)

    assert not result.done
    assert result.note == "has been said already, in C1: if it must go, delete it in Slack"
    assert states(database) == {"c1-2-0": "told"}


@pytest.mark.parametrize(
    ("minutes", "note"),
    [
        (0, "If it is on its way just now, it is said all the same."),  # its lane is being served
        (5, ""),
    ],
)
def test_whoever_drops_what_may_be_on_its_way_is_told(minutes: int, note: str, database: Database, path: Path) -> None:
    write(database, post())
    lease(database.here.outbox)

    assert drop(path, ["c1-2-0"], later(minutes=minutes)) == (Result("c1-2-0", True, note),)


def test_whoever_drops_a_card_is_told_that_nobody_sees_the_case(database: Database, path: Path) -> None:
    rows = [said("c1", 3, Post(where=In(CHANNEL), content=card()))]
    append(database.here.book, first_chapter("c1", asked(), handed_off(), said=rows))

    assert "Nobody sees a card of case c1 now" in drop(path, ["c1-3-0"], NOON)[0].note


# --- slips ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("c1-2-7", "did you mean c1-2-0?"),
        ("c1", "c1 is a case, not a row of the outbox: `tier1 outbox list --case c1`"),
        ("quite different", "`tier1 outbox list` lists what is due or parked"),
    ],
)
def test_an_id_that_there_is_not_changes_nothing_and_the_nearest_is_named(
    wrong: str, hint: str, database: Database, path: Path
) -> None:
    write(database, post(), post())
    park(database, "c1-2-0")
    before = database.rows("select * from outbox")

    with pytest.raises(StoreError, match=re.escape(hint)):
        resend(path, ["c1-2-0", wrong])
    with pytest.raises(StoreError, match=re.escape(hint)):
        drop(path, ["c1-2-0", wrong], NOON)
    assert database.rows("select * from outbox") == before


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.db"

    for attempt in (
        partial(list_rows, nowhere, NOON, states=["due"]),
        partial(resend, nowhere, None),
        partial(drop, nowhere, ["c1-2-0"], NOON),
    ):
        with pytest.raises(StoreDown, match=r"there is no database .*nowhere\.db"):
            attempt()
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_no_case_for_another_look(database: Database, path: Path) -> None:
    append(database.here.book, first_chapter("c1", asked(), answered(), said=[said("c1", 3, post())]))
    park(database, "c1-3-0")

    assert resend(path, ["c1-3-0"])[0].done
