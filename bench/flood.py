"""What the bot keeps of a flood: its memory over 100,000 messages, and what happens when they come faster than it can.

`make bench-memory` runs it, MESSAGES=20000 for less. First over signed HTTP as fast as the bot goes, with so many
questions under way and no more. Then three times as fast as that, whatever the bot says: what Slack has not had
acknowledged within three seconds it sends once more, at once. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.answers import AT_ONCE, quantile
from bench.crowd import Asked, Crowd, Question, names_entry
from bench.stand import Bot, free_port, furnished, surroundings, tier1_run

EVERY, BASE = 5_000, 10_000  # messages: from line to line, and until memory counts as settled
MEMORY_BAR = 1.2  # times what it was after the first
TIMES_TOO_FAST = 3
FLOOD_PATIENCE = 300.0  # seconds for a reply when there are more questions than the bot can answer


@dataclass(frozen=True, slots=True)
class Line:
    messages: int
    megabytes: float


async def flood(folder: Path, questions: Sequence[Question], messages: int, seconds_too_fast: float) -> bool:
    """Play both parts and print what happens. Returns whether every bar was held."""
    crowd = Crowd(questions, names_entry, seed=1)
    async with crowd.slack:
        bot = Bot("tier1", crowd, free_port())
        await bot.start(folder, *tier1_run(folder, bot.port, "flood.db"))
        try:
            lines, asked, rate = await _as_fast_as_it_goes(bot, folder, messages)
            if seconds_too_fast:
                asked += await _faster(bot, folder, TIMES_TOO_FAST * rate, seconds_too_fast)
        finally:
            await bot.end()
    base = next(line for line in lines if line.messages >= min(BASE, messages // 2))
    grown = lines[-1].megabytes / base.megabytes
    lost = sum(one.handed.acknowledged is not None and one.replied is None for one in asked)
    grew = f"memory after {lines[-1].messages:,} messages, times that after {base.messages:,}"
    print(f"\n{_held(grown <= MEMORY_BAR)} {grew}: {grown:.2f} <= {MEMORY_BAR}")
    print(f"{_held(lost + crowd.unasked == 0)} acknowledged and not answered: {lost}; posted unasked: {crowd.unasked}")
    return grown <= MEMORY_BAR and lost + crowd.unasked == 0


async def _as_fast_as_it_goes(bot: Bot, folder: Path, messages: int) -> tuple[list[Line], list[Asked], float]:
    print("messages  a second     RSS, MB  threads  database, MB     wal, MB  most unacknowledged")
    lines: list[Line] = []
    asked: list[Asked] = []
    every = min(EVERY, max(1, messages // 4))
    began = time.perf_counter()
    while len(asked) < messages:
        since = time.perf_counter()
        asked += (now := await bot.crowd.in_turn(AT_ONCE, min(every, messages - len(asked))))
        rate = len(now) / (time.perf_counter() - since)
        lines.append(Line(len(asked), bot.memory()[0]))
        print(f"{len(asked):>8,}  {rate:>8.1f}  {_state(bot, folder)}", flush=True)
    return lines, asked, len(asked) / (time.perf_counter() - began)


async def _faster(bot: Bot, folder: Path, a_second: float, seconds: float) -> list[Asked]:
    crowd = bot.crowd
    await bot.quiet()
    crowd.most_unacknowledged = 0
    print(f"\n{a_second:.0f} a second for {seconds:.0f} s, {TIMES_TOO_FAST} times what it can")
    peak, done = bot.memory(), asyncio.Event()

    async def watch() -> None:
        nonlocal peak
        while not done.is_set():
            peak = max(peak, bot.memory())
            await asyncio.sleep(0.2)

    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    asking = []
    for number in range(round(a_second * seconds)):
        await asyncio.sleep(began + number / a_second - time.perf_counter())
        asking.append(asyncio.create_task(crowd.ask(crowd.newcomer(), repeats=1, patience=FLOOD_PATIENCE)))
    asked = await asyncio.gather(*asking)
    took = time.perf_counter() - began
    done.set()
    await watching
    heard = [one.handed for one in asked if one.handed.acknowledged is not None]
    again = sum(bool(one.failure) for one in heard)
    failures = ", ".join(sorted({one.handed.failure for one in asked} - {""})) or "no failure"
    acks = [one.acknowledged for one in heard if one.acknowledged is not None]
    replies = [one.replied for one in asked if one.replied is not None]
    print(f"{len(asked):,} messages: {len(heard) - again:,} acknowledged at first, {again:,} when sent again, "
          f"{len(asked) - len(heard):,} not yet ({failures})")  # fmt: skip
    print(f"acknowledged after p50 {quantile(acks, 0.5):.1f} s, at most {max(acks, default=0):.1f} s")
    print(f"{len(replies):,} replies after p50 {quantile(replies, 0.5):.1f} s, the last {took:.1f} s after the first")
    print(
        f"most unacknowledged at a time {crowd.most_unacknowledged:,}; RSS at most {peak[0]:.1f} MB, {peak[1]} threads"
    )
    await bot.quiet()
    print(f"after it  {'':>8}  {_state(bot, folder)}")
    return list(asked)


def _state(bot: Bot, folder: Path) -> str:
    megabytes, threads = bot.memory()
    database, wal = (_size(folder / name) for name in ("flood.db", "flood.db-wal"))
    return f"{megabytes:>10.1f}  {threads:>7}  {database:>12.1f}  {wal:>10.1f}  {bot.crowd.most_unacknowledged:>19,}"


def _size(path: Path) -> float:
    return path.stat().st_size / 1e6 if path.exists() else 0.0


def _held(is_held: bool) -> str:
    return "held  " if is_held else "MISSED"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.flood", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000, help="as fast as it goes (100,000)")
    parser.add_argument("--too-fast", type=float, default=10.0, metavar="SECONDS", help="faster than it can (10)")
    options = parser.parse_args(words)
    with furnished() as (folder, questions):
        print(f"{options.messages:,} messages; {surroundings(folder)}")
        return 0 if asyncio.run(flood(folder, questions, options.messages, options.too_fast)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
