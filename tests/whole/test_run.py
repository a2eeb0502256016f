"""`tier1 run` as an operator starts it: a process of its own, configured by its environment alone."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import get_args

import pytest

from bot.sandbox.server import Sandbox
from tests.whole.processes import Process, environment, tier1
from tests.wire.house import CUSTOMER, KB, OPS, RULES, SEED, Mode, free_port

pytestmark = pytest.mark.whole


@pytest.mark.parametrize("mode", get_args(Mode))
def test_it_says_ready_serves_and_ends_within_ten_seconds_of_sigterm(mode: Mode, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/slack/events" if mode == "http" else None
    with Sandbox(SEED, events_url=url) as slack:
        env = environment(
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_APP_TOKEN=slack.app_token,
            SLACK_SIGNING_SECRET=slack.signing_secret,
            SLACK_API_URL=slack.api_url,
            TIER1_KB=str(KB),
            TIER1_RULES=str(RULES),
        )
        words = ["run", "--http", f"127.0.0.1:{port}"] if mode == "http" else ["run"]
        with Process(*words, cwd=tmp_path, env=env) as bot:
            assert bot.line() == "ready", bot.errors()
            dm = slack.dm(CUSTOMER)
            slack.say(CUSTOMER, dm, "i forgot my password")
            slack.wait_for(lambda: [m for m in slack.messages(dm) if "Reset a forgotten" in m.shown])

            assert bot.end(signal.SIGTERM) < 10
            assert bot.process.returncode == 0
            assert "i forgot my password" not in bot.errors()  # customers' words are not for the log


def test_the_state_survives_a_kill(tmp_path: Path) -> None:
    with Sandbox(SEED) as slack:
        env = environment(
            SLACK_BOT_TOKEN=slack.bot_token, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL=slack.api_url,
            TIER1_KB=str(KB), TIER1_RULES=str(RULES),
        )  # fmt: skip
        dm = slack.dm(CUSTOMER)
        with Process("run", cwd=tmp_path, env=env) as bot:
            assert bot.line() == "ready", bot.errors()
            slack.say(CUSTOMER, dm, "i forgot my password")
            answer = slack.wait_for(lambda: [m for m in slack.messages(dm) if m.buttons])[0]
            bot.end(signal.SIGKILL)
        with Process("run", cwd=tmp_path, env=env) as bot:
            assert bot.line() == "ready", bot.errors()
            slack.press(CUSTOMER, dm, answer.ts, "That fixed it")
            slack.wait_for(lambda: not slack.messages(dm)[-1].buttons, 40)

        assert len([m for m in slack.messages(dm) if m.bot_id]) == 1


def test_every_setting_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    ended = tier1("run", cwd=tmp_path, env=environment(SLACK_API_URL="http://x/"))

    assert ended.returncode == 1
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL"):
        assert name in ended.stderr


def test_a_broken_knowledge_base_sends_customers_to_people_and_tells_the_operators(tmp_path: Path) -> None:
    (tmp_path / "kb" / "a").mkdir(parents=True)
    (tmp_path / "kb" / "a" / "b.yaml").write_text("titel: x\n")
    with Sandbox(SEED) as slack:
        env = environment(
            SLACK_BOT_TOKEN=slack.bot_token, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL=slack.api_url,
            TIER1_RULES=str(RULES),
        )  # fmt: skip
        with Process("run", cwd=tmp_path, env=env) as bot:
            assert bot.line() == "ready", bot.errors()
            dm = slack.dm(CUSTOMER)
            slack.say(CUSTOMER, dm, "i forgot my password")
            said = slack.wait_for(lambda: [m for m in slack.messages(dm) if m.bot_id])[0]
            told = slack.wait_for(lambda: [m.shown for m in slack.messages(OPS) if "every question" in m.shown])

            assert "bringing in Technical Support" in said.shown
            assert told
            assert "KB003" in bot.errors()
