"""What must hold, and what would be better still: by set, K and tier. Sets that are not named here have no bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.matching.figures import Result

SMALL: Final = 1_000  # phrasings: the bars of speed hold up to here

_NAMES: Final = ("top1", "top3", "typos")
# must, then stretch; for the default tier, then for the semantic one
_QUALITY: Final = """
stackfaq  6   97.5 99.5 96.5   99   100  98.5   99   99.8 98     100  100  99.5
stackfaq  3   95.5 99   94.5   97.5 99.7 97     98   99.5 97     99.5 100  98.5
stackfaq  1   80.5 93   79     88   96   86     89.5 97.5 88     93   99   91
clinc150  10  87   95.5 84.5   90   97   88     90   97   87.5   92   98   89.5
clinc150  5   82.5 94   80     86.5 96   84     86   95   83.5   88.5 96.5 86
hwu64     10  79   91.5 76     82   93.5 79.5   81   93   78.5   83.5 94.5 81
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A limit on the figure of this name, or on that of one kind of messages (`out:far`); `most`: less is better."""

    figure: str
    must: float
    stretch: float | None = None
    most: bool = False

    def holds(self, value: float) -> bool:
        return value <= self.must if self.most else value >= self.must

    def excels(self, value: float) -> bool:
        return self.stretch is not None and (value <= self.stretch if self.most else value >= self.stretch)


# by tier, and up to how many phrasings: milliseconds, seconds and megabytes
SPEED: Final = {
    ("default", SMALL): (
        Bar("p50", 2, 1.5, most=True),
        Bar("p95", 4, most=True),
        Bar("build", 3, most=True),
        Bar("memory", 150, most=True),
    ),
    ("default", 10_000): (
        Bar("p50", 6, most=True),
        Bar("build", 40, most=True),
        Bar("memory", 1024, most=True),
        Bar("restart", 2, most=True),
    ),
    ("default", 100_000): (Bar("p95", 60, most=True), Bar("memory", 3 * 1024, most=True)),
    ("semantic", SMALL): (Bar("p50", 8, most=True), Bar("memory", 350, most=True)),
}

_WRONG: Final = Bar("wrong", 5, most=True)
_WRAPPED: Final = Bar("wrapped", 5, most=True)
_KNOWN: Final = frozenset({"clinc150", "hwu64", "stackfaq", "stackfaq_oos"})
_HELPDESKS: Final = frozenset({("harbour", 6), ("larkfield", 6)})
_OUT: Final = (_WRONG, Bar("out:far", 3, most=True), Bar("out:near", 15, most=True))
_HELPDESK: Final = {
    "default": (Bar("top1", 79, 85), Bar("top3", 91, 94), Bar("right", 48, 60), Bar("helped", 78, 88), *_OUT),
    "semantic": (Bar("top1", 84), Bar("top3", 94), Bar("right", 58), Bar("helped", 86), *_OUT),
}
_OPERATING: Final = {
    ("clinc150", 10): (Bar("out", 5, most=True), Bar("helped", 82), Bar("auroc", 93.5)),
    ("clinc150", 5): (Bar("out", 5, most=True),),
    ("clinc150", 1): (Bar("out", 5, most=True),),
    ("stackfaq_oos", 3): (Bar("out", 18, most=True), Bar("helped", 95)),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A bar, what it was held against, such as a set and its K, and the value that was found there."""

    of: str
    bar: Bar
    value: float

    @property
    def is_held(self) -> bool:
        return self.bar.holds(self.value)


def bars_for(name: str, k: int, phrasings: int, tier: str) -> tuple[Bar, ...]:
    """What is asked of our matcher, on a set of this name. Speed is asked wherever there are few phrasings."""
    bars = [*_quality().get((name, k, tier), ()), *_OPERATING.get((name, k), ())]
    if name in _KNOWN:
        bars += [_WRONG, _WRAPPED]
    if (name, k) in _HELPDESKS:
        bars += _HELPDESK[tier]
    return (*bars, *(SPEED[tier, SMALL] if phrasings <= SMALL else ()))


def verdicts(results: Sequence[Result], method: str, tier: str) -> tuple[Verdict, ...]:
    """Hold the results of `method` against the bars, leaving out what a glance did not measure."""
    return tuple(
        Verdict(f"{result.set} K={result.k}", bar, value)
        for result in results
        if result.method == method
        for bar in bars_for(result.set, result.k, result.phrasings, tier)
        if (value := _value(result, bar.figure)) is not None
    )


def _value(result: Result, figure: str) -> float | None:
    name, _, kind = figure.partition(":")
    value: float | None = getattr(result.kinds.get(kind) if kind else result.figures, name, None)
    return value


def _quality() -> dict[tuple[str, int, str], tuple[Bar, ...]]:
    bars = {}
    for line in _QUALITY.strip().splitlines():
        name, k, *figures = line.split()
        limits = [float(figure) for figure in figures]
        for tier, at in (("default", 0), ("semantic", 6)):
            must, stretch = limits[at : at + 3], limits[at + 3 : at + 6]
            bars[name, int(k), tier] = tuple(map(Bar, _NAMES, must, stretch))
    return bars
