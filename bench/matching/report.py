"""The figures as a table for the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from itertools import groupby

from bench.matching.bars import Verdict
from bench.matching.figures import Figures, OfKind, Result
from bench.matching.measures import BINS

LEGEND = """\
top-1, top-3: the entry meant is the first, or among three     typos: top-1 with slips of the finger
story: points of top-1 that a story around the message costs   right, wrong: answered, of what has an entry
helped: right, or offered with the right one among three       out: answered though no entry fits
at 5%: right if hindsight draws the line at 5 % wrong          AUROC: in scope against out of scope, by score
ECE: how far confidence is off                                 p50, p95: ms a message on one thread
build: seconds                                                 MB: the most the process ever held"""

_HEADS = {
    "top1": "top-1",
    "top3": "top-3",
    "typos": "typos",
    "wrapped": "story",
    "right": "right",
    "wrong": "wrong",
    "helped": "helped",
    "out": "out",
    "within": "at 5%",
    "auroc": "AUROC",
    "ece": "ECE",
    "p50": "p50",
    "p95": "p95",
    "build": "build",
    "memory": "MB",
}
_DIGITS = {"p50": 2, "p95": 2, "build": 2, "memory": 0}
_FEW = 10  # messages: their share says nothing


def tables(results: Sequence[Result]) -> Iterator[str]:
    """A line each: for every set and K a head, and the methods beneath it."""
    for (name, k), rows in groupby(results, key=lambda result: (result.set, result.k)):
        block = list(rows)
        seeds = ", ".join(map(str, block[0].seeds))
        yield ""
        yield f"{name} K={k}: {block[0].phrasings:,} phrasings, seeds {seeds}"
        yield f"{'':<12}" + "".join(f"{head:>7}" for head in _HEADS.values())
        for result in block:
            yield f"{result.method:<12}" + "".join(_cell(result.figures, figure) for figure in _HEADS)
        for result in block:
            yield from _of_kinds(result)


def reliabilities(results: Sequence[Result]) -> Iterator[str]:
    """What confidence said, bin by bin, and in what share of the messages the first entry was right."""
    binned = [result for result in results if result.bins]
    if not binned:
        return
    step = 100 // BINS
    yield ""
    yield "confidence, %" + " " * 9 + "".join(f"{f'{low}-{low + step}':>9}" for low in range(0, 100, step))
    for result in binned:
        shares = "".join(f"{f'{each.was:.0f}' if each.count >= _FEW else '·':>9}" for each in result.bins)
        yield f"{f'{result.set} K={result.k}: right, %':<22}" + shares
        yield f"{'    messages':<22}" + "".join(f"{each.count:>9,}" for each in result.bins)


def lines_of(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for each in verdicts:
        bar, (name, _, kind) = each.bar, each.bar.figure.partition(":")
        head = f"{_HEADS.get(name, name)}{f' {kind}' if kind else ''}"
        stretch = "" if bar.stretch is None else f", stretch {bar.stretch:g}{' held' if bar.excels(each.value) else ''}"
        yield (
            f"{'held  ' if each.is_held else 'MISSED'} {each.of}, {head}: {each.value:.4g} "
            f"{'<=' if bar.most else '>='} {bar.must:g}{stretch}"
        )


def as_json(results: Sequence[Result], verdicts: Sequence[Verdict]) -> dict[str, object]:
    return {
        "results": [asdict(result) for result in results],
        "bars": [asdict(each) | {"held": each.is_held, "stretched": each.bar.excels(each.value)} for each in verdicts],
    }


def _of_kinds(result: Result) -> Iterator[str]:
    for kind, figures in result.kinds.items():
        named = {field.name: getattr(figures, field.name) for field in fields(OfKind) if field.name != "messages"}
        told = [f"{_HEADS.get(name, name)} {value:.1f}" for name, value in named.items() if value is not None]
        if told:
            yield f"  {result.method}, {kind}: {figures.messages:.0f} messages, {', '.join(told)}"


def _cell(figures: Figures, name: str) -> str:
    value = getattr(figures, name)
    return f"{'·':>7}" if value is None else f"{value:>7.{_DIGITS.get(name, 1)}f}"
