"""Shapes: small readers that are put together to say what a file may hold, and read it, telling every fault.

A shape reads a node into a value or raises `Unreadable`, after it has reported why. What holds others reads on, so
that one run finds all faults. Each shape also carries its JSON Schema, so that editors' programs know the same keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from rapidfuzz import fuzz, process

from bot.content import faults as f
from bot.content.faults import Fault, FileKind, Kind, Place, fault, quoted
from bot.content.rendering import width
from bot.content.scalars import reads_as
from bot.content.slips import meant_entry, meant_key, place_for_key, quoted_pair, several
from bot.content.yaml_source import Broken, Listing, Node, Scalar, Table

T = TypeVar("T")
Schema: TypeAlias = Mapping[str, Any]
Found: TypeAlias = Mapping[str, Any]
Sort = Literal["entry", "category", "queue", "group", "calendar", "SLA", "ladder", "word list"]

_SECTIONS: Mapping[Sort, str] = {
    "queue": "queues",
    "group": "groups",
    "calendar": "calendars",
    "SLA": "slas",
    "ladder": "ladders",
    "word list": "words",
}
_LEAD = re.compile(r" *(?:- +)*")
_NEAR = 60.0  # of 100: below it a suggestion would be a guess
_FEW = 30  # names a hint may list
_MOST_SUGGESTIONS = 200  # each looks through all names: a file of nothing but faults must not take minutes


class Unreadable(Exception):  # noqa: N818  a signal among shapes, never seen outside
    """The node cannot be read, and why is reported already."""


@dataclass(slots=True)
class Reading:
    """What the shapes of one file share: where faults go, and which names exist."""

    file_kind: FileKind
    lines: list[str]
    today: date
    names: dict[Sort, AbstractSet[str]] = field(default_factory=dict)  # a sort that is not here is not checked
    variables: AbstractSet[str] = frozenset()
    fillings: Mapping[str, str] = field(default_factory=dict)  # what variables come to, for what is sent
    site_unread: bool = False  # then any `site.…` may be filled, as far as we know
    link_hosts: tuple[str, ...] | None = None
    timezone: str = "UTC"
    faults: list[Fault] = field(default_factory=list)
    mentioned: list[tuple[Sort, str, Place]] = field(default_factory=list)  # names found, for checks across files

    def report(self, kind: Kind, place: Place, message: str, hint: str = "") -> None:
        self.faults.append(fault(self.file_kind, kind, place, message, hint))

    def unreadable(self, kind: Kind, place: Place, message: str, hint: str = "") -> Unreadable:
        """Report it, and give what to raise."""
        self.report(kind, place, message, hint)
        return Unreadable()

    def nearest(self, found: str, known: Collection[str]) -> str:
        """The known word that was probably meant; "" if none is near."""
        if len(self.faults) > _MOST_SUGGESTIONS:
            return ""
        best = process.extractOne(found, sorted(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_NEAR)
        return best[0] if best else ""

    def near(self, found: str, known: Collection[str]) -> str:
        """The known word nearest to the one found, as a hint; "" if none is near."""
        nearest = self.nearest(found, known)
        return f"did you mean {quoted(nearest)}?" if nearest else ""

    def hint_for(self, found: str, known: Collection[str]) -> str:
        """The known word nearest to the one found; if none is near, all that are known, if they are few."""
        few = f"known here: {', '.join(sorted(known))}" if 0 < len(known) <= _FEW else ""
        return self.near(found, known) or few

    def line_at(self, place: Place) -> str:
        """What stands there, to the end of the line."""
        return self.lines[place.line - 1][place.column - 1 :] if place.line <= len(self.lines) else ""

    def places_of(self, words: str, node: Scalar) -> Iterator[Place]:
        """Where in a text of several lines these words stand, each time; then, for ever, where the text begins."""
        first, begin = node.place.line - 1, node.place.column - 1
        margin = _margin(self.lines[first][:begin]) if first < len(self.lines) else 0
        for number in range(first, len(self.lines)):
            line = self.lines[number]
            if number > first:
                begin = 0
                if line.strip() and _indent(line) <= margin:
                    break
            for find in re.finditer(re.escape(words), line[begin:]):
                yield Place(node.place.file, number + 1, begin + find.start() + 1)
        while True:
            yield node.place


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    read: Callable[[Node, Reading], T]
    schema: Schema

    def described(self, sentence: str) -> Shape[T]:
        """The same shape with one plain sentence for its schema: what editors' programs show beside the key."""
        return Shape(self.read, {**self.schema, "description": sentence})

    def like(self, pattern: re.Pattern[str]) -> Shape[T]:
        """The same shape with a pattern for its schema; whether a text fits it is for a check to tell."""
        return Shape(self.read, {**self.schema, "pattern": f"^(?:{pattern.pattern})$"})


