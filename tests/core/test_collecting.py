"""What is asked before people take over, and that nothing of it holds a handoff up for good, or changes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.audience import Person
from bot.core.chapters import chapters
from bot.core.deciding import ATTEMPTS, give_up
from bot.core.dues import SILENT_FOR, Due
from bot.core.entries import CollectField, Escalate, Priority
from bot.core.events import (
    Closed,
    CollectBegun,
    CollectEnded,
    Event,
    FieldAsked,
    FieldGiven,
    FieldSkipped,
    FieldUnclear,
    FormOpened,
    Forwarded,
    HandedOff,
    Labelled,
    Refused,
    WishedForHuman,
)
from bot.core.forms import Form
from bot.core.rulebook.rules import Targets, Then, Trigger, When
from bot.core.saying import Card, Fill, Line, Post, Said, Told, TranscriptPage, Update, Words
from bot.core.scene import Scene, Surroundings
from bot.core.stimuli import File
from tests.core.situations import CUSTOMER, ENTRIES, KNOWLEDGE, LEGAL, PASSWORD, RULES, TEAM, Conversation

PLACE = CollectField("place", "Where are you?", "choice", ("At home", "In the office"), required=True)
ERROR = CollectField("error_text", "What does it say?")
CONTRACT = replace(LEGAL, collect=(PLACE, ERROR))
RESET = replace(PASSWORD, collect=(ERROR,))
KNOWS = replace(KNOWLEDGE, entries={**ENTRIES, CONTRACT.id: CONTRACT, RESET.id: RESET})
ASKS = "change my contract"


def talk_about(text: str = ASKS) -> Conversation:
    talk = Conversation(KNOWS)
    talk.write(text)
    return talk


def kinds(events: Sequence[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def lines(said: Sequence[Said]) -> list[Line]:
    return [one.saying.content for one in said if isinstance(one.saying, Post) and isinstance(one.saying.content, Line)]


def handoffs(talk: Conversation) -> list[HandedOff]:
    return [event for _, event in talk.log if isinstance(event, HandedOff)]


def test_the_fields_of_an_entry_are_asked_one_at_a_time_and_stand_on_the_card() -> None:
    talk = Conversation(KNOWS)

    begun = talk.write(ASKS)
    asked = lines(talk.said)[-1]
    next_one = talk.write("in the OFFICE ")
    second = lines(talk.said)[-1]
    last = talk.write("error 42, twice")

    assert kinds(begun)[-2:] == [CollectBegun, FieldAsked]
    assert "2 short questions" in asked.text
    assert "Where are you?" in asked.text
    assert [button.label for button in asked.buttons] == [
        "At home",
        "In the office",
        "Fill in a form",
        "Talk to a person",
    ]
    assert kinds(next_one) == [FieldGiven, FieldAsked]
    assert "Question 2 of 2:\nWhat does it say?" in second.text
    assert [button.label for button in second.buttons] == ["Skip", "Talk to a person"]
    assert kinds(last) == [FieldGiven, CollectEnded, HandedOff]
    (card,) = [s.saying.content for s in talk.said if isinstance(s.saying, Post) and isinstance(s.saying.content, Card)]
    positions = [at for at, event in talk.log if isinstance(event, FieldGiven)]
    case = talk.present.id
    assert card.told == (
        Told("Place", Words(case, positions[0])), Told("Error text", Words(case, positions[1]))
    )  # fmt: skip


def test_what_was_asked_and_said_is_in_the_transcript_in_order() -> None:
    talk = talk_about()
    talk.press("choose", "At home")
    talk.press("skip")

    pages = [s.saying.content for s in talk.said if isinstance(s.saying, Post)]
    turns = [turn for page in pages if isinstance(page, TranscriptPage) for turn in page.turns]
    told = [talk.words[turn.words.position] if turn.words else turn.text for turn in turns]
    assert told[:5] == [ASKS, "Asked: Where are you?", "At home", "Asked: What does it say?", "Skipped the question"]


@pytest.mark.parametrize(
    ("replies", "ends"),
    [
        (["At home", "no idea"], "complete"),  # all is answered
        (["At home", "skip"], "complete"),  # typed like the button
        (["at the airport", "at the airport", "no idea"], "complete"),  # no choice of ours, twice: it counts as it is
        (["thanks", "hi", "that works"], "complete"),  # small talk has no floor here
        (["how do i connect to the vpn", "i forgot my password", "hi"], "complete"),  # nor have other questions
        (["talk to a human"], "wish"),  # a wish for a person is never held up
        (["At home", "agent"], "wish"),
    ],
)
def test_what_customers_write_ends_in_the_handoff_that_was_decided(replies: list[str], ends: str) -> None:
    talk = talk_about()

    for reply in replies:
        talk.write(reply)

    (handed,) = handoffs(talk)
    assert (handed.queue, handed.priority, handed.rule, handed.reason) == (
        "tech", "p3", "escalate-always", "category_policy"
    )  # fmt: skip
    assert handed.at == talk.now
    assert next(event.how for _, event in talk.log if isinstance(event, CollectEnded)) == ends
    assert talk.present.state == "handed_off"


def test_a_choice_that_is_none_is_asked_for_once_more_with_its_buttons() -> None:
    talk = talk_about()

    events = talk.write("at the airport")

    assert kinds(events) == [FieldUnclear, FieldAsked]
    assert "none of the choices" in lines(talk.said)[-1].text
    first = next(at for at, event in talk.log if isinstance(event, FieldAsked))
    bare = [s.saying for s in talk.said if isinstance(s.saying, Update) and s.saying.outbox.endswith(f"-{first}-0")]
    assert bare[-1].content == Line("Where are you?")


def test_an_answer_takes_the_place_of_the_buttons() -> None:
    talk = talk_about()
    asked = talk.present.version

    talk.press("choose", "At home")

    given = next(at for at, event in talk.log if isinstance(event, FieldGiven))
    (update,) = [s.saying for s in talk.said if isinstance(s.saying, Update)]
    assert update.outbox == f"{talk.present.id}-{asked}-0"
    assert update.content == Line("Where are you?", quote=Words(talk.present.id, given))


def test_a_question_that_is_left_open_loses_its_buttons() -> None:
    talk = talk_about()

    talk.write("talk to a human")

    (update,) = [s.saying for s in talk.said if isinstance(s.saying, Update)]
    assert update.content == Line("Where are you?\nNot answered.")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("talk to a human", False),  # the wish is what hands it off
        ("change my contract, talk to a human", False),
        ("this is the third time, change my contract", False),  # a rule that does not want it
        (ASKS, True),
    ],
)
def test_what_is_asked_depends_on_what_hands_the_case_off(text: str, asks: bool) -> None:
    talk = talk_about(text)

    assert (talk.present.collecting is not None) is asks
    assert bool(handoffs(talk)) is not asks


@pytest.mark.parametrize(("priority", "asks"), [("p1", False), ("p2", True)])
def test_what_is_most_urgent_is_not_held_up_by_questions(priority: Priority, asks: bool) -> None:
    urgent = replace(CONTRACT, escalate=Escalate(policy="always", priority=priority))
    talk = Conversation(replace(KNOWS, entries={**ENTRIES, urgent.id: urgent}))

    talk.write(ASKS)

    assert (talk.present.collecting is not None) is asks
    assert bool(handoffs(talk)) is not asks


@pytest.mark.parametrize("wants", [True, False])
def test_a_rule_says_whether_its_entry_is_asked_about(wants: bool) -> None:
    stuck = Trigger("stuck", When(feedback=("still_stuck",)), Then("handoff", queue="care", collect=wants))
    talk = Conversation(replace(KNOWS, rules=replace(RULES, triggers=(stuck,))))
    talk.write("i forgot my password")

    talk.press("stuck", RESET.id)

    assert (talk.present.collecting is not None) is wants


def test_the_promise_counts_from_the_handoff_not_from_the_first_question() -> None:
    promised = {"p3": Targets(SILENT_FOR, SILENT_FOR, SILENT_FOR, business=False)}
    queues = {**RULES.queues, "tech": replace(RULES.queues["tech"], sla="quick")}
    talk = Conversation(replace(KNOWS, rules=replace(RULES, queues=queues, slas={"quick": promised})))  # type: ignore[dict-item]
    talk.write(ASKS)

    talk.write("talk to a human", after=500)

    assert talk.present.due_first_at == talk.present.told_due_at == talk.now + SILENT_FOR


def test_the_limit_of_failed_attempts_asks_first_as_well() -> None:
    talk = Conversation(KNOWS)
    talk.write("i forgot my password")
    talk.press("stuck", RESET.id)

    events = talk.write("still broken")

    assert kinds(events)[-2:] == [CollectBegun, FieldAsked]


def test_a_label_that_hands_the_case_off_asks_only_one_thing() -> None:
    rule = Trigger("no", When(feedback=("did_not_work",)), Then("handoff", collect=True))
    talk = Conversation(replace(KNOWS, rules=replace(RULES, triggers=(rule,))))
    talk.write("i forgot my password")
    talk.press("stuck", RESET.id)
    before = len(talk.said)

    events = talk.press("did_not_work", RESET.id)

    assert kinds(events) == [CollectBegun, Labelled, FieldAsked]
    (only,) = lines(talk.said[before:])
    assert "What does it say?" in only.text


def test_silence_hands_the_case_off_with_what_there_is() -> None:
    talk = talk_about()
    talk.press("choose", "In the office")
    position = talk.present.version

    events = talk.fall_silent(position)

    assert kinds(events) == [CollectEnded, HandedOff]
    assert [detail.field for detail in talk.present.details] == ["place"]


@pytest.mark.parametrize("after", ["an answer", "a handoff", "the end"])
def test_a_silence_that_is_over_changes_nothing(after: str) -> None:
    talk = talk_about()
    asked = talk.present.version
    if after == "an answer":
        talk.press("choose", "At home")
    elif after == "a handoff":
        talk.write("talk to a human")
    else:
        talk.write("talk to a human")
        talk.press("resolve", user="UDANA")

    assert talk.fall_silent(asked) == ()


def test_each_question_is_due_to_be_given_up_after_a_while() -> None:
    talk = Conversation(KNOWS)
    events = talk.write(ASKS)

    (chapter,) = chapters(replace(talk.present, version=0, state="new"), events, KNOWS)

    assert chapter.dues == (Due(chapter.after.id, chapter.after.version, talk.now + SILENT_FOR, "silence"),)


def test_a_press_under_an_earlier_message_waits_and_one_under_an_answered_question_does_nothing() -> None:
    talk = Conversation(KNOWS)
    talk.write("my account password")
    offer = talk.present.version
    talk.write(ASKS)
    asked = talk.present.version

    pick = talk.press("pick", RESET.id, position=offer)
    talk.press("choose", "At home", position=asked)
    twice = talk.press("choose", "In the office", position=asked)

    assert kinds(pick) in ([Refused], [])
    assert twice == ()
    assert [talk.words[d.position] for d in talk.present.details if d.position] == ["At home"]


def test_a_press_that_comes_twice_does_not_answer_the_next_question_as_well() -> None:
    yes_or_no = tuple(CollectField(name, f"{name}?", "choice", ("Yes", "No")) for name in ("new", "paid"))
    entry = replace(CONTRACT, collect=yes_or_no)
    talk = Conversation(replace(KNOWS, entries={**ENTRIES, entry.id: entry}))
    talk.write(ASKS)
    asked = talk.present.version
    talk.press("choose", "Yes", position=asked)

    assert talk.press("choose", "Yes", position=asked) == ()
    assert talk.press("skip", position=asked) == ()
    assert talk.present.collecting is not None


@pytest.mark.parametrize(
    ("kind", "choice", "why"),
    [
        ("skip", "", "the field is required"),
        ("choose", "On the moon", "it is no choice of ours"),
    ],
)
def test_a_forged_press_does_nothing(kind: str, choice: str, why: str) -> None:
    talk = talk_about()

    assert talk.press(kind, choice) == (), why  # type: ignore[arg-type]


def test_others_cannot_answer_for_the_customer() -> None:
    talk = talk_about()

    assert kinds(talk.press("choose", "At home", user="UCOLLEAGUE")) == [Refused]


def test_a_press_that_comes_after_the_handoff_is_told_so() -> None:
    talk = talk_about()
    asked = talk.present.version
    talk.write("talk to a human")

    assert kinds(talk.press("choose", "At home", position=asked)) == [Refused]


def test_a_case_that_is_solved_while_we_ask_is_closed() -> None:
    talk = Conversation(replace(KNOWS, rules=replace(RULES, failed_attempts=1)))
    talk.write("i forgot my password")
    answer = talk.present.version
    talk.press("stuck", RESET.id)
    assert talk.present.collecting is not None

    events = talk.press("fixed", RESET.id, position=answer)

    assert kinds(events)[0] is CollectEnded
    assert isinstance(events[-1], Closed)
    assert talk.present.collecting is None


def test_what_was_said_is_not_asked_again_after_a_hand_back() -> None:
    talk = talk_about()
    talk.press("choose", "At home")
    talk.press("skip")
    talk.press("back", user="UDANA")

    events = talk.write(ASKS)

    assert HandedOff in kinds(events)


def test_files_that_come_as_an_answer_are_on_the_card() -> None:
    talk = talk_about()
    talk.write("", files=(File("shot.png", "image/png", "https://x.slack.com/f"),))
    talk.write("see above", files=(File("log.txt", "text/plain", "https://x.slack.com/g"),))
    talk.write("no idea")

    card = next(
        s.saying.content for s in talk.said if isinstance(s.saying, Post) and isinstance(s.saying.content, Card)
    )
    assert [talk.words[one.words.position] for one in card.files] == [
        "[shot.png, image/png] https://x.slack.com/f", "see above\n[log.txt, text/plain] https://x.slack.com/g",
    ]  # fmt: skip


def test_a_message_that_cannot_be_decided_ends_the_questions_too() -> None:
    talk = talk_about()

    around = Surroundings(Person(CUSTOMER, TEAM), fresh="CASE9")
    events = give_up(Scene(talk.present, around, KNOWS, talk.now), talk.present.version, ATTEMPTS)

    assert kinds(events)[-2:] == [CollectEnded, HandedOff]
    assert [(e.queue, e.priority) for e in events if isinstance(e, HandedOff)] == [("tech", "p3")]


def test_a_queue_that_is_gone_by_then_is_no_dead_end() -> None:
    talk = talk_about()
    care_only = replace(RULES, queues={"care": RULES.queues["care"]}, default_queue="care", routing=())
    talk.knowledge = replace(KNOWS, rules=care_only)

    talk.write("talk to a human")

    assert talk.present.queue == "care"


Turn = Callable[[Conversation], object]
turns = st.lists(
    st.one_of(
        st.sampled_from(["At home", "in the office", "skip", "", "hi", "thanks", "flurb", "i forgot my password",
                         "talk to a human", "agent", "that works", "still broken"]).map(
            lambda text: lambda talk: talk.write(text)
        ),
        st.tuples(
            st.sampled_from(["choose", "skip", "human", "pick", "stuck", "none_of_these", "second", "fill_in"]),
            st.sampled_from(["At home", "In the office", "", RESET.id]),
            st.integers(0, 4),
        ).map(
            lambda p: lambda talk: talk.press(p[0], p[1], position=max(1, talk.present.version - p[2]))
        ),
        st.integers(0, 6).map(lambda back: lambda talk: talk.fall_silent(max(1, talk.present.version - back))),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=300)
@given(turns)
def test_whatever_is_said_the_case_ends_handed_off_as_decided_and_once(story: list[Turn]) -> None:
    talk = talk_about()
    decided = next(event.handoff for _, event in talk.log if isinstance(event, CollectBegun))

    for turn in story:
        turn(talk)
    if talk.present.collecting is not None:
        talk.fall_silent(talk.present.collecting.asked[-1])

    assert talk.present.state == "handed_off"
    (handed,) = handoffs(talk)
    assert replace(handed, at=decided.at, due_first_at=decided.due_first_at) == decided
    ends = [event for _, event in talk.log if isinstance(event, CollectEnded)]
    assert len(ends) == 1
    wished = any(isinstance(event, WishedForHuman) for _, event in talk.log)
    assert wished or ends[0].how != "wish"


def test_skipping_a_field_that_need_not_be_given() -> None:
    talk = talk_about()
    talk.press("choose", "At home")

    events = talk.press("skip")

    assert kinds(events) == [FieldSkipped, CollectEnded, HandedOff]
    assert [(detail.field, detail.position is None) for detail in talk.present.details] == [
        ("place", False), ("error_text", True),
    ]  # fmt: skip


def test_a_form_takes_all_that_is_left_at_once() -> None:
    talk = talk_about()
    (asked,) = lines(talk.said)

    (opening,) = talk.press("fill_in")
    form = next(s.saying.content for s in talk.said if isinstance(s.saying, Fill))
    events = talk.send("details", {"place": "In the office", "error_text": "0x80"}, user=CUSTOMER)

    assert "Fill in a form" in [button.label for button in asked.buttons]
    assert isinstance(opening, FormOpened)
    assert isinstance(form, Form)
    assert [(ask.name, ask.kind, ask.required) for ask in form.asks] == [
        ("place", "choice", True), ("error_text", "text", False),
    ]  # fmt: skip
    assert kinds(events) == [FieldGiven, FieldGiven, CollectEnded, HandedOff]
    assert [talk.words[d.position] for d in talk.present.details if d.position] == ["In the office", "0x80"]


def test_what_is_left_empty_in_the_form_is_skipped() -> None:
    talk = talk_about()
    talk.press("fill_in")

    assert kinds(talk.send("details", {"place": "At home"}, user=CUSTOMER))[:2] == [FieldGiven, FieldSkipped]


def test_a_form_that_comes_after_the_handoff_is_passed_on() -> None:
    talk = talk_about()
    talk.press("fill_in")
    talk.write("talk to a human")

    (forwarded,) = talk.send("details", {"place": "At home", "error_text": "0x80"}, user=CUSTOMER)

    assert isinstance(forwarded, Forwarded)
    assert forwarded.words == "place: At home\nerror text: 0x80"


def test_a_form_of_somebody_else_is_refused() -> None:
    talk = talk_about()
    talk.press("fill_in")

    assert kinds(talk.send("details", {"place": "At home"}, user="UCOLLEAGUE")) == [Refused]


def test_the_last_question_needs_no_form() -> None:
    talk = talk_about()

    talk.press("choose", "At home")

    assert "Fill in a form" not in [button.label for button in lines(talk.said)[-1].buttons]
