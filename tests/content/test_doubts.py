"""Rules that are served as they are, and were hardly meant so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.small_files import RULES, loaded_rules, short

HOURS = 'weekly: {mon: ["09:00-17:00"]}'


@pytest.mark.parametrize(
    ("added", "expected", "told"),
    [
        # Channels.
        ("channels: {C0IT000001: {mode: all}}", ["3:31 RU078"], "where queue `it` works"),
        ("channels: {C0IT000001: {mode: questions}}", ["3:31 RU078"], "would answer"),
        ("channels: {C0IT000001: {mode: mention}}", [], ""),  # only whoever asks is answered
        ("channels: {C0HELP00001: {mode: all}}", [], ""),
        # Promises. What is not written is as in the standard.
        (
            "slas: {a: {p1: {resolution: 20m}}}",
            ["3:29 RU079"],
            "p1 has `next_response: 30m`, longer than `resolution: 20m`",
        ),
        (
            "slas: {a: {p3: {first_response: 25h, resolution: 24h}}}",
            ["3:33 RU079"] * 2,
            "longer than `resolution: 24h`",
        ),
        ("slas: {a: {p1: {first_response: 2h}}}", ["3:33 RU079"], "longer than `first_response: 1h` of p2"),
        (
            "slas: {a: {p2: {first_response: 5m}}}",
            ["3:33 RU079"],
            "p1 has `first_response: 15m`",
        ),  # where it is written
        ("slas: {a: {p1: {resolution: 10h}, p2: {resolution: 8h}}}", [], ""),  # by night these are far longer
        ("slas: {a: {p1: {resolution: 25h}, p2: {resolution: 8h}}}", ["3:29 RU079"], "longer than `resolution: 8h`"),
        ("slas: {a: {p1: {resolution: 9h, business: true}}}", ["3:29 RU079"], "longer than `resolution: 8h` of p2"),
        ("slas: {a: {p4: {first_response: 4h}}}", [], ""),  # as soon as p3
        ("slas: {a: {}}", [], ""),
        # Hours.
        (
            f"calendars: {{a: {{{HOURS}, holidays: [{{from: 2026-12-24, to: 2927-01-01}}]}}}}",
            ["3:59 RU080"],
            "never open",
        ),
        (f"calendars: {{a: {{{HOURS}, holidays: [{{from: 2026-12-24, to: 2027-01-01}}]}}}}", [], ""),
        ("calendars: {a: {holidays: [{country: DE}]}}", ["3:27 RU080"], "count for nothing"),  # always open
        ("calendars: {a: {holidays: [{country: XX}]}}", ["3:38 RU065"], "`XX`"),  # one thing at a time
    ],
)
def test_what_is_hardly_meant(added: str, expected: list[str], told: str, tmp_path: Path) -> None:
    found = loaded_rules(tmp_path, f"{RULES}{added}\n")

    assert [short(fault) for fault in found.faults] == expected
    assert told in "".join(fault.message for fault in found.faults)


def test_two_teams_in_one_channel(tmp_path: Path) -> None:
    found = loaded_rules(tmp_path, f"{RULES}  hr: {{channel: C0IT000001}}\n")

    assert [short(fault) for fault in found.faults] == ["3:17 RU078"]
    assert found.value is not None
    assert "queue `it` works in `C0IT000001` too" in found.faults[0].message
