"""Slack's limits as Slack applies them: what is wrong with a message, in words. Knows nothing of how ours are made.

https://docs.slack.dev/reference/block-kit/blocks/ , block by block; only what this program may send is known here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][!-~]*)?\Z", re.IGNORECASE)
_USER = re.compile(r"\A[UW][A-Z0-9]+\Z")
_MARK = re.compile(r"<!date\^\d+\^[^|<>^]+\|[^|<>]+>|<https?://[^|<>\s]+\|[^|<>]+>")
_MESSAGE_TEXT = 4_000
_POST_TEXT = 40_000


def faults(text: str, blocks: list[Json] | None, *, long_post: bool = False, view: bool = False) -> list[str]:
    """What Slack would refuse. `long_post`: a new message, whose text may be long; `view`: they are for a tab."""
    found = [] if text.strip() else ["no_text"]
    if _length(text) > (_POST_TEXT if long_post else _MESSAGE_TEXT):
        found.append(f"text of {_length(text)}")
    found += [f"text: {control}" for control in ("<!", "<@", "<#") if control in text]
    if blocks is None:
        return found
    json.dumps(blocks).encode()
    found += _count(blocks, 1, 100 if view else 50, "blocks")
    if (whole := sum(map(_length, _texts(blocks)))) > 12_500:
        found.append(f"msg_blocks_too_long: {whole}")
    if sum(_length(block["text"]) for block in blocks if block.get("type") == "markdown") > 12_000:
        found.append("markdown above 12,000")
    ids = [element["action_id"] for block in blocks if block["type"] == "actions" for element in block["elements"]]
    ids += [block["accessory"]["action_id"] for block in blocks if "accessory" in block]
    if len(ids) != len(set(ids)):
        found.append("action_id twice")
    for number, block in enumerate(blocks):
        check = _BLOCKS.get(block.get("type", ""))
        found += [f"blocks/{number}: {fault}" for fault in (check(block) if check else ["unknown type"])]
    return found


def _section(block: Json) -> list[str]:
    found = _only(block, "type", "text", "fields", "accessory")
    if "text" not in block and "fields" not in block:
        found.append("neither text nor fields")
    is_plain = "text" in block and block["text"]["type"] == "plain_text"
    found += (_plain if is_plain else _mrkdwn)(block["text"], 3_000) if "text" in block else []
    found += _button(block["accessory"]) if "accessory" in block else []
    fields = block.get("fields", [{"type": "mrkdwn", "text": "x"}])
    found += _count(fields, 1, 10, "fields")
    return found + [fault for field in fields for fault in _mrkdwn(field, 2_000)]


def _header(block: Json) -> list[str]:
    return _only(block, "type", "text") + _plain(block["text"], 150)


def _markdown(block: Json) -> list[str]:
    return _only(block, "type", "text") + _size(block["text"], 12_000)


def _context(block: Json) -> list[str]:
    found = _only(block, "type", "elements") + _count(block["elements"], 1, 10, "elements")
    return found + [fault for element in block["elements"] for fault in _mrkdwn(element, 2_000)]


def _actions(block: Json) -> list[str]:
    found = _only(block, "type", "elements") + _count(block["elements"], 1, 25, "elements")
    return found + [fault for button in block["elements"] for fault in _button(button)]


def _button(button: Json) -> list[str]:
    found = _only(button, "type", "action_id", "text", "value", "style")
    found += _plain(button["text"], 75) + _size(button["action_id"], 255)
    found += _size(button["value"], 2_000)
    return found + ([] if button.get("style") in (None, "primary", "danger") else ["style"])


def _rich_text(block: Json) -> list[str]:
    found = _only(block, "type", "elements") + _count(block["elements"], 1, 10_000, "elements")
    for element in block["elements"]:
        match element["type"]:
            case "rich_text_section" | "rich_text_quote":
                found += _only(element, "type", "elements") + _inline(element["elements"])
            case "rich_text_list":
                found += _only(element, "type", "style", "elements") + _count(element["elements"], 1, 1_000, "items")
                for item in element["elements"]:
                    found += [] if item["type"] == "rich_text_section" else ["list item"]
                    found += _inline(item["elements"])
            case kind:
                found.append(f"rich text {kind}")
    return found


def _inline(elements: list[Json]) -> list[str]:
    found = _count(elements, 1, 10_000, "inline elements")
    for element in elements:
        match element["type"]:
            case "text":
                found += _only(element, "type", "text", "style")
                found += [] if element["text"] else ["empty text"]
            case "link":
                found += _only(element, "type", "url", "text")
                found += [] if _URL.match(element["url"]) and len(element["url"]) <= 3_000 else ["url"]
                found += [] if element.get("text", "x") else ["empty link"]
            case "user":
                found += _only(element, "type", "user_id")
                found += [] if _USER.match(element["user_id"]) else ["user id"]
            case kind:
                found.append(f"inline {kind}")
    return found


_BLOCKS: dict[str, Callable[[Json], list[str]]] = {
    "section": _section,
    "header": _header,
    "markdown": _markdown,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
}


def _mrkdwn(text: Json, limit: int) -> list[str]:
    found = _only(text, "type", "text") + _size(text["text"], limit)
    found += [] if text["type"] == "mrkdwn" else ["not mrkdwn"]
    # Every `<` in our own text was escaped, save for moments and links: nothing in it may call anybody.
    return found + (["unescaped"] if "<" in _MARK.sub("", text["text"]) else [])


def _plain(text: Json, limit: int) -> list[str]:
    found = _only(text, "type", "text", "emoji") + _size(text["text"], limit)
    found += ["line break"] if "\n" in text["text"] else []
    return found + ([] if text["type"] == "plain_text" else ["not plain_text"])


def _size(text: str, limit: int) -> list[str]:
    return ([] if text.strip() else ["empty"]) + ([f"{_length(text)} > {limit}"] if _length(text) > limit else [])


def _count(items: list[Any], least: int, most: int, what: str) -> list[str]:
    return [] if least <= len(items) <= most else [f"{len(items)} {what}"]


def _only(element: Json, *keys: str) -> list[str]:
    return [f"unknown key {key}" for key in element if key not in keys]


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _texts(value: object) -> Iterator[str]:
    """Every text and address that somebody may count."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in ("text", "url"):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
