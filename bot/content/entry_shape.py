"""What an entry's file may hold, key by key."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.guide import STEPS, STEPS_TEST
from bot.content.plain import first_sentence
from bot.content.reading import Found, Reading, Shape, checked, choice, keys, list_of, named, text, word
from bot.content.sent import label, sent_text
from bot.content.values import audiences, calendar_day, channel_id, code, entry_or_all, flag, language, whole
from bot.content.yaml_source import Listing, Node, Scalar, Table
from bot.core.entries import AskTest, CollectField, Entry, EntryTests, Escalate, Keywords, Link, Site

LONGEST_SUMMARY = 150
LONGEST_ANSWER = 11_000
_ENOUGH_PHRASINGS = 3
_FIELD = re.compile(r"[a-z][a-z0-9_]*")


def entry(found: Found, *, entry_id: str, site: Site) -> Entry:
    """The value of an entry's file, of which `title`, `phrasings` and `answer` could be read."""
    given = dict(found)
    channels: dict[str, tuple[str, ...]] = given.pop("channels", {})
    given.setdefault("summary", "")
    given["summary"] = given["summary"] or first_sentence(given["answer"], longest=LONGEST_SUMMARY)
    given.setdefault("audience", site.audience)
    allow, deny = channels.get("allow", ()), channels.get("deny", ())
    return Entry(id=entry_id, allow_channels=allow, deny_channels=deny, **given)


def _check_phrasings(found: tuple[str, ...], node: Node, reading: Reading) -> None:
    if len(found) < _ENOUGH_PHRASINGS:
        message = f"only {len(found)} {'phrasing' if len(found) == 1 else 'phrasings'}"
        reading.report(f.FEW_PHRASINGS, node.place, message, f"write {_ENOUGH_PHRASINGS} or more, as people type them")


def _check_review(found: date, node: Node, reading: Reading) -> None:
    if found < reading.today:
        message = f"was to be reviewed by {found.isoformat()}"
        reading.report(f.REVIEW_OVERDUE, node.place, message, "check the answer and set a later date")


def _check_pattern(found: str, node: Node, reading: Reading) -> None:
    if not any(char.isalnum() for char in found):
        hint = "write at least a letter or a digit beside `*`"
        reading.report(f.BAD_PATTERN, node.place, f"{quoted(found)} would fit any message", hint)


def _check_url(found: str, node: Node, reading: Reading) -> None:
    try:
        parts = urlsplit(found)
        host = (parts.hostname or "") if parts.port is None or parts.port else ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme != "https" or not host or any(char.isspace() for char in found):
        reading.report(f.BAD_LINK, node.place, f"{quoted(found)} is no https link", "write https://…")
        return
    if reading.link_hosts is not None and not any(_is_host(host, listed) for listed in reading.link_hosts):
        hint = "lead to a host of ours, or add this one to `link_hosts` in `_site.yaml`"
        reading.report(f.BAD_LINK, node.place, f"{quoted(host)} is not in `link_hosts`", hint)


def _is_host(host: str, listed: str) -> bool:
    return host == listed or (listed.startswith("*.") and host.endswith(listed[1:]))


def _check_field(found: str, node: Node, reading: Reading) -> None:
    if not _FIELD.fullmatch(found):
        hint = "write it in small letters, digits and `_`"
        reading.report(f.NOT_A_CHOICE, node.place, f"{quoted(found)} cannot name a field", hint)


def _check_choices(found: CollectField, node: Node, reading: Reading) -> None:
    if found.kind == "choice" and not found.choices:
        reading.report(f.MISSING_KEY, node.place, "needs `choices`", "list what can be chosen")


def _collect_field(found: Found) -> CollectField:
    kind = found.get("kind", "choice" if found.get("choices") else "text")
    return CollectField(**{**found, "kind": kind})


def _check_fields(_found: tuple[CollectField, ...], node: Node, reading: Reading) -> None:
    seen: set[str] = set()
    items = node.items if isinstance(node, Listing) else ()
    for item in items:
        named = item.get("field") if isinstance(item, Table) else None
        if isinstance(named, Scalar):
            if named.text in seen:
                reading.report(f.DUPLICATE_KEY, named.place, f"field {quoted(named.text)} twice", "rename one of them")
            seen.add(named.text)


_LINK: Shape[Link] = keys(
    lambda found: Link(**found),
    {"label": label(), "url": checked(word("a link"), _check_url)},
    needed=("label", "url"),
)

_COLLECT: Shape[CollectField] = checked(
    keys(
        _collect_field,
        {
            "field": checked(word("a field's name"), _check_field),
            "ask": text(),
            "kind": choice("text", "choice"),
            "choices": list_of(label()),
            "required": flag(),
        },
        needed=("field", "ask"),
    ),
    _check_choices,
)

_TESTS: Shape[EntryTests] = keys(
    lambda found: EntryTests(**found),
    {
        "match": list_of(text()),
        "ask": list_of(
            keys(
                lambda found: AskTest(**found),
                {"say": text(), "among": list_of(entry_or_all(), least=1)},
                needed=("say", "among"),
            )
        ),
        "not_match": list_of(text()),
        "steps": list_of(STEPS_TEST),
    },
)

_ESCALATE: Shape[Escalate] = keys(
    lambda found: Escalate(**found),
    {
        "policy": choice("offer", "always", "never"),
        "queue": named("queue"),
        "priority": choice("p1", "p2", "p3", "p4"),
        "after_failed": whole(1, 100),
    },
)

_SHAPES: dict[str, Shape[Any]] = {
    "title": label(),
    "summary": sent_text(longest=LONGEST_SUMMARY, one_line=True, may_be_empty=True),
    "phrasings": checked(list_of(text(), least=1), _check_phrasings),
    "answer": sent_text(longest=LONGEST_ANSWER),
    "keywords": keys(
        lambda found: Keywords(**found),
        {"any": list_of(text()), "all": list_of(text()), "none": list_of(text())},
    ),
    "patterns": list_of(checked(code(), _check_pattern)),
    "confusable_with": list_of(entry_or_all()),
    "audience": audiences(),
    "channels": keys(dict, {"allow": list_of(channel_id()), "deny": list_of(channel_id())}),
    "language": language(),
    "state": choice("draft", "trial", "live", "archived"),
    "links": list_of(_LINK),
    "steps": STEPS,
    "collect": checked(list_of(_COLLECT), _check_fields),
    "follow_ups": list_of(entry_or_all(), most=3),
    "private": choice("auto", "always"),
    "escalate": _ESCALATE,
    "owner": text(may_be_empty=True),
    "review_by": checked(calendar_day(), _check_review),
    "tests": _TESTS,
    "notes": text(one_line=False, may_be_empty=True),
    "source": text(one_line=False, may_be_empty=True),
}
ENTRY: Shape[Found] = keys(dict, _SHAPES, needed=("title", "phrasings", "answer"))
