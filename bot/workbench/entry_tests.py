"""Run the tests that entries carry: what they must answer, ask about, leave alone, and where guides end. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot.core.entries import AskTest, Audience, Entry, Steps, StepsTest
from bot.core.knowledge import Knowledge
from bot.core.matches import Match, Matcher, Ranking
from bot.core.matching.scoring.calibrating import WORD_BY_WORD, Calibration

Sort = Literal["match", "ask", "not_match", "not_match alone", "steps"]
_SERVED = ("trial", "live")


class MakeMatcher(Protocol):
    def __call__(self, entries: Iterable[Entry], calibration: Calibration | None = None) -> Matcher:
        """Make a matcher over these entries, as sure as they are themselves, or as `calibration` says."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that does not hold: the one at position `at` of its sort, from 0.

    `phrasing` is the one that won, `why` how the matcher came to it.
    """

    entry: str
    sort: Sort
    at: int
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
    """The entries under test, the matcher over all that are served, and what makes one over others."""

    entries: Mapping[str, Entry]
    matcher: Matcher
    make: MakeMatcher


def bench_for(knowledge: Knowledge, make: MakeMatcher, named: Collection[str] = ()) -> Bench:
    """Put a bench together. A draft that is `named` stands on it as if it were served, with all the others.

    `make` makes a matcher like that of `knowledge` over other entries.
    """
    entries = knowledge.entries
    drafts = {each.id: replace(each, state="live") for each in entries.values() if each.state == "draft"}
    wanted = {name: draft for name, draft in drafts.items() if name in named}
    if not wanted:
        return Bench(entries, knowledge.matcher, make)
    served = {**entries, **wanted}
    return Bench(served, make(served.values()), make)


def run(
    bench: Bench, named: Collection[str] = (), *, tick: Callable[[int, int], None] = lambda _done, _all: None
) -> Run:
    """Run the tests of the `named` entries, of all that are served if none is.

    `tick` is called after each entry with how many are done, of how many.
    """
    tests = 0
    failures: list[Failure] = []
    chosen = [each for each in bench.entries.values() if each.state in _SERVED and (not named or each.id in named)]
    bench = replace(bench, matcher=_Remembering(bench.matcher))
    beside = _Beside(bench.entries.values())
    for done, entry in enumerate(chosen, 1):
        results = list(_results(entry, bench, beside.of(entry)))
        tests += len(results)
        failures += [result for result in results if result is not None]
        tick(done, len(chosen))
    return Run(tests, tuple(failures), tuple(entry.id for entry in chosen if not entry.tests.match))


def _results(entry: Entry, bench: Bench, around: frozenset[str]) -> Iterator[Failure | None]:
    """One result a test; None is one that holds."""
    for at, said in enumerate(entry.tests.match):
        yield _matched(entry, at, _Said(said, bench.matcher, around))
    for at, asked in enumerate(entry.tests.ask):
        yield _asked(entry, at, asked, _Said(asked.say, bench.matcher, around))
    for at, said in enumerate(entry.tests.not_match):
        yield _left_alone(entry, "not_match", at, _Said(said, bench.matcher, around))
    if entry.tests.not_match:
        # Beside others a near miss may lose to a neighbour, who can be taken away one day. Alone it must hold as well.
        alone = bench.make([entry], WORD_BY_WORD)
        for at, said in enumerate(entry.tests.not_match):
            yield _left_alone(entry, "not_match alone", at, _Said(said, alone, frozenset({entry.id})))
    for at, walk in enumerate(entry.tests.steps):
        yield _walked(entry, at, walk)


@dataclass(frozen=True, slots=True)
class _Said:
    """The text of a test, before a matcher, and among these entries."""

    text: str
    matcher: Matcher
    around: frozenset[str]

    def ranking(self) -> Ranking:
        return self.matcher.rank(self.text, self.around)

    def why(self) -> tuple[str, ...]:
        return self.matcher.explain(self.text, self.around)


class _Beside:
    """Who can see an entry may see these: those of its language that share an audience with it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._found: dict[tuple[str, frozenset[Audience]], frozenset[str]] = {}

    def of(self, entry: Entry) -> frozenset[str]:
        who = (entry.language, entry.audience)
        if who not in self._found:
            self._found[who] = frozenset(
                other.id
                for other in self._entries
                if other.language == entry.language and other.audience & entry.audience
            )
        return self._found[who]


