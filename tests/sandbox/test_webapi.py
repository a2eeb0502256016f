"""Who may call the Web API, and what is kept of each call."""

import json
from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.messages import File
from bot.sandbox.seed import BOT_ID, BOT_USER
from bot.sandbox.server import Sandbox
from tests.sandbox.app import ask

pytestmark = pytest.mark.wire


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def test_the_bot_learns_who_it_is(client: WebClient) -> None:
    answer = client.auth_test()

    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (BOT_USER, BOT_ID, "T0SANDBOX1")
    assert answer["user"] == "tier1"


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("xoxb-wrong", "invalid_auth"),
        ("", "not_authed"),
    ],
)
def test_a_stranger_is_refused(sandbox: Sandbox, token: str, error: str) -> None:
    stranger = WebClient(token, base_url=sandbox.api_url)

    assert refusal(stranger.auth_test) == error


def test_each_token_is_for_its_own_methods(sandbox: Sandbox, client: WebClient) -> None:
    with_app_token = WebClient(sandbox.app_token, base_url=sandbox.api_url)

    assert refusal(lambda: client.api_call("apps.connections.open")) == "not_allowed_token_type"
    assert refusal(lambda: with_app_token.chat_postMessage(channel="C0HELP", text="x")) == "not_allowed_token_type"


def test_tokens_are_new_with_every_sandbox_and_look_like_slacks(sandbox: Sandbox) -> None:
    other = Sandbox(sandbox._parts.workspace.seed)

    assert sandbox.bot_token.startswith("xoxb-")
    assert sandbox.app_token.startswith("xapp-")
    assert {sandbox.bot_token, sandbox.app_token}.isdisjoint({other.bot_token, other.app_token})


def test_a_token_may_stand_in_a_form_but_not_in_json(sandbox: Sandbox) -> None:
    url = f"{sandbox.api_url}auth.test"
    form = f"token={sandbox.bot_token}".encode()
    body = json.dumps({"token": sandbox.bot_token}).encode()

    assert ask(url, form, {"Content-Type": "application/x-www-form-urlencoded"}).json["ok"] is True
    assert ask(url, body, {"Content-Type": "application/json"}).json["error"] == "not_authed"
    assert "header only" in sandbox.warnings[-1]


def test_an_unknown_method_is_refused_and_warned_of(sandbox: Sandbox, client: WebClient) -> None:
    assert refusal(lambda: client.api_call("chat.teleport")) == "unknown_method"
    assert sandbox.warnings == ["chat.teleport: this sandbox does not know the method"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "invalid_json"),
        (b"[]", "json_not_object"),
        (b'{"channel": {"id": "C0HELP"}}', "invalid_arguments"),
    ],
)
def test_a_body_that_is_no_object_of_texts_is_refused(sandbox: Sandbox, body: bytes, error: str) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": "application/json; charset=utf-8"}

    assert ask(f"{sandbox.api_url}conversations.info", body, headers).json["error"] == error


def test_every_call_is_kept_with_its_answer_but_not_its_token(sandbox: Sandbox, client: WebClient) -> None:
    client.users_info(user="U0ALICE")
    refusal(lambda: client.users_info(user="U0NOBODY"))
    ask(f"{sandbox.api_url}auth.test", f"token={sandbox.bot_token}".encode())

    good, bad, test = sandbox.calls()
    assert (good.method, good.arguments, good.ok) == ("users.info", {"user": "U0ALICE"}, True)
    assert (bad.ok, bad.answer["error"]) == (False, "user_not_found")
    assert test.arguments == {}
    assert good.milliseconds > 0
    assert sandbox.calls("users.info") == [good, bad]
    assert good.n < bad.n < test.n


def test_files_need_the_bots_token(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.say("alice", "help", "look", files=[File("error.txt", content=b"boom"), "screen.png"])
    files = client.conversations_history(channel="C0HELP")["messages"][0]["files"]

    assert [(file["name"], file["mimetype"], file["size"]) for file in files] == [
        ("error.txt", "text/plain", 4),
        ("screen.png", "image/png", 0),
    ]
    mine = ask(files[0]["url_private"], headers={"Authorization": f"Bearer {sandbox.bot_token}"})
    assert (mine.status, mine.body) == (200, b"boom")
    assert ask(files[0]["url_private"]).status == 403
