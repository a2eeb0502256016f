"""What specialists do at a case's card and in its thread. Pure.

Nothing they write reaches the customer, unless the message begins with the bot's mention.
"""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Relayed
from bot.core.events import (
    Claimed,
    Closed,
    Event,
    Noted,
    Refused,
    Released,
    Replied,
    ReplyChanged,
    ReplyWithdrawn,
)
from bot.core.permissions import Right, may, refused
from bot.core.redaction import redact
from bot.core.scene import Scene
from bot.core.stimuli import Edit, Message, Press, slack_time


def write(scene: Scene, message: Message) -> tuple[Event, ...]:
    """A message in the card's thread: a reply to the customer if it begins with our mention, else a note among us."""
    case = scene.case
    if message.by_bot:
        return ()
    said = redact(message.text, also=scene.knowledge.rules.redaction).text
    if not message.opens_with_us:
        return (Noted(at=scene.now, actor=message.user, words=said, channel=message.channel, slack_ts=message.ts),)
    refusal = ""
    if not _may(scene, "claim"):
        refusal = sentences.NOT_YOUR_QUEUE
    elif not case.with_people:
        refusal = sentences.NOT_WITH_PEOPLE
    elif not said.strip():
        refusal = sentences.NOTHING_TO_SEND
    if refusal:
        noted = Noted(at=scene.now, actor=message.user, words=said, channel=message.channel, slack_ts=message.ts)
        return (noted, _kept_back(scene, message.user, message.channel, message.thread_ts, refusal))
    taken: tuple[Event, ...] = ()
    if case.state == "handed_off":  # whoever answers first has taken it
        taken = (Claimed(at=scene.now, actor=message.user),)
    replied = Replied(
        at=scene.now, actor=message.user, words=said, channel=message.channel, slack_ts=message.ts,
        edited=message.edited,
    )  # fmt: skip
    if message.files:
        stays = _kept_back(scene, message.user, message.channel, message.thread_ts, sentences.FILES_STAY)
        return (*taken, replied, stays)
    return (*taken, replied)


def change(scene: Scene, edit: Edit) -> tuple[Event, ...]:
    """An edited or deleted message in the card's thread follows to the customer if it had been delivered.

    Edits may come in any order: what is older than what the customer reads changes nothing.
    """
    relayed = next((r for r in scene.case.relayed if r.slack_ts == edit.ts), None)
    if relayed is None or _is_older(edit, relayed):
        return ()
    if edit.text is not None and not edit.opens_with_us:
        return (_kept_back(scene, edit.user, edit.channel, edit.thread_ts, sentences.EDIT_NEEDS_MENTION),)
    if edit.text is None:
        return (ReplyWithdrawn(at=scene.now, actor=edit.user, position=relayed.position),)
    words = redact(edit.text, also=scene.knowledge.rules.redaction).text
    return (ReplyChanged(at=scene.now, actor=edit.user, words=words, position=relayed.position, edited=edit.edited),)


def press_card(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """Claim, Resolve, Back to the bot."""
    case, now, user = scene.case, scene.now, pressed.user
    right: Right = "claim" if pressed.kind in ("claim", "back") else "resolve"
    if not case.version:
        return ()
    if not _may(scene, right):
        return (refused(pressed, scene.now, sentences.NOT_YOUR_QUEUE),)
    if case.state == "closed":
        return (refused(pressed, scene.now, sentences.IS_CLOSED),)
    if not case.with_people:
        return (refused(pressed, scene.now, sentences.NOT_AT_THE_DESK),)
    if pressed.kind == "claim":
        if case.owner is not None and case.claimed_at is not None:
            ago = int((now - case.claimed_at).total_seconds())
            why = sentences.YOURS_ALREADY if case.owner == user else sentences.TAKEN.replace("{ago}", f"{ago} s")
            return (refused(pressed, scene.now, why, who=case.owner),)
        return (Claimed(at=now, actor=user),)
    if pressed.kind == "resolve":
        return (Closed(at=now, actor=user, outcome="resolved_by_human"),)
    return (Released(at=now, actor=user),)


def _is_older(edit: Edit, relayed: Relayed) -> bool:
    if edit.text is None or not edit.edited or not relayed.edited:
        return False
    return slack_time(edit.edited) <= slack_time(relayed.edited)


def _kept_back(scene: Scene, user: str, channel: str, thread_ts: str | None, why: str) -> Refused:
    return Refused(at=scene.now, actor=user, action="reply", why=why, channel=channel, thread_ts=thread_ts)


def _may(scene: Scene, right: Right) -> bool:
    if scene.case.operators:
        return True  # they have it because nobody who was meant to can be reached
    return may(scene.person, right, scene.case.queue or "", scene.knowledge.rules)
