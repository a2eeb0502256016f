"""A case among people, told as what happened at which minute after it came to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.case import Case
from bot.core.events import (
    BOT,
    Answered,
    Closed,
    EntrySent,
    Event,
    Forwarded,
    HandedOff,
    Noted,
    Reassigned,
    Released,
    Reopened,
    Replied,
    Resolved,
    StillStuck,
    Transferred,
)
from bot.core.folding import evolve
from bot.core.rulebook.rules import Queue, Rules, Targets
from bot.core.stimuli import Place

BEGIN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
CUSTOMER, DANA, EMIL, ENTRY, OTHER = "UCUSTOMER", "UDANA", "UEMIL", "accounts/reset-password", "network/vpn"
FIRST, NEXT, WHOLE = timedelta(minutes=60), timedelta(minutes=30), timedelta(minutes=100)
RULES = Rules(
    queues={
        "tech": Queue("tech", "C0TECH", sla="standard"),
        "care": Queue("care", "C0CARE", sla="standard"),
        "free": Queue("free", "C0FREE"),  # promises nothing
    },
    default_queue="tech",
    slas={"standard": {"p3": Targets(FIRST, NEXT, WHOLE, business=False)}},
)


_PLACE = Place("T", "D1", "", CUSTOMER)


def minute(n: float) -> datetime:
    return BEGIN + timedelta(minutes=n)


def told(story: str) -> Case:
    """The case after what the letters say, the first at minute 0, each a minute after the one before."""
    return happened(*((letter, n) for n, letter in enumerate(story)))


def events_of(story: str) -> list[Event]:
    """The same, as events; none of them needs to know of those before it."""
    return [event for n, letter in enumerate(story) for event in _events(letter, minute(n), Case("T1", _PLACE))]


def happened(*steps: tuple[str, float]) -> Case:
    asked = Case("T1", _PLACE)
    case = evolve(asked, Answered(at=BEGIN, actor=BOT, entry=OTHER, confidence=0.9, candidates=()))
    for letter, n in steps:
        for event in _events(letter, minute(n), case):
            case = evolve(case, event)
    return case


def _events(letter: str, at: datetime, case: Case) -> tuple[Event, ...]:  # noqa: C901, PLR0912  a branch a letter
    due = at + FIRST
    match letter:
        case "H":
            handed = HandedOff(at=at, actor=BOT, queue="tech", priority="p3", reason="", rule="", due_first_at=due)
            return (handed,)
        case "F":
            return (Forwarded(at=at, actor=CUSTOMER, words="Hello?", channel="D1", slack_ts="1.0"),)
        case "R":
            return (Replied(at=at, actor=DANA, words="On it.", channel="C0TECH", slack_ts="1.0"),)
        case "E":
            return (EntrySent(at=at, actor=DANA, entry=ENTRY, how="card"),)
        case "S":  # under what was sent last
            return (StillStuck(at=at, actor=CUSTOMER, entry=ENTRY, position=case.version),)
        case "s":  # under something that the bot had answered
            return (StillStuck(at=at, actor=CUSTOMER, entry=OTHER, position=1),)
        case "N":
            return (Noted(at=at, actor=DANA, words="Odd.", channel="C0TECH", slack_ts="1.0"),)
        case "A":
            return (Reassigned(at=at, actor=DANA, to=EMIL, words="Please."),)
        case "T":
            return (Transferred(at=at, actor=DANA, words="Yours.", queue="care", priority="p3", due_first_at=due),)
        case "D":
            over = Closed(at=at, actor=DANA, outcome="resolved_by_human")
            return (Resolved(at=at, actor=DANA, words="A cable.", code="fixed"), over)
        case "O":
            return (Reopened(at=at, actor=CUSTOMER),)
        case "B":
            return (Released(at=at, actor=DANA),)
        case _:
            raise ValueError(letter)
