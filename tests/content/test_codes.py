"""The table of codes is whole, and the page in `docs` is the one that is generated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.codes import WAYS_OUT, as_table, codes_of
from bot.content.faults import KINDS

ROOT = Path(__file__).parents[2]
_CODE = re.compile(r"\b(?:KB|RU)0[0-9]{2}\b")


def test_every_kind_of_fault_has_a_way_out() -> None:
    assert set(WAYS_OUT) == set(KINDS)
    assert all(way_out.endswith(".") for way_out in WAYS_OUT.values())


def test_the_committed_page_is_the_one_that_is_generated() -> None:
    # After a change: tier1 kb codes > docs/codes.md
    assert (ROOT / "docs" / "codes.md").read_text(encoding="utf-8") == as_table()


@pytest.mark.parametrize("folder", ["tests/content", "docs"])
def test_every_code_that_is_met_is_in_the_table(folder: str) -> None:
    known = {code for kind in KINDS for code in codes_of(kind)}
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".md"}]

    met = {code for path in files for code in _CODE.findall(path.read_text(encoding="utf-8"))}

    assert met - known == set()


def test_the_table_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kb", "codes"]) == 0
    assert "| KB003, RU003 | error | A key that means nothing here. |" in capsys.readouterr().out
