"""The rules' triggers: conditions in full, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading import Found, Reading, Shape, checked, choice, keys, list_of, named, word
from bot.content.sent import rules_text
from bot.content.values import channel_id, entry_or_all, flag, length_of_time, people, priority, whole
from bot.content.yaml_source import Listing, Node, Scalar, Table
from bot.core.rules import Reason, RepeatContact, Then, Trigger, When

FEEDBACK = ("still_stuck", "did_not_work", "not_meant", "none_of_these", "rejection")


def feedback() -> Shape[str]:
    """What a customer said of an answer. Others than those known never come."""
    plain = word("a feedback")

    def check(found: str, node: Node, reading: Reading) -> None:
        if found not in FEEDBACK:
            hint = reading.hint_for(found, FEEDBACK)
            reading.report(f.UNKNOWN_WORD, node.place, f"no feedback is called {quoted(found)}", hint)

    return checked(plain, check)


def _limit() -> Shape[Any]:
    number = whole(1, 100, otherwise=", or limit")

    def read(node: Node, reading: Reading) -> Any:
        if isinstance(node, Scalar) and node.text == "limit":
            return "limit"
        return number.read(node, reading)

    return Shape(read, {"anyOf": [{"const": "limit"}, number.schema]})


def _condition(node: Node, reading: Reading) -> When:
    return WHEN_IN_FULL.read(node, reading)


def _when(found: Found) -> When:
    given = dict(found)
    return When(not_=given.pop("not", None), **given)


def _check_when(_found: When, node: Node, reading: Reading) -> None:
    if isinstance(node, Table) and not node.pairs:
        reading.report(f.EMPTY, node.place, "a condition that asks nothing", "write what must hold")


def _trigger(found: Found) -> Trigger:
    # A trigger that only adds needs no action of its own.
    then = {"action": "tag", **found["then"]}
    return Trigger(found["id"], found["when"], Then(**then), found.get("also", False))


def _check_trigger(found: Trigger, node: Node, reading: Reading) -> None:
    then = node.get("then") if isinstance(node, Table) else None
    if isinstance(then, Table) and then.get("action") is None and not found.also:
        reading.report(f.MISSING_KEY, then.place, "needs `action`", "handoff, offer, tag or refuse")
    if found.when.human_request and found.then.action in ("offer", "refuse") and then is not None:
        message = f"a wish for a human is always handed off: `{found.then.action}` is not heeded"
        reading.report(f.ALWAYS_HANDED_OFF, then.place, message, "use queue, priority, private or tags alone")


def _check_ids(_found: tuple[Trigger, ...], node: Node, reading: Reading) -> None:
    seen: Mapping[str, int] = {}
    for item in node.items if isinstance(node, Listing) else ():
        written = item.get("id") if isinstance(item, Table) else None
        if isinstance(written, Scalar):
            if written.text in seen:
                message = f"trigger {quoted(written.text)} stands already in line {seen[written.text]}"
                reading.report(f.SAME_ID, written.place, message, "rename one of them")
            seen = {written.text: written.place.line, **seen}


_PARTS: dict[str, Shape[Any]] = {
    "human_request": flag(),
    "band": list_of(choice("sure", "unsure", "none"), least=1),
    "failed_attempts_gte": _limit(),
    "feedback": list_of(feedback(), least=1),
    "keywords": list_of(named("word list"), least=1),
    "category": list_of(named("category"), least=1),
    "entry": list_of(entry_or_all(may_end_in_star=True), least=1),
    "entry_policy": list_of(choice("offer", "always", "never"), least=1),
    "group": list_of(people(), least=1),
    "channel": list_of(channel_id(), least=1),
    "repeat_contact": keys(
        lambda found: RepeatContact(**found),
        {"within": length_of_time(), "count": whole(1, 1_000)},
        needed=("within", "count"),
    ),
    "after_hours": flag(),
    "has_file": flag(),
    "error": flag(),
}

_THEN: Shape[Found] = keys(
    dict,
    {
        "action": choice("handoff", "offer", "tag", "refuse"),
        "queue": named("queue"),
        "priority": priority(),
        "raise_priority": whole(0, 3),
        "private": flag(),
        "message": rules_text(),
        "collect": flag(),
        "tags": list_of(word("a tag")),
        "reason": choice(*get_args(Reason)),
    },
)
# A condition may hold others, as deep as a file may nest: inside, and in the schema, it is named instead of repeated.
WHEN: Shape[When] = Shape(_condition, {"$ref": "#/$defs/when"})
WHEN_IN_FULL: Shape[When] = checked(
    keys(_when, {**_PARTS, "any": list_of(WHEN, least=1), "all": list_of(WHEN, least=1), "not": WHEN}), _check_when
)
TRIGGERS: Shape[tuple[Trigger, ...]] = checked(
    list_of(
        checked(
            keys(
                _trigger,
                {"id": word("an id"), "when": WHEN, "then": _THEN, "also": flag()},
                needed=("id", "when", "then"),
            ),
            _check_trigger,
        )
    ),
    _check_ids,
)
