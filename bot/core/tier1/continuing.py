"""What a message says of the bot's last words: which of the choices is meant, or that the answer did not help. Pure.

It leads to the same as the press of the button would.
"""

from __future__ import annotations

from bot.core.events import BOT, Event, ReopenOffered
from bot.core.intents import Intent
from bot.core.scene import Scene
from bot.core.tier1.answering import Question, still_stuck
from bot.core.tier1.choosing import none_of_these, picked
from bot.core.tier1.naming import named
from bot.core.tier1.remarks import remark_in

_NO_SMALL_TALK = (Intent.REJECTION, Intent.QUESTION, Intent.FRAGMENT)


def continued(scene: Scene, asked: Question, intent: Intent) -> tuple[Event, ...]:
    """What follows if the words speak of what the bot said last, and of nothing else; () if they do not.

    A wish for a person comes before that; thanks and the like may still name a choice ("yes, thanks").
    """
    if intent is Intent.HUMAN:
        return ()
    return _chosen(scene, asked) or (_unhelped(scene, asked) if intent in _NO_SMALL_TALK else ())


def _chosen(scene: Scene, asked: Question) -> tuple[Event, ...]:
    """They name one of those on offer, or none of them."""
    awaited, entries = scene.case.awaited, scene.knowledge.entries
    if scene.case.state != "open" or awaited is None or not awaited.is_offer:
        return ()
    offered = [entries.get(entry) for entry in awaited.entries]
    choice = named(asked.words, [entry.title if entry else "" for entry in offered])
    if choice is None:
        return ()
    if choice == "none":
        return none_of_these(scene, asked, awaited.position)
    entry = offered[choice]
    return picked(scene, asked, entry, awaited.position) if entry and entry.is_served else ()


def _unhelped(scene: Scene, asked: Question) -> tuple[Event, ...]:
    """They say that the last answer did not help."""
    case = scene.case
    remark = remark_in(asked.words)
    if remark is None or not remark.is_stuck or not remark.is_all:
        return ()
    if case.state == "closed":
        return (
            ReopenOffered(at=scene.now, actor=BOT, words=asked.written, slack_ts=asked.slack_ts, files=asked.files),
        )
    if case.state != "open" or case.awaited is None or case.awaited.is_offer:
        return ()
    return still_stuck(scene, asked, case.awaited.entries[0], case.awaited.position)
