"""How a case begins: where it lives, whose it is, and whether it follows. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.events import PENDING, Opened
from bot.core.stimuli import AnyStimulus, Command, Message, Press, Written


def opened_for(stimulus: AnyStimulus, case: Case, now: datetime, *, is_test: bool = False) -> Opened:
    """The beginning of `case` where its place says.

    In a thread that others started we answer where we are mentioned, and do not follow.
    """
    place = case.place
    begun = Opened(
        at=now,
        actor=stimulus.user,
        case=case.id,
        team=place.team,
        channel=place.channel,
        thread_ts=place.thread_ts,
        requester=place.requester,
        follows=True,
        is_test=is_test,
        external=isinstance(stimulus, Written | Press | Command) and stimulus.external,
    )
    if isinstance(stimulus, Message) and not stimulus.direct:
        own_thread = stimulus.thread_ts is None or stimulus.parent_user == stimulus.user
        return replace(begun, follows=own_thread)
    if place.thread_ts == PENDING:
        return replace(begun, thread_ts=PENDING + case.id)
    return begun


def opened_in_dm(requester: Person, case: str, asked_in: str, now: datetime, *, is_test: bool) -> Opened:
    """The beginning of a case that will hang under a message of ours in the requester's DM."""
    return Opened(
        at=now,
        actor=requester.id,
        case=case,
        team=requester.team,
        channel=f"@{requester.id}",
        thread_ts=PENDING + case,
        requester=requester.id,
        follows=True,
        is_test=is_test,
        external=requester.external,
        quoted_from=asked_in,
    )
