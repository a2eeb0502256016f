"""What a customer reads of the time when people take over: in the queue's hours one text, outside them another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import sentences
from bot.core.asking import asked
from bot.core.audience import Person
from bot.core.chapters import chapters
from bot.core.deciding import ATTEMPTS, give_up
from bot.core.events import Event, HandedOff, Moved, Transferred
from bot.core.knowledge import Knowledge
from bot.core.lists import my_requests
from bot.core.rulebook.expectation import expected
from bot.core.rulebook.promises import clock, first_response_due
from bot.core.rulebook.rules import Calendar, Holiday, Queue, Rules, Targets, Then, Trigger, When
from bot.core.saying import In, Line, Post, Update
from bot.core.scene import Scene, Surroundings
from bot.core.tier1.promising import promised
from tests.core.people import HOUR
from tests.core.situations import CUSTOMER, DANA, DM, EMIL, RULES, TEAM, Conversation, with_rules
from tests.core.test_places import refuse

BERLIN = "Europe/Berlin"
HOURS = ((time(9), time(12, 30)), (time(13, 30), time(17)))
FAIR = Holiday("Fair", date(2026, 11, 26), date(2026, 11, 26))
OPEN, CLOSED = "{{queue.role}} answers {{case.id}} by {{case.due}}.", "Back {{calendar.next_open}}, so by {{case.due}}."
CALENDARS = {
    "office": Calendar(BERLIN, tuple(HOURS if day < 5 else () for day in range(7)), (FAIR,)),
    "always": Calendar(BERLIN, always_open=True),
    "never": Calendar(BERLIN),
}
SLAS = {
    "day": {each: Targets(2 * HOUR, HOUR, HOUR) for each in ("p2", "p3")},
    "night": {each: Targets(2 * HOUR, HOUR, HOUR, business=False) for each in ("p2", "p3")},
}


def local(at: str) -> datetime:
    """A moment of the week from Monday 23 November on, as the clock in Berlin (UTC+1) shows it."""
    return datetime.fromisoformat(f"2026-11-{at}:00+01:00").astimezone(UTC)


def house(
    calendar: str | None = "office", *, sla: str | None = "day", texts: tuple[str, str] = ("", ""), **more: object
) -> Knowledge:
    """One queue, with its texts for its hours and for the time outside them."""
    tech = replace(RULES.queues["tech"], calendar=calendar, sla=sla, expect_open=texts[0], expect_closed=texts[1])
    tech = replace(tech, **more)  # type: ignore[arg-type]
    return with_rules(queues={**RULES.queues, "tech": tech}, calendars=CALENDARS, slas=SLAS)


def read(talk: Conversation) -> list[Line]:
    """What the customer has read, or what stands in its place by now, newest last."""
    found: dict[str, Line] = {}
    for said in talk.said:
        match said.saying:
            case Post(content=Line() as line, where=where) if getattr(where, "channel", "") == DM:
                found[said.id] = line
            case Update(content=Line() as line, outbox=outbox) if outbox in found:
                found[outbox] = line
            case _:
                pass
    return list(found.values())


def handed_at(at: str, knowledge: Knowledge) -> Conversation:
    talk = Conversation(knowledge, now=local(at))
    talk.write("talk to a human", after=0)
    return talk


def handoff(events: tuple[Event, ...]) -> HandedOff:
    return next(event for event in events if isinstance(event, HandedOff))


BOTH = (OPEN, CLOSED)
CASE = "CASE2"


def said(at: str) -> str:
    return clock(local(at), BERLIN)


def here(due: str) -> str:
    """The editor's text for the hours."""
    return f"Technical Support answers {CASE} by {said(due)}."


def away(opens: str, due: str) -> str:
    """The editor's text outside them."""
    return f"Back {said(opens)}, so by {said(due)}."


