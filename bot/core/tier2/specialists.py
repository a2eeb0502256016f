"""What specialists write in the thread of a case's card. Pure.

Nothing they write reaches the customer, unless the message begins with the bot's mention.
"""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Relayed
from bot.core.events import Event, Noted, Refused, Replied, ReplyChanged, ReplyWithdrawn, StatusSaid
from bot.core.redaction import redact
from bot.core.scene import Scene
from bot.core.stimuli import Edit, Message, slack_time
from bot.core.tier2.at_desk import may_here, taken


def write(scene: Scene, message: Message) -> tuple[Event, ...]:
    """A message in the card's thread: a reply to the customer if it begins with our mention, else a note among us."""
    case = scene.case
    if message.by_bot:
        return ()
    said = redact(message.text, also=scene.knowledge.rules.redaction).text
    if not message.opens_with_us:
        return (Noted(at=scene.now, actor=message.user, words=said, channel=message.channel, slack_ts=message.ts),)
    refusal = ""
    if not may_here(scene, "claim"):
        refusal = sentences.NOT_YOUR_QUEUE
    elif not case.with_people:
        refusal = sentences.NOT_WITH_PEOPLE
    elif not said.strip():
        refusal = sentences.NOTHING_TO_SEND
    if refusal:
        noted = Noted(at=scene.now, actor=message.user, words=said, channel=message.channel, slack_ts=message.ts)
        return (noted, _kept_back(scene, message.user, message.channel, message.thread_ts, refusal))
    replied: Event = Replied(
        at=scene.now, actor=message.user, words=said, channel=message.channel, slack_ts=message.ts,
        edited=message.edited, private=case.goes_on_in_dm,
    )  # fmt: skip
    if case.incident is not None:
        replied = StatusSaid(at=scene.now, actor=message.user, words=said, channel=message.channel, slack_ts=message.ts)
    if message.files:
        stays = _kept_back(scene, message.user, message.channel, message.thread_ts, sentences.FILES_STAY)
        return (*taken(scene, message.user), replied, stays)
    return (*taken(scene, message.user), replied)


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
        gone = ReplyWithdrawn(at=scene.now, actor=edit.user, position=relayed.position, private=relayed.private)
        return (gone,)
    words = redact(edit.text, also=scene.knowledge.rules.redaction).text
    changed = ReplyChanged(
        at=scene.now, actor=edit.user, words=words, position=relayed.position, edited=edit.edited,
        private=relayed.private,
    )  # fmt: skip
    return (changed,)


def _is_older(edit: Edit, relayed: Relayed) -> bool:
    if edit.text is None or not edit.edited or not relayed.edited:
        return False
    return slack_time(edit.edited) <= slack_time(relayed.edited)


def _kept_back(scene: Scene, user: str, channel: str, thread_ts: str | None, why: str) -> Refused:
    return Refused(at=scene.now, actor=user, action="reply", why=why, channel=channel, thread_ts=thread_ts)
