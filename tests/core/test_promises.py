"""When the first response is due: the queue's SLA, in the queue's hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.core.entries import Priority
from bot.core.rulebook.promises import first_response, first_response_due
from bot.core.rulebook.rules import Calendar, Queue, Rules, Targets

HOUR = timedelta(hours=1)
OFFICE = Calendar("Europe/Berlin", tuple(((time(9), time(17)),) if day < 5 else () for day in range(7)))
SHOP = replace(OFFICE, timezone="America/New_York")
STANDARD: dict[Priority, Targets] = {
    "p1": Targets(HOUR / 4, HOUR, 4 * HOUR, business=False),
    "p2": Targets(HOUR, 2 * HOUR, 8 * HOUR),
    "p3": Targets(4 * HOUR, 8 * HOUR, 24 * HOUR),
}
RULES = Rules(
    queues={
        "tech": Queue("tech", "C1", sla="standard", calendar="shop"),
        "care": Queue("care", "C2", sla="standard"),
        "quiet": Queue("quiet", "C3"),
        "night": Queue("night", "C4", sla="standard", calendar="always"),
        "lost": Queue("lost", "C5", sla="standard", calendar="never"),
        "wrong": Queue("wrong", "C6", sla="standard", calendar="nowhere"),
    },
    timezone="Europe/London",
    calendar="office",
    calendars={"office": OFFICE, "shop": SHOP, "always": Calendar(always_open=True), "never": Calendar()},
    slas={"standard": STANDARD},
)
NO_HOURS = replace(RULES, calendar=None)
FRIDAY = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)  # 16:30 in Berlin, 10:30 in New York


@pytest.mark.parametrize(
    ("rules", "queue", "priority", "due"),
    [
        (RULES, "care", "p2", datetime(2026, 11, 30, 8, 30, tzinfo=UTC)),  # the rules' calendar, as it has none
        (RULES, "tech", "p2", datetime(2026, 11, 27, 16, 30, tzinfo=UTC)),  # the queue's own comes first
        (RULES, "tech", "p3", datetime(2026, 11, 27, 19, 30, tzinfo=UTC)),
        (RULES, "care", "p1", datetime(2026, 11, 27, 15, 45, tzinfo=UTC)),  # no business hours: any hour counts
        (RULES, "night", "p2", datetime(2026, 11, 27, 16, 30, tzinfo=UTC)),  # business hours that never end
        (NO_HOURS, "care", "p2", datetime(2026, 11, 27, 16, 30, tzinfo=UTC)),  # no calendar at all: always open
        (RULES, "wrong", "p2", datetime(2026, 11, 30, 8, 30, tzinfo=UTC)),  # a calendar that is not there is none
        (RULES, "lost", "p2", None),  # it never opens
        (RULES, "lost", "p1", datetime(2026, 11, 27, 15, 45, tzinfo=UTC)),  # which does not matter at any hour
        (RULES, "quiet", "p2", None),  # it promises nothing
        (RULES, "care", "p4", None),  # nothing for this priority
        (RULES, "nobody", "p2", None),  # no such queue
    ],
)  # fmt: skip
def test_when_the_first_response_is_due(rules: Rules, queue: str, priority: str, due: datetime | None) -> None:
    assert first_response_due(rules, queue, priority, FRIDAY) == due


@pytest.mark.parametrize(
    ("queue", "priority", "sentence"),
    [
        ("care", "p2", "first response is due Mon 30 Nov 09:30 (Europe/Berlin): 1h of open hours of `office`"),
        ("tech", "p2", "first response is due Fri 27 Nov 11:30 (America/New_York): 1h of open hours of `shop`"),
        ("care", "p1", "first response is due Fri 27 Nov 16:45 (Europe/Berlin): 15m at any hour"),  # on their clock
        ("lost", "p2", "first response is never due: 1h of open hours of `never`, which never opens"),
    ],
)  # fmt: skip
def test_the_promise_in_words(queue: str, priority: str, sentence: str) -> None:
    assert str(first_response(RULES, queue, priority, FRIDAY)) == sentence


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(minutes=90), "1h30m"),
        (timedelta(days=2), "48h"),  # an open day has not 24 hours, so days would mislead
        (timedelta(seconds=90), "1m30s"),
        (timedelta(), "0m"),
    ],
)
def test_how_long_a_promise_is(span: timedelta, said: str) -> None:
    soon = replace(RULES, slas={"standard": {"p2": Targets(span, span, span)}})

    assert str(first_response(soon, "night", "p2", FRIDAY)).endswith(f": {said} at any hour")
