"""What follows when somebody says which entry they meant, by a button or in words. Pure."""

from __future__ import annotations

from bot.core.entries import Entry
from bot.core.events import BOT, Answered, Event, NoneOfThese, Picked
from bot.core.scene import Scene
from bot.core.tier1.answering import (
    Question,
    after_failure,
    person_offered,
    tagged,
    to_people,
    turned_down,
    verdict_on,
)


def picked(scene: Scene, asked: Question, entry: Entry, position: int) -> tuple[Event, ...]:
    """A choice under the offer at `position`: the entry's answer, and an example for that entry."""
    pick = Picked(
        at=scene.now, actor=scene.person.id, entry=entry.id, position=position, words=asked.written,
        slack_ts=asked.slack_ts, files=asked.files,
    )  # fmt: skip
    return (pick, *served(scene, asked, entry))


def none_of_these(scene: Scene, asked: Question, position: int, *, again: bool = False) -> tuple[Event, ...]:
    """None of those offered at `position`: one failed attempt."""
    none = NoneOfThese(
        at=scene.now, actor=scene.person.id, position=position, again=again, words=asked.written,
        slack_ts=asked.slack_ts, files=asked.files,
    )  # fmt: skip
    if scene.case.state != "open" or again:
        return (none,)
    return (none, *after_failure(scene, asked, "none_of_these"))


def served(scene: Scene, asked: Question, entry: Entry) -> tuple[Event, ...]:
    """The chosen entry's answer, unless a rule sends this entry to people or refuses it."""
    verdict = verdict_on(scene, asked, entry=entry, failed=scene.case.failed, band="sure")
    before, decided = tagged(scene, verdict), verdict.trigger
    if decided is not None and decided.then.action == "handoff":
        return (*before, *to_people(scene, asked, verdict, entry))
    if decided is not None and decided.then.action == "refuse":
        return (*before, turned_down(scene, decided))
    confidence = next((shown.confidence for shown in scene.case.shown if shown.entry == entry.id), 0.0)
    answered = Answered(
        at=scene.now, actor=BOT, entry=entry.id, confidence=confidence, candidates=scene.case.candidates, how="picked"
    )
    return (*before, answered, *((person_offered(scene, decided),) if decided is not None else ()))
