"""What a rule says is what people see: to whom a case goes, how urgently, and where it is talked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wire.house import CUSTOMER, DANA, HELP, QUEUES, RULES, House

pytestmark = pytest.mark.wire

EXTRA = f"""
  - {{id: carla, also: true, when: {{group: {CUSTOMER}}}, then: {{raise_priority: 1, tags: [carla]}}}}
  - id: pay
    when: {{keywords: pay}}
    then: {{action: offer, queue: care, priority: p3, private: true, message: Is it about your pay?}}
"""


def rules_with(folder: Path, triggers: str, words: str) -> Path:
    written = RULES.read_text(encoding="utf-8")
    assert written.count("\ntriggers:\n") == written.count("\nwords:\n") == 1
    written = written.replace("\ntriggers:\n", f"\ntriggers:{triggers}").replace("\nwords:\n", f"\nwords:\n{words}")
    path = folder / "escalation_rules.yaml"
    path.write_text(written, encoding="utf-8")
    return path


def test_an_offer_that_is_taken_goes_where_its_rule_says_and_is_talked_about_in_private(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, EXTRA, "  pay: [my salary]\n")
    with House(tmp_path, rules=rules) as house:
        house.slack.say(CUSTOMER, HELP, "my salary is wrong")
        house.quiet()
        asked = house.slack.messages(HELP)[-1]
        (offer,) = house.from_bot(HELP, asked.ts)
        house.slack.press(CUSTOMER, HELP, offer.ts, "Talk to a person")
        house.quiet()

        (card,) = house.cards("care")
        assert card.channel == QUEUES["care"]
        assert "carla" in card.shown
        columns = "rule, reason, queue, priority"
        assert house.rows(f"select {columns} from cases") == [("human-request", "explicit_request", "care", "p2")]

        house.slack.say(DANA, card.channel, "@tier1 You earn 100 more from May on.", thread_ts=card.ts)
        house.quiet()
        said = house.from_bot(house.slack.dm(CUSTOMER))[-1]
        assert "You earn 100 more from May on." in said.shown
        assert not any("You earn" in message.shown for message in house.slack.messages(HELP, asked.ts))

        sent = house.slack.messages(card.channel, card.ts)[-1]
        house.slack.edit(DANA, card.channel, sent.ts, "@tier1 You earn 200 more from May on.")
        house.quiet()
        assert "200 more" in house.from_bot(house.slack.dm(CUSTOMER))[-1].shown
        assert not any("200 more" in message.shown for message in house.slack.messages(HELP, asked.ts))
