"""When the sandbox's time begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.sandbox import time_of
from bot.store.sqlite import SqliteStore
from tests.store.samples import append, asked, first_chapter


def test_the_sandbox_goes_on_where_time_had_been_put_to(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    ahead = datetime.now(UTC) + timedelta(days=3)
    with SqliteStore(path) as store:
        append(store.book, first_chapter("c1", asked()), at=ahead)

    assert timedelta(0) <= time_of(str(path))() - ahead < timedelta(minutes=1)
    assert abs(time_of("")() - datetime.now(UTC)) < timedelta(minutes=1)
