"""`tier1 ask`: people and channels go by their ids, and a name is not taken for one."""

from __future__ import annotations

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
