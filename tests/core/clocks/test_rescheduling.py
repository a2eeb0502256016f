"""Rules that change while people have a case: what was promised stays on record, and only what is later is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.clocks.clock import Deadline, deadline
from bot.core.clocks.ticking import ticked
from bot.core.events import BOT, Event, Rescheduled, Transferred
from bot.core.folding import evolve
from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import Calendar, Holiday, Rules, Targets
from bot.core.saying import Card, Line, Post, Update
from tests.core.clocks.stories import BEGIN, DANA, RULES, minute, told
from tests.core.situations import KNOWLEDGE

HOUR = timedelta(hours=1)
OFFICE = Calendar("UTC", (((time(9), time(17)),),) * 5 + ((), ()))
SHUT_TODAY = replace(OFFICE, holidays=(Holiday("Strike", date(2026, 11, 23), date(2026, 11, 23)),))
SHUT_LATER = replace(OFFICE, holidays=(Holiday("Feast", date(2026, 11, 24), date(2026, 11, 24)),))
NEVER = Calendar("UTC")
NOW = minute(10)


def in_hours(calendar: Calendar, first: timedelta = HOUR) -> Rules:
    queues = {**RULES.queues, "tech": replace(RULES.queues["tech"], calendar="office")}
    promised = {"standard": {**RULES.slas["standard"], "p3": Targets(first, HOUR, 8 * HOUR)}}
    return replace(RULES, queues=queues, calendars={"office": calendar}, slas=promised)


def around_the_clock(first: timedelta) -> Rules:
    return replace(RULES, slas={"standard": {"p3": Targets(first, HOUR, 8 * HOUR, business=False)}})


def promised(due: datetime | None, told_due: datetime | None = None) -> Case:
    return replace(told("H"), due_first_at=due, told_due_at=told_due)


@pytest.mark.parametrize(
    ("rules", "told_due", "due", "is_told"),
    [
        (around_the_clock(2 * HOUR), minute(60), minute(120), True),  # they were told too early a time
        (around_the_clock(2 * HOUR), None, minute(120), False),  # nobody told them any
        (around_the_clock(2 * HOUR), minute(180), minute(120), False),  # what they were told is later still
        (around_the_clock(2 * HOUR), minute(120), minute(120), False),  # they were told this very time
        (around_the_clock(HOUR / 2), minute(60), minute(30), False),  # sooner is no news
        (in_hours(SHUT_TODAY), minute(60), datetime.fromisoformat("2026-11-24T10:00Z"), True),  # a new holiday
        (in_hours(SHUT_LATER, 6 * HOUR), minute(60), datetime.fromisoformat("2026-11-25T10:00Z"), True),  # within
    ],
)
def test_a_promise_that_the_rules_have_moved_is_told_if_it_is_later(
    rules: Rules, told_due: datetime | None, due: datetime, is_told: bool
) -> None:
    case = promised(minute(60), told_due)

    events = ticked(case, rules, NOW)

    told_then = due if is_told else None
    assert events == (Rescheduled(at=NOW, actor=BOT, due_first_at=due, told_due_at=told_then),)
    after = evolve(case, events[0])
    assert (after.due_first_at, after.told_due_at) == (due, told_then or told_due)
    assert ticked(after, rules, NOW) == ()  # once
    assert deadline(after, rules) == Deadline("first_response", due)


@pytest.mark.parametrize(
    ("case", "rules"),
    [
        (promised(minute(60), minute(60)), RULES),  # nothing has changed
        (promised(minute(60), minute(60)), in_hours(OFFICE)),  # nor where the hours are others, and the end is the same
        (promised(minute(60), minute(60)), replace(RULES, slas={})),  # nothing is promised any more
        (promised(minute(60), minute(60)), in_hours(NEVER)),  # nobody is there any more
        (promised(minute(60), minute(60)), replace(RULES, queues={})),  # the queue is gone
        (promised(None), around_the_clock(2 * HOUR)),  # nothing was promised
        (promised(minute(10), minute(10)), around_the_clock(2 * HOUR)),  # it is late already, and stays so
        (replace(told("HR"), told_due_at=minute(60)), around_the_clock(2 * HOUR)),  # it was kept
        (replace(told("HD"), told_due_at=minute(60)), around_the_clock(2 * HOUR)),  # it is over
        (replace(told("HB"), told_due_at=minute(60)), around_the_clock(2 * HOUR)),  # the bot has it
    ],
)
def test_a_promise_stays_as_it_was_given(case: Case, rules: Rules) -> None:
    assert ticked(case, rules, NOW) == ()


def test_what_was_promised_is_seen_for_as_long_as_the_rules_promise_nothing_else() -> None:
    for rules in (replace(RULES, slas={}), in_hours(NEVER)):
        assert deadline(promised(minute(60)), rules) == Deadline("first_response", minute(60))


def test_what_is_promised_of_a_second_answer_and_of_the_solution_follows_the_rules() -> None:
    rules = replace(RULES, slas={"standard": {"p3": Targets(HOUR, 2 * HOUR, 8 * HOUR, business=False)}})

    assert deadline(told("HRF"), RULES) == Deadline("next_response", minute(32))
    assert deadline(told("HRF"), rules) == Deadline("next_response", minute(122))
    assert ticked(told("HRF"), rules, NOW) == ()


@pytest.mark.parametrize("to", ["care", "tech"])  # "tech": from the operators, who had it in its stead
def test_a_case_passed_on_is_no_change_of_rules(to: str) -> None:
    case = replace(promised(minute(60), minute(60)), operators="" if to == "care" else "C0OPS")
    passed_on = Transferred(at=minute(5), actor=DANA, words="Yours.", queue=to, priority="p3", due_first_at=minute(65))

    assert ticked(evolve(case, passed_on), RULES, NOW) == ()


def said_of(case: Case, event: Event, rules: Rules) -> tuple[list[str], list[Card]]:
    """The lines that the customer reads, and the cards as they are now."""
    knowledge: Knowledge = replace(KNOWLEDGE, rules=rules)
    (chapter,) = chapters(case, [event], knowledge)
    sayings = [one.saying for one in chapter.said]
    lines = [one.content.text for one in sayings if isinstance(one, Post) and isinstance(one.content, Line)]
    return lines, [one.content for one in sayings if isinstance(one, Update) and isinstance(one.content, Card)]


def test_the_customer_reads_a_later_time_once_and_the_card_shows_it() -> None:
    case, rules = promised(minute(60), minute(60)), in_hours(SHUT_TODAY)
    (event,) = ticked(case, rules, NOW)

    lines, (card,) = said_of(case, event, rules)

    (line,) = lines
    assert "by Tue 24 Nov 10:00 (UTC)" in line
    assert card.due is not None
    assert (card.due_of, card.due[0]) == ("first_response", (BEGIN + 22 * HOUR).timestamp())


def test_a_time_that_is_sooner_stands_on_the_card_and_the_customer_hears_nothing() -> None:
    case, rules = promised(minute(60), minute(60)), around_the_clock(HOUR / 2)
    (event,) = ticked(case, rules, NOW)

    lines, (card,) = said_of(case, event, rules)

    assert lines == []
    assert card.due is not None
    assert card.due[0] == minute(30).timestamp()
