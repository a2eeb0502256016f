"""Laws that hold whatever customers and specialists do, in whatever order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import Event, HandedOff, Noted, Released, Replied, ReplyChanged, Resolved
from bot.core.saying import (
    AnswerSaid,
    Card,
    FromCustomer,
    FromSpecialist,
    In,
    Line,
    Post,
    TranscriptPage,
    Update,
    Words,
)
from tests.core.situations import CUSTOMER, DANA, DM, EMIL, PASSWORD, TABLE, Conversation

pytestmark = pytest.mark.long

Turn = Callable[[Conversation], object]

TEXTS = [*TABLE, "hi", "thanks", "that works", "that's not it", "still broken", "pls help", "talk to a human", "flurb",
         "this is the third time", "", "the second one", "neither", "same error", "on my phone", "it says code 720",
         "i forgot my password. how do i connect to the vpn"]  # fmt: skip
PRESSES = [
    "fixed",
    "stuck",
    "did_not_work",
    "not_meant",
    "human",
    "pick",
    "second",
    "none_of_these",
    "ask_else",
    "reopen",
]


def _wrote(text: str, after: float) -> Turn:
    return lambda talk: talk.write(text, after=after)


def _pressed(kind: str, choice: str, user: str) -> Turn:
    return lambda talk: talk.press(kind, choice, user=user)  # type: ignore[arg-type]


def _at_card(text: str, user: str, addressed: bool) -> Turn:
    return lambda talk: talk.at_card(text, user=user, opens_with_us=addressed) if talk.case else None


def _resolved(user: str, readers: str) -> Turn:
    return lambda talk: talk.resolve(user=user, readers=readers) if talk.case else None


turns = st.lists(
    st.one_of(
        st.builds(_wrote, st.sampled_from(TEXTS), st.sampled_from([1, 30, 400])),
        st.builds(_pressed, st.sampled_from(PRESSES), st.sampled_from([PASSWORD.id, ""]), st.just(CUSTOMER)),
        st.builds(_pressed, st.sampled_from(["claim", "back"]), st.just(""), st.sampled_from([DANA, EMIL])),
        st.builds(_resolved, st.sampled_from([DANA, EMIL]), st.sampled_from(["internal", "told"])),
        st.builds(_at_card, st.text(max_size=5), st.sampled_from([DANA, EMIL]), st.booleans()),
    ),
    max_size=14,
)


def written(event: Event) -> str:
    """What a person wrote, if the event has any of it."""
    words: str = getattr(event, "words", "")
    return words


def is_for_the_customer(event: Event) -> bool:
    """Whether a specialist chose that the customer reads it."""
    return isinstance(event, Replied | ReplyChanged) or (isinstance(event, Resolved) and event.told)


def played(story: list[Turn]) -> Conversation:
    talk = Conversation()
    for turn in story:
        turn(talk)
    return talk


@settings(max_examples=400)
@given(turns)
def test_what_a_specialist_writes_reaches_the_customer_only_by_the_act(story: list[Turn]) -> None:
    talk = played(story)

    spoken = (
        {Words(talk.present.id, at) for at, event in talk.log if is_for_the_customer(event)} if talk.case else set()
    )
    notes = {Words(talk.present.id, at) for at, event in talk.log if isinstance(event, Noted)} if talk.case else set()
    for said in talk.said:
        if isinstance(said.saying, Post | Update) and isinstance(said.saying.content, FromSpecialist):
            assert said.saying.content.words not in notes
            assert said.case != (talk.case.id if talk.case else "") or said.saying.content.words in spoken
    # Nothing but these contents, which carry no words of a specialist, ever goes where the customer is.
    to_customer = [s.saying.content for s in talk.said if isinstance(s.saying, Post) and s.saying.where == In(DM)]
    assert all(isinstance(content, Line | AnswerSaid | FromSpecialist) for content in to_customer)
    assert not any(content.quote in notes for content in to_customer if isinstance(content, Line) and content.quote)


@settings(max_examples=400)
@given(turns)
def test_while_people_have_a_case_the_bot_answers_nothing_in_it(story: list[Turn]) -> None:
    talk = Conversation()
    for turn in story:
        before, had = len(talk.said), talk.case is not None and talk.case.with_people
        case = talk.case.id if talk.case else ""
        turn(talk)
        if had and talk.case is not None and talk.case.with_people:
            new = [s.saying for s in talk.said[before:] if s.case == case]
            assert not any(isinstance(saying, Post) and saying.as_bot for saying in new)


@settings(max_examples=400)
@given(turns)
def test_every_message_with_an_answer_or_a_question_shows_the_way_to_a_person(story: list[Turn]) -> None:
    for said in played(story).said:
        if isinstance(said.saying, Post) and said.saying.as_bot and isinstance(said.saying.content, Line | AnswerSaid):
            assert "Talk to a person" in [button.label for button in said.saying.content.buttons]


@settings(max_examples=400)
@given(turns)
def test_each_handoff_has_one_card_and_all_that_was_said_before_in_its_transcript(story: list[Turn]) -> None:
    talk = played(story)

    handoffs = [at for at, event in talk.log if isinstance(event, HandedOff)]
    case = talk.case.id if talk.case else ""
    posts = [s for s in talk.said if s.case == case and isinstance(s.saying, Post)]
    cards = [s.position for s in posts if isinstance(s.saying, Post) and isinstance(s.saying.content, Card)]
    assert cards == handoffs
    for at in handoffs:
        pages = [s.saying.content for s in posts if s.position == at and isinstance(s.saying, Post)]
        turns_told = [turn for page in pages if isinstance(page, TranscriptPage) for turn in page.turns]
        told = [turn.words.position for turn in turns_told if turn.words]
        wrote = [p for p, event in talk.log if p <= at and written(event)]
        assert told == wrote
        assert [turn.at for turn in turns_told] == sorted(turn.at for turn in turns_told)


@settings(max_examples=400)
@given(turns)
def test_the_log_has_no_gaps_and_every_thing_said_an_id_of_its_own(story: list[Turn]) -> None:
    talk = played(story)

    assert [at for at, _ in talk.log] == list(range(1, len(talk.log) + 1)) or talk.case is None
    ids = [said.id for said in talk.said]
    assert len(ids) == len(set(ids))


@settings(max_examples=200)
@given(turns)
def test_after_a_hand_back_the_count_begins_at_nought(story: list[Turn]) -> None:
    talk = played(story)
    if talk.case is not None and talk.log and isinstance(talk.log[-1][1], Released):
        assert (talk.present.failed, talk.present.state) == (0, "open")


@settings(max_examples=200)
@given(turns)
def test_what_the_customer_forwards_goes_to_the_desk_alone(story: list[Turn]) -> None:
    for said in played(story).said:
        if isinstance(said.saying, Post) and isinstance(said.saying.content, FromCustomer):
            assert said.saying.where != In(DM)
