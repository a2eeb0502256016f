"""What the shipped knowledge base and rules say of the desk: one thing, wherever it is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from itertools import pairwise

import pytest

from bot.core.entries import Priority
from bot.core.rulebook.rules import Calendar, Rules, Targets
from tests.shipped import shipped_knowledge, shipped_rules


@pytest.fixture(scope="module")
def rules() -> Rules:
    return shipped_rules()


def hours_in_words(calendar: Calendar) -> str:
    """`Monday to Thursday 8:00 to 18:00, Friday to 17:00`: a week whose days all begin alike, Friday ending earlier."""
    spans = [day for day in calendar.weekly if day]
    (opens, closes), (_, friday) = spans[0][0], spans[4][0]
    assert all(span == ((opens, closes),) for span in spans[:4])
    return f"Monday to Thursday {_clock(opens)} to {_clock(closes)}, Friday to {_clock(friday)}"


def _clock(at: time) -> str:
    return f"{at.hour}:{at:%M}"


def slower_though_more_urgent(targets: Mapping[Priority, Targets]) -> list[str]:
    """The priorities that wait longer for something than the next one, which is less urgent."""
    ordered = sorted(targets.items())
    return [
        f"{urgent} after {less}"
        for (urgent, sooner), (less, later) in pairwise(ordered)
        if sooner.first_response > later.first_response
        or sooner.next_response > later.next_response
        or sooner.resolution > later.resolution
    ]


def test_the_hours_that_entries_name_are_those_of_the_desks_calendar(rules: Rules) -> None:
    assert shipped_knowledge().site.variables["desk_hours"] == hours_in_words(rules.calendars["desk"])


def test_no_team_works_in_a_channel_that_the_bot_serves(rules: Rules) -> None:
    assert {queue.channel for queue in rules.queues.values()}.isdisjoint(rules.channels)
    assert len({queue.channel for queue in rules.queues.values()}) == len(rules.queues)


def test_what_is_more_urgent_never_waits_longer(rules: Rules) -> None:
    assert {name: slower_though_more_urgent(targets) for name, targets in rules.slas.items()} == {
        name: [] for name in rules.slas
    }


def test_only_who_is_there_at_any_hour_is_promised_for_at_any_hour(rules: Rules) -> None:
    """A deadline that runs at night, in a queue whose calendar is closed then, is one that nobody can meet."""
    for queue in rules.queues.values():
        accepted = {name: each for name, each in rules.slas[queue.sla or ""].items() if name >= queue.priority_cap}
        runs_at_night = [name for name, targets in accepted.items() if not targets.business]

        assert queue.always_staffed or not runs_at_night, queue.id
