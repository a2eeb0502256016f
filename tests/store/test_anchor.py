"""A file that is taken away, damaged or replaced while it is in use: noticed, never made worse, and used again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StoreBroken, StoreDown
from bot.store.file import SqliteFile
from bot.store.sqlite import SqliteStore
from tests.store.samples import CHANNEL, NOON, append, asked, first_chapter, post, said

A_MOMENT = timedelta(milliseconds=200)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tier1.db"


@pytest.fixture
def file(path: Path) -> Iterator[SqliteFile]:
    with closing(SqliteFile(path, patience=A_MOMENT)) as file:
        yield file


def add(file: SqliteFile, lane: str) -> None:
    with file.writing() as connection:
        connection.execute("insert into lanes (lane) values (?)", [lane])


def lanes(file: SqliteFile) -> list[str]:
    with file.reading() as connection:
        return [row[0] for row in connection.execute("select lane from lanes order by lane")]


def beside(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()}


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)


def put_all_in_file(path: Path) -> None:
    """What stands in the file beside it would mend the damage."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def backed_up(path: Path) -> Path:
    backup = path.with_name("backup")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as copy:
        source.backup(copy)
    return backup


def test_a_file_that_is_moved_away_is_missed_at_once_and_used_again_when_it_is_back(
    path: Path, file: SqliteFile
) -> None:
    add(file, "before")
    away = path.rename(path.with_name("away"))
    for use in (lambda: add(file, "lost"), lambda: lanes(file)):
        with pytest.raises(StoreBroken, match=r"tier1\.db is gone while I use it: put it back, or restore a backup"):
            use()
    assert not path.exists()  # nothing is made in its place

    away.rename(path)
    add(file, "after")

    assert lanes(file) == ["after", "before"]


def test_a_commit_to_a_file_that_was_moved_meanwhile_does_not_count(path: Path, file: SqliteFile) -> None:
    def write() -> None:
        with file.writing() as connection:
            connection.execute("insert into lanes (lane) values ('lost')")
            path.rename(path.with_name("away"))

    with pytest.raises(StoreDown, match="was taken away while I wrote to it"):
        write()


def test_another_file_in_its_place_is_used_as_it_is_and_what_stood_beside_the_first_stays_with_the_first(
    path: Path, file: SqliteFile
) -> None:
    add(file, "old")
    backup = backed_up(path)
    add(file, "since")
    away = path.rename(path.with_name("away"))
    backup.rename(path)

    assert lanes(file) == ["old"]
    add(file, "new")
    assert lanes(file) == ["new", "old"]
    with closing(sqlite3.connect(away)) as first:  # alone: nothing of it was left behind at the path
        assert first.execute("select lane from lanes order by lane").fetchall() == [("old",), ("since",)]


def test_posts_of_a_restored_file_may_be_in_slack_already(path: Path) -> None:
    with SqliteStore(path, patience=A_MOMENT) as store:
        append(store.book, first_chapter("c1", asked(), said=[said("c1", 1, post())]))
        backup = backed_up(path)
        os.replace(backup, path)  # noqa: PTH105  atomic, as restoring should be

        lease = store.outbox.lease(CHANNEL, "me", NOON, timedelta(seconds=30))
        assert lease is not None
        row = store.outbox.next_row(lease, NOON)

    assert row is not None
    assert row.ambiguous


@pytest.mark.parametrize("gone", [("-wal",), ("-shm",), ("-wal", "-shm")], ids=" ".join)
def test_what_was_written_beside_the_file_is_saved_when_it_is_deleted_there(
    gone: tuple[str, ...], path: Path, file: SqliteFile
) -> None:
    add(file, "before")
    for suffix in gone:
        Path(f"{path}{suffix}").unlink()

    add(file, "after")

    found = subprocess.run(  # as somebody sees it who comes when this program has died
        [sys.executable, "-c", _READ, str(path)], check=True, capture_output=True, text=True
    )
    assert found.stdout.split() == ["after", "before"]


