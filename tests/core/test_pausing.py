"""While the bot is paused it answers, asks and offers nothing: whoever turns to it gets a person."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.commands import Pause, Resume, ordered
from bot.core.deciding import decide
from bot.core.entries import Audience
from bot.core.events import (
    Absorbed,
    Amended,
    Answered,
    Asked,
    AskedIfItWorked,
    AskedToClose,
    AskedToRephrase,
    Branched,
    Chatted,
    Claimed,
    Closed,
    CloseWarned,
    CollectBegun,
    CollectEnded,
    Commented,
    CustomerLost,
    ElseAsked,
    EntrySent,
    Event,
    FieldAsked,
    FieldGiven,
    FieldSkipped,
    FieldUnclear,
    Fixed,
    FlagFixed,
    Flagged,
    FormOpened,
    Forwarded,
    HandedOff,
    Heard,
    HomeShown,
    HumanOffered,
    IncidentBegun,
    IncidentOver,
    Joined,
    Labelled,
    Listed,
    ListShown,
    MemberJoined,
    MemberWrote,
    Missed,
    Moved,
    NobodyReached,
    NoneOfThese,
    Noted,
    Offered,
    Opened,
    Paused,
    Picked,
    Raised,
    Rated,
    Reassigned,
    Refused,
    Rejected,
    Released,
    ReminderGiven,
    Reopened,
    ReopenOffered,
    Replied,
    ReplyChanged,
    ReplyFailed,
    ReplyWithdrawn,
    Rescheduled,
    Resolved,
    Resumed,
    RungReached,
    SecondAsked,
    Settled,
    StatusSaid,
    StillStuck,
    SurveyAsked,
    Tagged,
    ThreadLost,
    ThreadOpened,
    Transferred,
    TriedAgain,
    TurnedDown,
    WishedForHuman,
)
from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import Closing, Group
from bot.core.saying import In, Line, Post, Said, Whisper, Words
from bot.core.scene import Surroundings
from bot.core.stimuli import Command, Place, Press
from tests.core.situations import (
    COLLEAGUE,
    CUSTOMER,
    DANA,
    DESK,
    DM,
    EMIL,
    HELP,
    KNOWLEDGE,
    LOCKED,
    NOON,
    PASSWORD,
    QUIET,
    RULES,
    TEAM,
    Conversation,
    with_rules,
)
from tests.core.test_collecting import KNOWS

EVERYWHERE = frozenset({""})
SPOKEN = (
    Answered, Offered, AskedToRephrase, HumanOffered, TurnedDown, AskedToClose, ReopenOffered, CollectBegun, FieldAsked,
)  # fmt: skip


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in events]


def last_line(talk: Conversation) -> str:
    return next(
        said.saying.content.text
        for said in reversed(talk.said)
        if isinstance(said.saying, Post) and isinstance(said.saying.content, Line)
    )


# --- what customers write ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "events"),
    [
        ("i forgot my password", ["Opened", "Asked", "HandedOff"]),  # what it knows for sure it keeps to itself
        ("my account password", ["Opened", "Asked", "HandedOff"]),  # it does not ask what was meant
        ("flurb", ["Opened", "Asked", "HandedOff"]),  # nor for other words
        ("talk to a human", ["Opened", "WishedForHuman", "HandedOff"]),  # as ever
        ("get me a lawyer", ["Opened", "Asked", "HandedOff"]),  # a rule would have done the same
        ("hello", ["Chatted"]),  # small talk gets nothing
        ("thanks", ["Chatted"]),
        ("pls help", ["Chatted"]),
    ],
)
def test_what_somebody_writes_to_a_paused_bot(said: str, events: list[str]) -> None:
    talk = Conversation(paused_in=EVERYWHERE)

    decided = talk.write(said)

    assert kinds(decided) == events
    assert all(not event.reply for event in decided if isinstance(event, Chatted))
    assert all(event.paused for event in decided if isinstance(event, HandedOff))


def test_whoever_is_handed_off_reads_that_the_bot_is_paused_and_people_have_it() -> None:
    talk = Conversation(paused_in=EVERYWHERE)

    talk.write("i forgot my password")

    assert "I'm paused" in last_line(talk)
    assert "Technical Support" in last_line(talk)
    assert not [said for said in talk.said if "Open the portal" in str(said)]


def test_whoever_asks_for_help_hears_that_it_is_paused() -> None:
    talk = Conversation(paused_in=EVERYWHERE)

    talk.write("help")

    assert "I'm paused" in last_line(talk)


@pytest.mark.parametrize(
    ("said", "reason", "rule", "queue"),
    [
        ("i forgot my password", "category_policy", "paused", "tech"),  # nothing is wrong with the question
        ("flurb", "low_confidence", "paused", "tech"),  # nothing would have fitted either
        ("talk to a human", "explicit_request", "human-request", "tech"),
        ("get me a lawyer", "sensitive", "angry", "care"),  # the rules say to whom as ever
    ],
)
def test_the_rules_still_say_why_and_to_whom(said: str, reason: str, rule: str, queue: str) -> None:
    talk = Conversation(paused_in=EVERYWHERE)

    handed = talk.write(said)[-1]

    assert isinstance(handed, HandedOff)
    assert (handed.reason, handed.rule, handed.queue) == (reason, rule, queue)


def test_the_card_has_what_the_bot_would_have_answered() -> None:
    handed = Conversation(paused_in=EVERYWHERE).write("i forgot my password")[-1]

    assert isinstance(handed, HandedOff)
    assert [match.entry for match in handed.candidates] == [PASSWORD.id, LOCKED.id]


@pytest.mark.parametrize(
    ("channel", "paused_in", "mention", "events"),
    [
        (HELP, {HELP}, False, ["Chatted"]),  # said to others: left alone
        (QUIET, {QUIET}, False, ["Chatted"]),
        (HELP, {HELP}, True, ["Opened", "Asked", "HandedOff"]),  # said to it
        (HELP, {QUIET}, False, ["Opened", "Asked", "Answered"]),  # paused elsewhere
        (DM, {HELP}, False, ["Opened", "Asked", "Answered"]),
        (HELP, {""}, False, ["Chatted"]),
    ],
)
def test_a_pause_counts_where_it_is_and_for_whoever_turns_to_the_bot(
    channel: str, paused_in: set[str], mention: bool, events: list[str]
) -> None:
    talk = Conversation(channel=channel, paused_in=frozenset(paused_in))

    assert kinds(talk.write("i forgot my password", mention=mention)) == events


def test_what_is_left_alone_leads_to_no_word_of_the_bot() -> None:
    talk = Conversation(channel=HELP, paused_in=frozenset({HELP}))

    (left,) = talk.write("i forgot my password")

    assert isinstance(left, Chatted)
    assert (left.kind, left.reply, left.words) == ("overheard", False, "i forgot my password")
    assert talk.said == []


def test_a_wish_for_a_person_is_honoured_without_a_mention() -> None:
    talk = Conversation(channel=HELP, paused_in=frozenset({HELP}))

    assert kinds(talk.write("talk to a human")) == ["Opened", "WishedForHuman", "HandedOff"]


# --- in the middle of a case ------------------------------------------------------------------------------------------


def paused_after(*said: str) -> Conversation:
    """The bot is paused in the middle of a conversation."""
    talk = Conversation()
    for text in said:
        talk.write(text)
    talk.paused_in = EVERYWHERE
    return talk


def test_still_stuck_brings_people_instead_of_a_question() -> None:
    talk = paused_after("i forgot my password")

    stuck, handed = talk.press("stuck", PASSWORD.id)

    assert isinstance(stuck, StillStuck)
    assert isinstance(handed, HandedOff)
    assert handed.reason == "negative_feedback"


def test_a_typed_rejection_brings_people() -> None:
    talk = paused_after("i forgot my password")

    assert kinds(talk.write("that's not it")) == ["Rejected", "HandedOff"]


def test_a_choice_brings_people_who_know_what_was_chosen() -> None:
    talk = paused_after("my account password")

    picked, handed = talk.press("pick", PASSWORD.id)

    assert isinstance(picked, Picked)
    assert isinstance(handed, HandedOff)
    assert handed.entry == PASSWORD.id


def test_none_of_these_brings_people() -> None:
    assert kinds(paused_after("my account password").press("none_of_these")) == ["NoneOfThese", "HandedOff"]


def test_what_was_pressed_before_is_kept_and_nothing_more() -> None:
    talk = Conversation()
    talk.write("my account password")
    offer = talk.present.version
    talk.press("none_of_these", position=offer)
    talk.paused_in = EVERYWHERE

    assert kinds(talk.press("none_of_these", position=offer)) == ["NoneOfThese"]


def test_what_fixed_it_closes_the_case_as_ever() -> None:
    talk = paused_after("i forgot my password")

    talk.press("fixed", PASSWORD.id)

    assert talk.present.outcome == "resolved_by_bot"


def test_small_talk_in_a_case_is_not_asked_about() -> None:
    talk = paused_after("i forgot my password")
    said = len(talk.said)

    assert kinds(talk.write("that works")) == ["Chatted"]
    assert len(talk.said) == said


def test_still_broken_after_the_end_reopens_the_case_for_people() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    case = talk.present.id
    talk.press("fixed", PASSWORD.id)
    talk.paused_in = EVERYWHERE

    reopened, rejected, handed = talk.write("still broken")

    assert isinstance(reopened, Reopened)
    assert isinstance(rejected, Rejected)
    assert rejected.words == "still broken"
    assert isinstance(handed, HandedOff)
    assert (talk.present.id, talk.present.state) == (case, "handed_off")


def test_what_people_resolved_goes_back_to_them() -> None:
    talk = Conversation()
    talk.write("talk to a human")
    talk.press("claim", user=DANA)
    talk.resolve()
    talk.paused_in = EVERYWHERE

    events = talk.write("still broken")

    assert [type(event) for event in events] == [Reopened, Forwarded]
    assert talk.present.owner == DANA


def test_pressing_reopen_leads_to_people() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    talk.press("fixed", PASSWORD.id)
    talk.paused_in = EVERYWHERE

    assert kinds(talk.press("reopen")) == ["Reopened", "HandedOff"]


def test_no_survey_is_asked_of_whoever_it_fixed_it_for() -> None:
    talk = Conversation(with_rules(closing=Closing(survey=True)))
    talk.write("i forgot my password")
    talk.paused_in = EVERYWHERE

    assert kinds(talk.press("fixed", PASSWORD.id)) == ["Fixed", "Closed"]


def test_after_what_people_did_the_survey_is_asked_as_ever() -> None:
    talk = Conversation(with_rules(closing=Closing(survey=True)))
    talk.write("talk to a human")
    talk.press("claim", user=DANA)
    talk.paused_in = EVERYWHERE

    assert kinds(talk.resolve())[-1] == "SurveyAsked"


def test_a_case_that_is_over_stays_so_while_another_is_open_in_its_place() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    talk.press("fixed", PASSWORD.id)
    press = Press(
        key="p:1", team=TEAM, user=CUSTOMER, kind="stuck", channel=DM, message_ts="1.0", case=talk.present.id,
        position=talk.present.version, choice=PASSWORD.id, direct=True,
    )  # fmt: skip
    around = Surroundings(Person(CUSTOMER, TEAM), "CASE9", place_taken=True, paused_in=EVERYWHERE)

    assert kinds(decide(talk.present, press, around, KNOWLEDGE, NOON)) == ["StillStuck", "Refused"]


def test_nothing_is_asked_before_people_take_over() -> None:
    talk = Conversation(KNOWS, paused_in=EVERYWHERE)

    assert kinds(talk.write("change my contract")) == ["Opened", "Asked", "HandedOff"]


def test_what_is_being_asked_ends_with_the_answer_at_hand() -> None:
    talk = Conversation(KNOWS)
    talk.write("change my contract")
    talk.paused_in = EVERYWHERE

    given_, ended, handed = talk.write("In the office")

    assert isinstance(given_, FieldGiven)
    assert isinstance(ended, CollectEnded)
    assert isinstance(handed, HandedOff)
    assert handed.paused
    assert (handed.rule, handed.reason) == ("escalate-always", "category_policy")


# --- what people have -------------------------------------------------------------------------------------------------


def test_an_open_handoff_goes_on_as_ever() -> None:
    talk = Conversation()
    talk.write("talk to a human")
    talk.paused_in = EVERYWHERE

    assert isinstance(talk.write("it is the blue one")[0], Forwarded)
    assert isinstance(talk.press("claim", user=DANA)[0], Claimed)
    assert isinstance(talk.at_card("try again", opens_with_us=True)[0], Replied)


def test_a_case_does_not_go_back_to_a_paused_bot() -> None:
    talk = Conversation()
    talk.write("talk to a human")
    talk.press("claim", user=DANA)
    talk.paused_in = EVERYWHERE

    (event,) = talk.press("back", user=DANA)

    assert isinstance(event, Refused)
    assert "paused" in event.why
    assert talk.present.state == "claimed"


@given(st.lists(st.sampled_from([
    "i forgot my password", "my account password", "flurb", "hello", "thanks", "that works", "that's not it",
    "still broken", "talk to a human", "what is for lunch", "change my contract", "get me a lawyer",
]), max_size=6), st.integers(0, 6))  # fmt: skip
def test_whatever_is_written_a_paused_bot_says_nothing_of_its_own(texts: list[str], paused_after: int) -> None:
    talk = Conversation()
    for number, text in enumerate(texts):
        talk.paused_in = EVERYWHERE if number >= paused_after else frozenset()

        events = talk.write(text)

        if talk.paused_in:
            assert not [event for event in events if isinstance(event, SPOKEN)]
            if any(isinstance(event, Asked | WishedForHuman | Rejected) for event in events):
                assert talk.present.with_people


# What a decision may come to, kind by kind: a new one has to be looked at, whether the bot would speak with it.
SILENCED = {*SPOKEN, Missed, SurveyAsked}  # left out, or what leads to people
BY_PEOPLE = {
    Opened, ThreadOpened, Asked, Chatted, Tagged, Picked, NoneOfThese, SecondAsked, Rejected, Fixed, StillStuck,
    Labelled, WishedForHuman, ElseAsked, Branched, Reopened, Closed, FieldGiven, FieldUnclear, FieldSkipped,
    CollectEnded,
    HandedOff, Moved, NobodyReached, Forwarded, FormOpened, Claimed, Replied, ReplyChanged, ReplyWithdrawn, ReplyFailed,
    CustomerLost, Noted, Released, Refused, ThreadLost, Heard, TriedAgain, Settled, Joined, Absorbed, IncidentBegun,
    MemberJoined, MemberWrote, StatusSaid, IncidentOver, Listed, Transferred, Reassigned, Resolved, Rated, Commented,
    ListShown, HomeShown, EntrySent, Amended, Paused, Resumed, Flagged, FlagFixed,
    RungReached, Raised, Rescheduled, AskedIfItWorked, CloseWarned, ReminderGiven,
}  # fmt: skip


def test_every_kind_of_event_has_been_looked_at() -> None:
    assert set(get_args(Event)) == SILENCED | BY_PEOPLE


# --- the commands -----------------------------------------------------------------------------------------------------


LEADS = with_rules(permissions={"pause": ("leads", "UBOSS")}, groups={"leads": Group(users=("ULEAD",))})
OPS = "C0OPS"


def ordered_by(
    who: str | Person,
    text: str,
    *,
    channel: str = HELP,
    paused_in: frozenset[str] = frozenset(),
    knowledge: Knowledge = LEADS,
    channels: tuple[str, ...] = (),
) -> tuple[tuple[Event, ...], list[Said]]:
    person = Person(who, TEAM) if isinstance(who, str) else who
    command = Command(
        key="c:1", team=TEAM, user=person.id, channel=channel, text=text, response_url="http://r", channels=channels
    )
    case = Case("CMD", Place(TEAM, f"@{person.id}", "pending:", person.id))
    events = decide(case, command, Surroundings(person, "CASE2", paused_in=paused_in), knowledge, NOON)
    return events, [said for chapter in chapters(case, events, knowledge) for said in chapter.said]


def whispered(said: list[Said]) -> str:
    (text,) = [
        one.saying.content.text
        for one in said
        if isinstance(one.saying, Whisper) and isinstance(one.saying.content, Line)
    ]
    return text


@pytest.mark.parametrize(
    ("text", "channels", "in_channel", "paused"),
    [
        ("pause", (), HELP, HELP),  # without a place: this channel
        ("pause", (), DESK, DESK),  # a team's too
        ("pause everywhere", (), HELP, ""),
        ("pause everywhere", (), "D1", ""),
        ("pause #quiet", (QUIET,), HELP, QUIET),
        ("pause #quiet it says nonsense", (QUIET,), "D1", QUIET),
    ],
)
def test_where_a_pause_counts(text: str, channels: tuple[str, ...], in_channel: str, paused: str) -> None:
    events, _ = ordered_by("UBOSS", text, channel=in_channel, channels=channels)

    assert [event.channel for event in events if isinstance(event, Paused)] == [paused]


def test_a_pause_says_who_and_why() -> None:
    (event,), said = ordered_by("UBOSS", "pause everywhere it says nonsense")

    assert isinstance(event, Paused)
    assert (event.actor, event.words) == ("UBOSS", "it says nonsense")
    told = [one.saying for one in said if isinstance(one.saying, Post)]
    assert [post.where for post in told] == [In(OPS)]
    assert isinstance(told[0].content, Line)
    assert (told[0].content.who, told[0].content.quote) == ("UBOSS", Words("CMD", 1))


def test_why_is_for_teams_alone() -> None:
    _, said = ordered_by("UBOSS", "pause #help it says nonsense", channels=(HELP,))

    quotes = {one.saying.where: one.saying.content for one in said if isinstance(one.saying, Post)}
    here, operators = quotes[In(HELP)], quotes[In(OPS)]
    assert isinstance(here, Line)
    assert isinstance(operators, Line)
    assert here.quote is None
    assert operators.quote is not None


def test_secrets_in_the_why_are_masked() -> None:
    (event,), _ = ordered_by("UBOSS", "pause everywhere the password: hunter2hunter2 is shown")

    assert isinstance(event, Paused)
    assert "hunter2" not in event.words


def test_the_operators_channel_is_told_once() -> None:
    _, said = ordered_by("UBOSS", "pause", channel=OPS)

    assert [one.saying.where for one in said if isinstance(one.saying, Post)] == [In(OPS)]


def test_whoever_pauses_in_a_direct_message_says_where() -> None:
    (event,), said = ordered_by("UBOSS", "pause", channel="D1")

    assert isinstance(event, Refused)
    assert "/tier1 pause #channel" in whispered(said)


@pytest.mark.parametrize(
    ("text", "paused_in", "hears"),
    [
        ("pause", {HELP}, "already"),
        ("pause everywhere", {""}, "everywhere already"),
        ("resume", set(), "not paused"),
        ("resume everywhere", {HELP}, "not paused everywhere"),
        ("resume", {""}, "paused everywhere, not only"),  # it would not speak there for all that
    ],
)
def test_what_is_so_already_is_said_honestly(text: str, paused_in: set[str], hears: str) -> None:
    (event,), said = ordered_by("UBOSS", text, paused_in=frozenset(paused_in))

    assert isinstance(event, Refused)
    assert hears in whispered(said)


def test_a_channel_may_be_paused_on_its_own_while_everything_is() -> None:
    (event,), _ = ordered_by("UBOSS", "pause", paused_in=EVERYWHERE)

    assert isinstance(event, Paused)


def test_whoever_resumes_hears_where_it_is_still_paused() -> None:
    (event,), said = ordered_by("UBOSS", "resume everywhere", paused_in=frozenset({"", QUIET}))

    assert isinstance(event, Resumed)
    assert f"still paused in {{#{QUIET}}}" in whispered(said)


MEMBERLESS = with_rules(queues={"care": replace(RULES.queues["care"], members=())}, default_queue="care", routing=())
ANYBODY = with_rules(groups={"firm": Group(email_domains=("firm.example",)), "s": Group(usergroup="S1")})
BY_DOMAIN = with_rules(permissions={"pause": ("firm", "s")}, groups=ANYBODY.rules.groups)
AT_FIRM = Person("UX", TEAM, email="x@firm.example", groups=frozenset({"firm"}))
SHOPPERS: frozenset[Audience] = frozenset({"customer"})
IN_SHOP = with_rules(
    queues=MEMBERLESS.rules.queues, default_queue="care", routing=(),
    groups={"shop": Group(users=(COLLEAGUE,), audience=SHOPPERS)},
)  # fmt: skip


@pytest.mark.parametrize(
    ("who", "knowledge", "channel", "allowed"),
    [
        (Person("UBOSS", TEAM), LEADS, HELP, True),  # by their id
        (Person("ULEAD", TEAM, groups=frozenset({"leads"})), LEADS, HELP, True),  # by their group
        (Person("ULEAD", TEAM), LEADS, HELP, False),  # whose groups could not be read: never widened
        (Person(DANA, TEAM), LEADS, DESK, False),  # a member of a queue, where the rules name others
        (Person(DANA, TEAM), KNOWLEDGE, HELP, True),  # where they are silent: a member of any queue
        (Person(EMIL, TEAM), KNOWLEDGE, "D1", True),
        (Person(CUSTOMER, TEAM), KNOWLEDGE, HELP, False),
        (Person(CUSTOMER, TEAM), KNOWLEDGE, DESK, False),  # being there is not being one of them
        (Person(COLLEAGUE, TEAM), MEMBERLESS, "C0CARE", True),  # a queue without members: whoever is in its channel
        (Person(COLLEAGUE, TEAM), MEMBERLESS, HELP, False),
        (Person(COLLEAGUE, TEAM, guest=True), MEMBERLESS, "C0CARE", False),
        (Person(COLLEAGUE, TEAM, external=True), MEMBERLESS, "C0CARE", False),
        (Person(COLLEAGUE, TEAM, bot=True), MEMBERLESS, "C0CARE", False),
        (Person(COLLEAGUE, TEAM, unread=True), MEMBERLESS, "C0CARE", False),  # who knows whether they are a guest
        (Person(COLLEAGUE, TEAM, groups=frozenset({"shop"})), IN_SHOP, "C0CARE", False),  # a customer by the rules
        (AT_FIRM, BY_DOMAIN, HELP, True),
        (replace(AT_FIRM, external=True), BY_DOMAIN, HELP, False),  # an address that others vouch for
        (replace(AT_FIRM, guest=True), BY_DOMAIN, HELP, False),
        (Person("UX", TEAM, groups=frozenset({"s"}), email="x@o.example", external=True), BY_DOMAIN, HELP, True),
    ],
)
@pytest.mark.parametrize("text", ["pause everywhere", "resume everywhere"])
def test_who_may_pause_and_resume(who: Person, knowledge: Knowledge, channel: str, allowed: bool, text: str) -> None:
    paused_in = EVERYWHERE if text.startswith("resume") else frozenset[str]()

    (event,), said = ordered_by(who, text, channel=channel, knowledge=knowledge, paused_in=paused_in)

    assert isinstance(event, Paused | Resumed) == allowed
    if not allowed:
        assert isinstance(event, Refused)
        assert event.action == text.split(maxsplit=1)[0]
        assert len(said) == 1
        assert isinstance(said[0].saying, Whisper)


def test_a_subscription_is_no_bot() -> None:
    command = Command(
        key="c:1", team=TEAM, user=CUSTOMER, channel=HELP, text="pause my subscription", response_url="http://r"
    )

    assert not isinstance(ordered(command, RULES), Pause | Resume)
