"""Read from the store what is around a stimulus: the case it belongs to, and what a decision about it must know."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.events import BOT, PENDING
from bot.core.listening import STIMULI_A_MINUTE, TOLD_AGAIN_AFTER, concerns_us
from bot.core.rules import Rules
from bot.core.saying import Words
from bot.core.scene import Surroundings
from bot.core.stimuli import (
    Again,
    AnyStimulus,
    Command,
    Delivered,
    Edit,
    Message,
    Place,
    Press,
    ThreadGone,
    Undeliverable,
)
from bot.errors import NotThereYet
from bot.ports import Book, Directory

ALPHABET = "BCDFGHJKMNPQRSTVWXZ23456789"  # nothing that looks like something else, and no words by accident
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Around:
    """The case that a stimulus is about: open, closed there not long ago, or yet to begin; and what is around it."""

    case: Case
    surroundings: Surroundings


def look_around(stimulus: AnyStimulus, book: Book, directory: Directory, rules: Rules, now: datetime) -> Around | None:
    """Return what is around, or None if the stimulus is nothing to us."""
    look = _Look(book, directory, rules, now)
    match stimulus:
        case Message():
            return look.at_message(stimulus)
        case Edit():
            card = stimulus.thread_ts and book.case_of_card(stimulus.team, stimulus.channel, stimulus.thread_ts)
            return look.around(card, look.person(stimulus), at_card=True) if card else None
        case Press():
            return look.at_press(stimulus)
        case Command():
            place = Place(stimulus.team, f"@{stimulus.user}", PENDING, stimulus.user)
            return look.around(Case(fresh_case_id(), place), look.person(stimulus, external=stimulus.external))
        case Delivered() | Undeliverable() | ThreadGone() | Again():
            case = book.case(stimulus.case)
            return look.around(case, Person(BOT, stimulus.team)) if case else None


def fresh_case_id() -> str:
    """A number that people can read out: `T` and seven letters or digits, some ten thousand million of them."""
    return "T" + "".join(secrets.choice(ALPHABET) for _ in range(7))


@dataclass(frozen=True, slots=True)
class _Look:
    book: Book
    directory: Directory
    rules: Rules
    now: datetime

    def at_message(self, message: Message) -> Around | None:
        if message.thread_ts:
            card = self.book.case_of_card(message.team, message.channel, message.thread_ts)
            if card:
                return self.around(card, self._author(message), at_card=True)
        root = "" if message.direct else message.ts
        place = Place(message.team, message.channel, message.thread_ts or root, message.user)
        closed_since = self.now - self.rules.duplicates.reopen_within
        case = self.book.open_case(place) or self.book.closed_case(place, closed_since)
        if case is None and self._may_be_under_a_new_case(message):
            raise NotThereYet(f"what {message.thread_ts} in {message.channel} begins is not written down yet")
        if case is None and message.thread_ts and not message.mentions_us and not message.direct:
            others = self.book.cases_in_thread(message.team, message.channel, message.thread_ts)
            if others and not message.by_bot:
                return self.around(others[0], self._author(message), bystander=True)
        case = case or Case(fresh_case_id(), place)
        if not concerns_us(message, case, self.rules):
            return None
        return self.around(case, self._author(message))

    def _may_be_under_a_new_case(self, message: Message) -> bool:
        """Whether a reply may be beneath a message of ours of which we do not know yet that it is in Slack."""
        if not message.thread_ts or message.parent_user == message.user:
            return False
        lanes = (message.channel, f"@{message.user}") if message.direct else (message.channel,)
        return self.book.may_begin_case(message.team, lanes, message.thread_ts)

    def at_press(self, press: Press) -> Around | None:
        person = self.person(press, external=press.external)
        if press.case:
            case = self.book.case(press.case)
            now_open = self.book.open_case(case.place) if case and not case.is_open else None
            if press.kind == "human" and now_open is not None:
                case, now_open = now_open, None  # the wish is about what is open there now
            taken = now_open is not None
            return self.around(case, person, place_taken=taken) if case else None
        root = "" if press.direct else press.message_ts
        place = Place(press.team, press.channel, press.thread_ts or root, press.user)
        return self.around(self.book.open_case(place) or Case(fresh_case_id(), place), person)

    def around(
        self,
        case: Case,
        person: Person,
        *,
        at_card: bool = False,
        bystander: bool = False,
        place_taken: bool = False,
    ) -> Around:
        book, now = self.book, self.now
        asked = [Words(case.id, position) for position in case.asked] if case.state == "open" and not at_card else []
        words = book.words(asked) if asked else {}
        looks_back = self.rules.remembers_contacts_for
        stimuli = book.stimuli_since(person.team, person.id, now - MINUTE)
        too_fast = stimuli >= STIMULI_A_MINUTE
        return Around(
            case,
            Surroundings(
                person=person,
                fresh=fresh_case_id(),
                at_card=at_card,
                bystander=bystander,
                earlier_words=tuple(words[each] for each in asked if each in words),
                contacts=tuple(book.opened_since(person.team, person.id, now - looks_back)) if looks_back else (),
                stimuli_last_minute=stimuli,
                told_too_fast=too_fast and book.told_too_fast(person.team, person.id, now - TOLD_AGAIN_AFTER),
                place_taken=place_taken,
            ),
        )

    def person(self, stimulus: AnyStimulus, *, external: bool = False) -> Person:
        return self.directory.person(stimulus.team, stimulus.user, external=external)

    def _author(self, message: Message) -> Person:
        if message.by_bot:
            return Person(message.user, message.team, external=message.external)
        return self.person(message, external=message.external)
