"""Keywords that keep an entry from what it is written for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.small_files import ENTRY, loaded, short

ALL = ["3:5 KB049", "4:5 KB049", "5:5 KB049"]
AT_KEYWORDS = ["7:11 KB049"]


@pytest.mark.parametrize(
    ("keywords", "expected", "told"),
    [
        ("{none: [portal]}", [], ""),  # in none of the phrasings
        ("{any: [forgot, reset, expired]}", [], ""),  # each phrasing has one of them
        ("{none: [reset]}", ["4:5 KB049"], "it has `reset`, which stands under `none`"),
        ("{none: [expiry, expires]}", ["5:5 KB049"], "as the bot reads it: `my password has expir`"),  # by its stem
        ("{none: [forgot my password]}", ["3:5 KB049"], "`forgot my password`"),  # a phrase
        ("{any: [forgot, reset]}", ["5:5 KB049"], "it has none of the words under `any` (`forgot`, `reset`)"),
        ("{all: [password]}", ["4:5 KB049"], "it lacks `password`, which stands under `all`"),
        ("{none: [password, reset]}", AT_KEYWORDS, "never the answer"),  # all of them: told once
        ("{any: [projector]}", AT_KEYWORDS, "`projector` under `any`"),  # no phrasing holds it
        ("{all: [password, reset]}", AT_KEYWORDS, "`reset` under `all`; `password` under `all`"),
        ("{any: [password], none: [password]}", ["7:18 KB049"], "`password` under `any` is refused by `password`"),
        ("{all: [passwords], none: [password]}", ["7:18 KB049"], "`passwords` under `all` is refused by `password`"),
        (
            "{any: [old password, reset, forgot, expired], none: [password]}",
            ["3:5 KB049", "5:5 KB049", "7:18 KB049"],
            "",
        ),
        ("{any: [wifi, 404]}", ["7:24 KB007"], "404"),  # what is left may refuse what the whole does not
        ("{any: 'the, wifi'}", ["7:17 KB006"], "`the, wifi`"),
    ],
)
def test_what_an_entry_refuses_of_itself(keywords: str, expected: list[str], told: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b=f"{ENTRY}keywords: {keywords}\n")

    assert [short(fault) for fault in found.faults] == expected
    assert told in "".join(fault.message for fault in found.faults)


@pytest.mark.parametrize(
    ("state", "warned"),
    [
        ("draft", True),  # it will be served one day
        ("archived", False),  # never again
    ],
)
def test_entries_that_are_never_served_refuse_nobody(state: str, warned: bool, tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b=f"{ENTRY}keywords: {{any: [projector]}}\nstate: {state}\n")

    assert [fault.code for fault in found.faults] == (["KB049"] if warned else [])


def test_a_synonym_refuses_as_the_word_itself_does(tmp_path: Path) -> None:
    words = "synonyms: [[projector, beamer]]\n"
    entry = ENTRY.replace("how do I reset it", "the beamer wants a password")

    found = loaded(tmp_path, _words=words, a__b=f"{entry}keywords: {{none: [projector]}}\n")

    assert [short(fault) for fault in found.faults] == ["4:5 KB049"]
    assert found.value is not None
