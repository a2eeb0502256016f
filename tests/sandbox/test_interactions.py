"""Presses and commands: what the app gets, and what its answers do."""

import json
from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sandbox.seed import APP_ID, BOT_ID
from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear, Json, acknowledge, never

pytestmark = pytest.mark.wire


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*A card*"}},
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            {"type": "button", "action_id": "claim", "text": plain("Claim"), "value": "case-7", "style": "primary"},
            {
                "type": "static_select",
                "action_id": "move",
                "options": [
                    {"text": plain("Billing"), "value": "q-billing"},
                    {"text": plain("Product"), "value": "q-prod"},
                ],
            },
        ],
    },
]
THUMBS: Json = {
    "type": "context_actions",
    "block_id": "rate",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": plain("Good"), "value": "+"},
            "negative_button": {"text": plain("Bad"), "value": "-"},
        }
    ],
}


@pytest.fixture
def card(client: WebClient) -> str:
    return str(client.chat_postMessage(channel="C0HELP", text="A card", blocks=[*CARD, THUMBS])["ts"])


def pressed(sandbox: Sandbox, ear: Ear) -> Json:
    sandbox.settled()
    payload: Json = ear.envelopes[-1]["payload"]
    return payload


def test_a_press_arrives_as_slack_sends_it(sandbox: Sandbox, ear: Ear, card: str) -> None:
    sandbox.press("bob", "help", card, "Claim")
    payload = pressed(sandbox, ear)

    assert (ear.envelopes[-1]["type"], ear.envelopes[-1]["accepts_response_payload"]) == ("interactive", False)
    assert "retry_attempt" not in ear.envelopes[-1]
    assert (payload["type"], payload["api_app_id"], payload["team"]["id"]) == ("block_actions", APP_ID, "T0SANDBOX1")
    assert payload["user"] == {"id": "U0BOB", "username": "bob", "name": "bob", "team_id": "T0SANDBOX1"}
    assert payload["channel"] == {"id": "C0HELP", "name": "help"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": card,
        "channel_id": "C0HELP",
        "is_ephemeral": False,
    }
    assert (payload["message"]["ts"], payload["message"]["bot_id"]) == (card, BOT_ID)
    assert payload["trigger_id"]
    assert payload["response_url"].startswith(f"{sandbox.url}/actions/")
    (action,) = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("claim", "acts", "case-7")
    assert (action["type"], action["text"]["text"], action["style"]) == ("button", "Claim", "primary")
    assert action["action_ts"]


@pytest.mark.parametrize("name", ["Claim", "claim", "case-7"])
def test_a_button_goes_by_its_label_its_id_or_its_value(sandbox: Sandbox, ear: Ear, card: str, name: str) -> None:
    sandbox.press("bob", "help", card, name)

    assert pressed(sandbox, ear)["actions"][0]["action_id"] == "claim"


def test_an_option_of_a_menu_is_chosen_by_its_label(sandbox: Sandbox, ear: Ear, card: str) -> None:
    sandbox.press("bob", "help", card, "Product")

    action = pressed(sandbox, ear)["actions"][0]
    assert (action["type"], action["selected_option"]["value"]) == ("static_select", "q-prod")


def test_a_thumb_carries_its_value(sandbox: Sandbox, ear: Ear, card: str) -> None:
    sandbox.press("bob", "help", card, "Bad")

    action = pressed(sandbox, ear)["actions"][0]
    assert (action["type"], action["value"]) == ("feedback_buttons", "-")


def test_a_button_that_is_not_there_is_refused_with_those_that_are(sandbox: Sandbox, card: str) -> None:
    with pytest.raises(
        LookupError, match="has no 'Resolve' to press; it has 'Claim', 'Billing', 'Product', 'Good', 'Bad'"
    ):
        sandbox.press("bob", "help", card, "Resolve")


def test_two_presses_differ_in_their_action_ts_and_trigger(sandbox: Sandbox, ear: Ear, card: str) -> None:
    sandbox.press("bob", "help", card, "Claim")
    sandbox.press("alice", "help", card, "Claim")
    sandbox.settled()

    one, other = [envelope["payload"] for envelope in ear.envelopes if envelope["type"] == "interactive"]
    assert one["actions"][0]["action_ts"] < other["actions"][0]["action_ts"]
    assert one["trigger_id"] != other["trigger_id"]


