"""A customer's silence: one question, one warning, and then the end; never while anybody waits for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.case import outbox_id
from bot.core.clocks import closing
from bot.core.clocks.ticking import next_look
from bot.core.events import (
    BOT,
    Absorbed,
    Answered,
    AskedIfItWorked,
    Closed,
    CloseWarned,
    CustomerLost,
    Event,
    Forwarded,
    HandedOff,
    Heard,
    Listed,
    ReminderGiven,
    Reopened,
    Replied,
    ReplyFailed,
    Transferred,
)
from bot.core.folding import evolve
from bot.core.incident import Incident
from bot.core.knowledge import Knowledge
from bot.core.rulebook.calendar import is_open
from bot.core.rulebook.rules import Calendar, ChannelRules, Closing
from bot.core.saying import Card, In, Line, Post, Said, Under, Update
from bot.core.stimuli import Clocked, Delivered
from bot.core.tier2.at_desk import RIGHTS
from tests.core.situations import CUSTOMER, DANA, DESK, DM, HELP, PASSWORD, RULES, TEAM, Conversation, with_rules

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = Calendar("UTC", tuple(((time(9), time(17)),) if day < 5 else () for day in range(7)))
KEPT = Closing(confirm_after=4 * HOUR, warn_before=DAY, auto_close_after=3 * DAY, survey=True)
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 16, tzinfo=UTC)
NEVER: list[str] = []


def known(closing: Closing = KEPT, **more: object) -> Knowledge:
    return with_rules(**{"calendars": {"office": OFFICE}, "calendar": "office", "closing": closing, **more})


def asked(text: str = "i forgot my password", *, at: datetime = MONDAY, **more: object) -> Conversation:
    """Somebody wrote at this moment, in the direct message."""
    talk = Conversation(knowledge=more.pop("knowledge", known()), now=at, **more)  # type: ignore[arg-type]
    talk.write(text, after=0)
    return talk


def answered_by_people(*, at: datetime = MONDAY, knowledge: Knowledge | None = None) -> Conversation:
    """Somebody asked for people, who wrote at this moment and wait."""
    talk = asked("talk to a human", at=at - timedelta(seconds=35), knowledge=knowledge or known())
    talk.press("claim", user=DANA)
    talk.at_card("Is it plugged in?", opens_with_us=True)
    assert talk.present.waits_for_customer
    return talk


def given_to(talk: Conversation) -> None:
    """What a silent customer was told stands in Slack, a second later."""
    reminder = talk.present.reminder
    if reminder is not None and reminder.given_at is None:
        outbox = outbox_id(talk.present.id, reminder.position)
        assert any(one.id == outbox and isinstance(one.saying, Post) and one.saying.report for one in talk.said)
        talk.report(Delivered(key=f"d:{outbox}", team=TEAM, user="", case=talk.present.id, outbox=outbox,
                              channel=DM, ts="9.0"))  # fmt: skip


def looked(talk: Conversation) -> datetime | None:
    return next_look(talk.present, talk.knowledge.rules, talk.now)


def happened(events: tuple[Event, ...], at: datetime) -> list[str]:
    kinds = {AskedIfItWorked: "asked", CloseWarned: "warned"}
    return [
        f"{at:%a %H:%M} {event.outcome if isinstance(event, Closed) else kinds.get(type(event), str(event))}"
        for event in events
    ]


def silence(talk: Conversation, *, days: float = 60) -> list[str]:
    """What time alone makes of the case, looked at whenever that is asked for."""
    until, found = talk.now + timedelta(days=days), list[str]()
    while (at := looked(talk)) is not None and at <= until:
        talk.now = max(talk.now, at)
        events = talk.look()
        assert events, "it was asked to look, and there was nothing"
        found += happened(events, talk.now)
        assert len(found) < 9, "it never ends"
        given_to(talk)
    talk.now = max(until, talk.now)
    return found


def last_line(talk: Conversation) -> Post:
    """What the customer was told last."""
    posts = [one.saying for one in talk.said if isinstance(one.saying, Post) and one.saying.where == In(DM)]
    return posts[-1]


def words_of(post: Post) -> Line:
    assert isinstance(post.content, Line)
    return post.content


# --- what the bot has -------------------------------------------------------------------------------------------------


def nothing(_: Conversation) -> None: ...


@pytest.mark.parametrize(
    ("text", "at", "then", "expected"),
    [
        # in hours, after four of silence; and the end after three days
        ("i forgot my password", MONDAY, nothing, ["Mon 16:00 asked", "Thu 12:00 resolved_assumed"]),
        # not on Friday evening; and a day is left from then on
        ("i forgot my password", FRIDAY, nothing, ["Mon 09:00 asked", "Tue 09:00 resolved_assumed"]),
        # nothing was answered: nothing to ask about
        ("flurb", MONDAY, nothing, ["Thu 12:00 abandoned"]),
        ("my account password", MONDAY, nothing, ["Thu 12:00 abandoned"]),  # an offer is no answer
        # thanks say nothing of whether it worked, but they end the silence
        ("i forgot my password", MONDAY, lambda talk: talk.write("thanks", after=3600),
         ["Tue 09:00 asked", "Thu 13:00 resolved_assumed"]),
        # asked already, when they said so
        ("i forgot my password", MONDAY, lambda talk: talk.write("that works"), ["Thu 12:00 resolved_assumed"]),
        # they said that it did not help: nobody may say that it did
        ("i forgot my password", MONDAY, lambda talk: talk.press("stuck", PASSWORD.id), ["Thu 12:00 abandoned"]),
        ("i forgot my password", MONDAY, lambda talk: talk.write("that's not it"), ["Thu 12:00 abandoned"]),
        ("i forgot my password", MONDAY, lambda talk: talk.press("fixed", PASSWORD.id), NEVER),  # it is closed
        ("i forgot my password", MONDAY, lambda talk: talk.press("human"), NEVER),  # people have it
        ("talk to a human", MONDAY, nothing, NEVER),  # it waits for people
    ],
)  # fmt: skip
def test_what_silence_makes_of_a_case(
    text: str, at: datetime, then: Callable[[Conversation], object], expected: list[str]
) -> None:
    talk = asked(text, at=at)
    then(talk)

    assert silence(talk) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (timedelta(days=2, hours=8), ["Thu 09:00 asked", "Fri 09:00 resolved_assumed"]),  # late: still a day is left
        (timedelta(days=3, hours=1), ["Thu 13:00 resolved_assumed"]),  # it would be over by now
        (timedelta(days=40), ["Sat 12:00 resolved_assumed"]),  # nobody remembers the question now
    ],
)  # fmt: skip
def test_a_machine_that_was_down_asks_late_or_never(until: timedelta, expected: list[str]) -> None:
    talk = asked()
    talk.now += until

    assert silence(talk)[: len(expected)] == expected


def test_it_says_when_it_closes_and_offers_what_an_answer_offers() -> None:
    talk = asked(at=FRIDAY)

    silence(talk, days=3)

    line = words_of(last_line(talk))
    assert line.text.startswith("Did “Reset a password” solve it? If I hear nothing until Tue 1 Dec 09:00 (UTC)")
    assert [button.kind for button in line.buttons] == ["fixed", "stuck", "human"]
    assert line.times == ((datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp(), "Tue 1 Dec 09:00 (UTC)"),)
    assert last_line(talk).as_bot  # people who have it by then speak for themselves


def test_the_end_is_silent_and_asks_for_no_score() -> None:
    talk = asked()
    silence(talk, days=1)
    told = len(talk.said)

    silence(talk)

    assert talk.present.state == "closed"
    assert talk.said[told:] == []


@pytest.mark.parametrize(("kind", "state"), [("fixed", "closed"), ("stuck", "open"), ("human", "handed_off")])
def test_the_buttons_of_the_question_do_what_they_say(kind: str, state: str) -> None:
    talk = asked()
    silence(talk, days=1)

    talk.press(kind, "" if kind == "human" else PASSWORD.id)  # type: ignore[arg-type]

    assert talk.present.state == state


def test_a_word_begins_the_silence_anew_and_an_answer_is_asked_about_once() -> None:
    talk = asked()
    assert silence(talk, days=1) == ["Mon 16:00 asked"]

    talk.write("thanks")  # on Tuesday at noon

    assert silence(talk) == ["Fri 12:00 resolved_assumed"]


def test_the_next_answer_is_asked_about_again() -> None:
    talk = asked()
    silence(talk, days=1)

    talk.write("password again please")

    assert silence(talk) == ["Tue 16:00 asked", "Fri 12:00 resolved_assumed"]


def test_a_paused_bot_asks_nothing_and_closes_as_ever() -> None:
    talk = asked()
    talk.paused_in = frozenset({""})
    told = len(talk.said)

    assert silence(talk) == ["Mon 16:00 asked", "Thu 12:00 resolved_assumed"]
    assert talk.said[told:] == []
    assert [event.paused for _, event in talk.log if isinstance(event, AskedIfItWorked)] == [True]


def test_nobody_is_asked_where_the_bot_may_not_speak_unasked() -> None:
    off = {**RULES.channels, HELP: ChannelRules("all")}
    talk = asked(channel=HELP, knowledge=known(channels=off))
    of_others, lost = replace(talk.present, follows=False), replace(talk.present, lost="channel_not_found")
    rules = talk.knowledge.rules
    silent = replace(rules, channels={HELP: ChannelRules("off")})

    steps = [
        closing.next_step(talk.present, rules, MONDAY),
        closing.next_step(talk.present, silent, MONDAY),
        closing.next_step(of_others, rules, MONDAY),
        closing.next_step(lost, rules, MONDAY),
    ]

    assert [step.do if step else "" for step in steps] == ["ask", "close", "close", "close"]


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (Closing(), NEVER),  # nothing closes by itself
        (Closing(confirm_after=4 * HOUR), ["Mon 16:00 asked"]),
        (Closing(auto_close_after=3 * DAY), ["Thu 12:00 resolved_assumed"]),
        # without a warning, as long as there was to be between the question and the end
        (Closing(confirm_after=4 * HOUR, auto_close_after=DAY), ["Mon 16:00 asked", "Tue 12:00 resolved_assumed"]),
        (Closing(confirm_after=3 * DAY, auto_close_after=DAY), ["Tue 12:00 resolved_assumed"]),  # never comes to it
    ],
)  # fmt: skip
def test_what_rules_that_leave_something_out_lead_to(closing: Closing, expected: list[str]) -> None:
    assert silence(asked(knowledge=known(closing))) == expected


def test_a_case_that_never_closes_is_asked_about_within_a_week() -> None:
    talk = asked(knowledge=known(Closing(confirm_after=4 * HOUR)))

    talk.now += timedelta(days=30)

    assert looked(talk) is None


def test_hours_that_never_come_keep_nothing_open_that_the_bot_has() -> None:
    shut = known(calendars={"office": Calendar()})

    assert silence(asked(knowledge=shut)) == ["Thu 12:00 resolved_assumed"]
    assert silence(answered_by_people(knowledge=shut)) == NEVER  # nobody could be warned


# --- what people have -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (MONDAY, ["Wed 12:00 warned", "Thu 12:00 resolved_assumed"]),
        (FRIDAY, ["Mon 09:00 warned", "Tue 09:00 resolved_assumed"]),  # a day is left after a weekend, too
        (MONDAY + 2 * DAY, ["Fri 12:00 warned", "Mon 09:00 resolved_assumed"]),  # they hear of the end in hours
    ],
)
def test_people_wait_and_the_customer_is_warned_before_the_end(at: datetime, expected: list[str]) -> None:
    assert silence(answered_by_people(at=at)) == expected


def test_the_warning_says_until_when_and_the_specialists_see_it() -> None:
    talk = answered_by_people(at=MONDAY + 2 * DAY)

    silence(talk, days=3)

    post = last_line(talk)
    assert "Technical Support wrote last" in words_of(post).text
    assert "until Mon 30 Nov 09:00 (UTC)" in words_of(post).text
    assert not words_of(post).buttons
    assert not post.as_bot  # people have it: what the bot says there would be dropped
    (note,) = [one.saying.content for one in talk.said if isinstance(one.saying, Post) and _is_note(one)][-1:]
    assert isinstance(note, Line)
    assert "closes by itself" in note.text


def _is_note(said: Said) -> bool:
    return isinstance(said.saying, Post) and isinstance(said.saying.where, Under) and said.saying.where.channel == DESK


def test_the_end_of_peoples_case_is_told_and_reopened_with_them() -> None:
    talk = answered_by_people()
    silence(talk)

    told, (card,) = last_line(talk), [one.saying for one in talk.said if isinstance(one.saying, Update)][-1:]
    assert [button.kind for button in words_of(told).buttons] == ["reopen", "human"]
    assert not told.as_bot
    assert isinstance(card.content, Card)
    assert card.content.status == "Closed by itself: nothing came from the customer any more"
    assert not {button.kind for button in card.content.buttons} & RIGHTS.keys()

    talk.now = (talk.present.closed_at or MONDAY) + HOUR
    (event,) = talk.press("reopen")

    assert isinstance(event, Reopened)
    assert (talk.present.state, talk.present.owner) == ("claimed", DANA)
    assert silence(talk) == NEVER  # it waits for people again


def test_a_wish_for_a_person_reopens_it_with_those_who_had_it() -> None:
    talk = answered_by_people()
    silence(talk)

    talk.press("human")

    assert (talk.present.state, talk.present.owner) == ("claimed", DANA)


def test_a_word_after_the_warning_keeps_it_open_and_the_next_wait_is_warned_of_again() -> None:
    talk = answered_by_people()
    assert silence(talk, days=2.5) == ["Wed 12:00 warned"]

    assert isinstance(talk.write("it is")[0], Forwarded)

    assert silence(talk, days=7) == NEVER  # it is people's turn
    talk.at_card("And switched on?", opens_with_us=True)
    assert silence(talk) == ["Mon 09:00 warned", "Tue 09:00 resolved_assumed"]


def test_another_word_of_theirs_lengthens_the_wait_and_is_no_second_warning() -> None:
    talk = answered_by_people()
    silence(talk, days=2.5)

    talk.at_card("Or unplugged?", opens_with_us=True)  # on Thursday at midnight

    assert silence(talk) == ["Mon 09:00 resolved_assumed"]


def test_the_day_counts_from_when_the_warning_was_in_slack() -> None:
    talk = answered_by_people()
    talk.now = looked(talk) or MONDAY
    talk.look()
    warned = talk.present.reminder
    assert warned is not None

    assert looked(talk) is None  # for as long as it is not
    talk.now += 4 * DAY  # the machine was down: it is Sunday
    given_to(talk)
    assert isinstance(talk.log[-1][1], ReminderGiven)
    assert silence(talk) == ["Mon 12:00 resolved_assumed"]


def test_a_machine_that_was_down_warns_first_and_waits() -> None:
    talk = answered_by_people()
    talk.now += 20 * DAY + 10 * HOUR  # it is Sunday, ten in the evening

    assert silence(talk) == ["Mon 09:00 warned", "Tue 09:00 resolved_assumed"]


def test_what_is_late_is_not_said_at_night() -> None:
    talk = answered_by_people()
    talk.now += 2 * DAY + 10 * HOUR

    assert talk.look() == ()
    assert looked(talk) == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_queue_that_the_rules_know_no_more_keeps_nobody_from_being_told() -> None:
    talk = answered_by_people()
    queues = {"care": RULES.queues["care"]}

    talk.knowledge = known(queues=queues, default_queue="care")

    assert silence(talk) == ["Wed 12:00 warned", "Thu 12:00 resolved_assumed"]
    assert [button.kind for button in words_of(last_line(talk)).buttons] == ["reopen", "human"]


def test_without_a_warning_they_hear_of_the_end_alone() -> None:
    talk = answered_by_people(knowledge=known(Closing(auto_close_after=5 * DAY)))

    assert silence(talk) == ["Mon 09:00 resolved_assumed"]  # it would have been on a Saturday


@pytest.mark.parametrize(
    "event",
    [
        Listed(at=MONDAY, actor=BOT, incident="TINCIDENT", role="Tier 3"),  # what is said to all reaches them too
        CustomerLost(at=MONDAY, actor=BOT, why="account_inactive"),  # no warning arrives
        Forwarded(at=MONDAY, actor=CUSTOMER, words="And now?", channel=DM, slack_ts="2.0"),  # they wrote
        Absorbed(at=MONDAY, actor=BOT, case="TOTHER"),  # they wrote, in another place
        Heard(at=MONDAY, actor=CUSTOMER, words="x", stimulus=Clocked(key="k", team=TEAM, user=BOT, case="T1")),
        Transferred(at=MONDAY, actor=DANA, words="yours", queue="care", priority="p3"),  # others have to answer now
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_keeps_peoples_case_open_for_good(event: Event) -> None:
    talk = answered_by_people()

    talk.case = evolve(talk.present, event)

    assert silence(talk) == NEVER


def test_a_reply_that_never_arrived_is_not_waited_for() -> None:
    talk = answered_by_people()
    (position,) = [relayed.position for relayed in talk.present.relayed]

    talk.case = evolve(talk.present, ReplyFailed(at=MONDAY, actor=BOT, position=position, why="msg_too_long"))
    assert silence(talk) == NEVER

    talk.at_card("Is it plugged in? In short.", opens_with_us=True)
    assert len(silence(talk)) == 2


def test_an_incident_is_never_closed_by_time() -> None:
    talk = answered_by_people()

    talk.case = replace(talk.present, incident=Incident())

    assert silence(talk) == NEVER


def test_an_old_snapshot_waits_as_it_says() -> None:
    """It was written before waits were counted."""
    talk = answered_by_people()

    talk.case = replace(talk.present, waits=(), heard_at=None)

    assert silence(talk) == ["Wed 12:00 warned", "Thu 12:00 resolved_assumed"]


# --- whatever happens -------------------------------------------------------------------------------------------------


ACTS: dict[str, Callable[[Conversation], object]] = {
    "asks": lambda talk: talk.write("i forgot my password"),
    "asks else": lambda talk: talk.write("my account is locked"),
    "misses": lambda talk: talk.write("flurb"),
    "thanks": lambda talk: talk.write("thanks"),
    "works": lambda talk: talk.write("that works"),
    "rejects": lambda talk: talk.write("that's not it"),
    "stuck": lambda talk: talk.press("stuck", PASSWORD.id),
    "human": lambda talk: talk.press("human"),
    "reopens": lambda talk: talk.press("reopen"),
    "claims": lambda talk: talk.press("claim", user=DANA),
    "gives back": lambda talk: talk.press("back", user=DANA),
    "replies": lambda talk: talk.at_card("Is it plugged in?", opens_with_us=True),
    "notes": lambda talk: talk.at_card("hm"),
}
stories = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 240), st.integers(0, 240), st.booleans()),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=200)
@given(stories, st.integers(0, 168))
def test_silence_is_kept_to_whatever_happens(story: list[tuple[str, int, int, bool]], begin: int) -> None:
    """Each act is followed by hours in which the machine looks when it is to, and then by hours in which it is down."""
    talk = Conversation(knowledge=known(), now=MONDAY + begin * HOUR)
    talk.write("i forgot my password", after=0)
    for act, up, down, arrives in story:
        ACTS[act](talk)
        _lived_through(talk, talk.now + up * HOUR, arrives=arrives)
        talk.now += down * HOUR
        given_to(talk)
    given_to(talk)
    waits_for_people = talk.present.with_people and not talk.present.waits_for_customer

    silence(talk)

    assert talk.present.state == "closed" or waits_for_people
    assert not (waits_for_people and talk.present.state == "closed")


def _lived_through(talk: Conversation, until: datetime, *, arrives: bool) -> None:
    rules = talk.knowledge.rules
    while (at := looked(talk)) is not None and at <= until:
        case, log = talk.present, [event for _, event in talk.log]
        talk.now = max(talk.now, at)
        events = talk.look()
        assert events, "it was asked to look, and there was nothing"
        for event in events:
            if isinstance(event, AskedIfItWorked):
                answers = sum(isinstance(each, Answered) for each in log)
                assert sum(isinstance(each, AskedIfItWorked) for each in log) < answers
            if isinstance(event, AskedIfItWorked | CloseWarned) or getattr(event, "unheard", False):
                assert is_open(OFFICE, event.at)
            if isinstance(event, CloseWarned | Closed) and case.with_people:
                turns = [each for each in log if isinstance(each, Forwarded | HandedOff | Reopened | Replied)]
                assert isinstance(turns[-1], Replied)  # people wrote last
                done = max(at for at, each in enumerate(log) if each.actor == CUSTOMER)
                warned = any(isinstance(each, CloseWarned) for each in log[done:])
                assert warned is isinstance(event, Closed)  # once, and before the end
            if isinstance(event, Closed) and case.with_people:
                arrived = max(each.at for each in log if isinstance(each, ReminderGiven))
                assert event.at - arrived >= (rules.closing.warn_before or DAY)
            if isinstance(event, Closed):
                heard_at = max(each.at for each in log if each.actor == CUSTOMER)
                assert event.at - heard_at >= 3 * DAY
        if arrives:
            given_to(talk)
    talk.now = max(until, talk.now)
