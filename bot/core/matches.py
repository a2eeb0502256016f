"""What a matcher gives: the shapes that every matcher, however it works inside, shares with the rest of the house."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, Protocol

Band = Literal["sure", "unsure", "none"]


@dataclass(frozen=True, slots=True)
class Match:
    """`confidence` is 0 to 1, rounded to four digits, so that equal means equal everywhere."""

    entry: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best three entries whatever the band, best first, each once; ties fall to the lower id.

    `sure`: the first is the answer. `unsure`: `matches` may be offered. `none`: nothing fits well enough.
    """

    band: Band
    matches: tuple[Match, ...] = ()
    offered: tuple[Match, ...] = ()  # when unsure: those worth offering, a part of `matches`
    phrasing: str = ""  # the phrasing, title or pattern that won
    also: Match | None = None  # when sure: what a second, clearly other question in the same text asks for

    @property
    def best(self) -> Match | None:
        return self.matches[0] if self.matches else None

    @property
    def margin(self) -> float:
        """How far the best is ahead of the next; all of its confidence if there is no other."""
        first, second, *_ = *(match.confidence for match in self.matches), 0.0, 0.0
        return round(first - second, 4)


class Matcher(Protocol):
    """Finds the entries a text may be asking for. The same knowledge base and text always give the same answer."""

    @property
    def version(self) -> str:
        """A short hash of all that the ranking depends on."""

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        """Rank the entries whose id is in `visible` (None: all that are served). Never raises for any text."""

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        """Say how `rank` comes to what it returns, in one plain sentence per step."""
