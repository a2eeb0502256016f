"""`tier1 kb check` and `tier1 rules check`: what they print and what they return."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.content.small_files import ENTRY, RULES, kb


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", accounts__reset=ENTRY)
    (tmp_path / "escalation_rules.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def test_a_good_knowledge_base(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["kb", "check"]) == 0
    assert capsys.readouterr().out == "1 entry, 0 errors, 0 warnings\n"


def test_warnings_are_listed_and_served(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", a__b=ENTRY.replace("  - how do I reset it\n", "").replace("my pass", "a pass"))

    assert main(["kb", "check"]) == 0
    *lines, summary = capsys.readouterr().out.splitlines()
    assert "kb/a/b.yaml:3:3 KB050 warning only 2 phrasings -> write 3 or more, as people type them" in lines
    assert summary.startswith("2 entries, 0 errors, ")


def test_errors_refuse(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__broken="title: A: b\n")

    assert main(["kb", "check"]) == 1
    fault, summary = capsys.readouterr().out.splitlines()
    assert fault.startswith("kb/accounts/broken.yaml:1:9 KB002 error  this is not YAML: ")
    assert summary == "2 entries, 1 error, 0 warnings"


def test_the_same_as_json(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__reset=f"{ENTRY}stat: live\n")

    assert main(["kb", "check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "faults": [
            {
                "file": "kb/accounts/reset.yaml",
                "line": 7,
                "column": 1,
                "code": "KB003",
                "level": "error",
                "message": "unknown key `stat`",
                "hint": "did you mean `state`?",
            }
        ],
        "entries": 1,
        "errors": 1,
        "warnings": 0,
    }


def test_good_rules(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["rules", "check"]) == 0
    assert capsys.readouterr().out == "1 queue, 0 triggers, 0 errors, 0 warnings\n"


def test_rules_are_checked_against_the_entries(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "escalation_rules.yaml").write_text(
        f"{RULES}routing: [{{entry: accounts/rest, queue: it}}]\n", encoding="utf-8"
    )
    kb(house / "kb", accounts__reset=f"{ENTRY}escalate: {{queue: sales}}\n")

    assert main(["rules", "check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "escalation_rules.yaml:3:19 RU070 warning no entry `accounts/rest` -> did you mean `accounts/reset`?",
        "kb/accounts/reset.yaml:7:19 KB060 error  no queue `sales` in the rules -> known here: it",
        "1 queue, 0 triggers, 1 error, 1 warning",
    ]


def test_rules_need_no_knowledge_base(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "escalation_rules.yaml").write_text(f"{RULES}routing: [{{entry: a/b, queue: it}}]\n", encoding="utf-8")

    assert main(["rules", "check", "--kb", str(house / "nowhere")]) == 0
    assert capsys.readouterr().out == "1 queue, 0 triggers, 0 errors, 0 warnings\n"


def test_missing_files_are_faults_too(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kb", "check", "--kb", "gone"]) == 1
    assert main(["rules", "check", "--rules", str(house / "gone.yaml")]) == 1

    out = capsys.readouterr().out.splitlines()
    assert out[0] == "gone:1:1 KB001 error  no such folder -> check the path, or make the folder"
    assert out[2].endswith("gone.yaml:1:1 RU001 error  no such file -> check the path")


def test_only_the_faults_of_what_is_named_are_told(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", a__b="titl: x\n", a__c="title: 404\n", _site="variable: {a: b}\n")
    (house / "kb" / "a" / "d.yml").write_text(ENTRY, encoding="utf-8")

    def told(*named: str) -> list[str]:
        assert main(["kb", "check", *named]) == (0 if named == ("accounts/reset",) else 1)
        return [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines()]

    assert {line.partition(":")[0] for line in told("a/b")} == {"kb/a/b.yaml", "1"}
    assert {line.partition(":")[0] for line in told("kb/a/c.yaml")} == {"kb/a/c.yaml", "1"}
    assert told("kb/_site.yaml") == ["kb/_site.yaml:1:1", "0"]
    assert told("kb/a/d.yml") == ["kb/a/d.yml:1:1", "0"]  # one that is not even read
    assert {line.partition(":")[0] for line in told("a/b", "a/c")} == {"kb/a/b.yaml", "kb/a/c.yaml", "2"}
    assert told("accounts/reset") == ["1"]  # whatever is wrong elsewhere


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("accounts/rest", "did you mean `accounts/reset`?"),
        ("kb/accounts/rest.yaml", "did you mean `kb/accounts/reset.yaml`?"),
        ("escalation_rules.yaml", "no file of the knowledge base in kb"),
    ],
)
def test_what_is_named_has_to_be_there(house: Path, named: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["kb", "check", named]) == 1
    assert told in capsys.readouterr().err


def test_a_file_for_the_folder_is_told_of(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["kb", "check", "--kb", "kb/accounts/reset.yaml"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "kb/accounts/reset.yaml:1:1 KB001 error  this is a file, not a folder -> name the folder that it is in;"
        " one file is checked by `tier1 kb check FILE`"
    )


@pytest.mark.parametrize("kind", ["entry", "site", "words", "rules"])
def test_the_schemas_can_be_printed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kb", "schema", kind]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"
