"""`tier1 ask`: people and channels go by their ids, and a name is not taken for one."""

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


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--channel", "help-desk"],
            "--channel: `help-desk` is no channel's id -> write the id, such as C0123456789, not the name",
        ),
        (["--channel", "#help-desk"], "--channel: `#help-desk` is no channel's id"),
        (["--channel", "U0ANNA00001"], "--channel: `U0ANNA00001` is no channel's id"),
        (["--as", "maria"], "--as: `maria` is no user's id -> write the id, such as U0123456789, not the name"),
        (["--as", ""], "--as: `` is no user's id"),
    ],
)
def test_a_name_for_an_id_is_told_of(
    house: Path, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.exists()

    assert main(["ask", "I forgot my password", *options]) == 1
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    "options",
    [[], ["--as", "U0ANNA00001"], ["--as", "W0ANNA00001", "--channel", "C0HELP00001"], ["--channel", "D0DIRECT01"]],
)
def test_ids_are_taken(house: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["ask", "I forgot my password", *options]) == 0
    assert "accounts/reset" in capsys.readouterr().out


def test_more_of_why_is_told_when_asked_for(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()
    said = "I forgot my password"

    assert main(["ask", said]) == 0
    short = capsys.readouterr().out
    assert main(["ask", said, "--why"]) == 0
    long = capsys.readouterr().out
    assert main(["ask", said, "--why", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert "without “" not in short
    word = told["matching"]["flips_without"]
    assert word in said.split()
    assert f"without “{word}” it would be " in long
    assert told["matching"]["phrasing"] == "I forgot my password"
    assert told["matching"]["margin"] == told["confidence"]
    shares = told["matching"]["shares"]
    assert set(shares) == {"meaning", "words", "letters"}
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    assert "the score is made of meaning " in long
    assert "the score is made of" not in short
    assert main(["ask", said, "--json"]) == 0
    assert "matching" not in json.loads(capsys.readouterr().out)


def test_what_was_written_before_is_read_with_it(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["ask", "on my phone", "--after", "hello", "--after", "I forgot my password"]) == 0
    detail = capsys.readouterr().out
    assert main(["ask", "same error", "--after", "I forgot my password", "--json"]) == 0
    stuck = json.loads(capsys.readouterr().out)

    assert "read together with that: “I forgot my password on my phone”" in detail
    assert stuck["action"] == "offer"
    assert "it says that accounts/reset did not help" in stuck["why"]