_READ = """
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("select lane from lanes order by lane"):
    print(row[0])
"""


@pytest.mark.parametrize(
    "harm",
    [
        damage,  # all of it
        lambda path: os.truncate(path, 4096),  # a copy that broke off
        lambda path: os.truncate(path, 0),  # and one that did not begin
    ],
    ids=["overwritten", "cut short", "emptied"],
)
def test_a_file_that_others_damage_takes_nothing_more_until_a_good_one_is_there(
    harm: Callable[[Path], None], path: Path, file: SqliteFile
) -> None:
    add(file, "before")
    put_all_in_file(path)
    backup = backed_up(path)
    harm(path)
    for _ in range(3):
        with pytest.raises(StoreBroken, match=r"tier1\.db is (damaged|empty)"):
            add(file, "lost")
    with pytest.raises(StoreBroken, match=r"tier1\.db is (damaged|empty)"):
        lanes(file)
    harmed = path.read_bytes()
    with pytest.raises(StoreBroken):
        add(file, "lost")
    assert path.read_bytes() == harmed  # whoever wants to look into it finds it as it was

    shutil.copyfile(backup, path)

    add(file, "after")
    assert lanes(file) == ["after", "before"]


def test_a_page_that_is_damaged_is_noticed_though_the_rest_can_be_read(path: Path, file: SqliteFile) -> None:
    with file.writing() as connection:
        connection.executemany("insert into lanes (lane) values (?)", [[f"{n:06}" * 20] for n in range(2000)])
    put_all_in_file(path)
    with path.open("r+b") as raw:
        raw.seek(-3 * 4096, os.SEEK_END)
        raw.write(b"\xff" * 4096)

    with pytest.raises(StoreBroken, match="is damaged"):
        add(file, "lost")


def test_another_program_may_write_to_the_file(path: Path, file: SqliteFile) -> None:
    add(file, "ours")
    with closing(sqlite3.connect(path)) as other:
        other.execute("insert into lanes (lane) values ('theirs')")
        other.commit()
    put_all_in_file(path)
    add(file, "ours again")

    assert lanes(file) == ["ours", "ours again", "theirs"]


def test_a_file_of_a_newer_program_in_its_place_is_refused_in_a_sentence(path: Path, file: SqliteFile) -> None:
    newer = backed_up(path)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    newer.replace(path)

    with pytest.raises(StoreBroken, match="the database is of version 99"):
        add(file, "lost")


def test_a_disk_that_fails_leaves_no_connection_that_remembers_it(path: Path) -> None:
    script = """
import resource, signal, sqlite3, sys
from pathlib import Path
from bot.errors import StoreDown
from bot.store.file import SqliteFile

file = SqliteFile(Path(sys.argv[1]))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
for _ in range(3):
    try:
        with file.writing() as connection:
            connection.execute("insert into lanes (lane) values (?)", ["x" * 1_000_000])
    except StoreDown as error:
        print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
with file.writing() as connection:
    connection.execute("insert into lanes (lane) values ('after')")
with file.reading() as connection:
    print(connection.execute("select lane from lanes").fetchall()[0][0])
file.close()
"""
    ran = subprocess.run([sys.executable, "-c", script, str(path)], check=True, capture_output=True, text=True)

    *failures, last = ran.stdout.splitlines()
    assert len(failures) == 3
    assert all("the disk fails: look at the system's log" in each for each in failures)
    assert last == "after"


def test_a_link_to_the_file_does_as_well(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "real.db").touch()
    link = tmp_path / "tier1.db"
    link.symlink_to(tmp_path / "disk" / "real.db")

    with closing(SqliteFile(link, patience=A_MOMENT)) as file:
        add(file, "one")
        (tmp_path / "disk" / "real.db-wal").unlink()
        add(file, "two")

        assert lanes(file) == ["one", "two"]
    assert beside(link) == {"disk", "tier1.db"}
