"""What a text is once its variables are filled in, how long that is, and how long Slack lets it be. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.widths import width

# Slack takes 12,400 characters in one message, 12,000 of them in the text itself; the title, the buttons and a line on
# what came of it need the rest. Links stand below the answer and count with it.
LONGEST_ANSWER = 11_000
LONGEST_STEP = 3_000  # what one section of a message shows, `say` and `ask` together
LONGEST_SUMMARY = 150  # what a notification shows on a phone
LONGEST_NAME = 80  # the most that a Slack profile's name has: nobody may be too long to be answered
CASE_NUMBER = "X" * 8

VARIABLE = re.compile(r"\{\{([^{}\n]*)\}\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled in. `fills`: where each value stands now, and where its variable stood."""

    text: str
    fills: tuple[tuple[range, range, str], ...] = ()

    def written(self, found: range) -> range:
        """Where the characters at `found` come from: the whole variable where some are from its value."""
        return range(self._origin(found.start).start, self._origin(found.stop - 1).stop)

    def variable_at(self, found: range) -> str:
        """The variable whose value holds all of these characters, or ""."""
        return next((name for now, _, name in self.fills if now.start <= found.start and found.stop <= now.stop), "")

    def _origin(self, at: int) -> range:
        shift = 0
        for now, before, _ in self.fills:
            if at < now.start:
                break
            if at < now.stop:
                return before
            shift = before.stop - now.stop
        return range(at + shift, at + shift + 1)


def filled(markdown: str, values: Mapping[str, str]) -> Filled:
    """The text as it is sent; a variable without a value stays as it is. Values are filled in once, not looked into."""
    parts: list[str] = []
    fills: list[tuple[range, range, str]] = []
    length = at = 0
    for variable in VARIABLE.finditer(markdown):
        name = variable[1].strip()
        if name not in values:
            continue
        parts += (markdown[at : variable.start()], values[name])
        begin = length + variable.start() - at
        length = begin + len(values[name])
        fills.append((range(begin, length), range(*variable.span()), name))
        at = variable.end()
    return Filled("".join([*parts, markdown[at:]]), tuple(fills))


def filled_width(markdown: str, values: Mapping[str, str]) -> int:
    """How long the text is once it is filled in, without filling it: that might take more room than there is."""
    if "{{" not in markdown:
        return width(markdown)
    found = ((variable[0], values.get(variable[1].strip())) for variable in VARIABLE.finditer(markdown))
    return width(markdown) + sum(width(value) - width(written) for written, value in found if value is not None)
