"""Words that are said to be denied, and those that are said all the same: a trigger must not miss the second."""

from __future__ import annotations

import pytest

from bot.core.rulebook.denying import is_denied


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("stolen", "nothing was stolen"),
        ("stolen", "my laptop was NOT stolen"),  # in any case
        ("stolen", "it wasn't stolen, and it was not stolen last year either"),  # each time
        ("stolen", "it did not get stolen"),
        ("been hacked", "I have not been hacked"),
        ("been hacked", "we haven\u2019t been hacked"),  # with the apostrophe of a phone
        ("been hacked", "i havent ever been hacked"),  # without any
        ("was hacked", "nobody was hacked"),
        ("down", "the site is not down"),
        ("down", "the site is no longer down"),
        ("close my account", "please do not close my account"),
        ("close my account", "I don't want to close my account"),
        ("close my account", "I never asked you to close my account"),
        ("close my account", "can I pause it without having to close my account"),
        ("want to complain", "I do not want to complain"),
        ("have ransomware", "we don't have ransomware"),
        ("third time", "it is not the third time"),  # an article between
    ],
)
def test_what_is_denied(phrase: str, said: str) -> None:
    assert is_denied(phrase.split(), said)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("stolen", "my laptop was stolen"),
        ("stolen", "my laptop was not stolen but my phone was stolen"),  # once is enough
        ("stolen", "I can not believe that it was stolen"),  # something else is denied
        ("stolen", "not only stolen, they broke the door as well"),
        ("stolen", "not here. stolen!"),  # a sentence ends between them
        ("stolen", "I do not see it\nstolen I think"),  # or a line
        ("been hacked", "I am not sure if I have been hacked"),
        ("been hacked", "haven't I been hacked"),  # asks
        ("can log in", "nobody can log in"),  # that nobody can is the trouble
        ("close my account", "I can not close my account"),  # nor that somebody can not
        ("close my account", "why can't I close my account"),
        ("close my account", "you did not close my account"),
        ("close my account", "why don't you close my account"),
        ("can't work", "we can't work"),  # the words have their own no
        ("no internet", "there is no internet"),
        ("shouldn't have clicked", "I shouldn't have clicked"),
        ("flurb", "nothing of it is there"),
    ],
)
def test_what_is_not_denied(phrase: str, said: str) -> None:
    assert not is_denied(phrase.split(), said)
