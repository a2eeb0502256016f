"""Which words and phrases are in messages about anything, so that nothing may hang on them alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.matching.reading.english import is_common


@pytest.mark.parametrize(
    "phrase",
    [
        "the",
        "The",  # in any case
        "yes",
        "can i",
        "how do I",
        "can't",  # short for two common words
        "can\u2019t",  # with the apostrophe of a phone
        "please",
        "help",
        "help me please!",  # marks do not make it rarer
        "need",
        "work",
        "working",  # in any form
        "needs",
        "problem",
        "problems",
        "I have a problem",
        "good morning",  # every other message begins so
        "could you help me",
    ],
)
def test_a_phrase_that_messages_about_anything_hold_is_common(phrase: str) -> None:
    assert is_common(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "invoice",
        "talk to a human",
        "not working",  # says that something is broken
        "nothing works",
        "it works",
        "today",  # beside others it says little, alone it says when
        "never again",
        "it was not me",  # who says so means something
        "down",  # of a service; in the matcher's eyes it carries nothing
        "quit",  # no form of `quite`
        "make a copy",  # one telling word is enough
        "help desk",
        "vpn",
        "404",
        "",  # nothing is in no message
        "!?",
    ],
)
def test_a_phrase_that_tells_something_is_not(phrase: str) -> None:
    assert not is_common(phrase)


@given(st.text(max_size=200))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert is_common(text) in (True, False)
