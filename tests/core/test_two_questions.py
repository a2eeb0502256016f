"""Two clear questions in one message: which they are, what is said, and what the button for the second does."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

import pytest

from bot.core import sentences
from bot.core.entries import Entry, Keywords
from bot.core.events import (
    Answered,
    Asked,
    Closed,
    Event,
    HandedOff,
    Offered,
    Opened,
    Refused,
    SecondAsked,
)
from bot.core.matches import Match, Ranking
from bot.core.matching import build_matcher
from bot.core.matching.reading.reader import Reader
from bot.core.matching.two_questions import questions_of, two_questions, with_second
from bot.core.saying import AnswerSaid, Button, Post, Update
from bot.vectors.choosing import DEFAULT, encoder_for
from tests.core.situations import KNOWLEDGE, LEGAL, LOCKED, PASSWORD, VPN, WORDS, ByHeart, Conversation

BOTH = "I forgot my password. How do I connect to the VPN?"


def ranking(band: str, *found: tuple[str, float]) -> Ranking:
    return Ranking(band, tuple(Match(entry, confidence) for entry, confidence in found))  # type: ignore[arg-type]


READER = Reader((), WORDS)
ON_A, ON_B = ranking("sure", ("a/a", 0.9), ("c/c", 0.1)), ranking("sure", ("b/b", 0.8))


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((ON_A, ON_B), (ON_A, "b/b")),  # the first one first
        ((ON_B, ON_A), (ON_B, "a/a")),  # whichever that is
        ((ranking("none"), ON_A, ON_B), (ON_A, "b/b")),  # a story before them
        ((ON_A, ON_A, ON_B), (ON_A, "b/b")),  # the first one twice
        ((ON_A, ON_B, ranking("sure", ("c/d", 0.9))), (ON_A, "b/b")),  # the third is not for one message
        ((ON_A, ON_A), None),  # the same twice
        ((ON_A, ranking("unsure", ("b/b", 0.5))), None),  # the second is not clear
        ((ranking("unsure", ("a/a", 0.5)), ON_B), None),  # the first is not
        ((ON_A, ranking("sure", ("b/b", 0.8), ("a/a", 0.3))), None),  # could be about the first as well
        ((ranking("sure", ("a/a", 0.8), ("b/b", 0.3)), ON_B), None),  # the other way round
        ((ON_A,), None),  # one
        ((), None),  # none
    ],
)
def test_which_two_questions_a_message_has(parts: tuple[Ranking, ...], found: tuple[Ranking, str] | None) -> None:
    two = two_questions(parts)

    assert (two and (two[0], two[1].entry)) == found


def test_what_the_whole_message_is_about_and_no_sentence_of_it_stays_the_answer() -> None:
    whole = ranking("sure", ("d/d", 0.9))

    assert with_second(whole, (ON_A, ON_B)) == whole


def test_what_the_whole_message_was_torn_between_is_answered_in_order() -> None:
    torn = ranking("unsure", ("b/b", 0.5), ("a/a", 0.5))

    assert with_second(torn, (ON_A, ON_B)) == replace(ON_A, also=Match("b/b", 0.8))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (BOTH, 2),  # two sentences
        ("how do i reset my password and how do i get lantern", 2),  # joined
        ("I forgot my password\nmy vpn is broken", 2),  # a line each
        ("Hello! I forgot my password. Thank you very much!", 0),  # one asks
        ("I forgot my password and my keys", 0),  # one question about two things
        ("my password is wrong, also can't print", 2),  # no question word is needed after a comma
        ("my password is wrong also how do i print", 2),  # and no comma before a question word
        ("my laptop is slow plus the vpn, plus can I get a new one", 2),  # one plus adds a thing, one a question
        ("my colleague also can't print", 0),  # "also" belongs to the colleague
        ("can i also get a new password", 0),  # nothing is asked before it
        ("Is it locked or did it expire? How do I print?", 2),  # one with two sides, and another
        ("See https://x.example/a.b?c. :wave: ```code. code```", 0),  # what is no word asks nothing
        ("Is it locked or did it expire?", 0),  # one question with two sides
        ("One was. Two were red. Three were blue. Four were grey. Five were green. Six were brown.", 0),  # a story
        ("", 0),  # nothing
    ],
)
def test_how_many_sentences_could_ask_something(text: str, count: int) -> None:
    assert len(questions_of(READER.question(text))) == count


def test_each_question_is_known_by_its_own_words() -> None:
    text = "Hi! Is it locked, or did it expire? My E-17 is `on`, see www.x.example now; also how do I print"
    questions = questions_of(READER.question(text))

    assert [question.text.strip() for question in questions] == [
        "is it locked,  did it expire",
        "my e-17 is `on`, see www.x.example now",
        "also how do i print",
    ]
    assert [sorted(question.sentences) for question in questions] == [[1, 2], [3], [4]]


# --- in a text --------------------------------------------------------------------------------------------------------

INSTALL = Entry("apps/install", "Install an app", ("how do i install an app", "install a new app"), "-")
UNINSTALL = Entry("apps/uninstall", "Uninstall an app", ("how do i uninstall an app", "uninstall an old app"), "-")
PRINTER = Entry("office/printer", "The printer", ("my printer is broken",), "-", patterns=("E-17",))
SERVED = build_matcher(
    (PASSWORD, LOCKED, VPN, PRINTER, INSTALL, UNINSTALL),
    replace(WORDS, opposites=(("install", "uninstall"),)),
    {},
    encoder_for(DEFAULT),
)


@pytest.mark.parametrize(
    ("text", "first", "also"),
    [
        (BOTH, PASSWORD, VPN),
        ("how do i connect to the vpn? i forgot my password", VPN, PASSWORD),  # the first one first
        ("how do i install an app and how do i uninstall an app", INSTALL, UNINSTALL),  # neither rules out the other
        ("it says E-17. i forgot my password", PRINTER, PASSWORD),  # a code decides for its sentence
        ("i forgot my password. it says E-17", PASSWORD, PRINTER),  # and for no other
    ],
)
def test_two_questions_are_told_apart_in_a_text(text: str, first: Entry, also: Entry) -> None:
    ranked = SERVED.rank(text)

    assert (ranked.band, ranked.best and ranked.best.entry) == ("sure", first.id)
    assert ranked.also is not None
    assert ranked.also.entry == also.id


@pytest.mark.parametrize(
    "text",
    [
        "is my account locked or how do i connect to the vpn",  # two sides of one
        "i forgot my password. i do not need to connect to the vpn",  # the second is not wanted
        "i forgot my password. i forgot my password",  # the same
        "i forgot my password",
    ],
)
def test_what_has_no_second_question(text: str) -> None:
    assert SERVED.rank(text).also is None


def test_what_the_whole_text_rules_out_is_no_question_in_it() -> None:
    vetoed = replace(PASSWORD, keywords=Keywords(none=("wifi",)))
    served = build_matcher((vetoed, LOCKED, VPN, PRINTER), WORDS, {}, encoder_for(DEFAULT))

    assert PASSWORD.id in str(served.rank(BOTH))
    assert PASSWORD.id not in str(served.rank(f"{BOTH} The wifi is slow."))


def test_both_are_told_to_whoever_asks_why() -> None:
    ranked = SERVED.rank(BOTH)
    assert ranked.best
    assert ranked.also

    assert SERVED.explain(BOTH)[-1] == (
        f"two questions: first {PASSWORD.id} with {ranked.best.confidence:.2f} by “i forgot my password”,"
        f" then {VPN.id} with {ranked.also.confidence:.2f}"
    )
    assert "two questions" not in str(SERVED.explain("i forgot my password"))


def test_what_is_not_visible_is_no_second_question() -> None:
    ranked = SERVED.rank(BOTH, {PASSWORD.id, LOCKED.id})

    assert (ranked.best and ranked.best.entry, ranked.also) == (PASSWORD.id, None)


# --- in a case --------------------------------------------------------------------------------------------------------


class Desk(ByHeart):
    """Knows sentences by heart whatever marks they end with, and texts of two by their first words."""

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        sentences = [super(Desk, self).rank(each.rstrip(".?!"), visible) for each in text.strip().split(". ")]
        if len(sentences) == 1:
            return sentences[0]
        return with_second(super().rank("my account password", visible), sentences)


def asked_both(text: str = BOTH) -> Conversation:
    talk = Conversation(replace(KNOWLEDGE, matcher=Desk()))
    talk.write(text)
    return talk


def kinds(events: tuple[Event, ...]) -> list[type[Event]]:
    return [type(event) for event in events]


def answer_shown(talk: Conversation) -> AnswerSaid:
    said = talk.said[-1].saying
    assert isinstance(said, Post | Update)
    assert isinstance(said.content, AnswerSaid)
    return said.content


SECOND = Button(f"Also: {VPN.title}", "second", VPN.id)


def test_the_first_is_answered_and_the_second_is_a_button() -> None:
    talk = asked_both()

    answered = talk.log[-1][1]
    assert isinstance(answered, Answered)
    assert (answered.entry, answered.also) == (PASSWORD.id, Match(VPN.id, 0.95))
    shown = answer_shown(talk)
    assert (shown.title, shown.lead) == (PASSWORD.title, sentences.TWO_QUESTIONS)
    assert shown.buttons[-1] == SECOND


def test_pressing_it_answers_the_second_in_the_same_place_and_is_a_fact_of_its_own() -> None:
    talk = asked_both()
    case, answered_at = talk.present.id, talk.present.version

    events = talk.press("second", VPN.id)

    assert kinds(events) == [SecondAsked, Answered]
    assert events[0] == SecondAsked(at=talk.now, actor="UCUSTOMER", entry=VPN.id, position=answered_at)
    assert (talk.present.id, talk.present.entry) == (case, VPN.id)
    before, after = (said.saying for said in talk.said[-2:])
    assert isinstance(before, Update)
    assert before.outbox == f"{case}-{answered_at}-0"
    assert isinstance(before.content, AnswerSaid)
    assert (SECOND in before.content.buttons, before.content.lead) == (False, "")
    assert isinstance(after, Post)
    assert answer_shown(talk).title == VPN.title


def test_pressed_twice_it_is_answered_once() -> None:
    talk = asked_both()
    answered_at = talk.present.version
    talk.press("second", VPN.id)

    (again,) = talk.press("second", VPN.id, position=answered_at)

    assert isinstance(again, SecondAsked)
    assert again.again


def test_asked_in_words_the_second_is_answered_in_the_same_case() -> None:
    talk = asked_both()

    assert kinds(talk.write("how do i connect to the vpn")) == [Asked, Answered]


def test_what_came_of_the_first_leaves_the_button_for_the_second() -> None:
    talk = asked_both()
    answered_at = talk.present.version
    talk.press("stuck", PASSWORD.id)

    told = next(said.saying for said in talk.said if isinstance(said.saying, Update))
    assert isinstance(told.content, AnswerSaid)
    assert told.content.outcome == sentences.STILL_STUCK
    assert SECOND in told.content.buttons

    talk.press("second", VPN.id, position=answered_at)

    told = [said.saying for said in talk.said if isinstance(said.saying, Update)][-1]
    assert isinstance(told.content, AnswerSaid)
    assert (told.content.outcome, SECOND in told.content.buttons) == (sentences.STILL_STUCK, False)


def test_when_the_first_has_closed_the_case_the_second_begins_the_next() -> None:
    talk = asked_both()
    case, answered_at = talk.present.id, talk.present.version
    talk.press("fixed", PASSWORD.id)
    told = next(said for said in talk.said if isinstance(said.saying, Update))

    events = talk.press("second", VPN.id, position=told.position)

    assert kinds(events) == [SecondAsked, Opened, Answered]
    assert isinstance(events[0], SecondAsked)
    assert events[0].position == answered_at
    assert talk.present.id != case
    assert (talk.present.state, talk.present.entry) == ("open", VPN.id)


def test_while_people_have_the_case_they_are_told_instead() -> None:
    talk = asked_both()
    answered_at = talk.present.version
    talk.write("talk to a human")

    assert kinds(talk.press("second", VPN.id, position=answered_at)) == [SecondAsked, Refused]


def test_a_rule_may_send_the_second_to_people() -> None:
    talk = asked_both("i forgot my password. change my contract")

    assert kinds(talk.press("second", LEGAL.id)) == [SecondAsked, HandedOff]


def test_a_first_question_for_people_takes_the_second_along() -> None:
    assert isinstance(asked_both("change my contract. i forgot my password").log[-1][1], HandedOff)


def test_an_answer_that_is_on_trial_is_asked_about_alone() -> None:
    on_trial = replace(PASSWORD, state="trial")
    entries = {**KNOWLEDGE.entries, PASSWORD.id: on_trial}
    talk = Conversation(replace(KNOWLEDGE, matcher=Desk(), entries=entries))

    offered = talk.write(BOTH)[-1]

    assert isinstance(offered, Offered)
    assert [match.entry for match in offered.candidates] == [PASSWORD.id]


def test_a_question_about_something_else_still_ends_the_case() -> None:
    talk = asked_both()

    assert kinds(talk.write("my account is locked"))[:2] == [Closed, Opened]
    assert talk.present.entry == LOCKED.id


def test_the_transcript_tells_of_the_press() -> None:
    talk = asked_both()
    talk.press("second", VPN.id)
    talk.write("talk to a human")

    assert sentences.TURNS["second"].replace("{title}", VPN.title) in str(talk.said)
