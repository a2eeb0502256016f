"""What a message says of the question before it, by its form; and what is a question of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tier1.remarks import remark_in


@pytest.mark.parametrize(
    "said",
    [
        "still doesn't work",  # the plain case
        "it still doesn't work for me",  # in full
        "didn't help",  # of the answer
        "that did not help either",  # again
        "same error",  # nothing changed
        "no, still the same problem",  # nothing changed
        "nope, same thing",  # nothing changed
        "no luck",  # nothing changed
        "nothing changed",  # nothing changed
        "i already did that",  # what the answer says
        "tried that already, thanks",  # what the answer says
        "it's back",  # for a while it did
        "it didn't",  # an answer to "did it work?"
        "thanks but it's still broken",  # politely
        "not helpful",  # of the answer
        "did that, nothing worked",  # both
    ],
)
def test_the_answer_did_not_help_and_that_is_all(said: str) -> None:
    remark = remark_in(said)

    assert remark is not None
    assert (remark.is_stuck, remark.is_all) == (True, True)


@pytest.mark.parametrize(
    "said",
    [
        "it says code 0x80070005",  # what it says
        "It says: access denied. What should I do?",  # asks, but about the same
        "0x80070005",  # a code and nothing else
        "error 720",  # with its label
        "error message: access denied",  # in words
        "same error on my phone",  # and where
        "it does not work on my laptop",  # and where
        "didn't work, it says code 5",  # and what it says
    ],
)
def test_news_of_what_is_seen_says_that_the_answer_did_not_help(said: str) -> None:
    remark = remark_in(said)

    assert remark is not None
    assert (remark.is_stuck, remark.is_all, remark.may_stand_alone) == (True, False, False)
    assert remark.together("how do i connect", said) == f"how do i connect\n{said}"


@pytest.mark.parametrize(
    "said",
    [
        "on my phone",  # where
        "only on the train",  # where
        "Hmm, on my phone",  # where, after a pause
        "and on my phone?",  # asks for the same there
        "what about on my phone",  # likewise
        "with windows 11",  # with what
        "windows 11",  # with what, shorter
        "after I entered the code",  # when
        "when i press the red button",  # when
        "because i lost my old phone",  # why
        "for my colleague",  # for whom
    ],
)
def test_a_detail_is_the_end_of_the_questions_sentence(said: str) -> None:
    remark = remark_in(said)

    assert remark is not None
    assert (remark.is_stuck, remark.may_stand_alone) == (False, False)
    assert remark.together("How do I connect?", said) == f"How do I connect {said}"


@pytest.mark.parametrize(
    "said",
    [
        "i tried restarting",  # what was done
        "i get a blank page",  # what is seen
        "it crashes when i open a pdf",  # "it" is the thing before, or the pdf reader
        "the vpn still doesn't work",  # names its thing
        "i still can't log in",  # names its thing
    ],
)
def test_what_names_its_thing_may_stand_alone(said: str) -> None:
    remark = remark_in(said)

    assert remark is not None
    assert remark.may_stand_alone


@pytest.mark.parametrize(
    "said",
    [
        "how do i connect to the vpn",  # asks
        "i forgot my password",  # tells of another thing
        "it says my account is locked, how do i unlock it?",  # asks for something of its own
        "it says my account (mine) is locked (again). how do i unlock it?",  # brackets hide no question
        "error 720 (on the vpn). can i use another one?",  # brackets hide no question
        "the printer does not work",  # names its thing
        "not working printer",  # names its thing, in a hurry
        "after the update my printer does not print",  # begins like a detail
        "after work i want to borrow a projector",  # begins like a detail
        "on monday i need a new laptop",  # begins like a detail
        "in outlook i can not send mail",  # begins like a detail
        "if i leave the company what happens to my phone",  # begins like a detail
        "when is lunch",  # asks for a time
        "when would you change my tyres",  # asks for a time
        "on my shopping list, remove the eggs",  # the place first, and then what is wanted
        "cancel order LO-118204",  # a code, and what is wanted with it
        "i am over my email quota",  # a sentence
        "is this still available",  # asks
        "do you still have monitors",  # asks
        "error in my invoice",  # an error of another kind
        "code review tool",  # a code of another kind
        "message from the ceo",  # a message of another kind
        "new phone",  # a thing that is wanted
        "this printer is jammed",  # "this" is the printer
        "it is about my invoice",  # names its thing
        "do the same for me",  # asks
        "it works again",  # it helped
        "it still works",  # it helped
        "i tried that and it works now",  # it helped
        "i did it",  # it helped
        "that's not it",  # another kind of no
        "no",  # another kind of no
        "flurb",  # nothing
        "",  # nothing
    ],
)
def test_what_is_a_question_of_its_own_or_no_remark_at_all(said: str) -> None:
    assert remark_in(said) is None


@given(st.text())
def test_no_text_raises(said: str) -> None:
    remark = remark_in(said)

    assert remark is None or remark.cue


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("piece", "remarks"),
    [
        ("still ", [13, 39]),  # each time it says the same, until it is too long
        ("when i ", [13]),  # a clause, until it is too long
        ("it ", []),  # may begin a remark
        ("on ", []),  # a place without a name
        ("windows ", []),  # a device is named once
        ("and ", []),  # may come before a remark
        ("the error ", []),  # what it says is missing
        ("0x1 ", []),  # a code stands alone
        ("not ", []),  # denies nothing
    ],
)
def test_a_hostile_text_is_read_in_one_go(piece: str, remarks: list[int]) -> None:
    read = {count: remark_in(piece * count + "!") for count in (13, 39, 10_000)}

    assert [count for count, remark in read.items() if remark] == remarks
