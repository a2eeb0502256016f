"""Where the bot's time goes: `python -m bench.profiling --mode socket`, or `http`.

First as it is; then with the steps of a question timed, one question at a time and 32 at once; then under a profiler,
which slows it down so much that only shares count; then with every SQL statement counted, and, where there is strace,
every fsync.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pstats
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.answers import AT_ONCE, MODES
from bench.crowd import Crowd, Question, names_entry
from bench.stand import ROOT, Bot, free_port, furnished, surroundings, tier1_run

_TOP = 25
_SYNCS = ("fsync", "fdatasync")


@dataclass(frozen=True, slots=True)
class Played:
    answered: int
    seconds: float
    cpu: float  # seconds of processor time of the whole process


async def play(
    mode: str, people: int, seconds: float, folder: Path, questions: Sequence[Question], *watch: str
) -> Played:
    """Run the bot, under `watch` if there is one, and ask it things after a first hundred questions."""
    crowd = Crowd(questions, names_entry, seed=1)
    async with crowd.slack:
        bot = Bot("tier1", crowd, free_port() if mode == "http" else 0)
        words = tier1_run(folder, bot.port, f"{time.monotonic_ns()}.db")
        await bot.start(folder, *(["bench.profiled", *watch, *words[1:]] if watch else words))
        try:
            await crowd.in_turn(8, 100)
            await bot.quiet()
            if watch:
                bot.process.send_signal(signal.SIGUSR1)
            cpu = bot.cpu_seconds()
            asked = await crowd.all_at_once(people, seconds)
            await bot.quiet()
            return Played(len(asked), seconds, bot.cpu_seconds() - cpu)
        finally:
            await bot.end()


async def count_syncs(mode: str, seconds: float, folder: Path, questions: Sequence[Question]) -> str:
    """What strace says of fsyncs while questions are answered one at a time, after the first fifty."""
    crowd, told = Crowd(questions, names_entry, seed=1), folder / "strace.txt"
    async with crowd.slack:
        bot = Bot("tier1", crowd, free_port() if mode == "http" else 0)
        await bot.start(folder, *tier1_run(folder, bot.port, "strace.db"))
        try:
            counted = []
            for people in (1, AT_ONCE):
                await crowd.in_turn(8, 50)
                await bot.quiet()
                strace = await asyncio.create_subprocess_exec(
                    "strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", str(told), "-p", str(bot.process.pid),
                    stderr=asyncio.subprocess.DEVNULL,
                )  # fmt: skip
                await asyncio.sleep(1)
                asked = await crowd.in_turn(people, round(10 * seconds))
                await bot.quiet()
                strace.terminate()
                await strace.wait()
                rows = [line.split() for line in told.read_text().splitlines() if line.endswith(_SYNCS)]
                syncs = sum(int(row[3]) for row in rows)  # after the share, the seconds, and the seconds a call
                counted.append(f"{syncs / len(asked):.2f} with {people} at once")
        finally:
            await bot.end()
    return "fsyncs a question: " + ", ".join(counted)


def rooms(stats: pstats.Stats) -> Counter[str]:
    """Processor seconds by whose code it is: our rooms, libraries, and what is built in."""
    spent: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        path = Path(file)
        if file == "~":
            spent[f"built in: {name.strip('<>')}"] += own
        elif file.startswith("<"):
            spent["generated code"] += own
        elif path.is_relative_to(ROOT / "bot"):
            spent["/".join(path.relative_to(ROOT).with_suffix("").parts[:3])] += own
        elif "site-packages" in path.parts:
            spent[path.parts[path.parts.index("site-packages") + 1]] += own
        else:
            spent[f"stdlib {path.parent.name if path.parent.name not in ('python3.11', 'lib') else path.stem}"] += own
    return spent


def show_stages(seen: Path, played: Played) -> None:
    rows, answered = json.loads(seen.read_text()), played.answered
    print(f"\n{answered / played.seconds:.0f} answers a second; what each stage takes itself, a question:")
    for stage, times, cpu, wall in rows:
        if times:
            print(f"{times / answered:7.2f} times  {_ms(cpu, answered)} CPU  {_ms(wall, answered)} passed  {stage}")
    rest = played.cpu - sum(cpu for _, _, cpu, _ in rows)
    print(f"               {_ms(rest, answered)} CPU  {'':>8}    {'':>6}  whatever else")
    print(f"               {_ms(played.cpu, answered)} CPU  {'':>8}    {'':>6}  all of it")


def show_cpu(seen: Path, played: Played) -> None:
    answered = played.answered
    stats = pstats.Stats(str(seen))
    total = stats.total_tt  # type: ignore[attr-defined]
    print(f"\n{total / answered * 1000:.2f} ms of processor time a question, under the profiler; by room:")
    for room, own in rooms(stats).most_common(_TOP):
        print(f"{own / total:7.1%}  {_ms(own, answered)}  {room}")
    for order, what in (("tottime", "own time"), ("cumulative", "time with what they call")):
        print(f"\nthe top {_TOP} by {what}")
        rows = [(own if order == "tottime" else whole, calls, where) for where, (_, calls, own, whole, _) in
                stats.stats.items()]  # type: ignore[attr-defined]  # fmt: skip
        for spent, calls, (file, line, name) in sorted(rows, reverse=True)[: _TOP if order == "tottime" else 2 * _TOP]:
            place = "" if file == "~" else f"{'/'.join(Path(file).parts[-3:])}:{line}"
            print(f"{spent / total:7.1%}  {_ms(spent, answered)}  {calls / answered:7.1f} calls  {name}  {place}")


def show_sql(seen: Path, played: Played) -> None:
    answered = played.answered
    run = Counter(json.loads(seen.read_text()))
    print(f"\nstatements a question: {run.total() / answered:.1f}; COMMIT {run['COMMIT'] / answered:.2f}")
    for sql, times in run.most_common(2 * _TOP):
        print(f"{times / answered:7.2f}  {sql[:110]}")


def _ms(seconds: float, answered: int) -> str:
    return f"{seconds / answered * 1000:8.3f} ms"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.profiling", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each run (10)")
    parser.add_argument("--mode", choices=MODES, default="socket")
    options = parser.parse_args(words)
    with furnished() as (folder, questions):
        print(surroundings(folder))
        bare = asyncio.run(play(options.mode, AT_ONCE, options.seconds, folder, questions))
        print(f"{options.mode}: {bare.answered / bare.seconds:.0f} answers a second, {AT_ONCE} at once, unwatched")
        for people, watch, show in (
            (1, "stages", show_stages),
            (AT_ONCE, "stages", show_stages),
            (AT_ONCE, "cpu", show_cpu),
            (AT_ONCE, "sql", show_sql),
        ):
            seen = folder / watch
            print(f"\n=== {watch}, {people} at once")
            show(seen, asyncio.run(play(options.mode, people, options.seconds, folder, questions, watch, str(seen))))
        if shutil.which("strace"):
            print("\n" + asyncio.run(count_syncs(options.mode, options.seconds, folder, questions)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
