"""One question in two places, and one problem of many people, as customers and specialists see it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.messages import Message
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, EMIL, GOLD, GUEST, HELP, QUEUES, RULES, House

pytestmark = pytest.mark.wire

TECH = QUEUES["tech"]
GLOOP = "the gloop machine is broken"
WINDOWS = """duplicates:
  same_user: {window: 60m, similarity: 0.8}
  surge: {users: 3, window: 20m, similarity: 0.78}
"""


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[House]:
    """A house whose people hand off at the first miss, and whose rules know duplicates and surges."""
    rules = tmp_path / "rules.yaml"
    written = RULES.read_text(encoding="utf-8").replace("duplicates:\n", WINDOWS)
    rules.write_text(written.replace("defaults:\n", "defaults:\n  failed_attempts: 1\n"), encoding="utf-8")
    with House(tmp_path, rules=rules) as house:
        yield house


def ask(house: House, *people: str, text: str = GLOOP) -> None:
    for person in people:
        house.slack.say(person, house.slack.dm(person), text)
        house.quiet()


def read_by(house: House, person: str) -> str:
    """All that the bot said in this person's DM."""
    return "\n".join(message.shown for message in house.from_bot(house.slack.dm(person)))


def incidents(house: House) -> list[Message]:
    return [card for card in house.cards() if "Incident T" in card.shown]


def beneath(house: House, card: Message) -> str:
    return "\n".join(message.shown for message in house.slack.messages(TECH, card.ts))


# --- the same customer ------------------------------------------------------------------------------------------------


def test_the_same_question_in_another_place_goes_to_the_people_who_have_it(busy: House) -> None:
    ask(busy, CUSTOMER)
    ts = busy.slack.say(CUSTOMER, HELP, "gloop machine broken, it smokes")
    busy.quiet()

    (card,) = busy.cards()
    (line,) = busy.from_bot(HELP, ts)
    assert "is already with Technical Support; I have added this to it" in line.shown
    assert "gloop machine broken, it smokes" in beneath(busy, card)
    assert busy.rows("select outcome from cases order by opened_at") == [(None,), ("duplicate",)]


def test_a_specialist_joins_two_cases_of_one_customer(busy: House) -> None:
    ask(busy, CUSTOMER)
    ts = busy.slack.say(CUSTOMER, HELP, "my stapler is on fire")
    busy.quiet()
    first, second = busy.cards()
    ((case,),) = busy.rows("select id from cases order by opened_at limit 1")

    busy.fill_in(DANA, second, "Duplicate", {"case": case})

    assert f"This is about the same as your case {case}" in busy.from_bot(HELP, ts)[-1].shown
    assert "my stapler is on fire" in beneath(busy, first)
    assert f"Joined to case {case}" in busy.cards()[1].shown


# --- many people ------------------------------------------------------------------------------------------------------


def test_three_people_make_one_incident_and_hear_of_it_until_it_is_over(busy: House) -> None:
    ask(busy, CUSTOMER, COLLEAGUE, GOLD)

    (card,) = incidents(busy)
    assert len(busy.cards()) == 3  # two handoffs, and the incident
    assert "3: Carla Weiss, Colin Ash and Goldie Marsh" in card.shown
    assert all("Part of incident T" in handoff.shown for handoff in busy.cards()[:2])
    for person in (CUSTOMER, COLLEAGUE, GOLD):
        assert read_by(busy, person).count("incident T") == 1
    assert beneath(busy, card).count(GLOOP) == 3

    busy.fill_in(DANA, card, "Say the status", {"words": "A spare part is on its way."})
    ask(busy, GUEST, text="gloop machine broken?")

    for person in (CUSTOMER, COLLEAGUE, GOLD, GUEST):
        assert read_by(busy, person).count("A spare part is on its way.") == 1
    assert "Gerd Guest" in incidents(busy)[0].shown
    assert "Claimed by Dana Reyes" in incidents(busy)[0].shown

    busy.slack.press(DANA, TECH, card.ts, "It is over")
    busy.quiet()

    for person in (CUSTOMER, COLLEAGUE, GOLD, GUEST):
        assert read_by(busy, person).count("It is over: Dana Reyes from Technical Support") == 1
        assert "Reopen" in busy.from_bot(busy.slack.dm(person))[-1].buttons
    assert busy.rows("select distinct state, outcome from cases") == [("closed", "resolved_by_human")]
    assert busy.rows("select sum(cases) from outcomes") == [(4,)]  # the incident is nobody's case
    assert busy.rows("select people from incidents") == [(4,)]
    assert "Over, says Dana Reyes" in incidents(busy)[0].shown
    for handoff in busy.cards()[:2]:
        assert handoff.buttons == ["Flag an entry"]


