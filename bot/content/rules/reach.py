"""What of the rules is never reached: triggers and routes, conditions that never hold, queues that nothing leads to.

Nothing is reported on a guess: what cannot be told counts as reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields
from itertools import combinations, islice

from bot.content import faults as f
from bot.content.faults import Place, quoted
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Found
from bot.content.reading.source import Node
from bot.content.reading.written import Written, keys_of, node_at, place_at
from bot.content.reading.yaml_text import Path, flow
from bot.content.rules.effective import condition
from bot.core.rulebook.conditions import Among, TooMuch, Way, Ways, World, taken_by, ways
from bot.core.rulebook.rules import Rules, Trigger, When
from bot.core.rulebook.triggers import LIMIT

_HIGHER = 3  # the tier from which on specialists escalate to a queue, whatever the rules say
_FEW = 5  # names that are repeated
_MOST_PARTS = 30  # of a condition that are looked at two by two
_WISH = Way({"human_request": Among(frozenset({True}))})
_NOT_FOR_PEOPLE = Way({"human_request": Among(frozenset({False})), "error": Among(frozenset({False}))})
_NEVER_IS_NOT_SAID = Way({"entry_policy": Among(frozenset({"never"}), but=True)})


def check_triggers(triggers: Sequence[Written[Trigger]], known: World, reading: Reading) -> None:
    """Report those that never hold, and those before which others always decide."""
    deciding: list[tuple[int, Way]] = []
    for position, written in enumerate(triggers):
        trigger = written.value
        try:
            if not written.whole or _never_holds(trigger.when, written.node, ("when",), known, reading):
                continue
            holds = ways(trigger.when, known)
            _check_wish(written, holds, reading)
            acts = _not_kept_back(trigger, holds, known)
            deciders = _deciders(acts, deciding, known)
        except TooMuch:
            continue
        if deciders:
            _report_unreached(written, [triggers[decider] for decider in deciders], reading)
        elif not trigger.also and trigger.then.action != "tag":
            deciding += ((position, way) for way in acts)


def check_routes(routes: Sequence[Written[Found]], reading: Reading) -> None:
    """Report those, or those parts of them, of which a route above takes every case."""
    taken: dict[tuple[str, str], int] = {}
    for route in routes:
        if not route.whole:
            continue
        parts = list(_parts_of_route(route, reading))
        lines = {part: next((taken[wider] for wider in _wider(*part) if wider in taken), None) for part, _ in parts}
        if parts and None not in lines.values():
            line = min(line for line in lines.values() if line is not None)
            _report_route("this route", route.node.place, line, reading)
        else:
            for part, place in parts:
                if (first := lines[part]) is not None:
                    _report_route(quoted(part[1]), place, first, reading)
        for part, _ in parts:
            taken.setdefault(part, route.node.place.line)


def check_queues(rules: Rules, entry_queues: AbstractSet[str], node: Node, reading: Reading) -> None:
    """Report those that nothing leads to; `entry_queues` are those that entries name."""
    led_to = {rules.default_queue, *entry_queues}
    led_to.update(trigger.then.queue or "" for trigger in rules.triggers)
    led_to.update(route.queue or "" for route in rules.routing)
    led_to.update(channel.queue or "" for channel in rules.channels.values())
    led_to.update((rules.duplicates.surge.queue or "",) if rules.duplicates.surge else ())
    for queue in rules.queues.values():
        moves = (rung.to for rung in rules.ladders.get(queue.ladder or "", ()) if rung.do == "move")
        led_to.update({queue.fallback or "", *(to or "" for to in moves)} - {queue.id})
    for name, _ in keys_of(node_at(node, "queues")):
        queue = rules.queues[name.text.strip()]
        if queue.tier < _HIGHER and queue.id not in led_to:
            hint = "name it in a trigger, in `routing`, in a channel or as a `fallback`; or remove it"
            reading.report(f.UNREACHED_QUEUE, name.place, f"nothing leads to queue {quoted(queue.id)}", hint)


def _check_wish(written: Written[Trigger], holds: Ways, reading: Reading) -> None:
    """A wish for a human is dealt with before all triggers; those that ask for it say only to whom, and how."""
    action, wish = written.value.then.action, _WISH.among["human_request"]
    if action in ("offer", "refuse") and all(way.among.get("human_request") == wish for way in holds):
        message = f"a wish for a human is always handed off: `{action}` is not heeded"
        hint = "use queue, priority, private or tags alone"
        reading.report(f.ALWAYS_HANDED_OFF, place_at(written.node, "then"), message, hint)


def _not_kept_back(trigger: Trigger, holds: Ways, known: World) -> Ways:
    """The ways in which it acts: an entry's `escalate: never` keeps some back, unless a person is wished for.

    What goes to people anyway is neither offered nor refused.
    """
    if trigger.then.action == "offer" or trigger.id == LIMIT:
        holds = known.each(holds, (_WISH, _NEVER_IS_NOT_SAID))
    if trigger.then.action in ("offer", "refuse") and not trigger.also:
        holds = known.each(holds, (_NOT_FOR_PEOPLE,))
    return holds


def _deciders(acts: Ways, deciding: Sequence[tuple[int, Way]], known: World) -> tuple[int, ...]:
    """Who decides wherever a trigger would act: one, or several together; nobody if it does act somewhere."""
    takers = [taken_by(way, deciding, known) for way in acts]
    if not all(takers):
        return ()
    each = tuple(dict.fromkeys(taker for several in takers for taker in several))
    for one in each:
        alone = [(position, way) for position, way in deciding if position == one]
        if all(taken_by(way, alone, known) for way in acts):
            return (one,)
    return each


def _report_unreached(written: Written[Trigger], deciders: Sequence[Written[Trigger]], reading: Reading) -> None:
    named = [f"{quoted(one.value.id)} (line {one.node.place.line})" for one in deciders]
    who = f"{named[0]} always decides first"
    if len(named) > 1:
        last = named[-1] if len(named) <= _FEW else f"{len(named) - _FEW + 1} more"
        who = f"{', '.join(named[: min(len(named), _FEW) - 1])} and {last} together always decide first"
    message = f"trigger {quoted(written.value.id)} never acts: {who}"
    hint = f"move it above {quoted(deciders[0].value.id)}, or remove it"
    reading.report(f.UNREACHABLE, place_at(written.node, "id"), message, hint)


def _never_holds(when: When, node: Node, path: Path, known: World, reading: Reading) -> bool:
    """Report the smallest parts of a condition that can never hold. Raises `TooMuch`."""
    inner = [_never_holds(part, node, (*path, *steps), known, reading) for part, steps in _conditions_in(when)]
    if any(inner) or ways(when, known):
        return any(inner)
    parts = list(islice(_single(when), _MOST_PARTS))
    message, hint = f"{_said(when)} can never hold", "use `any` where one of its parts is enough"
    for part in parts:
        if not ways(part, known):
            message, hint = f"{_said(part)} can never hold", "what it denies always holds: remove it"
            if part.after_hours:
                message = "`after_hours: true` can never hold: the calendar of `defaults` never closes"
                hint = "name a calendar with weekly hours under `defaults`"
            break
    else:
        for one, other in combinations(parts, 2):
            if not known.each(ways(one, known), ways(other, known)):
                message = f"{_said(one)} and {_said(other)} can never hold together"
                hint = "correct one of them, or use `any` if one is enough"
                break
    reading.report(f.NEVER_HOLDS, place_at(node, *path), message, hint)
    return True


def _conditions_in(when: When) -> Iterator[tuple[When, Path]]:
    """The conditions that it holds, and the way to each."""
    for name, parts in (("any", when.any or ()), ("all", when.all or ())):
        yield from ((part, (name, position)) for position, part in enumerate(parts))
    if when.not_ is not None:
        yield when.not_, ("not",)


def _single(when: When) -> Iterator[When]:
    """The parts that must all hold, each as a condition of its own."""
    for field in fields(when):
        value = getattr(when, field.name)
        if field.name == "all":
            for part in value or ():
                yield from _single(part)
        elif value is not None:
            yield When(**{field.name: value})


def _said(when: When) -> str:
    return quoted(flow(condition(when))[1:-1])


def _parts_of_route(route: Written[Found], reading: Reading) -> Iterator[tuple[tuple[str, str], Place]]:
    """What a route is for, one by one, with its place. Entries beside categories are only those of the categories."""
    entries, categories = route.value.get("entry", ()), route.value.get("category", ())
    known = frozenset(categories)
    named = quoted(", ".join(categories[:_FEW]))
    for position, entry in enumerate(entries):
        place = place_at(route.node, "entry", position)
        if known and entry.partition("/")[0] not in known:
            message = f"{quoted(entry)} is not in category {named}"
            reading.report(f.NEVER_HOLDS, place, message, "remove `category`: the entry is enough")
        else:
            yield ("entry", entry), place
    if not entries:
        for position, category in enumerate(categories):
            yield ("category", category), place_at(route.node, "category", position)
        if not categories:
            yield ("all", ""), route.node.place


def _wider(what: str, name: str) -> Iterator[tuple[str, str]]:
    """The parts of routes that take every case of this one."""
    category = name.partition("/")[0]
    yield "all", ""
    if what != "all":
        yield "category", category
    if what == "entry":
        yield "entry", f"{category}/*"
        yield "entry", name


def _report_route(what: str, place: Place, line: int, reading: Reading) -> None:
    message = f"{what} never counts: the route in line {line} comes first"
    reading.report(f.UNREACHABLE, place, message, f"move it above line {line}, or remove it")
