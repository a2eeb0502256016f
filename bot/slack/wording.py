"""What turning contents into messages rests on: names, words and sentences as they are shown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.saying import Words
from bot.slack.limits import Room, cut
from bot.slack.markup import SOMEONE

Block = dict[str, Any]

_REMOVED = "[removed]"
_NO_WORDS = "(no words)"
_NAME = 80


@dataclass(frozen=True, slots=True)
class Worded:
    """A content as a message: `brief` to notify, `full` to stand alone, both plain text; `blocks` without buttons."""

    brief: str
    full: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Known:
    """What a message may show of people: their words, their names, and where they wrote."""

    words: Mapping[Words, str]
    name_of: Callable[[str], str]
    permalink_of: Callable[[str, str], str | None]

    def name(self, user: str) -> str:
        return self._known_name(user) or SOMEONE

    def first_name(self, user: str) -> str:
        """The first word of a name; "" if nobody knows it."""
        return self._known_name(user).partition(" ")[0]

    def words_of(self, ref: Words, start: int = 0, end: int | None = None) -> str:
        """A person's words from `start` to `end`. Never empty."""
        if ref not in self.words:
            return _REMOVED
        words = self.words[ref]
        if not words.strip():
            return _NO_WORDS
        return words[start:end].strip() or "…"

    def sentence(self, text: str, who: str) -> str:
        """A sentence of ours with the name of `who` in it."""
        filled = text.replace("{who}", self.name(who))
        return filled[:1].upper() + filled[1:] if text.startswith("{who}") else filled

    def _known_name(self, user: str) -> str:
        name = in_line(self.name_of(user)) if user else ""
        return "" if name == user else cut(name, _NAME)


def in_line(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def section(sentence: str, room: Room, limit: int) -> list[Block]:
    """A sentence of ours as a block; none if it is blank."""
    text = room.take_escaped(sentence.strip(), limit)
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}] if text else []
