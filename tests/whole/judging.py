"""What must be true when a storm is over, judged from the outside: what stands in Slack against what the database says.

Every judge yields a sentence for each violation, with the rows concerned.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.core.case import Case, outbox_id
from bot.core.events import Opened
from bot.core.folding import evolve
from bot.core.saying import (
    AnswerSaid,
    Card,
    Content,
    FromCustomer,
    FromSpecialist,
    IncidentCard,
    Line,
    Listing,
    Post,
    TranscriptPage,
    Update,
)
from bot.core.stimuli import AnyStimulus, Message, Place
from bot.sandbox import messages as sandbox
from bot.sandbox.delivery import Delivery
from bot.sandbox.seed import BOT_ID, BOT_USER
from bot.sandbox.server import Sandbox
from bot.slack.apology import apology
from bot.slack.identity import BotIdentity
from bot.slack.inbound import command_of, message_of, press_of
from bot.slack.looking import EVENT_TYPE
from bot.store.codec import case_from_json, saying_from_json
from bot.store.sqlite import SqliteStore
from tests.whole.crowd import CROWD
from tests.wire.house import OPS, QUEUES

US = BotIdentity(team=CROWD.team_id, user_id=BOT_USER, bot_id=BOT_ID, app_id="A0TIER1APP")
# Why a row may be given up for good: something newer stands in its place, or people took the case over.
_GOOD_REASONS = re.compile(r"replaced by \S+|withdrawn by \S+|people are on it|\S+ was dropped")
_TO_DESK = frozenset(QUEUES.values())
_NAMED = re.compile(r"\bHi (\w+),")


def stimulus_of(delivery: Delivery) -> AnyStimulus | None:
    """What a delivery of Slack's means to the bot; None if it comes from the bot itself, or means nothing."""
    match delivery.kind:
        case "event":
            return message_of(delivery.payload["event"], team=US.team, us=US)
        case "interaction":
            return press_of(delivery.payload, team=US.team, us=US)
        case "command":
            return command_of(delivery.payload, team=US.team, us=US)


def everything_said(slack: Sandbox) -> list[sandbox.Message]:
    """Every message that anybody can see, or could before it was deleted."""
    channels = [channel.id for channel in CROWD.channels] + [slack.dm(person.id) for person in CROWD.people]
    roots = [(channel, root) for channel in channels for root in slack.messages(channel, deleted=True)]
    threads = [reply for channel, root in roots for reply in slack.messages(channel, root.ts, deleted=True)]
    return [*(root for _, root in roots), *threads]


def outbox_of(message: sandbox.Message) -> str:
    """The outbox id that a message carries; "" if it has none."""
    carried = message.metadata or {}
    return str(carried["event_payload"]["id"]) if carried.get("event_type") == EVENT_TYPE else ""


