"""Who asks, and what they may know of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.audience import Person, Sight, audience_of, groups_of, visible, visible_to
from bot.core.entries import Audience, Entry
from bot.core.rulebook.rules import ChannelRules, Group, Queue, Rules

STAFF_CHANNEL, CUSTOMERS, ACCOUNTS_ONLY, GERMAN, ELSEWHERE = (
    "C0STAFF",
    "C0CUSTOMERS",
    "C0ACCOUNTS",
    "C0GERMAN",
    "C0ELSE",
)
RULES = Rules(
    queues={"support": Queue("support", "C0SUPPORT")},
    channels={
        STAFF_CHANNEL: ChannelRules(audience=frozenset({"staff"})),
        CUSTOMERS: ChannelRules(audience=frozenset({"customer"})),
        ACCOUNTS_ONLY: ChannelRules(categories=("accounts",)),
        GERMAN: ChannelRules(language="de"),
    },
    groups={
        "vip": Group(users=("U0VIP",), email_domains=("board.example.com",)),
        "partners": Group(email_domains=("partner.example.com",), audience=frozenset({"partner"})),
        "tier2": Group(usergroup="S0TIER2"),
        "tests": Group(users=("U0VIP",), audience=frozenset({"staff", "customer", "partner"})),
    },
)
ANA = Person("U0ANA", "T0HOME")
GUEST = replace(ANA, guest=True)
STRANGER = Person("U0STRANGER", "T0AWAY", external=True)
PARTNER = replace(STRANGER, groups=frozenset({"partners"}))


def entry(id_: str, *audience: Audience, **given_: object) -> Entry:
    plain = Entry(id_, "title", ("a question",), "an answer", audience=frozenset(audience or ("staff", "customer")))
    return replace(plain, **given_)  # type: ignore[arg-type]  # the fields under test, by name


@pytest.mark.parametrize(
    ("person", "channel", "audience"),
    [
        (ANA, ELSEWHERE, {"staff"}),  # one of ours
        (ANA, "", {"staff"}),  # in a direct message
        (GUEST, ELSEWHERE, {"customer"}),  # a guest is let in, not let in on everything
        (STRANGER, ELSEWHERE, {"customer"}),  # another team's, whatever their profile says
        (replace(STRANGER, guest=True), "", {"customer"}),
        (ANA, CUSTOMERS, {"customer"}),  # the channel comes before the person
        (STRANGER, STAFF_CHANNEL, {"staff"}),  # likewise: who reads there reads the answers anyway
        (PARTNER, CUSTOMERS, {"partner"}),  # a group comes before the channel
        (replace(ANA, groups=frozenset({"vip"})), ELSEWHERE, {"staff"}),  # a group without an audience says nothing
        (
            replace(ANA, groups=frozenset({"vip", "tests", "partners"})),
            "",
            {"partner"},
        ),  # the first in the rules' order
        (replace(ANA, groups=frozenset({"gone"})), "", {"staff"}),  # a group that the rules no longer have
    ],
)
def test_who_a_person_counts_as(person: Person, channel: str, audience: set[Audience]) -> None:
    assert audience_of(person, RULES, channel) == audience


@pytest.mark.parametrize(
    ("one", "person", "channel", "seen"),
    [
        (entry("a/b"), ANA, ELSEWHERE, True),
        (entry("a/b"), STRANGER, ELSEWHERE, True),
        (entry("a/b", "staff"), STRANGER, ELSEWHERE, False),  # staff's own
        (entry("a/b", "staff"), GUEST, "", False),
        (entry("a/b", "partner"), ANA, ELSEWHERE, False),  # not even ours see what is for partners
        (entry("a/b", "partner"), PARTNER, "", True),
        (entry("a/b", "partner"), PARTNER, CUSTOMERS, False),  # customers would read along
        (entry("a/b", "partner", "customer"), PARTNER, CUSTOMERS, True),  # both may
        (entry("a/b", "customer"), PARTNER, CUSTOMERS, False),  # the channel does not widen what a group says
        (entry("a/b", "staff"), ANA, CUSTOMERS, False),
        (entry("a/b", state="draft"), ANA, "", False),
        (entry("a/b", state="archived"), ANA, "", False),
        (entry("a/b", state="trial"), ANA, "", True),
        (entry("accounts/b"), ANA, ACCOUNTS_ONLY, True),
        (entry("a/b"), ANA, ACCOUNTS_ONLY, False),  # another category
        (entry("a/b", allow_channels=(ELSEWHERE,)), ANA, ELSEWHERE, True),
        (entry("a/b", allow_channels=(ELSEWHERE,)), ANA, "D0ANA", False),  # a direct message is not on the list
        (entry("a/b", deny_channels=(ELSEWHERE,)), ANA, ELSEWHERE, False),
        (entry("a/b", deny_channels=(ELSEWHERE,)), ANA, "", True),
        (entry("a/b", language="de"), ANA, ELSEWHERE, False),  # other languages never compete
        (entry("a/b", language="de"), ANA, GERMAN, True),
        (entry("a/b", language="de-AT"), ANA, GERMAN, True),  # a kind of German
        (entry("a/b", language="den"), ANA, GERMAN, False),  # not every tag with these letters is
        (entry("a/b"), ANA, GERMAN, False),
    ],
)
def test_what_a_person_may_know_of(one: Entry, person: Person, channel: str, seen: bool) -> None:
    assert visible([one], person, RULES, channel) == ({one.id} if seen else set())


def test_an_audience_alone_sees_what_is_served_to_it_anywhere() -> None:
    entries = [entry("a/a", "staff"), entry("a/b", "partner"), entry("a/c", "partner", state="draft")]

    assert visible_to(entries, {"partner"}) == (entries[1],)


LIBRARY = [
    entry("accounts/staff", "staff"),
    entry("accounts/both"),
    entry("a/partner", "partner"),
    entry("a/german", language="de-AT"),
    entry("a/here", allow_channels=(ELSEWHERE,)),
    entry("a/not-here", deny_channels=(ELSEWHERE, CUSTOMERS)),
    entry("a/draft", state="draft"),
]


@settings(deadline=None)  # a busy machine is no bug
@given(
    st.lists(
        st.tuples(
            st.sampled_from([ANA, GUEST, STRANGER, PARTNER]),
            st.sampled_from([STAFF_CHANNEL, CUSTOMERS, ACCOUNTS_ONLY, GERMAN, ELSEWHERE, "C0NOWHERE", "D0ANA", ""]),
        )
    )
)
def test_what_was_seen_before_changes_nothing(asked: list[tuple[Person, str]]) -> None:
    sight = Sight(LIBRARY, RULES)

    for person, channel in asked:
        assert sight.of(person, channel) == visible(LIBRARY, person, RULES, channel)


def test_what_people_may_know_of_is_worked_out_once_for_all_who_are_alike() -> None:
    sight = Sight(LIBRARY, RULES)
    ben = replace(ANA, id="U0BEN", groups=frozenset({"vip"}))

    assert sight.of(ben, "D0BEN") is sight.of(ANA, "D0ANA")
    assert sight.of(ben, "C0NOWHERE") is sight.of(ANA, "D0ANA")
    assert sight.of(GUEST, "") != sight.of(ANA, "")


@pytest.mark.parametrize(
    ("user", "email", "groups"),
    [
        ("U0VIP", "", {"vip", "tests"}),  # by id
        ("U0X", "jo@board.example.com", {"vip"}),  # by domain
        ("U0X", "Jo@Board.Example.COM", {"vip"}),  # domains know no capitals
        ("U0X", "jo@notboard.example.com", set()),  # the whole domain, not its end
        ("U0X", "jo@board.example.com.evil.example", set()),
        ("U0X", "jo@evil.example/board.example.com", set()),
        ("U0X", "jo@sub.board.example.com", set()),
        ("U0X", '"x@board.example.com"@evil.example', set()),  # what counts stands after the last @
        ("U0X", "@board.example.com", set()),  # nobody
        ("U0X", "board.example.com", set()),
        ("U0X", "", set()),  # a profile that could not be read puts nobody anywhere
        ("U0TWO", "", {"tier2"}),  # by Slack's user group
    ],
)
def test_which_groups_a_person_is_in(user: str, email: str, groups: set[str]) -> None:
    assert groups_of(user, email, {"S0TIER2": frozenset({"U0TWO"})}, RULES) == groups


@settings(deadline=None)  # a busy machine is no bug
@given(
    st.frozensets(st.sampled_from(["staff", "customer", "partner"]), min_size=1),
    st.sampled_from([ANA, GUEST, STRANGER, PARTNER]),
    st.sampled_from([STAFF_CHANNEL, CUSTOMERS, ELSEWHERE, ""]),
)
def test_nothing_is_shown_outside_its_audience(audience: frozenset[Audience], person: Person, channel: str) -> None:
    seen = visible([entry("a/b", *audience)], person, RULES, channel)

    assert not seen or audience & audience_of(person, RULES, channel)
    assert not seen or RULES.channel(channel).audience is None or audience & RULES.channels[channel].audience  # type: ignore[operator]
