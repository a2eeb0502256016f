"""Many people with one problem: one incident, and everybody hears of it once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import (
    BOT,
    Answered,
    Closed,
    Event,
    HandedOff,
    IncidentBegun,
    Listed,
    MemberJoined,
    Refused,
    StatusSaid,
    TurnedDown,
)
from bot.core.rulebook.rules import Duplicates, Queue, Surge, Then, Trigger, When
from bot.core.saying import (
    AnswerSaid,
    FromSpecialist,
    In,
    IncidentCard,
    Line,
    Post,
    TranscriptPage,
    Under,
    Update,
    Words,
)
from bot.core.stimuli import Undeliverable
from tests.core.many import Floor
from tests.core.situations import COLLEAGUE, DANA, DESK, EMIL, HELP, PASSWORD, RULES, TEAM, with_rules

GLOOP = "the gloop machine is broken"
ANN, BOB, CYD, DEE, EVE = "UANN", "UBOB", "UCYD", "UDEE", "UEVE"
SURGE = Surge(3, timedelta(minutes=20), 0.78)
OTHERS = (ANN, BOB, CYD, DEE, EVE)


def surge() -> tuple[Floor, str]:
    """Three people make one incident: two with cards of their own, the third without."""
    floor = Floor()
    for person in (ANN, BOB, CYD):
        floor.write(person, GLOOP)
    (incident,) = floor.incidents
    return floor, incident.id


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def dm(person: str) -> In:
    return In(f"D{person}")


def cards(floor: Floor) -> list[IncidentCard]:
    """As they stand in the channel, the last change of each counting."""
    contents = [said.saying.content for said in floor.said if isinstance(said.saying, Post | Update)]
    return [content for content in contents if isinstance(content, IncidentCard)]


# --- what makes an incident -------------------------------------------------------------------------------------------


def test_the_last_of_so_many_people_makes_one_incident_of_all() -> None:
    floor, incident = surge()

    assert [m.requester for m in floor.cases[incident].incident.told] == [ANN, BOB, CYD]  # type: ignore[union-attr]
    assert [floor.of(person).state for person in (ANN, BOB, CYD)] == ["handed_off", "handed_off", "open"]
    assert {floor.of(person).listed_in for person in (ANN, BOB, CYD)} == {incident}
    posted = [said.saying for said in floor.said if isinstance(said.saying, Post)]
    assert sum(isinstance(post.content, IncidentCard) for post in posted) == 1
    for person in (ANN, BOB, CYD):
        assert sum(incident in line for line in floor.lines(dm(person))) == 1


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ([(ANN, GLOOP), (BOB, "gloop machine broken"), (CYD, "is the gloop machine broken?")], True),  # in any words
        ([(ANN, GLOOP), (ANN, GLOOP), (ANN, GLOOP), (BOB, GLOOP)], False),  # people count, not messages
        ([(ANN, GLOOP), (BOB, "my stapler is on fire"), (CYD, GLOOP)], False),  # one problem, not three
        ([(ANN, "talk to a human"), (BOB, "talk to someone"), (CYD, "talk to a human")], False),  # a wish is no problem
        ([(ANN, "change my contract"), (BOB, "change my contract"), (CYD, "change my contract")], True),  # one entry
    ],
)
def test_what_makes_a_surge(asked: list[tuple[str, str]], begins: bool) -> None:
    floor = Floor()

    for person, text in asked:
        floor.write(person, text)

    assert bool(floor.incidents) is begins


def test_who_has_two_of_the_cases_is_told_once() -> None:
    floor = Floor(with_rules(duplicates=Duplicates(surge=SURGE), failed_attempts=1))
    floor.write(ANN, GLOOP)
    floor.write(ANN, GLOOP, channel=HELP)
    there = In(HELP, floor.of(ANN).place.thread_ts)

    floor.write(BOB, GLOOP)
    floor.write(CYD, GLOOP)

    (incident,) = floor.incidents
    assert [sum(incident.id in line for line in floor.lines(place)) for place in (dm(ANN), there)] == [0, 1]


def test_what_was_handed_off_before_the_window_is_no_part_of_it() -> None:
    floor = Floor()
    floor.write(ANN, GLOOP)
    floor.write(BOB, GLOOP)

    floor.write(CYD, GLOOP, after=timedelta(minutes=21).total_seconds())

    assert not floor.incidents


def test_a_private_case_is_never_one_of_many() -> None:
    floor = Floor()
    for person in (ANN, BOB):
        floor.write(person, GLOOP)
    floor.cases = {case.id: replace(case, private=True) for case in floor.cases.values()}

    floor.write(CYD, GLOOP)

    assert not floor.incidents


def test_it_goes_to_the_queue_that_the_rules_name_with_the_most_urgent_priority_it_takes() -> None:
    queues = {**RULES.queues, "core": Queue("core", "C0CORE", role="Tier 3", priority_cap="p2")}
    surges = Duplicates(surge=Surge(2, timedelta(minutes=20), 0.78, "core"))
    floor = Floor(with_rules(queues=queues, duplicates=surges, failed_attempts=1))
    floor.write(ANN, GLOOP)
    floor.cases = {case.id: replace(case, priority="p1") for case in floor.cases.values()}

    floor.write(BOB, GLOOP)

    (incident,) = floor.incidents
    assert (incident.queue, incident.priority) == ("core", "p2")


def test_whoever_wants_a_person_makes_the_surge_and_gets_one_all_the_same() -> None:
    floor = Floor()
    floor.write(ANN, GLOOP)
    floor.write(BOB, GLOOP)

    added = kinds(floor.write(CYD, f"{GLOOP}, talk to a human"))

    assert HandedOff in added
    assert added[-1] is Listed
    assert floor.of(CYD).with_people


# --- who asks next ----------------------------------------------------------------------------------------------------


def test_whoever_asks_next_is_on_the_list_instead_of_a_handoff() -> None:
    floor, incident = surge()

    added = kinds(floor.write(DEE, "gloop machine broken?"))

    assert MemberJoined in added
    assert HandedOff not in added
    assert floor.of(DEE).listed_in == incident
    assert cards(floor)[-1].members == (ANN, BOB, CYD, DEE)


def test_they_read_what_was_last_said_to_all() -> None:
    floor, incident = surge()
    floor.send(DANA, "status", incident, words="A spare part is on its way.")
    floor.send(DANA, "status", incident, words="It is here.")

    floor.write(DEE, GLOOP)

    told = [s.saying.content for s in floor.said if isinstance(s.saying, Post) and s.saying.where == dm(DEE)]
    (line,) = [content for content in told if isinstance(content, Line)]
    assert line.quote is not None
    assert floor.words(line.quote) == "It is here."


@pytest.mark.parametrize(
    ("action", "private", "kept"),
    [
        ("handoff", True, HandedOff),  # what is private goes to people, and to nobody's list
        ("refuse", False, TurnedDown),  # what is not for the bot at all stays so
        ("handoff", False, Listed),  # any other handoff is for the list
    ],
)
def test_what_rules_keep_to_themselves_is_no_part_of_it(
    action: Literal["handoff", "refuse"], private: bool, kept: type[Event]
) -> None:
    floor, _ = surge()
    trigger = Trigger("fire", When(keywords=("fire",)), Then(action, private=private))
    rules = replace(floor.knowledge.rules, words={"fire": ("on fire",)}, triggers=(trigger,))
    floor.knowledge = replace(floor.knowledge, rules=rules)

    added = kinds(floor.write(DEE, f"{GLOOP}, it is on fire"))

    assert added[-1] is kept
    assert (MemberJoined in added) is (kept is Listed)


def test_the_way_to_a_person_stays_open() -> None:
    floor, incident = surge()
    floor.write(DEE, GLOOP)

    floor.press(DEE, "human", floor.of(DEE).id)

    assert floor.of(DEE).state == "handed_off"
    assert floor.of(DEE).listed_in == incident


def test_something_else_is_answered_as_ever() -> None:
    floor, _ = surge()

    assert Answered in kinds(floor.write(DEE, "i forgot my password"))


def test_a_word_more_from_who_waits_goes_to_those_who_work_on_it() -> None:
    floor, incident = surge()
    thread = Under(floor.cases[incident].card_id, DESK)
    before = sum(isinstance(s.saying, Post) and s.saying.where == thread for s in floor.said)

    floor.write(CYD, "flurb flurb")

    posts = [s.saying for s in floor.said if isinstance(s.saying, Post) and s.saying.where == thread]
    assert len(posts) == before + 1
    assert sum(incident in line for line in floor.lines(dm(CYD))) == 2
    assert [m.requester for m in floor.cases[incident].incident.told] == [ANN, BOB, CYD]  # type: ignore[union-attr]


def test_customers_never_read_what_other_customers_wrote() -> None:
    floor, incident = surge()
    floor.send(DANA, "status", incident, words="We know.")
    floor.write(DEE, GLOOP)
    floor.press(DANA, "over", incident)

    for person in (ANN, BOB, CYD, DEE):
        own = {case.id for case in floor.cases.values() if case.place.requester == person}
        for said in floor.said:
            if isinstance(said.saying, Post) and said.saying.where == dm(person):
                content = said.saying.content
                assert isinstance(content, Line | AnswerSaid | FromSpecialist)
                quoted = content.quote if isinstance(content, Line) else getattr(content, "words", None)
                if isinstance(quoted, Words) and quoted.case not in own:
                    assert isinstance(dict(floor.logs[quoted.case])[quoted.position], StatusSaid)


# --- what specialists do ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_form", [True, False])
def test_a_status_reaches_everybody_who_waits_once(by_form: bool) -> None:
    floor, incident = surge()

    if by_form:
        floor.send(DANA, "status", incident, words="We know.")
    else:
        floor.at_card(DANA, incident, "We know.")

    assert [floor.from_specialists(dm(person)) for person in (ANN, BOB, CYD)] == [["We know."]] * 3
    assert floor.cases[incident].owner == DANA
    assert cards(floor)[-1].said == Words(incident, floor.cases[incident].version)


def test_who_is_in_it_with_two_cases_is_told_once_where_they_asked_last() -> None:
    floor, incident = surge()
    floor.write(CYD, GLOOP, channel=HELP)
    there = In(HELP, floor.of(CYD).place.thread_ts)

    floor.send(DANA, "status", incident, words="We know.")

    assert (floor.from_specialists(dm(CYD)), floor.from_specialists(there)) == ([], ["We know."])


def test_when_it_is_over_everybody_is_told_and_their_cases_end_with_it() -> None:
    floor, incident = surge()
    floor.write(DEE, GLOOP)

    floor.press(DANA, "over", incident)

    for person in (ANN, BOB, CYD, DEE):
        case = floor.of(person)
        assert (case.state, case.outcome) == ("closed", "resolved_by_human")
        closed = floor.logs[case.id][-1][1]
        assert isinstance(closed, Closed)
        assert closed.actor == DANA
        assert sum(line.startswith("It is over") for line in floor.lines(dm(person))) == 1
    assert floor.cases[incident].state == "closed"
    assert Listed not in kinds(floor.write(EVE, GLOOP))


def test_who_has_gone_on_to_something_else_is_told_and_keeps_that() -> None:
    floor, incident = surge()
    floor.write(CYD, "i forgot my password")

    floor.press(DANA, "over", incident)

    assert floor.of(CYD).state == "open"
    assert floor.of(CYD).entry == PASSWORD.id
    assert any(line.startswith("It is over") for line in floor.lines(dm(CYD)))


def test_who_says_that_it_is_not_over_has_their_case_back() -> None:
    floor, incident = surge()
    floor.press(DANA, "over", incident)

    floor.press(CYD, "reopen", floor.of(CYD).id)
    floor.press(ANN, "reopen", floor.of(ANN).id)

    assert (floor.of(CYD).state, floor.of(ANN).state) == ("open", "handed_off")


def test_an_incident_is_started_from_a_card() -> None:
    floor = Floor()
    floor.write(ANN, GLOOP)

    floor.press(DANA, "incident", floor.of(ANN).id)
    floor.write(BOB, GLOOP)

    (incident,) = floor.incidents
    assert {floor.of(ANN).listed_in, floor.of(BOB).listed_in} == {incident.id}
    assert incident.queue == "tech"
    again = floor.press(DANA, "incident", floor.of(ANN).id)
    assert kinds(again) == [Refused]


def test_an_incident_is_started_by_command_before_anybody_asks() -> None:
    floor = Floor()

    floor.command(DANA, "incident The gloop machine is broken")
    floor.write(ANN, GLOOP)

    (incident,) = floor.incidents
    assert floor.of(ANN).listed_in == incident.id
    assert cards(floor)[0].about == Words(incident.id, 2)


@pytest.mark.parametrize(
    ("user", "channel", "text", "first"),
    [
        (COLLEAGUE, DESK, "incident the gloop machine is broken", Refused),  # not one of them
        (DANA, DESK, "incident", Refused),  # about what?
    ],
)
def test_who_may_not_or_says_nothing_starts_no_incident(user: str, channel: str, text: str, first: type[Event]) -> None:
    floor = Floor()

    added = floor.command(user, text, channel=channel)

    assert kinds(added) == [first]
    assert not floor.incidents


def test_outside_the_teams_channels_it_is_a_question() -> None:
    floor = Floor()

    added = kinds(floor.command(DANA, "incident the gloop machine is broken", channel=HELP))

    assert IncidentBegun not in added
    assert Refused not in added


@pytest.mark.parametrize("kind", ["claim", "status", "over"])
def test_only_the_queues_own_may_press_the_buttons_of_an_incident(kind: str) -> None:
    floor, incident = surge()

    assert kinds(floor.press(COLLEAGUE, kind, incident)) == [Refused]  # type: ignore[arg-type]
    assert Refused not in kinds(floor.press(EMIL, kind, incident))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "kind", ["resolve", "back", "transfer", "reply", "duplicate", "incident", "human", "fixed", "reopen"]
)
def test_an_incident_has_no_other_buttons(kind: str) -> None:
    floor, incident = surge()
    before = floor.cases[incident]

    floor.press(DANA, kind, incident)  # type: ignore[arg-type]

    assert floor.cases[incident] == before


@pytest.mark.parametrize("kind", ["status", "over"])
def test_a_case_that_is_no_incident_has_none_of_its_buttons(kind: str) -> None:
    floor = Floor()
    floor.write(ANN, GLOOP)

    assert floor.press(DANA, kind, floor.of(ANN).id) == []  # type: ignore[arg-type]
    assert floor.send(DANA, "status", floor.of(ANN).id, words="We know.") == []


# --- when places are gone ---------------------------------------------------------------------------------------------


def test_an_incident_whose_channel_is_gone_moves_on_and_no_customer_reads_of_it() -> None:
    floor, incident = surge()
    case = floor.cases[incident]
    before = len(floor.said)

    floor.report(Undeliverable(key="u:1", team=TEAM, user=BOT, case=incident, outbox=case.card_id, error="is_archived"))

    (card, *pages) = [said.saying for said in floor.said[before:]]
    assert isinstance(card, Post)
    assert isinstance(card.content, IncidentCard)
    assert card.where == In("C0CARE")
    assert all(isinstance(page, Post) and isinstance(page.content, TranscriptPage) for page in pages)
    floor.send(DANA, "status", incident, words="We know.")
    assert floor.cases[incident].queue == "care"
    assert floor.from_specialists(dm(ANN)) == ["We know."]


def test_who_asked_by_command_is_told_beneath_the_message_that_quotes_them() -> None:
    floor, incident = surge()
    floor.command(DEE, GLOOP, channel=HELP)

    floor.send(DANA, "status", incident, words="We know.")

    root = Under(floor.of(DEE).root, f"@{DEE}")
    assert floor.from_specialists(root) == ["We know."]
    assert sum(incident in line for line in floor.lines(root)) == 1


def test_an_incident_whose_queue_the_rules_no_longer_have_is_still_told_of() -> None:
    floor, incident = surge()
    floor.cases[incident] = replace(floor.cases[incident], queue="gone")

    floor.write(DEE, GLOOP)
    floor.knowledge = with_rules(permissions={"claim": (DANA,)}, duplicates=floor.knowledge.rules.duplicates)
    floor.send(DANA, "status", incident, words="We know.")

    assert sum(incident in line for line in floor.lines(dm(DEE))) == 1
    assert floor.from_specialists(dm(DEE)) == ["We know."]


def test_what_a_member_was_told_belongs_to_their_own_case() -> None:
    floor, incident = surge()

    floor.send(DANA, "status", incident, words="We know.")

    told = [said for said in floor.said if isinstance(said.saying, Post) and said.saying.where == dm(ANN)]
    assert {said.case for said in told} == {floor.of(ANN).id}
    gone = told[-1]
    floor.report(
        Undeliverable(key="u:2", team=TEAM, user=BOT, case=gone.case, outbox=gone.id, error="x", where=dm(ANN))
    )
    assert floor.of(ANN).lost == "x"


# --- a law ------------------------------------------------------------------------------------------------------------

Step = Callable[[Floor], object]


def _asks(person: str) -> Step:
    return lambda floor: floor.write(person, GLOOP)


def _wants_a_person(person: str) -> Step:
    return lambda floor: floor.write(person, f"{GLOOP}, talk to a human")


def _says(words: str) -> Step:
    return lambda floor: [
        floor.send(DANA, "status", incident.id, words=words) for incident in floor.incidents if incident.is_open
    ]


def _ends(floor: Floor) -> object:
    return [floor.press(DANA, "over", incident.id) for incident in floor.incidents if incident.is_open]


steps = st.lists(
    st.one_of(
        st.builds(_asks, st.sampled_from(OTHERS)),
        st.builds(_wants_a_person, st.sampled_from(OTHERS)),
        st.builds(_says, st.sampled_from(["We know.", "A part is on its way.", "It is here."])),
        st.just(_ends),
    ),
    max_size=16,
)


@settings(max_examples=300, deadline=None)
@given(steps)
@pytest.mark.long
def test_everybody_is_told_each_status_once_and_once_that_it_is_over(story: list[Step]) -> None:
    floor = Floor()
    for step in story:
        step(floor)

    for incident in floor.incidents:
        log = floor.logs[incident.id]
        joined_at: dict[str, int] = {}
        for at, event in log:
            if isinstance(event, MemberJoined):
                joined_at.setdefault(event.member.requester, at)
        statuses = [at for at, event in log if isinstance(event, StatusSaid)]
        for person, since in joined_at.items():
            pushed = [
                said.saying.content.words.position
                for said in floor.said
                if isinstance(said.saying, Post)
                and said.saying.where == dm(person)
                and isinstance(said.saying.content, FromSpecialist)
                and said.saying.content.words.case == incident.id
            ]
            assert pushed == [at for at in statuses if at > since]
            current = max((at for at in statuses if at < since), default=0)
            listed = [
                event.status
                for case in floor.cases.values() if case.place.requester == person
                for _, event in floor.logs[case.id] if isinstance(event, Listed) and event.incident == incident.id
            ]  # fmt: skip
            assert listed[0] == current
            over = [line for line in floor.lines(dm(person)) if line.startswith("It is over") and incident.id in line]
            assert len(over) == (incident.state == "closed")
    ids = [said.id for said in floor.said]
    assert len(ids) == len(set(ids))
