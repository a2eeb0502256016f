"""The transcript of a case, packed into as few pages as Slack's limits allow. Pure; built from the log alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import (
    BOT,
    Absorbed,
    Amended,
    Answered,
    AskedIfItWorked,
    AskedToClose,
    AskedToRephrase,
    Claimed,
    Closed,
    CloseWarned,
    CollectEnded,
    CustomerLost,
    EntrySent,
    Event,
    FieldAsked,
    FieldSkipped,
    Fixed,
    HandedOff,
    HumanOffered,
    IncidentBegun,
    IncidentOver,
    Joined,
    Labelled,
    Listed,
    MemberJoined,
    Moved,
    NobodyReached,
    NoneOfThese,
    Offered,
    Picked,
    Rated,
    Reassigned,
    Released,
    Reopened,
    ReopenOffered,
    ReplyFailed,
    Resolved,
    SecondAsked,
    StillStuck,
    ThreadLost,
    Transferred,
    TurnedDown,
    WishedForHuman,
)
from bot.core.knowledge import Knowledge
from bot.core.saying import Post, TranscriptPage, TurnSaid, Words, is_at_desk
from bot.core.wording.card import reason_told, thread_of
from bot.core.wording.pieces import pieces

_VARIABLE = re.compile(r" ?\{\{[^{}]*\}\}")
PAGE = 9_000  # characters of turns a page: Slack refuses a message at about 13,200 in all blocks
TURNS = 40  # and turns a page
_SAY_BOTH = (Amended, Transferred, Reassigned, Resolved)  # what was done, and somebody's words on why
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
    if isinstance(event, ReopenOffered) and words:
        by = case.place.requester  # we offered it because of what they wrote
    if isinstance(event, MemberJoined) and event.excerpts:
        return _written(at, event)
    own = _own_words(event, knowledge)
    told = (TurnSaid(at, by, text=own),) if own else ()
    if words and isinstance(event, _SAY_BOTH):
        return (*told, *_cut(TurnSaid(at, by, words=Words(case.id, position)), words))
    return _cut(TurnSaid(at, by, words=Words(case.id, position)), words) if words else told


def _written(at: float, event: MemberJoined) -> Sequence[TurnSaid]:
    """What a customer wrote whose case belongs to an incident."""
    by, of = event.member.requester, event.member.case
    return [TurnSaid(at, by, words=Words(of, one.position), start=one.start, end=one.end) for one in event.excerpts]


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


def _own_words(event: Event, knowledge: Knowledge) -> str:  # noqa: C901, PLR0912, PLR0915  one branch an event
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
        case AskedIfItWorked(paused=False):
            return _fill(said["asked_if_it_worked"], title=_title(event.entry, knowledge))
        case CloseWarned():
            return said["close_warned"]
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
            reason = reason_told(event.reason, event.rule)
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
        case EntrySent():
            return _fill(said["entry_sent"], title=_title(event.entry, knowledge), entry=event.entry)
        case Released():
            return said["released"]
        case Transferred():
            queue = knowledge.rules.queues.get(event.queue)
            what = "moved_up" if event.rung else "escalated" if event.tier else "transferred"
            return _fill(said[what], role=queue.role if queue else event.queue)
        case Reassigned():
            return said["reassigned"]
        case Resolved():
            return _fill(said["resolved"], code=event.code)
        case Rated():
            return _fill(said["rated"], score=str(event.score))
        case Closed():
            return _fill(said["closed"], outcome=event.outcome.replace("_", " "))
        case Amended():
            return said["took_back" if event.gone else "changed"]
        case Reopened():
            return said["reopened"]
        case ReopenOffered():
            return said["offer_reopen"]
        case Joined():
            return _fill(said["joined"], case=event.into)
        case Absorbed():
            return _fill(said["absorbed"], case=event.case)
        case Listed():
            return _fill(said["listed"], incident=event.incident)
        case IncidentBegun():
            return said["incident_begun"]
        case IncidentOver():
            return said["incident_over"]
        case MemberJoined():
            return _fill(said["member"], case=event.member.case)
        case FieldAsked():
            return _fill(said["field_asked"], ask=event.ask)
        case FieldSkipped():
            return said["field_skipped"]
        case CollectEnded() if event.how == "silence":
            return said["silence"]
        case _:
            return ""


def _title(entry: str, knowledge: Knowledge) -> str:
    return knowledge.entries[entry].title if entry in knowledge.entries else entry


def _fill(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