def text(*, longest: int | None = None, one_line: bool = True, may_be_empty: bool = False) -> Shape[str]:
    """Words for people. Blanks around them are dropped; `one_line` also joins lines."""

    def read(node: Node, reading: Reading) -> str:
        scalar = _text_node(node, reading, "text")
        if scalar.cut:
            hint = "put the text in quotes if the `#` belongs to it; before a comment leave two blanks"
            reading.report(f.CUT_SHORT, scalar.place, f"{quoted(scalar.text)} ends at ` #`", hint)
        found = scalar.text.strip()
        if one_line:
            if "\n" in found:
                hint = "write it in one line, or begin it with `>` and leave no line blank"
                reading.report(f.SEVERAL_LINES, scalar.place, f"{quoted(found)} has several lines", hint)
            found = " ".join(found.split())
        if not found and not may_be_empty:
            raise reading.unreadable(f.EMPTY, scalar.place, "an empty text", "write something, or remove the line")
        if longest is not None and (length := width(found)) > longest:
            reading.report(f.TOO_LONG, scalar.place, f"{length:,} characters, {longest:,} at most", "shorten it")
        return found

    limit = {} if longest is None else {"maxLength": longest}
    return Shape(read, {"type": "string"} | limit)


def word(what: str = "text") -> Shape[str]:
    """A name or another word for the program, not for people."""

    def read(node: Node, reading: Reading) -> str:
        found = _text_node(node, reading, what).text.strip()
        if not found:
            raise reading.unreadable(f.EMPTY, node.place, f"nothing is written where {what} should be", "fill it in")
        return found

    return Shape(read, {"type": "string", "minLength": 1})


def choice(*words: str) -> Shape[Any]:
    """One of a few words."""

    def read(node: Node, reading: Reading) -> str:
        listed = ", ".join(words)
        found = _text_node(node, reading, f"one of {listed}").text.strip()
        if found not in words:
            hint = several(found, words) or reading.near(found, words) or f"one of: {listed}"
            raise reading.unreadable(f.NOT_A_CHOICE, node.place, f"{quoted(found)} is not possible here", hint)
        return found

    return Shape(read, {"enum": list(words)})


def named(sort: Sort) -> Shape[str]:
    """The name of something that is defined elsewhere: a queue, an entry…"""

    def read(node: Node, reading: Reading) -> str:
        found = _text_node(node, reading, f"the name of one {sort}").text.strip()
        check_name(sort, found, node.place, reading)
        return found

    return Shape(read, {"type": "string"})


def check_name(sort: Sort, name: str, place: Place, reading: Reading) -> None:
    """Report a name that is not defined, if what is defined is known."""
    reading.mentioned.append((sort, name, place))
    known = reading.names.get(sort)
    if known is None or name in known:
        return
    kind = f.NO_SUCH_NAME
    if sort in ("entry", "category"):
        kind = f.NO_SUCH_ENTRY if reading.file_kind == "KB" else f.UNUSED_ENTRY_ID
    where = " in the rules" if kind is f.NO_SUCH_NAME and reading.file_kind == "KB" else ""
    way_out = f"define it under `{_SECTIONS[sort]}`" if sort in _SECTIONS else "check its spelling"
    hint = several(name, known) or reading.hint_for(name, known) or way_out
    if sort == "entry" and (meant := meant_entry(name, known)):
        hint = f"did you mean {quoted(meant)}?"
    reading.report(kind, place, f"no {sort} {quoted(name)}{where}", hint)


