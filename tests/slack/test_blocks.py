from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.saying import (
    AnswerSaid,
    Button,
    Card,
    Content,
    Fill,
    FromCustomer,
    FromSpecialist,
    Group,
    HopSaid,
    In,
    IncidentCard,
    Item,
    Line,
    Listing,
    Post,
    Publish,
    React,
    Said,
    Saying,
    Seen,
    TranscriptPage,
    TurnSaid,
    Update,
    Whisper,
    Withdraw,
    Words,
)
from bot.core.stimuli import File, with_files
from bot.core.widths import width
from bot.slack.blocks import compose
from bot.slack.buttons import Carried, read
from bot.slack.limits import cut, cut_escaped
from tests.slack.block_kit import Json, faults

ASKED = Words("K7Q2", 2)
ERASED = Words("K7Q2", 9)
WORDS = {ASKED: "my <!channel> password & VPN, see https://example.com/a?b=1."}
NAMES = {"U0ANNA": "Anna Meier", "U0BEN": "Ben <!here>"}
HUMAN = Button("Talk to a person", "human")
NOVEMBER = 1_795_442_700.0  # 2026-11-23 14:05 UTC
FILE = "https://home.slack.com/files/F1"


def said(content: Content | Saying, case: str = "K7Q2") -> Said:
    saying = (
        content
        if isinstance(content, Post | Update | Withdraw | React | Whisper | Fill | Publish)
        else Post(where=In("C1"), content=content)
    )
    return Said(f"{case}-3-0", case, 3, saying)


def composed(
    content: Content | Saying, *, plain: bool = False, words: dict[Words, str] = WORDS
) -> tuple[str, list[Json] | None]:
    return compose(
        said(content),
        words=words,
        name_of=lambda user: NAMES.get(user, ""),
        permalink_of=lambda channel, ts: f"https://home.slack.com/archives/{channel}/p{ts.replace('.', '')}",
        plain=plain,
    )


def text_of(content: Content | Saying) -> str:
    return composed(content)[0]


def plain_of(content: Content | Saying) -> str:
    text, blocks = composed(content, plain=True)
    assert blocks is None
    return text


def blocks_of(content: Content | Saying, kind: str = "") -> list[Json]:
    blocks = composed(content)[1] or []
    return [block for block in blocks if kind in ("", block["type"])]


def literals(value: object, within: str = "") -> list[str]:
    """The text elements of rich text, in order; `within` names the kind of element they must be in."""
    found: list[str] = []
    if isinstance(value, dict):
        if value.get("type") == "text" and not within:
            found.append(value["text"])
        for inner in value.values():
            found += literals(inner, "" if value.get("type") == within else within)
    elif isinstance(value, list):
        for inner in value:
            found += literals(inner, within)
    return found


def buttons_of(content: Content | Saying) -> list[Json]:
    return [button for block in blocks_of(content, "actions") for button in block["elements"]]


