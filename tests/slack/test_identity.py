from __future__ import annotations

from datetime import timedelta
from itertools import islice

import pytest
from slack_sdk import WebClient

from bot.errors import SlackDown
from bot.slack.identity import BotIdentity, growing_pauses, identify
from tests.slack.web_api import web_api

ME = {
    "ok": True,
    "url": "https://home.slack.com/",
    "team": "Home",
    "user": "tier1",
    "team_id": "T0HOME",
    "user_id": "U0BOT",
    "bot_id": "B0BOT",
    "enterprise_id": None,
}


def never(_pause: timedelta) -> None:
    raise AssertionError("there was nothing to wait for")


def test_slack_says_who_we_are() -> None:
    with web_api({"auth.test": ME}) as api:
        assert identify(api.client(), wait=never) == BotIdentity(
            team="T0HOME", user_id="U0BOT", bot_id="B0BOT", name="tier1", url="https://home.slack.com/"
        )


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "not_allowed_token_type"])
def test_a_token_that_slack_does_not_accept_is_said_in_a_sentence(error: str) -> None:
    with web_api({"auth.test": {"ok": False, "error": error}}) as api, pytest.raises(SlackDown) as raised:
        identify(api.client(), wait=never)

    assert str(raised.value).startswith(f"Slack does not accept SLACK_BOT_TOKEN ({error}):")


def test_a_persons_token_is_none_of_a_bot() -> None:
    with web_api({"auth.test": {**ME, "bot_id": None}}) as api, pytest.raises(SlackDown, match="not a bot's"):
        identify(WebClient(token="xoxp-1", base_url=api.client().base_url), wait=never)


def test_a_bot_whose_id_is_not_said_is_one_all_the_same() -> None:
    with web_api({"auth.test": {**ME, "bot_id": None}}) as api:
        assert identify(api.client(), wait=never).bot_id == ""


def test_as_long_as_slack_cannot_answer_we_wait() -> None:
    pauses: list[timedelta] = []
    with web_api(
        {"auth.test": [{"ok": False, "error": "ratelimited"}, {"ok": False, "error": "fatal_error"}, ME]}
    ) as api:
        api.headers["retry-after"] = "7"

        us = identify(api.client(), wait=pauses.append)

    assert us.bot_id == "B0BOT"
    assert [pause.total_seconds() for pause in pauses] == [7, 2]


def test_as_long_as_slack_cannot_be_reached_we_wait() -> None:
    class EnoughError(Exception):
        pass

    pauses: list[timedelta] = []

    def wait(pause: timedelta) -> None:
        pauses.append(pause)
        if len(pauses) == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        identify(WebClient(token="xoxb-test", base_url="http://127.0.0.1:9/api/", retry_handlers=[]), wait=wait)

    assert [pause.total_seconds() for pause in pauses] == [1, 2, 4]


def test_pauses_grow_up_to_a_quarter_of_a_minute() -> None:
    assert [pause.total_seconds() for pause in islice(growing_pauses(), 6)] == [1, 2, 4, 8, 15, 15]
