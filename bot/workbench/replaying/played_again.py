"""A logged case played again under some rules: what the customer did then, decided as at the desk today. Pure.

It is played up to the moment when people got it. What was pressed under a message that these rules do not say is left
out; a wish for a person never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.core.asking import Action, action_of
from bot.core.audience import Person, groups_of
from bot.core.case import Case
from bot.core.dues import SILENT_FOR
from bot.core.events import (
    BOT,
    PENDING,
    Answered,
    Event,
    FieldAsked,
    HandedOff,
    HumanOffered,
    Opened,
    TurnedDown,
)
from bot.core.folding import evolve
from bot.core.knowledge import Knowledge
from bot.core.logged import LoggedCase, paused_at
from bot.core.rehearsing import Rehearsal, heard
from bot.core.rulebook.rules import Rules
from bot.core.stimuli import AnyStimulus, Command, Message, Place, Press, Silence, Submission
from bot.core.tier1.listening import STIMULI_A_MINUTE
from bot.workbench.replaying.retracing import Commanded, Did, Ended, Filled, LoggedTurn, Pressed, Wrote

_KEY = "replay"


@dataclass(frozen=True, slots=True)
class World:
    """What the log does not say. `mentioned`: they named the bot in a channel, every time.

    `usergroups` and `domain`: what they belong to of that which is not known, and where their address is.
    """

    mentioned: bool = True
    usergroups: frozenset[str] = frozenset()
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one turn came to, short of people. `rule`: the one that offers or refuses; `entry`: what was answered."""

    action: Action
    rule: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """The replies in order, a turn each; `handed`: how people got it at the end of them, None if they did not."""

    replies: tuple[Reply, ...]
    handed: HandedOff | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    """What is played, and what the log says at each position."""

    case: LoggedCase
    world: World
    logged: Mapping[int, Event]


def as_logged(turns: Sequence[LoggedTurn]) -> Played:
    """What the log says of these turns, up to the first handoff."""
    return _until_handed(turn.events for turn in turns)


def play(case: LoggedCase, turns: Sequence[LoggedTurn], knowledge: Knowledge, world: World) -> Played:
    """Decide the turns one by one. Where questions were asked that nobody answered, ten minutes of silence pass."""
    return _until_handed(_decided(case, turns, knowledge, world))


def known_as(case: LoggedCase, rules: Rules, world: World) -> Person:
    """Who asked, in the groups of these rules, as far as it is known and as the world has it."""
    opened = case.opened
    profile = case.profile or Person(opened.requester, opened.team, unread=True)
    members = {**(case.usergroups or {}), **{group: frozenset({opened.requester}) for group in world.usergroups}}
    email = profile.email or (f"somebody@{world.domain}" if world.domain else "")
    return replace(
        profile,
        id=opened.requester,
        team=opened.team,
        external=opened.external or profile.external,
        groups=groups_of(opened.requester, email, members, rules),
    )


def is_direct(channel: str) -> bool:
    return channel.startswith(("D", "@"))


def _until_handed(decided: Iterable[tuple[Event, ...]]) -> Played:
    replies: list[Reply] = []
    for events in decided:
        replies.append(_reply(events))
        handed = next((event for event in events if isinstance(event, HandedOff)), None)
        if handed is not None:
            return Played(tuple(replies), handed)
    return Played(tuple(replies))


def _reply(events: tuple[Event, ...]) -> Reply:
    action = action_of(events)
    rule = next((event.rule for event in events if isinstance(event, HumanOffered | TurnedDown)), "")
    entry = next((event.entry for event in events if isinstance(event, Answered)), "")
    # Whether small talk gets a line depends on a mention; nobody is helped by it either way.
    return Reply("chat" if action == "ignore" else action, rule, entry)


def _decided(
    case: LoggedCase, turns: Sequence[LoggedTurn], knowledge: Knowledge, world: World
) -> Iterator[tuple[Event, ...]]:
    """What each turn came to."""
    opened = case.opened
    place = Place(opened.team, opened.channel, opened.thread_ts, opened.requester)
    if place.thread_ts.startswith(PENDING):
        place = replace(place, thread_ts=PENDING)
    so_far = Rehearsal(knowledge, known_as(case, knowledge.rules, world), Case(case.id, place))
    since: datetime | None = None  # when we asked what waits for an answer
    given = _Given(case, world, {line.position: line.event for turn in turns for line in turn.lines})
    for turn in turns:
        before: tuple[Event, ...] = ()
        if so_far.case.collecting and since is not None and turn.at >= since + SILENT_FOR and not turn.answers:
            so_far, before = _after_silence(so_far, turn.at if turn.silence else since + SILENT_FOR, given)
        events: tuple[Event, ...] = ()
        if turn.did is not None and not so_far.case.with_people:
            so_far, events = _heard(so_far, turn.did, turn.at, given)
        since = turn.at if any(isinstance(event, FieldAsked) for event in events) else since
        yield (*before, *events)
    if so_far.case.collecting and since is not None:
        yield _after_silence(so_far, since + SILENT_FOR, given)[1]


