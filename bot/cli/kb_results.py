"""What `tier1 kb test` prints: each test that does not hold, with what was expected, what was found, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.content.faults import Place
from bot.content.places import places_of_entry_tests
from bot.workbench.entry_tests import Failure, Run

_FEW = 20  # entries without tests that are named one by one


def tests_report(ran: Run, kb: Path, *, as_json: bool) -> str:
    """The whole report, for people or as JSON. Reads the files of failed tests again, to say where they stand."""
    placed = [(failure, _place_of(failure, kb)) for failure in ran.failures]
    if as_json:
        failures = [_as_json(failure, place) for failure, place in placed]
        counts = {"tests": ran.tests, "failed": len(failures)}
        whole = {**counts, "failures": failures, "untested": list(ran.untested)}
        return json.dumps(whole, ensure_ascii=False, indent=2)
    lines = [line for failure, place in placed for line in _as_text(failure, place)]
    lines.append(f"{ran.tests} {'test' if ran.tests == 1 else 'tests'}, {len(ran.failures)} failed")
    return "\n".join((*lines, *_untested(ran.untested)))


def _as_text(failure: Failure, place: Place) -> Iterator[str]:
    yield f"{failure.entry} {failure.sort}: {failure.said}"
    yield f"    at        {place}"
    yield f"    expected  {failure.expected}"
    yield f"    found     {failure.found}"
    if failure.phrasing:
        yield f"    by        {failure.phrasing}"
    for sentence in failure.why:
        yield f"    why       {sentence}"


def _as_json(failure: Failure, place: Place) -> dict[str, object]:
    return {
        "entry": failure.entry,
        "file": place.file,
        "line": place.line,
        "sort": failure.sort,
        "said": failure.said,
        "expected": failure.expected,
        "found": failure.found,
        "phrasing": failure.phrasing or None,
        "why": list(failure.why),
    }


def _untested(entries: tuple[str, ...]) -> Iterator[str]:
    if entries:
        what, they = ("entry has", "it") if len(entries) == 1 else ("entries have", "they")
        yield f"{len(entries)} {what} no `match` under `tests`, so that nobody would notice if {they} were not found:"
        yield from (f"    {entry}" for entry in entries[:_FEW])
        if entries[_FEW:]:
            yield f"    and {len(entries) - _FEW} more; --json lists them all"


def _place_of(failure: Failure, kb: Path) -> Place:
    file = kb / f"{failure.entry}.yaml"
    sort = failure.sort.removesuffix(" alone")
    return places_of_entry_tests(file).get((sort, failure.at)) or Place(file.as_posix())
