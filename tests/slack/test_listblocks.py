"""Lists: what each item shows, whom its buttons are about, and that nothing in it is read as a command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.saying import Button, Group, In, Item, Listing, Publish, Said, Whisper, Words
from bot.slack.blocks import compose
from bot.slack.buttons import Carried, read
from tests.slack.block_kit import Json, faults

ASKED = Words("T2222222", 2)
CLAIM = Button("Claim", "claim", style="primary", case="T2222222", position=4)
ITEM = Item(
    by="U0ANNA", words=ASKED, about="P3 · due {due} · {who} has it", who="U0BEN", due=1_795_442_700.0,
    at=In("C1", "1.000001"), buttons=(CLAIM,),
)  # fmt: skip


def blocks_of(*items: Item, words: str = "it *beeps* <!channel>", home: bool = False) -> list[Json]:
    listing = Listing("A list.", groups=(Group("Unclaimed", items),), asker="U0ANNA")
    saying = Publish(user="U0ANNA", content=listing) if home else Whisper(channel="C1", user="U0ANNA", content=listing)
    text, blocks = compose(
        Said("x-1-0", "", 1, saying),
        words={ASKED: words},
        name_of=lambda user: {"U0ANNA": "Anna", "U0BEN": "Ben"}[user],
        permalink_of=lambda channel, ts: f"https://x.slack.com/archives/{channel}/p{ts}?a=1&b=2",
        plain=False,
    )
    assert faults(text, blocks, view=home) == []
    assert blocks
    return blocks


def test_an_items_words_are_plain_text_in_which_slack_reads_nothing() -> None:
    _, _, section, _ = blocks_of(ITEM)

    assert section["text"] == {"type": "plain_text", "text": "Anna: “it *beeps* <!channel>”", "emoji": False}


def test_erased_words_are_said_to_be_removed() -> None:
    _, _, section, _ = blocks_of(replace(ITEM, words=Words("T2222222", 9)))

    assert section["text"]["text"] == "Anna: “[removed]”"


def test_a_moment_is_shown_as_the_readers_clock_has_it_and_the_link_behind_it() -> None:
    *_, about = blocks_of(ITEM)

    assert about["elements"][0]["text"] == (
        "P3 · due <!date^1795442700^{date_short_pretty} {time}|Mon 23 Nov 14:05 UTC> · Ben has it"
        " · <https://x.slack.com/archives/C1/p1.000001?a=1&amp;b=2|open it>"
    )


def test_a_button_is_about_the_case_of_its_item() -> None:
    _, _, section, _ = blocks_of(ITEM)

    assert read(section["accessory"]["value"]) == Carried("T2222222", 4, "", "U0ANNA")


def test_several_buttons_stand_beneath_and_have_ids_of_their_own() -> None:
    two = replace(ITEM, buttons=(CLAIM, replace(CLAIM, case="T3333333")))
    *_, first, _, _, second = blocks_of(two, two)

    ids = [element["action_id"] for block in (first, second) for element in block["elements"]]
    assert len(set(ids)) == len(ids) == 4


@pytest.mark.parametrize(
    ("home", "most", "shown"),
    [(False, 50, 22), (True, 100, 33)],  # a message's blocks, and what of the text fits in one
)
def test_what_does_not_fit_is_counted(home: bool, most: int, shown: int) -> None:
    blocks = blocks_of(*(ITEM,) * 60, words="w" * 500, home=home)

    assert len(blocks) <= most
    assert sum("accessory" in block for block in blocks) == shown
    assert blocks[-1]["text"]["text"] == f"{60 - shown} more do not fit here."
