"""What is loaded is ready: the first customer waits for nothing that could have been done before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.core.rulebook import calendar
from bot.core.rulebook.calendar import is_open
from bot.settings import Matching
from bot.wiring import encoder_of, load_knowledge

ENTRY = """\
title: Borrow a projector
phrasings: [can i borrow a projector, we need a beamer for a meeting, is there a projector i can take]
answer: Take one from the shelf.
"""
RULES = """\
queues: {support: {role: Support, channel: C0SUPPORT}}
calendars: {odd: {weekly: {mon: ["03:07-04:11"]}, holidays: [{country: IS}]}}
"""


def test_the_hours_of_the_year_are_worked_out_before_the_first_customer_asks(tmp_path: Path) -> None:
    entry, rules = tmp_path / "kb" / "devices" / "projector.yaml", tmp_path / "rules.yaml"
    entry.parent.mkdir(parents=True)
    entry.write_text(ENTRY, encoding="utf-8")
    rules.write_text(RULES, encoding="utf-8")

    knowledge = load_knowledge(tmp_path / "kb", rules, rules_needed=True)

    worked_out = calendar._open_in.cache_info().misses
    is_open(knowledge.rules.calendars["odd"], datetime.now(UTC))
    assert calendar._open_in.cache_info().misses == worked_out


def test_what_the_encoder_makes_of_a_knowledge_base_is_kept_where_the_settings_say(tmp_path: Path) -> None:
    phrasings = [f"how do i get {number} monitors" for number in range(50)]

    rows = encoder_of(Matching(cache=tmp_path / "kept")).encode(phrasings)

    (kept,) = (tmp_path / "kept").iterdir()
    with np.load(kept) as arrays:
        np.testing.assert_array_equal(np.sort(arrays["rows"], axis=0), np.sort(rows, axis=0))
    encoder_of(Matching(cache=None)).encode(phrasings)
    assert [*tmp_path.iterdir()] == [tmp_path / "kept"]
