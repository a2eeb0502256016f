"""What conditions have to do with each other: which never hold, and which hold only where others do. Pure.

A condition is taken apart into the ways in which it can hold: a way is a set of demands, all to be met at once. Where
it cannot be told, or only at a price, the answer is the careful one: that they have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import product
from typing import TypeAlias, TypeVar

from bot.core.rulebook.rules import Group, RepeatContact, When

_MOST_WAYS = 64
_MOST_GROUPS = 200  # each is compared with each
_MOST_WORDS = 12  # of a phrase that is looked through for shorter ones
_MOST_LOOKS = 300_000  # a second or two; a hundred ordinary triggers take a tenth

Key = TypeVar("Key", bound=Hashable)
Atom: TypeAlias = tuple[str, Hashable]  # a word, a group…: a situation may have several of them at once


class TooMuch(Exception):  # noqa: N818  named for the fact
    """The conditions hang together in more ways than are worth looking at."""


@dataclass(frozen=True, slots=True)
class Among:
    """Some values; with `but`, every value except these."""

    values: frozenset[Hashable]
    but: bool = False

    @property
    def inverted(self) -> Among:
        if self.values <= _TRUE_AND_FALSE:
            return Among(_TRUE_AND_FALSE - self.values)
        return Among(self.values, not self.but)

    @property
    def is_empty(self) -> bool:
        return not self.values and not self.but

    def __and__(self, other: Among) -> Among:
        if self.but and other.but:
            return Among(self.values | other.values, but=True)
        if self.but:
            return Among(other.values - self.values)
        return Among(self.values - other.values if other.but else self.values & other.values)


_TRUE_AND_FALSE: frozenset[Hashable] = frozenset({True, False})


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a condition can hold.

    What a situation has one of is `among` these; one atom of each set in `some` is there, and none of those in `none`.
    """

    among: Mapping[str, Among] = field(default_factory=dict)
    some: frozenset[frozenset[Atom]] = frozenset()
    none: frozenset[Atom] = frozenset()

    def demands(self) -> Iterator[Way]:
        """The negation of each single demand."""
        for name, values in self.among.items():
            yield Way({name: values.inverted})
        for atoms in self.some:
            yield Way(none=atoms)
        for atom in self.none:
            yield Way(some=frozenset({frozenset({atom})}))


ALWAYS = Way()
Ways: TypeAlias = tuple[Way, ...]


@dataclass(slots=True)
class World:
    """What conditions refer to. `closes`: the calendar that `after_hours` asks is closed at times."""

    words: Mapping[str, frozenset[str]]  # of each list, its phrases as they are compared with a message
    wider: Mapping[str, frozenset[str]]  # of each group, those that have everybody in it
    entries: Mapping[str, frozenset[str]]  # of each category, the ids that conditions name
    closes: bool
    looks: int = 0  # taken so far: what bounds the work, however tangled the conditions are

    def both(self, one: Way, other: Way) -> Way | None:
        """Both ways at once; None if they exclude each other. Raises `TooMuch`."""
        self.looks += 1 + (len(one.none) + len(other.none) + len(one.some) + len(other.some)) // 32
        if self.looks > _MOST_LOOKS:
            raise TooMuch
        among = dict(one.among)
        for name, values in other.among.items():
            among[name] = among[name] & values if name in among else values
            if among[name].is_empty:
                return None
        way = Way(among, one.some | other.some, one.none | other.none)
        if way.none and any(all(self._is_excluded(atom, way.none) for atom in atoms) for atoms in way.some):
            return None
        return way

    def each(self, *sets: Ways) -> Ways:
        """All ways in which one of each of these sets holds. Raises `TooMuch`."""
        return reduce(self._product, sets, (ALWAYS,))

    def _product(self, ways: Ways, others: Ways) -> Ways:
        both = (self.both(one, other) for one, other in product(ways, others))
        return _bounded(way for way in both if way is not None)

    def _is_excluded(self, atom: Atom, none: frozenset[Atom]) -> bool:
        """Whether what must not be there is there wherever the atom is."""
        sort, value = atom
        self.looks += 1
        if sort == "keywords":
            return any((sort, part) in none for part in _phrases_in(str(value)))
        if sort == "group":
            return any((sort, group) in none for group in self.wider.get(str(value), (value,)))
        self.looks += len(none)
        return any(sort == other and _comes_with(value, least) for other, least in none)


def world(
    groups: Mapping[str, Group], words: Mapping[str, frozenset[str]], whens: Iterable[When], *, closes: bool
) -> World:
    entries: dict[str, set[str]] = {}
    for when in whens:
        for entry in _entries_in(when):
            entries.setdefault(entry.partition("/")[0], set()).add(entry)
    named = {category: frozenset(ids) for category, ids in entries.items()}
    return World(words, _wider(groups), named, closes)


def ways(when: When, known: World, *, holds: bool = True) -> Ways:
    """The ways in which a condition holds, or does not; none if it never does. Raises `TooMuch`."""
    parts = list(_parts(when, known, holds=holds))
    if holds:
        return known.each(*parts) if parts else ()
    return _bounded(way for part in parts for way in part) if parts else (ALWAYS,)


def taken_by(way: Way, others: Iterable[tuple[Key, Way]], known: World) -> tuple[Key, ...]:
    """Who of the others hold, together, wherever this way does; nobody if it also holds without them.

    Raises `TooMuch`.
    """
    takers: dict[Key, None] = {}
    for key, other in others:
        left = _left(way, other, known)
        if left is not way:
            takers[key] = None
        if left is None:
            return tuple(takers)
        way = left
    return ()


