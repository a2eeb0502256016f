"""What `tier1 rules prove` prints: what was proven, or what does not hold, with a test of the rules that has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.content.rules.effective import as_written, lines_of
from bot.core.rulebook.rules import Rules
from bot.workbench.proving.counter import Counter
from bot.workbench.proving.prover import Proof

_NO_TEST = (
    "There is no test for it: it takes what `given` cannot say, such as a file, or a person named by their address."
)


def report(proof: Proof, rules: Rules, file: Path, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(_as_json(proof, rules), ensure_ascii=False, indent=2)
    if proof.counter is None:
        return _proven(proof, rules)
    return "\n".join(_as_text(proof.counter, rules, file))


def _proven(proof: Proof, rules: Rules) -> str:
    first, last = proof.begin, proof.end - timedelta(days=1)
    days = f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y} ({rules.timezone})"
    return (
        f"{proof.half_hours:,} half hours from {days}: each of {proof.handoffs:,} handoffs finds people in time, nobody"
        f" is called out of hours, every ladder ends, and all triggers can act ({len(rules.triggers)})"
    )


def _as_text(counter: Counter, rules: Rules, file: Path) -> Iterator[str]:
    broken = counter.broken
    yield f"{file.as_posix()}: {broken.what}"
    yield from (f"    why       {sentence}" for sentence in broken.why)
    if broken.hint:
        yield f"    way out   {broken.hint}"
    if counter.test is None:
        yield _NO_TEST
        return
    yield "What the rules do then, as a test to paste under `tests`; change what it expects, or change the rules:"
    yield from lines_of(counter.test, rules.timezone)


def _as_json(proof: Proof, rules: Rules) -> dict[str, object]:
    counter = proof.counter
    return {
        "proven": counter is None,
        "from": proof.begin.isoformat(),
        "until": proof.end.isoformat(),
        "half_hours": proof.half_hours,
        "handoffs": proof.handoffs,
        "triggers": len(rules.triggers),
        "counter_example": None
        if counter is None
        else {
            "law": counter.broken.law,
            "what": counter.broken.what,
            "why": list(counter.broken.why),
            "hint": counter.broken.hint,
            "test": None if counter.test is None else as_written(counter.test, rules.timezone),
        },
    }