ANSWER = AnswerSaid(
    title="Reset a forgotten password",
    summary="Set a new one in the portal.",
    body="Hi {{customer.first_name}}, open the **portal**:\n\n1. Choose *Forgot password*\n2. Done",
    customer="U0ANNA",
    links=(("Portal", "https://portal.example.com/reset"),),
    buttons=(Button("That fixed it", "fixed", "accounts/reset", "primary"), Button("Still stuck", "stuck"), HUMAN),
)
CARD = Card(
    customer="U0BEN",
    category="accounts",
    priority="p2",
    reason="Sensitive words: “<!channel> fraud”",
    rule="fraud-first",
    queue_role="Technical Support",
    question=ASKED,
    question_channel="C0HELP",
    question_ts="1764000000.000100",
    status="Claimed by {who}",
    who="U0ANNA",
    seen=(Seen("accounts/reset", "Reset a password", 0.874, "still stuck"), Seen("x/y", "Y", 0.31, "near miss")),
    tags=("fraud", "urgent"),
    buttons=(
        Button("Claim", "claim", style="primary"),
        Button("Resolve", "resolve"),
        Button("Back to the bot", "back"),
    ),
)
HOP = HopSaid(NOVEMBER, "U0ANNA", "Technical Support", "U0ANNA", "Tier 3", "", ASKED)
PAGE = TranscriptPage(
    1,
    3,
    (
        TurnSaid(NOVEMBER, "U0ANNA", words=ASKED, end=12),
        TurnSaid(NOVEMBER, "", "Answered with “Reset a password”"),
        TurnSaid(NOVEMBER, "U0NOBODY", words=ERASED),
    ),
)
CLAIM = Button("Claim", "claim", style="primary", case="T2222222", position=4)
ITEM = Item(
    by="U0ANNA", words=ASKED, about="P3 · `T2222222` · due {due} · {who} has it", who="U0BEN", due=NOVEMBER,
    at=In("C1", "1.000001"), buttons=(CLAIM,),
)  # fmt: skip
OFFER = Line(
    "Did you mean one of these?",
    (
        Button("Reset a password", "pick", "a/b"),
        Button("Unlock", "pick", "a/c"),
        Button("None", "none_of_these"),
        HUMAN,
    ),
)
EVERYTHING: list[Content | Saying] = [
    Line("Hello.", (HUMAN,)),
    Line("You asked:", quote=ASKED),
    Line("{who} transferred this case:", who="U0ANNA", quote=ASKED, calls="U0BEN"),
    OFFER,
    ANSWER,
    CARD,
    replace(CARD, hops=(HOP,)),
    PAGE,
    FromCustomer("U0ANNA", ASKED),
    FromSpecialist("U0BEN", "Technical Support", ASKED, (HUMAN,)),
]


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", EVERYTHING)
@pytest.mark.parametrize("plain", [False, True])
def test_slack_takes_everything_we_say(content: Content, plain: bool) -> None:
    assert faults(*composed(content, plain=plain)) == []


@pytest.mark.parametrize(
    "content", [content for content in EVERYTHING if content not in (EVERYTHING[0], OFFER, ANSWER)]
)
def test_a_customers_words_stand_in_rich_text_and_nowhere_else_in_blocks(content: Content) -> None:
    def without_rich_text(blocks: Iterable[Json]) -> str:
        return json.dumps([block for block in blocks if block["type"] != "rich_text"], ensure_ascii=False)

    blocks = blocks_of(content)

    assert any("my <!ch" in literal for literal in literals(blocks))
    assert "channel" not in without_rich_text(blocks)


@pytest.mark.parametrize("content", EVERYTHING)
def test_nobody_can_be_called_by_what_is_in_a_text(content: Content) -> None:
    assert "<" not in text_of(content)
    assert "<" not in plain_of(content)


@pytest.mark.parametrize("content", EVERYTHING)
def test_erased_words_are_said_to_be_removed(content: Content) -> None:
    text, _ = composed(content, plain=True, words={})
    _, blocks = composed(content, words={})

    assert "password &" not in text
    if "password &amp;" in plain_of(content):
        assert "[removed]" in text
        assert "[removed]" in literals(blocks)


@pytest.mark.parametrize(
    "content", [each for each in EVERYTHING if isinstance(each, Line | AnswerSaid | FromSpecialist)]
)
def test_a_plain_message_to_a_customer_still_has_the_way_to_a_human(
    content: Line | AnswerSaid | FromSpecialist,
) -> None:
    last = plain_of(content).splitlines()[-1]

    assert last.startswith("Write *talk to a person*") == bool(content.buttons)


@pytest.mark.parametrize("saying", [React(channel="C1", ts="1.2", name="eyes"), Withdraw(outbox="K7Q2-1-0")])
def test_what_is_no_message_has_no_words(saying: Saying) -> None:
    assert composed(saying) == ("", None)


def test_a_whisper_is_text() -> None:
    whisper = Whisper(channel="C1", user="U0ANNA", content=Line("Taken by {who} 3 s ago.", who="U0BEN"))

    assert composed(whisper) == ("Taken by Ben &lt;!here&gt; 3 s ago.", None)


# --- buttons ----------------------------------------------------------------------------------------------------------


