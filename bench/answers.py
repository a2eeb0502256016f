"""How soon and how many: the whole bot beside the smallest echo that Bolt can be, on the same Slack in the same run.

`make bench-bot` runs it, ROUNDS=1 SECONDS=3 for a glance. The bot is `tier1 run` as it is, its database on a disk, with
1,000 phrasings; its people are new after five questions. Both modes, a round each in turn: first a question at a time
for the latency of replies, then 32 at once for answers a second. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import median

from bench.crowd import Asked, Crowd, Question, names_entry, same_words
from bench.stand import Bot, cpu_seconds, free_port, fsync_seconds, furnished, surroundings, tier1_run

A_SECOND = 10  # far below what either bot can do
AT_ONCE = 32
LATENCY_BAR, RATE_BAR = 1.5, 0.7  # times the echo's; a reply may take one fsync more
RIGHT_BAR = 0.98  # of the replies: what is fast and wrong is not an answer
MODES = ("socket", "http")


@dataclass(frozen=True, slots=True)
class Round:
    """What one bot did in one round."""

    steady: Sequence[Asked]
    crowded: Sequence[Asked]
    rate: float  # answers a second
    cpu: float  # seconds of processor time an answer, when crowded
    busy: float  # share of one processor that the bench's own Slack used meanwhile


@dataclass(frozen=True, slots=True)
class Bar:
    what: str
    found: float
    limit: float
    most: bool  # whether the limit is the most there may be, or the least

    @property
    def is_held(self) -> bool:
        return self.found <= self.limit if self.most else self.found >= self.limit


async def compare(
    mode: str,
    rounds: int,
    seconds: float,
    folder: Path,
    questions: Sequence[Question],
    *,
    echo_words: Sequence[str] = (),
) -> bool:
    """Play all rounds of one mode and print what came of them. Returns whether every bar was held."""
    async with AsyncExitStack() as stack:
        echo = await _bot(stack, "echo", mode, folder, questions, *echo_words)
        tier1 = await _bot(stack, "tier1", mode, folder, questions)
        for bot in (echo, tier1):
            await bot.crowd.in_turn(8, 200)
            bot.crowd.slack.calls.clear()
        gc.collect()
        gc.freeze()
        played: dict[str, list[Round]] = {"echo": [], "tier1": []}
        synced = []
        for _ in range(rounds):
            synced += fsync_seconds(folder, 200)
            for bot in (echo, tier1):
                played[bot.name].append(await _round(bot, seconds))
        return _report(mode, played, median(synced), echo.crowd, tier1.crowd)


async def _bot(
    stack: AsyncExitStack, name: str, mode: str, folder: Path, questions: Sequence[Question], *words: str
) -> Bot:
    crowd = Crowd(questions, same_words if name == "echo" else names_entry, seed=1)
    await stack.enter_async_context(crowd.slack)
    bot = Bot(name, crowd, free_port() if mode == "http" else 0)
    if name == "echo":
        await bot.start(folder, "bench.echo", *([str(bot.port), *words] if bot.port else []))
    else:
        await bot.start(folder, *tier1_run(folder, bot.port, f"{mode}.db"))
    stack.push_async_callback(bot.end)
    return bot


async def _round(bot: Bot, seconds: float) -> Round:
    crowd = bot.crowd
    await bot.quiet()
    steady = await crowd.steadily(seconds, A_SECOND)
    await bot.quiet()
    began, cpu, own = time.perf_counter(), bot.cpu_seconds(), cpu_seconds(os.getpid())
    crowded = await crowd.all_at_once(AT_ONCE, seconds)
    in_time = sum(1 for one in crowded if one.replied is not None and one.at < began + seconds)
    busy = (cpu_seconds(os.getpid()) - own) / (time.perf_counter() - began)
    await bot.quiet()  # what it still has to do belongs to its answers
    return Round(steady, crowded, in_time / seconds, (bot.cpu_seconds() - cpu) / max(1, len(crowded)), busy)


# --- what came of it --------------------------------------------------------------------------------------------------


def _report(mode: str, played: dict[str, list[Round]], fsync: float, *crowds: Crowd) -> bool:
    print(f"\n{mode}, fsync {fsync * 1000:.2f} ms            echo                   tier1     ratio")
    rows: list[tuple[str, str, Callable[[Round], float]]] = [
        ("reply p50, ms", "p50", lambda one: 1000 * _replied(one.steady, 0.5)),
        ("reply p99, ms", "p99", lambda one: 1000 * _replied(one.steady, 0.99)),
        ("ack p50, ms", "", lambda one: 1000 * _acknowledged(one.steady, 0.5)),
        ("ack p99, ms", "", lambda one: 1000 * _acknowledged(one.steady, 0.99)),
        ("answers a second", "rate", lambda one: one.rate),
        (f"reply p50 of {AT_ONCE}, ms", "", lambda one: 1000 * _replied(one.crowded, 0.5)),
        (f"ack p99 of {AT_ONCE}, ms", "", lambda one: 1000 * _acknowledged(one.crowded, 0.99)),
        ("CPU an answer, ms", "", lambda one: 1000 * one.cpu),
        ("Slack's CPU, %", "", lambda one: 100 * one.busy),
    ]
    bars = []
    for what, key, value in rows:
        echo, tier1 = ([value(one) for one in played[name]] for name in ("echo", "tier1"))
        ratio = median(tier1) / median(echo) if median(echo) else float("nan")
        print(f"{what:<22} {_spread(echo):>22}  {_spread(tier1):>22} {ratio:>9.2f}")
        if key == "rate":
            bars.append(Bar(f"{what}, times the echo's", ratio, RATE_BAR, most=False))
        elif key:
            bars.append(Bar(what, median(tier1), LATENCY_BAR * median(echo) + 1000 * fsync, most=True))
    for name, crowd in zip(played, crowds, strict=True):
        asked = [one for each in played[name] for one in (*each.steady, *each.crowded)]
        bars.append(
            Bar(f"{name}: right replies", sum(one.is_right for one in asked) / len(asked), RIGHT_BAR, most=False)
        )
        unheard = sum(one.handed.acknowledged is None for one in asked)
        bars.append(Bar(f"{name}: not acknowledged, or posted unasked", unheard + crowd.unasked, 0, most=True))
        calls = ", ".join(f"{method} {count / len(asked):.2f}" for method, count in crowd.slack.calls.most_common())
        print(f"{name}'s calls a question: {calls}")
    for bar in bars:
        sign = "<=" if bar.most else ">="
        print(f"{'held  ' if bar.is_held else 'MISSED'} {bar.what}: {bar.found:.4g} {sign} {bar.limit:.4g}")
    return all(bar.is_held for bar in bars)


def _replied(asked: Sequence[Asked], share: float) -> float:
    return quantile([inf if one.replied is None else one.replied for one in asked], share)


def _acknowledged(asked: Sequence[Asked], share: float) -> float:
    return quantile([one.handed.acknowledged for one in asked if one.handed.acknowledged is not None], share)


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.answers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of each bot in each mode (3)")
    parser.add_argument("--seconds", type=float, default=7.0, help="of each of the two measures in a round (7)")
    parser.add_argument("--mode", choices=MODES, action="append", help="one mode alone")
    parser.add_argument("--plain-echo", action="store_true", help="the echo over HTTP by Bolt's own little server")
    options = parser.parse_args(words)
    echo_words = ["plain"] if options.plain_echo else []
    with furnished() as (folder, questions):
        print(f"{len(questions):,} phrasings; {surroundings(folder)}")
        held = [
            asyncio.run(compare(mode, options.rounds, options.seconds, folder, questions, echo_words=echo_words))
            for mode in options.mode or MODES
        ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