def _heard(so_far: Rehearsal, did: Did, at: datetime, given: _Given) -> tuple[Rehearsal, tuple[Event, ...]]:
    """What they did reaches the desk, if they can have done it."""
    case = given.case
    if isinstance(did, Ended):
        closes = so_far.case.state == "open" and so_far.case.collecting is None
        return (replace(so_far, case=evolve(so_far.case, did.event)) if closes else so_far), ()
    stimulus = _stimulus(so_far, did, given)
    if stimulus is None:
        return so_far, ()
    if isinstance(did, Wrote) and did.by_bot:
        writer = Person(case.opened.requester, case.opened.team, external=case.opened.external)
        so_far = replace(so_far, person=writer)
    so_far, events = heard(
        replace(so_far, contacts=_contacts(so_far, case, at)),
        stimulus,
        at,
        paused_in=paused_at(case.pauses, at),
        stimuli_last_minute=STIMULI_A_MINUTE if isinstance(did, Wrote) and did.too_fast else 0,
    )
    return so_far, events


def _after_silence(so_far: Rehearsal, at: datetime, given: _Given) -> tuple[Rehearsal, tuple[Event, ...]]:
    """Nobody answered the last question before a handoff."""
    here = so_far.case
    asked = here.collecting.asked if here.collecting else ()
    silence = Silence(key=_KEY, team="", user=BOT, case=here.id, position=asked[-1] if asked else 0)
    so_far, events = heard(so_far, silence, at, paused_in=paused_at(given.case.pauses, at))
    return so_far, events


def _contacts(so_far: Rehearsal, case: LoggedCase, at: datetime) -> tuple[datetime, ...]:
    """When they opened cases, the one at hand among them, as it was known then."""
    return tuple(sorted({*so_far.contacts, *(contact for contact in case.contacts if contact <= at)}))


def _stimulus(so_far: Rehearsal, did: Did, given: _Given) -> AnyStimulus | None:
    here, opened = so_far.case, given.case.opened
    team, user = opened.team, opened.requester
    match did:
        case Wrote():
            if did.answers and here.collecting is None:
                return None  # the question was not asked
            return _message(did, opened, given.world)
        case Commanded():
            return Command(
                key=_KEY, team=team, user=user, channel=did.channel, text=did.text, response_url="",
                external=opened.external,
            )  # fmt: skip
        case Pressed():
            return _press(so_far, did, opened, given.logged)
        case Filled():
            return _form(so_far, did, opened)
        case Ended():
            return None
    assert_never(did)


def _message(wrote: Wrote, opened: Opened, world: World) -> Message:
    direct = is_direct(wrote.channel)
    at_root = not opened.thread_ts or opened.thread_ts in (wrote.slack_ts, PENDING + opened.case)
    return Message(
        key=_KEY, team=opened.team, user=opened.requester, channel=wrote.channel, ts=wrote.slack_ts, text=wrote.text,
        direct=direct, mentions_us=not direct and not wrote.overheard and (world.mentioned or not opened.follows),
        thread_ts=None if at_root else opened.thread_ts,
        parent_user=opened.requester if opened.follows and not at_root else None,
        external=opened.external, files=wrote.files, by_bot=wrote.by_bot,
    )  # fmt: skip


def _press(so_far: Rehearsal, pressed: Pressed, opened: Opened, logged: Mapping[int, Event]) -> Press | None:
    here = so_far.case
    position = 0
    if pressed.under:
        found = _same_message(so_far, logged, pressed.under)
        if found is None:
            return None  # nothing was said that had this button
        position = found
    return Press(
        key=_KEY, team=opened.team, user=opened.requester, kind=pressed.kind, channel=here.place.channel,
        message_ts="", case=here.id if here.version else "", position=position, choice=pressed.choice,
        asker=opened.requester, thread_ts=here.place.thread_ts or None, direct=is_direct(here.place.channel),
        external=opened.external, home=pressed.home,
    )  # fmt: skip


def _form(so_far: Rehearsal, filled: Filled, opened: Opened) -> Press | Submission | None:
    """A button under the question, or the form with all of them: for one choice, or one to skip, they are alike."""
    here = so_far.case
    field = here.collecting.present if here.collecting else None
    if here.collecting is None or field is None:
        return None
    name, value = filled.values[0]
    if len(filled.values) == 1 and name == field.field and (not value or value in field.choices):
        return Press(
            key=_KEY, team=opened.team, user=opened.requester, kind="choose" if value else "skip",
            channel=here.place.channel, message_ts="", case=here.id, choice=value,
            position=here.collecting.asked[-1] if here.collecting.asked else 0,
        )  # fmt: skip
    return Submission(
        key=_KEY, team=opened.team, user=opened.requester, form="details", view="", values=filled.values, case=here.id
    )


def _same_message(so_far: Rehearsal, logged: Mapping[int, Event], position: int) -> int | None:
    """Where this rehearsal said what the log says at `position`: as often said before, of the same sort and entry."""
    said = logged.get(position)
    if said is None:
        return None
    nth = sum(_is_like(event, said) for at, event in logged.items() if at <= position)
    alike = [at for at, event in so_far.log if _is_like(event, said)]
    if not alike:  # what came of an answer may be said under a later question of ours
        entry = getattr(said, "entry", "")
        return next((at for at, event in reversed(so_far.log) if isinstance(event, Answered) and event.entry == entry),
                    None)  # fmt: skip
    return alike[min(nth, len(alike)) - 1]


def _is_like(event: Event, said: Event) -> bool:
    return type(event) is type(said) and getattr(event, "entry", "") == getattr(said, "entry", "")
