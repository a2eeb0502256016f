"""Whatever a file holds, loading it ends soon, raises nothing and says what is wrong."""

from __future__ import annotations

import os
import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.content.entries.loading import KnowledgeFiles, load_entries
from bot.content.faults import Loaded
from bot.content.folder import shown
from bot.content.rules.loading import load_rules
from bot.core.rulebook.rules import Rules
from tests.content.small_files import ENTRY, RULES, TODAY, kb, loaded, loaded_rules

FULL = Path(__file__).parent / "full"
WHOLE_ENTRY = (FULL / "kb" / "help" / "everything.yaml").read_text(encoding="utf-8")
WHOLE_RULES = (FULL / "escalation_rules.yaml").read_text(encoding="utf-8")
pytestmark = pytest.mark.long
SOON = pytest.mark.timeout(30)  # seconds: far more than any of these takes, far less than a hang

scalars = st.one_of(
    st.sampled_from(
        ["yes", "~", "''", "012", "1:30", ".inf", "2027-01-01", "*a", "&a", "!t", "{{x}}", "|", "- ", "? "]
    ),
    st.text(max_size=20),
    st.integers().map(str),
)


def pieces() -> st.SearchStrategy[str]:
    """Text made of what YAML files are made of, in any order."""
    marks = st.sampled_from([*":-#[]{}\n \t'\"|>&*!%@`?,", "\n  ", "\n- ", ": ", " #", "\ntitle: ", "\nqueues: "])
    return st.lists(st.one_of(marks, scalars), max_size=40).map("".join)


def amiss(found: Loaded[KnowledgeFiles] | Loaded[Rules]) -> list[str]:
    """What no loading may end with: a value beside errors, or neither; a fault without a place or plain words."""
    untold = [
        str(fault)
        for fault in found.faults
        if min(fault.place.line, fault.place.column) < 1 or not fault.message or not str(fault).isprintable()
    ]
    return untold + (["a value and errors, or neither"] if (found.value is None) != bool(found.errors) else [])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces())
@example("&a [*a, *a]")
@example("a: &a {b: *a}")
@example("? [a, b]\n: c\n")
@example("<<: {a: b}\n=: c\n")
@example("\ufeff\ufeffa: b")
@example("a: \x85b\u2028c: d")
def test_no_text_is_too_much(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        entries = loaded(Path(folder), a__b=text, _site=text, _words=text)
        rules = loaded_rules(Path(folder), text)

    assert entries.value is None
    assert entries.errors
    assert (rules.value is None) == bool(rules.errors)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_are_too_much(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = kb(Path(name), a__b=ENTRY)
        (folder / "a" / "c.yaml").write_bytes(raw)
        (folder / "rules.yaml").write_bytes(raw)

        assert load_entries(folder, today=TODAY).errors
        assert load_rules(folder / "rules.yaml").errors


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([WHOLE_ENTRY, WHOLE_RULES]), st.data())
def test_a_good_file_with_a_piece_changed_never_raises(whole: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, min(len(whole), begin + 30)))
    changed = whole[:begin] + data.draw(pieces()) + whole[end:]
    with tempfile.TemporaryDirectory() as folder:
        entries = loaded(Path(folder), help__everything=changed, help__smallest=ENTRY)
        rules = loaded_rules(Path(folder), changed)

    assert amiss(entries) + amiss(rules) == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([WHOLE_ENTRY, WHOLE_RULES]), st.randoms(use_true_random=False))
def test_lines_in_any_order_never_raise(whole: str, chance: random.Random) -> None:
    lines = whole.splitlines(keepends=True)
    chance.shuffle(lines)
    with tempfile.TemporaryDirectory() as folder:
        entries = loaded(Path(folder), a__b="".join(lines))
        rules = loaded_rules(Path(folder), "".join(lines))

    assert amiss(entries) + amiss(rules) == []


@SOON
@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,  # deep, never closed
        "[" * 100_000 + "]" * 100_000,  # deep, closed
        "{a: " * 60_000,
        "- " * 100_000,
        "? " * 100_000,
        "a:\n" + "".join(" " * depth + "a:\n" for depth in range(1, 700)),  # deep by indentation
        "when: " + "{not: " * 20_000,
        "a: &a [" + "*a, " * 60_000 + "]",  # aliases upon aliases
        "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 5_000)),  # a billion laughs
        "a: " + "9" * 200_000,  # a number without end
        "review_by: " + "9" * 5_000 + "-01-01",
        "escalate: {after_failed: " + "9" * 5_000 + "}",
        "".join(f"key{n}: value\n" for n in range(15_000)),
        "confusable_with: [" + "x/y, " * 40_000 + "]",
        "a: b\n" * 50_000,  # the same key again and again
        "\t\n" * 100_000,
        "\x00" * 200_000,
        "#" * 200_000,
        "'" * 200_001,
        '"' + "\\" * 200_001,
        "answer: " + "*" * 200_000,
        "answer: " + "[" * 1 + "x" * 200_000,
        "answer: |\n" + "  {{" * 60_000,
        "answer: |\n" + "  @here <!here> \n" * 15_000,
        "answer: |\n  " + "_*~" * 60_000,
        "answer: |\n  " + "- " * 100_000,
        "answer: |\n  " + "(" * 100_000 + "](" * 20_000,
        "answer: |\n  " + "password: " * 25_000,
        "answer: |\n  " + "a." * 100_000,
        "--- a\n" * 30_000,
        "%YAML 9.9\n" * 1_000,
        "x" * 300_000,  # too big
        "é" * 5_000_000,  # ten megabytes
    ],
    ids=lambda text: f"{text[:12]!r}… {len(text)}",
)
def test_no_file_takes_long(text: str, tmp_path: Path) -> None:
    whole = loaded(tmp_path, a__b=f"{ENTRY}{text}", a__c=text)
    rules = loaded_rules(tmp_path, f"{RULES}{text}")

    assert whole.errors
    assert rules.value is None or not rules.errors


