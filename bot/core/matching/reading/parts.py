"""The parts of a message that may each be its question: the whole, its sentences, and what is left of denials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bot.core.matching.reading.reader import NOT, Phrase, Reading, has_content

_EDGE_SENTENCES: Final = 4  # of a long message: as many from its start and from its end
_LONGEST: Final = 120  # words


@dataclass(frozen=True, slots=True)
class Part:
    """Words to compare. `is_whole`: they are no single sentence; `sentence`: which one, if they are all of it."""

    said: Phrase
    has_content: bool = True
    is_whole: bool = False
    sentence: int | None = None


def parts_of(reading: Reading) -> list[Part]:
    """Return the parts worth a comparison, the whole first, each wording once.

    First the whole as it is, politeness and denials included; what is not wanted is cut out of the others.
    """
    found: dict[Phrase, Part] = {}
    for part in _parts(reading):
        found.setdefault(part.said, part)
    parts = [part for part in found.values() if part.said]
    return [part for part in parts if part.has_content] or parts


def _parts(reading: Reading) -> Iterator[Part]:
    yield Part(reading.whole[:_LONGEST], _any_content(reading.words), is_whole=True)
    wanted = [_wanted(stems, said) for stems, said in zip(reading.sentences, reading.said, strict=True)]
    yield _part([piece for pieces in wanted for piece in pieces], is_whole=True)
    places = range(len(wanted))
    edges = places if len(wanted) <= 2 * _EDGE_SENTENCES else [*places[:_EDGE_SENTENCES], *places[-_EDGE_SENTENCES:]]
    for at in edges:
        pieces = wanted[at]
        yield _part(pieces, sentence=at)
        if len(pieces) > 1:
            yield from (_part([piece]) for piece in pieces)


def _wanted(stems: Phrase, said: Phrase) -> list[tuple[Phrase, Phrase]]:
    """Return the runs of words that are not denied, as stems and as said; without those that only lead to a denial."""
    runs: list[tuple[Phrase, Phrase]] = []
    for is_denied, run in groupby(zip(stems, said, strict=True), key=lambda pair: pair[0].startswith(NOT)):
        if not is_denied:
            pairs = list(run)
            runs.append((tuple(stem for stem, _ in pairs), tuple(word for _, word in pairs)))
    if any(stem.startswith(NOT) for stem in stems):
        runs = [run for run in runs if _any_content(run[0])]
    return runs


def _part(pieces: Sequence[tuple[Phrase, Phrase]], *, is_whole: bool = False, sentence: int | None = None) -> Part:
    said = tuple(word for _, words in pieces for word in words)[:_LONGEST]
    return Part(said, any(_any_content(stems) for stems, _ in pieces), is_whole, sentence)


def _any_content(stems: Phrase) -> bool:
    return any(map(has_content, stems))
