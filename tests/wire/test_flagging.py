"""An entry is flagged over Slack's wire, from a card and from an answer; editors fix it, and the flagger hears so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.messages import Message
from bot.slack.manifest import FLAG_ANSWER
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, EMIL, GUEST, HELP, LOBBY, QUEUES, RULES, House

pytestmark = pytest.mark.wire

EDITORS = LOBBY


@pytest.fixture
def calm(tmp_path: Path) -> Iterator[House]:
    """A house in one mode, with a channel for editors."""
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES.read_text().replace("defaults:\n", f"defaults:\n  editors_channel: {EDITORS}\n"))
    with House(tmp_path, rules=rules) as running:
        yield running


def card_after(house: House, *said: str) -> Message:
    for text in said:
        house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), text)
        house.quiet()
    return house.cards()[-1]


def test_a_specialist_flags_an_entry_on_the_card_and_hears_when_it_is_fixed(calm: House) -> None:
    card = card_after(calm, "i forgot my password", "talk to a human")
    calm.fill_in(DANA, card, "Flag an entry", {"entry": "Reset a forgotten password", "words": "The portal has moved."})

    (item,) = calm.from_bot(EDITORS)
    assert "Dana Reyes flagged “Reset a forgotten password”" in item.shown
    assert "kb/accounts/reset-password.yaml" in item.shown
    assert "The portal has moved." in item.shown
    assert f"p{card.ts.replace('.', '')}" in str(item.blocks)  # leads to the card

    calm.slack.press(EMIL, EDITORS, item.ts, "Fixed")
    calm.slack.press(DANA, EDITORS, item.ts, "Fixed")
    calm.quiet()

    (item,) = calm.from_bot(EDITORS)
    assert "Fixed by" in item.shown
    assert item.buttons == []
    rows = calm.rows("select kind, actor from events where kind in ('Flagged', 'FlagFixed') order by id")
    assert len(rows) == 2
    told = [message.shown for message in calm.from_bot(calm.slack.dm(DANA))]
    assert len(told) == (1 if rows[1][1] == EMIL else 0)  # who fixes it themselves knows


def test_a_specialist_flags_the_answer_itself(calm: House) -> None:
    asked = calm.slack.say(CUSTOMER, HELP, "i forgot my password")
    calm.quiet()
    (answer,) = calm.from_bot(HELP, asked)

    calm.slack.message_shortcut(DANA, HELP, answer.ts, FLAG_ANSWER)
    calm.quiet()
    calm.slack.submit(DANA, calm.slack.views(DANA)[-1].id, {"words": "It is called Gate now."})
    calm.quiet()

    (item,) = calm.from_bot(EDITORS)
    assert "It is called Gate now." in item.shown
    assert f"p{answer.ts.replace('.', '')}" in str(item.blocks)
    assert calm.rows("select actor, entry from events where kind = 'Flagged'") == [(DANA, "accounts/reset-password")]
    assert len(calm.from_bot(HELP, asked)) == 1  # the customer's thread is as it was


@pytest.mark.parametrize("who", [CUSTOMER, GUEST, COLLEAGUE])
def test_nobody_else_flags_an_answer(calm: House, who: str) -> None:
    asked = calm.slack.say(CUSTOMER, HELP, "i forgot my password")
    calm.quiet()
    (answer,) = calm.from_bot(HELP, asked)

    calm.slack.message_shortcut(who, HELP, answer.ts, FLAG_ANSWER)
    calm.quiet()
    calm.wait(lambda: calm.slack.ephemerals(who))

    assert "Only specialists" in calm.slack.ephemerals(who)[-1].shown
    assert "Only specialists" in calm.slack.views(who)[-1].shown
    assert calm.from_bot(EDITORS) == []
    assert calm.rows("select kind, actor from events where kind in ('Flagged', 'Refused')") == [("Refused", who)]


def test_what_is_no_answer_of_ours_has_nothing_to_flag(calm: House) -> None:
    asked = calm.slack.say(CUSTOMER, QUEUES["tech"], "good morning")
    calm.quiet()

    calm.slack.message_shortcut(DANA, QUEUES["tech"], asked, FLAG_ANSWER)
    calm.quiet()
    calm.wait(lambda: calm.slack.ephemerals(DANA))

    assert "no entry" in calm.slack.ephemerals(DANA)[-1].shown
