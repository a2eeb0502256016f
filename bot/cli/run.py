"""`tier1 run`: the bot on Slack, over Socket Mode or, with `--http`, over signed HTTP."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from dataclasses import replace

from bot.cli.options import Commands, common, matching_of
from bot.cli.progress import progress
from bot.cli.serving import log_to_stderr, serve
from bot.core.knowledge import Knowledge
from bot.errors import ContentError, SettingsError, StoreBroken, StoreDown
from bot.settings import Matching, Settings, environment, load_settings
from bot.slack.identity import growing_pauses
from bot.wiring import Address, Service, load_knowledge, load_rules_alone

log = logging.getLogger(__name__)

# Every step of ours is short and ends by waiting for something. Asked to step aside in between, as often as Python
# would, threads spend a third of the time on changing places.
_SECONDS_BEFORE_STEPPING_ASIDE = 0.05


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("run", parents=[common(prints_result=False)], description=__doc__)
    parser.add_argument("--http", metavar="HOST:PORT", help="serve Slack's requests at /slack/events there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    address = address_of(options.http) if options.http else None
    settings = load_settings(environment(), http=address is not None)
    settings = replace(settings, kb=options.kb, rules=options.rules, database=options.database)
    log_to_stderr(logging.INFO)
    sys.setswitchinterval(_SECONDS_BEFORE_STEPPING_ASIDE)
    serve(service_once_stored(settings, knowledge_to_serve(settings, matching_of(options)), address), "ready")
    return 0


def service_once_stored(settings: Settings, knowledge: Knowledge, http: Address | None) -> Service:
    """Wait as long as the database is locked or the disk is full; what only a person can mend is raised at once."""
    for pause in growing_pauses():
        try:
            return Service(settings, knowledge, http=http)
        except StoreBroken:
            raise
        except StoreDown as error:
            log.warning("%s. Trying again in %d s", error, pause.total_seconds())
        time.sleep(pause.total_seconds())
    raise AssertionError("the pauses never end")


def knowledge_to_serve(settings: Settings, matching: Matching) -> Knowledge:
    """Everything, or, if the knowledge base has errors, the rules alone: customers must reach people all the same."""
    try:
        with progress("Reading entries") as on_entry:
            return load_knowledge(settings.kb, settings.rules, rules_needed=True, matching=matching, on_entry=on_entry)
    except ContentError as error:
        return load_rules_alone(settings.rules, str(error))


def address_of(text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65_535:  # noqa: PLR2004  the highest port there is
        raise SettingsError(f"--http {text}: write it as HOST:PORT, for example 127.0.0.1:3000")
    return Address(host.strip("[]") or "127.0.0.1", int(port))