OUR_OWN = (
    f"They are not there right now: they are back {said('24T09:00')}, and you hear from them by {said('24T11:00')}."
)
OUR_OWN_NO_TIME = f"They are not there right now: they are back {said('24T09:00')}, and answer as soon as they can"
NEXT = ("Next {{calendar.next_open}}.", "")


@pytest.mark.parametrize(
    ("at", "knowledge", "told"),
    [
        # the editor's texts: one of the two, as the queue's hours are
        ("23T10:00", house(texts=BOTH), here("23T12:00")),
        ("23T18:00", house(texts=BOTH), away("24T09:00", "24T11:00")),
        ("23T09:00", house(texts=BOTH), here("23T11:00")),  # the opening moment is in the hours
        ("23T17:00", house(texts=BOTH), away("24T09:00", "24T11:00")),  # the closing moment is not
        ("23T12:45", house(texts=BOTH), away("23T13:30", "23T15:30")),  # lunch
        ("26T10:00", house(texts=BOTH), away("27T09:00", "27T11:00")),  # a holiday
        ("28T10:00", house(texts=BOTH), away("30T09:00", "30T11:00")),  # Saturday
        ("28T10:00", house("always", texts=BOTH), here("28T12:00")),
        ("28T10:00", house(None, texts=("Always.", "Never.")), "Always."),  # no calendar is always open
        ("23T18:00", house(texts=BOTH, always_staffed=True), here("24T11:00")),  # somebody is there at any hour
        # who is promised an answer before the hours begin is not told that nobody is there
        ("23T18:00", house(texts=BOTH, sla="night"), here("23T20:00")),
        ("24T08:00", house(texts=BOTH, sla="night"), away("24T09:00", "24T10:00")),  # it comes after they begin
        ("23T10:00", house("never", texts=BOTH, sla="night"), here("23T12:00")),
        # no editor wrote any: our own say the same
        ("23T10:00", house(), f"You hear from them by {said('23T12:00')}."),
        ("23T18:00", house(), OUR_OWN),
        ("23T18:00", house(texts=(OPEN, "")), OUR_OWN),  # the text for the hours is not meant
        # where nobody promises, no time is told, whatever the editor's text wants to say of it
        ("23T10:00", house(sla=None), sentences.EXPECT_NO_TIME),
        ("23T10:00", house(texts=BOTH, sla=None), sentences.EXPECT_NO_TIME),
        ("23T10:00", house(texts=("We look.", ""), sla=None), "We look."),
        ("23T18:00", house(texts=BOTH, sla=None), f"{OUR_OWN_NO_TIME} from then on."),
        ("23T18:00", house(texts=("", "Back {{calendar.next_open}}."), sla=None), f"Back {said('24T09:00')}."),
        ("23T10:00", house("never", texts=BOTH), sentences.EXPECT_NOT_THERE),
        ("23T10:00", house("never", texts=("", "Write to us.")), "Write to us."),
        # in hours, those that run are not the next ones
        ("23T10:00", house(texts=NEXT), f"Next {said('23T13:30')}."),
        ("23T10:00", house("always", texts=NEXT), f"You hear from them by {said('23T12:00')}."),  # there are no next
    ],
)
def test_what_is_told_of_the_time(at: str, knowledge: Knowledge, told: str) -> None:
    talk = handed_at(at, knowledge)

    (line,) = read(talk)
    usual = sentences.HANDED_OFF.replace("{role}", "Technical Support").replace("{case}", CASE)
    assert line.text == f"{usual}\n{told}"
    # The log, the case and the moments beside the words say the same.
    handed = handoff(tuple(event for _, event in talk.log))
    in_log = [at for at in (handed.told_due_at, handed.told_opens_at) if at is not None]
    assert sorted(line.times) == sorted(
        (at.timestamp(), clock(at, BERLIN if BERLIN in told else "UTC")) for at in in_log
    )
    assert all(words in told for _, words in line.times)
    assert told.count(" Nov ") == len(in_log)
    assert talk.present.told_due_at == handed.told_due_at
    assert handed.told_due_at in (None, handed.due_first_at)


