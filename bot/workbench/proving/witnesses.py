"""Situations in which rules act in a certain way: made from the ways of their conditions, judged by the rules. Pure.

A situation that comes out otherwise says which rule is in the way; then one is made in which that rule does not hold,
and so on, until one comes out as wanted or there is no way left.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, product
from typing import Any, Final, Literal, TypeVar, get_args

from bot.core.entries import Entry, Escalate
from bot.core.matches import Band
from bot.core.rulebook.conditions import Among, Atom, TooMuch, Way, Ways, World, ways
from bot.core.rulebook.rules import RepeatContact, Trigger
from bot.core.rulebook.triggers import Situation, Verdict, limit_of, triggered
from bot.workbench.proving.ground import NO_ENTRY, Ground, token

_MOST_WAYS = 150  # that are tried
_MOST_OF_A_WAY = 6  # situations
_FEW_ENTRIES = 3
# People get it in any case: what would refuse it, or offer a person, is passed over.
FOR_PEOPLE: Final = tuple(Way({why: Among(frozenset({True}))}) for why in ("human_request", "error", "paused"))
_POLICIES: Final[tuple[Literal["offer", "always", "never"], ...]] = ("offer", "always", "never")

Value = TypeVar("Value", bound=Hashable)
Wanted = Callable[[Situation, Verdict], bool]


@dataclass(slots=True)
class Search:
    """For situations that come out as wanted. `wanted_rules` are never in the way.

    `is_exhausted`, once it has found all it can: whether there are no others.
    """

    ground: Ground
    known: World
    wanted: Wanted
    wanted_rules: frozenset[str]
    entry: Entry | None = None  # the one in question, where it is this very one
    is_exhausted: bool = True

    def found(self, begin: Ways) -> Iterator[Situation]:
        left, tried = list(reversed(begin)), 0
        while left:
            tried += 1
            if tried > _MOST_WAYS:
                self.is_exhausted = False
                return
            way = left.pop()
            in_the_way: dict[str, Trigger] = {}
            none_fits = True
            for situation in islice(self._situations(way), _MOST_OF_A_WAY):
                verdict = triggered(self.ground.rules, situation)
                if self.wanted(situation, verdict):
                    none_fits = False
                    yield situation
                rules = ((verdict.trigger,) if verdict.trigger else ()) + verdict.also
                in_the_way |= {rule.id: rule for rule in rules if rule.id not in self.wanted_rules}
            if in_the_way:
                left += self._without(way, next(iter(in_the_way.values())))
            elif none_fits:
                self.is_exhausted = False

    def _without(self, way: Way, rule: Trigger) -> Ways:
        """Where that rule does not hold, or is passed over."""
        try:
            others = ways(rule.when, self.known, holds=False)
            return self.known.each((way,), (*others, *(FOR_PEOPLE if rule.then.action in ("offer", "refuse") else ())))
        except TooMuch:
            self.is_exhausted = False
            return ()

    def _situations(self, way: Way) -> Iterator[Situation]:
        """Situations that meet all demands of a way, as far as words can."""
        hours = [value for value in (False, True) if _is_among(value, way.among.get("after_hours"))]
        moments = [self.ground.moments[value] for value in hours if value in self.ground.moments]
        options = [
            sorted((atom for atom in atoms if not _says_any(atom, way.none)), key=_by_length)
            for atoms in sorted(way.some, key=_by_number)
        ]
        for now, entry in product(moments[:1], self._entries(way)):
            begun = Situation(
                now=now,
                channel=_first(way.among.get("channel"), ("",)),
                band=_first(way.among.get("band"), (None, *get_args(Band))),
                entry=entry,
                feedback=_first(way.among.get("feedback"), (None,)),
                human_request=_first(way.among.get("human_request"), (False, True)),
                has_file=_first(way.among.get("has_file"), (False, True)),
                error=_first(way.among.get("error"), (False, True)),
                paused=_first(way.among.get("paused"), (False, True)),
            )
            yield from (self._with(begun, atoms) for atoms in product(*options))

    def _entries(self, way: Way) -> Iterator[Entry | None]:
        """Those that may be in question; where the knowledge base has none of that kind, one that it might have."""
        if self.entry is not None:
            yield self.entry
            return
        entry, policy = way.among.get("entry"), way.among.get("entry_policy")
        without = _is_among(NO_ENTRY, entry) and _is_among(NO_ENTRY, policy)
        if without:
            yield None
        known = tuple(
            each
            for each in self.ground.knowledge.entries.values()
            if _is_among(token(each.id, self.known), entry) and _is_among(each.escalate.policy, policy)
        )
        yield from known[:_FEW_ENTRIES]
        if not known and not without:
            id_ = str(_first(entry, ("general/*",))).replace("*", "another")
            wanted = next((each for each in _POLICIES if _is_among(each, policy)), _POLICIES[0])
            yield Entry(id_, "", (), "", escalate=Escalate(wanted))

    def _with(self, situation: Situation, atoms: Sequence[Atom]) -> Situation:
        """The same with these words, groups, failed attempts and earlier contacts."""
        said: dict[str, None] = {}
        groups: frozenset[str] = frozenset()
        contacts: tuple[datetime, ...] = ()
        failed = 0
        for sort, value in atoms:
            if sort == "keywords":
                said[str(value)] = None
            elif sort == "group":
                groups |= self.known.wider.get(str(value), frozenset({str(value)}))
            elif isinstance(value, RepeatContact):
                contacts += tuple(situation.now - value.within * 9 / 10 for _ in range(value.count - 1))
            else:
                limit = limit_of(situation.entry, self.ground.rules)
                failed = max(failed, limit if value == "limit" else int(str(value)))
        text = " and ".join(said)
        return replace(situation, text=text, groups=groups, contacts=tuple(sorted(contacts)), failed=failed)


def _says_any(atom: Atom, none: frozenset[Atom]) -> bool:
    """Whether the phrase has one in it that must not be there."""
    sort, value = atom
    said = f" {value} "
    return sort == "keywords" and any(each == sort and f" {phrase} " in said for each, phrase in none)


def _is_among(value: Hashable, among: Among | None) -> bool:
    return among is None or (value in among.values) != among.but


def _first(among: Among | None, usual: Sequence[Value]) -> Value:
    """The first of the usual values that is meant, else the first that is."""
    named: Any = () if among is None or among.but else sorted(among.values, key=str)
    return next((value for value in (*usual, *named) if _is_among(value, among)), usual[0])


def _by_length(atom: Atom) -> tuple[int, str]:
    return len(str(atom[1])), str(atom[1])


def _by_number(atoms: frozenset[Atom]) -> tuple[int, str]:
    return len(atoms), str(sorted(map(str, atoms)))
