"""Words laid out for a terminal: runs with a look, paragraphs that hang on a margin, and how they become lines.

Whatever the words are, nothing but printable text and our own colours leaves this module: no escape sequence of theirs
reaches the terminal, and no mark in them is read as one of ours.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

Look = Literal[
    "title", "bold", "italic", "struck", "code", "link", "faint", "badge", "primary", "danger", "good", "warning", "bad"
]
LEAST_WIDTH = 50  # narrower terminals break our lines themselves

_STYLES: dict[Look, str] = {
    "title": "bold bright_white",
    "bold": "bold",
    "italic": "italic",
    "struck": "strike",
    "code": "magenta",
    "link": "bright_blue",
    "faint": "dim",
    "badge": "reverse",
    "primary": "bold green",
    "danger": "bold red",
    "good": "green",
    "warning": "yellow",
    "bad": "bold red",
}
# Where there is no colour the marks are those that people write in Slack.
_MARKS: dict[Look, str] = {"bold": "*", "italic": "_", "struck": "~", "code": "`"}

# Controls, half emoji, and what turns the direction of all that follows: seen, but without effect.
_WITHOUT_EFFECT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PICTURES = 0x2400  # "␀", the first of Unicode's pictures of controls
_DELETE = "\x7f"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look the same."""

    words: str
    looks: frozenset[Look] = frozenset()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs that are wrapped together.

    `first` and `lead`, which has looks of its own, stand before their first line, `rest` before all others.
    """

    runs: tuple[Run, ...] = ()
    first: str = ""
    rest: str = ""
    lead: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Things that stand beside each other, as many in a line as fit; none is broken that could stay whole."""

    cells: tuple[tuple[Run, ...], ...]
    first: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part, with a line that runs to the end of the width."""

    words: str


Part = Paragraph | Row | Heading
BLANK = Paragraph()


def ink(words: str, *looks: Look) -> Run:
    return Run(words, frozenset(looks))


def indented(parts: Iterable[Part], first: str, rest: str | None = None) -> tuple[Part, ...]:
    """The parts behind a margin: `rest` (else `first`) before every line but the very first."""
    others = first if rest is None else rest
    moved: list[Part] = []
    for part in parts:
        margin = others if moved else first
        if isinstance(part, Heading):
            moved.append(Paragraph((ink(part.words, "title"),), margin, others))
        else:
            moved.append(replace(part, first=margin + part.first, rest=others + part.rest))
    return tuple(moved)


def printed(parts: Iterable[Part], *, width: int, colour: bool) -> str:
    """The parts as lines of at most `width` cells; without `colour` plain text, always the same."""
    console = _console(max(width, LEAST_WIDTH), colour)
    lines = [line for part in parts for line in _lines(part, console, colour)]
    return _printed(Text("\n", no_wrap=True, overflow="ignore").join(lines), console)


def drawn(drawing: RenderableType, *, width: int, colour: bool) -> str:
    """What `rich` makes of a drawing, without blanks at the ends of lines. Strings in it must be `shown` already."""
    return _printed(drawing, _console(width, colour))


def shown(words: str) -> str:
    """The words with a picture in place of every character that would do something to a terminal."""
    return _WITHOUT_EFFECT.sub(_pictured, words)


def width_of(runs: Sequence[Run]) -> int:
    """How many cells the runs take in one line, with the marks that stand for their looks."""
    return cell_len(_set(runs, colour=False).plain)


def _pictured(match: re.Match[str]) -> str:
    char = match[0]
    if char == "\t":
        return "    "
    if char in "\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}":
        return " "
    if char < " ":
        return chr(_PICTURES + ord(char))
    return "\N{SYMBOL FOR DELETE}" if char == _DELETE else "\N{REPLACEMENT CHARACTER}"


def _console(width: int, colour: bool) -> Console:
    return Console(
        file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False,
        emoji=False, color_system="standard" if colour else None, legacy_windows=False,
    )  # fmt: skip


def _printed(drawing: RenderableType, console: Console) -> str:
    with console.capture() as capture:
        console.print(drawing, crop=False)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().split("\n")[:-1])


def _lines(part: Part, console: Console, colour: bool) -> Iterator[Text]:
    match part:
        case Paragraph():
            yield from _wrapped(part, console, colour)
        case Row():
            yield from _flowed(part, console, colour)
        case Heading():
            line = _set((ink(part.words, "title"),), colour)
            line.append(" " + "─" * max(0, console.width - line.cell_len - 1), _STYLES["faint"])
            yield from line.wrap(console, console.width, overflow="fold")
        case _:
            assert_never(part)


def _wrapped(part: Paragraph, console: Console, colour: bool) -> Iterator[Text]:
    first = Text().append(shown(part.first), _STYLES["faint"]).append_text(_set(part.lead, colour))
    rest = Text().append(shown(part.rest), _STYLES["faint"])
    space = max(1, console.width - max(first.cell_len, rest.cell_len))
    for number, line in enumerate(_set(part.runs, colour).wrap(console, space, overflow="fold")):
        whole = Text().append_text(rest if number else first).append_text(line)
        whole.rstrip()
        yield whole


def _flowed(row: Row, console: Console, colour: bool) -> Iterator[Text]:
    space = console.width - max(cell_len(row.first), cell_len(row.rest))
    taken: list[Run] = []
    before = row.first
    for cell in row.cells:
        if taken and width_of([*taken, ink("  "), *cell]) > space:
            yield from _wrapped(Paragraph(tuple(taken), before, row.rest), console, colour)
            taken, before = [], row.rest
        taken += [*([ink("  ")] if taken else []), *cell]
    yield from _wrapped(Paragraph(tuple(taken), before, row.rest), console, colour)


def _set(runs: Sequence[Run], colour: bool) -> Text:
    line = Text()
    standing: list[Look] = []
    for run in (*runs, Run("")):
        wanted: list[Look] = [] if colour else [look for look in _MARKS if look in run.looks]
        for look in reversed(standing):
            if look not in wanted:
                line.append(_MARKS[look])
        for look in wanted:
            if look not in standing:
                line.append(_MARKS[look])
        standing = wanted
        line.append(shown(run.words), " ".join(_STYLES[look] for look in _STYLES if look in run.looks) or None)
    return line
