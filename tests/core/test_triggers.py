"""Which rule decides, for what reason, and where a case goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.core.entries import Entry, Escalate
from bot.core.rulebook.calendar import is_open
from bot.core.rulebook.handoff import destination
from bot.core.rulebook.rules import (
    Calendar,
    ChannelRules,
    Holiday,
    Queue,
    RepeatContact,
    Route,
    Rules,
    Then,
    Trigger,
    When,
)
from bot.core.rulebook.triggers import Situation, Verdict, triggered
from tests.shipped import shipped_knowledge, shipped_rules

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
ENTRY = Entry("billing/refund", "Refund", ("i want my money back",), "-")
OFFICE = Calendar("Europe/Berlin", tuple(((time(9), time(17)),) if day < 5 else () for day in range(7)))
RULES = Rules(
    queues={
        "first": Queue("first", "C1"),
        "second": Queue("second", "C2", priority_cap="p2"),
        "third": Queue("third", "C3"),
    },
    default_queue="first",
    words={"anger": ("third time", "lawyer")},
    calendars={"office": OFFICE},
    calendar="office",
)


def rules_with(when: When, then: Then | None = None) -> Rules:
    return replace(RULES, triggers=(Trigger("it", when, then or Then("handoff")),))


@pytest.mark.parametrize(
    ("when", "situation", "reason"),
    [
        (When(keywords=("anger",)), Situation(NOON, "this is the THIRD time!"), "sensitive"),  # whatever the case
        (When(keywords=("anger",)), Situation(NOON, "ask my lawyer's office"), None),  # whole words, never parts
        (When(keywords=("anger",)), Situation(NOON, "third, time"), "sensitive"),  # commas do not part a phrase
        (When(keywords=("anger",)), Situation(NOON, "lawyers"), None),
        (When(keywords=("anger",)), Situation(NOON, "I am not a lawyer, ask my lawyer"), "sensitive"),  # once
        (When(keywords=("anger",)), Situation(NOON, "I have never been a lawyer"), None),  # denied
        (When(group=("vip",)), Situation(NOON, groups=frozenset({"vip"})), "vip"),
        (When(group=("vip",)), Situation(NOON), None),
        (When(category=("billing",)), Situation(NOON, entry=ENTRY), "category_policy"),
        (When(entry=("billing/*",)), Situation(NOON, entry=ENTRY), "category_policy"),
        (When(entry=("billing/invoice",)), Situation(NOON, entry=ENTRY), None),
        (When(failed_attempts_gte=1), Situation(NOON, failed=1), "failed_attempts"),
        (When(failed_attempts_gte=3), Situation(NOON, failed=1), None),
        (When(failed_attempts_gte="limit"), Situation(NOON, failed=1), None),  # the default limit is 2
        (When(band=("none",)), Situation(NOON, band="none"), "low_confidence"),
        (When(feedback=("still_stuck",)), Situation(NOON, feedback="still_stuck"), "negative_feedback"),
        (
            When(all=(When(feedback=("still_stuck",)), When(failed_attempts_gte=1))),
            Situation(NOON, feedback="still_stuck", failed=1),
            "negative_feedback",  # the first part that names a reason gives it
        ),
        (
            When(any=(When(keywords=("anger",)), When(repeat_contact=RepeatContact(timedelta(days=7), 3)))),
            Situation(NOON, contacts=(NOON - timedelta(days=1), NOON - timedelta(days=6))),
            "repeat_contact",  # of the branch that matched
        ),
        (
            When(repeat_contact=RepeatContact(timedelta(days=7), 3)),
            Situation(NOON, contacts=(NOON - timedelta(days=1), NOON - timedelta(days=8))),
            None,  # one of them was too long ago
        ),
        (When(not_=When(group=("vip",)), band=("none",)), Situation(NOON, band="none"), "low_confidence"),
        (When(after_hours=True), Situation(datetime(2026, 11, 22, 12, tzinfo=UTC)), ""),  # a Sunday
        (When(after_hours=True), Situation(NOON), None),
        (When(has_file=True), Situation(NOON, has_file=True), ""),
        (When(channel=("C9",)), Situation(NOON, channel="C9"), ""),
        (When(human_request=True), Situation(NOON, human_request=True), "explicit_request"),
        (When(human_request=False), Situation(NOON), ""),  # nobody asked for a person
        (When(error=True), Situation(NOON, error=True), "error"),
        (When(error=False), Situation(NOON), ""),  # nothing went wrong
        (When(failed_attempts_gte="limit"), Situation(NOON, failed=2), "failed_attempts"),
        (When(failed_attempts_gte="limit"), Situation(NOON, failed=2, band="none"), "failed_attempts"),
        (When(failed_attempts_gte="limit"), Situation(NOON, failed=2, band="unsure"), None),  # no failure: choices
        (When(failed_attempts_gte="limit"), Situation(NOON, failed=2, band="sure"), None),  # nor is an answer
        (When(failed_attempts_gte=2), Situation(NOON, failed=2, band="sure"), "failed_attempts"),  # as it is written
        (
            When(any=(When(group=("vip",)), When(keywords=("anger",)))),
            Situation(NOON, "my lawyer", groups=frozenset({"vip"})),
            "vip",  # both match: the first
        ),
        (When(any=(When(channel=("C9",)), When(band=("none",)))), Situation(NOON, channel="C9"), ""),  # it has none
    ],
)
def test_when_a_trigger_holds_and_why(when: When, situation: Situation, reason: str | None) -> None:
    verdict = triggered(rules_with(when), situation)

    held = verdict.trigger is not None and verdict.trigger.id == "it"
    assert held == (reason is not None)
    if held:
        assert (verdict.reason or "") == reason


def test_the_first_that_decides_wins_and_those_before_it_only_add() -> None:
    vip = Trigger("vip", When(group=("vip",)), Then("tag", raise_priority=1, tags=("vip",)), also=True)
    one = Trigger("one", When(band=("none",)), Then("handoff", queue="second"))
    two = Trigger("two", When(band=("none",)), Then("handoff", queue="third"))
    rules = replace(RULES, triggers=(vip, one, two))

    verdict = triggered(rules, Situation(NOON, band="none", groups=frozenset({"vip"})))

    assert verdict.trigger == one
    assert (verdict.tags, verdict.raises) == (("vip",), 1)


@pytest.mark.parametrize(
    ("policy", "situation", "rule"),
    [
        ("always", Situation(NOON, band="sure"), "escalate-always"),
        ("always", Situation(NOON, band="unsure"), None),  # it is not sure that this entry is meant
        ("offer", Situation(NOON, failed=2), "limit"),
        ("offer", Situation(NOON, feedback="still_stuck", failed=1), "still-stuck"),
        ("offer", Situation(NOON, feedback="still_stuck", failed=2), "limit"),
        ("never", Situation(NOON, failed=9), None),  # no rule offers a person
        ("never", Situation(NOON, feedback="still_stuck", failed=1), None),
    ],
)
def test_what_is_built_in_stands_last(policy: str, situation: Situation, rule: str | None) -> None:
    entry = replace(ENTRY, escalate=Escalate(policy=policy))  # type: ignore[arg-type]

    verdict = triggered(RULES, replace(situation, entry=entry))

    assert (verdict.trigger.id if verdict.trigger else None) == rule


def test_an_entry_may_set_its_own_limit() -> None:
    patient = replace(ENTRY, escalate=Escalate(after_failed=4))

    assert triggered(RULES, Situation(NOON, entry=patient, failed=3)).trigger is None
    assert triggered(RULES, Situation(NOON, entry=patient, failed=4)).trigger is not None


@pytest.mark.parametrize(
    ("then", "entry", "rules", "expected"),
    [
        (Then("handoff", queue="third", priority="p1"), ENTRY, RULES, ("third", "p1")),  # the trigger comes first
        (Then("handoff"), replace(ENTRY, escalate=Escalate(queue="third")), RULES, ("third", "p3")),  # then the entry
        (Then("handoff"), ENTRY, replace(RULES, routing=(Route("third", "p4", "billing"),)), ("third", "p4")),
        (Then("handoff"), ENTRY, replace(RULES, routing=(Route("third", entry="billing/*"),)), ("third", "p3")),
        (Then("handoff"), None, replace(RULES, channels={"C9": ChannelRules(queue="third")}), ("third", "p3")),
        (Then("handoff"), None, RULES, ("first", "p3")),  # a default queue always exists
        (Then("handoff", queue="second", priority="p1"), None, RULES, ("second", "p2")),  # capped by the queue
        (Then("handoff", raise_priority=1), None, RULES, ("first", "p2")),
        (Then("handoff", raise_priority=9), None, RULES, ("first", "p1")),
    ],
)
def test_where_a_case_goes(then: Then, entry: Entry | None, rules: Rules, expected: tuple[str, str]) -> None:
    verdict = Verdict(Trigger("it", When(), then))

    to = destination(rules, verdict, entry, entry.category if entry else "", "C9")

    assert (to.queue, to.priority) == expected


def test_every_category_of_the_shipped_knowledge_base_reaches_a_queue_by_a_route_of_its_own() -> None:
    rules = shipped_rules()
    categories = {entry.category for entry in shipped_knowledge().entries.values()}

    routed = {route.category for route in rules.routing}
    reached = {destination(rules, Verdict(None), None, category, "").queue for category in categories}

    assert len(categories) > 5
    assert categories <= routed
    assert reached <= rules.queues.keys()
    assert {queue.role for queue in rules.queues.values() if queue.tier == 2} == {
        "Technical Support", "Product Expert", "Complaints Management", "Retention Specialist",
    }  # fmt: skip
    assert any(queue.tier == 3 for queue in rules.queues.values())


@pytest.mark.parametrize(
    ("at", "is_it"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), True),  # 9:00 in Berlin
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), False),  # 17:00 is closing time
        (datetime(2026, 7, 6, 7, 0, tzinfo=UTC), True),  # 9:00 in summer
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), False),  # Sunday
        (datetime(2026, 12, 24, 12, 0, tzinfo=UTC), False),  # a holiday
    ],
)
def test_when_a_calendar_is_open(at: datetime, is_it: bool) -> None:
    closed = Holiday("Christmas", datetime(2026, 12, 24, tzinfo=UTC).date(), datetime(2026, 12, 26, tzinfo=UTC).date())

    assert is_open(replace(OFFICE, holidays=(closed,)), at) is is_it
    assert is_open(Calendar(always_open=True), at)
