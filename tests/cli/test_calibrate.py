"""`tier1 kb calibrate`, from a log with outcomes to a matcher that heeds them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.calibration import NAME
from bot.core.events import Fixed
from bot.errors import ContentError
from bot.store.sqlite import SqliteStore
from bot.wiring import load_knowledge
from tests.store.samples import ANA, HOME, NOON, answered, append, asked, chapter, new_case, opened

pytestmark = pytest.mark.long

RESET = "accounts/reset-password"
ENTRY = """\
title: {title}
phrasings: [{phrasings}]
answer: Do as it says.
"""


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "accounts").mkdir(parents=True)
    for name, title, phrasings in (
        ("reset-password", "Reset your password", "I forgot my password, reset my password"),
        ("unlock", "Unlock your account", "my account is locked, unlock my account"),
    ):
        (folder / "accounts" / f"{name}.yaml").write_text(ENTRY.format(title=title, phrasings=phrasings))
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "tier1.db"
    with SqliteStore(path) as store:
        for number in range(200):
            place = replace(HOME, thread_ts=f"{number}.0")
            fixed = Fixed(at=NOON, actor=ANA, entry=RESET, position=3)
            events = (opened(f"c{number}", place), asked("my password is gone"), answered(), fixed)
            append(store.book, chapter(new_case(place), *events))
    return path


def calibrate(kb: Path, database: Path, *more: str) -> int:
    rules = kb.parent / "rules.yaml"
    return main(["kb", "calibrate", "--kb", str(kb), "--rules", str(rules), "--database", str(database), *more])


def test_nothing_changes_unless_asked_to(kb: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert calibrate(kb, database) == 0

    said = capsys.readouterr().out
    assert "200 questions with an outcome" in said
    assert "nothing is changed" in said
    assert not (kb / NAME).exists()


def test_what_is_kept_is_part_of_the_index(kb: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = load_knowledge(kb, kb.parent / "rules.yaml", rules_needed=False)
    assert calibrate(kb, database, "--write", "--json") == 0
    after = load_knowledge(kb, kb.parent / "rules.yaml", rules_needed=False)

    assert json.loads(capsys.readouterr().out)["file"] == str(kb / NAME)
    assert before.versions.index != after.versions.index
    question = "my password is gone"
    first, then = before.matcher.rank(question).best, after.matcher.rank(question).best
    assert first is not None
    assert then is not None
    assert (first.entry, then.entry) == (RESET, RESET)
    assert then.confidence > first.confidence


def test_a_file_that_was_changed_by_hand_is_not_believed(kb: Path, database: Path) -> None:
    assert calibrate(kb, database, "--write") == 0
    file = kb / NAME
    file.write_text(file.read_text().replace('"outcomes": 200', '"outcomes": 900'))

    with pytest.raises(ContentError, match="not as it was written"):
        load_knowledge(kb, kb.parent / "rules.yaml", rules_needed=False)


def test_with_too_few_outcomes_it_says_how_many_it_takes(
    kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.db"
    SqliteStore(path).close()

    assert calibrate(kb, path) == 1
    assert "it takes 200" in capsys.readouterr().err
