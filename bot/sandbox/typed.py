"""From what a person types to what Slack stores: escaped text with tokens, and the rich text beside it. Pure."""

import re
from collections.abc import Mapping

from bot.sandbox.wire import Json, escape, unescape

_TYPED = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>https?://[^\s<>]+)"
    r"|(?<![\w<@])@(?P<mention>[\w.-]+)"
    r"|(?<![\w<&#])#(?P<channel>[\w-]+)"
)
_STORED = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_EVERYBODY = ("here", "channel", "everyone")


def stored(text: str, *, people: Mapping[str, str], groups: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return what Slack stores for `text`: `@name`, `#name`, addresses and links as tokens, the rest escaped.

    The maps lead from names to ids. A name that nobody has stays as typed.
    """
    pieces: list[str] = []
    end = 0
    for found in _TYPED.finditer(text):
        token, length = _token(found, people, groups, channels)
        if token is None:
            continue
        pieces += [escape(text[end : found.start()]), token]
        end = found.start() + length
    return "".join([*pieces, escape(text[end:])])


def rich_text(text: str, block_id: str) -> Json:
    """Return the rich_text block that Slack sends beside what a person typed."""
    elements: list[Json] = []
    end = 0
    for token in _STORED.finditer(text):
        elements += [*_plain(text[end : token.start()]), _element(*token.groups())]
        end = token.end()
    elements += _plain(text[end:])
    return {
        "type": "rich_text",
        "block_id": block_id,
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }


def _token(
    found: re.Match[str], people: Mapping[str, str], groups: Mapping[str, str], channels: Mapping[str, str]
) -> tuple[str | None, int]:
    whole = found.group()
    if found["mail"]:
        return f"<mailto:{whole}|{whole}>", len(whole)
    if found["url"]:
        url = whole.rstrip(".,;:!?'\")]}*_~`")
        return f"<{escape(url)}>", len(url)
    name = found["mention"] or found["channel"]
    while name:
        token = _mention(name, people, groups) if found["mention"] else _channel(name, channels)
        if token:
            return token, 1 + len(name)
        if name[-1] not in ".-_":
            break
        name = name[:-1]
    return None, 0


def _mention(name: str, people: Mapping[str, str], groups: Mapping[str, str]) -> str | None:
    if name in _EVERYBODY:
        return f"<!{name}>"
    if name in people:
        return f"<@{people[name]}>"
    return f"<!subteam^{groups[name]}>" if name in groups else None


def _channel(name: str, channels: Mapping[str, str]) -> str | None:
    return f"<#{channels[name]}|{name}>" if name in channels else None


def _plain(text: str) -> list[Json]:
    return [{"type": "text", "text": unescape(text)}] if text else []


def _element(sign: str, target: str, label: str | None) -> Json:
    if sign == "@":
        return {"type": "user", "user_id": target}
    if sign == "#":
        return {"type": "channel", "channel_id": target}
    if sign == "!" and target.startswith("subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("subteam^")}
    if sign == "!":
        return {"type": "broadcast", "range": target}
    link: Json = {"type": "link", "url": unescape(target)}
    return {**link, "text": unescape(label)} if label else link
