"""The cases that people have, as lists show them: each once, under what it needs, oldest deadline first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core import sentences
from bot.core.clocks.clock import Deadline
from bot.core.rulebook.rules import Rules
from bot.core.saying import Button, Group, In, Item, Words

DUE_SOON = timedelta(minutes=30)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A case that people have, as much of it as a list shows. `card` is where its card is, if that is in Slack.

    `due`: what is due next; None where nothing runs, or nothing was promised.
    """

    case: str
    version: int
    queue: str
    priority: str
    customer: str
    owner: str
    question: int | None
    handed_off_at: datetime
    due: Deadline | None
    waits_for_customer: bool
    card: In | None
    called: bool = False  # its owner was called to it, and has not looked at it since


def grouped(cases: Sequence[AtDesk], user: str, rules: Rules, now: datetime) -> tuple[Group, ...]:
    """What somebody should look at, each case once; no group is empty.

    What is due soon comes first, then what they were called to, what is unclaimed, theirs, and waiting.
    """
    kinds: dict[str, list[Item]] = {}
    several = len({case.queue for case in cases}) > 1
    for case in sorted(cases, key=_oldest_deadline):
        if case.owner in ("", user):
            kinds.setdefault(_kind(case, now), []).append(_item(case, rules, now, name_queue=several))
    return tuple(Group(title, tuple(kinds[title])) for title in sentences.QUEUE_GROUPS.values() if title in kinds)


def part(groups: Iterable[Group], start: int, limit: int) -> tuple[tuple[Group, ...], int]:
    """Some of the items, from the one at `start` on, and how many come after them."""
    kept, at = list[Group](), 0
    for group in groups:
        items = group.items[max(0, start - at) : max(0, start + limit - at)]
        at += len(group.items)
        if items:
            kept.append(Group(group.title, items))
    return tuple(kept), max(0, at - start - limit)


def _oldest_deadline(case: AtDesk) -> tuple[datetime, datetime, str]:
    return case.due.at if case.due else _NEVER, case.handed_off_at, case.case


def _is_due_soon(case: AtDesk, now: datetime) -> bool:
    return case.due is not None and case.due.at - now <= DUE_SOON


def _kind(case: AtDesk, now: datetime) -> str:
    if _is_due_soon(case, now):
        return sentences.QUEUE_GROUPS["soon"]
    if case.called:
        return sentences.QUEUE_GROUPS["called"]
    if not case.owner:
        return sentences.QUEUE_GROUPS["unclaimed"]
    return sentences.QUEUE_GROUPS["waiting" if case.waits_for_customer else "mine"]


def _item(case: AtDesk, rules: Rules, now: datetime, *, name_queue: bool) -> Item:
    facts = [case.priority.upper(), f"`{case.case}`"]
    if name_queue and case.queue in rules.queues:
        facts.append(rules.queues[case.queue].role)
    if case.due is not None:
        facts.append((sentences.WAS_DUE if case.due.at <= now else sentences.IS_DUE)[case.due.of])
    if _is_due_soon(case, now):
        facts.append(sentences.IS_YOURS if case.owner else sentences.IS_UNCLAIMED)
    claim = Button(sentences.CLAIM_LABEL, "claim", style="primary", case=case.case, position=case.version)
    return Item(
        by=case.customer,
        words=Words(case.case, case.question) if case.question is not None else None,
        title=_title(case),
        about=" · ".join(filter(None, facts)),
        due=case.due.at.timestamp() if case.due else None,
        at=case.card,
        buttons=() if case.owner else (claim,),
    )


def _title(case: AtDesk) -> str:
    """What stands where a customer's words would: a wish for a person may have none, and an incident is nobody's."""
    if case.question is not None:
        return ""
    return sentences.NO_WORDS_YET if case.customer else sentences.AN_INCIDENT
