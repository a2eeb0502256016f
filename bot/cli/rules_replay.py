"""`tier1 rules replay`: which logged cases would have gone elsewhere under changed rules. The database is only read."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.options import matching_of
from bot.cli.progress import progress
from bot.core.knowledge import Knowledge
from bot.store.logged import Log, log_in
from bot.wiring import load_knowledge
from bot.workbench.replaying.comparing import KINDS, Compared, Kept, Outcome, Untold, compare
from bot.workbench.replaying.ranked_once import RankedOnce
from bot.workbench.replaying.tally import Replay, tallied

_WORDS = 60  # characters of a question


def replay(options: argparse.Namespace) -> int:
    with progress("Reading entries") as on_entry:
        base, head = (
            load_knowledge(options.kb, rules, rules_needed=True, matching=matching_of(options), on_entry=on_entry)
            for rules in (options.base or options.rules, options.head)
        )
    base, head = _side_by_side(base, head)
    with log_in(Path(options.database)) as log:
        since = log.until - timedelta(days=options.days) if log.until else None
        found = tallied(_compared(log, since, base, head), with_words=options.words)
    if options.json:
        print(json.dumps(_as_json(found, since), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_as_text(found, since)))
    return 0


def _side_by_side(base: Knowledge, head: Knowledge) -> tuple[Knowledge, Knowledge]:
    """Both with a matcher that ranks each text once; the same one, unless their thresholds differ."""
    once = RankedOnce(base.matcher)
    same = head.versions.index == base.versions.index
    return replace(base, matcher=once), replace(head, matcher=once if same else RankedOnce(head.matcher))


def _compared(log: Log, since: datetime | None, base: Knowledge, head: Knowledge) -> Iterator[Compared | Untold]:
    if since is None or log.until is None:
        return
    looks_back = max(base.rules.remembers_contacts_for, head.rules.remembers_contacts_for)
    of_all = log.count(since)
    with progress("Playing cases again") as on_case:
        for done, case in enumerate(log.cases(since, looks_back=looks_back), 1):
            yield compare(case, base, head, log.until)
            on_case(done, of_all)


# --- for people -------------------------------------------------------------------------------------------------------


def _as_text(found: Replay, since: datetime | None) -> Iterator[str]:
    if since is None:
        yield "nothing is in the log yet"
        return
    for kinds, cases in found.groups:
        yield f"{', '.join(kinds)} ({len(cases):,})"
        for one in cases:
            yield f"  {one.case:<8}  {_time(one.at)}  {_difference(one)}"
            if one.words:
                yield f"            “{_shortened(one.words)}”"
    if found.untold:
        yield f"cannot be told ({len(found.untold):,})"
        for other in found.untold:
            yield f"  {other.case:<8}  {_time(other.at)}  {other.why}"
    counted = ", ".join(f"{found.count(kind):,} {kind}" for kind in KINDS if found.count(kind))
    changed = f"{_count(len(found.changed), 'case')} of {_count(found.customers, 'customer')} would change"
    yield (
        f"{_count(found.cases, 'case')} since {_time(since)}, {found.handed_off:,} handed off: {changed}"
        f"{f' ({counted})' if counted else ''}, {len(found.untold):,} cannot be told"
    )
    yield f"first responses: {_first(found.base_first)}; by the changed rules {_first(found.head_first)}"


def _difference(one: Compared) -> str:
    """All in which the two differ, what would be the same left out."""
    base, head = one.base, one.head
    if base.handed_off is None or head.handed_off is None:
        return f"{_in_short(base)} → {_in_short(head)}"
    pairs = (
        (base.queue, head.queue),
        (base.priority, head.priority),
        (_privacy(base), _privacy(head)),
        (_rule(base), _rule(head)),
        (_moment("handed off", base.handed_off), _moment("handed off", head.handed_off)),
        (_due(base), _due(head)),
        (base.first or "not known", head.first or "not known"),
    )
    return "; ".join(f"{then} → {now}" for then, now in pairs if then != now)


def _in_short(outcome: Outcome) -> str:
    if outcome.handed_off is None:
        return f"{outcome.action}{f' by rule {outcome.rule}' if outcome.rule else ''}"
    return f"{outcome.queue} as {outcome.priority} by {_rule(outcome)}"


def _rule(outcome: Outcome) -> str:
    return f"rule {outcome.rule} ({outcome.reason})"


def _privacy(outcome: Outcome) -> str:
    return "private" if outcome.private else "in the open"


def _due(outcome: Outcome) -> str:
    return _moment("due", outcome.due_first) or "nothing promised"


def _moment(what: str, at: datetime | None) -> str:
    return f"{what} {_time(at)}" if at else ""


def _first(first: Mapping[Kept, int]) -> str:
    return f"{first.get('kept', 0):,} kept, {first.get('missed', 0):,} missed"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


# --- for programs -----------------------------------------------------------------------------------------------------


def _as_json(found: Replay, since: datetime | None) -> dict[str, object]:
    return {
        "since": since.isoformat() if since else None,
        "cases": found.cases,
        "handed_off": found.handed_off,
        "changed": len(found.changed),
        "customers": found.customers,
        "untold": len(found.untold),
        "kinds": {kind: found.count(kind) for kind in KINDS if found.count(kind)},
        "first_responses": {
            side: {"kept": first.get("kept", 0), "missed": first.get("missed", 0)}
            for side, first in (("base", found.base_first), ("head", found.head_first))
        },
        "changes": [
            {
                "case": one.case,
                "at": one.at.isoformat(),
                **({"words": _shortened(one.words)} if one.words else {}),
                "kinds": list(one.kinds),
                "base": _outcome(one.base),
                "head": _outcome(one.head),
            }
            for _, cases in found.groups
            for one in cases
        ],
        "cannot_be_told": [{"case": one.case, "at": one.at.isoformat(), "why": one.why} for one in found.untold],
    }


def _outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "action": outcome.action,
        "rule": outcome.rule or None,
        "reason": outcome.reason or None,
        "queue": outcome.queue or None,
        "priority": outcome.priority or None,
        "private": outcome.private,
        "handed_off": outcome.handed_off.isoformat() if outcome.handed_off else None,
        "due_first": outcome.due_first.isoformat() if outcome.due_first else None,
        "first_response": outcome.first,
    }