def test_a_text_without_the_time_promises_nothing() -> None:
    talk = handed_at("23T10:00", house(texts=("Somebody looks at it.", "")))

    assert (talk.present.due_first_at, talk.present.told_due_at) == (local("23T12:00"), None)
    (item,) = my_requests.requests([talk.present], talk.knowledge, talk.now)
    assert "due" not in item.about


def test_what_a_customer_was_promised_is_what_their_list_of_requests_says() -> None:
    talk = handed_at("23T10:00", house(texts=BOTH))

    (item,) = my_requests.requests([talk.present], talk.knowledge, talk.now)

    assert (item.due, "{due}" in item.about) == (local("23T12:00").timestamp(), True)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("You hear by {{case.due}}.", f"You hear by {said('23T12:00')}.\n"),  # filled like the queue's own
        ("Next hours {{calendar.next_open}}.", f"Next hours Mon 23 Nov 13:30 ({BERLIN}).\n"),
    ],
)
def test_a_rules_own_sentence_tells_the_same_times(message: str, told: str) -> None:
    angry = Trigger("angry", When(human_request=True), Then("handoff", queue="tech", message=message))
    knows = house(texts=("We look.", ""))
    talk = handed_at("23T10:00", replace(knows, rules=replace(knows.rules, triggers=(angry,))))

    (line,) = read(talk)
    assert line.text.startswith(told)
    assert line.text.endswith("We look.")
    assert [talk.present.told_due_at, talk.present.told_opens_at].count(None) == 1
    assert len(line.times) == 1


def test_a_rules_own_sentence_with_a_time_that_nobody_promises_is_left_out() -> None:
    angry = Trigger("angry", When(human_request=True), Then("handoff", queue="tech", message="Here by {{case.due}}."))
    knows = house(sla=None)

    (line,) = read(handed_at("23T10:00", replace(knows, rules=replace(knows.rules, triggers=(angry,)))))

    assert line.text.startswith("I'm bringing in Technical Support.")
    assert line.text.endswith(sentences.EXPECT_NO_TIME)


@pytest.mark.parametrize("action", ["offer", "refuse"])
@pytest.mark.parametrize(
    ("message", "read_as"),
    [
        ("{{queue.role}} could help.", "Technical Support could help."),
        ("You would hear by {{case.due}}.", None),  # nobody has it yet, so there is no time: the usual sentence
    ],
)
def test_where_nobody_takes_over_a_rules_sentence_tells_no_time(action: str, message: str, read_as: str | None) -> None:
    rule = Trigger("angry", When(keywords=("anger",)), Then(action, message=message))  # type: ignore[arg-type]
    knows = house()
    talk = Conversation(replace(knows, rules=replace(knows.rules, triggers=(rule,))))

    talk.write("my lawyer says so")

    usual = sentences.OFFER_HUMAN if action == "offer" else sentences.TURNED_DOWN
    assert read(talk)[-1].text == (read_as or usual)


@pytest.mark.parametrize(
    "way",
    [
        ("talk to a human",),  # a wish
        ("change my contract",),  # an entry that is always for people
        ("flurb", "flurb!!"),  # the limit of failed attempts
        ("i forgot my password", "talk to a human"),  # after an answer
    ],
)
@pytest.mark.parametrize("paused", [False, True])
def test_whatever_leads_to_people_the_promise_is_the_same(way: tuple[str, ...], paused: bool) -> None:
    talk = Conversation(house(texts=BOTH), now=local("23T10:00"), paused_in=frozenset({DM} if paused else ()))
    for text in way:
        talk.write(text)
        if talk.present.with_people:
            break

    handed = handoff(tuple(event for _, event in talk.log))
    assert handed.told_due_at == handed.at + 2 * HOUR
    assert handed == promised(handed, talk.knowledge.rules)
    assert f"by {clock(handed.at + 2 * HOUR, BERLIN)}." in read(talk)[-1].text


