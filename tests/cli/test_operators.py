"""The operators' commands as they are typed: what they print, as text and as JSON, and when they end with 1."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.core.saying import In, Post, Under
from bot.store.sqlite import SqliteStore
from tests.store.samples import CHANNEL, answered, append, asked, first_chapter, line, said

NOW = datetime.now(UTC)
AGE = timedelta(hours=3, minutes=20)
SECRET = "my password is swordfish"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One case with a post that Slack refused, one that waits for it, and one that is due."""
    path = tmp_path / "tier1.db"
    rows = [
        said("c1", 3, Post(where=In(CHANNEL), content=line(SECRET))),
        said("c1", 3, Post(where=Under("c1-3-0", CHANNEL), content=line("under it")), 1),
        said("c1", 3, Post(where=In("C2"), content=line("due")), 2),
    ]
    with SqliteStore(path) as store:
        written_at = NOW - AGE
        append(store.book, first_chapter("c1", asked(SECRET), answered(), said=rows), at=written_at)
        lease = store.outbox.lease(CHANNEL, "me", NOW, timedelta(seconds=30))
        assert lease
        row = store.outbox.next_row(lease, NOW)
        assert row
        store.outbox.park(row, "invalid_blocks")
        store.outbox.release(lease)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TIER1_DATABASE", str(path))
    monkeypatch.chdir(tmp_path)
    return path


