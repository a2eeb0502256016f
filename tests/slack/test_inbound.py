from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.stimuli import Command, Edit, File, HomeOpened, Message, Press, as_message
from bot.slack.buttons import Carried, action_id, kind_of, read, written
from bot.slack.inbound import command_of, home_of, message_of, press_of, shortcut_of
from tests.slack.payloads import (
    ANNA,
    CHANNEL,
    TS,
    US,
    Payload,
    changed,
    command,
    deleted,
    direct,
    mention,
    message,
    press,
    shortcut,
    tombstone,
)

EDITED = "1764000060.000000"


def heard(event: Payload) -> Message | Edit | None:
    return message_of(event, team="T0HOME", us=US)


def written_by(event: Payload) -> Message:
    stimulus = heard(event)
    assert isinstance(stimulus, Message)
    return stimulus


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_in_a_channel() -> None:
    assert heard(message()) == Message(
        key=f"m:T0HOME:{CHANNEL}:{TS}",
        team="T0HOME",
        user=ANNA,
        channel=CHANNEL,
        ts=TS,
        text="I forgot my password",
    )


def test_a_reply_in_a_thread() -> None:
    reply = written_by(message(thread_ts="1763999999.000001", parent_user_id="U0BEN"))

    assert (reply.thread_ts, reply.parent_user) == ("1763999999.000001", "U0BEN")


def test_the_root_of_a_thread_is_in_no_thread() -> None:
    assert written_by(message(thread_ts=TS)).thread_ts is None


def test_one_message_that_comes_as_two_events_has_one_key() -> None:
    assert written_by(mention()).key == written_by(message(text="<@U0BOT> I forgot my password")).key


@pytest.mark.parametrize(
    ("event", "field", "value"),
    [
        (direct(), "direct", True),
        (message(channel="D0ANNA", channel_type=None), "direct", True),  # not every event names the kind
        (message(channel="G0GROUP", channel_type="mpim"), "direct", False),  # several people: like a channel
        (message(channel_type="group"), "direct", False),
        (mention(), "mentions_us", True),
        (mention(), "opens_with_us", True),
        (mention(), "text", "I forgot my password"),
        (mention(text="hey <@U0BOT>, I forgot"), "opens_with_us", False),
        (mention(text="hey <@U0BOT>, I forgot"), "text", "hey, I forgot"),
        (mention(text="I forgot"), "mentions_us", True),  # Slack says so, that is enough
        (mention(text="<@U0BOT>"), "text", ""),
        (message(), "mentions_us", False),
        (message(user_team="T0OTHER"), "external", True),
        (message(team="T0OTHER"), "external", True),
        (message(source_team="T0OTHER"), "external", True),
        (message(user_team="E0ORG"), "external", False),  # our own organisation in Enterprise Grid
        (message(user_team="E0OTHER"), "external", True),
        (message(user_team="T0HOME", source_team="T0HOME"), "external", False),
        (message(bot_id="B0OTHER"), "by_bot", True),
        (message(subtype="bot_message", bot_id="B0OTHER", user=None), "by_bot", True),
        (message(subtype="bot_message", bot_id="B0OTHER", user=None), "user", "B0OTHER"),
        (message(bot_id="B0OTHER", user="U0OTHER"), "user", "U0OTHER"),
        (message(subtype="thread_broadcast", thread_ts="1763999999.000001"), "thread_ts", "1763999999.000001"),
        (message(text=None), "text", ""),
        (message(text="a &lt; b"), "text", "a < b"),
        (message(text="half a pair \ud800 and a null \0"), "text", "half a pair ? and a null"),  # no store takes these
        (message(blocks=None), "text", "I forgot my password"),
    ],
)
def test_what_a_message_says_of_itself(event: Payload, field: str, value: object) -> None:
    assert getattr(written_by(event), field) == value


def test_people_are_named_as_the_directory_knows_them() -> None:
    event = message(text="<@U0BEN> has the same")

    assert message_of(event, team="T0HOME", us=US, name_of={"U0BEN": "Ben"}.get) == replace(
        written_by(event), text="@Ben has the same"
    )


def test_files_are_kept_with_name_kind_and_link() -> None:
    screenshot = {"id": "F1", "name": "error.png", "mimetype": "image/png", "permalink": "https://home.slack.com/f/F1"}
    unchecked = {"id": "F2", "file_access": "check_file_info"}  # what Slack Connect says of a file
    gone = {"id": "F3", "mode": "tombstone"}
    event = message(subtype="file_share", text="", files=[screenshot, unchecked, gone, None, "F4"])

    assert written_by(event).files == (
        File("error.png", "image/png", "https://home.slack.com/f/F1"),
        File("file", "application/octet-stream", ""),
    )


