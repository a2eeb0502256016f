"""What a person reads of blocks, and what they can press."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.shown import controls, shown_blocks, shown_text
from tests.sandbox.app import Json

NAMES = {"U0ALICE": "alice", "S1": "support", "C1": "help"}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bold* and _italic_ and ~gone~", "bold and italic and gone"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),  # marks count at the borders of words only
        ("`*code*` and ```a\n_b_```", "*code* and a\n_b_"),
        ("hi <@U0ALICE>, <!subteam^S1>, <!here>", "hi @alice, @support, @here"),
        ("<https://x.example|the page> <https://y.example>", "the page https://y.example"),
        ("<mailto:a@b.example|a@b.example> <#C1>", "a@b.example #help"),
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
        ("<!date^1392734382^{date}|a day>", "a day"),
    ],
)
def test_mrkdwn_is_shown_without_its_marks(text: str, expected: str) -> None:
    assert shown_text(text, NAMES) == expected


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    assert isinstance(shown_text(text, {}), str)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "section", "text": mrkdwn("*a*"), "fields": [plain("b"), mrkdwn("_c_")]}, "a\nb\nc"),
        ({"type": "header", "text": plain("*a*")}, "*a*"),  # plain text has no marks
        ({"type": "context", "elements": [mrkdwn("a"), {"type": "image", "alt_text": "cat"}, plain("b")]}, "a cat b"),
        ({"type": "markdown", "text": "# a"}, "# a"),
        ({"type": "image", "title": plain("t"), "alt_text": "a"}, "t\na"),
        ({"type": "input", "label": plain("l"), "hint": plain("h")}, "l\nh"),
        ({"type": "divider"}, ""),
        ({"type": "actions", "elements": [{"type": "button", "text": plain("Go")}]}, ""),  # a button is no text
        ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]}, "a | b"),
        ({"type": "container", "title": plain("t"), "child_blocks": [{"type": "header", "text": plain("h")}]}, "t\nh"),
        ({"type": "unheard_of", "text": "a"}, ""),
    ],
)
def test_blocks_are_shown_as_their_words(block: Json, expected: str) -> None:
    assert shown_blocks([block], NAMES) == expected


def test_rich_text_is_shown_with_names() -> None:
    section = [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U0ALICE"},
        {"type": "emoji", "name": "wave"},
        {"type": "link", "url": "https://x.example"},
        {"type": "broadcast", "range": "here"},
    ]
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": section},
            {"type": "rich_text_list", "style": "bullet", "elements": [item, item]},
        ],
    }

    assert shown_blocks([block], NAMES) == "hi @alice:wave:https://x.example@here\n• one\n• one"


def test_controls_are_found_in_every_block_that_has_some() -> None:
    option = {"text": plain("First"), "value": "1"}
    blocks: list[Json] = [
        {
            "type": "section",
            "block_id": "s",
            "accessory": {"type": "overflow", "action_id": "more", "options": [option]},
        },
        {
            "type": "actions",
            "block_id": "a",
            "elements": [
                {"type": "button", "action_id": "go", "text": plain("Go"), "value": "v"},
                {"type": "static_select", "action_id": "pick", "option_groups": [{"options": [option]}]},
            ],
        },
        {
            "type": "context_actions",
            "block_id": "c",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "rate",
                    "positive_button": {"text": plain("Good"), "value": "+"},
                    "negative_button": {"text": plain("Bad"), "value": "-"},
                }
            ],
        },
    ]

    found = [(one.block_id, one.action_id, one.label, one.value, one.is_button) for one in controls(blocks)]

    assert found == [
        ("s", "more", "First", "1", False),
        ("a", "go", "Go", "v", True),
        ("a", "pick", "First", "1", False),
        ("c", "rate", "Good", "+", True),
        ("c", "rate", "Bad", "-", True),
    ]
