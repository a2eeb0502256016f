"""A weekend in seconds: time is put forward, and what is due on the way is done and said at its own moment."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.sandbox.messages import Message
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, KB, House, Mode

pytestmark = pytest.mark.wire

FRIDAY = datetime(2026, 3, 6, 16, 55, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
SILENCE, A_MOMENT = timedelta(minutes=10), timedelta(seconds=30)
LOCKER = """
title: Get a locker
phrasings:
  - i need a locker
  - can i have a locker for my things
  - the key of my locker is lost
escalate: {policy: always, queue: tech}
collect:
  - {field: site, ask: "Which site are you at?", choices: [Harbour, Mill Lane], required: true}
answer: |
  Technical Support hands out lockers.
"""


def house_with_lockers(folder: Path, mode: Mode = "socket") -> House:
    """In which one entry asks something before people take over, and waits ten minutes for the answer."""
    kb = folder / "kb"
    shutil.copytree(KB, kb)
    (kb / "access").mkdir(exist_ok=True)
    (kb / "access" / "locker.yaml").write_text(LOCKER, encoding="utf-8")
    return House(folder, mode, kb=kb, at=FRIDAY)


def said_at(message: Message) -> datetime:
    return datetime.fromtimestamp(float(message.ts), UTC)


def is_about(moment: datetime, at: datetime) -> bool:
    return timedelta(0) <= moment - at < A_MOMENT


@pytest.mark.parametrize("mode", ["socket", "http"])  # over HTTP the moved requests must pass as signed just now
def test_what_is_due_over_a_weekend_is_said_at_its_own_moments_in_order(tmp_path: Path, mode: Mode) -> None:
    with house_with_lockers(tmp_path, mode) as house:
        house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "i need a locker")
        house.quiet()
        house.forward(timedelta(minutes=5))
        house.slack.say(COLLEAGUE, house.slack.dm(COLLEAGUE), "i need a locker")
        house.quiet()
        asked = house.cards()
        house.forward(MONDAY)
        earlier, later = house.cards()
        house.slack.press(DANA, later.channel, later.ts, "Claim")
        house.quiet()

        assert not asked
        assert is_about(said_at(earlier), FRIDAY + SILENCE)
        assert is_about(said_at(later), FRIDAY + timedelta(minutes=5) + SILENCE)
        assert "Carla" in earlier.shown
        assert "Colin" in later.shown
        assert is_about(house.time(), MONDAY)
        happened = [
            datetime.fromisoformat(cast("str", at))
            for (at,) in house.rows("select at from events where kind in ('HandedOff', 'Claimed') order by at")
        ]
        expected = (FRIDAY + SILENCE, FRIDAY + timedelta(minutes=5) + SILENCE, MONDAY)
        assert [is_about(at, moment) for at, moment in zip(happened, expected, strict=True)] == [True] * 3
        told = [one.message.ts for one in house.everything()]
        assert len(set(told)) == len(told)
        assert not house.slack.warnings
        # Every lane was handed back by whoever had it: nothing had to be looked for.
        assert not house.slack.calls("conversations.history")


def test_who_writes_while_time_goes_forward_is_answered_once(tmp_path: Path) -> None:
    with house_with_lockers(tmp_path) as house:
        house.slack.slow("chat.postMessage", 0.2)
        house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "i need a locker")
        house.slack.say(COLLEAGUE, house.slack.dm(COLLEAGUE), "i forgot my password")
        house.forward(timedelta(days=2))
        house.quiet()

        (card,) = house.cards()
        answers = house.from_bot(house.slack.dm(COLLEAGUE))
        assert [is_about(said_at(one), FRIDAY) for one in answers] == [True]
        assert is_about(said_at(card), FRIDAY + SILENCE)
        assert not house.slack.calls("conversations.history")
