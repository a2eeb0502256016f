"""Whoever brings their own time begins where it was left."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.dues import Due
from bot.store.last_heard import last_heard
from bot.store.sqlite import SqliteStore
from tests.store.samples import NOON, append, asked, first_chapter


def test_it_is_when_the_last_stimulus_was_stored(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "kept.db") as store:
        append(store.book, first_chapter("c1", asked()), dues=[Due("c1", 1, NOON.replace(year=2030))])

    assert last_heard(tmp_path / "kept.db") == NOON


@pytest.mark.parametrize("content", [None, b"", b"not a database, and longer than a header of one would be" * 4])
def test_where_nothing_can_be_read_nothing_was_heard(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "kept.db"
    if content is not None:
        path.write_bytes(content)

    assert last_heard(path) is None


def test_a_new_database_has_heard_nothing(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "kept.db").close()

    assert last_heard(tmp_path / "kept.db") is None