def test_buttons_carry_what_a_press_needs() -> None:
    fixed, stuck, human = buttons_of(ANSWER)

    assert [button["action_id"] for button in (fixed, stuck, human)] == ["tier1:fixed", "tier1:stuck", "tier1:human"]
    assert read(fixed["value"]) == Carried("K7Q2", 3, "accounts/reset", "")
    assert (fixed["style"], "style" in stuck) == ("primary", False)


def test_buttons_of_one_kind_have_ids_of_their_own() -> None:
    assert [button["action_id"] for button in buttons_of(OFFER)] == [
        "tier1:pick",
        "tier1:pick:1",
        "tier1:none_of_these",
        "tier1:human",
    ]


def test_a_button_outside_any_case_names_who_may_press_it() -> None:
    greeting = Said("greet-1", "", 0, Post(where=In("D1"), content=Line("Hi!", (HUMAN,), asker="U0ANNA")))
    _, blocks = compose(greeting, words={}, name_of=str, permalink_of=lambda *_: None, plain=False)

    assert blocks
    assert read(blocks[-1]["elements"][0]["value"]) == Carried("", 0, "", "U0ANNA")


def test_a_long_label_is_cut_and_a_value_never() -> None:
    long = Line("Which?", (Button("x" * 80, "pick", "a" * 300), Button("y", "pick", "b" * 3_000)))
    (only,) = buttons_of(long)

    assert only["text"]["text"] == "x" * 74 + "…"
    assert read(only["value"]) == Carried("K7Q2", 3, "a" * 300, "")


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_line_names_people_and_escapes_them() -> None:
    line = Line("{who} from A & B has your case now.", who="U0BEN")

    assert text_of(line) == "Ben &lt;!here&gt; from A &amp; B has your case now."
    assert blocks_of(line) == [{"type": "section", "text": {"type": "mrkdwn", "text": text_of(line)}}]


DUE = (NOVEMBER, "Mon 23 Nov 14:05 (Europe/London)")
TOKEN = "<!date^1795442700^{date_short_pretty} {time}|Mon 23 Nov 14:05 (Europe/London)>"


def test_times_are_the_readers_own_and_in_plain_text_those_of_the_queue() -> None:
    tomorrow = (NOVEMBER + 86_400, "Tue 24 Nov 14:05 (Europe/London)")
    line = Line(f"Back {DUE[1]} & here by {tomorrow[1]}; {DUE[1]}.", times=(DUE, tomorrow))

    assert text_of(line) == f"Back {DUE[1]} &amp; here by {tomorrow[1]}; {DUE[1]}."
    assert plain_of(line) == text_of(line)
    later = TOKEN.replace("1795442700", "1795529100").replace("Mon 23", "Tue 24")
    assert blocks_of(line)[0]["text"]["text"] == f"Back {TOKEN} &amp; here by {later}; {TOKEN}."


@pytest.mark.parametrize("length", [0, 2_700, 2_900, 2_960, 3_100, 20_000])
def test_a_sentence_with_times_is_within_slacks_limits_however_long(length: int) -> None:
    line = Line(f"{'x' * length} by {DUE[1]}, and by {DUE[1]}.", times=(DUE,))

    (section,) = blocks_of(line, "section")

    assert len(section["text"]["text"]) <= 3_000
    assert ("<!date^" in section["text"]["text"]) == (length < 2_800)


def test_nobody_known_is_someone() -> None:
    assert text_of(Line("{who} has your case now.", who="U0NOBODY")) == "Someone has your case now."


def test_a_quote_stands_beneath_its_line_with_live_links() -> None:
    (quoted,) = blocks_of(Line("You asked:", quote=ASKED), "rich_text")

    assert quoted["elements"] == [
        {
            "type": "rich_text_quote",
            "elements": [
                {"type": "text", "text": "my <!channel> password & VPN, see "},
                {"type": "link", "url": "https://example.com/a?b=1"},
                {"type": "text", "text": "."},
            ],
        }
    ]


