"""What a customer did in a case, read back from its log, turn by turn. Pure.

Each event says what somebody did, or what followed from it; what was decided at once has one time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.core.events import (
    Asked,
    Chatted,
    Closed,
    CollectEnded,
    Event,
    FieldGiven,
    FieldSkipped,
    FieldUnclear,
    Fixed,
    Labelled,
    NoneOfThese,
    Opened,
    Picked,
    Rejected,
    Reopened,
    ReopenOffered,
    SecondAsked,
    StillStuck,
    ThreadOpened,
    WishedForHuman,
)
from bot.core.logged import Line
from bot.core.stimuli import File, PressKind

_FILE = re.compile(r"\[(.*), ([^,\]]*)\] ?(\S*)")


@dataclass(frozen=True, slots=True)
class Wrote:
    """A message. `overheard`: not to us; `answers`: it was written to a question of ours before a handoff."""

    text: str
    channel: str
    slack_ts: str
    files: tuple[File, ...] = ()
    by_bot: bool = False
    too_fast: bool = False
    overheard: bool = False
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Commanded:
    """`/tier1 TEXT`, in `channel`."""

    text: str
    channel: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button, under the message that was said because of the event at `under`; 0 if that does not matter."""

    kind: PressKind
    choice: str = ""
    under: int = 0
    home: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """Questions of ours answered without a message: each field with its value, "" where it was skipped."""

    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing of theirs: the case was closed."""

    event: Closed


Did = Wrote | Commanded | Pressed | Filled | Ended


@dataclass(frozen=True, slots=True)
class LoggedTurn:
    """What was decided at once: `events`, because of what they `did`; None if that was nothing.

    `erased`: it was words, which are gone. `silence`: they had not answered a question of ours.
    """

    at: datetime
    lines: tuple[Line, ...]
    did: Did | None
    erased: bool = False
    silence: bool = False

    @property
    def answers(self) -> bool:
        """Whether they answered a question of ours, be it late."""
        return isinstance(self.did, Filled) or (isinstance(self.did, Wrote) and self.did.answers)

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(line.event for line in self.lines)


def retraced(lines: Sequence[Line]) -> tuple[LoggedTurn, ...]:
    """Return the turns of a case in order; `lines` are its whole log, or the beginning of it."""
    opened = lines[0].event if lines and isinstance(lines[0].event, Opened) else None
    requester, channel = (opened.requester, opened.channel) if opened else ("", "")
    turns: list[LoggedTurn] = []
    for at, together in groupby(lines, key=lambda line: line.event.at):
        here = tuple(together)
        for line in here:
            if isinstance(line.event, ThreadOpened):
                channel = line.event.channel
        events = [line.event for line in here if _is_theirs(line.event, requester)]
        did = next(_done(events, channel, by_command=bool(opened and opened.quoted_from) and not turns), None)
        silence = any(isinstance(line.event, CollectEnded) and line.event.how == "silence" for line in here)
        turns.append(LoggedTurn(at, here, did, any(map(_is_erased, events)), silence))
    return tuple(turns)


def _is_theirs(event: Event, requester: str) -> bool:
    if isinstance(event, Chatted):
        return event.actor == requester and event.kind != "bystander"
    return isinstance(event, ReopenOffered | Closed) or event.actor == requester


def _done(events: Sequence[Event], channel: str, *, by_command: bool) -> Iterator[Did]:
    """What these may have come from, the likeliest first: words are never a consequence, an end often is."""
    for event in events:
        words, slack_ts = _written(event), str(getattr(event, "slack_ts", ""))
        if words is not None and slack_ts:
            yield _wrote(event, words, slack_ts, str(getattr(event, "channel", "")) or channel)
        elif words and by_command and isinstance(event, Asked | Chatted | WishedForHuman) and not _is_from_home(event):
            yield Commanded(words, event.channel)
    yield from _pressed(events)
    values = tuple(
        (event.field, event.words if isinstance(event, FieldGiven) else "")
        for event in events
        if isinstance(event, FieldGiven | FieldSkipped)
    )
    if values:
        yield Filled(values)
    for event in events:
        match event:
            case Reopened():
                yield Pressed("reopen")
            case Closed():
                yield Ended(event)
            case _:
                continue


def _pressed(events: Sequence[Event]) -> Iterator[Pressed]:
    for event in events:
        match event:
            case WishedForHuman():
                yield Pressed("human", home=bool(event.words))
            case Picked():
                yield Pressed("pick", event.entry, event.position)
            case NoneOfThese():
                yield Pressed("none_of_these", under=event.position)
            case SecondAsked():
                yield Pressed("second", event.entry, event.position)
            case StillStuck():
                yield Pressed("stuck", event.entry, event.position)
            case Labelled():
                yield Pressed(event.label, event.entry, event.asked_at)
            case Fixed():
                yield Pressed("fixed", event.entry, event.position)
            case _:
                continue


def _written(event: Event) -> str | None:
    """Their words, if the event is one that comes from a message or a command."""
    match event:
        case Asked() | Chatted() | WishedForHuman() | Rejected() | ReopenOffered():
            return event.words
        case Picked() | NoneOfThese() | StillStuck() | FieldGiven() | FieldSkipped() | FieldUnclear():
            return event.words
        case _:
            return None


def _is_from_home(event: Event) -> bool:
    return isinstance(event, WishedForHuman) and not event.response_url


def _is_erased(event: Event) -> bool:
    """Whether there must have been words. A message may have none: then it was small talk."""
    if _written(event) != "":
        return False
    if isinstance(event, Asked | FieldGiven):
        return True
    return not isinstance(event, Chatted) and bool(getattr(event, "slack_ts", ""))


def _wrote(event: Event, words: str, slack_ts: str, channel: str) -> Wrote:
    text, files = _without_files(words, int(getattr(event, "files", 0)))
    return Wrote(
        text=text,
        channel=channel,
        slack_ts=slack_ts,
        files=files,
        by_bot=isinstance(event, Asked) and event.by_bot,
        too_fast=isinstance(event, Chatted) and event.kind == "too_fast",
        overheard=isinstance(event, Chatted) and event.kind == "overheard",
        answers=isinstance(event, FieldGiven | FieldSkipped | FieldUnclear),
    )


def _without_files(words: str, count: int) -> tuple[str, tuple[File, ...]]:
    """The words and the files that are named beneath them, a line each."""
    if not count:
        return words, ()
    lines = words.split("\n")
    named = (_FILE.fullmatch(line) for line in lines[-count:])
    return "\n".join(lines[:-count]), tuple(File(found[1], found[2], found[3]) if found else File("", "", "")
                                            for found in named)  # fmt: skip
