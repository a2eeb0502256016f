"""The whole effective rules as a file: what is written and, marked, what the defaults are. Pure.

The file loads again to the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from bot.content.reading.source import Listing, Node, Table
from bot.content.reading.values import is_user, is_usergroup
from bot.content.reading.yaml_text import Bare, Margin, Path, Tree, block, flow
from bot.content.rules.calendars import DAYS
from bot.core.entries import Audience
from bot.core.redaction import ALWAYS, Kind
from bot.core.rulebook.rules import (
    Calendar,
    Earlier,
    Group,
    Holiday,
    Queue,
    Route,
    Rules,
    RulesTest,
    Rung,
    Targets,
    Trigger,
    When,
)
from bot.core.rulebook.triggers import ERROR, ESCALATE_ALWAYS, HUMAN_REQUEST, LIMIT, STILL_STUCK

HEAD = "# All that these rules mean: what is written in the file and, marked, what it leaves to the defaults.\n"
_BEHIND_DEFAULTS = "  # default"
_FIRST = (
    "Built in, before all others: a wish for a person, and a question that the bot fails at. Those below say to whom.",
    f"- id: {HUMAN_REQUEST}",
    "  when: {human_request: true}",
    "  then: {action: handoff}",
    f"- id: {ERROR}",
    "  when: {error: true}",
    "  then: {action: handoff, reason: error}",
)
_LAST = (
    "Built in, after all others.",
    f"- id: {ESCALATE_ALWAYS}",
    "  when: {band: sure, entry_policy: always}",
    "  then: {action: handoff, collect: true}",
    f"- id: {LIMIT}",
    "  when: {failed_attempts_gte: limit}",
    "  then: {action: handoff, collect: true, reason: failed_attempts}",
    f"- id: {STILL_STUCK}",
    "  when: {feedback: still_stuck}",
    "  then: {action: offer}",
)
# What it means that a key is not there, where no value could say it.
_MEMBERS_MAY: Final = "members of the case's queue"
_UNSET: Final[Mapping[str, Mapping[str, str]]] = {
    "defaults": {"calendar": "always open", "operator_channel": "nowhere", "editors_channel": "nowhere"},
    "channels": {"all others": "{mode: mention}"},
    "queues": {
        "members": "whoever is in the channel",
        "calendar": "always open",
        "ladder": "none",
        "fallback": "the queue of `defaults`",
        "expectation": "the usual sentence",
    },
    "duplicates": {"same_user": "never one case", "surge": "never one incident"},
    "closing": {"confirm_after": "never", "auto_close_after": "never"},
    "permissions": dict.fromkeys(("claim", "resolve", "reassign", "pause", "flag", "see_log", "edit"), _MEMBERS_MAY),
    "matching": {"all others": "as the knowledge base itself gives them"},
    "bots": {"listen_to": "no other bot"},
    "opt_out": {"prefix": "none", "emoji": "none"},
    "retention": dict.fromkeys(("texts", "files", "events", "stimuli", "outbox"), "for ever"),
    "trial": {"promote_after": "an editor decides", "demote_after": "an editor decides"},
    "digest": {"channel": "none is posted"},
}
_ALWAYS_MASKED: Final = f"built in, always masked: {', '.join(kind for kind in get_args(Kind) if kind in ALWAYS)}"
_ANY_EDIT: Final = "# edits_within: however late a message is changed, the change counts\n"


def effective(rules: Rules, written: AbstractSet[Path] = frozenset()) -> dict[str, Tree]:
    """The sections in the order of the schema. `written` are the file's own keys: see `keys_in`."""
    zone = ZoneInfo(rules.timezone)
    return {
        "defaults": _some(
            timezone=rules.timezone,
            calendar=rules.calendar,
            queue=rules.default_queue,
            priority=rules.default_priority,
            operator_channel=rules.operator_channel,
            editors_channel=rules.editors_channel,
            failed_attempts=rules.failed_attempts,
        ),
        "channels": _plain(rules.channels),
        "calendars": {name: _calendar(calendar) for name, calendar in rules.calendars.items()},
        "groups": {
            name: _plain(group)
            for name, group in rules.groups.items()
            if ("groups", name) in written or not _stands_for_itself(name, group)
        },
        "queues": {name: _queue(queue) for name, queue in rules.queues.items()},
        "slas": {name: {each: _promise(targets) for each, targets in sla.items()} for name, sla in rules.slas.items()},
        "triggers": [_trigger(trigger) for trigger in rules.triggers],
        "routing": [_route(route) for route in rules.routing],
        "ladders": {name: [_rung(rung) for rung in rungs] for name, rungs in rules.ladders.items()},
        "duplicates": _plain(rules.duplicates),
        "closing": _plain(rules.closing),
        "permissions": _plain(rules.permissions),
        "words": _plain(rules.words),
        "matching": {"thresholds": _plain(rules.thresholds)},
        "bots": _plain(rules.bots),
        "opt_out": _plain(rules.opt_out),
        **_some(edits_within=rules.edits_within),
        "retention": _plain(rules.retention),
        "redaction": _plain(rules.redaction),
        "trial": _plain(rules.trial),
        "digest": _plain(rules.digest),
        "tests": [_test(test, zone) for test in rules.tests],
    }


