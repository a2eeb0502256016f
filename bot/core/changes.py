"""One of our messages as it is to read from now on. Pure."""

from __future__ import annotations

from bot.core.case import Case, outbox_id
from bot.core.joining.cards import card
from bot.core.knowledge import Knowledge
from bot.core.saying import (
    Content,
    Update,
)
from bot.core.wording.card import thread_of


def changed(case: Case, position: int, content: Content) -> Update:
    return Update(outbox=outbox_id(case.id, position), content=content, channel=case.place.channel)


def card_changed(case: Case, by: str, knowledge: Knowledge) -> Update:
    thread = thread_of(case, knowledge)
    return Update(outbox=case.card_id, content=card(case, knowledge, by=by).content, channel=thread.channel)
