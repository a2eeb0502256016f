"""YAML text as a tree in which every value knows its place, without the parts of YAML that editors trip over.

Anchors, aliases, tags, tabs, duplicate keys and a second document are reported and read past, so that one run finds
them all. A break of the grammar ends the file. Nothing is resolved here: `yes` and `012` are still what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol, TypeAlias

import yaml

from bot.content import faults as f
from bot.content.faults import Kind, Place, quoted

MOST_BYTES = 256 * 1024
_DEEPEST = 40
_MOST_LINES_REPORTED = 50
_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_TAB = re.compile("\t")
_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Scalar(NamedTuple):  # as Place is, and for the same reason
    """A single value, as written. `plain`: without quotes and not in a block; `cut`: followed by one blank and `#`."""

    place: Place
    text: str
    plain: bool
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with values, each key once, in the order written."""

    place: Place
    pairs: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.pairs if name.text == key), None)


@dataclass(frozen=True, slots=True)
class Broken:
    """Stands where something was reported already."""

    place: Place


Node: TypeAlias = Scalar | Listing | Table | Broken


class Report(Protocol):
    def __call__(self, kind: Kind, place: Place, message: str, hint: str = "") -> None: ...


def decoded(raw: bytes, file: str, report: Report) -> str | None:
    """The file's text, or None if it is too big or not UTF-8. A byte order mark is dropped."""
    if len(raw) > MOST_BYTES:
        report(f.TOO_BIG, Place(file), f"larger than {MOST_BYTES // 1024} KB", "split it")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        place = Place(file, before.count(b"\n") + 1, column)
        report(f.NOT_UTF8, place, f"byte `0x{raw[error.start]:02x}` is not UTF-8", "save the file as UTF-8")
        return None


def parse_yaml(text: str, file: str, report: Report) -> Node | None:
    """The tree of the file's one document, or None if there is none that could be read: then that is reported."""
    clean = _without_tabs_and_controls(text, file, report)
    try:
        node = _Tree(clean, file, report).read()
    except yaml.MarkedYAMLError as error:
        # What stood in for a tab may break the grammar by itself: the tab is the fault then, and told already.
        if clean == text:
            _report_grammar(error, text.split("\n"), file, report)
        return None
    except _TooDeep as error:
        report(f.TOO_DEEP, error.place, f"nested more than {_DEEPEST} levels deep", "flatten it")
        return None
    if node is None:
        report(f.EMPTY, Place(file), "the file is empty", "write something in it, or delete it")
    return node


class _TooDeep(Exception):  # noqa: N818  named for the fact
    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


class _Tree:
    """Builds the tree from YAML's events, which come one by one however deep or broken the text is."""

    def __init__(self, text: str, file: str, report: Report) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self._lines = text.split("\n") if " #" in text else []
        self._file = file
        self._report = report

    def read(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event, 0)
                if documents == 1:
                    root = node
                elif documents == 2:  # noqa: PLR2004  the second is told of once
                    self._report(f.NOT_YAML, node.place, "a second document begins here", "remove the line `---`")
        if isinstance(root, Scalar) and root.plain and not root.text:
            return None
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        mark = event.start_mark
        place = Place(self._file) if mark is None else Place(self._file, mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None or event.tag is not None:
                self._report_properties(event, place)
            plain = not event.style and event.tag is None
            return Scalar(place, event.value, plain, plain and self._is_cut(event))
        if isinstance(event, yaml.AliasEvent):
            hint = f'to begin a text with `*`, put it in quotes: "*{event.anchor}…"; otherwise write the value out'
            self._report(f.ANCHOR, place, f"alias {quoted('*' + str(event.anchor))}", hint)
            return Broken(place)
        self._report_properties(event, place)
        if depth >= _DEEPEST:
            raise _TooDeep(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Listing(place, self._items(depth))
        return Table(place, self._pairs(depth))

    def _report_properties(self, event: yaml.Event, place: Place) -> None:
        anchor: str | None = getattr(event, "anchor", None)
        if anchor is not None:
            hint = "to begin a text with `&`, put it in quotes; otherwise write the value out where it is needed"
            self._report(f.ANCHOR, place, f"anchor {quoted('&' + anchor)}", hint)
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._report(f.TAG, place, f"tag {quoted(shown)}", "to begin a text with `!`, put it in quotes")

    def _items(self, depth: int) -> tuple[Node, ...]:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, depth + 1))
        return tuple(items)

    def _pairs(self, depth: int) -> tuple[tuple[Scalar, Node], ...]:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if isinstance(key, Broken):
                continue
            if not isinstance(key, Scalar):
                hint = "put a text that begins with `{` or `[` in quotes"
                self._report(f.WRONG_KIND, key.place, "a list or keys where a key's name is expected", hint)
            elif key.text in pairs:
                message = f"{quoted(key.text)} stands already in line {pairs[key.text][0].place.line}"
                self._report(f.DUPLICATE_KEY, key.place, message, "keep one of them")
            else:
                pairs[key.text] = key, value
        return tuple(pairs.values())

    def _is_cut(self, event: yaml.ScalarEvent) -> bool:
        # Comments stand two blanks off, by custom: after a single one, `#` was more likely meant as text.
        end = event.end_mark
        if end is None or not event.value or end.line >= len(self._lines):
            return False
        return self._lines[end.line][end.column : end.column + 2] == " #"