def test_an_offer_can_be_understood_without_its_buttons() -> None:
    assert text_of(OFFER) == "Did you mean one of these?\n• Reset a password\n• Unlock"


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_its_title_the_editors_markdown_links_and_buttons() -> None:
    header, body, links, actions = blocks_of(ANSWER)

    assert header["text"]["text"] == "Reset a forgotten password"
    assert body["text"].startswith("Hi Anna, open the **portal**")
    assert links["elements"][0]["elements"] == [
        {"type": "link", "url": "https://portal.example.com/reset", "text": "Portal"}
    ]
    assert actions["type"] == "actions"
    assert text_of(ANSWER) == "Reset a forgotten password: Set a new one in the portal."


def test_an_outcome_takes_the_place_of_the_buttons_and_the_answer_stays() -> None:
    done = AnswerSaid(**{**fields(ANSWER), "outcome": "You said: that fixed it."})
    header, body, _, outcome = blocks_of(Update(outbox="K7Q2-3-0", content=done))

    assert (header, body) == tuple(blocks_of(ANSWER)[:2])
    assert outcome == {"type": "context", "elements": [{"type": "mrkdwn", "text": "You said: that fixed it."}]}


def test_a_lead_stands_before_the_answer() -> None:
    again = AnswerSaid(**{**fields(ANSWER), "lead": "Here it is again, in short:"})

    assert blocks_of(again)[0]["text"]["text"] == "Here it is again, in short:"
    assert text_of(again).startswith("Here it is again, in short:\nReset a forgotten password")


@pytest.mark.parametrize(
    ("body", "named", "nameless"),
    [
        ("Hi {{customer.first_name}}, all is well.", "Hi Anna, all is well.", "Hi, all is well."),
        ("Hi, {{ customer.first_name }}!", "Hi, Anna!", "Hi!"),
        ("{{customer.first_name}}, please wait.", "Anna, please wait.", "Please wait."),
        ("Thanks {{customer.first_name}}.", "Thanks Anna.", "Thanks."),
        ("Reset {{customer.first_name}}'s password.", "Reset Anna's password.", "Reset your password."),
        ("Nothing to fill in.", "Nothing to fill in.", "Nothing to fill in."),
    ],
)
def test_a_greeting_reads_well_with_and_without_a_name(body: str, named: str, nameless: str) -> None:
    def shown(customer: str) -> Any:
        return blocks_of(AnswerSaid(title="", summary="", body=body, customer=customer))[0]["text"]

    assert (shown("U0ANNA"), shown("U0NOBODY")) == (named, nameless)


def test_a_name_is_no_markdown() -> None:
    answer = AnswerSaid(title="", summary="", body="Hi {{customer.first_name}}!", customer="U1")
    _, blocks = compose(
        said(answer), words={}, name_of=lambda _: "*[x](y)*<!here> Doe", permalink_of=lambda *_: None, plain=False
    )

    assert blocks == [{"type": "markdown", "text": r"Hi \*\[x\](y)\*‹\!here>!"}]  # noqa: RUF001


def test_an_answer_too_long_for_slack_ends_well() -> None:
    long = AnswerSaid(title="Long", summary="", body="```\n" + "x\n" * 9_000, customer="")
    body = blocks_of(long)[1]["text"]

    assert body.endswith("…\n```")
    assert faults(*composed(long)) == []


def test_a_plain_answer_has_all_that_matters() -> None:
    assert plain_of(ANSWER) == (
        "*Reset a forgotten password*\n"
        "Hi Anna, open the *portal*:\n\n1. Choose *Forgot password*\n2. Done\n"
        "Portal: https://portal.example.com/reset\n"
        "Write *talk to a person* to get one."
    )


# --- for specialists --------------------------------------------------------------------------------------------------


