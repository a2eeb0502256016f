"""What follows from `/tier1 …`: each command to whoever does it, and a question to those who answer. Pure."""

from __future__ import annotations

from typing import assert_never

from bot.core import pausing
from bot.core.commands import Ask, FindReplies, Help, Pause, Resume, ShowQueue, StartIncident, Status, ordered
from bot.core.events import Event
from bot.core.joining import incidents
from bot.core.lists import my_requests, queues
from bot.core.scene import Scene
from bot.core.stimuli import Command
from bot.core.tier1 import listening
from bot.core.tier2 import finding_replies


def command(scene: Scene, stimulus: Command) -> tuple[Event, ...]:
    if listening.is_too_fast(scene):
        return listening.ask_by_command(scene, stimulus)
    match ordered(stimulus, scene.knowledge.rules):
        case Ask() | Help():
            return listening.ask_by_command(scene, stimulus)
        case Status():
            return my_requests.show(scene, stimulus)
        case ShowQueue() as order:
            return queues.show(scene, stimulus, order)
        case FindReplies() as order if finding_replies.is_meant(scene, stimulus.channel):
            return finding_replies.find(scene, stimulus, order)
        case FindReplies():  # "kb" means something to customers too
            return listening.ask_by_command(scene, stimulus)
        case Pause() as order:
            return pausing.paused(scene, stimulus, order)
        case Resume() as order:
            return pausing.resumed(scene, stimulus, order)
        case StartIncident(queue=queue, words=words):
            return incidents.command(scene, stimulus, queue, words)
        case never:
            assert_never(never)
