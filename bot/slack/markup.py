"""Slack's escaped text to plain text and back. Pure.

Formatting marks (`*bold*`, back-ticks, `:emoji:`) are kept as they came: they are words as often as they are marks.
Escaping rules: https://docs.slack.dev/messaging/formatting-message-text/
"""

from __future__ import annotations

import re
from collections.abc import Callable

NameOf = Callable[[str], str | None]

SOMEONE = "someone"
MOST_NAMES = 50  # people of one message; each is looked up while Slack waits for its acknowledgement
MOST_CHANNELS = 10
_MENTIONED = "colleague"  # not `someone`: that alone is a wish for a person
_TOKEN = re.compile(r"<([^<>\n]*)>|&(amp|lt|gt);")
_USER = re.compile(r"\A[A-Z0-9]{1,32}\Z")
_CHANNEL = re.compile(r"<#([A-Z0-9]{1,32})(?:\|[^<>\n]*)?>")
_NAMED_CHANNEL = re.compile(r"\{#([A-Z0-9]{1,32})\}")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_CONTROL = re.compile(r"<(?=[!@#])")
LOOKALIKE = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
_ADDRESS = re.compile(r"\A(?:mailto:|tel:)", re.IGNORECASE)
_SCHEME = re.compile(r"\A(?:https?://|mailto:|tel:)", re.IGNORECASE)


def plain(text: str, name_of: NameOf, us: str) -> str:
    """Return what people see on the screen; `us` is our own user id, whose mention is left out.

    Nothing in the result can be read by Slack as a mention, a channel or a command, not even if a person typed it:
    `<!`, `<@` and `<#` get a bracket that only looks the same. `MOST_NAMES` people are named, others are colleagues.
    """

    named: dict[str, str | None] = {}

    def name(user: str) -> str | None:
        if user not in named and len(named) < MOST_NAMES and _USER.match(user):
            named[user] = name_of(user)
        return named.get(user)

    def resolved(match: re.Match[str]) -> str:
        token, entity = match[1], match[2]
        return _ENTITIES[entity] if token is None else _resolved(token, name)

    seen = _TOKEN.sub(resolved, _own_mention(us).sub("", _opening(us).sub("", text)))
    return harmless(seen).strip()


def harmless(text: str) -> str:
    """Return text that was typed where Slack escapes nothing, a form, with nothing in it that Slack could read."""
    return _CONTROL.sub(LOOKALIKE, text)


def opens_with(text: str, us: str) -> bool:
    """Whether Slack's text begins with our mention."""
    return _opening(us).match(text) is not None


def mentions(text: str, us: str) -> bool:
    """Whether our mention is anywhere in Slack's text."""
    return _own_mention(us).search(text) is not None


def channels_in(text: str) -> tuple[str, ...]:
    """The ids of the first few channels that are named in Slack's text."""
    return tuple(_CHANNEL.findall(text)[:MOST_CHANNELS])


def linked(text: str) -> str:
    """Our own sentence, escaped already, with the channels in it, `{#ID}`, as Slack links them."""
    return _NAMED_CHANNEL.sub(r"<#\1>", text)


def unlinked(text: str) -> str:
    """The same where nothing can be a link."""
    return _NAMED_CHANNEL.sub(r"#\1", text)


def escaped(text: str) -> str:
    """Return plain text for a `text` or `mrkdwn` field of ours: `&`, `<` and `>` escaped once."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _opening(us: str) -> re.Pattern[str]:
    return re.compile(rf"\A\s*(?:<@{re.escape(us)}(?:\|[^<>]*)?>[\s,:;]*)+")


def _own_mention(us: str) -> re.Pattern[str]:
    # Looking behind keeps the search linear: a message may be 40,000 blanks.
    return re.compile(rf"(?:(?<![ \t])[ \t]+)?<@{re.escape(us)}(?:\|[^<>]*)?>")


def _resolved(token: str, name_of: NameOf) -> str:
    target, _, label = (_unescaped(part) for part in token.partition("|"))
    sigil = target[:1]
    if sigil == "@":
        return "@" + (name_of(target[1:]) or label.removeprefix("@") or _MENTIONED)
    if sigil == "#":
        return "#" + (label.removeprefix("#") or "channel")
    if sigil == "!":
        return _announcement(target[1:], label)
    return _link(target, label)


def _announcement(target: str, label: str) -> str:
    if target.startswith("date^"):
        return label or "a date"
    if target.startswith("subteam^"):
        return "@" + (label.removeprefix("@") or "group")
    return label or "@" + target.partition("^")[0]


def _link(url: str, label: str) -> str:
    address = _ADDRESS.sub("", url)
    if not label.strip() or label == url:
        return address
    # Slack turns a typed `example.com` into a link that is labelled with what was typed.
    if label.rstrip("/") == _SCHEME.sub("", url).rstrip("/"):
        return label
    return f"{label} ({address})"


def _unescaped(text: str) -> str:
    return re.sub(r"&(amp|lt|gt);", lambda match: _ENTITIES[match[1]], text)
