"""Pairs such as install and uninstall: who says one of the two does not ask about the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from bot.core.entries import Words
from bot.core.matching.reading.reader import NOT, Phrase, Reader, has_content
from bot.core.matching.vetoes.barring import Bar, Row, Tally, joined
from bot.core.matching.vetoes.guards import Phrases

_PREFIXES: Final = ("un", "dis", "de")  # archive, unarchive
_SWAPPED: Final = (
    ("up", "down"), ("in", "out"), ("on", "off"), ("over", "under"), ("pre", "post"), ("im", "ex"), ("in", "ex"),
    ("in", "de"), ("en", "dis"), ("en", "de"),
)  # fmt: skip
_ONCE_MORE: Final = "re"  # to reopen a case is not to open one, yet may be what the entry is good for
_SHORTEST: Final = 3  # letters of what a prefix stands before
_SWITCHING: Final = frozenset({"turn", "switch", "power", "toggl", "toggle", "flip", "shut"})
_WORDS_KEPT: Final = 4_096  # with what is made of them: people use the same words over and over
_NO_BASE: Final = frozenset({"abl", "lin"})  # "not able" is unable, "does not come online" is offline

_Pair = tuple[Phrase, Phrase]


class Contraries:
    """The listed pairs, and those that English makes with prefixes."""

    def __init__(self, words: Words, rows: Sequence[Row]) -> None:
        self._pairs = _pairs_of(words)
        self._pairs_with: defaultdict[Phrase, list[int]] = defaultdict(list)
        for at, (phrase, _) in enumerate(self._pairs):
            self._pairs_with[phrase].append(at)
        self._listed = Phrases(self._pairs_with)
        self._tally = Tally(rows)
        self._rows = rows
        self._only_first: dict[_Pair, set[int]] = {pair: set() for pair in self._pairs}
        self._rows_with: defaultdict[str, set[int]] = defaultdict(set)
        self._written: defaultdict[str, set[str]] = defaultdict(set)
        for at, row in enumerate(rows):
            for pair in self._one_sided(row.words):
                self._only_first[pair].add(at)
            for word in _asserted(row.words):
                self._rows_with[word].add(at)
                self._written[_bare(word)].add(word)

    def bar(self, words: Phrase) -> Bar:
        """Return what speaks of the contrary of what these words say."""
        return joined((self._by_list(words), *self._by_prefix(words)))

    def _by_list(self, words: Phrase) -> Bar:
        rows: set[int] = set()
        entries: dict[int, str] = {}
        for pair in self._one_sided(words):
            phrase, contrary = pair
            opposed = self._only_first[contrary, phrase]
            rows |= opposed
            for entry in self._tally.mostly(opposed, self._only_first[pair]):
                entries[entry] = _about(" ".join(contrary), " ".join(phrase))
        return Bar(frozenset(rows), entries)

    def _one_sided(self, words: Phrase) -> list[_Pair]:
        """Return the pairs of which a text says the first and not the second, in the order of the lists."""
        said = self._listed.within(words)
        if _SWITCHING.isdisjoint(words):
            # "On my list" and "off the list" are no contraries, "turn it on" and "turn it off" are.
            said = frozenset(phrase for phrase in said if any(map(has_content, phrase)) or phrase == words[-1:])
        found = sorted(at for phrase in said for at in self._pairs_with.get(phrase, ()))
        return [self._pairs[at] for at in found if self._pairs[at][1] not in said]

    def _by_prefix(self, words: Phrase) -> Iterator[Bar]:
        said = _asserted(words)
        heard = {_bare(word) for word in words}
        for word in sorted(said):
            for other in self._others(word):
                if _bare(other) not in heard:
                    yield self._against(word, other)

    def _others(self, word: str) -> Iterator[str]:
        """Yield what English makes of a word with prefixes, as it is written here."""
        for other in _made_of(_bare(word)):
            if other in self._written:
                yield from sorted(self._written[other])

    def _against(self, word: str, other: str) -> Bar:
        """What English makes of a word need not be its contrary: to trust is not the point of "remove trust"."""
        agreeing = self._rows_with.get(word, set())
        opposed = self._rows_with[other] - agreeing
        why = _about(other, word)
        return Bar(doubted=dict.fromkeys(self._tally.mostly(opposed, agreeing), why))


def _about(entry: str, message: str) -> str:
    return f"it is about “{entry}”, the message about “{message}”"


def _asserted(words: Phrase) -> set[str]:
    """Return the words with content that are not denied: what is "not connected" is not taken for connected."""
    return {
        word
        for before, word in zip(("", *words), words, strict=False)
        if word.isalpha() and before != "not" and has_content(word) and not word.startswith(NOT)
    }


def _bare(word: str) -> str:
    return word.removesuffix("e")  # the stem of `mute` has it, that of `unmute` has not


@lru_cache(maxsize=_WORDS_KEPT)
def _made_of(word: str) -> tuple[str, ...]:
    return (*_contraries_of(word), *_once_more(word))


def _contraries_of(word: str) -> Iterator[str]:
    for prefix in _PREFIXES:
        if _is_base(word):
            yield prefix + word
        if word.startswith(prefix) and _is_base(word.removeprefix(prefix)):
            yield word.removeprefix(prefix)
    for pair in _SWAPPED:
        for one, other in (pair, pair[::-1]):
            if word.startswith(one) and _is_base(word.removeprefix(one)):
                yield other + word.removeprefix(one)


def _is_base(word: str) -> bool:
    return len(word) >= _SHORTEST and word not in _NO_BASE


def _once_more(word: str) -> Iterator[str]:
    if _is_base(word):
        yield _ONCE_MORE + word
    if word.startswith(_ONCE_MORE) and _is_base(word.removeprefix(_ONCE_MORE)):
        yield word.removeprefix(_ONCE_MORE)


@lru_cache(maxsize=2)  # a matcher for a single entry is built over and over again with the same lists
def _pairs_of(words: Words) -> tuple[_Pair, ...]:
    reader = Reader((), words)  # phrases are not corrected, so that it need not know the entries
    both = [(reader.phrase(one), reader.phrase(other)) for one, other in words.opposites]
    return tuple(pair for one, other in both if one and other for pair in ((one, other), (other, one)))
