"""What every implementation of the store does with what is still to be said in a thread that is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.case import Case
from bot.core.events import BOT, ThreadLost
from bot.core.saying import DirectTo, In, Post, Redirect, Said, Saying, Under, Update, Where
from bot.ports import Landed, Outbox, Row
from tests.store.conftest import Database
from tests.store.samples import (
    ANA,
    CHANNEL,
    HOME,
    NOON,
    THREAD,
    append,
    asked,
    chapter,
    later,
    line,
    new_case,
    opened,
    post,
    said,
)
from tests.store.test_outbox import HALF_A_MINUTE, first, head, say_all, state

THERE = In(CHANNEL, THREAD)
DM = f"@{ANA}"
ROOT = "c1-3-0"
UNDER = Under(ROOT, DM)
CARD = Under("c1-2-0", "C9")


def begin(database: Database, *sayings: Saying, case: str = "c1") -> Case:
    """A case that has these things to say."""
    place = HOME if case == "c1" else replace(HOME, thread_ts=case)
    rows = [said(case, 2, saying, n) for n, saying in enumerate(sayings)]
    return append(database.here.book, chapter(new_case(place), opened(case, place), asked(), said=rows))


def lose(
    database: Database, case: Case, found: str, to: Where | None = UNDER, *, was: Where = THERE, root: bool = True
) -> Case:
    """The desk hears that the thread is gone: a root in the DM, and the rest beneath it."""
    lost = ThreadLost(at=NOON, actor=BOT, outbox=found, where=was, afresh=root)
    rows = [Said(ROOT, "c1", 3, Post(where=DirectTo(ANA), content=line("You asked")))] if root else []
    redirects = (Redirect("c1", found, (was,), to),)
    return append(database.here.book, replace(chapter(case, lost, said=rows), redirects=redirects), at=later(seconds=1))


def lanes(database: Database) -> dict[object, object]:
    return {row["id"]: row["lane"] for row in database.rows("select id, lane from outbox")}


def ambiguous(outbox: Outbox, row: Row) -> None:
    outbox.failed(row, "TimeoutError", NOON, ambiguous=True)


def test_all_that_waits_in_a_lost_thread_is_said_beneath_the_new_root_in_order_and_under_its_own_id(
    database: Database,
) -> None:
    case = begin(database, post("the answer"), post("the notice"))
    ambiguous(database.here.outbox, first(database.here.outbox))  # the one that found it out

    lose(database, case, "c1-2-0")

    assert say_all(database.here.outbox) == []
    assert say_all(database.here.outbox, DM, now=later(seconds=2)) == [ROOT, "c1-2-0", "c1-2-1"]


def test_a_redirected_post_keeps_what_it_says_and_is_not_doubted_any_more(database: Database) -> None:
    saying = Post(where=THERE, content=line("Grüße"), as_bot=True, urgent=False)
    case = begin(database, saying)
    ambiguous(database.here.outbox, first(database.here.outbox))

    lose(database, case, "c1-2-0")
    database.here.outbox.told(first(database.here.outbox, DM), Landed("D1", "9.1", "9.1"), NOON)

    row = first(database.here.outbox, DM)
    assert row.said == Said("c1-2-0", "c1", 2, replace(saying, where=UNDER))
    assert (row.ambiguous, row.attempts) == (False, 0)


def test_what_may_stand_in_the_old_place_already_is_left_to_be_looked_for(database: Database) -> None:
    outbox = database.here.outbox
    case = begin(database, post("one"), post("two"))
    outbox.lease(CHANNEL, "a process that dies", NOON, HALF_A_MINUTE)
    assert head(outbox, holder="its successor", now=later(seconds=31))

    lose(database, case, "c1-2-0")

    assert lanes(database) == {"c1-2-0": DM, "c1-2-1": CHANNEL, ROOT: DM}


@pytest.mark.parametrize(
    "other",
    [
        post(channel="C5"),  # another place
        Post(where=In(CHANNEL), content=line()),  # the channel's root
        Update(outbox="c1-2-0", content=line(), channel=CHANNEL),  # of a message, wherever that is
    ],
)
def test_what_waits_elsewhere_stays_where_it_is(database: Database, other: Saying) -> None:
    case = begin(database, post(), other)
    before = lanes(database)["c1-2-1"]

    lose(database, case, "c1-2-0")

    assert lanes(database)["c1-2-1"] == before


def test_other_cases_in_the_same_thread_find_out_for_themselves(database: Database) -> None:
    case = begin(database, post())
    begin(database, post(), case="c2")

    lose(database, case, "c1-2-0")

    assert lanes(database)["c2-2-0"] == CHANNEL


def test_what_is_said_already_is_not_said_again(database: Database) -> None:
    case = begin(database, post("said"), post("not yet"))
    outbox = database.here.outbox
    outbox.told(first(outbox), Landed(CHANNEL, "5.5", THREAD), NOON)

    lose(database, case, "c1-2-1")

    assert say_all(outbox, DM, now=later(seconds=2)) == [ROOT, "c1-2-1"]


def test_what_waited_beneath_a_lost_card_is_never_said(database: Database) -> None:
    outbox = database.here.outbox
    case = begin(database, Post(where=In("C9"), content=line("card")), Post(where=CARD, content=line()))
    outbox.told(first(outbox, "C9"), Landed("C9", "7.1", "7.1"), NOON)

    lose(database, case, "c1-2-1", None, was=CARD, root=False)

    assert state(database, "c1-2-1") == "dropped"
    assert state(database, "c1-2-0") == "told"


def test_what_was_parked_before_the_desk_could_decide_is_said_after_all(database: Database) -> None:
    outbox = database.here.outbox
    case = begin(database, post("found out"), post("given up for another reason"))
    assert outbox.park(first(outbox), "thread_gone")
    assert outbox.park(first(outbox), "msg_too_long")

    lose(database, case, "c1-2-0")

    assert say_all(outbox, DM, now=later(seconds=2)) == [ROOT, "c1-2-0"]
    assert state(database, "c1-2-1") == "parked"


def test_what_has_been_redirected_is_not_parked_by_whoever_found_its_thread_gone(database: Database) -> None:
    outbox = database.here.outbox
    case = begin(database, post())
    row = first(outbox)

    lose(database, case, "c1-2-0")

    assert not outbox.park(row, "thread_gone")
    assert state(database, "c1-2-0") == "due"


def test_what_is_settled_is_not_parked(database: Database) -> None:
    outbox = database.here.outbox
    begin(database, post())
    row = first(outbox)
    outbox.told(row, Landed(CHANNEL, "5.5", THREAD), NOON)

    assert not outbox.park(row, "thread_gone")


def test_a_redirected_message_is_found_where_it_landed(database: Database) -> None:
    outbox = database.here.outbox
    case = begin(database, post(), Update(outbox="c1-2-0", content=line("changed"), channel=CHANNEL))
    lose(database, case, "c1-2-0")
    outbox.told(first(outbox, DM), Landed("D1", "9.1", "9.1"), NOON)

    outbox.told(first(outbox, DM), Landed("D1", "9.2", "9.1"), NOON)

    assert outbox.landed("c1-2-0") == Landed("D1", "9.2", "9.1")
    assert first(outbox).said.id == "c1-2-1"


# --- a change whose message is gone -----------------------------------------------------------------------------------


def test_a_change_that_is_said_anew_is_a_message_of_its_own_and_may_be_changed_as_one(database: Database) -> None:
    outbox = database.here.outbox
    case = begin(database, post("what do you mean?"), Update(outbox="c1-2-0", content=line("aha"), channel=CHANNEL))
    outbox.told(first(outbox), Landed(CHANNEL, "5.1", THREAD), NOON)
    row = first(outbox)

    outbox.post_instead(row, post("aha"))
    ambiguous(outbox, first(outbox))

    assert first(outbox).ambiguous  # so that it is looked for, as any post is
    outbox.told(first(outbox), Landed(CHANNEL, "5.2", THREAD), NOON)
    assert outbox.landed("c1-2-1") == Landed(CHANNEL, "5.2", THREAD)
    pressed = chapter(case, asked(), said=[said("c1", 3, Update(outbox="c1-2-1", content=line("fixed")))])
    append(database.here.book, pressed)
    assert database.rows("select depends_on from outbox where id = 'c1-3-0'") == [{"depends_on": "c1-2-1"}]
