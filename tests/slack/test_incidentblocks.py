"""What the card of an incident shows, and that nobody is called by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.saying import Button, In, IncidentCard, Post, Said, Words
from bot.slack.blocks import compose
from tests.slack.block_kit import Json, faults

ABOUT, SAID = Words("T7", 2), Words("T7", 9)
WORDS = {ABOUT: "the <!here> lift & its doors are stuck", SAID: "A part is on its way."}
NAMES = {"U1": "Ana Bell", "U2": "Bo <@U3> Ray", "U3": "Cy Fox", "U9": "Dana Reyes"}
BUTTONS = (Button("Claim", "claim"), Button("Say the status", "status"), Button("It is over", "over"))
CARD = IncidentCard(
    about=ABOUT, title="Lifts", priority="p2", queue_role="Technical Support", members=("U1", "U2", "U3"), said=SAID,
    status="Claimed by {who}", who="U9", buttons=BUTTONS,
)  # fmt: skip


def told(card: IncidentCard, *, plain: bool = False) -> tuple[str, list[Json] | None]:
    said = Said("T7-3-0", "T7", 3, Post(where=In("C1"), content=card))
    return compose(
        said, words=WORDS, name_of=lambda user: NAMES.get(user, ""), permalink_of=lambda *_: None, plain=plain
    )


def test_it_says_what_is_wrong_who_waits_what_they_were_told_and_who_has_it() -> None:
    text, blocks = told(CARD)
    plain, _ = told(CARD, plain=True)

    shown = str(blocks)
    for part in ("Incident T7", "the <!here> lift & its doors", "3: Ana Bell, ", "A part is on its way.", "Dana Reyes"):
        assert part in shown
    assert "Incident T7" in text
    assert "Said to all of them: A part is on its way." in plain
    assert faults(text, blocks) == []
    assert faults(plain, None) == []


@pytest.mark.parametrize(
    ("members", "waiting"),
    [
        ((), "Waiting: nobody yet"),  # started by hand, before anybody asked
        (("U1",), "Waiting: 1: Ana Bell"),
        (("U1", "U3"), "Waiting: 2: Ana Bell and Cy Fox"),
        (("U1",) * 40, "and 15 more"),  # a card has an end
    ],
)
def test_who_waits_reads_well_however_many_there_are(members: tuple[str, ...], waiting: str) -> None:
    plain, _ = told(replace(CARD, members=members), plain=True)

    assert waiting in plain


def test_what_nobody_said_is_left_out() -> None:
    plain, _ = told(replace(CARD, about=None, said=None, title="", buttons=()), plain=True)

    assert plain == (
        "Incident T7\nQueue: Technical Support\nPriority: P2\nWaiting: 3: Ana Bell, Bo &lt;@U3&gt; Ray and Cy Fox\n"
        "Claimed by Dana Reyes"
    )
