"""A Slack and an outbox in memory, and a stage on which a courier works between them in a time of its own."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.core.saying import (
    DirectTo,
    In,
    Line,
    Listing,
    Post,
    Publish,
    React,
    Said,
    Saying,
    Under,
    Update,
    Where,
    Whisper,
    Withdraw,
)
from bot.errors import StoreDown
from bot.ports import Landed, Lease, Row
from bot.slack.courier import Composed, Courier
from bot.slack.lanes import Report

C1 = In("C1")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEAM = "T1"


def away() -> StoreDown:
    return StoreDown("the store cannot be reached")


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


# --- the outbox -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Entry:
    said: Said
    lane: str
    created_at: datetime
    state: str = "due"
    attempts: int = 0
    ambiguous: bool = False
    plain: bool = False
    not_before: datetime | None = None
    error: str = ""
    landed: Landed | None = None


class FakeOutbox:
    """Keeps what `bot.ports.Outbox` promises. `fails`: what the next calls of a method raise."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.leases: dict[str, Lease] = {}
        self.held: dict[str, datetime] = {}
        self.with_people: set[str] = set()
        self.fails: defaultdict[str, deque[Exception]] = defaultdict(deque)
        self.calls: list[str] = []
        self.before: Callable[[str], None] = _nothing
        self._lock = RLock()

    def write(self, said: Said, at: datetime) -> None:
        with self._lock:
            self.entries[said.id] = Entry(said, _lane(said.saying), at)

    def lanes_due(self, now: datetime) -> Sequence[str]:
        with self._called("lanes_due"):
            return [lane for lane in {e.lane: None for e in self.entries.values()} if self._head(lane, now)]

    def lease(self, lane: str, holder: str, now: datetime, length: timedelta) -> Lease | None:
        with self._called("lease"):
            had = self.leases.get(lane)
            others = had is not None and had.holder != holder
            if had and others and now < had.until:
                return None
            if others:
                for entry in self.entries.values():
                    entry.ambiguous |= entry.lane == lane and entry.state == "due"
            self.leases[lane] = Lease(lane, holder, now + length)
            return Lease(lane, holder, now + length, takeover=others)

    def release(self, lease: Lease) -> None:
        with self._called("release"):
            if self.leases.get(lease.lane, lease).holder == lease.holder:
                self.leases.pop(lease.lane, None)

    def next_row(self, lease: Lease, now: datetime) -> Row | None:
        with self._called("next_row"):
            held = self.leases.get(lease.lane)
            if held is None or held.holder != lease.holder or now >= held.until:
                return None
            entry = self._head(lease.lane, now)
            if entry is None:
                return None
            owned = entry.said.case in self.with_people
            return Row(entry.said, entry.lane, entry.created_at, entry.attempts, entry.ambiguous, entry.plain, owned)

    def landed(self, outbox: str) -> Landed | None:
        with self._called("landed"):
            return self.entries[outbox].landed

    def told(self, row: Row, landed: Landed | None, now: datetime) -> None:  # noqa: ARG002  as the port has it
        with self._called("told"):
            if self.entries[row.said.id].state != "told":
                self.entries[row.said.id].state = "told"
                self.entries[row.said.id].landed = landed

    def hold(self, lane: str, until: datetime) -> None:
        with self._called("hold"):
            self.held[lane] = max(until, self.held.get(lane, until))

    def failed(self, row: Row, error: str, retry_at: datetime, *, ambiguous: bool) -> None:
        with self._called("failed"):
            entry = self.entries[row.said.id]
            if entry.state == "due":
                entry.attempts += 1
                entry.error, entry.not_before, entry.ambiguous = error, retry_at, ambiguous

    def again_plain(self, row: Row, error: str) -> None:
        with self._called("again_plain"):
            entry = self.entries[row.said.id]
            entry.attempts += 1
            entry.error, entry.plain, entry.ambiguous = error, True, False

    def park(self, row: Row, error: str) -> bool:
        with self._called("park"):
            entry = self.entries[row.said.id]
            if entry.said != row.said or entry.state not in ("due", "told"):
                return False
            self._give_up(row.said.id, "parked", error)
            return True

    def drop(self, row: Row, why: str) -> None:
        with self._called("drop"):
            self._give_up(row.said.id, "dropped", why)

    def relane(self, row: Row, lane: str) -> None:
        with self._called("relane"):
            for entry in self.entries.values():
                if entry.lane == row.lane and entry.state == "due":
                    entry.lane = lane

    def post_instead(self, row: Row, post: Post) -> None:
        with self._called("post_instead"):
            entry = self.entries[row.said.id]
            entry.said, entry.lane = replace(row.said, saying=post), _lane(post)
            entry.ambiguous, entry.not_before = False, None

    def is_all_said(self) -> bool:
        return all(entry.state != "due" for entry in self.entries.values())

    def _called(self, method: str) -> RLock:
        self.calls.append(method)
        self.before(method)
        if self.fails[method]:
            raise self.fails[method].popleft()
        return self._lock

    def _head(self, lane: str, now: datetime) -> Entry | None:
        if now < self.held.get(lane, now):
            return None
        waiting = [e for e in self.entries.values() if e.lane == lane and e.state == "due" and self._may_be_said(e)]
        waiting.sort(key=lambda e: not (e.said.saying.urgent if isinstance(e.said.saying, Post) else True))
        return waiting[0] if waiting and now >= (waiting[0].not_before or now) else None

    def _may_be_said(self, entry: Entry) -> bool:
        after = _waits_for(entry.said.saying)
        return not after or self.entries[after].state == "told"

    def _give_up(self, outbox: str, state: str, error: str) -> None:
        self.entries[outbox].state, self.entries[outbox].error = state, error
        for entry in self.entries.values():
            if entry.state == "due" and _waits_for(entry.said.saying) == outbox:
                self._give_up(entry.said.id, state, f"{outbox} was {state}")


