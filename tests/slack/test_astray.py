"""A post whose thread is gone: it is taken back from where Slack put it, and the desk hears of it, once."""

from __future__ import annotations

import pytest

from bot.core.saying import In, Line, Post, Under, Update
from bot.core.stimuli import ThreadGone, Undeliverable
from bot.slack.lanes import Report
from tests.slack.fakes_courier import TEAM, Answer, Lost, Stage, away, post, refusal, slow_down

REQUEST_TIMEOUT, GRACE, LEASE = 10, 5, 30
GONE = "1.000001"
THREAD = In("C1", GONE)
DM = In("DU1")
PASSING = [TimeoutError(), Lost(TimeoutError()), Answer({}, 503), slow_down(2), refusal("fatal_error")]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.slack.gone.add(("C1", GONE))
    return stage


def sent_on(stage: Stage) -> None:
    """A desk that has everything said in the DM instead."""

    def report(stimulus: Report) -> None:
        stage.reports.append(stimulus)
        if isinstance(stimulus, ThreadGone):
            entry = stage.outbox.entries[stimulus.outbox]
            entry.said = type(entry.said)(entry.said.id, entry.said.case, entry.said.position, post("Hello", DM))
            entry.lane, entry.ambiguous, entry.not_before = "DU1", False, None

    stage.report = report


def methods(stage: Stage) -> list[str]:
    return [method for method, _ in stage.slack.asked]


def gone(outbox: str) -> ThreadGone:
    return ThreadGone(
        key=f"astray:{outbox}:C1:{GONE}", team=TEAM, user="", case="K1", outbox=outbox, where=THREAD, channel="C1",
        thread_ts=GONE,
    )  # fmt: skip


def test_a_stray_post_is_deleted_at_once_and_reported_before_the_row_is_settled(stage: Stage) -> None:
    sent_on(stage)

    row = stage.say(post("Hello", THREAD))

    assert methods(stage)[:2] == ["chat.postMessage", "chat.delete"]
    assert stage.reports == [gone(row.said.id)]
    assert stage.slack.texts("C1") == []
    assert (row.state, stage.slack.texts("DU1")) == ("told", ["Hello"])
    assert not stage.alarms


def test_what_the_desk_has_no_other_place_for_is_parked_and_told(stage: Stage) -> None:
    row = stage.say(post("Hello", THREAD))

    assert row.state == "parked"
    assert "thread_gone" in stage.alarms[0]


def test_small_talk_outside_any_case_is_dropped(stage: Stage) -> None:
    row = stage.say(post("Hi!", THREAD), case="")

    assert row.state == "dropped"
    assert stage.slack.texts("C1") == []
    assert not stage.reports
    assert not stage.alarms


@pytest.mark.parametrize(
    ("shown", "is_stray"),
    [
        ({"thread_ts": GONE}, False),  # a tombstone has its thread still
        ({}, True),
        ({"thread_ts": "9.000009"}, True),  # somebody else's thread
    ],
)
def test_slacks_answer_says_where_a_post_stands(stage: Stage, shown: dict[str, str], is_stray: bool) -> None:
    answer = Answer({"ok": True, "channel": "C1", "ts": "2.000001", "message": {"text": "Hello", **shown}})
    stage.slack.next["chat.postMessage"].append(answer)
    stage.slack.next["chat.delete"].append(Answer({"ok": True}))

    stage.say(post("Hello", THREAD))

    assert stage.slack.asked_for("chat.delete") == ([{"channel": "C1", "ts": "2.000001"}] if is_stray else [])


@pytest.mark.parametrize("passing", PASSING, ids=repr)
def test_a_delete_that_fails_is_tried_again_and_nothing_is_posted_meanwhile(
    stage: Stage, passing: Answer | Lost | Exception
) -> None:
    sent_on(stage)
    stage.slack.next["chat.delete"].append(passing)
    row = stage.say(post("Hello", THREAD))
    assert (row.state, row.ambiguous, stage.reports) == ("due", True, [])

    stage.later(60)

    assert [asked["channel"] for asked in stage.slack.asked_for("chat.postMessage")] == ["C1", "DU1"]
    assert stage.slack.texts("C1") == []
    assert stage.reports == [gone(row.said.id)]


def test_a_token_that_is_refused_between_post_and_delete_forgets_nothing(stage: Stage) -> None:
    sent_on(stage)
    stage.slack.next["chat.delete"].append(refusal("token_revoked"))
    stage.say(post("Hello", THREAD))

    stage.later(60)

    assert (stage.slack.texts("C1"), stage.slack.texts("DU1")) == ([], ["Hello"])


def test_a_stray_post_that_must_stay_is_the_operators_to_delete_and_the_customer_gets_theirs(stage: Stage) -> None:
    sent_on(stage)
    stage.slack.always["chat.delete"] = refusal("cant_delete_message")

    stage.say(post("Hello", THREAD))

    assert stage.slack.texts("DU1") == ["Hello"]
    assert "C1" in stage.alarms[0]
    assert "delete it" in stage.alarms[0]


def test_a_stray_post_that_somebody_else_has_deleted_is_taken_back(stage: Stage) -> None:
    sent_on(stage)
    stage.slack.next["chat.delete"].append(refusal("message_not_found"))

    assert stage.say(post("Hello", THREAD)).state == "told"
    assert not stage.alarms


def test_a_stray_post_whose_answer_got_lost_is_found_in_the_channel_and_taken_back(stage: Stage) -> None:
    sent_on(stage)
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    stage.say(post("Hello", THREAD))
    assert stage.slack.texts("C1") == ["Hello"]

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert (stage.slack.texts("C1"), stage.slack.texts("DU1")) == ([], ["Hello"])
    assert methods(stage) == [
        "chat.postMessage",
        "conversations.replies",
        "conversations.history",
        "chat.delete",
        "chat.postMessage",
    ]


