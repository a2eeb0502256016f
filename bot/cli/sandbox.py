"""`tier1 sandbox`: the real bot on a local Slack with a web page. No account, no token, nothing leaves this machine."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import webbrowser
from pathlib import Path

from bot.cli.options import Commands, common, matching_of
from bot.cli.progress import progress
from bot.cli.serving import log_to_stderr, serve
from bot.errors import SettingsError
from bot.moving_time import MovingTime
from bot.sandbox.cast import workspace_for
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.store.last_heard import last_heard
from bot.wiring import Service, load_knowledge, real_time


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("sandbox", parents=[common(prints_result=False)], description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the page's port (any free one)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    parser.set_defaults(run=run, database="")


def run(options: argparse.Namespace) -> int:
    ignored = sorted(name for name in os.environ if name.startswith("SLACK_"))
    if ignored:
        print(f"The sandbox ignores {', '.join(ignored)}: it never talks to the real Slack.", file=sys.stderr)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        os.environ.pop(name, None)  # a proxy cannot reach the loopback address
    log_to_stderr(logging.WARNING)
    with progress("Reading entries") as on_entry:
        knowledge = load_knowledge(
            options.kb, options.rules, rules_needed=True, matching=matching_of(options), on_entry=on_entry
        )
    try:
        shortcuts = manifest()["features"]["shortcuts"]
        time = time_of(options.database)
        sandbox = Sandbox(workspace_for(knowledge.rules), port=options.port, shortcuts=shortcuts, clock=time).start()
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else "there is no such port"
        raise SettingsError(f"port {options.port} cannot be used ({why}): choose another") from error
    with sandbox, tempfile.TemporaryDirectory(prefix="tier1-sandbox-") as folder:
        settings = Settings(
            slack_bot_token=sandbox.bot_token,
            slack_app_token=sandbox.app_token,
            slack_signing_secret=None,
            slack_api_url=sandbox.api_url,
            database=options.database or str(Path(folder) / "tier1.db"),
            kb=options.kb,
            rules=options.rules,
            health=None,
        )
        if options.open:
            webbrowser.open(sandbox.url)
        service = Service(settings, knowledge, clock=time)
        sandbox.moves_time_by(lambda moment: time.forward(moment, service, is_settled=sandbox.is_settled))
        serve(service, f"The sandbox is ready: {sandbox.url}\nPress Ctrl-C to stop it.")
    return 0


def time_of(database: str) -> MovingTime:
    """A bot that goes on with a database it has kept goes on where time had been put to: nothing lies ahead of it."""
    last = last_heard(Path(database)) if database else None
    return MovingTime(last if last and last > real_time() else None)