def list_of(shape: Shape[T], *, least: int = 0, most: int | None = None) -> Shape[tuple[T, ...]]:
    """A list; a single value may stand for a list of one."""

    def read(node: Node, reading: Reading) -> tuple[T, ...]:
        _refuse_nothing(node, reading, "a list")
        if isinstance(node, Table):
            raise reading.unreadable(
                f.WRONG_KIND, node.place, f"{_shown(node)} where a list is expected", "begin each item with `- `"
            )
        items = node.items if isinstance(node, Listing) else (node,)
        if len(items) < least:
            raise reading.unreadable(
                f.EMPTY, node.place, f"a list with {len(items)} items, at least {least} needed", "add some"
            )
        if most is not None and len(items) > most:
            hint = "keep the best, remove the others"
            reading.report(f.TOO_MANY, items[most].place, f"{len(items)} items, {most} at most", hint)
        return tuple(read_each(items, shape, reading))

    counts = ({"minItems": least} if least else {}) | ({} if most is None else {"maxItems": most})
    alone = [] if shape.schema.get("type") == "object" or least > 1 else [shape.schema]
    whole = {"type": "array", "items": shape.schema} | counts
    return Shape(read, {"anyOf": [whole, *alone]} if alone else whole)


def read_each(items: Collection[Node], shape: Shape[T], reading: Reading) -> list[T]:
    """Those items that can be read; the others are reported."""
    found: list[T] = []
    for item in items:
        try:
            found.append(shape.read(item, reading))
        except Unreadable:
            continue
    return found


def table_of(shape: Shape[T], key: Shape[Any] | None = None, *, least: int = 0) -> Shape[dict[str, T]]:
    """Keys that the editor names, each with a value of the same shape."""
    name = key or word("a name")

    def read(node: Node, reading: Reading) -> dict[str, T]:
        table = _table_node(node, reading)
        if len(table.pairs) < least:
            raise reading.unreadable(f.EMPTY, node.place, f"at least {least} needed here", "add one")
        found: dict[str, T] = {}
        for written, value in table.pairs:
            # Both are read, so that both are checked, before either is given up.
            names, values = read_each([written], name, reading), read_each([value], shape, reading)
            if names and values:
                found[names[0]] = values[0]
        return found

    inside = {"additionalProperties": shape.schema, "propertyNames": name.schema}
    return Shape(read, {"type": "object"} | inside | ({"minProperties": least} if least else {}))


def keys(
    build: Callable[[Found], T],
    shapes: Mapping[str, Shape[Any]],
    needed: Collection[str] = (),
    *,
    in_part: bool = False,
) -> Shape[T]:
    """Known keys, each with its own shape; `build` gets those that are written and could be read.

    It is called only when all that are `needed` are among them or, `in_part`, whichever are.
    """

    def read(node: Node, reading: Reading) -> T:
        table = _table_node(node, reading, shapes, needed)
        found: dict[str, Any] = {}
        misspelt: set[str] = set()
        for key, value in table.pairs:
            shape = shapes.get(key.text)
            if shape is None:
                meant = reading.nearest(key.text, shapes)
                is_near = meant and (meant.startswith(key.text) or key.text.startswith(meant))
                elsewhere = (
                    "" if is_near else place_for_key(key.text, {name: inner.schema for name, inner in shapes.items()})
                )
                hint = elsewhere or reading.hint_for(key.text, shapes)
                reading.report(f.UNKNOWN_KEY, key.place, f"unknown key {quoted(key.text)}", hint)
                misspelt.add(meant)
                continue
            try:
                found[key.text] = shape.read(value, reading)
            except Unreadable:
                continue
        for key_needed in needed:
            # It may be there after all: misspelt, or in a part that could not be read. That is told of already.
            if table.whole and key_needed not in misspelt and table.get(key_needed) is None:
                hint = _missing_hint(shapes[key_needed])
                reading.report(f.MISSING_KEY, table.place, f"needs {quoted(key_needed)}", hint)
        if not in_part and any(key_needed not in found for key_needed in needed):
            raise Unreadable
        return build(found)

    return Shape(
        read,
        {"type": "object", "additionalProperties": False}
        | {"properties": {key: shape.schema for key, shape in shapes.items()}}
        | ({"required": list(needed)} if needed else {}),
    )


