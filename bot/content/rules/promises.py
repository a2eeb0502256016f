"""What is promised at a handoff and what happens when it is not kept: `slas` and `ladders`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading.reading import Reading
from bot.content.reading.scalars import duration
from bot.content.reading.shapes import Found, Shape, choice, keys, list_of, named, word
from bot.content.reading.source import Node, Scalar, Table
from bot.content.reading.values import flag, length_of_time, people, priority
from bot.content.reading.written import says_nothing
from bot.content.texts.sent import rules_text
from bot.core.entries import Priority
from bot.core.rulebook.rules import PRIORITIES, Rung, Targets

STANDARD = "standard"  # the SLA of a queue that names none
STANDARD_TARGETS: Mapping[Priority, Targets] = {
    "p1": Targets(timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=4), business=False),
    "p2": Targets(timedelta(hours=1), timedelta(hours=2), timedelta(hours=8)),
    "p3": Targets(timedelta(hours=4), timedelta(hours=8), timedelta(hours=24)),
    "p4": Targets(timedelta(hours=8), timedelta(hours=16), timedelta(hours=80)),
}
_AT = re.compile(r"([0-9]{1,4}) ?% ?(first_response|next_response|resolution)")
_MOST_PERCENT = 1_000


def targets(found: Mapping[str, Found]) -> dict[Priority, Targets]:
    """Every priority's targets; what is not written is as in the standard SLA."""
    whole: dict[Priority, Targets] = {}
    for each in PRIORITIES:
        usual = STANDARD_TARGETS[each]
        written: dict[str, Any] = {name: getattr(usual, name) for name in Targets.__slots__}
        whole[each] = Targets(**{**written, **found.get(each, {})})
    return whole


def _moment() -> Shape[dict[str, Any]]:
    """`80% first_response`, or a length of time from the handoff."""
    plain = word("a moment on the ladder")

    def read(node: Node, reading: Reading) -> dict[str, Any]:
        written = plain.read(node, reading)
        after = duration(written)
        share = _AT.fullmatch(written)
        if after is None and (share is None or not 0 < int(share[1]) <= _MOST_PERCENT):
            hint = 'write "80% first_response" (next_response, resolution) or a length of time such as "4h"'
            raise reading.unreadable(f.BAD_MOMENT, node.place, f"{quoted(written)} is no moment on a ladder", hint)
        if share is not None and isinstance(node, Scalar) and node.plain:
            reading.report(f.UNQUOTED_TIME, node.place, f"{quoted(written)} without quotes", f'write "{written}"')
        if after is not None and not after:
            hint = "write how long after the handoff, such as 15m"
            raise reading.unreadable(f.NOT_A_DURATION, node.place, f"{quoted(written)} is no time at all", hint)
        return {"after": after} if share is None else {"percent": int(share[1]), "of": share[2]}

    return Shape(read, {"type": "string"})


def _rung_shape() -> Shape[Rung]:
    """`to` is a queue where the case moves there, a priority where it is raised to it, else who is called."""
    plain = _rung_with(list_of(word()))

    def read(node: Node, reading: Reading) -> Rung:
        table = node if isinstance(node, Table) else None
        does = table.get("do") if table else None
        does_what = does.text if isinstance(does, Scalar) else ""
        found = _RUNGS.get(does_what, _RUNG_THAT_CALLS).read(node, reading)
        if table is not None and does_what in _NEEDS_TO and says_nothing(table.get("to")):
            hint = _NEEDS_TO[does_what]
            reading.report(f.WITHOUT_EFFECT, table.place, f"`{does_what}` without `to`", hint)
        return found

    return Shape(read, plain.schema)


def _rung_with(to: Shape[Any]) -> Shape[Rung]:
    return keys(
        _rung,
        {
            "at": _moment().described(
                'When: "80% first_response" of a promise, or a time from the handoff such as "4h".',
                "80% first_response",
            ),
            "do": choice("remind", "ping_group", "move", "raise", "notify_lead").described(
                "What happens then.", "remind"
            ),
            "to": to.described("Who is called; the queue for `move`; the priority for `raise`, else one step up."),
            "priorities": list_of(priority()).described("Only for cases of these priorities; without it for all."),
            "text": rules_text().described("A sentence to go with it, in place of the usual one."),
        },
        ("at", "do"),
    )


def _rung(found: Found) -> Rung:
    given = dict(found)
    called: tuple[str, ...] = given.pop("to", ())
    first, others = (called[0], called[1:]) if called else (None, ())
    return Rung(**given.pop("at"), **given, to=first, also_to=others)


_RUNG_THAT_CALLS = _rung_with(list_of(people()))
_RUNGS: Mapping[str, Shape[Rung]] = {
    "move": _rung_with(list_of(named("queue"), most=1)),
    "raise": _rung_with(list_of(priority(), most=1)),
}
# `ping_group` without it calls the members of the queue: `reach` looks whether there are any.
_NEEDS_TO: Mapping[str, str] = {
    "move": "name the queue: `to: QUEUE`",
    "notify_lead": "name a group or a person: `to: GROUP`",
}

RUNG = _rung_shape()
TARGETS: Shape[Found] = keys(
    dict,
    {
        "first_response": length_of_time().described("Until somebody has answered first."),
        "next_response": length_of_time().described("Until each later message is answered."),
        "resolution": length_of_time().described("Until it is solved."),
        "business": flag().described("true counts only the queue's open hours."),
    },
)
_URGENCY = ("The most urgent.", "Urgent.", "The usual.", "The least urgent.")
SLA: Shape[Found] = keys(
    dict, {each: TARGETS.described(urgency) for each, urgency in zip(PRIORITIES, _URGENCY, strict=True)}
)
