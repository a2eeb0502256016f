"""The buttons of one message or tab, as Slack's elements: an id of its own for each, and what its press needs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.core.saying import Button
from bot.core.widths import width
from bot.slack import buttons
from bot.slack.limits import ACTION_ID, ACTIONS, BUTTON_LABEL, BUTTON_VALUE, Room
from bot.slack.wording import Block, in_line


class Drawing:
    """`case` and `position` are those of what is said, `asker` who alone may press outside any case."""

    def __init__(self, case: str, position: int, asker: str, room: Room) -> None:
        self._case, self._position, self._asker, self._room = case, position, asker, room
        self._drawn = Counter[str]()

    def row(self, wanted: Iterable[Button]) -> list[Block]:
        """The buttons beside each other, as many as a row takes; no block if there are none."""
        elements = self.elements(wanted)
        return [{"type": "actions", "elements": elements}] if elements else []

    def elements(self, wanted: Iterable[Button]) -> list[Block]:
        return [element for button in list(wanted)[:ACTIONS] if (element := self._element(button)) is not None]

    def _element(self, button: Button) -> Block | None:
        about = (button.case, button.position) if button.case else (self._case, self._position)
        value = buttons.written(buttons.Carried(*about, button.choice, self._asker))
        action = buttons.action_id(button.kind, self._drawn[button.kind])
        # A value that was cut would be another press.
        if width(value) > BUTTON_VALUE or width(action) > ACTION_ID:
            return None
        self._drawn[button.kind] += 1
        label = self._room.take(in_line(button.label) or button.kind.replace("_", " ") or "…", BUTTON_LABEL)
        text = {"type": "plain_text", "text": label, "emoji": False}
        style = {"style": button.style} if button.style else {}
        return {"type": "button", "action_id": action, "text": text, "value": value, **style}
