"""What specialists say of entries that are not as they should be, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged(Fact):
    """A specialist says that an entry needs an editor, and in `words` why. `told`: the channel that reads of it.

    `position` is that of the message that showed the entry; 0 if none did.
    """

    entry: str
    words: str
    told: str
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagFixed(Fact):
    """An editor has seen to what was flagged at `position`; `told` as there."""

    position: int
    told: str
