"""A customer's own requests: where each stands, who has it, and the way back to those that are over. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import Event, ListShown
from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import Rules
from bot.core.saying import Button, Group, In, Item, Listing, Words
from bot.core.scene import Scene
from bot.core.stimuli import Command

RECENT = timedelta(days=7)  # what is over is listed for so long, or as long as it can be opened again
LISTED = 10


def show(scene: Scene, command: Command) -> tuple[Event, ...]:
    """What has become of everything they asked, for nobody else to see."""
    items = requests(scene.around.own, scene.knowledge, scene.now)
    more = len(items) - LISTED
    listing = Listing(
        sentences.MY_REQUESTS if items else sentences.NO_REQUESTS,
        groups=(Group("", items[:LISTED]),) if items else (),
        foot=sentences.MORE_AT_HOME.replace("{more}", str(more)) if more > 0 else "",
    )
    return (
        ListShown(
            at=scene.now, actor=scene.person.id, what="status", listing=listing, channel=command.channel,
            response_url=command.response_url,
        ),
    )  # fmt: skip


def listed_for(rules: Rules) -> timedelta:
    """How long a case that is over is still listed."""
    return max(RECENT, rules.duplicates.reopen_within)


def requests(cases: Sequence[Case], knowledge: Knowledge, now: datetime) -> tuple[Item, ...]:
    """An item for each of one person's cases; those that are open come first, each kind newest first."""
    open_in = {case.place for case in cases if case.is_open}
    ordered = [*(case for case in cases if case.is_open), *(case for case in cases if not case.is_open)]
    return tuple(
        _item(case, knowledge, now, may_reopen=_may_reopen(case, knowledge.rules, now) and case.place not in open_in)
        for case in ordered
    )


def _may_reopen(case: Case, rules: Rules, now: datetime) -> bool:
    return case.closed_at is not None and now - case.closed_at <= rules.duplicates.reopen_within


def _item(case: Case, knowledge: Knowledge, now: datetime, *, may_reopen: bool) -> Item:
    entry = knowledge.entries.get(case.entry or "")
    about = f"`{case.id}` · {_state(case, knowledge)}"
    waits = case.with_people and not case.operators and case.first_reply_at is None
    due = case.told_due_at if waits else None
    if due is not None and due > now:
        about += f" · {sentences.IS_DUE['first_response']}"
    reopen = Button(sentences.REOPEN_LABEL, "reopen", case=case.id, position=case.version)
    return Item(
        words=Words(case.id, case.question) if case.question is not None else None,
        title="" if case.question is not None else entry.title if entry else sentences.NO_WORDS_YET,
        about=about,
        who=case.owner or "",
        due=due.timestamp() if due else None,
        at=_place(case),
        buttons=(reopen,) if may_reopen else (),
    )


def _state(case: Case, knowledge: Knowledge) -> str:
    """Where it stands, as its customer reads it."""
    queue = knowledge.rules.queues.get(case.queue or "")
    role = sentences.OPERATORS if case.operators else queue.role if queue else sentences.SOMEBODY
    if case.outcome is not None:
        return sentences.REQUEST_OVER[case.outcome]
    if case.state == "claimed":
        return (sentences.REQUEST_YOUR_TURN if case.waits_for_customer else sentences.REQUEST_CLAIMED).replace(
            "{role}", role
        )
    if case.state == "handed_off":
        return sentences.REQUEST_WAITS.replace("{role}", role)
    return sentences.REQUEST_WITH_BOT


def _place(case: Case) -> In | None:
    """The message that its thread hangs under, or the question itself where there is no thread."""
    if case.place.channel.startswith("@"):
        return None
    ts = case.place.thread_ts or case.question_ts
    return In(case.place.channel, ts) if ts else None
