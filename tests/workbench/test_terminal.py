"""Messages on a terminal: nothing of a block is lost, nothing of a text does anything, and every line fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.core.entries import Entry, Link, Site
from bot.core.entries import Words as WordLists
from bot.core.knowledge import Knowledge, Versions
from bot.core.matching import build_matcher
from bot.core.rulebook.rules import Rules
from bot.core.saying import (
    AnswerSaid,
    Button,
    Card,
    Content,
    FromCustomer,
    FromSpecialist,
    In,
    Line,
    Post,
    Said,
    Seen,
    TranscriptPage,
    TurnSaid,
    Words,
)
from bot.core.showing import said_of
from bot.slack.blocks import compose
from bot.vectors.choosing import DEFAULT, encoder_for
from bot.workbench.markup import from_markdown, from_mrkdwn
from bot.workbench.page import Part, printed
from bot.workbench.terminal import message
from tests.shipped import ENTRY_IDS, shipped_knowledge

Json = dict[str, Any]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENTRY = Entry("accounts/reset", "Reset a password", ("i forgot my password",), "Open the *portal*.")
ASKED = Words("K7Q2", 2)
HUMAN = Button("Talk to a person", "human")
ESCAPE = "\x1b"
_LIST_NUMBER = re.compile(r"(?m)^[\s>]*\d+[.)]")


def knowledge(*entries: Entry) -> Knowledge:
    matcher = build_matcher((), WordLists(), {}, encoder_for(DEFAULT))
    known = {entry.id: entry for entry in entries}
    return Knowledge(known, Site(), WordLists(), Rules(queues={}), matcher, Versions("", "", ""))


def composed(said: Said, name: str = "Sam") -> tuple[str, list[Json] | None]:
    return compose(
        said,
        words={ASKED: "my <!channel> password & VPN, see https://example.com/a?b=1."},
        name_of=lambda user: name if user else "",
        permalink_of=lambda channel, ts: f"https://home.slack.com/archives/{channel}/{ts}",
        plain=False,
    )


def page(text: str, blocks: list[Json] | None, *, width: int = 100, colour: bool = False) -> str:
    return printed(message(text, blocks, name="tier1"), width=width, colour=colour)


def answered(entry: Entry, *, width: int = 100, colour: bool = False) -> str:
    [answer] = said_of(entry, knowledge(entry), NOON)
    return page(*composed(answer), width=width, colour=colour)


def drawn(block: Json, *, width: int = 100) -> str:
    """One block alone, without the name above it."""
    return page("", [block], width=width).split("\n\n", 1)[1].rstrip("\n")


def lines(parts: tuple[Part, ...]) -> list[str]:
    return printed(parts, width=100, colour=False).splitlines()


def letters(text: str) -> str:
    """What is left of a text that was wrapped, framed and marked: its letters and digits."""
    return re.sub(r"[\W_]+", "", unescape(text))


def texts(value: object) -> Iterator[str]:
    """Every text and address in blocks."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "url") and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def missing(blocks: list[Json] | None, shown: str) -> list[str]:
    """The texts whose words or numbers are not on the page. The numbers of lists are counted anew, as in Slack."""
    seen = letters(unquote(shown))  # addresses are written as browsers send them
    words_seen = re.sub(r"\d", "", seen)
    return [
        text
        for text in texts(blocks)
        if re.sub(r"\d", "", letters(text)) not in words_seen
        or any(number not in seen for number in re.findall(r"\d+", _LIST_NUMBER.sub("", text)))
    ]


# --- nothing is lost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry_id", sorted(ENTRY_IDS))
@pytest.mark.parametrize("width", [50, 100])
def test_every_text_of_a_shipped_entry_is_on_the_page(entry_id: str, width: int) -> None:
    entry = shipped_knowledge().entries[entry_id]
    with_variables = replace(knowledge(entry), site=shipped_knowledge().site)

    for said in said_of(entry, with_variables, NOON):
        text, blocks = composed(said)
        shown = page(text, blocks, width=width)
        assert not missing(blocks, shown)
        assert max(map(cell_len, shown.splitlines())) <= width


WORDS = st.text("aBcé *_~`#>[]()!-+.:\\\n\t<&|", min_size=1, max_size=80).filter(str.strip)


@given(
    st.builds(
        Entry, st.just("a/b"), WORDS, st.just(("x",)), WORDS, links=st.just((Link("Far away", "https://x.example/1"),))
    )
)
def test_whatever_an_editor_writes_is_on_the_page(entry: Entry) -> None:
    [answer] = said_of(entry, knowledge(entry), NOON)
    text, blocks = composed(answer)

    assert not missing(blocks, page(text, blocks))


