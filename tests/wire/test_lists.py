"""My requests, queues, the Home tab and saved replies: who is shown what, and what their buttons do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.messages import Message, View
from bot.sandbox.seed import BOT_USER
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, EMIL, GUEST, HELP, KB, LOBBY, QUEUES, RULES, House

pytestmark = pytest.mark.wire

TECH, PRODUCT = QUEUES["tech"], QUEUES["product"]
STAFF_ONLY = """\
title: The payroll calendar
phrasings: [when is payday, payroll calendar, when do we get paid]
audience: [staff]
answer: On the last working day of each month.
"""
PROMISED = """
slas:
  standard:
    p3: {first_response: 2h, next_response: 1h, resolution: 1d, business: false}
"""
BY_NAME = """\
title: Change your badge
phrasings: [my badge is lost, new badge please, i need another badge]
answer: Hello {{customer.first_name}}, come to the desk.
"""


@pytest.fixture
def calm(tmp_path: Path) -> Iterator[House]:
    """A house in one mode, with an entry for staff only and one that needs a name."""
    kb = tmp_path / "kb"
    shutil.copytree(KB, kb)
    (kb / "people").mkdir()
    (kb / "people" / "payroll.yaml").write_text(STAFF_ONLY)
    (kb / "people" / "badge.yaml").write_text(BY_NAME)
    with House(tmp_path, kb=kb) as running:
        yield running


def hand_off(house: House, who: str = CUSTOMER, channel: str = HELP, text: str = "talk to a human") -> str:
    """Somebody gets a case to people. Returns its number."""
    house.slack.say(who, channel, text)
    house.quiet()
    return str(house.rows("select id from cases order by rowid desc limit 1")[0][0])


def told(house: House, who: str, text: str, channel: str) -> Message:
    """Give a command, and return what only they were shown."""
    before = len(house.slack.ephemerals(who))
    house.slack.command(who, channel, "/tier1", text)
    house.quiet()
    house.wait(lambda: len(house.slack.ephemerals(who)) > before)
    return house.slack.ephemerals(who)[-1]


def home_of(house: House, who: str) -> View:
    house.slack.open_home(who)
    house.quiet()
    view = house.slack.home(who)
    assert view
    return view


def pressed_at_home(house: House, who: str, label: str) -> View:
    view = house.slack.home(who)
    assert view
    house.slack.press_in_view(who, view.id, label)
    house.quiet()
    after = house.slack.home(who)
    assert after
    return after


# --- my requests ------------------------------------------------------------------------------------------------------


def test_my_requests_are_mine_alone_and_a_closed_one_can_be_opened_again(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "i forgot my password")
    house.quiet()
    house.slack.press(CUSTOMER, dm, house.from_bot(dm)[-1].ts, "That fixed it")
    mine, theirs = hand_off(house), hand_off(house, COLLEAGUE)

    listed = told(house, CUSTOMER, "status", LOBBY)

    assert "with Technical Support, waiting for somebody to take it" in listed.shown
    assert "“i forgot my password”" in listed.shown
    assert "closed: you said that it was fixed" in listed.shown
    assert (mine in listed.shown, theirs in listed.shown) == (True, False)
    assert listed.buttons == ["Reopen"]

    before = len(house.slack.ephemerals(CUSTOMER))
    house.slack.press(CUSTOMER, LOBBY, listed.ts, "Reopen")
    house.quiet()
    house.wait(lambda: len(house.slack.ephemerals(CUSTOMER)) > before)

    assert "open again" in house.from_bot(dm)[-1].shown
    assert "That request is open again. https://" in house.slack.ephemerals(CUSTOMER)[-1].shown
    assert house.rows("select count(*) from cases where state = 'open' and requester = ?", CUSTOMER) == [(1,)]
    assert house.rows("""select count(*) from events where kind = 'ListShown' and "case" is null""") == [(1,)]


# --- a queue ----------------------------------------------------------------------------------------------------------


def test_a_specialist_sees_their_queue_and_claims_from_it(calm: House) -> None:
    case = hand_off(calm, text="talk to a human <!channel>")

    listed = told(calm, DANA, "queue", LOBBY)
    calm.slack.press(DANA, LOBBY, listed.ts, "Claim")
    calm.quiet()

    assert ("Unclaimed" in listed.shown, case in listed.shown, listed.buttons) == (True, True, ["Claim"])
    assert calm.rows("select state, owner from cases") == [("claimed", DANA)]
    assert "Claimed by Dana Reyes" in calm.cards()[-1].shown
    mine = told(calm, DANA, "queue tech", LOBBY)
    assert ("Mine" in mine.shown, case in mine.shown, mine.buttons) == (True, True, [])
    assert not calm.slack.warnings


def test_card_and_queue_say_what_is_due_next_and_nothing_while_the_customer_is_waited_for(tmp_path: Path) -> None:
    rules = tmp_path / "escalation_rules.yaml"
    written = RULES.read_text(encoding="utf-8")
    rules.write_text(written.replace("role: Technical Support,", "role: Technical Support, sla: standard,") + PROMISED)
    with House(tmp_path, rules=rules) as house:
        hand_off(house)
        shown = [house.cards()[-1].shown]
        listed = [told(house, DANA, "queue", LOBBY).shown]
        card = house.cards()[-1]
        house.slack.say(DANA, TECH, f"<@{BOT_USER}> which browser?", thread_ts=card.ts, raw=True)
        house.quiet()
        shown.append(house.cards()[-1].shown)
        listed.append(told(house, DANA, "queue tech", LOBBY).shown)
        ((thread,),) = house.rows("select thread_ts from cases")
        house.slack.say(CUSTOMER, HELP, "this one", thread_ts=str(thread))
        house.quiet()
        shown.append(house.cards()[-1].shown)

        listed.append(told(house, DANA, "queue tech", LOBBY).shown)

        dues = ("First response due", "Next response due", "Solution due")
        assert [[due for due in dues if due in card] for card in shown] == [[dues[0]], [], [dues[1]]]
        assert ["answer due" in each for each in listed] == [True, False, True]
        assert "next answer due" in listed[-1]
        assert house.rows("select due_of from cases") == [("next_response",)]


def test_who_is_in_no_queue_is_refused_and_a_channel_has_only_its_own(calm: House) -> None:
    hand_off(calm)

    assert "This is for specialists" in told(calm, CUSTOMER, "queue", LOBBY).shown
    assert "This is for specialists" in told(calm, CUSTOMER, "queue tech", TECH).shown
    assert "nothing is unclaimed" in told(calm, DANA, "queue", PRODUCT).shown
    assert calm.rows("select count(*) from events where kind = 'Refused'") == [(2,)]


# --- the Home tab -----------------------------------------------------------------------------------------------------


def test_a_specialists_home_shows_their_queues_and_a_claim_there_is_a_claim(calm: House) -> None:
    case = hand_off(calm)

    assert "Unclaimed" in home_of(calm, DANA).shown
    after = pressed_at_home(calm, DANA, "Claim")

    assert ("Mine" in after.shown, "Unclaimed" in after.shown, after.buttons) == (True, False, ["Refresh"])
    assert calm.rows("select id, state, owner from cases") == [(case, "claimed", DANA)]
    card = calm.cards()[-1]
    assert "Claimed by Dana Reyes" in card.shown
    calm.slack.say(DANA, TECH, f"<@{BOT_USER}> try again now", thread_ts=card.ts, raw=True)
    calm.quiet()
    assert "Waiting for the customer" in pressed_at_home(calm, DANA, "Refresh").shown


def test_who_was_too_slow_on_the_home_tab_is_told_in_the_direct_messages(calm: House) -> None:
    hand_off(calm)
    home_of(calm, DANA)
    home_of(calm, EMIL)

    pressed_at_home(calm, DANA, "Claim")
    late = pressed_at_home(calm, EMIL, "Claim")

    assert "Nothing is waiting" in late.shown
    assert "Taken by Dana Reyes" in calm.from_bot(calm.slack.dm(EMIL))[-1].shown
    assert calm.rows("select owner from cases") == [(DANA,)]


def test_what_does_not_fit_on_the_home_tab_is_on_its_next_page(calm: House) -> None:
    def claims() -> int:
        view = calm.slack.home(DANA)
        return view.buttons.count("Claim") if view else 0

    def pressed(label: str) -> None:
        view = calm.slack.home(DANA)
        assert view
        calm.slack.press_in_view(DANA, view.id, label)

    for n in range(22):
        calm.slack.say(CUSTOMER, HELP, f"talk to a human, please, number {n}")
    calm.slack.settled(15)  # their cards take longer: one a second

    calm.slack.open_home(DANA)
    calm.wait(lambda: claims() == 20)
    pressed("2 more")
    calm.wait(lambda: claims() == 2)
    pressed("Back a page")
    calm.wait(lambda: claims() == 20)

    assert not calm.slack.warnings


def test_a_customers_home_says_what_this_is_and_gets_them_a_person_once(calm: House) -> None:
    first = home_of(calm, CUSTOMER)
    after = pressed_at_home(calm, CUSTOMER, "Talk to a person")
    pressed_at_home(calm, CUSTOMER, "Talk to a person")

    assert ("I'm the support bot" in first.shown, first.buttons) == (True, ["Talk to a person", "Refresh"])
    assert "with Technical Support, waiting" in after.shown
    assert calm.rows("select state, queue from cases") == [("handed_off", "tech")]
    root, refusal = calm.from_bot(calm.slack.dm(CUSTOMER))
    assert ("Talk to a person" in root.shown, "has your case already" in refusal.shown) == (True, True)
    assert "bringing in Technical Support" in calm.from_bot(calm.slack.dm(CUSTOMER), root.ts)[-1].shown


def test_of_several_versions_of_a_home_tab_the_newest_counts(calm: House) -> None:
    home_of(calm, DANA)
    calm.slack.fail_next("views.publish", "ratelimited", retry_after=1)
    calm.slack.open_home(DANA)
    hand_off(calm)
    calm.slack.open_home(DANA)
    calm.quiet()

    home = calm.slack.home(DANA)
    assert home
    assert "Unclaimed" in home.shown
    assert calm.rows("select count(*) from outbox where kind = 'Publish' and state = 'parked'") == [(0,)]


# --- saved replies ----------------------------------------------------------------------------------------------------


def test_a_saved_reply_is_sent_under_the_specialists_name_and_counts_as_theirs(house: House) -> None:
    case = hand_off(house)
    card = house.cards()[-1]
    house.slack.press(DANA, TECH, card.ts, "Claim")
    house.quiet()

    found = told(house, DANA, "kb forgot password", TECH)
    house.slack.press(DANA, TECH, found.ts, "Send")
    house.quiet()

    ((thread,),) = house.rows("select thread_ts from cases")
    answer = house.from_bot(HELP, str(thread))[-1]
    assert "Dana Reyes sent you this" in answer.shown
    assert "Hi Carla, set a new one" in answer.shown
    assert answer.buttons == ["That fixed it", "Still stuck"]
    assert house.rows('select "case", user, entry, how from reuses') == [(case, DANA, "accounts/reset-password", "kb")]
    notes = [message.shown for message in house.from_bot(TECH, card.ts)]
    assert "Dana Reyes sent the customer “Reset a forgotten password”." in notes
    assert "Reset a forgotten password · " in house.cards()[-1].shown
    house.wait(lambda: "on its way to Carla Weiss" in house.slack.ephemerals(DANA)[-1].shown)

    house.slack.press(CUSTOMER, HELP, answer.ts, "That fixed it")
    house.quiet()
    assert "that fixed it" in house.from_bot(HELP, str(thread))[-1].shown
    assert "Dana Reyes sent you this" in house.from_bot(HELP, str(thread))[-1].shown
    assert "The customer pressed" in house.from_bot(TECH, card.ts)[-1].shown


def test_sending_in_a_case_that_nobody_has_claims_it_and_only_members_may(calm: House) -> None:
    case = hand_off(calm)

    assert "members of this queue" in told(calm, CUSTOMER, f"kb {case} password", TECH).shown
    assert "None of this channel's cases is yours" in told(calm, DANA, "kb password", TECH).shown
    found = told(calm, DANA, f"kb {case} password", TECH)
    calm.slack.press(DANA, TECH, found.ts, "Send")
    calm.quiet()

    assert calm.rows("select state, owner from cases") == [("claimed", DANA)]


def test_what_a_customer_may_not_see_is_neither_found_nor_sent(calm: House) -> None:
    staff, guest = hand_off(calm, CUSTOMER), hand_off(calm, GUEST)

    for_staff = told(calm, DANA, f"kb {staff} payroll calendar", TECH)
    for_guest = told(calm, DANA, f"kb {guest} payroll calendar", TECH)

    assert "The payroll calendar" in for_staff.shown
    assert "The payroll calendar" not in for_guest.shown


def test_a_reply_with_a_gap_in_it_is_not_sent(calm: House) -> None:
    calm.slack.fail_next("users.info", "user_not_found", times=50)
    case = hand_off(calm)

    found = told(calm, DANA, f"kb {case} lost badge", TECH)
    before = len(calm.slack.ephemerals(DANA))
    calm.slack.press(DANA, TECH, found.ts, "Send")
    calm.quiet()
    calm.wait(lambda: len(calm.slack.ephemerals(DANA)) > before)

    assert "{{customer.first_name}}" in calm.slack.ephemerals(DANA)[-1].shown
    assert calm.rows("select count(*) from events where kind = 'EntrySent'") == [(0,)]
    assert calm.rows("select state from cases") == [("handed_off",)]


def test_a_reply_is_not_sent_in_a_case_that_went_back_to_the_bot(calm: House) -> None:
    case = hand_off(calm)
    found = told(calm, DANA, f"kb {case} password", TECH)
    calm.slack.press(DANA, TECH, calm.cards()[-1].ts, "Back to the bot")
    calm.quiet()
    before = len(calm.slack.ephemerals(DANA))

    calm.slack.press(DANA, TECH, found.ts, "Send")
    calm.quiet()
    calm.wait(lambda: len(calm.slack.ephemerals(DANA)) > before)

    assert "not with you at the moment" in calm.slack.ephemerals(DANA)[-1].shown
    assert calm.rows("select count(*) from events where kind = 'EntrySent'") == [(0,)]


def test_kb_is_a_question_where_it_can_only_be_one(calm: House) -> None:
    assert "answered in our direct messages" in told(calm, CUSTOMER, "kb password forgotten", LOBBY).shown
    assert "in your team's channel" in told(calm, DANA, "kb password forgotten", LOBBY).shown
