"""Menus that the app fills itself: what it is asked, what its answer does, and what can be sent afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from bot.slack.forms import ENTRY
from tests.sandbox.app import Ear, Endpoint, Json, acknowledge, ask, never
from tests.sandbox.conftest import SEED, client_of
from tests.wire.house import CUSTOMER, DANA, QUEUES, House, Mode

pytestmark = pytest.mark.wire


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str, label: str) -> Json:
    return {"text": plain(label), "value": value}


VPN, MAIL = option("vpn", "Connect to the VPN"), option("mail", "Set up e-mail")


def modal(**element: object) -> Json:
    menu = {"type": "external_select", "action_id": "pick", "min_query_length": 0, **element}
    entry = {"type": "input", "block_id": "entry", "label": plain("Entry"), "element": menu}
    return {"type": "modal", "title": plain("Send"), "submit": plain("Send"), "blocks": [entry]}


def suggesting(ear: Ear, answer: object) -> None:
    def answered(envelope: Json) -> Json | None:
        is_search = envelope["payload"].get("type") == "block_suggestion"
        return {**(acknowledge(envelope) or {}), **({"payload": answer} if is_search else {})}

    ear.answer = answered


def opened(sandbox: Sandbox, client: WebClient, ear: Ear, view: Json) -> str:
    sandbox.command("alice", "help", "/form")
    sandbox.settled()
    return str(client.views_open(trigger_id=ear.envelopes[-1]["payload"]["trigger_id"], view=view)["view"]["id"])


@pytest.fixture
def view(sandbox: Sandbox, client: WebClient, ear: Ear) -> str:
    return opened(sandbox, client, ear, modal())


def test_the_app_is_asked_as_slack_asks(sandbox: Sandbox, ear: Ear, view: str) -> None:
    suggesting(ear, {"options": [VPN, MAIL]})

    assert sandbox.suggestions("alice", view, "Entry", "vp") == [
        ("vpn", "Connect to the VPN"),
        ("mail", "Set up e-mail"),
    ]
    envelope = ear.envelopes[-1]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", True)
    payload = envelope["payload"]
    assert (payload["type"], payload["value"]) == ("block_suggestion", "vp")
    assert (payload["block_id"], payload["action_id"]) == ("entry", "pick")
    assert (payload["user"]["id"], payload["team"]["id"]) == ("U0ALICE", "T0SANDBOX1")
    assert payload["container"] == {"type": "view", "view_id": view}
    assert (payload["view"]["id"], payload["api_app_id"]) == (view, "A0TIER1APP")
    assert not {"trigger_id", "response_url", "actions"} & set(payload)


def test_groups_are_suggested_in_order(sandbox: Sandbox, ear: Ear, view: str) -> None:
    groups = [{"label": plain("Often"), "options": [MAIL]}, {"label": plain("All"), "options": [VPN]}]
    suggesting(ear, {"option_groups": groups})

    assert [value for value, _ in sandbox.suggestions("alice", view, "pick")] == ["mail", "vpn"]


@pytest.mark.parametrize("chosen", ["vpn", "Connect to the VPN"])
def test_what_was_suggested_can_be_sent(sandbox: Sandbox, ear: Ear, view: str, chosen: str) -> None:
    suggesting(ear, {"options": [VPN]})
    sandbox.suggestions("alice", view, "Entry")
    suggesting(ear, {"options": [MAIL]})
    sandbox.suggestions("alice", view, "Entry", "e-mail")  # what came before stays good
    sandbox.submit("alice", view, {"Entry": chosen})
    sandbox.settled()

    picked = ear.envelopes[-1]["payload"]["view"]["state"]["values"]["entry"]["pick"]
    assert (picked["type"], picked["selected_option"]["value"]) == ("external_select", "vpn")
    assert picked["selected_option"]["text"]["text"] == "Connect to the VPN"


@pytest.mark.parametrize(
    "sent",
    [
        "wifi",
        {"pick": {"type": "external_select", "selected_option": option("wifi", "Join the wifi")}},  # as a browser would
    ],
)
def test_what_was_never_suggested_cannot_be_sent(sandbox: Sandbox, ear: Ear, view: str, sent: object) -> None:
    suggesting(ear, {"options": [VPN]})
    sandbox.suggestions("alice", view, "Entry")

    with pytest.raises(LookupError, match=r"has not suggested 'wifi'; it has suggested 'Connect to the VPN'"):
        sandbox.submit("alice", view, {"entry": sent})


def test_suggestions_outlive_an_update_of_the_view(sandbox: Sandbox, client: WebClient, ear: Ear, view: str) -> None:
    suggesting(ear, {"options": [VPN]})
    sandbox.suggestions("alice", view, "Entry")
    client.views_update(view_id=view, view={**modal(), "title": plain("Changed")})
    sandbox.submit("alice", view, {"Entry": "vpn"})
    sandbox.settled()

    assert ear.envelopes[-1]["payload"]["view"]["title"]["text"] == "Changed"


def test_what_the_app_had_chosen_needs_no_search(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    view = opened(sandbox, client, ear, modal(initial_option=VPN))
    sandbox.submit("alice", view)
    sandbox.settled()

    picked = ear.envelopes[-1]["payload"]["view"]["state"]["values"]["entry"]["pick"]
    assert picked["selected_option"]["value"] == "vpn"


def test_a_menu_of_several_takes_what_was_suggested(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    view = opened(sandbox, client, ear, modal(type="multi_external_select"))
    suggesting(ear, {"options": [VPN, MAIL]})
    sandbox.suggestions("alice", view, "Entry")
    sandbox.submit("alice", view, {"Entry": ["vpn", "mail"]})
    sandbox.settled()

    picked = ear.envelopes[-1]["payload"]["view"]["state"]["values"]["entry"]["pick"]
    assert [one["value"] for one in picked["selected_options"]] == ["vpn", "mail"]


@pytest.mark.parametrize(
    "answer",
    [
        {},  # neither options nor groups
        {"options": [VPN], "option_groups": []},  # both
        {"options": [{"label": "Old style", "value": "x"}]},  # the shape that dialogs had
        {"options": [option("x", "y" * 76)]},  # a label that is too long
        {"options": [option("x" * 151, "y")]},  # a value that is too long
        {"options": [option(str(number), "y") for number in range(101)]},  # too many
        {"option_groups": [{"label": plain("None"), "options": []}]},  # an empty group
    ],
)
def test_an_answer_in_another_shape_is_warned_of_and_suggests_nothing(
    sandbox: Sandbox, ear: Ear, view: str, answer: Json
) -> None:
    suggesting(ear, answer)

    assert sandbox.suggestions("alice", view, "Entry") == []
    assert any("answer to a search for options: invalid_options" in warning for warning in sandbox.warnings)


def test_no_options_are_no_mistake(sandbox: Sandbox, ear: Ear, view: str) -> None:
    suggesting(ear, {"options": []})

    assert sandbox.suggestions("alice", view, "Entry") == []
    assert sandbox.warnings == []


def test_an_app_that_does_not_answer_suggests_nothing(sandbox: Sandbox, ear: Ear, view: str) -> None:
    ear.answer = never

    assert sandbox.suggestions("alice", view, "Entry") == []
    assert [(one.what, one.reason) for one in sandbox.failures("alice")] == [("the options of 'Entry'", "timeout")]
    body = json.dumps({"as": "alice", "view_id": view, "block_id": "entry", "query": ""}).encode()
    told = ask(f"{sandbox.url}/sandbox/suggest", body).json
    assert told == {"ok": True, "groups": [], "trouble": "The bot did not answer in time."}


def test_the_page_gets_the_options_as_they_are(sandbox: Sandbox, ear: Ear, view: str) -> None:
    suggesting(ear, {"option_groups": [{"label": plain("Often"), "options": [MAIL]}]})
    body = json.dumps({"as": "alice", "view_id": view, "block_id": "entry", "query": "m"}).encode()

    (group,) = ask(f"{sandbox.url}/sandbox/suggest", body).json["groups"]
    assert (group["label"]["text"], group["options"][0]["value"]) == ("Often", "mail")
    assert not ask(f"{sandbox.url}/sandbox/suggest", body.replace(b"alice", b"bob")).json["ok"]


def test_a_query_that_is_too_short_is_not_asked(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    menu = {"type": "external_select", "action_id": "pick"}  # Slack's default is three characters
    view = opened(sandbox, client, ear, {**modal(), "blocks": [{**modal()["blocks"][0], "element": menu}]})

    with pytest.raises(ValueError, match="before 3 characters"):
        sandbox.suggestions("alice", view, "Entry", "vp")
    assert sandbox.deliveries("block_suggestion") == []


def test_only_such_menus_can_be_searched_in(sandbox: Sandbox, view: str) -> None:
    with pytest.raises(LookupError, match="'Send' has no 'Person' to search in; it has 'Entry'"):
        sandbox.suggestions("alice", view, "Person")


def test_over_http_the_options_are_the_body() -> None:
    endpoint = Endpoint()

    def reply(body: bytes) -> str:
        payload = json.loads(parse_qs(body.decode()).get("payload", ["{}"])[0])
        return json.dumps({"options": [VPN]}) if payload.get("type") == "block_suggestion" else ""

    endpoint.reply = reply
    with Sandbox(SEED, events_url=endpoint.url) as sandbox:
        sandbox.command("alice", "help", "/form")
        sandbox.settled()
        trigger = parse_qs(endpoint.requests[-1][1].decode())["trigger_id"][0]
        view = client_of(sandbox).views_open(trigger_id=trigger, view=modal())["view"]["id"]

        assert sandbox.suggestions("alice", view, "Entry", "v") == [("vpn", "Connect to the VPN")]
    endpoint.close()


def test_trouble_with_a_form_does_not_undo_what_was_changed_meanwhile(
    sandbox: Sandbox, client: WebClient, ear: Ear, view: str
) -> None:
    def changing(envelope: Json) -> Json | None:
        if envelope["payload"].get("type") != "view_submission":
            return acknowledge(envelope)
        client.views_update(view_id=view, view={**modal(initial_option=VPN), "title": plain("Changed")})
        errors = {"response_action": "errors", "errors": {"entry": "Not that one."}}
        return {**(acknowledge(envelope) or {}), "payload": errors}

    suggesting(ear, {"options": [VPN]})
    sandbox.suggestions("alice", view, "Entry")
    ear.answer = changing
    sandbox.submit("alice", view, {"Entry": "vpn"})
    sandbox.settled()

    (shown,) = sandbox.views("alice")
    assert (shown.title, shown.errors) == ("Changed", {"entry": "Not that one."})


@pytest.fixture(params=["socket", "http"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    mode: Mode = request.param
    with House(tmp_path, mode) as running:
        yield running


def test_the_bot_suggests_entries_to_a_specialist(house: House) -> None:
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "I want to talk to a human")
    house.quiet()
    (card,) = house.cards("tech")
    house.slack.press(DANA, QUEUES["tech"], card.ts, "Send an entry")
    (form,) = house.slack.wait_for(lambda: [one for one in house.slack.views(DANA) if one.callback_id], 15)

    found = house.slack.suggestions(DANA, form.id, ENTRY, "vpn")
    assert found[0][1] == "Connect to the VPN"
    assert house.slack.warnings == []
