"""Where rules send cases: every queue and priority that a handoff may get, each with how. Pure.

Nothing is left out: a destination depends on the rule that decides, on what other rules add now or added to the case
before, on the entry in question, the channel, and nothing else. Each rule is taken with all that those that only add
may come to, with an entry of each sort and a channel of each name. What conditions exclude is left out, and what cannot
be told stays in.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product

from bot.core.entries import Entry, Priority
from bot.core.rulebook.conditions import Among, TooMuch, Way, Ways, World
from bot.core.rulebook.handoff import Destination, destination
from bot.core.rulebook.rules import PRIORITIES, Rules, Trigger, When
from bot.core.rulebook.triggers import BUILT_IN, Verdict, is_among
from bot.workbench.proving.ground import Ground, acts, way_of

_MOST_KEPT = 60  # ways to the same goal, the plainest first
_MOST_ADDING = 5  # rules that add something, of which all that they may come to is looked at with what excludes it
_ALWAYS: Ways = (Way(),)


@dataclass(frozen=True, slots=True, order=True)
class Goal:
    """Where a case gets. `urgency`: its priority as it would be without the queue's cap."""

    queue: str
    priority: Priority
    urgency: str

    @classmethod
    def of(cls, to: Destination) -> Goal:
        return cls(to.queue, to.priority, to.urgency)


@dataclass(frozen=True, slots=True)
class Sending:
    """A handoff decided by a rule (None: by no trigger, but because people get it in any case).

    `also` holds then and adds to it; what rules added `before`, or offered, stays with the case.
    """

    trigger: Trigger | None
    also: tuple[Trigger, ...]
    before: tuple[Trigger, ...]
    entry: Entry | None
    category: str
    channel: str


@dataclass(slots=True)
class Sendings:
    """The ways to a goal; `is_whole`: there are no others."""

    ways: list[Sending]
    is_whole: bool = True


def sendings(ground: Ground, *, after_hours: bool) -> Mapping[Goal, Sendings]:
    """The ways to each goal, in or out of hours."""
    rules = ground.rules
    subjects = tuple(_subjects(ground))
    channels = ("", *dict.fromkeys((*rules.channels, *_channels_in(rules))))
    hours = (Way({"after_hours": Among(frozenset({after_hours}))}),)
    found: dict[Goal, Sendings] = {}
    for trigger in (None, *rules.triggers, *BUILT_IN):
        if trigger is not None and (trigger.only_adds or trigger.then.action != "handoff"):
            continue
        for also, before in _sums(trigger, rules):
            known = ground.world()
            together = _both(known, hours, *(_acts(each, known) for each in (trigger, *also)))
            entries = [each for each in subjects if _both(known, together, (way_of(each[0], known),))]
            places = [each for each in channels if _both(known, together, (_in_channel(each),))]
            for (entry, category), channel in product(entries, places):
                to = destination(rules, Verdict(trigger, also=(*also, *before)), entry, category, channel)
                sent = found.setdefault(Goal.of(to), Sendings([]))
                sent.is_whole &= len(sent.ways) < _MOST_KEPT
                if len(sent.ways) < _MOST_KEPT:
                    sent.ways.append(Sending(trigger, also, before, entry, category, channel))
    return dict(sorted(found.items()))


def _both(known: World, *sets: Ways) -> Ways:
    """All of it at once, none if that cannot be; what cannot be told may always be."""
    try:
        return known.each(*sets)
    except TooMuch:
        return _ALWAYS


def _acts(trigger: Trigger | None, known: World) -> Ways:
    """The ways in which it acts; where they cannot be told, it always may."""
    try:
        return _ALWAYS if trigger is None else acts(trigger, known)
    except TooMuch:
        return _ALWAYS


def _in_channel(channel: str) -> Way:
    return Way({"channel": Among(frozenset({channel}))})


def _sums(trigger: Trigger | None, rules: Rules) -> Iterator[tuple[tuple[Trigger, ...], tuple[Trigger, ...]]]:
    """All that rules may add now, then with what they added before; where they are many, each sum of them once.

    Of the offers one may have been accepted.
    """
    adding = [each for each in rules.triggers if each.only_adds and _makes_a_difference(each)]
    offers = [each for each in rules.triggers if each.then.action == "offer" and _makes_a_difference(each)]
    above = rules.triggers[: rules.triggers.index(trigger)] if trigger in rules.triggers else rules.triggers
    if len(adding) > _MOST_ADDING:
        sums = _each_sum(adding)
        yield from (((), also) for also in sums)
        yield from (((), (*also, offer)) for also in sums for offer in offers)
        return
    now = tuple(_subsets([each for each in adding if each in above]))
    yield from ((also, ()) for also in now)
    for also in now:
        for before in _subsets([each for each in adding if each not in also]):
            if before:
                yield also, before
            yield from ((also, _in_order((*before, offer), rules)) for offer in offers)


def _makes_a_difference(trigger: Trigger) -> bool:
    return bool(trigger.then.queue or trigger.then.priority or trigger.then.raise_priority)


def _subsets(triggers: Sequence[Trigger]) -> Iterator[tuple[Trigger, ...]]:
    return chain.from_iterable(combinations(triggers, number) for number in range(len(triggers) + 1))


def _in_order(triggers: Sequence[Trigger], rules: Rules) -> tuple[Trigger, ...]:
    return tuple(sorted(triggers, key=rules.triggers.index))


def _each_sum(adding: Sequence[Trigger]) -> tuple[tuple[Trigger, ...], ...]:
    """Whichever of them comes first, now or before, names the queue and the priority."""
    sums: dict[Hashable, tuple[Trigger, ...]] = {(None, None, 0): ()}
    for trigger in adding:
        for also in tuple(sums.values()):
            for both in ((*also, trigger), (trigger, *also)):
                queue = next((each.then.queue for each in both if each.then.queue), None)
                priority = next((each.then.priority for each in both if each.then.priority), None)
                raised = min(len(PRIORITIES), sum(each.then.raise_priority for each in both))
                sums.setdefault((queue, priority, raised), both)
    return tuple(sums.values())


def _subjects(ground: Ground) -> Iterator[tuple[Entry | None, str]]:
    """One entry of each sort that rules can tell apart, with its category; and none, in any category."""
    rules, entries = ground.rules, ground.knowledge.entries.values()
    yield None, ""
    patterns = tuple(dict.fromkeys(_entries_in(rules)))
    seen: set[Hashable] = set()
    for entry in entries:
        says = entry.escalate
        named = tuple(is_among(entry.id, (pattern,)) for pattern in patterns)
        sort = (entry.category, named, says.policy, says.queue, says.priority)
        if sort not in seen:
            seen.add(sort)
            yield entry, entry.category
    yield from ((None, category) for category in sorted({entry.category for entry in entries}))


def _entries_in(rules: Rules) -> Iterator[str]:
    yield from (route.entry for route in rules.routing if route.entry)
    for when in _conditions(rules):
        yield from when.entry or ()


def _channels_in(rules: Rules) -> Iterator[str]:
    for when in _conditions(rules):
        yield from when.channel or ()


def _conditions(rules: Rules) -> Iterator[When]:
    """All conditions, and those inside them."""
    left = [trigger.when for trigger in rules.triggers]
    while left:
        when = left.pop()
        yield when
        left += [*(when.any or ()), *(when.all or ()), *((when.not_,) if when.not_ else ())]
