"""`tier1 rules …`: the editors' tools for the escalation rules."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.cli.options import Commands, Tools, add_format, form_of, matching_of
from bot.cli.progress import progress
from bot.errors import Tier1Error


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    tools = Tools(commands.add_parser("rules", help="the editors' tools for the escalation rules"))
    check = tools.add(
        "check",
        _check,
        brief="find every fault in the rules",
        full="Read the rules and list all faults with their places; names of entries and of queues are checked"
        " against the knowledge base, if there is one. Exit 1 on an error.",
    )
    add_format(check)
    tools.add(
        "test",
        _test,
        brief="run the tests that the rules carry",
        full="Play every test of the rules through the code that serves customers, with the entries of the"
        " knowledge base. Exit 1 if one fails.",
    )
    prove = tools.add(
        "prove",
        _prove,
        brief="prove for a year that every case finds people and no rule is in vain",
        full="Look at each half hour of a year, with its holidays and clock changes, and at all that the rules may make"
        " of a case then: that it reaches people in time, that every trigger can act, that nobody is called out of"
        " hours, and that every ladder ends. What does not hold is printed as a test of the rules. Exit 1 if there is"
        " anything.",
    )
    prove.add_argument("--from", dest="begin", metavar="DATE", help="the first day of the year, as 2027-01-01 (today)")
    tools.add(
        "show",
        _show,
        brief="print all that the rules mean, with the defaults",
        full="Print the whole effective file: what is written and, marked, what it leaves to the defaults. It"
        " can be loaded again. Exit 1 if the rules have an error.",
    )
    replay = tools.add(
        "replay",
        _replay,
        brief="which logged cases would have gone elsewhere under changed rules",
        full="Play the cases of the log again, under the rules in use and under the changed ones, and show what would"
        " have been different. The database is only read, while the bot runs too. A difference is no error: exit 1 if"
        " a file has errors or the database cannot be read.",
    )
    replay.add_argument("--head", type=Path, required=True, metavar="FILE", help="the changed rules")
    replay.add_argument("--base", type=Path, metavar="FILE", help="what they are compared with (the rules in use)")
    replay.add_argument(
        "--days", type=_days, default=90, metavar="N", help="cases of so many days before the end of the log (90)"
    )
    replay.add_argument("--words", action="store_true", help="show the first words of each question: people wrote them")


def _check(options: argparse.Namespace) -> int:
    from bot.content.entries.loading import ids_to_name, load_entries, unknown_queues  # noqa: PLC0415  loaded only when used
    from bot.content.faults import in_order  # noqa: PLC0415
    from bot.content.report import report  # noqa: PLC0415
    from bot.content.rules.loading import load_rules  # noqa: PLC0415

    has_entries = options.kb.is_dir()
    # Faults of the entries themselves are `kb check`'s to tell.
    knowledge = None
    if has_entries:
        with progress("Reading entries") as on_entry:
            knowledge = load_entries(options.kb, today=datetime.now(tz=UTC).date(), on_entry=on_entry).value
    loaded = load_rules(
        options.rules,
        entry_ids=ids_to_name(options.kb) if has_entries else None,
        entry_queues=None if knowledge is None else {queue for queue, _ in knowledge.queues},
    )
    faults = loaded.faults
    if knowledge is not None and loaded.value is not None:
        faults = in_order([*faults, *unknown_queues(knowledge, loaded.value)])
    counts = {"queue": len(loaded.value.queues), "trigger": len(loaded.value.triggers)} if loaded.value else {}
    print(report(faults, counts, form=form_of(options)))
    return 1 if any(fault.level == "error" for fault in faults) else 0


def _test(options: argparse.Namespace) -> int:
    from bot.cli.rules_results import report  # noqa: PLC0415  loaded only when used
    from bot.content.places import places_of_tests  # noqa: PLC0415
    from bot.wiring import load_knowledge  # noqa: PLC0415
    from bot.workbench.rules_tests import run  # noqa: PLC0415

    with progress("Reading entries") as on_entry:
        knowledge = load_knowledge(
            options.kb, options.rules, rules_needed=True, matching=matching_of(options), on_entry=on_entry
        )
    results = run(knowledge)
    print(report(results, places_of_tests(options.rules), options.rules, as_json=options.json))
    return 0 if all(result.passed for result in results) else 1


def _prove(options: argparse.Namespace) -> int:
    from bot.cli.rules_proof import report  # noqa: PLC0415  loaded only when used
    from bot.wiring import load_knowledge  # noqa: PLC0415
    from bot.workbench.proving.prover import prove  # noqa: PLC0415

    with progress("Reading entries") as on_entry:
        knowledge = load_knowledge(
            options.kb, options.rules, rules_needed=True, matching=matching_of(options), on_entry=on_entry
        )
    begin = _first_day(options.begin, ZoneInfo(knowledge.rules.timezone))
    with progress("Half hours") as on_half_hour:
        proof = prove(knowledge, begin, on_half_hour)
    print(report(proof, knowledge.rules, options.rules, as_json=options.json))
    return 1 if proof.counter else 0


def _first_day(written: str | None, zone: ZoneInfo) -> datetime:
    """Its first moment. Raises `Tier1Error`."""
    if written is None:
        return datetime.combine(datetime.now(zone), time(), zone)
    try:
        return datetime.combine(date.fromisoformat(written), time(), zone)
    except ValueError as error:
        raise Tier1Error(f"--from {written}: not a day; write it as 2027-01-01") from error


def _show(options: argparse.Namespace) -> int:
    from bot.content.rules.effective import as_yaml, effective  # noqa: PLC0415  loaded only when used
    from bot.content.rules.loading import keys_written, load_rules  # noqa: PLC0415
    from bot.errors import ContentError  # noqa: PLC0415

    loaded = load_rules(options.rules)
    if loaded.value is None:
        raise ContentError("\n".join(str(fault) for fault in loaded.errors))
    written = keys_written(options.rules)
    if options.json:
        print(json.dumps(effective(loaded.value, written), ensure_ascii=False, indent=2))
    else:
        print(as_yaml(loaded.value, written), end="")
    return 0


def _replay(options: argparse.Namespace) -> int:
    from bot.cli.rules_replay import replay  # noqa: PLC0415  loaded only when used

    return replay(options)


def _days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < days < 100_000:  # noqa: PLR2004  the calendar goes back no further
        raise argparse.ArgumentTypeError(f"`{text}` is no number of days: write one from 1 on, such as 90")
    return days
