"""What became of one attempt to say something, as data. What follows from it for the row and its lane is in `lanes`."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, assert_never

from bot.core.saying import Post, Said, Where
from bot.errors import StoreError
from bot.ports import Landed, Lease, Row
from bot.slack.pacing import pause
from bot.slack.troubles import NotSent, RateLimited, Refused, Trouble, Unclear

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Composed:
    """A saying in Slack's terms. `text` stands in notifications, and is all there is where `blocks` is None.

    `view`: the modal that it is, in place of both.
    """

    text: str
    blocks: list[dict[str, Any]] | None = None
    view: dict[str, Any] | None = None


class Compose(Protocol):
    """Called right before a saying with words in it is sent. `plain`: Slack refused the blocks, text alone has to do.

    May raise `StoreDown`. Any other exception counts as content that Slack would refuse.
    """

    def __call__(self, said: Said, *, plain: bool) -> Composed: ...


class Turn(Protocol):
    """Our turn in a lane."""

    @property
    def lease(self) -> Lease: ...

    def lasts(self) -> bool:
        """Whether the lane stays ours until one more request, and whatever it may still do in Slack, is over."""


@dataclass(frozen=True, slots=True)
class Told:
    """It is said. `landed` is where, for a message."""

    landed: Landed | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """It failed for a reason that passes. `ambiguous`: or it did not fail, and nobody knows."""

    error: str
    at: datetime
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Paused:
    """Too fast for this lane. Not an attempt."""

    until: datetime


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Slack does not accept us at all. Not an attempt."""

    error: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """The content is refused: plain text may pass."""

    error: str


@dataclass(frozen=True, slots=True)
class Hopeless:
    """Refused for good, whatever the words."""

    error: str


@dataclass(frozen=True, slots=True)
class Astray:
    """Its thread is gone, so it stands nowhere: `thread_ts` in `channel`, where `where` was to be.

    `left`: Slack's word for why it could not be taken back from the channel's root, where it stands then.
    """

    where: Where
    channel: str
    thread_ts: str
    left: str = ""


@dataclass(frozen=True, slots=True)
class Anew:
    """What it was to change is not there any more: it is said as a message of its own."""

    post: Post


@dataclass(frozen=True, slots=True)
class Dropped:
    """No longer to be said."""

    why: str


@dataclass(frozen=True, slots=True)
class Moved:
    """It belongs to another lane."""

    lane: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing is left to be written down for now: look at the lane afresh."""


@dataclass(frozen=True, slots=True)
class LeaseLost:
    """The lane may be somebody else's by now. Nothing was sent."""


Outcome = (
    Told | Later | Paused | TurnedAway | Unfit | Hopeless | Astray | Anew | Dropped | Moved | Settled | LeaseLost
)  # fmt: skip


def passing(trouble: Trouble, row: Row, now: datetime) -> Outcome:
    """What a trouble leads to for a call that may be repeated at will, its refusals being about the token."""
    match trouble:
        case RateLimited(wait):
            return Paused(now + wait)
        case NotSent(error) | Unclear(error):
            return Later(error, now + pause(row.attempts), ambiguous=row.ambiguous)
        case Refused(error):
            return TurnedAway(error)
    assert_never(trouble)


def composed(compose: Compose, row: Row) -> Composed | Unfit:
    """The row's words in Slack's terms, in plain text if Slack refused them once. Raises `StoreError` only."""
    try:
        words = compose(row.said, plain=row.plain)
        # slack_sdk would raise as well, but too late to tell it from a request's failure.
        json.dumps((words.blocks, words.view))
    except StoreError:
        raise
    except Exception as error:
        log.exception("%s cannot be composed", row.said.id)
        return Unfit(type(error).__name__)
    if not words.text.strip():
        return Unfit("no_text")
    return replace(words, blocks=None) if row.plain else words
