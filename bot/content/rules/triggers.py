"""The rules' triggers: conditions in full, and what follows from them."""

from __future__ import annotations

from typing import Any, get_args

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Found, Shape, checked, choice, keys, list_of, named, word
from bot.content.reading.source import Node, Scalar, Table
from bot.content.reading.values import channel_id, entry_or_all, flag, length_of_time, people, priority, whole
from bot.content.reading.written import Written, said_again, with_node
from bot.content.texts.sent import rules_text
from bot.core.rulebook.rules import Reason, RepeatContact, Then, Trigger, When

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


def _check_ids(_found: tuple[Written[Trigger], ...], node: Node, reading: Reading) -> None:
    for again, first in said_again(node, "id"):
        message = f"trigger {quoted(again.text)} stands already in line {first.place.line}"
        reading.report(f.SAME_ID, again.place, message, "rename one of them")


_REPEAT_CONTACT: Shape[RepeatContact] = keys(
    lambda found: RepeatContact(**found),
    {
        "within": length_of_time().described("How far back we look: 7d."),
        "count": whole(1, 1_000).described("So many requests, this one counted."),
    },
    needed=("within", "count"),
)
_PARTS: dict[str, Shape[Any]] = {
    "human_request": flag().described("They ask for a person. Decided before any trigger; it still says who takes it."),
    "band": list_of(choice("sure", "unsure", "none"), least=1).described("How sure the bot is of an answer."),
    "failed_attempts_gte": _limit().described("So many attempts have failed, or as many as the `limit`."),
    "feedback": list_of(feedback(), least=1).described("What the customer said of an answer."),
    "keywords": list_of(named("word list"), least=1).described("A word or phrase of these lists is in the message."),
    "category": list_of(named("category"), least=1).described("The entry in question is of one of these categories."),
    "entry": list_of(entry_or_all(may_end_in_star=True), least=1).described(
        "The entry in question is one of these; `billing/*` is all of a category."
    ),
    "entry_policy": list_of(choice("offer", "always", "never"), least=1).described(
        "What the entry's `escalate.policy` says."
    ),
    "group": list_of(people(), least=1).described(
        "The customer belongs to one of these groups, or is one of these users."
    ),
    "channel": list_of(channel_id(), least=1).described("It was asked in one of these channels."),
    "repeat_contact": _REPEAT_CONTACT.described("The same person has come so often in this time."),
    "after_hours": flag().described("The calendar of `defaults` is closed."),
    "has_file": flag().described("A file came with the message."),
    "error": flag().described("Something went wrong inside the bot."),
}

_THEN: Shape[Found] = keys(
    dict,
    {
        "action": choice("handoff", "offer", "tag", "refuse").described(
            "handoff: people take over. offer: a person is offered. tag: only adds. refuse: the message is the answer."
        ),
        "queue": named("queue").described("Who takes it over."),
        "priority": priority().described("How urgent it is: p1 most, p4 least."),
        "raise_priority": whole(0, 3).described("So many steps more urgent."),
        "private": flag().described("It goes on in a direct message."),
        "message": rules_text().described("A sentence for the customer, in place of the usual one."),
        "collect": flag().described("The entry's fields are asked before the handoff."),
        "tags": list_of(word("a tag")).described("Words for the card and the log."),
        "reason": choice(*get_args(Reason)).described("The reason in the log, where the condition's own does not fit."),
    },
)
# A condition may hold others, as deep as a file may nest: inside, and in the schema, it is named instead of repeated.
WHEN: Shape[When] = Shape(_condition, {"$ref": "#/$defs/when"})
WHEN_IN_FULL: Shape[When] = checked(
    keys(
        _when,
        {
            **_PARTS,
            "any": list_of(WHEN, least=1).described("One of these holds."),
            "all": list_of(WHEN, least=1).described("Each of these holds."),
            "not": WHEN.described("This does not hold."),
        },
    ),
    _check_when,
)
_TRIGGER: Shape[Trigger] = checked(
    keys(
        _trigger,
        {
            "id": word("an id").described("Its name, in the log and in tests.", "lost-laptop"),
            "also": flag().described("true: it only adds, and the reading goes on below."),
            "when": WHEN.described(
                "What must hold; several keys beside each other must all hold.", {"feedback": "still_stuck"}
            ),
            "then": _THEN.described("What follows.", {"action": "handoff"}),
        },
        needed=("id", "when", "then"),
    ),
    _check_trigger,
)
TRIGGERS: Shape[tuple[Written[Trigger], ...]] = checked(list_of(with_node(_TRIGGER)), _check_ids)
