"""The commands of README, run as written there."""

from __future__ import annotations

import json
import re
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from tests.whole.processes import ROOT, Process, environment, tier1
from tests.wire.house import KB, RULES

pytestmark = pytest.mark.whole
CONTENT = ("--kb", str(KB), "--rules", str(RULES))


def test_every_make_target_and_command_that_readme_names_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in set(re.findall(r"`make ([a-z-]+)", readme)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for command in set(re.findall(r"`tier1 ([a-z]+)", readme)):
        assert tier1(command, "--help").returncode == 0, command


def test_the_sandbox_prints_its_address_serves_the_page_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    with Process("sandbox", *CONTENT, cwd=tmp_path, env=environment(SLACK_BOT_TOKEN="xoxb-real")) as sandbox:
        address = re.search(r"http://127\.0\.0\.1:\d+", sandbox.line())
        assert address, sandbox.errors()
        with urllib.request.urlopen(address[0]) as page:  # noqa: S310  our own page
            assert b"SANDBOX" in page.read().upper()
        forward = urllib.request.Request(f"{address[0]}/sandbox/forward", data=b'{"by": "2d"}')  # noqa: S310
        with urllib.request.urlopen(forward) as answer:  # noqa: S310
            assert json.load(answer)["now"] - time.time() == pytest.approx(2 * 86_400, abs=60)

        assert "SLACK_BOT_TOKEN" in sandbox.errors()
        assert sandbox.end(signal.SIGINT) < 10
    assert [path.name for path in tmp_path.iterdir()] == ["stderr.txt"]


def test_match_writes_a_line_for_every_line(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"text": "i forgot my password"}\n{"text": "flurb"}\n')

    ended = tier1("match", str(questions), *CONTENT)

    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert (first["text"], first["band"], first["entry"]) == (
        "i forgot my password", "sure", "accounts/reset-password",
    )  # fmt: skip
    assert (second["band"], second["entry"]) == ("none", None)
    assert 0 <= second["confidence"] <= first["confidence"] <= 1
    assert first["candidates"][0]["entry"] == "accounts/reset-password"


def test_match_sees_only_what_an_audience_may(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"text": "how do i install lantern"}\n')

    for audience, entry in (("staff", "software/install-lantern"), ("customer", None)):
        ended = tier1("match", str(questions), "--audience", audience, *CONTENT)
        assert json.loads(ended.stdout)["entry"] == entry


@pytest.mark.parametrize(
    ("line", "says"),
    [("{", "not JSON"), ("[1]", "no `text`"), ('{"text": 1}', "no `text`")],
)
def test_match_stops_at_a_bad_line_with_its_number(line: str, says: str, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"text": "fine"}\n' + line + "\n")

    ended = tier1("match", str(questions), *CONTENT)

    assert ended.returncode == 1
    assert f"{questions}:2: {says}" in ended.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i forgot my password", {"action": "answer", "entry": "accounts/reset-password"}),
        ("flurb", {"action": "rephrase", "band": "none"}),
        ("talk to a human", {"action": "handoff", "reason": "explicit_request", "queue": "tech"}),
        ("i will call my lawyer", {"action": "handoff", "rule": "angry", "queue": "care", "priority": "p2"}),
        ("hi", {"action": "chat", "entry": None}),
    ],
)
def test_ask_says_what_would_happen_and_why(text: str, expected: dict[str, object]) -> None:
    told = json.loads(tier1("ask", text, "--json", *CONTENT).stdout)

    assert told | expected == told
    assert told["why"]
    assert told["text"]


def test_a_fault_in_the_content_is_told_with_its_place_and_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.yaml").write_text("title: x\nphrasing: [y]\nanswer: z\n")

    ended = tier1("kb", "check", "--kb", str(tmp_path))

    assert ended.returncode == 1
    assert "b.yaml:2:1 KB003 error  unknown key `phrasing` -> did you mean `phrasings`?" in ended.stdout
