"""A guided fix: its shape, and whether every way through it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading.circles import circles, spread
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Shape, check_name, checked, keys, list_of, looked_at, table_of, text, word
from bot.content.reading.source import Listing, Node, Scalar, Table
from bot.content.texts.rendering import LONGEST_STEP
from bot.content.texts.sent import check_length, label, question, sent_text
from bot.core.entries import Node as Step
from bot.core.entries import Option, Steps, StepsTest
from bot.core.sentences import HUMAN_LABEL
from bot.core.widths import width

ENTRY_ID = re.compile(r"[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*")
# Slack shows 25 buttons in a row, of which two are ours.
_MOST_OPTIONS = 23
_BETWEEN = 2  # the blank line between what is said and what is asked
_ENDS = ("resolved", "handoff")
_OURS = ("Back", HUMAN_LABEL)

_Ways = Mapping[str, list[tuple[Scalar, bool]]]  # by step, where its options lead; True if to another step


def _end() -> Shape[str]:
    """`resolved`, `handoff` or an entry's id."""
    plain = word("resolved, handoff or an entry's id")

    def read(node: Node, reading: Reading) -> str:
        written = plain.read(node, reading)
        if "/" in written:
            check_name("entry", written, node.place, reading)
        elif written not in _ENDS:
            message = f"{quoted(written)} is not resolved, handoff or an entry's id"
            hint = reading.near(written, _ENDS) or f"write {quoted('goto: ' + written)} if that is a step of the guide"
            raise reading.unreadable(f.BAD_STEPS, node.place, message, hint)
        return written

    return Shape(read, {"anyOf": [{"enum": list(_ENDS)}, plain.like(ENTRY_ID).schema]})


def ends_of(steps: Node | None) -> Iterator[Scalar]:
    """Every `end` that is written in a guide."""
    for each in _ways_in(steps).values():
        for way, leads_on in each:
            if not leads_on and way.text:
                yield way


def ends_reached(steps: Node | None) -> tuple[Scalar, ...]:
    """The ends that a customer can come to; none at all if that cannot be known, as the guide has faults."""
    ways = _ways_in(steps)
    start = steps.get("start") if isinstance(steps, Table) else None
    if not isinstance(start, Scalar):
        return ()
    found: list[Scalar] = []
    reached = _reached(start.text.strip(), ways)
    for name in reached:
        if not ways.get(name):
            return ()
    for name, each in ways.items():
        found += [way for way, leads_on in each if name in reached and not leads_on]
    return tuple(found) if all(end.text for end in found) else ()


def _ways_in(steps: Node | None) -> _Ways:
    table = steps.get("nodes") if isinstance(steps, Table) else None
    return {name.text: _ways(step) for name, step in table.pairs} if isinstance(table, Table) else {}


def _check_way(node: Node, reading: Reading) -> None:
    # Asked of what is written: a `goto` that could not be read was reported already.
    if isinstance(node, Table) and node.whole and (node.get("goto") is None) == (node.get("end") is None):
        message = "an option with both `goto` and `end`" if node.get("end") else "an option without `goto` or `end`"
        written = node.get("label")
        it = quoted(written.text) if isinstance(written, Scalar) else "it"
        reading.report(f.BAD_STEPS, node.place, message, f"say where {it} leads: write one of the two")


def _check_step(found: Step, node: Node, reading: Reading) -> None:
    say = node.get("say") if isinstance(node, Table) else None
    asked = width(found.ask)
    if isinstance(say, Scalar) and asked <= LONGEST_STEP:
        beside, what = (asked + _BETWEEN, " with its `ask`") if asked else (0, "")
        check_length(found.say, say, reading, LONGEST_STEP, beside=beside, what=what)


def _check_guide(node: Node, reading: Reading) -> None:
    """Whether the nodes hold together, whatever else is wrong with them."""
    table = node.get("nodes") if isinstance(node, Table) else None
    if not isinstance(node, Table) or not isinstance(table, Table) or not table.whole or not table.pairs:
        return
    ways = _ways_in(node)
    start = node.get("start")
    begin = start.text.strip() if isinstance(start, Scalar) else ""
    if begin and start is not None and begin not in ways:
        message = f"no node {quoted(begin)} to start with"
        reading.report(f.BAD_STEPS, start.place, message, reading.hint_for(begin, ways))
    for goto in (way for each in ways.values() for way, leads_on in each if leads_on):
        if goto.text not in ways:
            message = f"no node {quoted(goto.text)} to go to"
            is_end = goto.text in _ENDS or goto.text in reading.names.get("entry", ())
            hint = f"write {quoted('end: ' + goto.text)}" if is_end else reading.hint_for(goto.text, ways)
            reading.report(f.BAD_STEPS, goto.place, message, hint)
    reached = _reached(begin, ways) if begin in ways else ways.keys()
    for name, _ in table.pairs:
        if not ways[name.text]:
            hint = "add `options`, each with `goto` or `end`"
            reading.report(f.BAD_STEPS, name.place, f"node {quoted(name.text)} leads nowhere", hint)
        if name.text not in reached:
            hint = "lead an option to it, or remove it"
            reading.report(f.UNREACHED_NODE, name.place, f"no option leads to node {quoted(name.text)}", hint)
    _check_endings(table, ways, reading)


