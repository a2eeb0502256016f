"""Payloads in which any piece, at any depth, is anything: another type, far too much, gone, or one too many."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import strategies as st

from bot.slack import forms
from bot.slack.inbound import MOST_FILES, MOST_TEXT
from bot.slack.limits import LINK
from tests.slack.payloads import (
    Payload,
    changed,
    command,
    deleted,
    direct,
    event,
    mention,
    message,
    press,
    submission,
    tombstone,
)

FILE = {"id": "F1", "name": "error.png", "mimetype": "image/png", "permalink": "https://home.slack.com/f/F1"}
IN_THREAD = {"thread_ts": "1763999999.000001", "parent_user_id": "U0BEN"}
MESSAGES: tuple[Payload, ...] = (
    message(),
    direct(),
    mention(),
    message(subtype="file_share", files=[FILE] * 3, **IN_THREAD),
    message(subtype="bot_message", bot_id="B0OTHER", user=None),
    mention(edited={"user": "U0ANNA", "ts": "1764000060.000000"}),
    changed(),
    changed(after={"text": "<@U0BOT> it is my PIN", "files": [FILE], **IN_THREAD}),
    deleted(),
    tombstone(),
)
OTHERS: tuple[Payload, ...] = (
    event({"type": "reaction_added", "user": "U1", "item": {"type": "message", "channel": "C1", "ts": "1.0"}}),
    event({"type": "function_executed", "function": {"callback_id": "f"}, "function_execution_id": "Fx"}),
    event({"type": "assistant_thread_started", "assistant_thread": {"user_id": "U1", "channel_id": "D1"}}),
    event(message(), is_ext_shared_channel=True),
    {"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"},
    {"type": "block_suggestion", "action_id": "a", "block_id": "b", "value": "x", "team": {"id": "T0HOME"}},
    {"type": "shortcut", "callback_id": "c", "trigger_id": "1", "team": {"id": "T0HOME"}, "user": {"id": "U1"}},
    {"type": "message_action", "callback_id": "c", "team": {"id": "T0HOME"}, "user": {"id": "U1"}},
    {"type": "view_submission", "view": {"callback_id": "v", "type": "modal"}, "team": {"id": "T0HOME"}},
    {"type": "view_closed", "view": {"callback_id": "v", "type": "modal"}, "team": {"id": "T0HOME"}},
    {"type": "interactive_message", "callback_id": "c", "actions": [{}], "team": {"id": "T0HOME"}},
    {"type": "app_rate_limited", "team_id": "T0HOME", "minute_rate_limited": 1518467820, "api_app_id": "A0BOT"},
)
PAYLOADS: tuple[Payload, ...] = (*map(event, MESSAGES), press(), command(), submission(), *OTHERS)

TEXTS = st.text(st.sampled_from("<>@!#|&;:/^ \n\t\0\ud800\udfffaU0BOT1._\u202e\u0301\U0001f600"), max_size=60)
HUGE = st.sampled_from(
    ("x" * 100_000, "\ud83d" * 50_000, "<@U0BOT>" * 9_000, "<@U0BEN>" * 9_000, "<" * 50_000, " " * 50_000, "9" * 5_000,
     "&lt;!channel&gt;" * 4_000, [None] * 3_000, [{"name": "n" * 5_000, "permalink": "l" * 5_000}] * 200, 10**400)
)  # fmt: skip
ANYTHING = (
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    )
    | st.integers(1, 300).map(lambda depth: json.loads("[" * depth + "]" * depth))
    | HUGE
)


@st.composite
def absurd(draw: st.DrawFn, payloads: tuple[Payload, ...]) -> Any:
    """One of the payloads with up to four pieces changed; now and then something else altogether."""
    payload = {"payload": json.loads(json.dumps(draw(st.sampled_from(payloads))))}
    for _ in range(draw(st.integers(1, 4))):
        here, key = draw(st.sampled_from(list(_pieces(payload))))
        change = draw(st.sampled_from(("replace", "replace", "remove", "add")))
        if change == "add" and isinstance(here, dict):
            name = draw(st.sampled_from(_NAMES))
            here[name] = json.loads(json.dumps(draw(st.sampled_from(payloads)).get(name, draw(ANYTHING))))
        elif change == "remove" and here is not payload:
            del here[key]
        else:
            here[key] = draw(ANYTHING)
    return payload["payload"]


_NAMES = sorted(
    {name for payload in PAYLOADS for name in payload} | {"function_data", "item", "workflow_step", "response_urls"}
)


def _pieces(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every piece, as what holds it and its key."""
    if not isinstance(value, dict | list) or len(value) > 100:
        return
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        yield from _pieces(value[key])


def assert_is_bounded(stimulus: object) -> None:
    """Nothing in it is longer than Slack lets it be, and everything is text that a database takes."""
    for name, value in _texts(stimulus):
        value.encode()
        assert "\0" not in value
        most = {"text": MOST_TEXT, "values": forms.MOST_TEXT, "link": LINK, "response_url": LINK}.get(name, 2_000)
        assert len(value) <= most, name
    assert len(getattr(stimulus, "files", ())) <= MOST_FILES


def _texts(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield name, value
        case tuple():
            for each in value:
                yield from _texts(each, name)
        case Mapping():
            raise AssertionError("a dict must not get past the door")
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from _texts(getattr(value, field.name), field.name)
        case _:
            pass
