"""What the shipped desk makes of short and of denying messages, which are easily taken for something else."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from bot.core.asking import Asking, asked
from bot.core.knowledge import Knowledge
from bot.wiring import load_knowledge

ROOT = Path(__file__).parent.parent.parent.parent
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HELPDESK = "C0HELPDESK1"


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    return load_knowledge(ROOT / "kb", ROOT / "escalation_rules.yaml", rules_needed=True)


def hear(said: str) -> Asking:
    return asked(said, "U0STAFF0001", HELPDESK, NOON, knowledge())


@pytest.mark.parametrize(
    ("said", "action", "rule"),
    [
        ("everything is down", "handoff", "outage"),  # not a word that an entry could be about, and yet an outage
        ("hello, everything's down!!", "handoff", "outage"),  # greeted
        ("my laptop was stolen", "handoff", "security"),
        ("I think my account has been hacked", "handoff", "security"),
        ("I want to close my account", "handoff", "leaving"),
        ("I can't close my account", "handoff", "leaving"),  # what one can not do is wanted all the same
    ],
)
def test_which_rule_takes_a_message(said: str, action: str, rule: str) -> None:
    decision = hear(said).decision

    assert (decision.action, decision.rule) == (action, rule)


@pytest.mark.parametrize(
    "said",
    [
        "nothing was stolen",
        "my laptop was not stolen",
        "I have not been hacked",
        "I do not want to close my account",
        "not everything is down, only my mouse",
        "it is not down",
    ],
)
def test_what_is_denied_wakes_nobody(said: str) -> None:
    decision = hear(said).decision

    assert decision.action in {"rephrase", "ask", "chat"}
    assert decision.rule == ""


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("vpn", "network/vpn"),
        ("printer", "devices/printer"),
        ("internet", "network/slow-internet"),
    ],
)
def test_a_bare_noun_is_offered_for_it_is_only_half_of_a_question(said: str, entry: str) -> None:
    asking = hear(said)

    assert asking.decision.action == "ask"
    assert entry in [match.entry for match in asking.ranking.offered]


@pytest.mark.parametrize(
    ("said", "because"),
    [
        (
            "my account is not locked",
            "accounts/account-locked is left out: it is about “lock”, which the message denies",
        ),
        ("how do I uninstall slack", "software/install is left out: it is about"),
        ("I can print again", "“i can print again” says that all is well again"),
        ("nothing was stolen", "“nothing was stolen” says that all is well"),
        ("my laptop is not slow, but the wifi is down", "“slow” is what the customer says is not so"),
        ("I do not want my account locked", "“my account locked” is what the customer does not want"),
        ("do not cancel my order. the vpn works again", "“cancel my order” is what the customer does not want"),
        ("do not cancel my order. the vpn works again", "“the vpn works again” says that all is well again"),
        ("no password reset please", "accounts/reset-password is left out: it is about “password”, which the message"),
    ],
)
def test_what_was_left_out_is_told_in_a_sentence(said: str, because: str) -> None:
    assert any(sentence.startswith(because) for sentence in knowledge().matcher.explain(said))


def test_who_is_ill_is_read_as_ill() -> None:
    ranking = hear("I am ill today").ranking

    assert ranking.best is not None
    assert ranking.best.entry == "people/sick-leave"


def test_a_building_is_no_build() -> None:
    asking = hear("where is the building")

    assert (asking.ranking.band, asking.decision.action) != ("sure", "answer")
    assert not any("build the" in sentence for sentence in asking.why)


def test_what_works_again_needs_no_answer() -> None:
    assert hear("I can print again, thanks").decision.action in {"chat", "ignore"}