CARD = Card(
    customer="U0ANNA", category="network", priority="p2", reason="Asked for a person", rule="human-request",
    queue_role="Technical Support", question=ASKED, question_channel="C1", question_ts="1.2",
    status="Waiting for somebody to claim it", seen=(Seen("network/vpn", "Connect to the VPN", 0.93, "answered"),),
    tags=("board",), buttons=(Button("Claim", "claim", style="primary"), Button("Delete", "back", style="danger")),
)  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        Line("Would you like a person to look at this? <yes>", (HUMAN,)),
        Line("You asked:", quote=ASKED),
        AnswerSaid(
            "Title", "Short", "1. **One**", "U0ANNA", lead="Here it is again, in short:", outcome="You said: fixed"
        ),
        CARD,
        TranscriptPage(1, 2, (TurnSaid(0.0, "U0ANNA", words=ASKED), TurnSaid(60.0, "", "Asked for other words"))),
        FromCustomer("U0ANNA", ASKED),
        FromSpecialist("U0BEN", "Technical Support", ASKED, (HUMAN,)),
    ],
)
def test_every_message_of_the_bot_can_be_drawn_whole(content: Content) -> None:
    text, blocks = composed(Said("K7Q2-3-0", "K7Q2", 3, Post(where=In("C1"), content=content)))

    shown = page(text, blocks)

    assert not missing(blocks, shown)
    assert " block>" not in shown
    assert " element>" not in shown


# --- block by block ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        # plain text stands as it is
        ({"type": "header", "text": {"type": "plain_text", "text": "*Not* bold"}}, "*Not* bold"),
        # mrkdwn is read, and its entities undone once
        (
            {"type": "section", "text": {"type": "mrkdwn", "text": "*b* &amp;lt; <https://x.example|x>"}},
            "*b* &lt; x (https://x.example)",
        ),
        ({"type": "section", "fields": [{"type": "mrkdwn", "text": "*Queue*\nTech"}]}, "*Queue*: Tech"),
        ({"type": "markdown", "text": "**b** *i* ~~s~~ `c`"}, "*b* _i_ ~s~ `c`"),
        ({"type": "context", "elements": [{"type": "mrkdwn", "text": "You said: _no_"}]}, "You said: _no_"),
        ({"type": "divider"}, "─" * 20),
        # the primary button has a double frame, a dangerous one is marked
        (
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "style": "primary"},
                    {"type": "button", "text": {"type": "plain_text", "text": "Wait"}},
                    {"type": "button", "text": {"type": "plain_text", "text": "Drop"}, "style": "danger"},
                ],
            },
            "[[ Go ]]  [ Wait ]  [! Drop !]",
        ),
        (
            {
                "type": "context_actions",
                "elements": [
                    {
                        "type": "feedback_buttons",
                        "positive_button": {"text": {"type": "plain_text", "text": "Good"}},
                        "negative_button": {"text": {"type": "plain_text", "text": "Bad"}},
                    }
                ],
            },
            "[ Good ]  [ Bad ]",
        ),
        (
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "static_select",
                        "placeholder": {"type": "plain_text", "text": "Where?"},
                        "options": [{"text": {"type": "plain_text", "text": "Here"}}],
                    }
                ],
            },
            "[ Where? ▾: Here ]",
        ),
        (
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "style": "ordered",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "one", "style": {"bold": True}},
                                    {"type": "link", "url": "https://x.example"},
                                ],
                            }
                        ],
                    }
                ],
            },
            " 1. *one*https://x.example",
        ),
        # what is not known is named, with its texts
        ({"type": "table", "rows": [[{"type": "raw_text", "text": "cell"}]]}, "<table block>\ncell"),
        ({"type": "actions", "elements": [{"type": "datepicker"}]}, "<datepicker element>"),
        ({"type": "rich_text", "elements": [{"type": "rich_text_new"}]}, "<rich_text_new element>"),
        ({}, "<nameless block>"),
    ],
)
def test_how_a_block_looks(block: Json, shown: str) -> None:
    assert drawn(block) == shown


def test_a_message_without_blocks_is_its_text() -> None:
    assert page("Hello &lt;you&gt;", None) == "tier1  APP\n\nHello <you>\n"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("snake_case_name and 2*3*4", ["snake_case_name and 2*3*4"]),  # marks inside words are none
        ("*bold _both_*", ["*bold _both_*"]),
        ("&gt; said", ["▌ said"]),
        ("```\na\n  b\n```", ["    a", "      b"]),
        ("<@U1> <#C1|help> <!here>", ["@U1 #help @here"]),
        ("`*no*`", ["`*no*`"]),
    ],
)
def test_slacks_own_marks(written: str, shown: list[str]) -> None:
    assert lines(from_mrkdwn(written)) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1. a\n1. b\n   - c", [" 1. a", " 2. b", "     ◦ c"]),  # only the first number counts
        ("a\n\n\n- b\n\n- c", ["a", "", " • b", "", " • c"]),
        ("> a\n> b\n\nc", ["▌ a", "▌ b", "", "c"]),
        ("# Top\ntext", ["*Top*", "", "text"]),
        ("a\nb", ["a", "b"]),  # Slack keeps line ends
        ("<b>x</b> &amp; \\*y\\*", ["<b>x</b> & *y*"]),
        ("[Fee]: none", ["[Fee]: none"]),  # a sentence, though Markdown takes it for a note and hides it
        ("```sh\nls\n```", ["    (sh)", "    ls"]),
        ("|a|b|\n|-|-|\n|1|2|", ["a | b", "1 | 2"]),
        (
            "[x](https://x.example/) ![y](https://y.example/z.png)",
            ["x (https://x.example/) y (https://y.example/z.png)"],
        ),
        ("[](https://x.example/)", ["https://x.example/"]),
        ('[x](https://x.example/ "hint")', ["x (https://x.example/ hint)"]),
        ("[bad](javascript:alert)", ["[bad](javascript:alert)"]),
        ("- \n- b", [" •", " • b"]),
    ],
)
def test_markdown(written: str, shown: list[str]) -> None:
    assert lines(from_markdown(written)) == shown


