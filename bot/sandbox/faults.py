"""Misbehaviour on demand: refused, slow and half-done calls, and Slack's limit of a message a second."""

from collections import defaultdict
from dataclasses import dataclass

from bot.sandbox.state import Workspace

LOST = "connection_lost"
# What answers in Slack's place, or halfway: a proxy's page, and JSON that breaks off.
GARBLED = {
    "html_page": "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>",
    "broken_json": '{"ok":tr',
    "no_object": '["ok"]',
    "empty_body": "",
}
BURST = 15  # Slack allows "short bursts" and names no number
_STATUSES = {"ratelimited": 429, "rate_limited": 429, "internal_error": 500, "fatal_error": 500}
_STATUSES |= {"service_unavailable": 503, "request_timeout": 504}


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call is to fail. `after`: it takes effect first. Status 0 stands for a connection that just ends."""

    error: str
    status: int
    retry_after: int
    after: bool


class Faults:
    """What is to go wrong, by method; `*` stands for every method."""

    def __init__(self, workspace: Workspace, *, limits: bool) -> None:
        """With `limits`, chat.postMessage is held to a message a second and channel, with bursts."""
        self._workspace = workspace
        self._limits = limits
        self._next: dict[str, list[Fault]] = defaultdict(list)
        self._slow: dict[str, float] = {}
        self._buckets: dict[str, tuple[float, float]] = {}

    def fail_next(
        self, method: str, error: str, *, times: int, retry_after: int, status: int | None, after: bool
    ) -> None:
        """Queue a fault for the next `times` calls of the method."""
        if status is None:
            status = 0 if error == LOST else _STATUSES.get(error, 500 if after else 200)
        with self._workspace.changed:
            self._next[method] += [Fault(error, status, retry_after, after)] * times

    def slow(self, method: str, seconds: float) -> None:
        """Let every call of the method take this long; 0 ends that."""
        with self._workspace.changed:
            self._slow[method] = seconds

    def pause(self, method: str) -> float:
        """How many seconds a call of the method has to wait first."""
        with self._workspace.changed:
            return self._slow.get(method, self._slow.get("*", 0.0))

    def take(self, method: str) -> Fault | None:
        """The fault that this call of the method has to suffer, if any."""
        with self._workspace.changed:
            for queue in (self._next[method], self._next["*"]):
                if queue:
                    return queue.pop(0)
        return None

    def over_limit(self, channel: str) -> int:
        """Take one message out of the channel's allowance; or return the seconds to wait, if it is used up."""
        if not self._limits:
            return 0
        with self._workspace.changed:
            left, seen = self._buckets.get(channel, (float(BURST), 0.0))
            now = self._workspace.seconds()
            left = min(BURST, left + now - seen)
            self._buckets[channel] = (left - 1 if left >= 1 else left, now)
            return 0 if left >= 1 else 1

    def forget(self) -> None:
        """Let everything go well again."""
        with self._workspace.changed:
            self._next.clear()
            self._slow.clear()
            self._buckets.clear()
