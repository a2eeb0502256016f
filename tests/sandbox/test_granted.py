"""What a manifest does not ask for is neither allowed, nor told, nor in a menu."""

import json

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear, ask
from tests.sandbox.conftest import SEED, client_of

pytestmark = pytest.mark.wire


def test_a_missing_scope_is_named_with_those_there_are() -> None:
    with Sandbox(SEED, scopes=("chat:write", "channels:history")) as sandbox:
        client = client_of(sandbox)
        client.chat_postMessage(channel="C0HELP", text="x")
        client.conversations_history(channel="C0HELP")

        with pytest.raises(SlackApiError) as caught:
            client.conversations_history(channel="C0TIER2")

    answer = caught.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")
    assert answer["provided"] == "channels:history,chat:write"
    assert answer.headers["x-oauth-scopes"] == "channels:history,chat:write"


def test_the_scopes_told_are_those_of_the_token_and_nothing_is_told_to_strangers() -> None:
    with Sandbox(SEED, scopes=("chat:write",)) as sandbox:
        app = client_of(sandbox).apps_connections_open(app_token=sandbox.app_token)
        bot = client_of(sandbox).auth_test()
        with pytest.raises(SlackApiError, match="invalid_auth") as caught:
            WebClient("xoxb-guessed", base_url=sandbox.api_url, retry_handlers=[]).auth_test()

    assert app.headers["x-oauth-scopes"] == "connections:write"
    assert bot.headers["x-oauth-scopes"] == "chat:write"
    assert "x-oauth-scopes" not in caught.value.response.headers


def test_emails_need_a_scope_of_their_own() -> None:
    with Sandbox(SEED, scopes=("users:read",)) as sandbox:
        client = client_of(sandbox)
        assert "email" not in client.users_info(user="U0ALICE")["user"]["profile"]
        with pytest.raises(SlackApiError, match="missing_scope"):
            client.users_lookupByEmail(email="alice@example.com")


def test_an_app_hears_only_what_it_is_subscribed_to() -> None:
    with Sandbox(SEED, subscriptions=("message.im", "app_mention")) as sandbox:
        ts = sandbox.say("alice", "help", "hey @tier1")
        sandbox.react("bob", "help", ts, "eyes")
        sandbox.say("alice", sandbox.dm("alice"), "hello")

        assert [delivery.name for delivery in sandbox.deliveries()] == ["app_mention", "message"]


def test_without_a_manifest_everything_is_allowed_and_told() -> None:
    with Sandbox(SEED) as sandbox:
        assert client_of(sandbox).team_info()["ok"]
        assert "chat:write" in client_of(sandbox).auth_test().headers["x-oauth-scopes"].split(",")


def test_only_the_shortcuts_of_the_manifest_can_be_chosen() -> None:
    listed = {"name": "Ask about this", "type": "message", "callback_id": "ask", "description": "Ask the bot"}
    with Sandbox(SEED, shortcuts=[listed]) as sandbox:
        ts = sandbox.say("alice", "help", "broken")
        sandbox.message_shortcut("bob", "help", ts, "ask")

        assert ask(f"{sandbox.url}/sandbox/state?as=bob").json["shortcuts"] == [listed]
        with pytest.raises(LookupError, match="no message shortcut 'other'; it has ask"):
            sandbox.message_shortcut("bob", "help", ts, "other")
        with pytest.raises(LookupError, match="no global shortcut 'ask'; it has none"):
            sandbox.shortcut("bob", "ask")


def test_the_pages_menus_send_shortcuts(ear: Ear, sandbox: Sandbox) -> None:
    ts = sandbox.say("alice", "help", "broken")
    for what, given in (
        ("message_shortcut", {"channel": "C0HELP", "ts": ts, "callback_id": "ask"}),
        ("shortcut", {"callback_id": "new"}),
    ):
        assert ask(f"{sandbox.url}/sandbox/{what}", json.dumps({"as": "bob", **given}).encode()).json == {"ok": True}
    sandbox.settled()

    sent = [one["payload"]["callback_id"] for one in ear.envelopes if one["type"] == "interactive"]
    assert sent == ["ask", "new"]
