"""What every implementation of the outbox promises."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from bot.core.saying import (
    DirectTo,
    In,
    Line,
    Listing,
    Post,
    Publish,
    React,
    Said,
    Saying,
    Under,
    Update,
    Whisper,
    Withdraw,
)
from bot.ports import Landed, Lease, Outbox, Row
from tests.store.conftest import Database
from tests.store.samples import (
    ANA,
    CHANNEL,
    HOME,
    NOON,
    THREAD,
    answered,
    append,
    asked,
    chapter,
    claimed,
    first_chapter,
    handed_off,
    later,
    line,
    new_case,
    opened,
    post,
    released,
    said,
)

HALF_A_MINUTE = timedelta(seconds=30)
HERE = Landed(CHANNEL, "1700000001.000200", THREAD)


def write(database: Database, *sayings: Saying, case: str = "c1", at: datetime = NOON) -> list[str]:
    """Write down a case that says these things, and return their outbox ids."""
    place = replace(HOME, thread_ts=case)
    rows = [said(case, 2, saying, n) for n, saying in enumerate(sayings)]
    append(database.here.book, chapter(new_case(place), opened(case, place), asked(), said=rows), at=at)
    return [row.id for row in rows]


def lease(outbox: Outbox, lane: str = CHANNEL, *, holder: str = "me", now: datetime = NOON) -> Lease:
    taken = outbox.lease(lane, holder, now, HALF_A_MINUTE)
    assert taken
    return taken


def head(outbox: Outbox, lane: str = CHANNEL, *, holder: str = "me", now: datetime = NOON) -> Row | None:
    return outbox.next_row(lease(outbox, lane, holder=holder, now=now), now)


def first(outbox: Outbox, lane: str = CHANNEL, *, now: datetime = NOON) -> Row:
    row = head(outbox, lane, now=now)
    assert row
    return row


def say_all(outbox: Outbox, lane: str = CHANNEL, *, now: datetime = NOON) -> list[str]:
    """Say whatever can be said in the lane, and return the ids in the order they were said."""
    order: list[str] = []
    while row := head(outbox, lane, now=now):
        outbox.told(row, Landed(lane, f"{now.timestamp():.6f}{len(order)}", ""), now)
        order.append(row.said.id)
    return order


def state(database: Database, outbox: str) -> object:
    return next(row["state"] for row in database.rows("select id, state from outbox") if row["id"] == outbox)


# --- lanes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saying", "lane"),
    [
        (post(channel="C5"), "C5"),  # where it goes
        (Post(where=DirectTo(ANA), content=line()), f"@{ANA}"),  # the DM may not be open yet
        (Post(where=Under("c1-2-0", "C6"), content=line()), "C6"),  # the message above it may not be there yet
        (Update(outbox="c1-2-0", content=line(), channel="C7"), "C7"),
        (Update(outbox="c1-2-0", content=line()), CHANNEL),  # that of the message, where nobody says
        (Withdraw(outbox="c1-2-0", channel="C7"), "C7"),
        (Withdraw(outbox="c1-2-0"), CHANNEL),
        (React(channel="C8", ts=THREAD, name="eyes"), "C8"),
        (Whisper(channel="C9", user=ANA, content=Line("psst")), "C9"),
        (Publish(user=ANA, content=Listing("Hello")), f"home:{ANA}"),  # of its own, behind nothing that is said
    ],
)
def test_every_saying_has_its_lane(database: Database, saying: Saying, lane: str) -> None:
    write(database, post(), saying)

    lanes = {row["id"]: row["lane"] for row in database.rows("select id, lane from outbox")}
    assert lanes["c1-2-1"] == lane


def test_of_what_a_home_tab_is_to_show_only_the_newest_is_left(database: Database) -> None:
    sam = Publish(user="U2", content=Listing("Sam's"))
    write(database, Publish(user=ANA, content=Listing("old")), sam, Publish(user=ANA, content=Listing("new")))

    states = {row["id"]: (row["state"], row["error"]) for row in database.rows("select id, state, error from outbox")}
    assert states == {
        "c1-2-0": ("dropped", "replaced by c1-2-2"),
        "c1-2-1": ("due", None),
        "c1-2-2": ("due", None),
    }


def test_a_saying_comes_back_as_it_was_written(database: Database) -> None:
    saying = Post(where=In(CHANNEL, THREAD), content=line("Grüße 👋"), as_bot=True, report=True)
    write(database, saying)

    assert first(database.here.outbox) == Row(
        Said("c1-2-0", "c1", 2, saying),
        lane=CHANNEL,
        created_at=NOON,
        attempts=0,
        ambiguous=False,
        plain=False,
        owned_by_people=False,
    )


def test_lanes_are_due_while_there_is_something_to_say_in_them(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post(channel="CA"), post(channel="CB"))
    say_all(outbox, "CA")

    assert outbox.lanes_due(NOON) == ["CB"]


def test_lanes_with_urgent_rows_are_due_first_then_the_oldest(database: Database) -> None:
    write(database, post(channel="CA", urgent=False), post(channel="CB", urgent=False), post(channel="CC"))

    assert database.here.outbox.lanes_due(NOON) == ["CC", "CA", "CB"]


def test_a_lane_that_somebody_else_leased_is_not_due_until_the_lease_ends(database: Database) -> None:
    write(database, post())
    lease(database.program().outbox, holder="them")

    assert database.here.outbox.lanes_due(later(seconds=29)) == []
    assert database.here.outbox.lanes_due(later(seconds=30)) == [CHANNEL]


def test_our_own_lease_does_not_hide_a_lane_from_us(database: Database) -> None:
    write(database, post())
    lease(database.here.outbox)

    assert database.here.outbox.lanes_due(NOON) == [CHANNEL]


def test_all_is_said_once_nothing_waits_however_long_it_must(database: Database) -> None:
    outbox = database.here.outbox
    before = outbox.is_all_said()
    write(database, post(channel="CA"), post(channel="CB"))
    say_all(outbox, "CA")
    outbox.hold("CB", later(hours=1))
    held = outbox.is_all_said()
    say_all(outbox, "CB", now=later(hours=1))

    assert (before, held, outbox.is_all_said()) == (True, False, True)


# --- leases -----------------------------------------------------------------------------------------------------------


def test_a_lane_is_leased_to_one_holder_at_a_time(database: Database) -> None:
    mine, theirs = database.here.outbox, database.program().outbox
    taken = lease(mine, holder="me")

    assert taken == Lease(CHANNEL, "me", later(seconds=30), takeover=False)
    assert theirs.lease(CHANNEL, "them", later(seconds=29), HALF_A_MINUTE) is None
    assert theirs.lease("CB", "them", NOON, HALF_A_MINUTE) is not None


def test_of_two_who_want_a_lane_exactly_one_gets_it(database: Database) -> None:
    outboxes = [database.here.outbox, database.program().outbox]

    for lane in ("C1", "C2", "C3", "C4", "C5"):
        start = Barrier(2)

        def want(number: int, lane: str = lane, start: Barrier = start) -> Lease | None:
            start.wait()
            return outboxes[number].lease(lane, f"holder {number}", NOON, HALF_A_MINUTE)

        with ThreadPoolExecutor(2) as threads:
            taken = list(threads.map(want, (0, 1)))
        assert sum(one is not None for one in taken) == 1


def test_a_holder_renews_without_taking_over(database: Database) -> None:
    lease(database.here.outbox)

    assert lease(database.here.outbox, now=later(seconds=20)) == Lease(CHANNEL, "me", later(seconds=50), takeover=False)
    assert not lease(database.here.outbox, now=later(hours=1)).takeover  # late, but nobody else was here


def test_a_released_lane_is_free_at_once_and_nothing_in_it_is_doubted(database: Database) -> None:
    write(database, post())
    database.here.outbox.release(lease(database.here.outbox, holder="them"))

    taken = lease(database.here.outbox)

    assert not taken.takeover
    assert not first(database.here.outbox).ambiguous


def test_releasing_does_not_take_the_lane_from_its_next_holder(database: Database) -> None:
    outbox = database.here.outbox
    old = lease(outbox, holder="them")
    lease(outbox, holder="me", now=later(minutes=1))

    outbox.release(old)

    assert outbox.lease(CHANNEL, "a third", later(minutes=1), HALF_A_MINUTE) is None


def test_after_a_takeover_every_untold_post_may_be_in_slack_already(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post(), post(), post(channel="CB"), React(channel=CHANNEL, ts=THREAD, name="eyes"))
    row = head(outbox, holder="dead")
    assert row
    outbox.told(row, HERE, NOON)

    taken = lease(outbox, now=later(seconds=30))

    assert taken.takeover
    doubted = [row["id"] for row in database.rows("select id from outbox where ambiguous = 1")]
    assert doubted == ["c1-2-1"]  # told, in another lane, and harmless to repeat are the others
    assert first(outbox, now=later(seconds=30)).ambiguous


def test_what_is_written_after_a_takeover_is_not_doubted(database: Database) -> None:
    outbox = database.here.outbox
    lease(outbox, holder="dead")
    assert lease(outbox, now=later(seconds=30)).takeover

    write(database, post())

    assert not lease(outbox, now=later(seconds=31)).takeover
    assert not first(outbox, now=later(seconds=31)).ambiguous


def test_nothing_is_given_to_a_holder_whose_lease_is_over(database: Database) -> None:
    write(database, post())
    outbox = database.here.outbox
    old = lease(outbox, holder="slow")

    assert outbox.next_row(old, later(seconds=30)) is None
    lease(outbox, holder="me", now=later(seconds=30))
    assert outbox.next_row(old, later(seconds=31)) is None


# --- order ------------------------------------------------------------------------------------------------------------


def test_urgent_rows_come_first_then_the_oldest(database: Database) -> None:
    write(database, post("slow 1", urgent=False), post("slow 2", urgent=False), post("fast 1"), post("fast 2"))

    assert say_all(database.here.outbox) == ["c1-2-2", "c1-2-3", "c1-2-0", "c1-2-1"]


def test_the_order_is_that_of_writing_whatever_the_clock_said(database: Database) -> None:
    write(database, post(), case="late", at=later(hours=1))
    write(database, post(), case="early", at=NOON)

    assert say_all(database.here.outbox) == ["late-2-0", "early-2-0"]


def test_what_is_told_is_not_said_again(database: Database) -> None:
    write(database, post())
    row = first(database.here.outbox)

    database.here.outbox.told(row, HERE, NOON)

    assert head(database.here.outbox) is None
    assert database.here.outbox.landed("c1-2-0") == HERE


def test_telling_twice_keeps_the_first_place(database: Database) -> None:
    write(database, post())
    row = first(database.here.outbox)

    database.here.outbox.told(row, HERE, NOON)
    database.here.outbox.told(row, replace(HERE, ts="9.9"), NOON)

    assert database.here.outbox.landed("c1-2-0") == HERE


def test_where_something_untold_or_unknown_is_nobody_knows(database: Database) -> None:
    write(database, post())

    assert database.here.outbox.landed("c1-2-0") is None
    assert database.here.outbox.landed("nothing") is None


# --- waiting for another message --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "waiting",
    [
        Post(where=Under("c1-2-0", CHANNEL), content=line()),
        Update(outbox="c1-2-0", content=line(), channel=CHANNEL),
        React(channel=CHANNEL, ts=THREAD, name="eyes", after="c1-2-0"),
        Whisper(channel=CHANNEL, user=ANA, content=Line("see there"), link_to="c1-2-0"),
    ],
)
def test_what_names_a_message_waits_for_it_and_holds_nobody_up(database: Database, waiting: Saying) -> None:
    outbox = database.here.outbox
    write(database, post(channel="CB"), waiting, post())

    before = say_all(outbox)
    due_before = outbox.lanes_due(NOON)
    say_all(outbox, "CB")

    assert before == ["c1-2-2"]
    assert due_before == ["CB"]
    assert outbox.lanes_due(NOON) == [CHANNEL]
    assert say_all(outbox) == ["c1-2-1"]


def test_what_names_nothing_does_not_wait(database: Database) -> None:
    whisper = Whisper(channel=CHANNEL, user=ANA, content=Line("psst"))
    write(database, React(channel=CHANNEL, ts=THREAD, name="eyes"), whisper)

    assert say_all(database.here.outbox) == ["c1-2-0", "c1-2-1"]


@pytest.mark.parametrize("given_up", ["parked", "dropped"])
def test_what_waits_shares_the_fate_of_what_it_waits_for(database: Database, given_up: str) -> None:
    outbox = database.here.outbox
    write(
        database,
        post(),
        Post(where=Under("c1-2-0", "CB"), content=line()),
        Post(where=Under("c1-2-1", "CB"), content=line()),  # waits for what waits
        post(channel="CB"),
    )
    row = first(outbox)

    if given_up == "parked":
        outbox.park(row, "is_archived")
    else:
        outbox.drop(row, "nobody needs it")

    assert [row["state"] for row in database.rows("select state from outbox order by seq")] == [given_up] * 3 + ["due"]
    assert all(row["error"] for row in database.rows(f"select error from outbox where state = '{given_up}'"))


def test_what_is_written_too_late_shares_the_fate_as_well(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post())
    outbox.park(first(outbox), "is_archived")

    write(database, Post(where=Under("c1-2-0", "CB"), content=line()), case="c2")

    assert state(database, "c2-2-0") == "parked"


def test_what_names_a_message_that_was_never_written_is_parked_for_people_to_see(database: Database) -> None:
    write(database, Update(outbox="nothing", content=line(), channel=CHANNEL))

    [row] = database.rows("select state, error from outbox")
    assert row == {"state": "parked", "error": "nothing is not in the outbox"}


def test_a_message_may_be_named_before_it_is_written(database: Database) -> None:
    write(database, Post(where=Under("c1-2-1", CHANNEL), content=line()), post())

    assert say_all(database.here.outbox) == ["c1-2-1", "c1-2-0"]


# --- one update is enough ---------------------------------------------------------------------------------------------


def update(outbox: str, text: str = "new") -> Update:
    return Update(outbox=outbox, content=line(text), channel=CHANNEL)


def test_an_untold_update_makes_room_for_a_newer_one(database: Database) -> None:
    write(database, post(), post(), update("c1-2-0", "1"), update("c1-2-1", "other"))
    write(database, update("c1-2-0", "2"), case="c2")
    write(database, update("c1-2-0", "3"), case="c3")

    assert say_all(database.here.outbox) == ["c1-2-0", "c1-2-1", "c1-2-3", "c3-2-0"]
    assert state(database, "c2-2-0") == "dropped"


def test_a_told_update_stays_told(database: Database) -> None:
    write(database, post(), update("c1-2-0"))
    say_all(database.here.outbox)

    write(database, update("c1-2-0"), case="c2")

    assert state(database, "c1-2-1") == "told"
    assert say_all(database.here.outbox) == ["c2-2-0"]


def test_what_is_withdrawn_before_it_was_said_is_never_said(database: Database) -> None:
    write(database, post(), update("c1-2-0"), Withdraw(outbox="c1-2-0", channel=CHANNEL))

    assert say_all(database.here.outbox) == []
    assert [state(database, f"c1-2-{n}") for n in range(3)] == ["dropped", "dropped", "dropped"]


def test_what_may_be_on_its_way_is_said_and_then_withdrawn_and_nobody_updates_it(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post(), update("c1-2-0"))
    held = lease(outbox)
    write(database, Withdraw(outbox="c1-2-0", channel=CHANNEL), case="c2")
    outbox.release(held)

    assert say_all(outbox) == ["c1-2-0", "c2-2-0"]


def test_an_update_that_was_replaced_while_on_its_way_is_told_all_the_same(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post(), update("c1-2-0"))
    outbox.told(first(outbox), HERE, NOON)
    on_its_way = first(outbox)
    write(database, update("c1-2-0"), case="c2")

    outbox.failed(on_its_way, "timeout", later(seconds=5), ambiguous=True)
    assert state(database, "c1-2-1") == "dropped"  # a retry would undo the newer one
    outbox.told(on_its_way, None, NOON)
    assert state(database, "c1-2-1") == "told"


def test_an_update_that_is_named_itself_stands_for_the_message_it_changed(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post("sorry?"), update("c1-2-0", "the answer"))
    write(database, update("c1-2-1", "the answer, and it helped"), case="c2")

    assert state(database, "c1-2-1") == "dropped"
    outbox.told(first(outbox), HERE, NOON)
    assert outbox.landed("c1-2-1") == HERE
    assert say_all(outbox) == ["c2-2-0"]


# --- when it does not work --------------------------------------------------------------------------------------------


def test_a_held_lane_says_nothing_before_its_time(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post(), post(channel="CB"))

    outbox.hold(CHANNEL, later(seconds=10))

    assert head(outbox, now=later(seconds=9)) is None
    assert outbox.lanes_due(later(seconds=9)) == ["CB"]
    assert head(outbox, now=later(seconds=10)) is not None
    assert outbox.lanes_due(later(seconds=10)) == [CHANNEL, "CB"]


def test_the_longer_of_two_holds_counts_and_leasing_does_not_end_it(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post())

    outbox.hold(CHANNEL, later(seconds=10))
    outbox.hold(CHANNEL, later(seconds=5))
    outbox.release(lease(outbox))

    assert head(outbox, now=later(seconds=9)) is None


def test_a_row_that_failed_waits_and_so_does_what_is_behind_it(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post("1"), post("2"), post("slow", urgent=False), post("elsewhere", channel="CB"))

    outbox.failed(first(outbox), "timeout", later(seconds=10), ambiguous=False)

    assert head(outbox, now=later(seconds=9)) is None
    assert outbox.lanes_due(later(seconds=9)) == ["CB"]
    row = first(outbox, now=later(seconds=10))
    assert (row.said.id, row.attempts, row.ambiguous) == ("c1-2-0", 1, False)


def test_urgent_rows_overtake_a_slow_one_that_waits(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post("slow", urgent=False))
    outbox.failed(first(outbox), "timeout", later(seconds=10), ambiguous=False)

    write(database, post("urgent"), case="c2")

    assert first(outbox, now=later(seconds=1)).said.id == "c2-2-0"


def test_a_failure_says_whether_the_post_may_be_there(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post())

    outbox.failed(first(outbox), "timeout", NOON, ambiguous=True)
    doubted = first(outbox).ambiguous
    outbox.failed(first(outbox), "connection refused", NOON, ambiguous=False)

    assert (doubted, first(outbox).ambiguous) == (True, False)
    assert first(outbox).attempts == 2


def test_only_posts_are_ever_in_doubt(database: Database) -> None:
    outbox = database.here.outbox
    write(database, React(channel=CHANNEL, ts=THREAD, name="eyes"))

    outbox.failed(first(outbox), "timeout", NOON, ambiguous=True)

    assert not first(outbox).ambiguous


def test_a_refused_row_is_said_again_as_plain_text_and_keeps_its_place(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post("1"), post("2"))

    outbox.again_plain(first(outbox), "invalid_blocks")

    row = first(outbox)
    assert (row.said.id, row.plain, row.attempts, row.ambiguous) == ("c1-2-0", True, 1, False)


@pytest.mark.parametrize(
    ("give_up", "state_then"),
    [
        (lambda outbox, row: outbox.park(row, "msg_too_long"), "parked"),  # for people to look at
        (lambda outbox, row: outbox.drop(row, "a person owns the case"), "dropped"),
    ],
)
def test_what_is_given_up_lets_the_next_pass(
    database: Database, give_up: Callable[[Outbox, Row], None], state_then: str
) -> None:
    outbox = database.here.outbox
    write(database, post("1"), post("2"))

    give_up(outbox, first(outbox))

    assert state(database, "c1-2-0") == state_then
    assert first(outbox).said.id == "c1-2-1"


def test_a_whisper_is_told_before_it_is_sent_and_never_sent_twice(database: Database) -> None:
    outbox = database.here.outbox
    write(database, Whisper(channel=CHANNEL, user=ANA, content=Line("psst")))
    row = first(outbox)

    outbox.told(row, None, NOON)
    outbox.failed(row, "timeout", NOON, ambiguous=True)
    assert head(outbox) is None
    outbox.park(row, "user_not_in_channel")

    assert state(database, "c1-2-0") == "parked"


def test_what_is_in_slack_is_not_given_up(database: Database) -> None:
    outbox = database.here.outbox
    write(database, post(), Post(where=Under("c1-2-0", CHANNEL), content=line()))
    row = first(outbox)
    outbox.told(row, HERE, NOON)

    outbox.park(row, "too late")

    assert [state(database, "c1-2-0"), state(database, "c1-2-1")] == ["told", "due"]


def test_a_row_may_change_lanes(database: Database) -> None:
    outbox = database.here.outbox
    write(database, Post(where=DirectTo(ANA), content=line()))

    outbox.relane(first(outbox, f"@{ANA}"), "D1")

    assert head(outbox, f"@{ANA}") is None
    assert first(outbox, "D1").lane == "D1"


def test_what_waits_in_a_lane_and_what_comes_later_follow_to_where_it_leads(database: Database) -> None:
    outbox = database.here.outbox
    write(database, Post(where=DirectTo(ANA), content=line()), Post(where=DirectTo(ANA), content=line()))

    outbox.relane(first(outbox, f"@{ANA}"), "D1")
    write(database, Post(where=In("D1"), content=line()), Post(where=DirectTo(ANA), content=line()), case="c2")

    assert head(outbox, f"@{ANA}") is None
    assert say_all(outbox, "D1") == ["c1-2-0", "c1-2-1", "c2-2-0", "c2-2-1"]


# --- who owns the case ------------------------------------------------------------------------------------------------


def test_a_row_says_whether_people_own_its_case_now(database: Database) -> None:
    book, outbox = database.here.book, database.here.outbox
    case = append(book, first_chapter("c1", answered(), said=[said("c1", 2, post())]))
    owned = [first(outbox).owned_by_people]
    for event in (handed_off(), claimed(), released()):
        case = append(book, chapter(case, event))
        owned.append(first(outbox).owned_by_people)

    assert owned == [False, True, True, False]


def test_nobody_owns_what_is_said_outside_any_case(database: Database) -> None:
    append(database.here.book, chapter(new_case(), said=[said("x1", 1, post())]))

    row = first(database.here.outbox)
    assert (row.said.id, row.said.case, row.owned_by_people) == ("x1-1-0", "", False)
