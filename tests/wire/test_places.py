"""What happens when a place to speak in is gone: nobody is left without words, and nothing stands where it must not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.messages import Message
from tests.wire.house import CUSTOMER, DANA, HELP, OPS, QUEUES, RULES, SEED, House, Mode

pytestmark = pytest.mark.wire

LOST = [
    ("internal_error", 500, True),  # done, and nobody knows
    ("connection_lost", None, True),
    ("service_unavailable", 503, False),  # not done
    ("ratelimited", None, False),
]


def lose_the_thread(house: House, text: str) -> str:
    """Somebody asks in a channel, and what they wrote is gone before the answer comes."""
    before = len(house.slack.calls("chat.postMessage"))
    house.slack.fail_next("chat.postMessage", "ratelimited", retry_after=1)
    ts = house.slack.say(CUSTOMER, HELP, text)
    house.wait(lambda: len(house.slack.calls("chat.postMessage")) > before)
    house.slack.expire(HELP, ts)
    return ts


def hand_off(house: House, channel: str | None = None) -> str:
    """The customer gets their case to people. Returns the ts of their message."""
    ts = house.slack.say(CUSTOMER, channel or house.slack.dm(CUSTOMER), "talk to a human")
    house.quiet()
    return ts


def threads(house: House) -> list[tuple[Message, list[Message]]]:
    """What the bot said at the root of the customer's DM, each with what it said beneath."""
    dm = house.slack.dm(CUSTOMER)
    return [(root, house.from_bot(dm, root.ts)) for root in house.from_bot(dm)]


def beneath(house: House, card: Message, channel: str = QUEUES["tech"]) -> str:
    return "\n".join(message.shown for message in house.slack.messages(channel, card.ts))


def notices(house: House) -> list[str]:
    return [message.shown for message in house.from_bot(house.slack.dm(CUSTOMER))]


def stray(house: House) -> list[Message]:
    return house.from_bot(HELP)


# --- a thread whose root is gone --------------------------------------------------------------------------------------


def test_an_answer_whose_thread_is_gone_is_said_in_the_dm_under_the_quoted_question(house: House) -> None:
    lose_the_thread(house, "i forgot my password")
    house.quiet()

    ((root, (answer,)),) = threads(house)
    assert "that thread is gone" in root.shown
    assert "i forgot my password" in root.shown
    assert "Reset a forgotten" in answer.shown
    assert not stray(house)
    assert house.rows("select state, count(*) from outbox group by state") == [("told", 2)]


def test_the_case_goes_on_in_the_dm_and_its_buttons_count(house: House) -> None:
    lose_the_thread(house, "i forgot my password")
    house.quiet()
    dm = house.slack.dm(CUSTOMER)
    ((root, (answer,)),) = threads(house)

    house.slack.say(CUSTOMER, dm, "that's not it", thread_ts=root.ts)
    house.quiet()
    house.slack.press(CUSTOMER, dm, answer.ts, "That fixed it")
    house.quiet()

    ((_, (answer, asked)),) = threads(house)
    assert "the wrong one" in asked.shown
    assert "that fixed it" in answer.shown
    assert house.rows("select count(*), outcome, channel, thread_ts from cases") == [
        (1, "resolved_by_bot", dm, root.ts)
    ]


@pytest.mark.parametrize(("error", "status", "after"), LOST)
def test_a_stray_post_is_taken_back_however_often_that_fails(
    house: House, error: str, status: int | None, after: bool
) -> None:
    house.slack.fail_next("chat.delete", error, status=status, after=after, times=2)

    lose_the_thread(house, "i forgot my password")
    house.quiet()

    assert not stray(house)
    ((_, said),) = threads(house)
    assert len(said) == 1
    assert "Reset a forgotten" in said[0].shown


