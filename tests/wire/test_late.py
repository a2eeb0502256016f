"""What comes late, early or in another order than it was written: nothing is lost, nothing is said twice."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.messages import Message
from bot.sandbox.seed import BOT_USER
from tests.wire.house import CUSTOMER, DANA, HELP, LOBBY, QUEUES, House, Mode
from tests.wire.mail import Mail

pytestmark = pytest.mark.wire

FORGOT, VPN = "i forgot my password", "how do i connect to the vpn"
US = f"<@{BOT_USER}>"


def replies(house: House, message: Message) -> list[str]:
    root = None if message.channel.startswith("D") and not message.thread_ts else message.thread_ts or message.ts
    return [said.shown for said in house.from_bot(message.channel, root)]


def log(house: House) -> list[tuple[object, ...]]:
    return house.rows("select kind from events order by id")


# --- edits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["dm", "channel", "mention"])
def test_an_edit_that_overtakes_its_message_is_answered_and_the_message_is_not(house: House, where: str) -> None:
    mail = Mail(house)
    channel = {"dm": house.slack.dm(CUSTOMER), "channel": HELP, "mention": LOBBY}[where]
    us = f"{US} " if where == "mention" else ""
    before = mail.written(CUSTOMER, channel, f"{us}flurb")
    after = mail.edited(before, f"{us}{FORGOT}", seconds_later=20)

    mail.tell_of_edit(after, before)
    (answer,) = replies(house, after)
    heard = log(house)
    mail.tell(before)  # late
    mail.tell(before, "app_mention")
    mail.tell(after, "app_mention")
    mail.tell_of_edit(after, before)

    assert "Reset a forgotten" in answer
    assert replies(house, after) == [answer]
    assert log(house) == heard
    assert house.rows("select text from texts") == [(FORGOT,)]


def test_an_edit_of_a_message_that_was_heard_is_no_second_question(house: House) -> None:
    mail = Mail(house)
    before = mail.written(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)
    mail.tell(before)
    heard = log(house)

    mail.tell_of_edit(mail.edited(before, VPN, seconds_later=5), before)

    assert len(replies(house, before)) == 1
    assert log(house) == heard


def test_an_edit_of_a_message_of_long_ago_is_left_alone(house: House) -> None:
    mail = Mail(house)
    before = mail.written(CUSTOMER, house.slack.dm(CUSTOMER), "flurb", seconds_ago=3600)

    mail.tell_of_edit(mail.edited(before, FORGOT, seconds_later=3590), before)

    assert replies(house, before) == []


def test_a_link_that_unfolds_is_no_message(house: House) -> None:
    mail = Mail(house)
    before = mail.written(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)

    mail.tell_of_edit(before, before)

    assert log(house) == []
    mail.tell(before)
    assert len(replies(house, before)) == 1


def test_a_mention_that_is_added_by_editing_is_answered_once(house: House) -> None:
    ts = house.slack.say(CUSTOMER, LOBBY, FORGOT)
    house.quiet()
    assert house.from_bot(LOBBY, ts) == []

    house.slack.edit(CUSTOMER, LOBBY, ts, f"{US} {FORGOT}", raw=True)  # which comes as an edit and as an app_mention
    house.quiet()
    for delivery in house.slack.deliveries("app_mention") + house.slack.deliveries("message.message_changed"):
        house.slack.redeliver(delivery, new_event_id=True)
    house.quiet()

    (answer,) = house.from_bot(LOBBY, ts)
    assert "Reset a forgotten" in answer.shown
    assert house.rows("select count(*) from cases") == [(1,)]


# --- at the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def card(house: House) -> Message:
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.quiet()
    house.slack.press(DANA, QUEUES["tech"], house.cards()[0].ts, "Claim")
    house.quiet()
    return house.cards()[0]


def relayed(house: House) -> list[str]:
    return [said.shown for said in house.from_bot(house.slack.dm(CUSTOMER)) if "restart" in said.shown]


def test_a_specialists_edit_that_overtakes_the_reply_goes_to_the_customer_once(house: House, card: Message) -> None:
    mail = Mail(house)
    before = mail.written(DANA, QUEUES["tech"], f"{US} restart it", thread_ts=card.ts)
    after = mail.edited(before, f"{US} restart it twice", seconds_later=20)

    mail.tell_of_edit(after, before)
    heard = log(house)
    mail.tell(before)
    mail.tell(before, "app_mention")
    mail.tell_of_edit(after, before)

    (reply,) = relayed(house)
    assert "restart it twice" in reply
    assert log(house) == heard


def test_of_two_edits_in_the_wrong_order_the_customer_keeps_the_later(house: House, card: Message) -> None:
    mail = Mail(house)
    first = mail.written(DANA, QUEUES["tech"], f"{US} restart it", thread_ts=card.ts)
    second = mail.edited(first, f"{US} restart it twice", seconds_later=20)
    third = mail.edited(second, f"{US} restart it three times", seconds_later=40)

    mail.tell(first)
    mail.tell_of_edit(third, second)
    mail.tell_of_edit(second, first)

    (reply,) = relayed(house)
    assert "restart it three times" in reply


def test_a_mention_that_was_taken_back_before_we_heard_it_stays_a_note(house: House, card: Message) -> None:
    mail = Mail(house)
    before = mail.written(DANA, QUEUES["tech"], f"{US} restart it", thread_ts=card.ts)
    after = mail.edited(before, "restart it?", seconds_later=20)

    mail.tell_of_edit(after, before)
    mail.tell(before)

    assert relayed(house) == []
    assert log(house)[-1] == ("Noted",)


def test_a_reply_that_was_deleted_before_we_heard_it_never_reaches_the_customer(house: House, card: Message) -> None:
    mail = Mail(house)
    gone = mail.written(DANA, QUEUES["tech"], f"{US} restart it", thread_ts=card.ts)
    heard = log(house)

    mail.tell_of_deletion(gone)
    mail.tell(gone)

    assert relayed(house) == []
    assert log(house) == heard


def test_an_edit_that_comes_after_the_deletion_brings_nothing_back(house: House, card: Message) -> None:
    mail = Mail(house)
    before = mail.written(DANA, QUEUES["tech"], f"{US} restart it", thread_ts=card.ts)
    mail.tell(before)
    assert len(relayed(house)) == 1

    mail.tell_of_deletion(before)
    heard = log(house)
    mail.tell_of_edit(mail.edited(before, f"{US} restart it twice", seconds_later=20), before)
    mail.tell_of_deletion(before)

    assert relayed(house) == []
    assert log(house) == heard


# --- late -------------------------------------------------------------------------------------------------------------


def test_a_question_that_was_deleted_before_we_heard_it_is_not_answered(house: House) -> None:
    mail = Mail(house)
    gone = mail.written(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)

    mail.tell_of_deletion(gone)
    mail.tell(gone)

    assert replies(house, gone) == []
    assert log(house) == []


def test_of_two_messages_in_the_wrong_order_both_are_answered_and_the_log_has_them_as_they_came(house: House) -> None:
    mail = Mail(house)
    dm = house.slack.dm(CUSTOMER)
    first = mail.written(CUSTOMER, dm, "flurb")
    second = mail.written(CUSTOMER, dm, FORGOT)

    mail.tell(second)
    mail.tell(first)
    mail.tell(second)

    assert len(house.from_bot(dm)) == 2
    assert house.rows("select text from texts order by event") == [(FORGOT,), ("flurb",)]
    positions = [position for (position,) in house.rows("select position from events order by id")]
    assert positions == list(range(1, len(positions) + 1))


def test_a_message_that_is_an_hour_late_after_the_case_was_closed_is_answered(house: House) -> None:
    mail = Mail(house)
    dm = house.slack.dm(CUSTOMER)
    late = mail.written(CUSTOMER, dm, VPN, seconds_ago=3600)
    mail.tell(mail.written(CUSTOMER, dm, FORGOT))
    house.slack.press(CUSTOMER, dm, house.from_bot(dm)[0].ts, "That fixed it")
    house.quiet()
    said = len(house.from_bot(dm))

    mail.tell(late)
    mail.tell(late)

    assert [said.shown for said in house.from_bot(dm)[said:]] == [house.from_bot(dm)[-1].shown]
    assert "VPN" in house.from_bot(dm)[-1].shown
    assert house.rows("select state from cases order by opened_at") == [("closed",), ("open",)]


def test_a_message_that_is_an_hour_late_after_the_handoff_reaches_the_people(house: House, card: Message) -> None:
    mail = Mail(house)
    late = mail.written(CUSTOMER, house.slack.dm(CUSTOMER), VPN, seconds_ago=3600)
    said = len(house.from_bot(late.channel))

    mail.tell(late)
    mail.tell(late)

    thread = [m.shown for m in house.from_bot(QUEUES["tech"], card.ts) if VPN in m.shown]
    assert len(thread) == 1
    assert len(house.from_bot(late.channel)) == said


def test_a_press_on_a_card_that_has_moved_on_is_explained_and_changes_nothing(house: House, card: Message) -> None:
    as_it_was = house.slack.deliveries("block_actions")[-1]  # of *Claim*
    house.resolve(DANA, card)
    heard = log(house)

    press = as_it_was.payload
    Mail(house).send(press, "interaction")
    assert log(house) == heard  # the same press once more

    (action,) = press["actions"]
    Mail(house).send({**press, "actions": [{**action, "action_ts": "1764000100.123456"}]}, "interaction")
    house.wait(lambda: house.slack.ephemerals(DANA))

    assert log(house) == [*heard, ("Refused",)]
    assert house.rows("select state, outcome from cases") == [("closed", "resolved_by_human")]


def test_a_press_under_an_answer_of_a_case_that_people_have_by_now_is_kept(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, FORGOT)
    house.quiet()
    answer = house.from_bot(dm)[0]
    house.slack.say(CUSTOMER, dm, "talk to a human")
    house.quiet()

    house.slack.press(CUSTOMER, dm, answer.ts, "That fixed it")
    house.quiet()

    assert log(house)[-1] == ("Fixed",)
    assert house.rows("select state from cases") == [("handed_off",)]


# --- again ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost_ack", [False, True])
def test_what_was_stored_before_a_restart_is_not_handled_again_after_it(
    mode: Mode, tmp_path: Path, *, lost_ack: bool
) -> None:
    with House(tmp_path, mode, redelivery=(1.0, 1.0, 1.0, 1.0), ack_seconds=1) as house:
        dm = house.slack.dm(CUSTOMER)
        if lost_ack:
            house.slack.drop_acks(1)  # as if the process had died between the store and the acknowledgement
        house.slack.say(CUSTOMER, dm, FORGOT)
        house.wait(lambda: house.from_bot(dm))
        house.service.stop()
        heard = log(house)

        house.service = house.begin()
        for delivery in house.slack.deliveries("message"):
            if delivery.acked:
                house.slack.redeliver(delivery, new_event_id=True)
        house.slack.settled(20)
        house.quiet()

        assert len(house.from_bot(dm)) == 1
        assert log(house) == heard


def test_what_was_decided_and_could_not_be_stored_is_handled_once_when_it_comes_again(
    mode: Mode, tmp_path: Path
) -> None:
    with House(tmp_path, mode, redelivery=(0.5, 0.5, 1.0, 1.0), ack_seconds=6) as house:
        with closing(sqlite3.connect(house.database, isolation_level=None)) as other:
            other.execute("begin immediate")  # it can be read, and not written
            ts = house.slack.say(CUSTOMER, HELP, FORGOT)
            house.wait(lambda: house.slack.deliveries("message")[0].attempts, 15)
            other.execute("rollback")
        house.wait(lambda: house.from_bot(HELP, ts), 20)
        house.slack.settled(10)
        house.quiet()

        assert house.slack.deliveries("message")[0].attempts[0].failure
        assert len(house.from_bot(HELP, ts)) == 1
        assert log(house) == [("Opened",), ("Asked",), ("Answered",)]


def test_every_kind_of_repeat_of_a_mention_is_answered_once(house: House) -> None:
    ts = house.slack.say(CUSTOMER, LOBBY, f"{US} {FORGOT}", raw=True)
    house.quiet()
    heard = log(house)

    for delivery in house.slack.deliveries("message") + house.slack.deliveries("app_mention"):
        for new_id in (False, True):
            for retry in (False, True):
                house.slack.redeliver(delivery, new_event_id=new_id, retry_headers=retry)
    house.quiet()

    assert len(house.from_bot(LOBBY, ts)) == 1
    assert log(house) == heard


def test_a_command_and_a_press_that_come_again_count_once(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, FORGOT)
    house.quiet()
    house.slack.press(CUSTOMER, dm, house.from_bot(dm)[0].ts, "Still stuck")
    house.slack.command(CUSTOMER, HELP, "/tier1", VPN)
    house.quiet()
    house.wait(lambda: len(log(house)) > 4)
    house.quiet()
    heard = log(house)

    for delivery in house.slack.deliveries("block_actions") + house.slack.deliveries("/tier1"):
        Mail(house).send(json.loads(json.dumps(delivery.payload)), delivery.kind)

    assert log(house) == heard
