"""Who may press and send what: for each button, each form and each word at the desk, one who may and those who may not.

A kind of press or form that has no row here fails the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal, get_args

import pytest

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.deciding import decide
from bot.core.entries import Audience
from bot.core.events import (
    Claimed,
    Closed,
    Commented,
    ElseAsked,
    EntrySent,
    Event,
    FieldGiven,
    FieldSkipped,
    Fixed,
    FlagFixed,
    Flagged,
    FormOpened,
    HandedOff,
    HomeShown,
    IncidentBegun,
    Joined,
    Labelled,
    Listed,
    ListShown,
    NoneOfThese,
    Noted,
    Opened,
    Paused,
    Picked,
    Rated,
    Refused,
    Released,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    SecondAsked,
    StatusSaid,
    StillStuck,
    Transferred,
    WishedForHuman,
)
from bot.core.folding import evolve
from bot.core.forms import FormKind
from bot.core.knowledge import Knowledge
from bot.core.permissions import Right, may
from bot.core.rulebook.rules import Closing, Group, Queue
from bot.core.saying import Fill, Post, React, Said, Under, Whisper
from bot.core.scene import AtHand, Surroundings
from bot.core.stimuli import OPENS_FORM, AnyStimulus, Command, Message, Place, Press, PressKind, Submission
from tests.core.situations import (
    COLLEAGUE,
    CUSTOMER,
    DANA,
    DESK,
    DM,
    EMIL,
    LOCKED,
    NOON,
    PASSWORD,
    RULES,
    TEAM,
    VPN,
    Conversation,
    with_rules,
)
from tests.core.test_collecting import KNOWS

RIGHTS: tuple[Right, ...] = get_args(Right)
SHOPPERS: frozenset[Audience] = frozenset({"customer"})
GROUPS = {
    "able": Group(usergroup="S1"),
    "firm": Group(email_domains=("firm.example",)),
    "shop": Group(users=("USHOP",), audience=SHOPPERS),
}
QUEUES = {
    **RULES.queues,
    "deep": Queue("deep", "C0DEEP", role="Tier 3", tier=3),
}
OPEN_TO_ALL = replace(
    KNOWS, rules=with_rules(queues=QUEUES, groups=GROUPS, closing=Closing(survey=True), editors_channel="C0ED").rules
)
Whose = Right | Literal["requester", "anybody"]


def guarded(right: Whose) -> Knowledge:
    """Rules that give this right to `able` and the person UABLE, and every other to somebody else."""
    allowed: dict[str, tuple[str, ...]] = {
        each: ("able", "UABLE") if each == right else ("UNOBODY",) for each in RIGHTS
    }
    return replace(OPEN_TO_ALL, rules=replace(OPEN_TO_ALL.rules, permissions=allowed))


ABLE = Person("UABLE", TEAM)
BY_GROUP = Person("UGROUP", TEAM, groups=frozenset({"able"}))
UNREAD = Person("UGROUP", TEAM, unread=True)  # in the group perhaps, but it could not be read
OUTSIDERS = {
    "the customer": Person(CUSTOMER, TEAM),
    "a colleague": Person(COLLEAGUE, TEAM),
    "a member of the queue without the right": Person(DANA, TEAM),
    "a guest": Person("UGUEST", TEAM, guest=True),
    "somebody of another company": Person("UOTHER", TEAM, external=True, email="x@firm.example"),
    "another bot": Person("UROBOT", TEAM, bot=True),
    "somebody who could not be read": UNREAD,
}


# --- situations -------------------------------------------------------------------------------------------------------


def answered() -> Case:
    return _after("i forgot my password")


def offered() -> Case:
    return _after("my account password")


def fixed() -> Case:
    talk = Conversation(OPEN_TO_ALL)
    talk.write("i forgot my password")
    talk.press("fixed", PASSWORD.id)
    return talk.present


def asked_for_details() -> Case:
    return _after("change my contract")


def asked_for_more_details() -> Case:
    return _after("change my contract", "at home")


def waiting() -> Case:
    return _after("i forgot my password", "talk to a human")


def resolved() -> Case:
    talk = Conversation(OPEN_TO_ALL)
    talk.write("talk to a human")
    talk.press("claim", user=DANA)
    talk.resolve()
    return talk.present


def rated_low() -> Case:
    case = resolved()
    assert case.survey is not None
    return evolve(
        case, Rated(at=NOON, actor=CUSTOMER, score=2, position=case.survey.position, entry="", specialist=DANA)
    )


def flagged() -> Case:
    flag = Flagged(at=NOON, actor=DANA, entry=PASSWORD.id, words="It has moved.", told="C0ED")
    return evolve(waiting(), flag)


def incident() -> Case:
    place = Place(TEAM, DESK, "incident:TINC", "")
    opened = Opened(
        at=NOON, actor=DANA, case="TINC", team=TEAM, channel=DESK, thread_ts=place.thread_ts, requester="",
        follows=False,
    )  # fmt: skip
    events: tuple[Event, ...] = (opened, IncidentBegun(at=NOON, actor=DANA, queue="tech", priority="p3"))
    return reduce(evolve, events, Case("TINC", place))


def nothing() -> Case:
    return Case("TNEW", Place(TEAM, DM, "", CUSTOMER))


def _after(*texts: str) -> Case:
    talk = Conversation(OPEN_TO_ALL)
    for text in texts:
        talk.write(text)
    return talk.present


# --- the table --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """In this situation it leads to this event, if somebody does it `whose` it is. `values`: what is filled in."""

    whose: Whose
    case: Callable[[], Case]
    leads_to: type[Event]
    choice: str = ""
    values: tuple[tuple[str, str], ...] = ()
    position: int | None = None  # of the message; without one the last


PRESSES: Mapping[PressKind, Row] = {
    "fixed": Row("requester", answered, Fixed, PASSWORD.id),
    "stuck": Row("requester", answered, StillStuck, PASSWORD.id),
    "did_not_work": Row("requester", answered, Labelled, PASSWORD.id),
    "not_meant": Row("requester", answered, Labelled, PASSWORD.id),
    "human": Row("requester", answered, WishedForHuman),
    "pick": Row("requester", offered, Picked, PASSWORD.id),
    "second": Row("requester", offered, SecondAsked, LOCKED.id),
    "none_of_these": Row("requester", offered, NoneOfThese),
    "ask_else": Row("requester", waiting, ElseAsked),
    "reopen": Row("requester", fixed, Reopened),
    "choose": Row("requester", asked_for_details, FieldGiven, "At home"),
    "skip": Row("requester", asked_for_more_details, FieldSkipped),
    "fill_in": Row("requester", asked_for_details, FormOpened),
    "rate": Row("requester", resolved, Rated, "5"),
    "comment": Row("requester", resolved, Rated, "2"),
    "home": Row("anybody", nothing, HomeShown),
    "send": Row("claim", waiting, EntrySent, f"{VPN.id} 90"),
    "claim": Row("claim", waiting, Claimed),
    "reply": Row("claim", waiting, FormOpened),
    "send_entry": Row("claim", waiting, FormOpened),
    "back": Row("claim", waiting, Released),
    "transfer": Row("reassign", waiting, FormOpened),
    "escalate": Row("reassign", waiting, FormOpened),
    "resolve": Row("resolve", waiting, FormOpened),
    "duplicate": Row("resolve", waiting, FormOpened),
    "incident": Row("claim", waiting, Listed),
    "status": Row("claim", incident, FormOpened),
    "over": Row("resolve", incident, Closed),
    "flag": Row("flag", waiting, FormOpened),
    "flag_fixed": Row("edit", flagged, FlagFixed),
}
FORMS: Mapping[FormKind, Row] = {
    "reply": Row("claim", waiting, Replied, values=(("words", "Try again."),)),
    "send_entry": Row("claim", waiting, EntrySent, values=(("entry", VPN.id),)),
    "transfer": Row("reassign", waiting, Transferred, values=(("queue", "care"), ("why", "It is theirs."))),
    "escalate": Row("reassign", waiting, Transferred, values=(("queue", "deep"), ("why", "Too deep."))),
    "resolve": Row("resolve", waiting, Resolved, values=(("code", "fixed"), ("words", "A new cable."))),
    "duplicate": Row("resolve", waiting, Joined, values=(("case", "TOTHER"),)),
    "flag": Row("flag", waiting, Flagged, values=(("entry", PASSWORD.id), ("words", "It has moved."))),
    "comment": Row("requester", rated_low, Commented, values=(("words", "It took long."),)),
    "details": Row("requester", asked_for_details, FieldGiven, values=(("place", "At home"),)),
    "status": Row("claim", incident, StatusSaid, values=(("words", "We know."),)),
}
# `/tier1 …` by its first word, with the right that it takes; what is missing is everybody's own affair.
COMMANDS: Mapping[str, tuple[Right, type[Event]]] = {
    "pause everywhere": ("pause", Paused),
    "resume everywhere": ("pause", Resumed),
    "queue tech": ("claim", ListShown),
    "kb TBCDFGHJ vpn": ("claim", ListShown),
    "incident all is down": ("claim", IncidentBegun),
}


def test_every_button_has_a_row() -> None:
    assert PRESSES.keys() == set(get_args(PressKind))


def test_every_form_has_a_row() -> None:
    assert FORMS.keys() == set(get_args(FormKind))


def test_every_right_is_asked_for_somewhere() -> None:
    asked_for = {row.whose for row in (*PRESSES.values(), *FORMS.values())} | {right for right, _ in COMMANDS.values()}

    assert set(RIGHTS) - asked_for == {"see_log"}  # nobody reads the log in Slack


# --- doing it ---------------------------------------------------------------------------------------------------------


def done_by(
    person: Person, case: Case, stimulus: AnyStimulus, knowledge: Knowledge, *, at_card: bool = False
) -> tuple[tuple[Event, ...], list[Said]]:
    around = Surroundings(
        person, "TFRESH01", at_card=at_card, customer=Person(CUSTOMER, TEAM, name="Carla Weiss"),
        at_hand=(AtHand(replace(waiting(), id="TBCDFGHJ"), Person(CUSTOMER, TEAM)),),
        paused_in=frozenset({""}) if isinstance(stimulus, Command) and "resume" in stimulus.text else frozenset(),
    )  # fmt: skip
    events = decide(case, stimulus, around, knowledge, NOON)
    return events, [said for chapter in chapters(case, events, knowledge) for said in chapter.said]


def press_of(kind: PressKind, row: Row, case: Case, person: Person) -> Press:
    survey = case.survey.position if case.survey and kind in ("rate", "comment") else 0
    flag = case.flags[0].position if case.flags else 0
    collecting = case.collecting.asked[-1] if case.collecting and case.collecting.asked else 0
    return Press(
        key=f"p:{kind}", team=TEAM, user=person.id, kind=kind, channel=DESK, message_ts="1.0", choice=row.choice,
        case="" if kind == "home" else case.id, position=survey or flag or collecting or case.version,
        asker=CUSTOMER if kind == "home" else "", home=kind == "home", response_url="http://r",
        view="V1" if kind in OPENS_FORM else "",
    )  # fmt: skip


def form_of(kind: FormKind, row: Row, case: Case, person: Person) -> Submission:
    return Submission(
        key=f"s:{kind}", team=TEAM, user=person.id, form=kind, view="V1", values=row.values, case=case.id,
        position=case.version, channel=DESK, thread_ts="1.0",
    )  # fmt: skip


def is_refused(events: tuple[Event, ...], said: list[Said], person: Person) -> bool:
    """Logged, with nothing but a line that they alone see, and what they wrote in a form kept for the specialists."""
    kinds = {type(event) for event in events}
    whispered = [one.saying for one in said if isinstance(one.saying, Whisper)]
    alone = all(
        isinstance(one.saying, Whisper | Fill | React)
        or (isinstance(one.saying, Post) and isinstance(one.saying.where, Under) and Noted in kinds)
        for one in said
    )
    refusals = [event for event in events if isinstance(event, Refused)]
    return (
        kinds <= {Refused, Noted}
        and [event.actor for event in refusals] == [person.id]
        and [whisper.user for whisper in whispered] == [person.id]
        and alone
    )


def who_may(whose: Whose) -> tuple[Person, ...]:
    return (Person(CUSTOMER, TEAM),) if whose in ("requester", "anybody") else (ABLE, BY_GROUP)


def who_may_not(whose: Whose) -> tuple[Person, ...]:
    others = tuple(OUTSIDERS.values())
    return (*others[1:], ABLE) if whose in ("requester", "anybody") else others


@pytest.mark.parametrize("kind", PRESSES)
def test_whoever_may_press_it_does(kind: PressKind) -> None:
    row = PRESSES[kind]
    for person in who_may(row.whose):
        case = row.case()

        events, _ = done_by(person, case, press_of(kind, row, case, person), guarded(row.whose))

        assert row.leads_to in {type(event) for event in events}, (person, events)
        assert not [event for event in events if isinstance(event, Refused)]


@pytest.mark.parametrize("kind", PRESSES)
def test_whoever_may_not_press_it_is_told_so_alone(kind: PressKind) -> None:
    row = PRESSES[kind]
    for person in who_may_not(row.whose):
        case = row.case()

        events, said = done_by(person, case, press_of(kind, row, case, person), guarded(row.whose))

        assert is_refused(events, said, person), (person, events, said)


@pytest.mark.parametrize("kind", FORMS)
def test_whoever_may_send_it_does(kind: FormKind) -> None:
    row = FORMS[kind]
    for person in who_may(row.whose):
        case = row.case()

        events, _ = done_by(person, case, form_of(kind, row, case, person), guarded(row.whose))

        assert row.leads_to in {type(event) for event in events}, (person, events)
        assert not [event for event in events if isinstance(event, Refused)]


@pytest.mark.parametrize("kind", FORMS)
def test_whoever_may_not_send_it_is_told_so_alone(kind: FormKind) -> None:
    row = FORMS[kind]
    for person in who_may_not(row.whose):
        case = row.case()

        events, said = done_by(person, case, form_of(kind, row, case, person), guarded(row.whose))

        assert is_refused(events, said, person), (person, events, said)


def reply_by(person: Person) -> Message:
    return Message(
        key="m:1", team=TEAM, user=person.id, channel=DESK, ts="2.0", text="try again", thread_ts="1.0",
        mentions_us=True, opens_with_us=True, external=person.external,
    )  # fmt: skip


@pytest.mark.parametrize("person", [ABLE, BY_GROUP], ids=lambda person: person.id)
def test_whoever_may_reply_does_so_by_a_mention(person: Person) -> None:
    events, _ = done_by(person, waiting(), reply_by(person), guarded("claim"), at_card=True)

    assert [type(event) for event in events] == [Claimed, Replied]


@pytest.mark.parametrize("person", OUTSIDERS.values(), ids=OUTSIDERS.keys())
def test_nobody_else_replies_by_a_mention(person: Person) -> None:
    events, said = done_by(person, waiting(), reply_by(person), guarded("claim"), at_card=True)

    assert is_refused(events, said, person), (events, said)


def command_by(person: Person, text: str) -> Command:
    return Command(key="c:1", team=TEAM, user=person.id, channel=DESK, text=text, response_url="http://r")


@pytest.mark.parametrize("text", COMMANDS)
def test_whoever_may_command_it_does(text: str) -> None:
    right, leads_to = COMMANDS[text]
    for person in (ABLE, BY_GROUP):
        events, _ = done_by(person, nothing(), command_by(person, text), guarded(right))

        assert leads_to in {type(event) for event in events}, (person, events)


@pytest.mark.parametrize("text", COMMANDS)
def test_whoever_may_not_command_it_is_told_so_alone(text: str) -> None:
    right, _ = COMMANDS[text]
    for person in OUTSIDERS.values():
        events, said = done_by(person, nothing(), command_by(person, text), guarded(right))

        assert is_refused(events, said, person), (person, events, said)


# --- where the rules are silent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("right", RIGHTS)
@pytest.mark.parametrize(
    ("person", "queue", "allowed"),
    [
        (Person(DANA, TEAM), "tech", True),  # a member
        (Person(EMIL, TEAM, unread=True), "tech", True),  # named by their id, whatever their profile says
        (Person(COLLEAGUE, TEAM), "tech", False),
        (Person(COLLEAGUE, TEAM), "care", True),  # it names no members: whoever can see the buttons
        (Person(COLLEAGUE, TEAM, guest=True), "care", False),
        (Person(COLLEAGUE, TEAM, external=True), "care", False),
        (Person(COLLEAGUE, TEAM, bot=True), "care", False),
        (Person(COLLEAGUE, TEAM, unread=True), "care", False),  # they may be a guest
        (Person("USHOP", TEAM, groups=frozenset({"shop"})), "care", False),  # a customer, by the rules
        (Person(COLLEAGUE, TEAM), "gone", False),  # a queue that the rules have no more: as the default one
        (Person(DANA, TEAM), "gone", True),
        (Person(DANA, TEAM), "", True),  # a case that no team has yet
    ],
)
def test_the_members_of_a_queue_may_and_where_it_names_none_colleagues(
    right: Right, person: Person, queue: str, allowed: bool
) -> None:
    assert may(person, right, queue, OPEN_TO_ALL.rules) == allowed


AT_FIRM = Person("UX", TEAM, email="x@firm.example", groups=frozenset({"firm"}))


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        (AT_FIRM, True),
        (replace(AT_FIRM, email="X@FIRM.example"), True),
        (replace(AT_FIRM, external=True), False),  # what their own company says of them
        (replace(AT_FIRM, guest=True), False),
        (replace(AT_FIRM, groups=frozenset()), False),  # the group could not be read
        (replace(AT_FIRM, external=True, groups=frozenset({"able"}), email=""), False),  # another group
    ],
)
def test_an_address_opens_nothing_for_those_from_outside(person: Person, allowed: bool) -> None:
    rules = replace(OPEN_TO_ALL.rules, permissions={"claim": ("firm",)})

    assert may(person, "claim", "tech", rules) == allowed


def test_whoever_our_own_lists_name_may_wherever_they_are_from() -> None:
    rules = replace(OPEN_TO_ALL.rules, permissions={"claim": ("able", "UPARTNER")})

    assert may(Person("UPARTNER", TEAM, external=True), "claim", "tech", rules)
    assert may(replace(BY_GROUP, external=True, email="x@other.example"), "claim", "tech", rules)


def test_an_empty_list_is_nobody() -> None:
    rules = replace(OPEN_TO_ALL.rules, permissions={"claim": ()})

    assert not may(Person(DANA, TEAM), "claim", "tech", rules)


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        (Person(COLLEAGUE, TEAM), True),  # they have it because nobody who was meant to can be reached
        (Person(COLLEAGUE, TEAM, guest=True), False),
        (Person(COLLEAGUE, TEAM, external=True), False),
        (Person(COLLEAGUE, TEAM, bot=True), False),
    ],
)
def test_operators_who_have_a_case_are_colleagues(person: Person, allowed: bool) -> None:
    case = replace(waiting(), operators="C0OPS")

    events, _ = done_by(person, case, press_of("claim", PRESSES["claim"], case, person), guarded("edit"))

    assert [type(event) for event in events] == [Claimed if allowed else Refused]


# --- what no button of ours can have sent -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PRESSES)
@pytest.mark.parametrize("choice", ["", "no/such-entry", "accounts/reset-password", "-1", "99999999999999999999", "🙂"])
def test_a_forged_press_changes_nothing_it_should_not(kind: PressKind, choice: str) -> None:
    """The position is far beyond the log, and the choice anything: whoever sends it gets no further than they may."""
    row = PRESSES[kind]
    case = row.case()
    for person in OUTSIDERS.values():
        sound = press_of(kind, row, case, person)
        events, _ = done_by(
            person, case, replace(sound, position=2**30, choice=choice, case=case.id, asker="", home=False),
            guarded(row.whose),
        )  # fmt: skip

        own = row.whose in ("requester", "anybody") and person.id == case.place.requester
        assert own or all(isinstance(event, Refused) for event in events), (person, events)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("person", [ABLE, *OUTSIDERS.values()], ids=lambda person: person.id)
def test_a_form_from_beyond_the_log_is_no_form_of_ours(kind: FormKind, person: Person) -> None:
    row = FORMS[kind]
    case = row.case()
    forged = replace(form_of(kind, row, case, person), position=case.version + 1)

    assert done_by(person, case, forged, guarded(row.whose)) == ((), [])


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_for_another_kind_of_case_does_nothing(kind: FormKind) -> None:
    row = FORMS[kind]
    other = incident() if kind != "status" else waiting()
    person = Person(CUSTOMER, TEAM) if row.whose == "requester" else ABLE

    events, _ = done_by(person, other, form_of(kind, row, other, person), guarded(row.whose))

    assert not [event for event in events if not isinstance(event, Refused | Noted)]


@pytest.mark.parametrize("kind", [kind for kind, row in PRESSES.items() if row.whose != "anybody"])
def test_a_press_in_a_case_that_never_was_is_nothing_but_a_wish_of_ones_own(kind: PressKind) -> None:
    for person in (ABLE, *OUTSIDERS.values()):
        case = nothing()
        events, _ = done_by(
            person, case, replace(press_of(kind, PRESSES[kind], case, person), case=case.id), guarded("claim")
        )

        if kind == "human" and person.id == CUSTOMER:
            assert isinstance(events[-1], HandedOff)
        else:
            assert all(isinstance(event, Refused) for event in events), (person, events)
