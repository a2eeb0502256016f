"""`tier1 match FILE.jsonl`: the matcher alone, one JSON object a line in and out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from bot.cli.options import Commands, common, matching_of
from bot.cli.progress import progress
from bot.core.audience import visible_to
from bot.core.matches import Ranking
from bot.errors import Tier1Error
from bot.wiring import load_knowledge

AUDIENCES = ("staff", "customer", "partner")


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("match", parents=[common()], description=__doc__)
    parser.add_argument("file", help='a file of lines like {"text": "…"}; - reads standard input')
    parser.add_argument("--audience", choices=AUDIENCES, help="only entries that these people may see")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    with progress("Reading entries") as on_entry:
        knowledge = load_knowledge(
            options.kb, options.rules, rules_needed=False, matching=matching_of(options), on_entry=on_entry
        )
    seen = None
    if options.audience:
        seen = frozenset(entry.id for entry in visible_to(knowledge.entries.values(), {options.audience}))
    with _opened(options.file) as lines:
        for text in _texts(lines, options.file):
            print(json.dumps(ranked(text, knowledge.matcher.rank(text, seen)), ensure_ascii=False))
    return 0


def ranked(text: str, ranking: Ranking) -> dict[str, object]:
    """The line that says what the matcher makes of a text."""
    best = ranking.best
    return {
        "text": text,
        "band": ranking.band,
        "entry": best.entry if best and ranking.band == "sure" else None,
        "confidence": best.confidence if best else 0.0,
        "candidates": [{"entry": match.entry, "confidence": match.confidence} for match in ranking.matches],
    }


def _opened(name: str) -> TextIO:
    if name == "-":
        return open(sys.stdin.fileno(), encoding="utf-8-sig", closefd=False)
    try:
        return Path(name).open(encoding="utf-8-sig")
    except OSError as error:
        raise Tier1Error(f"{name} cannot be read: {error.strerror}") from error


def _texts(lines: TextIO, name: str) -> Iterator[str]:
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            yield _text(line, f"{name}:{number}")
    except UnicodeDecodeError as error:
        raise Tier1Error(f"{name}:{number + 1}: not UTF-8 text; save the file as UTF-8") from error


def _text(line: str, where: str) -> str:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Tier1Error(f'{where}: not JSON; every line must look like {{"text": "…"}}') from error
    text = read.get("text") if isinstance(read, dict) else None
    if not isinstance(text, str):
        raise Tier1Error(f'{where}: no `text`; every line must look like {{"text": "…"}}')
    return text
