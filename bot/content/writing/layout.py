"""Where each line of a YAML text belongs: two blanks a level, list items two under their key. Pure.

Only blanks change: no word is wrapped, quoted or moved to another line, and a comment keeps to what it stands beside.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import yaml

from bot.errors import ContentError

LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_STEP = 2
_HEADER = re.compile(r"[|>](?:(?P<keep>\+)|-)?(?P<indent>[1-9])?(?P<kept>\+)?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line in its place. `key`: the top-level key that begins here.

    `in_text`: inside a text, where a blank line counts. `keeps`: of a `|+` text, to which all blank lines that follow
    belong.
    """

    words: str
    key: str | None = None
    in_text: bool = False
    keeps: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.words and not self.in_text

    @property
    def is_outer_comment(self) -> bool:
        return self.words.startswith("#") and not self.in_text


def laid_out(text: str) -> list[Line]:
    """The lines of a text that holds one YAML document of keys. Raises `ContentError` for `? ` keys, which are rare."""
    walk = _Walk(text.removesuffix("\n").split("\n"))
    for token in yaml.scan(text, Loader=LOADER):
        walk.take(token)
    return list(walk.lines())


class _Level(NamedTuple):
    """A list or a table of keys: the column it stood in, and the one it will stand in."""

    old: int
    new: int
    is_list: bool = False
    is_flush: bool = False  # a list whose dashes stand right under their key


class _Carried(NamedTuple):
    """A line that goes on with what began in a line above."""

    shift: int
    least: int
    in_text: bool