def test_the_card_says_who_what_and_why_and_calls_nobody() -> None:
    header, facts, asked, where, why, seen, tags, status, actions = blocks_of(CARD)

    assert header["text"]["text"] == "New handoff · Case K7Q2"
    assert [field["text"] for field in facts["fields"]] == [
        "*Customer*\nBen &lt;!here&gt;",
        "*Category*\naccounts",
        "*Priority*\nP2",
        "*Queue*\nTechnical Support",
        "*Owner*\nnobody yet",
    ]
    assert literals(asked) == ["Question", "my <!channel> password & VPN, see ", "."]
    assert where["elements"][0]["elements"] == [
        {
            "type": "link",
            "url": "https://home.slack.com/archives/C0HELP/p1764000000000100",
            "text": "Open the question",
        }
    ]
    assert why["elements"][0]["elements"][1:] == [
        {"type": "text", "text": "Sensitive words: “<!channel> fraud” "},
        {"type": "text", "text": "fraud-first", "style": {"code": True}},
    ]
    assert literals(seen) == ["Entries seen", "Reset a password", " · 87 % · still stuck", "Y", " · 31 % · near miss"]
    assert tags["elements"][0]["text"] == "Tags: fraud, urgent"
    assert status["text"]["text"] == "Claimed by Anna Meier"
    assert len(actions["elements"]) == 3
    assert text_of(CARD).startswith("New handoff · Case K7Q2\nBen &lt;!here&gt; · accounts · P2 · Technical Support")


def test_a_question_from_the_direct_messages_says_so_and_is_linked_if_it_has_an_address() -> None:
    card = Card(**{**fields(CARD), "question_channel": "D0ANNA"})
    pressed = Card(**{**fields(CARD), "question_channel": "D0ANNA", "question_ts": ""})

    assert "archives/D0ANNA" in json.dumps(blocks_of(card))
    assert "asked in a direct message" in plain_of(card)
    assert "Asked in a direct message" in literals(blocks_of(pressed))
    assert "archives" not in json.dumps(blocks_of(pressed))


def test_slack_is_asked_once_where_the_question_is() -> None:
    asked: list[tuple[str, str]] = []

    def permalink_of(channel: str, ts: str) -> str:
        asked.append((channel, ts))
        return "https://home.slack.com/archives/C0HELP/p1"

    compose(said(CARD), words=WORDS, name_of=str, permalink_of=permalink_of, plain=False)

    assert asked == [("C0HELP", "1764000000.000100")]


def test_a_card_without_a_question_or_a_link_leaves_them_out() -> None:
    bare = Card("U0BEN", "", "", "The customer asked for a person", "", "Support", None, "", "", "Waiting")

    assert literals(blocks_of(bare)) == ["Why: ", "The customer asked for a person"]
    assert faults(*composed(bare)) == []


def test_a_plain_card_has_all_that_matters() -> None:
    text = plain_of(CARD)

    for needed in ("Case K7Q2", "Ben", "P2", "my &lt;!channel&gt; password", "archives/C0HELP", "fraud-first", "87 %"):
        assert needed in text
    assert "talk to a person" not in text


def test_a_transcript_has_every_turn_with_its_time_and_author() -> None:
    head, turns = blocks_of(PAGE)

    assert head["elements"][0]["text"] == "Transcript 1/3"
    assert literals(turns) == [
        "2026-11-23 14:05 UTC",
        "  Anna Meier",
        "my <!channel",
        "2026-11-23 14:05 UTC",
        "  Support bot",
        "Answered with “Reset a password”",
        "2026-11-23 14:05 UTC",
        "  someone",
        "[removed]",
    ]


def test_a_full_page_loses_no_word() -> None:
    """The core packs 9,000 characters and 40 turns on a page, times and authors not counted."""
    refs = [Words("K7Q2", n) for n in range(40)]
    words = {ref: f"turn {ref.position:02} " + "w" * 210 + " end" for ref in refs}
    page = TranscriptPage(1, 1, tuple(TurnSaid(NOVEMBER, "U0ANNA", words=ref, end=999) for ref in refs))
    _, blocks = composed(page, words=words)
    text, _ = composed(page, words=words, plain=True)

    assert literals(blocks, "rich_text_quote") == list(words.values())
    assert all(word in text for word in words.values())
    assert faults(text, None, long_post=True) == []


def test_a_file_is_named_and_linked_beneath_the_words() -> None:
    words = {ASKED: with_files("see", [File("error.png", "image/png", FILE)])}
    _, page = composed(TranscriptPage(1, 1, (TurnSaid(NOVEMBER, "U0ANNA", words=ASKED),)), words=words)
    _, forwarded = composed(FromCustomer("U0ANNA", ASKED), words=words)

    for shown in (page, forwarded):
        assert literals(shown, "rich_text_quote") == ["see\n[error.png, image/png] "]
        assert FILE in json.dumps(shown)


