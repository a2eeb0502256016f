"""conversations.*, users.* and their like: who and what there is, as far as the bot may know."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.sandbox.seed import BOT_ID, BOT_USER
from bot.sandbox.server import Sandbox
from tests.sandbox.app import Json

pytestmark = pytest.mark.wire


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def pages_of(answer: SlackResponse) -> list[Json]:
    # slack_sdk yields the same object for every page.
    return [dict(page.data) for page in answer if isinstance(page.data, dict)]


def test_a_dm_is_one_per_person_and_begins_with_d(sandbox: Sandbox, client: WebClient) -> None:
    first = client.conversations_open(users="U0ALICE", return_im=True)["channel"]
    again = client.conversations_open(users=["U0ALICE"])["channel"]

    assert first["id"] == again["id"] == sandbox.dm("alice")
    assert first["id"].startswith("D")
    assert (first["is_im"], first["user"]) == (True, "U0ALICE")
    assert sandbox.dm("bob") != first["id"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"users": ""}, "users_list_not_supplied"),
        ({"users": "U0NOBODY"}, "user_not_found"),
        ({"users": "U0ROBOT"}, "cannot_dm_bot"),
        ({"users": "U0MAL"}, "user_not_found"),  # of another workspace, met in no channel
        ({"channel": "C0HELP"}, "method_not_supported_for_channel_type"),
    ],
)
def test_a_dm_that_cannot_be_is_refused(client: WebClient, arguments: Json, error: str) -> None:
    assert refusal(lambda: client.api_call("conversations.open", params=arguments)) == error


def test_a_channel_is_described_as_slack_does(sandbox: Sandbox, client: WebClient) -> None:
    public = client.conversations_info(channel="C0HELP", include_num_members=True)["channel"]
    private = client.conversations_info(channel="C0TIER2")["channel"]
    shared = client.conversations_info(channel="C0SHARED")["channel"]
    alone = client.conversations_info(channel="C0ALONE")["channel"]
    dm = client.conversations_info(channel=sandbox.dm("alice"))["channel"]

    assert (public["name"], public["is_channel"], public["is_private"], public["num_members"]) == (
        "help",
        True,
        False,
        5,
    )
    assert public["topic"]["value"] == "Ask here"
    assert (private["is_private"], private["is_group"], private["is_member"]) == (True, True, True)
    assert (shared["is_ext_shared"], shared["shared_team_ids"]) == (True, ["T0SANDBOX1", "T0OTHER"])
    assert alone["is_member"] is False
    assert (dm["is_im"], dm["user"]) == (True, "U0ALICE")
    assert "name" not in dm
    assert refusal(lambda: client.conversations_info(channel="C0SECRET")) == "channel_not_found"


def test_channels_are_listed_by_kind(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.dm("alice")
    sandbox.archive("alone")

    def listed(**more: object) -> list[str]:
        return [channel["id"] for channel in client.api_call("conversations.list", params=more)["channels"]]

    assert listed() == ["C0HELP", "C0SHARED", "C0ALONE"]
    assert listed(exclude_archived=True) == ["C0HELP", "C0SHARED"]
    assert listed(types="private_channel,im") == ["C0TIER2", "D0ALICE"]
    assert refusal(lambda: listed(types="rooms")) == "invalid_types"


def test_history_is_newest_first_and_has_no_replies(sandbox: Sandbox, client: WebClient) -> None:
    first = sandbox.say("alice", "help", "first")
    reply = sandbox.say("bob", "help", "reply", thread_ts=first)
    second = sandbox.say("alice", "help", "second")
    sandbox.react("bob", "help", second, "eyes")

    messages = client.conversations_history(channel="C0HELP")["messages"]

    assert [message["ts"] for message in messages] == [second, first]
    assert messages[0]["reactions"] == [{"name": "eyes", "users": ["U0BOB"], "count": 1}]
    root = messages[1]
    assert (root["thread_ts"], root["reply_count"], root["latest_reply"]) == (first, 1, reply)
    assert root["reply_users"] == ["U0BOB"]


def test_history_is_bounded_by_oldest_and_latest(sandbox: Sandbox, client: WebClient) -> None:
    first, second, third = (sandbox.say("alice", "help", text) for text in ("a", "b", "c"))

    def found(**bounds: object) -> list[str]:
        answer = client.conversations_history(channel="C0HELP", **bounds)  # type: ignore[arg-type]
        return [message["ts"] for message in answer["messages"]]

    assert found(oldest=first) == [third, second]
    assert found(oldest=first, latest=third) == [second]
    assert found(oldest=first, latest=third, inclusive=True) == [third, second, first]
    assert found(oldest=second, inclusive=True, limit=1) == [third]
    assert refusal(lambda: found(oldest="yesterday")) == "invalid_ts_oldest"


def test_pages_follow_each_other_by_cursor(sandbox: Sandbox, client: WebClient) -> None:
    said = [sandbox.say("alice", "help", str(number)) for number in range(5)]

    pages = pages_of(client.conversations_history(channel="C0HELP", limit=2))

    assert [len(page["messages"]) for page in pages] == [2, 2, 1]
    assert [page["has_more"] for page in pages] == [True, True, False]
    assert [message["ts"] for page in pages for message in page["messages"]] == said[::-1]
    assert refusal(lambda: client.conversations_history(channel="C0HELP", cursor="!")) == "invalid_cursor"
    assert refusal(lambda: client.conversations_history(channel="C0HELP", limit=1001)) == "invalid_limit"
    assert refusal(lambda: client.conversations_history(channel="C0HELP", limit=0)) == "invalid_limit"


def test_replies_begin_with_the_root_on_every_page(sandbox: Sandbox, client: WebClient) -> None:
    root = sandbox.say("alice", "help", "root")
    said = [sandbox.say("bob", "help", str(number), thread_ts=root) for number in range(3)]

    pages = pages_of(client.conversations_replies(channel="C0HELP", ts=root, limit=2))

    assert [[message["ts"] for message in page["messages"]] for page in pages] == [[root, *said[:2]], [root, said[2]]]
    assert pages[0]["messages"][1]["parent_user_id"] == "U0ALICE"
    assert refusal(lambda: client.conversations_replies(channel="C0HELP", ts="1.000001")) == "thread_not_found"


def test_metadata_is_told_to_those_who_ask_for_it(client: WebClient) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"id": "7"}}
    client.chat_postMessage(channel="C0HELP", text="x", metadata=metadata)

    without = client.conversations_history(channel="C0HELP")["messages"][0]
    with_it = client.conversations_history(channel="C0HELP", include_all_metadata=True)["messages"][0]

    assert "metadata" not in without
    assert with_it["metadata"] == metadata


def test_history_of_a_channel_without_the_bot_is_refused(client: WebClient) -> None:
    assert refusal(lambda: client.conversations_history(channel="C0ALONE")) == "not_in_channel"
    assert refusal(lambda: client.conversations_history(channel="C0SECRET")) == "channel_not_found"
    assert refusal(lambda: client.conversations_replies(channel="C0ALONE", ts="1.0")) == "not_in_channel"


def test_members_are_listed(client: WebClient) -> None:
    assert client.conversations_members(channel="C0TIER2")["members"] == ["U0BOB", BOT_USER]


def test_the_bot_can_join_public_channels_only(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.conversations_join(channel="C0ALONE")

    assert answer["channel"]["is_member"] is True
    assert client.conversations_join(channel="C0ALONE")["warning"] == "already_in_channel"
    assert sandbox.messages("alone")[0].subtype == "channel_join"
    assert [one.name for one in sandbox.deliveries()] == ["member_joined_channel", "message.channel_join"]
    assert refusal(lambda: client.conversations_join(channel="C0SECRET")) == "channel_not_found"
    assert refusal(lambda: client.conversations_join(channel="C0TIER2")) == "method_not_supported_for_channel_type"


def test_a_person_is_described_and_an_outsider_is_thin(client: WebClient) -> None:
    alice = client.users_info(user="U0ALICE")["user"]
    guest = client.users_info(user="U0GUS")["user"]
    eve = client.users_info(user="U0EVE")["user"]
    bot = client.users_info(user=BOT_USER)["user"]

    assert (alice["name"], alice["real_name"], alice["tz"]) == ("alice", "Alice Adams", "Europe/Berlin")
    assert (alice["profile"]["email"], alice["profile"]["title"]) == ("alice@example.com", "Customer")
    assert alice["tz_offset"] in (3600, 7200)
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, False)
    assert (eve["team_id"], eve["is_stranger"]) == ("T0OTHER", True)
    assert "email" not in eve["profile"]
    assert "tz" not in eve
    assert (bot["is_bot"], bot["profile"]["bot_id"]) == (True, BOT_ID)
    assert refusal(lambda: client.users_info(user="U0MAL")) == "user_not_found"


def test_people_are_found_by_email_but_not_those_of_others(client: WebClient) -> None:
    assert client.users_lookupByEmail(email="Alice@Example.com")["user"]["id"] == "U0ALICE"
    assert refusal(lambda: client.users_lookupByEmail(email="eve@other.example")) == "users_not_found"
    assert refusal(lambda: client.users_lookupByEmail(email="")) == "invalid_arguments"


def test_people_are_listed_by_page(client: WebClient) -> None:
    pages = pages_of(client.users_list(limit=4))

    people = [person["id"] for page in pages for person in page["members"]]
    assert people == [BOT_USER, "U0ALICE", "U0BOB", "U0GUS", "U0EVE", "U0ROBOT"]


def test_team_bot_and_groups_are_told(client: WebClient) -> None:
    assert client.team_info()["team"]["id"] == "T0SANDBOX1"
    assert client.bots_info(bot=BOT_ID)["bot"]["user_id"] == BOT_USER
    assert refusal(lambda: client.bots_info(bot="B0NONE")) == "bot_not_found"
    group = client.usergroups_list(include_users=True)["usergroups"][0]
    assert (group["handle"], group["users"]) == ("support", ["U0BOB"])
    assert "users" not in client.usergroups_list()["usergroups"][0]
    assert client.usergroups_users_list(usergroup="S0SUPPORT")["users"] == ["U0BOB"]
    assert refusal(lambda: client.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"


def test_a_deactivated_account_is_still_known_and_takes_no_dm(sandbox: Sandbox, client: WebClient) -> None:
    assert client.users_info(user="U0BOB")["user"]["deleted"] is False

    sandbox.deactivate("bob")

    assert client.users_info(user="U0BOB")["user"]["deleted"] is True
    assert refusal(lambda: client.conversations_open(users="U0BOB")) == "user_disabled"


def test_a_channel_that_the_bot_left_is_seen_from_outside_or_not_at_all(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.leave("help")
    sandbox.leave("tier2")

    assert client.conversations_info(channel="C0HELP")["channel"]["is_member"] is False
    assert refusal(lambda: client.conversations_info(channel="C0TIER2")) == "channel_not_found"