def test_a_paused_bot_promises_what_the_queue_does() -> None:
    talk = Conversation(house(texts=BOTH), now=local("23T10:00"), paused_in=frozenset({DM}))

    talk.write("i forgot my password", after=0)

    (line,) = read(talk)
    assert "I'm paused at the moment" in line.text
    assert line.text.endswith(here("23T12:00"))
    assert talk.present.told_due_at == local("23T12:00")


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("23T10:00", here("23T12:00")),
        ("23T18:00", away("24T09:00", "24T11:00")),
    ],
)
def test_after_an_error_the_promise_is_the_queues(at: str, told: str) -> None:
    talk = Conversation(house(texts=BOTH), now=local(at))
    talk.write("i forgot my password", after=0)

    scene = Scene(talk.present, Surroundings(Person(CUSTOMER, TEAM), "CASE3"), talk.knowledge, talk.now)
    events = give_up(scene, 1, ATTEMPTS)

    assert handoff(events) == promised(handoff(events), talk.knowledge.rules)
    (chapter,) = chapters(talk.present, events, talk.knowledge, talk.log)
    (text,) = [one.saying.content.text for one in chapter.said if isinstance(one.saying, Post)
               and one.saying.where == In(DM) and isinstance(one.saying.content, Line)]  # fmt: skip
    assert text.startswith("Something went wrong on my side")
    assert told in text
    assert chapter.after.told_due_at == handoff(events).told_due_at


def test_tier1_ask_shows_what_the_customer_would_read() -> None:
    told = asked("talk to a human", CUSTOMER, "", local("23T18:00"), house(texts=BOTH))

    assert told.text.endswith(away("24T09:00", "24T11:00"))


# --- when it goes on --------------------------------------------------------------------------------------------------


def two_teams(**care: object) -> Knowledge:
    """Technical Support, and behind it a team with hours and texts of its own."""
    knows = house(texts=BOTH)
    opened, closed = "{{queue.role}} is here: {{case.due}}.", "Away until {{calendar.next_open}}."
    other = Queue("care", "C0CARE", role="Complaints Management", members=(EMIL,), sla="day", calendar="office")
    other = replace(other, expect_open=opened, expect_closed=closed)
    other = replace(other, **care)  # type: ignore[arg-type]
    return replace(knows, rules=replace(knows.rules, queues={**knows.rules.queues, "care": other}))


def pass_on(talk: Conversation, after: timedelta = timedelta()) -> Transferred:
    talk.now += after
    (moved,) = talk.send("transfer", {"queue": "care", "why": "It is about the bill."}, after=0)
    assert isinstance(moved, Transferred)
    return moved


def test_a_transfer_in_hours_tells_the_later_time_in_the_new_teams_words() -> None:
    talk = handed_at("23T10:00", two_teams())

    moved = pass_on(talk, HOUR)

    assert read(talk)[-1].text.endswith(f"Complaints Management is here: {said('23T14:00')}.")
    assert (moved.told_due_at, talk.present.told_due_at, moved.out_of_hours) == (local("23T14:00"),) * 2 + (False,)


def test_a_transfer_out_of_hours_says_when_they_are_back_and_the_promise_stands() -> None:
    talk = handed_at("23T10:00", two_teams())

    moved = pass_on(talk, 8 * HOUR)

    assert read(talk)[-1].text.endswith(f"\nAway until {said('24T09:00')}.")
    assert (moved.told_due_at, moved.told_opens_at, moved.out_of_hours) == (None, local("24T09:00"), True)
    assert talk.present.told_due_at == local("23T12:00")  # what was told, and no other time was


def test_a_transfer_out_of_hours_says_so_even_in_words_without_a_time() -> None:
    talk = handed_at("23T10:00", two_teams(expect_closed="We all sleep."))

    pass_on(talk, 8 * HOUR)

    assert read(talk)[-1].text.endswith("\nWe all sleep.")


