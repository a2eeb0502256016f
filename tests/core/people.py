"""A case at the desk, with three tiers of people, promises and a survey; and what was said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from bot.core.case import outbox_id
from bot.core.rulebook.rules import Calendar, Closing, Queue, Rung, Targets
from bot.core.saying import Card, Content, Fill, Post, Said, Under, Update
from tests.core.situations import DESK, EMIL, RULES, Conversation, with_rules

FAY, CARE, DEEP = "UFAY", "C0CARE", "C0DEEP"
HOUR = timedelta(hours=1)
OFFICE = Calendar("UTC", tuple(((time(9), time(17)),) if day < 5 else () for day in range(7)))
QUEUES = {
    "tech": replace(RULES.queues["tech"], sla="fast"),
    "care": Queue("care", CARE, role="Complaints Management", members=(EMIL,), sla="slow", calendar="office"),
    "deep": Queue("deep", DEEP, role="Tier 3", tier=3, members=(FAY,), sla="fast", priority_cap="p3"),
}
KNOWN = with_rules(
    queues=QUEUES,
    calendars={"office": OFFICE},
    slas={
        "fast": {each: Targets(HOUR, HOUR, HOUR) for each in ("p1", "p2", "p3", "p4")},
        "slow": {each: Targets(8 * HOUR, HOUR, HOUR) for each in ("p1", "p2", "p3", "p4")},
    },
    ladders={"up": (Rung("move", after=HOUR, to="care"),)},
    closing=Closing(survey=True, resolve_codes=("fixed", "workaround")),
)


def at_the_desk(*, claimed_by: str = "") -> Conversation:
    """A customer asked for people, and has them."""
    talk = Conversation(knowledge=KNOWN)
    talk.write("talk to a human")
    if claimed_by:
        talk.press("claim", user=claimed_by)
    return talk


def cards(talk: Conversation) -> dict[str, Card]:
    """Each card as it stands now, by its outbox id."""
    found: dict[str, Card] = {}
    for said in talk.said:
        match said.saying:
            case Post(content=Card() as card):
                found[said.id] = card
            case Update(content=Card() as card, outbox=outbox):
                found[outbox] = card
            case _:
                pass
    return found


def at_desk(said: list[Said], channel: str = DESK) -> list[Content]:
    """What was said in the thread of a card in that channel."""
    return [
        one.saying.content
        for one in said
        if isinstance(one.saying, Post) and isinstance(one.saying.where, Under) and one.saying.where.channel == channel
    ]


def shown_in_form(talk: Conversation) -> object:
    """What stands in the modal that was filled last."""
    return next(one.saying.content for one in reversed(talk.said) if isinstance(one.saying, Fill))


def card_now(talk: Conversation) -> Card:
    return cards(talk)[outbox_id(talk.present.id, talk.present.card or 0)]
