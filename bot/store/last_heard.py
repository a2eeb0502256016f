"""When something reached the bot last, by the clock that it lived by then: it may have been ahead of ours."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.errors import StoreError
from bot.store.codec import time_from_text
from bot.store.existing import opened


def last_heard(path: Path) -> datetime | None:
    """None if nothing has, or if there is no database to read it from: whoever opens that for good says why."""
    try:
        with opened(path) as connection:
            at = connection.execute("select max(at) from stimuli").fetchone()[0]
    except StoreError:
        return None
    return None if at is None else time_from_text(at)
