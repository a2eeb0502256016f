"""Whatever comes in, a translator gives a stimulus that can be stored, or None."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import Heard
from bot.core.stimuli import AnyStimulus, Edit, File, as_message, slack_time, with_text, without_text
from bot.slack.inbound import MOST_FILES, MOST_TEXT, command_of, message_of, press_of, shortcut_of, submission_of
from bot.slack.markup import MOST_NAMES
from bot.store.codec import event_from_row, event_to_row
from tests.slack.absurd import ANYTHING, MESSAGES, TEXTS, absurd, assert_is_bounded
from tests.slack.payloads import US, Payload, changed, command, message, press, shortcut, submission

pytestmark = pytest.mark.long
many = settings(max_examples=300)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def long_name(user: str) -> str | None:
    return f"{user} of a house with a very long name indeed"


def assert_can_be_stored(stimulus: AnyStimulus) -> None:
    assert_is_bounded(stimulus)
    bare, words = without_text(stimulus)
    kept = event_from_row(event_to_row(Heard(at=NOON, actor=stimulus.user, words=words, stimulus=bare)))
    assert isinstance(kept, Heard)
    assert with_text(kept.stimulus, kept.words) == stimulus


@many
@given(absurd(MESSAGES) | ANYTHING)
def test_no_message_and_no_edit_is_too_absurd_to_be_read(event: Any) -> None:
    stimulus = message_of(event, team="T0HOME", us=US, name_of=long_name)

    if stimulus is None:
        return
    assert slack_time(stimulus.ts)
    assert_can_be_stored(stimulus)
    if isinstance(stimulus, Edit) and (overtaking := as_message(stimulus)):
        assert_can_be_stored(overtaking)


@many
@given(absurd((shortcut(), shortcut(message=None))) | ANYTHING)
def test_no_shortcut_is_too_absurd_to_be_read(payload: Any) -> None:
    stimulus = shortcut_of(payload, team="T0HOME", us=US)

    if stimulus is not None:
        assert slack_time(stimulus.message_ts)
        assert_can_be_stored(stimulus)


@many
@given(absurd((press(), press(message=None, channel=None), press(response_url=None))) | ANYTHING)
def test_no_press_is_too_absurd_to_be_read(payload: Any) -> None:
    stimulus = press_of(payload, team="T0HOME", us=US)

    if stimulus is not None:
        assert slack_time(stimulus.message_ts)
        assert_can_be_stored(stimulus)


@many
@given(absurd((command(), command(text="ask <@U0BEN|ben>"))) | ANYTHING)
def test_no_command_is_too_absurd_to_be_read(payload: Any) -> None:
    stimulus = command_of(payload, team="T0HOME", us=US, name_of=long_name)

    if stimulus is not None:
        assert_can_be_stored(stimulus)


@many
@given(absurd((submission(), submission(view={"callback_id": "tier1:form:resolve"}))) | ANYTHING)
def test_no_form_is_too_absurd_to_be_read(payload: Any) -> None:
    stimulus = submission_of(payload, team="T0HOME", us=US)

    if stimulus is not None:
        assert_can_be_stored(stimulus)


@given(
    st.lists(TEXTS | st.sampled_from(("<@U0BOT>", "<@U0BEN|b>", "<!channel>", "<https://a.b|", "&amp;lt;"))).map(
        "".join
    )
)
def test_no_text_is_too_absurd_to_be_read(text: str) -> None:
    for payload in (message(text=text), changed(after={"text": text}, previous_message=None)):
        stimulus = message_of(payload, team="T0HOME", us=US, name_of=long_name)

        assert stimulus is not None
        assert_can_be_stored(stimulus)
        assert not any(ping in (stimulus.text or "") for ping in ("<!", "<@", "<#"))


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (press(action={"value": '{"c": "\\ud800"}'}), "half a surrogate pair hides behind two escapes"),
        (press(action={"value": '{"v": "a\\u0000b"}'}), "and so does a null"),
    ],
)
def test_what_a_button_carries_can_be_stored(payload: Payload, why: str) -> None:
    stimulus = press_of(payload, team="T0HOME", us=US)

    assert stimulus, why
    assert_can_be_stored(stimulus)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (press(action={"value": '{"p": -1}'}), "no message of ours stands before the first"),
        (press(action={"value": '{"p": 2147483648}'}), "no case is that long"),
        (press(action={"value": '{"c": "' + "x" * 100_000 + '"}'}), "Slack takes 2,000 characters"),
        (press(action={"action_id": "tier1:fixed:" + "1" * 1_000}), "and 255 of an id"),
        (press(action={"action_ts": "1" * 1_000}), "a key is stored"),
        (press(user={"id": "U1 <!channel>"}), "an id goes into mentions"),
        (press(channel={"id": "C\n1"}, container={}), "and into keys"),
        (command(trigger_id="1" * 1_000), "a key is stored"),
        (command(user_id="U\0"), "a null cannot be"),
    ],
)
def test_what_slack_would_not_send_is_nothing(payload: Payload, why: str) -> None:
    assert press_of(payload, team="T0HOME", us=US) is None, why
    assert command_of(payload, team="T0HOME", us=US) is None, why


def test_a_text_is_never_longer_than_slack_lets_it_be() -> None:
    names = "<@U0BEN>" * 5_000  # which grow when they are put in
    for text in ("x" * 100_000, names):
        stimulus = message_of(message(text=text), team="T0HOME", us=US, name_of=long_name)

        assert stimulus
        assert 39_000 <= len(stimulus.text or "") <= MOST_TEXT


def test_of_thousands_of_files_some_are_kept_and_no_name_is_endless() -> None:
    file = {"name": "n" * 5_000, "mimetype": "m" * 5_000, "permalink": "https://home.slack.com/" + "l" * 5_000}
    stimulus = message_of(message(subtype="file_share", files=[file] * 3_000), team="T0HOME", us=US)

    assert stimulus
    assert stimulus.files == (File("n" * 255, "m" * 255, ""),) * MOST_FILES  # half a link leads nowhere
    assert_can_be_stored(stimulus)


def test_of_thousands_of_mentions_a_few_are_looked_up() -> None:
    asked: list[str] = []

    def name_of(user: str) -> str | None:
        asked.append(user)
        return user.title()

    text = " ".join(f"<@U{number:06}>" for number in range(3_000)) + " <@U000001>"
    stimulus = message_of(message(text=text), team="T0HOME", us=US, name_of=name_of)

    assert stimulus
    assert len(asked) == MOST_NAMES
    assert str(stimulus.text).startswith("@U000000 @U000001 ")
    assert str(stimulus.text).endswith("@colleague @U000001")


def test_who_cannot_be_a_person_is_not_looked_up() -> None:
    asked: list[str] = []

    message_of(message(text=f"<@{'U' * 10_000}> <@everybody here>"), team="T0HOME", us=US, name_of=asked.append)

    assert asked == []
