"""What a press of a button means. Pure.

Only the requester may press outcomes and picks; only those with the right to it, the buttons on a card.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, assert_never

from bot.core import sentences
from bot.core.answering import Question, after_failure, hand_over, handed_off, tagged, verdict_on
from bot.core.case import Case, Shown
from bot.core.entries import Entry
from bot.core.events import (
    BOT,
    Answered,
    Closed,
    ElseAsked,
    Event,
    Fixed,
    Labelled,
    NoneOfThese,
    Picked,
    Reopened,
    ReopenOffered,
    StillStuck,
    WishedForHuman,
)
from bot.core.opening import opened_for
from bot.core.permissions import refused
from bot.core.scene import Scene
from bot.core.specialists import press_card
from bot.core.stimuli import Press


def press(scene: Scene, pressed: Press) -> tuple[Event, ...]:  # noqa: C901, PLR0912  one branch a button
    case = scene.case
    if pressed.kind in ("claim", "resolve", "back"):
        return press_card(scene, pressed)
    owner = case.place.requester if pressed.case else pressed.asker or pressed.user
    if pressed.user != owner:
        return (refused(pressed, scene.now, sentences.NOT_YOURS, who=owner),)
    # A wish for a person may come from under a message of an earlier case here, whose positions are not this one's.
    if pressed.case and pressed.kind != "human" and not _was_shown(case, pressed):
        return ()
    match pressed.kind:
        case "human":
            return _human(scene, pressed)
        case "fixed":
            return _fixed(scene, pressed)
        case "stuck":
            return _stuck(scene, pressed)
        case "did_not_work" | "not_meant":
            return _labelled(scene, pressed, pressed.kind)
        case "pick":
            return _pick(scene, pressed)
        case "none_of_these":
            return _none_of_these(scene, pressed)
        case "ask_else":
            if not case.with_people:
                return (refused(pressed, scene.now, sentences.JUST_ASK),)
            return (ElseAsked(at=scene.now, actor=pressed.user),)
        case "reopen":
            return _reopen(scene, pressed)
        case "claim" | "resolve" | "back":
            return ()
    assert_never(pressed.kind)


def _was_shown(case: Case, pressed: Press) -> bool:
    """Whether the button can be one of ours: under a message of this case, and for an entry that it has seen."""
    return pressed.position <= case.version and (not pressed.choice or case.has_seen(pressed.choice))


def _question(pressed: Press) -> Question:
    return Question(words="", written="", channel=pressed.channel, slack_ts="")


def _human(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """A person, from wherever the button was: in a case, under a greeting, or under a case that is over."""
    case, now = scene.case, scene.now
    if case.with_people:
        return (refused(pressed, scene.now, sentences.ALREADY_WITH_PEOPLE),)
    wished = WishedForHuman(at=now, actor=pressed.user, channel=pressed.channel)
    if case.state == "open":
        return (wished, *hand_over(scene, _question(pressed)))
    if case.state == "closed" and not scene.around.place_taken:
        return (Reopened(at=now, actor=pressed.user), wished, *hand_over(scene, _question(pressed)))
    if case.state == "closed":
        return (refused(pressed, scene.now, sentences.ANOTHER_IS_OPEN),)
    is_test = scene.knowledge.rules.channel(pressed.channel).test
    opened = opened_for(pressed, case, now, is_test=is_test)
    return (opened, wished, *hand_over(replace(scene, case=Case(case.id, case.place)), _question(pressed)))


def _fixed(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    case = scene.case
    if not case.version:
        return ()
    fixed = Fixed(at=scene.now, actor=pressed.user, entry=pressed.choice, position=pressed.position)
    if case.state != "open":
        return (fixed,)  # people have it, or it is over: kept in the log, and the card's thread hears of it
    return (fixed, Closed(at=scene.now, actor=pressed.user, outcome="resolved_by_bot"))


def _stuck(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    case = scene.case
    if not case.version:
        return ()
    again = (pressed.position, "stuck") in case.pressed
    stuck = StillStuck(at=scene.now, actor=pressed.user, entry=pressed.choice, position=pressed.position, again=again)
    if case.with_people or again:
        return (stuck,)
    if case.state == "closed":
        return (stuck, ReopenOffered(at=scene.now, actor=BOT, words="", slack_ts=""))
    entry = scene.knowledge.entries.get(pressed.choice)
    return (stuck, *after_failure(scene, _question(pressed), "still_stuck", position=pressed.position, entry=entry))


def _labelled(scene: Scene, pressed: Press, label: Literal["did_not_work", "not_meant"]) -> tuple[Event, ...]:
    """What *Still stuck* meant. It belongs to the answer; a rule may send it to people."""
    case = scene.case
    if not case.version:
        return ()
    answer = next((shown.position for shown in case.shown if shown.entry == pressed.choice), pressed.position)
    again = (pressed.position, "label") in case.pressed
    labelled = Labelled(
        at=scene.now, actor=pressed.user, entry=pressed.choice, position=answer, asked_at=pressed.position,
        label=label, again=again,
    )  # fmt: skip
    if case.state != "open" or again:
        return (labelled,)
    entry = scene.knowledge.entries.get(pressed.choice)
    verdict = verdict_on(scene, _question(pressed), entry=entry, failed=case.failed, feedback=label)
    if verdict.trigger is not None and verdict.trigger.then.action == "handoff":
        return (labelled, *tagged(scene, verdict), handed_off(scene, _question(pressed), verdict, entry))
    return (labelled,)


def _pick(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """A choice under "Did you mean": the entry's answer, and an example for that entry."""
    case, now = scene.case, scene.now
    entry = scene.knowledge.entries.get(pressed.choice)
    shown = next((s for s in case.shown if s.entry == pressed.choice), None)
    if not case.version or shown is None:
        return ()
    if entry is None or entry.state in ("draft", "archived"):
        return (refused(pressed, scene.now, sentences.ENTRY_GONE),)
    again = (pressed.position, "choice") in case.pressed
    if again or case.state != "open":
        kept = Picked(at=now, actor=pressed.user, entry=entry.id, position=pressed.position, again=True)
        if again:
            return (kept,)
        why = sentences.ALREADY_WITH_PEOPLE if case.with_people else sentences.NOT_ANY_MORE
        return (kept, refused(pressed, scene.now, why))
    picked = Picked(at=now, actor=pressed.user, entry=entry.id, position=pressed.position)
    return (picked, *_served(scene, pressed, entry, shown))