def _left(way: Way, other: Way, known: World) -> Way | None:
    """What is left of a way where the other does not hold; all of it if the other asks two things more, or nothing."""
    unmet = []
    for opposite in other.demands():
        if (without := known.both(way, opposite)) is not None:
            unmet.append(without)
            if len(unmet) > 1:
                return way
    return unmet[0] if unmet else None


def _parts(when: When, known: World, *, holds: bool) -> Iterator[Ways]:
    """For each part of a condition, the ways in which that part alone holds, or does not."""
    for name, values in _choices(when, known):
        yield _possible(Way({name: values if holds else values.inverted}))
    for atoms in _atoms(when, known):
        if any(_is_always(atom) for atom in atoms):
            yield (ALWAYS,) if holds else ()
        else:
            yield (Way(some=frozenset({atoms})) if holds else Way(none=atoms),)
    if when.any is not None:
        each = [ways(part, known, holds=holds) for part in when.any]
        yield _bounded(way for part in each for way in part) if holds else known.each(*each)
    if when.all is not None:
        each = [ways(part, known, holds=holds) for part in when.all]
        yield known.each(*each) if holds else _bounded(way for part in each for way in part)
    if when.not_ is not None:
        yield ways(when.not_, known, holds=not holds)


def _choices(when: When, known: World) -> Iterator[tuple[str, Among]]:
    """What a situation has one of, and what the condition wants it to be."""
    for name in ("human_request", "has_file", "error", "after_hours"):
        wanted = getattr(when, name)
        if wanted is not None:
            never = name == "after_hours" and wanted and not known.closes
            yield name, Among(frozenset() if never else frozenset({wanted}))
    for name in ("band", "feedback", "entry_policy", "channel"):
        values = getattr(when, name)
        if values is not None:
            yield name, Among(frozenset(values))
    if when.category is not None:
        yield "entry", Among(frozenset(each for category in when.category for each in _of_category(category, known)))
    if when.entry is not None:
        yield "entry", Among(frozenset(each for entry in when.entry for each in _of_entry(entry, known)))


def _of_category(category: str, known: World) -> Iterator[str]:
    """The entries of a category that conditions name, and one that stands for all others."""
    yield f"{category}/*"
    yield from known.entries.get(category, ())


def _of_entry(entry: str, known: World) -> Iterator[str]:
    category, _, slug = entry.partition("/")
    yield from _of_category(category, known) if slug == "*" else (entry,)


def _atoms(when: When, known: World) -> Iterator[frozenset[Atom]]:
    """What a situation may have several of; one of each set is wanted."""
    if when.keywords is not None:
        phrases = (phrase for name in when.keywords for phrase in known.words.get(name, ()))
        yield frozenset(("keywords", phrase) for phrase in phrases)
    if when.group is not None:
        yield frozenset(("group", group) for group in when.group)
    if when.failed_attempts_gte is not None:
        yield frozenset({("failed_attempts_gte", when.failed_attempts_gte)})
    if when.repeat_contact is not None:
        yield frozenset({("repeat_contact", when.repeat_contact)})


def _comes_with(value: Hashable, least: Hashable) -> bool:
    """Whether so many failed attempts, or so many contacts, are also the others."""
    if isinstance(value, RepeatContact) and isinstance(least, RepeatContact):
        return value.within <= least.within and value.count >= least.count
    if isinstance(value, int) and isinstance(least, int):
        return value >= least
    return value == least  # an entry may have a limit of its own: it is no number that is known here


def _is_always(atom: Atom) -> bool:
    return isinstance(atom[1], RepeatContact) and atom[1].count <= 1  # this contact counts


def _possible(way: Way) -> Ways:
    return () if any(values.is_empty for values in way.among.values()) else (way,)


def _bounded(found: Iterable[Way]) -> Ways:
    kept: list[Way] = []
    for way in found:
        kept.append(way)
        if len(kept) > _MOST_WAYS:
            raise TooMuch
    return tuple(kept)


@lru_cache(maxsize=4096)
def _phrases_in(phrase: str) -> tuple[str, ...]:
    """The phrase and all that stand in it as whole words; of a very long one only itself."""
    words = phrase.split()
    if len(words) > _MOST_WORDS:
        return (phrase,)
    return tuple(" ".join(words[begin:end]) for begin in range(len(words)) for end in range(begin + 1, len(words) + 1))


def _wider(groups: Mapping[str, Group]) -> dict[str, frozenset[str]]:
    if len(groups) > _MOST_GROUPS:
        return {}
    return {
        name: frozenset({name, *(other for other, wide in groups.items() if _has_all_of(wide, group))})
        for name, group in groups.items()
        if group.usergroup or group.users or group.email_domains
    }


def _has_all_of(wide: Group, group: Group) -> bool:
    domains = {domain.lower() for domain in wide.email_domains}
    return (
        set(group.users) <= set(wide.users)
        and {domain.lower() for domain in group.email_domains} <= domains
        and group.usergroup in (None, wide.usergroup)
    )


def _entries_in(when: When) -> Iterator[str]:
    yield from when.entry or ()
    for part in (*(when.any or ()), *(when.all or ()), *((when.not_,) if when.not_ else ())):
        yield from _entries_in(part)
