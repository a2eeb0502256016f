# ruff: noqa: RUF001  the bracket that only looks the same is the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.markup import escaped, mentions, opens_with, plain

NAMES = {"U0ANNA": "Anna Meier", "W0BEN": "Ben"}


def shown(text: str) -> str:
    return plain(text, NAMES.get, "U0BOT")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("I forgot my password", "I forgot my password"),  # nothing to resolve
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),  # Slack escapes these three
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),  # once and no more: somebody typed an entity
        ("ask <@U0ANNA> please", "ask @Anna Meier please"),
        ("ask <@W0BEN> please", "ask @Ben please"),  # Enterprise Grid
        ("ask <@U0NEW|newcomer> please", "ask @newcomer please"),  # a command's text carries the name
        ("ask <@U0NEW> please", "ask @colleague please"),  # nobody we know
        ("<@U0BOT> how do I print", "how do I print"),  # our own name is no part of the question
        ("<@U0BOT>: how do I print", "how do I print"),
        ("hey <@U0BOT> how do I print", "hey how do I print"),
        ("can you help, <@U0BOT>?", "can you help,?"),
        ("<@U0BOT|tier1>", ""),  # just our name
        ("see <#C0HELP|help>", "see #help"),
        ("see <#C0HIDDEN|>", "see #channel"),  # a private channel comes without its name
        ("<!here> and <!channel> and <!everyone>", "@here and @channel and @everyone"),
        ("<!subteam^S0DESK|@desk> look", "@desk look"),
        ("<!subteam^S0DESK> look", "@group look"),
        ("until <!date^1392734382^{date}|18 Feb 2014>", "until 18 Feb 2014"),
        ("until <!date^1392734382^{date}>", "until a date"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<https://example.com/a|the page>", "the page (https://example.com/a)"),
        ("<https://example.com/a|https://example.com/a>", "https://example.com/a"),
        ("<http://example.com|example.com>", "example.com"),  # Slack's own link on what was typed
        ("<http://example.com/|example.com>", "example.com"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<mailto:a@example.com|write me>", "write me (a@example.com)"),
        ("<mailto:a@example.com>", "a@example.com"),
        ("<tel:+4930123|030 123>", "030 123 (+4930123)"),
        ("&lt;!channel&gt; wake up", "‹!channel> wake up"),  # typed, and must never become real
        ("&lt;@U0ANNA&gt;", "‹@U0ANNA>"),
        ("&lt;#C0HELP&gt;", "‹#C0HELP>"),
        ("&lt;<!here>", "‹@here"),  # nor by what stands beside it
        ("<!channel", "‹!channel"),  # not Slack's, but not harmless either
        ("two\nlines", "two\nlines"),
    ],
)
def test_slacks_text_becomes_what_people_see(text: str, seen: str) -> None:
    assert shown(text) == seen


def test_a_name_cannot_smuggle_in_a_command() -> None:
    assert plain("ask <@U0EVIL>", lambda _: "<!channel>", "U0BOT") == "ask @‹!channel>"


@pytest.mark.parametrize(
    ("text", "opens", "named"),
    [
        ("<@U0BOT> help", True, True),
        ("  \n<@U0BOT|tier1> help", True, True),
        ("please <@U0BOT> help", False, True),
        ("<@U0BOTTOM> help", False, False),  # somebody whose id begins like ours
        ("&lt;@U0BOT&gt; help", False, False),  # typed by hand
        ("@tier1 help", False, False),
    ],
)
def test_being_named_is_told_from_being_spoken_to(text: str, opens: bool, named: bool) -> None:
    assert (opens_with(text, "U0BOT"), mentions(text, "U0BOT")) == (opens, named)


def test_our_own_text_is_escaped_once() -> None:
    assert escaped("a < b & c > d &amp;") == "a &lt; b &amp; c &gt; d &amp;amp;"


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "!",
        "@",
        "#",
        "|",
        "&lt;",
        "&gt;",
        "&amp;",
        "<!here>",
        "<@U0BOT>",
        "<@U0ANNA>",
        "<#C1|x>",
        "<https://a.b|c>",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@given(TEXTS)
def test_no_text_can_reach_a_channel_or_a_person_by_control_sequence(text: str) -> None:
    seen = shown(text)

    for said in (seen, escaped(seen)):
        assert not any(control in said for control in ("<!", "<@", "<#"))


@given(st.text())
def test_escaping_loses_nothing(text: str) -> None:
    assert escaped(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
