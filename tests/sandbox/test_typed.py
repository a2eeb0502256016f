"""What people type becomes what Slack stores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.typed import rich_text, stored
from bot.sandbox.wire import escape, escaped_once, unescape

PEOPLE = {"alice": "U0ALICE", "bob.b": "U0BOB", "tier1": "U0TIER1BOT"}


def typed(text: str) -> str:
    return stored(text, people=PEOPLE, groups={"support": "S0SUPPORT"}, channels={"help": "C0HELP"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),  # the three characters that mean something
        ("&amp;", "&amp;amp;"),  # what was typed, not what it looks like
        ("hi @alice", "hi <@U0ALICE>"),
        ("hi @alice.", "hi <@U0ALICE>."),  # the full stop ends the sentence
        ("@bob.b, look", "<@U0BOB>, look"),  # but belongs to this name
        ("@nobody knows", "@nobody knows"),  # a name that nobody has stays text
        ("@here and @channel", "<!here> and <!channel>"),
        ("@support please", "<!subteam^S0SUPPORT> please"),
        ("see #help", "see <#C0HELP|help>"),
        ("<@U0ALICE>", "&lt;@U0ALICE&gt;"),  # nobody can type a token
        ("<!channel>", "&lt;!channel&gt;"),
        ("look: https://x.example/a?b=1&c=2.", "look: <https://x.example/a?b=1&amp;c=2>."),
        ("(http://x.example/)", "(<http://x.example/>)"),
        ("mail alice@example.com", "mail <mailto:alice@example.com|alice@example.com>"),
    ],
)
def test_what_is_typed_is_stored_escaped_and_with_tokens(text: str, expected: str) -> None:
    assert typed(text) == expected


@given(st.text())
def test_escaping_can_be_undone_and_leaves_nothing_to_interpret(text: str) -> None:
    assert unescape(escape(text)) == text
    assert "<" not in escape(text)


@given(st.text(alphabet="ab<>&;@!|ltgmp"))
def test_text_of_an_app_is_escaped_once_however_often_it_passes(text: str) -> None:
    assert escaped_once(escaped_once(text)) == escaped_once(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
        ("R&amp;D", "R&amp;D"),  # escaped by the app already
        ("<@U0ALICE> <!here> <https://x.example|x> <#C0HELP>", "<@U0ALICE> <!here> <https://x.example|x> <#C0HELP>"),
        ("<!date^1392734382^{date}|then>", "<!date^1392734382^{date}|then>"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
    ],
)
def test_an_apps_text_keeps_its_tokens_and_entities(text: str, expected: str) -> None:
    assert escaped_once(text) == expected


def test_rich_text_says_the_same_in_parts() -> None:
    block = rich_text("hi <@U0ALICE> &amp; <!subteam^S1> <!here> <https://x.example|x> <#C1|help>", "r1")

    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U0ALICE"},
        {"type": "text", "text": " & "},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "text", "text": " "},
        {"type": "broadcast", "range": "here"},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://x.example", "text": "x"},
        {"type": "text", "text": " "},
        {"type": "channel", "channel_id": "C1"},
    ]
