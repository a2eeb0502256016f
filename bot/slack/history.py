"""The history on a card: who passed the case on, from whom to whom, and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core import sentences
from bot.core.events import BOT
from bot.core.saying import HopSaid
from bot.slack import richtext
from bot.slack.limits import Room, cut
from bot.slack.richtext import Element
from bot.slack.wording import Known, in_line

_TITLE = "History"
_MOST = 10  # the newest; the transcript has them all
_REASON = 300
_US = "Support bot"


def drawn(hops: Sequence[HopSaid], known: Known, room: Room) -> list[Element]:
    """The newest hops, oldest first; nothing for a case that stayed where it was."""
    if not hops:
        return []
    heading = richtext.section(richtext.literal(_TITLE, bold=True))
    room.left -= len(_TITLE)
    items = []
    for hop in hops[-_MOST:]:
        way, why = room.take(_way(hop, known)), room.take(_why(hop, known))
        items.append(
            richtext.section(*([richtext.literal(way, bold=True)] if way else []), richtext.literal(f": {why}"))
        )
    return [heading, richtext.bullets(items)]


def told(hops: Sequence[HopSaid], known: Known) -> list[str]:
    """The same as lines of text."""
    return [f"• {_way(hop, known)}: {_why(hop, known)}" for hop in hops[-_MOST:]]


def _way(hop: HopSaid, known: Known) -> str:
    at = f"{datetime.fromtimestamp(hop.at, UTC):%Y-%m-%d %H:%M} UTC"
    before, after = _who(hop.from_role, hop.from_owner, known), _who(hop.to_role, hop.to_owner, known)
    by = _US if hop.by == BOT else known.name(hop.by)
    return f"{at} {by}: {before} → {after}"


def _who(role: str, owner: str, known: Known) -> str:
    return f"{in_line(role)} ({known.name(owner)})" if owner else in_line(role)


def _why(hop: HopSaid, known: Known) -> str:
    if hop.by == BOT:
        return sentences.HOP_MOVED_UP
    return cut(in_line(known.words_of(hop.why)), _REASON)
