"""The guides' exercises, played as they are written: each file as it stands there, each command with what it prints."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.wiring import load_knowledge
from tests.workbench.rehearsed_log import write_log

ROOT = Path(__file__).parents[2]
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"# (\S+\.yaml)\n")


def played(guide: str, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[str, str, str]]:
    """Write the guide's files and run its commands, in order: the command, what the guide prints, what it prints."""
    for language, text in _FENCED.findall(guide):
        if language == "yaml" and (named := _NAMED.match(text)):
            Path(named[1]).write_text(text, encoding="utf-8")
        elif language == "console":
            command, _, told = text.removeprefix("$ ").partition("\n")
            main(shlex.split(command)[1:])
            printed = capsys.readouterr()
            yield command, told, "".join(f"{line.rstrip()}\n" for line in (printed.out + printed.err).splitlines())


@pytest.mark.whole
@pytest.mark.parametrize("name", ["editors", "rules"])
def test_the_exercise_goes_as_the_guide_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "kb", tmp_path / "kb")
    shutil.copy(ROOT / "escalation_rules.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for variable in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(variable, raising=False)
    office = tmp_path / "practice" / "office"
    office.mkdir(parents=True)
    (office / "projector.yaml").touch()
    if name == "rules":
        served = load_knowledge(tmp_path / "kb", tmp_path / "escalation_rules.yaml", rules_needed=True)
        write_log(tmp_path / "tier1.db", served)

    for command, told, printed in played((ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8"), capsys):
        assert printed == told, command
