"""What every event says: when it was, and who did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    at: datetime
    actor: str  # a user id, or `BOT`
