"""The shell around the core: look around, ask for a decision, write it down. It decides nothing itself."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from bot.core.case import Case, Unsettled
from bot.core.chapters import BRINGS_A_CARD, Chapter, chapters
from bot.core.clocks.clock import deadline
from bot.core.deciding import decide, give_up
from bot.core.dues import Due, clock_of
from bot.core.events import BOT, Event, Heard, Settled
from bot.core.joining.gathering import gathered, needs
from bot.core.knowledge import Knowledge
from bot.core.opening import opened_for
from bot.core.redaction import redact
from bot.core.scene import Scene
from bot.core.stimuli import (
    Again,
    AnyStimulus,
    Clocked,
    Command,
    Edit,
    HomeOpened,
    Message,
    Press,
    Silence,
    as_message,
    with_text,
    without_text,
)
from bot.errors import AlreadyHeard, StaleCase, StoreError
from bot.ports import Book, Directory
from bot.surroundings import Around, look_around, look_at_requester, look_beside

log = logging.getLogger(__name__)

TRIES = 5  # deciding again after somebody else was quicker is free
DECIDE_WITHIN = 1.0  # seconds; Slack waits three for the acknowledgement
AGAIN_AFTER = timedelta(seconds=5)
MOST_A_MINUTE = 600  # stimuli of one person: the core is short with people long before
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Decided:
    """`handoffs`: how many there were, if one more would have made it another decision."""

    chapters: tuple[Chapter, ...]
    handoffs: int | None = None


class Desk:
    """Where every stimulus comes in. `written` is called with the lanes in which there is something new to say."""

    def __init__(
        self,
        book: Book,
        directory: Directory,
        knowledge: Callable[[], Knowledge],
        *,
        clock: Callable[[], datetime],
        written: Callable[[Sequence[str]], None],
    ) -> None:
        self._book, self._directory, self._knowledge = book, directory, knowledge
        self._clock, self._written = clock, written
        # One person's stimuli are heard one after the other; where people meet in a case, the store says who was first.
        self._turns = tuple(threading.Lock() for _ in range(64))
        # In a surge all write to the same incident: one after the other, as else most of them would be overtaken.
        self._among_others = threading.RLock()
        self._floods = _Floods()
        self._thinking = ThreadPoolExecutor(max_workers=8, thread_name_prefix="deciding")

    def hear(self, stimulus: AnyStimulus) -> None:
        """Return once the stimulus and all that follows from it are stored. Raises `StoreError` if they are not.

        What one person sends beyond `MOST_A_MINUTE` is not stored: no person is that fast, and others wait.
        """
        by_person = isinstance(stimulus, Message | Edit | Press | Command | HomeOpened)
        if by_person and self._floods.holds_back(stimulus, self._clock()):
            return
        self._hear(stimulus)
        if isinstance(stimulus, Press) and stimulus.home and stimulus.kind != "home":
            self._show_home_again(stimulus)

    def _show_home_again(self, press: Press) -> None:
        """What they pressed there has come to something. If it cannot be shown now, it is when they look again."""
        try:
            self._hear(HomeOpened(key=f"home:{press.key}", team=press.team, user=press.user, external=press.external))
        except StoreError as error:
            log.warning("the Home tab of %s stays as it was: %s", press.user, error)

    def _hear(self, stimulus: AnyStimulus) -> None:
        with self._turns[hash((stimulus.team, stimulus.user)) % len(self._turns)]:
            for tried in range(TRIES):
                taken, gone = self._taken(stimulus)
                if self._book.is_heard(taken.key):
                    return
                try:
                    with self._among_others if tried else nullcontext():
                        self._hear_once(taken, gone=gone)
                except StaleCase:
                    continue
                except AlreadyHeard:
                    if taken is stimulus:
                        return
                    continue  # its message came meanwhile: now it is an edit of that
                return
        raise StaleCase(f"{stimulus.key}: the case kept moving while it was decided; it will be delivered again")

    def tick(self) -> bool:
        """Do what is due, or as much of it as is done at once. Returns whether there was anything."""
        taken = self._book.take_due(self._clock())
        for due in taken:
            self.hear(_when_due(due))
            self._book.settle_due(due)
        return bool(taken)

    def wake(self) -> None:
        """See of every open case, one after the other, whether anything is due: to be called where rules are new."""
        self._book.wake(self._clock())

    def close(self) -> None:
        self._thinking.shutdown(wait=False, cancel_futures=True)

    def _taken(self, stimulus: AnyStimulus) -> tuple[AnyStimulus, bool]:
        """An edit that overtook its message, or whose message never came, is heard as the message; and whether that
        was taken away before it came."""
        message = as_message(stimulus) if isinstance(stimulus, Edit) else None
        if message is None or self._book.is_heard(message.key):
            return stimulus, False
        return message, isinstance(stimulus, Edit) and stimulus.text is None

    def _hear_once(self, stimulus: AnyStimulus, *, gone: bool) -> None:
        now, knowledge = self._clock(), self._knowledge()
        if isinstance(stimulus, Again):
            self._decide_again(stimulus, knowledge, now)
            return
        around = look_around(stimulus, self._book, self._directory, knowledge.rules, now)
        if around is None:
            return
        if gone:  # remembered, so that it is left alone when it comes
            self._book.append((), stimulus=stimulus, versions=knowledge.versions, at=now)
            return
        with ExitStack() as alone:
            try:
                decided = self._decided(around, stimulus, knowledge, now, alone)
            except StoreError:
                raise
            except Exception:  # nothing a customer does may be lost to a mistake of ours
                if isinstance(stimulus, HomeOpened) or (isinstance(stimulus, Press) and stimulus.kind == "home"):
                    log.exception("could not decide %s; they may look again", stimulus.key)
                    return
                log.exception("could not decide %s; it is kept and tried again", stimulus.key)
                self._keep(around, stimulus, knowledge, now)
                return
            self._append(decided.chapters, stimulus, knowledge, now, handoffs=decided.handoffs)
            if isinstance(stimulus, Clocked) and not decided.chapters:
                rules = knowledge.rules
                self._book.wind(around.case, clock_of(around.case, rules, now), deadline(around.case, rules))

    def _decided(
        self,
        around: Around,
        stimulus: AnyStimulus,
        knowledge: Knowledge,
        now: datetime,
        alone: ExitStack,
        *first: Event,
    ) -> _Decided:
        """What follows from the stimulus, after `first`. Raises whatever deciding raises, and `TimeoutError`.

        What concerns other people's cases too is decided, and written down, while `alone` among its like.
        """
        case = around.case
        deciding = self._thinking.submit(decide, case, stimulus, around.surroundings, knowledge, now)
        events = (*first, *deciding.result(timeout=DECIDE_WITHIN))
        scene = Scene(case, around.surroundings, knowledge, now)
        if "others" in needs(events, knowledge.rules):
            alone.enter_context(self._among_others)
        beside = look_beside(scene, stimulus, events, self._book)
        if beside.incidents:  # as there are, whoever else is heard now may be about to join one
            alone.enter_context(self._among_others)
            beside = look_beside(scene, stimulus, events, self._book)
        found = gathered(scene, stimulus, events, beside)
        others = [each for one in found.elsewhere for each in self._chapters(one.case, one.events, knowledge)]
        written = (*others, *self._chapters(case, found.events, knowledge))
        return _Decided(written, beside.handoffs if found.counted else None)

    def _chapters(self, case: Case, events: Sequence[Event], knowledge: Knowledge) -> tuple[Chapter, ...]:
        needs_past = case.version and any(isinstance(event, BRINGS_A_CARD) for event in events)
        return chapters(case, events, knowledge, self._book.log(case.id) if needs_past else ())

    def _append(
        self,
        written: Sequence[Chapter],
        stimulus: AnyStimulus,
        knowledge: Knowledge,
        now: datetime,
        *dues: Due,
        handoffs: int | None = None,
    ) -> None:
        if written:
            self._written(
                self._book.append(
                    written, stimulus=stimulus, versions=knowledge.versions, at=now, dues=dues, handoffs=handoffs
                )
            )

    def _keep(self, around: Around, stimulus: AnyStimulus, knowledge: Knowledge, now: datetime) -> None:
        bare, text = without_text(stimulus)
        heard = Heard(
            at=now, actor=stimulus.user, words=redact(text, also=knowledge.rules.redaction).text, stimulus=bare
        )
        case = around.case
        if case.state == "closed" and isinstance(stimulus, Message):
            case = Case(around.surroundings.fresh, case.place)
        events = (heard,) if case.version else (opened_for(stimulus, case, now), heard)
        due = Due(case.id, case.version + len(events), now + AGAIN_AFTER)
        self._append(self._chapters(case, events, knowledge), stimulus, knowledge, now, due)

    def _decide_again(self, again: Again, knowledge: Knowledge, now: datetime) -> None:
        heard, case = self._book.heard(again.case, again.position), self._book.case(again.case)
        waiting = next((u for u in case.unsettled if u.position == again.position), None) if case else None
        if heard is None or case is None or waiting is None:
            return
        stimulus = with_text(heard.stimulus, heard.words)
        settled = Settled(at=now, actor=BOT, position=again.position)
        with ExitStack() as alone:
            try:
                decided = self._decided_after_all(case, stimulus, settled, knowledge, alone)
            except StoreError:
                raise
            except Exception:
                log.exception("could not decide %s, try %d", stimulus.key, waiting.attempts + 1)
                self._give_up(again, case, waiting, knowledge, now)
                return
            self._append(decided.chapters, again, knowledge, now, handoffs=decided.handoffs)

    def _decided_after_all(
        self, case: Case, stimulus: AnyStimulus, settled: Settled, knowledge: Knowledge, alone: ExitStack
    ) -> _Decided:
        """What follows from a stimulus that this case has kept."""
        now = settled.at
        around = look_around(stimulus, self._book, self._directory, knowledge.rules, now)
        if around is not None and isinstance(stimulus, Command):
            around = Around(case, around.surroundings)  # a command has no place where its case could be found
        if around is None:
            return _Decided(self._chapters(case, (settled,), knowledge))
        if around.case.id == case.id:
            return self._decided(around, stimulus, knowledge, now, alone, settled)
        # It is about another case by now.
        own = self._chapters(case, (settled,), knowledge)
        there = self._decided(around, stimulus, knowledge, now, alone)
        return _Decided((*own, *there.chapters), there.handoffs)

    def _give_up(self, again: Again, case: Case, waiting: Unsettled, knowledge: Knowledge, now: datetime) -> None:
        around = look_at_requester(case, self._book, self._directory, knowledge.rules, now)
        scene, attempt = Scene(case, around, knowledge, now), waiting.attempts + 1
        try:
            events = give_up(scene, again.position, attempt)
        except Exception:  # what could not be decided may be what is needed here
            log.exception("could not hand off %s by the rules, so whoever gets all else has it", case.id)
            events = give_up(scene, again.position, attempt, blindly=True)
        written = self._chapters(case, events, knowledge)
        if any(isinstance(event, Settled) for event in events):
            self._append(written, again, knowledge, now)
            return
        due = Due(case.id, again.position, now + AGAIN_AFTER * 2 ** (waiting.attempts + 1))
        self._append(written, again, knowledge, now, due)


def _when_due(due: Due) -> AnyStimulus:
    """What reaches the desk when the time has come. The store says that it comes once."""
    key = f"{due.kind}:{due.case}:{due.position}:{due.at.isoformat()}"
    match due.kind:
        case "again":
            return Again(key=key, team="", user=BOT, case=due.case, position=due.position)
        case "silence":
            return Silence(key=key, team="", user=BOT, case=due.case, position=due.position)
        case "clock":
            return Clocked(key=key, team="", user=BOT, case=due.case)
    assert_never(due.kind)


class _Floods:
    """Who sends so much that it is not even looked at, minute by minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = datetime.min.replace(tzinfo=UTC)
        self._counts: Counter[tuple[str, str]] = Counter()

    def holds_back(self, stimulus: AnyStimulus, now: datetime) -> bool:
        """Count one more, and say whether it is too many. The log hears of it once a minute and person."""
        with self._lock:
            if now >= self._until:
                self._counts.clear()
                self._until = now + MINUTE
            person = (stimulus.team, stimulus.user)
            self._counts[person] += 1
            count = self._counts[person]
        if count == MOST_A_MINUTE + 1:
            log.warning("%s sends more than %d messages and presses a minute: no more are taken until it is over",
                        stimulus.user, MOST_A_MINUTE)  # fmt: skip
        return count > MOST_A_MINUTE
