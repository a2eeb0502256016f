"""Load a knowledge base: every entry and what they share, checked one by one and against each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content import faults as f
from bot.content.entry_shape import ENTRY, entry
from bot.content.faults import Fault, Loaded, Place, fault, in_order, quoted
from bot.content.folder import SITE, WORDS, look_through, shown, tree_of, version_of
from bot.content.reading import Reading, Unreadable, check_name
from bot.content.site import site_of
from bot.content.words import words_of
from bot.content.yaml_source import Listing, Node, Scalar, Table
from bot.core.entries import Entry, Site, Words
from bot.core.rules import Rules

_VARIABLES = frozenset({"customer.first_name", "case.id"})
_BETWEEN_WORDS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class KnowledgeFiles:
    """A knowledge base without errors. `queues` are those that entries name, each with its place."""

    entries: Mapping[str, Entry]
    site: Site
    words: Words
    queues: tuple[tuple[str, Place], ...] = ()


def load_entries(folder: Path, *, today: date) -> Loaded[KnowledgeFiles]:
    """Every file of the knowledge base with all its faults; a value if none of them is an error.

    `today` is the day that reviews are measured against. Never raises for anything that a folder may hold.
    """
    shared = Reading("KB", [], today)
    files = look_through(folder, shared.report)
    contents: dict[str, bytes] = {}
    contents[SITE], site = site_of(files.site, shared)
    contents[WORDS], words = words_of(files.words, shared)
    known_site = site or Site()
    faults = shared.faults
    entries: dict[str, Entry] = {}
    queues: list[tuple[str, Place]] = []
    phrasings = _Phrasings()
    for entry_id, path in files.entries.items():
        reading = Reading(
            "KB",
            [],
            today,
            names={"entry": files.entries.keys()},
            variables=_VARIABLES | {f"site.{name}" for name in known_site.variables},
            site_unread=site is None,
            link_hosts=known_site.link_hosts,
        )
        contents[entry_id], node = tree_of(path, reading)
        found = _entry(node, reading, entry_id, known_site)
        if found is not None and isinstance(node, Table):
            entries[entry_id] = found
            faults += phrasings.repeated(found, node)
        queues += [(name, place) for sort, name, place in reading.mentioned if sort == "queue"]
        faults += reading.faults
    if not files.entries and not faults:
        message = "no entries: every question will be handed off"
        shared.report(f.NO_ENTRIES, Place(shown(folder)), message, "write one: `CATEGORY/NAME.yaml`")
    ordered = in_order(faults)
    version = version_of(contents)
    if any(one.level == "error" for one in ordered):
        return Loaded(None, ordered, version)
    return Loaded(KnowledgeFiles(entries, known_site, words, tuple(queues)), ordered, version)


def entry_ids(folder: Path) -> frozenset[str]:
    """The ids that the files' names give, whatever is in the files. A folder that is not there has none."""
    return frozenset(look_through(folder, _not_told).entries)


def unknown_queues(knowledge: KnowledgeFiles, rules: Rules) -> tuple[Fault, ...]:
    """The queues that entries name and the rules do not define."""
    reading = Reading("KB", [], date.min, names={"queue": rules.queues.keys()})
    for name, place in knowledge.queues:
        check_name("queue", name, place, reading)
    return in_order(reading.faults)


def _entry(node: Node | None, reading: Reading, entry_id: str, site: Site) -> Entry | None:
    try:
        return None if node is None else entry(ENTRY.read(node, reading), entry_id=entry_id, site=site)
    except Unreadable:
        return None


def _not_told(kind: f.Kind, place: Place, message: str, hint: str = "") -> None:
    """Leave it to whoever checks the knowledge base."""


class _Phrasings:
    """All phrasings met so far, to find those that stand twice where both could answer."""

    def __init__(self) -> None:
        self._met: dict[tuple[str, str], list[tuple[Entry, Place]]] = {}

    def repeated(self, found: Entry, node: Table) -> list[Fault]:
        if found.state == "archived":
            return []
        written = node.get("phrasings")
        items = written.items if isinstance(written, Listing) else (written,)
        faults = []
        for item in items:
            if not isinstance(item, Scalar):
                continue
            words = _BETWEEN_WORDS.sub(" ", item.text.casefold()).strip() or item.text
            met = self._met.setdefault((found.language.casefold(), words), [])
            first = next((place for other, place in met if other.audience & found.audience), None)
            if first is not None:
                message = f"{quoted(item.text)} stands already in {first}"
                hint = "keep it where it belongs"
                faults.append(fault("KB", f.SAME_PHRASING, item.place, message, hint))
            met.append((found, item.place))
        return faults
