"""`tier1 ask`: people and channels go by their ids, and a name is not taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.content.small_files import ENTRY, RULES, kb


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", accounts__reset=ENTRY)
    (tmp_path / "escalation_rules.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--channel", "help-desk"],
            "--channel: `help-desk` is no channel's id -> write the id, such as C0123456789, not the name",
        ),
        (["--channel", "#help-desk"], "--channel: `#help-desk` is no channel's id"),
        (["--channel", "U0ANNA00001"], "--channel: `U0ANNA00001` is no channel's id"),
        (["--as", "maria"], "--as: `maria` is no user's id -> write the id, such as U0123456789, not the name"),
        (["--as", ""], "--as: `` is no user's id"),
    ],
)
def test_a_name_for_an_id_is_told_of(
    house: Path, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.exists()

    assert main(["ask", "I forgot my password", *options]) == 1
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    "options",
    [[], ["--as", "U0ANNA00001"], ["--as", "W0ANNA00001", "--channel", "C0HELP00001"], ["--channel", "D0DIRECT01"]],
)
def test_ids_are_taken(house: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["ask", "I forgot my password", *options]) == 0
    assert "accounts/reset" in capsys.readouterr().out


def test_more_of_why_is_told_when_asked_for(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()
    said = "I forgot my password"

    assert main(["ask", said]) == 0
    short = capsys.readouterr().out
    assert main(["ask", said, "--why"]) == 0
    long = capsys.readouterr().out
    assert main(["ask", said, "--why", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert "without “" not in short
    word = told["matching"]["flips_without"]
    assert word in said.split()
    assert f"without “{word}” it would be " in long
    assert told["matching"]["phrasing"] == "I forgot my password"
    assert told["matching"]["margin"] == told["confidence"]
    shares = told["matching"]["shares"]
    assert set(shares) == {"meaning", "words", "letters"}
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    assert "the score is made of meaning " in long
    assert "the score is made of" not in short
    assert main(["ask", said, "--json"]) == 0
    assert "matching" not in json.loads(capsys.readouterr().out)


RULES_IN_FULL = """\
queues:
  tech: {channel: C0TECH00001, sla: day, ladder: up, calendar: office}
  deep: {channel: C0DEEP00001, tier: 3}
calendars:
  office: {weekly: {mon: ["09:00-17:00"], fri: ["09:00-17:00"]}}
slas:
  day: {p3: {first_response: 2h, next_response: 3h, resolution: 8h, business: true}}
ladders:
  up:
    - {at: "50% first_response", do: remind}
    - {at: "200% first_response", do: move, to: deep}
groups:
  board: {users: [U0BOARD0001], email_domains: [board.example.com]}
  clients: {usergroup: S0CLIENTS01, audience: [customer]}
  unused: {usergroup: S0UNUSED001}
triggers:
  - {id: board, also: true, when: {not: {not: {group: board}}}, then: {raise_priority: 1, tags: [board]}}
"""


def test_due_times_are_told_step_by_step(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "escalation_rules.yaml").write_text(RULES_IN_FULL, encoding="utf-8")
    asking = ["ask", "can I talk to a human please", "--at", "2026-11-27T16:00:00+00:00"]

    assert main(asking) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("counts", "then"))]
    assert main([*asking, "--json"]) == 0
    foretold = json.loads(capsys.readouterr().out)["foretold"]

    assert told == [
        "counts      Fri 27 Nov 16:00 to 17:00 (UTC): 1h",
        "counts      Mon 30 Nov 09:00 to 10:00 (UTC): 1h, 2h so far",
        "then        Mon 30 Nov 09:00 (UTC), at 50% first_response: `tech` is reminded",
        "then        Mon 30 Nov 12:00 (UTC), at 200% first_response: it moves to `deep` as p3, first response due"
        " Mon 30 Nov 16:00 (UTC)",
        "then        each later word of theirs is to be answered within 3h of open hours of `office`",
        "then        a solution is due Mon 30 Nov 16:00 (UTC): 8h of open hours of `office`, in which no time counts"
        " that we wait for them",
    ]
    assert foretold["first_response"]["due"] == "2026-11-30T10:00:00+00:00"
    assert foretold["counted"][0] == ["2026-11-27T16:00:00+00:00", "2026-11-27T17:00:00+00:00"]
    assert [(step["do"], step["queue"]) for step in foretold["steps"]] == [("remind", "tech"), ("move", "deep")]
    assert foretold["next_response"] == {"seconds": 10800, "calendar": "office", "timezone": "UTC"}
    assert foretold["resolution"]["due"] == "2026-11-30T16:00:00+00:00"


def test_what_is_no_handoff_has_no_due_times(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["ask", "I forgot my password", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["foretold"] is None


@pytest.mark.parametrize(
    ("user", "told"),
    [
        ("U0BOARD0001", ["clients"]),  # named by the rules: of the board they are
        ("U0ANNA00001", ["board", "clients"]),
        ("", []),  # nobody in particular
    ],
)
def test_which_groups_only_slack_knows_is_said(
    user: str, told: list[str], house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "escalation_rules.yaml").write_text(RULES_IN_FULL, encoding="utf-8")

    assert main(["ask", "talk to a human", "--json", *(["--as", user] if user else [])]) == 0
    answer = json.loads(capsys.readouterr().out)

    unknown = [sentence for sentence in answer["why"] if "only Slack knows" in sentence]
    assert [sentence.split("`")[1] for sentence in unknown] == told
    assert answer["priority"] == ("p2" if user == "U0BOARD0001" else "p3")


def test_what_was_written_before_is_read_with_it(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert main(["ask", "on my phone", "--after", "hello", "--after", "I forgot my password"]) == 0
    detail = capsys.readouterr().out
    assert main(["ask", "same error", "--after", "I forgot my password", "--json"]) == 0
    stuck = json.loads(capsys.readouterr().out)

    assert "read together with that: “I forgot my password on my phone”" in detail
    assert stuck["action"] == "offer"
    assert "it says that accounts/reset did not help" in stuck["why"]
