"""What the commands have in common on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.content.report import FORMS, Form
from bot.settings import Matching, content_paths, environment, load_matching

Commands = argparse._SubParsersAction  # noqa: SLF001  argparse gives this type no public name


def parser_for(commands: Mapping[str, str]) -> tuple[argparse.ArgumentParser, Commands[argparse.ArgumentParser]]:
    """The parser of `tier1`. A command's own options are added by its module."""
    listed = "\n".join(f"  {name:<10} {what}" for name, what in commands.items())
    parser = argparse.ArgumentParser(
        prog="tier1",
        description="Tier 1 support in Slack: answers that an editor wrote, and people when they do not help.",
        epilog=f"commands:\n{listed}\n\n`tier1 COMMAND --help` says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser, parser.add_subparsers(metavar="COMMAND", required=True, parser_class=argparse.ArgumentParser)


def common(*, prints_result: bool = True) -> argparse.ArgumentParser:
    """A parent parser with `--kb`, `--rules`, `--database`, and `--json` where a result is printed.

    The defaults come from the environment.
    """
    kb, rules, database = content_paths(environment())
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--kb", type=Path, default=kb, metavar="FOLDER", help=f"the knowledge base ({kb})")
    parser.add_argument("--rules", type=Path, default=rules, metavar="FILE", help=f"the escalation rules ({rules})")
    parser.add_argument("--database", default=database, metavar="PATH", help=f"the database ({database})")
    if prints_result:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


class Tools:
    """The tools of one command, such as `tier1 kb`; each takes the common options."""

    def __init__(self, command: argparse.ArgumentParser) -> None:
        self._tools = command.add_subparsers(required=True, metavar="TOOL")
        self._with_json, self._without = common(), common(prints_result=False)

    def add(
        self,
        name: str,
        run: Callable[[argparse.Namespace], int],
        *,
        brief: str,
        full: str,
        prints_result: bool = True,
    ) -> argparse.ArgumentParser:
        """Add a tool: `brief` stands in the help of the command, `full` in its own. Returns its parser."""
        options = self._with_json if prints_result else self._without
        parser = self._tools.add_parser(name, parents=[options], help=brief, description=full)
        parser.set_defaults(run=run)
        return parser


def matching_of(options: argparse.Namespace) -> Matching:
    """How messages are matched, as the environment says it. Raises `SettingsError`."""
    return load_matching(environment(), options.database)


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add `--format` to a check, of which `--json` is then short for one."""
    parser.add_argument(
        "--format",
        dest="form",
        choices=FORMS,
        default="text",
        help="text for people, json for programs (as --json), github to mark the lines of a pull request (text)",
    )


def form_of(options: argparse.Namespace) -> Form:
    form: Form = "json" if options.json else options.form
    return form
