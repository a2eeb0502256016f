"""A crowd of people with questions: each has a direct message of their own and asks a few, one at a time."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import yaml

from bench.content import write_entries
from bench.wire import Carrier, Handed, Json, Slack

QUESTIONS_EACH = 5  # far from the bot's bound for one person, and from what the courier posts at once in one place
PATIENCE = 20.0  # seconds; then nobody waits for a reply any longer


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    entry: str  # the title of the entry that answers it


@dataclass(frozen=True, slots=True)
class Asked:
    """`replied` is seconds from handing over to the reply, None if there was none; `is_right`: it was the one meant."""

    handed: Handed
    replied: float | None
    is_right: bool
    at: float  # when the reply was here, or was given up


@dataclass(slots=True)
class Customer:
    user: str
    channel: str
    left: int = QUESTIONS_EACH


def write_questions(folder: Path, entries: int) -> tuple[Question, ...]:
    """Fill the folder with a knowledge base, and return its phrasings with the titles they belong to."""
    write_entries(folder, entries)
    found = []
    for path in sorted(folder.glob("*/*.yaml")):
        entry = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        found += [Question(text, entry["title"]) for text in entry["phrasings"]]
    return tuple(found)


def same_words(question: Question, post: Json) -> bool:
    return bool(post.get("text") == question.text)


def names_entry(question: Question, post: Json) -> bool:
    return question.entry in str(post.get("text")) or question.entry in str(post.get("blocks"))


class Crowd:
    """Everybody who writes to one bot, and the Slack that they write in: over its sockets, or by another `carrier`."""

    def __init__(self, questions: Sequence[Question], is_right: Callable[[Question, Json], bool], seed: int) -> None:
        self._questions, self._is_right, self._draw = questions, is_right, random.Random(seed)
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[tuple[Json, float]]] = {}
        self.slack = Slack(self.posted)
        self.carrier: Carrier = self.slack.sockets
        self.unasked = 0  # posts in a place where nobody waits for one
        self.unacknowledged = 0  # events handed over, and not acknowledged yet
        self.most_unacknowledged = 0

    @property
    def unanswered(self) -> int:
        return len(self._waiting)

    def posted(self, post: Json, at: float) -> None:
        waiting = self._waiting.get(post["channel"])
        if waiting is None or waiting.done():
            self.unasked += 1
        else:
            waiting.set_result((post, at))

    def newcomer(self) -> Customer:
        number = f"{next(self._numbers):010d}"
        return Customer(f"U{number}", f"D{number}")

    async def ask(self, who: Customer, *, repeats: int = 0, patience: float = PATIENCE) -> Asked:
        """Ask something and wait for the reply. What is not acknowledged is handed over again, at once."""
        question = self._draw.choice(self._questions)
        event = self.slack.message(who.user, who.channel, question.text)
        who.left -= 1
        reply = self._waiting[who.channel] = asyncio.get_running_loop().create_future()
        handing = asyncio.ensure_future(self._hand(event, repeats))
        try:
            post, at = await asyncio.wait_for(reply, patience)
        except TimeoutError:
            return Asked(await handing, None, False, time.perf_counter())
        finally:
            del self._waiting[who.channel]
        handed = await handing
        return Asked(handed, at - handed.at, self._is_right(question, post), at)

    async def steadily(self, seconds: float, a_second: float) -> list[Asked]:
        """One question at a time, at a fixed pace as far as the replies allow it."""
        asked, who = [], self.newcomer()
        began = time.perf_counter()
        for number in range(round(seconds * a_second)):
            await asyncio.sleep(began + number / a_second - time.perf_counter())
            who = who if who.left else self.newcomer()
            asked.append(await self.ask(who))
        return asked

    async def all_at_once(self, people: int, seconds: float) -> list[Asked]:
        """So many people who each ask the next question when they have the reply to the last."""
        end = time.perf_counter() + seconds
        each = await asyncio.gather(*(self._keep_asking(lambda: time.perf_counter() < end) for _ in range(people)))
        return [one for asked in each for one in asked]

    async def in_turn(self, people: int, questions: int) -> list[Asked]:
        """So many questions in all, by so many people at a time."""
        left: Iterator[int] = iter(range(questions))
        each = await asyncio.gather(*(self._keep_asking(lambda: next(left, None) is not None) for _ in range(people)))
        return [one for asked in each for one in asked]

    async def _keep_asking(self, goes_on: Callable[[], bool]) -> list[Asked]:
        asked, who = [], self.newcomer()
        while goes_on():
            who = who if who.left else self.newcomer()
            asked.append(await self.ask(who))
        return asked

    async def _hand(self, event: Json, repeats: int) -> Handed:
        self.unacknowledged += 1
        self.most_unacknowledged = max(self.most_unacknowledged, self.unacknowledged)
        try:
            first = handed = await self.carrier.hand(event, 0, "")
            for number in range(1, repeats + 1):
                if handed.acknowledged is not None:
                    break
                handed = await self.carrier.hand(event, number, handed.failure)
            took = None if handed.acknowledged is None else handed.at + handed.acknowledged - first.at
            return Handed(first.at, took, first.failure)
        finally:
            self.unacknowledged -= 1
