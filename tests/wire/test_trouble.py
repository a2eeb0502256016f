"""Trouble with Slack's refusals and with ourselves: never silence, never twice, never an exception's text."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.tier1 import answering
from tests.wire.house import CUSTOMER, DANA, OPS, QUEUES, House

pytestmark = pytest.mark.wire


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, redelivery=(0.5, 1.0, 1.0), ack_seconds=6) as running:
        yield running


def test_blocks_that_slack_rejects_become_plain_text_with_the_way_to_a_person(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.fail_next("chat.postMessage", "invalid_blocks")

    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.quiet()

    (said,) = house.from_bot(dm)
    assert "Forgot password" in said.shown
    assert "talk to a person" in said.shown


def test_what_slack_rejects_for_good_is_told_to_the_operators_with_the_case(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.fail_next("chat.postMessage", "invalid_blocks", times=2)

    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.wait(lambda: house.from_bot(OPS))

    (case,) = house.rows("select id from cases")[0]
    assert str(case) in house.from_bot(OPS)[0].shown
    assert "i forgot my password" not in house.from_bot(OPS)[0].shown


def test_a_channel_that_cannot_be_reached_gives_way_to_the_queues_fallback(house: House) -> None:
    house.slack.fail_next("chat.postMessage", "is_archived")

    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.quiet()

    notice = [m for m in house.from_bot(house.slack.dm(CUSTOMER)) if "bringing in" in m.shown]
    reached = [queue for queue in QUEUES if house.cards(queue)]
    # Whichever of the two posts met the failure, nothing is lost: the card stands in one queue, once.
    assert len(reached) == 1
    assert len(house.cards(reached[0])) == 1
    assert len(notice) <= 1


def test_too_many_requests_delay_one_answer_and_lose_none(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.fail_next("chat.postMessage", "ratelimited", retry_after=1)

    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.quiet()

    assert len(house.from_bot(dm)) == 1
    assert [call.answer.get("ok") for call in house.slack.calls("chat.postMessage")] == [False, True]


def test_a_message_that_cannot_be_decided_is_kept_and_decided_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    dm = house.slack.dm(CUSTOMER)
    with monkeypatch.context() as broken:
        broken.setattr(answering, "triggered", _broken)
        house.slack.say(CUSTOMER, dm, "i forgot my password")
        house.slack.settled()
        assert house.rows("select kind from events order by position") == [("Opened",), ("Heard",)]
        assert house.from_bot(dm) == []
    house.wait(lambda: house.from_bot(dm), 12)

    assert "Reset a forgotten" in house.from_bot(dm)[0].shown
    assert house.rows("select kind from events where kind = 'Settled'") == [("Settled",)]


def test_after_three_failures_people_get_it_with_one_plain_line(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.desk.AGAIN_AFTER", house.service._desk._clock() - house.service._desk._clock())
    monkeypatch.setattr(answering, "triggered", _broken)
    dm = house.slack.dm(CUSTOMER)

    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.wait(house.cards, 15)
    house.quiet()

    (said,) = house.from_bot(dm)
    assert "Something went wrong on my side" in said.shown
    assert "kaputt" not in said.shown
    assert house.rows("select reason, state from cases") == [("error", "handed_off")]
    assert "i forgot my password" in house.cards()[0].shown
    (case,) = house.rows("select id from cases")[0]
    assert any(str(case) in alert.shown for alert in house.from_bot(OPS))


def test_a_reply_that_does_not_reach_the_customer_is_marked_and_explained(house: House) -> None:
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.quiet()
    card = house.cards()[0]
    house.slack.press(DANA, QUEUES["tech"], card.ts, "Claim")
    house.quiet()
    house.slack.fail_next("chat.postMessage", "user_disabled")

    ts = house.slack.say(DANA, QUEUES["tech"], "@tier1 please restart it", thread_ts=card.ts)
    house.quiet()

    thread = house.slack.messages(QUEUES["tech"], card.ts)
    assert "warning" in next(m.reactions for m in thread if m.ts == ts)
    assert any("did not reach the customer" in m.shown for m in thread)


def test_a_file_of_the_database_is_for_its_owner_only(house: House) -> None:
    assert stat.S_IMODE(house.database.stat().st_mode) == 0o600


def _broken(*_: object) -> frozenset[str]:
    raise RuntimeError("kaputt")


def test_a_command_that_cannot_be_decided_is_kept_and_answered_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    dm = house.slack.dm(CUSTOMER)
    with monkeypatch.context() as broken:
        broken.setattr(answering, "triggered", _broken)
        house.slack.command(CUSTOMER, dm, "/tier1", "i forgot my password")
        house.wait(lambda: house.from_bot(dm))
    root = house.from_bot(dm)[0]
    house.wait(lambda: house.from_bot(dm, root.ts), 12)

    assert "i forgot my password" in root.shown
    assert "Reset a forgotten" in house.from_bot(dm, root.ts)[0].shown
    assert house.rows("select count(*) from cases") == [(1,)]


def test_methods_that_slack_does_not_know_cost_no_answer(house: House) -> None:
    for method in ("users.info", "reactions.add", "chat.getPermalink", "usergroups.users.list", "chat.postEphemeral"):
        house.slack.fail_next(method, "unknown_method", times=99)
    dm = house.slack.dm(CUSTOMER)

    for text in ("i forgot my password", "talk to a human", "are you there?"):
        house.slack.say(CUSTOMER, dm, text)
        house.quiet()

    assert len(house.from_bot(dm)) == 2
    assert len(house.cards()) == 1
    assert any("are you there?" in m.shown for m in house.slack.messages(QUEUES["tech"], house.cards()[0].ts))


def test_an_answer_that_slack_took_but_did_not_confirm_is_said_once(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.fail_next("chat.postMessage", "internal_error", status=500, after=True)

    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.slack.wait_for(lambda: not house.rows("select 1 from outbox where state = 'due'") and house.from_bot(dm), 30)

    assert len(house.from_bot(dm)) == 1
    assert house.slack.calls("conversations.history")


def test_when_no_channel_can_be_reached_the_customer_and_the_operators_are_told(house: House) -> None:
    for channel in (QUEUES["tech"], QUEUES["care"]):
        house.slack.archive(channel)

    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.wait(lambda: [m for m in house.from_bot(OPS) if "New handoff" in m.shown])
    house.quiet()

    (case,) = house.rows("select id from cases")[0]
    assert any(str(case) in m.shown for m in house.from_bot(OPS))
    assert "can't reach" in house.from_bot(house.slack.dm(CUSTOMER))[-1].shown


def test_an_answer_whose_place_is_gone_is_said_anew(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "flurb")
    house.quiet()
    house.slack.fail_next("chat.update", "message_not_found")
    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.quiet()

    assert "Reset a forgotten" in house.from_bot(dm)[-1].shown


def test_a_reply_that_is_deleted_before_it_could_be_said_is_never_said(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "talk to a human")
    house.quiet()
    card = house.cards()[0]
    house.slack.press(DANA, QUEUES["tech"], card.ts, "Claim")
    house.quiet()
    house.slack.fail_next("chat.postMessage", "ratelimited", retry_after=2)
    posts = len(house.slack.calls("chat.postMessage"))

    ts = house.slack.say(DANA, QUEUES["tech"], "@tier1 oops wrong", thread_ts=card.ts)
    house.wait(lambda: len(house.slack.calls("chat.postMessage")) > posts)
    house.wait(lambda: house.rows("select 1 from lanes where held_until is not null and holder is null"))
    house.slack.delete(DANA, QUEUES["tech"], ts)
    house.quiet()

    assert not [call for call in house.slack.calls("chat.postMessage")[posts:] if call.answer.get("ok")]
    assert not [m for m in house.slack.messages(dm, deleted=True) if "oops" in m.shown]
