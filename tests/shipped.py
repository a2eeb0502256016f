"""What the product brings along, loaded once for all tests of a process: none of it can be changed."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from bot.content.entries.loading import KnowledgeFiles, entry_ids, load_entries
from bot.content.rules.loading import load_rules
from bot.core.rulebook.rules import Rules

ROOT = Path(__file__).parents[1]
KB, RULES_FILE = ROOT / "kb", ROOT / "escalation_rules.yaml"
TODAY = date(2026, 11, 23)  # the day it was written: reviews that fall due later are the editors' business
ENTRY_IDS = entry_ids(KB)


@cache
def shipped_knowledge() -> KnowledgeFiles:
    loaded = load_entries(KB, today=TODAY)
    assert loaded.faults == ()
    assert loaded.value is not None
    return loaded.value


@cache
def shipped_rules() -> Rules:
    loaded = load_rules(RULES_FILE, entry_ids=ENTRY_IDS)
    assert loaded.faults == ()
    assert loaded.value is not None
    return loaded.value
