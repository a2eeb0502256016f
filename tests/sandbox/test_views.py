"""Modals and the Home tab: opened, stacked, changed, filled in and closed."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.server import Sandbox
from bot.sandbox.views import values_of
from tests.sandbox.app import Ear, Json, acknowledge
from tests.sandbox.conftest import SEED, client_of

pytestmark = pytest.mark.wire


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


WHY: Json = {
    "type": "input",
    "block_id": "why",
    "label": plain("Why"),
    "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
}
CODE: Json = {
    "type": "input",
    "block_id": "code",
    "label": plain("Code"),
    "optional": True,
    "element": {
        "type": "static_select",
        "action_id": "pick",
        "options": [{"text": plain("Fixed"), "value": "fixed"}, {"text": plain("Other"), "value": "other"}],
    },
}
TAGS: Json = {
    "type": "input",
    "block_id": "tags",
    "label": plain("Tags"),
    "optional": True,
    "element": {
        "type": "checkboxes",
        "action_id": "many",
        "options": [{"text": plain("A"), "value": "a"}, {"text": plain("B"), "value": "b"}],
    },
}


def modal(title: str = "Form", **more: object) -> Json:
    return {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": [WHY, CODE, TAGS], **more}


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


@pytest.fixture
def trigger(sandbox: Sandbox, ear: Ear) -> Callable[[], str]:
    def fresh() -> str:
        known = len(ear.envelopes)
        sandbox.command("alice", "help", "/form")
        sandbox.wait_for(lambda: len(ear.envelopes) > known)
        return str(ear.envelopes[-1]["payload"]["trigger_id"])

    return fresh


def test_a_modal_is_shown_to_the_person_of_the_trigger(
    sandbox: Sandbox, client: WebClient, trigger: Callable[[], str]
) -> None:
    view = client.views_open(trigger_id=trigger(), view=modal(callback_id="f", private_metadata="m"))["view"]

    (shown,) = sandbox.views("alice")
    assert sandbox.views("bob") == []
    assert (shown.id, shown.title, shown.callback_id, shown.private_metadata) == (view["id"], "Form", "f", "m")
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["hash"]
    assert view["state"]["values"]["why"]["text"] == {"type": "plain_text_input", "value": None}
    assert shown.shown == "Form\nWhy\nCode\nTags"


def test_a_trigger_is_good_once(client: WebClient, trigger: Callable[[], str]) -> None:
    good = trigger()
    client.views_open(trigger_id=good, view=modal())

    assert refusal(lambda: client.views_open(trigger_id=good, view=modal())) == "exchanged_trigger_id"
    assert refusal(lambda: client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


def test_a_refused_view_does_not_use_up_the_trigger(client: WebClient, trigger: Callable[[], str]) -> None:
    good = trigger()

    assert refusal(lambda: client.views_open(trigger_id=good, view=modal("x" * 25))) == "invalid_arguments"
    assert client.views_open(trigger_id=good, view=modal())["ok"]


def test_a_trigger_runs_out() -> None:
    with Sandbox(SEED, trigger_seconds=0.0) as sandbox:
        ear = Ear(sandbox)
        sandbox.command("alice", "help", "/form")
        sandbox.wait_for(lambda: ear.envelopes)
        old = str(ear.envelopes[0]["payload"]["trigger_id"])

        assert refusal(lambda: client_of(sandbox).views_open(trigger_id=old, view=modal())) == "expired_trigger_id"
        ear.close()


def test_modals_stack_up_to_three(sandbox: Sandbox, client: WebClient, trigger: Callable[[], str]) -> None:
    assert refusal(lambda: client.views_push(trigger_id=trigger(), view=modal())) == "not_found"
    root = client.views_open(trigger_id=trigger(), view=modal("One"))["view"]
    second = client.views_push(trigger_id=trigger(), view=modal("Two"))["view"]
    client.views_push(trigger_id=trigger(), view=modal("Three"))

    assert refusal(lambda: client.views_push(trigger_id=trigger(), view=modal("Four"))) == "push_limit_reached"
    assert [view.title for view in sandbox.views("alice")] == ["One", "Two", "Three"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])


def test_an_update_with_an_old_hash_is_refused(sandbox: Sandbox, client: WebClient, trigger: Callable[[], str]) -> None:
    view = client.views_open(trigger_id=trigger(), view=modal("Loading"))["view"]
    newer = client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Loaded"))["view"]

    assert newer["id"] == view["id"]
    assert newer["hash"] != view["hash"]
    late = refusal(lambda: client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Late")))
    assert late == "hash_conflict"
    assert sandbox.views("alice")[0].title == "Loaded"
    assert refusal(lambda: client.views_update(view_id="V0NONE", view=modal())) == "not_found"


def test_an_external_id_names_one_view(client: WebClient, trigger: Callable[[], str]) -> None:
    client.views_open(trigger_id=trigger(), view=modal("One", external_id="mine"))

    assert (
        client.views_update(external_id="mine", view=modal("Two", external_id="mine"))["view"]["title"]["text"] == "Two"
    )
    taken = refusal(lambda: client.views_push(trigger_id=trigger(), view=modal("Other", external_id="mine")))
    assert taken == "duplicate_external_id"


def test_a_home_tab_keeps_its_id_and_checks_its_hash(sandbox: Sandbox, client: WebClient) -> None:
    home: Json = {"type": "home", "blocks": [{"type": "header", "text": plain("Hello")}]}
    first = client.views_publish(user_id="U0ALICE", view=home)["view"]
    second = client.views_publish(user_id="U0ALICE", view=home, hash=first["hash"])["view"]

    assert first["id"] == second["id"]
    old = refusal(lambda: client.views_publish(user_id="U0ALICE", view=home, hash=first["hash"]))
    assert old == "hash_conflict"
    shown = sandbox.home("alice")
    assert shown
    assert shown.shown == "Hello"
    assert sandbox.home("bob") is None
    assert refusal(lambda: client.views_publish(user_id="U0NOBODY", view=home)) == "invalid_arguments"
    assert refusal(lambda: client.views_publish(user_id="U0BOB", view=modal())) == "invalid_arguments"


@pytest.fixture
def opened(client: WebClient, trigger: Callable[[], str]) -> str:
    view = client.views_open(trigger_id=trigger(), view=modal(callback_id="f", notify_on_close=True))["view"]
    return str(view["id"])


def test_what_is_filled_in_arrives_as_state(sandbox: Sandbox, ear: Ear, opened: str) -> None:
    sandbox.submit("alice", opened, {"Why": "because", "pick": "Fixed", "tags": ["a", "B"]})
    sandbox.settled()

    payload = ear.envelopes[-1]["payload"]
    assert (payload["type"], payload["user"]["id"]) == ("view_submission", "U0ALICE")
    assert ear.envelopes[-1]["accepts_response_payload"] is True
    assert payload["view"]["callback_id"] == "f"
    values = payload["view"]["state"]["values"]
    assert values["why"]["text"] == {"type": "plain_text_input", "value": "because"}
    assert values["code"]["pick"]["selected_option"]["value"] == "fixed"
    assert [option["value"] for option in values["tags"]["many"]["selected_options"]] == ["a", "b"]
    assert sandbox.views("alice") == []


def answering(**answer: object) -> Callable[[Json], Json | None]:
    def answered(envelope: Json) -> Json | None:
        plain_ack = acknowledge(envelope)
        is_form = envelope["payload"].get("type") == "view_submission"
        return {**(plain_ack or {}), "payload": answer} if is_form else plain_ack

    return answered


def test_errors_are_shown_and_the_modal_stays(sandbox: Sandbox, ear: Ear, opened: str) -> None:
    ear.answer = answering(response_action="errors", errors={"why": "too short"})
    sandbox.submit("alice", opened, {"why": "x"})
    sandbox.settled()

    assert sandbox.views("alice")[0].errors == {"why": "too short"}


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        ({"response_action": "update", "view": modal("Updated")}, ["Updated"]),
        ({"response_action": "push", "view": modal("Pushed")}, ["Form", "Pushed"]),
        ({"response_action": "clear"}, []),
        ({}, []),  # nothing said: the modal closes
    ],
)
def test_the_answer_to_a_form_is_carried_out(
    sandbox: Sandbox, ear: Ear, opened: str, answer: Json, titles: list[str]
) -> None:
    ear.answer = answering(**answer)
    sandbox.submit("alice", opened, {"why": "x"})
    sandbox.settled()

    assert [view.title for view in sandbox.views("alice")] == titles


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "update", "view": modal("x" * 25)},
        {"response_action": "errors", "errors": {"nonsense": "no such input"}},
        {"response_action": "explode"},
    ],
)
def test_an_answer_that_slack_would_not_take_is_trouble(sandbox: Sandbox, ear: Ear, opened: str, answer: Json) -> None:
    ear.answer = answering(**answer)
    sandbox.submit("alice", opened, {"why": "x"})
    sandbox.settled()

    assert sandbox.views("alice")[0].trouble == "We had some trouble connecting. Try again?"
    assert any("answer to a submission" in warning for warning in sandbox.warnings)


def test_a_form_that_is_not_acknowledged_stays_with_trouble(sandbox: Sandbox, ear: Ear, opened: str) -> None:
    ear.answer = lambda _envelope: None
    sandbox.submit("alice", opened, {"why": "x"})
    sandbox.settled()

    assert sandbox.views("alice")[0].trouble
    assert [failure.what for failure in sandbox.failures("alice")] == ["the form 'Form'"]


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({}, ValueError, "'Why' is empty"),
        ({"why": "x" * 21}, ValueError, "0 to 20 characters"),
        ({"why": "x", "when": "now"}, LookupError, "has no input when"),
        ({"why": "x", "code": "Broken"}, LookupError, "no option 'Broken'"),
    ],
)
def test_what_slacks_client_would_not_send_is_not_sent(
    sandbox: Sandbox, opened: str, values: Json, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        sandbox.submit("alice", opened, values)
    assert sandbox.views("alice")


def test_closing_is_told_if_the_app_asked_for_it(sandbox: Sandbox, ear: Ear, opened: str) -> None:
    sandbox.close_view("alice", opened)
    sandbox.settled()

    payload = ear.envelopes[-1]["payload"]
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)
    assert "trigger_id" not in payload
    assert sandbox.views("alice") == []
    with pytest.raises(LookupError, match=r"has no view .* open"):
        sandbox.close_view("alice", opened)


def test_closing_is_not_told_otherwise(sandbox: Sandbox, client: WebClient, trigger: Callable[[], str]) -> None:
    view = client.views_open(trigger_id=trigger(), view=modal())["view"]

    sandbox.close_view("alice", view["id"])

    assert "view_closed" not in [delivery.name for delivery in sandbox.deliveries()]


def test_buttons_in_views_are_pressed_with_what_is_filled_in(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    go: Json = {
        "type": "actions",
        "block_id": "a",
        "elements": [{"type": "button", "action_id": "go", "text": plain("Go")}],
    }
    view = client.views_publish(user_id="U0ALICE", view={"type": "home", "blocks": [WHY, go]})["view"]

    sandbox.press_in_view("alice", view["id"], "Go", {"why": "so far"})
    sandbox.settled()

    payload = ear.envelopes[-1]["payload"]
    assert payload["type"] == "block_actions"
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert payload["view"]["state"]["values"]["why"]["text"]["value"] == "so far"
    assert payload["actions"][0]["action_id"] == "go"
    assert not {"channel", "message", "response_url"} & set(payload)


def test_values_in_slacks_own_shape_are_taken_as_they_are() -> None:
    given = {"why": {"text": {"type": "plain_text_input", "value": "as sent"}}}

    assert values_of([WHY], given) == given


@pytest.mark.parametrize(
    ("element", "given", "state"),
    [
        ({"type": "users_select"}, "U0BOB", {"selected_user": "U0BOB"}),
        ({"type": "multi_users_select"}, ["U0BOB"], {"selected_users": ["U0BOB"]}),
        ({"type": "conversations_select"}, "C0HELP", {"selected_conversation": "C0HELP"}),
        ({"type": "datepicker"}, "2030-01-01", {"selected_date": "2030-01-01"}),
        ({"type": "timepicker"}, "09:00", {"selected_time": "09:00"}),
        ({"type": "number_input"}, "7", {"value": "7"}),
    ],
)
def test_every_kind_of_input_has_its_own_field(element: Json, given: object, state: Json) -> None:
    block = {**WHY, "element": {**element, "action_id": "it"}}

    assert values_of([block], {"it": given}) == {"why": {"it": {"type": element["type"], **state}}}


def test_people_are_chosen_among_those_there_are(
    sandbox: Sandbox, client: WebClient, ear: Ear, trigger: Callable[[], str]
) -> None:
    one: Json = {**WHY, "element": {"type": "users_select", "action_id": "it"}}
    several: Json = {**WHY, "block_id": "all", "element": {"type": "multi_users_select", "action_id": "those"}}
    view = client.views_open(trigger_id=trigger(), view=modal(blocks=[one, several]))["view"]["id"]

    for absent in ({"it": "U0NOBODY", "those": ["gus"]}, {"it": "bob", "those": ["nobody"]}):
        with pytest.raises(LookupError, match="nobody here is called"):
            sandbox.submit("alice", view, absent)
    sandbox.submit("alice", view, {"it": "bob", "those": ["gus", "U0ALICE"]})
    sandbox.settled()
    values = ear.envelopes[-1]["payload"]["view"]["state"]["values"]
    assert values["why"]["it"]["selected_user"] == "U0BOB"
    assert values["all"]["those"]["selected_users"] == ["U0GUS", "U0ALICE"]


def test_what_the_app_filled_in_counts_until_it_is_changed() -> None:
    block = {**WHY, "element": {**WHY["element"], "initial_value": "from the app"}}

    assert values_of([block], {})["why"]["text"]["value"] == "from the app"
    assert values_of([block], {"why": "mine"})["why"]["text"]["value"] == "mine"
    with pytest.raises(ValueError, match="is empty"):
        values_of([block], {"why": ""})
