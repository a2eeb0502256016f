"""`tier1 rules …`: the editors' tools for the escalation rules."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from bot.cli.options import Commands, common


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    rules = commands.add_parser("rules", help="the editors' tools for the escalation rules")
    tools = rules.add_subparsers(required=True, metavar="TOOL")
    check = tools.add_parser(
        "check",
        parents=[common()],
        help="find every fault in the rules",
        description="Read the rules and list all faults with their places; names of entries and of queues are checked"
        " against the knowledge base, if there is one. Exit 1 on an error.",
    )
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from bot.content.entries import entry_ids, load_entries, unknown_queues  # noqa: PLC0415  loaded only when used
    from bot.content.faults import in_order  # noqa: PLC0415
    from bot.content.report import report  # noqa: PLC0415
    from bot.content.rules import load_rules  # noqa: PLC0415

    has_entries = options.kb.is_dir()
    loaded = load_rules(options.rules, entry_ids=entry_ids(options.kb) if has_entries else None)
    faults = loaded.faults
    if has_entries and loaded.value is not None:
        # Faults of the entries themselves are `kb check`'s to tell.
        knowledge = load_entries(options.kb, today=datetime.now(tz=UTC).date()).value
        faults = in_order([*faults, *(unknown_queues(knowledge, loaded.value) if knowledge else ())])
    counts = {"queue": len(loaded.value.queues), "trigger": len(loaded.value.triggers)} if loaded.value else {}
    print(report(faults, counts, as_json=options.json))
    return 1 if any(fault.level == "error" for fault in faults) else 0
