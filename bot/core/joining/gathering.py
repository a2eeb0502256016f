"""What a decision means for other cases: duplicates joined, many people's one problem made one incident. Pure.

`needs` says which other cases must be read for that; most decisions need none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.core.beside import Beside
from bot.core.events import Asked, Event, FormOpened, HandedOff, IncidentOver, Joined, Listed
from bot.core.gathered import Gathered
from bot.core.joining import duplicates, incidents
from bot.core.joining.turn import turn_of
from bot.core.rulebook.rules import Rules
from bot.core.scene import Scene
from bot.core.stimuli import AnyStimulus, Submission

Need = Literal["own", "others", "incidents", "named", "members"]  # fields of `Beside`


def needs(events: Sequence[Event], rules: Rules) -> frozenset[Need]:
    found: set[Need] = set()
    for event in events:
        match event:
            case HandedOff():
                found |= {"incidents"}
                found |= {"own"} if rules.duplicates.same_user else set()
                found |= {"others"} if rules.duplicates.surge else set()
            case Asked():
                found |= {"incidents"}
            case FormOpened(form="duplicate"):
                found |= {"own"}
            case Joined():
                found |= {"named"}
            case IncidentOver():
                found |= {"members"}
            case _:
                continue
    return frozenset(found)


def gathered(scene: Scene, stimulus: AnyStimulus, events: tuple[Event, ...], beside: Beside) -> Gathered:
    """The decision with all that it means for other cases; without, if it means nothing for any."""
    for event in events:
        match event:
            case FormOpened(form="duplicate"):
                return duplicates.with_choices(scene, events, beside)
            case Joined() if isinstance(stimulus, Submission):
                return duplicates.absorbed_by(scene, stimulus, events, beside.named)
            case IncidentOver():
                return incidents.over_for(scene, events, beside.members)
            case Listed():
                return incidents.founded_by(scene, events)
            case _:
                continue
    return _grouped(scene, events, beside)


def _grouped(scene: Scene, events: tuple[Event, ...], beside: Beside) -> Gathered:
    """A question, or a handoff, among those of others."""
    rules, listener = scene.knowledge.rules.duplicates, scene.knowledge.listener
    if not beside.incidents and not any(isinstance(event, HandedOff) for event in events):
        return Gathered(events)
    turn = turn_of(scene, events)
    if rules.same_user and (first := duplicates.first_case(turn, beside, rules.same_user, listener, scene.now)):
        return duplicates.joined(scene, turn, first)
    if incident := incidents.known(turn, beside, scene.knowledge.rules):
        return incidents.listed(scene, turn, incident)
    if rules.surge is None or turn.handed is None:
        return Gathered(events)
    if founders := incidents.surge_of(turn, beside, rules.surge, listener, scene.now):
        return incidents.surged(scene, turn, founders, beside, rules.surge)
    return Gathered(events, counted=True)
