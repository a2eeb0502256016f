"""The `tier1` command: one module per group of commands, imported when its command is used."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "sandbox": "the bot on a local Slack with a web page; no account needed",
    "run": "the bot on Slack",
    "ask": "what the bot would answer, and why",
    "match": "the matcher alone, over a file of questions",
    "kb": "the knowledge base",
    "rules": "the escalation rules",
    "doctor": "whether the bot could serve here and now",
    "outbox": "what is written down to be said",
    "db": "a backup of the database, and whether it is sound",
    "manifest": "the Slack app manifest",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 good, 1 something is wrong, 2 the command line is."""
    from bot.cli.options import parser_for  # noqa: PLC0415  `tier1 --help` needs nothing else
    from bot.errors import Tier1Error  # noqa: PLC0415

    words = list(sys.argv[1:] if arguments is None else arguments)
    named = next((word for word in words if not word.startswith("-")), None)
    parser, commands = parser_for(COMMANDS)
    if named in COMMANDS:
        import_module(f"bot.cli.{named}").add(commands)
    elif named is not None:
        parser.error(f"there is no command `{named}`; the commands are {', '.join(COMMANDS)}")
    chosen = parser.parse_args(words)
    # Half an emoji cannot be written as UTF-8; in JSON its escape means the same.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code: int = chosen.run(chosen)
    except Tier1Error as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone: there is nobody to tell
        return 1
    except KeyboardInterrupt:
        return 130
    return code
