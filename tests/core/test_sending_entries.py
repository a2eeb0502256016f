"""What a specialist may send from the knowledge base, to whom, and what they find to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.commands import FindReplies
from bot.core.entries import Entry, Site
from bot.core.events import Claimed, EntrySent, ListShown, Refused
from bot.core.folding import evolve
from bot.core.knowledge import Knowledge
from bot.core.matches import Match
from bot.core.saying import AnswerSaid, Post
from bot.core.scene import AtHand, Scene, Surroundings
from bot.core.stimuli import Command, Place
from bot.core.tier2.finding_replies import MOST, Carried, find, ranked
from bot.core.tier2.sending_entries import send, sendable, sent, unfilled
from tests.core.situations import (
    CUSTOMER,
    DANA,
    DESK,
    EMIL,
    ENTRIES,
    HELP,
    KNOWLEDGE,
    LOCKED,
    NOON,
    PASSWORD,
    RULES,
    TEAM,
    VPN,
    ByHeart,
)

STAFF_ONLY = Entry("staff/payroll", "Payroll", ("payroll",), "Ask.", audience=frozenset({"staff"}))
DRAFT = replace(VPN, id="network/draft", state="draft")
BY_NAME = Entry("accounts/hello", "Hello", ("hello there",), "Hi {{customer.first_name}}, see {{site.portal}}.")
BROKEN = Entry("accounts/broken", "Broken", ("broken",), "See {{site.nowhere}} and {{ case.id }}.")
KB = Knowledge(
    {**ENTRIES, **{entry.id: entry for entry in (STAFF_ONLY, DRAFT, BY_NAME, BROKEN)}},
    Site(variables={"portal": "https://portal"}), KNOWLEDGE.words, RULES, ByHeart(), KNOWLEDGE.versions,
)  # fmt: skip
CARLA = Person(CUSTOMER, TEAM, name="Carla Weiss", first_name="Carla")
GUEST = replace(CARLA, guest=True)
NAMELESS = replace(CARLA, name="", first_name="")
CASE = Case(
    "TBCDFGHJ", Place(TEAM, HELP, "1.000001", CUSTOMER), version=4, state="claimed", queue="tech", owner=DANA,
    question=2, question_channel=HELP, card=3,
)  # fmt: skip


def scene(case: Case = CASE, *, by: str = DANA, customer: Person | None = CARLA) -> Scene:
    return Scene(case, Surroundings(Person(by, TEAM), "TNEW", customer=customer), KB, NOON)


# --- sending ----------------------------------------------------------------------------------------------------------


def test_what_is_sent_is_an_event_of_the_specialist() -> None:
    came_of = send(scene(), PASSWORD.id, how="kb", confidence=0.93)

    assert came_of == (EntrySent(at=NOON, actor=DANA, entry=PASSWORD.id, confidence=0.93, how="kb"),)


def test_who_sends_something_first_has_taken_the_case() -> None:
    came_of = send(scene(replace(CASE, state="handed_off", owner=None), by=EMIL), PASSWORD.id, how="card")

    assert [type(event) for event in came_of] == [Claimed, EntrySent]


@pytest.mark.parametrize(
    ("given", "entry", "why"),
    [
        (scene(by="USTRANGER"), PASSWORD.id, "members of this queue"),  # has no right to the case
        (scene(replace(CASE, state="open")), PASSWORD.id, "not with you"),  # back with the bot
        (scene(replace(CASE, state="closed")), PASSWORD.id, "closed"),
        (scene(customer=GUEST), STAFF_ONLY.id, "may not see"),  # outside the customer's audience
        (scene(), DRAFT.id, "may not see"),  # not served to anybody
        (scene(), "accounts/none", "may not see"),  # no such entry
        (scene(customer=None), PASSWORD.id, "may not see"),  # nobody knows who the customer is
        (scene(customer=NAMELESS), BY_NAME.id, "{{customer.first_name}}"),  # a gap where their name would be
        (scene(), BROKEN.id, "{{site.nowhere}}"),  # a gap that no customer fills
    ],
)
def test_what_is_not_sent_is_refused_with_the_reason(given: Scene, entry: str, why: str) -> None:
    came_of = send(given, entry, how="kb")

    assert isinstance(came_of, str)
    assert why in came_of


@pytest.mark.parametrize(
    ("entry", "customer", "gaps"),
    [
        (BY_NAME, CARLA, ()),
        (BY_NAME, NAMELESS, ("customer.first_name",)),
        (BY_NAME, replace(CARLA, name=CUSTOMER), ("customer.first_name",)),  # an id is no name
        (BROKEN, CARLA, ("site.nowhere",)),  # and the case's number is always known
        (PASSWORD, NAMELESS, ()),
    ],
)
def test_which_variables_nobody_can_fill(entry: Entry, customer: Person, gaps: tuple[str, ...]) -> None:
    assert unfilled(entry, customer, KB) == gaps


def test_only_what_the_customer_may_see_can_be_sent() -> None:
    assert STAFF_ONLY.id in sendable(CASE, CARLA, KB)
    assert STAFF_ONLY.id not in sendable(CASE, GUEST, KB)
    assert DRAFT.id not in sendable(CASE, CARLA, KB)


def test_what_may_not_be_shown_where_they_asked_or_where_they_are_answered_is_not_sent() -> None:
    hidden = replace(VPN, deny_channels=(HELP,))
    kb = replace(KB, entries={**KB.entries, VPN.id: hidden})
    in_dm = replace(CASE, place=replace(CASE.place, channel=f"@{CUSTOMER}"))

    assert VPN.id not in sendable(CASE, CARLA, kb)
    assert VPN.id not in sendable(in_dm, CARLA, kb)
    assert VPN.id in sendable(replace(in_dm, question_channel=f"@{CUSTOMER}"), CARLA, kb)


def test_the_customer_reads_it_under_the_specialists_name_with_no_way_to_the_person_they_have() -> None:
    event = EntrySent(at=NOON, actor=DANA, entry=BY_NAME.id, how="kb")
    to_customer, to_team = sent(evolve(CASE, event), event, KB)

    assert isinstance(to_customer, Post)
    assert isinstance(to_customer.content, AnswerSaid)
    assert (to_customer.content.who, to_customer.content.body) == (
        DANA,
        "Hi {{customer.first_name}}, see https://portal.",
    )
    assert "{who}" in to_customer.content.lead
    assert [button.kind for button in to_customer.content.buttons] == ["fixed", "stuck"]
    assert isinstance(to_team, Post)
    assert to_team.where != to_customer.where


def test_an_entry_that_is_gone_by_then_is_not_said() -> None:
    event = EntrySent(at=NOON, actor=DANA, entry="accounts/none", how="kb")

    assert sent(CASE, event, KB) == ()


# --- finding what to send ---------------------------------------------------------------------------------------------


SECOND = replace(CASE, id="TCDFGHJK")


def kb(
    words: str, at_hand: Sequence[AtHand], *, case: str = "", by: str = DANA, channel: str = DESK
) -> ListShown | Refused:
    order = FindReplies(words, case)
    command = Command(key="c:1", team=TEAM, user=by, channel=channel, text="", response_url="http://r")
    around = Surroundings(Person(by, TEAM), "TNEW", at_hand=tuple(at_hand))
    (event,) = find(Scene(Case("TNEW", CASE.place), around, KB, NOON), command, order)
    assert isinstance(event, ListShown | Refused)
    return event


def test_one_case_gets_a_button_beside_each_entry() -> None:
    shown = kb("my account password", [AtHand(CASE, CARLA)])

    assert isinstance(shown, ListShown)
    (group,) = shown.listing.groups
    assert [item.title for item in group.items] == [PASSWORD.title, LOCKED.title]
    assert [(button.label, button.case) for button in group.items[0].buttons] == [("Send", CASE.id)]
    assert Carried.read(group.items[0].buttons[0].choice) == Carried(PASSWORD.id, 0.5)
    assert shown.words == "my account password"


def test_several_cases_are_named_on_the_buttons() -> None:
    shown = kb("i forgot my password", [AtHand(CASE, CARLA), AtHand(SECOND, CARLA)])

    assert isinstance(shown, ListShown)
    buttons = shown.listing.groups[0].items[0].buttons
    assert [button.label for button in buttons] == ["Send to TBCDFGHJ", "Send to TCDFGHJK"]


def test_an_entry_is_offered_only_for_the_customers_who_may_see_it() -> None:
    own = replace(KB, entries={PASSWORD.id: replace(PASSWORD, audience=frozenset({"staff"}))})
    around = Surroundings(Person(DANA, TEAM), "TNEW", at_hand=(AtHand(CASE, GUEST), AtHand(SECOND, CARLA)))
    command = Command(key="c:1", team=TEAM, user=DANA, channel=DESK, text="", response_url="")
    (shown,) = find(Scene(Case("TNEW", CASE.place), around, own, NOON), command, FindReplies("i forgot my password"))

    assert isinstance(shown, ListShown)
    assert [button.case for button in shown.listing.groups[0].items[0].buttons] == [SECOND.id]


@pytest.mark.parametrize(
    ("words", "at_hand", "more", "why"),
    [
        ("", [AtHand(CASE, CARLA)], {}, "what to look for"),
        ("vpn", [AtHand(CASE, CARLA)], {"channel": HELP}, "team's channel"),
        ("vpn", [], {}, "None of this channel's cases is yours"),
        ("vpn", [], {"case": "TZZZZZZZ"}, "I know no case TZZZZZZZ"),
        ("vpn", [AtHand(CASE, CARLA)], {"by": "USTRANGER"}, "members of this queue"),
        ("vpn", [AtHand(CASE, CARLA)], {"case": CASE.id, "by": "USTRANGER"}, "members of this queue"),
        ("vpn", [AtHand(replace(CASE, state="open"), CARLA)], {"case": CASE.id}, "not with you"),
    ],
)
def test_what_cannot_be_found_for_is_refused_with_the_way_out(
    words: str, at_hand: list[AtHand], more: dict[str, str], why: str
) -> None:
    event = kb(words, at_hand, **more)

    assert isinstance(event, Refused)
    assert why in event.why


def test_nothing_that_fits_is_said_to_be_nothing() -> None:
    shown = kb("flurb", [AtHand(CASE, CARLA)])

    assert isinstance(shown, ListShown)
    assert (shown.listing.groups, "Nothing that {who} may see" in shown.listing.lead) == ((), True)


class Seven(ByHeart):
    """Knows seven entries, and ranks three of those that may be seen, each the surer the fewer there are."""

    def rank(self, text: str, visible=None):  # type: ignore[no-untyped-def]
        ranking = super().rank(text, visible)
        seen = sorted(visible or ())[:3]
        sure = 0.9 if len(visible or ()) > 4 else 0.99
        return replace(ranking, matches=tuple(Match(entry, sure - n / 10) for n, entry in enumerate(seen)))


def test_five_are_found_although_a_ranking_has_three_and_the_later_are_never_surer() -> None:
    found = ranked("anything", frozenset("abcdefg"), Seven())

    assert [match.entry for match in found] == ["a", "b", "c", "d", "e"]
    assert len(found) == MOST
    assert [match.confidence for match in found] == sorted((m.confidence for m in found), reverse=True)


@pytest.mark.parametrize(
    ("choice", "carried"),
    [
        ("network/vpn 93", Carried("network/vpn", 0.93)),
        ("network/vpn", Carried("network/vpn")),
        ("network/vpn 9999", Carried("network/vpn")),  # nobody gave that
        ("network/vpn 101", Carried("network/vpn", 1.0)),
        ("network/vpn ²", Carried("network/vpn")),
        ("", Carried("")),
    ],
)
def test_what_a_send_button_carries_is_read_back(choice: str, carried: Carried) -> None:
    assert Carried.read(choice) == carried
