from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack.composing import Composer
from bot.slack.identity import BotIdentity
from bot.store.sqlite import SqliteStore
from tests.slack.payloads import US
from tests.slack.web_api import Json, WebApi, web_api

GIVEN: Json = {"ok": True, "permalink": "https://home.slack.com/archives/C1/p1000001?as=given"}
BY_HAND = "https://home.slack.com/archives/C1/p1000001"


class Stage:
    def __init__(self, api: WebApi, folder: Path) -> None:
        self.api, self.store, self.now = api, SqliteStore(folder / "tier1.db"), 0.0
        self.us: BotIdentity = replace(US, url="https://home.slack.com/")
        self.composer = Composer(
            self.store.book, self.store.outbox, api.client(), self.us, lambda _: "", clock=lambda: self.now
        )

    def link(self) -> str | None:
        return self.composer.permalink_of("C1", "1.000001")

    @property
    def asked(self) -> int:
        return len(self.api.asked("chat.getPermalink"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with web_api({"chat.getPermalink": GIVEN}) as api:
        stage = Stage(api, tmp_path)
        yield stage
        stage.store.close()


def test_a_link_is_slacks_own(stage: Stage) -> None:
    assert stage.link() == GIVEN["permalink"]


@pytest.mark.parametrize("error", ["missing_scope", "internal_error"])
def test_a_link_that_slack_does_not_give_is_made_by_hand_and_the_next_one_asked_for(stage: Stage, error: str) -> None:
    stage.api.answers["chat.getPermalink"] = [{"ok": False, "error": error}, GIVEN]

    assert [stage.link(), stage.link()] == [BY_HAND, GIVEN["permalink"]]


def test_where_slack_asks_for_patience_links_are_made_by_hand_as_long_as_it_says(stage: Stage) -> None:
    stage.api.answers["chat.getPermalink"] = [{"ok": False, "error": "ratelimited"}, GIVEN]
    stage.api.headers["Retry-After"] = "30"
    assert stage.link() == BY_HAND

    stage.now = 29.0
    assert (stage.link(), stage.asked) == (BY_HAND, 1)

    stage.now = 30.0
    assert (stage.link(), stage.asked) == (GIVEN["permalink"], 2)
