"""A reply through the card's form: what the customer reads, what the specialists see of it, and what never gets out."""

from __future__ import annotations

import pytest

from bot.sandbox.messages import Message, View
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, EMIL, GUEST, HELP, QUEUES, House

pytestmark = pytest.mark.wire

TECH = QUEUES["tech"]


def handed_off(house: House, channel: str | None = None) -> Message:
    """The card of a case that the customer got to people."""
    place = channel or house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, place, "talk to a human" if channel is None else "@tier1 talk to a human")
    house.quiet()
    return house.cards()[-1]


def form(house: House, person: str, card: Message, button: str) -> View:
    """What the button opens."""
    house.slack.press(person, card.channel, card.ts, button)
    house.quiet()
    (view,) = house.slack.views(person)
    return view


def beneath(house: House, card: Message) -> str:
    return "\n".join(message.shown for message in house.slack.messages(TECH, card.ts))


def test_what_is_sent_in_the_form_reaches_the_customer_under_the_specialists_name(house: House) -> None:
    card = handed_off(house)

    house.slack.submit(DANA, form(house, DANA, card, "Reply").id, {"words": "Please restart it & tell me <b>what</b>."})
    house.quiet()

    said = house.from_bot(house.slack.dm(CUSTOMER))[-1]
    assert "Dana Reyes" in said.shown
    assert "Please restart it & tell me <b>what</b>." in said.shown
    assert "Dana Reyes replied to the customer" in beneath(house, card)
    assert house.rows("select state, owner from cases") == [("claimed", DANA)]
    assert house.slack.views(DANA) == []


def test_a_private_reply_goes_to_the_dm_and_what_they_answer_there_comes_back(house: House) -> None:
    card = handed_off(house, HELP)
    asked = house.slack.messages(HELP)[-1]
    view = form(house, DANA, card, "Reply")

    house.slack.submit(DANA, view.id, {"words": "Your account number, please.", "where": "In a direct message"})
    house.quiet()

    dm = house.slack.dm(CUSTOMER)
    said = house.from_bot(dm)[-1]
    assert "Your account number, please." in said.shown
    assert not any("account number" in message.shown for message in house.slack.messages(HELP, asked.ts))

    house.slack.say(CUSTOMER, dm, "it is NL-4410", thread_ts=said.ts)
    house.quiet()

    assert "it is NL-4410" in beneath(house, card)
    assert house.rows("select count(*) from cases") == [(1,)]


def test_who_may_not_reply_gets_no_form_and_an_honest_line(house: House) -> None:
    card = handed_off(house)

    view = form(house, COLLEAGUE, card, "Reply")

    assert "for the members of this queue" in view.shown
    assert not view.body["submit"]
    house.wait(lambda: house.slack.ephemerals(COLLEAGUE))  # marked as told before it is sent
    assert "for the members of this queue" in house.slack.ephemerals(COLLEAGUE)[-1].shown
    assert house.rows("select count(*) from events where kind = 'Refused'") == [(1,)]


def test_what_was_written_while_the_case_was_closed_stays_among_the_specialists(house: House) -> None:
    card = handed_off(house)
    view = form(house, EMIL, card, "Reply")
    house.slack.press(DANA, TECH, card.ts, "Back to the bot")
    house.quiet()

    house.slack.submit(EMIL, view.id, {"words": "Have you tried the other cable?"})
    house.quiet()

    assert not any("cable" in message.shown for message in house.from_bot(house.slack.dm(CUSTOMER)))
    assert "Have you tried the other cable?" in beneath(house, card)
    assert "did not go to the customer" in beneath(house, card)


def test_an_entry_that_was_near_is_sent_as_an_answer_and_counts_as_one(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "my account and my password")
    house.slack.say(CUSTOMER, dm, "talk to a human")
    house.quiet()
    card = house.cards()[-1]
    view = form(house, DANA, card, "Send an entry")
    near = next(block for block in view.blocks if block["block_id"] == "near")
    title = near["element"]["options"][0]["text"]["text"]

    house.slack.submit(DANA, view.id, {"near": title})
    house.quiet()

    answer = house.from_bot(dm)[-1]
    assert title in answer.shown
    assert "That fixed it" in answer.buttons
    assert f"sent the customer “{title}”" in beneath(house, card)
    assert house.rows("select count(*) from events where kind = 'EntrySent' and entry is not null") == [(1,)]


def test_an_entry_that_the_customer_may_not_see_is_found_and_not_sent(house: House) -> None:
    dm = house.slack.dm(GUEST)
    house.slack.say(GUEST, dm, "talk to a human")
    house.quiet()
    view = form(house, DANA, house.cards()[-1], "Send an entry")
    before = house.from_bot(dm)
    (found, *_) = house.slack.suggestions(DANA, view.id, "entry", "install lantern")

    house.slack.submit(DANA, view.id, {"entry": found[0]})
    house.quiet()

    house.wait(lambda: house.slack.ephemerals(DANA))
    assert found[0] == "software/install-lantern"
    assert house.from_bot(dm) == before
    assert "may not see that entry" in house.slack.ephemerals(DANA)[-1].shown


def test_what_the_customer_changes_and_takes_back_shows_beneath_the_card(house: House) -> None:
    card = handed_off(house)
    dm = house.slack.dm(CUSTOMER)
    ts = house.slack.say(CUSTOMER, dm, "it is my laptop")
    house.quiet()

    house.slack.edit(CUSTOMER, dm, ts, "it is my phone")
    house.quiet()

    assert "Carla Weiss changed a message. It says now:\nit is my phone" in beneath(house, card)

    house.slack.delete(CUSTOMER, dm, ts)
    house.quiet()

    assert "Carla Weiss deleted a message." in beneath(house, card)
    assert house.rows("select count(*) from events where kind = 'Amended'") == [(2,)]
