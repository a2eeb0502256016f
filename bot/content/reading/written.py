"""A value beside the node it was read from, for checks that ask both what it says and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic

from bot.content.faults import Place
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Shape, T
from bot.content.reading.source import Listing, Node, Scalar, Table


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """`whole`: nothing in it was refused, so that the value says all that is written."""

    value: T
    node: Node
    whole: bool


def with_node(shape: Shape[T]) -> Shape[Written[T]]:
    def read(node: Node, reading: Reading) -> Written[T]:
        before = len(reading.faults)
        found = shape.read(node, reading)
        return Written(found, node, all(fault.level != "error" for fault in reading.faults[before:]))

    return Shape(read, shape.schema)


def node_at(node: Node, *path: str | int) -> Node | None:
    """What stands at the end of a path of keys and positions; None if there is nothing."""
    found: Node | None = node
    for step in path:
        if isinstance(found, Table) and isinstance(step, str):
            found = next((value for name, value in found.pairs if name.text.strip() == step), None)
        elif isinstance(found, Listing) and isinstance(step, int) and step < len(found.items):
            found = found.items[step]
        else:
            return None
    return found


def place_at(node: Node, *path: str | int) -> Place:
    """Where that stands, or the last thing on the way to it."""
    reached = (node_at(node, *path[:steps]) for steps in range(len(path), 0, -1))
    return next((found for found in reached if found is not None), node).place


def keys_of(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.pairs if isinstance(node, Table) else ()


def items_of(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Listing) else ()


def says_nothing(node: Node | None) -> bool:
    """No such key, or an empty list."""
    return node is None or (isinstance(node, Listing) and not node.items)


def said_again(items: Node, key: str) -> Iterator[tuple[Scalar, Scalar]]:
    """Of a list, what stands under the key and stood there before, with where it stood first."""
    first: dict[str, Scalar] = {}
    for item in items_of(items):
        found = node_at(item, key)
        if isinstance(found, Scalar):
            words = " ".join(found.text.split())
            if words in first:
                yield found, first[words]
            first.setdefault(words, found)
