"""The same question gets the same answer in every process: nothing hangs on how Python mixes its sets that day."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.whole.processes import ROOT, environment

pytestmark = pytest.mark.whole

# Phrasings that say as much, in words that are more or less rare: what they weigh differs in its last digit alone, and
# only if it is added up in another order.
_RANKS = """
from random import Random
from bot.core.entries import Entry, Words
from bot.core.matching import build_matcher
from bot.vectors.choosing import DEFAULT, encoder_for

words = "lantern torch candle beacon lamp mirror window ladder".split()
draw = Random(7)
told = [tuple(" ".join(draw.sample(words, 7)) for _ in range(number + 3)) for number in range(12)]
entries = [Entry(f"a/{n}", f"title {n}", each, "-") for n, each in enumerate(told)]
matcher = build_matcher(entries, Words(), {}, encoder_for(DEFAULT))
for said in (f"{one} {other}" for one in words for other in words):
    print(matcher.rank(said), *matcher.explain(said))
"""


def test_what_is_equally_close_is_ranked_alike_in_every_process() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", _RANKS],
            cwd=ROOT, env=environment(PYTHONHASHSEED=str(seed)), capture_output=True, check=True, timeout=60,
        ).stdout
        for seed in range(5)
    }  # fmt: skip

    assert len(found) == 1
    assert b"lantern" in found.pop()
