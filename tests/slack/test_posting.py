"""What the courier makes of a post: exactly one message in Slack, in its place, unless people own the case by then."""

from __future__ import annotations

from http.client import RemoteDisconnected
from urllib.error import URLError

import pytest

from bot.core.saying import DirectTo, In, Said, Under
from bot.core.stimuli import Delivered
from bot.errors import AlreadyHeard
from bot.ports import Landed
from bot.slack.courier import Composed
from tests.slack.fakes_courier import NOON, TEAM, Answer, Lost, Stage, in_blocks, post, refusal, slow_down

REQUEST_TIMEOUT, GRACE = 10, 5
REFUSED_CONNECTION = URLError(ConnectionRefusedError())


@pytest.fixture
def stage() -> Stage:
    return Stage()


# --- what is posted ---------------------------------------------------------------------------------------------------


def test_a_post_carries_its_outbox_id_and_a_text_and_unfolds_no_links(stage: Stage) -> None:
    row = stage.say(post("Hello"))

    assert stage.slack.asked_for("chat.postMessage") == [
        {
            "channel": "C1",
            "text": "Hello",
            "blocks": [{"type": "markdown", "text": "Hello"}],
            "metadata": {"event_type": "tier1_outbox", "event_payload": {"id": row.said.id}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
    ]
    ts = stage.slack.messages["C1"][0]["ts"]
    assert (row.state, row.landed) == ("told", Landed("C1", ts, ts))


def test_a_post_in_a_thread_lands_in_that_thread(stage: Stage) -> None:
    row = stage.say(post(where=In("C1", "1.000001")))

    assert stage.slack.messages["C1"][0]["thread_ts"] == "1.000001"
    assert row.landed is not None
    assert row.landed.thread_ts == "1.000001"


def test_what_belongs_under_a_message_of_ours_waits_for_it_and_goes_into_its_thread(stage: Stage) -> None:
    card = stage.write(post("card"))
    stage.say(post("transcript", Under(card, "C1")))

    root, reply = stage.slack.messages["C1"]
    assert reply["thread_ts"] == root["ts"]


def test_a_direct_message_is_said_in_the_lane_of_its_channel_which_is_opened_once(stage: Stage) -> None:
    first = stage.say(post("one", DirectTo("U1")))
    second = stage.say(post("two", DirectTo("U1")))

    assert stage.slack.texts("DU1") == ["one", "two"]
    assert (first.lane, second.lane) == ("DU1", "DU1")
    assert len(stage.slack.asked_for("conversations.open")) == 1


def test_the_desk_hears_where_a_post_landed_before_it_is_marked_as_told(stage: Stage) -> None:
    states = []
    stage.report = lambda stimulus: states.append((stimulus, stage.outbox.entries["K1-1-0"].state))

    row = stage.say(post(report=True))

    assert row.landed is not None
    delivered = Delivered(
        key="delivered:K1-1-0", team=TEAM, user="", case="K1", outbox="K1-1-0", channel="C1", ts=row.landed.ts
    )
    assert states == [(delivered, "due")]


def test_a_desk_that_has_heard_of_a_delivery_already_is_content(stage: Stage) -> None:
    def heard_before(stimulus: object) -> None:
        raise AlreadyHeard(str(stimulus))

    stage.report = heard_before

    assert stage.say(post(report=True)).state == "told"
    assert not stage.alarms


def test_a_desk_that_stumbles_over_a_report_holds_nothing_up(stage: Stage) -> None:
    def stumble(_: object) -> None:
        raise KeyError("a bug")

    stage.report = stumble

    assert stage.say(post(report=True)).state == "told"
    assert "K1" in stage.alarms[0]


# --- exactly once -----------------------------------------------------------------------------------------------------

UNCLEAR = [
    TimeoutError(),
    RemoteDisconnected("gone"),
    ConnectionResetError(),
    URLError(TimeoutError()),  # while connecting, or while sending
]


@pytest.mark.parametrize("error", UNCLEAR, ids=repr)
def test_a_post_whose_answer_got_lost_is_found_and_not_repeated(stage: Stage, error: Exception) -> None:
    stage.slack.next["chat.postMessage"].append(Lost(error))
    row = stage.say(post(report=True))

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert len(stage.slack.messages["C1"]) == 1
    assert (row.state, row.landed) == ("told", Landed("C1", *2 * (stage.slack.messages["C1"][0]["ts"],)))
    assert [type(report) for report in stage.reports] == [Delivered]


@pytest.mark.parametrize(
    "instead",
    [
        *UNCLEAR,
        Answer({"ok": False}, 503),
        Answer({"ok": False, "error": "fatal_error"}),
        Answer({"ok": False, "error": "Received a response in a non-JSON format: <html>"}),
    ],
    ids=repr,
)
def test_a_post_that_never_arrived_is_said_again_after_a_look(stage: Stage, instead: Answer | Exception) -> None:
    stage.slack.next["chat.postMessage"].append(instead)
    row = stage.say(post())

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert [method for method, _ in stage.slack.asked] == [
        "chat.postMessage",
        "conversations.history",
        "chat.postMessage",
    ]
    assert row.state == "told"


def test_nobody_looks_before_the_request_must_have_ended(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(TimeoutError())
    stage.say(post())

    stage.later(REQUEST_TIMEOUT + GRACE - 0.1)

    assert not stage.slack.asked_for("conversations.history")


def test_a_request_that_took_longer_than_its_timeout_is_looked_for_later_still(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(TimeoutError())
    stage.slack.before = lambda _: stage.clock.advance(12)
    stage.say(post())
    stage.slack.before = lambda _: None

    stage.later(GRACE - 0.1)
    assert not stage.slack.asked_for("conversations.history")
    stage.later(0.1)
    assert stage.slack.asked_for("conversations.history")


def test_what_comes_behind_a_doubtful_post_waits_for_it(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(TimeoutError())
    stage.write(post("first"))
    stage.say(post("second"))

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert stage.slack.texts("C1") == ["first", "second"]


@pytest.mark.parametrize("trouble", [TimeoutError(), REFUSED_CONNECTION, slow_down(1)], ids=repr)
def test_nothing_overtakes_in_a_lane_that_has_to_wait(stage: Stage, trouble: Answer | Exception) -> None:
    stage.slack.next["chat.postMessage"].append(trouble)
    stage.say(post("first", urgent=False))
    stage.courier = stage.new_courier()  # nor does another process
    stage.say(post("urgent"))
    assert len(stage.slack.asked) == 1

    stage.later(60)

    assert len(stage.slack.messages["C1"]) == 2


def test_the_look_goes_through_all_pages_from_shortly_before_the_post_was_written_down(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    stage.say(post("ours"))
    for n in range(5):
        stage.slack.chat_postMessage(channel="C1", text=f"somebody else's {n}")
    stage.slack.page = 2

    stage.later(REQUEST_TIMEOUT + GRACE)

    looks = stage.slack.asked_for("conversations.history")
    assert [look.get("cursor") for look in looks] == [None, "2", "4"]
    assert {look["include_all_metadata"] for look in looks} == {True}
    assert all(0 < NOON.timestamp() - float(look["oldest"]) <= 600 for look in looks)
    assert stage.slack.texts("C1").count("ours") == 1


def test_a_post_in_a_thread_is_looked_for_in_that_thread(stage: Stage) -> None:
    card = stage.say(post("card"))
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    row = stage.say(post("reply", Under(card.said.id, "C1")))

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert card.landed is not None
    assert [look["ts"] for look in stage.slack.asked_for("conversations.replies")] == [card.landed.ts]
    assert row.landed is not None
    assert row.landed.thread_ts == card.landed.ts
    assert stage.slack.texts("C1") == ["card", "reply"]


@pytest.mark.parametrize(
    "error", ["unknown_method", "missing_scope", "channel_not_found", "not_in_channel", "invalid_ts_oldest"]
)
def test_where_slack_lets_nobody_look_it_is_said_rather_than_lost(
    stage: Stage, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    stage.slack.next["chat.postMessage"].append(TimeoutError())
    stage.slack.next["conversations.history"].append(refusal(error))
    row = stage.say(post())

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert row.state == "told"
    assert error in caplog.text


@pytest.mark.parametrize(
    "passing", [TimeoutError(), REFUSED_CONNECTION, Answer({}, 502), refusal("service_unavailable")], ids=repr
)
def test_a_look_that_fails_for_now_is_taken_again(stage: Stage, passing: Answer | Exception) -> None:
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    stage.slack.next["conversations.history"].append(passing)
    row = stage.say(post())

    stage.later(REQUEST_TIMEOUT + GRACE)
    assert (row.state, row.ambiguous) == ("due", True)
    stage.later(60)

    assert row.state == "told"
    assert len(stage.slack.messages["C1"]) == 1


def test_a_look_that_has_lost_its_place_begins_anew(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    page = Answer({"ok": True, "messages": [], "response_metadata": {"next_cursor": "9"}})
    stage.slack.next["conversations.history"].extend([page, refusal("invalid_cursor")])
    row = stage.say(post())

    stage.later(REQUEST_TIMEOUT + GRACE)
    stage.later(60)

    assert row.state == "told"
    assert stage.slack.texts("C1") == ["Hello"]


def test_a_look_that_slack_slows_down_goes_on_where_it_stopped(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    stage.say(post("ours"))
    for n in range(3):
        stage.slack.chat_postMessage(channel="C1", text=f"somebody else's {n}")
    stage.slack.page = 2
    page = Answer({"ok": True, "messages": [], "response_metadata": {"next_cursor": "2"}})
    stage.slack.next["conversations.history"].extend([page, slow_down(60)])

    stage.later(REQUEST_TIMEOUT + GRACE)
    stage.later(60)

    looks = stage.slack.asked_for("conversations.history")
    assert [look.get("cursor") for look in looks] == [None, "2", "2"]
    assert stage.slack.texts("C1").count("ours") == 1


# --- people own the case ----------------------------------------------------------------------------------------------


def test_what_the_bot_would_say_is_dropped_once_people_own_the_case(stage: Stage) -> None:
    stage.outbox.with_people.add("K1")

    assert stage.say(post("mine", as_bot=True)).state == "dropped"
    assert stage.say(post("for them")).state == "told"
    assert stage.slack.texts("C1") == ["for them"]


def test_people_who_take_over_while_a_post_is_composed_are_not_talked_over(stage: Stage) -> None:
    def compose(said: Said, plain: bool) -> Composed:
        stage.outbox.with_people.add("K1")
        stage.clock.advance(0.1)
        return in_blocks(said, plain)

    stage.compose = compose

    assert stage.say(post(as_bot=True)).state == "dropped"
    assert not stage.slack.asked


def test_what_overtakes_while_a_post_is_composed_is_said_first(stage: Stage) -> None:
    urgent: list[str] = []

    def compose(said: Said, plain: bool) -> Composed:
        if not urgent:
            urgent.append(stage.write(post("urgent")))
            stage.clock.advance(0.1)
        return in_blocks(said, plain)

    stage.compose = compose
    stage.say(post("not urgent", urgent=False, as_bot=True))

    assert stage.slack.texts("C1") == ["urgent", "not urgent"]


def test_what_is_in_slack_already_has_been_said_whoever_owns_the_case_now(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    row = stage.say(post(as_bot=True))
    stage.outbox.with_people.add("K1")

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert row.state == "told"


def test_a_doubtful_post_that_is_not_in_slack_is_dropped_once_people_own_the_case(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(TimeoutError())
    row = stage.say(post(as_bot=True))
    stage.outbox.with_people.add("K1")

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert row.state == "dropped"