@pytest.mark.long
@pytest.mark.parametrize("mode", ["http"])  # a lost answer costs a quarter of a minute, and knows no door
def test_a_stray_post_that_nobody_knows_of_is_found_and_taken_back(house: House) -> None:
    before = len(house.slack.calls("chat.postMessage"))
    house.slack.fail_next("chat.postMessage", "ratelimited", retry_after=1)
    house.slack.fail_next("chat.postMessage", "connection_lost", after=True)
    ts = house.slack.say(CUSTOMER, HELP, "i forgot my password")
    house.wait(lambda: len(house.slack.calls("chat.postMessage")) > before)
    house.slack.expire(HELP, ts)
    house.wait(lambda: stray(house))
    house.wait(lambda: threads(house) and threads(house)[0][1], 40)
    house.quiet()

    assert not stray(house)
    ((_, said),) = threads(house)
    assert len(said) == 1


@pytest.mark.long
@pytest.mark.parametrize("mode", ["socket"])
def test_what_goes_to_the_dm_instead_is_said_once_although_its_answer_gets_lost(house: House) -> None:
    house.slack.fail_next("chat.delete", "internal_error", status=500, after=True)
    lose_the_thread(house, "i forgot my password")
    house.wait(lambda: house.slack.calls("chat.delete"))
    house.slack.fail_next("chat.postMessage", "connection_lost", after=True)
    house.wait(lambda: threads(house) and threads(house)[0][1], 40)
    house.quiet()

    ((root, said),) = threads(house)
    assert "i forgot my password" in root.shown
    assert len(said) == 1
    assert not stray(house)


def test_a_relayed_reply_and_all_that_follows_goes_to_the_same_thread_of_the_dm(house: House) -> None:
    asked = hand_off(house, HELP)
    card = house.cards()[0]
    house.slack.expire(HELP, asked)

    house.slack.press(DANA, QUEUES["tech"], card.ts, "Claim")
    house.quiet()
    reply = house.slack.say(DANA, QUEUES["tech"], "@tier1 please restart it", thread_ts=card.ts)
    house.quiet()
    ((root, said),) = threads(house)
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "did that, works", thread_ts=root.ts)
    house.quiet()

    assert "talk to a human" in root.shown
    assert ["has your case now" in said[0].shown, "please restart it" in said[1].shown] == [True, True]
    assert not stray(house)
    marks = next(m.reactions for m in house.slack.messages(QUEUES["tech"], card.ts) if m.ts == reply)
    assert "white_check_mark" in marks
    assert "did that, works" in beneath(house, card)
    assert house.rows("select count(*) from cases") == [(1,)]


def test_a_thread_whose_root_is_deleted_but_stands_as_a_tombstone_is_used_on(house: House) -> None:
    asked = house.slack.say(CUSTOMER, HELP, "i forgot my password")
    house.quiet()
    house.slack.say(CUSTOMER, HELP, "talk to a human", thread_ts=asked)
    house.quiet()
    before = len(house.from_bot(HELP, asked))
    house.slack.delete(CUSTOMER, HELP, asked)
    house.quiet()

    house.slack.press(DANA, QUEUES["tech"], house.cards()[0].ts, "Claim")
    house.quiet()

    assert len(house.from_bot(HELP, asked)) == before + 1
    assert threads(house) == []


def test_small_talk_whose_thread_is_gone_is_let_go(house: House) -> None:
    lose_the_thread(house, "@tier1 hi")
    house.quiet()

    assert not stray(house)
    assert threads(house) == []
    assert house.rows("select state from outbox") == [("dropped",)]


@pytest.mark.parametrize(("error", "status", "after"), [("", None, False), *LOST[:2]])
def test_a_card_that_is_gone_is_posted_afresh_with_the_whole_transcript(
    house: House, error: str, status: int | None, after: bool
) -> None:
    hand_off(house)
    house.slack.expire(QUEUES["tech"], house.cards()[0].ts)
    if error:
        house.slack.fail_next("chat.delete", error, status=status, after=after)

    for text in ("are you there?", "hello?"):
        house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), text)
        house.quiet()

    (card,) = house.cards()
    assert "New handoff" in card.shown
    for words in ("talk to a human", "are you there?", "hello?"):
        assert beneath(house, card).count(words) == 1
    house.slack.press(DANA, QUEUES["tech"], card.ts, "Claim")
    house.quiet()
    assert "Claimed by Dana Reyes" in house.cards()[0].shown


