"""Read from the store what is around a stimulus: the case it belongs to, and what a decision about it must know."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.audience import Person
from bot.core.beside import Beside
from bot.core.case import CASE_LETTERS, Case
from bot.core.commands import FindReplies, ShowQueue, Status, ordered
from bot.core.events import BOT, PENDING, Event
from bot.core.joining.gathering import needs
from bot.core.lists.my_requests import listed_for
from bot.core.lists.queues import looked_at, queues_of
from bot.core.rulebook.rules import Rules
from bot.core.saying import Words
from bot.core.scene import AtHand, Scene, Surroundings
from bot.core.stimuli import (
    Again,
    AnyStimulus,
    Clocked,
    Command,
    Delivered,
    Edit,
    HomeOpened,
    Message,
    Place,
    Press,
    Silence,
    Submission,
    ThreadGone,
    Undeliverable,
    Written,
)
from bot.core.tier1.listening import STIMULI_A_MINUTE, TOLD_AGAIN_AFTER, concerns_us
from bot.core.tier2.finding_replies import of_person, queues_at
from bot.core.tier2.transferring import PERSON
from bot.errors import NotThereYet
from bot.ports import Book, Directory

MINUTE = timedelta(minutes=1)
MOST_OTHERS = 50  # handoffs that are looked through for a surge, the newest


@dataclass(frozen=True, slots=True)
class Around:
    """The case that a stimulus is about: open, closed there not long ago, or yet to begin; and what is around it."""

    case: Case
    surroundings: Surroundings

    def having(self, **read: Any) -> Around:
        """The same with more read from the store: fields of `Surroundings`."""
        return replace(self, surroundings=replace(self.surroundings, **read))


def look_around(stimulus: AnyStimulus, book: Book, directory: Directory, rules: Rules, now: datetime) -> Around | None:
    """Return what is around, or None if the stimulus is nothing to us."""
    look = _Look(book, directory, rules, now)
    match stimulus:
        case Message():
            return look.at_message(stimulus)
        case Edit():
            return look.at_edit(stimulus)
        case Press():
            return look.at_press(stimulus)
        case Submission():
            return look.at_submission(stimulus)
        case Command():
            return look.at_command(stimulus)
        case HomeOpened():
            return look.at_home(stimulus, stimulus.external)
        case Delivered() | Undeliverable() | ThreadGone() | Again() | Silence() | Clocked():
            case = book.case(stimulus.case)
            return look.around(case, Person(BOT, case.place.team)) if case else None


def look_at_requester(case: Case, book: Book, directory: Directory, rules: Rules, now: datetime) -> Surroundings:
    """What is around a case of which its requester has done nothing new."""
    place = case.place
    requester = directory.person(place.team, place.requester, external=case.external)
    return _Look(book, directory, rules, now).around(case, requester).surroundings


def fresh_case_id() -> str:
    """A number that people can read out: `T` and seven letters or digits, some ten thousand million of them."""
    return "T" + "".join(secrets.choice(CASE_LETTERS) for _ in range(7))


def _in_dm(stimulus: Command | HomeOpened | Press) -> Case:
    """A case that would begin under a message of ours in the person's DM."""
    return Case(fresh_case_id(), Place(stimulus.team, f"@{stimulus.user}", PENDING, stimulus.user))


def look_beside(scene: Scene, stimulus: AnyStimulus, events: Sequence[Event], book: Book) -> Beside:
    """Return what a decision that came to these events must know of other cases; most need none."""
    case, duplicates = scene.case, scene.knowledge.rules.duplicates
    team, needed = case.place.team, needs(events, scene.knowledge.rules)
    if not needed:
        return Beside()
    handoffs = book.handoffs(team) if "others" in needed else None  # before the rest is read
    since = scene.now - duplicates.surge.window if duplicates.surge else scene.now
    named = stimulus.value("case").upper() if isinstance(stimulus, Submission) else ""
    return Beside(
        own=tuple(book.own_with_people(team, case.place.requester)) if "own" in needed else (),
        others=tuple(book.handed_off_since(team, since, MOST_OTHERS)) if "others" in needed else (),
        incidents=tuple(book.open_incidents(team)) if "incidents" in needed else (),
        named=book.case(named) if "named" in needed else None,
        members=tuple(book.cases([m.case for m in case.incident.members]) if case.incident else ()),
        fresh=fresh_case_id(),
        handoffs=handoffs,
    )


