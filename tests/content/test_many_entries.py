"""The knowledge base that `make bench-content` measures with is a good one: else it would measure something else."""

from __future__ import annotations

from pathlib import Path

from bench.content import write_entries
from bot.core.entries import EntryTests
from tests.content.small_files import loaded


def test_the_generated_entries_have_no_faults(tmp_path: Path) -> None:
    write_entries(tmp_path, 200)

    found = loaded(tmp_path)

    assert found.faults == ()
    assert found.value is not None
    assert len(found.value.entries) == 200
    assert all(len(entry.phrasings) >= 3 for entry in found.value.entries.values())
    assert EntryTests() not in {entry.tests for entry in found.value.entries.values()}


def test_they_are_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_entries(tmp_path / name, 20)

    one, other = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.yaml")}
        for folder in (tmp_path / "one", tmp_path / "other")
    )

    assert one == other
    assert len(one) == 21