def test_a_transcript_whose_card_is_gone_hangs_under_a_new_one(house: House) -> None:
    house.slack.slow("chat.postMessage", 0.5)
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.wait(house.cards)
    house.slack.expire(QUEUES["tech"], house.cards()[0].ts)  # while its transcript is on its way
    house.slack.slow("chat.postMessage", 0)
    house.quiet()

    (card,) = house.cards()
    assert "New handoff" in card.shown
    assert beneath(house, card).count("Transcript 1/1") == 1
    assert len(notices(house)) == 1


# --- a team's channel that cannot be reached --------------------------------------------------------------------------


def archived(house: House) -> None:
    house.slack.archive(QUEUES["tech"])


def left(house: House) -> None:
    house.slack.remove_bot(QUEUES["tech"])


@pytest.mark.parametrize("gone", [archived, left])
def test_the_fallback_gets_the_card_and_the_notice_is_corrected_where_it_stands(
    house: House, gone: Callable[[House], None]
) -> None:
    gone(house)

    hand_off(house)

    (notice,) = notices(house)
    assert "Complaints Management" in notice
    assert "Technical Support" not in notice
    (card,) = house.cards("care")
    assert "talk to a human" in card.shown
    assert "Moved on to Complaints Management" in beneath(house, card, QUEUES["care"])


def test_a_channel_that_does_not_exist_gives_way_to_the_fallback(mode: Mode, tmp_path: Path) -> None:
    seed = replace(SEED, channels=tuple(c for c in SEED.channels if c.id != QUEUES["tech"]))
    with House(tmp_path, mode, seed=seed) as house:
        hand_off(house)

        assert len(house.cards("care")) == 1
        assert ["Complaints Management" in notice for notice in notices(house)] == [True]


@pytest.mark.parametrize(("error", "status", "after"), LOST)
def test_the_notice_is_corrected_once_however_often_that_fails(
    house: House, error: str, status: int | None, after: bool
) -> None:
    archived(house)
    house.slack.fail_next("chat.update", error, status=status, after=after, times=2)

    hand_off(house)

    assert ["Complaints Management" in notice for notice in notices(house)] == [True]
    assert len(house.cards("care")) == 1


@pytest.mark.long
@pytest.mark.parametrize("mode", ["http"])
def test_whatever_answer_gets_lost_while_a_handoff_moves_the_card_stands_in_one_queue_once(house: House) -> None:
    archived(house)
    house.slack.fail_next("chat.postMessage", "connection_lost", after=True, times=3)

    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.wait(lambda: house.cards("care") and beneath(house, house.cards("care")[0], QUEUES["care"]), 60)
    house.slack.wait_for(lambda: not house.rows("select 1 from outbox where state = 'due'"), 60)

    assert len(house.cards("care")) == 1
    assert ["Complaints Management" in notice for notice in notices(house)] == [True]


