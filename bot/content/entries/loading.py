"""Load a knowledge base: every entry and what they share, checked one by one and against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bot.content import faults as f
from bot.content.entries.guarding import check_guards
from bot.content.entries.neighbours import check_neighbours
from bot.content.entries.overlaps import check_phrasings
from bot.content.entries.shape import ENTRY, EntryFile, entry
from bot.content.entries.site import site_of
from bot.content.entries.words import words_of
from bot.content.faults import Fault, Loaded, Place, fault, in_order
from bot.content.folder import SITE, WORDS, look_through, shown, tree_of, version_of
from bot.content.reading.reading import Reading, Unreadable
from bot.content.reading.shapes import Found, check_name
from bot.content.reading.source import Node, Table
from bot.content.texts.rendering import CASE_NUMBER, LONGEST_NAME
from bot.core.entries import Entry, Site, Words
from bot.core.matching.reading.reader import Reader
from bot.core.rulebook.rules import Rules

_FILLINGS = {"customer.first_name": "x" * LONGEST_NAME, "case.id": CASE_NUMBER}


@dataclass(frozen=True, slots=True)
class KnowledgeFiles:
    """A knowledge base without errors. `queues` are those that entries name, each with its place."""

    entries: Mapping[str, Entry]
    site: Site
    words: Words
    queues: tuple[tuple[str, Place], ...] = ()


def load_entries(
    folder: Path, *, today: date, on_entry: Callable[[int, int], None] | None = None
) -> Loaded[KnowledgeFiles]:
    """Every file of the knowledge base with all its faults; a value if none of them is an error.

    `today` is the day that reviews are measured against. `on_entry` is called after each entry's file with how many are
    read and how many there are. Never raises for anything that a folder may hold.
    """
    shared = Reading("KB", [], today)
    files = look_through(folder, shared.report)
    site = site_of(files.site, shared)
    words_content, words = words_of(files.words, shared)
    contents = {SITE: site.content, WORDS: words_content}
    read: dict[str, EntryFile] = {}
    readings = [shared]
    fillings = _FILLINGS | {f"site.{name}": value for name, value in site.site.variables.items()}
    ids = files.entries.keys() | files.meant
    variables = _FILLINGS.keys() | {f"site.{name}" for name in site.names or site.site.variables}
    for entry_id, path in files.entries.items():
        reading = Reading(
            "KB",
            [],
            today,
            names={"entry": ids},
            variables=variables,
            fillings=fillings,
            site_unread=site.names is None,
            link_hosts=site.site.link_hosts,
        )
        readings.append(reading)
        contents[entry_id], node = tree_of(path, reading)
        found = _found(node, reading)
        if found is not None and isinstance(node, Table):
            read[entry_id] = EntryFile(entry_id, node, found, reading)
        if on_entry is not None:
            on_entry(len(readings) - 1, len(files.entries))
    check_neighbours(read)
    as_compared = cache(Reader((), words).phrase)
    check_phrasings(read, as_compared, site.site.audience)
    check_guards(read, as_compared)
    faults = [fault for reading in readings for fault in reading.faults]
    if not files.entries and not faults:
        message = "no entries: every question will be handed off"
        faults.append(fault("KB", f.NO_ENTRIES, Place(shown(folder)), message, "write one: `CATEGORY/NAME.yaml`"))
    ordered = in_order(faults)
    version = version_of(contents)
    if any(one.level == "error" for one in ordered):
        return Loaded(None, ordered, version)
    entries = {
        file.id: entry(file.found, entry_id=file.id, site=site.site, fillings=fillings) for file in read.values()
    }
    queues = tuple(
        (name, place) for file in read.values() for sort, name, place in file.reading.mentioned if sort == "queue"
    )
    return Loaded(
        KnowledgeFiles({entry_id: each for entry_id, each in entries.items() if each}, site.site, words, queues),
        ordered,
        version,
    )


def entry_ids(folder: Path) -> frozenset[str]:
    """The ids that the files' names give, whatever is in the files. A folder that is not there has none."""
    return frozenset(look_through(folder, _not_told).entries)


def ids_to_name(folder: Path) -> frozenset[str]:
    """The ids that may be named elsewhere: also those of files whose own name has a fault, which is told of there."""
    files = look_through(folder, _not_told)
    return frozenset(files.entries) | files.meant


def unknown_queues(knowledge: KnowledgeFiles, rules: Rules) -> tuple[Fault, ...]:
    """The queues that entries name and the rules do not define."""
    reading = Reading("KB", [], date.min, names={"queue": rules.queues.keys()})
    for name, place in knowledge.queues:
        check_name("queue", name, place, reading)
    return in_order(reading.faults)


def _found(node: Node | None, reading: Reading) -> Found | None:
    try:
        return None if node is None else ENTRY.read(node, reading)
    except Unreadable:
        return None


def _not_told(kind: f.Kind, place: Place, message: str, hint: str = "") -> None:
    """Leave it to whoever checks the knowledge base."""