def checked(shape: Shape[T], check: Callable[[T, Node, Reading], None]) -> Shape[T]:
    """The shape, with a look at the value that was read; `check` only reports."""

    def read(node: Node, reading: Reading) -> T:
        found = shape.read(node, reading)
        check(found, node, reading)
        return found

    return Shape(read, shape.schema)


def _margin(before: str) -> int:
    """The column of the key or the dash that a text belongs to, of which `before` is the line up to the text."""
    lead = _LEAD.match(before)
    key = lead.end() if lead else 0
    return key if key < len(before) else before.rfind("-")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def looked_at(shape: Shape[T], check: Callable[[Node, Reading], None]) -> Shape[T]:
    """The shape, with a look at what is written, also where it cannot be read; `check` only reports."""

    def read(node: Node, reading: Reading) -> T:
        try:
            return shape.read(node, reading)
        finally:
            check(node, reading)

    return Shape(read, shape.schema)


def _shown(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"text {quoted(node.text)}"
    if isinstance(node, Table) and node.pairs:
        return f"the key {quoted(node.pairs[0][0].text)}"
    return "a list" if isinstance(node, Listing) else "keys"


def scalar_node(node: Node, reading: Reading, expected: str) -> Scalar:
    """The node, if it is a single value and not an empty one."""
    _refuse_nothing(node, reading, expected)
    if isinstance(node, Scalar):
        return node
    hint = "write a single value"
    if reading.line_at(node.place)[:1] in ("{", "[", "-"):
        hint += f"; a text that begins with `{reading.line_at(node.place)[:1]}` needs quotes"
    elif isinstance(node, Table) and len(node.pairs) == 1 and isinstance(value := node.pairs[0][1], Scalar):
        hint = f"a text with `: ` in it needs quotes: {quoted(quoted_pair(node.pairs[0][0].text, value.text))}"
    raise reading.unreadable(f.WRONG_KIND, node.place, f"{_shown(node)} where {expected} is expected", hint)


def _text_node(node: Node, reading: Reading, expected: str) -> Scalar:
    scalar = scalar_node(node, reading, expected)
    if scalar.plain and (trap := reads_as(scalar.text)):
        hint = f'put it in quotes: "{scalar.text[:40]}"'
        raise reading.unreadable(
            f.NOT_TEXT, scalar.place, f"YAML reads {quoted(scalar.text)} as {trap}, not as text", hint
        )
    return scalar


def _table_node(node: Node, reading: Reading, known: Collection[str] = (), needed: Collection[str] = ()) -> Table:
    _refuse_nothing(node, reading, "keys")
    if isinstance(node, Table):
        return node
    hint = "write `key: value` lines, without `- ` or `[` before them"
    if isinstance(node, Scalar):
        hint = "write `key: value`, with a blank after the colon"
        if needed:
            hint = f"write `key: value` lines: it needs {', '.join(map(quoted, needed))}"
        if node.plain and (meant := meant_key(reading.line_at(node.place), known)):
            hint = f"write {quoted(meant)}"
    raise reading.unreadable(f.WRONG_KIND, node.place, f"{_shown(node)} where keys are expected", hint)


def _refuse_nothing(node: Node, reading: Reading, expected: str) -> None:
    if isinstance(node, Broken):
        raise Unreadable
    if isinstance(node, Scalar) and node.plain and reads_as(node.text) == "nothing":
        hint = "fill it in, or remove the key"
        if reading.line_at(node.place).lstrip().startswith("#"):
            hint = "what follows `#` is left out: put it in quotes if it belongs to the text, or remove the key"
        raise reading.unreadable(f.EMPTY, node.place, f"nothing is written where {expected} should be", hint)


def _missing_hint(shape: Shape[Any]) -> str:
    kind = shape.schema.get("type") or ("array" if "anyOf" in shape.schema else "string")
    return {"array": "a list with at least one item", "object": "keys with values"}.get(kind, "add it")
