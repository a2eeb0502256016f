"""Every limit of Block Kit is refused the way Slack refuses it."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.limits import Refused, checked_blocks, checked_view
from bot.sandbox.server import Sandbox
from tests.sandbox.app import Json
from tests.sandbox.conftest import SEED, client_of


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: object) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def section(**more: object) -> Json:
    return {"type": "section", "text": mrkdwn("x"), **more}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"option {number}"), "value": str(number)} for number in range(count)]


def select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "pick", **more}


def feedback(**more: object) -> Json:
    thumb = {"text": plain("Good"), "value": "+"}
    return {"type": "feedback_buttons", "action_id": "rate", "positive_button": thumb, "negative_button": thumb, **more}


FAULTS: list[tuple[list[object], str]] = [
    # too much
    ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([section(text=mrkdwn("x" * 3001))], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ([section(text=mrkdwn("x" * 3001))], "failed to match all allowed schemas [json-pointer:/blocks/0/text]"),
    ([section(fields=[mrkdwn("x")] * 11)], "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ([section(fields=[mrkdwn("x" * 2001)])], "less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"),
    ([{"type": "header", "text": plain("x" * 151)}], "less than 151 characters [json-pointer:/blocks/0/text/text]"),
    (
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ([{"type": "markdown", "text": "x" * 12_001}], "less than 12001 characters [json-pointer:/blocks/0/text]"),
    ([actions(*[button(action_id=str(n)) for n in range(26)])], "no more than 25 items allowed"),
    ([actions(button(text=plain("x" * 76)))], "less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
    ([actions(button(value="x" * 2001))], "less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"),
    ([actions(button(url="h" * 3001))], "less than 3001 characters [json-pointer:/blocks/0/elements/0/url]"),
    ([actions(button(action_id="x" * 256))], "less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]"),
    ([section(block_id="x" * 256)], "less than 256 characters [json-pointer:/blocks/0/block_id]"),
    (
        [actions(select(options=options(101)))],
        "more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    ([actions({"type": "overflow", "options": options(6)})], "no more than 5 items allowed"),
    ([actions({"type": "radio_buttons", "options": options(11)})], "no more than 10 items allowed"),
    (
        [actions(select(options=[{"text": plain("x" * 76), "value": "v"}]))],
        "less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        [actions(select(options=[{"text": plain("x"), "value": "v" * 151}]))],
        "less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    ([{"type": "image", "image_url": "h" * 3001, "alt_text": "x"}], "[json-pointer:/blocks/0/image_url]"),
    ([{"type": "image", "image_url": "h", "alt_text": "x" * 2001}], "[json-pointer:/blocks/0/alt_text]"),
    ([{"type": "context_actions", "elements": [feedback(action_id=str(n)) for n in range(6)]}], "no more than 5 items"),
    # too little
    ([section(text=mrkdwn(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([{"type": "header", "text": plain("")}], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([actions(button(text=plain("")))], "more than 0 characters [json-pointer:/blocks/0/elements/0/text/text]"),
    ([actions(button(value=""))], "more than 0 characters [json-pointer:/blocks/0/elements/0/value]"),
    ([actions()], "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    ([{"type": "context", "elements": []}], "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    ([{"type": "header"}], "missing required field: text [json-pointer:/blocks/0]"),
    ([{"type": "markdown", "text": ""}], "must be more than 0 characters [json-pointer:/blocks/0/text]"),
    ([{"text": plain("x")}], "missing required field: type [json-pointer:/blocks/0]"),
    ([actions(select())], "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]"),
    ([{"type": "image", "alt_text": "x"}], "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"),
    ([{"type": "image", "image_url": "h"}], "missing required field: alt_text [json-pointer:/blocks/0]"),
    # the wrong thing
    ([{"type": "sektion"}], "unsupported type: sektion [json-pointer:/blocks/0/type]"),
    (["section"], "must provide an object [json-pointer:/blocks/0]"),
    ([section(text="x")], "must provide an object [json-pointer:/blocks/0/text]"),
    ([{"type": "header", "text": mrkdwn("x")}], "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
    ([actions(button(text=mrkdwn("x")))], "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]"),
    ([actions(button(style="default"))], "[json-pointer:/blocks/0/elements/0/style]"),
    ([actions(button(value=7))], "must provide a string [json-pointer:/blocks/0/elements/0/value]"),
    ([actions(feedback())], "unsupported type: feedback_buttons [json-pointer:/blocks/0/elements/0/type]"),
    ([actions({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
    ([{"type": "context", "elements": [button()]}], "unsupported type: button"),
    ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ([actions(button(confirm=None))], "must provide an object [json-pointer:/blocks/0/elements/0/confirm]"),
    ([{"type": "alert", "text": plain("x"), "level": "loud"}], "[json-pointer:/blocks/0/level]"),
    # the same twice
    ([section(block_id="a"), section(block_id="a")], '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]'),
    ([actions(button(), button())], '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]'),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Sandbox, WebClient]]:
    with Sandbox(SEED) as sandbox:
        yield sandbox, client_of(sandbox)


@pytest.mark.wire
@pytest.mark.parametrize(("blocks", "said"), FAULTS)
def test_faulty_blocks_are_refused_with_the_place(
    shared: tuple[Sandbox, WebClient], blocks: list[object], said: str
) -> None:
    sandbox, client = shared

    with pytest.raises(SlackApiError) as caught:
        client.api_call("chat.postMessage", json={"channel": "C0HELP", "text": "x", "blocks": blocks})

    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert any(
        message.startswith("[ERROR] ") and said in message for message in answer["response_metadata"]["messages"]
    )
    assert any(said in message for message in answer["errors"])
    assert sandbox.messages("help") == []


GOOD: list[Json] = [
    section(accessory=button(), fields=[plain("x"), mrkdwn("y")], expand=True),
    {"type": "divider"},
    {"type": "header", "text": plain("x" * 150)},
    {
        "type": "context",
        "elements": [mrkdwn("x"), {"type": "image", "image_url": "https://x.example", "alt_text": "x"}],
    },
    actions(
        button(
            style="primary",
            confirm={"title": plain("t"), "text": mrkdwn("x"), "confirm": plain("y"), "deny": plain("n")},
        ),
        select(option_groups=[{"label": plain("l"), "options": options(2)}], placeholder=plain("p")),
        {"type": "users_select", "action_id": "who", "initial_user": "U0ALICE"},
        {"type": "overflow", "action_id": "more", "options": options(5)},
        {"type": "datepicker", "action_id": "day", "initial_date": "2030-01-01"},
        {"type": "checkboxes", "action_id": "all", "options": [{"text": mrkdwn("*a*"), "value": "a"}]},
    ),
    {"type": "context_actions", "elements": [feedback(), {"type": "icon_button", "icon": "trash", "text": plain("x")}]},
    {"type": "markdown", "text": "# x"},
    {"type": "image", "image_url": "https://x.example", "alt_text": "x", "title": plain("t")},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]},
    {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", "action_id": "i"}, "optional": True},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    {"type": "alert", "text": plain("x"), "level": "info"},
    {"type": "card", "title": plain("t"), "actions": [button()]},
    {"type": "carousel", "elements": [{"type": "card", "title": plain("t")}]},
    {"type": "container", "title": plain("t"), "child_blocks": [section()]},
    {"type": "video", "title": plain("t"), "video_url": "https://x.example"},
    {"type": "plan", "title": "t"},
    {"type": "task_card", "task_id": "1", "title": "t"},
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block["type"]))
def test_every_official_block_is_taken(block: Json) -> None:
    assert checked_blocks([block])[0]["type"] == block["type"]


def test_the_most_of_everything_is_taken() -> None:
    assert len(checked_blocks([{"type": "divider"}] * 50)) == 50
    assert checked_blocks([section(text=mrkdwn("x" * 3000), fields=[mrkdwn("x" * 2000)])])
    assert checked_blocks([actions(*[button(action_id=str(n), text=plain("x" * 75)) for n in range(25)])])
    assert checked_blocks([actions(select(options=options(100)))])
    assert checked_blocks([{"type": "markdown", "text": "x" * 12_000}])


@pytest.mark.parametrize(
    "blocks",
    [
        [section(text=mrkdwn("x" * 2900))] * 5,  # 14,500 characters in blocks that are fine by themselves
        [{"type": "markdown", "text": "x" * 6_001}] * 2,  # markdown is counted over the whole message
    ],
)
def test_too_much_text_in_all_blocks_together_is_refused(blocks: list[Json]) -> None:
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        checked_blocks(blocks)


def test_a_message_has_one_table_at_most() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}

    with pytest.raises(Refused, match="only_one_table_allowed"):
        checked_blocks([table, table])


def test_ids_are_added_where_the_app_gave_none_and_nothing_is_changed_in_place() -> None:
    given = [actions({"type": "button", "text": plain("Go")}), section(block_id="mine")]

    stored = checked_blocks(given)

    assert stored[0]["block_id"]
    assert stored[0]["elements"][0]["action_id"]
    assert stored[0]["elements"][0]["text"] == {"type": "plain_text", "text": "Go", "emoji": True}
    assert stored[1]["block_id"] == "mine"
    assert "block_id" not in given[0]


def modal(**more: object) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": [section()], **more}


INPUT = {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input"}}

VIEW_FAULTS: list[tuple[object, str]] = [
    (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(title=plain("x" * 25)), "failed to match all allowed schemas [json-pointer:/view]"),
    (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    (modal(close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
    (modal(private_metadata="x" * 3001), "less than 3001 characters [json-pointer:/view/private_metadata]"),
    (modal(callback_id="x" * 256), "less than 256 characters [json-pointer:/view/callback_id]"),
    (modal(blocks=[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (modal(blocks=[{**INPUT, "label": plain("x" * 2001)}]), "[json-pointer:/view/blocks/0/label/text]"),
    (modal(blocks=[{**INPUT, "hint": plain("x" * 2001)}]), "[json-pointer:/view/blocks/0/hint/text]"),
    (modal(blocks=[INPUT]), "bolt-app must define `submit` to use an `input` block in modals"),
    (
        modal(blocks=[{"type": "markdown", "text": "x"}]),
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
    ),
    (modal(blocks=[{"type": "context_actions", "elements": [feedback()]}]), "unsupported type: context_actions"),
    (modal(blocks=[section(block_id="a"), section(block_id="a")]), "[json-pointer:/view/blocks/1/block_id]"),
    ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
    ({"title": plain("x"), "blocks": []}, "missing required field: type [json-pointer:/view]"),
    ("[]", "must provide an object [json-pointer:/view]"),
]


@pytest.mark.parametrize(("view", "said"), VIEW_FAULTS)
def test_faulty_views_are_refused_with_the_place(view: object, said: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_view(view)

    assert caught.value.error == "invalid_arguments"
    assert any(said in message for message in caught.value.messages)


def test_a_view_of_more_than_250_kilobytes_is_refused() -> None:
    blocks = [section(text=mrkdwn("x" * 3000)) for _ in range(90)]

    with pytest.raises(Refused, match="view_too_large"):
        checked_view(modal(blocks=blocks))


@pytest.mark.wire
def test_blocks_can_be_validated_without_posting_them(shared: tuple[Sandbox, WebClient]) -> None:
    sandbox, client = shared

    assert client.api_call("blocks.validate", json={"blocks": [section()]})["ok"]
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.api_call("blocks.validate", json={"blocks": [{"type": "header"}]})
    assert sandbox.messages("help") == []
