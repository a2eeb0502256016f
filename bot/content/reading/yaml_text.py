"""Plain values as YAML that reads back as the same: keys, lists, texts, numbers, true and false. Pure.

Words stand without quotes only where no reader of YAML takes them for something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.content.reading.scalars import reads_as

Tree: TypeAlias = "str | int | float | bool | list[Tree] | dict[str, Tree]"
Path: TypeAlias = tuple[str | int, ...]

_WIDTH = 100
_LONGEST_KEY = 200  # YAML asks for a `?` before keys of over 1024 characters
_PLAIN = re.compile(r"[A-Za-z0-9][\w./@+-]*(?: [\w./@+-]+)*(?:/\*)?", re.ASCII)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}


class Bare(str):
    """A text that stands without quotes, such as a date: whoever reads it knows."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Margin:
    """What is written beside the values: behind the one at a path, "" for nothing; and below the keys at a path."""

    behind: Callable[[Path], str] = lambda _: ""
    below: Callable[[Path], tuple[str, ...]] = lambda _: ()


def flow(tree: Tree) -> str:
    """The value on one line."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(flow, tree)) + "]"
    if isinstance(tree, bool):
        return "true" if tree else "false"
    if isinstance(tree, float):
        return f"{tree:.9f}".rstrip("0").rstrip(".")
    if isinstance(tree, (int, Bare)):
        return str(tree)
    if _PLAIN.fullmatch(tree) and not reads_as(tree):
        return tree
    return '"' + "".join(map(_escaped, tree)) + '"'


def block(tree: Mapping[str, Tree], margin: Margin, path: Path = ()) -> Iterator[str]:
    """The keys, each on a line of its own; those below the first level on one line if it is short and marked alike."""
    for key, value in tree.items():
        here = (*path, key)
        name = flow(key)
        if len(name) > _LONGEST_KEY:
            yield f"? {name}"
            name = ""
        if (line := _on_one_line(f"{name}: ", value, margin, here)) is not None:
            yield line
        else:
            yield f"{name}:" + (margin.behind(here) if _is_single(value) else "")
            yield from (f"  {inner}" for inner in _below(value, margin, here))
        if not isinstance(value, list):
            yield from (f"  # {remark}" for remark in margin.below(here))


def _below(value: Tree, margin: Margin, path: Path) -> Iterator[str]:
    if isinstance(value, dict):
        yield from block(value, margin, path)
    for position, item in enumerate(value if isinstance(value, list) else ()):
        here = (*path, position)
        if (line := _on_one_line("- ", item, margin, here)) is not None:
            yield line
        elif isinstance(item, dict):
            yield from (f"{'  ' if number else '- '}{inner}" for number, inner in enumerate(block(item, margin, here)))


def _on_one_line(head: str, value: Tree, margin: Margin, path: Path) -> str | None:
    line = head + flow(value)
    if not isinstance(value, (dict, list)) or not value:
        return line + margin.behind(path)
    if len(line) > _WIDTH or (isinstance(value, list) and not _is_single(value)):
        return None
    if _is_single(value):
        return line + margin.behind(path)
    marks = {margin.behind(inner) for inner in _values(value, path)}
    if len(path) == 1 or len(marks) > 1 or margin.below(path):
        return None
    return line + "".join(marks)


def _is_single(value: Tree) -> bool:
    """Whether it is one value: a word, a number, or a list of them."""
    return not isinstance(value, dict) and not (
        isinstance(value, list) and any(isinstance(i, (dict, list)) for i in value)
    )


def _values(tree: Tree, path: Path) -> Iterator[Path]:
    """The paths of all single values."""
    if _is_single(tree) or not tree:
        yield path
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from _values(value, (*path, key))
    elif isinstance(tree, list):
        for position, value in enumerate(tree):
            yield from _values(value, (*path, position))


def _escaped(char: str) -> str:
    if char in _ESCAPES or char.isprintable():
        return _ESCAPES.get(char, char)
    code = ord(char)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
