"""Line breaks between the marks of bold or italic words, and inside links."""

from __future__ import annotations

import pytest

from bot.content.texts.breaks import cut_by_a_break


@pytest.mark.parametrize(
    ("markdown", "cut"),
    [
        ("Open *Settings >\nSecurity* now", ["*Settings >\nSecurity*"]),
        ("**bold** and _it\nalic_", ["_it\nalic_"]),
        ("__a\nb\nc__", ["__a\nb\nc__"]),
        ("see [our\nportal](https://x.example)", ["[our\nportal]("]),
        ("see [portal]\n(https://x.example)", ["]\n("]),
        ("see [portal](https://x.\nexample)", ["](https://x.\nexample)"]),
    ],
)
def test_what_a_break_cuts_in_two(markdown: str, cut: list[str]) -> None:
    assert [markdown[found.start : found.stop] for found in cut_by_a_break(markdown)] == cut


@pytest.mark.parametrize(
    "markdown",
    [
        "*Save.*\nThen *go*",  # each closes in its line
        "- *a*\n- *b*",
        "* item\n* other",  # bullets
        "5 * 3\n* 2 *",
        "1. *a\n2. b*",  # two items: the marks are no pair
        "*Note\n\nnew*",  # two paragraphs
        "snake_case\nand_more",
        "```\n*a\nb*\n```",  # code
        "a [x]\n\n(y)",
        "\\*a\nb\\*",
    ],
)
def test_breaks_that_cut_nothing(markdown: str) -> None:
    assert list(cut_by_a_break(markdown)) == []