def said_twice(said: Iterable[sandbox.Message]) -> list[str]:
    """Each thing that stands in Slack more than once."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for message in said:
        if outbox := outbox_of(message):
            places[outbox].append(f"{message.channel}/{message.thread_ts or ''}/{message.ts}")
    return [f"{outbox} was said {len(where)} times: {where}" for outbox, where in places.items() if len(where) > 1]


@dataclass(frozen=True)
class Evidence:
    """What is left when nobody says anything any more and no bot runs."""

    slack: Sandbox
    database: Path

    def rows(self, sql: str) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(self.database)) as database:
            database.row_factory = sqlite3.Row
            return database.execute(sql).fetchall()

    @cached_property
    def deliveries(self) -> Sequence[tuple[Delivery, AnyStimulus]]:
        """What people did, as it was delivered."""
        found = ((delivery, stimulus_of(delivery)) for delivery in self.slack.deliveries())
        return [(delivery, stimulus) for delivery, stimulus in found if stimulus is not None]

    @cached_property
    def said(self) -> Sequence[sandbox.Message]:
        return everything_said(self.slack)

    @cached_property
    def by_outbox(self) -> Mapping[str, sandbox.Message]:
        return {outbox: message for message in self.said if (outbox := outbox_of(message))}

    @cached_property
    def outbox(self) -> Sequence[sqlite3.Row]:
        return self.rows("select * from outbox order by seq")

    @cached_property
    def events(self) -> Sequence[sqlite3.Row]:
        return self.rows("""select events.*, texts.text from events left join texts on texts.event = events.id
                            order by events.id""")

    @cached_property
    def cases(self) -> Mapping[str, sqlite3.Row]:
        return {row["id"]: row for row in self.rows("select * from cases")}

    @cached_property
    def stimuli(self) -> Mapping[str, sqlite3.Row]:
        return {row["key"]: row for row in self.rows("select * from stimuli")}

    def figures(self) -> Counter[str]:
        kinds = Counter(type(stimulus).__name__ for _, stimulus in self.deliveries)
        tries = sum(len(delivery.attempts) - 1 for delivery, _ in self.deliveries if delivery.attempts)
        return Counter(
            {
                "messages": kinds["Message"],
                "presses": kinds["Press"],
                "commands": kinds["Command"],
                "delivered again": tries,
                "never acknowledged presses and commands": sum(not delivery.acked for delivery, _ in self.deliveries),
                "cases": len(self.cases),
                "handoffs": sum(event["kind"] == "HandedOff" for event in self.events),
                "decided later": sum(event["kind"] == "Settled" for event in self.events),
                "outbox rows": len(self.outbox),
                "posts": len(self.by_outbox),
                "apologies": sum(_is_apology(message) for message in self.said),
            }
        )


def judged(evidence: Evidence) -> list[str]:
    """Every violation of what the bot promises."""
    return [f"{judge.__name__.lstrip('_')}: {wrong}" for judge in _JUDGES for wrong in judge(evidence)]


# --- what was heard ---------------------------------------------------------------------------------------------------


def _stored_before_acknowledged(found: Evidence) -> Iterator[str]:
    decided = Counter(event["slack_ts"] for event in found.events if event["slack_ts"] and event["actor"] != "bot")
    at = {(event["case"], event["at"]) for event in found.events}
    for delivery, stimulus in found.deliveries:
        stored = found.stimuli.get(stimulus.key)
        if delivery.kind == "event" and not delivery.acked:
            yield f"{stimulus.key} was never acknowledged, in {len(delivery.attempts)} attempts: {delivery.attempts}"
        if delivery.acked and stored is None:
            yield f"{stimulus.key} was acknowledged and is not stored: {stimulus}"
        if stored is None:
            continue
        if isinstance(stimulus, Message) and decided[stimulus.ts] != 1:
            yield f"{stimulus.key} is in the log {decided[stimulus.ts]} times: {stimulus}"
        if stored["case"] is not None and (stored["case"], stored["at"]) not in at:
            yield f"{stimulus.key} has no event in case {stored['case']}: {stimulus}"


def _everybody_got_an_answer(found: Evidence) -> Iterator[str]:
    """What was decided with each message led to words, or to a reaction, that stand in Slack."""
    said_at = defaultdict(list)
    for row in found.outbox:
        said_at[row["created_at"]].append(row)
    wrote = {event["slack_ts"]: event for event in found.events if event["slack_ts"]}
    for _, stimulus in found.deliveries:
        event = wrote.get(stimulus.ts) if isinstance(stimulus, Message) else None
        if event is None or (event["kind"] == "Chatted" and not json.loads(event["data"]).get("reply")):
            continue
        answers = [row for row in said_at[event["at"]] if row["case"] == event["case"]]
        if not any(row["state"] == "told" or _is_replaced(row) for row in answers):
            yield f"{stimulus.key} got no answer: {dict(event)}, {[dict(row) for row in answers]}"


def _what_was_due_was_done_once(found: Evidence) -> Iterator[str]:
    for due in found.rows("select * from dues"):
        yield f"still due: {dict(due)}"
    settled = Counter(
        (event["case"], json.loads(event["data"])["position"]) for event in found.events if event["kind"] == "Settled"
    )
    heard = {(event["case"], event["position"]) for event in found.events if event["kind"] == "Heard"}
    for one in heard | set(settled):
        if settled[one] != 1 or one not in heard:
            yield f"what was heard at {one} was settled {settled[one]} times"


# --- what was said ----------------------------------------------------------------------------------------------------


def _all_is_told(found: Evidence) -> Iterator[str]:
    for row in found.outbox:
        if row["state"] != "told" and not _is_replaced(row):
            yield f"{row['id']} is {row['state']}: {dict(row)}"


def _said_once(found: Evidence) -> Iterator[str]:
    yield from said_twice(found.said)
    known = {row["id"]: row for row in found.outbox}
    for outbox, message in found.by_outbox.items():
        row = known.get(outbox)
        if row is None or (row["state"], row["channel"], row["ts"]) != ("told", message.channel, message.ts):
            yield f"{outbox} stands at {message.channel}/{message.ts}, and the outbox has {row and dict(row)}"
    for row in found.outbox:
        if row["kind"] == "Post" and row["state"] == "told" and row["id"] not in found.by_outbox:
            yield f"{row['id']} is told and not in Slack: {dict(row)}"


def _nothing_is_said_beside_the_outbox(found: Evidence) -> Iterator[str]:
    for message in found.said:
        if message.user == BOT_USER and not outbox_of(message) and not _is_apology(message) and message.channel != OPS:
            yield f"a message without an outbox id: {message}"
    whispers = sum(row["kind"] == "Whisper" for row in found.outbox)
    arrived = [m for person in CROWD.people for m in found.slack.ephemerals(person.id) if m.user == BOT_USER]
    if len(arrived) > whispers:
        yield f"{len(arrived)} whispers arrived, and {whispers} were written down"


def _order_is_that_of_the_outbox(found: Evidence) -> Iterator[str]:
    """What is urgent overtakes what is not, and nothing else overtakes anything of its case in a place."""
    last: dict[tuple[str, str, str, bool], sqlite3.Row] = {}
    for row in found.outbox:
        if row["kind"] != "Post" or row["ts"] is None or row["case"] is None:
            continue
        thread = row["thread_ts"] if row["thread_ts"] != row["ts"] else ""
        place = row["case"], row["channel"], thread, bool(row["urgent"])
        before = last.get(place)
        if before is not None and before["ts"] > row["ts"]:
            yield f"{before['id']} was written before {row['id']} and said after it: {dict(before)}, {dict(row)}"
        last[place] = row


def _everything_is_said_where_it_belongs(found: Evidence) -> Iterator[str]:
    cards: defaultdict[str, set[str]] = defaultdict(set)
    for row in found.outbox:
        if row["content"] == "Card" and row["ts"]:
            cards[row["case"]].add(row["ts"])
    case_of = {row["id"]: row["case"] or "" for row in found.outbox}
    for outbox, message in found.by_outbox.items():
        case = found.cases.get(case_of.get(outbox, ""))
        if case is None or message.channel == OPS:
            continue
        thread = message.thread_ts or ""
        if message.channel in _TO_DESK:
            if (thread or message.ts) not in cards[case["id"]]:
                yield f"{outbox} is not under a card of case {case['id']}: {message}"
            continue
        if message.channel.startswith("D") and message.channel != found.slack.dm(case["requester"]):
            yield f"{outbox} went to the wrong person: {dict(case)}, {message}"
        elif message.channel != case["channel"] or case["thread_ts"] not in (thread, message.ts):
            yield f"{outbox} went to the wrong place: {dict(case)}, {message}"


def _the_words_are_those_of_the_outbox(found: Evidence) -> Iterator[str]:
    """What stands in Slack is the post, or the newest of its updates that was told."""
    newest: dict[str, tuple[sqlite3.Row, Content]] = {}
    for row in found.outbox:
        saying = saying_from_json(row["payload"])
        if row["state"] == "told" and isinstance(saying, Post | Update):
            newest[row["depends_on"] if isinstance(saying, Update) else row["id"]] = row, saying.content
    texts = {(event["case"], event["position"]): event["text"] or "" for event in found.events}
    first_names = {person.id: person.real_name.split()[0] for person in CROWD.people}
    for outbox, (row, content) in newest.items():
        message = found.by_outbox.get(outbox)
        if message is None:
            continue  # another judge's
        missing = [words for words in _words(content, texts) if words not in message.shown]
        if missing:
            yield f"{row['id']} should say {missing}, and says {message.shown!r}"
        named = _NAMED.search(message.shown)
        if named and isinstance(content, AnswerSaid) and named[1] != first_names[content.customer]:
            yield f"{row['id']} is for {content.customer}, and greets {named[1]}"


def _reactions_are_there(found: Evidence) -> Iterator[str]:
    marks = {(message.channel, message.ts): message.reactions for message in found.said}
    for row in found.outbox:
        payload = json.loads(row["payload"])
        if row["kind"] == "React" and row["state"] == "told":
            place = payload["channel"], payload["ts"]
            if BOT_USER not in marks.get(place, {}).get(payload["name"], ()):
                yield f"{row['id']} is told, and {place} has no {payload['name']}"


def _handoffs_have_a_card_and_their_transcript(found: Evidence) -> Iterator[str]:
    pages: defaultdict[tuple[str, int], list[sqlite3.Row]] = defaultdict(list)
    for row in found.outbox:
        if row["content"] == "TranscriptPage":
            pages[row["case"], row["position"]].append(row)
    for event in found.events:
        if event["kind"] != "HandedOff":
            continue
        case, position = event["case"], event["position"]
        card = found.by_outbox.get(outbox_id(case, position))
        queue = QUEUES[json.loads(event["data"])["queue"]]
        if card is None or (card.channel, card.thread_ts) != (queue, None):
            yield f"the handoff at {position} of {case} has no card in {queue}: {card}"
            continue
        beneath = [found.by_outbox.get(row["id"]) for row in pages[case, position]]
        numbers = [saying_from_json(row["payload"]).content.number for row in pages[case, position]]  # type: ignore[union-attr]
        there = [page for page in beneath if page is not None and page.thread_ts == card.ts]
        if len(there) != len(beneath) or numbers != list(range(1, len(beneath) + 1)) or not numbers:
            yield f"the transcript under {case}-{position} has pages {numbers}, and in Slack {there}"
        transcript = "\n".join(page.shown for page in sorted(there, key=lambda page: page.ts))
        words = [e["text"] for e in found.events if e["case"] == case and e["position"] < position and e["text"]]
        if not _in_order(words, transcript):
            yield f"the transcript under {case}-{position} should have {words} in it, and is {transcript!r}"


# --- the database -----------------------------------------------------------------------------------------------------


def _the_database_is_sound(found: Evidence) -> Iterator[str]:
    for row in found.rows("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield str(row[0])
    for row in found.rows("PRAGMA foreign_key_check"):
        yield f"a reference that leads nowhere: {tuple(row)}"


def _cases_follow_from_their_log(found: Evidence) -> Iterator[str]:
    with SqliteStore(found.database) as store:
        for row in found.cases.values():
            log = store.book.log(row["id"])
            case = _blank(log[0][1]) if log else None
            if case is None or [position for position, _ in log] != list(range(1, len(log) + 1)):
                yield f"the log of {row['id']} has positions {[position for position, _ in log]}"
                continue
            for _, event in log:
                case = evolve(case, event)
            if case != case_from_json(row["snapshot"]):
                yield f"{row['id']} is {row['snapshot']}, and its log leads to {case}"
    doubles = found.rows(
        "select * from cases where closed_at is null group by team, channel, thread_ts, requester having count(*) > 1"
    )
    yield from (f"two open cases in one place: {dict(row)}" for row in doubles)


_JUDGES: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    _the_database_is_sound,
    _stored_before_acknowledged,
    _everybody_got_an_answer,
    _what_was_due_was_done_once,
    _all_is_told,
    _said_once,
    _nothing_is_said_beside_the_outbox,
    _order_is_that_of_the_outbox,
    _everything_is_said_where_it_belongs,
    _the_words_are_those_of_the_outbox,
    _reactions_are_there,
    _handoffs_have_a_card_and_their_transcript,
    _cases_follow_from_their_log,
)


def _blank(first: object) -> Case | None:
    if not isinstance(first, Opened):
        return None
    return Case(first.case, Place(first.team, first.channel, first.thread_ts, first.requester))


def _words(content: Content, texts: Mapping[tuple[str, int], str]) -> list[str]:
    """Words that must be in a message with this content."""
    match content:
        case AnswerSaid():
            return [content.title, *([content.outcome] if content.outcome else [])]
        case Line():
            return [line for line in content.text.partition("{who}")[0].replace("*", "").splitlines() if line.strip()]
        case FromCustomer(words=ref, start=start, end=end) | FromSpecialist(words=ref, start=start, end=end):
            return [texts[ref.case, ref.position][start:end]]
        case Card():
            asked = content.question
            text = texts[asked.case, asked.position] if asked else ""
            return [text, content.status.partition("{who}")[0]]
        case IncidentCard() | Listing() | TranscriptPage():
            return []


def _in_order(words: Iterable[str], text: str) -> bool:
    at = 0
    for one in words:
        at = text.find(one, at)
        if at < 0:
            return False
        at += len(one)
    return True


def _is_replaced(row: sqlite3.Row) -> bool:
    return row["state"] == "dropped" and bool(_GOOD_REASONS.fullmatch(row["error"] or ""))


def _is_apology(message: sandbox.Message) -> bool:
    return message.user == BOT_USER and message.text == apology()
