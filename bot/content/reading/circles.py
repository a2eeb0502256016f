"""Find the circles in ways that lead from one to the next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def circles(leads_to: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Each circle that one gets into by always going where this leads, once, from whichever is met first."""
    walks: dict[str, int] = {}
    for number, start in enumerate(leads_to):
        way: list[str] = []
        at = start
        while at in leads_to and at not in walks:
            walks[at] = number
            way.append(at)
            at = leads_to[at]
        if walks.get(at) == number:
            yield tuple(way[way.index(at) :])


def spread(waiting: list[str], onward: Mapping[str, list[str]]) -> set[str]:
    """All that can be come to from those waiting, themselves among them."""
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(onward.get(name, ()))
    return found
