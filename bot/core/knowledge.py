"""All that a decision may know besides the case and the person: entries, rules, word lists and the matcher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.entries import Entry, Site, Words
from bot.core.matches import Matcher
from bot.core.rules import Rules


@dataclass(frozen=True, slots=True)
class Versions:
    """What a decision was made with, for the log: short hashes of the files and of the index."""

    kb: str
    rules: str
    index: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    entries: Mapping[str, Entry]
    site: Site
    words: Words
    rules: Rules
    matcher: Matcher
    versions: Versions
    is_broken: bool = False  # the knowledge base cannot be served
