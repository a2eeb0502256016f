"""Small situations to decide in: a few entries, two queues, and a matcher that knows its texts by heart."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.deciding import decide
from bot.core.earlier import Earlier
from bot.core.entries import Entry, Escalate, Site, Words
from bot.core.events import BOT, Event
from bot.core.forms import FormKind
from bot.core.knowledge import Knowledge, Versions
from bot.core.matches import Band, Match, Ranking
from bot.core.rulebook.rules import ChannelRules, Queue, Route, Rules, Then, Trigger, When
from bot.core.saying import Redirect, Said
from bot.core.scene import Surroundings
from bot.core.stimuli import (
    OPENS_FORM,
    AnyStimulus,
    Clocked,
    Command,
    Delivered,
    Message,
    Place,
    Press,
    PressKind,
    Silence,
    Submission,
    ThreadGone,
    Undeliverable,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TEAM, CUSTOMER, COLLEAGUE, DANA, EMIL = "T1", "UCUSTOMER", "UCOLLEAGUE", "UDANA", "UEMIL"
DM, HELP, QUIET, OFF, DESK = "D1", "C0HELP", "C0QUIET", "C0OFF", "C0TECH"

PASSWORD = Entry("accounts/reset-password", "Reset a password", ("i forgot my password",), "Open the portal.")
LOCKED = Entry("accounts/locked", "Unlock an account", ("my account is locked",), "Wait 15 minutes.")
VPN = Entry("network/vpn", "Connect to the VPN", ("how do i connect to the vpn",), "Use Gate.")
LEGAL = Entry("legal/contract", "Change a contract", ("change my contract",), "-", escalate=Escalate(policy="always"))
NEVER = Entry("fun/lunch", "The lunch menu", ("what is for lunch",), "See the wall.", escalate=Escalate(policy="never"))

TABLE: dict[str, tuple[Band, tuple[tuple[str, float], ...]]] = {
    "i forgot my password": ("sure", ((PASSWORD.id, 0.93), (LOCKED.id, 0.3))),
    "password again please": ("sure", ((PASSWORD.id, 0.9),)),
    "my account is locked": ("sure", ((LOCKED.id, 0.9),)),
    "how do i connect to the vpn": ("sure", ((VPN.id, 0.95),)),
    "my account password": ("unsure", ((PASSWORD.id, 0.5), (LOCKED.id, 0.45))),
    "flurb\ni forgot my password": ("sure", ((PASSWORD.id, 0.8),)),
    "change my contract": ("sure", ((LEGAL.id, 0.9),)),
    "what is for lunch": ("sure", ((NEVER.id, 0.9),)),
}


@dataclass(frozen=True, slots=True)
class ByHeart:
    """Knows the texts of a table, and nothing else."""

    version: str = "test"

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        band, found = TABLE.get(text.lower(), ("none", ()))
        matches = tuple(Match(entry, sure) for entry, sure in found if visible is None or entry in visible)
        if not matches:
            return Ranking("none")
        return Ranking(band, matches, offered=matches if band == "unsure" else (), phrasing=text)

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        return (f"“{text}” is known by heart" if self.rank(text, visible).matches else f"“{text}” is not known",)


WORDS = Words(
    greetings=("hi", "hello"),
    thanks=("thanks", "thank you"),
    confirmations=("that works", "that works now"),
    rejections=("that's not it", "still broken"),
    fillers=("pls help",),
    help=("help",),
    human_words=("agent", "human"),
    human_phrases=("talk to a human", "talk to someone"),
)
RULES = Rules(
    queues={
        "tech": Queue("tech", DESK, role="Technical Support", members=(DANA, EMIL), fallback="care"),
        "care": Queue("care", "C0CARE", role="Complaints Management"),
    },
    default_queue="tech",
    channels={
        HELP: ChannelRules("all"),
        QUIET: ChannelRules("questions"),
        OFF: ChannelRules("off"),
    },
    words={"anger": ("lawyer", "third time")},
    triggers=(Trigger("angry", When(keywords=("anger",)), Then("handoff", queue="care", priority="p2")),),
    routing=(Route(queue="tech", priority="p3", category="accounts"),),
    operator_channel="C0OPS",
)
ENTRIES = {entry.id: entry for entry in (PASSWORD, LOCKED, VPN, LEGAL, NEVER)}
KNOWLEDGE = Knowledge(ENTRIES, Site(), WORDS, RULES, ByHeart(), Versions("k", "r", "i"))


def with_rules(**changes: object) -> Knowledge:
    return replace(KNOWLEDGE, rules=replace(RULES, **changes))  # type: ignore[arg-type]


@dataclass(slots=True)
class Conversation:
    """One requester's case in one place, played through `decide` and folded, with the time moving on between turns.

    `log` has the events with their positions, `said` all that was said, newest last.
    """

    knowledge: Knowledge = KNOWLEDGE
    channel: str = DM
    thread_ts: str = ""
    now: datetime = NOON
    case: Case | None = None
    fresh: int = 1
    earlier: Earlier | None = None  # what is known of the customer from before
    paused_in: frozenset[str] = frozenset()  # the channels where the bot is paused

    def __post_init__(self) -> None:
        self.log: list[tuple[int, Event]] = []
        self.said: list[Said] = []
        self.redirects: list[Redirect] = []
        self.words: dict[int, str] = {}

    log: list[tuple[int, Event]] = None  # type: ignore[assignment]
    said: list[Said] = None  # type: ignore[assignment]
    redirects: list[Redirect] = None  # type: ignore[assignment]
    words: dict[int, str] = None  # type: ignore[assignment]

    @property
    def present(self) -> Case:
        assert self.case is not None
        return self.case

    def write(
        self, text: str, *, user: str = CUSTOMER, after: float = 30, mention: bool = False, groups: Sequence[str] = (),
        **more: object,
    ) -> tuple[Event, ...]:  # fmt: skip
        """Somebody writes, so many seconds after the last thing."""
        self.now += timedelta(seconds=after)
        ts = f"{self.now.timestamp():.6f}"
        message = Message(
            key=f"m:{ts}:{user}", team=TEAM, user=user, channel=self.channel, ts=ts, text=text,
            direct=self.channel == DM, mentions_us=mention, thread_ts=self.thread_ts or None, parent_user=CUSTOMER,
        )  # fmt: skip
        message = replace(message, **more)  # type: ignore[arg-type]
        return self._decide(message, user, groups=groups, bystander=user != CUSTOMER and not mention)

    def press(
        self, kind: PressKind, choice: str = "", *, user: str = CUSTOMER, after: float = 30, position: int = 0
    ) -> tuple[Event, ...]:
        self.now += timedelta(seconds=after)
        pressed = Press(
            key=f"p:{self.now}", team=TEAM, user=user, kind=kind, channel=self.channel, message_ts="1.0",
            case=self.case.id if self.case else "", position=position or (self.case.version if self.case else 0),
            choice=choice, direct=self.channel == DM, view="V1" if kind in OPENS_FORM else "",
        )  # fmt: skip
        return self._decide(pressed, user)

    def send(
        self, form: FormKind, values: dict[str, str], *, user: str = DANA, groups: Sequence[str] = (), after: float = 30
    ) -> tuple[Event, ...]:
        """Somebody sends a form that was opened just now."""
        self.now += timedelta(seconds=after)
        sent = Submission(
            key=f"v:{self.now}", team=TEAM, user=user, form=form, view="V1", values=tuple(values.items()),
            case=self.present.id, position=self.present.version, channel=DESK, thread_ts="1.0",
        )  # fmt: skip
        return self._decide(sent, user, groups=groups)

    def resolve(self, *, user: str = DANA, **values: str) -> tuple[Event, ...]:
        """Press *Resolve* and fill in what has to be."""
        self.press("resolve", user=user)
        return self.send("resolve", {"code": "fixed", "words": "A new cable.", **values}, user=user)

    def command(self, text: str) -> tuple[Event, ...]:
        self.case = Case("CMD", Place(TEAM, f"@{CUSTOMER}", "pending:", CUSTOMER))
        return self._decide(
            Command(key="c:1", team=TEAM, user=CUSTOMER, channel=HELP, text=text, response_url="http://r"), CUSTOMER
        )

    def at_card(self, text: str, *, user: str = DANA, opens_with_us: bool = False) -> tuple[Event, ...]:
        self.now += timedelta(seconds=5)
        ts = f"{self.now.timestamp():.6f}"
        message = Message(
            key=f"m:{ts}", team=TEAM, user=user, channel=DESK, ts=ts, text=text, thread_ts="1.0",
            mentions_us=opens_with_us, opens_with_us=opens_with_us,
        )  # fmt: skip
        return self._decide(message, user, at_card=True)

    def fall_silent(self, position: int) -> tuple[Event, ...]:
        """Ten minutes have gone by since our question at this position."""
        self.now += timedelta(minutes=10)
        silence = Silence(key=f"silence:{position}", team="", user=BOT, case=self.present.id, position=position)
        return self._decide(silence, BOT)

    def look(self) -> tuple[Event, ...]:
        """It is time to see whether anything is due."""
        return self._decide(Clocked(key=f"clock:{self.now}", team="", user=BOT, case=self.present.id), BOT)

    def report(self, stimulus: Delivered | Undeliverable | ThreadGone) -> tuple[Event, ...]:
        """The courier tells what became of something that was said."""
        self.now += timedelta(seconds=1)
        return self._decide(stimulus, BOT)

    def _decide(
        self, stimulus: AnyStimulus, user: str, *,
        at_card: bool = False, bystander: bool = False, groups: Sequence[str] = (),
    ) -> tuple[Event, ...]:  # fmt: skip
        case = self.case
        if case is None:
            ts = stimulus.ts if isinstance(stimulus, Message) else "1.0"
            root = self.thread_ts or ("" if self.channel == DM else ts)
            case = Case(self._fresh(), Place(TEAM, self.channel, root, CUSTOMER))
        around = Surroundings(
            Person(user, TEAM, groups=frozenset(groups)), self._fresh(), at_card=at_card, bystander=bystander,
            earlier_words=tuple(self.words[at] for at in case.asked) if case is self.case else (),
            earlier=self.earlier, paused_in=self.paused_in,
        )  # fmt: skip
        if isinstance(stimulus, Submission) and (named := stimulus.value("person")):
            around = replace(around, named=Person(named, TEAM))
        events = decide(case, stimulus, around, self.knowledge, self.now)
        for chapter in chapters(case, events, self.knowledge, self.log if case.version else ()):
            self.said += chapter.said
            self.redirects += chapter.redirects
            if chapter.after.state == "new":
                continue  # outside any case
            if chapter.before.id != (self.case.id if self.case else None):
                self.log, self.words = [], {}
            self.case = chapter.after
            for position, event in enumerate(chapter.events, start=chapter.before.version + 1):
                self.log.append((position, event))
                self.words[position] = getattr(event, "words", "")
        return events

    def _fresh(self) -> str:
        self.fresh += 1
        return f"CASE{self.fresh}"
