"""Where a bench stands: a folder on a real disk, bots as processes of their own, and what Linux says of both."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.crowd import Crowd, Question, write_questions
from bench.posts import Posts

ROOT = Path(__file__).parent.parent
_ENTRIES = 250  # of four phrasings each
_RULES = "queues: {technical_support: {role: Technical Support, channel: C0BENCH0001}}\n"
_IN_MEMORY = ("tmpfs", "ramfs")
_READY_SECONDS = 60.0
_END_SECONDS = 20.0


class Bot:
    """A bot as a process of its own. It serves HTTP at `port`, or uses Socket Mode if that is 0."""

    def __init__(self, name: str, crowd: Crowd, port: int) -> None:
        self.name, self.crowd, self.port = name, crowd, port
        if port:
            crowd.carrier = Posts(port, crowd.slack.signing_secret)

    async def start(self, folder: Path, *words: str) -> None:
        """Run `python -m WORDS` in the folder, and return when it can serve. Raises `RuntimeError` if it never can."""
        slack, self.log = self.crowd.slack, folder / f"{self.name}.log"
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("SLACK_", "TIER1_"))} | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "PYTHONPATH": str(ROOT),
        }
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *words, cwd=folder, env=ours, stdout=log, stderr=log
            )
        give_up_at = time.monotonic() + _READY_SECONDS
        while not await self._can_serve():
            if self.process.returncode is not None or time.monotonic() > give_up_at:
                await self.end()
                raise RuntimeError(f"{self.name} does not start:\n{self.log.read_text(errors='replace')}")
            await asyncio.sleep(0.05)

    async def end(self) -> None:
        """Ask it to end, and make it if it does not."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), _END_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()

    async def quiet(self) -> None:
        """Return when it has asked nothing of Slack for half a second."""
        before = -1
        while (now := self.crowd.slack.calls.total()) != before:
            before = now
            await asyncio.sleep(0.5)

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)

    def memory(self) -> tuple[float, int]:
        """Resident megabytes, and the number of threads."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        told = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.split()}
        return int(told["VmRSS"]) / 1024, int(told["Threads"])

    async def _can_serve(self) -> bool:
        if not self.port:
            return self.crowd.slack.sockets.is_connected
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


@contextmanager
def furnished() -> Iterator[tuple[Path, tuple[Question, ...]]]:
    """A folder on a disk, with a knowledge base and rules in it, and the questions that these answer."""
    with tempfile.TemporaryDirectory(prefix="tier1-bench-", dir=_disk_folder()) as name:
        folder = Path(name)
        (folder / "kb").mkdir()
        (folder / "rules.yaml").write_text(_RULES, encoding="utf-8")
        yield folder, write_questions(folder / "kb", _ENTRIES)


def surroundings(folder: Path) -> str:
    """What a reader of the figures should know of the machine."""
    kind, mount = _filesystem(folder)
    return (
        f"database in {folder.parent}, {kind} at {mount}; {os.cpu_count()} cores, load before {os.getloadavg()[0]:.2f}"
    )


def tier1_run(folder: Path, port: int, database: str) -> list[str]:
    """The words after `python -m`; over HTTP if there is a port."""
    words = ["bot", "run", "--kb", str(folder / "kb"), "--rules", str(folder / "rules.yaml")]
    return [*words, "--database", str(folder / database), *(["--http", f"127.0.0.1:{port}"] if port else [])]


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, in user and in system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def fsync_seconds(folder: Path, times: int = 200) -> list[float]:
    """How long it takes to write 4 kB and have them on the disk, each time."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(times):
            since = time.perf_counter()
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - since)
    return taken


def _disk_folder() -> Path:
    """Where temporary files go if that is a disk, else the working folder. Raises `RuntimeError` if both are memory."""
    for folder in (Path(tempfile.gettempdir()), Path.cwd()):
        if _filesystem(folder)[0] not in _IN_MEMORY:
            return folder
    raise RuntimeError("neither TMPDIR nor the working folder is on a disk: an fsync would cost nothing there")


def _filesystem(folder: Path) -> tuple[str, str]:
    """The type of the file system that the folder is on, and where it is mounted."""
    mounts = [line.split(" ")[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    there = folder.resolve()
    mount, kind = max((each for each in mounts if there.is_relative_to(each[0])), key=lambda each: len(each[0]))
    return kind, mount
