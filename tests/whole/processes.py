"""Whole processes, started as people start them."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parent.parent.parent


def environment(**more: str) -> dict[str, str]:
    """Ours without anything that would tell a bot where to go."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SLACK_", "TIER1_"))}
    return kept | more


def tier1(*words: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=cwd, env=dict(env or environment()), capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


class Process:
    """A command that goes on until it is told to stop."""

    def __init__(self, *words: str, cwd: Path, env: Mapping[str, str]) -> None:
        self.log = cwd / "stderr.txt"
        with self.log.open("ab") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *words], cwd=cwd, env=dict(env) | {"PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE, stderr=stderr,
            )  # fmt: skip

    def line(self, seconds: float = 20) -> str:
        """The next line it prints."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        assert ready, f"nothing printed in {seconds} s\n{self.errors()}"
        return self.process.stdout.readline().decode().rstrip("\n")

    def errors(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def end(self, signal: int, seconds: float = 15) -> float:
        """Send a signal and return how many seconds it took to end."""
        began = time.monotonic()
        self.process.send_signal(signal)
        self.process.wait(seconds)
        return time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()
