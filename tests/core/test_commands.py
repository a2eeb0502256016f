"""Which `/tier1 …` is a command of its own, and which is a question."""

from __future__ import annotations

import pytest

from bot.core.commands import EVERYWHERE, Ask, FindReplies, Help, Order, Pause, Resume, ShowQueue, Status, ordered
from bot.core.stimuli import Command
from tests.core.situations import HELP, RULES, TEAM

CASES: list[tuple[str, Order]] = [
    ("", Help()),  # nothing at all
    ("  ", Help()),
    ("help", Help()),
    ("Help!", Help()),  # a phone's capital letter, and some feeling
    ("help me with my printer", Ask()),  # says with what
    ("status", Status()),
    ("Status", Status()),
    ("status?", Status()),
    ("status of my order", Ask()),
    ("what is the status", Ask()),
    ("queue", ShowQueue()),
    ("queue tech", ShowQueue("tech")),
    ("queue TECH", ShowQueue("tech")),
    ("queue technical support", ShowQueue("tech")),  # as people call it
    ("queue  complaints   management", ShowQueue("care")),
    ("queue is stuck", Ask()),  # a printer's
    ("queue tech is empty", Ask()),  # more than a name
    ("queue printing", Ask()),  # no queue of that name
    ("kb", FindReplies("")),
    ("kb vpn", FindReplies("vpn")),
    ("KB connect to the vpn", FindReplies("connect to the vpn")),
    ("kb TBCDFGHJ vpn", FindReplies("vpn", "TBCDFGHJ")),
    ("kb tbcdfghj  vpn again", FindReplies("vpn again", "TBCDFGHJ")),  # typed by hand
    ("kb TBCDFGHJ", FindReplies("", "TBCDFGHJ")),
    ("kb terminal is slow", FindReplies("terminal is slow")),  # eight letters that are no number
    ("kb5034441 fails to install", Ask()),  # the name of an update
    ("the kb is wrong", Ask()),
    ("pause", Pause()),
    ("pause everywhere", Pause(EVERYWHERE)),
    ("pause Everywhere we move house", Pause(EVERYWHERE, "we move house")),
    ("pause #help", Pause(HELP)),
    ("pause #help we move house", Pause(HELP, "we move house")),
    ("pause my subscription", Ask()),
    ("pause button does nothing", Ask()),
    ("resume", Resume()),
    ("resume everywhere", Resume(EVERYWHERE)),
    ("resume #help", Resume(HELP)),
    ("resume #help please", Ask()),  # not in that shape
    ("resume my download", Ask()),
    ("i forgot my password", Ask()),
]


@pytest.mark.parametrize(("text", "order"), CASES, ids=[text or "nothing" for text, _ in CASES])
def test_what_a_command_asks_for(text: str, order: Order) -> None:
    named = (HELP,) if "#" in text else ()

    assert ordered(_command(text, named), RULES) == order


@pytest.mark.parametrize("text", ["pause #help", "resume #help"])
def test_a_channel_that_slack_does_not_know_is_no_place(text: str) -> None:
    assert ordered(_command(text, ()), RULES) == Ask()


def _command(text: str, channels: tuple[str, ...]) -> Command:
    return Command(key="c:1", team=TEAM, user="U1", channel=HELP, text=text, response_url="", channels=channels)
