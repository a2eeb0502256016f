"""What operators do beside a running bot, each command a process of its own as they would start it."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.messages import Message
from bot.sandbox.server import Sandbox
from bot.slack.calls import web_client
from bot.slack.looking import metadata
from tests.whole.processes import ROOT, Process, environment, tier1
from tests.wire.house import COLLEAGUE, CUSTOMER, EMIL, GOLD, GUEST, KB, OPS, QUEUES, RULES, SEED, free_port

pytestmark = pytest.mark.whole


def env_for(slack: Sandbox, folder: Path, **more: str) -> dict[str, str]:
    return environment(
        SLACK_BOT_TOKEN=slack.bot_token, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL=slack.api_url,
        TIER1_KB=str(KB), TIER1_RULES=str(RULES), TIER1_DATABASE=str(folder / "tier1.db"), **more,
    )  # fmt: skip


class Office:
    """A bot that runs, its Slack, and an operator who types commands beside it."""

    def __init__(self, slack: Sandbox, folder: Path) -> None:
        self.slack, self.folder, self.database = slack, folder, folder / "tier1.db"
        self.port = free_port()
        self.env = env_for(slack, folder, TIER1_HEALTH=f"127.0.0.1:{self.port}")
        self.dm = slack.dm(CUSTOMER)

    @contextmanager
    def bot(self) -> Iterator[Process]:
        with Process("run", cwd=self.folder, env=self.env) as process:
            assert process.line() == "ready", process.errors()
            yield process

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        return tier1(*words, env=self.env)

    def json(self, *words: str) -> Any:
        return json.loads(self.types(*words, "--json").stdout)

    def parked(self) -> list[str]:
        return [row["id"] for row in self.json("outbox", "list", "--state", "parked")["rows"]]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def said(self, where: str | None = None) -> list[Message]:
        return [message for message in self.slack.messages(where or self.dm) if message.bot_id]

    def quiet(self) -> None:
        self.slack.settled()
        self.slack.wait_for(lambda: not self.rows("select 1 from outbox where state = 'due'"), 40)

    def health(self) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Sandbox(SEED) as slack:
        yield Office(slack, tmp_path)


# --- doctor -----------------------------------------------------------------------------------------------------------


def test_the_doctor_finds_nothing_where_there_is_nothing_and_says_nothing_in_slack(office: Office) -> None:
    with office.bot():
        ended = office.types("doctor")

    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "All is well."), ended.stdout
    assert not [call for call in office.slack.calls() if call.method.startswith("chat.")]


def test_the_doctor_finds_what_is_wrong_and_goes_on(tmp_path: Path) -> None:
    people = tuple(replace(person, deleted=person.id == EMIL) for person in SEED.people)
    with Sandbox(replace(SEED, people=people), scopes=("users:read", "channels:read")) as slack:
        slack.archive(QUEUES["care"])
        slack.leave(OPS)
        ended = tier1("doctor", "--json", env=env_for(slack, tmp_path) | {"SLACK_APP_TOKEN": "xapp-guessed"})

    wrong = {one["what"].partition(" (")[0] for one in json.loads(ended.stdout)["checks"] if one["level"] == "wrong"}
    assert ended.returncode == 1
    assert wrong > {
        "Slack does not accept SLACK_APP_TOKEN",
        f"#tier2-care, {QUEUES['care']}",
        f"#operators, {OPS}",
        EMIL,
    }
    assert any(what.startswith("the token lacks app_mentions:read, ") for what in wrong)


# --- outbox -----------------------------------------------------------------------------------------------------------


def test_what_slack_refused_is_said_once_when_an_operator_says_so(office: Office) -> None:
    with office.bot():
        office.slack.fail_next("chat.postMessage", "invalid_blocks", times=2)
        office.slack.say(CUSTOMER, office.dm, "i forgot my password")
        office.slack.wait_for(lambda: office.said(OPS), 20)
        (outbox,) = office.parked()
        assert "1 row parked" in office.types("doctor").stdout

        ended = office.types("outbox", "resend", outbox)
        office.slack.wait_for(office.said, 20)
        office.quiet()

    assert ended.returncode == 0
    assert len(office.said()) == 1
    assert office.parked() == []
    assert office.types("outbox", "resend", outbox).returncode == 1


def test_what_is_in_slack_already_is_found_and_not_said_again(office: Office) -> None:
    with office.bot():
        office.slack.fail_next("chat.postMessage", "invalid_blocks", times=2)
        office.slack.say(CUSTOMER, office.dm, "i forgot my password")
        office.slack.wait_for(lambda: office.said(OPS), 20)
        (outbox,) = office.parked()
        client = web_client(office.slack.bot_token, office.slack.api_url)
        client.chat_postMessage(channel=office.dm, text="the answer", metadata=metadata(outbox))

        office.types("outbox", "resend", "--all-parked")
        office.slack.wait_for(lambda: office.rows("select 1 from outbox where state = 'told'"), 20)

    assert [message.shown for message in office.said()] == ["the answer"]


def test_what_an_operator_drops_is_never_said(office: Office) -> None:
    office.slack.fail_next("chat.postMessage", "ratelimited", retry_after=6)
    with office.bot():
        office.slack.say(CUSTOMER, office.dm, "i forgot my password")
        office.slack.wait_for(lambda: office.rows("select 1 from lanes where held_until is not null"), 20)
        (row,) = office.json("outbox", "list")["rows"]

        ended = office.types("outbox", "drop", row["id"])
        office.slack.say(COLLEAGUE, office.slack.dm(COLLEAGUE), "i forgot my password")
        office.slack.wait_for(lambda: office.said(office.slack.dm(COLLEAGUE)), 20)
        office.slack.say(CUSTOMER, office.dm, "talk to a human")
        office.slack.wait_for(office.said, 20)
        office.quiet()

    assert ended.returncode == 0, ended.stderr
    assert row["next_try"]
    assert ["Technical Support" in message.shown for message in office.said()] == [True]


# --- db ---------------------------------------------------------------------------------------------------------------


def test_backups_of_a_bot_at_work_are_sound_and_cost_nobody_an_answer(office: Office) -> None:
    stop = threading.Event()
    asked = 0

    def customers() -> None:
        nonlocal asked
        while not stop.is_set():
            customer = (CUSTOMER, COLLEAGUE, GUEST, GOLD)[asked % 4]  # nobody so fast that we stop listening
            office.slack.say(customer, office.slack.dm(customer), f"i forgot my password {asked}")
            asked += 1
            stop.wait(0.04)

    with office.bot():
        talking = threading.Thread(target=customers)
        talking.start()
        office.slack.wait_for(office.said, 20)
        made = [office.json("db", "backup", str(office.folder / f"{number}.db")) for number in range(3)]
        stop.set()
        talking.join()
        office.slack.settled(60)
        heard = office.rows("select count(*) from events where kind in ('Asked', 'Chatted')")

    for number, backup in enumerate(made):
        ended = office.types("db", "check", str(office.folder / f"{number}.db"))
        assert ended.returncode == 0, ended.stdout
        assert f"{backup['events']:,} events; all of it is sound" in ended.stdout
    assert made[0]["events"] < made[2]["events"]
    assert heard == [(asked,)]
    assert office.types("db", "check").returncode == 0


def test_a_backup_that_is_killed_leaves_no_half_file(office: Office) -> None:
    with office.bot():
        office.slack.say(CUSTOMER, office.dm, "i forgot my password")
        office.slack.wait_for(office.said, 20)
    with closing(sqlite3.connect(office.database)) as database, database:
        database.execute("update texts set text = hex(randomblob(20000000))")
    whole = office.json("db", "backup", str(office.folder / "whole.db"))["size"]
    outcomes = set()

    for number in range(6):
        file = office.folder / f"{number}.db"
        killed = subprocess.Popen(
            [sys.executable, "-m", "bot", "db", "backup", str(file)], cwd=ROOT, env=office.env,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        partial = f".{file.name}.*.partial"
        while killed.poll() is None and not list(office.folder.glob(partial)):
            time.sleep(0.001)
        time.sleep(number * 0.03)
        killed.kill()
        killed.wait(20)
        outcomes.add(file.exists())
        assert not file.exists() or file.stat().st_size == whole

    assert False in outcomes


def test_a_bot_on_a_restored_backup_goes_on_and_says_nothing_twice(office: Office) -> None:
    office.slack.fail_next("chat.postMessage", "ratelimited", retry_after=4)
    backup = office.folder / "backup.db"
    with office.bot() as bot:
        office.slack.say(CUSTOMER, office.dm, "i forgot my password")
        office.slack.wait_for(lambda: office.rows("select 1 from lanes where held_until is not null"), 20)
        assert office.types("db", "backup", str(backup)).returncode == 0
        office.slack.wait_for(office.said, 20)
        bot.end(signal.SIGTERM)
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("select state from outbox").fetchall() == [("due",)]

    (office.folder / "old").mkdir()
    for file in office.folder.glob("tier1.db*"):
        file.rename(office.folder / "old" / file.name)
    beside = office.folder / "tier1.db.new"
    shutil.copy(backup, beside)
    beside.rename(office.database)
    with office.bot():
        office.quiet()
        office.slack.press(CUSTOMER, office.dm, office.said()[0].ts, "That fixed it")
        office.slack.wait_for(lambda: office.rows("select 1 from cases where state = 'closed'"), 20)

    assert len(office.said()) == 1


# --- health -----------------------------------------------------------------------------------------------------------


def test_health_says_what_is_wrong_and_when_it_is_over(office: Office) -> None:
    with office.bot():
        office.slack.wait_for(lambda: office.health() == (200, "ok"), 20)
        with closing(sqlite3.connect(office.database, isolation_level=None)) as other:
            other.execute("begin immediate")
            office.slack.wait_for(lambda: office.health()[0] == 503, 20)
            said = office.health()[1]
            other.execute("rollback")
        office.slack.wait_for(lambda: office.health() == (200, "ok"), 20)

    assert said.startswith("store: ")
    assert "is locked by another program: end whatever is writing to it" in said
