"""The manifest that a Slack app of this program is made from: the scopes and events that the code uses, and no others.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.errors import SettingsError

COMMAND = "/tier1"
FLAG_ANSWER = "flag_answer"  # the shortcut in the menu of a message
EVENTS = ("app_home_opened", "app_mention", "message.channels", "message.groups", "message.im")
SCOPES = (
    "app_mentions:read",  # app_mention
    "channels:history",  # message.channels; looking whether a post has arrived
    "channels:read",  # `tier1 doctor`: whether the bot is in the channels that the rules name
    "chat:write",
    "commands",
    "groups:history",  # the same in private channels
    "groups:read",
    "im:history",  # the same in direct messages
    "im:write",  # conversations.open
    "reactions:write",
    "usergroups:read",
    "users:read",
    "users:read.email",  # groups by address
)
PATH = "/slack/events"


def manifest(*, http: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode, or for `http`, the public address in front of `tier1 run --http`.

    Raises `SettingsError` if Slack could not call that address.
    """
    request_url = _request_url(http) if http else None
    at = {"request_url": request_url} if request_url else {}
    command = {
        "command": COMMAND,
        "description": "Ask the support bot, or look after your cases",
        "usage_hint": "your question, status or help",
        # Mentions come with their ids then, as they do in messages.
        "should_escape": True,
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Tier 1",
            "description": "Answers that an editor wrote, and a person with the whole story when they do not help",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "tier1", "always_online": True},
            "shortcuts": [
                {
                    "name": "Flag this answer",
                    "type": "message",
                    "callback_id": FLAG_ANSWER,
                    "description": "Tell the editors what is wrong with an entry",
                }
            ],
            "slash_commands": [{**command, **({"url": request_url} if request_url else {})}],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**at, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **at},
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _request_url(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"--http is `{address}`: it must be the https:// address under which Slack reaches the bot")
    path = parts.path.rstrip("/")
    return address.rstrip("/") + ("" if path.endswith(PATH) else PATH)
