"""What to say of a method that ranked many messages. Pure; shares are in per cent.

A message is *in scope* if an entry is meant, else *out of scope*: there every answer is wrong. A method *answers* where
it is sure, and *offers* where it is not but has something to choose from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.core.matches import Band

SHOWN = 3
BINS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """The best three entries, best first, and the score of the first. `band` and `offered` are of our matcher alone."""

    entries: tuple[str, ...]
    score: float
    band: Band | None = None
    offered: tuple[str, ...] = ()

    @property
    def best(self) -> str | None:
        return self.entries[0] if self.entries else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A message's entry (None: out of scope), and what was found for it."""

    meant: str | None
    found: Found

    @property
    def is_right(self) -> bool:
        return self.meant is not None and self.found.best == self.meant


@dataclass(frozen=True, slots=True)
class Operating:
    """`right`, `wrong` and `offered` (with the right one among three) are of those in scope, `out` of the others.

    `helped` is `right` and `offered` together. None without such messages, or of a method that is never sure.
    """

    right: float | None = None
    wrong: float | None = None
    offered: float | None = None
    helped: float | None = None
    out: float | None = None


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages of about the same confidence: what it was on average, and the share in which the first was right."""

    count: int
    said: float
    was: float


def in_first(judged: Iterable[Judged], places: int) -> float | None:
    """Of those in scope: how many have the entry they mean among the first `places`. None if there are none."""
    hits = [each.meant in each.found.entries[:places] for each in judged if each.meant is not None]
    return share(sum(hits), len(hits))


def share(count: int, of_all: int) -> float | None:
    return 100 * count / of_all if of_all else None


def operating(judged: Sequence[Judged]) -> Operating:
    if not knows_when_sure(judged):
        return Operating()
    answered = [each for each in judged if each.found.band == "sure"]
    offered = [each for each in judged if each.found.band == "unsure" and each.meant in each.found.offered[:SHOWN]]
    inside = sum(each.meant is not None for each in judged)
    right = sum(each.is_right for each in answered)
    out = sum(each.meant is None for each in answered)
    return Operating(
        right=share(right, inside),
        wrong=share(len(answered) - right - out, inside),
        offered=share(len(offered), inside),
        helped=share(right + len(offered), inside),
        out=share(out, len(judged) - inside),
    )


def knows_when_sure(judged: Sequence[Judged]) -> bool:
    """Only then is the score a confidence too: a probability, 0 to 1."""
    return all(each.found.band is not None for each in judged)


def right_within(judged: Iterable[Judged], wrong: float) -> float | None:
    """How many of those in scope a method answers rightly with the threshold that hindsight finds best.

    That is the lowest with which at most `wrong` per cent of those in scope are answered wrongly: what the scores are
    worth, wherever a method draws its line. Messages of one score are answered all or none.
    """
    inside = sorted((each for each in judged if each.meant is not None), key=lambda each: -each.found.score)
    most, best, answered_right, answered_wrong = wrong / 100 * len(inside), 0, 0, 0
    for _, level in groupby(inside, key=lambda each: each.found.score):
        rights = [each.is_right for each in level]
        answered_right += sum(rights)
        answered_wrong += len(rights) - sum(rights)
        if answered_wrong > most:
            break
        best = answered_right
    return share(best, len(inside))


def auroc(judged: Iterable[Judged]) -> float | None:
    """How likely a message in scope scores higher than one out of scope; a tie is half. None without either.

    Counted by ranks: https://en.wikipedia.org/wiki/Mann-Whitney_U_test
    """
    levels = groupby(sorted((each.found.score, each.meant is not None) for each in judged), key=lambda each: each[0])
    above, inside, outside = 0.0, 0, 0
    for _, level in levels:
        here = [is_inside for _, is_inside in level]
        inside_here = sum(here)
        outside_here = len(here) - inside_here
        above += inside_here * (outside + outside_here / 2)
        inside, outside = inside + inside_here, outside + outside_here
    return 100 * above / (inside * outside) if inside and outside else None


def reliability(judged: Iterable[Judged]) -> tuple[Bin, ...]:
    """Ten bins of equal width by the confidence of the first, the least sure first. Out of scope, none is right."""
    binned: list[list[Judged]] = [[] for _ in range(BINS)]
    for each in judged:
        binned[min(BINS - 1, int(BINS * each.found.score))].append(each)
    return tuple(_bin(each) for each in binned)


def merged(runs: Sequence[Sequence[Bin]]) -> tuple[Bin, ...]:
    """The bins of several runs as if they were one."""
    together = []
    for bins in zip(*runs, strict=True):
        count = sum(each.count for each in bins)
        said, was = sum(each.count * each.said for each in bins), sum(each.count * each.was for each in bins)
        together.append(Bin(count, said / count, was / count) if count else Bin(0, 0.0, 0.0))
    return tuple(together)


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: how far confidence is off in a bin, on average over the messages.

    https://arxiv.org/abs/1706.04599, equation 3
    """
    return sum(each.count * abs(each.said - each.was) for each in bins) / max(1, sum(each.count for each in bins))


def quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _bin(judged: Sequence[Judged]) -> Bin:
    count = len(judged)
    if not count:
        return Bin(0, 0.0, 0.0)
    said, was = sum(each.found.score for each in judged), sum(each.is_right for each in judged)
    return Bin(count, 100 * said / count, 100 * was / count)
