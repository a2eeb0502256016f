"""Customers who fall silent: they are asked in hours, warned in hours, and what ends can be opened again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.messages import Message
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, HELP, QUEUES, RULES, House

pytestmark = pytest.mark.wire

FRIDAY = datetime(2026, 3, 6, 15, 55, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
A_MOMENT, WEEK = timedelta(seconds=30), timedelta(days=7)
MORE = """
calendars:
  office:
    weekly:
      mon: ["09:00-17:00"]
      tue: ["09:00-17:00"]
      wed: ["09:00-17:00"]
      thu: ["09:00-17:00"]
      fri: ["09:00-17:00"]
closing: {confirm_after: 4h, warn_before: 1d, auto_close_after: 3d, survey: true}
"""


def house_with_hours(folder: Path) -> House:
    rules = folder / "rules.yaml"
    text = RULES.read_text(encoding="utf-8").replace("defaults:\n", "defaults:\n  calendar: office\n", 1)
    rules.write_text(text + MORE, encoding="utf-8")
    return House(folder, rules=rules, at=FRIDAY)


def told(house: House) -> list[Message]:
    return house.from_bot(house.slack.dm(CUSTOMER))


def said_at(message: Message, moment: datetime) -> bool:
    return timedelta(0) <= datetime.fromtimestamp(float(message.ts), UTC) - moment < A_MOMENT


def ends(house: House) -> list[tuple[object, ...]]:
    return house.rows("select outcome from cases order by requester, opened_at")


def test_an_answer_on_friday_is_asked_about_on_monday_and_closes_on_tuesday_without_a_word(tmp_path: Path) -> None:
    with house_with_hours(tmp_path) as house:
        house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "i forgot my password")
        paused = house.slack.say(COLLEAGUE, HELP, "i forgot my password")
        house.quiet()
        house.slack.command(DANA, HELP, "/tier1", "pause")
        house.quiet()
        house.forward(MONDAY + timedelta(hours=1))

        answer, asked = told(house)
        assert len(house.from_bot(HELP, paused)) == 1  # the answer: where it is paused, it asks nothing
        assert said_at(asked, MONDAY)
        assert "Did “Reset a forgotten password” solve it?" in asked.shown
        house.forward(MONDAY + timedelta(days=1, minutes=1))

        assert ends(house) == [("resolved_assumed",), ("resolved_assumed",)]
        assert [message.ts for message in told(house)] == [answer.ts, asked.ts]  # nor a survey
        house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "still broken")
        house.quiet()
        house.slack.press(CUSTOMER, asked.channel, told(house)[-1].ts, "Reopen")
        house.quiet()
        assert ends(house) == [(None,), ("resolved_assumed",)]


def test_people_who_wait_for_a_customer_warn_first_and_have_it_again_when_it_is_reopened(tmp_path: Path) -> None:
    with house_with_hours(tmp_path) as house:
        house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
        house.quiet()
        house.forward(6 * WEEK)
        assert ends(house) == [(None,)]  # it waits for people, and does so for good
        (card,) = house.cards()
        house.fill_in(DANA, card, "Reply", {"words": "Is it plugged in?"})
        house.forward(MONDAY + 6 * WEEK + timedelta(hours=1))

        warning = told(house)[-1]
        assert "waits to hear from you" in warning.shown
        assert said_at(warning, MONDAY + 6 * WEEK)
        assert "I've told the customer" in house.slack.messages(card.channel, card.ts)[-1].shown
        house.forward(timedelta(days=1))

        over = told(house)[-1]
        assert "I've closed your case" in over.shown
        assert said_at(over, MONDAY + 6 * WEEK + timedelta(days=1))
        assert "Closed by itself" in house.cards()[-1].shown
        assert ends(house) == [("resolved_assumed",)]
        assert house.rows("select count(*) from events where kind = 'SurveyAsked'") == [(0,)]
        house.slack.press(CUSTOMER, over.channel, over.ts, "Reopen")
        house.quiet()
        assert house.rows("select state, outcome from cases") == [("claimed", None)]
        assert "reopened this case" in house.slack.messages(QUEUES["tech"], card.ts)[-1].shown
