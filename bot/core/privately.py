"""What only one person is told: why something cannot be, the lists they asked for, and their Home tab. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case, outbox_id
from bot.core.events import HomeShown, ListShown, Refused, Reopened
from bot.core.saying import DirectTo, Fill, Line, Post, Publish, Saying, Whisper


def refusal(event: Refused) -> tuple[Saying, ...]:
    """Told where they tried it; the Home tab is in no channel, so that it is their direct message then."""
    line = Line(event.why, who=event.who)
    if not event.channel:
        return (Post(where=DirectTo(event.actor), content=line),)
    whisper = Whisper(
        channel=event.channel, user=event.actor, content=line, thread_ts=event.thread_ts,
        response_url=event.response_url,
    )  # fmt: skip
    return (whisper, Fill(view=event.view, content=line)) if event.view else (whisper,)


def listed(event: ListShown | HomeShown) -> tuple[Saying, ...]:
    if isinstance(event, HomeShown):
        return (Publish(user=event.actor, content=event.listing),)
    whisper = Whisper(
        channel=event.channel, user=event.actor, content=event.listing, response_url=event.response_url
    )  # fmt: skip
    return (whisper,)


def reopened_from_a_list(case: Case, event: Reopened) -> tuple[Saying, ...]:
    """A link to where the case goes on, for whoever pressed *Reopen* elsewhere."""
    if not event.response_url:
        return ()
    whisper = Whisper(
        channel=event.channel, user=event.actor, content=Line(sentences.REOPENED_THERE),
        response_url=event.response_url, link_to=outbox_id(case.id, case.version),
    )  # fmt: skip
    return (whisper,)