class _Walk:
    """Goes through the tokens once, noting for each line how it is to be indented, and then gives the lines."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._stack: list[_Level] = []
        self._first: dict[int, tuple[int, int]] = {}  # line -> old and new column of what it begins with
        self._gaps: dict[int, list[tuple[int, int, str]]] = {}  # line -> blanks between dash, key, colon and value
        self._levels: dict[int, tuple[_Level, ...]] = {}  # line -> what is open behind it
        self._keys: dict[int, str] = {}
        self._texts: dict[int, Line] = {}  # the lines of `|` and `>` texts
        self._carried: dict[int, _Carried] = {}
        self._quotes: set[int] = set()  # lines that end inside double quotes
        self._keeping: set[int] = set()  # lines on which a `|+` text begins
        self._flow_depth = 0
        self._flow_start: yaml.Mark | None = None
        self._key_is_next = False
        self._key_end: yaml.Mark | None = None
        self._mark_end: yaml.Mark | None = None  # of the dash or colon that was read last

    def take(self, token: yaml.Token) -> None:
        match token:
            case yaml.FlowMappingStartToken() | yaml.FlowSequenceStartToken():
                if not self._flow_depth:
                    self._flow_start = token.start_mark
                    self._see(token.start_mark, self._inner)
                self._flow_depth += 1
            case yaml.FlowMappingEndToken() | yaml.FlowSequenceEndToken():
                self._flow_depth -= 1
                if not self._flow_depth and self._flow_start is not None:
                    self._carry(self._flow_start, token.end_mark, in_text=False)
            case yaml.ScalarToken():
                self._scalar(token)
            case _ if self._flow_depth:
                pass
            case yaml.BlockMappingStartToken() | yaml.BlockSequenceStartToken():
                is_list = isinstance(token, yaml.BlockSequenceStartToken)
                self._stack.append(_Level(token.start_mark.column, self._inner, is_list))
            case yaml.BlockEndToken():
                self._close_flush_list()
                self._stack.pop()
            case yaml.BlockEntryToken() | yaml.KeyToken() | yaml.ValueToken():
                self._mark(token)
            case yaml.DocumentStartToken() | yaml.DocumentEndToken() | yaml.DirectiveToken():
                self._first[token.start_mark.line] = (token.start_mark.column, 0)
            case _:
                pass

    @property
    def _inner(self) -> int:
        """The column for what stands inside the innermost list or table."""
        return self._stack[-1].new + _STEP if self._stack else 0

    def _mark(self, token: yaml.Token) -> None:
        start = token.start_mark
        if isinstance(token, yaml.BlockEntryToken):
            if not self._stack[-1].is_list:
                self._stack.append(_Level(start.column, self._inner, is_list=True, is_flush=True))
            self._see(start, self._stack[-1].new)
        elif isinstance(token, yaml.KeyToken):
            if token.end_mark.index > start.index:
                raise _unusual_key(start)
            self._close_flush_list()
            self._see(start, self._stack[-1].new)
            self._key_is_next = True
            return
        else:
            if self._key_end is None or self._key_end.line != start.line:
                raise _unusual_key(start)
            self._close_gap(self._key_end, start, "")
            self._key_end = None
        self._mark_end = token.end_mark
        inside = _Level(self._stack[-1].old + 1, self._inner)
        self._levels[start.line] = (*self._stack, inside)

    def _close_flush_list(self) -> None:
        if self._stack[-1].is_flush:
            self._stack.pop()

    def _scalar(self, token: yaml.ScalarToken) -> None:
        start, end = token.start_mark, token.end_mark
        if self._key_is_next and not self._flow_depth:
            self._key_is_next, self._key_end = False, end
            if len(self._stack) == 1:
                self._keys[start.line] = token.value
            return
        if not self._flow_depth:
            self._see(start, self._inner)
        if token.style in ("|", ">"):
            self._text(start)
            return
        if token.style == '"':
            self._quotes.update(range(start.line, end.line))
        if self._flow_depth:
            # How far they move is known when the bracket closes.
            self._carried.update(
                (number, _Carried(0, 0, in_text=True)) for number in range(start.line + 1, end.line + 1)
            )
        else:
            self._carry(start, end, in_text=True)

    def _see(self, start: yaml.Mark, new: int) -> None:
        """Note something that can be the first on its line."""
        self._first.setdefault(start.line, (start.column, new))
        if self._mark_end is not None and self._mark_end.line == start.line:
            self._close_gap(self._mark_end, start, " ")
        self._mark_end = None
        self._levels[start.line] = tuple(self._stack)

    def _close_gap(self, start: yaml.Mark, end: yaml.Mark, between: str) -> None:
        self._gaps.setdefault(start.line, []).append((start.column, end.column, between))

    def _carry(self, start: yaml.Mark, end: yaml.Mark, *, in_text: bool) -> None:
        old, new = self._first[start.line]
        moved = sum(len(between) - (to - since) for since, to, between in self._gaps.get(start.line, ()))
        for number in range(start.line + 1, end.line + 1):
            in_text_here = in_text or (number in self._carried and self._carried[number].in_text)
            self._carried[number] = _Carried(new - old + moved, self._inner, in_text_here)

    def _text(self, start: yaml.Mark) -> None:
        """Note the lines of a `|` or `>` text, which YAML delimits by their indentation alone."""
        header = _HEADER.match(self._lines[start.line], start.column)
        keeps = header is not None and bool(header["keep"] or header["kept"])
        given = int(header["indent"]) if header is not None and header["indent"] else 0
        if keeps:
            self._keeping.add(start.line)
        parent = self._stack[-1].old
        old = parent + given if given else self._indent_of_text(start.line + 1, parent + 1)
        new = self._stack[-1].new + (given or _STEP)
        last = number = start.line
        while (number := number + 1) < len(self._lines):
            line = self._lines[number]
            is_blank = not line[:old].strip(" ") and len(line) <= old
            if not is_blank and line[:old].strip(" "):
                break
            if not is_blank or keeps:
                last = number
            self._texts[number] = Line("" if is_blank else " " * new + line[old:], in_text=True, keeps=keeps)
        for beyond in range(last + 1, number):  # these only separate the text from what follows
            self._texts.pop(beyond, None)

    def _indent_of_text(self, number: int, least: int) -> int:
        for line in self._lines[number:]:
            least = max(least, len(line) - len(line.lstrip(" ")))
            if line.strip(" "):
                break
        return least

    def lines(self) -> Iterator[Line]:
        opened: tuple[_Level, ...] = ()
        starts = sorted(self._first)
        is_with_next = False  # once a comment belongs to what follows, so do those below it
        for number, line in enumerate(self._lines):
            if number in self._texts:
                yield self._texts[number]
            elif number in self._first:
                opened, is_with_next = self._levels.get(number, ()), False
                words = self._trimmed(number, self._closed_up(number))
                yield Line(words, self._keys.get(number), keeps=number in self._keeping)
            elif number in self._carried:
                yield self._carried_on(number, line)
            elif not line.strip():
                yield Line("")
            else:
                at = bisect_left(starts, number)
                following = self._first[starts[at]] if at < len(starts) else (0, 0)
                column = following[1] if is_with_next else _column_of_comment(line, opened, following)
                is_with_next = column == following[1]
                yield Line(" " * column + line.strip())

    def _closed_up(self, number: int) -> str:
        line = self._lines[number]
        old, new = self._first[number]
        for since, to, between in reversed(self._gaps.get(number, [])):
            line = line[:since] + between + line[to:]
        return " " * new + line[old:]

    def _carried_on(self, number: int, line: str) -> Line:
        shift, least, in_text = self._carried[number]
        words = line.lstrip(" ")
        if not words:
            return Line("", in_text=in_text)
        column = max(len(line) - len(words) + shift, least)
        return Line(self._trimmed(number, " " * column + words), in_text=in_text)

    def _trimmed(self, number: int, line: str) -> str:
        trimmed = line.rstrip()
        slashes = len(trimmed) - len(trimmed.rstrip("\\"))
        # In double quotes a backslash keeps the blank behind it.
        return f"{trimmed} " if number in self._quotes and slashes % 2 and trimmed != line else trimmed


def _column_of_comment(line: str, opened: tuple[_Level, ...], following: tuple[int, int]) -> int:
    """The column of what the comment belongs to: what follows, or something deeper that ends here."""
    column = len(line) - len(line.lstrip())
    below, its_column = following
    if column > below:
        for level in reversed(opened):
            if level.old <= column and level.new > its_column:
                return level.new
    return its_column


def _unusual_key(mark: yaml.Mark) -> ContentError:
    return ContentError(f"line {mark.line + 1}: a key that is written with `?`, or is empty: write it as `key: value`")
