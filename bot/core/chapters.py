"""What one decision adds to the log, case by case, with everything that must be said because of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.case import Case, outbox_id
from bot.core.clocks.clock import Deadline, deadline
from bot.core.dues import Due, clock_of, dues_of
from bot.core.events import Event, HandedOff, Moved, NobodyReached, Opened, ThreadLost, Transferred
from bot.core.folding import evolve
from bot.core.knowledge import Knowledge
from bot.core.saying import Redirect, Said
from bot.core.speech import speech
from bot.core.wording.places import redirected
from bot.core.wording.transcript import transcript

# Or may, with the transcript of the whole case under it.
BRINGS_A_CARD = (HandedOff, Transferred, Moved, NobodyReached, ThreadLost)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one decision adds to one case. `before` is the case as it was decided on, `after` as it is now.

    `before.version` is what the store checks; 0 begins a case. Where `after.state` is "new" no case began: the events
    stand alone in the log, without a position, and nothing is kept of `after`. `redirects` count after `said`.
    Where `dues` have no clock, none of the case's runs from now on. `deadline` is the one that people see of `after`.
    """

    before: Case
    after: Case
    events: tuple[Event, ...]
    said: tuple[Said, ...]
    redirects: tuple[Redirect, ...] = ()
    dues: tuple[Due, ...] = ()
    deadline: Deadline | None = None


def chapters(
    case: Case, events: Sequence[Event], knowledge: Knowledge, past: Sequence[tuple[int, Event]] = ()
) -> tuple[Chapter, ...]:
    """Split events where a case opens, fold each part, and collect what it says.

    `past`: the log of `case` so far, with positions, which a transcript needs.
    """
    written: list[Chapter] = []
    part: list[Event] = []
    for event in events:
        if isinstance(event, Opened) and (part or case.version):
            if part:
                written.append(_chapter(case, part, knowledge, past))
            case, part, past = Case(event.case, case.place), [], ()
        part.append(event)
    if part:
        written.append(_chapter(case, part, knowledge, past))
    return tuple(written)


def _chapter(before: Case, events: Sequence[Event], knowledge: Knowledge, past: Sequence[tuple[int, Event]]) -> Chapter:
    after, said, redirects, dues = before, list[Said](), list[Redirect](), list[Due]()
    log = list(past)
    for event in events:
        then, after = after, evolve(after, event)
        log.append((after.version, event))
        here = list(speech(after, event, knowledge))
        if after.card == after.version:
            first = len(here)
            here += [
                Said(outbox_id(after.id, after.version, first + n), after.id, after.version, page)
                for n, page in enumerate(transcript(after, log, knowledge))
            ]
        said += here
        redirects += redirected(then, after, event)
        dues += dues_of(after, event)
    dues += clock_of(after, knowledge.rules, events[-1].at)
    due_next = deadline(after, knowledge.rules)
    return Chapter(before, after, tuple(events), tuple(said), tuple(redirects), tuple(dues), due_next)
