"""Entries that name other entries: themselves, what is never served, and guides that lead round in circles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.small_files import ENTRY, kb, loaded, short

OPTION = "        - {{label: to {}, end: {}}}\n"


def guide(*ends: str) -> str:
    """A guide of one node with an option for each end; it begins in line 7, the first `end` in line 12."""
    options = "".join(OPTION.format(n, end) for n, end in enumerate(ends))
    return f"{ENTRY}steps:\n  start: one\n  nodes:\n    one:\n      say: x\n      options:\n{options}"


@pytest.fixture(autouse=True)
def _in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(**files: str) -> list[str]:
    """What is told about the entries, but for the phrasings that all of them share."""
    shared = {"KB051", "KB055"}
    found = loaded(Path("kb"), **files)
    assert (found.value is None) == bool(found.errors)
    return [f"{Path(fault.place.file).stem} {short(fault)}" for fault in found.faults if fault.code not in shared]


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("confusable_with: [a/one]", ["one 7:19 KB047"]),
        ("confusable_with: a/one", ["one 7:18 KB047"]),  # a single one needs no brackets
        ("follow_ups: [a/two, a/one]", ["one 7:21 KB047"]),
        ("follow_ups: [a/two, a/two]", []),  # twice is once
        ("follow_ups: [a/two, a/two, a/two, a/two]", ["one 7:35 KB028"]),
        ("tests: {ask: [{say: which, among: [a/one, a/two]}]}", []),  # a question may well offer it
    ],
)
def test_an_entry_that_names_itself(added: str, expected: list[str]) -> None:
    assert told(a__one=f"{ENTRY}{added}\n", a__two=ENTRY) == expected


def test_an_entry_named_twice_is_kept_once(tmp_path: Path) -> None:
    found = loaded(tmp_path, a__one=f"{ENTRY}follow_ups: [a/two, a/two]\n", a__two=ENTRY)

    assert found.value is not None
    assert found.value.entries["a/one"].follow_ups == ("a/two",)


def test_a_guide_that_ends_where_it_began() -> None:
    assert told(a__one=guide("a/one", "resolved")) == ["one 13:30 KB047"]
    assert told(a__one=guide("a/one")) == ["one 13:30 KB047"]  # and no circle is told of besides


@pytest.mark.parametrize(
    ("own", "others", "warned"),
    [
        ("live", "draft", True),
        ("live", "archived", True),
        ("trial", "draft", True),
        ("live", "trial", False),
        ("draft", "draft", False),  # they may be served together one day
        ("draft", "archived", True),  # that day never comes
        ("archived", "archived", False),  # nobody is led anywhere
    ],
)
def test_a_way_to_what_is_never_served(own: str, others: str, warned: bool) -> None:
    one = f"state: {own}\nfollow_ups: [a/two]\nconfusable_with: [a/two]\n" + guide("a/two", "resolved")

    expected = ["one 2:14 KB056", "one 16:30 KB056"] if warned else []
    assert told(a__one=one, a__two=f"state: {others}\n{ENTRY}") == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"one": ["a/two"], "two": ["a/one"]}, ["one 13:30 KB048"]),
        ({"one": ["a/two"], "two": ["a/three"], "three": ["a/one"]}, ["one 13:30 KB048"]),  # told of once
        ({"one": ["a/two"], "two": ["a/three"], "three": ["a/two"]}, ["three 13:30 KB048"]),  # one only leads into it
        ({"one": ["a/two"], "two": ["a/one", "resolved"]}, []),  # one way out is enough
        ({"one": ["a/two"], "two": ["a/one", "handoff"]}, []),
        ({"one": ["a/two"], "two": ["a/plain"]}, []),  # an answer is an end
        ({"one": ["a/two", "a/plain"], "two": ["a/one"]}, []),
        ({"one": ["a/two"], "two": ["a/nowhere"]}, ["two 13:30 KB040"]),  # told of already
        ({"one": ["a/two"], "two": ["a/one", "gone"]}, ["two 14:30 KB045"]),
        (
            {"one": ["a/two"], "two": ["a/one"], "x": ["a/y"], "y": ["a/x"]},
            ["one 13:30 KB048", "x 13:30 KB048"],  # two circles
        ),
    ],
)
def test_guides_that_lead_in_a_circle(files: dict[str, list[str]], expected: list[str]) -> None:
    entries = {f"a__{name}": guide(*ends) for name, ends in files.items()}

    assert told(a__plain=ENTRY, **entries) == expected


def test_the_circle_is_named() -> None:
    found = loaded(Path("kb"), a__one=guide("a/two"), a__two=guide("a/one"))

    assert [fault.message for fault in found.errors] == ["the guides of `a/one`, `a/two` lead only to each other"]
    assert "end: handoff" in found.errors[0].hint


def test_an_end_that_no_option_leads_to_is_no_way_out() -> None:
    one = guide("a/two") + "    lost:\n      say: x\n      options: [{label: x, end: resolved}]\n"

    assert told(a__one=one, a__two=guide("a/one")) == ["one 13:30 KB048", "one 14:5 KB053"]


@pytest.mark.long
def test_a_long_way_from_guide_to_guide_is_no_circle() -> None:
    length = 1_500  # more than Python's stack is deep
    entries = {f"a__e{n:04}": guide(f"a/e{n + 1:04}") for n in range(length)}

    assert told(**entries, **{f"a__e{length}": guide("resolved")}) == []


STEP = "    {}:\n      say: x\n      options: [{}]\n"


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ({"a": "{label: x, goto: b}", "b": "{label: x, goto: a}"}, ["one 10:5 KB045"]),  # one circle, told of once
        (
            {"a": "{label: x, goto: b}", "b": "{label: x, goto: c}", "c": "{label: x, goto: b}"},
            ["one 13:5 KB045"],  # where the circle is, not where it is come from
        ),
        (
            {
                "a": "{label: x, goto: b}, {label: y, goto: c}",
                "b": "{label: x, goto: b}",
                "c": "{label: x, goto: c}",
            },
            ["one 13:5 KB045", "one 16:5 KB045"],
        ),
        ({"a": "{label: x, goto: b}", "b": "{label: x, goto: a}, {label: y, end: resolved}"}, []),
        ({"a": "{label: x, goto: b}", "b": ""}, ["one 13:5 KB045"]),  # nowhere is told of, and what leads there is not
        ({"a": "{label: x, goto: b}", "b": "{label: x, goto: nowhere}"}, ["one 15:34 KB045"]),
        ({"a": "{label: x, goto: b}", "b": "*x"}, ["one 15:17 KB009"]),  # what cannot be read may lead anywhere
    ],
)
def test_steps_that_lead_in_a_circle(nodes: dict[str, str], expected: list[str]) -> None:
    steps = "".join(STEP.format(name, options) for name, options in nodes.items())

    assert told(a__one=f"{ENTRY}steps:\n  start: a\n  nodes:\n{steps}") == expected


def test_what_is_wrong_with_a_guide_is_told_of_however_much_else_is() -> None:
    steps = "steps:\n  nodes:\n    a:\n      say: 404\n      options: [{goto: b}, {label: x}]\n    c: {options: []}\n"

    assert told(a__one=f"{ENTRY}{steps}") == [
        "one 8:3 KB005",  # no `start`
        "one 10:12 KB007",
        "one 11:17 KB005",  # no `label`
        "one 11:24 KB045",  # no node `b`
        "one 11:28 KB045",  # no way
        "one 12:5 KB045",  # leads nowhere
        "one 12:8 KB005",  # no `say`
    ]


def test_more_options_than_fit_into_a_row() -> None:
    fits = ", ".join(f"{{label: o{n}, end: resolved}}" for n in range(23))

    assert told(a__one=f"{ENTRY}steps:\n  start: a\n  nodes:\n{STEP.format('a', fits)}") == []
    one_more = STEP.format("a", f"{fits}, {{label: last, end: resolved}}")
    found = loaded(kb(Path("kb")), a__one=f"{ENTRY}steps:\n  start: a\n  nodes:\n{one_more}")
    assert [fault.code for fault in found.faults] == ["KB028"]
    assert found.faults[0].message == "24 items, 23 at most"
