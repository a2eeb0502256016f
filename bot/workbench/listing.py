"""All entries in a list, a line each: which they are, who keeps them, and what they have. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from bot.core.entries import Entry, EntryState
from bot.workbench.page import drawn, shown
from bot.workbench.sheet import ENGLISH, is_overdue, number_of_tests

COLUMNS = ("id", "title", "state", "audience", "owner", "review by", "phrasings", "tests", "has")
_NUMBERS = ("phrasings", "tests")
_BY_WEIGHT = ("state", "review by", "owner", "audience", "has", "tests", "phrasings")  # who gets room first
_LEAST_TITLE = 20  # cells
_BETWEEN = 2
_STATES: dict[EntryState, str] = {"live": "green", "trial": "yellow", "draft": "yellow", "archived": "dim"}


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as the list has it; `overdue`: the day to review it has passed."""

    entry: Entry
    overdue: bool

    @property
    def marks(self) -> tuple[str, ...]:
        """What not every entry has: a guide, fields to ask for, a language other than English."""
        entry = self.entry
        return (
            *(("steps",) if entry.steps else ()),
            *(("collect",) if entry.collect else ()),
            *((entry.language,) if entry.language != ENGLISH else ()),
        )


def listing(
    entries: Iterable[Entry],
    today: date,
    *,
    category: str = "",
    state: str = "",
    owner: str = "",
    overdue: bool = False,
) -> tuple[Listed, ...]:
    """The entries that fit everything asked for, by id. An owner counts with or without `@`, in any case of letters."""
    wanted = owner.removeprefix("@").casefold()
    found = (Listed(entry, is_overdue(entry, today)) for entry in sorted(entries, key=lambda entry: entry.id))
    return tuple(
        each
        for each in found
        if (not category or each.entry.category == category)
        and (not state or each.entry.state == state)
        and (not wanted or each.entry.owner.removeprefix("@").casefold() == wanted)
        and (each.overdue or not overdue)
    )


def totals(listed: Sequence[Listed], of: int) -> str:
    """The last line: `16 entries: 14 live, 2 draft; 1 overdue; 112 phrasings, 90 tests`; `of` all there are."""
    states = Counter(each.entry.state for each in listed)
    told = ", ".join(f"{states[state]} {state}" for state in _STATES if states[state])
    overdue = sum(each.overdue for each in listed)
    phrasings = sum(len(each.entry.phrasings) for each in listed)
    tests = sum(number_of_tests(each.entry) for each in listed)
    count = str(len(listed)) if len(listed) == of else f"{len(listed)} of {of}"
    parts = [f"{count} {'entry' if of == 1 else 'entries'}{f': {told}' if told else ''}"]
    parts += [f"{overdue} overdue"] if overdue else []
    return "; ".join([*parts, f"{phrasings} phrasings, {tests} tests"])


def as_lines(listed: Sequence[Listed]) -> str:
    """Columns with two blanks or more between them, for `grep`, `sort` and `awk`; nothing is cut."""
    rows = [COLUMNS, *([shown(cell) for cell in _cells(each)] for each in listed)]
    widths = [max(cell_len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    return "".join(f"{_line(row, widths)}\n" for row in rows)


def as_table(listed: Sequence[Listed], *, width: int, colour: bool) -> str:
    """The same as a table that fits the width, a line an entry: titles are cut, and what has no room is named below."""
    rows = [[shown(cell) for cell in _cells(each)] for each in listed]
    widths = _fitting(rows, width)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name, cells_wide in widths.items():
        justify: JustifyMethod = "right" if name in _NUMBERS else "left"
        table.add_column(name, justify=justify, no_wrap=True, overflow="ellipsis", width=cells_wide)
    for each, row in zip(listed, rows, strict=True):
        cells = {name: Text(cell) for name, cell in zip(COLUMNS, row, strict=True)}
        cells["state"].stylize(_STATES[each.entry.state])
        if each.overdue:
            cells["review by"].stylize("bold red")
        table.add_row(*(cells[name] for name in widths))
    left_out = [name for name in COLUMNS if name not in widths]
    note = f"no room here for: {', '.join(left_out)}\n" if left_out else ""
    return f"{drawn(table, width=width, colour=colour)}\n{note}"


def as_dicts(listed: Sequence[Listed]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "id": each.entry.id,
            "title": each.entry.title,
            "category": each.entry.category,
            "state": each.entry.state,
            "audience": sorted(each.entry.audience),
            "language": each.entry.language,
            "owner": each.entry.owner or None,
            "review_by": each.entry.review_by.isoformat() if each.entry.review_by else None,
            "overdue": each.overdue,
            "phrasings": len(each.entry.phrasings),
            "tests": number_of_tests(each.entry),
            "steps": each.entry.steps is not None,
            "collect": bool(each.entry.collect),
        }
        for each in listed
    ]


def _fitting(rows: Sequence[Sequence[str]], width: int) -> dict[str, int]:
    """The columns that have room beside each other, and how wide each is; the title takes what the others leave."""
    needed = {name: max([cell_len(name), *(cell_len(row[at]) for row in rows)]) for at, name in enumerate(COLUMNS)}
    kept = {"id"}
    left = width - needed["id"] - _BETWEEN - min(needed["title"], _LEAST_TITLE)
    for name in _BY_WEIGHT:
        if needed[name] + _BETWEEN <= left:
            kept.add(name)
            left -= needed[name] + _BETWEEN
    title = min(needed["title"], _LEAST_TITLE + max(left, 0))
    return {name: title if name == "title" else needed[name] for name in COLUMNS if name in kept or name == "title"}


def _cells(each: Listed) -> tuple[str, ...]:
    entry = each.entry
    review = f"{entry.review_by.isoformat()}{' overdue' if each.overdue else ''}" if entry.review_by else "-"
    return (
        entry.id,
        entry.title,
        entry.state,
        ",".join(sorted(entry.audience)) or "-",
        entry.owner or "-",
        review,
        str(len(entry.phrasings)),
        str(number_of_tests(entry)),
        ",".join(each.marks) or "-",
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = []
    for name, cell, width in zip(COLUMNS, row, widths, strict=True):
        blanks = " " * (width - cell_len(cell))
        cells.append(blanks + cell if name in _NUMBERS else cell + blanks)
    return "  ".join(cells).rstrip()
