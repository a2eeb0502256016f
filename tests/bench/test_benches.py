"""The benches play on the real wire with real processes: that they do, not what they measure."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys

import pytest

from bench.crowd import Crowd, Question, names_entry, same_words
from bench.stand import Bot, free_port, furnished, tier1_run
from tests.whole.processes import ROOT, environment

pytestmark = [pytest.mark.whole, pytest.mark.long]


@pytest.mark.parametrize("has_port", [True, False])
def test_both_bots_give_the_right_reply_to_every_question_once(has_port: bool) -> None:
    async def play() -> None:
        with furnished() as (folder, questions):
            for name, is_right in (("echo", same_words), ("tier1", names_entry)):
                crowd = Crowd(questions, is_right, seed=1)
                async with crowd.slack:
                    bot = Bot(name, crowd, free_port() if has_port else 0)
                    port = [str(bot.port)] if has_port else []
                    words = tier1_run(folder, bot.port, "tier1.db") if name == "tier1" else ["bench.echo", *port]
                    await bot.start(folder, *words)
                    try:
                        asked = await crowd.in_turn(people=4, questions=24)
                        await bot.quiet()
                    finally:
                        await bot.end()

                assert [one.is_right for one in asked] == [True] * 24
                assert crowd.slack.calls["chat.postMessage"] == 24
                assert not crowd.unasked

    asyncio.run(play())


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("How to renew the bar lamp", True),  # the title of the entry that was meant
        ("How to renew the cor lamp", False),  # its neighbour's
    ],
)
def test_a_reply_is_right_if_it_names_the_entry(text: str, is_right: bool) -> None:
    asked = Question("renew my bar lamp", "How to renew the bar lamp")

    assert names_entry(asked, {"text": "An answer", "blocks": [{"text": text}]}) is is_right


def test_a_flood_is_measured_to_its_end() -> None:
    words = ["-m", "bench.flood", "--messages", "120", "--too-fast", "1"]
    ended = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, timeout=110
    )

    assert re.search(r"^ +120 +[\d.]+ +[\d.]+ +\d+ +[\d.]+ +[\d.]+ +\d+$", ended.stdout, re.MULTILINE), ended
    assert "held   acknowledged and not answered: 0; posted unasked: 0" in ended.stdout
