"""`tier1 kb …`: the editors' tools for the knowledge base."""

from __future__ import annotations

import argparse
import json

from bot.cli.options import Commands, add_format, common


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    kb = commands.add_parser("kb", help="the editors' tools for the knowledge base")
    tools = kb.add_subparsers(required=True, metavar="TOOL")
    check = tools.add_parser(
        "check",
        parents=[common()],
        help="find every fault in the knowledge base",
        description="Read every file of the knowledge base and list all faults with their places, or those of the files"
        " named. Exit 1 on an error.",
    )
    check.add_argument(
        "files", nargs="*", metavar="FILE", help="a file, or an entry's id such as accounts/reset-password"
    )
    add_format(check)
    check.set_defaults(run=_check)
    test = tools.add_parser(
        "test",
        parents=[common()],
        help="run the tests that entries carry",
        description="Run the tests of all entries that are served, or of those named, drafts too. Exit 1 if one fails.",
    )
    test.add_argument("ids", nargs="*", metavar="ID", help="an entry, such as accounts/reset-password")
    test.set_defaults(run=_test)
    show = tools.add_parser(
        "show",
        parents=[common()],
        help="an entry as Slack shows it, with its guide and a sheet",
        description="Show one entry as the bot would say it in Slack, the steps of its guide, and who keeps it.",
    )
    show.add_argument("id", metavar="ID", help="the entry, such as accounts/reset-password")
    show.add_argument("--as", dest="name", default="Sam", metavar="NAME", help="the customer's first name (Sam)")
    show.set_defaults(run=_show)
    listed = tools.add_parser(
        "list",
        parents=[common()],
        help="list all entries",
        description="List the entries, a line each: drafts and archived ones too.",
    )
    listed.add_argument("--category", default="", metavar="C", help="only this category, such as accounts")
    listed.add_argument("--state", default="", choices=["draft", "trial", "live", "archived"], help="only this state")
    listed.add_argument("--owner", default="", metavar="O", help="only this owner's, such as @identity-team")
    listed.add_argument("--overdue", action="store_true", help="only those whose day of review has passed")
    listed.set_defaults(run=_list)
    fmt = tools.add_parser(
        "fmt",
        parents=[common()],
        help="bring files into the one form: order, indentation, blank lines",
        description="Format all files of the knowledge base, or those named; texts and comments stay as they are."
        " Prints the name of each file that is changed. Exit 1 if a file cannot be read.",
    )
    fmt.add_argument(
        "files", nargs="*", metavar="FILE", help="a file, or an entry's id such as accounts/reset-password"
    )
    fmt.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file would be changed")
    fmt.set_defaults(run=_fmt)
    new = tools.add_parser(
        "new",
        parents=[common()],
        help="write the file of a new entry, with a note on each key",
        description="Write the file of a new entry, a draft, with words to be replaced and a note on each key.",
    )
    new.add_argument("id", metavar="CATEGORY/NAME", help="such as office/borrow-a-projector")
    new.add_argument("--title", metavar="TEXT", help="what it is called (made from the name)")
    new.set_defaults(run=_new)
    codes = tools.add_parser(
        "codes",
        parents=[common(prints_result=False)],
        help="the table of codes: what each fault means, and what to do",
        description="Print the table of all codes as Markdown.",
    )
    codes.set_defaults(run=_codes)
    schema = tools.add_parser(
        "schema",
        parents=[common()],
        help="print a file's JSON Schema, by which programs complete keys",
        description="Print the JSON Schema of one kind of file.",
    )
    schema.add_argument("kind", choices=["entry", "site", "words", "rules"], help="the kind of file")
    schema.set_defaults(run=_schema)


def _check(options: argparse.Namespace) -> int:
    from bot.cli.kb_checks import check  # noqa: PLC0415  loaded only when used

    return check(options)


def _test(options: argparse.Namespace) -> int:
    from bot.cli.kb_checks import test  # noqa: PLC0415

    return test(options)


def _show(options: argparse.Namespace) -> int:
    from bot.cli.kb_pages import show  # noqa: PLC0415

    return show(options)


def _list(options: argparse.Namespace) -> int:
    from bot.cli.kb_pages import list_  # noqa: PLC0415

    return list_(options)


def _fmt(options: argparse.Namespace) -> int:
    from bot.cli.kb_writing import fmt  # noqa: PLC0415

    return fmt(options)


def _new(options: argparse.Namespace) -> int:
    from bot.cli.kb_writing import new  # noqa: PLC0415

    return new(options)


def _codes(options: argparse.Namespace) -> int:
    from bot.cli.kb_checks import codes  # noqa: PLC0415

    return codes(options)


def _schema(options: argparse.Namespace) -> int:
    from bot.content.schema import schema_of  # noqa: PLC0415

    print(json.dumps(schema_of(options.kind), indent=2))
    return 0
