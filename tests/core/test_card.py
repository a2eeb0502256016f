"""The card of a handoff and the transcript beneath it: what specialists need to know, as the case moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.case import Case
from bot.core.earlier import Earlier, EarlierCase, Unhelped
from bot.core.entries import Priority
from bot.core.rulebook.promises import clock
from bot.core.rulebook.rules import Queue, Targets
from bot.core.saying import Attached, Card, EarlierSaid, PastCase, Post, Said, TranscriptPage, Update, Words
from bot.core.stimuli import File
from tests.core.situations import CUSTOMER, DANA, DESK, KNOWLEDGE, NOON, PASSWORD, RULES, VPN, Conversation

HOUR = timedelta(hours=1)
PROMISED: dict[Priority, Targets] = {"p3": Targets(HOUR, HOUR, HOUR, business=False)}
QUEUE = Queue("tech", DESK, role="Technical Support", members=(DANA,), sla="standard")
PROMISING = replace(KNOWLEDGE, rules=replace(RULES, queues={"tech": QUEUE}, slas={"standard": PROMISED}))
SHOT = File("shot.png", "image/png", "https://x.slack.com/f")
LONG_AGO = NOON - timedelta(days=3)
BEFORE = Earlier(
    5,
    (
        EarlierCase("CASE2", NOON),  # the case at hand
        EarlierCase("T4", LONG_AGO, "resolved_by_human", PASSWORD.id, "tech"),
        EarlierCase("T3", LONG_AGO, "abandoned"),
        EarlierCase("T2", LONG_AGO, "", "gone/entry"),
    ),
    (Unhelped("T4", PASSWORD.id), Unhelped("CASE2", VPN.id)),
)


def card_in(said: list[Said]) -> Card:
    """The card as it stands in the end."""
    found = [
        s.saying.content for s in said if isinstance(s.saying, Post | Update) and isinstance(s.saying.content, Card)
    ]
    return found[-1]


def test_a_card_says_when_the_first_response_is_due_until_it_was_given() -> None:
    talk = Conversation(PROMISING)
    talk.write("talk to a human")
    due = talk.now + HOUR
    waiting = card_in(talk.said)
    talk.press("claim", user=DANA)
    claimed = card_in(talk.said)

    talk.at_card("we are on it", opens_with_us=True)

    assert waiting.due == claimed.due == (due.timestamp(), clock(due, "UTC"))
    assert (waiting.owner, claimed.owner) == ("", DANA)
    assert card_in(talk.said).due is None


def test_where_nothing_is_promised_a_reply_changes_no_card() -> None:
    talk = Conversation(KNOWLEDGE)
    talk.write("talk to a human")
    talk.press("claim", user=DANA)
    before = len([s for s in talk.said if isinstance(s.saying, Update)])

    talk.at_card("we are on it", opens_with_us=True)

    assert card_in(talk.said).due is None
    assert len([s for s in talk.said if isinstance(s.saying, Update)]) == before


def test_a_card_knows_the_customers_earlier_cases_and_what_did_not_help_in_them() -> None:
    talk = Conversation(earlier=BEFORE)
    talk.write("i forgot my password")
    talk.write("talk to a human")

    assert card_in(talk.said).earlier == EarlierSaid(
        4,
        (
            PastCase("T4", LONG_AGO.timestamp(), "Reset a password", "solved by people"),
            PastCase("T3", LONG_AGO.timestamp(), "no entry found", "given up"),
            PastCase("T2", LONG_AGO.timestamp(), "gone/entry", "not over yet"),
        ),
        ("“Reset a password” did not help this customer in an earlier case.",),
    )


@pytest.mark.parametrize(
    ("said", "warns"),
    [
        ("how do i connect to the vpn", False),  # only in this very case it did not help
        ("i forgot my password", True),
        ("my account password", False),  # was among the choices, and nobody was answered with it
    ],
)
def test_only_what_did_not_help_in_an_earlier_case_is_warned_of(said: str, warns: bool) -> None:
    talk = Conversation(earlier=BEFORE)
    talk.write(said)
    talk.write("talk to a human")

    earlier = card_in(talk.said).earlier

    assert earlier is not None
    assert bool(earlier.warnings) is warns


def test_a_case_that_ends_in_the_same_breath_is_over_on_the_next_ones_card() -> None:
    known = Earlier(1, (EarlierCase("CASE2", NOON, "", PASSWORD.id),))
    talk = Conversation(earlier=known)
    talk.write("i forgot my password")
    talk.write("change my contract")

    earlier = card_in(talk.said).earlier

    assert earlier is not None
    assert [(one.case, one.outcome) for one in earlier.last] == [
        ("CASE2", "answered by the bot, and they did not come back"),
    ]  # fmt: skip


def test_test_traffic_is_not_among_what_came_before() -> None:
    counted = Earlier(3).before("X", is_counted=False)

    assert counted == Earlier(3)


def test_files_stand_on_the_card_wherever_they_came_with_and_later_ones_too() -> None:
    talk = Conversation()
    talk.write("i forgot my password", files=(SHOT,))
    talk.write("still broken", files=(SHOT, SHOT))
    talk.write("talk to a human")
    first = card_in(talk.said)

    talk.write("one more", files=(SHOT,))

    def lines(card: Card) -> list[str]:
        return [talk.words[one.words.position].splitlines()[-one.count] for one in card.files]

    assert [one.count for one in first.files] == [1, 2]
    assert [one.count for one in card_in(talk.said).files] == [1, 2, 1]
    assert set(lines(card_in(talk.said))) == {"[shot.png, image/png] https://x.slack.com/f"}
    assert isinstance(first.files[0], Attached)


def test_a_file_with_a_line_break_in_its_name_is_one_line() -> None:
    talk = Conversation()
    talk.write("i forgot my password", files=(replace(SHOT, name="a\nb\r.png"),))

    (asked,) = [words for words in talk.words.values() if "[" in words]
    assert asked.splitlines() == ["i forgot my password", "[a b .png, image/png] https://x.slack.com/f"]


def test_what_made_us_offer_to_reopen_is_the_customers_in_the_transcript() -> None:
    talk = Conversation()
    talk.write("i forgot my password")
    talk.press("fixed", PASSWORD.id)
    talk.write("still broken")
    offered = talk.present.version
    talk.press("reopen")
    talk.write("talk to a human")

    pages = [s.saying.content for s in talk.said if isinstance(s.saying, Post)]
    turns = [turn for page in pages if isinstance(page, TranscriptPage) for turn in page.turns]
    assert [turn.by for turn in turns if turn.words == Words(talk.present.id, offered)] == [CUSTOMER]


def test_a_case_of_an_older_program_says_nothing_of_what_nobody_looked_up() -> None:
    talk = Conversation()
    talk.write("talk to a human")

    assert talk.present.earlier is None
    assert card_in(talk.said).earlier is None
    assert Case("T1", talk.present.place).details == ()