@pytest.mark.parametrize(
    "event",
    [
        message(user="U0BOT"),  # we said it
        message(bot_id="B0BOT", user="U0SOMEBODY"),
        message(app_id="A0BOT"),
        message(subtype="bot_message", bot_id="B0BOT", user=None),
        message(subtype="bot_message", user=None),  # by nobody
        message(user="USLACKBOT"),
        message(user=None),
        message(hidden=True),
        message(subtype="channel_join"),
        message(subtype="channel_topic"),
        message(subtype="me_message"),
        message(subtype="message_replied"),
        message(subtype="assistant_app_thread"),
        message(subtype="a_kind_of_tomorrow"),
        message(ts=None),
        message(ts="now"),
        message(channel=None),
        message(channel={"id": CHANNEL}),
        message(user={"id": ANNA}),
        message(type="reaction_added"),
        {},
    ],
)
def test_what_is_not_for_us_is_nothing(event: Payload) -> None:
    assert heard(event) is None


def test_without_an_app_id_nobody_is_taken_for_us() -> None:
    us = replace(US, app_id="", enterprise="")

    assert message_of(message(), team="T0HOME", us=us) == heard(message())


# --- edits ------------------------------------------------------------------------------------------------------------


def test_an_edit_has_the_messages_time_and_a_key_of_its_own() -> None:
    assert heard(changed()) == Edit(
        key=f"e:T0HOME:{CHANNEL}:{TS}:{EDITED}",
        team="T0HOME",
        user=ANNA,
        channel=CHANNEL,
        ts=TS,
        edited=EDITED,
        text="I forgot my PIN",
    )


def test_an_edit_in_a_thread_that_begins_with_us() -> None:
    event = changed(after={"text": "<@U0BOT> try this", "thread_ts": "1763999999.000001"})
    edit = heard(event)

    assert isinstance(edit, Edit)
    assert (edit.text, edit.opens_with_us, edit.thread_ts) == ("try this", True, "1763999999.000001")


@pytest.mark.parametrize(
    "event",
    [
        changed(after={"text": "I forgot my password"}),  # the same words: a link was unfurled, a file added
        changed(after={"edited": None}),  # nobody edited: Slack updated something about it
        changed(after={"user": "U0BOT"}),  # our own update
        changed(after={"bot_id": "B0BOT"}),
        changed(after={"app_id": "A0BOT"}),
        changed(after={"bot_id": "B0OTHER"}),  # an Edit does not say that a bot made it
        changed(after={"user": None}),
        changed(after={"user": "USLACKBOT"}),
        changed(after={"hidden": True}),
        changed(after={"ts": None}),
        changed(after={"edited": {"ts": "just now"}}),
        changed(message=None),
        changed(message="gone"),
        changed(channel=None),
    ],
)
def test_a_change_that_is_no_edit_by_a_person_is_nothing(event: Payload) -> None:
    assert heard(event) is None


@pytest.mark.parametrize(
    "different",
    [
        {},
        {"text": "<@U0BOT> I forgot"},  # the mention came with the edit
        {"thread_ts": "1763999999.000001", "parent_user_id": "U0BEN"},
        {"user_team": "T0OTHER"},
        {"files": [{"name": "error.png", "mimetype": "image/png", "permalink": "https://home.slack.com/f/F1"}]},
    ],
)
@pytest.mark.parametrize("kind", [{}, {"channel": "D0ANNA", "channel_type": "im"}])
def test_an_edit_says_all_that_its_message_would_say_if_it_came_now(different: Payload, kind: Payload) -> None:
    edit = heard(changed(after={"text": "I forgot my PIN", **different}, **kind))
    now = message(**{"text": "I forgot my PIN", "edited": {"user": ANNA, "ts": EDITED}, **different, **kind})

    assert isinstance(edit, Edit)
    assert as_message(edit) == heard(now)


def test_an_app_mention_of_an_edited_message_is_the_message() -> None:
    event = mention(edited={"user": ANNA, "ts": EDITED})

    assert written_by(event) == replace(written_by(mention()), edited=EDITED)


@pytest.mark.parametrize(
    ("edited", "is_heard"),
    [
        ("1764000000.000000", True),  # Slack's time of an edit has no fractions: it may seem older than its message
        ("1764000899.000000", True),
        ("1764000901.000000", False),  # a quarter of an hour later it is no message on its way any more
    ],
)
def test_an_edit_is_heard_as_its_message_for_a_quarter_of_an_hour(edited: str, is_heard: bool) -> None:
    edit = heard(changed(after={"edited": {"user": ANNA, "ts": edited}}))

    assert isinstance(edit, Edit)
    assert (as_message(edit) is not None) == is_heard


