"""Every message is handled once, whatever Slack delivers, and in whatever order."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.sandbox.seed import BOT_USER
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, EMIL, HELP, LOBBY, QUEUES, ROBOT, House, Mode

pytestmark = pytest.mark.wire


def test_the_same_event_five_times_gives_one_reply_and_one_case(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.quiet()

    for again in range(5):
        house.slack.redeliver(new_event_id=again % 2 == 0, retry_headers=again % 3 == 0)
    house.quiet()

    assert len(house.from_bot(dm)) == 1
    assert house.rows("select count(*) from cases") == [(1,)]


def test_a_mention_that_comes_as_message_and_as_app_mention_is_answered_once(house: House) -> None:
    ts = house.slack.say(CUSTOMER, LOBBY, f"<@{BOT_USER}> i forgot my password", raw=True)
    house.quiet()

    assert {d.name for d in house.slack.deliveries()} >= {"message", "app_mention"}
    assert len(house.from_bot(LOBBY, ts)) == 1


def test_a_delivery_whose_acknowledgement_got_lost_is_delivered_again_and_handled_once(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.drop_acks(1)
    house.slack.say(CUSTOMER, dm, "flurb")
    house.wait(lambda: len(house.slack.deliveries("message")[0].attempts) > 1)
    house.quiet()

    assert len(house.from_bot(dm)) == 1


def test_a_retry_whose_first_delivery_was_lost_is_handled(tmp_path: Path) -> None:
    with House(tmp_path, redelivery=(2.0, 2.0, 2.0)) as house:
        house.service.stop()
        dm = house.slack.dm(CUSTOMER)
        house.slack.say(CUSTOMER, dm, "i forgot my password")
        house.service = house.begin()
        house.wait(lambda: house.from_bot(dm))

        assert "Reset a forgotten" in house.from_bot(dm)[0].shown


def test_a_button_pressed_twice_at_once_counts_once_in_the_view_and_twice_in_the_log(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.quiet()
    answer = house.from_bot(dm)[0]

    for _ in range(2):
        house.slack.press(CUSTOMER, dm, answer.ts, "That fixed it")
    house.quiet()

    assert house.rows("select said from feedback") == [("fixed",)]
    assert house.rows("select count(*) from events where kind = 'Fixed'") == [(2,)]
    assert house.rows("select outcome from cases") == [("resolved_by_bot",)]


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(house: House) -> None:
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.quiet()
    card = house.cards()[0]
    both = threading.Barrier(2)

    def claim(who: str) -> None:
        both.wait()
        house.slack.press(who, QUEUES["tech"], card.ts, "Claim")

    threads = [threading.Thread(target=claim, args=(who,)) for who in (DANA, EMIL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    house.quiet()

    house.wait(lambda: house.slack.ephemerals(DANA) + house.slack.ephemerals(EMIL))
    (told,) = house.slack.ephemerals(DANA) + house.slack.ephemerals(EMIL)
    (owner,) = house.rows("select owner from cases")[0]
    name = {DANA: "Dana Reyes", EMIL: "Emil Okafor"}[str(owner)]
    assert f"Taken by {name} 0 s ago" in told.shown
    told_customer = [m for m in house.from_bot(house.slack.dm(CUSTOMER)) if "has your case now" in m.shown]
    assert len(told_customer) == 1


def test_many_people_at_once_get_one_answer_each_in_their_own_thread(house: House) -> None:
    asked = {
        who: house.slack.say(who, HELP, "how do i connect to the vpn") for who in (CUSTOMER, COLLEAGUE, DANA, EMIL)
    }
    house.quiet()

    assert [len(house.from_bot(HELP, ts)) for ts in asked.values()] == [1, 1, 1, 1]
    assert house.from_bot(HELP) == []  # and nothing at the channel's root


def test_the_bot_ignores_itself_and_other_bots(house: House) -> None:
    ts = house.slack.say(ROBOT, HELP, f"<@{BOT_USER}> i forgot my password", raw=True)
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.quiet()

    assert house.from_bot(HELP, ts) == []
    assert len(house.from_bot(dm)) == 1  # its own answer came back as an event, and led to nothing
    assert house.rows("select count(*) from cases") == [(1,)]


def test_two_processes_on_one_database_answer_once(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        second = house.begin()
        dm = house.slack.dm(CUSTOMER)
        for number in range(4):
            house.slack.say(CUSTOMER, dm, "how do i connect to the vpn")
            for _ in range(3):
                house.slack.redeliver(new_event_id=True)
            house.quiet()
            assert len(house.from_bot(dm)) == number + 1
        second.stop()


@pytest.mark.parametrize("mode", ["socket"])
def test_in_a_thread_a_reply_that_comes_before_its_root_is_still_one_question(mode: Mode, tmp_path: Path) -> None:
    with House(tmp_path, mode) as house:
        root = house.slack.say(COLLEAGUE, LOBBY, "my day was fine")
        house.slack.say(CUSTOMER, LOBBY, f"<@{BOT_USER}> i forgot my password", thread_ts=root, raw=True)
        house.slack.redeliver(new_event_id=True)
        house.quiet()

        assert len(house.from_bot(LOBBY, root)) == 1


def test_still_stuck_pressed_twice_is_one_failed_attempt_and_one_menu(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.quiet()
    answer = house.from_bot(dm)[0]

    for _ in range(2):
        house.slack.press(CUSTOMER, dm, answer.ts, "Still stuck")
    house.quiet()
    menu = house.from_bot(dm)[-1]
    for _ in range(2):
        house.slack.press(CUSTOMER, dm, menu.ts, "It did not work")
    house.quiet()

    assert len(house.from_bot(dm)) == 3  # the answer, the menu, and one word of thanks
    assert house.rows("select state from cases") == [("open",)]
    assert house.rows("select count(*) from events where kind = 'StillStuck'") == [(2,)]
    assert house.rows("select said from feedback") == [("did_not_work",)]


def test_the_wish_for_a_person_under_an_earlier_answer_is_about_the_case_that_is_open_now(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    for _ in range(4):  # a long case, whose last message stands further on in its log than the next case goes
        house.slack.say(CUSTOMER, dm, "i forgot my password")
        house.quiet()
    last_answer = house.from_bot(dm)[-1]
    house.slack.say(CUSTOMER, dm, "how do i connect to the vpn")
    house.quiet()

    house.slack.press(CUSTOMER, dm, last_answer.ts, "Talk to a person")
    house.quiet()

    assert "how do i connect to the vpn" in house.cards("product")[0].shown