def test_a_channel_that_goes_while_people_have_the_case_takes_nothing_of_it_along(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    hand_off(house)
    house.slack.press(DANA, QUEUES["tech"], house.cards()[0].ts, "Claim")
    house.quiet()
    archived(house)

    house.slack.say(CUSTOMER, dm, "are you there?")
    house.quiet()

    (card,) = house.cards("care")
    assert "Waiting for somebody to claim it" in card.shown
    assert beneath(house, card, QUEUES["care"]).count("are you there?") == 1
    assert "Complaints Management takes over case" in notices(house)[-1]
    assert house.rows("select queue, state, owner from cases") == [("care", "handed_off", None)]


def test_the_operators_get_the_card_when_no_team_can_be_reached_and_can_do_all_a_team_can(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    for queue in ("tech", "care"):
        house.slack.archive(QUEUES[queue])

    hand_off(house)
    (case,) = house.rows("select id from cases")[0]
    (notice,) = notices(house)
    assert "can't reach the people" in notice
    assert "the team that runs me" in notice
    assert str(case) in notice
    for role in ("Technical Support", "Complaints Management"):
        assert role not in notice
    (card,) = [m for m in house.from_bot(OPS) if "New handoff" in m.shown]
    for words in (str(case), "Carla Weiss", "talk to a human", "The customer asked for a person"):
        assert words in card.shown
    for words in ("Transcript 1/1", "meant for Technical Support", "is_archived"):
        assert words in beneath(house, card, OPS)

    house.slack.press(DANA, OPS, card.ts, "Claim")
    house.quiet()
    house.slack.say(DANA, OPS, "@tier1 I'll look", thread_ts=card.ts)
    house.slack.say(CUSTOMER, dm, "thank you")
    house.quiet()
    house.resolve(DANA, card)

    assert "Dana Reyes from the team that runs me has your case now" in notices(house)[1]
    assert "I'll look" in notices(house)[2]
    assert "thank you" in beneath(house, card, OPS)
    assert house.rows("select outcome from cases") == [("resolved_by_human",)]


def without_operators(folder: Path) -> Path:
    rules = folder / "rules.yaml"
    text = RULES.read_text(encoding="utf-8")
    rules.write_text(text.replace("  operator_channel: C0OPS000001\n", "  priority: p3\n"), encoding="utf-8")
    return rules


@pytest.mark.parametrize("operators", ["none", "archived"])
def test_where_nobody_at_all_can_be_reached_the_customer_hears_so_and_how_to_go_on(
    operators: str, mode: Mode, tmp_path: Path
) -> None:
    rules = without_operators(tmp_path) if operators == "none" else RULES
    with House(tmp_path, mode, rules=rules) as house:
        dm = house.slack.dm(CUSTOMER)
        for channel in (QUEUES["tech"], QUEUES["care"], OPS):
            house.slack.archive(channel)

        hand_off(house)

        (notice,) = house.from_bot(dm)
        assert "can't reach anybody" in notice.shown
        assert notice.buttons == ["Talk to a person"]
        assert house.rows("select state from cases") == [("open",)]
        house.slack.say(CUSTOMER, dm, "i forgot my password")  # nobody has it, so the bot goes on answering
        house.quiet()
        assert "Reset a forgotten" in house.from_bot(dm)[-1].shown


# --- a customer who cannot be reached ---------------------------------------------------------------------------------


def test_specialists_read_once_that_the_customer_cannot_be_reached(house: House) -> None:
    hand_off(house)
    card = house.cards()[0]
    house.slack.archive(house.slack.dm(CUSTOMER))

    house.slack.press(DANA, QUEUES["tech"], card.ts, "Claim")
    house.quiet()
    reply = house.slack.say(DANA, QUEUES["tech"], "@tier1 please restart it", thread_ts=card.ts)
    house.quiet()
    house.resolve(DANA, card)

    assert beneath(house, card).count("The customer cannot be reached") == 1
    assert beneath(house, card).count("This did not reach the customer") == 1
    marks = next(m.reactions for m in house.slack.messages(QUEUES["tech"], card.ts) if m.ts == reply)
    assert "warning" in marks
    (case,) = house.rows("select id from cases")[0]
    house.wait(lambda: house.from_bot(OPS))
    assert ["is_archived" in m.shown and str(case) in m.shown for m in house.from_bot(OPS)] == [True]


@pytest.mark.parametrize("error", ["user_disabled", "cannot_dm_bot"])
def test_a_customer_whose_thread_is_gone_and_whose_dm_is_closed_is_nobodys_secret(house: House, error: str) -> None:
    asked = hand_off(house, HELP)
    card = house.cards()[0]
    house.slack.expire(HELP, asked)
    house.slack.fail_next("conversations.open", error, times=2)

    house.slack.press(DANA, QUEUES["tech"], card.ts, "Claim")
    house.quiet()
    house.slack.say(DANA, QUEUES["tech"], "@tier1 please restart it", thread_ts=card.ts)
    house.quiet()

    assert not stray(house)
    assert beneath(house, card).count(f"The customer cannot be reached where they wrote: Slack said {error}") == 1
    assert beneath(house, card).count("This did not reach the customer") == 1
    house.wait(lambda: [m for m in house.from_bot(OPS) if error in m.shown])
