"""The ladder: each rung once, in hours, in order; and it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.case import Case
from bot.core.clocks.ladder import next_step
from bot.core.clocks.ticking import next_look, ticked
from bot.core.clocks.unattended import unattended
from bot.core.entries import Priority
from bot.core.events import (
    BOT,
    Claimed,
    Event,
    Forwarded,
    HandedOff,
    Raised,
    Reassigned,
    Released,
    Replied,
    Resolved,
    RungReached,
    Transferred,
)
from bot.core.folding import evolve
from bot.core.rulebook.calendar import is_open
from bot.core.rulebook.promises import calendar_of, first_response_due
from bot.core.rulebook.rules import PRIORITIES, Calendar, Queue, Rules, Rung, Targets
from bot.core.stimuli import Place

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DANA, ANA = "UDANA", "UANA"
OFFICE = Calendar("UTC", tuple(((time(9), time(12)), (time(13), time(17))) if day < 5 else () for day in range(7)))
PROMISED: dict[Priority, Targets] = {
    "p1": Targets(HOUR / 4, HOUR / 2, 4 * HOUR, business=False),
    "p2": Targets(HOUR, 2 * HOUR, 8 * HOUR),
    "p3": Targets(4 * HOUR, 8 * HOUR, 24 * HOUR),
    "p4": Targets(8 * HOUR, 8 * HOUR, 40 * HOUR),
}
LADDER = (
    Rung("remind", percent=80, of="first_response"),
    Rung("ping_group", percent=100, of="first_response", to="leads"),
    Rung("move", percent=150, of="first_response", to="deep", priorities=("p1", "p2")),
    Rung("remind", percent=50, of="next_response"),
    Rung("notify_lead", percent=100, of="resolution", to="leads"),
    Rung("raise", after=30 * HOUR, priorities=("p4",)),
)
RULES = Rules(
    queues={
        "tech": Queue("tech", "C1", sla="standard", calendar="office", ladder="tier2"),
        "deep": Queue("deep", "C2", tier=3, sla="standard", calendar="always", ladder="tier3", always_staffed=True),
        "never": Queue("never", "C3", sla="standard", calendar="closed", ladder="tier2"),
    },
    calendars={"office": OFFICE, "always": Calendar(always_open=True), "closed": Calendar()},
    slas={"standard": PROMISED},
    ladders={"tier2": LADDER, "tier3": (Rung("notify_lead", percent=200, of="first_response", to="leads"),)},
)
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)


def handed_off(queue: str, priority: str, at: datetime, rules: Rules = RULES) -> Case:
    due = first_response_due(rules, queue, priority, at)
    event = HandedOff(at=at, actor=BOT, queue=queue, priority=priority, reason="", rule="", due_first_at=due)
    return evolve(Case("T1", Place("T", "D1", "", ANA)), event)


def after(case: Case, *events: Event) -> Case:
    for event in events:
        case = evolve(case, event)
    return case


def replied(at: datetime) -> Replied:
    return Replied(at=at, actor=DANA, words="Try this.", channel="C1", slack_ts="1.0")


def forwarded(at: datetime) -> Forwarded:
    return Forwarded(at=at, actor=ANA, words="And now?", channel="D1", slack_ts="2.0")


def life(case: Case, until: datetime, rules: Rules = RULES) -> list[tuple[datetime, Event]]:
    """What time alone makes of a case, when it is looked at whenever that is asked for."""
    happened: list[tuple[datetime, Event]] = []
    now = case.handed_off_at or until
    while (at := next_look(case, rules, now)) is not None and at <= until:
        now = at
        events = ticked(case, rules, at)
        assert events, "it was asked to look, and there was nothing"
        happened += ((at, event) for event in events)
        case = after(case, *events)
    return happened


def rungs(happened: list[tuple[datetime, Event]]) -> list[tuple[str, str]]:
    return [(f"{at:%a %H:%M}", event.do) for at, event in happened if isinstance(event, RungReached)]


WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("queue", "priority", "at", "expected"),
    [
        # in hours, at once; resolution counts on
        ("tech", "p3", MONDAY, [("Mon 14:12", "remind"), ("Mon 15:00", "ping_group"), ("Thu 14:00", "notify_lead")]),
        # the evening and the weekend do not count
        ("tech", "p2", FRIDAY, [("Mon 09:18", "remind"), ("Mon 09:30", "ping_group"), ("Mon 10:00", "move"),
                                ("Mon 12:00", "notify_lead"), ]),
        # at any hour is promised, and nobody is there: it goes where somebody is, and nobody is called at night
        ("tech", "p1", FRIDAY + 6 * HOUR, [("Fri 22:52", "move"), ("Fri 23:22", "notify_lead")]),
        # a length of time from the handoff, in hours
        ("tech", "p4", MONDAY, [("Tue 09:24", "remind"), ("Tue 11:00", "ping_group"), ("Tue 16:00", "raise")]),
        # nobody ever comes: it goes on all the same where somebody is, and calls nobody before
        ("never", "p1", MONDAY, [("Mon 10:22", "move"), ("Mon 10:52", "notify_lead")]),
    ],
)  # fmt: skip
def test_what_happens_to_a_handoff_that_nobody_touches(
    queue: str, priority: str, at: datetime, expected: list[tuple[str, str]]
) -> None:
    found = rungs(life(handed_off(queue, priority, at), at + WEEK))

    assert found[: len(expected)] == expected


def test_an_answer_ends_the_reminders_of_the_first_response() -> None:
    case = after(handed_off("tech", "p3", MONDAY), replied(MONDAY + HOUR))

    assert next_look(case, RULES, MONDAY + HOUR) is None  # all clocks stand still: we wait for the customer


def test_a_claim_alone_answers_nobody() -> None:
    case = after(handed_off("tech", "p3", MONDAY), Claimed(at=MONDAY + HOUR, actor=DANA))

    assert rungs(life(case, MONDAY + 8 * HOUR)) == [("Mon 14:12", "remind"), ("Mon 15:00", "ping_group")]


def test_each_word_that_nobody_answers_is_reminded_of_once() -> None:
    first = after(handed_off("tech", "p2", MONDAY), replied(MONDAY + HOUR / 2), forwarded(MONDAY + HOUR))
    again = after(first, *(event for _, event in life(first, MONDAY + 3 * HOUR)))
    again = after(again, forwarded(MONDAY + 3 * HOUR), replied(MONDAY + 3 * HOUR), forwarded(MONDAY + 4 * HOUR))

    assert rungs(life(first, MONDAY + 3 * HOUR)) == [("Mon 13:00", "remind")]
    assert rungs(life(again, MONDAY + 6 * HOUR)) == [("Mon 15:00", "remind")]


def test_a_solved_case_and_one_that_the_bot_has_again_have_no_ladder() -> None:
    case = handed_off("tech", "p3", MONDAY)

    assert next_step(after(case, Released(at=MONDAY, actor=DANA)), RULES, MONDAY) is None
    assert next_step(after(case, Resolved(at=MONDAY, actor=DANA, words="", code="fixed")), RULES, MONDAY) is not None
    assert next_step(replace(case, state="closed"), RULES, MONDAY) is None


def test_a_case_that_is_moved_counts_anew_where_it_arrives() -> None:
    case = handed_off("tech", "p2", MONDAY)

    happened = life(case, MONDAY + 4 * HOUR)

    moved = next(event for _, event in happened if isinstance(event, Transferred))
    assert (moved.queue, moved.actor, moved.due_first_at) == ("deep", BOT, moved.at + HOUR)
    assert moved.rung
    assert rungs(happened)[-2:] == [("Mon 11:30", "move"), ("Mon 13:30", "notify_lead")]


def test_a_case_passed_on_within_the_team_goes_on_where_it_was() -> None:
    case = handed_off("tech", "p3", MONDAY)
    passed = after(case, Reassigned(at=MONDAY + HOUR, actor=DANA, words="yours", to="UEMIL"))

    assert next_look(passed, RULES, MONDAY) == next_look(case, RULES, MONDAY)


def test_what_is_raised_keeps_its_beginning_and_is_never_due_later() -> None:
    happened = life(handed_off("tech", "p4", MONDAY), MONDAY + 3 * 24 * HOUR)

    raised = next(event for _, event in happened if isinstance(event, Raised))
    assert raised.priority == "p3"
    assert raised.due_first_at == MONDAY + 5 * HOUR


def test_a_queue_takes_nothing_more_urgent_than_it_accepts() -> None:
    capped = replace(RULES, queues={**RULES.queues, "tech": replace(RULES.queues["tech"], priority_cap="p4")})

    happened = life(handed_off("tech", "p4", MONDAY, capped), MONDAY + WEEK, capped)

    assert "raise" not in [do for _, do in rungs(happened)]


def test_after_a_long_sleep_everything_that_was_due_comes_in_its_order_and_once() -> None:
    case = handed_off("tech", "p2", FRIDAY)
    now = FRIDAY + WEEK

    events = ticked(case, RULES, now)

    done = [event.do for event in events if isinstance(event, RungReached)]
    assert done[:3] == ["remind", "ping_group", "move"]
    assert ticked(after(case, *events), RULES, now) == ()


def test_what_was_due_while_nobody_looked_does_not_wake_anybody_at_night() -> None:
    case, saturday = handed_off("tech", "p3", MONDAY), MONDAY + 5 * 24 * HOUR

    assert ticked(case, RULES, saturday) == ()
    assert next_look(case, RULES, saturday) == datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_looking_too_early_does_nothing() -> None:
    case = handed_off("tech", "p3", MONDAY)

    assert ticked(case, RULES, (next_look(case, RULES, MONDAY) or MONDAY) - MINUTE) == ()


def test_two_queues_that_move_to_each_other_come_to_an_end() -> None:
    to_and_fro: dict[str, tuple[Rung, ...]] = {
        "here": (Rung("move", percent=50, of="first_response", to="deep"),),
        "there": (Rung("move", percent=50, of="first_response", to="tech"),),
    }
    queues = {
        "tech": replace(RULES.queues["tech"], ladder="here"),
        "deep": replace(RULES.queues["deep"], ladder="there"),
    }
    rules = replace(RULES, queues=queues, ladders=to_and_fro)

    assert [stage.queue for stage in unattended(rules, "tech", "p3", MONDAY)] == ["deep", "tech"]


hours = st.sampled_from(["office", "always", "closed"])
shares = st.builds(
    Rung,
    st.sampled_from(["remind", "ping_group", "notify_lead", "move", "raise"]),
    percent=st.integers(1, 300),
    of=st.sampled_from(["first_response", "next_response", "resolution"]),
    to=st.sampled_from(["tech", "deep", "never", "p1", "p2"]),
    priorities=st.sampled_from([(), ("p1",), ("p2", "p3")]),
)
lengths = st.builds(
    Rung,
    st.sampled_from(["remind", "ping_group", "move", "raise"]),
    after=st.integers(1, 90).map(lambda n: n * HOUR),
    to=st.sampled_from(["tech", "deep", "never", "p2"]),
)
ladders = st.lists(shares | lengths, max_size=6).map(tuple)
moments = st.integers(0, 14 * 48).map(lambda n: MONDAY + n * HOUR / 2)


@st.composite
def rulebooks(draw: st.DrawFn) -> Rules:
    queues = {
        name: replace(queue, calendar=draw(hours), ladder=f"of {name}", priority_cap=draw(st.sampled_from(PRIORITIES)))
        for name, queue in RULES.queues.items()
    }
    return replace(RULES, queues=queues, ladders={f"of {name}": draw(ladders) for name in queues})


@given(rulebooks(), st.sampled_from(["tech", "deep", "never"]), st.sampled_from(PRIORITIES), moments)
def test_every_ladder_ends_in_order_and_calls_people_in_their_hours_only(
    rules: Rules, queue: str, priority: str, at: datetime
) -> None:
    stages = unattended(rules, queue, priority, at)

    here = queue
    assert list(stages) == sorted(stages, key=lambda stage: stage.at)
    for stage in stages:
        assert stage.at >= at
        if stage.do in ("remind", "ping_group", "notify_lead"):
            assert is_open(calendar_of(rules, rules.queues[here])[1], stage.at)
        here = stage.queue


@given(rulebooks(), st.sampled_from(["tech", "deep"]), st.sampled_from(PRIORITIES), moments, st.integers(0, 400))
def test_however_late_it_is_looked_at_the_same_is_done_once(
    rules: Rules, queue: str, priority: str, at: datetime, later: int
) -> None:
    case, now = handed_off(queue, priority, at, rules), at + later * HOUR

    events = ticked(case, rules, now)
    reached = [event.rung for event in events if isinstance(event, RungReached)]

    assert len(reached) == len(set(reached))
    assert ticked(after(case, *events), rules, now) == ()
    assert (next_look(after(case, *events), rules, now) or now + HOUR) > now


def test_what_is_raised_is_never_due_later_even_where_less_is_promised_for_more() -> None:
    """At any hour within eight hours is sooner than within six open ones."""
    odd = {**PROMISED, "p3": replace(PROMISED["p3"], first_response=8 * HOUR, business=False)}
    odd["p2"] = replace(PROMISED["p2"], first_response=6 * HOUR)
    ladder = (Rung("raise", after=HOUR), Rung("remind", percent=100, of="first_response"))
    rules = replace(RULES, slas={"standard": odd}, ladders={**RULES.ladders, "tier2": ladder})

    happened = life(handed_off("tech", "p3", MONDAY + 2 * HOUR, rules), MONDAY + 24 * HOUR, rules)

    raised = next(event for _, event in happened if isinstance(event, Raised))
    assert raised.due_first_at == MONDAY + 10 * HOUR
    assert [type(event) for _, event in happened] == [RungReached, Raised, RungReached]
