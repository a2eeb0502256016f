"""Who we are in this workspace, asked once at the start."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.errors import SlackDown
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 15  # seconds: when Slack is back, customers have waited long enough
_ASKED = ("team_id", "user_id", "bot_id", "app_id", "user", "url", "enterprise_id")


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """`user_id` is what people mention, `bot_id` what our messages carry; `app_id` is "" where Slack does not say."""

    team: str
    user_id: str
    bot_id: str
    app_id: str = ""
    name: str = ""
    url: str = ""
    enterprise: str = ""


def identify(client: WebClient, *, wait: Callable[[timedelta], object] | None = None) -> BotIdentity:
    """Ask Slack who the token belongs to; wait, and ask again, as long as Slack cannot be reached.

    Raises `SlackDown` if Slack does not accept the token, or if it is not a bot's. `wait` is for whoever wants to be
    able to stop the waiting, by an exception of their own.
    """
    for pause in growing_pauses():
        needed = pause
        match ask(client.auth_test):
            case SlackResponse() as answer:
                return _identity(answer, client.token or "")
            case Refused(error):
                raise SlackDown(
                    f"Slack does not accept SLACK_BOT_TOKEN ({error}): copy the bot token (xoxb-…) of the installed app"
                )
            case RateLimited(asked):
                why, needed = "too many requests", max(pause, asked)
            case NotSent(why) | Unclear(why):
                pass
        log.warning("Slack cannot be reached (%s): asking again in %d s", why, needed.total_seconds())
        (wait or _sleep)(needed)
    raise AssertionError("the pauses never end")


def growing_pauses() -> Iterator[timedelta]:
    """How long to wait between attempts: 1 s, 2 s, 4 s, … 15 s, without end."""
    seconds = 1
    while True:
        yield timedelta(seconds=seconds)
        seconds = min(seconds * 2, _LONGEST_PAUSE)


def _sleep(pause: timedelta) -> None:
    time.sleep(pause.total_seconds())


def _identity(answer: SlackResponse, token: str) -> BotIdentity:
    said = {key: value for key in _ASKED if isinstance(value := answer.get(key), str)}
    if not said.get("bot_id") and token.startswith("xoxp-"):
        raise SlackDown("SLACK_BOT_TOKEN is not a bot's: copy the bot token (xoxb-…), not a person's (xoxp-…)")
    return BotIdentity(
        team=said.get("team_id", ""),
        user_id=said.get("user_id", ""),
        bot_id=said.get("bot_id", ""),
        app_id=said.get("app_id", ""),
        name=said.get("user", ""),
        url=said.get("url", ""),
        enterprise=said.get("enterprise_id", ""),
    )
