"""A guided fix: its shape, and whether every way through it ends."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading import Reading, Shape, check_name, checked, keys, list_of, table_of, text, word
from bot.content.sent import label, sent_text
from bot.content.yaml_source import Listing, Node, Scalar, Table
from bot.core.entries import Node as Step
from bot.core.entries import Option, Steps, StepsTest

_LONGEST_SAY = 3_000  # what one section shows
_ENDS = ("resolved", "handoff")


def _end() -> Shape[str]:
    """`resolved`, `handoff` or an entry's id."""
    plain = word("resolved, handoff or an entry's id")

    def read(node: Node, reading: Reading) -> str:
        written = plain.read(node, reading)
        if "/" in written:
            check_name("entry", written, node.place, reading)
        elif written not in _ENDS:
            message = f"{quoted(written)} is not resolved, handoff or an entry's id"
            raise reading.unreadable(f.BAD_STEPS, node.place, message, reading.hint_for(written, _ENDS))
        return written

    return Shape(read, plain.schema)


def _check_way(found: Option, node: Node, reading: Reading) -> None:
    # Asked of what is written: a `goto` that could not be read was reported already.
    if isinstance(node, Table) and (node.get("goto") is None) == (node.get("end") is None):
        message = "an option with both `goto` and `end`" if node.get("end") else "an option without `goto` or `end`"
        reading.report(f.BAD_STEPS, node.place, message, f"say where {quoted(found.label)} leads: write one of the two")


def _check_guide(found: Steps, node: Node, reading: Reading) -> None:
    table = node.get("nodes") if isinstance(node, Table) else None
    if not isinstance(node, Table) or not isinstance(table, Table):
        return
    ways = {name.text: _ways(step) for name, step in table.pairs}
    start = node.get("start")
    if start is not None and found.start not in ways:
        message = f"no node {quoted(found.start)} to start with"
        reading.report(f.BAD_STEPS, start.place, message, reading.hint_for(found.start, ways))
    for goto in (way for each in ways.values() for way, leads_on in each if leads_on):
        if goto.text not in ways:
            message = f"no node {quoted(goto.text)} to go to"
            reading.report(f.BAD_STEPS, goto.place, message, reading.hint_for(goto.text, ways))
    ending, reached = _ending(ways), _reached(found.start, ways)
    for name, _ in table.pairs:
        if not ways[name.text]:
            hint = "add `options`, each with `goto` or `end`"
            reading.report(f.BAD_STEPS, name.place, f"node {quoted(name.text)} leads nowhere", hint)
        elif name.text not in ending:
            hint = "give one of its options an `end`"
            reading.report(f.BAD_STEPS, name.place, f"from node {quoted(name.text)} no way ends", hint)
        if name.text not in reached and found.start in ways:
            hint = "lead an option to it, or remove it"
            reading.report(f.UNREACHED_NODE, name.place, f"no option leads to node {quoted(name.text)}", hint)


def _ways(step: Node) -> list[tuple[Scalar, bool]]:
    """Where a step's options lead; True if to another step."""
    options = step.get("options") if isinstance(step, Table) else None
    items = options.items if isinstance(options, Listing) else (options,)
    found = []
    for item in items:
        if not isinstance(item, Table):
            continue
        ways = [(item.get(key), key == "goto") for key in ("goto", "end")]
        written = [(way, leads_on) for way, leads_on in ways if isinstance(way, Scalar)]
        # An option without a way has its own fault: it counts as an end, so that its step has none too.
        found += written or [(Scalar(item.place, "", plain=False), False)]
    return found


def _ending(ways: Mapping[str, list[tuple[Scalar, bool]]]) -> set[str]:
    """The nodes from which an end can be reached. A way to a node that is not there counts as one: it has its fault."""
    leading: dict[str, list[str]] = {}
    waiting: list[str] = []
    for name, each in ways.items():
        if any(not leads_on or way.text not in ways for way, leads_on in each):
            waiting.append(name)
        for way, _ in each:
            leading.setdefault(way.text, []).append(name)
    return _spread(waiting, leading)


def _reached(start: str, ways: Mapping[str, list[tuple[Scalar, bool]]]) -> set[str]:
    onward = {name: [way.text for way, leads_on in each if leads_on] for name, each in ways.items()}
    return _spread([start], onward)


def _spread(waiting: list[str], onward: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(onward.get(name, ()))
    return found


def _check_labels(found: tuple[Option, ...], node: Node, reading: Reading) -> None:
    labels = [option.label.casefold() for option in found]
    if len(set(labels)) < len(labels):
        twice = next(option.label for option in found if labels.count(option.label.casefold()) > 1)
        reading.report(f.BAD_STEPS, node.place, f"two options called {quoted(twice)}", "rename one of them")


_OPTION: Shape[Option] = checked(
    keys(lambda found: Option(**found), {"label": label(), "goto": word("a node's name"), "end": _end()}, ("label",)),
    _check_way,
)
_STEP: Shape[Step] = keys(
    lambda found: Step(**found),
    {
        "say": sent_text(longest=_LONGEST_SAY),
        "ask": text(longest=_LONGEST_SAY),
        "options": checked(list_of(_OPTION), _check_labels),
    },
    ("say",),
)
STEPS: Shape[Steps] = checked(
    keys(
        lambda found: Steps(**found),
        {"start": word("a node's name"), "nodes": table_of(_STEP, least=1)},
        ("start", "nodes"),
    ),
    _check_guide,
)
STEPS_TEST: Shape[StepsTest] = keys(
    lambda found: StepsTest(**found), {"choose": list_of(text()), "ends": _end()}, ("choose", "ends")
)
