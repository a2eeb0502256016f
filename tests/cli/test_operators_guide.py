"""The operators' guide says what is so: every setting, part and check there is, and commands that can be typed."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path

import pytest

from bot import settings, wiring
from bot.cli import doctor_rounds, main
from bot.slack import doctor

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
_PIECES = re.compile(r"\s*…\s*")


def section(title: str) -> str:
    """The text under one heading."""
    return GUIDE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def plain(text: str) -> str:
    """Without case and plural, as far as a guide's sentence needs it."""
    return re.sub(r"\s+", " ", text.lower())


def test_every_setting_that_is_read_is_in_the_guide() -> None:
    read = set(re.findall(r'env\.get\("(\w+)"', inspect.getsource(settings)))

    assert len(read) > 8
    assert {name for name in read if f"`{name}`" not in section("Settings")} == set()


def test_every_part_that_health_tells_of_is_in_the_guide_and_no_other() -> None:
    told = set(re.findall(r'^ +"(\w+)": ', inspect.getsource(wiring.Service._checks), re.MULTILINE))

    assert len(told) == 5
    assert set(re.findall(r"^\| `(\w+)` \|", section("Health"), re.MULTILINE)) == told


def test_everything_that_the_doctor_looks_at_is_in_the_guide() -> None:
    source = inspect.getsource(doctor) + inspect.getsource(doctor_rounds)
    checks = set(re.findall(r'(?:Finding|_content|_or_fine|_unknown)\((?:found, )?"([a-z ]+)"', source))

    assert len(checks) > 8
    named = plain(section("The doctor")).replace("each person", "people").replace("channel for alarms", "operators")
    assert {check for check in checks if check.removesuffix("s") not in named} == set()


def test_every_alarm_in_the_guide_is_one_that_the_bot_rings() -> None:
    code = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
    alarms = re.findall(r"^\| \*(.+?)\* \|", section("Alarms"), re.MULTILINE)

    assert len(alarms) >= 10
    assert [alarm for alarm in alarms for piece in _PIECES.split(alarm) if piece not in code] == []


def commands() -> list[str]:
    """Every command of the guide, as far as it is one."""
    written = {*re.findall(r"`tier1 ([^`…]+)`", GUIDE), *re.findall(r"^tier1 ([^#\n]+)", GUIDE, re.MULTILINE)}
    return sorted({" ".join(word for word in shlex.split(one)[:2] if re.fullmatch(r"[a-z]+", word)) for one in written})


@pytest.mark.parametrize("command", commands())
def test_every_command_in_the_guide_is_there(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])

    assert ended.value.code == 0
    assert f"usage: tier1 {command}" in capsys.readouterr().out


def test_every_link_within_the_guide_leads_somewhere() -> None:
    headings = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    links = re.findall(r"\]\(([^)#]*)#?([^)]*)\)", GUIDE)

    assert {anchor for file, anchor in links if not file and anchor not in headings} == set()
    assert {file for file, _ in links if file and not (ROOT / "docs" / file).exists()} == set()