class _Remembering:
    """A matcher that ranks each text once: what one entry must answer, its neighbours must leave alone."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._found: dict[tuple[str, AbstractSet[str] | None], Ranking] = {}

    @property
    def version(self) -> str:
        return self._matcher.version

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        if (text, visible) not in self._found:
            self._found[text, visible] = self._matcher.rank(text, visible)
        return self._found[text, visible]

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        return self._matcher.explain(text, visible)


def _matched(entry: Entry, at: int, said: _Said) -> Failure | None:
    ranking = said.ranking()
    if ranking.band == "sure" and ranking.best is not None and ranking.best.entry == entry.id:
        return None
    own = next((match for match in ranking.matches if match.entry == entry.id), None)
    has = f"has {own.confidence:.2f}" if own else "is not among the best three"
    return _failure(entry, "match", at, said, expected=f"answered by {entry.id} ({has})")


def _asked(entry: Entry, at: int, test: AskTest, said: _Said) -> Failure | None:
    ranking = said.ranking()
    offered = {match.entry for match in ranking.offered}
    if ranking.band == "unsure" and offered.issuperset(test.among):
        return None
    return _failure(entry, "ask", at, said, expected=f"asked, with {', '.join(test.among)} among the choices")


def _left_alone(entry: Entry, sort: Sort, at: int, said: _Said) -> Failure | None:
    ranking = said.ranking()
    if ranking.band != "sure" or ranking.best is None or ranking.best.entry != entry.id:
        return None
    beside = ", even if there were no other entry" if sort == "not_match alone" else ""
    return _failure(entry, sort, at, said, expected=f"not answered by {entry.id}{beside}")


def _failure(entry: Entry, sort: Sort, at: int, said: _Said, *, expected: str) -> Failure:
    ranking = said.ranking()
    return Failure(entry.id, sort, at, said.text, expected, _found(ranking), ranking.phrasing, said.why())


def _found(ranking: Ranking) -> str:
    shown = [*map(_shown, ranking.matches)]
    match ranking.band:
        case "sure":
            return f"answered by {shown[0]}" + (f"; then {', '.join(shown[1:])}" if shown[1:] else "")
        case "unsure":
            return f"asked: {', '.join(map(_shown, ranking.offered))}"
        case "none":
            return "nothing fits well enough" + (f": {', '.join(shown)}" if shown else "")


def _shown(match: Match) -> str:
    return f"{match.entry} ({match.confidence:.2f})"


def _walked(entry: Entry, at: int, walk: StepsTest) -> Failure | None:
    expected = f"ends in {walk.ends}"
    found = _end_of(entry.steps, walk.choose) if entry.steps else "the entry has no `steps`"
    return None if found == expected else Failure(entry.id, "steps", at, " > ".join(walk.choose), expected, found)


def _end_of(steps: Steps, labels: tuple[str, ...]) -> str:
    """Where these choices lead, in words."""
    at = steps.start
    for number, label in enumerate(labels, 1):
        options = {option.label.casefold(): option for option in steps.nodes[at].options}
        option = options.get(label.casefold())
        if option is None:
            known = ", ".join(each.label for each in steps.nodes[at].options)
            return f"step {at} has no option “{label}”" + (f", only {known}" if known else "")
        if option.end is not None:
            left = labels[number:]
            return f"ends in {option.end}" + (f", before “{left[0]}” can be chosen" if left else "")
        at = option.goto or at
    return f"is at step {at}, which goes on"
