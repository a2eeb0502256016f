"""What happens to a handoff that nobody touches, step by step: for whoever wants to know it beforehand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.case import Case
from bot.core.clocks.ladder import called, moment_of, next_step
from bot.core.clocks.ticking import rung_reached
from bot.core.events import BOT, HandedOff
from bot.core.events.clocks import RungDoes
from bot.core.folding import evolve
from bot.core.rulebook.promises import first_response_due
from bot.core.rulebook.rules import Rules
from bot.core.stimuli import Place

_NOWHERE = Place("", "", "", "")


@dataclass(frozen=True, slots=True)
class Stage:
    """A rung that is reached `at` (UTC), its moment as the rules say it, and where the case is after it.

    `to`: who is called. `due`: the first response after it, None where nothing is promised.
    """

    at: datetime
    moment: str
    do: RungDoes
    queue: str
    priority: str
    to: tuple[str, ...]
    due: datetime | None


def unattended(
    rules: Rules, queue: str, priority: str, handed_off_at: datetime, *, urgency: str = ""
) -> tuple[Stage, ...]:
    """Every rung that such a handoff reaches, in order. There are finitely many: see `ladder`.

    `urgency`: the priority as it would be without the queue's cap, if that took anything.
    """
    due = first_response_due(rules, queue, priority, handed_off_at)
    handed = HandedOff(
        at=handed_off_at,
        actor=BOT,
        queue=queue,
        priority=priority,
        urgency=urgency,
        reason="",
        rule="",
        due_first_at=due,
    )
    case = evolve(Case("", _NOWHERE), handed)
    stages: list[Stage] = []
    while step := next_step(case, rules, stages[-1].at if stages else handed_off_at):
        at = step.at
        events = rung_reached(case, step, rules, at)
        for event in events:
            case = evolve(case, event)
        stages.append(
            Stage(
                at,
                moment_of(step.rung),
                step.rung.do,
                case.queue or "",
                case.priority or "",
                called(step.rung),
                case.due_first_at,
            )
        )
    return tuple(stages)