def _lane(saying: Saying) -> str:
    match saying:
        case Post(where=DirectTo(user=user)):
            return f"@{user}"
        case Post(where=In(channel=channel) | Under(channel=channel)):
            return channel
        case Update() | Withdraw() | React() | Whisper():
            return saying.channel
        case Publish(user=user):
            return f"home:{user}"
    raise AssertionError(saying)


def _waits_for(saying: Saying) -> str:
    match saying:
        case Post(where=Under(outbox=outbox)) | Update(outbox=outbox) | Withdraw(outbox=outbox):
            return outbox
        case React(after=outbox) | Whisper(link_to=outbox):
            return outbox
        case Post() | Publish():
            return ""
    raise AssertionError(saying)


# --- Slack ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack answers instead of doing it."""

    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lost:
    """Slack does it, but its answer never comes: this does."""

    error: Exception


def refusal(error: str) -> Answer:
    return Answer({"ok": False, "error": error})


def slow_down(seconds: int | None) -> Answer:
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return Answer({"ok": False, "error": "ratelimited"}, 429, headers)


class FakeSlack(WebClient):
    """Does what it is asked, in memory; `next` holds what it answers instead, for each method in order."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(token="xoxb-fake", timeout=10, retry_handlers=[])
        self.clock = clock
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.next: defaultdict[str, deque[Answer | Lost | Exception]] = defaultdict(deque)
        self.always: dict[str, Answer | Exception] = {}
        self.messages: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.gone: set[tuple[str, str]] = set()  # threads whose root is gone: channel, ts
        self.page = 100
        self.before: Callable[[str], None] = _nothing
        self._count = itertools.count(1)
        self._lock = RLock()

    def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",  # noqa: ARG002  all of these are as slack_sdk has them
        files: dict[str, Any] | None = None,  # noqa: ARG002
        data: dict[str, Any] | None = None,  # noqa: ARG002
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,  # noqa: ARG002
        auth: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> SlackResponse:
        given = {key: value for key, value in (json or params or {}).items() if value is not None}
        self.before(api_method)
        with self._lock:
            self.asked.append((api_method, given))
            queue = self.next[api_method]
            instead = queue.popleft() if queue else self.always.get(api_method)
            if isinstance(instead, Exception):
                raise instead
            if isinstance(instead, Answer):
                return self._response(instead)
            body = self._done(api_method, given)
        if isinstance(instead, Lost):
            raise instead.error
        return self._response(Answer({"ok": True, **body}))

    def asked_for(self, method: str) -> list[dict[str, Any]]:
        return [given for name, given in self.asked if name == method]

    def texts(self, channel: str) -> list[str]:
        return [message["text"] for message in self.messages[channel]]

    def _answered(self, answer: Answer) -> SlackResponse:
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url="",
            req_args={},
            data=dict(answer.body),
            headers=dict(answer.headers),
            status_code=answer.status,
        )

    def _response(self, answer: Answer) -> SlackResponse:
        response = self._answered(answer)
        if not answer.body.get("ok"):
            raise SlackApiError("refused", response)  # type: ignore[no-untyped-call]
        return response

    def _done(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "chat.postMessage":
                ts = f"{int(self.clock().timestamp())}.{next(self._count):06d}"
                message = {**given, "ts": ts}
                if self._is_gone(given["channel"], given.get("thread_ts", "")):
                    del message["thread_ts"]  # Slack says nothing, and puts it at the channel's root
                self.messages[given["channel"]].append(message)
                return {"channel": given["channel"], "ts": ts, "message": dict(message)}
            case "chat.update":
                self._message(given).update(text=given["text"], blocks=given.get("blocks"))
            case "chat.delete":
                self.messages[given["channel"]].remove(self._message(given))
            case "conversations.open":
                return {"channel": {"id": f"D{given['users']}"}}
            case "conversations.history":
                roots = [m for m in self.messages[given["channel"]] if "thread_ts" not in m]
                return self._paged(list(reversed(roots)), given)
            case "conversations.replies" if self._is_gone(given["channel"], given["ts"]):
                raise SlackApiError("refused", self._answered(refusal("thread_not_found")))  # type: ignore[no-untyped-call]
            case "conversations.replies":
                thread = [m for m in self.messages[given["channel"]] if given["ts"] in (m["ts"], m.get("thread_ts"))]
                return self._paged(thread, given)
        return {}

    def _is_gone(self, channel: str, thread_ts: str) -> bool:
        return (channel, thread_ts) in self.gone

    def _message(self, given: dict[str, Any]) -> dict[str, Any]:
        return next(m for m in self.messages[given["channel"]] if m["ts"] == given["ts"])

    def _paged(self, messages: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
        shown = [
            m if given.get("include_all_metadata") else {key: value for key, value in m.items() if key != "metadata"}
            for m in messages
            if float(m["ts"]) > float(given["oldest"])
        ]
        start = int(given.get("cursor", "0"))
        end = start + self.page
        following = str(end) if end < len(shown) else ""
        return {"messages": shown[start:end], "response_metadata": {"next_cursor": following}}


# --- the stage --------------------------------------------------------------------------------------------------------


class Stage:
    """What a courier works with. `say` writes down and has it said."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.outbox = FakeOutbox()
        self.slack = FakeSlack(self.clock)
        self.reports: list[Report] = []
        self.alarms: list[str] = []
        self.compose: Callable[[Said, bool], Composed] = in_blocks
        self.report: Callable[[Report], None] = self.reports.append
        self.courier = self.new_courier()
        self._count = itertools.count(1)

    def new_courier(self, **options: Any) -> Courier:
        return Courier(
            self.outbox,
            self.slack,
            lambda said, *, plain: self.compose(said, plain),
            self._heard,
            self.alarms.append,
            team=TEAM,
            **{"clock": self.clock, **options},
        )

    def _heard(self, stimulus: Report) -> None:
        self.report(stimulus)

    def write(self, saying: Saying, case: str = "K1") -> str:
        """Write it down. Returns its outbox id."""
        position = next(self._count)
        said = Said(f"{case}-{position}-0", case, position, saying)
        self.outbox.write(said, self.clock())
        return said.id

    def say(self, saying: Saying, case: str = "K1") -> Entry:
        outbox = self.write(saying, case)
        self.courier.say_due()
        return self.outbox.entries[outbox]

    def later(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.courier.say_due()


def _nothing(method: str) -> None:
    del method


def in_blocks(said: Said, plain: bool) -> Composed:
    match said.saying:
        case Post(content=Line(text=text)) | Update(content=Line(text=text)) | Whisper(content=Line(text=text)):
            return Composed(text, None if plain else [{"type": "markdown", "text": text}])
        case Publish(content=Listing(lead=text)):
            return Composed(text, None if plain else [{"type": "markdown", "text": text}])
    raise AssertionError(said)


def post(
    text: str = "Hello", where: Where = C1, *, urgent: bool = True, as_bot: bool = False, report: bool = False
) -> Post:
    return Post(where=where, content=Line(text), urgent=urgent, as_bot=as_bot, report=report)
