"""`tier1 run`: the bot on Slack, over Socket Mode or, with `--http`, over signed HTTP."""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace

from bot.cli.options import Commands, common
from bot.cli.progress import progress
from bot.cli.serving import log_to_stderr, serve
from bot.core.knowledge import Knowledge
from bot.errors import ContentError, SettingsError
from bot.settings import Settings, environment, load_settings
from bot.wiring import Address, Service, load_knowledge, load_rules_alone


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("run", parents=[common(prints_result=False)], description=__doc__)
    parser.add_argument("--http", metavar="HOST:PORT", help="serve Slack's requests at /slack/events there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    address = address_of(options.http) if options.http else None
    settings = load_settings(environment(), http=address is not None)
    settings = replace(settings, kb=options.kb, rules=options.rules, database=options.database)
    log_to_stderr(logging.INFO)
    serve(Service(settings, knowledge_to_serve(settings), http=address), "ready")
    return 0


def knowledge_to_serve(settings: Settings) -> Knowledge:
    """Everything, or, if the knowledge base has errors, the rules alone: customers must reach people all the same."""
    try:
        with progress("Reading entries") as on_entry:
            return load_knowledge(settings.kb, settings.rules, rules_needed=True, on_entry=on_entry)
    except ContentError as error:
        return load_rules_alone(settings.rules, str(error))


def address_of(text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65_535:  # noqa: PLR2004  the highest port there is
        raise SettingsError(f"--http {text}: write it as HOST:PORT, for example 127.0.0.1:3000")
    return Address(host.strip("[]") or "127.0.0.1", int(port))
