"""`tier1 ask TEXT`: what the bot would do with a message, and why. Nothing is said or stored."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from bot.cli.match import ranked
from bot.cli.options import Commands, common, matching_of
from bot.cli.progress import progress
from bot.content.reading.values import IdSort, not_an_id
from bot.core.asking import Asking, asked
from bot.core.clocks.foretelling import Foretold, adding_up, steps
from bot.core.matching.explaining import Why
from bot.core.rulebook.promises import Promise, clock
from bot.core.rulebook.rules import Rules
from bot.errors import Tier1Error
from bot.wiring import load_knowledge


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("ask", parents=[common()], description=__doc__)
    parser.add_argument("text", help="what somebody writes")
    parser.add_argument("--as", dest="user", metavar="USER", help="who writes, by Slack id (somebody)")
    parser.add_argument("--channel", default="", metavar="ID", help="where, by Slack id (a direct message)")
    parser.add_argument("--at", metavar="TIME", help="when, as 2026-11-27T15:00:00+01:00 (now)")
    parser.add_argument(
        "--after", action="append", default=[], metavar="TEXT", help="what they wrote before, oldest first; repeatable"
    )
    parser.add_argument("--why", action="store_true", help="more of why: signals, runner-up, and the word that decides")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.user is not None:
        _check_id("--as", "user", options.user)
    if options.channel:
        _check_id("--channel", "channel", options.channel)
    with progress("Reading entries") as on_entry:
        knowledge = load_knowledge(
            options.kb, options.rules, rules_needed=True, matching=matching_of(options), on_entry=on_entry
        )
    moment = _moment(options.at)
    shown = asked(
        options.text, options.user or "", options.channel, moment, knowledge, after=options.after, in_full=options.why
    )
    if options.json:
        line = ranked(options.text, shown.ranking) | _decision(shown)
        line["foretold"] = _foretold(shown.foretold) if shown.foretold else None
        if shown.matching:
            line["matching"] = _matching(shown.matching)
        print(json.dumps(line, ensure_ascii=False, indent=2))
        return 0
    _print(shown, knowledge.rules)
    return 0


def _print(shown: Asking, rules: Rules) -> None:
    best, decision = shown.ranking.best, shown.decision
    print(f"action      {decision.action}")
    print(f"band        {shown.ranking.band}" + (f", {best.entry} at {best.confidence:.2f}" if best else ""))
    for name in ("rule", "reason", "queue", "priority"):
        if getattr(decision, name):
            print(f"{name:<11} {getattr(decision, name)}")
    if decision.promise and decision.promise.due:
        print(f"due         {clock(decision.promise.due, decision.promise.timezone)}")
    if shown.text:
        print("says        " + shown.text.replace("\n", "\n            "))
    for sentence in shown.why:
        print(f"why         {sentence}")
    if shown.foretold:
        for sentence in adding_up(shown.foretold):
            print(f"counts      {sentence}")
        for sentence in steps(shown.foretold, rules):
            print(f"then        {sentence}")


def _decision(shown: Asking) -> dict[str, object]:
    decision = shown.decision
    return {
        "action": decision.action,
        "rule": decision.rule or None,
        "reason": decision.reason or None,
        "queue": decision.queue or None,
        "priority": decision.priority or None,
        "text": shown.text,
        "why": list(shown.why),
    }


def _foretold(told: Foretold) -> dict[str, object]:
    """All moments are UTC."""
    return {
        "first_response": _due(told.first),
        "counted": [[opens.isoformat(), closes.isoformat()] for opens, closes in told.counted],
        "steps": [
            {
                "at": stage.at.isoformat(),
                "moment": stage.moment,
                "do": stage.do,
                "queue": stage.queue,
                "priority": stage.priority,
                "to": list(stage.to),
                "due": stage.due.isoformat() if stage.due else None,
            }
            for stage in told.stages
        ],
        "next_response": _within(told.next_response),
        "resolution": _due(told.resolution),
    }


def _due(promise: Promise | None) -> dict[str, object] | None:
    within = _within(promise)
    if promise is None or within is None:
        return None
    return {"due": promise.due.isoformat() if promise.due else None} | within


def _within(promise: Promise | None) -> dict[str, object] | None:
    if promise is None:
        return None
    seconds = promise.within.total_seconds()
    return {"seconds": seconds, "calendar": promise.calendar or None, "timezone": promise.timezone}


def _matching(why: Why) -> dict[str, object]:
    evidence, flip = why.evidence, why.flip
    return {
        "corrected": [list(pair) for pair in evidence.corrected],
        "phrasing": why.ranking.phrasing or None,
        "shares": {name: round(share, 4) for name, share in evidence.shares.items()},
        "also": why.ranking.also.entry if why.ranking.also else None,
        "runner_up": why.runner_up.entry if why.runner_up else None,
        "margin": why.margin,
        "thresholds": {"sure": evidence.bars.sure, "unsure": evidence.bars.unsure} if evidence.bars else None,
        "flips_without": flip.word if flip else None,
        "flips_to": (flip.entry or flip.band) if flip else None,
    }


def _check_id(option: str, what: IdSort, written: str) -> None:
    if wrong := not_an_id(what, written):
        message, way_out = wrong
        raise Tier1Error(f"{option}: {message} -> {way_out}")


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Tier1Error(f"--at {text}: not a time; write it as 2026-11-27T15:00:00+01:00") from error
    if moment.tzinfo is None:
        raise Tier1Error(f"--at {text}: say the offset from UTC as well, as in {text}+01:00")
    return moment.astimezone(UTC)
