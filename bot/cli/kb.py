"""`tier1 kb …`: the editors' tools for the knowledge base."""

from __future__ import annotations

import argparse
import json

from bot.cli.options import Commands, Tools, add_format


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    tools = Tools(commands.add_parser("kb", help="the editors' tools for the knowledge base"))
    check = tools.add(
        "check",
        _check,
        brief="find every fault in the knowledge base",
        full="Read every file of the knowledge base and list all faults with their places, or those of the files"
        " named. Exit 1 on an error.",
    )
    check.add_argument(
        "files", nargs="*", metavar="FILE", help="a file, or an entry's id such as accounts/reset-password"
    )
    add_format(check)
    test = tools.add(
        "test",
        _test,
        brief="run the tests that entries carry",
        full="Run the tests of all entries that are served, or of those named, drafts too. Exit 1 if one fails.",
    )
    test.add_argument("ids", nargs="*", metavar="ID", help="an entry, such as accounts/reset-password")
    show = tools.add(
        "show",
        _show,
        brief="an entry as Slack shows it, with its guide and a sheet",
        full="Show one entry as the bot would say it in Slack, the steps of its guide, and who keeps it.",
    )
    show.add_argument("id", metavar="ID", help="the entry, such as accounts/reset-password")
    show.add_argument("--as", dest="name", default="Sam", metavar="NAME", help="the customer's first name (Sam)")
    listed = tools.add(
        "list", _list, brief="list all entries", full="List the entries, a line each: drafts and archived ones too."
    )
    listed.add_argument("--category", default="", metavar="C", help="only this category, such as accounts")
    listed.add_argument("--state", default="", choices=["draft", "trial", "live", "archived"], help="only this state")
    listed.add_argument("--owner", default="", metavar="O", help="only this owner's, such as @identity-team")
    listed.add_argument("--overdue", action="store_true", help="only those whose day of review has passed")
    fmt = tools.add(
        "fmt",
        _fmt,
        brief="bring files into the one form: order, indentation, blank lines",
        full="Format all files of the knowledge base, or those named; texts and comments stay as they are."
        " Prints the name of each file that is changed. Exit 1 if a file cannot be read.",
    )
    fmt.add_argument(
        "files", nargs="*", metavar="FILE", help="a file, or an entry's id such as accounts/reset-password"
    )
    fmt.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file would be changed")
    new = tools.add(
        "new",
        _new,
        brief="write the file of a new entry, with a note on each key",
        full="Write the file of a new entry, a draft, with words to be replaced and a note on each key.",
    )
    new.add_argument("id", metavar="CATEGORY/NAME", help="such as office/borrow-a-projector")
    new.add_argument("--title", metavar="TEXT", help="what it is called (made from the name)")
    learnt = tools.add(
        "calibrate",
        _calibrate,
        brief="learn from outcomes how far to trust the matcher",
        full="See what customers did with answers and offers, and say how the line between answering and asking would"
        " move. Nothing changes without --write. It takes 200 outcomes.",
    )
    learnt.add_argument("--write", action="store_true", help="keep it in _calibration.json in the knowledge base")
    tools.add(
        "codes",
        _codes,
        brief="the table of codes: what each fault means, and what to do",
        full="Print the table of all codes as Markdown.",
        prints_result=False,
    )
    schema = tools.add(
        "schema",
        _schema,
        brief="print a file's JSON Schema, by which programs complete keys",
        full="Print the JSON Schema of one kind of file.",
    )
    schema.add_argument("kind", choices=["entry", "site", "words", "rules"], help="the kind of file")


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


def _calibrate(options: argparse.Namespace) -> int:
    from bot.cli.kb_learning import calibrate  # noqa: PLC0415

    return calibrate(options)


def _codes(options: argparse.Namespace) -> int:
    from bot.cli.kb_checks import codes  # noqa: PLC0415

    return codes(options)


def _schema(options: argparse.Namespace) -> int:
    from bot.content.schema import schema_of  # noqa: PLC0415

    print(json.dumps(schema_of(options.kind), indent=2))
    return 0