def test_a_transfer_that_is_answered_sooner_takes_back_nothing_that_was_promised() -> None:
    quick = {each: Targets(HOUR / 2, HOUR, HOUR) for each in ("p2", "p3")}
    knows = two_teams(sla="quick")
    talk = handed_at("23T10:00", replace(knows, rules=replace(knows.rules, slas={**SLAS, "quick": quick})))  # type: ignore[dict-item]

    moved = pass_on(talk)

    assert (moved.due_first_at, moved.told_due_at) == (local("23T10:30"), None)
    assert talk.present.told_due_at == local("23T12:00")
    assert "Nov" not in read(talk)[-1].text


def test_a_notice_set_right_keeps_telling_the_promise_in_the_words_of_whoever_has_it_now() -> None:
    talk = handed_at("23T10:00", two_teams())

    (moved,) = refuse(talk, talk.present.card_id)

    assert isinstance(moved, Moved)
    (line,) = read(talk)
    assert line.text.endswith(f"Complaints Management is here: {said('23T12:00')}.")
    assert (moved.told_due_at, moved.due_first_at, talk.present.told_due_at) == (local("23T12:00"),) * 3
    assert line.times == ((local("23T12:00").timestamp(), said("23T12:00")),)


def test_a_notice_set_right_for_a_quicker_team_keeps_the_promise_that_was_read() -> None:
    quick = {each: Targets(HOUR / 2, HOUR, HOUR) for each in ("p2", "p3")}
    knows = two_teams(sla="quick")
    talk = handed_at("23T10:00", replace(knows, rules=replace(knows.rules, slas={**SLAS, "quick": quick})))  # type: ignore[dict-item]

    refuse(talk, talk.present.card_id)

    assert read(talk)[-1].text.endswith(f"Complaints Management is here: {said('23T12:00')}.")
    assert (talk.present.told_due_at, talk.present.due_first_at) == (local("23T12:00"), local("23T10:30"))


def test_a_notice_set_right_tells_a_later_time_where_the_next_team_needs_one() -> None:
    slow = {each: Targets(4 * HOUR, HOUR, HOUR) for each in ("p2", "p3")}
    knows = two_teams(sla="slow")
    talk = handed_at("23T10:00", replace(knows, rules=replace(knows.rules, slas={**SLAS, "slow": slow})))  # type: ignore[dict-item]

    refuse(talk, talk.present.card_id)

    assert read(talk)[-1].text.endswith(f"Complaints Management is here: Mon 23 Nov 15:00 ({BERLIN}).")
    assert (talk.present.told_due_at, talk.present.due_first_at) == (local("23T15:00"),) * 2


def test_who_is_moved_after_hours_reads_that_nobody_is_there_and_of_no_time_that_has_passed() -> None:
    talk = handed_at("23T10:00", two_teams(expect_closed=""))
    talk.press("claim", user=DANA)
    talk.now = local("23T18:00")

    (moved,) = refuse(talk, talk.present.card_id)

    assert isinstance(moved, Moved)
    *_, line = read(talk)
    assert line.text.startswith("Complaints Management takes over case")
    assert line.text.endswith(f"back {said('24T09:00')}, and answer as soon as they can from then on.")
    assert (moved.told_due_at, talk.present.told_due_at) == (None, local("23T12:00"))


def test_operators_promise_nothing_and_nobody_reached_is_nobodys_promise() -> None:
    talk = handed_at("23T10:00", two_teams())
    refuse(talk, talk.present.card_id)
    refuse(talk, talk.present.card_id)

    (line,) = read(talk)
    assert line.text == sentences.WITH_OPERATORS.replace("{case}", CASE)
    (item,) = my_requests.requests([talk.present], talk.knowledge, talk.now)
    assert "due" not in item.about

    refuse(talk, talk.present.card_id)
    assert [line.text for line in read(talk)] == [sentences.NOBODY_REACHED.replace("{case}", CASE)]


# --- laws -------------------------------------------------------------------------------------------------------------

