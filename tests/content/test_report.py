"""The same faults for people, for programs, and as marks on the lines of a pull request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.faults import FEW_PHRASINGS, UNKNOWN_KEY, Fault, Place, fault
from bot.content.report import report
from tests.content.small_files import ENTRY, RULES, kb

ERROR = fault("KB", UNKNOWN_KEY, Place("kb/a/b.yaml", 9, 5), "unknown key `stat`", "did you mean `state`?")
WARNING = fault("KB", FEW_PHRASINGS, Place("kb/a/b.yaml", 3, 1), "only 2 phrasings")


def test_github_is_told_where_and_what() -> None:
    assert report([ERROR, WARNING], {"entry": 1}, form="github").splitlines() == [
        "::error file=kb/a/b.yaml,line=9,col=5,title=KB003::unknown key `stat` -> did you mean `state`?",
        "::warning file=kb/a/b.yaml,line=3,col=1,title=KB050::only 2 phrasings",
        "1 entry, 1 error, 1 warning",
    ]


def test_github_is_not_misled_by_what_is_written_in_a_file() -> None:
    # https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts: `:` and `,` only end a property.
    odd = Fault(Place("kb/a,b:c%0A/ü.yaml"), "KB003", "error", "100 %, a: b\r\n::error::mine", "")

    (line, _) = report([odd], {}, form="github").splitlines()

    assert line == ("::error file=kb/a%2Cb%3Ac%250A/ü.yaml,line=1,col=1,title=KB003::100 %25, a: b%0D%0A::error::mine")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", accounts__reset=f"{ENTRY}stat: live\n")
    (tmp_path / "escalation_rules.yaml").write_text(f"{RULES}word: {{}}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("tool", "file"), [("kb", "kb/accounts/reset.yaml"), ("rules", "escalation_rules.yaml")])
def test_both_checks_know_all_forms(house: Path, tool: str, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert (house / file).exists()

    assert main([tool, "check", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith(f"::error file={file},line=")
    assert main([tool, "check", "--format", "text"]) == 1
    assert capsys.readouterr().out.startswith(f"{file}:")
    assert main([tool, "check", "--format", "json"]) == 1
    as_json = capsys.readouterr().out
    assert json.loads(as_json)["errors"] == 1
    assert main([tool, "check", "--json"]) == 1
    assert capsys.readouterr().out == as_json
