"""What `tier1 rules test` prints: each test that does not hold, with what was expected, what was found, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.content.faults import Place
from bot.workbench.rules_tests import Result


def report(results: Sequence[Result], places: Sequence[Place], rules: Path, *, as_json: bool) -> str:
    """`places` are those of the results, in the same order."""
    failed = sum(not result.passed for result in results)
    placed = list(zip(results, places, strict=True))
    if as_json:
        listed = [_as_json(result, place) for result, place in placed]
        return json.dumps({"tests": len(results), "failed": failed, "results": listed}, ensure_ascii=False, indent=2)
    if not results:
        return f"no tests in {rules.as_posix()}: promise something under `tests`, each with `name`, `given`, `expect`"
    lines = [line for result, place in placed if not result.passed for line in _as_text(result, place)]
    return "\n".join((*lines, f"{len(results)} {'test' if len(results) == 1 else 'tests'}, {failed} failed"))


def _as_text(result: Result, place: Place) -> Iterator[str]:
    yield f"{place} {result.name}"
    for difference in result.differences:
        yield f"    {difference.field:<9} expected {difference.expected}, found {difference.found}"
    for sentence in result.outcome.why:
        yield f"    why       {sentence}"


def _as_json(result: Result, place: Place) -> dict[str, object]:
    outcome = result.outcome
    return {
        "name": result.name,
        "file": place.file,
        "line": place.line,
        "passed": result.passed,
        "action": outcome.action,
        "rule": outcome.rule or None,
        "queue": outcome.queue or None,
        "priority": outcome.priority or None,
        "due_first": outcome.due_first.isoformat() if outcome.due_first else None,
        "differences": [
            {"field": each.field, "expected": each.expected, "found": each.found} for each in result.differences
        ],
        "why": list(outcome.why),
    }
