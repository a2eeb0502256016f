"""`tier1 doctor`: whether the bot could serve here and now, and what to do if not. It changes and posts nothing."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict

from bot.cli.options import Commands, common


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("doctor", parents=[common()], description=__doc__)
    parser.add_argument("--http", action="store_true", help="look at what `tier1 run --http` needs (Socket Mode)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from bot.cli.doctor_rounds import rounds  # noqa: PLC0415  loaded only when used
    from bot.settings import environment  # noqa: PLC0415

    findings = []
    for finding in rounds(options, environment()):
        findings.append(finding)
        if not options.json:
            way_out = f" -> {finding.do}" if finding.do else ""
            print(f"{finding.level:<8} {finding.check:<15} {finding.what}{way_out}", flush=True)
    levels = Counter(finding.level for finding in findings)
    if options.json:
        checks = [asdict(finding) for finding in findings]
        print(json.dumps({"ok": not levels["wrong"], "checks": checks}, ensure_ascii=False, indent=2))
    elif not levels["wrong"] and not levels["warning"]:
        print("All is well.")
    else:
        warnings = levels["warning"]
        print(f"{levels['wrong']} wrong, {warnings} warning{'' if warnings == 1 else 's'}")
    return 1 if levels["wrong"] else 0
