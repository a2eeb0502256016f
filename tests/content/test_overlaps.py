"""Phrasings of two entries that carry the same words: one may be answered for the other."""

from __future__ import annotations

from itertools import islice, permutations
from pathlib import Path

import pytest

from tests.content.small_files import kb, loaded, short

WORDS = "synonyms: [[gadget, gizmo]]\nopposites: [[dock, undock]]\ngreetings: [ahoy there]\n"


def entry(phrasing: str, title: str, more: str = "") -> str:
    """Phrasings that no other entry has, and one in line 5."""
    return f"title: {title}\nphrasings:\n  - {title} a\n  - {title} b\n  - {phrasing}\nanswer: x\n{more}"


def told(tmp_path: Path, one: str, other: str, *, more: str = "", others: str = "") -> list[str]:
    found = loaded(tmp_path, _words=WORDS, a__one=entry(one, "apples", more), b__two=entry(other, "pears", others))
    assert found.value is not None
    return [f"{Path(fault.place.file).stem} {short(fault)}" for fault in found.faults]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("how can I reset my password", "reset of a password please"),  # stop words and politeness aside
        ("reset my password", "my password, reset"),  # in any order
        ("my printer jams", "printers jammed"),  # endings aside
        ("the gizmo is broken", "a broken gadget"),  # the words of this house
        ("sign in fails", "log in is failing"),  # the built-in ones
        ("ahoy there, where is the stapler", "stapler"),  # a greeting
        ("I can not print", "it does not print"),  # both deny it
    ],
)
def test_the_same_words_in_two_entries_are_told_of(one: str, other: str, tmp_path: Path) -> None:
    assert told(tmp_path, one, other) == ["two 5:5 KB055"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("how do I dock my laptop", "how do I undock my laptop"),  # opposites
        ("how do I log in", "how do I log out"),
        ("switch the alarm on", "switch the alarm off"),
        ("I can print", "I can not print"),  # a denial
        ("I need a refund", "I do not need a refund"),
        ("set it up", "set it down"),
        ("how do I get in", "where am I"),  # nothing but stop words
        ("reset my password", "reset my old password"),  # one word more
        ("error 619", "error 720"),
        ("reset my password", "Reset my password!"),  # the same phrasing is another fault
    ],
)
def test_what_is_no_overlap(one: str, other: str, tmp_path: Path) -> None:
    assert [told for told in told(tmp_path, one, other) if "KB055" in told] == []


@pytest.mark.parametrize(
    ("more", "others"),
    [
        ("confusable_with: [b/two]\n", ""),  # they know
        ("", "confusable_with: [a/one]\n"),
        ("", "language: de\n"),  # other languages do not compete
        ("", "audience: [partner]\n"),  # nobody sees both
        ("audience: [staff]\n", "audience: [customer]\n"),
        ("", "state: draft\n"),  # not served
        ("state: archived\n", ""),
    ],
)
def test_entries_that_are_not_mixed_up_may_say_the_same(more: str, others: str, tmp_path: Path) -> None:
    assert told(tmp_path, "how can I reset my password", "reset of a password", more=more, others=others) == []


@pytest.mark.parametrize("others", ["state: trial\n", "audience: [staff, partner]\n", "language: EN\n"])
def test_entries_that_compete_are_told_of(others: str, tmp_path: Path) -> None:
    assert told(tmp_path, "how can I reset my password", "reset of a password", others=others) == ["two 5:5 KB055"]


def test_titles_are_found_by_as_well(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, a__one=entry("stapler", "The missing stapler"), b__two=entry("where is my missing stapler", "pears")
    )

    assert [short(fault) for fault in found.faults] == ["5:5 KB055"]


def test_the_words_and_both_ways_out_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kb(Path("kb"), a__one=entry("how can I reset my password", "apples"), b__two=entry("a password reset", "pears"))

    assert [str(fault) for fault in loaded(Path("kb")).faults] == [
        "kb/b/two.yaml:5:5 KB055 warning `a password reset` says the same as `how can I reset my password` in "
        "kb/a/one.yaml:5:5 -> keep it in one of the two, or name `a/one` in `confusable_with`"
    ]


def test_the_same_words_twice_in_one_entry_are_its_own_business(tmp_path: Path) -> None:
    assert loaded(tmp_path, a__one=entry("apples a please", "apples")).faults == ()


def test_an_entry_that_was_copied_is_told_of_by_its_phrasings_alone(tmp_path: Path) -> None:
    found = loaded(tmp_path, a__one=entry("how it peels", "apples"), b__two=entry("how it peels", "apples"))

    assert [short(fault) for fault in found.faults] == ["3:5 KB051", "4:5 KB051", "5:5 KB051"]


def test_a_fault_elsewhere_in_an_entry_does_not_hide_its_overlaps(tmp_path: Path) -> None:
    broken = entry("a password reset", "pears").replace("answer: x\n", "stat: live\n")

    found = loaded(tmp_path, a__one=entry("how can I reset my password", "apples"), b__two=broken)

    assert [short(fault) for fault in found.faults] == ["1:1 KB005", "5:5 KB055", "6:1 KB003"]


@pytest.mark.timeout(20)
def test_many_entries_that_say_the_same_are_told_of_once_each(tmp_path: Path) -> None:
    orders = islice(permutations(("tea", "milk", "sugar", "lemon", "honey", "ginger")), 500)
    many = {f"a__e{n:04}": entry(" ".join(order), f"thing{n}") for n, order in enumerate(orders)}

    found = loaded(tmp_path, **many)

    assert [short(fault) for fault in found.faults] == ["5:5 KB055"] * 499
