"""`tier1 rules test`, and what `tier1 ask` says of promises: what they print and what they return."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.content.small_files import ENTRY, kb

RULES = """\
defaults: {timezone: Europe/Berlin, calendar: office}
calendars:
  office:
    weekly: {mon: "08:30-17:30", fri: ["08:30-12:30", "13:15-16:00"]}
queues:
  it: {channel: C0IT000001}
words: {theft: [stolen]}
triggers:
  - {id: theft, when: {keywords: theft}, then: {action: handoff, priority: p1}}
"""
RIGHT = """\
  - name: a theft wakes everybody
    given: {text: my phone was stolen, at: "2026-12-25T03:00:00+01:00"}
    expect: {rule: theft, queue: it, priority: p1, due_first: "2026-12-25T03:15:00+01:00"}
"""
WRONG = """\
  - name: nobody is in a hurry
    given: {text: my phone was stolen, at: "2026-12-25T03:00:00+01:00"}
    expect: {priority: p2, due_first: "2026-12-28T09:30:00+01:00"}
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", accounts__reset=ENTRY)
    return tmp_path


def rules(house: Path, *tests: str) -> None:
    (house / "escalation_rules.yaml").write_text(RULES + ("tests:\n" if tests else "") + "".join(tests))


def test_what_holds_is_only_counted(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(house, RIGHT)

    assert main(["rules", "test"]) == 0
    assert capsys.readouterr().out == "1 test, 0 failed\n"


def test_what_fails_is_told_with_its_place_and_why(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(house, RIGHT, WRONG)

    assert main(["rules", "test"]) == 1
    name, *lines, summary = capsys.readouterr().out.splitlines()
    assert name == "escalation_rules.yaml:14:5 nobody is in a hurry"
    assert lines[:2] == [
        "    priority  expected p2, found p1",
        "    due_first expected 2026-12-28T09:30:00+01:00, found 2026-12-25T03:15:00+01:00",
    ]
    assert lines[-1] == "    why       first response is due Fri 25 Dec 03:15 (Europe/Berlin): 15m at any hour"
    assert summary == "2 tests, 1 failed"


def test_the_same_as_json(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(house, RIGHT, WRONG)

    assert main(["rules", "test", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    right, wrong = told.pop("results")
    assert told == {"tests": 2, "failed": 1}
    assert (right["name"], right["passed"], right["differences"]) == ("a theft wakes everybody", True, [])
    assert (wrong["file"], wrong["line"], wrong["passed"]) == ("escalation_rules.yaml", 14, False)
    assert [wrong[field] for field in ("action", "rule", "queue", "priority")] == ["handoff", "theft", "it", "p1"]
    assert wrong["due_first"] == "2026-12-25T02:15:00+00:00"
    assert wrong["differences"][0] == {"field": "priority", "expected": "p2", "found": "p1"}
    assert wrong["why"]


def test_rules_without_tests_are_told_how_to_have_some(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(house)

    assert main(["rules", "test"]) == 0
    assert capsys.readouterr().out == (
        "no tests in escalation_rules.yaml: promise something under `tests`, each with `name`, `given`, `expect`\n"
    )
    assert main(["rules", "test", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"tests": 0, "failed": 0, "results": []}


def test_rules_with_errors_are_not_tested(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(house, RIGHT.replace("text:", "txt:"))

    assert main(["rules", "test"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "escalation_rules.yaml:12:13" in printed.err


def test_ask_says_what_is_promised(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(house)
    asked = ["ask", "talk to a human", "--at", "2026-11-27T15:00:00+01:00"]
    sentence = "first response is due Mon 30 Nov 11:30 (Europe/Berlin): 4h of open hours of `office`"

    assert main(asked) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "due         Mon 30 Nov 11:30 (Europe/Berlin)" in lines
    assert [line for line in lines if line.startswith("why")][-1] == f"why         {sentence}"

    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["why"][-1] == sentence
    assert list(told) == [
        "text", "band", "entry", "confidence", "candidates", "action", "rule", "reason", "queue", "priority", "why",
        "foretold",
    ]  # fmt: skip


def test_ask_promises_nothing_where_nobody_takes_over(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(house)

    assert main(["ask", "I forgot my password", "--at", "2026-11-27T15:00:00+01:00"]) == 0
    assert "due" not in capsys.readouterr().out
