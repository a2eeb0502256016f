"""What passes and what does not: who waits, who is told, and that nothing is lost in silence."""

from __future__ import annotations

import logging
from itertools import pairwise
from urllib.error import URLError

import pytest

from bot.core.saying import DirectTo, In, Said
from bot.core.stimuli import Undeliverable
from bot.errors import StoreDown
from bot.slack.courier import Composed
from tests.slack.fakes_courier import NOON, TEAM, Stage, in_blocks, post, refusal, slow_down

REQUEST_TIMEOUT, GRACE = 10, 5
REFUSED_CONNECTION = URLError(ConnectionRefusedError())


@pytest.fixture
def stage() -> Stage:
    return Stage()


# --- what passes ------------------------------------------------------------------------------------------------------


def test_a_refused_connection_is_tried_again_in_growing_pauses_without_a_look(stage: Stage) -> None:
    stage.slack.always["chat.postMessage"] = REFUSED_CONNECTION
    stage.write(post())
    tried_at = []
    stage.slack.before = lambda _: tried_at.append((stage.clock() - NOON).total_seconds())

    for _ in range(200):
        stage.later(1)

    assert [later - earlier for earlier, later in pairwise(tried_at)] == [
        1,
        2,
        4,
        8,
        16,
        32,
        60,
        60,
    ]
    assert {method for method, _ in stage.slack.asked} == {"chat.postMessage"}
    assert "K1" in stage.alarms[0]


def test_what_cannot_be_sent_for_a_day_is_parked_and_the_operators_hear_of_it(stage: Stage) -> None:
    stage.slack.always["chat.postMessage"] = REFUSED_CONNECTION
    row = stage.say(post())

    for _ in range(24 * 60 - 5):
        stage.later(60)
    assert row.state == "due"
    stage.alarms.clear()
    for _ in range(10):
        stage.later(60)

    assert row.state == "parked"
    assert [report.error for report in stage.reports if isinstance(report, Undeliverable)] == ["ConnectionRefusedError"]
    assert len(stage.alarms) == 1


def test_what_waited_a_day_for_other_reasons_is_not_given_up_at_its_first_failure(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(REFUSED_CONNECTION)
    outbox = stage.write(post())

    stage.later(25 * 3600)
    stage.later(1)

    assert stage.outbox.entries[outbox].state == "told"


@pytest.mark.parametrize(("header", "wait"), [(30, 30), (None, 1)])
def test_too_many_requests_hold_this_lane_alone_and_count_as_no_attempt(
    stage: Stage, header: int | None, wait: int
) -> None:
    stage.slack.next["chat.postMessage"].append(slow_down(header))
    row = stage.say(post("slow"))
    other = stage.say(post("other", In("C2")))

    assert (row.state, row.attempts, other.state) == ("due", 0, "told")
    stage.later(wait - 0.1)
    assert row.state == "due"
    stage.later(0.1)
    assert row.state == "told"


def test_a_lane_takes_ten_posts_at_once_and_then_one_a_second(stage: Stage) -> None:
    for n in range(13):
        stage.write(post(f"{n}"))
    stage.write(post("elsewhere", In("C2")))

    stage.courier.say_due()

    assert len(stage.slack.messages["C1"]) == 10
    assert stage.slack.texts("C2") == ["elsewhere"]
    stage.later(1)
    assert len(stage.slack.messages["C1"]) == 11
    stage.later(5)
    assert stage.slack.texts("C1") == [f"{n}" for n in range(13)]


def test_a_token_that_slack_does_not_accept_is_tried_in_growing_pauses(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].extend([refusal("invalid_auth")] * 3)
    stage.write(post())
    tried_at = []
    stage.slack.before = lambda _: tried_at.append((stage.clock() - NOON).total_seconds())

    for _ in range(10):
        stage.later(1)

    assert tried_at == [1, 2, 4, 8]


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope", "not_authed"])
def test_a_token_that_slack_does_not_accept_holds_everything_and_loses_nothing(stage: Stage, error: str) -> None:
    stage.slack.always["chat.postMessage"] = refusal(error)
    first, second = stage.write(post("one")), stage.write(post("two", In("C2")))
    stage.courier.say_due()
    assert len(stage.slack.asked) == 1

    for _ in range(120):
        stage.later(60)

    assert stage.outbox.entries[first].attempts == 0
    assert len(stage.slack.asked) == 1 + 120
    assert 2 <= len(stage.alarms) <= 3  # once an hour
    assert error in stage.alarms[0]
    del stage.slack.always["chat.postMessage"]
    stage.later(60)
    assert [stage.outbox.entries[each].state for each in (first, second)] == ["told", "told"]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "no_text",
        "markdown_text_conflict",
        "metadata_too_large",
        "a_word_of_next_year",  # what nobody knows yet is better said in plain text than not at all
    ],
)
def test_refused_content_is_said_once_more_as_plain_text(stage: Stage, error: str) -> None:
    stage.slack.next["chat.postMessage"].append(refusal(error))

    row = stage.say(post("Hello"))

    assert row.state == "told"
    assert ["blocks" in asked for asked in stage.slack.asked_for("chat.postMessage")] == [True, False]
    assert not stage.alarms


