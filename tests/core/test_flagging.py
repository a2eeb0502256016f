"""An entry is flagged by those who may, on a card or on the answer; editors read why, and the flagger of the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.audience import Person
from bot.core.case import Case, outbox_id
from bot.core.chapters import chapters
from bot.core.deciding import decide
from bot.core.events import Event, FlagFixed, Flagged, FormOpened, Noted, Refused
from bot.core.forms import Form
from bot.core.knowledge import Knowledge
from bot.core.saying import Card, DirectTo, Fill, In, Line, Post, Said, Update, Whisper, Words
from bot.core.scene import Surroundings
from bot.core.stimuli import Place, Press
from tests.core.people import cards
from tests.core.situations import (
    COLLEAGUE,
    CUSTOMER,
    DANA,
    DM,
    EMIL,
    HELP,
    KNOWLEDGE,
    LOCKED,
    NOON,
    PASSWORD,
    TEAM,
    Conversation,
    with_rules,
)

EDITORS = "C0EDITORS"
KNOWN = with_rules(editors_channel=EDITORS, permissions={"flag": (DANA, EMIL), "edit": ("UED", DANA)})
WRONG = "The portal has moved."


def handed_off(*said: str, knowledge: Knowledge = KNOWN) -> Conversation:
    talk = Conversation(knowledge=knowledge)
    for text in said or ("i forgot my password", "talk to a human"):
        talk.write(text)
    return talk


def flagged_by(talk: Conversation, user: str = DANA, **values: str) -> tuple[Event, ...]:
    talk.press("flag", user=user)
    return talk.send("flag", {"entry": PASSWORD.id, "words": WRONG, **values}, user=user)


def forms(talk: Conversation) -> list[Form]:
    fills = [one.saying.content for one in talk.said if isinstance(one.saying, Fill)]
    return [content for content in fills if isinstance(content, Form)]


def posted(said: list[Said], where: In | DirectTo) -> list[Line]:
    posts = [one.saying for one in said if isinstance(one.saying, Post) and one.saying.where == where]
    return [post.content for post in posts if isinstance(post.content, Line)]


def from_answer(
    talk: Conversation, positions: set[int], *, user: str = DANA, case: Case | None = None
) -> tuple[tuple[Event, ...], list[Said]]:
    """*Flag this answer* is chosen in the menu of the message with these positions."""
    case = case or talk.present
    press = Press(
        key="p:1", team=TEAM, user=user, kind="flag", channel=HELP, message_ts="1.0", response_url="http://r", view="V1"
    )
    around = Surroundings(Person(user, TEAM), "CASE9", pointed_at=frozenset(positions))
    events = decide(case, press, around, talk.knowledge, NOON)
    return events, [said for chapter in chapters(case, events, talk.knowledge) for said in chapter.said]


# --- from the card ----------------------------------------------------------------------------------------------------


def test_the_card_has_the_button_as_long_as_it_lists_entries() -> None:
    with_entries, without = handed_off(), handed_off("talk to a human")

    assert [
        [button.kind for button in list(cards(talk).values())[-1].buttons if button.kind == "flag"]
        for talk in (with_entries, without)
    ] == [["flag"], []]


def test_it_stays_when_the_case_is_over() -> None:
    talk = handed_off()
    talk.press("claim", user=DANA)
    talk.resolve()

    card = list(cards(talk).values())[-1]

    assert isinstance(card, Card)
    assert "flag" in [button.kind for button in card.buttons]
    assert isinstance(flagged_by(talk)[0], Flagged)


def test_the_form_lists_what_the_card_lists() -> None:
    talk = handed_off("my account password", "talk to a human")

    talk.press("flag", user=DANA)

    which, why = forms(talk)[-1].asks
    assert {entry for entry, _ in which.choices} == {PASSWORD.id, LOCKED.id}
    assert (why.name, why.kind) == ("words", "text")


def test_the_editors_read_what_is_wrong_with_what_and_where() -> None:
    talk = handed_off()

    (event,) = flagged_by(talk)

    assert isinstance(event, Flagged)
    assert (event.entry, event.words, event.told) == (PASSWORD.id, WRONG, EDITORS)
    (line,) = posted(talk.said, In(EDITORS))
    assert PASSWORD.title in line.text
    assert f"kb/{PASSWORD.id}.yaml" in line.text
    assert talk.present.id in line.text
    assert line.who == DANA
    assert line.quote == Words(talk.present.id, talk.present.version)
    assert line.link_to == talk.present.card_id
    assert [button.kind for button in line.buttons] == ["flag_fixed"]


@pytest.mark.parametrize(
    ("editors", "operators", "told"),
    [
        (EDITORS, "C0OPS", EDITORS),
        (None, "C0OPS", "C0OPS"),  # those who run the bot are next
        (None, None, "C0TECH"),  # nobody is named: the case's own team
    ],
)
def test_somebody_is_told_whatever_the_rules_name(editors: str | None, operators: str | None, told: str) -> None:
    talk = handed_off(knowledge=with_rules(editors_channel=editors, operator_channel=operators))

    flagged_by(talk)

    assert len(posted(talk.said, In(told))) == 1


def test_the_customer_never_hears_of_it() -> None:
    talk = handed_off()
    before = len(talk.said)

    flagged_by(talk)
    talk.press("flag_fixed", user="UED", position=talk.present.version)

    said = [one.saying for one in talk.said[before:] if not isinstance(one.saying, Fill)]
    assert len(said) == 3
    assert not [saying for saying in said if CUSTOMER in str(saying) or DM in str(saying)]


def test_secrets_in_the_reason_are_masked() -> None:
    (event,) = flagged_by(handed_off(), words="it shows password: hunter2hunter2")

    assert isinstance(event, Flagged)
    assert "hunter2" not in event.words


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"words": "  "}, "what is wrong"),
        ({"entry": "network/vpn"}, "not there any more"),  # never seen in this case
        ({"entry": "no/such"}, "not there any more"),
        ({"entry": ""}, "not there any more"),
    ],
)
def test_a_form_that_says_nothing_of_use_flags_nothing(values: dict[str, str], why: str) -> None:
    events = flagged_by(handed_off(), **values)

    assert not [event for event in events if isinstance(event, Flagged)]
    assert [why in event.why for event in events if isinstance(event, Refused)] == [True]


def test_what_was_written_about_an_entry_that_is_gone_is_kept() -> None:
    noted, _ = flagged_by(handed_off(), entry="no/such")

    assert isinstance(noted, Noted)
    assert noted.words == WRONG


def test_the_same_person_flags_an_entry_once_until_it_is_fixed() -> None:
    talk = handed_off()
    flagged_by(talk)
    position = talk.present.version

    again, other = flagged_by(talk), flagged_by(talk, EMIL)
    talk.press("flag_fixed", user="UED", position=position)
    after = flagged_by(talk)

    assert isinstance(again[-1], Refused)
    assert isinstance(other[0], Flagged)
    assert isinstance(after[0], Flagged)


# --- from the answer --------------------------------------------------------------------------------------------------


def test_the_answer_says_which_entry_is_meant() -> None:
    talk = Conversation(knowledge=KNOWN)
    talk.write("i forgot my password")

    (opened,), said = from_answer(talk, {talk.present.version})

    assert isinstance(opened, FormOpened)
    assert opened.choice == PASSWORD.id
    (form,) = [one.saying.content for one in said if isinstance(one.saying, Fill)]
    assert isinstance(form, Form)
    assert [ask.name for ask in form.asks] == ["words"]
    assert PASSWORD.title in form.lead


def test_an_offer_of_several_asks_which_one() -> None:
    talk = Conversation(knowledge=KNOWN)
    talk.write("my account password")

    (opened,), said = from_answer(talk, {talk.present.version})

    assert isinstance(opened, FormOpened)
    assert opened.choice == ""
    (form,) = [one.saying.content for one in said if isinstance(one.saying, Fill)]
    assert isinstance(form, Form)
    assert [ask.name for ask in form.asks] == ["entry", "words"]


def test_without_a_card_the_answer_is_linked_to_where_others_can_open_it() -> None:
    linked = []
    for channel in (HELP, "D1"):
        talk = Conversation(knowledge=KNOWN, channel=channel)
        talk.write("i forgot my password")
        answer = talk.present.version
        flagged_by(talk)
        (line,) = posted(talk.said, In(EDITORS))
        linked.append((line.link_to, outbox_id(talk.present.id, answer)))

    assert linked[0][0] == linked[0][1]
    assert linked[1][0] == ""


def test_a_message_that_is_none_of_ours_has_nothing_to_flag() -> None:
    talk = Conversation(knowledge=KNOWN)
    nothing = Case("CASE1", Place(TEAM, f"@{DANA}", "pending:", DANA))

    (event,), said = from_answer(talk, set(), case=nothing)

    assert isinstance(event, Refused)
    assert "no entry" in event.why
    assert {type(one.saying) for one in said} == {Whisper, Fill}


@pytest.mark.parametrize("user", [CUSTOMER, COLLEAGUE, "UED"])
def test_nobody_else_flags_an_answer_and_is_told_so_alone(user: str) -> None:
    talk = Conversation(knowledge=KNOWN)
    talk.write("i forgot my password")

    (event,), said = from_answer(talk, {talk.present.version}, user=user)

    assert isinstance(event, Refused)
    assert event.actor == user
    assert {type(one.saying) for one in said} == {Whisper, Fill}


# --- fixed ------------------------------------------------------------------------------------------------------------


def test_fixed_marks_the_item_and_tells_whoever_flagged_it() -> None:
    talk = handed_off()
    flagged_by(talk)
    position = talk.present.version

    (event,) = talk.press("flag_fixed", user="UED", position=position)

    assert event == FlagFixed(at=talk.now, actor="UED", position=position, told=EDITORS)
    (update,) = [
        one.saying
        for one in talk.said
        if isinstance(one.saying, Update) and one.saying.outbox == outbox_id(talk.present.id, position)
    ]
    assert isinstance(update.content, Line)
    assert (update.content.who, update.content.buttons, update.channel) == ("UED", (), EDITORS)
    (told,) = posted(talk.said, DirectTo(DANA))
    assert PASSWORD.title in told.text
    assert told.who == "UED"


def test_whoever_fixes_what_they_flagged_themselves_needs_no_message() -> None:
    talk = handed_off()
    flagged_by(talk)

    talk.press("flag_fixed", user=DANA, position=talk.present.version)

    assert posted(talk.said, DirectTo(DANA)) == []


def test_it_is_fixed_once() -> None:
    talk = handed_off()
    flagged_by(talk)
    position = talk.present.version
    talk.press("flag_fixed", user="UED", position=position)

    (event,) = talk.press("flag_fixed", user=DANA, position=position)

    assert isinstance(event, Refused)
    assert event.who == "UED"
    assert len(posted(talk.said, DirectTo(DANA))) == 1


@pytest.mark.parametrize("position", [1, 99])
def test_what_was_never_flagged_is_not_fixed(position: int) -> None:
    talk = handed_off()
    flagged_by(talk)

    assert talk.press("flag_fixed", user="UED", position=position) == ()


def test_an_entry_that_is_gone_is_named_by_its_id() -> None:
    talk = handed_off()
    flagged_by(talk)
    position = talk.present.version
    talk.knowledge = replace(KNOWN, entries={})

    talk.press("flag_fixed", user="UED", position=position)

    (told,) = posted(talk.said, DirectTo(DANA))
    assert f"“{PASSWORD.id}”" in told.text


def test_where_the_rules_are_silent_the_members_of_the_queue_flag_and_fix() -> None:
    talk = handed_off(knowledge=KNOWLEDGE)

    assert isinstance(flagged_by(talk, COLLEAGUE)[-1], Refused)
    assert isinstance(flagged_by(talk, EMIL)[-1], Flagged)
    position = talk.present.version
    assert isinstance(talk.press("flag_fixed", user=COLLEAGUE, position=position)[0], Refused)
    assert isinstance(talk.press("flag_fixed", user=DANA, position=position)[0], FlagFixed)