class Terminal:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Run a command: its exit code, what it printed, and what it complained of."""
        code = main(words)
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json")[1])


@pytest.fixture
def tier1(database: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    assert database.exists()
    return Terminal(capsys)


# --- outbox -----------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_due_and_parked_and_nobodys_words(tier1: Terminal) -> None:
    code, out, _ = tier1("outbox", "list")

    assert code == 0
    assert [line.split() for line in out.splitlines()] == [
        ["id", "state", "kind", "lane", "age", "tries", "next", "try", "error"],
        ["c1-3-0", "parked", "Post", "Line", "C1", "3", "h", "0", "invalid_blocks"],
        ["c1-3-1", "parked", "Post", "Line", "C1", "3", "h", "0", "c1-3-0", "was", "parked"],
        ["c1-3-2", "due", "Post", "Line", "C2", "3", "h", "0", "now"],
    ]
    assert "swordfish" not in out + json.dumps(tier1.json("outbox", "list"))


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--state", "due"], ["c1-3-2"]),
        (["--state", "dropped"], []),
        (["--lane", "C1"], ["c1-3-0", "c1-3-1"]),
        (["--case", "c9"], []),
        (["--limit", "1"], ["c1-3-0"]),
    ],
)
def test_the_list_can_be_narrowed(words: list[str], ids: list[str], tier1: Terminal) -> None:
    assert [row["id"] for row in tier1.json("outbox", "list", *words)["rows"]] == ids


def test_a_list_that_is_cut_says_how_to_see_the_rest(tier1: Terminal) -> None:
    assert tier1("outbox", "list", "--limit", "1")[1].endswith("… and 2 more: --limit 3 shows all\n")
    assert tier1("outbox", "list", "--state", "told")[1] == "Nothing is told.\n"


def test_in_json_every_row_says_all_about_itself(tier1: Terminal) -> None:
    page = tier1.json("outbox", "list", "--state", "parked")

    row = page["rows"][0]
    assert page["of_all"] == 2
    assert row.pop("age_seconds") >= AGE.total_seconds()
    assert datetime.fromisoformat(row.pop("created_at")) == NOW - AGE
    assert row == {
        "id": "c1-3-0", "state": "parked", "kind": "Post", "content": "Line", "lane": "C1", "case": "c1", "attempts": 0,
        "error": "invalid_blocks", "next_try": None, "waits_for": "", "ambiguous": False, "plain": False,
    }  # fmt: skip


def test_resend_says_what_is_due_again_and_with_what(tier1: Terminal) -> None:
    assert tier1("outbox", "resend", "c1-3-1") == (0, "c1-3-1 is due again, and with it c1-3-0.\n", "")
    assert [row["state"] for row in tier1.json("outbox", "list")["rows"]] == ["due", "due", "due"]
    assert tier1("outbox", "resend", "--all-parked") == (0, "Nothing is parked.\n", "")


def test_drop_says_what_will_not_be_said(tier1: Terminal) -> None:
    assert tier1("outbox", "drop", "c1-3-0") == (0, "c1-3-0 will not be said, and with it c1-3-1.\n", "")
    assert tier1.json("outbox", "resend", "--all-parked") == []


def test_what_is_refused_ends_with_1_and_the_others_are_done(tier1: Terminal, database: Path) -> None:
    with SqliteStore(database) as store:
        lease = store.outbox.lease("C2", "me", NOW, timedelta(seconds=30))
        assert lease
        row = store.outbox.next_row(lease, NOW)
        assert row
        store.outbox.told(row, None, NOW)

    code, out, _ = tier1("outbox", "resend", "c1-3-2", "c1-3-0")

    assert code == 1
    assert out.splitlines() == [
        "c1-3-2 is left as it is: it has been said already, in C2: what is in Slack is not said again",
        "c1-3-0 is due again, and with it c1-3-1.",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["resend", "c1-3-8"], "there is no row c1-3-8 in the outbox; did you mean c1-3-"),
        (["drop", "c1"], "c1 is a case, not a row of the outbox"),
        (["resend"], "say which rows, or --all-parked"),
        (["resend", "c1-3-0", "--all-parked"], "say which rows, or --all-parked"),
        (["list", "--database", "nowhere.db"], "there is no database nowhere.db"),
    ],
)
def test_a_slip_is_told_in_a_sentence(words: list[str], says: str, tier1: Terminal) -> None:
    code, out, err = tier1("outbox", *words)

    assert (code, out) == (1, "")
    assert err.startswith(says)
    assert err.count("\n") == 1


# --- db ---------------------------------------------------------------------------------------------------------------


def test_a_backup_says_its_size_and_what_is_in_it(tier1: Terminal, tmp_path: Path) -> None:
    code, out, _ = tier1("db", "backup", "backup.db")

    assert code == 0
    assert out.startswith("backup.db: 0.2 MB, 1 case, 3 events")
    assert tier1("db", "backup", "backup.db")[::2] == (
        1, "backup.db is there already: a backup overwrites nothing, choose another name\n",
    )  # fmt: skip
    made = tier1.json("db", "backup", str(tmp_path / "other.db"))
    assert (made["file"], made["cases"], made["events"], made["faults"]) == (str(tmp_path / "other.db"), 1, 3, "")


def test_a_sound_database_is_called_so(tier1: Terminal, database: Path) -> None:
    tier1("db", "backup", "backup.db")

    for file, words in ((str(database), ()), ("backup.db", ("backup.db",))):
        code, out, _ = tier1("db", "check", *words)
        assert code == 0
        assert out.startswith(f"{file}: version ")
        assert out.endswith("1 case, 3 events; all of it is sound\n")


def test_a_database_that_is_not_sound_ends_with_1(tier1: Terminal, database: Path) -> None:
    import sqlite3  # noqa: PLC0415  to spoil it

    with sqlite3.connect(database) as spoiling:
        spoiling.execute("update cases set version = 2")
    spoiling.close()

    code, out, _ = tier1("db", "check")

    assert code == 1
    fault, summary = out.splitlines()
    assert fault.startswith(
        "cases       case c1: its snapshot is of version 2, and it has 3 events -> look at it in Slack"
    )
    assert summary.endswith("1 case, 3 events; 1 fault")
    assert tier1.json("db", "check")["faults"][0]["check"] == "cases"


# --- doctor -----------------------------------------------------------------------------------------------------------


def findings(tier1: Terminal, *words: str) -> dict[str, dict[str, str]]:
    """The last finding of each check, what is not good before what is."""
    found = tier1.json("doctor", *words)["checks"]
    return {one["check"]: one for one in sorted(found, key=lambda one: ("ok", "warning", "wrong").index(one["level"]))}


@pytest.fixture
def content(tmp_path: Path, tier1: Terminal) -> Path:
    assert tier1
    (tmp_path / "kb" / "office").mkdir(parents=True)
    (tmp_path / "kb" / "office" / "projector.yaml").write_text(
        "title: Borrow a projector\nphrasings: [can i borrow a projector]\nanswer: At reception.\n"
    )
    (tmp_path / "escalation_rules.yaml").write_text(
        "defaults: {operator_channel: C0OPS000001}\nqueues:\n  tech: {channel: C0TECH00001}\n"
    )
    return tmp_path


def test_without_a_token_the_local_things_are_looked_at_all_the_same(tier1: Terminal, content: Path) -> None:
    assert content
    code, out, _ = tier1("doctor")

    assert code == 1
    settings = [line for line in out.splitlines() if " settings " in line]
    assert [line.split()[2] for line in settings] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]  # every problem at once
    assert all(line.startswith("wrong ") and " -> " in line for line in settings)
    levels = {check: finding["level"] for check, finding in findings(tier1).items()}
    assert (
        levels | {"rules": "ok", "database": "ok", "slack": "warning", "operators": "ok", "outbox": "warning"} == levels
    )


def test_over_http_other_settings_are_needed(tier1: Terminal, content: Path) -> None:
    assert content
    _, out, _ = tier1("doctor", "--http")

    assert [line.split()[2] for line in out.splitlines() if " settings " in line] == [
        "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET",
    ]  # fmt: skip


def test_content_that_cannot_be_served_is_told_with_the_command_that_lists_it(tier1: Terminal, content: Path) -> None:
    (content / "kb" / "office" / "projector.yaml").write_text("titel: x\n")
    (content / "escalation_rules.yaml").write_text("queues: {}\n")

    found = findings(tier1)

    assert found["knowledge base"]["level"] == found["rules"]["level"] == "wrong"
    assert found["knowledge base"]["do"] == "`tier1 kb check` lists them all"
    assert found["rules"]["do"] == "`tier1 rules check` lists them all"


def test_rows_that_wait_or_are_parked_are_told(tier1: Terminal, content: Path) -> None:
    assert content
    checks = [one for one in tier1.json("doctor")["checks"] if one["check"] == "outbox"]

    assert [one["level"] for one in checks] == ["warning", "warning"]
    assert checks[0]["what"] == "2 rows parked: refused by Slack for good"
    assert checks[1]["what"].startswith("1 row due, the oldest for 20")  # minutes, and how long the tests have run
    assert "tier1 outbox list --state parked" in checks[0]["do"]


def test_a_database_that_is_not_there_yet_is_no_fault_and_is_not_made(
    tier1: Terminal, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIER1_DATABASE", str(content / "new.db"))

    found = findings(tier1)

    assert found["database"]["level"] == "ok"
    assert "tier1 run` makes it" in found["database"]["what"]
    assert not (content / "new.db").exists()
    assert findings(tier1, "--database", str(content / "nowhere" / "new.db"))["database"]["level"] == "wrong"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (b"this is no database at all" * 500, "is damaged or no SQLite database"),
        (b"", "is no database of tier1"),
    ],
)
def test_a_database_that_cannot_be_used_is_told(
    spoil: bytes, says: str, tier1: Terminal, content: Path, database: Path
) -> None:
    assert content
    database.write_bytes(spoil)

    found = findings(tier1)

    assert found["database"]["level"] == "wrong"
    assert says in found["database"]["what"]
    assert found["disk"]["level"] == "ok"  # the others are looked at all the same


def test_no_channel_for_alarms_is_told(tier1: Terminal, content: Path) -> None:
    (content / "escalation_rules.yaml").write_text("queues:\n  tech: {channel: C0TECH00001}\n")

    found = findings(tier1)["operators"]

    assert (found["level"], found["do"]) == ("warning", "set defaults.operator_channel in the rules")
