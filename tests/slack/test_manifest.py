from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import bot.slack
from bot.cli import main
from bot.errors import SettingsError
from bot.slack.manifest import COMMAND, EVENTS, FLAG_ANSWER, SCOPES, manifest

SCHEMA = json.loads((Path(__file__).parent / "manifest.schema.2.0.0.json").read_text())
ROOM = Path(bot.slack.__file__).parent

# What Slack asks of a bot token for each method, from the method's page under https://docs.slack.dev/reference/methods
METHODS: dict[str, set[str]] = {
    "auth_test": set(),
    "apps_connections_open": set(),  # the app-level token's connections:write
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "chat_getPermalink": set(),
    "conversations_open": {"im:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},  # of DMs, which nobody asks for, im:read
    "reactions_add": {"reactions:write"},
    "reactions_remove": {"reactions:write"},
    "users_info": {"users:read", "users:read.email"},  # without the second, no address
    "usergroups_users_list": {"usergroups:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
# https://docs.slack.dev/reference/events
SUBSCRIBED: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}
FAMILIES = (
    "admin|agents|api|apps|assistant|auth|blocks|bookmarks|bots|calls|canvases|chat|conversations|dialog|dnd|emoji|files|"
    "functions|lists|migration|oauth|openid|pins|reactions|reminders|rtm|search|stars|team|usergroups|users|views|workflows"
)
CALL = re.compile(rf"\.((?:{FAMILIES})_[a-zA-Z_]+)\b")
FORMS = [manifest(), manifest(http="https://bot.example.com")]


def called() -> set[str]:
    """Every method of Slack's Web API that this room's code names."""
    return {name for module in ROOM.glob("*.py") for name in CALL.findall(module.read_text())}


@pytest.mark.parametrize("form", FORMS)
def test_slack_takes_the_manifest(form: dict[str, Any]) -> None:
    assert [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(form)] == []


def test_the_scopes_are_those_that_the_code_needs_and_no_others() -> None:
    unknown = called() - METHODS.keys()
    needed = {"commands"}.union(
        *(METHODS[name] for name in called() & METHODS.keys()), *(SUBSCRIBED[e] for e in EVENTS)
    )

    assert unknown == set()
    assert set(SCOPES) == needed
    assert list(SCOPES) == sorted(SCOPES)
    assert all(form["oauth_config"]["scopes"] == {"bot": list(SCOPES)} for form in FORMS)


def test_every_method_in_the_table_is_called() -> None:
    # The SDK itself asks for a connection, and permalinks are asked for where messages are put together.
    assert METHODS.keys() - called() <= {"apps_connections_open", "chat_getPermalink"}


def test_people_can_write_to_us() -> None:
    features = FORMS[0]["features"]

    assert features["app_home"]["messages_tab_enabled"]
    assert not features["app_home"]["messages_tab_read_only_enabled"]
    assert [command["command"] for command in features["slash_commands"]] == [COMMAND]
    assert [shortcut["callback_id"] for shortcut in features["shortcuts"]] == [FLAG_ANSWER]
    assert features["slash_commands"][0]["should_escape"]  # `command_of` reads a command's text as a message's


def test_socket_mode_needs_no_address_and_http_has_the_same_one_everywhere() -> None:
    by_socket, by_http = FORMS
    url = "https://bot.example.com/slack/events"

    assert by_socket["settings"]["socket_mode_enabled"]
    assert "url" not in json.dumps(by_socket)
    assert not by_http["settings"]["socket_mode_enabled"]
    assert by_http["settings"]["event_subscriptions"]["request_url"] == url
    assert by_http["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert by_http["features"]["slash_commands"][0]["url"] == url


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://bot.example.com/", "https://bot.example.com/slack/events"),
        ("https://example.com/tier1", "https://example.com/tier1/slack/events"),  # behind a proxy
        ("https://bot.example.com/slack/events", "https://bot.example.com/slack/events"),
    ],
)
def test_an_address_may_be_given_with_or_without_the_path(address: str, url: str) -> None:
    assert manifest(http=address)["settings"]["interactivity"]["request_url"] == url


@pytest.mark.parametrize("address", ["http://bot.example.com", "bot.example.com", "https://", "https://x.example/?a=b"])
def test_an_address_that_slack_cannot_call_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="--http"):
        manifest(http=address)


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest", "--http", "https://bot.example.com"]) == 0
    assert json.loads(capsys.readouterr().out) == FORMS[1]


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest", "--http", "http://bot.example.com"]) == 1
    assert "https://" in capsys.readouterr().err
