"""What a case remembers of single messages: the entries it has seen, the last miss, and what our words wait for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.events import Answered, EntrySent, FlagFixed


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry that the case has seen. `position` is that of the message that showed it."""

    entry: str
    confidence: float
    how: str  # answered, picked, sent, offered, or what came of it: fixed, still stuck, did not work, not meant
    position: int
    short: bool = False
    also: str = ""  # the entry of a second question, which a button under this answer offers
    by: str = ""  # the specialist who sent it

    @property
    def is_answer(self) -> bool:
        """Whether it was given as an answer, and not only offered."""
        return self.how != "offered"


@dataclass(frozen=True, slots=True)
class Awaited:
    """What our last answer or offer, at `position`, waits for: what came of the entry, or which of those was meant."""

    position: int
    entries: tuple[str, ...]  # in the order of the buttons
    is_offer: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """An entry that `by` flagged with the event at `position`; `fixed_by`: who has seen to it, "" for nobody yet."""

    position: int
    entry: str
    by: str
    told: str = ""  # the channel that reads of it
    fixed_by: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """The last miss, as long as the next message may still continue it. `position` is that of what we said to it.

    `slack_ts` is that of the words that missed.
    """

    position: int
    slack_ts: str


def with_answer(shown: tuple[Shown, ...], event: Answered, position: int) -> tuple[Shown, ...]:
    """What the case has seen once this was answered: the answer comes last, and after it only its second question."""
    how, also = ("picked" if event.how == "picked" else "answered"), event.also
    answer = Shown(
        event.entry, event.confidence, how, position, short=event.how == "again", also=also.entry if also else ""
    )
    rest = tuple(s for s in shown if s.entry != event.entry)
    if also is None or any(s.entry == also.entry for s in rest):
        return (*rest, answer)
    return (*rest, answer, Shown(also.entry, also.confidence, "offered", position))


def with_fixed(flags: tuple[Flag, ...], event: FlagFixed) -> tuple[Flag, ...]:
    return tuple(replace(flag, fixed_by=event.actor) if flag.position == event.position else flag for flag in flags)


def with_sent(shown: tuple[Shown, ...], event: EntrySent, position: int) -> tuple[Shown, ...]:
    """What the case has seen once a specialist sent this: it comes last."""
    sent = Shown(event.entry, event.confidence, "sent", position, by=event.actor)
    return (*(s for s in shown if s.entry != event.entry), sent)
