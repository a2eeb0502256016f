"""`tier1 kb fmt` and `tier1 kb new`: what is written into the knowledge base."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import stat
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot import content
from bot.cli.kb_ids import unknown_id
from bot.cli.progress import progress
from bot.content.entries.loading import entry_ids
from bot.content.faults import Fault, Kind, Place, fault, quoted
from bot.content.folder import SITE, WORDS, look_through, read_bytes, shown
from bot.content.reading.reading import Reading
from bot.content.reading.source import Report, decoded
from bot.content.rules.loading import load_rules
from bot.content.schema import FileSort
from bot.content.writing.drafting import check_new, drafted, write_new
from bot.content.writing.formatting import formatted
from bot.core.rulebook.rules import Rules
from bot.errors import ContentError
from bot.settings import content_paths, environment

_SORTS: dict[str, FileSort] = {SITE: "site", WORDS: "words"}


def fmt(options: argparse.Namespace) -> int:
    files = _chosen(options.files, options.kb)
    changed: list[str] = []
    refused: dict[str, str] = {}
    with progress("Formatting entries") as on_entry:
        for done, file in enumerate(files, 1):
            try:
                if _format(file, only_look=options.check):
                    changed.append(shown(file))
            except ContentError as error:
                refused[shown(file)] = str(error)
            on_entry(done, len(files))
    if options.json:
        told = [{"file": name, "why": why} for name, why in refused.items()]
        print(json.dumps({"files": len(files), "changed": changed, "refused": told}, ensure_ascii=False, indent=2))
    else:
        for name in changed:
            print(name)
        _tell(len(files), len(changed), list(refused.values()), only_look=options.check)
    return 1 if refused or (options.check and changed) else 0


def new(options: argparse.Namespace) -> int:
    _check_folder(options.kb)
    check_new(options.id, entry_ids(options.kb))
    category = options.id.partition("/")[0]
    file = options.kb / f"{options.id}.yaml"
    write_new(file, drafted(options.id, title=options.title or "", schema=_schema_for(file, "entry")))
    rules = load_rules(options.rules).value if options.rules.exists() else None
    without_route = rules is not None and not _has_route(category, rules)
    if options.json:
        made = {"id": options.id, "file": shown(file), "routed": None if rules is None else not without_route}
        print(json.dumps(made, ensure_ascii=False, indent=2))
        return 0
    print(shown(file))
    if rules is not None and without_route:
        print(
            f"The rules have no route for the category {quoted(category)}, so its cases go to {rules.default_queue};"
            f" add one under `routing` in {shown(options.rules)} if they should not."
        )
    usual, _, _ = content_paths(environment())
    of_this = "" if options.kb == usual else f" --kb {shlex.quote(shown(options.kb))}"
    print(f"Write it, and then:\n  tier1 kb check{of_this}\n  tier1 kb test {options.id}{of_this}")
    return 0


def _check_folder(kb: Path) -> None:
    """Raise `ContentError` for a knowledge base that is not there: its name may be a slip of the finger."""
    if kb.is_dir():
        return
    if kb.exists():
        raise ContentError(f"{shown(kb)}: this is a file, not a folder -> name the folder of the knowledge base")
    others = [shown(each) for each in kb.parent.iterdir() if each.is_dir()] if kb.parent.is_dir() else []
    near = Reading("KB", [], date.min).near(shown(kb), [each for each in others if not each.startswith(".")])
    new = f"to begin a new knowledge base: mkdir {shlex.quote(shown(kb))}"
    raise ContentError(f"{shown(kb)}: no such folder -> {f'{near} ' if near else ''}{new}")


def _chosen(wanted: Sequence[str], kb: Path) -> list[Path]:
    """The files that are meant by paths or ids; all of the knowledge base if none is."""
    faults: list[Fault] = []
    folder = look_through(kb, _into(faults))
    if not kb.is_dir():
        raise ContentError("\n".join(map(str, faults)))
    shared = [path for path in (folder.site, folder.words) if path is not None]
    if not wanted:
        return [*shared, *folder.entries.values()]
    by_path = {path.resolve(): path for path in (*shared, *folder.entries.values())}
    return list(dict.fromkeys(_meant(name, folder.entries, by_path, kb) for name in wanted))


def _meant(name: str, entries: dict[str, Path], by_path: dict[Path, Path], kb: Path) -> Path:
    path = Path(name)
    found = entries.get(name) or by_path.get(path.resolve())
    if found is not None:
        return found
    if path.exists():
        raise ContentError(f"{shown(path)}: no file of the knowledge base in {shown(kb)} -> name one, or set `--kb`")
    raise unknown_id(name, [*entries, *map(shown, by_path.values())], kb)


def _format(file: Path, *, only_look: bool) -> bool:
    """Whether the file was changed, or would be. Raises `ContentError` with what is wrong in it."""
    faults: list[Fault] = []
    raw = read_bytes(file, _into(faults))
    text = None if raw is None else decoded(raw, shown(file), _into(faults))
    if raw is None or text is None:
        raise ContentError("\n".join(map(str, faults)))
    sort = _SORTS.get(file.name, "entry")
    result = formatted(text, sort=sort, schema=_schema_for(file, sort), file=shown(file)).encode()
    if result == raw:
        return False
    if not only_look:
        _write(file.resolve(), result)  # a link stays a link
    return True


def _write(file: Path, content: bytes) -> None:
    """Put the content in the file's place in one step, with its permissions, so that nobody reads half of it."""
    try:
        mode = file.stat().st_mode
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as beside:
            try:
                beside.write(content)
                beside.flush()
                Path(beside.name).chmod(stat.S_IMODE(mode))
                Path(beside.name).replace(file)
            except BaseException:
                Path(beside.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise ContentError(f"{shown(file)}: cannot be written: {error.strerror}") from error


def _schema_for(file: Path, sort: FileSort) -> str:
    """The path of the schema as seen from the file, if both are below this folder: elsewhere it would not hold."""
    (package,) = content.__path__
    schema = Path(package).resolve() / f"{sort}.schema.json"
    if not schema.is_relative_to(Path.cwd()) or not file.resolve().is_relative_to(Path.cwd()):
        return ""
    return Path(os.path.relpath(schema, file.parent.resolve())).as_posix()


def _has_route(category: str, rules: Rules) -> bool:
    return any(
        route.category == category
        or (route.entry or "").startswith(f"{category}/")
        or (route.category is None and route.entry is None)
        for route in rules.routing
    )


def _tell(files: int, changed: int, refused: list[str], *, only_look: bool) -> None:
    """Say on standard error what the list of files does not."""
    for why in refused:
        print(why, file=sys.stderr)
    counts = [f"{files} {'file' if files == 1 else 'files'}", f"{changed} {'to format' if only_look else 'formatted'}"]
    counts += [f"{len(refused)} left as they are"] if refused else []
    way_out = " -> `tier1 kb fmt` does it" if only_look and changed else ""
    print(", ".join(counts) + way_out, file=sys.stderr)


def _into(faults: list[Fault]) -> Report:
    def report(kind: Kind, place: Place, message: str, hint: str = "") -> None:
        faults.append(fault("KB", kind, place, message, hint))

    return report
