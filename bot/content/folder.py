"""Which files of a knowledge base's folder are read, and which stand where none can be.

Hidden files and folders and files that are no YAML are passed by, so that a README or a `.git` may stay there. What
only looks as if it were none, such as the `x.yaml.txt` that Notepad writes, is told of.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.content import faults as f
from bot.content.faults import Place, quoted
from bot.content.reading.reading import Reading
from bot.content.reading.source import MOST_BYTES, Node, Report, decoded, parse_yaml

SITE = "_site.yaml"
WORDS = "_words.yaml"
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SUFFIXES = (".yaml", ".yml")
# What an editor's program, a browser or a mail made of the name: the ending that was meant, and what follows it.
_LONGER_NAME = re.compile(r"(?P<stem>.+)\.ya?ml(?P<more>[^\w-].*|-[^/]*|~|[0-9]+)", re.IGNORECASE | re.DOTALL)
_TEXT_ENDINGS = (".txt", ".text", ".rtf", ".doc", ".docx", ".md")
_LETTERS_OF_THE_SUFFIX = ("almy", "lmy")


@dataclass(frozen=True, slots=True)
class KnowledgeFolder:
    """Where the files are; `entries` go by id. `meant` are the ids that misnamed files would have."""

    root: Path
    entries: dict[str, Path]
    site: Path | None
    words: Path | None
    meant: frozenset[str] = frozenset()


def shown(path: Path) -> str:
    """A file's name as people see it: as it was given, whatever the separator, without what cannot be shown."""
    return "".join(char if char.isprintable() else "?" for char in path.as_posix())


def look_through(root: Path, report: Report) -> KnowledgeFolder:
    """The folder's files. Whatever cannot be an entry is reported; an entry's id is taken from its path alone."""
    entries: dict[str, Path] = {}
    shared: dict[str, Path] = {}
    meant: set[str] = set()
    for path in _listed(root, report):
        if _is_folder(path):
            if _stays_inside(path, root, report):
                entries.update(_category(path, root, report, meant))
        elif _is_ours(path, report) and _stays_inside(path, root, report):
            if path.name in (SITE, WORDS):
                shared[path.name] = path
            elif path.name.startswith("_"):
                hint = f"the shared files are `{SITE}` and `{WORDS}`"
                report(f.BAD_SLUG, Place(shown(path)), f"{quoted(path.name)} is no shared file", hint)
            else:
                hint = f"move it one folder deep: `{shown(root)}/CATEGORY/{path.name}`"
                report(f.WRONG_DEPTH, Place(shown(path)), "an entry outside any category", hint)
    site, words = shared.get(SITE), shared.get(WORDS)
    return KnowledgeFolder(root, dict(sorted(entries.items())), site, words, frozenset(meant))


def tree_of(path: Path, reading: Reading) -> tuple[bytes, Node | None]:
    """The file's content and its tree; None, and reported, if there is no tree to be had."""
    content = read_bytes(path, reading.report)
    if content is None:
        return b"", None
    written = decoded(content, shown(path), reading.report)
    if written is None:
        return content, None
    reading.lines = written.split("\n")
    return content, parse_yaml(written, shown(path), reading.report)


def read_bytes(path: Path, report: Report) -> bytes | None:
    """The file's content, one byte more than the most at most; None, and reported, if it is no file to be read."""
    try:
        # Opening a pipe would wait for somebody to write into it.
        if not stat.S_ISREG(path.stat().st_mode):
            report(f.UNREADABLE, Place(shown(path)), "not a file", "put a YAML file there")
            return None
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        report(f.UNREADABLE, Place(shown(path)), "no such file", "check the path")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        report(f.UNREADABLE, Place(shown(path)), f"cannot be read: {why}", "check the path and its permissions")
    return None


def leads_out(path: Path, folder: Path) -> str:
    """Why a symbolic link may not be followed, or ""."""
    try:
        if not path.is_symlink():
            return ""
        target = path.resolve(strict=True)
        return "" if target.is_relative_to(folder.resolve()) else "leads out of the folder"
    except (OSError, RuntimeError):
        return "leads nowhere"


