"""Entries are found by a few letters of their title, id or phrasings, best first; what is not served is not found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.searching import entries_like
from tests.core.situations import ENTRIES, KNOWLEDGE, LOCKED, NEVER, PASSWORD, VPN


@pytest.mark.parametrize(
    ("query", "first", "reason"),
    [
        ("reset", PASSWORD.id, "a word of the title"),
        ("unlok account", LOCKED.id, "with a slip of the finger"),
        ("network/vpn", VPN.id, "the id, as editors write it"),
        ("lunch", NEVER.id, "policies are for customers' questions, not for specialists"),
        ("how do i connect", VPN.id, "a phrasing"),
    ],
)
def test_the_entry_meant_comes_first(query: str, first: str, reason: str) -> None:
    assert entries_like(query, KNOWLEDGE)[0][0] == first, reason


def test_nothing_asked_for_shows_what_there_is_by_title() -> None:
    titles = [title for _, title in entries_like("  ", KNOWLEDGE)]

    assert titles == sorted(entry.title for entry in ENTRIES.values())


def test_what_is_like_nothing_finds_nothing() -> None:
    assert entries_like("zzzqqq", KNOWLEDGE) == ()


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_what_is_not_served_is_not_found(state: str) -> None:
    entries = {**ENTRIES, VPN.id: replace(VPN, state=state)}  # type: ignore[arg-type]

    assert VPN.id not in dict(entries_like("vpn", replace(KNOWLEDGE, entries=entries)))
