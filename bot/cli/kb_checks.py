"""`tier1 kb check`, `tier1 kb test` and `tier1 kb codes`: what editors are told before anything is served."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from bot.cli.kb_ids import unknown_id
from bot.cli.kb_results import tests_report
from bot.cli.options import form_of, matching_of
from bot.cli.progress import OnEntry, progress
from bot.content.codes import as_table
from bot.content.entries.loading import entry_ids, load_entries, unknown_queues
from bot.content.faults import Fault, in_order
from bot.content.folder import SITE, WORDS, shown
from bot.content.report import report
from bot.content.rules.loading import load_rules
from bot.errors import ContentError
from bot.wiring import load_knowledge, matchers_like
from bot.workbench.entry_tests import bench_for, run


def check(options: argparse.Namespace) -> int:
    with progress("Checking entries") as on_entry:
        faults = faults_of(options.kb, options.rules, datetime.now(tz=UTC).date(), on_entry=on_entry)
    entries = {entry_id: options.kb / f"{entry_id}.yaml" for entry_id in entry_ids(options.kb)}
    if options.files and options.kb.is_dir():
        named = {_named(name, entries, faults, options.kb) for name in options.files}
        faults = tuple(fault for fault in faults if Path(fault.place.file).resolve() in named)
        entries = {entry_id: file for entry_id, file in entries.items() if file.resolve() in named}
    print(report(faults, {"entry": len(entries)}, form=form_of(options)))
    return 1 if any(fault.level == "error" for fault in faults) else 0


def _named(name: str, entries: Mapping[str, Path], faults: Collection[Fault], kb: Path) -> Path:
    """The file that is meant by a path or an id: one that is read, or one that cannot be and was told of."""
    file = entries.get(name, Path(name)).resolve()
    shared = {(kb / each).resolve() for each in (SITE, WORDS)}
    told = {Path(fault.place.file).resolve() for fault in faults}
    if file in told or (file.exists() and file in {*shared, *(each.resolve() for each in entries.values())}):
        return file
    if file.exists():
        raise ContentError(f"{name}: no file of the knowledge base in {shown(kb)} -> name one, or set `--kb`")
    raise unknown_id(name, [*entries, *(shown(each) for each in entries.values())], kb)


def faults_of(kb: Path, rules: Path, today: date, *, on_entry: OnEntry | None = None) -> tuple[Fault, ...]:
    """All faults of the knowledge base; if there are rules, also the queues it names that they do not define."""
    loaded = load_entries(kb, today=today, on_entry=on_entry)
    known_rules = load_rules(rules).value if rules.exists() else None
    unknown = unknown_queues(loaded.value, known_rules) if loaded.value and known_rules else ()
    return in_order((*loaded.faults, *unknown))


def test(options: argparse.Namespace) -> int:
    with progress("Reading entries") as on_entry:
        knowledge = load_knowledge(
            options.kb, options.rules, rules_needed=False, matching=matching_of(options), on_entry=on_entry
        )
    for name in options.ids:
        if name not in knowledge.entries:
            raise unknown_id(name, knowledge.entries, options.kb)
        if knowledge.entries[name].state == "archived":
            raise ContentError(f"{name} is archived: it is never served, so that there is nothing to test")
    bench = bench_for(knowledge, matchers_like(knowledge, matching_of(options)), options.ids)
    with progress("Testing entries") as on_entry:
        ran = run(bench, options.ids, tick=on_entry)
    print(tests_report(ran, options.kb, as_json=options.json))
    return 1 if ran.failures else 0


def codes(_options: argparse.Namespace) -> int:
    print(as_table(), end="")
    return 0