def test_content_that_is_refused_in_plain_text_too_is_parked_and_reported(stage: Stage) -> None:
    stage.slack.always["chat.postMessage"] = refusal("invalid_blocks")

    row = stage.say(post("a customer's words"))

    assert row.state == "parked"
    assert stage.reports == [
        Undeliverable(
            key="undeliverable:K1-1-0", team=TEAM, user="", case="K1", outbox="K1-1-0", error="invalid_blocks"
        )
    ]
    assert "K1" in stage.alarms[0]
    assert "words" not in stage.alarms[0]


def test_what_follows_a_parked_post_is_said_all_the_same(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].extend([refusal("invalid_blocks"), refusal("msg_too_long")])
    stage.write(post("too much"))

    assert stage.say(post("fine")).state == "told"


@pytest.mark.parametrize(
    "flaw",
    [
        Composed("  "),  # Slack takes no message without a text
        Composed("Hello", [{"type": "markdown", "text": object()}]),  # cannot become JSON
        KeyError("customer"),
    ],
    ids=["blank", "not JSON", "not composed"],
)
def test_what_cannot_be_composed_is_said_in_plain_text(stage: Stage, flaw: Composed | Exception) -> None:
    def compose(said: Said, plain: bool) -> Composed:
        if plain:
            return in_blocks(said, plain)
        if isinstance(flaw, Exception):
            raise flaw
        return flaw

    stage.compose = compose

    assert stage.say(post("Hello")).state == "told"
    assert stage.slack.texts("C1") == ["Hello"]


def test_what_cannot_be_composed_at_all_is_parked_and_reported(stage: Stage) -> None:
    def compose(said: Said, plain: bool) -> Composed:
        raise KeyError(said.id, plain)

    stage.compose = compose

    assert stage.say(post()).state == "parked"
    assert [type(report) for report in stage.reports] == [Undeliverable]
    assert len(stage.alarms) == 1


def test_a_store_that_is_down_while_composing_is_no_flaw_of_the_content(stage: Stage) -> None:
    def compose(said: Said, plain: bool) -> Composed:
        raise StoreDown(f"{said.id} {plain}")

    stage.compose = compose
    row = stage.say(post())
    assert (row.state, row.plain) == ("due", False)
    stage.compose = in_blocks
    stage.later(1)

    assert row.state == "told"


@pytest.mark.parametrize(
    "error",
    [
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "restricted_action_thread_locked",
        "messages_tab_disabled",
        "user_disabled",
    ],
)
def test_a_place_that_cannot_be_written_to_is_the_desks_to_replace(stage: Stage, error: str) -> None:
    stage.slack.next["chat.postMessage"].append(refusal(error))

    row = stage.say(post())

    assert (row.state, row.plain) == ("parked", False)
    assert [(report.outbox, report.error) for report in stage.reports if isinstance(report, Undeliverable)] == [
        (row.said.id, error)
    ]
    assert error in stage.alarms[0]


@pytest.mark.parametrize("error", ["user_disabled", "user_not_found", "cannot_dm_bot", "missing_scope"])
def test_a_person_who_cannot_be_written_to_silences_nobody_else(stage: Stage, error: str) -> None:
    stage.slack.next["conversations.open"].append(refusal(error))

    row = stage.say(post(where=DirectTo("U1")))

    assert row.state == "parked"
    assert [type(report) for report in stage.reports] == [Undeliverable]
    assert stage.say(post("Hello")).state == "told"


def test_opening_a_direct_message_is_tried_again_when_slack_cannot_be_reached(stage: Stage) -> None:
    stage.slack.next["conversations.open"].append(TimeoutError())
    row = stage.say(post(where=DirectTo("U1")))

    stage.later(1)

    assert row.state == "told"


def test_no_log_line_and_no_alarm_holds_what_is_said(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    stage.slack.next["chat.postMessage"].extend([TimeoutError(), refusal("invalid_blocks"), refusal("no_text")])
    stage.say(post("secret words"))
    stage.later(REQUEST_TIMEOUT + GRACE)

    assert "secret" not in caplog.text + "".join(stage.alarms)
