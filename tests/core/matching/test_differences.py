"""Where two texts differ in the one point that matters: what is barred, what is doubted, and the reason in words."""

from __future__ import annotations

import pytest

from bot.core.entries import Entry, Words
from bot.core.matching.reading.english import stem
from bot.core.matching.reading.negating import negated
from bot.core.matching.reading.normalising import tokens
from bot.core.matching.reading.reader import Reader
from bot.core.matching.reading.recovering import recovered
from bot.core.matching.scoring.rows import rows_of
from bot.core.matching.vetoes.barring import Bar
from bot.core.matching.vetoes.differences import Differences
from bot.core.matching.vetoes.numbering import names

WORDS = Words(opposites=(("install", "uninstall"), ("on", "off")), products=("beacon", "tidewater"))


def bar(said: str, *phrasings: str, patterns: tuple[str, ...] = ()) -> Bar:
    """What a message does to an entry with these phrasings."""
    entries = (Entry("a/b", phrasings[0], phrasings, "-", patterns=patterns),)
    reader = Reader(entries, WORDS)
    return Differences(entries, rows_of(entries, reader), WORDS).bar(said, reader.question(said).words)


@pytest.mark.parametrize(
    ("phrasings", "said", "reason"),
    [
        (("install it", "install this now"), "uninstall it", "it is about “instal”, the message about “uninstal”"),
        (("turn the lamp on",), "turn the lamp off", "it is about “on”, the message about “off”"),
        (("my door is locked",), "my door is not locked", "it is about “lock”, which the message denies"),
        (("the beacon beeps",), "tidewater beeps", "it is about “beacon”, the message about “tidewater”"),
        (("error E404",), "error E405", "it is about “e404”, the message about “e405”"),
        (("my iphone 12 beeps",), "my iphone 13 beeps", "it is about “iphone 12”, the message about “iphone 13”"),
        (("eat before noon",), "eat after noon", "it is about “before noon”, the message about “after noon”"),
    ],
)
def test_what_leaves_an_entry_out_and_why(phrasings: tuple[str, ...], said: str, reason: str) -> None:
    found = bar(said, *phrasings)

    assert found.out == {0: reason}
    assert found.rows


@pytest.mark.parametrize(
    ("phrasings", "said", "reason"),
    [
        (("uploading fails",), "downloading fails", "it is about “upload”, the message about “download”"),
        (("change pdf to word",), "change word to pdf", "it goes the other way round"),
        (("archive it",), "unarchive it", "it is about “archiv”, the message about “unarchiv”"),  # in no list
        (("reopen it",), "open it", "it is about “reopen”, the message about “open”"),
        (("reset my pin", "i lost my pin"), "reset my watch", "it is about “pin” where the message has “watch”"),
        (("my lamp beeps",), "lamp", "“lamp” alone is not all of a question"),
        (
            ("my password is lost",),
            "my colleague's password is lost",
            "it is about “my password”, the message about “colleague's password”",
        ),
        (("my lamp beeps",), "it works again", "the message only says what is not wanted, or works again"),
    ],
)
def test_what_makes_an_entry_one_to_offer_at_most_and_why(phrasings: tuple[str, ...], said: str, reason: str) -> None:
    found = bar(said, *phrasings)

    assert found.out == {}
    assert found.doubted == {0: reason}


def test_a_code_that_is_not_among_those_of_an_entry_makes_it_one_to_offer_at_most() -> None:
    assert bar("it beeps and shows NL-4411", "it beeps", patterns=("NL-4410",)).doubted
    assert not bar("it beeps and shows NL-4410", "it beeps", patterns=("NL-4410",)).doubted
    assert not bar("it beeps and shows NL-4411", "it beeps", patterns=("NL-44*",)).doubted  # which is for all of them


