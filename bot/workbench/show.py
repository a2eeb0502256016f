"""An entry as `tier1 kb show` shows it: the message as Slack would, its guide, what is asked, and the sheet. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import partial
from typing import Any

from rapidfuzz import fuzz, process

from bot.core import sentences
from bot.core.entries import Entry
from bot.core.rulebook.rules import Rules
from bot.core.showing import Way, filled
from bot.workbench.outline import outline_parts
from bot.workbench.page import BLANK, Heading, Paragraph, Part, indented, ink
from bot.workbench.sheet import NOT_SERVED, collect_parts, for_whom, is_overdue, named, reached, sheet_parts
from bot.workbench.terminal import Block, message

_GUTTER = "┃ "
_NEAR = 60  # of 100: below it a suggestion would be a guess


@dataclass(frozen=True, slots=True)
class Composed:
    """One message as Slack is sent it."""

    text: str
    blocks: Sequence[Block] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry and all around it. `messages`: what the customer reads, in order, the answer last."""

    entry: Entry
    file: str
    messages: tuple[Composed, ...]
    ways: tuple[Way, ...]
    entries: Mapping[str, Entry]
    variables: Mapping[str, str]
    rules: Rules
    today: date
    first_name: str


def nearest(wanted: str, known: Collection[str]) -> str:
    """The known name that was probably meant, "" if none is near. An id may be meant by its part after the slash."""
    names = {each.rpartition("/")[2]: each for each in sorted(known)} | {each: each for each in known}
    best = process.extractOne(wanted, sorted(names), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return names[best[0]] if best else ""


def show_parts(shown: Shown, *, name: str) -> tuple[Part, ...]:
    """The whole page; `name` is the bot's in Slack."""
    entry, rules = shown.entry, shown.rules
    *before, answer = shown.messages
    parts: list[Part] = [
        Paragraph((ink(entry.id, "title"), ink(f"  {entry.state}, for {for_whom(entry)}", "faint"))),
        *(Paragraph((ink(f"! {notice}", "warning"),), rest="  ") for notice in _notices(shown)),
    ]
    for said in before:
        parts += [BLANK, *indented(message(said.text, said.blocks, name=name), _GUTTER)]
    if before:
        parts += [BLANK, Paragraph((ink("After ", "faint"), ink(sentences.YES_LABEL, "title"), ink(":", "faint")))]
    parts += [BLANK, *indented(message(answer.text, answer.blocks, name=name), _GUTTER)]
    wish = next((way.to for way in shown.ways if way.when == "wish" and way.to), None)
    people = f"a person: {reached(wish, rules)}" if wish else "a person"
    if entry.steps is not None:
        fill = partial(filled, variables=shown.variables, first_name=shown.first_name)
        ends = partial(named, entries=shown.entries)
        parts += [BLANK, Heading("The guide, step by step"), BLANK]
        parts += outline_parts(entry.steps, filled=fill, entry_end=ends, people=people)
    if entry.collect:
        parts += [BLANK, Heading("Asked before people take over"), BLANK, *collect_parts(entry.collect)]
    parts += [BLANK, Heading("About this entry"), BLANK]
    parts += sheet_parts(
        entry, file=shown.file, notification=answer.text, ways=shown.ways, rules=rules, entries=shown.entries,
        today=shown.today,
    )  # fmt: skip
    return tuple(parts)


def as_dict(shown: Shown) -> dict[str, Any]:
    """The same for programs. `text` and `blocks` are the answer's, `asked_first` the question of an entry on trial."""
    *before, answer = shown.messages
    first = before[0] if before else None
    ways = [
        {
            "when": way.when,
            "action": way.action,
            "rule": way.rule or None,
            "queue": way.to.queue if way.to else None,
            "priority": way.to.priority if way.to else None,
        }
        for way in shown.ways
    ]
    about = {**_written(shown.entry), "file": shown.file, "overdue": is_overdue(shown.entry, shown.today)}
    return {
        "id": shown.entry.id,
        "text": answer.text,
        "blocks": answer.blocks,
        "asked_first": {"text": first.text, "blocks": first.blocks} if first else None,
        "entry": {**about, "to_people": ways},
    }


def _notices(shown: Shown) -> list[str]:
    entry = shown.entry
    told = []
    if entry.state in NOT_SERVED:
        told.append(f"This entry is {NOT_SERVED[entry.state]}: customers do not see it.")
    if entry.state == "trial":
        told.append("On trial: the bot asks whether this is it before it answers.")
    asked = next((way for way in shown.ways if way.when == "asked"), None)
    match asked:
        case Way(action="handoff", to=to, rule=rule) if to is not None:
            told.append(
                f"Customers do not read this answer: it goes to {reached(to, shown.rules)} at once, by rule {rule}."
            )
        case Way(action="refuse", rule=rule):
            told.append(f"Customers do not read this answer: rule {rule} turns the question down.")
        case Way(action="offer", rule=rule):
            told.append(f"With the answer a person is offered, by rule {rule}.")
        case _:
            pass
    return told


def _written(value: object) -> Any:
    """A value of the core as JSON has it."""
    if is_dataclass(value):
        return {field.name: _written(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _written(inner) for key, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_written(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
