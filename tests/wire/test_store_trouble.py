"""The store in trouble, over the wire: an honest line, nothing lost, nothing twice, and well again by itself."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_FSIZE, prlimit

import pytest

from bot.sandbox.messages import Message
from bot.sandbox.server import Sandbox
from tests.whole.processes import Process, environment, tier1
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, KB, OPS, QUEUES, RULES, SEED, House, Mode

pytestmark = pytest.mark.wire

AGAIN = (0.5, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0)
AS_SLACK = (1.0, 60.0, 300.0)  # seconds
FORGOT, VPN = "i forgot my password", "how do i connect to the vpn"
NOT_FOR_PEOPLE = ("traceback", "sqlite", "error", "disk", ".db", "exception")


@pytest.fixture
def house(mode: Mode, tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, mode, redelivery=AGAIN) as running:
        running.slack.say(CUSTOMER, running.slack.dm(CUSTOMER), FORGOT)
        running.quiet()
        yield running


# --- troubles ---------------------------------------------------------------------------------------------------------


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin immediate")
        try:
            yield
        finally:
            other.execute("rollback")


@contextmanager
def moved_away(database: Path) -> Iterator[None]:
    away = database.rename(database.with_name("away.db"))
    yield
    away.rename(database)


@contextmanager
def replaced_by_a_backup(database: Path) -> Iterator[None]:
    backup = backed_up(database)
    database.unlink()
    yield
    backup.rename(database)


@contextmanager
def overwritten(database: Path) -> Iterator[None]:
    backup = backed_up(database)
    put_all_in_file(database)
    with database.open("r+b") as file:
        file.write(b"\xff" * database.stat().st_size)
    yield
    backup.replace(database)


@contextmanager
def overwritten_and_restored_in_place(database: Path) -> Iterator[None]:
    backup = backed_up(database)
    put_all_in_file(database)
    with database.open("r+b") as file:
        file.write(b"\xff" * database.stat().st_size)
    yield
    shutil.copyfile(backup, database)


@contextmanager
def of_a_newer_version(database: Path) -> Iterator[None]:
    newer, older = backed_up(database), backed_up(database)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("pragma user_version = 99")
    newer.replace(database)
    yield
    older.replace(database)


def put_all_in_file(database: Path) -> None:
    """What stands beside the file would mend the damage."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")


def backed_up(database: Path) -> Path:
    copy = database.with_name(f"backup-{time.monotonic_ns()}.db")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


Trouble = Callable[[Path], AbstractContextManager[None]]
TROUBLES = [
    locked,
    moved_away,
    replaced_by_a_backup,
    overwritten,
    overwritten_and_restored_in_place,
    of_a_newer_version,
]


# --- what people see --------------------------------------------------------------------------------------------------


def shown(messages: list[Message], words: str) -> list[Message]:
    return [message for message in messages if words in message.shown]


def plain(message: Message) -> bool:
    return not any(word in message.shown.lower() for word in NOT_FOR_PEOPLE)


