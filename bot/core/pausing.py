"""Telling the bot to be quiet in a channel or everywhere, and to speak again: by whom, and who hears of it. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.commands import EVERYWHERE, Pause, Resume
from bot.core.events import Event, Paused, Refused, Resumed
from bot.core.knowledge import Knowledge
from bot.core.permissions import may_pause
from bot.core.redaction import redact
from bot.core.rulebook.rules import Rules
from bot.core.saying import In, Line, Post, Saying, Whisper, Words
from bot.core.scene import Scene
from bot.core.stimuli import Command

_ALL = ""  # the channel that stands for every place


def paused(scene: Scene, command: Command, order: Pause) -> tuple[Event, ...]:
    """Pausing is no harm done twice, but whoever does it hears that it was so already."""
    channel = _meant(order.where, command)
    if not may_pause(scene.person, command.channel, scene.knowledge.rules):
        return (_refused(scene, command, "pause", sentences.NOT_YOURS_TO_PAUSE),)
    if channel is None:
        return (_refused(scene, command, "pause", sentences.PAUSE_WHERE),)
    if channel in scene.around.paused_in:
        why = sentences.PAUSED_EVERYWHERE_ALREADY if channel == _ALL else sentences.PAUSED_ALREADY
        return (_refused(scene, command, "pause", _placed(why, channel)),)
    words = redact(order.why, also=scene.knowledge.rules.redaction).text
    return (
        Paused(
            at=scene.now, actor=command.user, channel=channel, words=words, asked_in=command.channel,
            response_url=command.response_url,
        ),
    )  # fmt: skip


def resumed(scene: Scene, command: Command, order: Resume) -> tuple[Event, ...]:
    """A channel speaks again only if everywhere does; whoever resumes one hears of the other."""
    channel, paused_in = _meant(order.where, command), scene.around.paused_in
    if not may_pause(scene.person, command.channel, scene.knowledge.rules):
        return (_refused(scene, command, "resume", sentences.NOT_YOURS_TO_PAUSE),)
    if channel is None:
        return (_refused(scene, command, "resume", sentences.PAUSE_WHERE),)
    if channel not in paused_in:
        why = sentences.NOT_PAUSED_EVERYWHERE if channel == _ALL else sentences.NOT_PAUSED
        if channel != _ALL and _ALL in paused_in:
            why = sentences.PAUSED_BUT_EVERYWHERE
        return (_refused(scene, command, "resume", _placed(why, channel)),)
    return (
        Resumed(
            at=scene.now, actor=command.user, channel=channel, still=tuple(sorted(paused_in - {channel})),
            asked_in=command.channel, response_url=command.response_url,
        ),
    )  # fmt: skip


def said_of_pause(case: Case, event: Paused | Resumed, knowledge: Knowledge) -> tuple[Saying, ...]:
    """A line where it counts, one for the operators, and one for whoever did it. Why, only teams read."""
    rules = knowledge.rules
    stopped = isinstance(event, Paused)
    why = Words(case.id, case.version) if isinstance(event, Paused) and event.words else None
    told = _placed(sentences.PAUSED_TOLD if stopped else sentences.RESUMED_TOLD, event.channel)
    for_team = Line(told, who=event.actor, quote=why)
    posts: list[Saying] = []
    if event.channel in _teams(rules):
        posts.append(Post(where=In(event.channel), content=for_team))
    elif event.channel != _ALL:
        here = sentences.PAUSED_HERE if stopped else sentences.RESUMED_HERE
        posts.append(Post(where=In(event.channel), content=Line(here, who=event.actor)))
    if rules.operator_channel and rules.operator_channel != event.channel:
        posts.append(Post(where=In(rules.operator_channel), content=for_team))
    done = _placed(sentences.PAUSED_DONE if stopped else sentences.RESUMED_DONE, event.channel)
    if isinstance(event, Resumed) and event.still:
        places = ", ".join(_named(channel) for channel in event.still)
        done = f"{done} {sentences.STILL_PAUSED.replace('{places}', places)}"
    whisper = Whisper(channel=event.asked_in, user=event.actor, content=Line(done), response_url=event.response_url)
    return (*posts, whisper)


def _meant(where: str, command: Command) -> str | None:
    """The channel that is meant, `_ALL` for everywhere; None in a direct message, which is no channel."""
    if where == EVERYWHERE:
        return _ALL
    if where:
        return where
    return None if command.channel.startswith("D") else command.channel


def _teams(rules: Rules) -> frozenset[str]:
    """The channels that only our own people read."""
    own = (rules.operator_channel, rules.editors_channel, *(queue.channel for queue in rules.queues.values()))
    return frozenset(channel for channel in own if channel)


def _placed(text: str, channel: str) -> str:
    order = EVERYWHERE if channel == _ALL else "#channel"
    return text.replace("{place}", _named(channel)).replace("{order}", order)


def _named(channel: str) -> str:
    return EVERYWHERE if channel == _ALL else f"in {{#{channel}}}"


def _refused(scene: Scene, command: Command, action: str, why: str) -> Refused:
    return Refused(
        at=scene.now, actor=command.user, action=action, why=why, channel=command.channel,
        response_url=command.response_url,
    )  # fmt: skip
