"""Which entries a command was asked for, by their ids."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from bot.content.faults import quoted
from bot.content.reading.reading import Reading
from bot.errors import ContentError


def unknown_id(name: str, known: Collection[str], kb: Path) -> ContentError:
    """What to raise for an id that no entry has, with the nearest that one has."""
    hint = Reading("KB", [], date.min).near(name, known) or "`tier1 kb list` lists all entries"
    return ContentError(f"no entry {quoted(name)} in {kb.as_posix()} -> {hint}")