def test_quotes_inside_quotes_have_no_end_and_lose_nothing() -> None:
    assert letters(printed(from_markdown("> " * 60 + "deep"), width=200, colour=False)) == "deep"


# --- nothing acts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),  # colours
        ("\x1b]0;title\x07", "␛]0;title␇"),  # the window's title
        ("\x1b]8;;https://evil.example\x1b\\here", "␛]8;;https://evil.example␛"),  # a link that lies
        ("\x9b2Jcleared", "\N{REPLACEMENT CHARACTER}2Jcleared"),  # an escape sequence in one character
        ("a\x08b\x7f", "a␈b␡"),  # steps back
        ("[red]x[/red] [/] [link=https://a]", "[red]x[/red] [/] [link=https://a]"),  # marks of the library that draws
        ("invoice\u202egpj.exe", "invoice\N{REPLACEMENT CHARACTER}gpj.exe"),  # turned round
        (":smile:", ":smile:"),
        ("half \ud83d emoji", "half \N{REPLACEMENT CHARACTER} emoji"),
        ("שלום עולם مرحبا", "שלום עולם مرحبا"),  # other scripts are only words
        ("👩‍👩‍👧 and 🇳🇱", "👩‍👩‍👧 and 🇳🇱"),
    ],
)
def test_hostile_text_is_seen_and_does_nothing(hostile: str, shown: str) -> None:
    plain_blocks = [{"type": "header", "text": {"type": "plain_text", "text": hostile}}]
    markdown = answered(replace(ENTRY, answer=hostile))

    assert shown in page("", plain_blocks)
    assert ESCAPE not in markdown
    assert shown.split("\\", maxsplit=1)[0] in markdown


@given(st.text(max_size=60), st.text(max_size=60))
def test_in_colour_no_escape_is_a_texts_own(title: str, answer: str) -> None:
    colours = re.compile(r"\x1b\[[0-9;]*m")
    hostile = replace(ENTRY, title=title or "x", answer=answer or "x", links=(Link(title, "https://x.example"),))

    plain, coloured = answered(hostile), answered(hostile, colour=True)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", plain)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", colours.sub("", coloured))


@pytest.mark.parametrize("width", [50, 61, 80, 120])
@pytest.mark.parametrize(
    "answer",
    [
        "w" * 400,  # no place to break
        "https://portal.example.org/" + "a/" * 150,
        "1. " + "long words " * 60 + "\n   - " + "deeper " * 60,
        "> " * 9 + "quoted " * 40,
        "漢字" * 120,  # two cells each
        "👩‍👩‍👧" * 70,
        "`" + "code " * 80 + "`",
    ],
)
def test_every_line_fits(answer: str, width: int) -> None:
    entry = replace(
        ENTRY, title="A title " * 15, answer=answer, links=(Link("label " * 20, "https://x.example/" + "y" * 90),)
    )

    for colour in (False, True):
        shown = re.sub(r"\x1b\[[0-9;]*m", "", answered(entry, width=width, colour=colour))
        assert max(map(cell_len, shown.splitlines())) <= width


def test_a_very_long_answer_is_there_to_its_last_word() -> None:
    sentences = [f"Sentence number {n} of many." for n in range(400)]
    answer = "\n\n".join(sentences)[:11_000]

    shown = answered(replace(ENTRY, answer=answer))

    assert letters(answer) in letters(shown)
    assert "[[ That fixed it ]]" in shown


def test_without_colour_the_page_is_plain_and_always_the_same() -> None:
    entry = replace(ENTRY, answer="**b** [x](https://x.example)")

    assert ESCAPE not in answered(entry)
    assert answered(entry) == answered(entry)
    assert f"{ESCAPE}[1m" in answered(entry, colour=True)


@pytest.mark.parametrize("colour", [False, True])
def test_blanks_at_the_ends_of_lines_are_left_out(colour: bool) -> None:
    page = answered(replace(ENTRY, answer="- a\n\n- b  \n\n> c"), colour=colour)

    assert all(line == line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", page).splitlines())