@SOON
def test_ten_megabytes_are_not_even_read(tmp_path: Path) -> None:
    kb(tmp_path, a__b=ENTRY)
    with (tmp_path / "a" / "big.yaml").open("wb") as file:
        file.truncate(10 * 1024**3)  # sparse: ten gigabytes that take no room

    found = loaded(tmp_path)

    assert [fault.code for fault in found.faults] == ["KB013"]


SHIPPED = sorted((Path(__file__).parents[2] / "kb").glob("*/*.yaml"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHIPPED), st.data())
def test_a_shipped_entry_with_a_few_bytes_changed_never_raises(file: Path, data: st.DataObject) -> None:
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(raw)))
        raw[begin : begin + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=6))
    with tempfile.TemporaryDirectory() as name:
        folder = kb(Path(name), a__b=ENTRY)
        (folder / "a" / "c.yaml").write_bytes(raw)
        found = load_entries(folder, today=TODAY)

    places = [fault.place for fault in found.faults]
    assert places == sorted(places)
    assert all(
        place.line <= raw.count(b"\n") + raw.count(b"\r") + 1 for place in places if place.file.endswith("c.yaml")
    )


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_for_what_entries_share(site: bytes, words: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = kb(Path(name), a__b=ENTRY.replace("Open", "{{site.x}} opens"))
        (folder / "_site.yaml").write_bytes(site)
        (folder / "_words.yaml").write_bytes(words)

        assert load_entries(folder, today=TODAY).errors


SIZE = 250_000
START = ENTRY.partition("answer:")[0].encode()
GARBAGE: list[Callable[[int], bytes]] = [
    lambda n: random.Random(n).randbytes(SIZE),  # noise
    lambda n: random.Random(n).randbytes(SIZE // 2).hex().encode(),
    lambda n: bytes(random.Random(n).choices(b":-#[]{} \n'\"|>&*!%@`?,ab", k=SIZE)),  # what YAML is made of
    lambda n: ENTRY.encode() + bytes(random.Random(n).choices(b"abc :-\n", k=SIZE - 200)),
    lambda _: START + b"answer: |\n" + b"  {{site.x}} [a](http://b.example) `code\n" * 6_000,
    lambda n: (
        b"title: x\nphrasings:\n" + b"".join(b"  - say %s%d\n" % (b"o" * 25, n * 9_000 + m) for m in range(6_000))
    ),
    lambda _: b"- a\n  - b\n" * 24_000,  # swallowed
    lambda _: b'notes: "' + b"\\x00" * 60_000 + b'"\n',
    lambda _: b"steps: {nodes: {" + b"".join(b"n%d: {say: %s}, " % (m, b"x" * 40) for m in range(4_000)) + b"}}\n",
    lambda _: ("\u00a0" * 105_000 + "\n").encode(),  # blanks of another kind
]


@SOON
@pytest.mark.parametrize("garbage", GARBAGE)
def test_files_full_of_garbage_are_done_with_soon(garbage: Callable[[int], bytes], tmp_path: Path) -> None:
    kb(tmp_path, a__b=ENTRY)
    for number in range(4):
        content = garbage(number)
        assert len(content) > SIZE * 0.75
        (tmp_path / "a" / f"g{number}.yaml").write_bytes(content)

    found = load_entries(tmp_path, today=TODAY)

    assert {fault.place.file for fault in found.errors} == {f"{tmp_path}/a/g{number}.yaml" for number in range(4)}


@SOON
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
@pytest.mark.parametrize("depth", [30, 45, 999, 5_000])
def test_deep_nesting_is_read_or_told_of(opening: str, closing: str, depth: int, tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b=f"{ENTRY}notes: {opening * depth}x{closing * depth}\n")

    assert found.errors
    assert ("KB018" in {fault.code for fault in found.faults}) == (depth > 40 and bool(closing))


@SOON
def test_thousands_of_odd_names_are_told_of_one_by_one(tmp_path: Path) -> None:
    folder = kb(tmp_path, a__b=ENTRY) / "a"
    chance = random.Random(7)
    letters = [chr(n) for n in (*range(1, 0x250), *range(0x4E00, 0x4E80), 0x202E, 0x1F600) if chr(n) != "/"]
    odd = {"".join(chance.choices(letters, k=chance.randint(1, 40))) for _ in range(3_000)}
    odd = {name for name in odd if not name.startswith(".") and not re.fullmatch("[a-z0-9][a-z0-9_-]*", name)}
    for name in odd:
        (folder / f"{name}.yaml").write_bytes(b"title: x\n")
    for number in range(100):
        (folder / f"{chr(0x100 + number)}folder").mkdir()

    found = load_entries(tmp_path, today=TODAY)

    assert {fault.code for fault in found.errors} == {"KB017"}
    assert len(found.errors) >= len({shown(folder / f"{name}.yaml") for name in odd})
    assert all(str(fault).isprintable() for fault in found.faults)


@SOON
def test_names_that_are_no_text_are_told_of(tmp_path: Path) -> None:
    folder = kb(tmp_path, a__b=ENTRY)
    try:
        for number in range(1, 100):
            (folder / "a" / os.fsdecode(b"x\xff" + bytes([number]).replace(b"/", b"_") + b".yaml")).write_bytes(
                b"title: x\n"
            )
    except OSError:
        pytest.skip("this disk takes no such names")

    found = load_entries(folder, today=TODAY)

    assert {fault.code for fault in found.errors} == {"KB017"}
    assert all(str(fault).encode() for fault in found.faults)
