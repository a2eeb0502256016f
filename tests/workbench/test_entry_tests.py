"""The tests that entries carry: what holds passes, and each way of failing says what was expected, and found."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.entries.words import built_in_words
from bot.core.entries import AskTest, Entry, EntryTests, Keywords, Node, Option, Site, Steps, StepsTest
from bot.core.knowledge import Knowledge, Versions
from bot.core.matching import build_matcher
from bot.core.rulebook.rules import Rules
from bot.vectors.choosing import DEFAULT, encoder_for
from bot.wiring import matchers_like
from bot.workbench.entry_tests import Bench, Failure, bench_for, run
from tests.content.small_files import ENTRY, kb

PASSWORD = Entry(
    "accounts/password",
    "Reset a password",
    ("I forgot my password", "how do I reset my password", "my password has expired"),
    "Open the portal.",
)
LOCKED = Entry(
    "accounts/locked",
    "Unlock an account",
    ("my account is locked", "I am locked out of my account", "unlock my account"),
    "Wait a quarter of an hour.",
)
PRINTER = Entry(
    "devices/printer",
    "The printer does not print",
    ("the printer is broken", "my printer does not print", "paper jam in the printer"),
    "Switch it off and on.",
    steps=Steps(
        "power",
        {
            "power": Node(
                "Look at it.", "Is it on?", (Option("Yes", goto="paper"), Option("No, it is off", end="resolved"))
            ),
            "paper": Node(
                "Open the tray.",
                "Is there paper?",
                (Option("Yes", end="handoff"), Option("It says locked", end="accounts/locked")),
            ),
        },
    ),
)


def knowledge(*entries: Entry) -> Knowledge:
    words = built_in_words()
    matcher = build_matcher(entries, words, {}, encoder_for(DEFAULT))
    by_id = {entry.id: entry for entry in entries}
    return Knowledge(by_id, Site(), words, Rules({}), matcher, Versions("kb", "rules", matcher.version))


def on_bench(known: Knowledge, named: Sequence[str] = ()) -> Bench:
    return bench_for(known, matchers_like(known), named)


def failures(entry: Entry, tests: EntryTests, *others: Entry) -> list[Failure]:
    return list(run(on_bench(knowledge(replace(entry, tests=tests), *others))).failures)


@pytest.mark.parametrize(
    "tests",
    [
        EntryTests(match=("I forgot my pasword", "password expired")),
        EntryTests(not_match=("my account is locked", "where is the canteen")),
        EntryTests(
            ask=(AskTest("is my password expired or is my account locked", ("accounts/password", "accounts/locked")),)
        ),
    ],
)
def test_what_holds_passes(tests: EntryTests) -> None:
    assert failures(PASSWORD, tests, LOCKED, PRINTER) == []


def test_a_match_that_another_entry_wins() -> None:
    (failure,) = failures(PASSWORD, EntryTests(match=("I forgot it", "unlock my account")), LOCKED)[1:]

    assert (failure.entry, failure.sort, failure.at) == ("accounts/password", "match", 1)
    assert failure.said == "unlock my account"
    assert failure.expected.startswith("answered by accounts/password (")
    assert failure.found.startswith("answered by accounts/locked (1.00)")
    assert failure.phrasing == "unlock my account"
    assert any("closest is accounts/locked" in sentence for sentence in failure.why)


def test_a_match_that_nothing_wins() -> None:
    (failure,) = failures(PASSWORD, EntryTests(match=("where is the canteen",)), LOCKED)

    assert failure.expected.startswith("answered by accounts/password (has 0.")
    assert failure.found.startswith("nothing fits well enough: accounts/password (0.")


def test_a_match_that_is_only_offered() -> None:
    (failure,) = failures(PASSWORD, EntryTests(match=("is my password expired or is my account locked",)), LOCKED)

    assert failure.expected.startswith("answered by accounts/password (has 0.")
    assert failure.found.startswith("asked: ")
    assert "accounts/password (0." in failure.found
    assert "accounts/locked (0." in failure.found


def test_a_question_that_is_answered_at_once() -> None:
    (failure,) = failures(PASSWORD, EntryTests(ask=(AskTest("my account is locked", ("accounts/password",)),)), LOCKED)

    assert (failure.sort, failure.expected) == ("ask", "asked, with accounts/password among the choices")
    assert failure.found.startswith("answered by accounts/locked")


def test_a_question_without_one_of_its_choices() -> None:
    both = ("accounts/password", "devices/printer")
    (failure,) = failures(
        PASSWORD, EntryTests(ask=(AskTest("is my password expired or is my account locked", both),)), LOCKED, PRINTER
    )

    assert failure.expected == "asked, with accounts/password, devices/printer among the choices"
    assert "devices/printer" not in failure.found


def test_what_must_be_left_alone_and_is_not() -> None:
    beside, alone = failures(PASSWORD, EntryTests(not_match=("how do I reset my password",)), LOCKED)

    assert (beside.sort, beside.expected) == ("not_match", "not answered by accounts/password")
    assert beside.found.startswith("answered by accounts/password (")
    assert alone.sort == "not_match alone"
    assert alone.at == beside.at == 0


def test_what_only_a_neighbour_keeps_away_is_not_left_alone() -> None:
    wifi = Entry("network/wifi", "Wifi", ("what is the wifi password", "wifi password for guests"), "On the screen.")
    tests = EntryTests(not_match=("the wifi password of the hotel",))

    (failure,) = failures(
        wifi, tests, Entry("travel/hotel", "Hotel wifi", ("wifi password of the hotel",), "Ask there.")
    )

    assert failure.sort == "not_match alone"
    assert failure.expected == "not answered by network/wifi, even if there were no other entry"
    guarded = replace(wifi, keywords=Keywords(none=("hotel",)))
    assert failures(guarded, tests) == []


@pytest.mark.parametrize(
    ("choose", "ends"),
    [
        (("No, it is off",), "resolved"),
        (("Yes", "Yes"), "handoff"),
        (("yes", "it says LOCKED"), "accounts/locked"),  # a promise is about the way, not about capitals
    ],
)
def test_a_walk_that_ends_where_it_should(choose: tuple[str, ...], ends: str) -> None:
    assert failures(PRINTER, EntryTests(steps=(StepsTest(choose, ends),))) == []


@pytest.mark.parametrize(
    ("choose", "ends", "found"),
    [
        (("Yes", "Yes"), "resolved", "ends in handoff"),
        (("Perhaps",), "resolved", "step power has no option “Perhaps”, only Yes, No, it is off"),
        (("Yes", "No"), "resolved", "step paper has no option “No”, only Yes, It says locked"),
        (("Yes",), "handoff", "is at step paper, which goes on"),
        ((), "handoff", "is at step power, which goes on"),
        (("No, it is off", "Yes"), "resolved", "ends in resolved, before “Yes” can be chosen"),
    ],
)
def test_a_walk_that_does_not_end_so(choose: tuple[str, ...], ends: str, found: str) -> None:
    (failure,) = failures(PRINTER, EntryTests(steps=(StepsTest(choose, ends),)))

    assert (failure.sort, failure.said) == ("steps", " > ".join(choose))
    assert (failure.expected, failure.found) == (f"ends in {ends}", found)


def test_a_walk_through_an_entry_without_a_guide() -> None:
    (failure,) = failures(PASSWORD, EntryTests(steps=(StepsTest(("Yes",), "resolved"),)))

    assert failure.found == "the entry has no `steps`"


def test_a_draft_is_tested_only_by_name_and_then_beside_all_others() -> None:
    tests = EntryTests(match=("I forgot my password", "my account is locked"))
    known = knowledge(replace(PASSWORD, state="draft", tests=tests), replace(LOCKED, tests=EntryTests(("locked",))))

    assert run(on_bench(known)).tests == 1
    named = run(on_bench(known, ["accounts/password"]), ["accounts/password"])
    assert named.tests == 2
    assert [failure.said for failure in named.failures] == ["my account is locked"]


def test_what_is_archived_is_neither_tested_nor_missed() -> None:
    ran = run(on_bench(knowledge(replace(PASSWORD, state="archived", tests=EntryTests(("x",))), LOCKED)))

    assert (ran.tests, ran.untested) == (0, ("accounts/locked",))


def test_what_is_on_trial_is_tested() -> None:
    assert (
        run(on_bench(knowledge(replace(PASSWORD, state="trial", tests=EntryTests(("password expired",)))))).tests == 1
    )


def test_an_entry_has_only_those_beside_it_that_its_readers_can_see() -> None:
    tests = EntryTests(match=("I forgot my password",))
    twin = replace(PASSWORD, id="partners/password", audience=frozenset({"partner"}), tests=tests)
    staff = replace(PASSWORD, audience=frozenset({"staff"}), tests=tests)

    assert run(on_bench(knowledge(twin, staff))).failures == ()
    assert len(run(on_bench(knowledge(replace(twin, audience=frozenset({"partner", "staff"})), staff))).failures) == 2


def test_entries_of_other_languages_do_not_compete() -> None:
    tests = EntryTests(match=("I forgot my password",))
    german = replace(PASSWORD, id="konto/passwort", language="de", tests=tests)

    assert run(on_bench(knowledge(german, replace(PASSWORD, tests=tests)))).failures == ()


def test_entries_that_promise_nothing_are_named() -> None:
    tested = replace(PASSWORD, tests=EntryTests(match=("password expired",)))
    half = replace(LOCKED, tests=EntryTests(not_match=("where is the canteen",)))

    assert run(on_bench(knowledge(tested, half, PRINTER))).untested == ("accounts/locked", "devices/printer")


def test_each_entry_is_counted_once_done() -> None:
    ticks: list[tuple[int, int]] = []

    run(on_bench(knowledge(PASSWORD, LOCKED)), tick=lambda done, of_all: ticks.append((done, of_all)))

    assert ticks == [(1, 2), (2, 2)]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    tests = "tests:\n  match:\n    - I forgot my password\n    - where is the canteen\n"
    untested = ENTRY.replace("password", "parcel").replace("reset it", "send it")
    archived = ENTRY.replace("password", "projector")
    kb(tmp_path / "kb", accounts__reset=f"{ENTRY}{tests}", a__parcel=untested, a__old=f"{archived}state: archived\n")
    return tmp_path


def test_people_are_told_where_what_and_why(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["kb", "test"]) == 1
    said = capsys.readouterr().out.splitlines()
    closest = [line for line in said if line.startswith("    why ")]
    assert any("closest is a/parcel by “" in line for line in closest)
    assert [re.sub(r"0\.\d\d", "0.··", line) for line in said if line not in closest] == [
        "accounts/reset match: where is the canteen",
        "    at        kb/accounts/reset.yaml:10:7",
        "    expected  answered by accounts/reset (has 0.··)",
        "    found     nothing fits well enough: a/parcel (0.··), accounts/reset (0.··)",
        "    by        how do I send it",
        "2 tests, 1 failed",
        "1 entry has no `match` under `tests`, so that nobody would notice if it were not found:",
        "    a/parcel",
    ]


def test_programs_are_told_the_same(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["kb", "test", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (failure,) = told["failures"]
    assert failure.pop("expected").startswith("answered by accounts/reset (has 0.")
    assert failure.pop("found").startswith("nothing fits well enough: a/parcel (0.")
    assert any("closest is a/parcel" in step for step in failure.pop("why"))
    assert failure.pop("phrasing")
    assert told == {
        "tests": 2,
        "failed": 1,
        "failures": [
            {
                "entry": "accounts/reset",
                "file": "kb/accounts/reset.yaml",
                "line": 10,
                "sort": "match",
                "said": "where is the canteen",
            }
        ],
        "untested": ["a/parcel"],
    }


@pytest.mark.parametrize(
    ("entry_id", "told"),
    [
        ("accounts/rest", "no entry `accounts/rest` in kb -> did you mean `accounts/reset`?"),
        ("zzz", "no entry `zzz` in kb -> `tier1 kb list` lists all entries"),
        ("a/old", "a/old is archived: it is never served"),
    ],
)
def test_what_cannot_be_tested_is_an_error(
    house: Path, entry_id: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.exists()

    assert main(["kb", "test", "a/parcel", entry_id]) == 1
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""
