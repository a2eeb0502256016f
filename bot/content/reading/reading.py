"""What the shapes of one file share while it is read: where faults go, which names exist, what stands where."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rapidfuzz import fuzz, process

from bot.content.faults import Fault, FileKind, Kind, Place, fault, quoted
from bot.content.reading.source import Scalar

Sort = Literal["entry", "category", "queue", "group", "calendar", "SLA", "ladder", "word list", "trigger"]

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

    def before(self, place: Place) -> str:
        """What stands in its line before it."""
        return self.lines[place.line - 1][: place.column - 1] if place.line <= len(self.lines) else ""

    def spans_lines(self, node: Scalar) -> bool:
        """Whether a text without quotes goes on in the next line."""
        return node.plain and bool(self.lines) and not self.line_at(node.place).startswith(node.text)

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


def _margin(before: str) -> int:
    """The column of the key or the dash that a text belongs to, of which `before` is the line up to the text."""
    lead = _LEAD.match(before)
    key = lead.end() if lead else 0
    return key if key < len(before) else before.rfind("-")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
