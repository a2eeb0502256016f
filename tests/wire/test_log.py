"""What the log keeps: every conversation with outcome and reasons, nobody's secrets, and words in one place."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, GOLD, GUEST, HELP, QUEUES, QUIET, TEST, House

pytestmark = pytest.mark.wire

SECRETS = {
    "my password is Tr0ub4dor&3": "Tr0ub4dor",
    "the token is xoxb-123456789012-abcdefABCDEF": "abcdefABCDEF",
    "my card is 4111 1111 1111 1111": "4111 1111",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----": "MIIEpAIBAAKCAQEA",
}


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_masked_before_it_is_stored_or_shown(house: House, secret: str) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, f"i can not log in, {secret}")
    house.slack.say(CUSTOMER, dm, "talk to a human")
    house.slack.say(CUSTOMER, dm, secret)
    house.quiet()

    hidden = SECRETS[secret]
    assert hidden not in _dump(house)
    assert not [p for p in house.everything() if p.message.bot_id and hidden in str(p.message)]


def test_words_that_people_wrote_live_in_texts_alone(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    for text in ("zyzzyva flurb", "zyzzyva still", "zyzzyva more"):
        house.slack.say(CUSTOMER, dm, text)
        house.quiet()
    card = house.cards()[0]
    house.slack.say(DANA, QUEUES["tech"], "@tier1 zyzzyva answer", thread_ts=card.ts)
    house.slack.say(DANA, QUEUES["tech"], "zyzzyva note", thread_ts=card.ts)
    house.quiet()

    with_words = [table for table, dump in _tables(house).items() if "zyzzyva" in dump]
    assert with_words == ["texts"]


def test_every_handoff_has_its_reason_and_rule(house: House) -> None:
    said = {
        CUSTOMER: ("talk to a human",),
        COLLEAGUE: ("flurb", "flurb"),
        GUEST: ("i will call my lawyer",),
        DANA: ("i want to change my contract",),
        GOLD: ("cancel my contract",),
    }
    for who, texts in said.items():
        for text in texts:
            house.slack.say(who, house.slack.dm(who), text)
            house.quiet()

    rows = house.rows("select requester, reason || ' ' || rule || ' ' || queue from cases")
    reasons = {str(requester): str(why) for requester, why in rows}
    assert reasons == {
        CUSTOMER: "explicit_request human-request tech",
        COLLEAGUE: "failed_attempts limit tech",
        GUEST: "sensitive angry care",
        DANA: "category_policy escalate-always product",
        GOLD: "sensitive leaving retention",
    }


def test_every_case_ends_in_one_outcome_and_assumed_is_never_confirmed(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "how do i connect to the vpn")
    house.quiet()
    house.slack.say(CUSTOMER, dm, "my account is locked")  # moves on: assumed
    house.quiet()
    house.slack.press(CUSTOMER, dm, house.from_bot(dm)[-1].ts, "That fixed it")  # confirmed
    house.quiet()
    house.slack.say(CUSTOMER, dm, "talk to a human")
    house.quiet()
    house.resolve(DANA, house.cards()[0])

    outcomes = house.rows("select outcome from cases order by opened_at")
    assert outcomes == [("resolved_assumed",), ("resolved_by_bot",), ("resolved_by_human",)]


def test_each_row_says_which_versions_it_was_decided_with(house: House) -> None:
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "how do i connect to the vpn")
    house.quiet()

    versions = house.rows("select distinct kb_version, rules_version, index_version from events")
    assert len(versions) == 1
    assert all(versions[0])


def test_what_a_questions_channel_does_not_answer_is_a_row_without_a_case(house: House) -> None:
    house.slack.say(CUSTOMER, QUIET, "has anybody seen my blue cup")
    house.quiet()

    assert house.rows('select kind, "case" from events') == [("Chatted", None)]
    assert house.rows("select count(*) from cases") == [(0,)]


def test_test_channels_stay_out_of_the_views(house: House) -> None:
    house.slack.say(CUSTOMER, TEST, "talk to a human")
    house.quiet()

    assert house.rows("select is_test from cases") == [(1,)]
    assert house.rows("select count(*) from handoffs") == [(0,)]
    assert house.rows("select count(*) from open_cases") == [(0,)]


def test_a_hostile_text_pings_nobody_at_the_desk(house: House) -> None:
    hostile = "<!channel> <!here> <@U0DANA00001> <!subteam^S0TECH> &lt;!everyone&gt; *_~`x`~_* ```"
    ts = house.slack.say(CUSTOMER, HELP, hostile, raw=True)
    house.slack.say(CUSTOMER, HELP, "talk to a human", thread_ts=ts)
    house.slack.say(CUSTOMER, HELP, hostile, thread_ts=ts, raw=True)
    house.quiet()

    sent = str([call.arguments for call in house.slack.calls("chat.postMessage")])
    for ping in ("<!channel", "<!here", "<!everyone", "<!subteam", "<@U0DANA"):
        assert ping not in sent
    assert house.slack.warnings == []


def test_a_message_as_long_as_slack_allows_reaches_the_desk_whole(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)

    def in_thread(word: str) -> int:
        return sum(m.shown.count(word) for m in house.slack.messages(QUEUES["tech"], card.ts) if m.bot_id)

    def in_dm(word: str) -> int:
        return sum(message.shown.count(word) for message in house.from_bot(dm))

    # On a busy machine so much may take more than the second that deciding has: then it is decided a little later.
    house.slack.say(CUSTOMER, dm, "talk to a human " + "lorem ipsum dolor " * 2_000)
    house.wait(house.cards, 60)
    card = house.cards()[0]
    house.slack.say(CUSTOMER, dm, "sit amet consectetur " * 1_000)
    house.slack.say(DANA, QUEUES["tech"], "@tier1 " + "quid pro quo " * 1_500, thread_ts=card.ts)
    house.wait(lambda: in_thread("amet") and in_dm("quid"), 60)
    house.quiet()

    assert (in_thread("dolor"), in_thread("amet"), in_dm("quid")) == (2_000, 1_000, 1_500)


def test_a_pick_is_an_example_for_its_entry(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "problem with my account")
    house.quiet()
    house.slack.press(CUSTOMER, dm, house.from_bot(dm)[0].ts, "Unlock a locked account")
    house.quiet()

    assert house.rows("select texts.text, entry from picks join texts on texts.event = picks.text") == [
        ("problem with my account", "accounts/account-locked")
    ]


def test_files_are_in_the_transcript_with_name_kind_and_link(house: House) -> None:
    dm = house.slack.dm(CUSTOMER)
    house.slack.say(CUSTOMER, dm, "flurb", files=["screen.png"])
    house.quiet()
    house.slack.say(CUSTOMER, dm, "talk to a human")
    house.quiet()

    thread = house.slack.messages(QUEUES["tech"], house.cards()[0].ts)
    assert "screen.png" in thread[0].shown
    assert "image/png" in thread[0].shown
    assert [table for table, dump in _tables(house).items() if "screen.png" in dump] == ["texts"]


def test_a_secret_in_the_name_of_a_file_is_masked(house: House) -> None:
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human", files=["password is Hunter2xyz.txt"])
    house.quiet()

    assert "Hunter2xyz" not in _dump(house)


def _dump(house: House) -> str:
    return "".join(_tables(house).values())


def _tables(house: House) -> dict[str, str]:
    with closing(sqlite3.connect(f"file:{house.database}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        return {name: str(database.execute(f'select * from "{name}"').fetchall()) for name in names}
