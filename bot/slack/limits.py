"""What Slack takes in one message, and how to stay below it. Pure.

From https://docs.slack.dev/reference/block-kit/blocks/ and the validators of slack_sdk. Lengths are counted in UTF-16
units, the most that anybody counts. That all text of a message's blocks together has a limit is written nowhere; a
little above 13,000 Slack answers `msg_blocks_too_long`: https://github.com/slackapi/bolt-js/issues/2509
"""

from __future__ import annotations

from bot.core.widths import width
from bot.slack.markup import escaped

ALL_TEXT = 12_400
MARKDOWN = 12_000
SECTION = 3_000
HEADER = 150
BLOCKS = 50
VIEW_BLOCKS = 100
ACTIONS = 25
BUTTON_LABEL = 75
BUTTON_VALUE = 2_000
ACTION_ID = 255
LINK = 3_000
TEXT = 3_900  # beyond 4,000 an update is refused
WHOLE_PAGE = 12_000  # of a post that must not lose a word; Slack cuts a post at 40,000

_MORE = "…"


def cut(text: str, limit: int) -> str:
    """Return the text, or as much of its beginning as fits with `…` behind it."""
    if width(text) <= limit:
        return text
    if limit < 1:
        return ""
    kept = text[: limit - 1]
    while width(kept) > limit - 1:
        kept = kept[: -max(1, (width(kept) - limit + 1) // 2)]
    return kept.rstrip() + _MORE


def cut_escaped(text: str, limit: int) -> str:
    """Return plain text escaped, cut like `cut` and never inside an entity."""
    kept = cut(text, limit)
    while (over := width(escaped(kept)) - limit) > 0:
        kept = cut(kept, width(kept) - max(1, over // 5))
    return escaped(kept)


class Room:
    """How much text still fits into one message."""

    def __init__(self, left: int = ALL_TEXT) -> None:
        self.left = left

    def take(self, text: str, limit: int | None = None) -> str:
        """Return as much of a text as fits, at most `limit`, and keep account of it."""
        kept = cut(text, self.left if limit is None else min(self.left, limit))
        self.left -= width(kept)
        return kept

    def take_escaped(self, text: str, limit: int) -> str:
        """The same for plain text that has to be escaped."""
        kept = cut_escaped(text, max(0, min(self.left, limit)))
        self.left -= width(kept)
        return kept

    def has(self, needed: int) -> bool:
        return self.left >= needed
