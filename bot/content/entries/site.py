"""`kb/_site.yaml`: the variables, audience and link hosts that all entries share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.folder import tree_of
from bot.content.reading.reading import Reading, Unreadable
from bot.content.reading.shapes import Found, Shape, checked, keys, list_of, table_of, word
from bot.content.reading.source import Node, Scalar, Table
from bot.content.reading.values import audiences
from bot.content.texts.secrets import secrets_in
from bot.content.texts.sent import check_links, sent_text
from bot.core.entries import Site

_LONGEST_VARIABLE = 2_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class SiteFile:
    """What the file says, as far as it could be read.

    `names`: of every variable in it, also of those whose value could not be read; None if there may be more, in a part
    that could not be read or under a misspelt key.
    """

    content: bytes
    site: Site
    names: frozenset[str] | None


def site_of(path: Path | None, reading: Reading) -> SiteFile:
    """The file; what of it cannot be read is reported and left out."""
    if path is None:
        return SiteFile(b"", Site(), frozenset())
    content, node = tree_of(path, reading)
    try:
        site = Site(**SHAPE.read(node, reading)) if node is not None else Site()
    except Unreadable:
        return SiteFile(content, Site(), None)
    if not isinstance(node, Table):
        return SiteFile(content, site, None)
    written = node.get("variables")
    names = frozenset(key.text.strip() for key, _ in written.pairs) if isinstance(written, Table) else frozenset()
    # Only now is it known which hosts may be linked to.
    reading.link_hosts = site.link_hosts
    for key, value in written.pairs if isinstance(written, Table) else ():
        if isinstance(value, Scalar):
            check_links(value.text, value, reading)
            _check_named_secret(key.text, value, reading)
    if isinstance(written, Table):
        known = node.whole and written.whole
    else:
        known = node.whole and written is None and all(key.text in SHAPE.schema["properties"] for key, _ in node.pairs)
    return SiteFile(content, site, names if known else None)


def _check_named_secret(name: str, value: Scalar, reading: Reading) -> None:
    """A value may be told for a secret by its name alone: `wifi_password: Larkfield2024`."""
    by_name = any(secrets_in(f"{name}: {value.text.strip()}")) and not any(secrets_in(value.text))
    if by_name:
        message = f"what looks like a secret, after {quoted(name)}"
        reading.report(f.SECRET, value.place, message, "take it out, and replace it where it is used")


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
        "variables": table_of(
            sent_text(longest=_LONGEST_VARIABLE, with_links=False), checked(word("a name"), _check_name).like(_NAME)
        ).described(
            "Words that entries share, by name; `{{site.NAME}}` in an answer, a step or a summary puts them in."
        ),
        "audience": audiences().described("Who may see an entry that does not say: staff, customer, partner."),
        "link_hosts": list_of(checked(word("a host"), _check_host).like(_HOST)).described(
            "The only hosts that links may lead to, `*.example.com` for all below it; without this key all may."
        ),
    },
)
