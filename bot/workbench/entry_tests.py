"""Run the tests that entries carry: what they must answer, ask about or leave alone, and where their guides end. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.entries import Entry, Steps, StepsTest, Words
from bot.core.matches import Match, Matcher, Ranking
from bot.core.matching import build_matcher
from bot.core.rules import Thresholds

Sort = Literal["match", "ask", "not_match", "not_match alone", "steps"]
_SERVED = ("trial", "live")


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that does not hold. `phrasing` is the one that won, `why` how the matcher came to it."""

    entry: str
    sort: Sort
    said: str
    expected: str
    found: str
    phrasing: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What came of all tests. `untested`: entries that are served and have no `match`."""

    tests: int
    failures: tuple[Failure, ...]
    untested: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """The entries under test and the matcher over all that are served."""

    entries: Mapping[str, Entry]
    words: Words
    thresholds: Mapping[str, Thresholds]
    matcher: Matcher


def bench_for(
    entries: Mapping[str, Entry], words: Words, thresholds: Mapping[str, Thresholds], named: Collection[str] = ()
) -> Bench:
    """Put a bench together. A draft that is `named` stands on it as if it were served, with all the others."""
    served = {
        entry.id: replace(entry, state="live") if entry.id in named and entry.state == "draft" else entry
        for entry in entries.values()
    }
    return Bench(served, words, thresholds, build_matcher(served.values(), words, thresholds))


def run(bench: Bench, named: Collection[str] = (), *, tick: Callable[[], None] = lambda: None) -> Run:
    """Run the tests of the `named` entries, of all that are served if none is; `tick` is called after each entry."""
    tests = 0
    failures: list[Failure] = []
    chosen = [each for each in bench.entries.values() if each.state in _SERVED and (not named or each.id in named)]
    for entry in chosen:
        results = list(_results(entry, bench))
        tests += len(results)
        failures += [result for result in results if result is not None]
        tick()
    return Run(tests, tuple(failures), tuple(entry.id for entry in chosen if not entry.tests.match))


def _results(entry: Entry, bench: Bench) -> Iterator[Failure | None]:
    """One result a test; None is one that holds."""
    around = _beside(entry, bench)
    for said in entry.tests.match:
        yield _matched(entry, said, bench.matcher.rank(said, around))
    for asked in entry.tests.ask:
        yield _asked(entry, asked.say, asked.among, bench.matcher.rank(asked.say, around))
    for said in entry.tests.not_match:
        yield _left_alone(entry, "not_match", said, bench.matcher.rank(said, around))
    if entry.tests.not_match:
        # Beside others a near miss may lose to a neighbour, who can be taken away one day. Alone it must hold as well.
        alone = build_matcher([entry], bench.words, bench.thresholds)
        for said in entry.tests.not_match:
            yield _left_alone(entry, "not_match alone", said, alone.rank(said, {entry.id}))
    for walk in entry.tests.steps:
        yield _walked(entry, walk)


def _beside(entry: Entry, bench: Bench) -> frozenset[str]:
    """What somebody who can see this entry may see."""
    return frozenset(
        other.id
        for other in bench.entries.values()
        if other.language == entry.language and other.audience & entry.audience
    )


def _matched(entry: Entry, said: str, ranking: Ranking) -> Failure | None:
    if ranking.band == "sure" and ranking.best is not None and ranking.best.entry == entry.id:
        return None
    own = next((match for match in ranking.matches if match.entry == entry.id), None)
    at = f" (has {own.confidence:.2f})" if own else " (is not among the best three)"
    return _failure(entry, "match", said, f"answered by {entry.id}{at}", ranking)


def _asked(entry: Entry, said: str, among: tuple[str, ...], ranking: Ranking) -> Failure | None:
    offered = {match.entry for match in ranking.offered}
    if ranking.band == "unsure" and offered.issuperset(among):
        return None
    return _failure(entry, "ask", said, f"asked, with {', '.join(among)} among the choices", ranking)


def _left_alone(entry: Entry, sort: Sort, said: str, ranking: Ranking) -> Failure | None:
    if ranking.band != "sure" or ranking.best is None or ranking.best.entry != entry.id:
        return None
    beside = ", even if there were no other entry" if sort == "not_match alone" else ""
    return _failure(entry, sort, said, f"not answered by {entry.id}{beside}", ranking)


def _failure(entry: Entry, sort: Sort, said: str, expected: str, ranking: Ranking) -> Failure:
    return Failure(entry.id, sort, said, expected, _found(ranking), ranking.phrasing, ranking.why)


def _found(ranking: Ranking) -> str:
    shown = ", ".join(map(_shown, ranking.matches))
    match ranking.band:
        case "sure":
            return f"answered by {shown}" if len(ranking.matches) == 1 else f"answered by {shown.replace(', ', '; then ', 1)}"
        case "unsure":
            return f"asked: {', '.join(map(_shown, ranking.offered))}"
        case "none":
            return f"nothing fits well enough{f': {shown}' if shown else ''}"


def _shown(match: Match) -> str:
    return f"{match.entry} ({match.confidence:.2f})"


def _walked(entry: Entry, walk: StepsTest) -> Failure | None:
    way = " > ".join(walk.choose)
    if entry.steps is None:
        return Failure(entry.id, "steps", way, f"ends in {walk.ends}", "the entry has no `steps`")
    found = _end_of(entry.steps, walk.choose)
    return None if found == f"ends in {walk.ends}" else Failure(entry.id, "steps", way, f"ends in {walk.ends}", found)


def _end_of(steps: Steps, labels: tuple[str, ...]) -> str:
    """Where these choices lead, in words."""
    at = steps.start
    for number, label in enumerate(labels, 1):
        options = {option.label.casefold(): option for option in steps.nodes[at].options}
        option = options.get(label.casefold())
        if option is None:
            return f"step {at} has no option “{label}”, only {', '.join(o.label for o in steps.nodes[at].options)}"
        if option.end is not None:
            left = labels[number:]
            return f"ends in {option.end}" + (f", before “{left[0]}” can be chosen" if left else "")
        at = option.goto or at
    return f"is at step {at}, which goes on"
