"""The law of the desk: no words of a specialist ever go to a customer, unless the specialist did what sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import Event, Replied, ReplyChanged, Resolved
from bot.core.saying import DirectTo, In, Post, Said, Under, Update, Whisper, Words
from tests.core.people import FAY, KNOWN
from tests.core.situations import COLLEAGUE, CUSTOMER, DANA, DM, EMIL, HELP, PASSWORD, VPN, Conversation

pytestmark = pytest.mark.long

STAFF = [DANA, EMIL, FAY, COLLEAGUE]
FORMS = {
    "reply": ("words", "where"),
    "transfer": ("queue", "person", "why"),
    "escalate": ("queue", "why"),
    "resolve": ("code", "words", "readers", "entry", "found"),
    "duplicate": ("case", "other"),
    "send_entry": ("near", "entry"),
    "flag": ("entry", "why", "words"),
    "status": ("words",),
}
VALUES = ["", "dm", "here", "tech", "care", "deep", "told", "internal", "fixed", PASSWORD.id, VPN.id, DANA, "Secret!"]
SAID = ["i forgot my password", "talk to a human", "still broken", "hello?", "my account password", "that's not it"]


@dataclass
class Watched(Conversation):
    """Remembers every event of every case."""

    facts: dict[Words, Event] = field(default_factory=dict)

    def see(self) -> None:
        if self.case is not None:
            self.facts |= {Words(self.case.id, position): event for position, event in self.log}


Turn = Callable[[Watched], object]


def _wrote(text: str) -> Turn:
    return lambda talk: talk.write(text)


def _pressed(kind: str, user: str) -> Turn:
    return lambda talk: talk.press(kind, user=user)  # type: ignore[arg-type]


def _at_card(text: str, user: str, addressed: bool) -> Turn:
    return lambda talk: talk.at_card(text, user=user, opens_with_us=addressed)


@st.composite
def _sent(draw: st.DrawFn) -> Turn:
    kind = draw(st.sampled_from(sorted(FORMS)))
    values = {name: draw(st.sampled_from(VALUES)) for name in FORMS[kind]}
    user = draw(st.sampled_from([*STAFF, CUSTOMER]))
    return lambda talk: talk.send(kind, {name: value for name, value in values.items() if value}, user=user)  # type: ignore[arg-type]


staff = st.sampled_from(STAFF)
turns = st.lists(
    st.one_of(
        st.builds(_wrote, st.sampled_from(SAID)),
        st.builds(_pressed, st.sampled_from(["claim", "back", "resolve", "reply", "transfer"]), staff),
        st.builds(_pressed, st.sampled_from(["reopen", "human", "ask_else", "fixed", "stuck"]), st.just(CUSTOMER)),
        st.builds(_at_card, st.sampled_from(["a note among us", "please restart it", ""]), staff, st.booleans()),
        _sent(),
        _sent(),
    ),
    max_size=12,
)


def chosen(event: Event) -> bool:
    """Whether a specialist did what sends these words."""
    return isinstance(event, Replied | ReplyChanged) or (isinstance(event, Resolved) and event.told)


def goes_to_a_customer(said: Said, channel: str) -> bool:
    """Whether anybody but the team can see it."""
    match said.saying:
        case Post(where=In(channel=place)):
            return place == channel
        case Post(where=DirectTo(user=user)) | Whisper(user=user):
            return user == CUSTOMER
        case Post(where=Under(channel=place)):
            return place in (channel, f"@{CUSTOMER}")
        case Update(channel=place):
            return place in (channel, f"@{CUSTOMER}")
        case _:
            return False


def words_in(value: object) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from words_in(part)
    elif is_dataclass(value):
        for one in fields(value):
            yield from words_in(getattr(value, one.name))


@settings(max_examples=500)
@given(turns, st.sampled_from([DM, HELP]))
def test_no_words_but_their_own_and_those_that_were_sent_reach_a_customer(story: list[Turn], channel: str) -> None:
    talk = Watched(knowledge=KNOWN, channel=channel)
    talk.write("talk to a human")
    for turn in story:
        talk.see()
        turn(talk)
    talk.see()

    for said in talk.said:
        if goes_to_a_customer(said, channel):
            for words in words_in(said.saying):
                event = talk.facts[words]
                assert event.actor == CUSTOMER or chosen(event), (said, event)
