"""Words so common that they say nothing, where the bot would act on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.entries.words import load_words
from tests.content.small_files import ENTRY, kb, loaded, short

LISTS = [
    # Phrases hand off wherever they stand.
    ("human: {phrases: [agent]}", ["1:19 KB057"]),  # the antivirus agent
    ("human: {phrases: [the]}", ["1:19 KB057"]),
    ("human: {phrases: [can i]}", ["1:19 KB057"]),
    ("human: {phrases: [I have a problem]}", ["1:19 KB057"]),
    ("human: {phrases: [please help me]}", ["1:19 KB057"]),
    ("human: {phrases: [talk to a person, real person]}", []),
    ("human: {phrases: [get me a human, no more bots]}", []),
    # Words hand off as the whole message.
    ("human: {words: [agent, human, second line]}", []),
    ("human: {words: ['yes']}", ["1:17 KB057"]),
    ("human: {words: [the, someone, manager]}", ["1:17 KB057", "1:22 KB057"]),
    # What a stop word is the same as, nothing is different from.
    ("synonyms: [[invoice, bill], [the, that]]", ["1:30 KB057", "1:35 KB057"]),
    ("synonyms: [[need, require]]", ["1:13 KB057"]),
    ("synonyms: [[broken, not working]]", []),  # `not working` means something
]


@pytest.mark.parametrize(("written", "expected"), LISTS)
def test_word_lists_with_words_that_say_nothing(written: str, expected: list[str], tmp_path: Path) -> None:
    found = load_words(kb(tmp_path, _words=f"{written}\n", a__b=ENTRY))

    assert [short(fault) for fault in found.faults] == expected
    assert found.value is not None


@pytest.mark.parametrize("side", ["any", "all", "none"])
@pytest.mark.parametrize(
    ("word", "warned"),
    [
        ("the", True),
        ("help", True),
        ("problem", True),
        ("working", True),
        ("ill", False),  # not "I will"
        ("invoice", False),
        ("not working", False),  # a phrase is rarer than its words
        ("today", False),
        ("2fa", False),
    ],
)
def test_keywords_that_say_nothing(side: str, word: str, warned: bool, tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b=f"{ENTRY}keywords:\n  {side}: [{word}]\n")

    told = [short(fault) for fault in found.faults if fault.code == "KB057"]
    assert told == ([f"8:{len(side) + 6} KB057"] if warned else [])


def test_numbers_with_a_comma_are_single_keywords(tmp_path: Path) -> None:
    assert loaded(tmp_path, a__b=f"{ENTRY}keywords: {{none: ['1,000', 'fee of 1,000']}}\n").faults == ()
