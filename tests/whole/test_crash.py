"""The bot is killed again and again while many people write: nothing is lost, and nothing is said twice."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest

from tests.whole.crashing import AIMS, Storm
from tests.wire.house import Mode

pytestmark = [pytest.mark.whole, pytest.mark.long]

KILLS = 11  # in each mode


@pytest.mark.timeout(400)  # on a machine that is busy; a lane that a dead process held is free after 30 s
def test_killed_twenty_times_the_bot_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    seed = int(os.environ.get("CRASH_SEED") or secrets.randbelow(10**6))
    folders = {mode: tmp_path / mode for mode in get_args(Mode)}
    for folder in folders.values():
        folder.mkdir()

    with ThreadPoolExecutor(len(folders)) as both:  # most of the time goes by waiting
        storms = list(both.map(lambda mode: Storm(folders[mode], mode, seed, KILLS).play(), folders))

    for found in storms:
        assert not found.wrong, f"CRASH_SEED={seed} repeats it\n{found.report()}"
        assert found.kills >= KILLS
        assert set(found.tried) == set(AIMS)
        # The kills came when they hurt, or nothing was shown.
        for left in ("not acknowledged", "in Slack and not told", "not said", "to be decided again"):
            assert found.left[f"something {left}"], found.report()
        for happened in ("messages", "presses", "commands", "handoffs", "delivered again", "decided later"):
            assert found.figures[happened], found.report()