def as_yaml(rules: Rules, written: AbstractSet[Path]) -> str:
    """The effective file as an editor would write it, with `# default` behind each value that is not their own."""
    tree = effective(rules, written)
    # A day that is not written may still be open: its hours begin the evening before.
    nights = {
        ("calendars", name, "weekly", day)
        for name, calendar in rules.calendars.items()
        for day, hours in zip(DAYS, calendar.weekly, strict=True)
        if hours
    }
    own = written | nights
    margin = Margin(lambda path: "" if _is_own(path, own) else _BEHIND_DEFAULTS, lambda path: _unset(tree, path))
    sections = []
    for name, section in tree.items():
        lines = list(block({name: section}, margin))
        if name == "redaction":
            lines.append(f"  # {_ALWAYS_MASKED}")
        if name == "retention" and "edits_within" not in tree:
            sections.append(_ANY_EDIT)
        if name == "triggers":
            first, last = ([f"  # {line}" for line in lines] for lines in (_FIRST, _LAST))
            lines = [lines[0], *first, *lines[1:], *last]
        sections.append("\n".join(lines) + "\n")
    return "\n".join([HEAD, *sections])


def as_written(test: RulesTest, timezone: str) -> dict[str, Tree]:
    """A test as an editor would write it, its times in that zone."""
    tree = _test(test, ZoneInfo(timezone))
    given = {name: value for name, value in tree["given"].items() if name != "failed_attempts" or value}
    return tree | {"given": given}


def lines_of(test: RulesTest, timezone: str) -> tuple[str, ...]:
    """The same in YAML, to be pasted under `tests`."""
    each = (f"{name}: {flow(value)}" for name, value in as_written(test, timezone).items())
    return tuple(f"{'    ' if number else '  - '}{line}" for number, line in enumerate(each))


def keys_in(node: Node, path: Path = ()) -> frozenset[Path]:
    """The path of every key in a file of rules, whichever way it is written there."""
    found: Iterable[frozenset[Path]] = ()
    if isinstance(node, Listing):
        found = (keys_in(item, (*path, position)) for position, item in enumerate(node.items))
    elif isinstance(node, Table):
        found = (keys_in(value, (*path, key.text.strip())) for key, value in node.pairs)
    return frozenset({path}).union(*found)


def length(of: timedelta, *, in_days: bool = True) -> str:
    """A length of time as editors write it: `1h30m`."""
    left = of.days * 86_400 + of.seconds
    parts = []
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        if (unit != "d" or in_days) and left >= seconds:
            parts.append(f"{left // seconds}{unit}")
            left %= seconds
    return "".join(parts) or "0m"


def condition(when: When) -> dict[str, Tree]:
    """A condition as it is written; a list of one stands without brackets, so that none gets deeper than it was."""
    found: dict[str, Tree] = {}
    for name, value in _set_fields(when):
        if name in ("any", "all"):
            found[name] = [condition(part) for part in value]
        elif isinstance(value, When):
            found[name] = condition(value)
        else:
            found[name] = _alone(_plain(value))
    return found


def _is_own(path: Path, written: AbstractSet[Path]) -> bool:
    """Whether the editor wrote it, in whatever form; what never has a default must be theirs."""
    never = ("routing", "opt_out", "digest")
    return (
        path in written or (len(path) > 1 and path[0] in never) or (path[0] == "calendars" and "holidays" in path[2:3])
    )


