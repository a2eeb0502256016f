"""The card of a handoff and the transcript beneath it: what specialists need to know, as the case moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.earlier import Earlier, EarlierCase, Unhelped
from bot.core.entries import Priority
from bot.core.events import EntrySent
from bot.core.knowledge import Knowledge
from bot.core.rulebook.promises import clock
from bot.core.rulebook.rules import Queue, Targets
from bot.core.saying import Attached, Card, EarlierSaid, PastCase, Post, Said, TranscriptPage, Update, Words
from bot.core.stimuli import File
from tests.core.people import at_the_desk, cards
from tests.core.situations import CUSTOMER, DANA, DESK, KNOWLEDGE, NOON, PASSWORD, RULES, VPN, Conversation

HOUR = timedelta(hours=1)
QUEUE = Queue("tech", DESK, role="Technical Support", members=(DANA,), sla="standard")


def promising(targets: Targets) -> Knowledge:
    slas: dict[str, dict[Priority, Targets]] = {"standard": {"p3": targets}}
    return replace(KNOWLEDGE, rules=replace(RULES, queues={"tech": QUEUE}, slas=slas))


PROMISING = promising(Targets(HOUR, HOUR, 8 * HOUR, business=False))
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


def test_once_people_have_answered_a_card_shows_the_next_deadline_and_none_while_the_customer_is_waited_for() -> None:
    talk = Conversation(promising(Targets(HOUR, HOUR / 2, 8 * HOUR, business=False)))
    talk.write("talk to a human")
    talk.at_card("which browser?", opens_with_us=True)
    waiting = card_in(talk.said)
    talk.write("this one", after=600)
    due = talk.now + HOUR / 2

    wrote = card_in(talk.said)
    talk.at_card("and which version?", opens_with_us=True)

    assert (waiting.due, card_in(talk.said).due) == (None, None)
    assert (wrote.due_of, wrote.due) == ("next_response", (due.timestamp(), clock(due, "UTC")))


def test_a_card_says_when_it_is_to_be_solved_if_that_comes_first() -> None:
    talk = Conversation(promising(Targets(HOUR, HOUR, HOUR / 2, business=False)))
    talk.write("talk to a human")
    solved_by = talk.now + HOUR / 2
    talk.at_card("which browser?", opens_with_us=True)
    talk.write("this one", after=600)

    card = card_in(talk.said)

    assert card.due_of == "resolution"
    assert card.due is not None
    assert card.due[0] == (solved_by + timedelta(seconds=600)).timestamp()  # we waited so long for them


def test_a_card_changes_once_for_each_turn_that_is_taken() -> None:
    talk = Conversation(PROMISING)
    talk.write("talk to a human")
    talk.press("claim", user=DANA)

    def updates(*turns: Callable[[], object]) -> list[int]:
        found = []
        for turn in turns:
            before = len(talk.said)
            turn()
            found.append(len([s for s in talk.said[before:] if isinstance(s.saying, Update)]))
        return found

    replied = partial(talk.at_card, "we are on it", opens_with_us=True)
    wrote, noted = partial(talk.write, "hello?"), partial(talk.at_card, "odd")

    assert updates(wrote, replied, noted, replied) == [0, 1, 0, 0]
    assert updates(wrote, wrote, noted, replied, replied) == [1, 0, 0, 1, 0]
    assert updates(partial(talk.write, "see", files=(SHOT,)), partial(talk.write, "and", files=(SHOT,))) == [1, 1]


def test_an_entry_that_people_sent_and_that_did_not_help_is_asked_about_anew() -> None:
    talk = Conversation(PROMISING)
    talk.write("talk to a human")
    talk.press("claim", user=DANA)
    (written,) = chapters(talk.present, [EntrySent(at=talk.now, actor=DANA, entry=PASSWORD.id, how="card")], PROMISING)
    talk.case = written.after
    talk.said += written.said
    sent = card_in(talk.said)
    talk.press("stuck", PASSWORD.id)

    stuck = card_in(talk.said)

    assert sent.due is None
    assert (stuck.due_of, stuck.due) == (
        "next_response",
        ((talk.now + HOUR).timestamp(), clock(talk.now + HOUR, "UTC")),
    )


def test_a_card_that_is_left_behind_shows_no_deadline() -> None:
    talk = at_the_desk()
    talk.send("transfer", {"queue": "care", "why": "Yours."})

    due = {outbox: card.due for outbox, card in cards(talk).items()}

    assert due.pop(talk.present.card_id) is not None
    assert list(due.values()) == [None]


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
        ("CASE2", "answered, and they did not come back"),
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
