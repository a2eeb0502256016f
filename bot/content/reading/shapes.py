"""Shapes: small readers that are put together to say what a file may hold, and read it, telling every fault.

A shape reads a node into a value or raises `Unreadable`, after it has reported why. What holds others reads on, so
that one run finds all faults. Each shape also carries its JSON Schema, so that editors' programs know the same keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from bot.content import faults as f
from bot.content.faults import Place, quoted
from bot.content.reading.bullets import bullet_of
from bot.content.reading.nodes import refuse_nothing, shown, table_node, text_node
from bot.content.reading.reading import Reading, Sort, Unreadable
from bot.content.reading.slips import meant_entry, place_for_key, several
from bot.content.reading.source import Listing, Node, Scalar, Table
from bot.content.reading.yaml_text import Tree, flow
from bot.core.widths import width

T = TypeVar("T")
Schema: TypeAlias = Mapping[str, Any]
Found: TypeAlias = Mapping[str, Any]

_SECTIONS: Mapping[Sort, str] = {
    "queue": "queues",
    "group": "groups",
    "calendar": "calendars",
    "SLA": "slas",
    "ladder": "ladders",
    "word list": "words",
}


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    read: Callable[[Node, Reading], T]
    schema: Schema

    def described(self, sentence: str, example: Tree | None = None) -> Shape[T]:
        """The same shape with one plain sentence for its schema: what editors' programs show beside the key.

        The example is shown where the key is missing.
        """
        examples = {} if example is None else {"examples": [example]}
        return Shape(self.read, {**self.schema, "description": sentence, **examples})

    def like(self, pattern: re.Pattern[str]) -> Shape[T]:
        """The same shape with a pattern for its schema; whether a text fits it is for a check to tell."""
        return Shape(self.read, {**self.schema, "pattern": f"^(?:{pattern.pattern})$"})


def text(*, longest: int | None = None, one_line: bool = True, may_be_empty: bool = False) -> Shape[str]:
    """Words for people. Blanks around them are dropped; `one_line` also joins lines."""

    def read(node: Node, reading: Reading) -> str:
        scalar = text_node(node, reading, "text")
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
        found = text_node(node, reading, what).text.strip()
        if not found:
            raise reading.unreadable(f.EMPTY, node.place, f"nothing is written where {what} should be", "fill it in")
        return found

    return Shape(read, {"type": "string", "minLength": 1})


def choice(*words: str) -> Shape[Any]:
    """One of a few words."""

    def read(node: Node, reading: Reading) -> str:
        listed = ", ".join(words)
        found = text_node(node, reading, f"one of {listed}").text.strip()
        if found not in words:
            hint = several(found, words) or reading.near(found, words) or f"one of: {listed}"
            raise reading.unreadable(f.NOT_A_CHOICE, node.place, f"{quoted(found)} is not possible here", hint)
        return found

    return Shape(read, {"enum": list(words)})


def named(sort: Sort) -> Shape[str]:
    """The name of something that is defined elsewhere: a queue, an entry…"""

    def read(node: Node, reading: Reading) -> str:
        found = text_node(node, reading, f"the name of one {sort}").text.strip()
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
        refuse_nothing(node, reading, "a list")
        if isinstance(node, Table):
            raise reading.unreadable(
                f.WRONG_KIND, node.place, f"{shown(node)} where a list is expected", "begin each item with `- `"
            )
        if isinstance(node, Scalar) and node.plain and (bullet := bullet_of(node.text)):
            hint = f"begin each line with `- ` in place of {quoted(bullet.mark)}: {quoted(bullet.as_item)}"
            raise reading.unreadable(f.WRONG_KIND, node.place, f"{shown(node)} where a list is expected", hint)
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


def texts(item: Shape[str], *, least: int = 0) -> Shape[tuple[str, ...]]:
    """A list of words or sentences. A single text that looks like several of them is worth a warning."""
    return checked(list_of(item, least=least), _check_alone)


def one_for_several(node: Node, reading: Reading) -> str:
    """The way out if a single text was probably meant as several; else ""."""
    if not isinstance(node, Scalar) or not node.plain:
        return ""
    if reading.spans_lines(node):
        return "begin each line with `- `; if it is one text, put it in quotes"
    parts = [part.strip() for part in node.text.split(",") if part.strip()]
    if len(parts) < 2:  # noqa: PLR2004
        return ""
    return f"several are written as a list: [{', '.join(parts)}]; if it is one text, put it in quotes"


def _check_alone(_found: tuple[str, ...], node: Node, reading: Reading) -> None:
    if isinstance(node, Scalar) and (hint := one_for_several(node, reading)):
        reading.report(f.ONE_FOR_SEVERAL, node.place, f"{quoted(node.text)} is read as one text", hint)


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
        table = table_node(node, reading)
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
        table = table_node(node, reading, shapes, needed)
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
                hint = _missing_hint(key_needed, shapes[key_needed])
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


def looked_at(shape: Shape[T], check: Callable[[Node, Reading], None]) -> Shape[T]:
    """The shape, with a look at what is written, also where it cannot be read; `check` only reports."""

    def read(node: Node, reading: Reading) -> T:
        try:
            return shape.read(node, reading)
        finally:
            check(node, reading)

    return Shape(read, shape.schema)


def _missing_hint(key: str, shape: Shape[Any]) -> str:
    examples = shape.schema.get("examples")
    return f"add it, such as `{flow({key: examples[0]})[1:-1]}`" if examples else "add it"
