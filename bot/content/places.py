"""Where a part of a file stands, for whoever speaks of it after the file was loaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.content.faults import Place
from bot.content.folder import tree_of
from bot.content.reading.reading import Reading
from bot.content.reading.source import Listing, Table


def places_of_entry_tests(file: Path) -> dict[tuple[str, int], Place]:
    """The places of an entry's tests, by sort (`match`, `ask`, …) and position; none for a file that cannot be read."""
    _, node = tree_of(file, Reading("KB", [], date.min))
    tests = node.get("tests") if isinstance(node, Table) else None
    places: dict[tuple[str, int], Place] = {}
    for sort, listed in tests.pairs if isinstance(tests, Table) else ():
        items = listed.items if isinstance(listed, Listing) else (listed,)
        places.update({(sort.text, at): item.place for at, item in enumerate(items)})
    return places


def places_of_tests(rules: Path) -> tuple[Place, ...]:
    """The places of the rules' tests, in their order; none for a file that cannot be read."""
    _, node = tree_of(rules, Reading("RU", [], date.min))
    tests = node.get("tests") if isinstance(node, Table) else None
    return tuple(item.place for item in tests.items) if isinstance(tests, Listing) else ()
