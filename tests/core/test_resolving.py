"""People resolve a case once: with a code, what fixed it, and the entry that helped."""

from __future__ import annotations

import pytest

from bot.core.events import Closed, Event, Noted, Refused, Reopened, Resolved, SurveyAsked, WishedForHuman
from bot.core.forms import Form
from bot.core.saying import FromSpecialist, In, Line, Post, Update, Words
from tests.core.people import at_desk, at_the_desk, card_now, shown_in_form
from tests.core.situations import COLLEAGUE, DANA, DM, EMIL, PASSWORD, VPN, Conversation
from tests.core.test_places import refuse


def kinds(events: tuple[object, ...]) -> list[type]:
    return [type(event) for event in events]


def with_answer() -> Conversation:
    """People have the case after an answer that did not help."""
    talk = at_the_desk()
    talk.press("back", user=DANA)
    talk.write("i forgot my password")
    talk.write("talk to a human")
    return talk


def test_resolving_keeps_code_entry_and_words_before_the_case_is_closed() -> None:
    talk = at_the_desk(claimed_by=DANA)

    events = talk.resolve(code="workaround", entry="none", found=VPN.id)

    assert kinds(events) == [Resolved, Closed, SurveyAsked]
    done, over, _ = events
    assert isinstance(done, Resolved)
    assert isinstance(over, Closed)
    assert (done.code, done.entry, done.proposes, done.told, done.words) == (
        "workaround", VPN.id, False, False, "A new cable.",
    )  # fmt: skip
    assert over.outcome == "resolved_by_human"


@pytest.mark.parametrize(
    ("values", "entry", "proposes"),
    [
        ({}, "", False),  # nothing was chosen
        ({"entry": "none"}, "", False),
        ({"entry": "propose"}, "", True),  # there ought to be one
        ({"entry": PASSWORD.id}, PASSWORD.id, False),  # one that the customer saw
        ({"entry": "propose", "found": VPN.id}, VPN.id, False),  # there is one after all
        ({"entry": PASSWORD.id, "found": VPN.id}, VPN.id, False),  # who searches means what they find
    ],
)
def test_which_entry_helped(values: dict[str, str], entry: str, proposes: bool) -> None:
    talk = with_answer()

    done, *_ = talk.resolve(**values)

    assert isinstance(done, Resolved)
    assert (done.entry, done.proposes) == (entry, proposes)


def test_the_form_has_the_codes_of_the_rules_and_the_entries_that_were_seen() -> None:
    talk = with_answer()

    talk.press("resolve", user=DANA)

    form = shown_in_form(talk)
    assert isinstance(form, Form)
    asks = {ask.name: ask for ask in form.asks}
    assert [value for value, _ in asks["code"].choices] == ["fixed", "workaround"]
    assert [value for value, _ in asks["entry"].choices] == [PASSWORD.id, "none", "propose"]
    assert (asks["readers"].initial, asks["entry"].initial, asks["found"].required) == ("internal", "none", False)


@pytest.mark.parametrize("readers", ["internal", "", "told"])
def test_the_customer_reads_the_fix_only_if_it_was_chosen(readers: str) -> None:
    talk = at_the_desk(claimed_by=DANA)
    before = len(talk.said)

    talk.resolve(readers=readers)

    words = Words(talk.present.id, talk.present.version - 2)
    posts = [one.saying for one in talk.said[before:] if isinstance(one.saying, Post)]
    fixes = [post.content for post in posts if post.where == In(DM) and isinstance(post.content, FromSpecialist)]
    assert [fix.words for fix in fixes] == ([words] if readers == "told" else [])
    lines = [post.content for post in posts if post.where == In(DM) and isinstance(post.content, Line)]
    assert [button.label for button in lines[0].buttons] == ["Reopen", "Talk to a person"]
    assert [line.quote for line in at_desk(talk.said[before:]) if isinstance(line, Line)] == [words]


def test_a_fix_that_does_not_arrive_is_set_right_in_the_thread() -> None:
    talk = at_the_desk(claimed_by=DANA)
    talk.resolve(readers="told")
    resolved = next(at for at, event in talk.log if isinstance(event, Resolved))
    before = len(talk.said)

    refuse(talk, f"{talk.present.id}-{resolved}-1")

    (update,) = [one.saying for one in talk.said[before:]]
    assert isinstance(update, Update)
    assert isinstance(update.content, Line)
    assert (update.outbox, "did not reach" in update.content.text) == (f"{talk.present.id}-{resolved}-0", True)
    assert update.content.quote == Words(talk.present.id, resolved)


def test_the_card_shows_the_code_and_by_whom_until_the_case_is_open_again() -> None:
    talk = at_the_desk(claimed_by=EMIL)

    talk.resolve(user=DANA)
    resolved = card_now(talk)
    talk.press("reopen")

    assert (resolved.status, resolved.who, resolved.buttons) == ("Resolved by {who}: fixed", DANA, ())
    assert (card_now(talk).status, card_now(talk).who) == ("Claimed by {who}", EMIL)


def test_nobody_resolves_twice_and_what_the_second_wrote_is_kept() -> None:
    talk = at_the_desk(claimed_by=DANA)
    talk.resolve()

    events = talk.send("resolve", {"code": "fixed", "words": "It was the other cable."}, user=EMIL)

    assert kinds(events) == [Noted, Refused]
    noted = events[0]
    assert isinstance(noted, Noted)
    assert noted.words == "It was the other cable."
    assert sum(isinstance(event, Closed) for _, event in talk.log) == 1


@pytest.mark.parametrize(
    ("values", "user", "told"),
    [
        ({"code": "fixed", "words": "A cable."}, COLLEAGUE, "for the members of this queue"),  # has no right to it
        ({"code": "fixed", "words": " "}, DANA, "a word on what fixed it"),  # required
        ({"code": "magic", "words": "A cable."}, DANA, "not one of the codes"),  # the rules changed, or it is forged
        ({"words": "A cable."}, DANA, "not one of the codes"),
        ({"code": "fixed", "words": "A cable.", "found": "no/such"}, DANA, "entry is not there"),
    ],
)
def test_what_cannot_be_resolved_stays_open(values: dict[str, str], user: str, told: str) -> None:
    talk = at_the_desk()

    events = talk.send("resolve", values, user=user)

    assert told in next(event.why for event in events if isinstance(event, Refused))
    assert talk.present.state == "handed_off"


def test_a_case_can_be_resolved_again_after_it_was_reopened() -> None:
    talk = at_the_desk(claimed_by=DANA)
    talk.resolve()

    assert kinds(talk.press("reopen")) == [Reopened]
    events: tuple[Event, ...] = talk.send("resolve", {"code": "fixed", "words": "Now it is."}, user=DANA)

    assert kinds(events) == [Resolved, Closed, SurveyAsked]


def test_a_wish_for_a_person_under_what_was_resolved_brings_back_those_who_had_it() -> None:
    talk = at_the_desk(claimed_by=DANA)
    card = talk.present.card_id
    talk.resolve()

    assert kinds(talk.press("human")) == [Reopened, WishedForHuman]
    assert (talk.present.state, talk.present.owner, talk.present.card_id) == ("claimed", DANA, card)
