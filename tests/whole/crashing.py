"""A storm: a crowd at a real bot that is killed and started again and again, at random and at the worst moments.

Slack is the sandbox in this process, the bot is `tier1 run` as a process of its own, and its end is SIGKILL. Who says
what and when the kills come follows from a seed; what the machine's timing adds to that, no seed can repeat.
"""

from __future__ import annotations

import secrets
import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Literal, assert_never, get_args

from bot.core.audience import Person
from bot.core.matches import Ranking
from bot.desk import Desk
from bot.sandbox.server import Sandbox
from bot.store.sqlite import SqliteStore
from bot.wiring import load_knowledge
from tests.whole.crowd import CROWD, KNOWN, STRANGERS, Crowd
from tests.whole.judging import Evidence, everything_said, judged, outbox_of, said_twice, stimulus_of
from tests.whole.processes import Process, environment
from tests.wire.house import KB, RULES, Mode

Aim = Literal[
    "acknowledged",  # right after an acknowledgement
    "posted",  # right after Slack took a message: it is not yet marked as told
    "answer lost",  # Slack took a message, and its answer never comes
    "in flight",  # a post is on its way: Slack takes it when the bot is dead already
    "undecided",  # at any moment; one that cannot decide hears a message, and the next is killed before it is ready
    "one of two",  # two bots on one database: one of them goes on
    "starting",  # at any moment, and the next one before it is ready
    "twice",  # at any moment, and the next one as soon as it is ready
]
AIMS: tuple[Aim, ...] = get_args(Aim)
KILLS_OF: Mapping[Aim, int] = {"undecided": 2, "starting": 2, "twice": 2}  # the others are one each
# Slack repeats an event after a second, a minute and five minutes; in a storm, so that each finds a bot alive at last.
REPEATS = (0.5, 1.0, *(2.0,) * 300)
QUIET_WITHIN = 120.0  # seconds: a lane of the dead is free after 30, what was due and taken by the dead after 60
_AIM_WITHIN = 3.0
_IN_FLIGHT = 8.0  # seconds until Slack takes what was on its way: the next bot is at work by then
_STARTS_IN = 1.5  # seconds, about
_IN_LOG = 40  # lines of the bot's log that a report shows


@dataclass(slots=True)
class Findings:
    """What was tried, how many kills left what behind, what happened in all, and what is wrong."""

    mode: Mode
    seed: int
    kills: int = 0
    tried: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    log: str = ""

    def report(self) -> str:
        """What is wrong, with what is needed to find out why."""
        return "\n".join(
            [
                f"{self.mode}, seed {self.seed}, {self.kills} kills: {len(self.wrong)} violations",
                *(f"- {one}" for one in self.wrong[:20]),
                f"tried: {dict(self.tried)}",
                f"kills that left behind: {dict(self.left)}",
                f"in all: {dict(self.figures)}",
                f"the last lines of the bot's log:\n{self.log}",
            ]
        )


class Bot(Process):
    def close(self) -> None:
        """Kill it, unless it has ended."""
        self.__exit__(None, None, None)


def aims_for(kills: int, chance: Random) -> list[Aim]:
    """Aims that come to so many kills: every one of them before any comes again, as far as they fit."""
    aims: list[Aim] = []
    while kills > 0:
        for aim in chance.sample(AIMS, len(AIMS)):
            if KILLS_OF.get(aim, 1) <= kills:
                aims.append(aim)
                kills -= KILLS_OF.get(aim, 1)
    return aims


