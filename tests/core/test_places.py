"""What follows when a place to speak in is gone, decided by the core alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.case import outbox_id
from bot.core.events import (
    Claimed,
    CustomerLost,
    Event,
    HandedOff,
    Moved,
    NobodyReached,
    ReplyFailed,
    ThreadOpened,
)
from bot.core.rulebook.rules import Queue, Then, Trigger, When
from bot.core.saying import (
    Card,
    Content,
    DirectTo,
    In,
    Line,
    Post,
    Redirect,
    Said,
    TranscriptPage,
    Under,
    Update,
    Where,
    Words,
)
from bot.core.stimuli import Delivered, ThreadGone, Undeliverable
from bot.core.wording.places import where
from tests.core.situations import CUSTOMER, DANA, DESK, EMIL, HELP, RULES, TEAM, Conversation, with_rules

AT = f"@{CUSTOMER}"


def kinds(events: tuple[Event, ...]) -> list[type[Event]]:
    return [type(event) for event in events]


def lose(talk: Conversation, place: Where, *, channel: str = "", thread_ts: str = "", outbox: str = "X") -> list[Said]:
    """The courier finds this thread gone. Returns what is said because of it."""
    before = len(talk.said)
    key = f"astray:{outbox}:{talk.now}"
    talk.report(
        ThreadGone(
            key=key, team=TEAM, user="", case=talk.present.id, outbox=outbox, where=place, channel=channel,
            thread_ts=thread_ts,
        )
    )  # fmt: skip
    return talk.said[before:]


def refuse(talk: Conversation, outbox: str, *, place: Where | None = None) -> tuple[Event, ...]:
    """Slack does not take this message of ours, or, with a `place`, nothing there."""
    key = f"undeliverable:{outbox}"
    return talk.report(
        Undeliverable(
            key=key, team=TEAM, user="", case=talk.present.id, outbox=outbox, error="is_archived", where=place
        )
    )


def contents(said: list[Said]) -> list[Content]:
    return [one.saying.content for one in said if isinstance(one.saying, Post | Update)]


def asked_in_a_channel() -> Conversation:
    talk = Conversation(channel=HELP)
    talk.write("i forgot my password")
    return talk


def handed_off(**talk: object) -> Conversation:
    conversation = Conversation(**talk)  # type: ignore[arg-type]
    conversation.write("talk to a human")
    return conversation


def spoken(talk: Conversation) -> list[str]:
    """What the customer read of the handoff, in order."""
    lines = [s.saying for s in talk.said if isinstance(s.saying, Post | Update) and isinstance(s.saying.content, Line)]
    theirs = [s for s in lines if isinstance(s, Update) or s.where == where(talk.present)]
    return [s.content.text for s in theirs if isinstance(s.content, Line)]


# --- the customer's thread --------------------------------------------------------------------------------------------


def test_a_case_whose_thread_is_gone_goes_on_in_the_dm_under_the_quoted_question() -> None:
    talk = asked_in_a_channel()
    place = where(talk.present)
    ts = talk.present.place.thread_ts

    (root,) = lose(talk, place, channel=HELP, thread_ts=ts)

    case = talk.present
    assert isinstance(root.saying, Post)
    assert root.saying.where == DirectTo(CUSTOMER)
    assert root.saying.report
    assert isinstance(root.saying.content, Line)
    assert root.saying.content.quote == Words(case.id, case.question or 0)
    assert where(case) == Under(root.id, AT)
    assert talk.redirects == [Redirect(case.id, "X", (place, place), Under(root.id, AT))]


def test_once_its_root_stands_in_the_dm_the_case_lives_there() -> None:
    talk = asked_in_a_channel()
    (root,) = lose(talk, where(talk.present), channel=HELP, thread_ts=talk.present.place.thread_ts)

    opened = talk.report(
        Delivered(key="d", team=TEAM, user="", case=talk.present.id, outbox=root.id, channel="D1", ts="9.1")
    )

    case = talk.present
    assert kinds(opened) == [ThreadOpened]
    assert where(case) == In("D1", "9.1")
    assert (case.question_channel, case.question_ts) == ("D1", "9.1")  # what is linked to must be there


def test_a_thread_that_was_lost_already_is_not_lost_again() -> None:
    talk = asked_in_a_channel()
    place, ts = where(talk.present), talk.present.place.thread_ts
    (root,) = lose(talk, place, channel=HELP, thread_ts=ts)

    assert lose(talk, place, channel=HELP, thread_ts=ts, outbox="Y") == []
    assert talk.redirects[-1] == Redirect(talk.present.id, "Y", (place,), Under(root.id, AT))


def test_a_thread_of_the_dm_may_be_lost_as_well() -> None:
    talk = Conversation()
    talk.command("i forgot my password")
    old = where(talk.present)
    talk.report(
        Delivered(key="d", team=TEAM, user="", case=talk.present.id, outbox=talk.present.root, channel="D1", ts="9.1")
    )

    (root,) = lose(talk, old, channel="D1", thread_ts="9.1")

    assert where(talk.present) == Under(root.id, AT)
    assert talk.redirects[-1].was == (old, In("D1", "9.1"))  # written down before, and after, it was there


def test_a_case_that_began_without_words_quotes_none() -> None:
    talk = Conversation(channel=HELP, thread_ts="5.0")
    talk.press("human")

    (root,) = lose(talk, where(talk.present), channel=HELP, thread_ts="5.0")

    assert isinstance(root.saying, Post)
    assert isinstance(root.saying.content, Line)
    assert root.saying.content.quote is None


# --- the card ---------------------------------------------------------------------------------------------------------


def test_a_card_that_is_gone_is_posted_afresh_once_with_the_whole_transcript() -> None:
    talk = handed_off()
    old = Under(talk.present.card_id, DESK)

    said = lose(talk, old, channel=DESK, thread_ts="1.0")

    assert [type(content) for content in contents(said)] == [Card, TranscriptPage]
    assert talk.present.card_id == said[0].id
    assert isinstance(said[1].saying, Post)
    assert said[1].saying.where == Under(said[0].id, DESK)
    assert talk.redirects == [Redirect(talk.present.id, "X", (old,), None)]  # the transcript has it
    assert lose(talk, old, channel=DESK, thread_ts="1.0", outbox="Y") == []
    assert where(talk.present) == In("D1")


def test_the_owner_of_a_case_stands_on_its_new_card() -> None:
    talk = handed_off()
    talk.press("claim", user=DANA)

    (card, *_) = contents(lose(talk, Under(talk.present.card_id, DESK)))

    assert isinstance(card, Card)
    assert (card.who, card.status) == (DANA, "Claimed by {who}")


def test_the_card_of_a_case_that_is_over_stays_gone() -> None:
    talk = handed_off()
    talk.resolve()

    assert lose(talk, Under(talk.present.card_id, DESK)) == []


# --- a team's channel -------------------------------------------------------------------------------------------------

FIRST = Queue("first", "C1", role="First", fallback="second")
SECOND = Queue("second", "C2", role="Second")
LAST = Queue("last", "C9", role="Last")
QUEUES = {queue.id: queue for queue in (FIRST, SECOND, LAST)}


@pytest.mark.parametrize(
    ("default", "operators", "desks"),
    [
        ("last", "COPS", ["first", "second", "last", "COPS", ""]),  # fallback, default, operators, nobody
        ("first", "COPS", ["first", "second", "COPS", ""]),  # no queue is tried twice
        ("last", None, ["first", "second", "last", ""]),
        ("last", "C9", ["first", "second", "last", ""]),  # nor is a channel
    ],
)
def test_who_gets_a_case_when_one_after_the_other_cannot_be_reached(
    default: str, operators: str | None, desks: list[str]
) -> None:
    always = Trigger("always", When(human_request=True), Then("handoff", queue="first"))
    rules = with_rules(queues=QUEUES, default_queue=default, operator_channel=operators, triggers=(always,), routing=())
    talk = handed_off(knowledge=rules)
    seen = [talk.present.queue]

    while talk.present.with_people:
        (event,) = refuse(talk, talk.present.card_id)
        assert isinstance(event, Moved | NobodyReached)
        seen.append(event.queue if isinstance(event, Moved) else event.operators)

    assert seen == desks


def test_the_notice_is_corrected_in_place_and_names_nobody_who_was_not_reached() -> None:
    talk = handed_off()
    notice = outbox_id(talk.present.id, talk.present.version, 1)

    refuse(talk, talk.present.card_id)
    refuse(talk, talk.present.card_id)

    corrections = [said.saying for said in talk.said if isinstance(said.saying, Update)]
    assert [update.outbox for update in corrections] == [notice, notice]
    first, second, third = spoken(talk)
    assert "Technical Support" in first
    assert "Complaints Management" in second
    assert "Technical Support" not in second
    assert "the team that runs me" in third
    assert not [role for role in ("Technical Support", "Complaints Management") if role in third]


def test_a_corrected_notice_that_is_not_there_any_more_is_said_although_people_have_the_case() -> None:
    talk = handed_off()

    refuse(talk, talk.present.card_id)

    (update,) = [said.saying for said in talk.said if isinstance(said.saying, Update)]
    assert (update.or_else, update.as_bot) == (where(talk.present), False)


def test_what_a_rule_promises_for_its_queue_is_not_promised_for_the_operators() -> None:
    angry = Trigger(
        "angry", When(human_request=True), Then("handoff", queue="tech", message="{{queue.role}} calls you.")
    )
    talk = handed_off(knowledge=with_rules(triggers=(angry,)))

    refuse(talk, talk.present.card_id)
    refuse(talk, talk.present.card_id)

    first, second, third = spoken(talk)
    assert "Technical Support calls you." in first
    assert "Complaints Management calls you." in second
    assert "calls you" not in third


def test_whoever_was_told_a_name_reads_of_the_change_and_the_next_team_has_to_claim() -> None:
    talk = handed_off()
    talk.press("claim", user=DANA)
    card = talk.present.card_id

    (moved,) = refuse(talk, "a note", place=Under(card, DESK))

    assert isinstance(moved, Moved)
    assert (talk.present.state, talk.present.owner, talk.present.queue) == ("handed_off", None, "care")
    assert "Complaints Management takes over" in spoken(talk)[-1]


@pytest.mark.parametrize(
    ("place", "moves"),
    [
        (Under("{card}", DESK), True),  # nothing can be said at the card any more
        (None, False),  # these words only were refused
        (Under("an earlier card", DESK), False),  # it has moved on already
    ],
)
def test_a_note_that_is_not_delivered_moves_the_case_only_if_its_channel_is_gone(
    place: Where | None, moves: bool
) -> None:
    talk = handed_off()
    if isinstance(place, Under):
        place = Under(place.outbox.replace("{card}", talk.present.card_id), place.channel)

    assert bool(refuse(talk, "a note", place=place)) is moves


def test_at_the_operators_the_card_says_whom_it_was_meant_for_and_anybody_may_take_it() -> None:
    care = replace(RULES.queues["care"], members=(EMIL,))
    talk = handed_off(knowledge=with_rules(queues={**RULES.queues, "care": care}))
    refuse(talk, talk.present.card_id)

    before = len(talk.said)
    refuse(talk, talk.present.card_id)

    card, _, meant, page = (said.saying for said in talk.said[before:])
    assert isinstance(card, Post)
    assert (card.where, getattr(card.content, "queue_role", "")) == (In("C0OPS"), "Technical Support")
    assert "Technical Support" in getattr(getattr(meant, "content", None), "text", "")
    assert isinstance(page, Post)
    assert page.where == Under(talk.present.card_id, "C0OPS")
    assert kinds(talk.press("claim", user="UOPERATOR")) == [Claimed]


def test_a_case_that_nobody_can_be_found_for_stays_with_the_bot_and_a_new_wish_begins_at_the_start() -> None:
    always = Trigger("always", When(human_request=True), Then("handoff", queue="first"))
    talk = handed_off(
        knowledge=with_rules(queues=QUEUES, default_queue="last", operator_channel=None, triggers=(always,), routing=())
    )
    while talk.present.with_people:
        refuse(talk, talk.present.card_id)
    assert talk.present.state == "open"

    handed = talk.write("talk to a human")[-1]

    assert isinstance(handed, HandedOff)
    (moved,) = refuse(talk, talk.present.card_id)
    assert isinstance(moved, Moved)
    assert moved.queue == "second"


# --- a customer who cannot be reached ---------------------------------------------------------------------------------


def test_specialists_hear_once_that_the_customer_cannot_be_reached() -> None:
    talk = handed_off()
    here = where(talk.present)
    before = len(talk.said)

    assert kinds(refuse(talk, "the notice", place=here)) == [CustomerLost]
    assert refuse(talk, "another line", place=here) == ()

    (line,) = (said.saying for said in talk.said[before:])
    assert isinstance(line, Post)
    assert line.where == Under(talk.present.card_id, DESK)
    assert "is_archived" in getattr(line.content, "text", "")


def test_a_customer_who_writes_again_can_be_reached() -> None:
    talk = handed_off()
    refuse(talk, "the notice", place=where(talk.present))

    talk.write("are you there?")

    assert kinds(refuse(talk, "the next", place=where(talk.present))) == [CustomerLost]


def test_who_gets_a_case_later_hears_that_its_customer_cannot_be_reached() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    refuse(talk, "the answer", place=where(talk.present))
    before = len(talk.said)

    talk.press("human")

    lines = [content.text for content in contents(talk.said[before:]) if isinstance(content, Line)]
    assert any("cannot be reached" in line for line in lines)


def test_words_that_are_refused_say_nothing_of_the_customer() -> None:
    talk = handed_off()

    assert refuse(talk, "too long") == ()


def test_a_reply_that_does_not_arrive_is_told_as_such() -> None:
    talk = handed_off()
    talk.at_card("restart it", opens_with_us=True)

    failed = refuse(talk, outbox_id(talk.present.id, talk.present.version), place=where(talk.present))

    assert kinds(failed) == [ReplyFailed]


# --- whatever happens -------------------------------------------------------------------------------------------------


def lose_here(talk: Conversation) -> None:
    here = where(talk.present)
    if not isinstance(here, DirectTo):
        lose(talk, here, channel=talk.present.place.channel, thread_ts=talk.present.place.thread_ts)


def get_through(talk: Conversation) -> None:
    """The root of the case's thread in the DM."""
    case = talk.present
    if case.root:
        talk.report(
            Delivered(key="d", team=TEAM, user="", case=case.id, outbox=case.root, channel="D1", ts=f"9.{case.version}")
        )


