"""The bot is paused and speaks again, over Slack's wire: at once, in every process, and with people in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.wire.house import COLLEAGUE, CUSTOMER, DANA, GUEST, HELP, KB, OPS, QUEUES, RULES, House

pytestmark = pytest.mark.wire


@pytest.fixture
def calm(tmp_path: Path) -> Iterator[House]:
    """A house in one mode: what a pause does hangs on no door."""
    with House(tmp_path) as running:
        yield running


def command(house: House, who: str, text: str, channel: str = HELP) -> str:
    """Give a command, and return what only they were told."""
    before = len(house.slack.ephemerals(who))
    house.slack.command(who, channel, "/tier1", text)
    house.quiet()
    house.wait(lambda: len(house.slack.ephemerals(who)) > before)
    return house.slack.ephemerals(who)[-1].shown


def test_pausing_a_channel_is_told_there_and_to_the_operators_and_resuming_too(calm: House) -> None:
    command(calm, DANA, "pause <#C0HELP00001|help> it says nonsense")
    assert f"paused in <#{HELP}>" in calm.slack.ephemerals(DANA)[-1].text  # a link, not its escaped letters
    assert "already" in command(calm, DANA, "pause")

    (here,), (ops,) = calm.from_bot(HELP), calm.from_bot(OPS)
    assert "Dana Reyes paused me here" in here.shown
    assert "nonsense" not in here.shown
    assert "it says nonsense" in ops.shown
    assert f"<#{HELP}>" in ops.blocks[0]["text"]["text"]
    assert calm.rows("select actor, text from events join texts on texts.event = events.id where kind = 'Paused'") == [
        (DANA, "it says nonsense")
    ]

    assert "speak again" in command(calm, DANA, "resume")
    assert "I'm back" in calm.from_bot(HELP)[-1].shown
    assert "not paused" in command(calm, DANA, "resume")


@pytest.mark.parametrize("who", [CUSTOMER, GUEST, COLLEAGUE])
def test_nobody_else_pauses_it(calm: House, who: str) -> None:
    assert "Only those" in command(calm, who, "pause everywhere")

    calm.slack.say(who, calm.slack.dm(who), "i forgot my password")
    calm.quiet()

    assert "Reset a forgotten" in calm.from_bot(calm.slack.dm(who))[-1].shown
    assert calm.rows("select kind, actor from events where kind in ('Paused', 'Refused')") == [("Refused", who)]


def test_a_paused_bot_brings_people_and_is_paused_after_a_restart_still(calm: House) -> None:
    card_before = asks_for_people(calm)
    command(calm, DANA, "pause everywhere")
    calm.service.stop()
    calm.service = calm.begin()
    dm = calm.slack.dm(COLLEAGUE)

    calm.slack.say(COLLEAGUE, dm, "hello")
    calm.quiet()
    assert calm.from_bot(dm) == []  # small talk gets nothing

    calm.slack.say(COLLEAGUE, dm, "i forgot my password")
    calm.quiet()
    (notice,) = calm.from_bot(dm)
    assert "I'm paused" in notice.shown
    assert "Technical Support" in notice.shown
    assert "The bot is paused" in calm.cards()[-1].shown

    # What people have already goes on as ever.
    calm.slack.press(DANA, QUEUES["tech"], card_before, "Claim")
    calm.quiet()
    calm.slack.say(DANA, QUEUES["tech"], "@tier1 please restart it", thread_ts=card_before)
    calm.quiet()
    assert "please restart it" in calm.from_bot(calm.slack.dm(CUSTOMER))[-1].shown


def asks_for_people(house: House) -> str:
    """The customer gets a case to people. Returns the ts of its card."""
    house.slack.say(CUSTOMER, house.slack.dm(CUSTOMER), "talk to a human")
    house.quiet()
    return house.cards()[-1].ts


def test_in_a_paused_channel_others_are_left_alone_and_whoever_turns_to_it_gets_a_person(calm: House) -> None:
    command(calm, DANA, "pause")

    others = calm.slack.say(CUSTOMER, HELP, "i forgot my password")
    calm.quiet()
    asked = calm.slack.say(CUSTOMER, HELP, "@tier1 i forgot my password")
    calm.quiet()

    assert calm.from_bot(HELP, others) == []
    (notice,) = calm.from_bot(HELP, asked)
    assert "I'm paused" in notice.shown


def test_the_doctor_says_where_it_is_paused_and_by_whom(calm: House, capsys: pytest.CaptureFixture[str]) -> None:
    command(calm, DANA, "pause")
    command(calm, DANA, "pause everywhere")

    main(["doctor", "--kb", str(KB), "--rules", str(RULES), "--database", str(calm.database)])

    found = capsys.readouterr().out
    assert "warning  paused          everywhere, since" in found
    assert f"by {DANA}" in found
    assert HELP in found
    assert "/tier1 resume" in found
