"""What somebody was shown when they looked at their requests, their queue or their Home tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.events.fact import Fact
from bot.core.saying import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShown(Fact):
    """The answer to `/tier1 status`, `queue` or `kb`, for nobody else to see. `words`: what was looked for."""

    words: str = ""
    what: Literal["status", "queue", "kb"]
    listing: Listing
    channel: str
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeShown(Fact):
    """Their Home tab, as it was published."""

    listing: Listing
