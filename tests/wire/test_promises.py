"""What a customer is promised when people take over: in the team's hours, and in the evening when it is gone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.wire.house import COLLEAGUE, CUSTOMER, LOBBY, RULES, House

pytestmark = pytest.mark.wire

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
MINUTE = timedelta(minutes=1)
TEXTS = """channel: C0TECH00001, calendar: office, sla: quick, expectation: {
    open: "{{queue.role}} answers {{case.id}} here by {{case.due}}.",
    closed: "{{queue.role}} is back {{calendar.next_open}}, and answers {{case.id}} by {{case.due}}."}"""
HOURS = """
calendars:
  office: {timezone: Europe/Berlin, weekly: {mon: ["09:00-17:00"], tue: ["09:00-17:00"]}}
slas:
  quick: {p3: {first_response: 2h, next_response: 4h, resolution: 8h}}
"""


def said_of(moment: datetime) -> str:
    """As people in Berlin say it, where it is an hour later."""
    return f"{moment + timedelta(hours=1):%a %d %b %H:%M} (Europe/Berlin)"


def test_each_customer_reads_one_text_with_the_times_that_the_log_has(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES.read_text().replace("channel: C0TECH00001", TEXTS) + HOURS, encoding="utf-8")
    with House(tmp_path, rules=path, at=MONDAY) as house:
        house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
        house.quiet()
        house.slack.command(CUSTOMER, LOBBY, "/tier1", "status")
        house.quiet()
        house.wait(lambda: house.slack.ephemerals(CUSTOMER))
        house.forward(MONDAY + timedelta(hours=9))
        house.slack.say(COLLEAGUE, house.slack.dm(COLLEAGUE), "talk to a human")
        house.quiet()

        by_day, by_night = (house.from_bot(house.slack.dm(who))[-1] for who in (CUSTOMER, COLLEAGUE))
        status = house.slack.ephemerals(CUSTOMER)[-1]
        found = house.rows(
            """select "case", json_extract(data, '$.told_due_at'), json_extract(data, '$.told_opens_at'),
            json_extract(data, '$.out_of_hours') from events where kind = 'HandedOff' order by id"""
        )
        warnings = house.slack.warnings

    (first, first_due, no_hours, in_hours), (second, due, opens, out_of_hours) = found
    assert (no_hours, bool(in_hours), bool(out_of_hours)) == (None, False, True)
    promised, later, back = (datetime.fromisoformat(str(at)) for at in (first_due, due, opens))
    assert MONDAY < promised - timedelta(hours=2) < MONDAY + MINUTE
    assert (back, later) == (MONDAY + timedelta(hours=23), MONDAY + timedelta(hours=25))
    assert f"Technical Support answers {first} here by {said_of(promised)}." in by_day.shown
    assert f"Technical Support is back {said_of(back)}, and answers {second} by {said_of(later)}." in by_night.shown
    assert ("is back" in by_day.shown, "here by" in by_night.shown) == (False, False)
    assert f"<!date^{int(promised.timestamp())}^" in json.dumps(by_day.blocks)  # by the reader's own clock
    assert f"<!date^{int(promised.timestamp())}^" in json.dumps(status.blocks)
    assert not warnings