def _served(scene: Scene, pressed: Press, entry: Entry, shown: Shown) -> tuple[Event, ...]:
    """The picked entry's answer, unless a rule sends this entry to people."""
    asked = _question(pressed)
    verdict = verdict_on(scene, asked, entry=entry, failed=scene.case.failed, band="sure")
    if verdict.trigger is not None and verdict.trigger.then.action == "handoff":
        return (handed_off(scene, asked, verdict, entry),)
    return (
        Answered(
            at=scene.now, actor=BOT, entry=entry.id, confidence=shown.confidence, candidates=scene.case.candidates,
            how="picked",
        ),
    )  # fmt: skip


def _none_of_these(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    case = scene.case
    if not case.version:
        return ()
    again = (pressed.position, "choice") in case.pressed
    none = NoneOfThese(at=scene.now, actor=pressed.user, position=pressed.position, again=again)
    if case.state != "open" or again:
        return (none,)
    return (none, *after_failure(scene, _question(pressed), "none_of_these"))


def _reopen(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    case = scene.case
    if case.is_open or not case.version:
        return (refused(pressed, scene.now, sentences.IS_OPEN),) if case.version else ()
    within = scene.knowledge.rules.duplicates.reopen_within
    if case.closed_at is None or scene.now - case.closed_at > within:
        return (refused(pressed, scene.now, sentences.TOO_LATE_TO_REOPEN),)
    if scene.around.place_taken:
        return (refused(pressed, scene.now, sentences.ANOTHER_IS_OPEN),)
    return (Reopened(at=scene.now, actor=pressed.user),)
