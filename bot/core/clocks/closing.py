"""What comes of a customer's silence: asking once whether an answer worked, a warning, and the end of the case. Pure.

A case that waits for people is never closed by time, nor is an incident or a case on an incident's list. Customers are
asked and warned in hours only, and told in hours that people's case is closed; what is late by then waits for the next
opening. A case whose customer was told when it closes stays open until then, and for as long as the rules say after
those words were in Slack.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from bot.core.case import Case
from bot.core.events import BOT, AskedIfItWorked, Closed, CloseWarned, Event
from bot.core.rulebook.calendar import next_open
from bot.core.rulebook.promises import usual_hours
from bot.core.rulebook.rules import Rules
from bot.core.shown import Awaited

ASKED_WITHIN = timedelta(days=7)  # a case that never closes is asked about no later than so long after its time


@dataclass(frozen=True, slots=True)
class Step:
    """What is done at a moment (UTC). `closes_at`: what the customer is told of the end, None if there is none."""

    at: datetime
    do: Literal["ask", "warn", "close"]
    closes_at: datetime | None = None


def next_step(case: Case, rules: Rules, now: datetime) -> Step | None:
    """What comes next, from `now` on, if the customer stays silent; None if nothing does, as things are."""
    since = _silent_since(case)
    if since is None or case.incident is not None or case.listed_in or case.unsettled or case.collecting is not None:
        return None
    if case.state == "open":
        return _with_the_bot(case, since, rules, now)
    if case.with_people and case.waits_for_customer and case.unanswered_since is None:
        return _with_people(case, since, rules, now)
    return None


def silence_led_to(case: Case, step: Step, now: datetime) -> tuple[Event, ...]:
    """What a step comes to."""
    match step.do:
        case "ask":
            awaited = case.awaited
            entry = awaited.entries[0] if awaited else ""
            return (AskedIfItWorked(at=now, actor=BOT, entry=entry, closes_at=step.closes_at),)
        case "warn":
            return (CloseWarned(at=now, actor=BOT, closes_at=step.closes_at or now),)
        case "close" if case.with_people:
            return (Closed(at=now, actor=BOT, outcome="resolved_assumed", unheard=True),)
        case "close":
            refuted = case.awaited is None and case.failed > 0  # the last that was heard of it: it did not help
            helped = case.was_answered() and not refuted
            return (Closed(at=now, actor=BOT, outcome="resolved_assumed" if helped else "abandoned"),)
    assert_never(step.do)


def _silent_since(case: Case) -> datetime | None:
    """Since when neither the customer did anything nor anybody said anything to them."""
    waits = [case.waits[-1].since] if case.waits and case.waits_for_customer else []
    moments = (case.opened_at, case.last_at, case.heard_at, *waits)
    return max((moment for moment in moments if moment is not None), default=None)


def _with_the_bot(case: Case, since: datetime, rules: Rules, now: datetime) -> Step | None:
    after = rules.closing.auto_close_after
    if (step := _asks(case, since, rules, now)) is not None:
        return step
    ends = _not_before_told(case, since + after, rules) if after is not None else None
    return Step(ends, "close") if ends is not None else None


def _asks(case: Case, since: datetime, rules: Rules, now: datetime) -> Step | None:
    """Asking whether it worked, unless it would be later than the end of a case that was asked about in time."""
    confirm_after, after = rules.closing.confirm_after, rules.closing.auto_close_after
    if confirm_after is None or _to_ask_about(case, rules) is None or (after is not None and confirm_after >= after):
        return None
    planned = _in_hours(since + confirm_after, rules)
    at = _in_hours(max(since + confirm_after, now), rules)
    if planned is None or at is None:
        return None
    if after is None:
        return Step(at, "ask") if at <= planned + ASKED_WITHIN else None
    ends, notice = since + after, _notice(rules)
    return Step(at, "ask", max(ends, at + notice)) if at < max(ends, planned + notice) else None


def _to_ask_about(case: Case, rules: Rules) -> Awaited | None:
    """The answer of which nobody has said anything, if we have not asked yet, and may speak there unasked."""
    awaited = case.awaited
    if awaited is None or awaited.is_offer or awaited.position == case.inquired:
        return None
    may_speak = case.follows and not case.lost and rules.channel(case.place.channel).mode != "off"
    return awaited if may_speak else None


def _with_people(case: Case, since: datetime, rules: Rules, now: datetime) -> Step | None:
    before, after = rules.closing.warn_before, rules.closing.auto_close_after
    if after is None or case.lost or (case.relayed and case.relayed[-1].failed):
        return None  # they may not have read what we wait for an answer to
    if case.reminder is None and before is not None:
        at = _in_hours(max(since + after - before, now), rules)
        closes_at = _in_hours(max(since + after, at + before), rules) if at is not None else None
        return Step(at, "warn", closes_at) if at is not None and closes_at is not None else None
    ends = _not_before_told(case, since + after, rules)
    at = _in_hours(max(ends, now), rules) if ends is not None else None
    return Step(at, "close") if at is not None else None


def _not_before_told(case: Case, ends: datetime, rules: Rules) -> datetime | None:
    """The end, or a later one that the customer was told; None as long as those words are not in Slack."""
    told = case.reminder
    if told is None or case.lost:
        return ends
    if told.given_at is None:
        return None
    return max(ends, told.closes_at or ends, told.given_at + _notice(rules))


def _notice(rules: Rules) -> timedelta:
    """How long before the end a customer hears of it at least: where no warning is asked for, as the question does."""
    closing = rules.closing
    asked = (closing.auto_close_after or timedelta()) - (closing.confirm_after or timedelta())
    return closing.warn_before or max(asked, timedelta())


def _in_hours(moment: datetime, rules: Rules) -> datetime | None:
    return next_open(usual_hours(rules), moment)
