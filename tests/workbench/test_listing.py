"""The list of entries: who is in it, what stands in a line, and how it fits."""

from __future__ import annotations

import re
from datetime import date

import pytest
from rich.cells import cell_len

from bot.core.entries import CollectField, Entry, EntryTests, Node, Option, Steps
from bot.workbench.listing import COLUMNS, Listed, as_dicts, as_lines, as_table, listing, totals

TODAY = date(2026, 11, 23)
GUIDE = Steps("a", {"a": Node("Look.", options=(Option("Done", end="resolved"),))})
WIFI = Entry(
    "network/wifi", "Get on the wifi", ("wifi", "wlan"), "Do.", audience=frozenset({"staff"}), owner="@network-team",
    review_by=TODAY, tests=EntryTests(match=("wifi pls",), not_match=("tv",)),
)  # fmt: skip
VPN = Entry(
    "network/vpn", "Use the VPN", ("vpn",), "Do.", state="trial", owner="@network-team", review_by=date(2026, 11, 22),
    steps=GUIDE, collect=(CollectField("os", "Which system?"),),
)  # fmt: skip
REFUND = Entry(
    "billing/refund", "Get a refund", ("refund",), "Do.", state="draft", language="de", owner="@Billing-Team"
)
OLD = Entry("billing/old", "Pay by fax", ("fax",), "No.", state="archived")
ALL = (WIFI, VPN, REFUND, OLD)


def ids(listed: tuple[Listed, ...]) -> list[str]:
    return [each.entry.id for each in listed]


def test_entries_are_listed_by_id() -> None:
    assert ids(listing(ALL, TODAY)) == ["billing/old", "billing/refund", "network/vpn", "network/wifi"]


@pytest.mark.parametrize(
    ("category", "state", "owner", "overdue", "found"),
    [
        ("billing", "", "", False, ["billing/old", "billing/refund"]),
        ("bill", "", "", False, []),  # a category is a whole name
        ("", "live", "", False, ["network/wifi"]),
        ("", "", "billing-team", False, ["billing/refund"]),  # with or without @, in any case of letters
        ("", "", "@NETWORK-TEAM", False, ["network/vpn", "network/wifi"]),
        ("", "", "", True, ["network/vpn"]),  # on the day itself there is still time
        ("network", "trial", "@network-team", True, ["network/vpn"]),  # everything asked for must hold
        ("billing", "", "", True, []),
    ],
)
def test_filters(category: str, state: str, owner: str, overdue: bool, found: list[str]) -> None:
    assert ids(listing(ALL, TODAY, category=category, state=state, owner=owner, overdue=overdue)) == found


def test_a_line_has_columns_two_blanks_apart_and_marks_what_is_overdue() -> None:
    lines = as_lines(listing(ALL, TODAY)).splitlines()

    assert [re.split(" {2,}", line) for line in lines] == [
        ["id", "title", "state", "audience", "owner", "review by", "phrasings", "tests", "has"],
        ["billing/old", "Pay by fax", "archived", "customer,staff", "-", "-", "1", "0", "-"],
        ["billing/refund", "Get a refund", "draft", "customer,staff", "@Billing-Team", "-", "1", "0", "de"],
        [
            "network/vpn",
            "Use the VPN",
            "trial",
            "customer,staff",
            "@network-team",
            "2026-11-22 overdue",
            "1",
            "0",
            "steps,collect",
        ],
        ["network/wifi", "Get on the wifi", "live", "staff", "@network-team", "2026-11-23", "2", "2", "-"],
    ]
    assert {line.index(word) for line, word in zip(lines, ("title", "Pay", "Get", "Use", "Get"), strict=True)} == {16}


def test_the_totals() -> None:
    assert totals(listing(ALL, TODAY), 4) == (
        "4 entries: 1 live, 1 trial, 1 draft, 1 archived; 1 overdue; 5 phrasings, 2 tests"
    )
    assert totals(listing(ALL, TODAY, state="live"), 4) == "1 of 4 entries: 1 live; 2 phrasings, 2 tests"
    assert totals(listing((WIFI,), TODAY), 1) == "1 entry: 1 live; 2 phrasings, 2 tests"
    assert totals((), 4) == "0 of 4 entries; 0 phrasings, 0 tests"


def test_for_programs() -> None:
    assert as_dicts(listing((VPN, OLD), TODAY)) == [
        {
            "id": "billing/old", "title": "Pay by fax", "category": "billing", "state": "archived",
            "audience": ["customer", "staff"], "language": "en", "owner": None, "review_by": None, "overdue": False,
            "phrasings": 1, "tests": 0, "steps": False, "collect": False,
        },
        {
            "id": "network/vpn", "title": "Use the VPN", "category": "network", "state": "trial",
            "audience": ["customer", "staff"], "language": "en", "owner": "@network-team", "review_by": "2026-11-22",
            "overdue": True, "phrasings": 1, "tests": 0, "steps": True, "collect": True,
        },
    ]  # fmt: skip


def test_with_room_a_table_has_every_column() -> None:
    shown = as_table(listing(ALL, TODAY), width=140, colour=False)

    assert shown.splitlines()[0].split("  ")[0] == "id"
    assert all(name in shown.splitlines()[0] for name in COLUMNS)
    assert "no room here" not in shown


@pytest.mark.parametrize("width", [45, 60, 80, 100, 120])
def test_a_table_fits_and_names_what_it_leaves_out(width: int) -> None:
    lines = as_table(listing(ALL, TODAY), width=width, colour=False).splitlines()

    assert max(map(cell_len, lines[:-1])) <= width
    assert all(entry.id in "\n".join(lines) for entry in ALL)
    left_out = lines[-1].removeprefix("no room here for: ").split(", ") if lines[-1] else []
    assert [name for name in COLUMNS if name not in lines[0]] == left_out


def test_a_table_keeps_to_a_line_an_entry() -> None:
    long = Entry("network/long", "A title that goes on and on " * 9, ("x",), "Do.")

    lines = as_table(listing((long,), TODAY), width=80, colour=False).splitlines()

    assert len([line for line in lines if line.startswith("network/long")]) == 1
    assert "…" in lines[2]


def test_what_a_title_says_does_nothing_to_the_terminal() -> None:
    hostile = Entry("a/b", "[red]x[/] \x1b[31m\u202e", ("x",), "Do.", owner="\x9b")

    for shown in (as_lines(listing((hostile,), TODAY)), as_table(listing((hostile,), TODAY), width=120, colour=False)):
        assert "[red]x[/] ␛[31m\N{REPLACEMENT CHARACTER}" in shown
        assert not {"\x1b", "\x9b", "\u202e"} & set(shown)


def test_in_colour_what_is_overdue_stands_out() -> None:
    assert "\x1b[1;31m2026-11-22 overdue" in as_table(listing(ALL, TODAY), width=120, colour=True)
