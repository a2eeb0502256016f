"""Read a folder of sets: phrasings of entries, and messages with the entry that each of them means.

A set is a folder with `kb-kK-seedS.jsonl` (`{"entry", "phrasing"}`, K phrasings an entry, drawn with seed S) and
`test.jsonl` (`{"text", "entry"}`, `entry` null where no entry is meant). There may be more: `test-typos.jsonl`, the
same messages with slips of the finger; other `test-KIND.jsonl`, messages of some kind, which stand for `test.jsonl`
together if that is not there; `titles.jsonl` (`{"entry", "title", "answer"}`). Each may be gzipped. A message may also
say its `kind` itself.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from bot.core.entries import Entry
from bot.errors import Tier1Error

_TYPOS = "typos"
_DRAW = re.compile(r"kb-k(?P<k>\d+)-seed(?P<seed>\d+)\.jsonl(?:\.gz)?")
_TEST = re.compile(r"test(?:-(?P<kind>.+?))?\.jsonl(?:\.gz)?")
_TITLES = re.compile(r"titles\.jsonl(?:\.gz)?")
_FORM = "kb-kK-seedS.jsonl and test.jsonl, each gzipped or not"

_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class Message:
    """`entry` is what it means; None: nothing that is in the knowledge base. `kind` may be empty."""

    text: str
    entry: str | None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """A knowledge base: at most `k` phrasings an entry, drawn with `seed`."""

    k: int
    seed: int
    entries: tuple[Entry, ...]

    @property
    def phrasings(self) -> int:
        return sum(len(entry.phrasings) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class MatchSet:
    """Draws by K, then by seed. `typos` is empty where the set has none, and `kinds` leaves out what is of no kind."""

    name: str
    draws: tuple[Draw, ...]
    test: tuple[Message, ...]
    typos: tuple[Message, ...] = ()
    kinds: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)

    def draws_by_k(self, seeds: Iterable[int]) -> dict[int, list[Draw]]:
        wanted, found = frozenset(seeds), dict[int, list[Draw]]()
        for draw in self.draws:
            if draw.seed in wanted:
                found.setdefault(draw.k, []).append(draw)
        return found


def load_sets(folder: Path, names: Sequence[str] = ()) -> tuple[MatchSet, ...]:
    """Load the sets in a folder, or those of these names: its own, and those of the folders in it, by name.

    Raises `Tier1Error` if there are none, or at the first line that is not as it must be.
    """
    if not folder.is_dir():
        raise Tier1Error(f"{folder} is not a folder: name one with a folder for each set, of {_FORM}")
    folders = [each for each in (folder.resolve(), *sorted(folder.iterdir())) if each.is_dir()]
    found = {each.name: each for each in folders if _named(each, _DRAW)}
    if not found:
        raise Tier1Error(f"{folder} has no sets: a set is a folder with {_FORM}")
    if unknown := [name for name in names if name not in found]:
        raise Tier1Error(f"{folder} has no set {unknown[0]}: there are {', '.join(found)}")
    return tuple(_load_set(found[name]) for name in names or found)


def _load_set(folder: Path) -> MatchSet:
    titles = _load_titles(folder)
    draws = sorted(
        (
            Draw(int(match["k"]), int(match["seed"]), _entries(_load(path, _phrasing), titles, path))
            for path, match in _named(folder, _DRAW)
        ),
        key=lambda draw: (draw.k, draw.seed),
    )
    known = frozenset(entry.id for draw in draws for entry in draw.entries)
    files = dict[str, tuple[Message, ...]]()
    for path, match in _named(folder, _TEST):
        kind = match["kind"] or ""
        files[kind] = _load_messages(path, "" if kind == _TYPOS else kind, known)
    typos = files.pop(_TYPOS, ())
    everything = tuple(message for messages in files.values() for message in messages)
    test = files.get("", everything)
    if not any(message.entry for message in test):
        raise Tier1Error(f"{folder} has no test.jsonl in which a message means an entry: there is nothing to find")
    return MatchSet(folder.name, tuple(draws), test, typos, _by_kind(everything))


def _named(folder: Path, form: re.Pattern[str]) -> list[tuple[Path, re.Match[str]]]:
    return [(path, match) for path in sorted(folder.iterdir()) if (match := form.fullmatch(path.name))]


def _load_titles(folder: Path) -> dict[str, tuple[str, str]]:
    return {entry: told for path, _ in _named(folder, _TITLES) for entry, told in _load(path, _title)}


def _entries(
    phrasings: Iterable[tuple[str, str]], titles: Mapping[str, tuple[str, str]], path: Path
) -> tuple[Entry, ...]:
    said: dict[str, list[str]] = {}
    for entry, phrasing in phrasings:
        said.setdefault(entry, []).append(phrasing)
    if not said:
        raise Tier1Error(f'{path}: is empty; every line must look like {{"entry": "…", "phrasing": "…"}}')
    return tuple(
        Entry(id=entry, title=title, phrasings=tuple(said[entry]), answer=answer)
        for entry in sorted(said)
        for title, answer in [titles.get(entry, ("", ""))]
    )


def _by_kind(messages: Iterable[Message]) -> dict[str, tuple[Message, ...]]:
    ordered = sorted((message for message in messages if message.kind), key=lambda message: message.kind)
    return {kind: tuple(of_kind) for kind, of_kind in groupby(ordered, key=lambda message: message.kind)}


def _load_messages(path: Path, kind: str, known: frozenset[str]) -> tuple[Message, ...]:
    messages = tuple(_load(path, partial(_message, kind=kind)))
    for number, message in enumerate(messages, start=1):
        if message.entry is not None and message.entry not in known:
            raise Tier1Error(f"{path}:{number}: no knowledge base beside it has the entry {message.entry}")
    return messages


def _load(path: Path, parse: Callable[[Mapping[str, object]], _Line]) -> Iterator[_Line]:
    for number, line in enumerate(_lines(path), start=1):
        try:
            read = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Tier1Error(f"{path}:{number}: not JSON; every line must be one JSON object") from error
        if not isinstance(read, dict):
            raise Tier1Error(f"{path}:{number}: not an object; every line must be one JSON object")
        try:
            yield parse(read)
        except ValueError as error:
            raise Tier1Error(f"{path}:{number}: {error}") from error


def _lines(path: Path) -> list[str]:
    try:
        written = path.read_bytes()
        text = (gzip.decompress(written) if path.suffix == ".gz" else written).decode("utf-8")
    except (OSError, EOFError) as error:
        raise Tier1Error(f"{path} cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise Tier1Error(f"{path}: not UTF-8 text; save the file as UTF-8") from error
    return text.rstrip("\n").split("\n") if text.strip() else []


def _phrasing(read: Mapping[str, object]) -> tuple[str, str]:
    return _text(read, "entry"), _text(read, "phrasing")


def _title(read: Mapping[str, object]) -> tuple[str, tuple[str, str]]:
    return _text(read, "entry"), (_text(read, "title"), _text(read, "answer") if read.get("answer") else "")


def _message(read: Mapping[str, object], *, kind: str) -> Message:
    if "entry" not in read:
        raise ValueError("needs `entry`, the one that is meant, or null if there is none")
    entry = None if read["entry"] is None else _text(read, "entry")
    return Message(_text(read, "text"), entry, _text(read, "kind") if "kind" in read else kind)


def _text(read: Mapping[str, object], key: str) -> str:
    value = read.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"needs `{key}`, a text")
    return value
