"""chat.* and reactions.*: what the bot can put into channels, and what Slack refuses."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.seed import APP_ID, BOT_ID, BOT_USER
from bot.sandbox.server import Sandbox
from tests.sandbox.app import Json

pytestmark = pytest.mark.wire

SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "words"}}
META: Json = {"event_type": "outbox", "event_payload": {"id": "7"}}


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def test_a_post_is_answered_in_slacks_shape(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.chat_postMessage(channel="C0HELP", text="R&D <b>", blocks=[SECTION], metadata=META)

    message = answer["message"]
    assert answer["ok"] is True
    assert (answer["channel"], answer["ts"]) == ("C0HELP", message["ts"])
    assert (message["type"], message["user"], message["bot_id"]) == ("message", BOT_USER, BOT_ID)
    assert (message["app_id"], message["team"]) == (APP_ID, "T0SANDBOX1")
    assert message["text"] == "R&amp;D &lt;b&gt;"
    assert message["metadata"] == META
    assert message["blocks"][0]["block_id"]
    assert message["blocks"][0]["text"] == {"type": "mrkdwn", "text": "words", "verbatim": False}
    assert "thread_ts" not in message
    assert [one.ts for one in sandbox.messages("help")] == [answer["ts"]]


def test_form_and_json_bodies_do_the_same(sandbox: Sandbox, client: WebClient) -> None:
    client.api_call("chat.postMessage", json={"channel": "C0HELP", "text": "json", "blocks": [SECTION]})
    client.api_call("chat.postMessage", params={"channel": "C0HELP", "text": "form", "blocks": '[{"type":"divider"}]'})
    client.api_call("chat.postMessage", data={"channel": "C0HELP", "text": "multipart"}, files={})

    assert [message.text for message in sandbox.messages("help")] == ["json", "form", "multipart"]
    assert [len(message.blocks) for message in sandbox.messages("help")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0SECRET", "text": "x"}, "channel_not_found"),  # private and not in it: it does not exist
        ({"channel": "C0ALONE", "text": "x"}, "not_in_channel"),
        ({"channel": "C0HELP"}, "no_text"),
        ({"channel": "C0HELP", "text": "  "}, "no_text"),
        ({"channel": "C0HELP", "text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"channel": "C0HELP", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"channel": "C0HELP", "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        ({"channel": "C0HELP", "text": "x", "metadata": {"event_payload": {}}}, "invalid_metadata_format"),
        (
            {"channel": "C0HELP", "text": "x", "metadata": {**META, "event_payload": {"a": "x" * 16_001}}},
            "metadata_too_large",
        ),
        ({"channel": "C0HELP", "text": "x", "thread_ts": "soon"}, "invalid_thread_ts"),
        ({"channel": "C0HELP", "text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "x"}, "invalid_arguments"),
    ],
)
def test_a_post_that_slack_would_refuse_is_refused(client: WebClient, arguments: Json, error: str) -> None:
    assert refusal(lambda: client.api_call("chat.postMessage", json=arguments)) == error


def test_an_archived_channel_takes_nothing(sandbox: Sandbox, client: WebClient) -> None:
    ts = sandbox.say("alice", "help", "last words")
    sandbox.archive("help")

    assert refusal(lambda: client.chat_postMessage(channel="C0HELP", text="x")) == "is_archived"
    assert refusal(lambda: client.reactions_add(channel="C0HELP", timestamp=ts, name="eyes")) == "is_archived"


def test_a_post_finds_a_public_channel_by_name_and_a_person_by_id(sandbox: Sandbox, client: WebClient) -> None:
    assert client.chat_postMessage(channel="#help", text="x")["channel"] == "C0HELP"
    assert client.chat_postMessage(channel="U0ALICE", text="x")["channel"] == sandbox.dm("alice")
    assert refusal(lambda: client.chat_postMessage(channel="#tier2", text="x")) == "channel_not_found"


def test_text_over_40000_characters_is_cut_with_a_warning(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.chat_postMessage(channel="C0HELP", text="x" * 40_001)

    assert len(sandbox.messages("help")[0].text) == 40_000
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]


def test_markdown_text_becomes_a_markdown_block(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="C0HELP", markdown_text="# Title")

    assert sandbox.messages("help")[0].blocks[0]["type"] == "markdown"
    assert refusal(lambda: client.chat_postMessage(channel="C0HELP", markdown_text="x" * 12_001)) == "msg_too_long"


def test_every_ts_is_a_later_string_with_six_decimals(sandbox: Sandbox, client: WebClient) -> None:
    said = [sandbox.say("alice", "help", "x") for _ in range(200)]
    said.append(str(client.chat_postMessage(channel="C0HELP", text="x")["ts"]))

    assert said == sorted(set(said))
    assert all(len(ts) == 17 and ts[10] == "." for ts in said)


def test_a_reply_to_an_unknown_message_stands_alone(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.chat_postMessage(channel="C0HELP", text="lost", thread_ts="1700000000.000100")

    assert "thread_ts" not in answer["message"]
    assert sandbox.messages("help")[0].thread_ts is None


def test_a_reply_to_a_deleted_message_without_replies_stands_alone(sandbox: Sandbox, client: WebClient) -> None:
    ts = sandbox.say("alice", "help", "x")
    sandbox.delete("alice", "help", ts)

    assert "thread_ts" not in client.chat_postMessage(channel="C0HELP", text="lost", thread_ts=ts)["message"]


def test_a_thread_whose_root_is_deleted_still_takes_replies(sandbox: Sandbox, client: WebClient) -> None:
    ts = sandbox.say("alice", "help", "question")
    client.chat_postMessage(channel="C0HELP", text="answer", thread_ts=ts)
    sandbox.delete("alice", "help", ts)

    answer = client.chat_postMessage(channel="C0HELP", text="more", thread_ts=ts)

    assert answer["message"]["thread_ts"] == ts
    assert [message.text for message in sandbox.messages("help")] == ["This message was deleted."]
    assert [message.text for message in sandbox.messages("help", ts)] == ["answer", "more"]


def test_a_message_that_expires_takes_its_thread_along_and_leaves_no_tombstone(
    sandbox: Sandbox, client: WebClient
) -> None:
    ts = sandbox.say("alice", "help", "question")
    client.chat_postMessage(channel="C0HELP", text="answer", thread_ts=ts)
    sandbox.expire("help", ts)

    answer = client.chat_postMessage(channel="C0HELP", text="lost", thread_ts=ts)

    assert "thread_ts" not in answer["message"]
    assert [message.text for message in sandbox.messages("help", deleted=True)] == ["lost"]
    assert sandbox.messages("help", ts, deleted=True) == []
    assert refusal(lambda: client.conversations_replies(channel="C0HELP", ts=ts)) == "thread_not_found"


def test_a_channel_that_the_bot_was_removed_from_takes_nothing_of_it(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="C0HELP", text="before")
    sandbox.remove_bot("help")

    assert refusal(lambda: client.chat_postMessage(channel="C0HELP", text="x")) == "not_in_channel"
    assert refusal(lambda: client.conversations_history(channel="C0HELP")) == "not_in_channel"
    sandbox.say("alice", "help", "nobody tells the bot of this")
    assert not [delivery for delivery in sandbox.deliveries("message") if "nobody tells" in str(delivery.payload)]


def test_replying_to_a_reply_is_warned_of(sandbox: Sandbox, client: WebClient) -> None:
    root = sandbox.say("alice", "help", "question")
    reply = sandbox.say("bob", "help", "answer", thread_ts=root)

    assert "thread_ts" not in client.chat_postMessage(channel="C0HELP", text="x", thread_ts=reply)["message"]
    assert any("names a reply" in warning for warning in sandbox.warnings)


def test_an_update_with_text_alone_removes_the_blocks_and_marks_the_edit(sandbox: Sandbox, client: WebClient) -> None:
    ts = str(client.chat_postMessage(channel="C0HELP", text="old", blocks=[SECTION], metadata=META)["ts"])

    answer = client.chat_update(channel="C0HELP", ts=ts, text="new")

    message = sandbox.messages("help")[0]
    assert (answer["ts"], answer["text"], answer["message"]["text"]) == (ts, "new", "new")
    assert (message.text, message.blocks, bool(message.edited)) == ("new", (), True)
    assert message.metadata == META


def test_an_update_with_blocks_leaves_no_mark(sandbox: Sandbox, client: WebClient) -> None:
    ts = str(client.chat_postMessage(channel="C0HELP", text="old")["ts"])

    client.chat_update(channel="C0HELP", ts=ts, text="new", blocks=[SECTION])

    assert sandbox.messages("help")[0].edited is None


def test_only_the_bots_own_messages_can_be_changed_or_deleted(sandbox: Sandbox, client: WebClient) -> None:
    said = sandbox.say("alice", "help", "mine")

    assert refusal(lambda: client.chat_update(channel="C0HELP", ts=said, text="x")) == "cant_update_message"
    assert refusal(lambda: client.chat_delete(channel="C0HELP", ts=said)) == "cant_delete_message"
    assert refusal(lambda: client.chat_update(channel="C0HELP", ts="1.000001", text="x")) == "message_not_found"
    assert refusal(lambda: client.chat_delete(channel="C0HELP", ts="1.000001")) == "message_not_found"


def test_a_deleted_message_is_gone(sandbox: Sandbox, client: WebClient) -> None:
    ts = str(client.chat_postMessage(channel="C0HELP", text="oops")["ts"])

    client.chat_delete(channel="C0HELP", ts=ts)

    assert sandbox.messages("help") == []
    assert [message.deleted for message in sandbox.messages("help", deleted=True)] == [True]
    assert refusal(lambda: client.chat_delete(channel="C0HELP", ts=ts)) == "message_not_found"


def test_an_updated_text_may_have_4000_bytes_after_escaping(client: WebClient) -> None:
    ts = str(client.chat_postMessage(channel="C0HELP", text="x")["ts"])

    client.chat_update(channel="C0HELP", ts=ts, text="x" * 4_000)

    assert refusal(lambda: client.chat_update(channel="C0HELP", ts=ts, text="ä" * 2_001)) == "msg_too_long"
    assert refusal(lambda: client.chat_update(channel="C0HELP", ts=ts, text="&" * 801)) == "msg_too_long"


def test_an_ephemeral_is_seen_by_one_person_only(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.chat_postEphemeral(channel="C0HELP", user="U0ALICE", text="psst")

    assert [message.ts for message in sandbox.ephemerals("alice")] == [answer["message_ts"]]
    assert sandbox.ephemerals("bob") == []
    assert sandbox.messages("help") == []
    assert sandbox.ephemerals("alice", "shared") == []
    outside = refusal(lambda: client.chat_postEphemeral(channel="C0TIER2", user="U0ALICE", text="psst"))
    assert outside == "user_not_in_channel"
    assert refusal(lambda: client.chat_postEphemeral(channel="C0ALONE", user="U0ALICE", text="x")) == "not_in_channel"


def test_a_permalink_names_the_thread(sandbox: Sandbox, client: WebClient) -> None:
    root = sandbox.say("alice", "help", "question")
    reply = sandbox.say("bob", "help", "answer", thread_ts=root)

    link = str(client.chat_getPermalink(channel="C0HELP", message_ts=reply)["permalink"])

    assert link.startswith(f"https://sandbox.slack.com/archives/C0HELP/p{reply.replace('.', '')}")
    assert link.endswith(f"?thread_ts={root}&cid=C0HELP")
    assert refusal(lambda: client.chat_getPermalink(channel="C0HELP", message_ts="1.000001")) == "message_not_found"


def test_reactions_can_be_given_once_and_taken_back_once(sandbox: Sandbox, client: WebClient) -> None:
    ts = sandbox.say("alice", "help", "thanks")
    sandbox.react("bob", "help", ts, "tada")
    client.reactions_add(channel="C0HELP", timestamp=ts, name="tada")

    assert sandbox.messages("help")[0].reactions == {"tada": ("U0BOB", BOT_USER)}
    got = client.reactions_get(channel="C0HELP", timestamp=ts)["message"]["reactions"]
    assert got == [{"name": "tada", "users": ["U0BOB", BOT_USER], "count": 2}]
    assert refusal(lambda: client.reactions_add(channel="C0HELP", timestamp=ts, name="tada")) == "already_reacted"
    client.reactions_remove(channel="C0HELP", timestamp=ts, name="tada")
    assert refusal(lambda: client.reactions_remove(channel="C0HELP", timestamp=ts, name="tada")) == "no_reaction"
    assert sandbox.messages("help")[0].reactions == {"tada": ("U0BOB",)}


@pytest.mark.parametrize(
    ("name", "timestamp", "error"),
    [
        ("not an emoji", "1700000000.000001", "invalid_name"),
        ("eyes", "soon", "bad_timestamp"),
        ("eyes", "1700000000.000001", "message_not_found"),
    ],
)
def test_a_reaction_to_nothing_is_refused(client: WebClient, name: str, timestamp: str, error: str) -> None:
    assert refusal(lambda: client.reactions_add(channel="C0HELP", timestamp=timestamp, name=name)) == error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"blocks": [SECTION]}, "without `text`"),
        ({"text": "<!channel> look"}, "pings everybody"),
        ({"text": "look", "parse": "full"}, "to life"),
        ({"text": "look", "link_names": True}, "to life"),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing:UserWarning")
def test_what_people_would_regret_is_warned_of(sandbox: Sandbox, client: WebClient, arguments: Json, said: str) -> None:
    client.chat_postMessage(channel="C0HELP", **arguments)

    assert [warning for warning in sandbox.warnings if said in warning]
