"""Whether the bot can write, and whether something is stuck, as it is asked every few seconds."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bot.core.saying import Post, Under
from bot.ports import Landed
from bot.store.condition import condition
from bot.store.probe import Probe, Stuck
from bot.store.sqlite import SqliteStore
from tests.store.conftest import Database
from tests.store.samples import CHANNEL, NOON, later, line, post
from tests.store.test_outbox import first, write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(database: Database, tmp_path: Path) -> Path:
    assert database.here
    return tmp_path / "tier1.db"


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_database_that_can_be_written_is_well_and_stays_as_it_is(database: Database, path: Path) -> None:
    write(database, post())
    before = condition(path), database.rows("select * from outbox")

    assert [Probe(path).why_not_writable() for _ in range(3)] == ["", "", ""]

    assert (condition(path), database.rows("select * from outbox")) == before


def test_a_lock_shows_within_a_second(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        began = time.monotonic()
        why = Probe(path).why_not_writable()
        took = time.monotonic() - began
        other.execute("rollback")

    assert "is locked by another program" in why
    assert took < 5  # which is the machine's; the patience is 0.4
    assert Probe(path).why_not_writable() == ""


def test_a_database_that_is_gone_shows_and_none_is_made(path: Path) -> None:
    path.unlink()

    assert "cannot be opened" in Probe(path).why_not_writable()
    assert not path.exists()


def test_a_damaged_database_shows(path: Path, database: Database) -> None:
    database.here.close()
    path.write_bytes(b"this is no database" * 1000)

    assert "is damaged or no SQLite database" in Probe(path).why_not_writable()


def test_a_disk_that_takes_nothing_more_shows(path: Path) -> None:
    """A limit on the size of files is the nearest to a full disk that everybody may have."""
    asked = "import sys; from pathlib import Path; from bot.store.probe import Probe; "
    asked += "print(Probe(Path(sys.argv[1])).why_not_writable())"

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    said = subprocess.run(
        [sys.executable, "-c", asked, str(path)], cwd=ROOT, capture_output=True, text=True, check=True,
        preexec_fn=no_room,
    )  # fmt: skip

    assert f"{path} cannot" in said.stdout


# --- stuck ------------------------------------------------------------------------------------------------------------


def stuck(path: Path, before: datetime | None = None) -> Stuck | None:
    """What is stuck as seen five minutes later, or then."""
    return Probe(path).stuck(before or later(minutes=5))


def test_a_lane_that_could_say_something_and_does_not_is_stuck(database: Database, path: Path) -> None:
    write(database, post())

    assert stuck(path) == Stuck(CHANNEL, NOON)
    assert stuck(path, before=later(seconds=-1)) is None  # not yet


def test_a_lane_that_is_held_back_is_not_stuck(database: Database, path: Path) -> None:
    write(database, post())
    database.here.outbox.hold(CHANNEL, later(minutes=10))

    assert stuck(path) is None
    assert stuck(path, before=later(minutes=11)) == Stuck(CHANNEL, later(minutes=10))


def test_what_is_tried_again_later_is_not_stuck(database: Database, path: Path) -> None:
    write(database, post())
    outbox = database.here.outbox
    outbox.failed(first(outbox), "internal_error", later(minutes=10), ambiguous=False)

    assert stuck(path) is None


def test_a_lane_in_which_something_is_said_is_slow_but_not_stuck(database: Database, path: Path) -> None:
    outbox = database.here.outbox
    write(database, post(), post())
    outbox.told(first(outbox), Landed(CHANNEL, "1.1", "1.1"), later(minutes=6))

    assert stuck(path) is None
    assert stuck(path, before=later(minutes=7)) == Stuck(CHANNEL, later(minutes=6))


def test_what_waits_for_another_message_is_not_stuck(database: Database, path: Path) -> None:
    write(database, post(channel="CA"), Post(where=Under("c1-2-0", "CB"), content=line()))

    found = stuck(path)

    assert found
    assert found.lane == "CA"  # which is what holds up both


def test_what_has_been_said_is_not_stuck(database: Database, path: Path) -> None:
    write(database, post())
    outbox = database.here.outbox
    outbox.told(first(outbox), Landed(CHANNEL, "1.1", "1.1"), NOON)

    assert stuck(path) is None


def test_where_nothing_can_be_read_nothing_is_called_stuck(tmp_path: Path) -> None:
    assert stuck(tmp_path / "nowhere.db") is None


# --- at a glance ------------------------------------------------------------------------------------------------------


def test_the_condition_counts_what_is_parked_and_due(database: Database, path: Path) -> None:
    outbox = database.here.outbox
    write(database, post(channel="CA"), post(channel="CB"), post(channel="CC"))
    outbox.park(first(outbox, "CA"), "invalid_blocks")

    found = condition(path)

    assert (found.parked, found.due, found.oldest_due, found.cases, found.faults) == (1, 2, NOON, 1, "")


def test_a_glance_leaves_no_file_behind(tmp_path: Path) -> None:
    path = tmp_path / "tier1.db"
    SqliteStore(path).close()

    condition(path)

    assert [file.name for file in tmp_path.iterdir()] == ["tier1.db"]
