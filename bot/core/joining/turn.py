"""What one decision came to in the case where it ends: where that stands, and what its customer wants. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.beside import Other
from bot.core.case import Case
from bot.core.events import Asked, Event, HandedOff, Opened, WishedForHuman
from bot.core.folding import evolve
from bot.core.incident import Excerpt
from bot.core.intents import Listener
from bot.core.scene import Scene
from bot.core.wording.pieces import pieces


@dataclass(frozen=True, slots=True)
class Turn:
    """`before`: the events of earlier cases that the decision touched; `events`: those of `case`, as they leave it.

    `topic`: what is asked in it, without any wish for a human; "" if nothing is. `excerpts`: where that was written.
    """

    before: tuple[Event, ...]
    events: tuple[Event, ...]
    case: Case
    topic: str
    excerpts: tuple[Excerpt, ...]
    began_at: int = 0  # the version of `case` before these events

    @property
    def news(self) -> tuple[Excerpt, ...]:
        """Of the excerpts, those that nobody could have read before."""
        return tuple(excerpt for excerpt in self.excerpts if excerpt.position > self.began_at)

    @property
    def handed(self) -> HandedOff | None:
        return next((event for event in self.events if isinstance(event, HandedOff)), None)

    @property
    def wished(self) -> bool:
        """Whether a person was asked for, and not only brought in."""
        return any(isinstance(event, WishedForHuman) for event in self.events)

    @property
    def asked(self) -> bool:
        return any(isinstance(event, Asked) for event in self.events)


def turn_of(scene: Scene, events: Sequence[Event]) -> Turn:
    begins = max((n for n, event in enumerate(events) if isinstance(event, Opened)), default=0)
    before, own = tuple(events[:begins]), tuple(events[begins:])
    first = own[0] if own else None
    case = Case(first.case, scene.case.place) if isinstance(first, Opened) else scene.case
    written = {}
    if not isinstance(first, Opened) and len(scene.around.earlier_words) == len(case.asked):
        written = dict(zip(case.asked, scene.around.earlier_words, strict=True))
    for event in own:
        case = evolve(case, event)
        if isinstance(event, Asked | WishedForHuman) and event.words:
            written[case.version] = event.words
    topic = "\n".join(written[at] for at in case.asked if at in written)
    if not case.asked and case.question in written:
        topic = scene.knowledge.listener.beside_wish(written[case.question])
    excerpts = tuple(Excerpt(at, start, end) for at, words in sorted(written.items()) for start, end in pieces(words))
    return Turn(before, own, case, topic, excerpts, case.version - len(own))


def topic_of(other: Other, listener: Listener) -> str:
    """What another case is about, without any wish for a human; "" if it says nothing but that."""
    words = "\n".join(other.words)
    return words if other.case.asked else listener.beside_wish(words)
