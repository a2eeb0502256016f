"""What a card tells beyond the question: what was asked first, files, earlier cases, and when a response is due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.course import ClockOf
from bot.core.saying import Attached, Button, Card, EarlierSaid, PastCase, Told, Words
from bot.core.stimuli import File, with_files
from tests.slack.block_kit import faults
from tests.slack.test_blocks import ASKED, NOVEMBER, WORDS, composed, literals

PLACE, SHOT, ERASED = Words("K7Q2", 4), Words("K7Q2", 5), Words("K7Q2", 9)
SAID = {
    **WORDS,
    PLACE: "at <!here> & there",
    SHOT: with_files(
        "[not, a/file] of ours",
        [
            File("odd [1], 2.png", "image/png", "https://home.slack.com/files/F1"),
            File("a\nb.txt", "text/plain", ""),
        ],
    ),
}
CARD = Card(
    customer="U0BEN",
    category="accounts",
    priority="p2",
    reason="Still stuck",
    rule="stuck",
    queue_role="Technical Support",
    question=ASKED,
    question_channel="C0HELP",
    question_ts="1764000000.000100",
    status="Waiting",
    buttons=(Button("Claim", "claim"),),
    owner="U0ANNA",
    due=(NOVEMBER, "Mon 23 Nov 14:05 (Europe/London)"),
    told=(Told("Place", PLACE), Told("Error text", None), Told("Serial", ERASED)),
    earlier=EarlierSaid(
        4,
        (
            PastCase("T1", NOVEMBER - 86_400, "Reset a <password>", "solved by people"),
            PastCase("T2", NOVEMBER - 900_000, "no entry found", "given up"),
        ),
        ("“Reset” did not help this customer in an earlier case.",),
    ),
    files=(Attached(SHOT, 2), Attached(ERASED, 1)),
)


def shown(card: Card) -> str:
    """All that stands in the blocks, as Slack is sent it."""
    blocks = composed(card, words=SAID)[1]
    return str(blocks)


def test_a_response_is_due_on_each_readers_own_clock_and_on_the_queues_where_there_is_none() -> None:
    assert (
        "*First response due*\\n<!date^1795442700^{date_short_pretty} {time}|Mon 23 Nov 14:05 (Europe/London)>"
    ) in shown(CARD)
    assert "First response due: Mon 23 Nov 14:05 (Europe/London)" in composed(CARD, words=SAID, plain=True)[0]


@pytest.mark.parametrize(
    ("of", "label"),
    [
        ("first_response", "First response due"),
        ("next_response", "Next response due"),
        ("resolution", "Solution due"),
    ],
)
def test_the_card_says_what_is_due(of: ClockOf, label: str) -> None:
    card = replace(CARD, due_of=of)

    assert f"*{label}*\\n<!date^" in shown(card)
    assert f"{label}: Mon 23 Nov 14:05 (Europe/London)" in composed(card, words=SAID, plain=True)[0]


def test_where_nothing_is_promised_nothing_is_due() -> None:
    assert "due" not in shown(replace(CARD, due=None))


def test_what_was_asked_first_is_quoted_as_it_was_said() -> None:
    blocks = composed(CARD, words=SAID)[1]

    said = literals(blocks)
    at = said.index("They said")
    assert said[at + 1 : at + 7] == [
        "Place: ", "at <!here> & there", "Error text: ", "skipped", "Serial: ", "[removed]",
    ]  # fmt: skip


def test_files_are_named_with_their_type_and_a_link_and_go_with_the_words_they_came_with() -> None:
    blocks = composed(CARD, words=SAID)[1] or []

    (files,) = [block for block in blocks if "'Files'" in str(block)]
    items = [item["elements"] for item in files["elements"][1]["elements"]]
    assert items == [
        [
            {"type": "link", "url": "https://home.slack.com/files/F1", "text": "odd [1], 2.png"},
            {"type": "text", "text": " · image/png"},
        ],
        [{"type": "text", "text": "a b.txt"}, {"type": "text", "text": " · text/plain"}],
    ]


def test_earlier_cases_stand_there_newest_first_and_a_repetition_is_flagged() -> None:
    blocks = composed(CARD, words=SAID)[1] or []

    (earlier,) = [block["text"]["text"] for block in blocks if "Earlier cases" in str(block)]
    assert earlier.splitlines() == [
        ":warning: “Reset” did not help this customer in an earlier case.",
        "*Earlier cases:* 4",
        "• T1 · <!date^1795356300^{date_short_pretty}|2026-11-22> · Reset a &lt;password&gt; · solved by people",
        "• T2 · <!date^1794542700^{date_short_pretty}|2026-11-13> · no entry found · given up",
    ]


@pytest.mark.parametrize(
    ("earlier", "says"),
    [
        (EarlierSaid(0), "*Earlier cases:* 0"),
        (None, ""),  # nobody looked: nothing is claimed
    ],
)
def test_who_is_new_is_said_to_be_new(earlier: EarlierSaid | None, says: str) -> None:
    found = [
        block for block in composed(replace(CARD, earlier=earlier), words=SAID)[1] or [] if "Earlier" in str(block)
    ]

    assert [block["text"]["text"] for block in found] == ([says] if says else [])


def test_an_owner_stands_on_the_card() -> None:
    assert "*Owner*\\nAnna Meier" in shown(CARD)


@pytest.mark.parametrize("size", [300, 5_000, 40_000])
def test_too_much_of_all_of_it_is_cut(size: int) -> None:
    long = dict.fromkeys((ASKED, PLACE, SHOT), "🦄" * size)
    card = replace(
        CARD,
        told=CARD.told[:1] * 40,
        files=(Attached(SHOT, 1),) * 30,
        tags=("t" * size,),
        earlier=EarlierSaid(10**9, CARD.earlier.last if CARD.earlier else (), ("w" * size,) * 5),
    )
    said = {**long, SHOT: with_files("", [File("n" * 255, "k" * 255, "https://a.example/" + "x" * 2_900)] * 12)}

    text, blocks = composed(card, words=said)

    assert faults(text, blocks) == []


def test_a_plain_card_has_all_of_it() -> None:
    text = composed(CARD, words=SAID, plain=True)[0]

    for words in (
        "Owner: Anna Meier",
        "Place: at &lt;!here&gt; &amp; there",
        "Error text: skipped",
        "odd [1], 2.png · image/png https://home.slack.com/files/F1",
        "Earlier cases: 4",
        "• T1 · 2026-11-22 · Reset a &lt;password&gt; · solved by people",
    ):
        assert words in text
