"""Messages that lead to a queue and a priority at a moment: a test of the rules that has one of them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bot.core.rulebook.conditions import Among, TooMuch, Way, Ways, World
from bot.core.rulebook.handoff import destination
from bot.core.rulebook.promises import clock
from bot.core.rulebook.rules import Rules, RulesTest, Trigger
from bot.core.rulebook.triggers import Situation, Verdict
from bot.workbench.proving.ground import Ground, acts, way_of
from bot.workbench.proving.playing import as_test
from bot.workbench.proving.sendings import Goal, Sending, Sendings
from bot.workbench.proving.witnesses import FOR_PEOPLE, Search
from bot.workbench.rules_tests import Outcome

_MOST_PLAYED = 40  # situations
_FEW_OF_EACH = 4


@dataclass(frozen=True, slots=True)
class Led:
    """Whether anything may lead there after all, and a test in which it does, if tests can have it."""

    may_be: bool
    test: RulesTest | None = None


def led_to(goal: Goal, sent: Sendings, at: datetime, ground: Ground) -> Led:
    """`ground` knows no other moment than this one."""
    name = f"a {goal.priority} for {goal.queue} on {clock(at, ground.rules.timezone)}"
    played, is_impossible = 0, sent.is_whole

    def is_there(outcome: Outcome) -> bool:
        return outcome.action == "handoff" and (outcome.queue, outcome.priority) == (goal.queue, goal.priority)

    for sending in sent.ways:
        known = ground.world()
        begin = _begin(sending, known)
        rules_in = frozenset(rule.id for rule in (sending.trigger, *sending.also) if rule is not None)
        search = Search(ground, known, _sends_to(goal, sending, ground.rules), rules_in, sending.entry)
        earlier = tuple(_said_before(rule, ground) for rule in sending.before)
        for situation in islice(search.found(begin or ()), _FEW_OF_EACH):
            is_impossible = False
            test = as_test(situation, name, ground, is_there, earlier)
            if test is not None:
                return Led(may_be=True, test=test)
            played += 1
        is_impossible &= begin is not None and search.is_exhausted
        if played >= _MOST_PLAYED:
            break
    return Led(may_be=not is_impossible)


def _begin(sending: Sending, known: World) -> Ways | None:
    """The ways in which its rules act, about its entry, in its channel; None if they cannot be told."""
    for_people = sending.trigger is None or any(rule.then.action == "offer" for rule in sending.before)
    where = Way({"channel": Among(frozenset({sending.channel}))})
    rules = [rule for rule in (sending.trigger, *sending.also) if rule is not None]
    try:
        about = known.each((way_of(sending.entry, known),), (where,), FOR_PEOPLE if for_people else (Way(),))
        return known.each(about, *(acts(rule, known) for rule in rules))
    except TooMuch:
        return None


def _said_before(rule: Trigger, ground: Ground) -> str:
    """A message with which the rule acts, sent earlier in the case."""
    known = ground.world()
    try:
        begin = acts(rule, known)
    except TooMuch:
        return ""
    search = Search(ground, known, lambda _, verdict: rule in (verdict.trigger, *verdict.also), frozenset({rule.id}))
    return next((situation.text for situation in search.found(begin) if situation.text), "")


def _sends_to(goal: Goal, sending: Sending, rules: Rules) -> Callable[[Situation, Verdict], bool]:
    def sends(situation: Situation, verdict: Verdict) -> bool:
        decides = verdict.trigger if verdict.trigger and verdict.trigger.then.action == "handoff" else None
        if decides is None and not situation.for_people:
            return False
        before = tuple(rule for rule in sending.before if rule not in verdict.also)
        verdict = replace(verdict, trigger=decides, also=(*verdict.also, *before))
        to = destination(rules, verdict, situation.entry, sending.category, situation.channel)
        return Goal.of(to) == goal

    return sends
