"""A handoff that nobody takes: what the ladder does about it, over a weekend that passes in seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.messages import Message
from tests.wire.house import CUSTOMER, DANA, GOLD, QUEUES, RULES, House

pytestmark = pytest.mark.wire

FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLOCKS = """
calendars:
  office:
    weekly: {mon: ["09:00-17:00"], fri: ["09:00-17:00"]}
slas:
  quick:
    p2: {first_response: 1h, next_response: 2h, resolution: 8h}
    p3: {first_response: 2h, next_response: 2h, resolution: 40h}
ladders:
  up:
    - {at: "50% first_response", do: remind}
    - {at: "100% first_response", do: ping_group, to: [gold, tech]}
    - at: "150% first_response"
      do: notify_lead
      to: U0GOLD00001
      text: "{{case.id}} was due {{case.due}}, and {{queue.role}} is still silent."
    - {at: "3h", do: raise}
    - {at: "200% first_response", do: move, to: product}
    - {at: "50% next_response", do: remind}
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    office = "calendar: office, sla: quick, ladder: up, channel: C0TECH00001"
    rules = RULES.read_text().replace("channel: C0TECH00001", office)
    path = tmp_path / "rules.yaml"
    path.write_text(rules + CLOCKS)
    return House(tmp_path, rules=path, at=FRIDAY)


def when(message: Message) -> str:
    return f"{datetime.fromtimestamp(float(message.ts), UTC):%a %H:%M}"


def restarted(house: House) -> None:
    house.service.stop()
    house.service = house.begin()


def test_a_handoff_over_a_weekend_climbs_the_ladder_rung_by_rung_in_hours_and_once(house: House) -> None:
    with house:
        dm = house.slack.dm(CUSTOMER)
        house.slack.say(CUSTOMER, dm, "talk to a human")
        house.quiet()
        (card,) = house.cards()

        house.forward(MONDAY + 9 * HOUR + HOUR / 4)
        restarted(house)
        house.forward(MONDAY + 9 * HOUR + HOUR * 3 / 4)
        restarted(house)
        house.forward(MONDAY + 11 * HOUR)

        _, reminder = house.cards()
        beneath = [(when(said), said.shown) for said in house.from_bot(QUEUES["tech"], card.ts)]
        told = [(when(said), said.shown) for said in house.from_bot(house.slack.dm(GOLD))]
        # Three hours after the handoff it is night, and raised in the morning: so it is due an hour sooner.
        assert [at for at, shown in beneath if "is P2 now" in shown] == ["Mon 09:00"]
        assert when(reminder) == "Mon 09:00"
        assert "waits for a first answer, which is due Mon 30 Nov 09:30" in reminder.shown
        ((called_at, call),) = [said for said in beneath if "still waits for a first answer" in said[1]]
        assert called_at == "Mon 09:30"
        assert all(f"@{name}" in call for name in ("goldie", "dana", "emil"))
        ((told_at, news),) = told
        assert told_at == "Mon 10:00"
        assert "was due Mon 30 Nov 09:30 (UTC), and Technical Support is still silent" in news
        (moved,) = house.cards("product")
        assert when(moved) == "Mon 10:30"
        assert [when(said) for said in house.from_bot(dm) if "with Product Expert now" in said.shown] == [when(moved)]
        assert house.rows("select count(*) from dues where kind = 'clock' and at < ?", "2026-11-30T11") == [(0,)]


def test_who_has_it_is_reminded_of_a_word_that_they_have_not_answered(house: House) -> None:
    with house:
        dm = house.slack.dm(CUSTOMER)
        house.slack.say(CUSTOMER, dm, "talk to a human")
        house.quiet()
        (card,) = house.cards()
        house.slack.press(DANA, card.channel, card.ts, "Claim")
        house.quiet()
        house.slack.say(DANA, card.channel, "@tier1 have you restarted it?", thread_ts=card.ts)
        house.quiet()
        house.forward(MONDAY + 9 * HOUR)
        house.slack.say(CUSTOMER, dm, "yes, twice")
        house.quiet()

        house.forward(MONDAY + 16 * HOUR)

        calls = [said for said in house.from_bot(card.channel, card.ts) if "wrote again" in said.shown]
        assert [when(said) for said in calls] == ["Mon 10:00"]
        assert calls[0].shown.startswith("@dana: ")
        assert len(house.cards()) == 1