@pytest.mark.long
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_in_trouble_one_apology_is_said_and_afterwards_one_answer(trouble: Trouble, house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    with trouble(house.database):
        house.slack.say(CUSTOMER, dm, VPN)
        house.wait(lambda: shown(house.from_bot(dm), "can't save"))
        house.slack.say(CUSTOMER, dm, "hello?")
        house.wait(lambda: [one for one in house.slack.deliveries() if len(one.attempts) > 1], 15)
        house.wait(lambda: shown(house.from_bot(OPS), "cannot be stored"))
        assert not shown(house.from_bot(dm), "VPN")
    house.wait(lambda: shown(house.from_bot(dm), "VPN"), 20)
    house.slack.settled(20)
    house.wait(lambda: not house.rows("select 1 from outbox where state = 'due'"))

    said = house.from_bot(dm)
    (apology,) = shown(said, "can't save")
    assert plain(apology)
    assert "person" in apology.shown
    assert len(shown(said, "VPN")) == 1
    assert len(shown(said, "Reset a forgotten")) == 1  # what was answered before is not answered again
    assert len(shown(house.from_bot(OPS), "cannot be stored")) == 1
    assert all(delivery.acked for delivery in house.slack.deliveries("message"))


@pytest.mark.parametrize("trouble", [locked, moved_away], ids=lambda trouble: trouble.__name__)
def test_a_press_or_a_command_in_trouble_is_answered_with_the_wish_to_try_again(trouble: Trouble, house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    answer = house.from_bot(dm)[0]
    with trouble(house.database):
        house.slack.press(CUSTOMER, dm, answer.ts, "Still stuck")
        house.wait(lambda: shown(house.slack.ephemerals(CUSTOMER), "press the button again"))
        house.slack.command(CUSTOMER, dm, "/tier1", VPN)
        house.wait(lambda: shown(house.slack.ephemerals(CUSTOMER), "send the command again"))
    house.slack.settled(10)
    said = [message for message in house.slack.ephemerals(CUSTOMER) if message.bot_id]  # Slack adds a word of its own
    assert len(said) == 2
    assert all(map(plain, said))
    assert house.rows("select count(*) from events where kind = 'StillStuck'") == [(0,)]

    house.slack.press(CUSTOMER, dm, answer.ts, "Still stuck")
    house.quiet()

    assert house.rows("select count(*) from events where kind = 'StillStuck'") == [(1,)]


@pytest.mark.parametrize("trouble", [locked, moved_away], ids=lambda trouble: trouble.__name__)
def test_a_form_in_trouble_stays_open_with_all_that_was_written_in_it(trouble: Trouble, house: House) -> None:
    dm, tech = house.slack.dm(CUSTOMER), QUEUES["tech"]
    house.slack.say(CUSTOMER, dm, "talk to a human")
    house.quiet()
    (card,) = house.cards()
    with trouble(house.database):
        house.slack.press(DANA, tech, card.ts, "Reply")
        house.wait(lambda: any("press the button again" in view.shown for view in house.slack.views(DANA)))
    house.slack.settled(10)
    house.slack.press(DANA, tech, card.ts, "Reply")
    house.quiet()
    (form,) = house.slack.views(DANA)
    with trouble(house.database):
        house.slack.submit(DANA, form.id, {"words": "Please restart it."})
        house.wait(lambda: any(view.errors for view in house.slack.views(DANA)))
    (kept,) = house.slack.views(DANA)

    assert "nothing you wrote is lost" in kept.errors["words"]
    assert not shown(house.from_bot(dm), "Please restart it.")

    house.slack.submit(DANA, kept.id, {"words": "Please restart it."})
    house.quiet()

    assert house.slack.views(DANA) == []
    assert len(shown(house.from_bot(dm), "Please restart it.")) == 1
    assert house.rows("select count(*) from events where kind = 'Replied'") == [(1,)]


def test_a_lock_of_a_second_is_not_worth_a_word(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    with locked(house.database):
        house.slack.say(CUSTOMER, dm, VPN)
        time.sleep(1)
    house.quiet()

    assert len(house.from_bot(dm)) == 2
    assert not shown(house.from_bot(dm), "can't save")
    assert house.from_bot(OPS) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("seconds", "redelivery"),
    [
        (10, AGAIN),  # answered soon after
        (60, AS_SLACK),  # before Slack's second repeat
    ],
)
def test_a_long_lock_costs_patience_and_nothing_else(
    seconds: int, redelivery: tuple[float, ...], tmp_path: Path
) -> None:
    with House(tmp_path, redelivery=redelivery) as house:
        dm = house.slack.dm(CUSTOMER)
        with locked(house.database):
            house.slack.say(CUSTOMER, dm, FORGOT)
            time.sleep(seconds)
        house.wait(lambda: shown(house.from_bot(dm), "Reset a forgotten"), 80)
        house.slack.settled(20)
        house.quiet()

        assert len(house.from_bot(dm)) == 2
        assert len(house.from_bot(OPS)) == 1


@pytest.mark.long
@pytest.mark.parametrize("trouble", [locked, moved_away], ids=lambda trouble: trouble.__name__)
def test_what_slack_brought_twice_in_vain_is_answered_long_before_it_comes_again(
    trouble: Trouble, mode: Mode, tmp_path: Path
) -> None:
    with House(tmp_path, mode, redelivery=AS_SLACK) as house:
        slack, dm, others, tech = house.slack, house.slack.dm(CUSTOMER), house.slack.dm(COLLEAGUE), QUEUES["tech"]
        slack.say(COLLEAGUE, others, "talk to a human")
        house.wait(house.cards)
        reply = slack.say(DANA, tech, "@tier1 restart it", thread_ts=house.cards()[0].ts)
        house.wait(lambda: shown(house.from_bot(others), "restart it"))
        house.quiet()
        heard = len(slack.deliveries())
        with trouble(house.database):  # some four seconds over HTTP, and seven in Socket Mode
            slack.say(CUSTOMER, dm, FORGOT)
            slack.edit(DANA, tech, reply, "@tier1 restart it twice")
            house.wait(lambda: [len(one.attempts) for one in slack.deliveries()[heard : heard + 2]] == [2, 2], 20)
            assert shown(house.from_bot(dm), "can't save")
        house.wait(lambda: shown(house.from_bot(dm), "Reset a forgotten"), 20)
        house.wait(lambda: shown(house.from_bot(others), "restart it twice"), 20)
        house.wait(lambda: not house.rows("select 1 from outbox where state = 'due'"))

        assert [len(one.attempts) for one in slack.deliveries()[heard : heard + 2]] == [2, 2]
        apology, answer = house.from_bot(dm)
        assert plain(apology)
        assert "Reset a forgotten" in answer.shown


@pytest.mark.long
def test_what_was_answered_before_slack_brought_it_again_is_acknowledged_then_and_not_answered_again(
    mode: Mode, tmp_path: Path
) -> None:
    with House(tmp_path, mode, redelivery=(1.0, 9.0)) as house:
        dm = house.slack.dm(CUSTOMER)
        with locked(house.database):
            house.slack.say(CUSTOMER, dm, FORGOT)
            house.wait(lambda: len(house.slack.deliveries()[0].attempts) == 2, 20)
        house.wait(lambda: shown(house.from_bot(dm), "Reset a forgotten"), 20)
        house.slack.settled(30)
        house.quiet()

        delivery = house.slack.deliveries()[0]
        assert (len(delivery.attempts), delivery.acked) == (3, True)
        assert len(house.from_bot(dm)) == 2
        assert house.rows("select count(*) from stimuli") == [(1,)]


def test_what_was_not_stored_when_the_bot_is_stopped_is_left_to_slack(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    with locked(house.database):
        house.slack.say(CUSTOMER, dm, VPN)
        house.wait(lambda: shown(house.from_bot(dm), "can't save"))
        house.service.stop()
        assert not house.service._second_chances._thread.is_alive()
    house.service = house.begin()
    house.wait(lambda: shown(house.from_bot(dm), "VPN"), 20)
    house.quiet()

    assert len(shown(house.from_bot(dm), "VPN")) == 1


@pytest.mark.long
def test_what_was_acknowledged_before_the_file_beside_was_deleted_outlives_the_bot(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    Path(f"{house.database}-wal").unlink()
    house.slack.say(CUSTOMER, dm, VPN)
    house.wait(lambda: shown(house.from_bot(dm), "VPN"), 20)
    house.quiet()
    alone = shutil.copyfile(house.database, house.database.with_name("alone.db"))
    shutil.copyfile(f"{house.database}-wal", f"{alone}-wal")

    with closing(sqlite3.connect(alone)) as found:
        assert found.execute("select count(*) from stimuli").fetchone() == (2,)
        assert found.execute("pragma integrity_check").fetchone() == ("ok",)


# --- whole processes --------------------------------------------------------------------------------------------------


def env_of(slack: Sandbox, **more: str) -> dict[str, str]:
    return environment(
        SLACK_BOT_TOKEN=slack.bot_token, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL=slack.api_url,
        TIER1_KB=str(KB), TIER1_RULES=str(RULES), **more,
    )  # fmt: skip


def no_database(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")


def damaged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table words (word text)")
        connection.executemany("insert into words values (?)", [["x" * 1000] for _ in range(100)])
        connection.commit()
    with path.open("r+b") as file:
        file.seek(10 * 4096)
        file.write(b"\xff" * 4096)


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.whole
@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (no_database, "is damaged or no SQLite database: restore a backup, or name another file"),
        (newer, "the database is of version 99"),
        (damaged, "is damaged: restore a backup"),
        (a_folder, "cannot be opened: its folder must exist"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_a_database_that_can_never_be_used_ends_the_bot_with_one_sentence(
    bad: Callable[[Path], None], sentence: str, tmp_path: Path
) -> None:
    bad(tmp_path / "tier1.db")
    with Sandbox(SEED) as slack:
        ended = tier1("run", cwd=tmp_path, env=env_of(slack) | {"PYTHONPATH": str(Path.cwd())})

    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert sentence in last
    assert "Traceback" not in ended.stderr
    assert len([line for line in ended.stderr.splitlines() if sentence in line]) == 1


@pytest.mark.whole
@pytest.mark.long
def test_a_bot_that_is_started_on_a_locked_database_waits_for_it(tmp_path: Path) -> None:
    database = tmp_path / "tier1.db"
    with Sandbox(SEED) as slack, closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("pragma locking_mode = exclusive")
        other.execute("begin exclusive")
        with Process("run", cwd=tmp_path, env=env_of(slack)) as bot:
            slack.wait_for(lambda: "is locked by another program" in bot.errors(), 20)
            other.close()
            assert bot.line() == "ready", bot.errors()
            dm = slack.dm(CUSTOMER)
            slack.say(CUSTOMER, dm, FORGOT)
            slack.wait_for(lambda: shown(slack.messages(dm), "Reset a forgotten"))
            assert "Traceback" not in bot.errors()


def may_mount() -> bool:
    return not subprocess.run([*_OWN_DISK, "true"], check=False, capture_output=True).returncode


# A file system of two megabytes that only this process sees; everybody else through /proc.
_OWN_DISK = ("unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=2m tmpfs "$0" && cd "$0" && exec "$@"', "/mnt")


@pytest.mark.whole
@pytest.mark.long
@pytest.mark.skipif(not may_mount(), reason="needs a file system of its own")
def test_a_full_disk_makes_the_bot_wait_and_costs_nothing(tmp_path: Path) -> None:
    with Sandbox(SEED, redelivery=AGAIN) as slack, (tmp_path / "log").open("wb") as log:
        env = env_of(slack) | {"PYTHONPATH": str(Path.cwd())}
        bot = subprocess.Popen([*_OWN_DISK, sys.executable, "-m", "bot", "run"], env=env, stdout=log, stderr=log)
        try:
            dm = slack.dm(CUSTOMER)
            slack.wait_for(lambda: slack.connections, 20)
            slack.say(CUSTOMER, dm, FORGOT)
            slack.wait_for(lambda: shown(slack.messages(dm), "Reset a forgotten"))
            filler = Path(f"/proc/{bot.pid}/root/mnt/filler")
            with suppress(OSError), filler.open("wb") as file:
                while True:
                    file.write(b"x" * 512)
            slack.say(CUSTOMER, dm, VPN)
            slack.wait_for(lambda: shown(slack.messages(dm), "can't save"), 20)
            told = slack.wait_for(lambda: shown(slack.messages(OPS), "cannot be stored"), 20)
            filler.unlink()
            slack.wait_for(lambda: shown(slack.messages(dm), "VPN"), 30)
            slack.settled(30)

            assert "the disk is full: free some space" in told[0].shown
            assert len([m for m in slack.messages(dm) if m.bot_id]) == 3
        finally:
            bot.terminate()
            assert bot.wait(15) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.whole
@pytest.mark.long
def test_a_disk_that_fails_makes_the_bot_wait_and_costs_nothing(tmp_path: Path) -> None:
    with Sandbox(SEED, redelivery=AGAIN) as slack, Process("run", cwd=tmp_path, env=env_of(slack)) as bot:
        assert bot.line() == "ready", bot.errors()
        dm, pid = slack.dm(CUSTOMER), bot.process.pid
        slack.say(CUSTOMER, dm, FORGOT)
        slack.wait_for(lambda: shown(slack.messages(dm), "Reset a forgotten"))
        prlimit(pid, RLIMIT_FSIZE, (0, RLIM_INFINITY))
        slack.say(CUSTOMER, dm, VPN)
        slack.wait_for(lambda: shown(slack.messages(dm), "can't save"), 20)
        slack.wait_for(lambda: shown(slack.messages(OPS), "cannot be stored"), 20)
        prlimit(pid, RLIMIT_FSIZE, (RLIM_INFINITY, RLIM_INFINITY))
        slack.wait_for(lambda: shown(slack.messages(dm), "VPN"), 30)
        slack.settled(30)

        assert len([m for m in slack.messages(dm) if m.bot_id]) == 3
        assert bot.end(signal.SIGTERM) < 10
        assert bot.process.returncode == 0
    with closing(sqlite3.connect(tmp_path / "tier1.db")) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        assert database.execute("select count(*) from stimuli").fetchone() == (2,)
