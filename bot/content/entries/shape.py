"""What an entry's file may hold, key by key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.content import faults as f
from bot.content.entries.guide import ENTRY_ID, STEPS, STEPS_TEST
from bot.content.faults import quoted
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import (
    Found,
    Shape,
    checked,
    choice,
    keys,
    list_of,
    looked_at,
    named,
    one_for_several,
    text,
    texts,
    word,
)
from bot.content.reading.source import Broken, Listing, Node, Scalar, Table
from bot.content.reading.values import audiences, calendar_day, channel_id, code, entry_or_all, flag, language, whole
from bot.content.texts.links import objection
from bot.content.texts.plain import first_sentence
from bot.content.texts.rendering import LONGEST_ANSWER, LONGEST_SUMMARY, filled
from bot.content.texts.sent import check_length, check_secrets, label, question, sent_text
from bot.core.entries import AskTest, CollectField, Entry, EntryTests, Escalate, Keywords, Link, Site
from bot.core.matching.reading.english import is_common
from bot.core.widths import width

_ENOUGH_PHRASINGS = 3
_LINK_MARKS = 3  # what stands between two links
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_HTTPS = re.compile(r"https://.+")
_FIRST_SIGN = 0xE000  # of those that Unicode leaves to everybody's own use
_SEVERAL = re.compile(r",\s|[^\W\d],")
_NEEDED = ("title", "phrasings", "answer")


@dataclass(frozen=True, slots=True)
class EntryFile:
    """What is written in an entry's file, for checks across entries; `found` is what of it could be read."""

    id: str
    table: Table
    found: Found
    reading: Reading

    @property
    def state(self) -> str:
        return str(self.found.get("state", "live"))

    def scalars(self, key: str) -> Iterator[Scalar]:
        """The single values under a key: those of its list, or the one that stands for a list."""
        written = self.table.get(key)
        for item in written.items if isinstance(written, Listing) else (written,):
            if isinstance(item, Scalar):
                yield item


def entry(found: Found, *, entry_id: str, site: Site, fillings: Mapping[str, str]) -> Entry | None:
    """The value of an entry's file; None if what no entry can do without could not be read."""
    if any(key not in found for key in _NEEDED):
        return None
    given = dict(found)
    channels: dict[str, tuple[str, ...]] = given.pop("channels", {})
    given["summary"] = given.get("summary") or _summary(given["answer"], fillings)
    given.setdefault("audience", site.audience)
    for key in ("confusable_with", "follow_ups"):
        given[key] = tuple(dict.fromkeys(given.get(key, ())))
    allow, deny = channels.get("allow", ()), channels.get("deny", ())
    return Entry(id=entry_id, allow_channels=allow, deny_channels=deny, **given)


def _summary(answer: str, fillings: Mapping[str, str]) -> str:
    """The first sentence as it will be sent, short enough for any name; what differs from case to case stays open."""
    later = [name for name in fillings if not name.startswith("site.")]
    signs = {name: chr(_FIRST_SIGN + at) * len(fillings[name]) for at, name in enumerate(later)}
    summary = first_sentence(filled(answer, {**fillings, **signs}).text, longest=LONGEST_SUMMARY)
    for name, sign in signs.items():
        summary = summary.replace(sign, "{{" + name + "}}").replace(sign[0], "")
    return summary


def _check_phrasings(found: tuple[str, ...], node: Node, reading: Reading) -> None:
    # Counted as they are written: one that cannot be read is told of, and is a phrasing once it is mended.
    items = node.items if isinstance(node, Listing) else (node,)
    count = max(len(found), len(items))
    if isinstance(node, Scalar) and (hint := one_for_several(node, reading)):
        reading.report(f.ONE_FOR_SEVERAL, node.place, f"{quoted(node.text)} is read as one phrasing", hint)
    elif count < _ENOUGH_PHRASINGS and not any(isinstance(item, Broken) for item in items):
        message = f"only {count} {'phrasing' if count == 1 else 'phrasings'}"
        reading.report(f.FEW_PHRASINGS, node.place, message, f"write {_ENOUGH_PHRASINGS} or more, as people type them")


def _check_review(found: date, node: Node, reading: Reading) -> None:
    if found < reading.today:
        message = f"was to be reviewed by {found.isoformat()}"
        reading.report(f.REVIEW_OVERDUE, node.place, message, "check the answer and set a later date")