@dataclass(frozen=True, slots=True)
class _Look:
    book: Book
    directory: Directory
    rules: Rules
    now: datetime

    def at_submission(self, sent: Submission) -> Around | None:
        case = self.book.case(sent.case)
        if case is None or case.place.team != sent.team:
            return None
        around = self.around(case, self.person(sent, external=sent.external))
        if sent.form == "send_entry":
            return self._with_customer(around)
        named = sent.value(PERSON)
        if not named:
            return around
        return replace(around, surroundings=replace(around.surroundings, named=self.directory.person(sent.team, named)))

    def at_message(self, message: Message) -> Around | None:
        # Asked before anything is looked for: what is written down in between is found then.
        may_be_early = self._may_be_under_a_new_case(message)
        if message.thread_ts:
            card = self.book.case_of_card(message.team, message.channel, message.thread_ts)
            if card:
                return self.around(card, self._author(message), at_card=True)
        root = "" if message.direct else message.ts
        place = Place(message.team, message.channel, message.thread_ts or root, message.user)
        closed_since = self.now - self.rules.duplicates.reopen_within
        case = self.book.open_case(place) or self._replied_to(message) or self.book.closed_case(place, closed_since)
        if case is None and may_be_early:
            raise NotThereYet(f"what {message.thread_ts} in {message.channel} begins is not written down yet")
        if case is None and message.thread_ts and not message.mentions_us and not message.direct:
            others = self.book.cases_in_thread(message.team, message.channel, message.thread_ts)
            if others and not message.by_bot:
                return self.around(others[0], self._author(message), bystander=True)
        case = case or Case(fresh_case_id(), place)
        if not concerns_us(message, case, self.rules):
            return None
        return self.around(case, self._author(message))

    def at_edit(self, edit: Edit) -> Around | None:
        """Of specialists' messages those under a card, of customers' those in a case that people have."""
        card = edit.thread_ts and self.book.case_of_card(edit.team, edit.channel, edit.thread_ts)
        if card:
            return self.around(card, self.person(edit), at_card=True)
        root = "" if edit.direct else edit.ts
        place = Place(edit.team, edit.channel, edit.thread_ts or root, edit.user)
        case = self.book.open_case(place) or self._replied_to(edit)
        position = self.book.position_of(case.id, edit.ts) if case is not None and case.with_people else None
        if case is None or position is None:
            return None
        return self.around(case, self.person(edit)).having(changed=position)

    def _replied_to(self, message: Written) -> Case | None:
        """The case that a specialist wrote to this person about in their DM, if this stands under it."""
        if not message.direct or not message.thread_ts:
            return None
        case = self.book.case_of_reply(message.team, message.channel, message.thread_ts)
        return case if case is not None and case.with_people and case.place.requester == message.user else None

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
            if case is None or case.place.team != press.team:
                return None
            now_open = None if case.is_open else self.book.open_case(case.place)
            if press.kind == "human" and now_open is not None:
                case, now_open = now_open, None  # the wish is about what is open there now
            taken = now_open is not None
            around = self.around(case, person, place_taken=taken)
            return self._with_customer(around) if press.kind == "send" else around
        if press.kind == "home":
            return self.at_home(press, press.external)
        if press.kind == "flag":
            return self._pointed_at(press, person)
        if press.home:
            return self.around(_in_dm(press), person).having(own=self._own(person))
        root = "" if press.direct else press.message_ts
        place = Place(press.team, press.channel, press.thread_ts or root, press.user)
        return self.around(self.book.open_case(place) or Case(fresh_case_id(), place), person)

    def _pointed_at(self, press: Press, person: Person) -> Around:
        """The case of the message in whose menu something was chosen; one that never begins, if it is not of ours."""
        found = self.book.pointed_at(press.team, press.channel, press.message_ts)
        if found is None:
            return self.around(_in_dm(press), person)
        case, positions = found
        return self.around(case, person).having(pointed_at=positions)

    def at_command(self, command: Command) -> Around:
        """A command has a case of its own; what else it is about depends on what it asks for."""
        person, book, rules = self.person(command, external=command.external), self.book, self.rules
        around = self.around(_in_dm(command), person)
        match ordered(command, rules):
            case Status():
                return around.having(own=self._own(person))
            case ShowQueue(queue):
                queues = looked_at(queue, person, command.channel, rules)
                return around.having(desk=tuple(book.at_desk(person.team, queues, "")) if queues else ())
            case FindReplies(case=""):
                mine = book.owned_cases(person.team, person.id) if queues_at(command.channel, rules) else ()
                return around.having(at_hand=self._at_hand(of_person(mine, person, command.channel, rules)))
            case FindReplies(case=named):
                found = book.case(named)
                here = (found,) if found is not None and found.place.team == person.team else ()
                return around.having(at_hand=self._at_hand(here))
        return around

    def at_home(self, stimulus: HomeOpened | Press, external: bool) -> Around:
        person = self.person(stimulus, external=external)
        desk = self.book.at_desk(person.team, queues_of(person, self.rules), person.id)
        return self.around(_in_dm(stimulus), person).having(own=self._own(person), desk=tuple(desk))

    def _own(self, person: Person) -> tuple[Case, ...]:
        return tuple(self.book.own_cases(person.team, person.id, self.now - listed_for(self.rules)))

    def _at_hand(self, cases: Sequence[Case]) -> tuple[AtHand, ...]:
        return tuple(AtHand(case, self._customer(case)) for case in cases)

    def _customer(self, case: Case) -> Person:
        return self.directory.person(case.place.team, case.place.requester, external=case.external)

    def _with_customer(self, around: Around) -> Around:
        return around.having(customer=self._customer(around.case))

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
                paused_in=book.paused_in(person.team),
                place_taken=place_taken,
                earlier=None if at_card else book.earlier(case.place.team, case.place.requester),
            ),
        )

    def person(self, stimulus: AnyStimulus, *, external: bool = False) -> Person:
        return self.directory.person(stimulus.team, stimulus.user, external=external)

    def _author(self, message: Message) -> Person:
        if message.by_bot:
            return Person(message.user, message.team, external=message.external)
        return self.person(message, external=message.external)
