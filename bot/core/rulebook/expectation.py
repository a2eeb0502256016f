"""What a customer is told of the time when people take over: one text in the queue's hours, another outside. Pure.

An editor's text counts where each time in it is known; where one is not, our own sentences say the same without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core import sentences
from bot.core.rulebook.calendar import is_open, next_opening
from bot.core.rulebook.promises import calendar_of
from bot.core.rulebook.rules import Queue, Rules

DUE, NEXT_OPEN = "{{case.due}}", "{{calendar.next_open}}"


@dataclass(frozen=True, slots=True)
class Expectation:
    """The text for a customer, with its variables, and the moments (UTC) that are told: None for what is not in it."""

    text: str
    out_of_hours: bool = False
    told_due_at: datetime | None = None
    told_opens_at: datetime | None = None


def expected(rules: Rules, queue: str, at: datetime, due: datetime | None, *, message: str = "") -> Expectation:
    """What a customer hears when a queue gets their case at `at`; a rule's own `message` is told beside it.

    `due`: by when they may be told to hear from people; None if nobody promises, or there is nothing new to tell.
    Who is promised an answer before the hours begin is not told of hours: that promise counts at any.
    """
    known = rules.queues[queue]
    _, calendar = calendar_of(rules, known)
    opens = next_opening(calendar, at)
    there = known.always_staffed or is_open(calendar, at)
    out_of_hours = not there and not (due is not None and (opens is None or due <= opens))
    text = text_for(known, out_of_hours=out_of_hours, due=due, opens=opens)
    told = text + (message if can_be_filled(message, due=due, opens=opens) else "")
    return Expectation(text, out_of_hours, due if DUE in told else None, opens if NEXT_OPEN in told else None)


def text_for(queue: Queue, *, out_of_hours: bool, due: datetime | None, opens: datetime | None) -> str:
    """The queue's text, with its variables; our own where its editor wrote none, or one that cannot be filled."""
    written = queue.expect_closed if out_of_hours else queue.expect_open
    if written and can_be_filled(written, due=due, opens=opens):
        return written
    if not out_of_hours:
        return sentences.EXPECT if due is not None else sentences.EXPECT_NO_TIME
    if opens is None:
        return sentences.EXPECT_NOT_THERE
    return sentences.EXPECT_CLOSED if due is not None else sentences.EXPECT_CLOSED_NO_TIME


def can_be_filled(text: str, *, due: datetime | None, opens: datetime | None) -> bool:
    """Whether each time in an editor's text is known."""
    return (due is not None or DUE not in text) and (opens is not None or NEXT_OPEN not in text)
