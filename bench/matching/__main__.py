"""How well and how fast messages find their entries: our matcher beside what others would use, on a folder of sets.

`make bench-match DATA=DIR` runs everything; SETS=, KS=, SEEDS=, METHODS= (names with commas) and SAMPLE=300 (messages a
set) leave something out, for a glance. TIER=semantic takes the other matcher. It fails if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.matching.bars import verdicts
from bench.matching.figures import Result, job_for, result, sampled
from bench.matching.methods import NAMES, OURS
from bench.matching.options import TIERS, data_folder, names, numbers
from bench.matching.picture import draw
from bench.matching.report import LEGEND, as_json, lines_of, reliabilities, tables
from bench.matching.running import run
from bench.matching.sets import MatchSet, load_sets
from bot.errors import Tier1Error

SEEDS = "0,1,2"
PICTURE = Path("build/matching.png")


def main(words: Sequence[str]) -> int:
    options = _parser().parse_args(words)
    try:
        return bench(options)
    except Tier1Error as error:
        print(error, file=sys.stderr)
        return 2


def bench(options: argparse.Namespace) -> int:
    methods = names(options.methods, NAMES, "method") or NAMES
    sets = load_sets(data_folder(options.data, "bench-match"), names(options.sets))
    if options.sample:
        sets = tuple(sampled(match_set, options.sample) for match_set in sets)
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.2f}: what else runs here makes times longer")
    results = list(_results(sets, numbers(options.ks), numbers(options.seeds), methods, options.tier))
    if not results:
        raise Tier1Error(f"no set in {options.data} was drawn with such a K and seed: leave out KS= or SEEDS=")
    judged = verdicts(results, OURS, options.tier)
    print(*tables(results), *reliabilities(results), "", LEGEND, "", *lines_of(judged), sep="\n")
    if options.sample or options.seeds != SEEDS:
        print(f"this was a glance: the bars are meant for all messages and seeds {SEEDS}")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(as_json(results, judged), indent=1), encoding="utf-8")
    draw(results, options.picture)
    print(f"\nquality against time: {options.picture}")
    return 0 if all(each.is_held for each in judged) else 1


def _results(
    sets: Sequence[MatchSet], ks: Sequence[int], seeds: Sequence[int], methods: Sequence[str], tier: str
) -> Iterator[Result]:
    for match_set in sets:
        for k, draws in match_set.draws_by_k(seeds).items():
            if ks and k not in ks:
                continue
            for method in methods:
                began = time.monotonic()
                runs = [run(job_for(match_set, draw, method, tier)) for draw in draws]
                found = result(match_set, draws, method, runs)
                took = time.monotonic() - began
                print(f"{match_set.name} K={k} {method}: {found.figures.top1:.1f} ({took:.0f} s)", file=sys.stderr)
                yield found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.matching", description=__doc__)
    parser.add_argument("--data", default="", help="the folder of sets")
    parser.add_argument("--sets", default="", help="names with commas (all)")
    parser.add_argument("--ks", default="", help="phrasings an entry, with commas (all)")
    parser.add_argument("--seeds", default=SEEDS, help=f"with commas ({SEEDS})")
    parser.add_argument("--methods", default="", help=f"with commas, of {', '.join(NAMES)} (all)")
    parser.add_argument("--sample", type=int, help="about so many messages of each set (all)")
    parser.add_argument("--tier", choices=TIERS, default=TIERS[0], help="as in TIER1_MATCHER")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--picture", type=Path, default=PICTURE, help=f"write the picture to this file ({PICTURE})")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
