"""Phrasings that stand in two entries, letter by letter or with the same words that carry meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from bot.content import faults as f
from bot.content.entries.shape import EntryFile
from bot.content.faults import Place, quoted
from bot.core.entries import Audience
from bot.core.matching.reading.english import stem
from bot.core.matching.reading.reader import NOT, has_content

_BETWEEN_WORDS = re.compile(r"\W+")
_SERVED = frozenset({"trial", "live"})
_MOST_COMPARED = 20  # entries that say the same: whoever adds the next is told of one of them
# Without content beside others, and yet they turn a sentence round.
_TURNING = frozenset(map(stem, ("not", "no", "never", "nor", "off", "out", "up", "down", "over", "under")))

_Meaning = frozenset[str]


def check_phrasings(
    files: Mapping[str, EntryFile], read: Callable[[str], tuple[str, ...]], audience: frozenset[Audience]
) -> None:
    """Report, to each file's own reading, what it says like an entry before it.

    `read` gives a text as the matcher compares it; `audience` is the site's.
    """
    sayings = [_sayings(file, audience) for file in files.values()]
    _check_repeated(sayings)
    _check_overlapping([each for each in sayings if each.file.state in _SERVED], read)


@dataclass(frozen=True, slots=True)
class _Line:
    """A phrasing or a title; `plain` is without marks and capitals."""

    text: str
    plain: str
    place: Place
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class _Sayings:
    """All lines of an entry by which it is found."""

    file: EntryFile
    language: str
    audience: frozenset[Audience]
    lines: tuple[_Line, ...]
    confusable: frozenset[str]
    phrasings: frozenset[str]


@dataclass(slots=True)
class _Meant:
    """What one entry says with one meaning: the first line, and all its phrasings."""

    by: _Sayings
    first: _Line
    phrasings: set[str] = field(default_factory=set)


def _sayings(file: EntryFile, audience: frozenset[Audience]) -> _Sayings:
    titles = [(scalar, True) for scalar in file.scalars("title")]
    lines = tuple(
        _Line(
            scalar.text, _BETWEEN_WORDS.sub(" ", scalar.text.casefold()).strip() or scalar.text, scalar.place, is_title
        )
        for scalar, is_title in titles + [(scalar, False) for scalar in file.scalars("phrasings")]
    )
    language = str(file.found.get("language", "en")).casefold()
    confusable = frozenset(scalar.text.strip() for scalar in file.scalars("confusable_with"))
    phrasings = frozenset(line.plain for line in lines if not line.is_title)
    return _Sayings(file, language, file.found.get("audience", audience), lines, confusable, phrasings)


def _check_repeated(sayings: list[_Sayings]) -> None:
    met: dict[tuple[str, str], dict[frozenset[Audience], Place]] = {}
    for saying in sayings:
        if saying.file.state == "archived":
            continue
        for line in saying.lines:
            if line.is_title:
                continue
            places = met.setdefault((saying.language, line.plain), {})
            first = next((place for audience, place in places.items() if audience & saying.audience), None)
            if first is not None:
                message = f"{quoted(line.text)} stands already in {first}"
                saying.file.reading.report(f.SAME_PHRASING, line.place, message, "keep it where it belongs")
            places.setdefault(saying.audience, line.place)


def _check_overlapping(sayings: list[_Sayings], read: Callable[[str], tuple[str, ...]]) -> None:
    met: dict[tuple[str, _Meaning], list[_Meant]] = {}
    for saying in sayings:
        for meaning, meant in _meanings(saying, read).items():
            others = met.setdefault((saying.language, meaning), [])
            if other := next((other for other in islice(others, _MOST_COMPARED) if _overlap(meant, other)), None):
                message = (
                    f"{quoted(meant.first.text)} says the same as {quoted(other.first.text)} in {other.first.place}"
                )
                hint = f"keep it in one of the two, or name {quoted(other.by.file.id)} in `confusable_with`"
                saying.file.reading.report(f.OVERLAP, meant.first.place, message, hint)
            others.append(meant)


def _overlap(meant: _Meant, other: _Meant) -> bool:
    one, two = meant.by, other.by
    if not one.audience & two.audience or two.file.id in one.confusable or one.file.id in two.confusable:
        return False
    # The same phrasing in both is told of already, and so is an entry that was copied with its title.
    copied = meant.first.is_title and other.first.is_title and not one.phrasings.isdisjoint(two.phrasings)
    return not copied and meant.phrasings.isdisjoint(other.phrasings)


def _meanings(saying: _Sayings, read: Callable[[str], tuple[str, ...]]) -> dict[_Meaning, _Meant]:
    found: dict[_Meaning, _Meant] = {}
    for line in saying.lines:
        words = read(line.text)
        meaning = frozenset(word for word in words if has_content(word) or word.removeprefix(NOT) in _TURNING)
        if not any(map(has_content, meaning)):
            continue
        meant = found.setdefault(meaning, _Meant(saying, line))
        if not line.is_title:
            meant.phrasings.add(line.plain)
    return found
