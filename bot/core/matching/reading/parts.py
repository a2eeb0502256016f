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
    """Words to compare. `is_whole`: they are no single sentence."""

    said: Phrase
    has_content: bool = True
    is_whole: bool = False


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
    pairs = list(zip(reading.sentences, reading.said, strict=True))
    yield _part([piece for stems, said in pairs for piece in _wanted(stems, said)], is_whole=True)
    edges = pairs if len(pairs) <= 2 * _EDGE_SENTENCES else pairs[:_EDGE_SENTENCES] + pairs[-_EDGE_SENTENCES:]
    for stems, said in edges:
        pieces = _wanted(stems, said)
        yield _part(pieces)
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


def _part(pieces: Sequence[tuple[Phrase, Phrase]], *, is_whole: bool = False) -> Part:
    said = tuple(word for _, words in pieces for word in words)[:_LONGEST]
    return Part(said, has_content=any(_any_content(stems) for stems, _ in pieces), is_whole=is_whole)


def _any_content(stems: Phrase) -> bool:
    return any(map(has_content, stems))
