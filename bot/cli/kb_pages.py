"""`tier1 kb show` and `tier1 kb list`: what editors read of the knowledge base on their screen."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.options import matching_of
from bot.cli.progress import progress
from bot.content.entries.loading import load_entries
from bot.content.faults import quoted
from bot.core.entries import Entry
from bot.core.knowledge import Knowledge
from bot.core.showing import said_of, ways_to_people
from bot.errors import ContentError
from bot.slack.blocks import compose
from bot.workbench.listing import as_dicts, as_lines, as_table, listing, totals
from bot.workbench.page import printed
from bot.workbench.show import Composed, Shown, as_dict, nearest, show_parts

_US = "tier1"  # the bot's name in Slack, as the manifest has it
_PIPED = 100  # cells, where there is no terminal to ask
_WIDEST = 120  # longer lines are hard to read
# JSON itself escapes what stands before the blank; these would still do something to a terminal.
_UNESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def show(options: argparse.Namespace) -> int:
    from bot.wiring import load_knowledge  # noqa: PLC0415  a list needs no Slack

    now = datetime.now(UTC)
    with progress("Reading entries") as on_entry:
        knowledge = load_knowledge(
            options.kb,
            options.rules,
            rules_needed=options.rules.exists(),
            matching=matching_of(options),
            on_entry=on_entry,
        )
    if options.id not in knowledge.entries:
        raise ContentError(_unknown("entry", options.id, knowledge.entries, options.kb))
    shown = _shown(knowledge.entries[options.id], knowledge, options.kb, options.name, now)
    if options.json:
        print(_json(as_dict(shown)))
        return 0
    screen = _screen()
    width = min(screen.width, _WIDEST)
    print(printed(show_parts(shown, name=_US), width=width, colour=screen.colour), end="")
    return 0


def list_(options: argparse.Namespace) -> int:
    today = datetime.now(UTC).date()
    with progress("Reading entries") as on_entry:
        loaded = load_entries(options.kb, today=today, on_entry=on_entry)
    if loaded.value is None:
        raise ContentError("\n".join(str(fault) for fault in loaded.faults))
    entries = loaded.value.entries
    _check_known("category", options.category, {entry.category for entry in entries.values()}, options.kb)
    owners = {entry.owner.removeprefix("@").casefold() for entry in entries.values()}
    _check_known("owner", options.owner.removeprefix("@").casefold(), owners, options.kb)
    found = listing(
        entries.values(), today, category=options.category, state=options.state, owner=options.owner,
        overdue=options.overdue,
    )  # fmt: skip
    if options.json:
        print(_json(as_dicts(found)))
        return 0
    screen = _screen()
    if found and screen.is_terminal:
        print(as_table(found, width=screen.width, colour=screen.colour), end="")
    elif found:
        print(as_lines(found), end="")
    print(totals(found, len(entries)))
    return 0


def _shown(entry: Entry, knowledge: Knowledge, kb: Path, first_name: str, now: datetime) -> Shown:
    composed = [
        compose(said, words={}, name_of=lambda _: first_name, permalink_of=lambda *_: None, plain=False)
        for said in said_of(entry, knowledge, now)
    ]
    return Shown(
        entry=entry,
        file=(kb / f"{entry.id}.yaml").as_posix(),
        messages=tuple(Composed(text, blocks) for text, blocks in composed),
        ways=ways_to_people(entry, knowledge.rules, now),
        entries=knowledge.entries,
        variables=knowledge.site.variables,
        rules=knowledge.rules,
        today=now.date(),
        first_name=first_name,
    )


def _check_known(sort: str, wanted: str, known: Iterable[str], kb: Path) -> None:
    if wanted and wanted not in known:
        raise ContentError(_unknown(sort, wanted, known, kb))


def _unknown(sort: str, wanted: str, known: Iterable[str], kb: Path) -> str:
    near = nearest(wanted, [each for each in known if each])
    way_out = f"did you mean `{near}`?" if near else "`tier1 kb list` lists all entries"
    return f"no {sort} {quoted(wanted)} in {kb.as_posix()}; {way_out}"


@dataclass(frozen=True, slots=True)
class _Screen:
    width: int
    is_terminal: bool
    colour: bool


def _screen() -> _Screen:
    if not sys.stdout.isatty():
        return _Screen(_PIPED, is_terminal=False, colour=False)
    # https://no-color.org: any value but an empty one.
    return _Screen(
        shutil.get_terminal_size((_PIPED, 24)).columns, is_terminal=True, colour=not os.environ.get("NO_COLOR")
    )


def _json(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False, indent=2)
    return _UNESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
