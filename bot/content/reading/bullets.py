"""Lines that begin with a bullet, a long dash or a number where YAML has `- `: how word processors make lists. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

_BULLET = re.compile(r"(?P<mark>[\u2022\u2023\u25e6\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1\u00b7\u27a2])\s*(?=\S)")
_DASH = re.compile(r"(?P<mark>[\u2013\u2014\u2192*])\s+(?=\S)")
_NUMBER = re.compile(r"(?P<mark>[0-9]{1,2}[.)])\s+(?=\S)")


class Bullet(NamedTuple):
    """What stands in place of the dash, and the words behind it; `sort` is alike for all lines of one list."""

    mark: str
    words: str
    sort: str
    is_sure: bool  # whether no sentence begins so

    @property
    def as_item(self) -> str:
        """The line as YAML has it."""
        return f"- {self.words}"


def bullet_of(line: str) -> Bullet | None:
    """The bullet that the line begins with, blanks aside."""
    words = line.strip()
    for pattern in (_BULLET, _DASH, _NUMBER):
        if found := pattern.match(words):
            sort = "number" if pattern is _NUMBER else found["mark"]
            return Bullet(found["mark"], words[found.end() :], sort, pattern is _BULLET)
    return None


def as_item(line: str) -> str:
    """The line as an item of a list, without a bullet of its own."""
    bullet = bullet_of(line)
    return bullet.as_item if bullet else f"- {line.strip()}"
