"""What neither letters nor vectors see: that two texts, however alike, differ in the one point that matters."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.entries import Entry, Words
from bot.core.matching.reading.reader import Phrase
from bot.core.matching.vetoes.barring import Bar, Row, joined
from bot.core.matching.vetoes.contraries import Contraries
from bot.core.matching.vetoes.denials import Denials
from bot.core.matching.vetoes.particulars import Particulars
from bot.core.matching.vetoes.subjects import Subjects


class Differences:
    """Those of a message to all rows: contraries, denials, another subject, other particulars. Only reads."""

    def __init__(self, entries: Sequence[Entry], rows: Sequence[Row], words: Words) -> None:
        self._contraries = Contraries(words, rows)
        self._denials = Denials(rows)
        self._particulars = Particulars(entries, rows, words.products)
        self._subjects = Subjects(rows)

    def bar(self, text: str, words: Phrase) -> Bar:
        """Return what follows from them. `words` are those of the text as `Reader` reads it."""
        by_words = (self._contraries.bar(words), self._denials.bar(words), self._subjects.bar(words))
        return joined((*by_words, self._particulars.bar(text)))