def test_where_the_look_finds_no_thread_nothing_is_posted_into_it(stage: Stage) -> None:
    sent_on(stage)
    stage.slack.next["chat.postMessage"].append(TimeoutError())
    stage.say(post("Hello", THREAD))

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert [asked["channel"] for asked in stage.slack.asked_for("chat.postMessage")] == ["C1", "DU1"]


@pytest.mark.parametrize("passing", [TimeoutError(), Answer({}, 503), slow_down(2)], ids=repr)
def test_a_look_at_the_channel_that_fails_is_taken_again(stage: Stage, passing: Answer | Exception) -> None:
    sent_on(stage)
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    stage.slack.next["conversations.history"].append(passing)
    stage.say(post("Hello", THREAD))

    stage.later(REQUEST_TIMEOUT + GRACE)
    stage.later(60)

    assert (stage.slack.texts("C1"), stage.slack.texts("DU1")) == ([], ["Hello"])


def test_a_process_that_dies_between_post_and_delete_leaves_it_to_its_successor(stage: Stage) -> None:
    sent_on(stage)
    stage.slack.next["chat.delete"].append(ZeroDivisionError("the process ends here"))
    stage.say(post("Hello", THREAD))
    assert stage.slack.texts("C1") == ["Hello"]

    stage.courier = stage.new_courier()
    stage.later(LEASE)

    assert (stage.slack.texts("C1"), stage.slack.texts("DU1")) == ([], ["Hello"])


def test_a_process_that_dies_between_delete_and_desk_leaves_that_to_its_successor(stage: Stage) -> None:
    def dies(_: Report) -> None:
        raise away()

    stage.report = dies
    stage.say(post("Hello", THREAD))

    sent_on(stage)
    stage.courier = stage.new_courier()
    stage.later(LEASE)

    assert [asked["channel"] for asked in stage.slack.asked_for("chat.postMessage")] == ["C1", "DU1"]


def test_a_desk_whose_store_is_down_hears_of_it_later_without_another_post(stage: Stage) -> None:
    def down(_: Report) -> None:
        raise away()

    stage.report = down
    row = stage.say(post("Hello", THREAD))
    assert row.state == "due"

    sent_on(stage)
    stage.later(1)

    assert [asked["channel"] for asked in stage.slack.asked_for("chat.postMessage")] == ["C1", "DU1"]


def test_a_stray_post_of_the_bots_is_dropped_once_people_own_the_case(stage: Stage) -> None:
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    row = stage.say(post("Hello", THREAD, as_bot=True))
    stage.outbox.with_people.add("K1")

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert (row.state, stage.slack.texts("C1"), stage.reports) == ("dropped", [], [])


@pytest.mark.parametrize("error", ["thread_locked", "restricted_action_thread_locked", "cannot_reply_to_message"])
def test_a_thread_that_is_closed_is_as_good_as_gone(stage: Stage, error: str) -> None:
    sent_on(stage)
    stage.slack.next["chat.postMessage"].append(refusal(error))

    stage.say(post("Hello", THREAD))

    assert stage.slack.texts("DU1") == ["Hello"]
    assert not stage.slack.asked_for("chat.delete")


def test_what_was_to_stand_under_a_message_of_ours_names_it(stage: Stage) -> None:
    card = stage.say(post("card"))
    assert card.landed is not None
    stage.slack.gone.add(("C1", card.landed.ts))

    stage.say(post("note", Under(card.said.id, "C1")))

    (report,) = stage.reports
    assert isinstance(report, ThreadGone)
    assert (report.where, report.thread_ts) == (Under(card.said.id, "C1"), card.landed.ts)


@pytest.mark.parametrize(
    ("error", "place"),
    [
        ("is_archived", THREAD),  # nothing can be said there at all
        ("msg_too_long", None),  # these words cannot
    ],
)
def test_the_desk_hears_whether_a_place_is_closed_or_words_are_refused(
    stage: Stage, error: str, place: In | None
) -> None:
    stage.slack.always["chat.postMessage"] = refusal(error)

    stage.say(post("Hello", THREAD))

    (report,) = stage.reports
    assert isinstance(report, Undeliverable)
    assert report.where == place


# --- a change whose message is gone -----------------------------------------------------------------------------------


def change(outbox: str, *, as_bot: bool = True) -> Update:
    return Update(outbox=outbox, content=Line("the answer"), channel="C1", or_else=In("C1"), as_bot=as_bot)


def test_a_change_whose_message_is_gone_is_said_anew_once_although_its_answer_gets_lost(stage: Stage) -> None:
    miss = stage.say(post("what do you mean?"))
    stage.slack.next["chat.update"].append(refusal("message_not_found"))
    stage.slack.next["chat.postMessage"].append(Lost(TimeoutError()))
    row = stage.say(change(miss.said.id))

    stage.later(REQUEST_TIMEOUT + GRACE)

    assert stage.slack.texts("C1").count("the answer") == 1
    assert row.state == "told"
    assert row.landed is not None
    assert isinstance(row.said.saying, Post)


@pytest.mark.parametrize(("as_bot", "state"), [(True, "dropped"), (False, "told")])
def test_a_change_said_anew_keeps_silent_for_people_only_if_it_is_the_bots(
    stage: Stage, as_bot: bool, state: str
) -> None:
    notice = stage.say(post("bringing in the team"))
    stage.outbox.with_people.add("K1")
    stage.slack.next["chat.update"].append(refusal("message_not_found"))

    assert stage.say(change(notice.said.id, as_bot=as_bot)).state == state