def test_an_edit_without_the_words_before_counts_as_one() -> None:
    assert heard(changed(previous_message=None)) == heard(changed())


@pytest.mark.parametrize(
    "event",
    [
        deleted(),
        deleted(hidden=None),
        tombstone(),  # a message with replies leaves a stone: the same thing, and the same key
    ],
)
def test_a_message_that_was_taken_away(event: Payload) -> None:
    gone = heard(event)

    assert isinstance(gone, Edit)
    assert gone == Edit(
        key=f"x:T0HOME:{CHANNEL}:{TS}", team="T0HOME", user=ANNA, channel=CHANNEL, ts=TS, edited=gone.edited, text=None
    )
    assert gone.edited == event["event_ts"]


@pytest.mark.parametrize(
    "event",
    [
        deleted(previous_message=None),  # whose was it?
        deleted(deleted_ts=None),
        deleted(before={"user": "U0BOT"}),
        deleted(before={"bot_id": "B0BOT"}),
        deleted(before={"bot_id": "B0OTHER"}),
        deleted(before={"subtype": "channel_join"}),
        deleted(before={"subtype": "tombstone", "user": "USLACKBOT"}),  # the stone itself
    ],
)
def test_a_deletion_that_is_not_a_persons_is_nothing(event: Payload) -> None:
    assert heard(event) is None


# --- shortcuts --------------------------------------------------------------------------------------------------------


def test_a_shortcut_in_the_menu_of_a_message_names_the_message() -> None:
    assert shortcut_of(shortcut(), team="T0HOME", us=US) == Press(
        key=f"p:T0HOME:{ANNA}:1764000002.000400:flag_answer:1764000200.654321",
        team="T0HOME",
        user=ANNA,
        kind="flag",
        channel=CHANNEL,
        message_ts="1764000002.000400",
        thread_ts=TS,
        response_url="https://hooks.slack.com/actions/T0HOME/1/abc",
    )


@pytest.mark.parametrize(
    "different",
    [
        {"callback_id": "another"},  # of a newer program
        {"type": "shortcut"},  # of no message
        {"type": "block_actions"},
        {"user": {}},
        {"channel": None},
        {"action_ts": 7},
        {"message_ts": "", "message": None},
    ],
)
def test_a_shortcut_that_is_not_ours_or_lacks_something_is_nothing(different: Payload) -> None:
    assert shortcut_of(shortcut(**different), team="T0HOME", us=US) is None


def test_somebody_of_another_company_who_chooses_a_shortcut_is_external() -> None:
    press = shortcut_of(shortcut(user={"id": ANNA, "team_id": "T0OTHER"}), team="T0HOME", us=US)

    assert press is not None
    assert press.external


# --- presses ----------------------------------------------------------------------------------------------------------


def pressed(payload: Payload) -> Press | None:
    return press_of(payload, team="T0HOME", us=US)


def test_a_press() -> None:
    assert pressed(press()) == Press(
        key=f"p:T0HOME:{ANNA}:1764000002.000400:tier1:fixed:1764000100.123456",
        team="T0HOME",
        user=ANNA,
        kind="fixed",
        channel=CHANNEL,
        message_ts="1764000002.000400",
        case="K7Q2",
        position=3,
        choice="accounts/reset-password",
        thread_ts=TS,
        response_url="https://hooks.slack.com/actions/T0HOME/1/abc",
    )


def test_two_clicks_are_two_presses_and_a_repeat_is_one() -> None:
    first, again, second = press(), press(), press(action={"action_ts": "1764000100.999999"})
    keys = [stimulus.key for stimulus in map(pressed, (first, again, second)) if stimulus]

    assert len(keys) == 3
    assert len(set(keys)) == 2


def test_a_press_on_an_ephemeral_message_has_only_the_container() -> None:
    stimulus = pressed(press(message=None, channel=None))

    assert stimulus == pressed(press())


def test_a_press_in_the_direct_messages_by_somebody_of_another_company() -> None:
    payload = press(channel={"id": "D0ANNA", "name": "directmessage"}, user={"id": ANNA, "team_id": "T0OTHER"})
    stimulus = pressed(payload)

    assert stimulus
    assert (stimulus.direct, stimulus.external) == (True, True)


def test_the_root_of_a_thread_was_pressed() -> None:
    payload = press()
    payload["message"]["thread_ts"] = payload["container"]["thread_ts"] = "1764000002.000400"
    stimulus = pressed(payload)

    assert stimulus
    assert stimulus.thread_ts is None


