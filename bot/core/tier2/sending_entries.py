"""A specialist sends a customer an entry of the knowledge base as the answer: whether they may, and what is said. Pure.

Nothing outside the customer's own audience is ever sent, nor anything with a gap in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from bot.core import sentences
from bot.core.audience import Person
from bot.core.case import Case
from bot.core.entries import Entry
from bot.core.events import EntrySent, Event
from bot.core.knowledge import Knowledge
from bot.core.saying import Line, Post, Saying, Whisper
from bot.core.scene import Scene
from bot.core.shown import Shown
from bot.core.tier2.at_desk import barred, taken
from bot.core.wording.card import thread_of
from bot.core.wording.places import where
from bot.core.wording.serving import answered

_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")


def sendable(case: Case, customer: Person, knowledge: Knowledge) -> frozenset[str]:
    """The ids of the entries that a case's customer may see, both where they asked and where they are answered."""
    places = {case.question_channel or case.place.channel, case.place.channel}
    return frozenset.intersection(*(knowledge.seen_by(customer, _channel(place)) for place in places))


def send(
    scene: Scene,
    entry: str,
    *,
    how: Literal["kb", "card"],
    confidence: float = 0.0,
    channel: str = "",
    response_url: str = "",
) -> tuple[Event, ...] | str:
    """What follows when a specialist sends this entry to the customer of the case; or why it cannot be, as a sentence.

    Whoever sends something first has taken the case. `confidence` is that of its place in what they were shown.
    """
    knowledge, customer = scene.knowledge, scene.around.customer
    if why := barred(scene, "claim"):
        return why
    if customer is None or entry not in sendable(scene.case, customer, knowledge):
        return sentences.ENTRY_NOT_THEIRS
    known = knowledge.entries[entry]
    if gaps := unfilled(known, customer, knowledge):
        named = ", ".join(f"`{{{{{gap}}}}}`" for gap in gaps)
        return sentences.ENTRY_UNFILLED.replace("{title}", known.title).replace("{gaps}", named)
    sent = EntrySent(
        at=scene.now, actor=scene.person.id, entry=entry, confidence=confidence, how=how, channel=channel,
        response_url=response_url,
    )  # fmt: skip
    return (*taken(scene, scene.person.id), sent)


def unfilled(entry: Entry, customer: Person, knowledge: Knowledge) -> tuple[str, ...]:
    """The variables in an entry's words that nobody has a value for, each once."""
    known = {"case.id", *(f"site.{key}" for key in knowledge.site.variables)}
    if customer.name.strip() not in ("", customer.id):
        known.add("customer.first_name")
    return tuple(dict.fromkeys(name for name in _variables((entry.answer, entry.summary)) if name not in known))


def sent(case: Case, event: EntrySent, knowledge: Knowledge) -> tuple[Saying, ...]:
    """The entry under the specialist's name, to the customer; a line for the team; and a word to who sent it."""
    shown = sent_at(case, case.version)
    if shown is None or event.entry not in knowledge.entries:
        return ()
    title = knowledge.entries[event.entry].title
    told = Line(sentences.ENTRY_SENT.replace("{title}", title), who=event.actor)
    sayings: tuple[Saying, ...] = (
        Post(where=where(case), content=answered(case, shown, knowledge)),
        Post(where=thread_of(case, knowledge), content=told, urgent=False),
    )
    if not event.response_url:
        return sayings
    receipt = Line(sentences.YOU_SENT.replace("{title}", title), who=case.place.requester)
    return (
        *sayings,
        Whisper(channel=event.channel, user=event.actor, content=receipt, response_url=event.response_url),
    )


def sent_at(case: Case, position: int) -> Shown | None:
    """The entry that a specialist sent at this position of the case's log, if that is what happened there."""
    return next((shown for shown in case.shown if shown.position == position and shown.by), None)


def _variables(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        yield from (match.strip() for match in _VARIABLE.findall(text))


def _channel(place: str) -> str:
    """A direct message whose id is not known yet has no rules of its own."""
    return "" if place.startswith("@") else place
