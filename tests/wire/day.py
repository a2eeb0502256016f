"""A day at the desk on which the bot needs every method of Slack's, and what is left of it in the evening."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.saying import React, Said
from bot.core.to_customers import RECEIPT
from bot.sandbox.faults import GARBLED
from bot.sandbox.seed import Usergroup
from bot.store.outbox import write_down
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, GOLD, HELP, LOBBY, OPS, QUEUES, RULES, SEED, House

FORGOT, VPN = "i forgot my password", "how do i connect to the vpn"
REPORT, TODAY = "it is for the report", "it is due today"
AGAIN = (1.0, 1.0, 1.0)
NOT_FOR_PEOPLE = ("traceback", "exception", "error", "html", "none", "timeout", "http_", "ratelimited", "revoked")
# Every method that the bot calls; `test_these_are_all` holds it to that.
METHODS = (
    "apps.connections.open", "auth.test", "chat.delete", "chat.getPermalink", "chat.postEphemeral", "chat.postMessage",
    "chat.update", "conversations.history", "conversations.open", "conversations.replies", "reactions.add",
    "reactions.remove", "usergroups.users.list", "users.info", "views.open", "views.publish", "views.update",
)  # fmt: skip
AT_THE_START = ("apps.connections.open", "auth.test")
# What leaves us in the dark about whether it was done.
DARK = ("internal_error", "connection_lost", *GARBLED)


def house_with_usergroups(folder: Path) -> House:
    """A house whose gold customers are those whom Slack counts among them."""
    rules, seed = folder / "escalation_rules.yaml", replace(SEED, usergroups=(_GOLD, _SILVER))
    groups = f"gold: {{usergroup: {_GOLD.id}}}\n  silver: {{usergroup: {_SILVER.id}}}"
    rules.write_text(RULES.read_text(encoding="utf-8").replace(f"gold: {{users: [{GOLD}]}}", groups), encoding="utf-8")
    return House(folder, rules=rules, seed=seed, redelivery=AGAIN)


def a_day_at_the_desk(house: House, morning: Callable[[], None] = lambda: None) -> None:
    """A question, a handoff, and what follows from them for everybody. `morning` is called before each step of it."""
    slack, dm, tech = house.slack, house.slack.dm(CUSTOMER), QUEUES["tech"]
    card, reply = "", ""

    def claim() -> None:
        nonlocal card
        card = house.cards()[0].ts
        slack.say(COLLEAGUE, tech, "@tier1 let me", thread_ts=card)  # who is not asked is told so
        slack.press(DANA, tech, card, "Claim")

    def answer() -> None:
        nonlocal reply
        reply = slack.say(DANA, tech, "@tier1 please try it again now", thread_ts=card)

    def ask_as_gold() -> None:
        house.wait(lambda: house.rows("select count(*) from usergroups") == [(2,)], 30)
        slack.say(GOLD, slack.dm(GOLD), "talk to a human")

    def resolve() -> None:
        while not any(view.body["submit"] for view in slack.views(DANA)):  # who gets no form presses again
            slack.press(DANA, tech, card, "Resolve")
            said(house)
        slack.submit(DANA, slack.views(DANA)[-1].id, {"code": "fixed", "words": "A second restart."})

    steps: tuple[Callable[[], object], ...] = (
        lambda: slack.say(CUSTOMER, dm, FORGOT),
        lambda: slack.say(CUSTOMER, dm, "talk to a human"),
        lambda: slack.say(CUSTOMER, dm, REPORT),
        lambda: slack.say(CUSTOMER, dm, TODAY),
        lambda: _take_back_the_receipt_for(TODAY, house),
        lambda: slack.say(COLLEAGUE, HELP, FORGOT),
        lambda: slack.command(COLLEAGUE, LOBBY, "/tier1", VPN),
        claim,
        answer,
        lambda: slack.delete(DANA, tech, reply),
        lambda: slack.open_home(DANA),
        resolve,
        ask_as_gold,
    )
    for step in steps:
        morning()
        step()
        said(house)


def said(house: House) -> None:
    """Wait until all is acknowledged and all is said, however long it takes."""
    house.slack.settled(15)
    house.slack.wait_for(lambda: not house.rows("select 1 from outbox where state = 'due'"), 60)


@dataclass(frozen=True, slots=True)
class Evening:
    """How much the bot has said where: at the root of a channel, or in threads. Which reactions are beneath which
    words. The cases, as analysts see them."""

    said: Counter[tuple[str, bool]]
    reactions: Counter[tuple[str, str]]
    cases: tuple[object, ...]


def evening(house: House) -> Evening:
    placed = house.everything()
    ours = [one for one in placed if one.message.bot_id and one.channel != OPS]
    return Evening(
        said=Counter((one.channel, bool(one.root)) for one in ours),
        reactions=Counter((one.message.shown, name) for one in placed for name in one.message.reactions),
        cases=tuple(house.rows("select requester, state, queue, priority from cases order by requester, opened_at")),
    )


def nobody_was_told_a_programmers_words(house: House) -> bool:
    said = [one.message.shown.lower() for one in house.everything() if one.message.bot_id and one.channel != OPS]
    return not [text for text in said for word in NOT_FOR_PEOPLE if word in text]


def alarms_a_minute(house: House) -> int:
    """The most of one kind within a minute."""
    told = [(re.sub(r"\W*\d\S*", "", one.shown)[:40], float(one.ts)) for one in house.from_bot(OPS)]
    return max((sum(1 for also, then in told if also == kind and 0 <= then - at < 60) for kind, at in told), default=0)


def hurry(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot be sooner sure that a request that failed will not be carried out after all."""
    posting = house.service._courier._lanes._sending._posting
    monkeypatch.setattr(posting, "_request_timeout", timedelta(seconds=1))
    monkeypatch.setattr("bot.slack.posting.GRACE", timedelta(seconds=0.5))


def _take_back_the_receipt_for(words: str, house: House) -> None:
    """The core takes no reaction back; but what a program of another version wrote down is said all the same."""
    dm = house.slack.dm(CUSTOMER)
    (message,) = [one for one in house.slack.messages(dm) if one.shown == words]
    react = React(channel=dm, ts=message.ts, name=RECEIPT, remove=True)
    with closing(sqlite3.connect(house.database)) as database, database:
        database.row_factory = sqlite3.Row
        write_down(database, [(SEED.team_id, Said("taken-back", "", 0, react))], datetime.now(UTC))


_GOLD, _SILVER = Usergroup("S0GOLD00001", "gold", (GOLD,)), Usergroup("S0SILVER001", "silver", (DANA,))
