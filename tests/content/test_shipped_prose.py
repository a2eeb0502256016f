"""What the shipped entries say: whole sentences, whose lines end only where Slack is to break them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from bot.core.entries import Entry
from tests.shipped import shipped_knowledge

ITEM = re.compile(r"\s*(?:[-*]|\d+\.) ")


def said_in(entry: Entry) -> list[str]:
    nodes = entry.steps.nodes.values() if entry.steps else ()
    return [entry.answer, *(node.say for node in nodes), *(node.ask for node in nodes)]


def broken_lines(text: str) -> list[str]:
    """The lines that go on from the line above: neither a list's next item nor after a blank line."""
    lines = text.rstrip("\n").split("\n")
    return [line for above, line in pairwise(lines) if above.strip() and line.strip() and not ITEM.match(line)]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Choose *Talk to a\nperson*: we will check.\n", ["person*: we will check."]),  # Slack keeps the break
        ("1. Save it,\n   then restart.\n", ["   then restart."]),  # in an item as well
        ("One paragraph.\n\nAnother.\n", []),  # as it should be
        ("First:\n1. Save it.\n2. Restart.\n   - twice\n", []),  # each item has a line of its own
    ],
)
def test_a_line_that_is_broken_in_a_sentence_is_seen(text: str, broken: list[str]) -> None:
    assert broken_lines(text) == broken


def test_no_entry_breaks_a_line_within_a_paragraph() -> None:
    broken = {
        entry.id: lines
        for entry in shipped_knowledge().entries.values()
        if (lines := [line for text in said_in(entry) for line in broken_lines(text)])
    }

    assert broken == {}
