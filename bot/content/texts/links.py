"""Find the links that Markdown makes, and say which of them lead where no customer should be sent. Pure.

Looks for what Slack makes a link of: `[label](address)`, `[name]: address`, `<address>`, and a bare `scheme://…`.
Code is left out. Rather one link too many than one too few: what is none can be put into backticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.content.faults import quoted

_MARKS = ("://", "](", "]:", "<")  # without any of them there is no link
_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|[0-9]{1,9}[.)])\s+)*(`{3,}(?=[^`]*$)|~{3,})")
_TICKS = re.compile(r"\\`|`+")
_LABELLED = re.compile(
    r"\]\([ \t\n]{0,9}(?:<(?P<angled>[^<>\n]{0,2000})>"
    r"|(?P<bare>[^\s()<>]{0,2000}(?:\([^\s()]{0,2000}\)[^\s()]{0,2000}){0,3}))(?=[\s)])"
)
_DEFINED = re.compile(r"(?m)^[ \t]{0,9}\[[^\[\]\n]{1,300}\]:[ \t]{0,9}<?(?P<bare>[^\s<>]{1,2000})>?")
_ANGLED = re.compile(r"<(?P<bare>[A-Za-z][A-Za-z0-9+.-]{1,30}:[^<>\s|]{0,2000})(?:\|[^<>\n]{0,300})?>")
_BARE = re.compile(r"(?<![A-Za-z0-9+.-])(?P<bare>[A-Za-z][A-Za-z0-9+.-]{1,30}://[\w%/][^\s<>\[\]`|\"]{0,2000})")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LOOKS_LIKE_A_HOST = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,}(?:[/:?#].*)?")
_MAIL_OR_PHONE = frozenset({"mailto", "tel"})
_NOT_OF_A_LINK = ".,;:!?'\"*_~…\u201d\u2019"


class MarkdownLink(NamedTuple):
    """An address and where it stands in the text."""

    address: str
    at: range


class Objection(NamedTuple):
    message: str
    hint: str


def links_in(markdown: str) -> Iterator[MarkdownLink]:
    """The addresses outside code, kind by kind, each once."""
    if not any(mark in markdown for mark in _MARKS):
        return
    left = without_code(markdown)
    for pattern in (_LABELLED, _DEFINED, _ANGLED):
        for found in pattern.finditer(left):
            group = "bare" if found["bare"] is not None else "angled"
            yield MarkdownLink(found[group], range(*found.span(group if found[group] else 0)))
        left = pattern.sub(_blank, left)
    for found in _BARE.finditer(left):
        address = _trimmed(found["bare"])
        yield MarkdownLink(address, range(found.start(), found.start() + len(address)))


def objection(address: str, hosts: tuple[str, ...] | None, *, in_text: bool) -> Objection | None:
    """Why the address may not be sent. `hosts` are those allowed (None: any); in a text, mail and phone may be, too."""
    found = _SCHEME.match(address)
    scheme = found[1].lower() if found else ""
    if in_text and scheme in _MAIL_OR_PHONE:
        return None
    host = _host(address) if scheme == "https" else ""
    if not address:
        return Objection("a link that leads nowhere", "write its address between the round brackets")
    if not host:
        return Objection(f"{quoted(address)} is no https link", _way_out(address, scheme, in_text=in_text))
    if hosts is not None and not any(_is_host(host, listed.lower()) for listed in hosts):
        hint = "lead to a host of ours, or add this one to `link_hosts` in `_site.yaml`"
        return Objection(f"{quoted(host)} is not in `link_hosts`", hint)
    return None


def without_code(markdown: str) -> str:
    """The text with blanks where code stands: fenced, or between backticks in one line."""
    if "`" not in markdown and "~~~" not in markdown:
        return markdown
    fence = ""
    lines = []
    for line in markdown.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            closes = mark is not None and mark[1].startswith(fence) and not line[mark.end() :].strip()
            fence = "" if closes else fence
            lines.append(" " * len(line))
        elif mark:
            fence = mark[1]
            lines.append(" " * len(line))
        else:
            lines.append(_without_spans(line) if "`" in line else line)
    return "\n".join(lines)


def _without_spans(line: str) -> str:
    runs = [found for found in _TICKS.finditer(line) if found[0] != "\\`"]
    last = {len(found[0]): at for at, found in enumerate(runs)}
    parts: list[str] = []
    done = at = 0
    while at < len(runs):
        opening = runs[at]
        at += 1
        if last[len(opening[0])] < at:
            continue  # nothing closes it: these are just backticks
        while len(runs[at][0]) != len(opening[0]):
            at += 1
        parts += (line[done : opening.start()], " " * (runs[at].end() - opening.start()))
        done = runs[at].end()
        at += 1
    return "".join([*parts, line[done:]])


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _trimmed(address: str) -> str:
    """Without the marks of the sentence around it, and without a bracket that was opened before it."""
    while address and (address[-1] in _NOT_OF_A_LINK or (address[-1] == ")" and "(" not in address)):
        address = address[:-1]
    return address


def _host(address: str) -> str:
    # Browsers read a backslash as a slash: what looks like the user's name in front of our host would be the host.
    if "\\" in address or any(char.isspace() for char in address):
        return ""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return "" if port == 0 else host


def _is_host(host: str, listed: str) -> bool:
    return host == listed or (listed.startswith("*.") and host.endswith(listed[1:]))


def _way_out(address: str, scheme: str, *, in_text: bool) -> str:
    if "{{" in address:
        return "write the address out, from https:// on: variables are filled in texts only"
    if scheme == "http":
        return f"write {quoted('https' + address[len(scheme) :])}"
    if not scheme and _LOOKS_LIKE_A_HOST.fullmatch(address):
        return f"write {quoted('https://' + address)}"
    return "write https://…" + ("; what is meant as no link goes between backticks" if in_text else "")
