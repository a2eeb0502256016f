"""YAML text as a tree in which every value knows its place, without the parts of YAML that editors trip over.

Anchors, aliases, tags, tabs, duplicate keys and a second document are reported and read past, so that one run finds
them all. Where the grammar breaks, the rest is read without the part that broke. Nothing is resolved here: `yes` and
`012` are still what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol, TypeAlias

import yaml

from bot.content import faults as f
from bot.content.faults import Kind, Place, quoted
from bot.content.reading.bullets import bullet_of
from bot.content.reading.grammar import LEFT_OUT, TEXT_OF_LINES, Break, break_of, gap_around

MOST_BYTES = 256 * 1024
_DEEPEST = 40
_MOST_LINES_REPORTED = 50
_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_MOST_LEFT_OUT = 5  # parts of a file that break its grammar: each is one more time through it
_MOST_LINES_MENDED = 5_000
_TAB = re.compile("\t")
_ODD_BLANK = re.compile(
    "^ *(?:- *|[A-Za-z_]+:)?(?P<blank>[\xa0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff])", re.MULTILINE
)
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_BACKSLASH = "take it out; a backslash is written `\\\\` there, and in single quotes as it is"
_SHORT_ESCAPES = {"t": "\t", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_INDENTED_OTHERWISE = re.compile("^ *[^ -~\n\x85\xa0-\U0010ffff]", re.MULTILINE)
_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_UNWANTED = re.compile(f"\t|{_CONTROL.pattern}")


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
    """Keys with values, each key once, in the order written. `whole`: nothing of it had to be left out."""

    place: Place
    pairs: tuple[tuple[Scalar, Node], ...]
    whole: bool = True

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
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        place = Place(file, before.count(b"\n") + 1, column)
        report(f.NOT_UTF8, place, f"byte `0x{raw[error.start]:02x}` is not UTF-8", "save the file as UTF-8")
        return None


def parse_yaml(text: str, file: str, report: Report) -> Node | None:
    """The tree of the file's one document, or None if there is none that could be read: then that is reported.

    Where the grammar breaks, the top-level key that it breaks in is left out, so that the others can be read.
    """
    clean = _without_tabs_and_controls(text, file, report)
    lines = clean.split("\n")
    # What stood in for a tab may break the grammar by itself: the tab is the fault then, and told already.
    moved = _INDENTED_OTHERWISE.search(text) is not None
    node = _read(lines, file, report, told_to=len(lines) if moved else -1)
    if node is not None and not _is_nothing(node):
        return node
    if node is not None and clean == text:
        report(f.EMPTY, Place(file), "the file is empty", "write something in it, or delete it")
    return None


def _read(
    lines: Sequence[str], file: str, report: Report, *, told_to: int, left_out: frozenset[int] = frozenset()
) -> Node | None:
    """Read what can be read. Breaks down to the line `told_to` are told already; `left_out`: see `_Tree`."""
    held: list[tuple[Kind, Place, str, str]] = []

    def hold(kind: Kind, place: Place, message: str, hint: str = "") -> None:
        held.append((kind, place, message, hint))

    try:
        node = _Tree(lines, file, hold, left_out).read()
    except _TooDeep as error:
        report(f.TOO_DEEP, error.place, f"nested more than {_DEEPEST} levels deep", "flatten it")
        return None
    except yaml.MarkedYAMLError as error:
        broken = break_of(error, lines)
        if broken.line <= told_to:
            return None
        held = [told for told in held if told[1].line != broken.line + 1]  # a break is seldom alone in its line
        _report_break(broken, lines, file, report)
        gap = gap_around(broken, lines)
        if gap is None or len(left_out) == _MOST_LEFT_OUT or len(lines) > _MOST_LINES_MENDED:
            return None
        return _read(gap.lines, file, report, told_to=broken.line, left_out=left_out | {gap.at})
    else:
        return None if left_out and _is_nothing(node) else node
    finally:
        for told in held:
            report(*told)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.text


class _TooDeep(Exception):  # noqa: N818  named for the fact
    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


class _Tree:
    """Builds the tree from YAML's events, which come one by one however deep or broken the text is."""

    def __init__(self, lines: Sequence[str], file: str, report: Report, left_out: AbstractSet[int]) -> None:
        """Take lines; those at `left_out` hold no more than a key, whose value is passed by."""
        text = "\n".join(lines)
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self._may_be_cut = " #" in text
        self._lines = lines
        self._file = file
        self._report = report
        self._left_out = left_out

    def read(self) -> Node:
        root: Node = Scalar(Place(self._file), "", plain=True)
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
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        mark = event.start_mark
        place = Place(self._file) if mark is None else Place(self._file, mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor == LEFT_OUT and place.line - 1 in self._left_out:
                return Broken(place)
            hint = f'to begin a text with `*`, put it in quotes: "*{event.anchor}…"; otherwise write the value out'
            self._report(f.ANCHOR, place, f"alias {quoted('*' + str(event.anchor))}", hint)
            return Broken(place)
        self._report_properties(event, place)
        if depth >= _DEEPEST:
            raise _TooDeep(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Listing(place, self._items(depth))
        return self._table(place, depth)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Scalar | Broken:
        if event.anchor is not None or event.tag is not None:
            self._report_properties(event, place)
            if not event.value:
                return Broken(place)
        value, begin, end = event.value, event.start_mark, event.end_mark
        if event.style or event.tag is not None:
            if event.style == '"' and _UNWANTED.search(value):
                self._report_escapes(event, place)
                value = _CONTROL.sub("\ufffd", value)
            return Scalar(place, value, plain=False)
        if (
            begin is not None
            and end is not None
            and begin.line != end.line
            and self._swallows(begin.line, begin.column, end.line)
        ):
            return Broken(place)
        return Scalar(place, value, plain=True, cut=self._may_be_cut and self._is_cut(event))

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

    def _table(self, place: Place, depth: int) -> Node:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        whole = depth > 0 or not self._left_out
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                whole = False
                if not isinstance(key, Broken):
                    hint = "put a text that begins with `{` or `[` in quotes"
                    line = self._lines[place.line - 1][place.column - 1 :] if place.line <= len(self._lines) else ""
                    what = quoted(line) if line.startswith("{{") else "a list or keys"
                    self._report(f.WRONG_KIND, place, f"{what} where a text or a key is expected", hint)
            elif key.text in pairs:
                message = f"{quoted(key.text)} stands already in line {pairs[key.text][0].place.line}"
                self._report(f.DUPLICATE_KEY, key.place, message, "keep one of them")
            else:
                pairs[key.text] = key, value
        # What has no key left was meant as something else, and is told of.
        return Table(place, tuple(pairs.values()), whole) if pairs or whole else Broken(place)

    def _swallows(self, first: int, column: int, last: int) -> bool:
        """Whether a line that looks like an item of a list was read as part of a text; then that is reported."""
        is_item = self._lines[first][:column].rstrip().endswith("-")
        met, met_at = bullet_of(self._lines[first][column:]), Place(self._file, first + 1, column + 1)
        for number in range(first + 1, min(last + 1, len(self._lines))):
            line = self._lines[number]
            words = line.lstrip(" ")
            place = Place(self._file, number + 1, len(line) - len(words) + 1)
            if words.startswith("- "):
                in_text = f"{TEXT_OF_LINES}, a list on a line of its own"
                self._report_swallowed(words, place, "line it up with the item above it" if is_item else in_text)
                return True
            bullet = bullet_of(words)
            if bullet is None:
                continue
            if met is not None and met.sort == bullet.sort:
                instead = f"begin each line with `- ` in place of {quoted(met.mark)}, as in {quoted(met.as_item)}"
                words = self._lines[met_at.line - 1][met_at.column - 1 :]
                what = f"the lines from {quoted(words)} on are read as one text"
                self._report(f.SWALLOWED, met_at, what, f"{instead}; {TEXT_OF_LINES}")
                return True
            if bullet.is_sure:
                instead = f"{'write' if is_item else 'in a list write'} {quoted(bullet.as_item)}"
                self._report_swallowed(words, place, f"{instead}; {TEXT_OF_LINES}")
                return True
            met, met_at = bullet, place
        return False

    def _report_swallowed(self, words: str, place: Place, hint: str) -> None:
        self._report(f.SWALLOWED, place, f"{quoted(words)} is read as part of the text above it", hint)

    def _report_escapes(self, event: yaml.ScalarEvent, place: Place) -> None:
        end = event.end_mark
        last = len(self._lines) if end is None else end.line + 1
        for number in range(place.line - 1, min(last, len(self._lines))):
            begin = place.column - 1 if number == place.line - 1 else 0
            for escape in _ESCAPE.finditer(self._lines[number], begin):
                if _UNWANTED.match(char := _unescaped(escape)):
                    kind, what = (f.TAB, "a tab") if char == "\t" else (f.NOT_UTF8, "a control character")
                    at = Place(self._file, number + 1, escape.start() + 1)
                    self._report(kind, at, f"{quoted(escape[0])} in double quotes is {what}", _BACKSLASH)
                    return
        self._report(f.NOT_UTF8, place, "a control character", "delete it")

    def _is_cut(self, event: yaml.ScalarEvent) -> bool:
        # Comments stand two blanks off, by custom: after a single one, `#` was more likely meant as text.
        end = event.end_mark
        if end is None or not event.value or end.line >= len(self._lines):
            return False
        return self._lines[end.line][end.column : end.column + 2] == " #"


def _without_tabs_and_controls(text: str, file: str, report: Report) -> str:
    """The text in as many lines and columns, with blanks for what YAML would stumble over."""
    if "\t" in text:
        for place, _ in _first_in_lines(text, _TAB, file):
            report(f.TAB, place, "a tab", "use spaces")
        text = text.replace("\t", " ")
    if _CONTROL.search(text):
        for place, char in _first_in_lines(text, _CONTROL, file):
            report(f.NOT_UTF8, place, f"control character `U+{ord(char):04X}`", "delete it")
        text = _CONTROL.sub(" ", text)
    if not text.isascii():
        for blank in islice(_ODD_BLANK.finditer(text), _MOST_LINES_REPORTED):
            at = blank.start("blank")
            place = Place(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
            report(
                f.NOT_YAML,
                place,
                f"a blank that YAML does not know (U+{ord(blank['blank']):04X})",
                "delete it, and type it anew",
            )
        text = _ODD_BLANK.sub(lambda line: line[0][:-1] + " ", _OTHER_BREAK.sub(" ", text))
    return text


def _unescaped(escape: re.Match[str]) -> str:
    number = escape[1] or escape[2] or escape[3]
    return chr(int(number, 16) % 0x110000) if number else _SHORT_ESCAPES.get(escape[4], escape[4])


def _first_in_lines(text: str, what: re.Pattern[str], file: str) -> list[tuple[Place, str]]:
    """The first find of each line; of many lines, those at the top."""
    lines = enumerate(text.split("\n"), 1)
    finds = ((Place(file, number, find.start() + 1), find[0]) for number, line in lines if (find := what.search(line)))
    return list(islice(finds, _MOST_LINES_REPORTED))


def _report_break(broken: Break, lines: Sequence[str], file: str, report: Report) -> None:
    line = lines[broken.line] if broken.line < len(lines) else ""
    found = f" in {quoted(line)}" if line.strip() else ""
    place = Place(file, broken.line + 1, broken.column + 1)
    report(f.NOT_YAML, place, f"this is not YAML: {broken.what}{found}", broken.way_out)
