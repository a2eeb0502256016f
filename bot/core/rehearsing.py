"""A conversation rehearsed: decided turn by turn as at the desk, while nothing is stored or said. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.chapters import Chapter, chapters
from bot.core.deciding import decide
from bot.core.events import Asked, Event, Opened
from bot.core.folding import evolve
from bot.core.knowledge import Knowledge
from bot.core.opening import opened_for
from bot.core.scene import Surroundings
from bot.core.stimuli import AnyStimulus, Message, Place, Press, PressKind

TEAM, DM, CASE = "T0REHEARSAL", "D0REHEARSAL", "T0000000"
_E = TypeVar("_E", bound=Event)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message or a press led to."""

    events: tuple[Event, ...] = ()
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One person in one place, and where their case stands; in a channel they mention the bot every time.

    `contacts`: when they opened cases, this one included once it is open. `log` is that of `case`.
    """

    knowledge: Knowledge
    person: Person
    case: Case
    contacts: tuple[datetime, ...] = ()
    log: tuple[tuple[int, Event], ...] = ()
    cases: int = 1

    def last(self, kind: type[_E]) -> tuple[int, _E] | None:
        """The case's last event of a kind, with its position."""
        return next(((at, event) for at, event in reversed(self.log) if isinstance(event, kind)), None)

    @property
    def asked(self) -> tuple[str, ...]:
        """The words of the case's last question and of what was read together with it."""
        return tuple(event.words for at, event in self.log if at in self.case.asked and isinstance(event, Asked))


def rehearsal(person: Person, channel: str, knowledge: Knowledge, contacts: tuple[datetime, ...] = ()) -> Rehearsal:
    """Nothing was written yet. `channel` "" is the direct message."""
    return Rehearsal(knowledge, person, Case(CASE, Place(TEAM, channel or DM, "", person.id)), contacts)


def wrote(so_far: Rehearsal, text: str, at: datetime) -> tuple[Rehearsal, Turn]:
    message = _message(so_far, text, at)
    return _led_to(_standing_at(so_far, message), message, at)


def pressed(
    so_far: Rehearsal, kind: PressKind, at: datetime, *, choice: str = "", position: int = 0
) -> tuple[Rehearsal, Turn]:
    """A button was pressed, under the message that was said because of the event at `position`."""
    place = so_far.case.place
    press = Press(
        key="rehearsal", team=TEAM, user=so_far.person.id, kind=kind, channel=place.channel, message_ts="",
        case=so_far.case.id, position=position, choice=choice, thread_ts=place.thread_ts or None,
        direct=_is_direct(place.channel),
    )  # fmt: skip
    return _led_to(so_far, press, at)


def heard(
    so_far: Rehearsal,
    stimulus: AnyStimulus,
    at: datetime,
    *,
    paused_in: frozenset[str] = frozenset(),
    stimuli_last_minute: int = 0,
) -> tuple[Rehearsal, tuple[Event, ...]]:
    """Whatever reaches the desk from this person, and what follows; the rest is what the desk would find around it.

    What would be said is not worked out, which takes as long as everything else.
    """
    around = Surroundings(
        so_far.person, fresh=f"T{so_far.cases:07}", contacts=so_far.contacts, earlier_words=so_far.asked,
        paused_in=paused_in, stimuli_last_minute=stimuli_last_minute,
    )  # fmt: skip
    events = decide(so_far.case, stimulus, around, so_far.knowledge, at)
    return _continued(so_far, events), events


def having_failed(so_far: Rehearsal, times: int, at: datetime) -> Rehearsal:
    """The same with so many failed attempts in its case. If there are any, a case that has not begun begins `at`."""
    here = so_far
    if times and not here.case.version:
        message = _message(here, "", at)
        opened = opened_for(message, _standing_at(here, message).case, at)
        here = replace(_in_case(here, evolve(here.case, opened)), log=((1, opened),))
    return replace(here, case=replace(here.case, failed=times))


def _message(so_far: Rehearsal, text: str, at: datetime) -> Message:
    place = so_far.case.place
    direct = _is_direct(place.channel)
    return Message(
        key="rehearsal", team=TEAM, user=so_far.person.id, channel=place.channel, ts=f"{at.timestamp():.6f}", text=text,
        direct=direct, mentions_us=not direct, thread_ts=place.thread_ts or None,
        parent_user=so_far.person.id if place.thread_ts else None,
    )  # fmt: skip


def _standing_at(so_far: Rehearsal, message: Message) -> Rehearsal:
    """The same where this message is: in a channel, a case that has not begun would live in its thread."""
    if so_far.case.version or message.direct or message.thread_ts:
        return so_far
    place = replace(so_far.case.place, thread_ts=message.ts)
    return replace(so_far, case=Case(so_far.case.id, place))


def _led_to(so_far: Rehearsal, stimulus: AnyStimulus, at: datetime) -> tuple[Rehearsal, Turn]:
    then, events = heard(so_far, stimulus, at)
    return then, Turn(events, chapters(so_far.case, events, so_far.knowledge, so_far.log))


def _continued(so_far: Rehearsal, events: Sequence[Event]) -> Rehearsal:
    """The case after them; what was said outside any case leaves it as it was."""
    case, log, cases = so_far.case, list(so_far.log), so_far.cases
    for event in events:
        if isinstance(event, Opened) and case.version:
            case, log, cases = Case(event.case, case.place), [], cases + 1
        case = evolve(case, event)
        log.append((case.version, event))
    if case.state == "new":
        return so_far
    return replace(_in_case(so_far, case), log=tuple(log), cases=cases)


def _in_case(so_far: Rehearsal, case: Case) -> Rehearsal:
    opened = case.opened_at
    contacts = so_far.contacts if opened is None or opened in so_far.contacts else (*so_far.contacts, opened)
    return replace(so_far, case=case, contacts=contacts)


def _is_direct(channel: str) -> bool:
    return channel.startswith("D")
