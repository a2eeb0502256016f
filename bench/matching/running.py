"""Let a method rank messages in a fresh process with one thread, and say what it found and what it cost."""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.matching.measures import Found
from bot.core.entries import Entry

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Job:
    """`texts` are distinct; the first `timed` of them are timed. `tier` is what `TIER1_MATCHER` says.

    `cache` is a folder for what our matcher keeps on disk; None: it keeps nothing.
    """

    method: str
    tier: str
    entries: tuple[Entry, ...]
    texts: tuple[str, ...]
    timed: int
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """`found` by text; `took` are milliseconds a text; megabytes are the most that the process ever held.

    `ready_seconds` are from the beginning of the process, its libraries and all, until it could answer.
    """

    found: Mapping[str, Found]
    took: tuple[float, ...]
    build_seconds: float
    ready_seconds: float
    megabytes: float


def run(job: Job) -> Run:
    """Do a job in a process that has done nothing else."""
    # Libraries count their threads when they are loaded, so it must be said before the process begins.
    os.environ.update(_ONE_THREAD)
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawning) as process:
        return process.submit(run_here, job).result()


def run_here(job: Job) -> Run:
    """Do a job in this process: its memory is then not the method's alone."""
    from bench.matching.methods import build  # noqa: PLC0415  loads numpy, which belongs to what is measured

    began = time.perf_counter()
    find = build(job.method, job.entries, job.tier, job.cache)
    built, ready = time.perf_counter() - began, seconds_since_start()
    timed = [_timed(find, text) for text in job.texts]
    found = {text: each for text, (each, _) in zip(job.texts, timed, strict=True)}
    took = tuple(milliseconds for _, milliseconds in timed[: job.timed])
    return Run(found, took, built, ready, peak_megabytes())


def peak_megabytes() -> float:
    """The most this process has held, since it began."""
    # What `getrusage` says counts the parent before the new program was loaded.
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    if told is None:
        raise RuntimeError("this system does not tell how much memory a process used: the benches need Linux")
    return int(told[1]) / 1024


def seconds_since_start() -> float:
    """How long this process has been there; Linux counts it in hundredths."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _timed(find: Callable[[str], Found], text: str) -> tuple[Found, float]:
    began = time.perf_counter()
    found = find(text)
    return found, 1000 * (time.perf_counter() - began)
