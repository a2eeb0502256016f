"""Decide what a stimulus means: the events that follow from it. Pure: deciding twice is free, and gives the same.

Order of judgement: people already on it, forward; a wish for a human, hand off; then rules, knowledge, did-you-mean,
rephrase, and at last hand off.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from bot.core import commanding, pressing, submitting
from bot.core.case import Case, outbox_id
from bot.core.clocks.ticking import ticked
from bot.core.events import BOT, Event, ReminderGiven, Settled, ThreadOpened, TriedAgain
from bot.core.knowledge import Knowledge
from bot.core.lists import home
from bot.core.scene import Scene, Surroundings
from bot.core.stimuli import (
    Again,
    AnyStimulus,
    Clocked,
    Command,
    Delivered,
    Edit,
    HomeOpened,
    Message,
    Press,
    Silence,
    Submission,
    ThreadGone,
    Undeliverable,
)
from bot.core.tier1 import collecting, listening, while_paused
from bot.core.tier1.answering import handed_off_blindly, handed_off_by_error
from bot.core.tier2 import specialists
from bot.core.tier2.amending import amended
from bot.core.wording import places

ATTEMPTS = 3  # how often a stimulus that cannot be decided is tried again before people get it


def decide(
    case: Case, stimulus: AnyStimulus, surroundings: Surroundings, knowledge: Knowledge, now: datetime
) -> tuple[Event, ...]:
    """Return the events, in order. From an `Opened` on they belong to the case it begins, before it to the given one.

    Events of a case that never opened stand in the log by themselves. Never raises for what customers do.
    """
    scene = Scene(case, surroundings, knowledge, now)
    return while_paused.by_people(scene, stimulus, _decided(scene, stimulus))


def _decided(scene: Scene, stimulus: AnyStimulus) -> tuple[Event, ...]:  # noqa: C901  a branch a kind
    """What follows where the bot may speak."""
    match stimulus:
        case Message():
            return specialists.write(scene, stimulus) if scene.around.at_card else listening.hear(scene, stimulus)
        case Edit():
            return specialists.change(scene, stimulus) if scene.around.at_card else amended(scene, stimulus)
        case Press():
            return pressing.press(scene, stimulus)
        case Submission():
            return submitting.submit(scene, stimulus)
        case Command():
            return commanding.command(scene, stimulus)
        case HomeOpened():
            return home.show(scene, 0)
        case Delivered():
            return _delivered(scene, stimulus)
        case Undeliverable():
            return places.undeliverable(scene, stimulus)
        case ThreadGone():
            return places.thread_gone(scene, stimulus)
        case Silence():
            return collecting.silent(scene, stimulus)
        case Clocked():
            return ticked(scene.case, scene.knowledge.rules, scene.now)
        case Again():
            return ()
    assert_never(stimulus)


def give_up(scene: Scene, heard: int, attempt: int, *, blindly: bool = False) -> tuple[Event, ...]:
    """What follows when the stimulus at position `heard` could not be decided for the `attempt`-th time.

    The scene is that of the case's requester. The words stay unread: it may be them that cannot be decided. `blindly`:
    the conditions of the rules stay unread as well, as it may be those.
    """
    case, knowledge, now = scene.case, scene.knowledge, scene.now
    tried = TriedAgain(at=now, actor=BOT, position=heard, attempt=attempt)
    if attempt < ATTEMPTS:
        return (tried,)
    settled = Settled(at=now, actor=BOT, position=heard)
    if case.state != "open":
        return (tried, settled)
    if case.collecting is not None:
        return (tried, settled, *collecting.handed_over(case, case.collecting, knowledge, now, "error"))
    return (tried, settled, *(handed_off_blindly(scene) if blindly else handed_off_by_error(scene)))


def _delivered(scene: Scene, stimulus: Delivered) -> tuple[Event, ...]:
    told = scene.case.reminder
    if told is not None and told.given_at is None and stimulus.outbox == outbox_id(scene.case.id, told.position):
        return (ReminderGiven(at=scene.now, actor=BOT, position=told.position),)
    if stimulus.outbox != scene.case.root:
        return ()
    return (ThreadOpened(at=scene.now, actor=BOT, channel=stimulus.channel, thread_ts=stimulus.ts),)
