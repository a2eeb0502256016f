"""`tier1 rules prove`: what it prints, what can be pasted from it, and what it returns."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli import main
from tests.content.small_files import ENTRY, kb

PROMISED = """\
defaults: {timezone: Europe/Berlin, calendar: office}
calendars:
  office: {weekly: {mon: "09:00-17:00"}, holidays: [{date: 2027-03-08, name: Women's Day}]}
queues:
  it: {channel: C0IT000001, ladder: up}
  nights: {channel: C0NIGHTS001, always_staffed: true}
words: {theft: [stolen]}
triggers:
  - {id: theft, when: {keywords: theft}, then: {action: handoff, priority: p1}}
ladders:
  up: [{at: "10m", do: move, to: nights, priorities: [p1]}]
"""
BROKEN = PROMISED.replace('"10m"', '"20m"')
SAID = """\
escalation_rules.yaml: nobody is in `it` in time for a p1 of Mon 1 Mar 00:00 (Europe/Berlin)
    why       first response is due Mon 1 Mar 00:15 (Europe/Berlin): 15m at any hour
    why       `office` opens Mon 1 Mar 09:00 (Europe/Berlin)
    why       the first rung that brings it to people is `move` at 20m: Mon 1 Mar 00:20 (Europe/Berlin)
"""
TEST = """\
  - name: "a p1 for it on Mon 1 Mar 00:00 (Europe/Berlin)"
    given: {text: stolen, at: "2027-03-01T00:00:00+01:00"}
    expect: {rule: theft, queue: it, priority: p1, due_first: "2027-03-01T00:15:00+01:00", action: handoff}
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", accounts__reset=ENTRY)
    return tmp_path / "escalation_rules.yaml"


def test_what_is_proven_is_said_in_one_line(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.write_text(PROMISED)

    assert main(["rules", "prove", "--from", "2027-03-01"]) == 0
    assert capsys.readouterr().out == (
        "17,568 half hours from 1 Mar 2027 to 29 Feb 2028 (Europe/Berlin): each of 35,136 handoffs finds people in"
        " time, nobody is called out of hours, every ladder ends, and all triggers can act (1)\n"
    )


def test_what_does_not_hold_is_a_test_to_paste(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.write_text(BROKEN)

    assert main(["rules", "prove", "--from", "2027-03-01"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(SAID)
    assert "    way out   let ladder `up` move it" in printed
    test = printed[printed.index("  - name: ") :]
    assert test == TEST

    rules.write_text(f"{BROKEN}tests:\n{test}")
    assert main(["rules", "check"]) == 0
    assert main(["rules", "test"]) == 0
    assert capsys.readouterr().out.endswith("1 test, 0 failed\n")


def test_the_same_as_json(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.write_text(BROKEN)

    assert main(["rules", "prove", "--from", "2027-03-01", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    counter = told.pop("counter_example")
    assert told == {
        "proven": False,
        "from": "2027-03-01T00:00:00+01:00",
        "until": "2028-03-01T00:00:00+01:00",
        "half_hours": 1,
        "handoffs": 1,
        "triggers": 1,
    }
    assert (counter["law"], len(counter["why"])) == ("staffed", 3)
    assert counter["test"]["given"] == {"text": "stolen", "at": "2027-03-01T00:00:00+01:00"}
    assert counter["test"]["expect"]["due_first"] == "2027-03-01T00:15:00+01:00"


def test_without_a_day_the_year_begins_today(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.write_text(BROKEN)
    before = datetime.now(ZoneInfo("Europe/Berlin")).date()

    assert main(["rules", "prove", "--json"]) == 1
    begin = datetime.fromisoformat(json.loads(capsys.readouterr().out)["from"])
    assert before <= begin.date() <= datetime.now(ZoneInfo("Europe/Berlin")).date()
    assert f"{begin:%H:%M}" == "00:00"


def test_what_no_test_can_have_is_said_all_the_same(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.write_text(BROKEN.replace("when: {keywords: theft}", "when: {keywords: theft, has_file: true}"))

    assert main(["rules", "prove", "--from", "2027-03-01"]) == 1
    *_, last = capsys.readouterr().out.splitlines()
    assert last.startswith("There is no test for it: ")


@pytest.mark.parametrize("day", ["tomorrow", "2027-02-30", "01.03.2027"])
def test_what_is_no_day_is_told(day: str, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.write_text(PROMISED)

    assert main(["rules", "prove", "--from", day]) == 1
    assert capsys.readouterr().err == f"--from {day}: not a day; write it as 2027-01-01\n"


def test_rules_with_errors_are_not_proven(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.write_text(PROMISED.replace("queues:", "queus:"))

    assert main(["rules", "prove"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "escalation_rules.yaml:" in printed.err
