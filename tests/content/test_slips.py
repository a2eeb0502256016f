"""The mistakes that people make who have never heard of YAML's grammar: what they are told, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.mistakes import MISTAKES
from tests.content.small_files import ENTRY, loaded, short

OTHER = """\
title: Move a mouse
phrasings:
  - we like our mouse
  - how do I catch it
  - my mouse has run away
answer: Open the door.
"""


@pytest.mark.parametrize(("good", "mistaken", "told"), MISTAKES)
def test_a_mistake_is_told_once_at_its_place_in_plain_words(
    good: str | None, mistaken: str, told: str, tmp_path: Path
) -> None:
    text = mistaken if good is None else ENTRY.replace(good, mistaken, 1) if good else f"{ENTRY}{mistaken}"

    found = loaded(tmp_path, a__b=text, c__other=OTHER)

    assert [str(fault).rpartition("/a/b.yaml:")[2] for fault in found.faults] == [told]


@pytest.mark.parametrize("jargon", ["mapping", "sequence", "flow", "scalar", "scan", "token", "block", "node content"])
def test_no_mistake_is_told_in_the_words_of_a_parser(jargon: str) -> None:
    assert [row for row in MISTAKES if jargon in row[2].lower()] == []


def test_a_break_does_not_hide_the_rest_of_the_file(tmp_path: Path) -> None:
    text = (
        "title: Reset: a password\n"  # a second colon
        "phrasing:\n  - I forgot my password\n"  # a slip in a key
        "owner: @it\n"  # a sign that needs quotes
        "answer: 'It's gone\n"  # a quote that is not closed
        "state: live\nreview_by: 1.3.2027\n"  # a day that cannot be read
    )

    found = loaded(tmp_path, a__b=text)

    assert [short(fault) for fault in found.faults] == [
        "1:13 KB002",
        "2:1 KB003",
        "4:8 KB002",
        "5:13 KB002",
        "7:12 KB024",
    ]


def test_what_a_break_hides_is_not_said_to_be_missing(tmp_path: Path) -> None:
    site = "variables: {portal_url: https://x.example\nlink_hosts: [x.example]\n"
    entry = ENTRY.replace("Open the portal", "Open {{site.portal_url}} and {{site.other}}")

    found = loaded(tmp_path, _site=site, a__b=entry, a__c=OTHER.replace("answer:", "answer: a:"))

    assert {(Path(fault.place.file).name, fault.code) for fault in found.faults} == {
        ("_site.yaml", "KB002"),
        ("c.yaml", "KB002"),
    }


def test_breaks_without_end_are_told_of_up_to_a_bound(tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b="".join(f"key{n}: a: b\n" for n in range(100)))

    assert 0 < len([fault for fault in found.faults if fault.code == "KB002"]) < 10


def test_phrasings_that_are_faulty_themselves_are_not_called_too_few(tmp_path: Path) -> None:
    faulty = ENTRY.replace("I forgot my password", "yes").replace("how do I reset it", "404")

    found = loaded(tmp_path, a__b=faulty.replace("my password has expired", "2027-01-01"))

    assert [short(fault) for fault in found.faults] == ["3:5 KB007", "4:5 KB007", "5:5 KB007"]


def test_faulty_phrasings_that_would_be_too_few_are_called_so(tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b="title: x\nphrasings: [yes, how]\nanswer: y\n")

    assert [short(fault) for fault in found.faults] == ["2:12 KB050", "2:13 KB007"]


@pytest.mark.parametrize(
    "text",
    [
        "summary: >\n  Open it.\n  Then close it.\n",  # folded into one line
        "summary: Open it.\n  Then close it.\n",  # so is a text that goes on in the next line
        "notes: |\n  One line.\n  Another.\n",  # notes may be as long as they like
        "tests:\n  match:\n    - |\n      Hello,\n      I forgot my password\n",  # as customers write
        "notes: |\n  - one\n  - two\n",  # a list in a text is text
        'notes: "first\n  - second"\n',  # quotes say that it is meant
        "notes: it rains\n  -5 degrees\n",  # no item
    ],
)
def test_texts_of_several_lines_that_are_meant_so(text: str, tmp_path: Path) -> None:
    assert loaded(tmp_path, a__b=f"{ENTRY}{text}").faults == ()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("title", "1:8 KB058"),
        ("phrasings", "3:5 KB058"),
    ],
)
def test_two_lines_where_one_is_shown_are_told_of(key: str, expected: str, tmp_path: Path) -> None:
    good, two = {
        "title": ("Reset a password", "|\n  Reset\n  a password"),
        "phrasings": ("I forgot my password", '"I forgot\\nmy password"'),
    }[key]

    found = loaded(tmp_path, a__b=ENTRY.replace(good, two))

    assert [short(fault) for fault in found.faults] == [expected]
    assert found.value is not None
    assert "\n" not in found.value.entries["a/b"].title + found.value.entries["a/b"].phrasings[0]


@pytest.mark.parametrize("escape", ["\\x00", "\\0", "\\x1b", "\\e", "\\u0007", "\\U0000000B", "\\x7f", "\\x9c"])
def test_a_control_character_written_as_an_escape_is_told_of_where_it_is(escape: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b=f'{ENTRY}notes: "back\\\\slash, é,\n  then {escape} here"\n')

    assert [short(fault) for fault in found.faults] == ["8:8 KB012"]
    assert escape in found.faults[0].message


def test_line_breaks_that_no_editor_shows_do_not_move_places(tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b=f"{ENTRY}notes: one\u2028two\u0085three\nstat: live\n")

    assert [short(fault) for fault in found.faults] == ["8:1 KB003"]
