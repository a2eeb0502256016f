"""What is asked before people take over, and the card that they get: in the customer's place, over Slack's wire."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.messages import Message
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, KB, RULES, House

pytestmark = pytest.mark.wire

BADGE = """
title: Replace a badge that opens no door
phrasings:
  - my badge opens no door
  - the door does not open with my badge
  - badge reader stays red
escalate: {policy: always, queue: tech, priority: p2}
collect:
  - {field: site, ask: "Which site are you at?", choices: [Harbour, Mill Lane], required: true}
  - {field: badge_number, ask: "What number is on the badge?"}
answer: |
  Technical Support replaces badges.
"""
SLAS = """
slas:
  standard:
    p2: {first_response: 1h, next_response: 2h, resolution: 8h, business: false}
"""
ASKS = "my badge opens no door"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house in which an entry asks before people take over, and a queue promises a first response."""
    kb, rules = tmp_path / "kb", tmp_path / "rules.yaml"
    shutil.copytree(KB, kb)
    (kb / "access").mkdir()
    (kb / "access" / "badge.yaml").write_text(BADGE, encoding="utf-8")
    written = RULES.read_text(encoding="utf-8")
    tech = "channel: C0TECH00001, members: [tech]"
    assert tech in written
    rules.write_text(written.replace(tech, f"{tech}, sla: standard") + SLAS, encoding="utf-8")
    with House(tmp_path, kb=kb, rules=rules) as running:
        yield running


def last(house: House, person: str = CUSTOMER) -> Message:
    """The bot's newest message in a person's DM."""
    house.quiet()
    return house.from_bot(house.slack.dm(person))[-1]


def press(house: House, label: str, person: str = CUSTOMER) -> None:
    house.slack.press(person, house.slack.dm(person), last(house, person).ts, label)


def say(house: House, text: str, person: str = CUSTOMER, files: Sequence[str] = ()) -> None:
    house.slack.say(person, house.slack.dm(person), text, files=files)
    house.quiet()


def thread(house: House, card: Message) -> str:
    return "\n".join(message.shown for message in house.from_bot(card.channel, card.ts))


def test_fields_are_asked_by_button_and_by_typing_and_stand_on_the_card(house: House) -> None:
    say(house, ASKS)
    first = last(house)
    press(house, "Mill Lane")
    second = last(house)
    say(house, "NL-4410", files=["badge.png"])

    (card,) = house.cards()
    said = [message.shown for message in house.from_bot(house.slack.dm(CUSTOMER))]
    assert first.buttons == ["Harbour", "Mill Lane", "Fill in a form", "Talk to a person"]
    assert second.buttons == ["Skip", "Talk to a person"]
    assert "Which site are you at?" in said[0]
    assert "Mill Lane" in said[0]
    assert "NL-4410" in said[1]
    assert "bringing in Technical Support" in said[2]
    for words in ("Site: Mill Lane", "Badge number: NL-4410", "First response due", "Earlier cases: 0", "nobody yet"):
        assert words in card.shown
    for words in ("badge.png", "image/png"):
        assert words in card.shown
    assert "<!date^" in str(card.blocks)
    turns = thread(house, card)
    in_order = (ASKS, "Asked: Which site", "Mill Lane", "Asked: What number", "NL-4410", "badge.png")
    told = [turns.index(words) for words in in_order]
    assert told == sorted(told)


def test_a_person_can_be_had_in_the_middle_and_a_form_fills_in_all(house: House) -> None:
    say(house, ASKS)
    press(house, "Harbour")
    press(house, "Talk to a person")
    house.quiet()
    say(house, ASKS, COLLEAGUE)
    press(house, "Fill in a form", COLLEAGUE)
    house.wait(lambda: any(view.body["submit"] for view in house.slack.views(COLLEAGUE)))
    form = house.slack.views(COLLEAGUE)[-1]
    house.slack.submit(COLLEAGUE, form.id, {"site": "Harbour", "badge_number": "NL-7"})
    house.quiet()

    wished, filled = house.cards()
    assert "Site: Harbour" in wished.shown
    assert "Badge number" not in wished.shown
    assert "Site: Harbour" in filled.shown
    assert "Badge number: NL-7" in filled.shown
    handoffs = house.rows("""select count(*) from events where kind = 'HandedOff' group by "case" """)
    assert handoffs == [(1,), (1,)]


def test_who_falls_silent_is_handed_off_once_even_after_a_restart(house: House) -> None:
    say(house, ASKS)
    press(house, "Harbour")
    house.quiet()
    house.service.stop()
    house.service = house.begin()
    beside = house.begin()
    try:
        house.forward(timedelta(minutes=9))
        too_early = house.cards()
        house.forward(timedelta(minutes=1))
        house.wait(lambda: house.rows("select 1 from events where kind = 'HandedOff'"))
        house.wait(lambda: not house.rows("select 1 from dues where kind = 'silence'"))
        house.quiet()

        (card,) = house.cards()
        assert not too_early
        assert "Site: Harbour" in card.shown
        assert house.rows("select count(*) from events where kind = 'HandedOff'") == [(1,)]
        assert "bringing in Technical Support" in last(house).shown
        assert "Not answered." in house.from_bot(house.slack.dm(CUSTOMER))[-2].shown
    finally:
        beside.stop()


def test_a_card_knows_what_did_not_help_before_and_when_the_promise_was_kept(house: House) -> None:
    say(house, "i forgot my password")
    press(house, "Still stuck")
    say(house, "talk to a human")
    (first,) = house.cards()
    house.slack.press(DANA, first.channel, first.ts, "Back to the bot")
    house.quiet()
    say(house, "that works now")
    press(house, "That fixed it")
    house.quiet()
    say(house, "i forgot my password")
    say(house, "talk to a human")

    _, card = house.cards()
    for words in (
        "Earlier cases: 1",
        "Reset a forgotten password",
        "did not help this customer in an earlier case",
        "due",
    ):
        assert words in card.shown
    house.slack.say(DANA, card.channel, "@tier1 We are on it.", thread_ts=card.ts)
    house.quiet()
    assert "First response due" not in house.cards()[1].shown