def test_what_a_customer_adds_is_quoted_under_their_name() -> None:
    (block,) = blocks_of(FromCustomer("U0BEN", ASKED))

    assert literals(block) == ["Ben <!here>", " wrote:", "my <!channel> password & VPN, see ", "."]
    assert text_of(FromCustomer("U0BEN", ASKED)).startswith("Ben &lt;!here&gt; wrote: my &lt;!channel&gt; password")


def test_a_specialist_speaks_under_their_own_name() -> None:
    (block,) = blocks_of(FromSpecialist("U0ANNA", "Technical Support", ASKED))
    name, words = block["elements"]

    assert name["elements"][0] == {"type": "text", "text": "Anna Meier", "style": {"bold": True}}
    assert name["elements"][1]["text"] == " (Technical Support)"
    assert words["type"] == "rich_text_section"
    assert words["elements"][1] == {"type": "link", "url": "https://example.com/a?b=1"}


# --- whatever goes in -------------------------------------------------------------------------------------------------

LENGTHS = st.sampled_from([0, 1, 2, 74, 75, 76, 150, 151, 300, 2_000, 2_999, 3_001, 9_000, 13_000, 41_000])
PIECES = st.sampled_from(
    ["a", "&", "<", "<!channel> ", "\n", " ", "é", "🦄", "```", "https://a.example/b?c=d) ", "{who}", "*", "http://"]
)
TEXTS = st.text(max_size=20) | st.builds(lambda piece, n: (piece * n)[:n], PIECES, LENGTHS)
SHORT = st.text(max_size=20) | st.builds(lambda piece, n: piece * n, PIECES, st.sampled_from([0, 1, 80, 300, 3_000]))
URLS = SHORT | st.builds(lambda text: f"https://example.com/{text}", SHORT)
REFS = st.builds(Words, st.sampled_from(["K7Q2", "X"]), st.integers(0, 5))
BUTTONS = st.lists(
    st.builds(Button, SHORT, st.sampled_from(["pick", "human", "claim", "x" * 260, "o d d"]), SHORT), max_size=30
).map(tuple)
TURNS = st.lists(
    st.builds(
        TurnSaid,
        st.floats(0, 4e9),
        SHORT,
        TEXTS,
        st.none() | REFS,
        st.integers(0, 100),
        st.none() | st.integers(0, 20_000),
    ),
    max_size=60,
).map(tuple)
HOPS = st.builds(HopSaid, st.floats(0, 4e9), SHORT, TEXTS, SHORT, TEXTS, SHORT, REFS)
ITEMS = st.builds(
    Item, TEXTS, SHORT, st.none() | REFS, TEXTS, SHORT, st.none() | st.floats(0, 4e9),
    st.none() | st.builds(In, SHORT, SHORT), BUTTONS,
)  # fmt: skip
GROUPS = st.builds(Group, TEXTS, st.lists(ITEMS, max_size=30).map(tuple))
LISTINGS = st.builds(Listing, TEXTS, SHORT, st.lists(GROUPS, max_size=4).map(tuple), TEXTS, BUTTONS, SHORT)
CONTENTS = st.one_of(
    st.builds(Line, TEXTS, BUTTONS, SHORT, st.none() | REFS, SHORT, st.sampled_from(["", "U0BEN"])),
    st.builds(
        AnswerSaid, TEXTS, TEXTS, TEXTS, SHORT, TEXTS, st.lists(st.tuples(SHORT, URLS), max_size=8).map(tuple), BUTTONS,
        st.just("") | TEXTS,
    ),
    st.builds(
        Card, SHORT, SHORT, SHORT, TEXTS, SHORT, SHORT, st.none() | REFS, SHORT, SHORT, TEXTS, SHORT,
        st.lists(st.builds(Seen, SHORT, TEXTS, st.floats(0, 1), SHORT), max_size=20).map(tuple),
        st.lists(SHORT, max_size=20).map(tuple), BUTTONS, hops=st.lists(HOPS, max_size=20).map(tuple),
    ),
    st.builds(TranscriptPage, st.integers(1, 99), st.integers(1, 99), TURNS),
    st.builds(FromCustomer, SHORT, REFS, st.integers(0, 100), st.none() | st.integers(0, 10_000)),
    st.builds(FromSpecialist, SHORT, SHORT, REFS, BUTTONS),
    LISTINGS,
)  # fmt: skip
SAYINGS = st.one_of(
    CONTENTS.map(lambda content: Post(where=In("C1"), content=content)),
    CONTENTS.map(lambda content: Update(outbox="K7Q2-1-0", content=content)),
    CONTENTS.map(lambda content: Whisper(channel="C1", user="U1", content=content)),
    LISTINGS.map(lambda content: Publish(user="U1", content=content)),
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(SAYINGS, SHORT, st.dictionaries(REFS, TEXTS, max_size=6), st.tuples(TEXTS, st.none() | URLS), st.booleans())
def test_whatever_is_said_stays_within_slacks_limits(
    saying: Saying, case: str, words: dict[Words, str], known: tuple[str, str | None], plain: bool
) -> None:
    name, permalink = known
    text, blocks = compose(
        Said("K7Q2-3-0", case, 3, saying),
        words=words,
        name_of=lambda _: name,
        permalink_of=lambda *_: permalink,
        plain=plain,
    )
    page = isinstance(saying, Post) and isinstance(saying.content, TranscriptPage)

    assert faults(text, blocks, long_post=plain and page, view=isinstance(saying, Publish)) == []


def filled(text: str) -> list[Content]:
    """One of each, every field with the same text, and of what can be many, many."""
    link = f"https://example.com/{text}"
    many = tuple(Button(text, kind, text) for kind in ("pick", "human", "claim") * 10)
    return [
        Line(text, many, text, ASKED, text),
        AnswerSaid(text, text, text, "U0ANNA", text, ((text, link),) * 30, many),
        AnswerSaid(text, text, text, "U0ANNA", text, ((text, "https://example.com/"),) * 40, many, text),
        Card(
            "U0ANNA", text, text, text, text, text, ASKED, text, text, text, "U0ANNA",
            (Seen(text, text, 1.0, text),) * 30, (text,) * 30, many,
        ),
        IncidentCard(ASKED, text, text, text, ("U0ANNA",) * 200, ASKED, text, "U0ANNA", many),
        TranscriptPage(1, 9, (TurnSaid(NOVEMBER, "U0ANNA", words=ASKED),) * 20),
        TranscriptPage(1, 9, (TurnSaid(NOVEMBER, "U0ANNA", text[:50]),) * 200),
        FromCustomer("U0ANNA", ASKED),
        FromSpecialist("U0ANNA", text, ASKED, many),
        Listing(text, "U0ANNA", (Group(text, (ITEM, Item(text, about=text, buttons=many)) * 30),) * 3, text, many),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [20, 70, 140, 300, 1_990, 2_995, 3_300, 13_000])
@pytest.mark.parametrize("piece", ["a", "&", "🦄", "https://a.example/b?c ", "x\n", "` ", " "])
def test_too_much_of_everything_is_cut(piece: str, size: int) -> None:
    text = (piece * size)[:size]
    for content in filled(text):
        for saying in (Post(where=In("C1"), content=content), Update(outbox="K7Q2-1-0", content=content)):
            for plain in (False, True):
                said_so = compose(
                    said(saying),
                    words={ASKED: text},
                    name_of=lambda _: text,
                    permalink_of=lambda *_: f"https://example.com/{text}",
                    plain=plain,
                )
                page = isinstance(saying, Post) and isinstance(content, TranscriptPage)

                assert faults(*said_so, long_post=plain and page) == []


@given(TEXTS, st.integers(1, 200))
def test_cutting_keeps_the_beginning_and_the_limit(text: str, limit: int) -> None:
    kept = cut(text, limit)

    assert width(kept) <= limit
    assert kept == text or text.startswith(kept.removesuffix("…"))
    assert width(cut_escaped(text, limit)) <= limit


def fields(content: Any) -> dict[str, Any]:
    return {name: getattr(content, name) for name in content.__dataclass_fields__}
