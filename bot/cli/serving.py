"""A command that goes on until it is told to stop: by SIGTERM, or by Ctrl-C."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from types import FrameType

from bot.wiring import Service


def serve(service: Service, greeting: str) -> None:
    """Start, print the greeting once customers can be served, and stop when asked to."""
    asked_to_stop = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        asked_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        service.start()
        if not asked_to_stop.is_set():
            print(greeting, flush=True)
        asked_to_stop.wait()
    finally:
        service.stop()


def log_to_stderr(level: int) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
