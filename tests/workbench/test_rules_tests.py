"""The rules' own tests: each situation comes to what it would at the desk, and a wrong expectation is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.entries import Audience, Escalate
from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import (
    Calendar,
    ChannelRules,
    Earlier,
    Expect,
    Given,
    Group,
    Queue,
    RepeatContact,
    Rules,
    RulesTest,
    Targets,
    Then,
    Trigger,
    When,
)
from bot.workbench.rules_tests import Difference, outcome_of, run
from tests.core.situations import ENTRIES, HELP, KNOWLEDGE, LEGAL, LOCKED, NEVER, OFF, PASSWORD, VPN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 10, tzinfo=UTC)
CLIENTS, VIP, PARTNER = "C0CLIENTS", "U0VIP", "U0PARTNER"
STAFF: frozenset[Audience] = frozenset({"staff"})
CLIENT: frozenset[Audience] = frozenset({"customer"})
LIMIT = When(failed_attempts_gte="limit")

RULES = Rules(
    queues={
        "tech": Queue("tech", "C0TECH", sla="standard"),
        "care": Queue("care", "C0CARE", sla="standard", priority_cap="p2", private=True),
        "alarm": Queue("alarm", "C0ALARM", sla="standard", calendar="always"),
    },
    default_queue="tech",
    timezone="Europe/London",
    calendar="office",
    calendars={
        "office": Calendar("Europe/London", tuple(((time(8), time(18)),) if day < 5 else () for day in range(7))),
        "always": Calendar(always_open=True),
    },
    slas={
        "standard": {
            "p1": Targets(HOUR / 4, HOUR, HOUR, business=False),
            "p2": Targets(HOUR, HOUR, HOUR),
            "p3": Targets(4 * HOUR, HOUR, HOUR),
        }
    },
    channels={
        HELP: ChannelRules("all"),
        CLIENTS: ChannelRules("all", audience=CLIENT, queue="care"),
        OFF: ChannelRules("off"),
    },
    groups={"vip": Group(users=(VIP,)), "partners": Group(users=(PARTNER,), audience=frozenset({"partner"}))},
    words={"anger": ("lawyer",), "theft": ("stolen",), "others": ("her mail",)},
    triggers=(
        Trigger("theft", When(keywords=("theft",)), Then("handoff", queue="alarm", priority="p1", private=True)),
        Trigger("others", When(keywords=("others",)), Then("refuse", message="Not here.")),
        Trigger("vip", When(group=("vip",)), Then("tag", raise_priority=1, tags=("vip",)), also=True),
        Trigger("again", When(repeat_contact=RepeatContact(7 * DAY, 3)), Then("tag", raise_priority=1), also=True),
        Trigger("angry", When(keywords=("anger",)), Then("handoff", queue="care", priority="p2")),
        Trigger("night", When(after_hours=True, band=("none",)), Then("handoff", queue="alarm")),
        Trigger("wrong", When(feedback=("not_meant",)), Then("handoff", queue="care")),
        Trigger("stuck-twice", When(all=(When(feedback=("still_stuck",)), LIMIT)), Then("handoff")),
    ),
)
KNOWS: Knowledge = replace(
    KNOWLEDGE,
    rules=RULES,
    entries=ENTRIES
    | {VPN.id: replace(VPN, audience=STAFF), LOCKED.id: replace(LOCKED, escalate=Escalate(after_failed=1))},
)
FORGOT, LOCKED_OUT, EITHER, TO_VPN = (
    "i forgot my password",
    "my account is locked",
    "my account password",
    "how do i connect to the vpn",
)


def before(*texts: str) -> tuple[Earlier, ...]:
    return tuple(Earlier(text) for text in texts)


def requests(*days_ago: float) -> tuple[Earlier, ...]:
    return tuple(Earlier(at=TUESDAY - days * DAY) for days in days_ago)


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        # A text
        (Given(FORGOT), "answer"),
        (Given(EITHER), "ask"),
        (Given("flurb"), "rephrase"),
        (Given("thanks"), "chat"),
        (Given("talk to a human"), "handoff human-request tech p3"),
        (Given("talk to a human, i have a lawyer"), "handoff human-request care p2"),  # the rules still say to whom
        (Given("change my contract"), "handoff escalate-always tech p3"),
        (Given("stop reading her mail"), "refuse others"),
        (Given("my phone was stolen"), "handoff theft alarm p1"),
        (Given(), "chat"),  # nothing at all is a fragment
        # An entry
        (Given("no words of its", entry=PASSWORD.id), "answer"),  # whatever the matcher would say
        (Given(entry=LEGAL.id), "handoff escalate-always tech p3"),  # in the entry's own words
        (Given("talk to a human", entry=PASSWORD.id), "handoff human-request tech p3"),  # a wish comes first
        (Given("flurb", entry="accounts/gone"), "rephrase"),  # there is none of that name
        # Failed attempts
        (Given("flurb", failed_attempts=1), "rephrase"),  # the miss is the first
        (Given("flurb", failed_attempts=2), "handoff limit tech p3"),  # the miss is the second
        (Given("that's not it", failed_attempts=2), "handoff limit tech p3"),  # so is a rejection
        (Given(LOCKED_OUT, feedback="still_stuck", failed_attempts=1), "handoff stuck-twice tech p3"),  # its own limit
        # Feedback
        (Given(FORGOT, feedback="still_stuck"), "offer still-stuck"),
        (Given(FORGOT, feedback="still_stuck", failed_attempts=1), "offer still-stuck"),
        (Given(FORGOT, feedback="still_stuck", failed_attempts=2), "handoff stuck-twice tech p3"),
        (Given("no words", entry=PASSWORD.id, feedback="still_stuck"), "offer still-stuck"),
        (Given(entry=NEVER.id, feedback="still_stuck", failed_attempts=5), "handoff stuck-twice tech p3"),
        (Given(FORGOT, feedback="did_not_work"), "rephrase"),
        (Given(FORGOT, feedback="not_meant"), "handoff wrong care p3"),
        (Given(FORGOT, feedback="not_meant", failed_attempts=2), "handoff stuck-twice tech p3"),  # stuck was enough
        (Given(FORGOT, feedback="rejection"), "rephrase"),
        (Given(FORGOT, feedback="rejection", failed_attempts=2), "handoff limit tech p3"),
        (Given(EITHER, feedback="none_of_these"), "rephrase"),
        (Given(EITHER, feedback="none_of_these", failed_attempts=2), "handoff limit tech p3"),
        (Given("my lawyer says", entry=PASSWORD.id, feedback="still_stuck"), "handoff angry care p2"),  # words first
        (Given("flurb", feedback="still_stuck"), "rephrase"),  # there was nothing to press
        (Given(FORGOT, feedback="none_of_these"), "answer"),  # nor here
        (Given("her mail", feedback="rejection"), "refuse others"),  # that was the last word
        # History
        (Given("flurb", history=before("blah")), "handoff limit tech p3"),  # the second miss
        (Given("flurb", history=before(FORGOT)), "rephrase"),  # an answer is none
        (Given(FORGOT, history=before("flurb"), feedback="still_stuck"), "handoff stuck-twice tech p3"),
        (Given("flurb", history=before("blah"), failed_attempts=1), "rephrase"),  # what is said counts more
        (Given("that works", history=before(FORGOT)), "chat"),
        (Given("hello?", history=before("flurb", "blah")), "ignore"),  # people have it already
        (Given(TO_VPN, history=before("flurb", FORGOT), feedback="still_stuck"), "offer still-stuck"),  # a new case
        (Given("flurb", failed_attempts=2, history=requests(1, 6)), "handoff limit tech p2"),  # the third in a week
        (Given("flurb", failed_attempts=2, history=requests(1, 8)), "handoff limit tech p3"),  # the week is over
        (Given("flurb", failed_attempts=2, history=requests(1, -1)), "handoff limit tech p3"),  # tomorrow is not yet
        (Given(FORGOT, feedback="still_stuck", failed_attempts=2, history=requests(1)), "handoff stuck-twice tech p3"),
        (
            Given("change my contract", history=(*requests(1), *before(FORGOT))),
            "handoff escalate-always tech p2",  # moving on to something else is another request
        ),
        # A person
        (Given("flurb", failed_attempts=2, user=VIP), "handoff limit tech p2"),  # raised
        (Given("flurb", failed_attempts=2, user=VIP, history=requests(1, 2)), "handoff limit tech p1"),  # raised twice
        (Given("flurb", failed_attempts=2, user="U0OTHER"), "handoff limit tech p3"),
        (Given("my lawyer", user=VIP), "handoff angry care p2"),  # raised, and capped by the queue
        (Given("stolen", user=VIP), "handoff theft alarm p1"),  # nothing is above p1
        (Given(FORGOT, user=PARTNER), "rephrase"),  # nothing is written for partners
        # A channel
        (Given(FORGOT, channel=HELP), "answer"),
        (Given(FORGOT, channel="C0ANYWHERE"), "answer"),  # the bot is mentioned
        (Given(FORGOT, channel=OFF), "ignore"),
        (Given(FORGOT, channel=HELP, feedback="still_stuck", failed_attempts=2), "handoff stuck-twice tech p3"),
        (Given("flurb", channel=HELP, history=before("blah")), "handoff limit tech p3"),  # in the case's thread
        (Given("flurb", channel=CLIENTS, failed_attempts=2), "handoff limit care p3"),  # the channel's queue
        (Given(EITHER, channel=HELP, feedback="none_of_these", failed_attempts=2), "handoff limit tech p3"),
        (Given(FORGOT, channel=HELP, feedback="rejection", failed_attempts=2), "handoff limit tech p3"),
        # What may be seen
        (Given(TO_VPN), "answer"),
        (Given(TO_VPN, channel=CLIENTS), "rephrase"),  # for staff, and clients read along
        (Given(TO_VPN, channel=CLIENTS, entry=VPN.id), "rephrase"),  # no test can change that
        # A time
        (Given("flurb", at=SUNDAY), "handoff night alarm p3"),
        (Given("flurb", at=TUESDAY), "rephrase"),
        (Given(FORGOT, at=SUNDAY), "answer"),
    ],
)  # fmt: skip
def test_what_a_situation_comes_to(given: Given, outcome: str) -> None:
    found = outcome_of(given, KNOWS)

    assert " ".join(filter(None, (found.action, found.rule, found.queue, found.priority))) == outcome


@pytest.mark.parametrize(
    ("given", "due"),
    [
        (Given("flurb", failed_attempts=2), TUESDAY + 4 * HOUR),  # without `at` it is a Tuesday at ten
        (Given("flurb", failed_attempts=2, user=VIP), TUESDAY + HOUR),  # p2 is sooner
        (Given("stolen", at=SUNDAY), SUNDAY + HOUR / 4),  # p1 at any hour
        (Given("lawyer", at=SUNDAY), datetime(2026, 11, 23, 9, tzinfo=UTC)),  # p2 from Monday at eight on
        (Given(FORGOT), None),
        (Given(FORGOT, feedback="still_stuck"), None),  # an offer promises nothing yet
    ],
)
def test_when_its_first_response_is_due(given: Given, due: datetime | None) -> None:
    assert outcome_of(given, KNOWS).due_first == due


def test_without_a_time_it_is_ten_where_the_rules_are() -> None:
    abroad = replace(RULES, timezone="Asia/Kathmandu", calendar=None)

    found = outcome_of(Given("flurb", failed_attempts=2), replace(KNOWS, rules=abroad))

    assert found.due_first == datetime(2026, 11, 24, 8, 15, tzinfo=UTC)


def test_why_it_came_to_that() -> None:
    found = outcome_of(
        Given("forgot", entry=PASSWORD.id, feedback="still_stuck", failed_attempts=2, history=before("hi")), KNOWS
    )

    assert found.why == (
        "before that, “hi” leads to `chat`",
        "the test says that `accounts/reset-password` answers it",
        "the text by itself leads to `answer`",
        "then comes `still_stuck`, failed attempts so far 2: `handoff`",
        "rule `stuck-twice` hands it to `tech` as p3",
        "reason `negative_feedback`: The customer is still stuck",
        "first response is due Tue 24 Nov 14:00 (Europe/London): 4h of open hours of `office`",
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Given("flurb", feedback="still_stuck"), "`still_stuck` cannot follow: nothing was answered"),
        (Given(FORGOT, feedback="none_of_these"), "`none_of_these` cannot follow: no choices were offered"),
        (Given("flurb", entry="a/gone"), "there is no entry `a/gone`, so the matcher finds the answer"),
        (
            Given(TO_VPN, channel=CLIENTS, entry=VPN.id),
            "`network/vpn` is not served there to this person: name a `user` or `channel` that may see it",
        ),
        (Given("more", history=before("stolen")), "before that, “stolen” leads to `handoff` by rule `theft`"),
        (Given("more", history=before("stolen")), "people have the case already, so what follows is passed on to them"),
        (Given(TO_VPN, history=before(FORGOT)), "it is about something else than before, so a new case begins"),
    ],
)
def test_it_says_what_is_odd_about_a_situation(given: Given, sentence: str) -> None:
    assert sentence in outcome_of(given, KNOWS).why


THEFT = Given("my phone was stolen", at=TUESDAY)
RIGHT = Expect("theft", "alarm", "p1", TUESDAY + HOUR / 4, "handoff")


def ran(given: Given, expect: Expect) -> tuple[Difference, ...]:
    rules = replace(RULES, tests=(RulesTest("it", given, expect),))
    (result,) = run(replace(KNOWS, rules=rules))
    assert result.name == "it"
    assert result.passed == (not result.differences)
    return result.differences


def test_what_is_right_in_every_field_passes() -> None:
    assert ran(THEFT, RIGHT) == ()
    assert ran(THEFT, Expect()) == ()  # nothing is expected


@pytest.mark.parametrize(
    ("wrong", "expected", "found"),
    [
        ({"action": "offer"}, "offer", "handoff"),
        ({"rule": "angry"}, "angry", "theft"),
        ({"queue": "tech"}, "tech", "alarm"),
        ({"priority": "p2"}, "p2", "p1"),
        ({"due_first": TUESDAY + HOUR}, "2026-11-24T11:00:00+00:00", "2026-11-24T10:15:00+00:00"),
    ],
)
def test_what_is_wrong_in_one_field_fails_for_it(wrong: dict[str, Any], expected: str, found: str) -> None:
    (field,) = wrong

    assert ran(THEFT, replace(RIGHT, **wrong)) == (Difference(field, expected, found),)


def test_where_nothing_is_handed_over_every_expectation_of_it_fails() -> None:
    assert ran(Given(FORGOT), RIGHT) == (
        Difference("action", "handoff", "answer"),
        Difference("rule", "theft", "none"),
        Difference("queue", "alarm", "none"),
        Difference("priority", "p1", "none"),
        Difference("due_first", "2026-11-24T10:15:00+00:00", "none"),
    )


def test_a_due_time_may_be_written_in_any_zone_and_is_told_in_that_of_the_rules() -> None:
    summer = Given("my phone was stolen", at=datetime(2027, 6, 5, 21, tzinfo=UTC))

    assert ran(summer, Expect(due_first=datetime.fromisoformat("2027-06-06T03:00:00+05:45"))) == ()
    assert ran(summer, Expect(due_first=datetime.fromisoformat("2027-06-06T03:01:00+05:45"))) == (
        Difference("due_first", "2027-06-05T22:16:00+01:00", "2027-06-05T22:15:00+01:00"),
    )


def test_where_a_due_time_is_not_as_expected_it_is_told_how_it_adds_up() -> None:
    late = Given("flurb", failed_attempts=2, at=datetime(2026, 11, 24, 16, tzinfo=UTC))
    adds_up = "Wed 25 Nov 08:00 to 10:00 (Europe/London): 2h, 4h so far"

    for due, is_told in ((TUESDAY, True), (datetime(2026, 11, 25, 10, tzinfo=UTC), False)):
        rules = replace(RULES, tests=(RulesTest("it", late, Expect(due_first=due)),))
        (result,) = run(replace(KNOWS, rules=rules))
        assert (adds_up in result.outcome.why) is is_told


def test_a_due_time_in_the_hour_that_happens_twice_can_be_met() -> None:
    night = Given("my phone was stolen", at=datetime(2026, 10, 25, 1, 0, tzinfo=UTC))
    second = datetime(2026, 10, 25, 1, 15, tzinfo=ZoneInfo("Europe/London"), fold=1)

    assert ran(night, Expect(due_first=second)) == ()
    assert ran(night, Expect(due_first=second.replace(fold=0))) == (
        Difference("due_first", "2026-10-25T01:15:00+01:00", "2026-10-25T01:15:00+00:00"),
    )


def test_tests_keep_their_order_and_rules_may_have_none() -> None:
    tests = tuple(RulesTest(name, THEFT, Expect(rule=rule)) for name, rule in (("a", "theft"), ("b", "angry")))

    assert [(r.name, r.passed) for r in run(replace(KNOWS, rules=replace(RULES, tests=tests)))] == [
        ("a", True),
        ("b", False),
    ]
    assert run(KNOWS) == ()
