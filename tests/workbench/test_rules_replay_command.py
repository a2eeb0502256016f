"""`tier1 rules replay`: from the log of a desk to what changed rules would have made of it."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.core.knowledge import Knowledge
from bot.wiring import load_knowledge
from tests.content.small_files import ENTRY, kb
from tests.workbench.days import Days

BASE = """\
queues:
  it: {channel: C0IT000001, sla: usual, members: [U0IT000001]}
  police: {channel: C0POLICE01, sla: usual}
slas:
  usual:
    p1: {first_response: 15m, next_response: 1h, resolution: 4h, business: false}
    p3: {first_response: 4h, next_response: 8h, resolution: 24h, business: false}
words: {theft: [stolen]}
triggers:
  - {id: theft, when: {keywords: theft}, then: {action: handoff}}
"""
HEAD = BASE.replace("then: {action: handoff}", "then: {action: handoff, queue: police, priority: p1}")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three cases were handled by the rules in use; somebody answered the first after half an hour."""
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", accounts__reset=ENTRY)
    (tmp_path / "escalation_rules.yaml").write_text(BASE)
    (tmp_path / "head.yaml").write_text(HEAD)
    with Days(tmp_path / "tier1.db", knowledge(tmp_path)) as days:
        theft = days.write("my phone was stolen on the train, and nobody saw who it was or where they all went")
        days.reply(theft, user="U0IT000001", after=1800)
        days.later(days=100)
        days.write("the bike of a friend of mine was stolen", user="U2", channel="D2")
        days.write("talk to a human", user="U3", channel="D3")
    return tmp_path


def knowledge(house: Path) -> Knowledge:
    return load_knowledge(house / "kb", house / "escalation_rules.yaml", rules_needed=True)


def replay(*more: str) -> int:
    return main(["rules", "replay", "--head", "head.yaml", *more])


@pytest.mark.usefixtures("house")
def test_what_would_have_gone_elsewhere_is_shown_case_by_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay("--days", "365") == 0

    printed = re.sub(r"T[A-Z0-9]{7}\b", "TCASE", capsys.readouterr().out)
    assert printed == (
        "missed now, other queue, other priority, due sooner (1)\n"
        "  TCASE  2026-11-23T12:00Z  it → police; p3 → p1; due 2026-11-23T16:00Z → due 2026-11-23T12:15Z;"
        " kept → missed\n"
        "other queue, other priority, due sooner (1)\n"
        "  TCASE  2027-03-03T12:31Z  it → police; p3 → p1; due 2027-03-03T16:31Z → due 2027-03-03T12:46Z\n"
        "3 cases since 2026-03-03T12:31Z, 3 handed off: 2 cases of 2 customers would change"
        " (1 missed now, 2 other queue, 2 other priority, 2 due sooner), 0 cannot be told\n"
        "first responses: 1 kept, 0 missed; by the changed rules 0 kept, 1 missed\n"
    )
    assert "stolen" not in printed  # whoever wants to read what people wrote has to say so


@pytest.mark.usefixtures("house")
def test_words_are_shown_if_they_are_asked_for_and_no_more_than_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay("--days", "365", "--words") == 0

    assert "“my phone was stolen on the train, and nobody saw who it was …”" in capsys.readouterr().out


@pytest.mark.usefixtures("house")
def test_the_days_count_from_the_end_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay("--days", "1") == 0

    assert "2 cases since 2027-03-02T12:31Z" in capsys.readouterr().out


@pytest.mark.usefixtures("house")
def test_the_same_as_json_and_the_same_on_every_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay("--days", "365", "--json") == 0
    first = capsys.readouterr().out
    assert replay("--days", "365", "--json") == 0

    assert capsys.readouterr().out == first
    told = json.loads(first)
    assert [told[name] for name in ("cases", "handed_off", "changed", "customers", "untold")] == [3, 3, 2, 2, 0]
    assert told["kinds"] == {"missed now": 1, "other queue": 2, "other priority": 2, "due sooner": 2}
    assert told["first_responses"] == {"base": {"kept": 1, "missed": 0}, "head": {"kept": 0, "missed": 1}}
    change = told["changes"][0]
    assert change["kinds"] == ["missed now", "other queue", "other priority", "due sooner"]
    assert (change["base"]["queue"], change["head"]["queue"]) == ("it", "police")
    assert (change["base"]["first_response"], change["head"]["first_response"]) == ("kept", "missed")
    assert "words" not in change


def test_what_the_rules_in_use_no_longer_lead_to_is_no_change(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "escalation_rules.yaml").write_text(HEAD)

    assert replay("--days", "365") == 0
    printed = capsys.readouterr().out
    assert "cannot be told (2)" in printed
    assert (
        "it was decided by other rules: handoff (theft to it as p3) then, handoff (theft to police as p1) by now"
        in printed
    )
    assert "0 cases of 0 customers would change, 2 cannot be told" in printed

    (house / "before.yaml").write_text(BASE)
    assert replay("--days", "365", "--base", "before.yaml") == 0
    assert "2 cases of 2 customers would change" in capsys.readouterr().out


def test_thresholds_count_on_each_side_for_itself(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Days(house / "tier1.db", knowledge(house)) as days:
        days.later(days=300)
        days.write("I forgot my password", user="U4", channel="D4")
    (house / "head.yaml").write_text(BASE + "matching: {thresholds: {default: {sure: 1.0, unsure: 0.9999}}}\n")

    assert replay("--days", "1") == 0
    assert "answer → rephrase" in capsys.readouterr().out


def test_the_database_is_only_read(house: Path) -> None:
    def digest() -> dict[str, str]:
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in house.glob("tier1.db*")}

    before = digest()
    assert replay() == 0
    assert digest() == before


def test_a_bot_may_write_meanwhile(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        Days(house / "tier1.db", knowledge(house)) as days,
        closing(sqlite3.connect(house / "tier1.db", isolation_level=None)) as writer,
    ):
        days.later(days=101)
        days.write("my car was stolen", user="U4", channel="D4")
        writer.execute("begin immediate")
        writer.execute("update cases set queue = 'nobody'")
        assert replay("--days", "365") == 0
        writer.execute("rollback")

    assert "4 cases" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("head", "database", "told"),
    [
        (HEAD.replace("queue: police", "queue: polise"), "tier1.db", "head.yaml:10:73 RU060 error"),
        (HEAD, "none.db", "there is no database none.db"),
        (HEAD, "head.yaml", "head.yaml"),  # a file that is no database
    ],
)
def test_what_cannot_be_read_is_told(
    house: Path, capsys: pytest.CaptureFixture[str], head: str, database: str, told: str
) -> None:
    (house / "head.yaml").write_text(head)

    assert replay("--database", database) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err


def test_an_empty_log_has_nothing_to_play(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Days(house / "empty.db", knowledge(house)):
        pass

    assert replay("--database", "empty.db") == 0
    assert capsys.readouterr().out == "nothing is in the log yet\n"


@pytest.mark.parametrize("days", ["0", "-3", "soon"])
@pytest.mark.usefixtures("house")
def test_days_are_a_number(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        replay("--days", days)
    assert "number of days" in capsys.readouterr().err
