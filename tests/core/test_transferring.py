"""A case goes on to another team, up a tier, or to a colleague, with all that belongs to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.case import outbox_id
from bot.core.events import Event, Noted, Reassigned, Refused, Transferred
from bot.core.forms import Form
from bot.core.rulebook.promises import clock
from bot.core.saying import Card, In, Line, Post, TranscriptPage, Under, Update, Words
from tests.core.people import CARE, FAY, HOUR, KNOWN, at_desk, at_the_desk, card_now, cards, shown_in_form
from tests.core.situations import COLLEAGUE, CUSTOMER, DANA, DM, EMIL, Conversation
from tests.core.test_places import refuse

WHY = "He is angry about the bill."


def kinds(events: tuple[Event, ...]) -> list[type[Event]]:
    return [type(event) for event in events]


def why_refused(events: tuple[Event, ...]) -> str:
    return next(event.why for event in events if isinstance(event, Refused))


def to_customer(talk: Conversation, before: int) -> list[Line]:
    posts = [one.saying for one in talk.said[before:] if isinstance(one.saying, Post)]
    return [post.content for post in posts if post.where == In(DM) and isinstance(post.content, Line)]


def test_a_transfer_moves_card_transcript_and_owner_in_one() -> None:
    talk = at_the_desk(claimed_by=DANA)
    talk.write("it is about my last bill")
    old, before = talk.present.card_id, len(talk.said)

    events = talk.send("transfer", {"queue": "care", "why": WHY})

    assert kinds(events) == [Transferred]
    assert (talk.present.queue, talk.present.state, talk.present.owner) == ("care", "handed_off", None)
    card = talk.said[before]
    assert isinstance(card.saying, Post)
    assert (card.id, card.saying.where) == (talk.present.card_id, In(CARE))
    pages = [content for content in at_desk(talk.said[before:], CARE) if isinstance(content, TranscriptPage)]
    told = [turn.words.position for page in pages for turn in page.turns if turn.words]
    assert told == [at for at, event in talk.log if getattr(event, "words", "")]
    left = cards(talk)[old]
    assert (left.status, left.who, left.buttons) == ("Transferred to Complaints Management by {who}", DANA, ())
    assert left.queue_role == "Technical Support"


def test_the_history_on_the_card_shows_every_hop_and_who_had_it_before() -> None:
    talk = at_the_desk(claimed_by=DANA)
    talk.send("transfer", {"queue": "care", "why": WHY, "person": EMIL})
    first = talk.present.version
    talk.send("escalate", {"queue": "deep", "why": "It is a fault in the switch."}, user=EMIL)

    hops = card_now(talk).hops

    assert [(hop.by, hop.from_role, hop.from_owner, hop.to_role, hop.to_owner) for hop in hops] == [
        (DANA, "Technical Support", DANA, "Complaints Management", EMIL),
        (EMIL, "Complaints Management", EMIL, "Tier 3", ""),
    ]
    assert [hop.why for hop in hops] == [Words(talk.present.id, first), Words(talk.present.id, talk.present.version)]


def test_a_person_chosen_with_the_team_has_the_case_at_once_and_is_called_there() -> None:
    talk = at_the_desk()
    before = len(talk.said)

    talk.send("transfer", {"queue": "care", "why": WHY, "person": EMIL})

    assert (talk.present.state, talk.present.owner) == ("claimed", EMIL)
    (told,) = to_customer(talk, before)
    assert (told.who, told.text.startswith("{who} from Complaints Management has your case")) == (EMIL, True)
    called = [line.calls for line in at_desk(talk.said[before:], CARE) if isinstance(line, Line)]
    assert called == [EMIL]


def test_within_the_team_only_the_owner_changes() -> None:
    talk = at_the_desk(claimed_by=DANA)
    card, before = talk.present.card_id, len(talk.said)

    events = talk.send("transfer", {"why": "I am on leave from tomorrow.", "person": EMIL})

    assert kinds(events) == [Reassigned]
    assert (talk.present.card_id, talk.present.owner, talk.present.queue) == (card, EMIL, "tech")
    assert (card_now(talk).who, card_now(talk).status) == (EMIL, "Claimed by {who}")
    (told,) = to_customer(talk, before)
    assert (told.who, told.text) == (EMIL, "{who} from Technical Support has your case now.")
    (called,) = [line for line in at_desk(talk.said[before:]) if isinstance(line, Line)]
    assert (called.calls, called.who, called.quote) == (EMIL, DANA, Words(talk.present.id, talk.present.version))


def test_the_customer_hears_the_time_and_hears_it_again_only_if_it_gets_later() -> None:
    talk = at_the_desk()
    before = len(talk.said)
    talk.send("transfer", {"queue": "care", "why": WHY})  # 8 open hours: on Tuesday
    late = talk.present.due_first_at
    assert late is not None
    (first,) = to_customer(talk, before)
    assert f"You hear from them by {clock(late, 'UTC')}." in first.text

    before = len(talk.said)
    talk.send("escalate", {"queue": "deep", "why": WHY}, user=EMIL)  # in an hour: sooner than was promised
    (second,) = to_customer(talk, before)
    assert talk.present.due_first_at == talk.now + HOUR
    assert "You hear from them" not in second.text

    talk.now += timedelta(days=2)
    before = len(talk.said)
    talk.send("transfer", {"queue": "tech", "why": WHY}, user=FAY)  # in an hour again, but two days have passed
    (third,) = to_customer(talk, before)
    assert f"You hear from them by {clock(talk.now + HOUR, 'UTC')}." in third.text


def test_a_priority_that_the_team_does_not_take_is_lowered() -> None:
    talk = Conversation(knowledge=KNOWN)
    talk.write("this is the third time")  # p2
    assert (talk.present.queue, talk.present.priority) == ("care", "p2")

    talk.send("escalate", {"queue": "deep", "why": WHY}, user=EMIL)

    assert talk.present.priority == "p3"


@pytest.mark.parametrize(
    ("values", "user", "told"),
    [
        ({"queue": "care", "why": WHY}, COLLEAGUE, "for the members of this queue"),  # has no right to it
        ({"queue": "care", "why": " "}, DANA, "with a reason only"),  # a reason is required
        ({"queue": "tech", "why": WHY}, DANA, "with Technical Support already"),  # somebody else was quicker
        ({"why": WHY}, DANA, "Choose another team, or a person"),  # neither was chosen
        ({"queue": "gone", "why": WHY}, DANA, "not there for this case any more"),  # the rules changed meanwhile
        ({"why": WHY, "person": DANA}, DANA, "They have this case already"),  # the owner, once more
        ({"why": WHY, "person": FAY}, DANA, "cannot take this case in Technical Support"),  # of another team
        ({"queue": "deep", "why": WHY, "person": EMIL}, DANA, "cannot take this case in Tier 3"),  # not of that team
        ({"why": WHY, "person": CUSTOMER}, DANA, "cannot take this case"),  # nobody has a case of their own
    ],
)
def test_what_cannot_be_transferred_changes_nothing_and_keeps_what_was_written(
    values: dict[str, str], user: str, told: str
) -> None:
    talk = at_the_desk(claimed_by=DANA)

    events = talk.send("transfer", values, user=user)

    assert told in why_refused(events)
    assert kinds(events) == ([Noted, Refused] if values["why"].strip() else [Refused])
    assert (talk.present.queue, talk.present.owner) == ("tech", DANA)


def test_a_customer_who_is_a_specialist_too_cannot_be_given_their_own_case() -> None:
    talk = at_the_desk()
    theirs = replace(KNOWN.rules.queues["care"], members=(EMIL, CUSTOMER))
    talk.knowledge = replace(KNOWN, rules=replace(KNOWN.rules, queues={**KNOWN.rules.queues, "care": theirs}))

    events = talk.send("transfer", {"queue": "care", "why": WHY, "person": CUSTOMER})

    assert "cannot take this case" in why_refused(events)


def test_whoever_was_left_behind_has_no_say_in_the_case_any_more() -> None:
    talk = at_the_desk(claimed_by=DANA)
    talk.send("transfer", {"queue": "care", "why": WHY})

    events = talk.send("transfer", {"queue": "deep", "why": "Mine was first"})

    assert kinds(events) == [Noted, Refused]
    assert talk.present.queue == "care"


def test_the_form_for_a_transfer_has_all_other_teams_by_role() -> None:
    talk = at_the_desk()

    talk.press("transfer", user=DANA)

    form = shown_in_form(talk)
    assert isinstance(form, Form)
    queue, why, person = form.asks
    assert queue.choices == (("care", "Complaints Management"), ("deep", "Tier 3"))
    assert (queue.required, why.required, person.required) == (False, True, False)


@pytest.mark.parametrize(
    ("ladder", "above"),
    [
        (None, [("deep", "Tier 3")]),  # Tier 3
        ("up", [("care", "Complaints Management"), ("deep", "Tier 3")]),  # where the ladder leads comes first
    ],
)
def test_the_form_for_an_escalation_has_whoever_is_above(ladder: str | None, above: list[tuple[str, str]]) -> None:
    talk = at_the_desk()
    tech = replace(KNOWN.rules.queues["tech"], ladder=ladder)
    talk.knowledge = replace(KNOWN, rules=replace(KNOWN.rules, queues={**KNOWN.rules.queues, "tech": tech}))

    talk.press("escalate", user=DANA)

    form = shown_in_form(talk)
    assert isinstance(form, Form)
    assert (list(form.asks[0].choices), form.asks[0].initial) == (above, above[0][0])


def test_where_nobody_is_above_the_form_says_so() -> None:
    talk = at_the_desk()
    talk.send("escalate", {"queue": "deep", "why": WHY})

    talk.press("escalate", user=FAY)

    line = shown_in_form(talk)
    assert isinstance(line, Line)
    assert "nobody above Tier 3" in line.text


def test_an_escalation_keeps_its_tier_and_goes_up_only() -> None:
    talk = at_the_desk(claimed_by=DANA)

    assert "not there for this case" in why_refused(talk.send("escalate", {"queue": "care", "why": WHY}))
    (event,) = talk.send("escalate", {"queue": "deep", "why": WHY})

    assert isinstance(event, Transferred)
    assert (event.tier, event.queue) == (3, "deep")
    old = cards(talk)[outbox_id(talk.present.id, talk.present.hops[-1].card or 0)]
    assert old.status == "Escalated to Tier 3 by {who}"


def test_what_the_customer_writes_goes_to_the_new_card_after_a_transfer() -> None:
    talk = at_the_desk()
    talk.send("transfer", {"queue": "care", "why": WHY})
    before = len(talk.said)

    talk.write("are you still there?")

    threads = [one.saying.where for one in talk.said[before:] if isinstance(one.saying, Post)]
    assert threads == [Under(talk.present.card_id, CARE)]


def test_a_new_handoff_begins_a_new_history() -> None:
    talk = at_the_desk()
    talk.send("transfer", {"queue": "care", "why": WHY})
    talk.press("back", user=EMIL)
    talk.write("talk to a human")

    card = card_now(talk)
    assert isinstance(card, Card)
    assert (card.hops, talk.present.queue) == ((), "tech")
    assert talk.present.told_due_at == talk.present.due_first_at == talk.now + HOUR  # and a new promise


def test_operators_can_give_a_case_back_to_the_team_that_could_not_be_reached() -> None:
    talk = at_the_desk()
    refuse(talk, talk.present.card_id)
    refuse(talk, talk.present.card_id)
    assert talk.present.operators == "C0OPS"
    talk.press("transfer", user=COLLEAGUE)
    form = shown_in_form(talk)
    assert isinstance(form, Form)
    team = talk.present.queue or ""
    assert team in dict(form.asks[0].choices)

    (event,) = talk.send("transfer", {"queue": team, "why": "The channel is back."}, user=COLLEAGUE)

    assert isinstance(event, Transferred)
    assert (talk.present.operators, talk.present.queue) == ("", team)
    assert card_now(talk).hops[0].from_role == "the team that runs me"


@pytest.mark.parametrize("first", ["talk to a human", "this is the third time", "change my contract", "flurb"])
@pytest.mark.parametrize("then", ["flurb", "that's not it", "i forgot my password", "hello"])
def test_a_case_that_was_handed_back_does_not_return_to_people_at_once(first: str, then: str) -> None:
    talk = Conversation(knowledge=KNOWN)
    talk.write("flurb")
    talk.write(first)
    talk.send("escalate", {"queue": "deep", "why": WHY}, user=EMIL)

    people = talk.present.queue
    talk.press("back", user=FAY)
    handed_back = (people, talk.present.state, talk.present.failed, talk.present.owner)
    talk.write(then)

    assert handed_back == ("deep", "open", 0, None)
    assert talk.present.state == "open"
    assert talk.present.failed <= 1


def test_where_the_new_team_cannot_be_reached_the_word_to_the_customer_is_set_right() -> None:
    talk = at_the_desk()
    talk.send("transfer", {"queue": "care", "why": WHY})
    told = outbox_id(talk.present.id, talk.present.version, 1)
    before = len(talk.said)

    refuse(talk, talk.present.card_id)

    assert talk.present.queue == "tech"  # the default queue, as this one has no fallback
    (corrected,) = [one.saying for one in talk.said[before:] if isinstance(one.saying, Update)]
    assert corrected.outbox == told
    assert isinstance(corrected.content, Line)
    assert "Technical Support" in corrected.content.text


def test_the_transcript_says_what_was_done_before_it_says_why() -> None:
    talk = at_the_desk(claimed_by=DANA)
    talk.send("transfer", {"queue": "care", "why": WHY})
    before = len(talk.said)
    talk.send("escalate", {"queue": "deep", "why": WHY}, user=EMIL)

    pages = [content for content in at_desk(talk.said[before:], "C0DEEP") if isinstance(content, TranscriptPage)]

    turns = [turn.text or turn.words for page in pages for turn in page.turns][-4:]
    case, last = talk.present.id, talk.present.version
    assert turns == [
        "Transferred the case to Complaints Management. Why:",
        Words(case, last - 1),
        "Escalated the case to Tier 3. Why:",
        Words(case, last),
    ]
