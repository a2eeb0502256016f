"""Rich text: the one kind of block in which Slack reads nothing into a text. People's words stand only in here. Pure.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.core.widths import width
from bot.slack.limits import LINK

Element = dict[str, Any]

_URL = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.IGNORECASE)
_HOST = re.compile(
    r"https?://(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?:[/?#]|\Z)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'\""


def literal(text: str, *, bold: bool = False, code: bool = False) -> Element:
    """A text as it is. Slack refuses an empty one."""
    style = {name: True for name, wanted in (("bold", bold), ("code", code)) if wanted}
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def link(url: str, label: str = "") -> Element:
    """A link, or the plain words where Slack might refuse the address."""
    if not is_link(url):
        return literal(f"{label} ({url})" if label and url else label or url)
    return {"type": "link", "url": url} | ({"text": label} if label else {})


def is_link(url: str) -> bool:
    return url.isascii() and width(url) <= LINK and _HOST.match(url) is not None and _URL.fullmatch(url) is not None


def with_links(text: str) -> list[Element]:
    """A text with its http(s) addresses as links, at least one element unless it is empty."""
    elements, done = [], 0
    for match in _URL.finditer(text):
        url = _without_tail(match[0]) if len(match[0]) <= LINK else ""
        if not is_link(url):
            continue
        if match.start() > done:
            elements.append(literal(text[done : match.start()]))
        elements.append(link(url))
        done = match.start() + len(url)
    if done < len(text):
        elements.append(literal(text[done:]))
    return elements


def mention(called: str) -> Element:
    """A person, or a user group, who is told by Slack that they are named: for those whom a specialist or a ladder
    calls, and nobody else."""
    if is_usergroup(called):
        return {"type": "usergroup", "usergroup_id": called}
    return {"type": "user", "user_id": called}


def is_usergroup(called: str) -> bool:
    """Slack's ids of people begin with U or W, those of user groups with S."""
    return called.startswith("S")


def section(*elements: Element) -> Element:
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(text: str) -> Element:
    """A person's words, quoted."""
    return {"type": "rich_text_quote", "elements": with_links(text)}


def bullets(items: Iterable[Element]) -> Element:
    """A list of sections."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def block(*elements: Element) -> Element:
    return {"type": "rich_text", "elements": list(elements)}


def _without_tail(url: str) -> str:
    """An address without the punctuation of the sentence it stands in; a bracket stays if it was opened inside."""
    while url and (url[-1] in _TRAILING or (url[-1] == ")" and url.count(")") > url.count("(")) or url[-1] == "]"):
        url = url[:-1]
    return url
