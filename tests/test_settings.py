"""How messages are matched, as the environment says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Matching, load_matching, load_settings

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize(
    ("env", "database", "matching"),
    [
        ({}, "tier1.db", Matching("default", Path("tier1.cache"))),  # nothing needs to be set
        ({}, "/srv/tier1/desk.db", Matching("default", Path("/srv/tier1/desk.cache"))),  # beside the database
        ({}, "/srv/v1.2/desk", Matching("default", Path("/srv/v1.2/desk.cache"))),  # whatever it is called
        ({}, "", Matching("default", None)),  # a database that goes away, as the sandbox has
        ({}, "postgresql://desk/tier1", Matching("default", Path("tier1.cache"))),  # beside us, if there is no file
        ({"TIER1_CACHE": "/tmp/kept"}, "", Matching("default", Path("/tmp/kept"))),  # noqa: S108  where it says
        ({"TIER1_CACHE": "off"}, "tier1.db", Matching("default", None)),
        ({"TIER1_CACHE": "", "TIER1_MATCHER": ""}, "tier1.db", Matching("default", Path("tier1.cache"))),  # as unset
        ({"TIER1_MATCHER": "semantic"}, "tier1.db", Matching("semantic", Path("tier1.cache"))),
    ],
)
def test_what_the_environment_leaves_open_has_a_default(env: dict[str, str], database: str, matching: Matching) -> None:
    assert load_matching(env, database) == matching


@pytest.mark.parametrize("matcher", ["Semantic", "light", "default,semantic"])
def test_a_matcher_that_is_not_there_is_told_with_those_that_are(matcher: str) -> None:
    sentence = f"TIER1_MATCHER is `{matcher}`: it must be `default` or `semantic`"

    with pytest.raises(SettingsError) as for_a_command:
        load_matching({"TIER1_MATCHER": matcher}, "tier1.db")
    with pytest.raises(SettingsError) as for_the_bot:
        load_settings({"TIER1_MATCHER": matcher}, http=False)

    assert str(for_a_command.value) == sentence
    assert sentence in str(for_the_bot.value).splitlines()
    assert len(str(for_the_bot.value).splitlines()) == 3  # with the two tokens: every problem at once


def test_both_matchers_are_fine_for_the_bot() -> None:
    for matcher in ("default", "semantic"):
        assert load_settings(SLACK | {"TIER1_MATCHER": matcher}, http=False).slack_bot_token == "xoxb-1"
