"""Entries that look like what is asked, and are not: which of two must win, and which must never be answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from bot.content.entries.words import load_words
from bot.core.entries import Entry, Words
from bot.core.matches import Matcher
from bot.core.matching import build_matcher
from bot.vectors.choosing import DEFAULT, encoder_for

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent.parent.parent
TABLES = Path(__file__).parent / "false_friends"
NONE = "none"


@dataclass(frozen=True)
class Pair:
    """Two entries that are easily taken for each other."""

    table: str
    why: str
    entries: tuple[Entry, ...]


def pairs() -> Iterator[tuple[Pair, dict[str, str], list[str]]]:
    """Yield each with what people say, by what is meant, and with those messages of which `unmet` says: not yet."""
    for file in sorted(TABLES.glob("*.yaml")):
        for row in yaml.safe_load(file.read_text()):
            entries = tuple(
                Entry(f"{file.stem}/{slug}", title, tuple(phrasings), "an answer")
                for slug, (title, *phrasings) in row["entries"].items()
            )
            yield Pair(file.stem, row["why"], entries), row["said"], row.get("unmet", [])


PAIRS = tuple(pairs())
MESSAGES = [
    pytest.param(pair, said, meant, id=f"{pair.table}: {said}")
    for pair, told, unmet in PAIRS
    for said, meant in told.items()
    if said not in unmet
]
UNMET = [
    pytest.param(pair, said, told[said], id=f"{pair.table}: {said}") for pair, told, unmet in PAIRS for said in unmet
]
# What a desk knows besides: no pair stands alone.
OTHERS = tuple(
    Entry(f"others/{number}", title, (one, other), "an answer")
    for number, (title, one, other) in enumerate(
        [
            ("Plants in the office", "who waters the plants", "can I have a plant on my window sill"),
            ("The choir", "when does the choir sing", "how do I become a member of the choir"),
            ("First aid", "who can give first aid", "where is the first aid kit"),
            ("Fire drill", "when is the next fire drill", "what do I do in a fire drill"),
            ("Gym", "is there a gym for us", "how do I get a cheaper gym membership"),
            ("Business cards", "how do I get business cards", "print business cards with my title"),
        ]
    )
)


@lru_cache(maxsize=1)
def words() -> Words:
    loaded = load_words(ROOT / "kb").value
    assert loaded is not None
    return loaded


@lru_cache
def desk(pair: Pair) -> Matcher:
    return matcher((*pair.entries, *OTHERS))


def matcher(entries: Iterable[Entry]) -> Matcher:
    return build_matcher(entries, words(), {}, encoder_for(DEFAULT))


def test_there_are_enough_of_them_and_each_row_is_whole() -> None:
    assert len(PAIRS) > 100
    for pair, told, unmet in PAIRS:
        slugs = {entry.id.partition("/")[2] for entry in pair.entries}
        assert pair.why
        assert len(slugs) == 2
        assert told
        assert all(2 <= len(entry.phrasings) <= 4 for entry in pair.entries)
        assert set(told.values()) <= slugs | {NONE}, pair.why
        assert set(unmet) <= told.keys()


def friends_answered(pair: Pair, said: str, meant: str) -> list[str]:
    """The entries answered for sure that are not meant: beside what is meant, or where that is missing."""
    visible = {entry.id for entry in (*pair.entries, *OTHERS)}
    answered = []
    for friend in (entry.id for entry in pair.entries if entry.id.partition("/")[2] != meant):
        for seen in (visible, {one for one in visible if one == friend or one.startswith("others/")}):
            ranking = desk(pair).rank(said, seen)
            if ranking.best is not None and (ranking.band, ranking.best.entry) == ("sure", friend):
                answered.append(friend)
    return answered


@pytest.mark.parametrize(("pair", "said", "meant"), MESSAGES)
def test_what_is_not_meant_is_never_answered_for_sure(pair: Pair, said: str, meant: str) -> None:
    assert friends_answered(pair, said, meant) == []


@pytest.mark.parametrize(("pair", "said", "meant"), UNMET)
def test_what_is_said_to_be_unmet_is_still_answered_wrongly(pair: Pair, said: str, meant: str) -> None:
    """Once it no longer is, `unmet` has to lose the message."""
    assert friends_answered(pair, said, meant) != []


@pytest.mark.parametrize(("pair", "said", "meant"), [m for m in MESSAGES if m.values[2] != NONE])
def test_what_is_meant_comes_first(pair: Pair, said: str, meant: str) -> None:
    best = desk(pair).rank(said).best

    assert best is not None
    assert best.entry == f"{pair.table}/{meant}"
