"""Load `escalation_rules.yaml`: every section checked, and what is not written filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import Any

from bot.content import faults as f
from bot.content.calendars import calendar
from bot.content.faults import Loaded, Place, in_order, quoted
from bot.content.folder import leads_out, shown, tree_of, version_of
from bot.content.promises import STANDARD, targets
from bot.content.reading import Found, Reading, Sort, Unreadable
from bot.content.rules_shape import RULES
from bot.content.values import is_timezone, is_user, is_usergroup
from bot.content.yaml_source import Node, Scalar, Table
from bot.core.rules import Group, Queue, Route, Rules

_LETTERS_OF_INITIALS = 2
_VARIABLES = frozenset({"queue.role", "case.id", "case.due", "calendar.next_open"})
_SECTIONS: Mapping[str, Sort] = {
    "queues": "queue",
    "groups": "group",
    "calendars": "calendar",
    "slas": "SLA",
    "ladders": "ladder",
    "words": "word list",
}


def load_rules(file: Path, *, entry_ids: AbstractSet[str] | None = None) -> Loaded[Rules]:
    """The whole effective rules, with what is not written filled in, and all faults of the file.

    `entry_ids` are those of the knowledge base; without them the ids that the rules name are not checked. Never raises
    for anything that a file may hold.
    """
    reading = Reading("RU", [], date.min, variables=_VARIABLES)
    content = b""
    rules: Rules | None = None
    if _may_be_read(file, reading):
        content, node = tree_of(file, reading)
        rules = None if node is None else _rules(node, reading, entry_ids)
    faults = in_order(reading.faults)
    if any(fault.level == "error" for fault in faults):
        rules = None
    return Loaded(rules, faults, version_of({"rules": content}))


def _may_be_read(file: Path, reading: Reading) -> bool:
    if not file.is_file():
        what = "a folder" if file.is_dir() else "no such file"
        reading.report(f.UNREADABLE, Place(shown(file)), what, "check the path")
        return False
    if file.suffix != ".yaml":
        hint = f"rename it to {quoted(file.stem + '.yaml')}"
        reading.report(f.SUFFIX, Place(shown(file)), f"ends in {quoted(file.suffix or file.name)}", hint)
    if why := leads_out(file, file.parent):
        hint = "put the file itself here"
        reading.report(f.SYMLINK, Place(shown(file)), f"a symbolic link that {why}", hint)
    return not reading.faults


def _rules(node: Node, reading: Reading, entry_ids: AbstractSet[str] | None) -> Rules | None:
    _learn_names(node, reading, entry_ids)
    try:
        return _effective(RULES.read(node, reading), reading)
    except Unreadable:
        return None


def _learn_names(node: Node, reading: Reading, entry_ids: AbstractSet[str] | None) -> None:
    """What each section defines, before any is read: a queue may name a ladder that stands below it."""
    if entry_ids is not None:
        reading.names["entry"] = entry_ids
        reading.names["category"] = {entry_id.partition("/")[0] for entry_id in entry_ids}
    if not isinstance(node, Table):
        return
    for section, sort in _SECTIONS.items():
        table = node.get(section)
        if table is None or isinstance(table, Table):
            defined = {key.text for key, _ in table.pairs} if isinstance(table, Table) else set()
            reading.names[sort] = defined | ({STANDARD} if sort == "SLA" else set())
    defaults = node.get("defaults")
    written = defaults.get("timezone") if isinstance(defaults, Table) else None
    if isinstance(written, Scalar) and is_timezone(written.text):
        reading.timezone = written.text


def _effective(found: Found, reading: Reading) -> Rules | None:
    """The rules with their defaults; None where too little could be read to make them."""
    given: dict[str, Any] = {key: value for key, value in found.items() if key not in _MADE}
    defaults = dict(found.get("defaults", {}))
    queues = found["queues"]
    if not queues:
        return None
    timezone = defaults.get("timezone", "UTC")
    slas = {name: targets(written) for name, written in found.get("slas", {}).items()}
    return Rules(
        queues={name: _queue(name, written, defaults.get("calendar")) for name, written in queues.items()},
        default_queue=defaults.pop("queue", None) or next(iter(queues)),
        default_priority=defaults.pop("priority", "p3"),
        calendars={name: calendar(written, timezone=timezone) for name, written in found.get("calendars", {}).items()},
        groups=found.get("groups", {}) | dict(_groups_of_ids(reading)),
        slas={STANDARD: targets({})} | slas,
        routing=tuple(route for written in found.get("routing", ()) for route in _routes(written)),
        thresholds=found.get("matching", {}).get("thresholds", {}),
        **defaults,
        **given,
    )


_MADE = frozenset({"defaults", "queues", "calendars", "groups", "slas", "routing", "matching"})


def _queue(name: str, written: Found, usual_calendar: str | None) -> Queue:
    given = dict(written)
    expectation: Mapping[str, str] = given.pop("expectation", {})
    made: dict[str, Any] = {
        "role": _role(name),
        "calendar": usual_calendar,
        "sla": STANDARD,
        "expect_open": expectation.get("open", ""),
        "expect_closed": expectation.get("closed", ""),
    }
    return Queue(id=name, **{**made, **given})


def _role(name: str) -> str:
    """`technical_support` is Technical Support, `it` is IT."""
    words = name.replace("_", " ").replace("-", " ").split()
    return " ".join(each.upper() if len(each) <= _LETTERS_OF_INITIALS else each.capitalize() for each in words)


def _groups_of_ids(reading: Reading) -> Iterator[tuple[str, Group]]:
    """An id that stands where a group is asked for is a group of its own, so that nobody need tell them apart."""
    for sort, name, _ in reading.mentioned:
        if sort == "group" and name not in reading.names.get("group", ()):
            if is_usergroup(name):
                yield name, Group(usergroup=name)
            elif is_user(name):
                yield name, Group(users=(name,))


def _routes(written: Found) -> Iterator[Route]:
    """A route that lists several entries or categories is one for each."""
    queue, priority = written.get("queue"), written.get("priority")
    for category in written.get("category", (None,)):
        for entry in written.get("entry", (None,)):
            yield Route(queue, priority, category, entry)
