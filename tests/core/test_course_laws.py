"""Laws of a case among people, in whatever order it is claimed, passed on, handed back, resolved and reopened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import (
    Claimed,
    Closed,
    Commented,
    HandedOff,
    Noted,
    Rated,
    Reassigned,
    Released,
    Reopened,
    Resolved,
    SurveyAsked,
    Transferred,
)
from bot.core.saying import Card, FromSpecialist, In, Line, Post, TranscriptPage, Words
from tests.core.people import FAY, KNOWN, cards
from tests.core.situations import COLLEAGUE, CUSTOMER, DANA, DM, EMIL, Conversation
from tests.core.test_laws import written

pytestmark = pytest.mark.long

Turn = Callable[[Conversation], object]
PEOPLE = [DANA, EMIL, FAY, COLLEAGUE]


def _pressed(kind: str, choice: str, user: str) -> Turn:
    return lambda talk: talk.press(kind, choice, user=user)  # type: ignore[arg-type]


def _passed_on(form: str, queue: str, to: str, why: str, user: str) -> Turn:
    values = {name: value for name, value in (("queue", queue), ("person", to), ("why", why)) if value}
    return lambda talk: talk.send(form, values, user=user)  # type: ignore[arg-type]


def _resolved(user: str, readers: str, code: str) -> Turn:
    return lambda talk: talk.resolve(user=user, readers=readers, code=code)


def _commented(user: str) -> Turn:
    return lambda talk: talk.send("comment", {"words": "It took too long."}, user=user)


def _wrote(text: str) -> Turn:
    return lambda talk: talk.write(text)


people = st.sampled_from(PEOPLE)
turns = st.lists(
    st.one_of(
        st.builds(_wrote, st.sampled_from(["i forgot my password", "talk to a human", "still broken", "hello?"])),
        st.builds(_pressed, st.sampled_from(["claim", "back"]), st.just(""), people),
        st.builds(_pressed, st.sampled_from(["reopen", "human", "ask_else"]), st.just(""), st.just(CUSTOMER)),
        st.builds(_pressed, st.just("comment"), st.sampled_from(["1", "2", "3"]), st.just(CUSTOMER)),
        st.builds(_pressed, st.just("rate"), st.sampled_from(["4", "5"]), st.just(CUSTOMER)),
        st.builds(_commented, st.sampled_from([CUSTOMER, DANA])),
        st.builds(
            _passed_on, st.sampled_from(["transfer", "escalate"]), st.sampled_from(["", "tech", "care", "deep"]),
            st.sampled_from(["", *PEOPLE, CUSTOMER]), st.sampled_from(["", "Please look."]), people,
        ),
        st.builds(_resolved, people, st.sampled_from(["internal", "told"]), st.sampled_from(["fixed", "magic"])),
    ),
    max_size=14,
)  # fmt: skip


def played(story: list[Turn]) -> Conversation:
    """A case that people have, and what comes then."""
    talk = Conversation(knowledge=KNOWN)
    talk.write("talk to a human")
    for turn in story:
        turn(talk)
    return talk


@settings(max_examples=300)
@given(turns)
def test_one_card_at_a_time_can_be_pressed_and_it_is_in_the_channel_of_the_queue(story: list[Turn]) -> None:
    talk = played(story)

    own = {outbox: card for outbox, card in cards(talk).items() if outbox.startswith(f"{talk.present.id}-")}
    # An entry may be flagged whatever became of the case.
    pressed = [outbox for outbox, card in own.items() if any(button.kind != "flag" for button in card.buttons)]
    assert pressed == ([talk.present.card_id] if talk.present.with_people else [])
    for said in talk.said:
        if said.id == talk.present.card_id and isinstance(said.saying, Post):
            assert said.saying.where == In(KNOWN.rules.queues[talk.present.queue or ""].channel)


@settings(max_examples=300)
@given(turns)
def test_a_case_has_one_owner_at_most_and_only_while_people_have_it(story: list[Turn]) -> None:
    talk = Conversation(knowledge=KNOWN)
    talk.write("talk to a human")
    for turn in story:
        turn(talk)
        case = talk.present
        assert (case.state == "claimed") <= (case.owner is not None)
        assert case.owner is None or case.state in ("claimed", "closed")
        assert case.owner != CUSTOMER
        owned = [event for _, event in talk.log if isinstance(event, Claimed | Reassigned | Transferred | Released)]
        if case.state == "claimed" and owned:
            last = owned[-1]
            assert case.owner == (last.actor if isinstance(last, Claimed) else getattr(last, "to", None))


@settings(max_examples=300)
@given(turns)
def test_there_is_one_survey_for_each_end_and_one_score_counts(story: list[Turn]) -> None:
    talk = played(story)
    events = [event for _, event in talk.log]

    named = [e for e in events if isinstance(e, Closed) and e.outcome in ("resolved_by_human", "resolved_by_bot")]
    asked = [at for at, event in talk.log if isinstance(event, SurveyAsked)]
    assert len(asked) == len(named)
    assert all(isinstance(event, Rated | Commented) <= (event.actor == CUSTOMER) for event in events)
    for at in asked:
        assert sum(isinstance(event, Commented) and event.position == at for event in events) <= 1
        scores = [event.score for event in events if isinstance(event, Rated) and event.position == at]
        if at == asked[-1] and talk.present.survey is not None:
            assert talk.present.survey.score == (scores[-1] if scores else None)


@settings(max_examples=300)
@given(turns)
def test_a_case_ends_once_before_it_is_opened_again(story: list[Turn]) -> None:
    ends = [event for _, event in played(story).log if isinstance(event, Closed | Reopened)]

    assert all(isinstance(end, Closed) == (number % 2 == 0) for number, end in enumerate(ends))


@settings(max_examples=300)
@given(turns)
def test_every_new_card_has_all_that_was_said_before_in_its_transcript(story: list[Turn]) -> None:
    talk = played(story)

    brought = [at for at, event in talk.log if isinstance(event, HandedOff | Transferred)]
    posts = [one for one in talk.said if one.case == talk.present.id and isinstance(one.saying, Post)]
    assert [one.position for one in posts if isinstance(one.saying.content, Card)] == brought  # type: ignore[union-attr]
    for at in brought:
        pages = [one.saying.content for one in posts if one.position == at]  # type: ignore[union-attr]
        told = [turn.words for page in pages if isinstance(page, TranscriptPage) for turn in page.turns if turn.words]
        wrote = [p for p, event in talk.log if p <= at and written(event)]
        assert told == [Words(talk.present.id, position) for position in wrote]


@settings(max_examples=300)
@given(turns)
def test_reasons_and_fixes_stay_at_the_desk_unless_the_customer_is_to_read_them(story: list[Turn]) -> None:
    talk = played(story)

    told = {at for at, event in talk.log if isinstance(event, Resolved) and event.told}
    kept = {
        at for at, event in talk.log
        if isinstance(event, Transferred | Reassigned | Noted | Commented | Resolved) and at not in told
    }  # fmt: skip
    for one in talk.said:
        if one.case == talk.present.id and isinstance(one.saying, Post) and one.saying.where == In(DM):
            content = one.saying.content
            words = content.quote if isinstance(content, Line) else None
            words = content.words if isinstance(content, FromSpecialist) else words
            assert words is None or words.position not in kept