def _unset(tree: Mapping[str, Tree], path: Path) -> tuple[str, ...]:
    section, *name = path
    here: Any = tree[str(section)]
    for step in name:
        here = here[step]
    if path == ("matching",) and "default" in here["thresholds"]:
        return ()
    meanings = _UNSET.get(str(section), {}) if len(path) == (2 if section == "queues" else 1) else {}
    return tuple(f"{key}: {meaning}" for key, meaning in meanings.items() if key not in here)


def _stands_for_itself(name: str, group: Group) -> bool:
    """A user's or a user group's id that stands where a group is asked for."""
    return (is_user(name) and group == Group(users=(name,))) or (is_usergroup(name) and group == Group(usergroup=name))


def _some(**values: Any) -> dict[str, Tree]:
    """Those that say something: nothing, an empty text and an empty list do not."""
    return {name.rstrip("_"): _plain(value) for name, value in values.items() if value not in (None, "", (), {}, [])}


def _set_fields(value: Any) -> list[tuple[str, Any]]:
    named = [(field.name.rstrip("_"), getattr(value, field.name)) for field in fields(value)]
    return [(name, each) for name, each in named if each is not None]


def _plain(value: Any, zone: ZoneInfo | None = None) -> Any:
    match value:
        case timedelta():
            return length(value)
        case datetime():
            return value.astimezone(zone).isoformat()
        case date():
            return Bare(value.isoformat())
        case time():
            return f"{value:%H:%M}"
        case Earlier(text, None):
            return text
        case dict():
            return {key: _plain(each, zone) for key, each in value.items()}
        case frozenset():
            return [each for each in get_args(Audience) if each in value]
        case tuple() | list():
            return [_plain(each, zone) for each in value]
    if is_dataclass(value):
        return _some(**{name: _plain(each, zone) for name, each in _set_fields(value)})
    return value


def _alone(value: Tree) -> Tree:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _test(test: RulesTest, zone: ZoneInfo) -> dict[str, Any]:
    return {"name": test.name, "given": _plain(test.given, zone), "expect": _plain(test.expect, zone)}


def _calendar(calendar: Calendar) -> dict[str, Tree]:
    weekly: Tree = {day: [_hours(*each) for each in hours] for day, hours in zip(DAYS, calendar.weekly, strict=True)}
    return {
        "timezone": calendar.timezone,
        **({} if calendar.always_open else {"weekly": weekly}),
        **_some(holidays=[_holiday(holiday) for holiday in calendar.holidays]),
        "always_open": calendar.always_open,
    }


def _hours(opens: time, closes: time) -> str:
    return f"{opens:%H:%M}-{'24:00' if closes == time.max else f'{closes:%H:%M}'}"


def _holiday(holiday: Holiday) -> dict[str, Tree]:
    first, last = holiday.first, holiday.last
    days = {"date": first} if first == last else {"from": first, "to": last}
    return _some(**days, country=holiday.country, subdivision=holiday.subdivision, name=holiday.name)


def _queue(queue: Queue) -> dict[str, Tree]:
    return _some(
        tier=queue.tier,
        role=queue.role,
        channel=queue.channel,
        members=queue.members,
        calendar=queue.calendar,
        sla=queue.sla,
        ladder=queue.ladder,
        fallback=queue.fallback,
        priority_cap=queue.priority_cap,
        expectation=_some(open=queue.expect_open, closed=queue.expect_closed),
        private=queue.private,
        always_staffed=queue.always_staffed,
    )


def _promise(targets: Targets) -> dict[str, Tree]:
    """In hours, however many: a day of open hours is not 24 of them."""
    each: dict[str, Tree] = {
        name: length(getattr(targets, name), in_days=False)
        for name in ("first_response", "next_response", "resolution")
    }
    return {**each, "business": targets.business}


def _trigger(trigger: Trigger) -> dict[str, Tree]:
    return {"id": trigger.id, "also": trigger.also, "when": condition(trigger.when), "then": _plain(trigger.then)}


def _route(route: Route) -> dict[str, Tree]:
    return _some(entry=route.entry, category=route.category, queue=route.queue, priority=route.priority)


def _rung(rung: Rung) -> dict[str, Tree]:
    at = f"{rung.percent}% {rung.of}" if rung.after is None else length(rung.after)
    called = [each for each in (rung.to, *rung.also_to) if each]
    return _some(at=at, do=rung.do, to=_alone([*called]), priorities=rung.priorities, text=rung.text)
