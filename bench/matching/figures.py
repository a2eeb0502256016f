"""The figures of a method on a set: which texts it gets, what came of them, and the mean over the seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from statistics import fmean
from typing import Any, TypeVar

from bench.matching.measures import (
    SHOWN,
    Bin,
    Found,
    Judged,
    auroc,
    calibration_error,
    in_first,
    knows_when_sure,
    merged,
    operating,
    quantile,
    reliability,
    right_within,
)
from bench.matching.running import Job, Run
from bench.matching.sets import Draw, MatchSet, Message
from bench.matching.wrappers import wrapped

MOST_WRONG = 5.0  # per cent, for `within`
_WRAPPED = 1_000  # messages at most: a story is long, and a thousand are enough for a difference


@dataclass(frozen=True, slots=True)
class Figures:
    """Per cent, milliseconds, seconds and megabytes; None where the set or the method has no such thing.

    `wrapped`: what a story around the message costs, in points of `top1`. `helped`: answered rightly, or offered with
    the right one among three. `out`: answered though nothing fits. `within`: answered rightly if hindsight draws the
    line where 5 % are answered wrongly. `ece`: expected calibration error.
    """

    top1: float | None
    top3: float | None
    typos: float | None
    wrapped: float | None
    right: float | None
    wrong: float | None
    offered: float | None
    helped: float | None
    out: float | None
    within: float | None
    auroc: float | None
    ece: float | None
    p50: float
    p95: float
    build: float
    memory: float


@dataclass(frozen=True, slots=True)
class OfKind:
    """Of the messages of one kind, in per cent: those in scope, and for `out` the others."""

    messages: float
    top1: float | None
    top3: float | None
    right: float | None
    wrong: float | None
    offered: float | None
    helped: float | None
    out: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """`seeds` were averaged. `bins` has the messages of all of them, and is empty without a probability."""

    set: str
    k: int
    phrasings: int
    method: str
    seeds: tuple[int, ...]
    figures: Figures
    kinds: Mapping[str, OfKind]
    bins: tuple[Bin, ...]


_Averaged = TypeVar("_Averaged", Figures, OfKind)


def sampled(match_set: MatchSet, count: int) -> MatchSet:
    """About `count` of the messages, evenly over the set; the same ones with typos."""
    return replace(
        match_set,
        test=_every(match_set.test, count),
        typos=_every(match_set.typos, count),
        kinds={kind: _every(messages, count) for kind, messages in match_set.kinds.items()},
    )


def job_for(match_set: MatchSet, draw: Draw, method: str, tier: str) -> Job:
    plain = dict.fromkeys(message.text for message in match_set.test)
    others = (match_set.typos, _wrapped(match_set), *match_set.kinds.values())
    texts = plain | dict.fromkeys(message.text for messages in others for message in messages)
    return Job(method, tier, draw.entries, tuple(texts), len(plain))


def result(match_set: MatchSet, draws: Sequence[Draw], method: str, runs: Sequence[Run]) -> Result:
    """What came of the runs of a method on draws of the same K, averaged."""
    clean = [_judged(match_set.test, run.found) for run in runs]
    return Result(
        match_set.name,
        draws[0].k,
        round(fmean(draw.phrasings for draw in draws)),
        method,
        tuple(draw.seed for draw in draws),
        mean([figures_of(match_set, run) for run in runs]),
        {
            kind: mean([_of_kind(_judged(messages, run.found)) for run in runs])
            for kind, messages in match_set.kinds.items()
        },
        merged([reliability(judged) for judged in clean]) if all(map(knows_when_sure, clean)) else (),
    )


def figures_of(match_set: MatchSet, run: Run) -> Figures:
    clean = _judged(match_set.test, run.found)
    bare, in_stories = in_first(_judged(_to_wrap(match_set), run.found), 1), _judged(_wrapped(match_set), run.found)
    return Figures(
        top1=in_first(clean, 1),
        top3=in_first(clean, SHOWN),
        typos=in_first(_judged(match_set.typos, run.found), 1),
        wrapped=(bare or 0.0) - (in_first(in_stories, 1) or 0.0),
        **asdict(operating(clean)),
        within=right_within(clean, MOST_WRONG),
        auroc=auroc(clean),
        ece=calibration_error(reliability(clean)) if knows_when_sure(clean) else None,
        p50=quantile(run.took, 0.5),
        p95=quantile(run.took, 0.95),
        build=run.build_seconds,
        memory=run.megabytes,
    )


def mean(several: Sequence[_Averaged]) -> _Averaged:
    """Average field by field, over those that have the field."""
    averaged: dict[str, Any] = {
        field.name: _mean(getattr(each, field.name) for each in several) for field in fields(several[0])
    }
    return type(several[0])(**averaged)


def _mean(values: Iterable[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return fmean(there) if there else None


def _of_kind(judged: Sequence[Judged]) -> OfKind:
    return OfKind(len(judged), in_first(judged, 1), in_first(judged, SHOWN), **asdict(operating(judged)))


def _judged(messages: Iterable[Message], found: Mapping[str, Found]) -> list[Judged]:
    return [Judged(message.entry, found[message.text]) for message in messages]


def _to_wrap(match_set: MatchSet) -> tuple[Message, ...]:
    return _every([message for message in match_set.test if message.entry is not None], _WRAPPED)


def _wrapped(match_set: MatchSet) -> list[Message]:
    bare = _to_wrap(match_set)
    texts = wrapped([message.text for message in bare])
    return [replace(message, text=text) for text, message in zip(texts, bare, strict=True)]


def _every(messages: Sequence[Message], count: int) -> tuple[Message, ...]:
    return tuple(messages[:: -(-len(messages) // count) or 1])
