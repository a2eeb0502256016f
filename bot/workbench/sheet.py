"""What there is to know of an entry besides its words: whom it is for, who keeps it, where its cases go. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from bot.core.entries import Audience, CollectField, Entry
from bot.core.rulebook.handoff import Destination
from bot.core.rulebook.rules import Rules
from bot.core.rulebook.triggers import limit_of
from bot.core.showing import Way
from bot.workbench.page import BLANK, Look, Paragraph, Part, Run, indented, ink

NOT_SERVED: Mapping[str, str] = {"draft": "a draft", "archived": "archived"}
ENGLISH = "en"
_AUDIENCES: Mapping[Audience, str] = {"customer": "customers", "staff": "staff", "partner": "partners"}
_LABELS = 17  # cells for the names of facts
_STATES: Mapping[str, Look] = {"live": "good", "trial": "warning", "draft": "warning", "archived": "faint"}


def is_overdue(entry: Entry, today: date) -> bool:
    return entry.review_by is not None and entry.review_by < today


def for_whom(entry: Entry) -> str:
    """The audience as a sentence has it: `customers and staff`."""
    return " and ".join(name for audience, name in _AUDIENCES.items() if audience in entry.audience) or "nobody"


def number_of_tests(entry: Entry) -> int:
    tests = entry.tests
    return len(tests.match) + len(tests.ask) + len(tests.not_match) + len(tests.steps)


def reached(to: Destination, rules: Rules) -> str:
    """The queue by its role, and the priority: `Technical Support, p3`."""
    queue = rules.queues.get(to.queue)
    role = queue.role if queue and queue.role else to.queue
    return f"{role}, {to.priority}{', in private' if to.private else ''}"


def named(entry_id: str, entries: Mapping[str, Entry]) -> tuple[Run, ...]:
    """Another entry by its title and id; with a warning if customers cannot get there."""
    entry = entries.get(entry_id)
    if entry is None:
        return (ink(entry_id), ink(" (no such entry)", "bad"))
    not_served = NOT_SERVED.get(entry.state)
    lost = (ink(f" ({not_served}: customers do not see it)", "warning"),) if not_served else ()
    return (ink(f"“{entry.title}” "), ink(entry.id, "faint"), *lost)


def collect_parts(fields: Sequence[CollectField]) -> tuple[Part, ...]:
    """What is asked before people take over, in order."""
    parts: list[Part] = []
    for number, each in enumerate(fields, 1):
        needed = ink("must be answered", "warning") if each.required else ink("may be left out", "faint")
        kind = "one of the choices" if each.kind == "choice" else "in their own words"
        answers = [Paragraph((ink(f"• {choice}"),), rest="  ") for choice in each.choices]
        told = Paragraph((ink(f"{kind}, ", "faint"), needed, ink(f"; on the card as {each.field}", "faint")))
        parts += [BLANK] if parts else []
        parts += indented([Paragraph((ink(each.ask),)), *answers, told], f"{number:>2}  ", " " * 4)
    return tuple(parts)


def sheet_parts(
    entry: Entry, *, file: str, notification: str, ways: Sequence[Way], rules: Rules, entries: Mapping[str, Entry],
    today: date,
) -> tuple[Part, ...]:  # fmt: skip
    """The sheet, a fact a line; what the entry leaves to its defaults and says nothing about is left out."""
    facts: list[tuple[str, Iterable[tuple[Run, ...]]]] = [
        ("file", [(ink(file),)]),
        ("state", [(ink(entry.state, _STATES[entry.state]),)]),
        ("audience", [(ink(", ".join(sorted(entry.audience))),)]),
        ("channels", _channels(entry)),
        ("language", [(ink(entry.language),)] if entry.language != ENGLISH else []),
        ("owner", [(ink(entry.owner) if entry.owner else ink("nobody", "warning"),)]),
        ("review by", [_review(entry, today)]),
        ("notification", [(ink(notification),)]),
        ("phrasings", _lines(entry.phrasings)),
        ("patterns", _listed("", entry.patterns)),
        ("keywords", _keywords(entry)),
        ("confusable with", [named(other, entries) for other in entry.confusable_with]),
        ("follow-ups", [named(other, entries) for other in entry.follow_ups]),
        ("private", [(ink("always answered in a direct message"),)] if entry.private == "always" else []),
        ("people", _people(ways, rules, entry)),
        ("tests", [_tests(entry)]),
        ("notes", _lines(entry.notes.split("\n") if entry.notes else ())),
        ("source", _lines(entry.source.split("\n") if entry.source else ())),
    ]
    return tuple(part for label, values in facts for part in _fact(label, values))


def _fact(label: str, values: Iterable[tuple[Run, ...]]) -> Iterator[Part]:
    margin = f"  {label:<{_LABELS}}"
    for runs in values:
        yield Paragraph(runs, margin, " " * len(margin))
        margin = " " * len(margin)


def _lines(texts: Iterable[str]) -> list[tuple[Run, ...]]:
    return [(ink(text),) for text in texts]


def _listed(label: str, words: Sequence[str]) -> list[tuple[Run, ...]]:
    return [(ink(label, "faint"), ink(", ".join(words)))] if words else []


def _channels(entry: Entry) -> list[tuple[Run, ...]]:
    return [*_listed("only ", entry.allow_channels), *_listed("never ", entry.deny_channels)]


def _keywords(entry: Entry) -> list[tuple[Run, ...]]:
    keywords = entry.keywords
    return [
        *_listed("one of: ", keywords.any),
        *_listed("all of: ", keywords.all),
        *_listed("none of: ", keywords.none),
    ]


def _review(entry: Entry, today: date) -> tuple[Run, ...]:
    if entry.review_by is None:
        return (ink("no day set", "warning"),)
    day = ink(entry.review_by.isoformat())
    return (day, ink("  overdue", "bad")) if is_overdue(entry, today) else (day,)


def _people(ways: Sequence[Way], rules: Rules, entry: Entry) -> list[tuple[Run, ...]]:
    if not ways:
        return [(ink("no rules were read: who takes over is not known", "faint"),)]
    found: list[tuple[Run, ...]] = []
    for way in ways:
        label = {
            "asked": "Asked for",
            "wish": "Talk to a person",
            "stuck": "Still stuck",
            "limit": f"Still stuck {limit_of(entry, rules)} times",
        }[way.when]
        match way.action:
            case "answer":
                continue
            case "handoff" if way.to is not None:
                what = reached(way.to, rules)
            case "refuse":
                what = "turned down"
            case _:
                what = "a person is offered"
        rule = (ink(f" (rule {way.rule})", "faint"),) if way.rule and way.when != "wish" else ()
        found.append((ink(f"{label}: ", "faint"), ink(what), *rule))
    if entry.escalate.policy == "never":
        found.append((ink("no rule offers a person here; the button stays", "faint"),))
    return found


def _tests(entry: Entry) -> tuple[Run, ...]:
    tests = entry.tests
    counts = [
        (len(tests.match), "answered"),
        (len(tests.ask), "asked about"),
        (len(tests.not_match), "left alone"),
        (len(tests.steps), "ways through the guide"),
    ]
    told = ", ".join(f"{number} {what}" for number, what in counts if number)
    return (ink(told),) if told else (ink("none", "warning"),)
