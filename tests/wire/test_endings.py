"""A card's buttons that move a case or end it, and what its customer hears and says then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.messages import Message
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, EMIL, HELP, QUEUES, RULES, House

pytestmark = pytest.mark.wire

TECH, CARE, TIER3 = QUEUES["tech"], QUEUES["care"], QUEUES["retention"]
WHY = "It is about <@U0CARLA0001>'s bill & *not* about a cable."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """With a Tier 3, a promise and a survey."""
    text = RULES.read_text(encoding="utf-8")
    text = text.replace("retention: {role: Retention Specialist,", "retention: {tier: 3, role: Tier 3,")
    text = text.replace("care: {role: Complaints Management,", "care: {role: Complaints Management, sla: standard,")
    rules = tmp_path / "rules.yaml"
    more = (
        "closing: {survey: true}\n"
        "slas:\n  standard:\n    p3: {first_response: 4h, next_response: 8h, resolution: 24h, business: false}\n"
    )
    rules.write_text(text + more, encoding="utf-8")
    with House(tmp_path, rules=rules) as built:
        yield built


def handed_off(house: House) -> Message:
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.quiet()
    return house.cards()[-1]


def resolved(house: House, **values: object) -> Message:
    """The card of a case that Dana resolved."""
    card = handed_off(house)
    house.slack.press(DANA, TECH, card.ts, "Claim")
    house.quiet()
    house.fill_in(DANA, card, "Resolve", {"code": "fixed", "words": "A new cable.", **values})
    return card


def told(house: House) -> list[Message]:
    return house.from_bot(house.slack.dm(CUSTOMER))


def now(house: House, message: Message) -> Message:
    return next(m for m in house.slack.messages(message.channel) if m.ts == message.ts)


def beneath(house: House, card: Message) -> str:
    return "\n".join(message.shown for message in house.slack.messages(card.channel, card.ts))


def test_a_transfer_takes_card_transcript_and_customer_to_the_other_team(house: House) -> None:
    card = handed_off(house)
    house.slack.press(DANA, TECH, card.ts, "Claim")
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "my bill is wrong")
    house.quiet()

    house.fill_in(DANA, card, "Transfer", {"queue": "Complaints Management", "why": WHY})

    left = now(house, card)
    assert left.buttons == []
    assert "Transferred to Complaints Management by Dana Reyes" in left.shown
    (there,) = house.cards("care")
    assert "Claim" in there.buttons
    for words in ("Technical Support (Dana Reyes) → Complaints Management", "bill & *not* about", "talk to a human"):
        assert words in there.shown
    assert "<@" not in there.shown
    assert "my bill is wrong" in beneath(house, there)
    said = told(house)[-1]
    assert "Dana Reyes passed your case" in said.shown
    assert "Complaints Management" in said.shown
    assert "You hear from them by" in said.shown
    assert "bill" not in said.shown

    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "any news?")
    house.quiet()

    assert "any news?" in beneath(house, there)
    assert "any news?" not in beneath(house, card)


def test_an_owner_on_leave_passes_the_case_to_a_colleague_who_is_called(house: House) -> None:
    card = handed_off(house)
    house.slack.press(DANA, TECH, card.ts, "Claim")
    house.quiet()

    house.fill_in(DANA, card, "Transfer", {"person": EMIL, "why": "I am away from tomorrow."})

    assert "Claimed by Emil Okafor" in now(house, card).shown
    assert "Emil Okafor from Technical Support has your case" in told(house)[-1].shown
    line = house.from_bot(TECH, card.ts)[-1]
    assert "I am away from tomorrow." in line.shown
    assert {"type": "user", "user_id": EMIL} in line.blocks[0]["elements"][0]["elements"]
    assert house.rows("select owner, queue, state from cases") == [(EMIL, "tech", "claimed")]

    house.slack.open_home(EMIL)
    house.quiet()
    home = house.slack.home(EMIL)

    assert home is not None
    assert "You were called to these" in home.shown


def test_an_escalation_goes_to_tier_3_and_its_first_owner_stays_in_the_history(house: House) -> None:
    card = handed_off(house)
    house.slack.press(DANA, TECH, card.ts, "Claim")
    house.quiet()

    house.fill_in(DANA, card, "Escalate", {"why": "A fault in the switch."})

    (above,) = house.cards("retention")
    assert "Technical Support (Dana Reyes) → Tier 3" in above.shown
    assert "Escalated to Tier 3 by Dana Reyes" in now(house, card).shown
    data = house.rows("select json_extract(data, '$.tier') from events where kind = 'Transferred'")
    assert data == [(3,)]
    assert "nobody above Tier 3" in house.opened(DANA, above, "Escalate").shown


def test_the_second_of_two_who_resolve_is_told_and_keeps_a_note(house: House) -> None:
    card = handed_off(house)
    form = house.opened(EMIL, card, "Resolve")
    house.resolve(DANA, card)

    house.slack.submit(EMIL, form.id, {"code": "workaround", "words": "Use the other socket."})
    house.quiet()

    house.wait(lambda: any("This case is closed" in m.shown for m in house.slack.ephemerals(EMIL)))
    assert "Use the other socket." in beneath(house, card)
    assert "Resolved by Dana Reyes: fixed" in now(house, card).shown
    assert house.rows("select count(*) from events where kind = 'Closed'") == [(1,)]
    assert not any("socket" in message.shown for message in told(house))


@pytest.mark.parametrize(
    ("readers", "reads"),
    [
        ("Only we do", False),
        ("Send this to the customer as well", True),
    ],
)
def test_the_customer_reads_what_fixed_it_if_that_was_chosen(house: House, readers: str, reads: bool) -> None:
    card = resolved(house, readers=readers, entry="None, but there should be one")

    assert any("A new cable." in message.shown for message in told(house)) is reads
    assert "A new cable." in beneath(house, card)
    (closing,) = [message for message in told(house) if "marked case" in message.shown]
    assert closing.buttons == ["Reopen", "Talk to a person"]
    kept = house.rows("select entry, json_extract(data, '$.code'), json_extract(data, '$.proposes') from events"
                      " where kind = 'Resolved'")  # fmt: skip
    assert kept == [(None, "fixed", 1)]


def test_a_low_score_asks_why_and_the_desk_reads_both(house: House) -> None:
    card = resolved(house)
    survey = told(house)[-1]
    assert survey.buttons == ["1", "2", "3", "4", "5", "Talk to a person"]

    house.fill_in(CUSTOMER, survey, "2", {"words": "It took three days."})

    assert now(house, survey).buttons == []
    assert "You gave it 2 of 5" in now(house, survey).shown
    assert "The customer gave this 2 of 5." in beneath(house, card)
    assert "It took three days." in beneath(house, card)
    (case,) = house.rows("select id from cases")[0]
    rated = house.rows("select \"case\", actor, json_extract(data, '$.score'), json_extract(data, '$.specialist')"
                       " from events where kind = 'Rated'")  # fmt: skip
    assert rated == [(case, CUSTOMER, 2, DANA)]


def test_a_case_that_is_reopened_is_asked_about_again_at_its_next_end(house: House) -> None:
    card = resolved(house)
    first, closing = told(house)[-1], told(house)[-2]

    house.slack.press(CUSTOMER, closing.channel, closing.ts, "Reopen")
    house.quiet()
    house.resolve(DANA, card)

    assert (now(house, first).buttons, "open again" in now(house, first).shown) == ([], True)
    second = told(house)[-1]
    house.slack.press(CUSTOMER, second.channel, second.ts, "5")
    house.quiet()
    assert "You gave it 5 of 5. Thank you!" in now(house, second).shown
    assert house.rows("select count(*) from events where kind = 'SurveyAsked'") == [(2,)]
    assert house.rows("select count(*) from events where kind = 'Rated'") == [(1,)]


def test_who_may_not_move_or_end_a_case_gets_an_honest_line_in_place_of_the_form(house: House) -> None:
    card = handed_off(house)

    for label in ("Transfer", "Escalate", "Resolve", "Duplicate"):
        assert "for the members of this queue" in house.opened(COLLEAGUE, card, label).shown

    assert house.rows("select distinct kind from events where actor = ?", COLLEAGUE) == [("Refused",)]


def test_a_duplicate_goes_to_the_customers_other_case_and_to_no_other(house: House) -> None:
    first = handed_off(house)
    (known,) = house.rows("select id from cases")[0]
    house.fill_in(DANA, first, "Duplicate", {"case": "T2222222"})
    assert house.rows("select state from cases") == [("handed_off",)]
    house.slack.say(CUSTOMER, HELP, "@tier1 talk to a human")
    house.quiet()
    second = house.cards()[-1]

    house.fill_in(DANA, second, "Duplicate", {"case": str(known)})

    assert house.rows("select outcome from cases order by opened_at") == [(None,), ("duplicate",)]
    assert (now(house, second).buttons, "Claim" in now(house, first).buttons) == ([], True)
    (thread,) = [message.ts for message in house.slack.messages(HELP)]
    assert str(known) in house.from_bot(HELP, thread)[-1].shown