texts = st.sampled_from(["", "Open.", "Closed.", OPEN, CLOSED, "By {{case.due}}.", "From {{calendar.next_open}}."])
moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: local("23T00:00") + timedelta(minutes=minutes))
houses = st.builds(
    house,
    st.sampled_from([None, *CALENDARS]),
    sla=st.sampled_from([None, *SLAS]),
    texts=st.tuples(texts.map("O: {}".format), texts.map("C: {}".format)),
    always_staffed=st.booleans(),
)


@given(houses, texts, moments)
def test_never_both_texts_and_no_time_but_the_one_in_the_log(knows: Knowledge, message: str, at: datetime) -> None:
    rule = Trigger("rule", When(human_request=True), Then("handoff", queue="tech", message=message))
    talk = Conversation(replace(knows, rules=replace(knows.rules, triggers=(rule,))), now=at)
    talk.write("talk to a human", after=0)

    (line,), handed = read(talk), handoff(tuple(event for _, event in talk.log))
    assert handed == promised(handed, talk.knowledge.rules)
    own = [sentences.EXPECT, sentences.EXPECT_NO_TIME, sentences.EXPECT_CLOSED, sentences.EXPECT_CLOSED_NO_TIME]
    begins = ["O: ", "C: ", *(text.partition("{{")[0] for text in (*own, sentences.EXPECT_NOT_THERE))]
    *_, last = line.text.split("\n")
    assert sum(last.startswith(begin) for begin in dict.fromkeys(begins)) == 1
    assert not (handed.out_of_hours and "O: " in line.text)
    assert handed.out_of_hours or "C: " not in line.text
    assert "{{" not in line.text
    told = [moment for moment in (handed.told_due_at, handed.told_opens_at) if moment is not None]
    zone = BERLIN if knows.rules.queues["tech"].calendar else "UTC"
    assert set(line.times) == {(moment.timestamp(), clock(moment, zone)) for moment in told}
    assert all(clock(moment, zone) in line.text for moment in told)
    rest = line.text
    for moment in told:
        rest = rest.replace(clock(moment, zone), "")
    assert f"({zone})" not in rest
    assert handed.told_due_at in (None, first_response_due(talk.knowledge.rules, "tech", handed.priority, at))


@given(moments, moments)
def test_whoever_asks_later_hears_no_sooner(one: datetime, other: datetime) -> None:
    rules: Rules = house(texts=BOTH).rules
    first, second = sorted((one, other))

    early, late = (expected(rules, "tech", at, first_response_due(rules, "tech", "p3", at)) for at in (first, second))

    assert early.told_due_at is not None
    assert late.told_due_at is not None
    assert early.told_due_at <= late.told_due_at
    assert (early.text, late.text) == tuple(CLOSED if each.out_of_hours else OPEN for each in (early, late))


@given(
    st.lists(st.tuples(st.sampled_from(["care", "tech", "gone", "claim"]), st.sampled_from([0, 1, 3, 20])), max_size=6)
)
def test_no_promise_is_taken_back_by_a_sooner_one_wherever_the_case_goes(steps: list[tuple[str, int]]) -> None:
    quick = {each: Targets(HOUR / 4, HOUR, HOUR, business=False) for each in ("p2", "p3")}
    knows = two_teams(sla="quick")
    talk = handed_at("23T10:00", replace(knows, rules=replace(knows.rules, slas={**SLAS, "quick": quick})))  # type: ignore[dict-item]
    for step, hours in steps:
        before, talk.now = talk.present.told_due_at, talk.now + hours * HOUR
        if step == "gone":
            refuse(talk, talk.present.card_id)
        elif step == "claim":
            talk.press("claim", user=EMIL)
        else:
            talk.send("transfer", {"queue": step, "why": "It is about the bill."}, user=EMIL)

        after = talk.present.told_due_at
        assert before is not None
        assert after is not None
        assert after >= before
        told = [words for line in read(talk) for _, words in line.times]
        assert after == before or clock(after, BERLIN) in told  # another time is one that they read
