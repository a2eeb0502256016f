"""Payloads as Slack sends them, each with what a test wants to be different."""

from __future__ import annotations

import json
from typing import Any

from bot.slack.identity import BotIdentity

Payload = dict[str, Any]

US = BotIdentity(
    team="T0HOME",
    user_id="U0BOT",
    bot_id="B0BOT",
    app_id="A0BOT",
    name="tier1",
    url="https://home.slack.com/",
    enterprise="E0ORG",
)
ANNA = "U0ANNA"
CHANNEL = "C0HELP"
TS = "1764000000.000100"


def message(**different: Any) -> Payload:
    """A message in a public channel. A field set to None is left out."""
    event = {
        "type": "message",
        "channel": CHANNEL,
        "channel_type": "channel",
        "user": ANNA,
        "text": "I forgot my password",
        "ts": TS,
        "event_ts": TS,
        "team": "T0HOME",
        "client_msg_id": "f0582a78-72db-4feb-b2f3-1e47d66365c8",
        "blocks": [
            {
                "type": "rich_text",
                "block_id": "Sesm",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "I forgot my password"}]}
                ],
            }
        ],
    }
    return {key: value for key, value in {**event, **different}.items() if value is not None}


def direct(**different: Any) -> Payload:
    return message(**{"channel": "D0ANNA", "channel_type": "im", **different})


def mention(**different: Any) -> Payload:
    return message(
        **{"type": "app_mention", "channel_type": None, "text": "<@U0BOT> I forgot my password", **different}
    )


def changed(*, after: Payload | None = None, before: Payload | None = None, **different: Any) -> Payload:
    """An edit of the message above to "I forgot my PIN"."""
    edited = {"user": ANNA, "ts": "1764000060.000000"}
    inner = {"text": "I forgot my PIN", "edited": edited, "source_team": "T0HOME", "user_team": "T0HOME"}
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": CHANNEL,
        "channel_type": "channel",
        "ts": "1764000060.000200",
        "event_ts": "1764000060.000200",
        "message": message(**{"channel": None, "channel_type": None, "event_ts": None, **inner, **(after or {})}),
        "previous_message": message(**{"channel": None, "channel_type": None, "event_ts": None, **(before or {})}),
    }
    return {key: value for key, value in {**event, **different}.items() if value is not None}


def deleted(*, before: Payload | None = None, **different: Any) -> Payload:
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": CHANNEL,
        "channel_type": "channel",
        "ts": "1764000070.000300",
        "event_ts": "1764000070.000300",
        "deleted_ts": TS,
        "previous_message": message(**{"channel": None, "channel_type": None, "event_ts": None, **(before or {})}),
    }
    return {key: value for key, value in {**event, **different}.items() if value is not None}


def tombstone() -> Payload:
    """What Slack sends when a message with replies is deleted."""
    left = {
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": "USLACKBOT",
        "hidden": True,
        "edited": None,
        "thread_ts": TS,
        "reply_count": 1,
    }
    return changed(after=left, before={"thread_ts": TS, "reply_count": 1})


def event(inner: Payload, **different: Any) -> Payload:
    """The Events API's wrapper."""
    wrapper = {
        "token": "verification-token",
        "team_id": "T0HOME",
        "api_app_id": "A0BOT",
        "event": inner,
        "type": "event_callback",
        "event_id": "Ev0001",
        "event_time": 1764000000,
        "authorizations": [
            {
                "enterprise_id": "E0ORG",
                "team_id": "T0HOME",
                "user_id": "U0BOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
    }
    return {**wrapper, **different}


def press(*, action: Payload | None = None, **different: Any) -> Payload:
    """A press on *That fixed it* under an answer in a thread."""
    value = json.dumps({"c": "K7Q2", "p": 3, "v": "accounts/reset-password"})
    pressed = {
        "type": "button",
        "action_id": "tier1:fixed",
        "block_id": "x1y2",
        "text": {"type": "plain_text", "text": "That fixed it", "emoji": False},
        "value": value,
        "action_ts": "1764000100.123456",
    }
    payload = {
        "type": "block_actions",
        "team": {"id": "T0HOME", "domain": "home"},
        "user": {"id": ANNA, "username": "anna", "name": "anna", "team_id": "T0HOME"},
        "api_app_id": "A0BOT",
        "token": "verification-token",
        "container": {
            "type": "message",
            "message_ts": "1764000002.000400",
            "channel_id": CHANNEL,
            "is_ephemeral": False,
            "thread_ts": TS,
        },
        "trigger_id": "111.222.xxx",
        "channel": {"id": CHANNEL, "name": "help"},
        "message": {
            "type": "message",
            "user": "U0BOT",
            "bot_id": "B0BOT",
            "app_id": "A0BOT",
            "team": "T0HOME",
            "text": "Reset a forgotten password",
            "ts": "1764000002.000400",
            "thread_ts": TS,
            "parent_user_id": ANNA,
            "blocks": [],
        },
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/T0HOME/1/abc",
        "actions": [{**pressed, **(action or {})}],
    }
    return {**payload, **different}


def submission(*, view: Payload | None = None, **different: Any) -> Payload:
    """A reply to the customer, written in a form that was asked for at a card."""
    metadata = json.dumps({"c": "K7Q2", "p": 5, "h": "C0TIER2", "t": TS})
    words = {"words": {"tier1:input": {"type": "plain_text_input", "value": "Please restart it."}}}
    where = {"where": {"tier1:input": {"type": "radio_buttons", "selected_option": {"text": {}, "value": "dm"}}}}
    sent = {
        "id": "V0FORM",
        "type": "modal",
        "callback_id": "tier1:form:reply",
        "private_metadata": metadata,
        "hash": "156772938.1827394",
        "blocks": [{"type": "input", "block_id": "words"}],
        "state": {"values": {**words, **where}},
    }
    payload = {
        "type": "view_submission",
        "team": {"id": "T0HOME", "domain": "home"},
        "user": {"id": ANNA, "username": "anna", "name": "anna", "team_id": "T0HOME"},
        "api_app_id": "A0BOT",
        "token": "verification-token",
        "trigger_id": "111.222.xxx",
        "view": {**sent, **(view or {})},
        "response_urls": [],
    }
    return {**payload, **different}


def command(**different: Any) -> Payload:
    payload = {
        "token": "verification-token",
        "team_id": "T0HOME",
        "team_domain": "home",
        "channel_id": CHANNEL,
        "channel_name": "help",
        "user_id": ANNA,
        "user_name": "anna",
        "command": "/tier1",
        "text": "I forgot my password",
        "api_app_id": "A0BOT",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0HOME/1/abc",
        "trigger_id": "111.222.333abc",
    }
    return {**payload, **different}


def shortcut(**different: Any) -> Payload:
    """*Flag this answer*, chosen in the menu of an answer in a thread."""
    answer = press()
    return {
        "type": "message_action",
        "callback_id": "flag_answer",
        "action_ts": "1764000200.654321",
        "message_ts": "1764000002.000400",
        **{key: answer[key] for key in ("team", "user", "channel", "message", "token", "response_url")},
        "trigger_id": "333.444.zzz",
        **different,
    }
