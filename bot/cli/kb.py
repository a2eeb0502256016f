"""`tier1 kb …`: the editors' tools for the knowledge base."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from bot.cli.options import Commands, common


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    kb = commands.add_parser("kb", help="the editors' tools for the knowledge base")
    tools = kb.add_subparsers(required=True, metavar="TOOL")
    check = tools.add_parser(
        "check",
        parents=[common()],
        help="find every fault in the knowledge base",
        description="Read every file of the knowledge base and list all faults with their places. Exit 1 on an error.",
    )
    check.set_defaults(run=_check)
    test = tools.add_parser(
        "test",
        parents=[common()],
        help="run the tests that entries carry",
        description="Run the tests of all entries that are served, or of those named, drafts too. Exit 1 if one fails.",
    )
    test.add_argument("ids", nargs="*", metavar="ID", help="an entry, such as accounts/reset-password")
    test.set_defaults(run=_test)
    schema = tools.add_parser(
        "schema",
        parents=[common()],
        help="print a file's JSON Schema, by which programs complete keys",
        description="Print the JSON Schema of one kind of file.",
    )
    schema.add_argument("kind", choices=["entry", "site", "words", "rules"], help="the kind of file")
    schema.set_defaults(run=_schema)


def _check(options: argparse.Namespace) -> int:
    from bot.content.entries import entry_ids, load_entries, unknown_queues  # noqa: PLC0415  loaded only when used
    from bot.content.faults import in_order  # noqa: PLC0415
    from bot.content.report import report  # noqa: PLC0415
    from bot.content.rules import load_rules  # noqa: PLC0415

    loaded = load_entries(options.kb, today=datetime.now(tz=UTC).date())
    rules = load_rules(options.rules).value if options.rules.exists() else None
    unknown = unknown_queues(loaded.value, rules) if loaded.value and rules else ()
    faults = in_order((*loaded.faults, *unknown))
    print(report(faults, {"entry": len(entry_ids(options.kb))}, as_json=options.json))
    return 1 if any(fault.level == "error" for fault in faults) else 0


def _test(options: argparse.Namespace) -> int:
    from bot.wiring import load_knowledge  # noqa: PLC0415
    from bot.workbench.entry_tests import bench_for, run  # noqa: PLC0415

    knowledge = load_knowledge(options.kb, options.rules, rules_needed=False)
    ran = run(bench_for(knowledge.entries, knowledge.words, knowledge.rules.thresholds, options.ids), options.ids)
    for failure in ran.failures:
        print(f"{failure.entry} {failure.sort}: {failure.said}")
        print(f"    expected  {failure.expected}")
        print(f"    found     {failure.found}")
        if failure.phrasing:
            print(f"    by        {failure.phrasing}")
        for why in failure.why:
            print(f"    why       {why}")
    print(f"{ran.tests} tests, {len(ran.failures)} failed")
    return 1 if ran.failures else 0


def _schema(options: argparse.Namespace) -> int:
    from bot.content.schema import schema_of  # noqa: PLC0415

    print(json.dumps(schema_of(options.kind), indent=2))
    return 0
