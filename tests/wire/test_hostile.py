"""Hostile input through the door: refused or bounded and logged, and the next ordinary message is answered."""

from __future__ import annotations

import http.client
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk import MOST_A_MINUTE
from bot.sandbox.seed import BOT_USER
from bot.slack.http import LARGEST
from bot.slack.inbound import MOST_TEXT
from tests.wire.house import COLLEAGUE, CUSTOMER, EVERYBODY, GUEST, LOBBY, ROBOT, House, Mode
from tests.wire.mail import BY_HAND, Mail, Payload

pytestmark = pytest.mark.wire

US = f"<@{BOT_USER}>"
FORGOT, VPN = "i forgot my password", "how do i connect to the vpn"
OURS_ALONE = ("Traceback", "Exception", "Error:", "Error(", "sqlite", "NoneType")  # words that no person may read
WAIT = 30.0  # seconds; a text that takes too long on a busy machine is decided again some seconds later


@pytest.fixture(autouse=True)
def no_mistake_of_ours(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing hostile may end in a traceback. That a decision takes too long on a busy machine is no mistake."""
    yield
    mistakes = [r for r in caplog.records if r.exc_info and r.exc_info[0] is not TimeoutError]
    assert [record.getMessage() for record in mistakes] == []


def assert_answers(house: House, seconds: float = WAIT) -> None:
    """An ordinary question is answered."""
    dm = house.slack.dm(COLLEAGUE)
    ts = house.slack.say(COLLEAGUE, dm, VPN)
    house.wait(lambda: any("VPN" in said.shown for said in house.from_bot(dm) if said.ts > ts), seconds)


def assert_is_well(house: House) -> None:
    """An ordinary question is answered, nobody was pinged, and nobody read of our troubles."""
    assert_answers(house)
    house.slack.settled(WAIT)
    hidden = [said for who in EVERYBODY if who != ROBOT for said in house.slack.ephemerals(who)]
    spoken = [placed.message for placed in house.everything() if placed.message.bot_id] + hidden
    assert not [said.shown for said in spoken if any(word in said.shown for word in OURS_ALONE)]
    assert house.slack.warnings == []


# --- texts ------------------------------------------------------------------------------------------------------------

TEXTS = {
    "as long as Slack allows": "x" * MOST_TEXT,
    "all of it words that entries have": "password " * 4_400,
    "control characters": f"{FORGOT}\1\2\x1b[31m\x7f\x9f",
    "nulls": "\0".join(FORGOT),
    "written from right to left": f"\u202e{FORGOT}\u202c\u200f\u200b\ufeff",
    "zalgo": "".join(letter + "\u0301\u0316\u0489" * 20 for letter in FORGOT * 30),
    "emoji only": "\U0001f600\u200d\U0001f3fd" * 9_000,
    "thousands of mentions": f"<@{COLLEAGUE}> " * 2_600,
    "thousands of people whom nobody knows": "".join(f"<@U{number:09}>" for number in range(3_000)),
    "everybody, again and again": "<!channel> <!here> <!everyone> &lt;!channel&gt; " * 800,
    "nothing but brackets": "<" * MOST_TEXT,
    "links in links": "<https://a.example|" * 2_000,
    "nothing but blanks": " \t\n" * 13_000 + FORGOT,
    "the beginnings of secrets": "-----BEGIN RSA PRIVATE KEY password is token is 4111 " * 750,
    "marks without an end": "*_~`>" * 8_000,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=why) for why, text in TEXTS.items()])
def test_no_text_is_too_much(house: House, text: str) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, text, raw=True)
    house.slack.say(CUSTOMER, LOBBY, f"{US} {text}"[:MOST_TEXT], raw=True)
    house.slack.say(CUSTOMER, dm, "talk to a human")
    house.wait(house.cards, WAIT)

    assert_is_well(house)


def test_half_a_surrogate_pair_is_no_obstacle(tmp_path: Path) -> None:
    with House(tmp_path, "http") as house:
        message = Mail(house).written(CUSTOMER, house.slack.dm(CUSTOMER), "HERE")
        payload = json.dumps(Mail(house).envelope(message)).replace("HERE", f"\\ud83d {FORGOT} \\udc00\\u0000")

        assert posted(house, payload.encode(), house.slack._posts.signed(payload.encode())) == 200  # type: ignore[union-attr]
        house.wait(lambda: house.from_bot(message.channel))

        assert "Reset a forgotten" in house.from_bot(message.channel)[0].shown
        assert_is_well(house)


# --- payloads ---------------------------------------------------------------------------------------------------------


def nested(depth: int) -> Payload:
    block: Payload = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    for _ in range(depth):
        block = {"type": "rich_text_list", "elements": [block]}
    return {"type": "rich_text", "elements": [block]}


FILE = {"name": "n" * 1_000, "mimetype": "m" * 1_000, "permalink": "https://home.slack.com/" + "l" * 1_000}
LOADS = {
    "deeply nested blocks": {"blocks": [nested(200)]},
    "thousands of blocks": {"blocks": [nested(1)] * 5_000},
    "thousands of files": {"subtype": "file_share", "files": [FILE] * 200},
    "files that are none": {"subtype": "file_share", "files": [None, 5, "F1", [], {}, {"name": {"a": 1}}] * 500},
    "thousands of attachments": {"attachments": [{"text": "x" * 100, "fallback": None}] * 3_000},
    "metadata": {"metadata": {"event_type": "tier1", "event_payload": {"id": "T1" * 10_000}}},
}


@pytest.mark.parametrize("load", [pytest.param(load, id=why) for why, load in LOADS.items()])
def test_no_message_carries_too_much(house: House, load: Payload) -> None:
    mail = Mail(house)
    message = mail.written(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)

    mail.deliver(Mail(house).envelope(message)["event"] | load)

    assert "Reset a forgotten" in house.from_bot(message.channel)[0].shown
    assert sum(len(str(text)) for (text,) in house.rows("select text from texts")) < 200_000
    assert_is_well(house)


def test_no_type_in_any_field_is_too_absurd(house: House) -> None:
    mail = Mail(house)
    sound = mail.envelope(mail.written(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT))
    changed = sound["event"] | {"subtype": "message_changed", "message": sound["event"], "previous_message": {}}
    absurd: list[Any] = [None, 5, -1.5, True, "x" * 10_000, [], [{}], {}, {"id": 7}]

    for value in absurd:
        for name in sound:
            mail.post(sound | {name: value})
        for name in sound["event"]:
            mail.post(sound | {"event": sound["event"] | {name: value}})
        for name in changed:
            mail.post(sound | {"event": changed | {name: value}})

    assert_is_well(house)
    assert len(house.from_bot(house.slack.dm(CUSTOMER))) <= 1  # they all are one message, where they are any


def test_a_kind_of_payload_that_nobody_knows_is_acknowledged(house: House) -> None:
    mail = Mail(house)
    for payload in (
        {"type": "a_kind_of_tomorrow"},
        {"type": "event_callback", "event": {"type": "a_kind_of_tomorrow"}},
        {"type": "event_callback", "event": {"type": "message", "subtype": "a_kind_of_tomorrow"}},
        {"type": "interactive_message", "actions": []},
        {"type": ["block_actions"]},
        {},
    ):
        mail.post(payload)
    house.slack.settled(WAIT)

    assert all(delivery.acked for delivery in house.slack.deliveries(BY_HAND))
    assert_is_well(house)


# --- presses ----------------------------------------------------------------------------------------------------------

FORGED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "the case of somebody else": ({"value": {"c": "THEIRS"}}, ["Refused"]),
    "a case that never was": ({"value": {"c": "T0000000"}}, []),
    "a case of another kind": ({"value": {"c": ["T1"]}}, []),
    "an entry that was never shown": ({"value": {"c": "MINE", "p": 2, "v": "accounts/../../etc/passwd"}}, []),
    "a message that is yet to come": ({"value": {"c": "MINE", "p": 1_000_000_000}}, []),
    "a message before the first": ({"value": {"c": "MINE", "p": -1}}, []),
    "a button of the card": ({"action_id": "tier1:claim", "value": {"c": "HANDED"}}, ["Refused"]),
    "and another": ({"action_id": "tier1:resolve", "value": {"c": "HANDED"}}, ["Refused"]),
    "a button that nobody knows": ({"action_id": "tier1:launch"}, []),
    "another app's button": ({"action_id": "vote"}, []),
    "much too long": ({"value": "x" * 100_000}, []),
    "a long name in it": ({"value": {"c": "MINE", "v": "x" * 100_000}}, []),
    "no JSON": ({"value": "{"}, []),
    "no text": ({"value": {"c": None}}, []),
    "no value": ({"value": None}, []),
    "a number": ({"value": 7}, []),
    "half a surrogate pair": ({"value": '{"c": "\\ud800"}'}, []),
    "a list for a time": ({"action_ts": []}, []),
}


def test_no_press_is_too_forged(house: House) -> None:
    mail = Mail(house)
    mine = asked(house, CUSTOMER, FORGOT)
    theirs = asked(house, COLLEAGUE, FORGOT)
    handed = asked(house, GUEST, "talk to a human")
    answer = house.from_bot(house.slack.dm(CUSTOMER))[0]
    house.slack.press(CUSTOMER, house.slack.dm(CUSTOMER), answer.ts, "Still stuck")
    house.quiet()
    sound = house.slack.deliveries("block_actions")[-1].payload
    before = house.rows("select id, state, outcome, owner from cases order by id")

    for number, (why, (forged, expected)) in enumerate(FORGED.items()):
        heard = len(house.rows("select kind from events"))
        value = forged.get("value")
        if isinstance(value, dict):
            value = json.dumps(value).replace("MINE", mine).replace("THEIRS", theirs).replace("HANDED", handed)
        action = sound["actions"][0] | {"action_ts": f"1764000{number:03}.000000"} | forged
        mail.send(sound | {"actions": [action | ({"value": value} if "value" in forged else {})]}, "interaction")

        assert [kind for (kind,) in house.rows("select kind from events order by id")[heard:]] == expected, why

    assert house.rows("select id, state, outcome, owner from cases order by id") == before
    house.wait(lambda: len(house.slack.ephemerals(CUSTOMER)) == 3, WAIT)
    assert_is_well(house)


@pytest.mark.parametrize(
    "different",
    [
        {"team": {"id": "T0OTHER", "domain": "other"}},
        {"team": None},
        {"user": {"id": CUSTOMER, "team_id": "T0OTHER"}},
        {"actions": [{"action_id": "tier1:stuck"}] * 2_000},
        {"message": {"ts": "never"}, "container": []},
        {"response_url": "x" * 100_000},
        {"channel": {"id": "C0 <!channel>"}},
    ],
)
def test_a_press_from_elsewhere_does_no_harm(house: House, different: Payload) -> None:
    asked(house, CUSTOMER, FORGOT)
    answer = house.from_bot(house.slack.dm(CUSTOMER))[0]
    house.slack.press(CUSTOMER, answer.channel, answer.ts, "Still stuck")
    house.quiet()
    sound = house.slack.deliveries("block_actions")[-1].payload

    Mail(house).send(sound | different, "interaction")

    assert house.rows("select state from cases where requester = ?", CUSTOMER) == [("open",)]
    assert_is_well(house)


# --- the signature ----------------------------------------------------------------------------------------------------


def test_what_slack_did_not_sign_just_now_is_refused(tmp_path: Path) -> None:
    with House(tmp_path, "http") as house:
        message = Mail(house).written(CUSTOMER, house.slack.dm(CUSTOMER), FORGOT)
        body = json.dumps(Mail(house).envelope(message)).encode()
        signed = house.slack._posts.signed(body)  # type: ignore[union-attr]
        stamp, signature = "X-Slack-Request-Timestamp", "X-Slack-Signature"
        for headers in (
            {},
            signed | {signature: "v0=" + "0" * 64},
            signed | {signature: "v1" + signed[signature][2:]},
            signed | {signature: ""},
            signed | {stamp: str(int(time.time()) - 400)},
            signed | {stamp: str(int(time.time()) + 400)},
            signed | {stamp: "now"},
            {stamp: signed[stamp]},
        ):
            assert posted(house, body, headers) == 401
        assert posted(house, body + b" ", signed) == 401
        assert posted(house, b"x" * (LARGEST + 1), signed) == 413
        assert house.rows("select count(*) from stimuli") == [(0,)]

        assert posted(house, body, signed) == 200
        assert_is_well(house)


# --- floods -----------------------------------------------------------------------------------------------------------


def flood(house: House, messages: int) -> str:
    """One question, and small talk without end, most of which needs no reply. Returns where."""
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, FORGOT)
    house.quiet()
    for number in range(1, messages):
        house.slack.say(CUSTOMER, dm, "hi")
        if number % 250 == 0:
            time.sleep(1)  # as fast as Slack would pass them on, and not as fast as this machine can
    return dm


def told(house: House, channel: str) -> int:
    return sum("a lot at once" in said.shown for said in house.from_bot(channel))


def test_who_writes_without_end_is_told_once(mode: Mode, tmp_path: Path) -> None:
    with House(tmp_path, mode, ack_seconds=60) as house:
        dm = flood(house, 200)
        house.wait(lambda: told(house, dm), 60)
        house.slack.settled(60)

        assert_is_well(house)
        assert told(house, dm) == 1
        assert house.rows("select count(*) from stimuli where user = ?", CUSTOMER) == [(200,)]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_ten_thousand_messages_of_one_person_are_bounded_and_others_are_answered(
    mode: Mode, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    # Slack itself comes again after a minute, and after five: longer than any flood's first rush.
    with House(tmp_path, mode, ack_seconds=20, redelivery=(0.1, 2.0, 15.0)) as house:
        began = time.monotonic()
        dm = flood(house, 10_000)
        assert_answers(house, 300)  # while they come in
        house.slack.settled(400)
        house.quiet()
        minutes = int((time.monotonic() - began) / 60) + 1

        assert told(house, dm) == 1
        (stored,) = house.rows("select count(*) from stimuli where user = ?", CUSTOMER)[0]
        assert 120 < int(str(stored)) <= MOST_A_MINUTE * (minutes + 1)
        # Over HTTP a slow machine refuses most at the door already: what it took and did not keep is in the log.
        theirs = [one for one in house.slack.deliveries("message") if one.payload["event"].get("user") == CUSTOMER]
        assert len(theirs) == 10_000
        dropped = sum(one.acked for one in theirs) - int(str(stored))
        assert min(dropped, 1) <= caplog.text.count(f"{CUSTOMER} sends more than {MOST_A_MINUTE}") <= minutes + 1
        assert house.database.stat().st_size < 5_000_000 * (minutes + 1)
        assert_is_well(house)


# --- by hand ----------------------------------------------------------------------------------------------------------


def asked(house: House, who: str, text: str) -> str:
    """Somebody asks in their DM; the case that comes of it."""
    house.slack.say(who, house.slack.dm(who), text)
    house.quiet()
    ((case,),) = house.rows("select id from cases where requester = ?", who)
    return str(case)


def posted(house: House, body: bytes, headers: dict[str, str]) -> int:
    """The status of what is posted to the bot's own address."""
    connection = http.client.HTTPConnection("127.0.0.1", house.service.port, timeout=10)
    try:
        connection.request("POST", "/slack/events", body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
