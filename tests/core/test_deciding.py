"""What messages and presses lead to, decided by the core alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import (
    Answered,
    Asked,
    AskedToClose,
    AskedToRephrase,
    Branched,
    Chatted,
    Claimed,
    Closed,
    ElseAsked,
    Event,
    Fixed,
    Forwarded,
    HandedOff,
    HumanOffered,
    Labelled,
    Missed,
    NoneOfThese,
    Noted,
    Offered,
    Opened,
    Picked,
    Refused,
    Rejected,
    Released,
    Reopened,
    ReopenOffered,
    Replied,
    Resolved,
    StillStuck,
    WishedForHuman,
)
from bot.core.rulebook.rules import Bots, OptOut, Then, Trigger, When
from bot.core.saying import AnswerSaid, Card, FromSpecialist, In, Line, Post, React, TranscriptPage, Update
from tests.core.situations import (
    COLLEAGUE,
    CUSTOMER,
    DANA,
    DESK,
    EMIL,
    HELP,
    KNOWLEDGE,
    LOCKED,
    OFF,
    PASSWORD,
    QUIET,
    VPN,
    Conversation,
    with_rules,
)


def kinds(events: tuple[Event, ...]) -> list[type[Event]]:
    return [type(event) for event in events]


@pytest.mark.parametrize(
    ("said", "event"),
    [
        ("I forgot my password", Answered),  # known, and the matcher is sure
        ("my account password", Offered),  # two entries are close
        ("pasword? talk to a human", HandedOff),  # a wish for a human comes before answers
        ("flurb", AskedToRephrase),  # we would rather ask than guess
        ("hi", Chatted),  # a greeting is no question
        ("pls help", Chatted),  # nor is a cry without a subject
        ("thanks", Chatted),  # nor thanks
        ("change my contract", HandedOff),  # the entry always goes to people
        ("this is the third time", HandedOff),  # a rule on words
    ],
)
def test_what_a_first_message_leads_to(said: str, event: type[Event]) -> None:
    assert isinstance(Conversation().write(said)[-1], event)


@pytest.mark.parametrize("said", ["hi", "thanks", "that works now", "pls help", "help"])
def test_small_talk_opens_no_case(said: str) -> None:
    assert not any(isinstance(event, Opened) for event in Conversation().write(said))


def test_the_second_miss_hands_off_because_of_the_limit() -> None:
    talk = Conversation()
    talk.write("flurb")

    events = talk.write("flurb!!", after=3)

    handed = events[-1]
    assert isinstance(handed, HandedOff)
    assert (handed.reason, handed.rule, handed.queue) == ("failed_attempts", "limit", "tech")


def test_a_miss_continued_within_ten_seconds_is_read_with_it_and_answered_in_its_place() -> None:
    talk = Conversation()
    missed_at = talk.case.version if talk.write("flurb") and talk.case else 0

    events = talk.write("i forgot my password", after=9)

    answered = events[-1]
    assert isinstance(answered, Answered)
    assert answered.instead_of == missed_at
    assert talk.present.failed == 0
    assert isinstance(talk.said[-1].saying, Update)


def test_a_miss_continued_later_is_a_question_of_its_own_in_the_same_case() -> None:
    talk = Conversation()
    talk.write("flurb")

    events = talk.write("i forgot my password", after=11)

    assert kinds(events) == [Asked, Answered]
    assert isinstance(talk.said[-1].saying, Post)


def test_the_same_entry_asked_again_is_answered_again_in_short_and_fails_nothing() -> None:
    talk = Conversation()
    talk.write("i forgot my password")

    events = talk.write("password again please")

    answered = events[-1]
    assert isinstance(answered, Answered)
    assert (answered.how, talk.present.failed) == ("again", 0)
    said = talk.said[-1].saying
    assert isinstance(said, Post)
    assert isinstance(said.content, AnswerSaid)
    assert said.content.lead == sentences.AGAIN


def test_a_question_about_something_else_ends_the_case_and_opens_the_next() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    first = talk.present.id

    events = talk.write("how do i connect to the vpn")

    assert kinds(events) == [Closed, Opened, Asked, Answered]
    assert isinstance(events[0], Closed)
    assert events[0].outcome == "resolved_assumed"
    assert talk.present.id != first


def test_moving_on_from_a_mere_offer_abandons_the_case() -> None:
    talk = Conversation()
    talk.write("my account password")

    events = talk.write("how do i connect to the vpn")

    assert isinstance(events[0], Closed)
    assert events[0].outcome == "abandoned"


def test_a_pick_answers_and_names_the_question_as_an_example() -> None:
    talk = Conversation()
    talk.write("my account password")

    events = talk.press("pick", LOCKED.id)

    assert kinds(events) == [Picked, Answered]
    assert talk.present.entry == LOCKED.id


def test_none_of_these_is_one_failed_attempt() -> None:
    talk = Conversation()
    talk.write("my account password")

    assert kinds(talk.press("none_of_these")) == [NoneOfThese, AskedToRephrase]
    assert talk.present.failed == 1
    assert kinds(talk.write("flurb"))[-1] is HandedOff


def test_that_fixed_it_closes_the_case_as_resolved_by_the_bot() -> None:
    talk = Conversation()
    talk.write("i forgot my password")

    events = talk.press("fixed", PASSWORD.id)

    assert kinds(events) == [Fixed, Closed]
    assert talk.present.outcome == "resolved_by_bot"
    said = talk.said[-1].saying
    assert isinstance(said, Update)
    assert isinstance(said.content, AnswerSaid)
    assert (said.content.body, said.content.outcome) == (PASSWORD.answer, sentences.FIXED)


def test_still_stuck_offers_and_then_hands_off_as_negative_feedback_or_the_limit() -> None:
    talk = Conversation()
    talk.write("i forgot my password")

    first = talk.press("stuck", PASSWORD.id)
    offer = talk.said[-1].saying
    label = talk.press("did_not_work", PASSWORD.id)
    talk.write("password again please")
    second = talk.press("stuck", PASSWORD.id)

    assert kinds(first) == [StillStuck, HumanOffered]
    assert isinstance(offer, Post)
    assert isinstance(offer.content, Line)
    assert [b.label for b in offer.content.buttons] == ["It did not work", "Not what I meant", "Talk to a person"]
    assert kinds(label) == [Labelled]
    assert kinds(second) == [StillStuck, HandedOff]


def test_a_typed_rejection_counts_once_and_reaches_the_limit() -> None:
    talk = Conversation()
    talk.write("i forgot my password")

    assert kinds(talk.write("that's not it")) == [Rejected, AskedToRephrase]
    assert kinds(talk.write("still broken")) == [Rejected, HandedOff]


def test_that_works_asks_whether_to_close_and_the_yes_closes() -> None:
    talk = Conversation()
    talk.write("i forgot my password")

    assert kinds(talk.write("that works")) == [Chatted, AskedToClose]
    assert kinds(talk.press("fixed", PASSWORD.id)) == [Fixed, Closed]


def test_after_closing_a_rejection_offers_to_reopen_and_reopening_keeps_the_case() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    talk.press("fixed", PASSWORD.id)
    closed = talk.present

    offered = talk.write("still broken")
    reopened = talk.press("reopen")

    assert kinds(offered) == [ReopenOffered]
    assert kinds(reopened) == [Reopened]
    assert (talk.present.id, talk.present.state) == (closed.id, "open")


def test_after_closing_thanks_get_a_reaction_and_open_nothing() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    talk.press("fixed", PASSWORD.id)

    talk.write("thanks")

    assert isinstance(talk.said[-1].saying, React)
    assert talk.present.state == "closed"


def test_from_handoff_on_messages_are_passed_on_and_get_only_a_receipt() -> None:
    talk = Conversation()
    talk.write("talk to a human")
    before = len(talk.said)

    events = talk.write("i forgot my password")

    assert kinds(events) == [Forwarded]
    assert [type(said.saying) for said in talk.said[before:]] == [React, Post]
    assert talk.present.state == "handed_off"


def test_ask_something_else_opens_a_case_beside_the_handed_off_one() -> None:
    talk = Conversation()
    talk.write("talk to a human")
    handed = talk.present.id

    assert kinds(talk.press("ask_else")) == [ElseAsked]
    events = talk.write("how do i connect to the vpn")

    assert kinds(events) == [Branched, Opened, Asked, Answered]
    assert talk.present.id != handed
    opened = events[1]
    assert isinstance(opened, Opened)
    assert opened.thread_ts == f"{talk.now.timestamp():.6f}"


def test_the_card_comes_first_then_the_notice_then_the_transcript() -> None:
    talk = Conversation()
    talk.write("flurb")
    talk.write("flurb again")

    contents = [said.saying.content for said in talk.said if isinstance(said.saying, Post)][-3:]

    assert [type(content) for content in contents] == [Card, Line, TranscriptPage]
    page = contents[-1]
    assert isinstance(page, TranscriptPage)
    assert [turn.words.position for turn in page.turns if turn.words] == [2, 5]


def test_a_claim_names_the_owner_and_a_second_claim_is_told_who_has_it() -> None:
    talk = Conversation()
    talk.write("talk to a human")

    assert kinds(talk.press("claim", user=DANA)) == [Claimed]
    late = talk.press("claim", user=EMIL, after=0)

    assert isinstance(late[0], Refused)
    assert (late[0].why, late[0].who) == ("Taken by {who} 0 s ago.", DANA)


def test_who_is_no_member_of_the_queue_claims_nothing() -> None:
    talk = Conversation()
    talk.write("talk to a human")

    assert kinds(talk.press("claim", user=COLLEAGUE)) == [Refused]
    assert talk.present.state == "handed_off"


def test_only_a_message_that_begins_with_the_mention_reaches_the_customer() -> None:
    talk = Conversation()
    talk.write("talk to a human")
    talk.press("claim", user=DANA)

    noted = talk.at_card("this one is difficult")
    replied = talk.at_card("Try the blue cable.", opens_with_us=True)

    assert kinds(noted) == [Noted]
    assert kinds(replied) == [Replied]
    to_customer = [
        s.saying for s in talk.said if isinstance(s.saying, Post) and isinstance(s.saying.content, FromSpecialist)
    ]
    assert [post.where for post in to_customer] == [In("D1")]


def test_whoever_answers_first_has_taken_the_case() -> None:
    talk = Conversation()
    talk.write("talk to a human")

    assert kinds(talk.at_card("On it.", opens_with_us=True)) == [Claimed, Replied]
    assert talk.present.owner == DANA


def test_back_to_the_bot_starts_with_no_failed_attempts() -> None:
    talk = Conversation()
    talk.write("flurb")
    talk.write("flurb")

    assert kinds(talk.press("back", user=DANA)) == [Released]
    assert kinds(talk.write("flurb"))[-1] is AskedToRephrase


def test_resolving_closes_as_resolved_by_a_human_and_offers_to_reopen_with_the_same_people() -> None:
    talk = Conversation()
    talk.write("talk to a human")
    talk.press("claim", user=DANA)

    assert kinds(talk.resolve()) == [Resolved, Closed]
    assert talk.present.outcome == "resolved_by_human"
    assert kinds(talk.press("reopen")) == [Reopened]
    assert (talk.present.state, talk.present.owner) == ("claimed", DANA)


@pytest.mark.parametrize("kind", ["fixed", "stuck", "pick", "none_of_these", "human", "reopen", "ask_else"])
def test_only_the_requester_may_press_what_is_theirs(kind: str) -> None:
    talk = Conversation()
    talk.write("i forgot my password")

    events = talk.press(kind, PASSWORD.id, user=COLLEAGUE)  # type: ignore[arg-type]

    assert kinds(events) == [Refused]


@pytest.mark.parametrize(
    ("channel", "text", "mention", "speaks"),
    [
        (HELP, "i forgot my password", False, True),  # `all` answers everybody
        (HELP, "flurb", False, True),  # and asks when it does not know
        (QUIET, "i forgot my password", False, True),  # `questions` answers when sure
        (QUIET, "my account password", False, False),  # and is silent when not
        (QUIET, "flurb", False, False),
        (QUIET, "talk to a human", False, False),  # a wish counts there only with a mention
        (QUIET, "talk to a human", True, True),
        (QUIET, "flurb", True, True),  # who mentions the bot is answered
        (OFF, "i forgot my password", True, False),  # `off` is off
        ("C0OTHER", "i forgot my password", False, False),  # an unknown channel is served on mention only
        ("C0OTHER", "i forgot my password", True, True),
    ],
)
def test_when_the_bot_speaks_in_a_channel(channel: str, text: str, mention: bool, speaks: bool) -> None:
    talk = Conversation(channel=channel)

    talk.write(text, mention=mention)

    assert bool(talk.said) is speaks


def test_what_a_questions_channel_does_not_answer_is_logged_all_the_same() -> None:
    talk = Conversation(channel=QUIET)

    events = talk.write("flurb")

    assert [event.kind for event in events if isinstance(event, Chatted)] == ["overheard"]


def test_in_a_thread_that_others_started_the_bot_answers_the_mention_and_does_not_follow() -> None:
    talk = Conversation(channel=HELP, thread_ts="5.0")

    assert talk.write("i forgot my password", parent_user=COLLEAGUE) == ()
    assert isinstance(talk.write("i forgot my password", mention=True, parent_user=COLLEAGUE)[-1], Answered)
    assert talk.write("my account is locked", parent_user=COLLEAGUE) == ()


def test_a_bystander_is_logged_and_not_answered() -> None:
    talk = Conversation(channel=HELP, thread_ts="5.0")
    talk.write("i forgot my password")
    before = len(talk.said)

    events = talk.write("same here", user=COLLEAGUE)

    assert [event.kind for event in events if isinstance(event, Chatted)] == ["bystander"]
    assert len(talk.said) == before


@pytest.mark.parametrize("text", ["!nobot i forgot my password", "i forgot my password :zipper_mouth_face:"])
def test_a_prefix_or_an_emoji_keeps_the_bot_out(text: str) -> None:
    talk = Conversation(with_rules(opt_out=OptOut(prefix="!nobot", emoji=":zipper_mouth_face:")))

    assert talk.write(text) == ()


def test_other_bots_are_ignored_unless_listed_and_then_only_so_many_times_in_a_row() -> None:
    assert Conversation().write("i forgot my password", by_bot=True) == ()
    talk = Conversation(with_rules(bots=Bots(listen_to=(CUSTOMER,), max_in_a_row=3)))

    for _ in range(9):
        talk.write("i forgot my password", by_bot=True)

    assert len(talk.said) == 3


def test_a_command_is_answered_in_the_dm_under_the_quoted_question() -> None:
    talk = Conversation()

    talk.command("i forgot my password")

    root, whisper, answer = (said.saying for said in talk.said)
    assert isinstance(root, Post)
    assert root.report
    assert getattr(whisper, "link_to", "") == talk.said[0].id
    assert isinstance(answer, Post)
    assert getattr(answer.where, "outbox", "") == talk.said[0].id


def test_a_wish_for_a_human_takes_its_queue_from_the_rules_and_keeps_its_own_reason() -> None:
    talk = Conversation()

    handed = talk.write("talk to a human, this is the third time")[-1]

    assert isinstance(handed, HandedOff)
    assert (handed.reason, handed.rule, handed.queue, handed.priority) == (
        "explicit_request", "human-request", "care", "p2",
    )  # fmt: skip


def test_a_button_for_a_person_under_a_greeting_opens_a_case_and_hands_it_off() -> None:
    talk = Conversation()
    talk.write("hi")

    assert kinds(talk.press("human")) == [Opened, WishedForHuman, HandedOff]


def test_an_entry_that_never_goes_to_people_is_not_offered_but_the_wish_is_honoured() -> None:
    talk = Conversation()
    talk.write("what is for lunch")
    talk.press("stuck", "fun/lunch")

    assert HandedOff not in kinds(talk.press("stuck", "fun/lunch"))
    assert kinds(talk.write("talk to someone"))[-1] is HandedOff


def test_an_also_trigger_adds_its_tags_and_raises_and_the_queue_caps() -> None:
    vip = Trigger("vip", When(group=("vip",)), Then("tag", raise_priority=3, tags=("vip",)), also=True)
    talk = Conversation(with_rules(triggers=(vip, *KNOWLEDGE.rules.triggers)))

    handed = talk.write("talk to a human", groups=("vip",))[-1]

    assert isinstance(handed, HandedOff)
    assert (handed.priority, handed.tags) == ("p1", ("vip",))


def test_who_writes_without_end_is_told_once_and_kept() -> None:
    from bot.core.audience import Person  # noqa: PLC0415
    from bot.core.deciding import decide  # noqa: PLC0415
    from bot.core.scene import Surroundings  # noqa: PLC0415
    from bot.core.stimuli import Message, Place  # noqa: PLC0415
    from tests.core.situations import NOON, TEAM  # noqa: PLC0415

    case = Case("C", Place(TEAM, "D1", "", CUSTOMER))
    message = Message(key="m", team=TEAM, user=CUSTOMER, channel="D1", ts="1.0", text="flurb", direct=True)

    def reply(*, told: bool) -> bool:
        around = Surroundings(Person(CUSTOMER, TEAM), "F", stimuli_last_minute=120, told_too_fast=told)
        (event,) = decide(case, message, around, KNOWLEDGE, NOON)
        assert isinstance(event, Chatted)
        return event.reply

    assert (reply(told=False), reply(told=True)) == (True, False)


def test_a_fragment_right_after_our_words_gets_none_of_its_own() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    said = len(talk.said)

    talk.write("pls help", after=5)
    assert len(talk.said) == said

    talk.write("pls help", after=timedelta(minutes=5).total_seconds())
    assert len(talk.said) == said + 1


def test_a_miss_is_logged_with_what_came_closest() -> None:
    events = Conversation().write("flurb")

    assert [event.confidence for event in events if isinstance(event, Missed)] == [0.0]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I forgot my password", ("I forgot my password", 0.63)),  # answered
        ("my account password", ("my account password", 0.05)),  # offered
        ("flurb", ("", 0.0)),  # missed
    ],
)
def test_the_log_keeps_what_decided_and_by_how_much(said: str, kept: tuple[str, float]) -> None:
    events = Conversation().write(said)

    decided = [event for event in events if isinstance(event, Answered | Offered | Missed)]
    assert [(event.phrasing, event.margin) for event in decided] == [kept]


def test_asked_in_a_channel_the_answer_goes_into_the_questions_thread() -> None:
    talk = Conversation(channel=HELP)

    talk.write("how do i connect to the vpn")

    said = talk.said[-1].saying
    assert isinstance(said, Post)
    assert said.where == In(HELP, f"{talk.now.timestamp():.6f}")
    assert talk.present.entry == VPN.id


def test_every_message_that_answers_asks_or_apologises_has_the_way_to_a_human() -> None:
    talk = Conversation()
    for text in ("hi", "my account password", "flurb", "that's not it"):
        talk.write(text, after=100)
    talk2 = Conversation()
    for text in ("i forgot my password", "password again please", "that works", "how do i connect to the vpn"):
        talk2.write(text, after=100)

    lines = [s.saying.content for s in (*talk.said, *talk2.said) if isinstance(s.saying, Post)]
    spoken = [c for c in lines if isinstance(c, Line | AnswerSaid)]
    assert len(spoken) >= 7
    for content in spoken:
        labels = [button.label for button in content.buttons]
        assert "Talk to a person" in labels or "Ask something else" in labels


def test_the_case_of_another_desk_is_not_moved_by_a_note() -> None:
    talk = Conversation()
    talk.write("talk to a human")
    version = talk.present.version

    talk.at_card("hm")

    assert (talk.present.version, talk.present.state, DESK) == (version + 1, "handed_off", "C0TECH")
