"""`tier1 kb new` and `tier1 kb fmt`: what they write, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.content.writing.drafting import drafted
from tests.content.small_files import ENTRY, RULES, kb, loaded

UNTIDY = "# ours\nphrasings:   # as typed\n- I forgot my password\n- how do I reset it\n- my password has expired\n"
UNTIDY += "title: Reset a password  # short\nanswer: |\n    Open the portal.\n\n\n\n    Then wait.\n"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", accounts__reset=ENTRY)
    (tmp_path / "escalation_rules.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "title",
    [
        "Borrow a projector",
        "Wi-Fi: the basics",  # breaks YAML without quotes
        "no",  # is read as false
        "12:30 closing",
        'Say "hello" #now',
        "Zurück auf Los",
    ],
)
def test_a_new_entry_has_no_fault_as_it_stands(title: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, office__new=drafted("office/new", title=title, schema="x.json"))

    assert found.faults == ()
    assert found.value is not None
    entry = found.value.entries["office/new"]
    assert (entry.title, entry.state, len(entry.phrasings)) == (title, "draft", 3)


def test_a_title_is_made_from_the_id() -> None:
    assert "title: Borrow a projector\n" in drafted("office/borrow-a_projector")


def test_a_new_entry_is_tested_as_if_it_were_served(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kb", "new", "office/borrow-a-projector"]) == 0
    assert "tier1 kb test office/borrow-a-projector" in capsys.readouterr().out

    assert (house / "kb/office/borrow-a-projector.yaml").exists()
    assert main(["kb", "check"]) == 0
    assert main(["kb", "test", "office/borrow-a-projector"]) == 0


@pytest.mark.parametrize(
    ("entry_id", "told"),
    [
        ("projector", "is no id -> write CATEGORY/NAME"),
        ("Office/projector", "first: office"),  # capital letters are another file on some machines
        ("../projector", "cannot be a category"),  # never out of the folder
        ("a/b/c", "is no id"),
        ("accounts/reset", "is there already, and ids are never used again"),
    ],
)
def test_a_new_entry_is_refused(house: Path, entry_id: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(house.rglob("*"))

    assert main(["kb", "new", entry_id]) == 1
    assert told in capsys.readouterr().err
    assert sorted(house.rglob("*")) == before


def test_a_category_without_a_route_is_told_of(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = f"{RULES}routing: [{{category: accounts, queue: it}}]\n"
    (house / "escalation_rules.yaml").write_text(rules, encoding="utf-8")

    assert main(["kb", "new", "office/chair"]) == 0
    assert "no route for the category `office`, so its cases go to it" in capsys.readouterr().out


def test_files_are_brought_into_one_form_once(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", a__b=UNTIDY)
    file = house / "kb/a/b.yaml"
    file.chmod(0o640)

    assert main(["kb", "fmt", "--check"]) == 1
    assert capsys.readouterr().out == "kb/a/b.yaml\n"
    assert file.read_text(encoding="utf-8") == UNTIDY
    assert main(["kb", "fmt"]) == 0
    assert capsys.readouterr().out == "kb/a/b.yaml\n"
    assert main(["kb", "fmt", "--check"]) == 0

    text = file.read_text(encoding="utf-8")
    assert text.startswith("# ours\ntitle: Reset a password  # short\nphrasings:")
    assert "# as typed\n  - I forgot my password\n" in text
    assert text.endswith("answer: |\n  Open the portal.\n\n\n\n  Then wait.\n")  # a text keeps its blank lines
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["b.yaml"]


def test_one_file_by_its_id_or_path(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", a__b=UNTIDY, a__c=UNTIDY.replace("Reset a", "Change a"))

    assert main(["kb", "fmt", "a/c"]) == 0
    assert main(["kb", "fmt", "kb/a/b.yaml"]) == 0
    assert capsys.readouterr().out == "kb/a/c.yaml\nkb/a/b.yaml\n"
    assert main(["kb", "fmt", "a/d"]) == 1
    assert "did you mean `a/b`?" in capsys.readouterr().err


def test_what_is_broken_is_told_and_left_alone(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = "title: A: b\n"
    kb(house / "kb", a__b=UNTIDY, a__broken=broken)

    assert main(["kb", "fmt"]) == 1
    printed = capsys.readouterr()
    assert "kb/a/broken.yaml:1:9 KB002 error" in printed.err
    assert printed.out == "kb/a/b.yaml\n"
    assert (house / "kb/a/broken.yaml").read_text(encoding="utf-8") == broken