def test_a_press_in_a_thread_and_in_a_dm_says_where(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    root = sandbox.say("alice", "help", "question")
    reply = str(client.chat_postMessage(channel="C0HELP", text="x", blocks=CARD, thread_ts=root)["ts"])
    sandbox.press("alice", "help", reply, "Claim")
    assert pressed(sandbox, ear)["container"]["thread_ts"] == root

    dm = sandbox.dm("alice")
    ts = str(client.chat_postMessage(channel=dm, text="x", blocks=CARD)["ts"])
    sandbox.press("alice", dm, ts, "Claim")
    assert pressed(sandbox, ear)["channel"] == {"id": dm, "name": "directmessage"}


def test_a_press_on_an_ephemeral_comes_without_the_message(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    answer = client.chat_postEphemeral(channel="C0HELP", user="U0ALICE", text="x", blocks=CARD)
    sandbox.press("alice", "help", str(answer["message_ts"]), "Claim")

    payload = pressed(sandbox, ear)
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    with pytest.raises(LookupError, match="no message"):
        sandbox.press("bob", "help", str(answer["message_ts"]), "Claim")


def test_a_press_that_is_not_acknowledged_fails_and_is_not_sent_again(sandbox: Sandbox, ear: Ear, card: str) -> None:
    sandbox.settled()
    ear.answer = never
    sandbox.press("bob", "help", card, "Claim")
    sandbox.settled()

    (failure,) = sandbox.failures("bob")
    assert (failure.what, failure.reason, failure.message_ts) == ("the press of 'Claim'", "timeout", card)
    assert len([envelope for envelope in ear.envelopes if envelope["type"] == "interactive"]) == 1
    assert sandbox.failures("alice") == []


def test_a_press_with_nobody_listening_fails_after_the_same_time(sandbox: Sandbox, card: str) -> None:
    sandbox.press("bob", "help", card, "Claim")

    assert sandbox.wait_for(lambda: sandbox.failures("bob"))


def test_a_command_arrives_as_slack_sends_it(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.command("alice", "help", "/tier1", "my <vpn> & @bob")
    payload = pressed(sandbox, ear)

    assert (ear.envelopes[-1]["type"], ear.envelopes[-1]["accepts_response_payload"]) == ("slash_commands", True)
    assert (payload["command"], payload["text"]) == ("/tier1", "my <vpn> & @bob")
    assert (payload["user_id"], payload["user_name"], payload["channel_id"]) == ("U0ALICE", "alice", "C0HELP")
    assert (payload["channel_name"], payload["team_domain"]) == ("help", "sandbox")
    assert payload["is_enterprise_install"] == "false"
    assert payload["response_url"].startswith(f"{sandbox.url}/commands/")


def test_names_in_an_escaped_command_are_tokens(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.command("alice", "help", "/tier1", "ask @bob in #help", escaped=True)

    assert pressed(sandbox, ear)["text"] == "ask <@U0BOB> in <#C0HELP|help>"


@pytest.mark.parametrize(
    ("answer", "hidden", "said"),
    [
        ({"text": "only you"}, ["only you"], []),  # ephemeral unless it says otherwise
        ({"text": "all of you", "response_type": "in_channel"}, [], ["all of you"]),
    ],
)
def test_a_command_can_be_answered_in_its_acknowledgement(
    sandbox: Sandbox, ear: Ear, answer: Json, hidden: list[str], said: list[str]
) -> None:
    ear.answer = lambda envelope: {**(acknowledge(envelope) or {}), "payload": answer}
    sandbox.command("alice", "help", "/tier1")
    sandbox.wait_for(lambda: sandbox.ephemerals("alice") or sandbox.messages("help"))

    assert [message.text for message in sandbox.ephemerals("alice")] == hidden
    assert [message.text for message in sandbox.messages("help")] == said


def test_a_command_nobody_acknowledges_is_reported_by_slackbot(sandbox: Sandbox, ear: Ear) -> None:
    ear.answer = never
    sandbox.command("alice", "help", "/tier1")
    sandbox.settled()

    (message,) = sandbox.ephemerals("alice")
    assert (message.user, message.text) == ("USLACKBOT", '/tier1 failed with the error "operation_timeout"')


@pytest.fixture
def hook(sandbox: Sandbox, ear: Ear, card: str) -> WebhookClient:
    sandbox.press("bob", "help", card, "Claim")
    return WebhookClient(str(pressed(sandbox, ear)["response_url"]))


def test_an_answer_to_a_press_is_for_the_presser_alone(sandbox: Sandbox, hook: WebhookClient) -> None:
    answer = hook.send(text="claimed")

    assert (answer.status_code, json.loads(answer.body)) == (200, {"ok": True})
    assert [message.text for message in sandbox.ephemerals("bob")] == ["claimed"]
    assert sandbox.ephemerals("alice") == []


def test_an_answer_can_replace_or_delete_the_message(sandbox: Sandbox, hook: WebhookClient) -> None:
    hook.send(text="claimed by bob", replace_original=True)
    assert [(message.text, message.buttons) for message in sandbox.messages("help")] == [("claimed by bob", [])]

    hook.send(delete_original=True)
    assert sandbox.messages("help") == []


def test_an_answer_can_go_to_the_channel_and_into_a_thread(sandbox: Sandbox, hook: WebhookClient, card: str) -> None:
    hook.send_dict({"text": "for all", "response_type": "in_channel", "thread_ts": card})

    assert [message.text for message in sandbox.messages("help", card)] == ["for all"]


def test_an_ephemeral_can_be_replaced_and_deleted_through_its_response_url(
    sandbox: Sandbox, client: WebClient, ear: Ear
) -> None:
    answer = client.chat_postEphemeral(channel="C0HELP", user="U0ALICE", text="x", blocks=CARD)
    sandbox.press("alice", "help", str(answer["message_ts"]), "Claim")
    hook = WebhookClient(str(pressed(sandbox, ear)["response_url"]))

    hook.send(text="done", replace_original=True)
    assert [message.text for message in sandbox.ephemerals("alice")] == ["done"]
    hook.send(delete_original=True)
    assert sandbox.ephemerals("alice") == []


def test_a_response_url_is_good_five_times(sandbox: Sandbox, hook: WebhookClient) -> None:
    for number in range(5):
        assert hook.send(text=str(number)).status_code == 200

    answer = hook.send(text="once more")
    assert (answer.status_code, json.loads(answer.body)["error"]) == (404, "used_url")
    assert len(sandbox.ephemerals("bob")) == 5
    assert len(sandbox.calls("response_url")) == 6


def test_a_response_url_takes_no_faulty_blocks(sandbox: Sandbox, hook: WebhookClient) -> None:
    answer = hook.send(text="x", blocks=[{"type": "header"}])

    assert (answer.status_code, json.loads(answer.body)["error"]) == (400, "invalid_blocks")
    assert WebhookClient(f"{sandbox.url}/actions/T0SANDBOX1/nonsense").send(text="x").status_code == 404


def test_a_response_url_works_where_the_bot_is_not(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.command("alice", "alone", "/tier1")
    hook = WebhookClient(str(pressed(sandbox, ear)["response_url"]))

    assert hook.send(text="still").status_code == 200
    assert [message.text for message in sandbox.ephemerals("alice", "alone")] == ["still"]


def test_shortcuts_arrive_with_and_without_a_message(sandbox: Sandbox, ear: Ear) -> None:
    ts = sandbox.say("alice", "help", "broken")
    sandbox.message_shortcut("bob", "help", ts, "ask_tier1")
    message = pressed(sandbox, ear)
    sandbox.shortcut("bob", "new_case")
    plain_one = pressed(sandbox, ear)

    assert (message["type"], message["callback_id"], message["message_ts"]) == ("message_action", "ask_tier1", ts)
    assert message["message"]["text"] == "broken"
    assert message["channel"]["id"] == "C0HELP"
    assert (plain_one["type"], plain_one["callback_id"]) == ("shortcut", "new_case")
    assert "channel" not in plain_one


def test_an_answer_where_slack_reads_none_is_warned_of(sandbox: Sandbox, ear: Ear, card: str) -> None:
    sandbox.settled()
    ear.answer = lambda envelope: {**(acknowledge(envelope) or {}), "payload": {"text": "?"}}
    sandbox.press("bob", "help", card, "Claim")
    sandbox.settled()

    assert any("not read by Slack here" in warning for warning in sandbox.warnings)


def test_the_status_goes_with_the_answer(sandbox: Sandbox, client: WebClient) -> None:
    ts = sandbox.say("alice", "help", "question")
    client.assistant_threads_setStatus(channel_id="C0HELP", thread_ts=ts, status="is thinking…")
    assert sandbox.status("help", ts) == "is thinking…"

    client.chat_postMessage(channel="C0HELP", thread_ts=ts, text="answer")
    assert sandbox.status("help", ts) == ""

    client.assistant_threads_setStatus(channel_id="C0HELP", thread_ts=ts, status="is thinking…")
    client.assistant_threads_setStatus(channel_id="C0HELP", thread_ts=ts, status="")
    assert sandbox.status("help", ts) == ""


@pytest.mark.parametrize(
    ("channel", "thread_ts", "error"),
    [
        ("C0NONE", "1.000001", "channel_not_found"),
        ("C0HELP", "1.000001", "invalid_thread_ts"),
    ],
)
def test_a_status_needs_a_thread(client: WebClient, channel: str, thread_ts: str, error: str) -> None:
    call: Callable[[], object] = lambda: client.assistant_threads_setStatus(  # noqa: E731
        channel_id=channel, thread_ts=thread_ts, status="x"
    )
    with pytest.raises(Exception, match=error):
        call()