def _check_pattern(found: str, node: Node, reading: Reading) -> None:
    if not any(char.isalnum() for char in found):
        hint = "write at least a letter or a digit beside `*`"
        reading.report(f.BAD_PATTERN, node.place, f"{quoted(found)} would fit any message", hint)


def _check_keyword(found: str, node: Node, reading: Reading) -> None:
    if _SEVERAL.search(found):
        hint = (
            f"several are written as a list: [{', '.join(part.strip() for part in found.split(',') if part.strip())}]"
        )
        reading.report(f.WRONG_KIND, node.place, f"{quoted(found)} is a single keyword", hint)
    elif len(found.split()) == 1 and is_common(found):
        hint = "leave it out, or write a word that only this entry is about"
        reading.report(f.COMMON_WORD, node.place, f"{quoted(found)} is in messages about anything", hint)


def _check_url(found: str, node: Node, reading: Reading) -> None:
    if wrong := objection(found, reading.link_hosts, in_text=False):
        reading.report(f.BAD_LINK, node.place, *wrong)
    if isinstance(node, Scalar):
        check_secrets(found, node, reading)


def _check_field(found: str, node: Node, reading: Reading) -> None:
    if not _FIELD.fullmatch(found):
        hint = "write it in small letters, digits and `_`"
        reading.report(f.NOT_A_CHOICE, node.place, f"{quoted(found)} cannot name a field", hint)


def _check_choices(found: CollectField, node: Node, reading: Reading) -> None:
    written = node.get("choices") if isinstance(node, Table) else None
    if found.kind == "choice" and not found.choices and written is None:
        reading.report(f.MISSING_KEY, node.place, "needs `choices`", "list what can be chosen")


def _collect_field(found: Found) -> CollectField:
    kind = found.get("kind", "choice" if found.get("choices") else "text")
    return CollectField(**{**found, "kind": kind})


def _check_fields(node: Node, reading: Reading) -> None:
    seen: set[str] = set()
    items = node.items if isinstance(node, Listing) else ()
    for item in items:
        named = item.get("field") if isinstance(item, Table) else None
        if isinstance(named, Scalar):
            if named.text in seen:
                reading.report(f.DUPLICATE_KEY, named.place, f"field {quoted(named.text)} twice", "rename one of them")
            seen.add(named.text)


def _check_length(found: Found, node: Node, reading: Reading) -> None:
    """The answer with the links below it."""
    answer = node.get("answer") if isinstance(node, Table) else None
    if isinstance(answer, Scalar) and "answer" in found:
        links = sum(width(link.label) + width(link.url) + _LINK_MARKS for link in found.get("links", ()))
        what = " with its links" if links else ""
        check_length(found["answer"], answer, reading, LONGEST_ANSWER, beside=links, what=what)


def _keywords(meaning: str) -> Shape[tuple[str, ...]]:
    return list_of(checked(text(), _check_keyword)).described(meaning)


def _said() -> Shape[str]:
    """A message as a customer might write it."""
    return text(one_line=False)


_LINK: Shape[Link] = keys(
    lambda found: Link(**found),
    {
        "label": label().described("The words of the link."),
        "url": checked(word("a link"), _check_url)
        .like(_HTTPS)
        .described("Where it leads: an https address.", "https://portal.example.com"),
    },
    needed=("label", "url"),
)

_COLLECT: Shape[CollectField] = checked(
    keys(
        _collect_field,
        {
            "field": checked(word("a field's name"), _check_field)
            .like(_FIELD)
            .described("The name of what is asked for, in small letters, as the card shows it."),
            "ask": question().described("The question that the customer reads."),
            "kind": choice("text", "choice").described(
                "Whether the customer writes (`text`) or picks one of `choices`."
            ),
            "choices": texts(label()).described("What can be picked."),
            "required": flag().described("Whether the handoff waits for it."),
        },
        needed=("field", "ask"),
    ),
    _check_choices,
)