class Storm:
    """`play` it once. `on_kill` is called after each kill with what is found so far."""

    def __init__(
        self, folder: Path, mode: Mode, seed: int, kills: int, *, on_kill: Callable[[Findings], None] | None = None
    ) -> None:
        self.found = Findings(mode, seed)
        self._folder, self._kills, self._on_kill = folder, kills, on_kill
        self._database = folder / "tier1.db"
        self._port = _port()
        url = f"http://127.0.0.1:{self._port}/slack/events" if mode == "http" else None
        self._slack = Sandbox(CROWD, events_url=url, redelivery=REPEATS, limits=True)
        # Of their own, so that what one of them draws does not depend on what the other does meanwhile.
        self._chance, crowds_chance = Random(seed), Random(-seed)
        self._crowd = Crowd(self._slack, crowds_chance)
        self._going_home = threading.Event()
        self._bots: list[Bot] = []  # Slack's requests go to the first

    def play(self) -> Findings:
        with self._slack, ThreadPoolExecutor(1, thread_name_prefix="crowd") as street:
            try:
                self._start()
                day = street.submit(self._day)
                try:
                    self._kill_again_and_again(day)
                finally:
                    self._going_home.set()
                    day.result()
                if not self.found.wrong:
                    self._wait_until_quiet()
                    self._end(self._bots[0])
                    self._judge()
            except (AssertionError, TimeoutError) as error:
                self.found.wrong.append(f"the storm could not go on: {error}")
            finally:
                self.found.log = self._log_ends()
                for bot in self._bots:
                    bot.close()
        return self.found

    # --- the crowd's thread -------------------------------------------------------------------------------------------

    def _day(self) -> None:
        while not self._going_home.wait(self._crowd.pause()):
            self._crowd.act()

    # --- the kills ----------------------------------------------------------------------------------------------------

    def _kill_again_and_again(self, day: Future[None]) -> None:
        for aim in aims_for(self._kills, self._chance):
            if day.done() or self.found.wrong:
                return
            self.found.tried[aim] += 1
            self._strike(aim)
            self._crowd.at = min(1.0, self.found.kills / self._kills)

    def _strike(self, aim: Aim) -> None:
        match aim:
            case "acknowledged":
                acknowledged = self._acknowledged()
                self._wait_for(lambda: self._acknowledged() > acknowledged)
            case "posted" | "answer lost":
                if aim == "answer lost":
                    self._slack.fail_next("chat.postMessage", "connection_lost", after=True)
                posts = self._posts()
                self._wait_for(lambda: self._posts() > posts)
            case "in flight":
                self._slack.slow("chat.postMessage", _IN_FLIGHT)
                self._wait_for(self._is_slow)
            case "undecided" | "one of two":
                self._any_moment()
            case "starting":
                self._any_moment()
                self._kill(aim)
                self._spawn()
                self._moment_of_starting()
            case "twice":
                self._any_moment()
                self._kill(aim)
                self._start()
            case _:
                assert_never(aim)
        if aim == "one of two":
            self._kill_one_of_two()
            return
        self._kill(aim)
        self._slack.slow("chat.postMessage", 0)
        if aim == "undecided":
            self._hear_undecided()
            self._kill_while_starting(aim)
        self._start()

    def _kill_while_starting(self, aim: Aim) -> None:
        self._spawn()
        self._moment_of_starting()
        self._kill(aim)

    def _moment_of_starting(self) -> None:
        time.sleep(self._chance.uniform(0.0, _STARTS_IN))

    def _kill_one_of_two(self) -> None:
        """The first dies, the second goes on."""
        second = self._start(_port(), behind=True)
        self._any_moment()
        self._kill("one of two")
        self._any_moment()
        if self.found.mode == "http":  # Slack knows one address: till now the second has said what the first had heard
            self._start()
            self._end(second)

    def _any_moment(self) -> None:
        time.sleep(self._chance.uniform(0.1, 0.6))

    def _wait_for(self, has_come: Callable[[], bool]) -> None:
        """Wait for the moment; if it does not come, any moment will do."""
        with suppress(TimeoutError):
            self._slack.wait_for(has_come, _AIM_WITHIN)

    def _acknowledged(self) -> int:
        return sum(one.acked and stimulus_of(one) is not None for one in self._slack.deliveries()[-100:])

    def _posts(self) -> int:
        return sum(bool(call.arguments.get("metadata")) for call in self._slack.calls("chat.postMessage"))

    def _is_slow(self) -> bool:
        """Whether a call has been under way for longer than any but a slow one takes."""
        began = len(self._slack.calls())
        is_asked = self._slack._parts.calls.under_way > 0
        time.sleep(0.15)
        return is_asked and self._slack._parts.calls.under_way > 0 and len(self._slack.calls()) == began

    def _spawn(self, port: int | None = None, *, behind: bool = False) -> Bot:
        http = ("--http", f"127.0.0.1:{port or self._port}") if self.found.mode == "http" else ()
        env = environment(
            SLACK_BOT_TOKEN=self._slack.bot_token,
            SLACK_APP_TOKEN=self._slack.app_token,
            SLACK_SIGNING_SECRET=self._slack.signing_secret,
            SLACK_API_URL=self._slack.api_url,
            TIER1_KB=str(KB),
            TIER1_RULES=str(RULES),
        )
        bot = Bot("run", *http, cwd=self._folder, env=env)
        self._bots.insert(len(self._bots) if behind else 0, bot)
        return bot

    def _start(self, port: int | None = None, *, behind: bool = False) -> Bot:
        bot = self._spawn(port, behind=behind)
        line = bot.line(60)
        assert line == "ready", f"the bot did not start, and said {line!r}"
        return bot

    def _kill(self, aim: Aim) -> None:
        self._bots.pop(0).close()
        self.found.kills += 1
        said = everything_said(self._slack)
        self._note_what_is_left({outbox for message in said if (outbox := outbox_of(message))})
        self.found.wrong += [f"after kill {self.found.kills} ({aim}): {one}" for one in said_twice(said)]
        if self._on_kill:
            self._on_kill(self.found)

    def _end(self, bot: Bot) -> None:
        """As a supervisor does it."""
        bot.end(signal.SIGTERM)
        assert bot.process.returncode == 0, f"SIGTERM ended the bot with {bot.process.returncode}"
        self._bots.remove(bot)
        bot.close()

    def _note_what_is_left(self, in_slack: set[str]) -> None:
        untold = {str(outbox) for (outbox,) in self._rows("select id from outbox where state = 'due'")}
        left = {
            "something not acknowledged": any(one.state == "waiting" for one in self._slack.deliveries()),
            "something in Slack and not told": untold & in_slack,
            "something not said": untold - in_slack,
            "a lane held": self._rows("select 1 from lanes where holder is not null"),
            "something to be decided again": self._rows("select 1 from dues"),
        }
        self.found.left.update(what for what, is_there in left.items() if is_there)

    def _hear_undecided(self) -> None:
        """Somebody writes, and a bot hears it that cannot decide: it keeps the message, and is gone."""
        who = self._chance.choice(STRANGERS).id
        ts = self._slack.say(who, self._slack.dm(who), self._chance.choice(KNOWN))
        heard = (stimulus_of(one) for one in reversed(self._slack.deliveries("message")))
        message = next(one for one in heard if one is not None and getattr(one, "ts", "") == ts)
        knowledge = replace(load_knowledge(KB, RULES, rules_needed=True), matcher=_Broken())
        with SqliteStore(self._database) as store:
            desk = Desk(store.book, _Strangers(), lambda: knowledge, clock=_now, written=lambda _lanes: None)
            desk.hear(message)
            desk.close()

    # --- afterwards ---------------------------------------------------------------------------------------------------

    def _wait_until_quiet(self) -> None:
        """A slow machine has much left, and a channel takes one message a second: what counts is that it gets less."""
        least, give_up_at = None, time.monotonic() + QUIET_WITHIN
        while time.monotonic() < give_up_at:
            left = sum(one.state == "waiting" for one in self._slack.deliveries())
            left += len(self._rows("select 1 from outbox where state = 'due' union all select 1 from dues"))
            if not left:
                return
            if least is None or left < least:
                least, give_up_at = left, time.monotonic() + QUIET_WITHIN
            assert self._bots[0].process.poll() is None, "the bot ended by itself"
            time.sleep(0.1)
        self.found.wrong.append(f"{least} things are still to be done, and for {QUIET_WITHIN:g} s none was")

    def _judge(self) -> None:
        evidence = Evidence(self._slack, self._database)
        self.found.figures = evidence.figures()
        self.found.wrong += judged(evidence)

    def _log_ends(self) -> str:
        log = self._folder / "stderr.txt"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        return "\n".join(lines[-_IN_LOG:])

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            return database.execute(sql).fetchall()


class _Broken:
    """A matcher with a mistake in it."""

    version = "broken"

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        raise RuntimeError(f"a mistake of ours, in {len(text)} letters and {visible}")

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        return (self.rank(text, visible).phrasing,)


class _Strangers:
    """A directory without anybody in it."""

    def person(self, team: str, user: str, *, external: bool = False) -> Person:
        return Person(user, team, external=external)


def _port() -> int:
    """A port that no other test draws: while the bot is dead it is anybody's."""
    while True:
        port = 28_000 + secrets.randbelow(4_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


def _now() -> datetime:
    return datetime.now(UTC)
