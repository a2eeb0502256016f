"""What is known, put together: what is made from it is there at once, and never that of other files."""

from __future__ import annotations

from dataclasses import replace

from bot.core.audience import Person
from bot.core.entries import Words
from bot.core.intents import Intent
from bot.core.rulebook.rules import ChannelRules
from tests.core.situations import HELP, KNOWLEDGE, RULES, with_rules

ANA = Person("U0ANA", "T1")


def test_other_rules_show_other_entries() -> None:
    before = KNOWLEDGE.seen_by(ANA, HELP)
    narrow = with_rules(channels={**RULES.channels, HELP: ChannelRules("all", categories=("network",))})

    assert before == KNOWLEDGE.entries.keys()
    assert narrow.seen_by(ANA, HELP) == {"network/vpn"}
    assert KNOWLEDGE.seen_by(ANA, HELP) == before


def test_other_entries_are_seen_by_the_same_people() -> None:
    fewer = {id_: entry for id_, entry in KNOWLEDGE.entries.items() if id_ != "network/vpn"}

    assert replace(KNOWLEDGE, entries=fewer).seen_by(ANA, HELP) == fewer.keys()


def test_other_word_lists_are_listened_to() -> None:
    deaf = replace(KNOWLEDGE, words=Words())

    assert KNOWLEDGE.listener.hear("talk to a human") is Intent.HUMAN
    assert deaf.listener.hear("talk to a human") is Intent.QUESTION


def test_what_is_made_of_the_rest_is_no_difference() -> None:
    assert replace(KNOWLEDGE) == KNOWLEDGE
    assert "listener" not in repr(KNOWLEDGE)


def test_the_same_word_lists_are_made_ready_once() -> None:
    assert with_rules(failed_attempts=3).listener is with_rules(failed_attempts=4).listener