_TESTS: Shape[EntryTests] = keys(
    lambda found: EntryTests(**found),
    {
        "match": list_of(_said()).described("Messages that this entry must answer."),
        "ask": list_of(
            keys(
                lambda found: AskTest(**found),
                {
                    "say": _said().described("The message."),
                    "among": list_of(entry_or_all().like(ENTRY_ID), least=1).described(
                        "The ids of entries that must be among the choices."
                    ),
                },
                needed=("say", "among"),
            )
        ).described("Messages that must lead to a question, with the entries to choose from."),
        "not_match": list_of(_said()).described("Messages that this entry must not answer."),
        "steps": list_of(STEPS_TEST).described("Ways through the guide, and where each must end."),
    },
)

_ESCALATE: Shape[Escalate] = keys(
    lambda found: Escalate(**found),
    {
        "policy": choice("offer", "always", "never").described(
            "Whether people are offered when the answer did not help (`offer`), asked at once (`always`), or not."
        ),
        "queue": named("queue").described("The queue of the rules that its cases go to."),
        "priority": choice("p1", "p2", "p3", "p4").described("How urgent its cases are, p1 first."),
        "after_failed": whole(1, 100).described("How many failed attempts lead to a handoff."),
    },
)

_SHAPES: dict[str, Shape[Any]] = {
    "title": label().described(
        "What the entry is about, above its answer; up to 150 characters, of which a button shows 75.",
        "Borrow a projector",
    ),
    "summary": sent_text(longest=LONGEST_SUMMARY, one_line=True, may_be_empty=True).described(
        f"The answer in one line of at most {LONGEST_SUMMARY} characters; otherwise its first sentence is taken."
    ),
    "phrasings": checked(list_of(text(), least=1), _check_phrasings).described(
        "Ways in which people ask for this, as they type them; three or more.",
        ["how do i borrow it", "can i have one for friday", "where are they"],
    ),
    "answer": sent_text().described(
        "What the customer reads, in Markdown, with `{{customer.first_name}}`, `{{case.id}}` and `{{site.NAME}}`."
    ),
    "keywords": keys(
        lambda found: Keywords(**found),
        {
            "any": _keywords("At least one of these must be in the message."),
            "all": _keywords("All of these must be in the message."),
            "none": _keywords("None of these may be in the message."),
        },
    ).described("Words without which, or with which, this entry never answers."),
    "patterns": list_of(checked(code(), _check_pattern)).described(
        "Error codes and product numbers that are sure to mean this entry; `*` stands for any part."
    ),
    "confusable_with": list_of(entry_or_all().like(ENTRY_ID)).described(
        "The ids of entries that people mix up with this one, and that may be offered beside it."
    ),
    "audience": audiences().described("Who may see the entry: staff, customer, partner; for others it is not there."),
    "channels": keys(
        dict,
        {
            "allow": list_of(channel_id()).described("The only channels it may be shown in."),
            "deny": list_of(channel_id()).described("Channels it may not be shown in."),
        },
    ).described("The channels, by id, that it may or may not be shown in."),
    "language": language().like(_LANGUAGE).described("The language it is written in, such as en or pt-BR."),
    "state": choice("draft", "trial", "live", "archived").described(
        "Whether it is served: `live`; `trial`, with a question first; not as a `draft`, and no longer when `archived`."
    ),
    "links": list_of(_LINK).described("Links below the answer."),
    "steps": STEPS.described("A guide through the fix, node by node."),
    "collect": looked_at(list_of(_COLLECT), _check_fields).described("What the customer is asked before a handoff."),
    "follow_ups": list_of(entry_or_all().like(ENTRY_ID), most=3).described(
        "The ids of up to three entries to offer after this one."
    ),
    "private": choice("auto", "always").described(
        "Whether the answer goes to a direct message when a rule or the channel says so (`auto`), or `always`."
    ),
    "escalate": _ESCALATE.described("When its cases go to people, and to whom."),
    "owner": text(may_be_empty=True).described("Who looks after the entry: a Slack handle, in quotes."),
    "review_by": checked(calendar_day(), _check_review).described("The day by which it is to be looked at again."),
    "tests": _TESTS.described("What the entry must and must not answer; `tier1 kb test` tries it."),
    "notes": text(one_line=False, may_be_empty=True).described("For editors only, never sent."),
    "source": text(one_line=False, may_be_empty=True).described("Where it comes from; for editors only, never sent."),
}
ENTRY: Shape[Found] = checked(keys(dict, _SHAPES, needed=_NEEDED, in_part=True), _check_length)
