"""A matcher that ranks a text once for all who ask soon after each other: two sides of a replay ask the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Set as AbstractSet

from bot.core.matches import Matcher, Ranking

_REMEMBERED = 1_000  # texts


class RankedOnce:
    """As the matcher it stands for."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._found: OrderedDict[tuple[str, AbstractSet[str] | None], Ranking] = OrderedDict()

    @property
    def version(self) -> str:
        return self._matcher.version

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        known = self._found.get((text, visible))
        if known is None:
            known = self._found[text, visible] = self._matcher.rank(text, visible)
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
        return known

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        return self._matcher.explain(text, visible)
