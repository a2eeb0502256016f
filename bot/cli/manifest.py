"""`tier1 manifest`: the manifest to paste at https://api.slack.com/apps, Create New App, From a manifest (JSON)."""

from __future__ import annotations

import argparse
import json

from bot.cli.options import Commands, common
from bot.slack.manifest import manifest


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("manifest", parents=[common()], description=__doc__)
    parser.add_argument(
        "--http", metavar="URL", help="for `tier1 run --http`: the https:// address under which Slack reaches the bot"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    print(json.dumps(manifest(http=options.http), indent=2, ensure_ascii=False))
    return 0