def _check_endings(table: Table, ways: _Ways, reading: Reading) -> None:
    """Report each circle that nothing leads out of, where it is first met."""
    ending = _ending(ways)
    onward = {name: each[0][0].text for name, each in ways.items() if name not in ending}
    places = {name.text: name.place for name, _ in table.pairs}
    for circle in circles(onward):
        first = min(circle, key=lambda name: places[name])
        message = f"from node {quoted(first)} no way ends"
        if len(circle) > 1:
            message = f"the nodes {', '.join(map(quoted, circle))} lead only to each other"
        reading.report(f.BAD_STEPS, places[first], message, "give one of the options an `end`")


def _ways(step: Node) -> list[tuple[Scalar, bool]]:
    """Where a step's options lead; True if to another step."""
    options = step.get("options") if isinstance(step, Table) else step
    items = options.items if isinstance(options, Listing) else (options,)
    found = []
    for item in items:
        if not isinstance(item, Table):
            # What could not be read may lead anywhere.
            found += [] if item is None else [(Scalar(item.place, "", plain=False), False)]
            continue
        ways = [(item.get(key), key == "goto") for key in ("goto", "end")]
        written = [(way, leads_on) for way, leads_on in ways if isinstance(way, Scalar)]
        # An option without a way has its own fault: it counts as an end, so that its step has none too.
        found += written or [(Scalar(item.place, "", plain=False), False)]
    return found


def _ending(ways: _Ways) -> set[str]:
    """The nodes from which an end can be reached. A way to nowhere counts as one, as it has a fault of its own."""
    leading: dict[str, list[str]] = {}
    waiting: list[str] = []
    for name, each in ways.items():
        if not each or any(not leads_on or way.text not in ways for way, leads_on in each):
            waiting.append(name)
        for way, _ in each:
            leading.setdefault(way.text, []).append(name)
    return spread(waiting, leading)


def _reached(start: str, ways: _Ways) -> set[str]:
    # An `end` that names a step was meant as `goto`, and is told of.
    steps = ways.keys() - set(_ENDS)
    onward = {
        name: [way.text for way, leads_on in each if leads_on or way.text in steps] for name, each in ways.items()
    }
    return spread([start], onward)


def _check_label(found: str, node: Node, reading: Reading) -> None:
    ours = next((label for label in _OURS if label.casefold() == found.casefold()), "")
    if ours:
        hint = "call it something else: the bot adds this button to every step by itself"
        reading.report(f.BAD_STEPS, node.place, f"a button of your own called {quoted(ours)}", hint)


def _check_labels(found: tuple[Option, ...], node: Node, reading: Reading) -> None:
    labels = [option.label.casefold() for option in found]
    if len(set(labels)) < len(labels):
        twice = next(option.label for option in found if labels.count(option.label.casefold()) > 1)
        reading.report(f.BAD_STEPS, node.place, f"two options called {quoted(twice)}", "rename one of them")


_OPTION: Shape[Option] = looked_at(
    keys(
        lambda found: Option(**found),
        {
            "label": checked(label(), _check_label).described("The words on the button."),
            "goto": word("a node's name").described("The node to go on to."),
            "end": _end().described("How the guide ends here: `resolved`, `handoff`, or the id of an entry to go to."),
        },
        needed=("label",),
    ),
    _check_way,
)
_STEP: Shape[Step] = checked(
    keys(
        lambda found: Step(**found),
        {
            "say": sent_text().described(
                f"What the bot says at this node, in Markdown; {LONGEST_STEP:,} characters at most, with `ask`."
            ),
            "ask": question().described("The question below it, which the options answer."),
            "options": checked(list_of(_OPTION, most=_MOST_OPTIONS), _check_labels).described(
                "The buttons, each with a `label` and either `goto` or `end`; Back and Talk to a person are added."
            ),
        },
        needed=("say",),
    ),
    _check_step,
)
STEPS: Shape[Steps] = looked_at(
    keys(
        lambda found: Steps(**found),
        {
            "start": word("a node's name").described("The node that the guide begins with.", "first"),
            "nodes": table_of(_STEP, least=1).described(
                "The nodes of the guide, by name.",
                {"first": {"say": "Do this first", "options": [{"label": "It helped", "end": "resolved"}]}},
            ),
        },
        needed=("start", "nodes"),
    ),
    _check_guide,
)
STEPS_TEST: Shape[StepsTest] = keys(
    lambda found: StepsTest(**found),
    {
        "choose": list_of(text()).described("The labels that are chosen, one after the other."),
        "ends": _end().described("Where these choices end: `resolved`, `handoff` or an entry's id."),
    },
    needed=("choose", "ends"),
)
