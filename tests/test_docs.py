"""What the guides claim is there: every promise names tests that exist, and every file that a guide names does too."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
TABLE = RELIABILITY.partition("## The promises\n")[2].partition("\n## ")[0]
_ROW = re.compile(r"^\| \*\*(.+?)\*\* (.*)\|(.*)\|(.*)\|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PROMISES = [(match[1], match[3], match[4]) for match in _ROW.finditer(TABLE)]


def test_every_row_of_the_table_is_a_promise_with_its_mechanism_and_its_tests() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("|")][2:]

    assert len(PROMISES) == len(rows) >= 12


@pytest.mark.parametrize(("promise", "mechanism", "tests"), PROMISES, ids=[promise for promise, _, _ in PROMISES])
def test_every_promise_is_kept_where_it_says_and_tested_by_tests_that_exist(
    promise: str, mechanism: str, tests: str
) -> None:
    named = _TEST.findall(tests)

    assert named, f"{promise} names no test"
    assert _TEST.sub("", tests).replace("<br>", "").strip() == ""
    for file, test in named:
        assert test in _functions(ROOT / file), f"{promise} {file} has no {test}"
    for file in re.findall(r"`(bot/[\w/.]+)`", mechanism):
        assert (ROOT / file).is_file(), f"{promise} {file} is not there"


@pytest.mark.parametrize("guide", ["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_every_link_to_a_file_leads_somewhere(guide: str) -> None:
    path = ROOT / guide

    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{guide} leads to {target}"


def _functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
