"""What a press of a button means. Pure.

Only the requester may press outcomes and picks; only those with the right to it, the buttons on a card.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.core import sentences
from bot.core.answering import Question, after_failure, hand_over, handed_off, verdict_on
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
    match pressed.kind:
        case "human":
            return _human(scene, pressed)
        case "fixed":
            return _fixed(scene, pressed)
        case "stuck":
            return _stuck(scene, pressed)
        case "did_not_work" | "not_meant":
            label = Labelled(
                at=scene.now, actor=pressed.user, entry=pressed.choice, position=pressed.position, label=pressed.kind
            )
            return (label,) if case.version else ()
        case "pick":
            return _pick(scene, pressed)
        case "none_of_these":
            none = NoneOfThese(at=scene.now, actor=pressed.user, position=pressed.position)
            if case.state != "open":
                return (none,) if case.version else ()
            return (none, *after_failure(scene, _question(pressed), "none_of_these"))
        case "ask_else":
            if not case.with_people:
                return (refused(pressed, scene.now, sentences.JUST_ASK),)
            return (ElseAsked(at=scene.now, actor=pressed.user),)
        case "reopen":
            return _reopen(scene, pressed)
        case "claim" | "resolve" | "back":
            return ()
    assert_never(pressed.kind)


def _question(pressed: Press) -> Question:
    return Question(words="", channel=pressed.channel, slack_ts="")


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
    stuck = StillStuck(at=scene.now, actor=pressed.user, entry=pressed.choice, position=pressed.position)
    if case.with_people:
        return (stuck,)
    if case.state == "closed":
        return (stuck, ReopenOffered(at=scene.now, actor=BOT, words="", slack_ts=""))
    entry = scene.knowledge.entries.get(pressed.choice)
    return (stuck, *after_failure(scene, _question(pressed), "still_stuck", position=pressed.position, entry=entry))


def _pick(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """A choice under "Did you mean": the entry's answer, and an example for that entry."""
    case, now = scene.case, scene.now
    entry = scene.knowledge.entries.get(pressed.choice)
    shown = next((s for s in case.shown if s.entry == pressed.choice), None)
    if not case.version or shown is None:
        return ()
    if entry is None or entry.state in ("draft", "archived"):
        return (refused(pressed, scene.now, sentences.ENTRY_GONE),)
    picked = Picked(at=now, actor=pressed.user, entry=entry.id, position=pressed.position)
    if case.state != "open":
        return (picked, refused(pressed, scene.now, sentences.NOT_ANY_MORE))
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
