"""Find the line breaks that stand inside bold or italic words, or inside a link. Pure.

Markdown joins the lines of a paragraph, Slack keeps them apart: marks that open in one line and close in the next are
shown instead of heeded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.content.texts.links import without_code

_MARKS = "*_["
# The line goes on: what follows is no blank line and no item of a list.
_BREAK = r"\n(?![ \t]*(?:\n|[-*+][ \t]|[0-9]{1,9}[.)][ \t]|#|>))"
_EMPHASIS = re.compile(
    rf"(?<![\w*_\\])(?P<mark>\*{{1,3}}|_{{1,3}})(?=[^\s*_])(?:[^*_\n]{{0,300}}{_BREAK}){{1,3}}[^*_\n]{{0,300}}"
    r"(?<=\S)(?<!\\)(?P=mark)(?![\w*_])"
)
_LINK = re.compile(
    rf"\[(?:[^\[\]\n]{{0,300}}{_BREAK}){{1,3}}[^\[\]\n]{{0,300}}\]\(|\]\n\((?=\S)|\]\([^()\s]{{0,2000}}\n[^()\s]{{0,2000}}\)"
)


def cut_by_a_break(markdown: str) -> Iterator[range]:
    """Where words between marks, or links, begin in one line and end in another; code is left out."""
    if "\n" not in markdown or not any(mark in markdown for mark in _MARKS):
        return
    text = without_code(markdown)
    for pattern in (_EMPHASIS, _LINK):
        for found in pattern.finditer(text):
            yield range(*found.span())
