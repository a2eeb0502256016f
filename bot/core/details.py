"""What a case remembers of what its customer was asked before people take over, and of the files they sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.entries import CollectField
from bot.core.events.people import HandedOff


@dataclass(frozen=True, slots=True)
class Detail:
    """A field that was asked, with its question. `position`: of the event with what they said; None: skipped.

    `asked_at`: the position of our last question for it; None if it was given before we came to it.
    """

    field: str
    ask: str
    position: int | None = None
    asked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """How many files are named beneath the words at a position."""

    position: int
    count: int


@dataclass(frozen=True, slots=True)
class Collecting:
    """What is asked before `handoff`: the `fields` that are left of so many; the first of them at positions `asked`."""

    handoff: HandedOff
    fields: tuple[CollectField, ...]
    of: int
    asked: tuple[int, ...] = ()

    @property
    def present(self) -> CollectField | None:
        """What is being asked."""
        return self.fields[0] if self.fields else None

    @property
    def number(self) -> int:
        """Of the question that is being asked, counted from 1."""
        return self.of - len(self.fields) + 1

    def having_asked(self, position: int) -> Collecting:
        return replace(self, asked=(*self.asked, position))

    def without(self, field: str) -> Collecting:
        """The same once this field is answered, or skipped."""
        left = tuple(one for one in self.fields if one.field != field)
        return replace(self, fields=left, asked=self.asked if left[:1] == self.fields[:1] else ())


def with_detail(
    details: tuple[Detail, ...], collecting: Collecting | None, field: str, position: int | None
) -> tuple[Detail, ...]:
    """The details once this field was given at `position`, or skipped."""
    asked = next((one for one in collecting.fields if one.field == field), None) if collecting else None
    if collecting is None or asked is None:
        return details
    asked_at = collecting.asked[-1] if collecting.asked and asked == collecting.present else None
    rest = tuple(one for one in details if (one.field, one.ask) != (field, asked.ask))
    return (*rest, Detail(field, asked.ask, position, asked_at))
