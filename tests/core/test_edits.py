"""Edits in any order: one may stand for its message, and what is older than what is known changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.audience import Person
from bot.core.deciding import decide
from bot.core.events import Event, Noted, Replied, ReplyChanged, ReplyWithdrawn
from bot.core.folding import evolve
from bot.core.scene import Surroundings
from bot.core.stimuli import Edit, Message, as_edit, as_message, message_key
from tests.core.situations import DANA, DESK, KNOWLEDGE, NOON, TEAM, Conversation

TS = "1764000000.000100"
REPLY = Message(
    key=message_key(TEAM, DESK, TS), team=TEAM, user=DANA, channel=DESK, ts=TS, text="restart it", thread_ts="1.0",
    mentions_us=True, opens_with_us=True,
)  # fmt: skip


def edit(text: str, seconds: int, *, opens_with_us: bool = True) -> Edit:
    at = f"{1764000000 + seconds}.000000"
    return as_edit(replace(REPLY, text=text, edited=at, opens_with_us=opens_with_us), f"e:{seconds}")


def deletion(seconds: int) -> Edit:
    return as_edit(replace(REPLY, edited=f"{1764000000 + seconds}.000000"), "x:1", gone=True)


def at_the_desk(stimuli: Sequence[Message | Edit]) -> list[Event]:
    """What follows from each in turn at the card of a case that people have."""
    talk = Conversation()
    talk.write("talk to a human")
    case, events = talk.present, []
    for stimulus in stimuli:
        for event in decide(case, stimulus, Surroundings(Person(DANA, TEAM), "F", at_card=True), KNOWLEDGE, NOON):
            case = evolve(case, event)
            events.append(event)
    return [event for event in events if isinstance(event, Replied | ReplyChanged | ReplyWithdrawn | Noted)]


FIRST, SECOND = edit("restart it twice", 20), edit("restart it three times", 40)
HEARD_AS_MESSAGE = as_message(FIRST)
assert HEARD_AS_MESSAGE is not None


@pytest.mark.parametrize(
    ("stimuli", "kinds", "words"),
    [
        ([REPLY, FIRST, SECOND], [Replied, ReplyChanged, ReplyChanged], "restart it three times"),  # as it should be
        ([REPLY, SECOND, FIRST], [Replied, ReplyChanged], "restart it three times"),  # the later one wins
        ([REPLY, FIRST, SECOND, FIRST], [Replied, ReplyChanged, ReplyChanged], "restart it three times"),
        ([HEARD_AS_MESSAGE, FIRST], [Replied], "restart it twice"),  # nothing is new in it
        ([HEARD_AS_MESSAGE, SECOND], [Replied, ReplyChanged], "restart it three times"),
        ([REPLY, deletion(30), SECOND], [Replied, ReplyWithdrawn], "restart it"),  # it is gone
        ([REPLY, SECOND, deletion(30)], [Replied, ReplyChanged, ReplyWithdrawn], "restart it three times"),
        ([REPLY, deletion(30), deletion(30)], [Replied, ReplyWithdrawn], "restart it"),
        ([REPLY, edit("restart it?", 20, opens_with_us=False), FIRST], [Replied, ReplyChanged], "restart it twice"),
    ],
)
def test_the_customer_reads_what_the_specialist_wrote_last(
    stimuli: Sequence[Message | Edit], kinds: list[type[Event]], words: str
) -> None:
    events = at_the_desk(stimuli)

    assert [type(event) for event in events] == kinds
    assert [event.words for event in events if not isinstance(event, ReplyWithdrawn)][-1] == words  # type: ignore[union-attr]


@given(st.builds(Message, edited=st.just("1764000020.000000"), ts=st.just(TS), by_bot=st.just(False)))
def test_an_edit_carries_its_message_whole(message: Message) -> None:
    key = message_key(message.team, message.channel, message.ts)

    assert as_message(as_edit(message, "e:1")) == replace(message, key=key)


def test_what_was_taken_away_is_a_message_without_words() -> None:
    assert as_message(deletion(20)) == replace(REPLY, text="", edited="1764000020.000000")


@pytest.mark.parametrize(("seconds", "is_heard"), [(0, True), (900, True), (901, False)])
def test_for_a_quarter_of_an_hour_an_edit_may_stand_for_its_message(seconds: int, is_heard: bool) -> None:
    assert (as_message(edit("restart it", seconds)) is not None) == is_heard


def test_an_edit_that_does_not_say_when_it_was_made_stands_for_nothing() -> None:
    assert as_message(replace(FIRST, edited="")) is None
