"""A node as the sort of node that is expected, or a fault that says what stands there instead."""

from __future__ import annotations

from collections.abc import Collection

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading.reading import Reading, Unreadable
from bot.content.reading.scalars import reads_as
from bot.content.reading.slips import meant_key, quoted_pair
from bot.content.reading.source import Broken, Listing, Node, Scalar, Table


def shown(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"text {quoted(node.text)}"
    if isinstance(node, Table) and node.pairs:
        return f"the key {quoted(node.pairs[0][0].text)}"
    return "a list" if isinstance(node, Listing) else "keys"


def scalar_node(node: Node, reading: Reading, expected: str) -> Scalar:
    """The node, if it is a single value and not an empty one."""
    refuse_nothing(node, reading, expected)
    if isinstance(node, Scalar):
        return node
    hint = "write a single value"
    if reading.line_at(node.place)[:1] in ("{", "[", "-"):
        hint += f"; a text that begins with `{reading.line_at(node.place)[:1]}` needs quotes"
    elif isinstance(node, Table) and len(node.pairs) == 1 and isinstance(value := node.pairs[0][1], Scalar):
        hint = f"a text with `: ` in it needs quotes: {quoted(quoted_pair(node.pairs[0][0].text, value.text))}"
    raise reading.unreadable(f.WRONG_KIND, node.place, f"{shown(node)} where {expected} is expected", hint)


def text_node(node: Node, reading: Reading, expected: str) -> Scalar:
    scalar = scalar_node(node, reading, expected)
    if scalar.plain and (trap := reads_as(scalar.text)):
        hint = f'put it in quotes: "{scalar.text[:40]}"'
        raise reading.unreadable(
            f.NOT_TEXT, scalar.place, f"YAML reads {quoted(scalar.text)} as {trap}, not as text", hint
        )
    return scalar


def table_node(node: Node, reading: Reading, known: Collection[str] = (), needed: Collection[str] = ()) -> Table:
    refuse_nothing(node, reading, "keys")
    if isinstance(node, Table):
        return node
    hint = "write `key: value` lines, without `- ` or `[` before them"
    if isinstance(node, Scalar):
        hint = "write `key: value`, with a blank after the colon"
        if needed:
            hint = f"write `key: value` lines: it needs {', '.join(map(quoted, needed))}"
        if node.plain and (meant := meant_key(reading.line_at(node.place), known)):
            hint = f"write {quoted(meant)}"
    raise reading.unreadable(f.WRONG_KIND, node.place, f"{shown(node)} where keys are expected", hint)


def refuse_nothing(node: Node, reading: Reading, expected: str) -> None:
    if isinstance(node, Broken):
        raise Unreadable
    if isinstance(node, Scalar) and node.plain and reads_as(node.text) == "nothing":
        is_item = reading.before(node.place).rstrip().endswith("-")
        hint = f"fill it in, or remove the {'line' if is_item else 'key'}"
        if reading.line_at(node.place).lstrip().startswith("#"):
            hint = "what follows `#` is left out: put it in quotes if it belongs to the text, or remove the key"
        raise reading.unreadable(f.EMPTY, node.place, f"nothing is written where {expected} should be", hint)
