"""What a handoff promises: the one place where its times are set, whoever decides it. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.core.events import HandedOff
from bot.core.rulebook.expectation import expected
from bot.core.rulebook.promises import first_response_due
from bot.core.rulebook.rules import Rules


def promised(handed: HandedOff, rules: Rules) -> HandedOff:
    """The handoff with what follows from its queue, priority and time: when it is due, what the customer is told."""
    due = first_response_due(rules, handed.queue, handed.priority, handed.at)
    hears = expected(rules, handed.queue, handed.at, due, message=handed.text)
    return replace(
        handed,
        due_first_at=due,
        told_due_at=hears.told_due_at,
        told_opens_at=hears.told_opens_at,
        out_of_hours=hears.out_of_hours,
    )
