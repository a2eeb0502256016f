"""Replies beneath a message of ours that is in Slack, while we do not know yet that it is: nobody's words go astray."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.house import CUSTOMER, DANA, QUEUES, House, Mode

pytestmark = [pytest.mark.wire, pytest.mark.long]

# The courier looks after its request's time-out and five seconds. Slack repeats an event after 1 s, 1 min and 5 min.
REPEATS = (1.0, 20.0, 20.0)


@pytest.fixture
def house(mode: Mode, tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, mode, redelivery=REPEATS) as running:
        yield running


def test_what_a_specialist_answers_under_a_card_that_is_in_doubt_reaches_the_customer(house: House) -> None:
    slack, dm = house.slack, house.slack.dm(CUSTOMER)
    slack.fail_next("chat.postMessage", "connection_lost", times=2, after=True)
    slack.say(CUSTOMER, dm, "talk to a human")
    house.wait(house.cards)
    card = house.cards()[0]

    slack.say(DANA, QUEUES["tech"], "@tier1 please restart it", thread_ts=card.ts)
    slack.settled(60)
    house.quiet()

    assert [said.shown for said in house.from_bot(dm) if "please restart it" in said.shown]
    assert all("Transcript" in said.shown for said in house.from_bot(QUEUES["tech"], card.ts))
    assert house.rows("select state from cases") == [("claimed",)]


def test_a_question_under_a_commands_first_message_that_is_in_doubt_belongs_to_its_case(house: House) -> None:
    slack, dm = house.slack, house.slack.dm(CUSTOMER)
    slack.fail_next("chat.postMessage", "connection_lost", after=True)
    slack.command(CUSTOMER, dm, "/tier1", "i forgot my password")
    house.wait(lambda: house.from_bot(dm))
    root = house.from_bot(dm)[0]

    slack.say(CUSTOMER, dm, "how can i reset my password", thread_ts=root.ts)
    slack.settled(60)
    house.quiet()

    first, second = house.from_bot(dm, root.ts)
    assert "Reset a forgotten" in first.shown
    assert "Here it is again" in second.shown
    assert house.rows("select channel, thread_ts from cases") == [(dm, root.ts)]