@pytest.mark.parametrize(
    ("phrasings", "said"),
    [
        (("install it", "uninstall it"), "uninstall it"),  # the entry is about both
        (("install it",), "install or uninstall it"),  # so is the message
        (("put it on my list",), "take it off the list"),  # where it is, not what to switch
        (("the site is unavailable",), "the site is not available"),  # the same in other words
        (("i am unable to print",), "i am not able to print"),
        (("my beacon beeps",), "my beacon beeps in tidewater"),  # one product beside another
        (("i need 5 chairs",), "i need 12 chairs"),  # how many
        (("it stops every 10 minutes",), "it stops every 30 minutes"),  # how often
        (("where is my order 1234",), "where is my order 9876"),  # the customer's own number
        (("error 404 on my iphone",), "error 404 on the iphone 13"),  # a number more
        (("news of version 2",), "news of version 2.1"),  # a part of it
        (("no wifi after the update",), "wifi worked before the update"),  # the same in other words
        (("my door is not locked",), "my door is not locked"),  # both deny it
        (("my vpn is not connected",), "my vpn is not connected"),  # trouble, not its denial
        (("how do i print",), "i can not print"),
        (("reset my pin", "reset my card", "reset my lamp"), "reset my watch"),  # about resetting anything
        (("lamp", "my lamp beeps"), "lamp"),  # all that somebody asks
        (("my lamp beeps",), "radio"),  # nothing to do with it
    ],
)
def test_what_makes_no_difference(phrasings: tuple[str, ...], said: str) -> None:
    found = bar(said, *phrasings)

    assert (found.out, found.doubted) == ({}, {})


def test_only_the_phrasing_that_differs_is_barred_where_the_entry_has_others() -> None:
    found = bar(
        "my iphone 13 beeps", "my iphone 12 beeps", "my phone beeps", "the phone makes a noise", "a noisy phone"
    )

    assert (found.rows, found.out, found.doubted) == (frozenset({0}), {}, {})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("it shows e404", {("e", "404"), ("show", "e404"), ("code", "404")}),
        ("http 502", {("code", "502")}),
        ("0x0080", {("0x", "80")}),  # without the zeros before it
        ("my iphone12 and an iphone 13", {("iphon", "12"), ("iphon", "13")}),  # with and without a blank
        ("v2 or version 3.1", {("version", "2"), ("version", "3.1")}),
        ("at 9am, 10:30, on 3rd may for 20 people, 5gb, 2fa, 12 euro", set()),
        ("nothing", set()),
    ],
)
def test_what_a_text_names(text: str, named: set[tuple[str, str]]) -> None:
    assert {(name.kind, name.which) for name in names(text)} == named


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ("i can print again", "i can print again"),
        ("ok , the wifi works again , thanks", "the wifi works again"),
        ("rebooted and everything is fine now", "everything is fine now"),
        ("the problem with my mouse is solved", "the problem with my mouse is solved"),
        ("how can i print again", ""),  # asks how to
        ("is it working again", ""),
        ("please mend it so i can work again", ""),  # a wish
        ("i can only see errors now", ""),  # trouble
        ("it is running slow again", ""),
        ("it works again when i restart it", ""),  # not for long
    ],
)
def test_what_works_again(said: str, again: str) -> None:
    words = said.split()

    assert " ".join(" ".join(words[start:end]) for start, end in recovered(words)) == again


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("my door is not locked", "my door is not locked"),  # nothing else is asked
        ("my door is not locked , where is the key", "locked"),  # something is
        ("why is my door not locked", "locked"),
        ("nobody was hacked or phished , call me", "hacked or phished"),
        ("my door is not open", ""),  # the trouble itself
        ("i do not want my plan any more", ""),  # asks for an end of it
        ("stop sending me mails", ""),
        ("no plan please", "plan"),
    ],
)
def test_what_is_said_not_to_be_so(said: str, denied: str) -> None:
    words = said.split()

    assert " ".join(word for word, flag in zip(words, negated(words), strict=True) if flag) == denied


@pytest.mark.parametrize(
    ("thing", "doing"), [("buildings", "build"), ("settings", "set"), ("parking", "park"), ("training", "train")]
)
def test_a_thing_is_not_what_somebody_does(thing: str, doing: str) -> None:
    assert stem(thing) != stem(doing)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("I see a black screen", ("i", "see", "a", "black", "screen")),  # with what is seen
        ("I see, my screen is black", ("my", "screen", "is", "black")),  # politeness, and then the trouble
    ],
)
def test_a_polite_phrase_is_none_if_it_goes_on(said: str, read: tuple[str, ...]) -> None:
    assert Reader((), Words(fillers=("i see",))).question(said).words == read


def test_ill_is_short_for_i_will_only_before_what_one_will_do() -> None:
    assert tokens("ill try, i am ill") == ["i", "will", "try", ",", "i", "am", "ill"]
