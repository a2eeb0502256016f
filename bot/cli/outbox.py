"""`tier1 outbox …`: what is written down to be said, and what operators may do about it while the bot runs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.options import Commands, Tools
from bot.errors import SettingsError
from bot.store.upkeep import STATES, Listed, Page, Result, drop, list_rows, resend

_HEADINGS = ("id", "state", "kind", "lane", "age", "tries", "next try", "error")


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    tools = Tools(commands.add_parser("outbox", help="what is written down to be said", description=__doc__))
    listed = tools.add(
        "list",
        _list,
        brief="what is due or parked",
        full="List rows of the outbox, the oldest first: what is due or parked, or only one state. What people"
        " wrote is not shown.",
    )
    listed.add_argument("--state", choices=STATES, help="only this state (due and parked)")
    listed.add_argument("--case", default="", metavar="ID", help="only this case's")
    listed.add_argument("--lane", default="", metavar="ID", help="only this lane: a channel's id, or @ and a person's")
    listed.add_argument("--limit", type=_number, default=50, metavar="N", help="so many at most (50)")
    again = tools.add(
        "resend",
        _resend,
        brief="say again what was parked or dropped",
        full="Make rows due again, each with the message it belongs to and with what waits for it. A post is"
        " looked for in Slack first, and said only if it is not there. Exit 1 if one is refused.",
    )
    again.add_argument("ids", nargs="*", metavar="ID", help="a row, such as `tier1 outbox list` shows it")
    again.add_argument("--all-parked", action="store_true", help="every row that is parked")
    dropped = tools.add(
        "drop",
        _drop,
        brief="let rows never be said",
        full="Let rows never be said, nor what waits for them. Exit 1 if one is refused.",
    )
    dropped.add_argument("ids", nargs="+", metavar="ID", help="a row, such as `tier1 outbox list` shows it")


def _list(options: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    states = [options.state] if options.state else ["due", "parked"]
    page = list_rows(
        Path(options.database), now, states=states, case=options.case, lane=options.lane, limit=options.limit
    )
    if options.json:
        print(json.dumps({"rows": [_as_dict(row, now) for row in page.rows], "of_all": page.of_all}, indent=2))
    else:
        print(_as_table(page, now, states))
    return 0


def _resend(options: argparse.Namespace) -> int:
    if bool(options.ids) == options.all_parked:
        raise SettingsError("say which rows, or --all-parked; `tier1 outbox list --state parked` lists them")
    return _told(resend(Path(options.database), None if options.all_parked else options.ids), "is due again", options)


def _drop(options: argparse.Namespace) -> int:
    return _told(drop(Path(options.database), options.ids, datetime.now(UTC)), "will not be said", options)


def _told(results: Sequence[Result], done: str, options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps([asdict(result) for result in results], indent=2))
    else:
        for result in results:
            print(_sentence(result, done))
        if not results:
            print("Nothing is parked.")
    return 0 if all(result.done for result in results) else 1


def _sentence(result: Result, done: str) -> str:
    if not result.done:
        return f"{result.id} is left as it is: it {result.note}"
    with_it = f", and with it {', '.join(result.with_it)}" if result.with_it else ""
    return f"{result.id} {done}{with_it}. {result.note}".rstrip()


def _as_dict(row: Listed, now: datetime) -> dict[str, object]:
    return asdict(row) | {
        "created_at": row.created_at.isoformat(),
        "age_seconds": round((now - row.created_at).total_seconds()),
        "next_try": row.next_try.isoformat() if row.next_try else None,
    }


def _as_table(page: Page, now: datetime, states: Sequence[str]) -> str:
    if not page.rows:
        return f"Nothing is {' or '.join(states)}."
    table = [_HEADINGS, *(_cells(row, now) for row in page.rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    left = page.of_all - len(page.rows)
    return "\n".join([*lines, *([f"… and {left} more: --limit {page.of_all} shows all"] if left else [])])


def _cells(row: Listed, now: datetime) -> tuple[str, ...]:
    waiting = f"after {row.waits_for}" if row.waits_for else ""
    return (
        row.id,
        row.state,
        f"{row.kind} {row.content}".rstrip(),
        row.lane,
        _span(now - row.created_at),
        str(row.attempts),
        f"in {_span(row.next_try - now)}" if row.next_try else waiting or ("now" if row.state == "due" else ""),
        row.error,
    )


def _span(time: timedelta) -> str:
    seconds = max(0, round(time.total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
