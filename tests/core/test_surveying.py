"""How it was: asked once for each end that somebody named, answered by the customer alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.events import Commented, Event, FormOpened, Rated, Refused, SurveyAsked
from bot.core.rulebook.rules import Closing
from bot.core.saying import Line, Post, Update, Words
from tests.core.people import KNOWN, at_desk, at_the_desk
from tests.core.situations import CUSTOMER, DANA, EMIL, PASSWORD, VPN, Conversation


def kinds(events: tuple[Event, ...]) -> list[type[Event]]:
    return [type(event) for event in events]


def surveyed() -> Conversation:
    talk = at_the_desk(claimed_by=DANA)
    talk.resolve(found=PASSWORD.id)
    return talk


def survey_now(talk: Conversation) -> Line:
    """The last survey as it stands."""
    asked = f"{talk.present.id}-{talk.present.survey.position if talk.present.survey else 0}-0"
    shown = [
        one.saying.content
        for one in talk.said
        if (isinstance(one.saying, Post) and one.id == asked)
        or (isinstance(one.saying, Update) and one.saying.outbox == asked)
    ]
    assert isinstance(shown[-1], Line)
    return shown[-1]


def labels(line: Line) -> list[str]:
    return [button.label for button in line.buttons]


def test_it_is_asked_after_people_resolved_the_case() -> None:
    assert labels(survey_now(surveyed())) == ["1", "2", "3", "4", "5", "Talk to a person"]


def test_it_is_asked_after_the_customer_confirmed_an_answer() -> None:
    talk = Conversation(knowledge=KNOWN)
    talk.write("i forgot my password")

    assert kinds(talk.press("fixed", PASSWORD.id))[-1] is SurveyAsked


def test_it_is_not_asked_where_the_rules_do_not_want_it() -> None:
    talk = at_the_desk()
    talk.knowledge = replace(KNOWN, rules=replace(KNOWN.rules, closing=Closing(survey=False)))

    talk.resolve()

    assert talk.present.survey is None


def test_it_is_not_asked_of_somebody_who_just_went_on_to_something_else() -> None:
    talk = Conversation(knowledge=KNOWN)
    talk.write("i forgot my password")
    talk.write("how do i connect to the vpn")

    assert not any(isinstance(event, SurveyAsked) for _, event in talk.log)


def test_a_score_is_kept_with_its_entry_and_its_specialist_and_the_desk_sees_it() -> None:
    talk = surveyed()
    before = len(talk.said)

    (rated,) = talk.press("rate", "5")

    assert isinstance(rated, Rated)
    assert (rated.score, rated.entry, rated.specialist) == (5, PASSWORD.id, DANA)
    assert (survey_now(talk).text, labels(survey_now(talk))) == ("You gave it 5 of 5. Thank you!", [])
    assert [line.text for line in at_desk(talk.said[before:]) if isinstance(line, Line)] == [
        "The customer gave this 5 of 5."
    ]


@pytest.mark.parametrize(
    ("score", "kind", "events"),
    [
        ("1", "comment", [Rated, FormOpened]),
        ("3", "comment", [Rated, FormOpened]),  # low enough to ask why
        ("4", "rate", [Rated]),
        ("3", "rate", []),  # no button of ours says so
        ("5", "comment", []),
        ("6", "rate", []),
        ("x", "rate", []),
    ],
)
def test_a_low_score_asks_why(score: str, kind: str, events: list[type[Event]]) -> None:
    assert kinds(surveyed().press(kind, score)) == events  # type: ignore[arg-type]


def test_why_is_asked_once_and_read_at_the_desk() -> None:
    talk = surveyed()
    talk.press("comment", "2")
    before = len(talk.said)

    events = talk.send("comment", {"words": "It took three days."}, user=CUSTOMER)

    assert kinds(events) == [Commented]
    quoted = [line.quote for line in at_desk(talk.said[before:]) if isinstance(line, Line)]
    assert quoted == [Words(talk.present.id, talk.present.version)]
    assert "the team reads what you wrote" in survey_now(talk).text
    assert kinds(talk.send("comment", {"words": "And another thing"}, user=CUSTOMER)) == [Refused]
    assert kinds(talk.press("rate", "5")) == [Refused]


def test_the_last_score_before_the_comment_counts() -> None:
    talk = surveyed()
    survey = talk.present.version
    talk.press("comment", "2", position=survey)

    assert kinds(talk.press("rate", "4", position=survey)) == [Rated]
    assert talk.press("rate", "4", position=survey) == ()
    assert survey_now(talk).text.startswith("You gave it 4")


def test_who_closed_the_form_can_say_more_later() -> None:
    talk = surveyed()
    talk.press("comment", "1")

    assert labels(survey_now(talk)) == ["Say more"]
    assert kinds(talk.press("comment", "1")) == [FormOpened]


def test_only_the_customer_is_asked() -> None:
    talk = surveyed()

    assert kinds(talk.press("rate", "5", user=EMIL)) == [Refused]
    talk.press("comment", "1")
    assert kinds(talk.send("comment", {"words": "Great team!"}, user=DANA)) == [Refused]


def test_a_case_that_is_open_again_has_nothing_to_rate_and_is_asked_about_again_at_its_next_end() -> None:
    talk = surveyed()
    first = talk.present.survey
    talk.press("reopen")

    assert "open again" in survey_now(talk).text
    assert labels(survey_now(talk)) == []
    assert kinds(talk.press("rate", "5")) == [Refused]
    talk.resolve()

    assert first is not None
    assert talk.present.survey is not None
    assert talk.present.survey.position > first.position
    assert kinds(talk.press("rate", "5", position=first.position)) == [Refused]
    assert kinds(talk.press("rate", "5")) == [Rated]


def test_a_comment_may_still_come_after_the_case_was_opened_again() -> None:
    talk = surveyed()
    talk.press("comment", "2")
    talk.press("reopen")

    assert kinds(talk.press("comment", "1")) == [Refused]  # the score itself stays
    assert kinds(talk.send("comment", {"words": "It broke again."}, user=CUSTOMER)) == [Commented]


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_comment_leaves_the_score(words: str) -> None:
    talk = surveyed()
    talk.press("comment", "2")

    assert kinds(talk.send("comment", {"words": words}, user=CUSTOMER)) == [Refused]
    assert talk.present.survey is not None
    assert (talk.present.survey.score, talk.present.survey.commented) == (2, False)


def test_what_people_did_before_a_case_went_back_to_the_bot_is_not_what_is_rated_then() -> None:
    talk = at_the_desk(claimed_by=DANA)
    talk.resolve(found=VPN.id)
    talk.press("reopen")
    talk.press("back", user=DANA)
    talk.write("i forgot my password")
    talk.press("fixed", PASSWORD.id)

    (rated,) = talk.press("rate", "5")

    assert isinstance(rated, Rated)
    assert (rated.entry, rated.specialist) == (PASSWORD.id, "")
