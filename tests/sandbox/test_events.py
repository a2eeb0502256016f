"""What the app hears of what happens in channels and DMs."""

import pytest
from slack_sdk import WebClient

from bot.sandbox.seed import APP_ID, BOT_ID, BOT_USER
from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear, Json

pytestmark = pytest.mark.wire


def events(sandbox: Sandbox) -> list[Json]:
    return [delivery.payload["event"] for delivery in sandbox.deliveries() if delivery.kind == "event"]


def kinds(sandbox: Sandbox) -> list[str]:
    return [delivery.name for delivery in sandbox.deliveries()]


def test_a_message_arrives_as_slack_sends_it(sandbox: Sandbox, ear: Ear) -> None:
    ts = sandbox.say("alice", "help", "it is <broken> & slow")
    sandbox.settled()

    payload = ear.envelopes[0]["payload"]
    event = payload["event"]
    assert (payload["type"], payload["team_id"], payload["api_app_id"]) == ("event_callback", "T0SANDBOX1", APP_ID)
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == BOT_USER
    assert payload["is_ext_shared_channel"] is False
    assert payload["token"]
    assert isinstance(payload["event_time"], int)
    assert (event["type"], event["user"], event["channel"]) == ("message", "U0ALICE", "C0HELP")
    assert (event["ts"], event["event_ts"], event["channel_type"]) == (ts, ts, "channel")
    assert event["text"] == "it is &lt;broken&gt; &amp; slow"
    assert event["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "it is <broken> & slow"}]
    assert event["client_msg_id"]
    assert "subtype" not in event
    assert "thread_ts" not in event


def test_a_mention_comes_twice_with_two_event_ids_and_one_ts(sandbox: Sandbox) -> None:
    ts = sandbox.say("alice", "help", "hey @tier1")

    message, mention = sandbox.deliveries()
    assert (message.name, mention.name) == ("message", "app_mention")
    assert message.payload["event_id"] != mention.payload["event_id"]
    assert message.payload["event"]["ts"] == mention.payload["event"]["ts"] == ts
    assert message.payload["event"]["client_msg_id"] == mention.payload["event"]["client_msg_id"]
    assert mention.payload["event"]["text"] == f"hey <@{BOT_USER}>"
    assert "channel_type" not in mention.payload["event"]


def test_a_dm_has_no_mentions(sandbox: Sandbox) -> None:
    sandbox.say("alice", sandbox.dm("alice"), "hey @tier1")

    assert kinds(sandbox) == ["message"]
    assert events(sandbox)[0]["channel_type"] == "im"


def test_a_private_channel_is_a_group(sandbox: Sandbox) -> None:
    sandbox.say("bob", "tier2", "x")

    assert events(sandbox)[0]["channel_type"] == "group"


def test_nothing_is_heard_where_the_bot_is_not(sandbox: Sandbox) -> None:
    ts = sandbox.say("alice", "alone", "hey @tier1")
    sandbox.edit("alice", "alone", ts, "hey")
    sandbox.react("bob", "alone", ts, "eyes")
    sandbox.delete("alice", "alone", ts)

    assert sandbox.deliveries() == []


def test_a_reply_names_its_thread_and_the_author_of_the_root(sandbox: Sandbox) -> None:
    root = sandbox.say("alice", "help", "question")
    sandbox.say("bob", "help", "answer", thread_ts=root)

    assert (events(sandbox)[1]["thread_ts"], events(sandbox)[1]["parent_user_id"]) == (root, "U0ALICE")


def test_the_bots_own_post_comes_back_as_an_event(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="C0HELP", text=f"I am <@{BOT_USER}>")

    (event,) = events(sandbox)
    assert (event["type"], event["user"], event["bot_id"], event["app_id"]) == ("message", BOT_USER, BOT_ID, APP_ID)
    assert event["bot_profile"]["app_id"] == APP_ID


def test_the_bots_own_update_comes_back_as_a_change(sandbox: Sandbox, client: WebClient) -> None:
    ts = str(client.chat_postMessage(channel="C0HELP", text="old")["ts"])
    client.chat_update(channel="C0HELP", ts=ts, text="new")

    change = events(sandbox)[1]
    assert kinds(sandbox)[1] == "message.message_changed"
    assert (change["message"]["text"], change["message"]["bot_id"]) == ("new", BOT_ID)


def test_an_edit_has_a_ts_of_its_own_and_both_versions(sandbox: Sandbox) -> None:
    ts = sandbox.say("alice", "help", "old")
    sandbox.edit("alice", "help", ts, "new & better")

    change = events(sandbox)[1]
    assert (change["subtype"], change["channel"], change["hidden"]) == ("message_changed", "C0HELP", True)
    assert (change["message"]["ts"], change["message"]["text"]) == (ts, "new &amp; better")
    assert change["message"]["edited"]["user"] == "U0ALICE"
    assert change["previous_message"]["text"] == "old"
    assert "edited" not in change["previous_message"]
    assert change["ts"] == change["event_ts"] > ts
    assert sandbox.messages("help")[0].edited == change["message"]["edited"]["ts"]


def test_a_mention_put_in_by_an_edit_is_a_mention(sandbox: Sandbox) -> None:
    ts = sandbox.say("alice", "help", "hey")
    sandbox.edit("alice", "help", ts, "hey @tier1")
    sandbox.edit("alice", "help", ts, "hello @tier1")

    assert kinds(sandbox)[1:] == ["message.message_changed", "app_mention", "message.message_changed"]
    assert events(sandbox)[2]["edited"]


def test_a_deletion_tells_what_was_deleted(sandbox: Sandbox) -> None:
    ts = sandbox.say("alice", "help", "oops")
    sandbox.delete("alice", "help", ts)

    event = events(sandbox)[1]
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", ts)
    assert event["previous_message"]["text"] == "oops"
    assert event["ts"] != ts


def test_the_deleted_root_of_a_thread_becomes_a_tombstone(sandbox: Sandbox) -> None:
    root = sandbox.say("alice", "help", "question")
    sandbox.say("bob", "help", "answer", thread_ts=root)
    sandbox.delete("alice", "help", root)

    event = events(sandbox)[2]
    assert event["subtype"] == "message_changed"
    assert (event["message"]["subtype"], event["message"]["ts"]) == ("tombstone", root)
    assert (event["message"]["user"], event["message"]["hidden"]) == ("USLACKBOT", True)
    assert event["previous_message"]["text"] == "question"
    assert sandbox.messages("help")[0].deleted


def test_a_file_comes_with_its_message(sandbox: Sandbox) -> None:
    sandbox.say("alice", "help", "", files=["error.log"])

    event = events(sandbox)[0]
    assert (event["subtype"], event["text"]) == ("file_share", "")
    assert event["files"][0]["url_private"].startswith(sandbox.url)


def test_a_reaction_names_the_message_and_its_author(sandbox: Sandbox, client: WebClient) -> None:
    ts = sandbox.say("alice", "help", "thanks")
    sandbox.react("bob", "help", ts, "tada")
    sandbox.unreact("bob", "help", ts, "tada")
    client.reactions_add(channel="C0HELP", timestamp=ts, name="eyes")

    added, removed, own = events(sandbox)[1:]
    assert (added["type"], added["reaction"], added["user"]) == ("reaction_added", "tada", "U0BOB")
    assert added["item"] == {"type": "message", "channel": "C0HELP", "ts": ts}
    assert added["item_user"] == "U0ALICE"
    assert removed["type"] == "reaction_removed"
    assert own["user"] == BOT_USER  # the bot hears of its own reactions too


def test_another_bot_has_a_bot_id_of_its_own(sandbox: Sandbox) -> None:
    sandbox.say("robot", "help", "beep @tier1")

    message, mention = events(sandbox)
    assert message["bot_id"] == mention["bot_id"] == "B0ROBOT"
    assert message["app_id"] != APP_ID
    assert "client_msg_id" not in message


def test_somebody_of_another_workspace_is_marked(sandbox: Sandbox) -> None:
    sandbox.say("eve", "shared", "hello")

    payload = sandbox.deliveries()[0].payload
    assert payload["is_ext_shared_channel"] is True
    assert payload["team_id"] == "T0SANDBOX1"
    assert (payload["event"]["team"], payload["event"]["user_team"]) == ("T0OTHER", "T0OTHER")


def test_opening_the_app_is_told_with_the_tab(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.open_home("alice")
    client.views_publish(user_id="U0ALICE", view={"type": "home", "blocks": []})
    sandbox.open_home("alice")
    sandbox.open_home("alice", tab="messages")

    before, after, messages = events(sandbox)
    assert (before["type"], before["tab"], before["user"]) == ("app_home_opened", "home", "U0ALICE")
    assert before["channel"] == sandbox.dm("alice")
    assert "view" not in before
    assert after["view"]["type"] == "home"
    assert messages["tab"] == "messages"
    assert "view" not in messages


def test_events_of_one_moment_arrive_in_order(sandbox: Sandbox, ear: Ear) -> None:
    said = [sandbox.say("alice", "help", str(number)) for number in range(50)]
    sandbox.settled()

    assert [event["ts"] for event in ear.events("message")] == said


def test_joining_is_told(sandbox: Sandbox) -> None:
    sandbox.join("eve", "help")

    assert [event["type"] for event in events(sandbox)] == ["member_joined_channel", "message"]
    assert events(sandbox)[1]["subtype"] == "channel_join"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda sandbox: sandbox.say("nobody", "help", "x"), "nobody here is called 'nobody'"),
        (lambda sandbox: sandbox.say("alice", "nowhere", "x"), "there is no channel 'nowhere'"),
        (lambda sandbox: sandbox.say("alice", "tier2", "x"), "alice is not in tier2"),
        (lambda sandbox: sandbox.say("alice", sandbox.dm("bob"), "x"), "alice is not in directmessage"),
        (lambda sandbox: sandbox.say("tier1", "help", "x"), "Web API only"),
        (lambda sandbox: sandbox.say("alice", "help", "x", thread_ts="1.000001"), "to reply to"),
        (lambda sandbox: sandbox.edit("bob", "help", sandbox.say("alice", "help", "x"), "y"), "is not bob's"),
        (lambda sandbox: sandbox.delete("bob", "help", "1.000001"), "no message 1.000001"),
        (lambda sandbox: sandbox.dm("robot"), "robot is a bot"),
        (lambda sandbox: sandbox.redeliver(), "no event was sent yet"),
        (lambda sandbox: sandbox.command("alice", "help", "tier1"), "begins with a slash"),
    ],
)
def test_what_slacks_client_would_not_let_one_do_is_said_in_words(sandbox: Sandbox, act: object, said: str) -> None:
    assert callable(act)
    with pytest.raises(LookupError, match=said):
        act(sandbox)
