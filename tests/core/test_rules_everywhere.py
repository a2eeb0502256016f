"""A rule acts wherever a case can get to people, whatever leads there, and the log says which one and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import sentences
from bot.core.audience import Person
from bot.core.deciding import ATTEMPTS, give_up
from bot.core.entries import CollectField
from bot.core.events import (
    Answered,
    Chatted,
    Event,
    HandedOff,
    HumanOffered,
    Labelled,
    Picked,
    Tagged,
    TurnedDown,
    WishedForHuman,
)
from bot.core.folding import evolve
from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import (
    ChannelRules,
    Queue,
    Reason,
    RepeatContact,
    Then,
    Trigger,
    When,
)
from bot.core.rulebook.triggers import ERROR, ESCALATE_ALWAYS, HUMAN_REQUEST, LIMIT, PAUSED, STILL_STUCK
from bot.core.saying import DirectTo, FromSpecialist, In, Line, Post
from bot.core.scene import Scene, Surroundings
from bot.core.stimuli import File, Undeliverable
from tests.core.situations import (
    CUSTOMER,
    DANA,
    DM,
    ENTRIES,
    HELP,
    KNOWLEDGE,
    LOCKED,
    NEVER,
    PASSWORD,
    RULES,
    TEAM,
    Conversation,
)

FILE = File("shot.png", "image/png", "https://x.slack.com/f")
VIP = Trigger("vip", When(group=(CUSTOMER,)), Then("tag", raise_priority=1, tags=("vip",)), also=True)
REFUSES = Trigger("not-yours", When(keywords=("others",)), Then("refuse", message="No."))
DOUBLE = Trigger("down", When(keywords=("outage",)), Then("offer", queue="care", priority="p2", message="Look first."))
OF_LOCKED = When(entry=(LOCKED.id,), band=("sure",))
WORDS = {"others": ("her mail",), "outage": ("slack is down",), "urgent": ("urgent",), "anger": ("lawyer",)}


def knows(*triggers: Trigger, **rules: object) -> Knowledge:
    changed = {"triggers": triggers, "words": WORDS, "routing": (), **rules}
    return replace(KNOWLEDGE, rules=replace(RULES, **changed))  # type: ignore[arg-type]


def talk_with(*triggers: Trigger, **rules: object) -> Conversation:
    return Conversation(knowledge=knows(*triggers, **rules))


def handoff_of(talk: Conversation) -> HandedOff:
    return next(event for _, event in reversed(talk.log) if isinstance(event, HandedOff))


def kinds(events: tuple[Event, ...]) -> list[type[Event]]:
    return [type(event) for event in events]


def around(*, groups: frozenset[str] = frozenset(), contacts: tuple[object, ...] = ()) -> Surroundings:
    return Surroundings(Person(CUSTOMER, TEAM, groups=groups), fresh="CASE9", contacts=contacts)  # type: ignore[arg-type]


# --- every way to people ----------------------------------------------------------------------------------------------


def missed_twice(talk: Conversation) -> None:
    talk.write("flurb")
    talk.write("flurb", after=60)


def stuck_twice(talk: Conversation) -> None:
    talk.write("flurb")
    talk.write("i forgot my password", after=60)
    talk.press("stuck", PASSWORD.id)


def stuck_in_words(talk: Conversation) -> None:
    talk.write("flurb")
    talk.write("i forgot my password", after=60)
    talk.write("same error")


def rejected(talk: Conversation) -> None:
    talk.write("flurb")
    talk.write("i forgot my password", after=60)
    talk.write("that's not it")


def none_of_these(talk: Conversation) -> None:
    talk.write("flurb")
    talk.write("my account password", after=60)
    talk.press("none_of_these")


def labelled(talk: Conversation) -> None:
    talk.write("i forgot my password")
    talk.press("stuck", PASSWORD.id)
    talk.press("not_meant", PASSWORD.id)


def picked(talk: Conversation) -> None:
    talk.write("my account password")
    talk.press("pick", LOCKED.id)


def named(talk: Conversation) -> None:
    talk.write("my account password")
    talk.write("the second one")


def always(talk: Conversation) -> None:
    talk.write("change my contract")


def wished(talk: Conversation) -> None:
    talk.write("talk to a human")


def pressed_for_people(talk: Conversation) -> None:
    talk.write("i forgot my password")
    talk.press("human")


def by_command(talk: Conversation) -> None:
    talk.command("talk to a human")


def paused(talk: Conversation) -> None:
    talk.paused_in = frozenset({""})
    talk.write("i forgot my password")


def broken(talk: Conversation) -> None:
    talk.knowledge = replace(talk.knowledge, is_broken=True)
    talk.write("i forgot my password")


def failed_inside(talk: Conversation) -> None:
    talk.write("i forgot my password")
    for event in give_up(Scene(talk.present, around(), talk.knowledge, talk.now), talk.present.version, ATTEMPTS):
        talk.case = evolve(talk.present, event)
        talk.log.append((talk.present.version, event))


def asked_for_details(talk: Conversation) -> None:
    locked = replace(LOCKED, collect=(CollectField("place", "Where are you?"),))
    talk.knowledge = replace(talk.knowledge, entries={**ENTRIES, LOCKED.id: locked})
    picked(talk)
    talk.write("at home")


PATHS: list[tuple[Callable[[Conversation], None], str, str]] = [
    (missed_twice, LIMIT, "failed_attempts"),
    (stuck_twice, LIMIT, "failed_attempts"),
    (stuck_in_words, LIMIT, "failed_attempts"),
    (rejected, LIMIT, "failed_attempts"),
    (none_of_these, LIMIT, "failed_attempts"),
    (labelled, "wrong", "negative_feedback"),
    (picked, "of-locked", "category_policy"),
    (named, "of-locked", "category_policy"),
    (asked_for_details, "of-locked", "category_policy"),
    (always, ESCALATE_ALWAYS, "category_policy"),
    (wished, HUMAN_REQUEST, "explicit_request"),
    (pressed_for_people, HUMAN_REQUEST, "explicit_request"),
    (by_command, HUMAN_REQUEST, "explicit_request"),
    (paused, PAUSED, "category_policy"),
    (broken, ERROR, "error"),
    (failed_inside, ERROR, "error"),
]
WRONG = Trigger("wrong", When(feedback=("not_meant",)), Then("handoff"))
TO_PEOPLE = Trigger("of-locked", OF_LOCKED, Then("handoff", collect=True))


@pytest.mark.parametrize(("goes", "rule", "reason"), PATHS)
def test_who_is_served_sooner_is_so_whatever_leads_to_people(
    goes: Callable[[Conversation], None], rule: str, reason: str
) -> None:
    talk = talk_with(VIP, WRONG, TO_PEOPLE)

    goes(talk)

    handed = handoff_of(talk)
    assert (handed.rule, handed.reason) == (rule, reason)
    assert (handed.priority, handed.tags) == ("p2", ("vip",))


@pytest.mark.parametrize(
    ("written", "goes"),
    [
        ("slack is down, talk to a human", wished),  # an offer that holds
        ("her mail, talk to a human", wished),  # a refusal that holds
        ("slack is down", paused),
        ("her mail", paused),
        ("slack is down", broken),
        ("her mail", broken),
    ],
)
def test_what_goes_to_people_anyway_is_read_to_the_end(written: str, goes: Callable[[Conversation], None]) -> None:
    plain_offer = replace(DOUBLE, then=Then("offer"))
    last = Trigger("last", When(group=(CUSTOMER,)), Then("handoff", queue="care"))
    talk = talk_with(REFUSES, plain_offer, VIP, last)
    if goes is paused:
        talk.paused_in = frozenset({""})
    if goes is broken:
        talk.knowledge = replace(talk.knowledge, is_broken=True)

    talk.write(written)

    handed = handoff_of(talk)
    assert (handed.queue, handed.priority, handed.tags) == ("care", "p2", ("vip",))


def test_a_user_may_stand_where_a_group_may() -> None:
    talk = talk_with(Trigger("them", When(group=(CUSTOMER,)), Then("handoff", queue="care")))

    assert handed_rule(talk.write("i forgot my password")) == ("them", "vip")


def handed_rule(events: tuple[Event, ...]) -> tuple[str, str]:
    return next(((event.rule, event.reason) for event in events if isinstance(event, HandedOff)), ("", ""))


# --- what a rule may do besides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", [picked, named])
@pytest.mark.parametrize(
    ("then", "follows"),
    [
        (Then("refuse", message="No."), [Picked, TurnedDown]),
        (Then("offer", message="Or a person?"), [Picked, Answered, HumanOffered]),  # as with the same words typed
        (Then("tag", tags=("locked",)), [Picked, Tagged, Answered]),
        (Then("offer", tags=("locked",)), [Picked, Tagged, Answered, HumanOffered]),
        (Then("handoff"), [Picked, HandedOff]),
    ],
)
def test_what_is_chosen_meets_the_same_rules_as_what_is_asked(
    choice: Callable[[Conversation], None], then: Then, follows: list[type[Event]]
) -> None:
    talk = talk_with(Trigger("it", OF_LOCKED, then))

    choice(talk)

    begins = max(n for n, (_, event) in enumerate(talk.log) if isinstance(event, Picked))
    assert [type(event) for _, event in talk.log[begins:]] == follows


@pytest.mark.parametrize(
    ("then", "follows"),
    [
        (Then("refuse", message="No."), [Labelled, TurnedDown]),
        (Then("offer", message="Or a person?"), [Labelled, HumanOffered]),
        (Then("tag", tags=("wrong",)), [Labelled, Tagged]),
        (Then("handoff"), [Labelled, HandedOff]),
    ],
)
def test_what_still_stuck_meant_meets_them_too(then: Then, follows: list[type[Event]]) -> None:
    talk = talk_with(Trigger("it", When(feedback=("did_not_work",)), then))
    talk.write("i forgot my password")
    talk.press("stuck", PASSWORD.id)
    before = len(talk.said)

    assert kinds(talk.press("did_not_work", PASSWORD.id)) == follows
    lines = [one.saying.content for one in talk.said[before:] if isinstance(one.saying, Post)]
    if then.message:  # the rule's words, and none of ours beside them
        assert [line.text for line in lines if isinstance(line, Line)] == [then.message]


def test_a_file_alone_goes_to_people_if_a_rule_says_so() -> None:
    screenshots = Trigger("screenshot", When(has_file=True), Then("handoff", queue="care"))
    unless_known = Trigger("picture", When(all=(When(has_file=True), When(band=("none",)))), Then("offer"))

    assert handed_rule(talk_with(screenshots).write("", files=(FILE,))) == ("screenshot", "category_policy")
    assert kinds(talk_with(unless_known).write("", files=(FILE,))) == [Chatted]  # we ask what to look at
    assert kinds(talk_with(VIP, replace(VIP, id="all", also=False)).write("", files=(FILE,))) == [Chatted]


def test_something_wrong_inside_the_bot_is_the_same_wherever_it_goes_wrong() -> None:
    fault = Trigger("our-fault", When(error=True), Then("handoff", queue="care", priority="p1", message="Sorry!"))

    for goes in (broken, failed_inside):
        talk = talk_with(fault)
        goes(talk)
        handed = handoff_of(talk)
        assert (handed.queue, handed.priority, handed.text) == ("care", "p1", "Sorry!"), goes
        assert (handed.rule, handed.reason) == (ERROR, "error")


def test_who_keeps_coming_back_is_known_where_the_bot_fails_too() -> None:
    often = Trigger("often", When(repeat_contact=RepeatContact(timedelta(days=7), 3)), Then("tag", raise_priority=1))
    talk = talk_with(often)
    talk.write("i forgot my password")
    here = talk.present.opened_at
    assert here is not None

    for days, priority in ((1, "p2"), (8, "p3")):  # the third within a week, or the second
        contacts = (here - timedelta(days=days), here - timedelta(days=2), here)
        scene = Scene(talk.present, around(contacts=contacts), talk.knowledge, talk.now)
        handed = give_up(scene, talk.present.version, ATTEMPTS)[-1]
        assert isinstance(handed, HandedOff)
        assert handed.priority == priority


# --- the limit --------------------------------------------------------------------------------------------------------


def test_the_limit_is_reached_by_a_failure_and_not_by_an_answer() -> None:
    picture = Trigger("picture", When(has_file=True, band=("none",)), Then("offer"))
    talk = talk_with(picture)
    talk.write("flurb", files=(FILE,))
    talk.write("blah", files=(FILE,), after=60)
    assert talk.present.failed == 2  # a person was offered each time

    assert kinds(talk.write("i forgot my password", after=60))[-1] is Answered
    assert handed_rule(talk.press("stuck", PASSWORD.id)) == (LIMIT, "failed_attempts")


def test_a_number_of_failed_attempts_counts_for_answers_as_well() -> None:
    vague = Trigger("vague", When(failed_attempts_gte=1, band=("unsure",)), Then("handoff"))
    talk = talk_with(vague)
    talk.write("flurb")

    assert handed_rule(talk.write("my account password", after=60))[0] == "vague"


# --- what stays with a case -------------------------------------------------------------------------------------------


def test_what_words_added_once_counts_when_a_press_leads_to_people_and_counts_once() -> None:
    urgent = Trigger(
        "urgent", When(keywords=("urgent",)), Then("tag", raise_priority=1, private=True, tags=("now",)), also=True
    )
    talk = talk_with(urgent)
    talk.write("i forgot my password")
    talk.write("flurb, urgent", after=60)
    talk.write("urgent!", after=60)
    talk.press("human")

    handed = handoff_of(talk)
    assert (handed.priority, handed.private, handed.tags) == ("p2", True, ("now",))
    assert sum(isinstance(event, Tagged) for _, event in talk.log) <= 1


def test_nothing_of_it_goes_on_to_another_case() -> None:
    urgent = Trigger("locked", OF_LOCKED, Then("tag", raise_priority=1, tags=("now",)), also=True)
    talk = talk_with(urgent)
    talk.write("my account is locked")
    talk.write("how do i connect to the vpn", after=60)
    talk.press("human")

    assert (handoff_of(talk).priority, handoff_of(talk).tags) == ("p3", ())


def test_who_takes_an_offer_goes_where_it_says() -> None:
    talk = talk_with(DOUBLE)

    assert kinds(talk.write("slack is down"))[-1] is HumanOffered
    talk.press("human")

    assert (handoff_of(talk).queue, handoff_of(talk).priority) == ("care", "p2")


def test_an_offer_says_nothing_of_what_is_asked_after_it() -> None:
    talk = talk_with(DOUBLE)
    talk.write("slack is down")
    talk.write("i forgot my password", after=60)
    talk.press("human")

    assert (handoff_of(talk).queue, handoff_of(talk).priority) == ("tech", "p3")


def test_an_offer_is_taken_where_the_bot_is_paused() -> None:
    talk = talk_with(DOUBLE)
    talk.paused_in = frozenset({""})
    talk.write("slack is down")

    assert (handoff_of(talk).queue, handoff_of(talk).priority) == ("care", "p2")


def test_the_channel_is_the_one_where_it_was_asked() -> None:
    there = Trigger("there", When(channel=(HELP,), feedback=("still_stuck",)), Then("handoff"))
    talk = talk_with(there, channels={HELP: ChannelRules("all", queue="care", private=True)})
    talk.command("i forgot my password")  # asked in the channel, answered in the direct message
    talk.channel = DM

    assert handed_rule(talk.press("stuck", PASSWORD.id)) == ("there", "negative_feedback")
    assert (handoff_of(talk).queue, handoff_of(talk).private) == ("care", True)


@pytest.mark.parametrize("channel", [HELP, DM])
def test_what_people_say_in_a_private_case_is_not_said_in_the_channel_where_it_was_asked(channel: str) -> None:
    private = Trigger("pay", When(keywords=("anger",)), Then("handoff", private=True))
    talk = Conversation(channel=channel, knowledge=knows(private))
    talk.write("my lawyer", mention=True)
    told = [one.saying.content for one in talk.said if isinstance(one.saying, Post)]
    assert any(isinstance(line, Line) and sentences.GOES_ON_IN_DM in line.text for line in told) is (channel == HELP)
    before = len(talk.said)

    talk.at_card("You get 100 more.", opens_with_us=True)
    talk.resolve(words="It is paid.", readers="told")

    spoken = [one.saying for one in talk.said[before:] if isinstance(one.saying, Post)]
    places = {post.where for post in spoken if isinstance(post.content, FromSpecialist)}
    assert places == {DirectTo(CUSTOMER) if channel == HELP else In(DM)}


# --- caps -------------------------------------------------------------------------------------------------------------


CAPPED = {
    "tech": Queue("tech", "C0TECH", role="Tech", members=(DANA,), fallback="care", priority_cap="p2"),
    "care": Queue("care", "C0CARE", role="Care", priority_cap="p3", private=True),
    "deep": Queue("deep", "C0DEEP", role="Deep", tier=3),
}


def test_what_a_cap_takes_comes_back_where_there_is_none_and_nothing_is_raised_twice() -> None:
    talk = talk_with(VIP, queues=CAPPED, default_priority="p2")
    wished(talk)
    assert talk.present.priority == "p2"

    talk.send("transfer", {"queue": "care", "why": "theirs"})
    assert talk.present.priority == "p3"
    talk.send("escalate", {"queue": "deep", "why": "deep"}, user=DANA, groups=())
    assert talk.present.priority == "p1"


def test_a_fallback_has_its_own_cap_and_privacy() -> None:
    talk = talk_with(VIP, queues=CAPPED)
    wished(talk)
    assert (talk.present.priority, talk.present.private) == ("p2", False)

    talk.report(Undeliverable(key="u", team=TEAM, user="", case=talk.present.id, outbox=talk.present.card_id,
                              error="is_archived"))  # fmt: skip

    assert (talk.present.queue, talk.present.priority, talk.present.private) == ("care", "p3", True)


# --- the log ----------------------------------------------------------------------------------------------------------

TEXTS = ["i forgot my password", "my account password", "flurb", "urgent", "slack is down", "her mail", "my lawyer",
         "talk to a human", "human", "that's not it", "same error", "the second one", "thanks", "change my contract",
         "what is for lunch", "hi"]  # fmt: skip
BUTTONS = ["stuck", "did_not_work", "not_meant", "human", "none_of_these", "pick", "reopen", "fixed"]
BUILT_IN = {HUMAN_REQUEST, ESCALATE_ALWAYS, LIMIT, STILL_STUCK, ERROR, PAUSED}


def _failed(talk: Conversation) -> None:
    if talk.case is None or not talk.case.version or talk.case.state != "open":
        return
    for event in give_up(Scene(talk.present, around(), talk.knowledge, talk.now), talk.present.version, ATTEMPTS):
        talk.case = evolve(talk.present, event)
        talk.log.append((talk.present.version, event))
        talk.words[talk.present.version] = ""


conditions = st.sampled_from([
    When(keywords=("anger",)), When(keywords=("urgent",)), When(group=(CUSTOMER,)), When(band=("none",)),
    When(band=("unsure",)), When(channel=(DM,)), When(has_file=True), When(has_file=False), When(error=False),
    When(human_request=False), When(human_request=True), When(entry=("accounts/*",)), When(category=("fun",)),
    When(entry_policy=("never",)), When(feedback=("still_stuck", "did_not_work")), When(feedback=("not_meant",)),
    When(failed_attempts_gte=1), When(failed_attempts_gte="limit"), When(after_hours=False),
    When(repeat_contact=RepeatContact(timedelta(days=1), 1)), When(not_=When(keywords=("anger",))),
    When(any=(When(channel=(DM,)), When(group=(CUSTOMER,)))),
    When(all=(When(has_file=True), When(band=("none",)))),
])  # fmt: skip
effects = st.builds(
    Then,
    st.sampled_from(["handoff", "handoff", "offer", "refuse", "tag"]),
    queue=st.sampled_from([None, "care"]),
    priority=st.sampled_from([None, "p1", "p4"]),
    raise_priority=st.integers(0, 2),
    private=st.booleans(),
    tags=st.sampled_from([(), ("a",), ("a", "b")]),
    reason=st.sampled_from([None, None, "sensitive"]),
)
rulebooks = st.lists(st.tuples(conditions, effects, st.booleans()), max_size=4).map(
    lambda parts: tuple(Trigger(f"t{n}", when, then, also) for n, (when, then, also) in enumerate(parts))
)
steps = st.one_of(
    st.builds(
        lambda text, files, after: lambda talk: talk.write(text, files=files, after=after),
        st.sampled_from(TEXTS),
        st.sampled_from([(), (FILE,)]),
        st.sampled_from([5, 60]),
    ),
    st.builds(
        lambda kind, choice: lambda talk: talk.press(kind, choice),
        st.sampled_from(BUTTONS),
        st.sampled_from([PASSWORD.id, LOCKED.id, NEVER.id, ""]),
    ),
    st.booleans().map(lambda is_so: lambda talk: setattr(talk, "paused_in", frozenset({""} if is_so else ()))),
    st.just(lambda talk: talk.press("back", user=DANA) if talk.case else None),
    st.just(_failed),
    st.just(lambda talk: setattr(talk, "knowledge", replace(talk.knowledge, is_broken=not talk.knowledge.is_broken))),
)  # fmt: skip


@given(rulebooks, st.lists(steps, max_size=10))
@settings(max_examples=60)
def test_each_handoff_says_which_rule_and_for_which_reason(
    triggers: tuple[Trigger, ...], story: list[Callable[[Conversation], object]]
) -> None:
    talk = talk_with(*triggers)
    written: list[Event] = []
    for step in story:
        before = list(talk.log)
        step(talk)
        written += [event for at, event in talk.log if (at, event) not in before]

    by_id = {trigger.id: trigger for trigger in triggers}
    for handed in (event for event in written if isinstance(event, HandedOff)):
        assert handed.reason in get_args(Reason)
        assert handed.rule in BUILT_IN | by_id.keys()
        assert (handed.rule == HUMAN_REQUEST) == (handed.reason == "explicit_request") or handed.rule in by_id
        assert (handed.rule == ERROR) == (handed.reason == "error")
        if handed.rule in by_id:
            assert by_id[handed.rule].then.action == "handoff"
            assert handed.reason == (by_id[handed.rule].then.reason or handed.reason)
            assert handed.queue == (by_id[handed.rule].then.queue or handed.queue)
    # A wish leads to people at once, and nothing is handed off because of one that nobody made.
    wishes = sum(isinstance(event, WishedForHuman) for event in written)
    assert sum(isinstance(event, HandedOff) and event.rule == HUMAN_REQUEST for event in written) <= wishes
