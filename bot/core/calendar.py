"""Whether a calendar is open. Pure: the time is passed in, aware."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.rules import Calendar


def is_open(calendar: Calendar, now: datetime) -> bool:
    """Whether `now` falls in the calendar's hours and on none of the holidays that it lists by date."""
    if calendar.always_open:
        return True
    local = now.astimezone(ZoneInfo(calendar.timezone))
    for holiday in calendar.holidays:
        if holiday.first is not None and holiday.first <= local.date() <= (holiday.last or holiday.first):
            return False
    clock = local.time().replace(tzinfo=None)
    return any(opens <= clock < closes for opens, closes in calendar.weekly[local.weekday()])