@pytest.mark.parametrize(
    "payload",
    [
        press(action={"action_id": "vote"}),  # another app's, or Slack's own id
        press(action={"action_id": "tier1:launch"}),  # of a newer program
        press(action={"action_id": "tier1:link:2"}),  # a link reports its press too
        press(action={"action_id": "tier1:fixed:x"}),
        press(action={"value": "yes"}),
        press(action={"value": "[]"}),
        press(action={"value": None}),
        press(action={"value": '{"p": "3"}'}),
        press(action={"value": '{"p": true}'}),
        press(action={"value": '{"c": 7}'}),
        press(action={"action_ts": None}),
        press(user=None),
        press(user={"id": None}),
        press(message=None, container=None),
        press(channel=None, container=None),
        press(actions=[]),
        press(actions=None),
        press(actions={"0": {}}),
        press(type="view_submission"),
        {},
    ],
)
def test_a_press_that_is_not_ours_is_nothing(payload: Payload) -> None:
    assert pressed(payload) is None


@given(st.text(), st.integers(), st.text(), st.text())
def test_a_button_brings_back_what_it_carried(case: str, position: int, choice: str, asker: str) -> None:
    carried = Carried(case, position, choice, asker)

    assert read(written(carried)) == carried


def test_the_second_button_of_a_kind_has_another_id_and_the_same_meaning() -> None:
    ids = [action_id("pick", n) for n in range(3)]

    assert ids == ["tier1:pick", "tier1:pick:1", "tier1:pick:2"]
    assert {kind_of(each) for each in ids} == {"pick"}


# --- commands ---------------------------------------------------------------------------------------------------------


def test_a_command() -> None:
    payload = command(text="ask <@U0BEN|ben> about &lt;this&gt;")

    assert command_of(payload, team="T0HOME", us=US) == Command(
        key="c:111.222.333abc",
        team="T0HOME",
        user=ANNA,
        channel=CHANNEL,
        text="ask @ben about <this>",
        response_url="https://hooks.slack.com/commands/T0HOME/1/abc",
    )


@pytest.mark.parametrize("missing", ["trigger_id", "user_id", "channel_id", "command"])
def test_a_command_without_what_names_it_is_nothing(missing: str) -> None:
    assert command_of(command(**{missing: None}), team="T0HOME", us=US) is None


def test_a_command_from_another_company() -> None:
    stimulus = command_of(command(team_id="T0OTHER"), team="T0HOME", us=US)

    assert stimulus
    assert stimulus.external


def test_a_command_names_channels_by_their_ids() -> None:
    stimulus = command_of(command(text="pause <#C0HELP|help> and <#C0OTHER>, not #lobby"), team="T0HOME", us=US)

    assert stimulus
    assert (stimulus.text, stimulus.channels) == ("pause #help and #channel, not #lobby", ("C0HELP", "C0OTHER"))


# --- the Home tab -----------------------------------------------------------------------------------------------------


OPENED = {"type": "app_home_opened", "user": ANNA, "channel": "D0ANNA", "event_ts": "1515449522000016", "tab": "home"}


def test_somebody_looks_at_the_home_tab() -> None:
    assert home_of(OPENED, team="T0HOME") == HomeOpened(
        key=f"home:T0HOME:{ANNA}:1515449522000016", team="T0HOME", user=ANNA
    )


@pytest.mark.parametrize(
    "different",
    [{"tab": "messages"}, {"user": None}, {"event_ts": None}, {"type": "app_mention"}, {"tab": ["home"]}],
)
def test_what_is_not_a_look_at_the_home_tab_is_nothing(different: Payload) -> None:
    assert home_of({**OPENED, **different}, team="T0HOME") is None


def test_a_press_on_the_home_tab_is_in_no_channel() -> None:
    stimulus = press_of(
        press(
            container={"type": "view", "view_id": "V0HOME"}, view={"id": "V0HOME", "type": "home"},
            channel=None, message=None, response_url=None, action={"action_id": "tier1:claim"},
        ),
        team="T0HOME", us=US,
    )  # fmt: skip

    assert stimulus
    assert (stimulus.kind, stimulus.home, stimulus.channel, stimulus.message_ts) == ("claim", True, "", "")
    assert stimulus.key == f"p:T0HOME:{ANNA}:V0HOME:tier1:claim:1764000100.123456"


def test_a_press_in_a_modal_is_not_one_of_ours() -> None:
    inside = press(
        container={"type": "view", "view_id": "V0FORM"}, view={"id": "V0FORM", "type": "modal"}, channel=None,
        message=None,
    )  # fmt: skip

    assert press_of(inside, team="T0HOME", us=US) is None
