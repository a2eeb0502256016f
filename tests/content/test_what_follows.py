"""One slip is told once: what only follows from it, as names of a section that could not be read, is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.faults import UNKNOWN_KEY, Place, fault, in_order
from tests.content.small_files import ENTRY, RULES, kb, loaded, loaded_rules, short
from tests.shipped import ENTRY_IDS, RULES_FILE

SHIPPED = RULES_FILE.read_text(encoding="utf-8")
SECTIONS = re.findall(r"(?m)^([a-z_]+):", SHIPPED)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize(
    "slip",
    [
        " {}:",  # a blank too many before it
        "{}x:",  # a letter too many
        "{}",  # the colon forgotten
    ],
)
def test_a_slip_in_the_key_of_a_section_is_told_once(section: str, slip: str, tmp_path: Path) -> None:
    text = re.sub(rf"(?m)^{section}:", slip.format(section), SHIPPED)

    found = loaded_rules(tmp_path, text, ENTRY_IDS, frozenset())

    assert len(found.faults) == 1, [str(fault) for fault in found.faults]
    assert found.errors


def test_a_slip_in_a_trigger_does_not_make_others_unknown(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^    when:", "   when:", SHIPPED, count=1)

    found = loaded_rules(tmp_path, text, ENTRY_IDS, frozenset())

    assert [fault.code for fault in found.faults] == ["RU002"]


TESTED = "tests: [{name: x, given: {text: x}, expect: {rule: lost}}]\n"


@pytest.mark.parametrize(
    ("triggers", "expected"),
    [
        ("", ["3:52 RU060"]),  # there is none
        ("triggers: [{id: found, when: {band: none}, then: {action: offer}}]\n", ["4:52 RU060"]),
        ("triggers: [{ids: lost, when: {band: none}, then: {action: offer}}]\n", ["3:13 RU003"]),  # it may be this one
        ("triggers: [{id: lost, when: {bnd: none}, then: {action: offer}}]\n", ["3:30 RU003"]),
        ("triggers: {id: lost}\n", ["3:11 RU006"]),  # no list
    ],
)
def test_a_trigger_is_unknown_only_if_all_are_known(triggers: str, expected: list[str], tmp_path: Path) -> None:
    found = loaded_rules(tmp_path, f"{RULES}{triggers}{TESTED}")

    assert [short(fault) for fault in found.faults] == expected


def test_another_section_that_is_not_there_is_still_missed(tmp_path: Path) -> None:
    text = (
        f"{RULES}groups: {{a: {{users: [U0ANNA00001]}}}}\npermissions: {{claim: [b]}}\ndefaults: {{calendar: office}}\n"
    )

    assert [short(fault) for fault in loaded_rules(tmp_path, text).faults] == ["4:23 RU060", "5:22 RU060"]


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("variable: {portal_url: https://x.example}\n", ["_site.yaml:1:1 KB003"]),
        ("Variables: {portal_url: https://x.example}\n", ["_site.yaml:1:1 KB003"]),
        (" variables: {portal_url: https://x.example}\nlink_hosts: [x.example]\n", ["_site.yaml:1:2 KB002"]),
        ("link_hosts: [x.example]\n", ["b.yaml:6:14 KB041"]),  # nothing is misspelt: it is not there
        ("variables: {portal: x}\nlink_host: [x.example]\n", ["_site.yaml:2:1 KB003", "b.yaml:6:14 KB041"]),
    ],
)
def test_variables_that_could_not_be_read_are_not_said_to_be_unknown(
    site: str, expected: list[str], tmp_path: Path
) -> None:
    found = loaded(kb(tmp_path, _site=site, a__b=ENTRY.replace("Open the", "Open {{site.portal_url}}, the")))

    assert [f"{Path(fault.place.file).name}:{short(fault)}" for fault in found.faults] == expected


@pytest.mark.parametrize(("warnings", "more"), [(200, 0), (250, 50)])
def test_warnings_never_become_an_error(warnings: int, more: int, tmp_path: Path) -> None:
    matches = "".join(f"    - question {number} # or so\n" for number in range(warnings))

    found = loaded(tmp_path, a__b=f"{ENTRY}tests:\n  match:\n{matches}")

    assert found.errors == ()
    assert found.value is not None
    assert len(found.faults) == 200 + bool(more)
    assert [fault.message for fault in found.faults if fault.code == "KB036"] == [
        f"{more} more warnings in this file"
    ] * bool(more)


def test_what_is_left_out_is_counted_once() -> None:
    faults = [fault("KB", UNKNOWN_KEY, Place("kb/a/b.yaml", line), "unknown key") for line in range(1, 301)]

    once = in_order(faults)

    assert len(once) == 201
    assert once[-1].message == "100 more errors in this file"
    assert in_order(once) == once
    assert in_order((*once, faults[-1])) == once  # what is found later does not change what was counted


def test_errors_behind_many_warnings_are_told(tmp_path: Path) -> None:
    matches = "".join(f"    - question {number} # or so\n" for number in range(300))

    found = loaded(tmp_path, a__b=f"{ENTRY}tests:\n  match:\n{matches}stat: live\n")

    assert [fault.code for fault in found.errors] == ["KB003"]
    assert found.value is None
