"""The transcript of a case, packed into as few pages as Slack's limits allow. Pure; built from the log alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core import sentences
from bot.core.card import thread_of
from bot.core.case import Case
from bot.core.events import (
    BOT,
    Answered,
    AskedToClose,
    AskedToRephrase,
    Claimed,
    Closed,
    CustomerLost,
    Event,
    Fixed,
    HandedOff,
    HumanOffered,
    Labelled,
    Moved,
    NobodyReached,
    NoneOfThese,
    Offered,
    Picked,
    Released,
    Reopened,
    ReopenOffered,
    ReplyFailed,
    SecondAsked,
    StillStuck,
    ThreadLost,
    TurnedDown,
    WishedForHuman,
)
from bot.core.knowledge import Knowledge
from bot.core.pieces import pieces
from bot.core.saying import Post, TranscriptPage, TurnSaid, Words, is_at_desk

_VARIABLE = re.compile(r" ?\{\{[^{}]*\}\}")
PAGE = 9_000  # characters of turns a page: Slack refuses a message at about 13,200 in all blocks
TURNS = 40  # and turns a page
_OVERHEAD = 60  # what time and author of a turn take


def transcript(case: Case, log: Iterable[tuple[int, Event]], knowledge: Knowledge) -> tuple[Post, ...]:
    """Return the pages, oldest turn first, for the thread under the card. `log`: each event with its position."""
    turns = [turn for position, event in log for turn in _turns(case, position, event, knowledge)]
    pages = _packed(turns)
    thread = thread_of(case, knowledge)
    return tuple(
        Post(where=thread, content=TranscriptPage(number, len(pages), page), urgent=False)
        for number, page in enumerate(pages, start=1)
    )


def _turns(case: Case, position: int, event: Event, knowledge: Knowledge) -> Sequence[TurnSaid]:
    at = event.at.timestamp()
    by = "" if event.actor == BOT else event.actor
    words = getattr(event, "words", "")
    own = _own_words(event, knowledge)
    if words:
        return _cut(TurnSaid(at, by, words=Words(case.id, position)), words)
    return (TurnSaid(at, by, text=own),) if own else ()


def _cut(turn: TurnSaid, words: str) -> Sequence[TurnSaid]:
    """A turn longer than a page, in pieces."""
    return [replace(turn, start=start, end=end) for start, end in pieces(words)]


def _packed(turns: Sequence[TurnSaid]) -> list[tuple[TurnSaid, ...]]:
    pages: list[tuple[TurnSaid, ...]] = []
    page: list[TurnSaid] = []
    size = 0
    for turn in turns:
        length = _OVERHEAD + len(turn.text) + ((turn.end or 0) - turn.start)
        if page and (size + length > PAGE or len(page) >= TURNS):
            pages.append(tuple(page))
            page, size = [], 0
        page.append(turn)
        size += length
    return [*pages, tuple(page)] if page else pages


def _own_words(event: Event, knowledge: Knowledge) -> str:  # noqa: C901, PLR0912  one branch an event
    """What an event without anybody's words looks like in a transcript; "" for what is no turn."""
    said = sentences.TURNS
    match event:
        case Answered():
            entry = knowledge.entries.get(event.entry)
            return _fill(
                said["answered"], title=_title(event.entry, knowledge), entry=event.entry,
                percent=f"{event.confidence * 100:.0f}", summary=_VARIABLE.sub("", entry.summary) if entry else "",
            )  # fmt: skip
        case Offered():
            return _fill(said["offered"], titles="; ".join(_title(m.entry, knowledge) for m in event.candidates))
        case AskedToRephrase():
            return said["rephrase"]
        case HumanOffered():
            return said["offered_human"]
        case TurnedDown():
            return said["turned_down"]
        case AskedToClose():
            return said["shall_i_close"]
        case Picked():
            return _fill(said["picked"], title=_title(event.entry, knowledge))
        case NoneOfThese():
            return said["none_of_these"]
        case SecondAsked():
            return _fill(said["second"], title=_title(event.entry, knowledge))
        case Fixed():
            return _fill(said["fixed"], title=_title(event.entry, knowledge))
        case StillStuck():
            return _fill(said["stuck"], title=_title(event.entry, knowledge))
        case Labelled():
            return _fill(said[event.label], title=_title(event.entry, knowledge))
        case WishedForHuman():
            return said["human"]
        case HandedOff():
            queue = knowledge.rules.queues.get(event.queue)
            reason = sentences.REASONS.get(event.reason, event.reason)
            return _fill(said["handed_off"], role=queue.role if queue else event.queue, reason=reason)
        case Moved():
            queue = knowledge.rules.queues.get(event.queue)
            return _fill(said["moved"], role=queue.role if queue else event.queue)
        case NobodyReached():
            return said["nobody_reached"]
        case ReplyFailed():
            return _fill(said["reply_failed"], why=event.why)
        case CustomerLost():
            return _fill(said["customer_lost"], why=event.why)
        case ThreadLost() if event.afresh and not is_at_desk(event.where):
            return said["thread_lost"]
        case Claimed():
            return said["claimed"]
        case Released():
            return said["released"]
        case Closed():
            return _fill(said["closed"], outcome=event.outcome.replace("_", " "))
        case Reopened():
            return said["reopened"]
        case ReopenOffered():
            return said["offer_reopen"]
        case _:
            return ""


def _title(entry: str, knowledge: Knowledge) -> str:
    return knowledge.entries[entry].title if entry in knowledge.entries else entry


def _fill(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