def _without_tabs_and_controls(text: str, file: str, report: Report) -> str:
    if "\t" in text:
        for place, _ in _first_in_lines(text, _TAB, file):
            report(f.TAB, place, "a tab", "use spaces")
        text = text.replace("\t", " ")
    if _CONTROL.search(text):
        for place, char in _first_in_lines(text, _CONTROL, file):
            report(f.NOT_UTF8, place, f"control character `U+{ord(char):04X}`", "delete it")
        text = _CONTROL.sub(" ", text)
    return text


def _first_in_lines(text: str, what: re.Pattern[str], file: str) -> list[tuple[Place, str]]:
    """The first find of each line; of many lines, those at the top."""
    lines = enumerate(text.split("\n"), 1)
    finds = ((Place(file, number, find.start() + 1), find[0]) for number, line in lines if (find := what.search(line)))
    return list(islice(finds, _MOST_LINES_REPORTED))


def _report_grammar(error: yaml.MarkedYAMLError, lines: list[str], file: str, report: Report) -> None:
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    opened = "unexpected end" in problem  # a quote that is never closed is best shown where it opens
    if error.context_mark is not None and (opened or "alias" in context or "anchor" in context):
        mark = error.context_mark
    if mark is None:
        report(f.NOT_YAML, Place(file), f"this is not YAML: {problem}")
        return
    line = lines[mark.line] if mark.line < len(lines) else ""
    place = Place(file, mark.line + 1, mark.column + 1)
    found = f" in {quoted(line)}" if line.strip() else ""
    hint = _way_out(problem, context, line[mark.column : mark.column + 1], lines[: mark.line + 1])
    report(f.NOT_YAML, place, f"this is not YAML: {problem}{found}", hint)


def _way_out(problem: str, context: str, char: str, lines: list[str]) -> str:
    ways = (
        ("mapping values are not allowed" in problem, "a text with `: ` in it needs quotes, or `|` and a new line"),
        (char == "`", "a text that begins with a backtick needs quotes"),
        ("cannot start any token" in problem, f"a text that begins with {quoted(char)} needs quotes"),
        ("alias" in context or "anchor" in context, f"a text that begins with {quoted(char)} needs quotes"),
        ("escape" in problem, "in double quotes a backslash is written `\\\\`; single quotes take it as it is"),
        ("quoted scalar" in context or "-quoted" in context, "the quote that opens here is never closed"),
        ("flow" in context, "close the bracket; a text with `,` `: ` `[` or `{` in it needs quotes"),
        ("entries are not allowed" in problem, "begin a list on a line of its own"),
        ("block scalar" in context, "after `|` begin the text on a new line"),
        ("expected ':'" in problem, "a key ends with `: `; a text of several lines needs `|` and a new line"),
        (any(" #" in line for line in lines[-2:]), "a text with ` #` in it needs quotes"),
        (char not in ("", "-"), "put the whole text in quotes, or line it up with the lines above"),
    )
    return next((hint for holds, hint in ways if holds), "line it up with the lines above")
