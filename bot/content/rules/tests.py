"""The tests that the rules carry: a situation, and what is expected to follow."""

from __future__ import annotations

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Shape, checked, choice, keys, list_of, named, text, word
from bot.content.reading.source import Listing, Node, Scalar, Table
from bot.content.reading.values import channel_id, entry_or_all, moment, priority, user_id, whole
from bot.content.reading.written import Written, place_at, said_again, with_node
from bot.content.rules.triggers import feedback
from bot.core.rulebook.rules import Earlier, Expect, Given, RulesTest


def _earlier() -> Shape[Earlier]:
    """A text is an earlier message of the same case, `{at, text}` an earlier request of the same person."""
    message = text(one_line=False)
    request = keys(
        lambda found: Earlier(**found),
        {
            "at": moment().described("When it was asked."),
            "text": text(one_line=False, may_be_empty=True).described("What was asked."),
        },
        needed=("at",),
    )

    def read(node: Node, reading: Reading) -> Earlier:
        return Earlier(message.read(node, reading)) if isinstance(node, Scalar) else request.read(node, reading)

    return Shape(read, {"anyOf": [message.schema, request.schema]})


def _check_given(found: Given, node: Node, reading: Reading) -> None:
    written = node.get("history") if isinstance(node, Table) else None
    if found.at is None or not isinstance(written, Listing) or len(written.items) != len(found.history):
        return
    for position, earlier in enumerate(found.history):
        if earlier.at is not None and earlier.at >= found.at:
            message = "an earlier request that comes after the test's own moment"
            hint = "`history` is what was before `at`"
            reading.report(f.BAD_MOMENT, place_at(written, position, "at"), message, hint)


def _check_expect(_found: Expect, node: Node, reading: Reading) -> None:
    if isinstance(node, Table) and not node.pairs:
        message = "a test that expects nothing cannot fail"
        reading.report(f.WITHOUT_EFFECT, node.place, message, "write what must follow: rule, queue, priority, action…")


def _check_names(_found: tuple[Written[RulesTest], ...], node: Node, reading: Reading) -> None:
    for again, first in said_again(node, "name"):
        message = f"test {quoted(again.text)} stands already in line {first.place.line}"
        reading.report(f.SAME_ID, again.place, message, "rename one of them")


_GIVEN: Shape[Given] = checked(
    keys(
        lambda found: Given(**found),
        {
            "text": text(one_line=False, may_be_empty=True).described("What is written."),
            "user": user_id().described("By whom, by id; without it by somebody in no group."),
            "channel": channel_id().described("Where, by id; without it in a direct message."),
            "at": moment().described('When: "2027-03-01T09:00:00+01:00".'),
            "history": list_of(_earlier()).described(
                "What the same person wrote before, oldest first: a text in this case, {at, text} an earlier request."
            ),
            "feedback": feedback().described("What the customer says of the answer."),
            "failed_attempts": whole(0, 100).described("How many attempts have failed, this one counted."),
            "entry": entry_or_all().described("The entry in question, whatever would be found."),
        },
    ),
    _check_given,
)
_EXPECT: Shape[Expect] = checked(
    keys(
        lambda found: Expect(**found),
        {
            "rule": word("a rule's id").described("The trigger that decides, by its id."),
            "queue": named("queue").described("Who takes it over."),
            "priority": priority().described("How urgent it is."),
            "due_first": moment().described("When somebody has to have answered."),
            "action": choice("answer", "ask", "rephrase", "handoff", "offer", "refuse", "chat", "ignore").described(
                "What the bot does."
            ),
        },
    ),
    _check_expect,
)
_TEST: Shape[RulesTest] = keys(
    lambda found: RulesTest(**found),
    {
        "name": text().described("What must be true, as a sentence.", "a stolen laptop goes to people at once"),
        "given": _GIVEN.described("The situation.", {"text": "my laptop was stolen"}),
        "expect": _EXPECT.described("What must follow; what is not written may be anything.", {"action": "handoff"}),
    },
    needed=("name", "given", "expect"),
)
TESTS: Shape[tuple[Written[RulesTest], ...]] = checked(list_of(with_node(_TEST)), _check_names)
