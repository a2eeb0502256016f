"""A house to play in: the real bot on a local Slack, with a small knowledge base and rules, in either mode."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from bot.moving_time import MovingTime
from bot.sandbox.messages import Message, View
from bot.sandbox.seed import Channel, Person, Seed
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.wiring import Address, Service, load_knowledge

HERE = Path(__file__).parent / "house"
KB, RULES = HERE / "kb", HERE / "escalation_rules.yaml"

DANA, EMIL, GOLD = "U0DANA00001", "U0EMIL00001", "U0GOLD00001"
CUSTOMER, COLLEAGUE, GUEST, ROBOT = "U0CARLA0001", "U0COLIN0001", "U0GUEST0001", "U0ROBOT0001"
HELP, QUIET, CLOSED, TEST, LOBBY = "C0HELP00001", "C0QUIET0001", "C0CLOSED001", "C0TEST00001", "C0LOBBY0001"
QUEUES = {"tech": "C0TECH00001", "product": "C0PRODUCT01", "care": "C0CARE00001", "retention": "C0RETAIN001"}
OPS = "C0OPS000001"

EVERYBODY = (CUSTOMER, COLLEAGUE, GUEST, GOLD, DANA, EMIL, ROBOT)
SEED = Seed(
    people=(
        Person(CUSTOMER, "carla", "Carla Weiss", email="carla@example.com"),
        Person(COLLEAGUE, "colin", "Colin Ash"),
        Person(GUEST, "gerd", "Gerd Guest", guest=True),
        Person(GOLD, "goldie", "Goldie Marsh"),
        Person(DANA, "dana", "Dana Reyes", title="Technical Support"),
        Person(EMIL, "emil", "Emil Okafor", title="Technical Support"),
        Person(ROBOT, "robot", "Robot", bot=True),
    ),
    channels=(
        Channel(HELP, "help", EVERYBODY),
        Channel(QUIET, "quiet", EVERYBODY),
        Channel(CLOSED, "closed", EVERYBODY),
        Channel(TEST, "test", EVERYBODY),
        Channel(LOBBY, "lobby", EVERYBODY),
        *(Channel(channel, f"tier2-{queue}", EVERYBODY) for queue, channel in QUEUES.items()),
        Channel(OPS, "operators", (DANA,)),
    ),
)
Mode = Literal["socket", "http"]
CLOSING: list[threading.Thread] = []  # houses that are being closed; joined when the tests are over


@dataclass(frozen=True, slots=True)
class Placed:
    """A message with the place it stands in: a channel, and the thread's root or ""."""

    channel: str
    root: str
    message: Message


class House:
    """Start, play, look. `quiet()` is when everything that was heard has been said."""

    def __init__(
        self, folder: Path, mode: Mode = "socket", *, kb: Path = KB, rules: Path = RULES, seed: Seed = SEED,
        redelivery: tuple[float, ...] = (0.1, 0.1, 0.1), ack_seconds: float = 3.0, health: str | None = None,
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        """`at` is when its time begins, for the bot and the local Slack; else now."""
        self.time = MovingTime(at)
        self.mode, self.database = mode, folder / "tier1.db"
        self._kb, self._rules, self._health = kb, rules, health
        self._address = Address("127.0.0.1", free_port()) if mode == "http" else None
        url = f"http://127.0.0.1:{self._address.port}/slack/events" if self._address else None
        self.slack = Sandbox(seed, events_url=url, redelivery=redelivery, ack_seconds=ack_seconds, clock=self.time)
        self.slack.start()
        self.service = self.begin()

    def begin(self) -> Service:
        """Start a bot on this house's database."""
        settings = Settings(
            slack_bot_token=self.slack.bot_token,
            slack_app_token=self.slack.app_token if self.mode == "socket" else None,
            slack_signing_secret=self.slack.signing_secret if self.mode == "http" else None,
            slack_api_url=self.slack.api_url,
            database=str(self.database),
            kb=self._kb,
            rules=self._rules,
            health=self._health,
        )
        knowledge = load_knowledge(self._kb, self._rules, rules_needed=True)
        service = Service(settings, knowledge, http=self._address, clock=self.time)
        service.start()
        return service

    def close(self) -> None:
        self.service.stop()
        self.slack.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A bot that is told to stop says first what is due, which no test needs to wait for.
        closing_thread = threading.Thread(target=self.close, name="closing")
        CLOSING.append(closing_thread)
        closing_thread.start()

    def forward(self, until: timedelta | datetime) -> None:
        """Let so much time go by, or go there. Whatever is due on the way is done, and said, at its own moment."""
        moment = self.time() + until if isinstance(until, timedelta) else until
        self.time.forward(moment, self.service, is_settled=self.slack.is_settled)

    # --- forms --------------------------------------------------------------------------------------------------------

    def opened(self, person: str, card: Message, label: str) -> View:
        """The form that a button opens for this person, or what stands there instead."""
        self.slack.press(person, card.channel, card.ts, label)
        self.quiet()
        return self.slack.views(person)[-1]

    def fill_in(self, person: str, card: Message, label: str, values: Mapping[str, object]) -> None:
        """Press a button that opens a form, and send that; a choice is named by its label."""
        self.slack.submit(person, self.opened(person, card, label).id, values)
        self.quiet()

    def resolve(self, person: str, card: Message) -> None:
        self.fill_in(person, card, "Resolve", {"code": "fixed", "words": "A new cable."})

    # --- looking ------------------------------------------------------------------------------------------------------

    def quiet(self) -> None:
        """Wait until all is acknowledged and all is said."""
        self.slack.settled()
        self.slack.wait_for(lambda: not self.rows("select 1 from outbox where state = 'due'"), 15)

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says, read as an analyst would."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def everything(self) -> list[Placed]:
        """All messages that stand anywhere, replies after their roots."""
        places = [*(channel.id for channel in SEED.channels), *(self.slack.dm(p.id) for p in SEED.people if not p.bot)]
        found = []
        for channel in places:
            for root in self.slack.messages(channel):
                found.append(Placed(channel, "", root))
                found += [Placed(channel, root.ts, reply) for reply in self.slack.messages(channel, root.ts)]
        return found

    def from_bot(self, channel: str, root: str | None = None) -> list[Message]:
        """What the bot said at the root of a channel, or in one of its threads."""
        return [message for message in self.slack.messages(channel, root) if message.bot_id]

    def cards(self, queue: str = "tech") -> list[Message]:
        return self.from_bot(QUEUES[queue])

    def wait(self, predicate: Callable[[], object], seconds: float = 10) -> None:
        self.slack.wait_for(predicate, seconds)


def free_port() -> int:
    """A port that nobody listens on, from a range of this worker's own, below those that connections are given."""
    for port in _ports:
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("the ports never end")


_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_ports = count(12_000 + 2_000 * (_worker % 8))
