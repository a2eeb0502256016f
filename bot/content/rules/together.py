"""What only several sections of the rules together can tell.

Circles of queues, groups of nobody, ladders that lead nowhere, tests of triggers that there are not.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading.circles import circles
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Found
from bot.content.reading.source import Node, Table
from bot.content.reading.written import Written, keys_of, node_at, place_at, says_nothing
from bot.content.rules.doubts import check_doubts
from bot.core.rulebook.rules import Rung


def check_together(found: Found, node: Node, reading: Reading) -> None:
    """Report it all. `found` is what could be read of the file, its queues at least."""
    _check_fallbacks(found["queues"], node, reading)
    _check_groups(node, reading)
    _check_ladders(found, node, reading)
    _check_tests(found, reading)
    check_doubts(found, node, reading)


def _check_fallbacks(queues: Mapping[str, Found], node: Node, reading: Reading) -> None:
    for circle in circles({name: queue["fallback"] for name, queue in queues.items() if "fallback" in queue}):
        named = quoted(" > ".join((*circle, circle[0])))
        message, hint = f"{named} fall back on each other", "let one of them fall back on another queue, or on none"
        if len(circle) == 1:
            message, hint = f"{named} falls back on itself", "name another queue, or remove the line"
        reading.report(f.FALLBACK_CIRCLE, place_at(node, "queues", circle[0], "fallback"), message, hint)


def _check_groups(node: Node, reading: Reading) -> None:
    for name, group in keys_of(node_at(node, "groups")):
        if isinstance(group, Table) and all(map(says_nothing, map(group.get, ("usergroup", "users", "email_domains")))):
            hint = "add `usergroup`, `users` or `email_domains`, or remove it"
            reading.report(f.NOBODY, name.place, f"nobody is in group {quoted(name.text)}", hint)


def _check_ladders(found: Found, node: Node, reading: Reading) -> None:
    queues = keys_of(node_at(node, "queues"))
    without_members = {name.text.strip() for name, queue in queues if says_nothing(node_at(queue, "members"))}
    used_by: dict[str, list[str]] = {}
    for queue, written in found["queues"].items():
        used_by.setdefault(written.get("ladder", ""), []).append(queue)
    for name, rungs in found.get("ladders", {}).items():
        users = used_by.get(name, [])
        nobody = next((queue for queue in users if queue in without_members), None)
        for rung in rungs:
            _check_rung(rung, users, nobody, reading)


def _check_rung(rung: Written[Rung], used_by: list[str], nobody: str | None, reading: Reading) -> None:
    """`nobody`: a queue with this ladder that names no members."""
    do, to = rung.value.do, rung.value.to
    if do == "move" and used_by == [to]:
        message = f"queue {quoted(used_by[0])} would move its cases to itself"
        reading.report(f.WITHOUT_EFFECT, place_at(rung.node, "to"), message, "name another queue")
    elif do == "move" and to in used_by:
        message = f"the cases of queue {quoted(to)} would be moved to {quoted(to)}, where they are"
        hint = f"give {quoted(to)} a ladder of its own, or none"
        reading.report(f.MOVES_NOWHERE, place_at(rung.node, "to"), message, hint)
    if do == "ping_group" and nobody is not None and says_nothing(node_at(rung.node, "to")):
        message = f"`ping_group` without `to`, and queue {quoted(nobody)} names no members"
        hint = "add `to: GROUP`, or `members` to the queue"
        reading.report(f.WITHOUT_EFFECT, rung.node.place, message, hint)


def _check_tests(found: Found, reading: Reading) -> None:
    known = reading.names.get("trigger")
    for test in found.get("tests", ()):
        rule = test.value.expect.rule
        if rule is not None and known is not None and rule not in known:
            hint = reading.hint_for(rule, known) or "check its spelling"
            reading.report(f.NO_SUCH_NAME, place_at(test.node, "expect", "rule"), f"no trigger {quoted(rule)}", hint)
