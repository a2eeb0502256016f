"""What a decision comes to while the bot is paused: people answer instead of it. Pure.

What the bot would have answered, asked or offered is left out, and whoever turned to it gets a person. What people have
already goes on as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import (
    BOT,
    Answered,
    Asked,
    AskedIfItWorked,
    AskedToClose,
    AskedToRephrase,
    Chatted,
    CollectBegun,
    Event,
    FieldAsked,
    Forwarded,
    HandedOff,
    HumanOffered,
    Labelled,
    Missed,
    NoneOfThese,
    Offered,
    Opened,
    Rejected,
    Released,
    Reopened,
    ReopenOffered,
    StillStuck,
    SurveyAsked,
    TurnedDown,
    WishedForHuman,
)
from bot.core.folding import evolve
from bot.core.matches import Band, Match
from bot.core.permissions import refused
from bot.core.rulebook.triggers import PAUSED
from bot.core.scene import Scene
from bot.core.stimuli import AnyStimulus, Clocked, Command, Edit, Message, Press, Silence, Submission
from bot.core.tier1 import collecting
from bot.core.tier1.answering import Question, handed_off, verdict_on


def by_people(scene: Scene, stimulus: AnyStimulus, decided: Sequence[Event]) -> tuple[Event, ...]:
    """The decision as it is where the bot may speak; where it is paused, with people in its place."""
    if isinstance(stimulus, Clocked) and scene.is_paused(scene.case.place.channel):
        return tuple(replace(event, paused=True) if isinstance(event, AskedIfItWorked) else event for event in decided)
    place = _place(scene, stimulus)
    if place is None or not scene.is_paused(place):
        return tuple(decided)
    if isinstance(stimulus, Press) and any(isinstance(event, Released) for event in decided):
        return (refused(stimulus, scene.now, sentences.PAUSED_NO_BACK),)
    left = _without_the_bot(scene, decided)
    if left.handoff is None and not left.silenced:
        return left.kept
    if not (_is_addressed(scene, stimulus) or any(isinstance(event, WishedForHuman) for event in decided)):
        return _overheard(scene, decided)
    if left.reopens and scene.around.place_taken:
        taken = (refused(stimulus, scene.now, sentences.ANOTHER_IS_OPEN),) if isinstance(stimulus, Press) else ()
        return (*left.kept, *taken)
    return (*left.kept, *_handed(scene, left, place))


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of a decision without the bot: the facts, and what was known of the subject.

    `case` is where they lead to; `handoff`: how people were to be brought in after some questions; `silenced`: the bot
    had something to say.
    """

    kept: tuple[Event, ...]
    case: Case
    candidates: tuple[Match, ...] = ()
    entry: str = ""
    band: Band | None = None
    handoff: HandedOff | None = None
    silenced: bool = False
    reopens: bool = False


def _without_the_bot(scene: Scene, decided: Sequence[Event]) -> _Left:  # noqa: C901, PLR0912  one branch a kind
    left = _Left((), scene.case)
    for event in decided:
        match event:
            case Answered():
                left = replace(left, candidates=event.candidates, entry=event.entry, band="sure", silenced=True)
            case Offered():
                best = event.candidates[0].entry
                left = replace(left, candidates=event.candidates, entry=best, band="unsure", silenced=True)
            case Missed():
                left = replace(left, candidates=event.candidates, band="none", silenced=True)
            case HumanOffered():
                left = replace(left, case=replace(left.case, offered_by=event.rule), silenced=True)
            case AskedToRephrase() | TurnedDown() | FieldAsked():
                left = replace(left, silenced=True)
            case AskedToClose():
                continue
            case SurveyAsked() if scene.person.id == scene.case.place.requester:
                continue  # after what people did it is asked as ever
            case CollectBegun():
                left = replace(left, handoff=event.handoff, silenced=True)
            case ReopenOffered():
                left = _reopened(scene, left, event)
            case Chatted(reply=True) if event.kind == "help":
                left = _with(left, replace(event, kind="paused"))
            case Chatted(reply=True) if event.kind != "too_fast":
                left = _with(left, replace(event, reply=False))
            case HandedOff():
                left = _with(left, replace(event, paused=True))
            case Labelled() | Reopened():
                left = _with(left, event)
                left = replace(left, silenced=left.silenced or (left.case.state == "open" and _is_first(event)))
            case _:
                left = _with(left, event)
    handed = any(isinstance(event, HandedOff) for event in left.kept)
    return replace(left, handoff=None, silenced=False, reopens=False) if handed else left


