"""Small files to load: one entry, one rules file, and what they say is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.content.entries.loading import KnowledgeFiles, load_entries
from bot.content.faults import Fault, Loaded
from bot.content.rules.loading import load_rules
from bot.core.rulebook.rules import Rules

TODAY = date(2026, 11, 20)
ENTRY = """\
title: Reset a password
phrasings:
  - I forgot my password
  - how do I reset it
  - my password has expired
answer: Open the portal and choose *Forgot password*.
"""  # six lines: what a test adds begins in line 7
RULES = """\
queues:
  it: {channel: C0IT000001}
"""  # two lines: what a test adds begins in line 3


def kb(folder: Path, **files: str) -> Path:
    """A knowledge base with these files; `accounts__reset` is `accounts/reset.yaml`."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def loaded(folder: Path, **files: str) -> Loaded[KnowledgeFiles]:
    return load_entries(kb(folder, **files), today=TODAY)


def loaded_rules(
    folder: Path, text: str, entry_ids: frozenset[str] | None = None, entry_queues: frozenset[str] | None = None
) -> Loaded[Rules]:
    path = folder / "escalation_rules.yaml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path, entry_ids=entry_ids, entry_queues=entry_queues)


def short(fault: Fault) -> str:
    """Line, column and code: what a table of faults expects."""
    return f"{fault.place.line}:{fault.place.column} {fault.code}"