Turn = Callable[[Conversation], object]
turns = st.lists(
    st.sampled_from(
        [
            lambda talk: talk.write("i forgot my password"),
            lambda talk: talk.write("talk to a human"),
            lambda talk: talk.press("human"),
            lambda talk: talk.press("claim", user=DANA),
            lambda talk: talk.press("back", user=EMIL),
            lambda talk: talk.resolve(),
            lambda talk: talk.press("reopen"),
            lambda talk: talk.at_card("restart it", opens_with_us=True),
            lambda talk: refuse(talk, talk.present.card_id),
            lambda talk: refuse(talk, "a note", place=Under(talk.present.card_id, DESK)),
            lambda talk: refuse(talk, "a line", place=where(talk.present)),
            lambda talk: lose(talk, Under(talk.present.card_id, DESK)),
            lose_here,
            get_through,
        ]
    ),
    max_size=12,
)


@given(turns, st.sampled_from([RULES.operator_channel, None]))
def test_whatever_is_lost_what_is_said_stands_under_what_was_said_before(
    story: list[Turn], operators: str | None
) -> None:
    talk = Conversation(knowledge=with_rules(operator_channel=operators), channel=HELP, thread_ts="5.0")
    talk.write("how do i connect to the vpn", mention=True)
    for turn in story:
        turn(talk)

    known: set[str] = set()
    for said in talk.said:
        match said.saying:
            case Post(where=Under(outbox=outbox)) | Update(outbox=outbox):
                assert outbox in known
            case _:
                pass
        known.add(said.id)
    for redirect in talk.redirects:
        assert redirect.to not in redirect.was  # it would find no thread there again, and again
