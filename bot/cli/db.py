"""`tier1 db …`: a backup of the database while the bot runs, and a look whether it is sound."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from bot.cli.options import Commands, Tools
from bot.cli.progress import progress
from bot.store.backup import Backup, back_up
from bot.store.soundness import Soundness, examine


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    tools = Tools(commands.add_parser("db", help="the database", description=__doc__))
    backup = tools.add(
        "backup",
        _backup,
        brief="copy the database into a file, while the bot runs",
        full="Copy the database as it is at this moment into a new file that only you can read. The bot may go"
        " on; nothing is overwritten, and a backup that is interrupted leaves no file of that name.",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="the new file")
    check = tools.add(
        "check",
        _check,
        brief="whether the database is sound",
        full="Look at the whole database, or at a backup: whether the file is whole, and whether all in it"
        " agrees. Changes nothing. Exit 1 if something is wrong.",
    )
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a backup (the database)")


def _backup(options: argparse.Namespace) -> int:
    made = back_up(Path(options.database), options.file)
    print(json.dumps(asdict(made) | {"file": str(made.file)}, indent=2) if options.json else _made(made))
    return 1 if made.faults else 0


def _check(options: argparse.Namespace) -> int:
    file = options.file or Path(options.database)
    with progress("Checking cases") as on_case:
        found = examine(file, on_case)
    print(json.dumps(asdict(found), ensure_ascii=False, indent=2) if options.json else _found(found, file))
    return 1 if found.faults else 0


def _made(backup: Backup) -> str:
    cases, events = _count(backup.cases, "case"), _count(backup.events, "event")
    written = f"{backup.file}: {_size(backup.size)}, {cases}, {events}"
    if not backup.faults:
        return written
    return (
        f"{written}\nIt is as damaged as the database: {backup.faults} -> see `tier1 db check`, and keep older backups"
    )


def _found(found: Soundness, file: Path) -> str:
    lines = [f"{fault.check:<10}  {fault.what} -> {fault.do}" for fault in found.faults]
    counts = f"{file}: version {found.version}, {_count(found.cases, 'case')}, {_count(found.events, 'event')}"
    if not lines:
        return f"{counts}; all of it is sound"
    if found.faults[0].check == "file":
        counts = f"{file}: version {found.version}"
    return "\n".join([*lines, f"{counts}; {_count(len(lines), 'fault')}"])


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
