"""A backup is all of one moment, for its owner alone, and there only when it is whole."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from bot.core.saying import Line, Whisper
from bot.errors import StoreDown
from bot.store.backup import back_up
from bot.store.soundness import examine
from bot.store.sqlite import SqliteStore
from tests.store.samples import (
    ANA,
    CHANNEL,
    HOME,
    answered,
    append,
    asked,
    case_in,
    chapter,
    first_chapter,
    first_due,
    post,
    said,
    tear,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tier1.db"
    with SqliteStore(path) as store:
        append(store.book, first_chapter("c1", asked(), answered(), said=[said("c1", 2, post())]))
    return path


def test_a_backup_is_sound_and_says_what_is_in_it(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"

    made = back_up(path, file)

    assert (made.file, made.cases, made.events, made.faults) == (file, 1, 3, "")
    assert made.size == file.stat().st_size
    assert examine(file).faults == ()
    with SqliteStore(file) as store, SqliteStore(path) as original:
        assert store.book.log("c1") == original.book.log("c1")


def test_a_backup_is_one_file_for_its_owner_alone(path: Path, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    before = os.umask(0)
    try:
        back_up(path, tmp_path / "backups" / "b.db")
    finally:
        os.umask(before)

    assert [file.name for file in (tmp_path / "backups").iterdir()] == ["b.db"]
    assert stat.S_IMODE((tmp_path / "backups" / "b.db").stat().st_mode) == 0o600


def test_it_is_of_one_moment_and_keeps_nobody_from_writing(path: Path, tmp_path: Path) -> None:
    stop, written = Event(), Event()

    def write() -> None:
        with SqliteStore(path) as store:
            number = 0
            while not stop.is_set():
                number += 1
                place = replace(HOME, thread_ts=f"9.{number}")
                case = append(store.book, first_chapter(f"w{number}", asked(), place=place))
                append(store.book, chapter(case, answered()))
                written.set()

    writer = Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            assert written.wait(10)
            written.clear()
            back_up(path, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()

    counts = []
    for number in range(10):
        found = examine(tmp_path / f"{number}.db")
        assert found.faults == ()
        counts.append(found.events)
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_nothing_is_overwritten(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    for taken in (file, path, tmp_path / "link"):
        with pytest.raises(StoreDown, match="is there already"):
            back_up(path, taken)
    assert file.read_text() == "mine"


def test_of_two_backups_to_one_name_the_first_stays(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.db"
    original = os.fsync

    def somebody_is_quicker(handle: int) -> None:
        original(handle)
        file.write_text("theirs")

    monkeypatch.setattr(os, "fsync", somebody_is_quicker)

    with pytest.raises(StoreDown, match="is there already"):
        back_up(path, file)
    assert file.read_text() == "theirs"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["backup.db", "tier1.db"]


def test_a_folder_that_is_not_there_is_said(path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreDown, match=r"cannot be written \(No such file or directory\): its folder must be there"):
        back_up(path, tmp_path / "nowhere" / "backup.db")


def test_where_there_is_no_database_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreDown, match="there is no database"):
        back_up(tmp_path / "nowhere.db", tmp_path / "backup.db")
    assert list(tmp_path.iterdir()) == []


def test_of_a_damaged_database_there_is_a_backup_which_says_so(path: Path, tmp_path: Path) -> None:
    tear(path)

    assert back_up(path, tmp_path / "backup.db").faults


def test_what_was_due_then_is_looked_for_when_the_backup_is_put_back(path: Path, tmp_path: Path) -> None:
    """It has been said since, by the bot that went on."""
    with SqliteStore(path) as store:
        whisper = Whisper(channel=CHANNEL, user=ANA, content=Line("psst"))
        append(store.book, chapter(case_in(store.book, "c1"), asked(), said=[said("c1", 4, whisper)]))
    back_up(path, tmp_path / "backup.db")

    with SqliteStore(tmp_path / "backup.db") as store:
        row = first_due(store.outbox)

    assert (row.said.id, row.ambiguous) == ("c1-2-0", True)
    with closing(sqlite3.connect(tmp_path / "backup.db")) as copy:
        assert copy.execute("select state from outbox where kind = 'Whisper'").fetchone() == ("dropped",)
    with closing(sqlite3.connect(path)) as original:
        assert original.execute("select state, ambiguous from outbox").fetchall() == [("due", 0), ("due", 0)]
