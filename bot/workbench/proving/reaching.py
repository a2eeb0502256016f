"""Whether a trigger can act: there is a situation in which it decides, or adds what it has to add. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.rulebook.conditions import TooMuch, Ways, World
from bot.core.rulebook.rules import Trigger, When
from bot.core.rulebook.triggers import Situation, Verdict, triggered
from bot.workbench.proving.counter import Broken, Counter
from bot.workbench.proving.ground import Ground, acts
from bot.workbench.proving.playing import as_test
from bot.workbench.proving.witnesses import Search

_MOST_ALTERNATIVES = 12  # of a condition with more ways to hold than are worth looking at


def unreached(trigger: Trigger, ground: Ground) -> Counter | None:
    """None if it can act. The test has a situation in which it would, if another did not decide."""
    known = ground.world()
    ways = _all_ways(trigger, known)
    is_all = ways is not None
    wholes = [ways] if ways is not None else [_some_ways(trigger, each, known) for each in range(_MOST_ALTERNATIVES)]
    for holds in wholes:
        search = Search(ground, ground.world(), _has(trigger), frozenset({trigger.id}))
        if next(search.found(holds), None) is not None:
            return None
        is_all &= search.is_exhausted
    would = next(Search(ground, known, lambda *_: True, frozenset()).found(wholes[0]), None)
    return _counter(trigger, would, ground, is_all=is_all)


def _counter(trigger: Trigger, would: Situation | None, ground: Ground, *, is_all: bool) -> Counter:
    never = (
        f"trigger `{trigger.id}` never acts" if is_all else f"nothing was found on which trigger `{trigger.id}` acts"
    )
    correct = "correct its condition, or remove it"
    if would is None:
        return Counter(Broken("reached", f"{never}: what it asks for is never so", hint=correct))
    first = triggered(ground.rules, would).trigger
    if first is None:
        return Counter(Broken("reached", never, hint=correct))
    broken = Broken("reached", f"{never}: `{first.id}` decides first", hint=f"move it above `{first.id}`, or remove it")
    name = f"where trigger {trigger.id} would act"
    return Counter(broken, as_test(would, name, ground, lambda outcome: outcome.rule == first.id))


def _has(trigger: Trigger) -> Callable[[Situation, Verdict], bool]:
    return lambda _, verdict: trigger in (verdict.trigger, *verdict.also)


def _all_ways(trigger: Trigger, known: World) -> Ways | None:
    try:
        return acts(trigger, known)
    except TooMuch:
        return None


def _some_ways(trigger: Trigger, number: int, known: World) -> Ways:
    return _all_ways(replace(trigger, when=_one_of(trigger.when, number)), known) or ()


def _one_of(when: When, number: int) -> When:
    """The same with one alternative of each `any`."""
    any_ = (_one_of(when.any[number % len(when.any)], number),) if when.any else when.any
    return replace(when, any=any_, all=tuple(_one_of(part, number) for part in when.all) if when.all else when.all)