def test_of_two_who_are_both_the_last_one_makes_the_incident_and_the_other_joins_it(busy: House) -> None:
    ask(busy, CUSTOMER, COLLEAGUE)
    both = threading.Barrier(2)

    def at_once(person: str) -> None:
        both.wait()
        busy.slack.say(person, busy.slack.dm(person), GLOOP)

    threads = [threading.Thread(target=at_once, args=[person]) for person in (GOLD, GUEST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy.quiet()

    (card,) = incidents(busy)
    assert "4: Carla Weiss, Colin Ash" in card.shown
    assert busy.rows("select people from incidents") == [(4,)]


def test_three_at_once_are_counted_although_none_saw_the_others_begin(busy: House) -> None:
    together = threading.Barrier(3)

    def at_once(person: str) -> None:
        together.wait()
        busy.slack.say(person, busy.slack.dm(person), GLOOP)

    threads = [threading.Thread(target=at_once, args=[person]) for person in (CUSTOMER, GOLD, GUEST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy.quiet()

    assert busy.rows("select people from incidents") == [(3,)]


def test_whoever_asks_next_may_still_talk_to_a_person(busy: House) -> None:
    ask(busy, CUSTOMER, COLLEAGUE, GOLD, GUEST)
    dm = busy.slack.dm(GUEST)

    busy.slack.press(GUEST, dm, busy.from_bot(dm)[-1].ts, "Talk to a person")
    busy.quiet()

    assert "Gerd Guest" in busy.cards()[-1].shown
    assert "Part of incident T" in busy.cards()[-1].shown
    assert "bringing in Technical Support" in read_by(busy, GUEST)


def test_an_incident_is_started_by_hand_and_a_message_with_our_name_is_its_status(busy: House) -> None:
    ask(busy, CUSTOMER)
    busy.slack.press(EMIL, TECH, busy.cards()[0].ts, "Start an incident")
    busy.quiet()
    (card,) = incidents(busy)

    ask(busy, COLLEAGUE)
    busy.slack.say(EMIL, TECH, "@tier1 We have found it.", thread_ts=card.ts)
    busy.slack.say(EMIL, TECH, "it was the cat again", thread_ts=card.ts)
    busy.quiet()

    for person in (CUSTOMER, COLLEAGUE):
        assert read_by(busy, person).count("We have found it.") == 1
        assert "cat" not in read_by(busy, person)
    marks = [message.reactions for message in busy.slack.messages(TECH, card.ts) if message.user == EMIL]
    assert [list(each) for each in marks] == [["white_check_mark"], ["lock"]]


def test_an_incident_is_started_by_command_in_a_teams_channel_alone(busy: House) -> None:
    busy.slack.command(COLLEAGUE, TECH, "/tier1", "incident gloop machine broken")
    busy.slack.command(DANA, TECH, "/tier1", "incident gloop machine broken")
    busy.quiet()

    busy.wait(lambda: busy.slack.ephemerals(COLLEAGUE))
    (card,) = incidents(busy)
    assert "gloop machine broken" in card.shown
    ask(busy, CUSTOMER)
    assert "This problem is known" in read_by(busy, CUSTOMER)
    assert "1: Carla Weiss" in incidents(busy)[0].shown


def test_what_was_said_before_a_restart_is_said_once_and_the_incident_goes_on(busy: House) -> None:
    ask(busy, CUSTOMER, COLLEAGUE, GOLD)
    (card,) = incidents(busy)
    busy.slack.fail_next("chat.postMessage", "ratelimited", retry_after=1)
    busy.slack.say(DANA, TECH, "@tier1 A part is on its way.", thread_ts=card.ts)
    busy.slack.settled()

    busy.service.stop()
    busy.service = busy.begin()
    busy.quiet()

    for person in (CUSTOMER, COLLEAGUE, GOLD):
        assert read_by(busy, person).count("A part is on its way.") == 1
    busy.slack.press(DANA, TECH, card.ts, "It is over")
    busy.quiet()
    assert busy.rows("select count(*) from cases where closed_at is null") == [(0,)]
