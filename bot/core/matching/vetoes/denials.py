"""What a message says is not wanted or not so: whatever is about just that is not asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from bot.core.matching.reading.negating import is_trouble
from bot.core.matching.reading.reader import NOT, Phrase, has_content
from bot.core.matching.vetoes.barring import Bar, Row, Tally

_SAY_LITTLE: Final = frozenset({"work", "use", "make", "go", "run"})
_NOTHING_ELSE: Final = "the message only says what is not wanted, or works again"


class Denials:
    """Finds the rows that are about what a message denies."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._tally = Tally(rows)
        self._rows_with: defaultdict[str, set[int]] = defaultdict(set)
        self._content = [{word for word in row.words if has_content(word)} for row in rows]
        for at, content in enumerate(self._content):
            for word in content:
                self._rows_with[word].add(at)
        self._entries = self._tally.entries(range(len(rows)))

    def bar(self, words: Phrase) -> Bar:
        """Return what is about that which these words deny; nothing that denies it too."""
        content = {word for word in words if has_content(word)}
        marked = sorted(word for word in content if word.startswith(NOT))
        if not marked:
            return Bar()
        denied = [bare for word in marked if (bare := word.removeprefix(NOT)) not in content | _SAY_LITTLE]
        denied.sort(key=is_trouble, reverse=True)  # which tells more of why
        agreeing = {at for word in marked for at in self._rows_with.get(word, ())}
        opposed: dict[int, str] = {}
        for word in denied:
            for at in self._rows_with.get(word, set()) - agreeing:
                if is_trouble(word) or 2 * len(self._content[at].intersection(denied)) >= len(self._content[at]):
                    opposed.setdefault(at, word)
        agree = self._tally.entries(agreeing)
        why: dict[int, str] = {}
        for at, word in opposed.items():
            said = "denies" if is_trouble(word) else "does not ask for"
            why.setdefault(self._rows[at].entry, f"it is about “{word}”, which the message {said}")
        out = {entry: why[entry] for entry in self._tally.mostly(opposed, agreeing)}
        doubted = {entry: reason for entry, reason in why.items() if entry not in agree}
        if len(marked) == len(content):
            doubted = {**dict.fromkeys(self._entries - agree, _NOTHING_ELSE), **doubted}
        return Bar(frozenset(opposed), out, {entry: why for entry, why in doubted.items() if entry not in out})
