"""`tier1 kb calibrate`: what outcomes say of how far the matcher can be trusted, kept only when asked to."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from bot.cli.options import matching_of
from bot.cli.progress import progress
from bot.content.calibration import keep
from bot.core.matching.scoring.relearning import Relearned
from bot.wiring import learn


def calibrate(options: argparse.Namespace) -> int:
    with progress("Reading entries") as on_entry:
        learnt, kept = learn(options.kb, options.rules, Path(options.database), matching_of(options), on_entry)
    file = keep(options.kb, kept, outcomes=learnt.seen) if options.write else None
    if options.json:
        print(json.dumps(asdict(learnt) | {"file": str(file) if file else None}, indent=2))
        return 0
    print(_as_table(learnt))
    print(f"kept in {file}: it counts from the next start on" if file else "nothing is changed: --write keeps it")
    return 0


def _as_table(learnt: Relearned) -> str:
    rows = [
        ("sure from", *(f"{each.sure:.2f}" for each in (learnt.before, learnt.after))),
        ("unsure from", *(f"{each.unsure:.2f}" for each in (learnt.before, learnt.after))),
        ("answered at once", *(f"{share:.1%}" for share in learnt.answered)),
        ("wrong, of all", *(f"{share:.1%}" for share in learnt.wrong)),
        ("calibration error", *(f"{error:.3f}" for error in learnt.error)),
    ]
    lines = [f"{learnt.seen:,} questions with an outcome", f"{'':<18} {'now':>8} {'then':>8}"]
    return "\n".join([*lines, *(f"{what:<18} {now:>8} {then:>8}" for what, now, then in rows)])
