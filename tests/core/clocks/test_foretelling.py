"""What is told beforehand of a handoff is what would happen: how its deadline adds up, and each step after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.clocks.foretelling import adding_up, foretold, steps
from bot.core.rulebook.rules import Calendar, Queue, Rules, Rung, Targets

HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 11, 27, 11, 30, tzinfo=UTC)
OFFICE = Calendar(
    "Europe/London", tuple(((time(9), time(12)), (time(13), time(17))) if day < 5 else () for day in range(7))
)
QUEUES = {
    "tech": Queue("tech", "C0TECH", sla="standard", ladder="up", calendar="office", priority_cap="p2"),
    "deep": Queue("deep", "C0DEEP", sla="standard", ladder="top", calendar="always"),
    "bare": Queue("bare", "C0BARE"),
}
RULES = Rules(
    queues=QUEUES,
    default_queue="tech",
    calendars={"office": OFFICE, "always": Calendar("Europe/London", always_open=True)},
    slas={
        "standard": {
            "p1": Targets(HOUR / 4, HOUR, 2 * HOUR, business=False),
            "p2": Targets(HOUR, 2 * HOUR, 4 * HOUR),
            "p3": Targets(6 * HOUR, 2 * HOUR, 40 * HOUR),
        }
    },
    ladders={
        "up": (
            Rung("remind", percent=50, of="first_response"),
            Rung("raise", percent=100, of="first_response", priorities=("p3",)),
            Rung("move", percent=150, of="first_response", to="deep", priorities=("p2",)),
        ),
        "top": (Rung("ping_group", percent=100, of="first_response", to="leads", also_to=("UBOSS",)),),
    },
)


def told(queue: str, priority: str, at: datetime = FRIDAY, *, urgency: str = "") -> tuple[tuple[str, ...], ...]:
    found = foretold(RULES, queue, priority, at, urgency=urgency)
    return adding_up(found), steps(found, RULES)


def test_a_deadline_adds_up_over_lunch_and_over_the_weekend() -> None:
    assert told("tech", "p3")[0] == (
        "Fri 27 Nov 11:30 to 12:00 (Europe/London): 30m",
        "Fri 27 Nov 13:00 to 17:00 (Europe/London): 4h, 4h30m so far",
        "Mon 30 Nov 09:00 to 10:30 (Europe/London): 1h30m, 6h so far",
    )


@pytest.mark.parametrize(
    ("queue", "priority", "at"),
    [
        ("deep", "p2", FRIDAY),  # at any hour
        ("tech", "p2", FRIDAY + 2 * HOUR),  # the hour is whole
        ("bare", "p2", FRIDAY),  # nothing is promised
    ],
)
def test_what_is_plain_is_not_added_up(queue: str, priority: str, at: datetime) -> None:
    assert told(queue, priority, at)[0] == ()


def test_of_a_long_wait_only_the_beginning_and_the_end_are_told() -> None:
    weeks = replace(RULES, slas={"standard": {"p3": Targets(70 * HOUR, HOUR, HOUR)}})

    said = adding_up(foretold(weeks, "tech", "p3", FRIDAY))

    assert len(said) == 10
    assert said[-2] == "and so on, 12 times more"
    assert said[-1].endswith("70h so far")


def test_each_step_says_when_what_happens_and_where_the_case_is_then() -> None:
    assert told("tech", "p3")[1] == (
        "Fri 27 Nov 15:30 (Europe/London), at 50% first_response: `tech` is reminded",
        "Mon 30 Nov 10:30 (Europe/London), at 100% first_response: it becomes p2, first response due Fri 27 Nov 13:30"
        " (Europe/London)",
        "Mon 30 Nov 10:30 (Europe/London), at 150% first_response: it moves to `deep` as p2, first response due"
        " Mon 30 Nov 11:30 (Europe/London)",
        "Mon 30 Nov 11:30 (Europe/London), at 100% first_response: leads and UBOSS are called in the channel of `deep`",
        "each later word of theirs is to be answered within 2h of open hours of `office`",
        "a solution is due Mon 7 Dec 09:30 (Europe/London): 40h of open hours of `office`, in which no time counts that"
        " we wait for them",
    )


def test_what_a_cap_took_comes_back_where_the_ladder_leads() -> None:
    moved = next(line for line in told("tech", "p2", urgency="p1")[1] if "it moves" in line)
    as_it_was = next(line for line in told("tech", "p2")[1] if "it moves" in line)

    assert "it moves to `deep` as p1" in moved
    assert "it moves to `deep` as p2" in as_it_was


def test_without_a_ladder_nothing_happens_and_without_an_sla_nothing_is_promised() -> None:
    assert told("bare", "p3") == (
        (),
        ("nothing happens if nobody answers: `bare` has no step for it in its ladder",),
    )


@given(st.sampled_from(["tech", "deep"]), st.sampled_from(["p1", "p2", "p3"]), st.integers(0, 60 * 24 * 14))
def test_what_counts_adds_up_to_what_is_promised_and_ends_when_it_is_due(
    queue: str, priority: str, minutes: int
) -> None:
    found = foretold(RULES, queue, priority, FRIDAY + timedelta(minutes=minutes))

    assert found.first is not None
    assert sum((closes - opens for opens, closes in found.counted), timedelta()) == found.first.within
    assert found.counted[-1][1] == found.first.due
    assert [stage.at for stage in found.stages] == sorted(stage.at for stage in found.stages)
