"""What a large knowledge base costs: build, restart, milliseconds a message and memory, from 1,000 phrasings on.

`make bench-scale DATA=DIR` takes the entries of the sets in the folder, and then the same ones for one place after the
other ("… in the Leeds office"), until there are enough phrasings; the messages are those of the sets, for the same
places. SIZES=1000,10000 says how many phrasings (up to 100,000), TIER=semantic takes the other matcher. It fails if a
bar is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count, cycle
from pathlib import Path

from bench.matching.bars import SPEED, Verdict
from bench.matching.measures import SHOWN, Judged, in_first, quantile
from bench.matching.methods import OURS
from bench.matching.options import TIERS, data_folder, numbers
from bench.matching.report import lines_of
from bench.matching.running import Job, Run, run
from bench.matching.sets import Draw, MatchSet, Message, load_sets
from bot.core.entries import Entry
from bot.errors import Tier1Error

SIZES = "1000,10000,100000"
_ASKED = 400  # messages
_WAYS = ("{} in the {} office", "{} ({})", "{} - this is about {}", "{} for {}", "{}, {} site")
_PLACES = """
Aberdeen Antwerp Bangor Basel Bath Bergen Bilbao Bologna Bordeaux Bremen Brighton Bristol Bruges Cardiff Chester Cork
Coventry Delft Derby Dresden Dundee Durham Exeter Galway Gdansk Geneva Ghent Girona Graz Haarlem Hull Innsbruck Ipswich
Krakow Leeds Leiden Lille Limerick Linz Lugano Lyon Malmo Mainz Nantes Norwich Odense Oporto Oslo Ostend Oulu Padua
Plymouth Potsdam Ravenna Reims Seville Siena Swansea Tampere Tours Trieste Turin Utrecht Verona Wroclaw York
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, milliseconds, megabytes and per cent.

    `restart`: from the very beginning of a process that finds the index in the cache, until it can answer.
    """

    phrasings: int
    entries: int
    build: float
    restart: float
    p50: float
    p95: float
    memory: float
    top1: float | None
    top3: float | None


def grown(sets: Sequence[MatchSet], size: int) -> tuple[Draw, tuple[Message, ...]]:
    """Return so many phrasings, the same ones each time, and messages that mean their entries.

    Raises `Tier1Error` if there is no such message.
    """
    draw = random.Random(0)
    pool = list(_pool(sets))
    draw.shuffle(pool)
    entries: list[Entry] = []
    messages: list[Message] = []
    left = size
    for place, (entry, asked) in ((place, each) for place in _places() for each in pool):
        there = f"{entry.id}-{place.lower().replace(' ', '-')}" if place else entry.id
        said = entry.phrasings[:left]
        entries.append(replace(entry, id=there, phrasings=tuple(_at(place, said))))
        messages += [Message(text, there) for text in _at(place, asked)]
        left -= len(said)
        if not left:
            break
    if not messages:
        raise Tier1Error(f"nobody asks for what the first {size:,} phrasings are about: give a larger size")
    draw.shuffle(messages)
    return Draw(0, 0, tuple(sorted(entries, key=lambda each: each.id))), tuple(messages[:_ASKED])


def measured(draw: Draw, messages: Sequence[Message], tier: str) -> Cost:
    """Build with an empty cache and ask everything; then once more, with the cache that is left."""
    texts = tuple(dict.fromkeys(message.text for message in messages))
    job = Job(OURS, tier, draw.entries, texts, len(texts))
    with tempfile.TemporaryDirectory(prefix="tier1-bench-") as folder:
        first = run(replace(job, cache=Path(folder)))
        again = run(replace(job, cache=Path(folder), texts=job.texts[:1]))
    return _cost(draw, messages, first, again.ready_seconds)


def main(words: Sequence[str]) -> int:
    options = _parser().parse_args(words)
    try:
        return bench(options)
    except Tier1Error as error:
        print(error, file=sys.stderr)
        return 2


def bench(options: argparse.Namespace) -> int:
    sizes = numbers(options.sizes)
    sets = load_sets(data_folder(options.data, "bench-scale"))
    heads = {"phrasings": 10, "entries": 9, "build s": 9, "restart s": 11, "p50 ms": 8, "p95 ms": 8, "MB": 7}
    print("".join(f"{head:>{width}}" for head, width in (heads | {"top-1": 7, "top-3": 7}).items()))
    costs = []
    for size in sizes:
        cost = measured(*grown(sets, size), options.tier)
        costs.append(cost)
        print(
            f"{cost.phrasings:>10,}{cost.entries:>9,}{cost.build:>9.2f}{cost.restart:>11.2f}{cost.p50:>8.2f}"
            f"{cost.p95:>8.2f}{cost.memory:>7.0f}{cost.top1:>7.1f}{cost.top3:>7.1f}"
        )
    judged = [verdict for cost in costs for verdict in _verdicts(cost, options.tier)]
    print("", *lines_of(judged), sep="\n")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps([asdict(cost) for cost in costs], indent=1), encoding="utf-8")
    return 0 if all(each.is_held for each in judged) else 1


def _pool(sets: Sequence[MatchSet]) -> Iterator[tuple[Entry, list[str]]]:
    """Each entry of the sets with the messages that mean it; of entries with a phrasing in common only the first."""
    taken = set[str]()
    for match_set in sets:
        largest = max(match_set.draws, key=lambda draw: (draw.k, -draw.seed))
        for entry in largest.entries:
            if taken.isdisjoint(entry.phrasings):
                taken.update(entry.phrasings)
                asked = [message.text for message in match_set.test if message.entry == entry.id]
                yield replace(entry, id=f"{match_set.name}/{entry.id}"), asked


def _places() -> Iterator[str]:
    """First no place at all, then the towns, then their floors."""
    yield ""
    yield from _PLACES.split()
    for floor in count(1):
        yield from (f"{town} floor {floor}" for town in _PLACES.split())


def _at(place: str, texts: Sequence[str]) -> list[str]:
    if not place:
        return list(texts)
    return [way.format(text.rstrip(".?! "), place) for text, way in zip(texts, cycle(_WAYS), strict=False)]


def _cost(draw: Draw, messages: Sequence[Message], first: Run, restart: float) -> Cost:
    judged = [Judged(message.entry, first.found[message.text]) for message in messages]
    return Cost(
        phrasings=draw.phrasings,
        entries=len(draw.entries),
        build=first.build_seconds,
        restart=restart,
        p50=quantile(first.took, 0.5),
        p95=quantile(first.took, 0.95),
        memory=first.megabytes,
        top1=in_first(judged, 1),
        top3=in_first(judged, SHOWN),
    )


def _verdicts(cost: Cost, tier: str) -> list[Verdict]:
    bars = SPEED.get((tier, cost.phrasings), ())
    return [Verdict(f"{cost.phrasings:,} phrasings", bar, getattr(cost, bar.figure)) for bar in bars]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.matching.scale", description=__doc__)
    parser.add_argument("--data", default="", help="the folder of sets")
    parser.add_argument("--sizes", default=SIZES, help=f"phrasings, with commas ({SIZES})")
    parser.add_argument("--tier", choices=TIERS, default=TIERS[0], help="as in TIER1_MATCHER")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
