"""The matcher: what it answers, what it only offers, and what it must never confuse."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.entries import Entry, EntryState, Keywords, Words
from bot.core.matches import Matcher, Ranking
from bot.core.matching import build_matcher
from bot.core.matching.reading import negating
from bot.core.matching.reading.english import stem
from bot.core.matching.reading.negating import negated
from bot.core.matching.reading.normalising import tokens
from bot.core.rulebook.rules import Thresholds
from bot.vectors.choosing import DEFAULT, encoder_for

WORDS = Words(
    synonyms=(("laptop", "notebook", "macbook"), ("wifi", "wi-fi", "wireless"), ("log in", "sign in", "login")),
    opposites=(("install", "uninstall"), ("turn on", "turn off"), ("cancel", "change")),
    greetings=("moin",),
    fillers=("quick question", "pls help"),
    products=("Lantern",),
)


def entry(id_: str, *phrasings: str, title: str = "", **given_: object) -> Entry:
    plain = Entry(id_, title or phrasings[0], phrasings, "an answer")
    return replace(plain, **given_)  # type: ignore[arg-type]  # the fields under test, by name


def matcher(entries: Iterable[Entry], words: Words = WORDS, **thresholds: Thresholds) -> Matcher:
    return build_matcher(entries, words, thresholds, encoder_for(DEFAULT))


def ids(ranking: Ranking) -> list[str]:
    return [match.entry for match in ranking.matches]


RESET = entry(
    "accounts/reset-password",
    "how do i reset my password",
    "i forgot my password",
    "my password has expired",
    "i need a new password",
    "it says my password is wrong",
    title="Reset a forgotten or expired password",
    keywords=Keywords(none=("wifi", "database", "zip", "pdf")),
)
LOCKED = entry(
    "accounts/account-locked",
    "my account is locked",
    "it says too many attempts",
    "i am locked out after typing the wrong password",
    title="Unlock a locked account",
)
REFUND = entry(
    "billing/refund",
    "i want my money back",
    "how do i get a refund",
    "please refund my last payment",
    title="Ask for a refund",
)
SMALL_DESK = matcher([RESET, LOCKED, REFUND])


@pytest.mark.parametrize("one", [RESET, LOCKED, REFUND], ids=lambda one: one.id)
def test_every_phrasing_is_answered_by_its_entry(one: Entry) -> None:
    for phrasing in one.phrasings:
        ranking = SMALL_DESK.rank(phrasing)

        assert (ranking.band, ids(ranking)[0]) == ("sure", one.id), phrasing


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("How do I reset my pasword?", RESET),  # a slip of the finger
        ("forgot my password again :(", RESET),  # a smiley and a sigh
        ("my password expired this morning", RESET),  # when it happened changes nothing
        ("Hello team, could you please tell me how to reset my password? Thanks in advance", RESET),  # politeness
        ("My mouse is fine. I FORGOT MY PASSWORD!!! It is raining.", RESET),  # one sentence of several
        ("my account got locked, i can't get in", LOCKED),  # a symptom is no negation
        ("too many attemts", LOCKED),
        ("how to get a refund", REFUND),
        ("refund?", REFUND),  # one word, and all of a phrasing
        ("I don't need a refund, I need a new password", RESET),  # the one denied, the other asked for
        ("it is not my account but my password, it has expired", RESET),
    ],
)
def test_what_is_answered(said: str, answer: Entry) -> None:
    ranking = SMALL_DESK.rank(said)

    assert (ranking.band, ids(ranking)[:1]) == ("sure", [answer.id])
    assert ranking.offered == ()


def test_of_two_sides_of_one_question_both_are_offered() -> None:
    ranking = SMALL_DESK.rank("is my password expired or is my account locked")

    assert ranking.band == "unsure"
    assert {match.entry for match in ranking.offered} == {RESET.id, LOCKED.id}


@pytest.mark.parametrize(
    ("said", "first", "also"),
    [
        ("my account is locked. i also forgot my password", LOCKED, RESET),  # two sentences
        ("how do i reset my password and how do i get my account unlocked, it is locked", RESET, LOCKED),  # joined
    ],
)
def test_of_two_questions_the_first_is_answered_and_the_second_comes_with_it(
    said: str, first: Entry, also: Entry
) -> None:
    ranking = SMALL_DESK.rank(said)

    assert (ranking.band, ids(ranking)[:1]) == ("sure", [first.id])
    assert ranking.also is not None
    assert ranking.also.entry == also.id


@pytest.mark.parametrize(
    "said",
    [
        "how do i reset my laptop",  # the same verb
        "what is the wifi password",  # a veto word
        "what is the wi-fi password",  # in other letters
        "i do not need a password reset, my mouse is broken",
        "password",  # half of every phrasing: rather ask
        "the",
        "how do i",
        "",
        "flurb",
        "\U0001f600",
    ],
)
def test_what_is_not_answered(said: str) -> None:
    assert SMALL_DESK.rank(said).band != "sure"


# False friends: each is tried with the right entry missing, as a fuzzy matcher then takes the next best.

PRINTER = entry("office/printer", "the printer is out of paper", "my printer does not print", title="Printer trouble")
HOLIDAY = entry("hr/holiday", "how many vacation days do i have", "i want to book a day off", title="Book a holiday")
EXPENSES = entry("hr/expenses", "how do i get my travel expenses back", "submit an expense report")
OTHERS = (PRINTER, HOLIDAY, EXPENSES)

VPN = entry("network/vpn", "what is the vpn address")
PASSWORD = entry("accounts/password", "reset my password", "how do i reset my password", "i need a password reset")
LAPTOP = entry("devices/laptop", "reset my laptop", "how do i reset my laptop")
INSTALL = entry("software/install", "install slack", "how do i install slack")
UNINSTALL = entry("software/uninstall", "uninstall slack", "remove slack from my laptop")
CANCEL = entry("billing/cancel", "cancel my subscription", "how do i cancel my subscription")
CHANGE = entry("billing/change", "change my subscription", "how do i change my subscription")
BILL = entry("billing/bill", "my bill is wrong", "there is a mistake on my bill")
BUILD = entry("devops/build", "my build is wrong", "the build fails")


@pytest.mark.parametrize("others", [(), OTHERS], ids=["alone", "among others"])
@pytest.mark.parametrize(
    ("said", "friend"),
    [
        ("the", VPN),  # a stop word says nothing
        ("what is the", VPN),
        ("i do not need a password reset", PASSWORD),
        ("I don't need a password reset", PASSWORD),
        ("it's not a password problem", PASSWORD),
        ("reset my laptop", PASSWORD),
        ("how do i reset my laptop", PASSWORD),
        ("reset my password", LAPTOP),
        ("how do i reset my password", LAPTOP),
        ("install slack", UNINSTALL),
        ("how do i install slack", UNINSTALL),
        ("uninstall slack", INSTALL),
        ("how do i uninstall slack", INSTALL),
        ("cancel my subscription", CHANGE),
        ("how do i cancel my subscription", CHANGE),
        ("change my subscription", CANCEL),
        ("i do not want to cancel my subscription", CANCEL),
        ("my build is wrong", BILL),
        ("my bill is wrong", BUILD),
    ],
)
def test_a_false_friend_is_not_answered(said: str, friend: Entry, others: tuple[Entry, ...]) -> None:
    assert matcher([friend, *others]).rank(said).band != "sure"


@pytest.mark.parametrize("others", [(), OTHERS], ids=["alone", "among others"])
@pytest.mark.parametrize(
    ("said", "meant", "friend"),
    [
        ("reset my laptop", LAPTOP, PASSWORD),
        ("reset my password", PASSWORD, LAPTOP),
        ("install slack", INSTALL, UNINSTALL),
        ("i want to uninstall slack", UNINSTALL, INSTALL),
        ("unistall slack", UNINSTALL, INSTALL),  # a slip between two contraries
        ("cancel my subscription", CANCEL, CHANGE),
        ("how can i change my subscription?", CHANGE, CANCEL),
        ("my bill is wrong", BILL, BUILD),
        ("my build is wrong", BUILD, BILL),
        ("vpn adress?", VPN, PASSWORD),
    ],
)
def test_of_two_false_friends_the_one_that_is_meant_answers(
    said: str, meant: Entry, friend: Entry, others: tuple[Entry, ...]
) -> None:
    ranking = matcher([meant, friend, *others]).rank(said)

    assert (ranking.band, ids(ranking)[0]) == ("sure", meant.id)


def test_of_contraries_the_other_is_not_even_offered() -> None:
    desk = matcher([INSTALL, UNINSTALL, *OTHERS])

    assert UNINSTALL.id not in ids(desk.rank("install slack"))
    assert INSTALL.id not in ids(desk.rank("how do i uninstall slack"))
    assert {INSTALL.id, UNINSTALL.id} <= set(ids(desk.rank("install or uninstall slack")))


def test_a_contrary_counts_only_as_a_whole_phrase() -> None:
    lights = entry("office/lights", "turn off the lights")
    turned_on = matcher([lights, *OTHERS]).rank("turn on the lights")

    assert (lights.id in ids(turned_on), turned_on.band) == (False, "none")
    assert matcher([lights, *OTHERS]).rank("turn the lights off").band == "sure"


@pytest.mark.parametrize(
    ("said", "unwanted"),
    [
        ("i do not need a password reset, my mouse is broken", "a password reset"),
        ("i don't want to cancel my subscription, just change it", "to cancel my subscription"),
        ("this is not about the vpn but the wifi", "the vpn"),
        ("i no longer need my account", "my account"),
        ("no need for a refund", "a refund"),
        ("can i move it without cancelling my plan", "cancelling my plan"),
        ("stop cancelling my plan", "cancelling my plan"),
        ("i never asked to cancel my plan", "cancel my plan"),
        ("it has nothing to do with my plan", "my plan"),
        ("a new password, not a refund", "a refund"),
        ("there is no password problem", "password"),
        ("i am not looking for a laptop since mine works", "a laptop"),
        ("i can not log in", ""),  # what can not be done is what they want
        ("it does not work", ""),
        ("i did not get the code", ""),
        ("i do not know my password", ""),
        ("my laptop does not want to start", ""),  # things want nothing
        ("i did not mean to delete it", ""),
        ("no i have a password problem", ""),  # an answer, then the trouble
        ("not able to print", ""),
    ],
)
def test_what_is_said_not_to_be_wanted(said: str, unwanted: str) -> None:
    words = tokens(said)

    assert " ".join(word for word, flag in zip(words, negated(words), strict=True) if flag) == unwanted


_DENIALS = (negating._OPENINGS, negating._NOT_A_PROBLEM, negating._NOT_THIS_BUT)


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])  # what must not stand before it is drawn
@given(st.one_of(*(st.from_regex(denial.pattern, alphabet=" .,abcdefghijklmnopqrstuvwxyz") for denial in _DENIALS)))
def test_nothing_is_denied_without_a_word_that_denies(drawn: str) -> None:
    words = re.findall("[a-z]+|[.,]", drawn)
    denied = any(denial.search(" ".join(words)) for denial in _DENIALS)

    assert not denied or not negating._IN_EACH.isdisjoint(words)


def test_a_phrasing_may_itself_say_what_is_not_wanted() -> None:
    desk = matcher([entry("accounts/leave", "i no longer need my account"), LOCKED, *OTHERS])

    assert ids(desk.rank("I don't need my account"))[0] == "accounts/leave"
    assert desk.rank("i need my account").band != "sure"


@pytest.mark.parametrize(
    ("keywords", "said", "answered"),
    [
        (Keywords(any=("wifi", "vpn")), "the connection is slow on wireless", True),  # a synonym is the word
        (Keywords(any=("wifi", "vpn")), "the connection is slow", False),
        (Keywords(all=("connection", "slow")), "slow connections", True),  # in any order and ending
        (Keywords(all=("connection", "office")), "the connection is slow", False),
        (Keywords(none=("mobile hotspot",)), "the connection is slow on my mobile hotspot", False),
        (Keywords(none=("mobile hotspot",)), "the connection is slow, i do not want a mobile hotspot", True),
        (Keywords(none=("low",)), "the connection is slow", True),  # whole words, never parts
    ],
)
def test_keywords_guard_an_entry(keywords: Keywords, said: str, answered: bool) -> None:
    slow = entry("network/slow", "the connection is slow", keywords=keywords)

    assert (matcher([slow, *OTHERS]).rank(said).band == "sure") is answered


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("error 0x80070005", True),
        ("it says 0X80070005.", True),
        ("`0x80070005`", True),  # pasted as code
        ("0x800700051", False),  # another code
        ("what is NL-4410?", True),
        ("NL-4410-B is broken", False),  # another product
        ("XNL-4410", False),
        ("my LT-99-Q does not start", True),  # a wildcard
        ("LT is broken", False),
    ],
)
def test_a_code_is_a_sure_hit(said: str, answered: bool) -> None:
    coded = entry("devices/codes", "access is denied", patterns=("0x80070005", "NL-4410", "LT-*"))
    ranking = matcher([coded, *OTHERS]).rank(said)

    assert (ranking.band == "sure") is answered
    assert not answered or ranking.phrasing in coded.patterns


def test_a_code_of_two_entries_offers_both_and_a_veto_beats_it() -> None:
    one = entry("a/one", "access is denied", patterns=("E-17",))
    other = entry("a/other", "the door is shut", patterns=("E-17",), keywords=Keywords(none=("window",)))

    assert [match.entry for match in matcher([one, other]).rank("E-17").offered] == ["a/one", "a/other"]
    assert ids(matcher([one, other]).rank("E-17 at the window")) == ["a/one"]


def test_the_same_phrasing_in_two_entries_is_never_sure() -> None:
    twins = [entry("a/two", "the lantern flickers"), entry("a/one", "the lantern flickers")]
    ranking = matcher([*twins, *OTHERS]).rank("the lantern flickers")

    assert ranking.band == "unsure"
    assert ids(ranking) == ["a/one", "a/two"]  # ties fall to the lower id
    assert ranking.matches[0].confidence == ranking.matches[1].confidence


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("my pasword is wrong", True),  # one slip
        ("my passwrod is wrong", True),  # letters that changed places
        ("my subscirptoin ended", True),  # two slips in a long word
        ("my cat is wrong", False),  # a word people know is no slip
    ],
)
def test_a_slip_is_read_as_the_word_it_is_next_to(said: str, understood: bool) -> None:
    desk = matcher([entry("a/b", "my password is wrong", "my subscription ended", "lantern manual"), *OTHERS])

    assert (desk.rank(said).band == "sure") is understood


def test_products_and_words_with_digits_are_left_alone_by_the_speller() -> None:
    desk = matcher([entry("a/b", "my lanterns are dark"), *OTHERS], replace(WORDS, products=("Lanterna",)))

    assert not any("was read as" in step for step in desk.explain("lanterna is dark, b0b is lantern5"))


@pytest.mark.parametrize(
    ("said", "phrasing"),
    [
        ("my macbook is slow", "my laptop is slow"),
        ("my notebooks are slow", "my laptop is slow"),
        ("can not sign in", "i can not log in"),
        ("I can't login!", "i can not log in"),
    ],
)
def test_synonyms_are_one_word(said: str, phrasing: str) -> None:
    one = entry("a/b", phrasing)

    assert matcher([one, *OTHERS]).rank(said).band == "sure"


@pytest.mark.parametrize(
    "words",
    ["reset resets resetting", "cancel cancelled cancels canceling", "bill bills billing billed", "policy policies"],
)
def test_endings_do_not_matter(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["bill build", "contract contact", "status state", "note not", "news new", "pass password"]
)
def test_different_words_keep_different_stems(pair: str) -> None:
    assert len({stem(word) for word in pair.split()}) == 2


def test_only_trial_and_live_entries_are_served() -> None:
    served_states: dict[EntryState, bool] = {"draft": False, "archived": False, "trial": True, "live": True}
    for state, served in served_states.items():
        ranking = matcher([replace(VPN, state=state)]).rank("what is the vpn address")

        assert (ranking.band == "sure") is served, state


def test_only_visible_entries_take_part() -> None:
    everyone = SMALL_DESK.rank("how do i get a refund")

    assert ids(everyone)[0] == REFUND.id
    assert SMALL_DESK.rank("how do i get a refund", frozenset()).matches == ()
    assert SMALL_DESK.rank("how do i get a refund", {RESET.id, LOCKED.id}).band == "none"
    assert SMALL_DESK.rank("how do i get a refund", {"no/such"}).matches == ()


def test_an_invisible_twin_is_no_rival() -> None:
    twins = [entry("a/one", "the lantern flickers"), entry("a/two", "the lantern flickers")]
    ranking = matcher([*twins, *OTHERS]).rank("the lantern flickers", {"a/two", "office/printer"})

    assert (ranking.band, ids(ranking)) == ("sure", ["a/two"])


def test_other_languages_take_part_only_where_they_are_visible() -> None:
    german = entry("a/de", "mein drucker druckt nicht", language="de")
    desk = matcher([german, *OTHERS])
    unseen = desk.rank("mein drucker druckt nicht")

    assert (german.id in ids(unseen), unseen.band) == (False, "none")
    assert ids(desk.rank("mein drucker druckt nicht", {"a/de"})) == ["a/de"]


def test_a_category_may_be_more_careful_or_bolder() -> None:
    said = "forgot my password again :("
    confidence = SMALL_DESK.rank(said).matches[0].confidence
    careful = matcher([RESET, LOCKED], accounts=Thresholds(sure=0.9999))
    silent = matcher([RESET, LOCKED], accounts=Thresholds(sure=0.9999, unsure=0.9998))
    elsewhere = matcher([RESET, LOCKED], billing=Thresholds(sure=0.9999))

    assert 0.5 < confidence < 0.9998
    assert careful.rank(said).band == "unsure"
    assert silent.rank(said).band == "none"
    assert elsewhere.rank(said).band == "sure"


def test_a_ranking_is_in_order_and_within_bounds() -> None:
    desk = matcher([RESET, LOCKED, REFUND, PASSWORD, LAPTOP, BILL, *OTHERS])
    ranking = desk.rank("my password is wrong and my account is locked, how do i get my money back")

    assert len(ranking.matches) == 3
    assert list(ranking.matches) == sorted(ranking.matches, key=lambda match: (-match.confidence, match.entry))
    assert all(
        0 <= match.confidence <= 1 == round(match.confidence, 4) / (match.confidence or 1) for match in ranking.matches
    )
    assert set(ranking.offered) <= set(ranking.matches)


def test_why_tells_every_step() -> None:
    why = "\n".join(SMALL_DESK.explain("i do not want a refund, my pasword has expired and the wifi is slow"))

    assert "“pasword” was read as “password”" in why
    assert "“a refund” is what the customer does not want" in why
    assert "accounts/reset-password is left out: the message has “wifi”" in why
    assert SMALL_DESK.explain("flurb")[-1].startswith("none: it takes ")
    assert SMALL_DESK.explain("") == ("nothing that may be shown is anything like the message",)


def test_the_version_names_all_that_a_ranking_depends_on() -> None:
    entries = [RESET, LOCKED, REFUND]
    version = matcher(entries).version

    assert matcher(reversed(entries)).version == version
    assert matcher([*entries, replace(VPN, state="draft")]).version == version
    for other in (
        matcher(entries[1:]),
        matcher([replace(RESET, phrasings=RESET.phrasings[1:]), LOCKED, REFUND]),
        matcher([replace(RESET, patterns=("E-1",)), LOCKED, REFUND]),
        matcher([replace(RESET, state="trial"), LOCKED, REFUND]),
        matcher(entries, replace(WORDS, fillers=())),
        matcher(entries, accounts=Thresholds(sure=0.9)),
    ):
        assert other.version != version


def test_the_order_of_the_entries_changes_nothing() -> None:
    entries = [RESET, LOCKED, REFUND, PASSWORD, LAPTOP, BILL, BUILD, *OTHERS]
    one, other = matcher(entries), matcher(reversed(entries))

    for said in ("reset password", "my bill", "i lost my laptop and my password", "how do i get it back"):
        assert one.rank(said) == other.rank(said)


def test_a_desk_without_entries_knows_nothing() -> None:
    assert matcher([], Words()).rank("how do i reset my password").band == "none"


def test_odd_entries_are_no_obstacle() -> None:
    odd = [
        entry("a/stop", "what is it", title="The"),
        entry("a/emoji", "\U0001f600", title="!!!"),
        entry("a/pattern", "a lantern", patterns=("*", "", "***")),
        entry("a/guards", "a torch", keywords=Keywords(any=("", "!"), all=("",), none=("...",))),
    ]
    desk = matcher(odd, Words(synonyms=(("", "x"), ("y", "")), opposites=(("", "z"),), fillers=("?", "")))

    assert ids(desk.rank("a lantern"))[0] == "a/pattern"
    assert ids(desk.rank("a torch"))[0] == "a/guards"


_PIECES = [
    *(
        "not",
        "i do not want",
        "password",
        "reset",
        "or",
        ".",
        ",",
        "\n",
        "install",
        "uninstall",
        "wifi",
        "please",
        "hi",
    ),
    *(
        "```",
        "`",
        "https://x.example",
        ":wave:",
        "\u200b",
        "\x00",
        "\ud800",
        "\ufdfa",
        "\U0001f600",
        "0x80070005",
        "'",
        "*",
    ),
]


@settings(deadline=None)  # a busy machine is no bug
@given(st.one_of(st.text(), st.lists(st.sampled_from(_PIECES)).map(" ".join)))
def test_no_text_raises_and_every_text_is_ranked_the_same_twice(text: str) -> None:
    assert SMALL_DESK.rank(text) == SMALL_DESK.rank(text)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece",
    [
        "xqzvwpt ",
        "password ",
        "i do not want ",
        "not the a b ",
        "'a",
        "a@",
        ":a",
        "```a ",
        "\ufdfa",
        "a. ",
        "no a b c ",
    ],
)
def test_a_hostile_text_is_read_in_one_go(piece: str) -> None:
    assert SMALL_DESK.rank(piece * (100_000 // len(piece))).band in {"sure", "unsure", "none"}


def test_a_veto_word_counts_however_late_it_comes() -> None:
    story = "and then it went on and on " * 300

    assert SMALL_DESK.rank(f"i forgot my password. {story}. it is the wifi one").band != "sure"
    assert SMALL_DESK.rank(f"{story}. i do not need a password reset").band == "none"