def _with(left: _Left, event: Event) -> _Left:
    before = Case(event.case, left.case.place) if isinstance(event, Opened) else left.case
    return replace(left, kept=(*left.kept, event), case=evolve(before, event))


def _is_first(event: Labelled | Reopened) -> bool:
    return not (isinstance(event, Labelled) and event.again)


def _reopened(scene: Scene, left: _Left, offered: ReopenOffered) -> _Left:
    """Who says that it is not solved after all need not press a button first. `words` go to those who have it then."""
    if scene.around.place_taken:
        return replace(left, silenced=True, reopens=True)
    user, channel = scene.person.id, scene.case.place.channel
    left = replace(_with(left, Reopened(at=scene.now, actor=user)), silenced=True, reopens=True)
    if left.case.with_people:
        left = replace(left, silenced=False)
    if not offered.words:
        return left
    said: Event = Rejected(
        at=scene.now, actor=user, words=offered.words, slack_ts=offered.slack_ts, entry=left.case.entry or ""
    )
    if left.case.with_people:
        said = Forwarded(at=scene.now, actor=user, words=offered.words, channel=channel, slack_ts=offered.slack_ts)
    return _with(left, said)


def _handed(scene: Scene, left: _Left, place: str) -> tuple[Event, ...]:
    """People, as the rules say; where none of them does, because the bot is paused."""
    if left.handoff is not None:
        return (replace(left.handoff, paused=True),)
    case = left.case
    if case.collecting is not None:
        over = collecting.handed_over(case, case.collecting, scene.knowledge, scene.now, "paused")
        return tuple(replace(event, paused=True) if isinstance(event, HandedOff) else event for event in over)
    here = replace(scene, case=replace(case, candidates=left.candidates or case.candidates))
    entry = scene.knowledge.entries.get(left.entry or case.entry or "")
    asked = next((event for event in left.kept if isinstance(event, Asked)), None)
    words = asked.words if asked else ""
    question = Question(words, words, asked.channel if asked else place, "", files=asked.files if asked else 0)
    verdict = verdict_on(
        here, question, entry=entry, failed=case.failed, feedback=_feedback(left.kept), band=left.band, paused=True
    )
    handed = replace(handed_off(here, question, verdict, entry), paused=True)
    if verdict.trigger is not None and verdict.trigger.then.action == "handoff":
        return (handed,)
    return (replace(handed, rule=PAUSED, reason=_reason(left), because=""),)


def _reason(left: _Left) -> str:
    if _feedback(left.kept):
        return "negative_feedback"
    return "low_confidence" if left.band == "none" else "category_policy"


def _feedback(kept: Sequence[Event]) -> str | None:
    for event in kept:
        match event:
            case StillStuck():
                return "still_stuck"
            case Labelled():
                return event.label
            case Rejected():
                return "rejection"
            case NoneOfThese():
                return "none_of_these"
            case _:
                continue
    return None


def _overheard(scene: Scene, decided: Sequence[Event]) -> tuple[Event, ...]:
    """Nobody turned to the bot: it is as if it had read nothing, but for a line in the log."""
    for event in decided:
        match event:
            case Asked() | ReopenOffered() | Rejected() | StillStuck():
                channel = event.channel if isinstance(event, Asked) else scene.case.place.channel
                return (
                    Chatted(
                        at=scene.now, actor=event.actor if event.actor != BOT else scene.person.id, words=event.words,
                        slack_ts=event.slack_ts, channel=channel, kind="overheard",
                    ),
                )  # fmt: skip
            case _:
                continue
    return ()


def _place(scene: Scene, stimulus: AnyStimulus) -> str | None:
    """Where the bot would speak; None if this is no customer's affair."""
    match stimulus:
        case Message() | Edit() if not scene.around.at_card:
            return stimulus.channel
        case Command():
            return stimulus.channel
        case Press() | Submission() | Silence():
            return scene.case.place.channel
        case _:
            return None


def _is_addressed(scene: Scene, stimulus: AnyStimulus) -> bool:
    if not isinstance(stimulus, Message | Edit):
        return True
    return stimulus.direct or stimulus.mentions_us or scene.case.is_open
