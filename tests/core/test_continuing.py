"""A message that continues the case is read with it; one that asks for something of its own is not dragged in."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

import pytest

from bot.core import sentences
from bot.core.events import (
    Answered,
    Asked,
    AskedToRephrase,
    Chatted,
    Closed,
    Event,
    HandedOff,
    HumanOffered,
    Missed,
    NoneOfThese,
    Offered,
    Opened,
    Picked,
    Rejected,
    ReopenOffered,
    StillStuck,
)
from bot.core.matches import Match, Ranking
from bot.core.saying import AnswerSaid, Line, Post, Update
from tests.core.situations import KNOWLEDGE, LOCKED, PASSWORD, VPN, ByHeart, Conversation

SURE = {
    "how do i connect to the vpn on my phone": ((LOCKED.id, 0.9),),
    "how do i connect to the vpn with windows 11": ((VPN.id, 0.9),),
    "how do i connect to the vpn on my phone with windows 11": ((PASSWORD.id, 0.9),),
    "how do i connect to the vpn\nit says code 720": ((VPN.id, 0.9),),
    "it says code 0x800": ((LOCKED.id, 0.9),),
    "i tried my old password": ((PASSWORD.id, 0.9),),
    "flurb\nit says too many attempts": ((LOCKED.id, 0.9),),
    "flurb\nbut i forgot my password": ((PASSWORD.id, 0.9),),
    "flurb it": ((VPN.id, 0.9),),
}
UNSURE = {
    "how do i connect to the vpn from home": ((VPN.id, 0.5), (LOCKED.id, 0.4)),
    "how do i connect to the vpn after i entered the code": ((VPN.id, 0.5),),
}


class AndDetails(ByHeart):
    """Knows some questions with their details as well."""

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        for band, table in (("sure", SURE), ("unsure", UNSURE)):
            matches = tuple(Match(entry, confidence) for entry, confidence in table.get(text.lower(), ()))
            if matches:
                return Ranking(band, matches, offered=matches if band == "unsure" else ())  # type: ignore[arg-type]
        return super().rank(text, visible)


def talk_after(*texts: str) -> Conversation:
    talk = Conversation(replace(KNOWLEDGE, matcher=AndDetails()))
    for text in texts:
        talk.write(text)
    return talk


def kinds(events: tuple[Event, ...]) -> list[type[Event]]:
    return [type(event) for event in events]


# --- which of those on offer ------------------------------------------------------------------------------------------


def test_a_choice_in_words_has_the_effect_of_its_button() -> None:
    by_word, by_button = talk_after("my account password"), talk_after("my account password")
    offered_at = by_word.present.version

    said = by_word.write("the second one")
    pressed = by_button.press("pick", LOCKED.id)

    assert kinds(said) == kinds(pressed) == [Picked, Answered]
    assert isinstance(said[0], Picked)
    assert (said[0].entry, said[0].position, said[0].words) == (LOCKED.id, offered_at, "the second one")
    assert [each.saying for each in by_word.said] == [each.saying for each in by_button.said]
    assert by_word.present.pressed == by_button.present.pressed


def test_none_of_them_in_words_is_one_failed_attempt() -> None:
    talk = talk_after("my account password")

    assert kinds(talk.write("neither")) == [NoneOfThese, AskedToRephrase]
    assert talk.present.failed == 1


def test_a_button_that_is_pressed_after_the_words_adds_nothing() -> None:
    talk = talk_after("my account password")
    offered_at = talk.present.version
    talk.write("first")

    (again,) = talk.press("pick", LOCKED.id, position=offered_at)

    assert isinstance(again, Picked)
    assert again.again


def test_a_choice_stays_open_while_people_say_hello() -> None:
    talk = talk_after("my account password", "hi")

    assert kinds(talk.write("2")) == [Picked, Answered]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (("i forgot my password",), "the second one"),  # nothing was on offer
        (("my account password", "the first"), "the second one"),  # the choice was made
        (("my account password", "neither"), "the second one"),  # it was made
        (("my account password", "i forgot my password"), "2"),  # something was answered since
    ],
)
def test_where_nothing_is_on_offer_a_number_is_no_choice(before: tuple[str, ...], said: str) -> None:
    assert Picked not in kinds(talk_after(*before).write(said))


def test_a_question_of_its_own_is_no_choice() -> None:
    talk = talk_after("my account password")

    assert kinds(talk.write("how do i connect to the vpn")) == [Closed, Opened, Asked, Answered]


@pytest.mark.parametrize("said", ["the second one, talk to a human", "talk to a human"])
def test_a_wish_for_a_person_comes_before_a_choice(said: str) -> None:
    titled_so = replace(LOCKED, title="Talk to a human")
    talk = Conversation(replace(KNOWLEDGE, entries={**KNOWLEDGE.entries, LOCKED.id: titled_so}))
    talk.write("my account password")

    assert kinds(talk.write(said))[-1] is HandedOff
    assert talk.present.reason == "explicit_request"


def test_an_entry_on_trial_is_confirmed_with_a_yes() -> None:
    on_trial = replace(VPN, state="trial")
    talk = Conversation(replace(KNOWLEDGE, entries={**KNOWLEDGE.entries, VPN.id: on_trial}))
    talk.write("how do i connect to the vpn")

    assert kinds(talk.write("yes please")) == [Picked, Answered]


# --- it did not help --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["still doesn't work", "didn't help", "same error", "still broken"])
def test_that_it_did_not_help_has_the_effect_of_the_button(said: str) -> None:
    by_word, by_button = talk_after("i forgot my password"), talk_after("i forgot my password")
    answered_at = by_word.present.version

    events = by_word.write(said)
    by_button.press("stuck", PASSWORD.id)

    assert kinds(events) == [StillStuck, HumanOffered]
    assert isinstance(events[0], StillStuck)
    assert (events[0].entry, events[0].position, events[0].words) == (PASSWORD.id, answered_at, said)
    assert [each.saying for each in by_word.said] == [each.saying for each in by_button.said]
    assert by_word.present.failed == 1


def test_that_it_is_the_wrong_answer_is_another_kind_of_no() -> None:
    assert kinds(talk_after("i forgot my password").write("that's not it")) == [Rejected, AskedToRephrase]


def test_after_closing_it_offers_to_reopen() -> None:
    talk = talk_after("i forgot my password")
    talk.press("fixed", PASSWORD.id)

    assert kinds(talk.write("same error")) == [ReopenOffered]


def test_while_a_choice_is_open_there_is_no_answer_yet_that_did_not_help() -> None:
    assert kinds(talk_after("my account password").write("still broken")) == [Rejected, AskedToRephrase]


def test_said_twice_it_brings_people_in() -> None:
    talk = talk_after("i forgot my password", "still broken", "password again please")

    assert kinds(talk.write("same error again")) == [StillStuck, HandedOff]


def test_without_an_answer_there_is_nothing_that_did_not_help() -> None:
    assert kinds(talk_after("flurb").write("same error")) == [Asked, Missed, HandedOff]


# --- details ----------------------------------------------------------------------------------------------------------


def test_a_detail_is_read_with_the_question_and_stays_in_the_case() -> None:
    talk = talk_after("how do i connect to the vpn")
    case, question = talk.present.id, talk.present.question

    events = talk.write("on my phone")

    assert kinds(events) == [Asked, Answered]
    assert isinstance(events[0], Asked)
    assert isinstance(events[1], Answered)
    assert (events[0].continues, events[0].detail, events[1].entry) == (question, True, LOCKED.id)
    assert (talk.present.id, talk.present.question) == (case, question)


def test_details_add_up() -> None:
    answered = talk_after("how do i connect to the vpn", "on my phone").write("with windows 11")[-1]

    assert isinstance(answered, Answered)
    assert answered.entry == PASSWORD.id


def test_a_detail_that_changes_nothing_brings_the_answer_again() -> None:
    answered = talk_after("how do i connect to the vpn").write("with windows 11")[-1]

    assert isinstance(answered, Answered)
    assert (answered.entry, answered.how) == (VPN.id, "again")


def test_what_was_answered_is_not_offered_again_beside_what_a_detail_brings_up() -> None:
    offered = talk_after("how do i connect to the vpn").write("from home")[-1]

    assert isinstance(offered, Offered)
    assert [match.entry for match in offered.candidates] == [LOCKED.id]


def test_a_detail_that_makes_the_answer_less_sure_brings_it_again_where_there_is_no_other() -> None:
    answered = talk_after("how do i connect to the vpn").write("after i entered the code")[-1]

    assert isinstance(answered, Answered)
    assert answered.how == "again"


def test_a_code_that_an_entry_has_is_answered_in_the_same_case() -> None:
    talk = talk_after("how do i connect to the vpn")
    case = talk.present.id

    events = talk.write("it says code 0x800")

    assert kinds(events) == [Asked, Answered]
    assert (talk.present.id, talk.present.entry) == (case, LOCKED.id)


@pytest.mark.parametrize("said", ["it says code 720", "it says code 99", "still doesn't work, it says code 99"])
def test_a_code_that_leads_nowhere_says_that_the_answer_did_not_help(said: str) -> None:
    events = talk_after("how do i connect to the vpn").write(said)

    assert kinds(events) == [StillStuck, HumanOffered]


def test_while_a_choice_is_open_news_is_about_that_and_not_about_an_earlier_answer() -> None:
    talk = talk_after("i forgot my password", "my account password")

    assert kinds(talk.write("it says code 99")) == [Asked, Missed, AskedToRephrase]


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("i forgot my password", PASSWORD.id),  # no detail by its form
        ("i tried my old password", PASSWORD.id),  # could be one, but is what an entry is about
    ],
)
def test_a_question_of_its_own_is_not_dragged_into_the_case(said: str, entry: str) -> None:
    talk = talk_after("how do i connect to the vpn")
    case = talk.present.id

    events = talk.write(said)

    assert kinds(events) == [Closed, Opened, Asked, Answered]
    assert talk.present.id != case
    assert talk.present.entry == entry


def test_what_is_neither_a_detail_nor_known_is_a_miss() -> None:
    assert kinds(talk_after("how do i connect to the vpn").write("zork")) == [Asked, Missed, AskedToRephrase]


def test_a_first_message_is_never_a_detail() -> None:
    assert kinds(talk_after().write("on my phone")) == [Opened, Asked, Missed, AskedToRephrase]


def test_what_has_no_meaning_at_all_is_no_detail() -> None:
    assert kinds(talk_after("how do i connect to the vpn").write("hi")) == [Chatted]


def test_rules_on_words_hold_for_a_detail() -> None:
    events = talk_after("how do i connect to the vpn").write("still doesn't work, i call my lawyer")

    assert isinstance(events[-1], HandedOff)
    assert events[-1].rule == "angry"


# --- a miss that is continued -----------------------------------------------------------------------------------------


def test_a_detail_within_ten_seconds_of_a_miss_takes_its_place() -> None:
    talk = talk_after("flurb")
    missed_at = talk.present.version

    answered = talk.write("it says too many attempts", after=5)[-1]

    assert isinstance(answered, Answered)
    assert (answered.entry, answered.instead_of, talk.present.failed) == (LOCKED.id, missed_at, 0)
    assert isinstance(talk.said[-1].saying, Update)


def test_a_miss_that_is_continued_stays_in_its_case_even_when_it_is_about_something_else() -> None:
    talk = talk_after("how do i connect to the vpn", "flurb")
    case, missed_at = talk.present.id, talk.present.version

    answered = talk.write("but i forgot my password", after=5)[-1]

    assert isinstance(answered, Answered)
    assert answered.instead_of == missed_at
    assert talk.present.id == case
    said = talk.said[-1].saying
    assert isinstance(said, Update)
    assert said.outbox == f"{case}-{missed_at}-0"


def test_what_came_of_an_answer_that_took_a_misss_place_is_shown_there() -> None:
    talk = talk_after("flurb")
    talk.write("it says too many attempts", after=5)
    answered_at = talk.present.version

    talk.write("still doesn't work")

    told = next(s.saying for s in talk.said if isinstance(s.saying, Update) and s.position == answered_at + 1)
    assert told.outbox == f"{talk.present.id}-{answered_at}-0"
    assert isinstance(told.content, AnswerSaid)
    assert told.content.outcome == sentences.STILL_STUCK
    offer = talk.said[-1].saying
    assert isinstance(offer, Post)
    assert isinstance(offer.content, Line)
    assert offer.content.text == sentences.STUCK_OFFER
