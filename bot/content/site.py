"""`kb/_site.yaml`: the variables, audience and link hosts that all entries share."""

from __future__ import annotations

import re
from pathlib import Path

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.folder import tree_of
from bot.content.reading import Found, Reading, Shape, Unreadable, checked, keys, list_of, table_of, word
from bot.content.sent import sent_text
from bot.content.values import audiences
from bot.content.yaml_source import Node
from bot.core.entries import Site

_LONGEST_VARIABLE = 2_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def site_of(path: Path | None, reading: Reading) -> tuple[bytes, Site | None]:
    """The file's content and value; None, and reported, if what it says cannot be known."""
    if path is None:
        return b"", Site()
    content, node = tree_of(path, reading)
    try:
        return content, None if node is None else Site(**SHAPE.read(node, reading))
    except Unreadable:
        return content, None


def _check_name(found: str, node: Node, reading: Reading) -> None:
    if not _NAME.fullmatch(found):
        hint = "use letters, digits, `_`, `-` and `.`"
        reading.report(f.NOT_A_CHOICE, node.place, f"{quoted(found)} cannot name a variable", hint)


def _check_host(found: str, node: Node, reading: Reading) -> None:
    if not _HOST.fullmatch(found):
        hint = "write the host alone, such as help.example.com"
        reading.report(f.BAD_LINK, node.place, f"{quoted(found)} is no host", hint)


SHAPE: Shape[Found] = keys(
    dict,
    {
        "variables": table_of(sent_text(longest=_LONGEST_VARIABLE), checked(word("a name"), _check_name)),
        "audience": audiences(),
        "link_hosts": list_of(checked(word("a host"), _check_host)),
    },
)
