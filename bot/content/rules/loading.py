"""Load `escalation_rules.yaml`: every section checked, and what is not written filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import Any

from bot.content import faults as f
from bot.content.faults import Loaded, Place, in_order, quoted
from bot.content.folder import leads_out, shown, tree_of, version_of
from bot.content.reading.reading import Reading, Sort, Unreadable
from bot.content.reading.shapes import Found
from bot.content.reading.source import Listing, Node, Scalar, Table
from bot.content.reading.values import is_timezone, is_user, is_usergroup
from bot.content.reading.written import Written, items_of, node_at
from bot.content.reading.yaml_text import Path as YamlPath
from bot.content.rules.calendars import calendar
from bot.content.rules.effective import keys_in
from bot.content.rules.promises import STANDARD, targets
from bot.content.rules.reach import check_queues, check_routes, check_triggers
from bot.content.rules.shape import RULES
from bot.content.rules.together import check_together
from bot.core.rulebook.conditions import World, world
from bot.core.rulebook.rules import Group, Queue, Route, Rules
from bot.core.rulebook.triggers import ERROR, ESCALATE_ALWAYS, HUMAN_REQUEST, LIMIT, STILL_STUCK, spaced

_LETTERS_OF_INITIALS = 2
_VARIABLES = frozenset({"queue.role", "case.id", "case.due", "calendar.next_open"})
_BUILT_IN = frozenset({HUMAN_REQUEST, ESCALATE_ALWAYS, LIMIT, STILL_STUCK, ERROR})
_SECTIONS: Mapping[str, Sort] = {
    "queues": "queue",
    "groups": "group",
    "calendars": "calendar",
    "slas": "SLA",
    "ladders": "ladder",
    "words": "word list",
}


def load_rules(
    file: Path, *, entry_ids: AbstractSet[str] | None = None, entry_queues: AbstractSet[str] | None = None
) -> Loaded[Rules]:
    """The whole effective rules, with what is not written filled in, and all faults of the file.

    `entry_ids` are those of the knowledge base; without them the ids that the rules name are not checked.
    `entry_queues` are the queues that its entries name; without them no queue is said to be unreached. Never raises for
    anything that a file may hold.
    """
    reading = Reading("RU", [], date.min, variables=_VARIABLES)
    content = b""
    rules: Rules | None = None
    if _may_be_read(file, reading):
        content, node = tree_of(file, reading)
        rules = None if node is None else _rules(node, reading, entry_ids, entry_queues)
    faults = in_order(reading.faults)
    if any(fault.level == "error" for fault in faults):
        rules = None
    return Loaded(rules, faults, version_of({"rules": content}))


def _may_be_read(file: Path, reading: Reading) -> bool:
    if not file.is_file():
        what = "a folder" if file.is_dir() else "no such file"
        longer = file.parent / f"{file.name}.txt"
        hint = f"rename {quoted(longer.name)} to {quoted(file.name)}" if longer.is_file() else "check the path"
        reading.report(f.UNREADABLE, Place(shown(file)), what, hint)
        return False
    if file.suffix != ".yaml":
        hint = f"rename it to {quoted(file.stem + '.yaml')}"
        reading.report(f.SUFFIX, Place(shown(file)), f"ends in {quoted(file.suffix or file.name)}", hint)
    if why := leads_out(file, file.parent):
        hint = "put the file itself here"
        reading.report(f.SYMLINK, Place(shown(file)), f"a symbolic link that {why}", hint)
    return not reading.faults


def keys_written(file: Path) -> frozenset[YamlPath]:
    """The paths of all keys in a file that can be loaded, for `effective.as_yaml`."""
    _, node = tree_of(file, Reading("RU", [], date.min))
    return frozenset() if node is None else keys_in(node)


def _rules(
    node: Node, reading: Reading, entry_ids: AbstractSet[str] | None, entry_queues: AbstractSet[str] | None
) -> Rules | None:
    # Where the text itself is broken, pieces of it are missing: what is unreached then could not be told.
    is_sound = not any(fault.level == "error" for fault in reading.faults) and _says_all_sections(node)
    _learn_names(node, reading, entry_ids)
    try:
        found = RULES.read(node, reading)
    except Unreadable:
        return None
    check_together(found, node, reading)
    if is_sound:
        check_triggers(found.get("triggers", ()), _world(found, node, reading), reading)
        check_routes(found.get("routing", ()), reading)
    rules = _effective(found, reading)
    if rules is not None and entry_queues is not None and not any(fault.level == "error" for fault in reading.faults):
        check_queues(rules, entry_queues, node, reading)
    return rules


def _world(found: Found, node: Node, reading: Reading) -> World:
    """What conditions refer to. A section with faults in it is left out: then only what is named alike is the same."""
    groups: Written[dict[str, Group]] | None = found.get("groups")
    words: Written[dict[str, tuple[str, ...]]] | None = found.get("words")
    known_groups = dict(_groups_of_ids(reading)) | (groups.value if groups and groups.whole else {})
    names = sorted(reading.names.get("word list", ()))
    phrases = {name: frozenset({f"\0{number}"}) for number, name in enumerate(names)}
    if words and words.whole:
        phrases = {name: frozenset(map(spaced, each)) for name, each in words.value.items()}
    whens = (trigger.value.when for trigger in found.get("triggers", ()))
    return world(known_groups, phrases, whens, closes=_may_close(node))


def _says_all_sections(node: Node) -> bool:
    """Whether a section that is not there was not written either: no part of the file was left out or is misspelt."""
    known = RULES.schema["properties"]
    return isinstance(node, Table) and node.whole and all(key.text in known for key, _ in node.pairs)


def _may_close(node: Node) -> bool:
    """Whether the calendar of `defaults` has hours."""
    named = node_at(node, "defaults", "calendar")
    if named is None:
        return False
    calendar = node_at(node, "calendars", named.text.strip()) if isinstance(named, Scalar) else None
    return not isinstance(calendar, Table) or calendar.get("weekly") is not None


def _learn_names(node: Node, reading: Reading, entry_ids: AbstractSet[str] | None) -> None:
    """What each section defines, before any is read: a queue may name a ladder that stands below it.

    Names of a section that could not be read are not checked: they may be defined there.
    """
    if entry_ids is not None:
        reading.names["entry"] = entry_ids
        reading.names["category"] = {entry_id.partition("/")[0] for entry_id in entry_ids}
    if not isinstance(node, Table):
        return
    for section, sort in _SECTIONS.items():
        table = node.get(section)
        if (isinstance(table, Table) and table.whole) or (table is None and _says_all_sections(node)):
            defined = {key.text for key, _ in table.pairs} if isinstance(table, Table) else set()
            reading.names[sort] = defined | ({STANDARD} if sort == "SLA" else set())
    triggers = node.get("triggers")
    ids = [node_at(trigger, "id") for trigger in items_of(triggers)]
    if (isinstance(triggers, Listing) and None not in ids) or (triggers is None and _says_all_sections(node)):
        reading.names["trigger"] = {*_BUILT_IN, *(name.text.strip() for name in ids if isinstance(name, Scalar))}
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
    groups: Mapping[str, Group] = found["groups"].value if "groups" in found else {}
    ladders = {name: tuple(rung.value for rung in rungs) for name, rungs in found.get("ladders", {}).items()}
    return Rules(
        queues={name: _queue(name, written, defaults.get("calendar")) for name, written in queues.items()},
        default_queue=defaults.pop("queue", None) or next(iter(queues)),
        default_priority=defaults.pop("priority", "p3"),
        calendars={name: calendar(written, timezone=timezone) for name, written in found.get("calendars", {}).items()},
        groups={**groups, **dict(_groups_of_ids(reading))},
        slas={STANDARD: targets({})} | slas,
        triggers=tuple(written.value for written in found.get("triggers", ())),
        routing=tuple(route for written in found.get("routing", ()) for route in _routes(written.value)),
        ladders=ladders,
        words=found["words"].value if "words" in found else {},
        thresholds=found.get("matching", {}).get("thresholds", {}),
        tests=tuple(written.value for written in found.get("tests", ())),
        **defaults,
        **given,
    )


_MADE = frozenset(
    {
        *("defaults", "queues", "calendars", "groups", "slas", "triggers", "routing", "ladders", "words", "matching"),
        "tests",
    }
)


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
    """A route that lists several entries or categories is one for each; of entries only those of its categories."""
    queue, priority = written.get("queue"), written.get("priority")
    categories = dict.fromkeys(written.get("category", ()))
    if "entry" in written:
        for entry in written["entry"]:
            if not categories or entry.partition("/")[0] in categories:
                yield Route(queue, priority, entry=entry)
    else:
        for category in categories or (None,):
            yield Route(queue, priority, category)
