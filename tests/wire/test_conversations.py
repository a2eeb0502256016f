"""Every conversation in `tests/conversations`, played over the local Slack's wire in both modes."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
import yaml

from tests.wire.house import House, Mode
from tests.wire.playing import Play

FOLDER = Path(__file__).parent.parent / "conversations"
FILES = sorted(FOLDER.glob("*.yaml"))

pytestmark = pytest.mark.wire


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_written(file: Path, mode: Mode, tmp_path: Path) -> None:
    turns = yaml.safe_load(file.read_text(encoding="utf-8"))

    with House(tmp_path, mode) as house:
        difference = Play(house).first_difference(turns)

    assert difference == ""


def test_there_are_conversations_to_play() -> None:
    assert len(FILES) > 15