def version_of(contents: dict[str, bytes]) -> str:
    """A short hash of files by their names, whatever order they were read in."""
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()[:12]


def _category(folder: Path, root: Path, report: Report, meant: set[str]) -> Iterator[tuple[str, Path]]:
    listed = _listed(folder, report)
    files = [path for path in listed if _is_folder(path) or _is_ours(path, report)]
    entries = [path for path in files if not _is_folder(path)]
    meant.update(f"{folder.name}/{name[:-5]}" for path in listed if (name := _meant_name(path.name)))
    if entries and not SLUG.fullmatch(folder.name):
        message = f"folder {quoted(folder.name)} cannot be a category"
        report(f.BAD_SLUG, Place(shown(entries[0])), message, "use small letters, digits, `-` and `_`")
    for path in files:
        if _is_folder(path):
            _report_too_deep(path, root, report)
        elif not SLUG.fullmatch(path.stem):
            in_root = path.name in (SITE, WORDS)
            hint = f"it belongs in `{shown(root)}/`" if in_root else "use small letters, digits, `-` and `_`"
            report(f.BAD_SLUG, Place(shown(path)), f"{quoted(path.name)} cannot name an entry", hint)
        elif _stays_inside(path, root, report) and SLUG.fullmatch(folder.name):
            yield f"{folder.name}/{path.stem}", path


def _report_too_deep(folder: Path, root: Path, report: Report) -> None:
    for where, folders, files in os.walk(folder):  # follows no links
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(where) / name
            if not name.startswith(".") and path.suffix.lower() in _SUFFIXES:
                hint = f"move it one folder deep: `{shown(root)}/CATEGORY/{quoted(name)[1:-1]}`"
                report(f.WRONG_DEPTH, Place(shown(path)), "an entry more than one folder deep", hint)


def _listed(folder: Path, report: Report) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        report(f.UNREADABLE, Place(shown(folder)), "no such folder", "check the path, or make the folder")
    except NotADirectoryError:
        hint = "name the folder that it is in; one file is checked by `tier1 kb check FILE`"
        report(f.UNREADABLE, Place(shown(folder)), "this is a file, not a folder", hint)
    except OSError as error:
        report(f.UNREADABLE, Place(shown(folder)), f"cannot be read: {error.strerror}", "check its permissions")
    return []


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_ours(path: Path, report: Report) -> bool:
    if path.suffix == ".yaml":
        return True
    name = _meant_name(path.name)
    if not name:
        return False
    is_there = os.path.lexists(path.with_name(name))
    hint = f"`{quoted(name)[1:-1]}` is there too: keep one of them" if is_there else f"rename it to {quoted(name)}"
    longer = _LONGER_NAME.fullmatch(path.name)
    if longer is None or longer["more"].lower() in _TEXT_ENDINGS:
        report(f.SUFFIX, Place(shown(path)), f"ends in {quoted(longer['more'] if longer else path.suffix)}", hint)
    elif not is_there:  # beside the file itself it is a copy that a program left there
        report(f.NOT_READ, Place(shown(path)), f"{quoted(path.name)} is not read", f"{hint} if it is to be served")
    return False


def _meant_name(name: str) -> str:
    """The name that a file was probably meant to have, if it has not; else ""."""
    path = Path(name)
    if longer := _LONGER_NAME.fullmatch(name):
        return f"{longer['stem']}.yaml"
    letters = "".join(sorted(filter(str.isalpha, path.suffix.lower())))
    return f"{path.stem}.yaml" if path.suffix != ".yaml" and letters in _LETTERS_OF_THE_SUFFIX else ""


def _stays_inside(path: Path, root: Path, report: Report) -> bool:
    if why := leads_out(path, root):
        report(f.SYMLINK, Place(shown(path)), f"a symbolic link that {why}", "copy the file here instead")
    return not why
