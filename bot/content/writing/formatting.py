"""One stable form for the knowledge base's files: keys in one order, two blanks a level, every comment kept. Pure.

Texts, quotes and lists stay as they were written; `layout` says what is done inside. What would mean something else
afterwards is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import yaml

from bot.content.entries import site, words
from bot.content.faults import Fault, Kind, Place, fault, in_order
from bot.content.reading.source import Broken, Listing, Node, Scalar, Table, parse_yaml
from bot.content.schema import FileSort
from bot.content.writing.layout import LOADER, Line, laid_out
from bot.errors import ContentError

ENTRY_ORDER = (
    "title",
    "summary",
    "phrasings",
    "patterns",
    "keywords",
    "confusable_with",
    "audience",
    "channels",
    "language",
    "state",
    "private",
    "owner",
    "review_by",
    "answer",
    "links",
    "steps",
    "collect",
    "follow_ups",
    "escalate",
    "tests",
    "notes",
    "source",
)
_ORDERS: Mapping[FileSort, Sequence[str]] = {
    "entry": ENTRY_ORDER,
    "site": tuple(site.SHAPE.schema["properties"]),
    "words": tuple(words.SHAPE.schema["properties"]),
}
_SCHEMA_LINE = re.compile(r"^\s*#\s*yaml-language-server\s*:", re.MULTILINE)
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
_Bare: TypeAlias = tuple[Any, ...]


def formatted(text: str, *, sort: FileSort = "entry", schema: str = "", file: str = "this text") -> str:
    """The text in the one form; of what is in it already, nothing changes.

    `schema` is the path of the JSON Schema, as seen from the file: its line is added if none is there. Raises
    `ContentError`, with every fault of YAML, for what cannot be read, and for what would not be the same afterwards.
    """
    source = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    source = source if source.endswith("\n") else f"{source}\n"
    before = _read(source, file)
    try:
        lines = _in_order(laid_out(source), _ORDERS.get(sort, ()))
    except ContentError as error:
        raise ContentError(f"{file}: {error}") from error
    lines = _without_spare_blanks(lines)
    if schema and not _SCHEMA_LINE.search(source):
        lines = [Line(f"# yaml-language-server: $schema={schema}"), *lines]
    result = "".join(f"{line.words}\n" for line in lines)
    if before != _read(result, file) or _comments(source) - _comments(result):
        raise ContentError(f"{file}: would not mean the same afterwards, so it is left as it is: format it by hand")
    return result


def _read(source: str, file: str) -> _Bare:
    """What the text says, without places; its top-level keys in any order."""
    faults: list[Fault] = []

    def report(kind: Kind, place: Place, message: str, hint: str = "") -> None:
        faults.append(fault("KB", kind, place, message, hint))

    if other := _OTHER_BREAKS.search(source):
        line = source.count("\n", 0, other.start()) + 1
        raise ContentError(f"{file}:{line}: a line break that editors do not show (U+{ord(other[0]):04X}): delete it")
    node = parse_yaml(source, file, report)
    if faults or node is None:
        raise ContentError("\n".join(map(str, in_order(faults))))
    if not isinstance(node, Table):
        raise ContentError(f"{node.place}: no keys: an entry is written as `key: value` lines")
    return tuple(sorted((key.text, _bare(value)) for key, value in node.pairs))


def _bare(node: Node) -> _Bare:
    match node:
        case Scalar():
            return node[1:]
        case Listing():
            return ("list", *map(_bare, node.items))
        case Table():
            return ("keys", *((_bare(key), _bare(value)) for key, value in node.pairs))
        case Broken():
            return ()


def _in_order(lines: list[Line], order: Sequence[str]) -> list[Line]:
    """Each top-level key with the comments above it, in the order given; others behind, as they stood.

    What stands before the first key stays first, what stands behind the last one stays last.
    """
    begins = [at for at, line in enumerate(lines) if line.key is not None]
    if not begins:
        return lines
    cuts = [begins[0], *(_with_comments_above(lines, at) for at in begins[1:])]
    end = _with_comments_above(lines, len(lines))
    blocks = [lines[since:to] for since, to in zip(cuts, [*cuts[1:], end], strict=True)]
    keys = [lines[at].key or "" for at in begins]
    place = {key: at for at, key in enumerate(order)}
    ranks = [place.get(key, len(order)) for key in keys]
    ordered = [block for _, block in sorted(zip(ranks, blocks, strict=True), key=lambda ranked: ranked[0])]
    return [*lines[: cuts[0]], *(line for block in ordered for line in block), *lines[end:]]


def _with_comments_above(lines: list[Line], at: int) -> int:
    """Where what belongs to the line at this position begins: blank lines and comments at the margin."""
    while at and (lines[at - 1].is_blank or lines[at - 1].is_outer_comment or lines[at - 1].words == "..."):
        at -= 1
    return at


def _without_spare_blanks(lines: list[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        # Behind a `|+` text a blank line would be part of it.
        if not line.is_blank or (kept and kept[-1].words and not kept[-1].keeps):
            kept.append(line)
    while kept and kept[-1].is_blank:
        kept.pop()
    return kept


def _comments(source: str) -> Counter[str]:
    """Every comment of the text, as often as it stands there."""
    lines = source.split("\n")
    for token in yaml.scan(source, Loader=LOADER):
        if isinstance(token, yaml.ScalarToken):
            _blot(lines, token)
    return Counter(line[line.index("#") :].strip() for line in lines if "#" in line)


def _blot(lines: list[str], token: yaml.ScalarToken) -> None:
    """Put other signs in the place of a text, which may have `#` in it."""
    start, end = token.start_mark, token.end_mark
    in_block = token.style in ("|", ">")
    for number in range(start.line + in_block, end.line + 1):
        if number < len(lines):
            since = start.column if number == start.line else 0
            to = end.column if number == end.line else len(lines[number])
            lines[number] = lines[number][:since] + "·" * (to - since) + lines[number][to:]
