"""The environment as settings. Every problem is reported at once, in words that say what to set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import SettingsError

SLACK_API_URL = "https://slack.com/api/"
MATCHERS = ("default", "semantic")


@dataclass(frozen=True, slots=True)
class Matching:
    """How messages are understood: by which of MATCHERS, and the folder that keeps its index, or None for none."""

    matcher: str = "default"
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """`slack_app_token` is None in HTTP mode, `slack_signing_secret` may be None in Socket Mode."""

    slack_bot_token: str
    slack_app_token: str | None
    slack_signing_secret: str | None
    slack_api_url: str
    database: str
    kb: Path
    rules: Path
    health: str | None


def environment() -> dict[str, str]:
    """The process's environment over what a `.env` file in the working folder says."""
    return {key: value for key, value in dotenv_values(".env").items() if value is not None} | dict(os.environ)


def content_paths(env: Mapping[str, str]) -> tuple[Path, Path, str]:
    """Where the knowledge base, the rules and the database are, for commands that need no Slack."""
    return (
        Path(env.get("TIER1_KB") or "kb"),
        Path(env.get("TIER1_RULES") or "escalation_rules.yaml"),
        env.get("TIER1_DATABASE") or "tier1.db",
    )


def load_matching(env: Mapping[str, str], database: str) -> Matching:
    """Read what every command that matches needs to know. Raises `SettingsError`.

    The index is kept beside the database, unless TIER1_CACHE says where, or `off`. `database` may be "" for none that
    stays: then it is kept only where TIER1_CACHE says.
    """
    if problems := _problems_of_matching(env):
        raise SettingsError("\n".join(problems))
    cache = env.get("TIER1_CACHE") or _beside(database)
    return Matching(env.get("TIER1_MATCHER") or "default", None if cache in {"", "off"} else Path(cache))


def load_settings(env: Mapping[str, str], *, http: bool) -> Settings:
    """Read the settings for `tier1 run`. Raises `SettingsError` naming every variable that is missing or wrong."""
    kb, rules, database = content_paths(env)
    api_url = env.get("SLACK_API_URL") or SLACK_API_URL
    bot_token, app_token = env.get("SLACK_BOT_TOKEN", ""), env.get("SLACK_APP_TOKEN", "")
    signing_secret = env.get("SLACK_SIGNING_SECRET", "")
    problems = []
    if not bot_token:
        problems.append("SLACK_BOT_TOKEN is not set: copy the bot token (xoxb-…) from your Slack app's page")
    if not http and not app_token:
        problems.append("SLACK_APP_TOKEN is not set: Socket Mode needs an app-level token (xapp-…); or use --http")
    if http and not signing_secret:
        problems.append("SLACK_SIGNING_SECRET is not set: without it nobody can tell Slack's requests from others'")
    if not api_url.startswith(("http://", "https://")) or not api_url.rstrip("/").endswith("/api"):
        problems.append(f"SLACK_API_URL is `{api_url}`: it must be an address that ends with /api/")
    if env.get("SLACK_CLIENT_ID") and env.get("SLACK_CLIENT_SECRET"):
        # Bolt switches to OAuth when it sees both, and then ignores the token.
        problems.append("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set: unset them, one workspace needs no OAuth")
    if database.startswith(("postgres:", "postgresql:")):
        problems.append("TIER1_DATABASE names PostgreSQL, which is not served yet: give the path of a SQLite file")
    problems.extend(_problems_of_matching(env))
    health = env.get("TIER1_HEALTH") or ""
    if health and not health.rpartition(":")[2].isdecimal():
        problems.append(f"TIER1_HEALTH is `{health}`: write it as HOST:PORT, for example 127.0.0.1:8080")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(
        slack_bot_token=bot_token,
        slack_app_token=app_token or None,
        slack_signing_secret=signing_secret or None,
        slack_api_url=api_url.rstrip("/") + "/",
        database=database,
        kb=kb,
        rules=rules,
        health=health or None,
    )


def _beside(database: str) -> str:
    if "://" in database:
        return "tier1.cache"
    return str(Path(database).parent / f"{Path(database).stem}.cache") if database else ""


def _problems_of_matching(env: Mapping[str, str]) -> list[str]:
    matcher = env.get("TIER1_MATCHER") or "default"
    if matcher in MATCHERS:
        return []
    return [f"TIER1_MATCHER is `{matcher}`: it must be {' or '.join(f'`{known}`' for known in MATCHERS)}"]
