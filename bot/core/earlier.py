"""What a customer's earlier cases say to whoever gets the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

LISTED = 3  # earlier cases that a card names


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """`outcome` is "" while it is not over. `entry`: the last one it was about; `queue`: who had it, "" for the bot."""

    case: str
    opened_at: datetime
    outcome: str = ""
    entry: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Unhelped:
    """In this case the entry was an answer that did not help."""

    case: str
    entry: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A person's cases, test traffic aside: how many, the `last` of them, newest first, and what did not help."""

    count: int = 0
    last: tuple[EarlierCase, ...] = ()
    unhelped: tuple[Unhelped, ...] = ()

    def before(self, case: str, *, is_counted: bool) -> Earlier:
        """The same as seen from one case, which may be among them: what came before it, in as much as a card needs."""
        return Earlier(
            self.count - is_counted,
            tuple(one for one in self.last if one.case != case)[:LISTED],
            tuple(one for one in self.unhelped if one.case != case),
        )

    def closed(self, case: str, outcome: str) -> Earlier:
        """The same once this case is over."""
        last = tuple(replace(one, outcome=outcome) if one.case == case else one for one in self.last)
        return replace(self, last=last)

    def did_not_help(self, entry: str) -> bool:
        return any(one.entry == entry for one in self.unhelped)
