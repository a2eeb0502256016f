"""Which logged cases would have gone elsewhere, sooner or later under other rules. Pure.

A case counts only if the rules it is compared with (`base`) lead to what the log says, and if whatever the log does not
say makes no difference. All others cannot be told, each for a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from bot.core.events import (
    Asked,
    Closed,
    EntrySent,
    Event,
    HandedOff,
    Heard,
    Joined,
    Listed,
    Released,
    Replied,
    WishedForHuman,
)
from bot.core.knowledge import Knowledge, Versions
from bot.core.logged import LoggedCase
from bot.core.rulebook.rules import Group, Rules, When
from bot.workbench.replaying.played_again import Played, Reply, World, as_logged, is_direct, known_as, play
from bot.workbench.replaying.retracing import LoggedTurn, Wrote, retraced

Kind = Literal[
    "no longer handed off", "handed off now", "missed now", "kept now", "other queue", "other priority",
    "private or not", "handed off sooner", "handed off later", "due sooner", "due later", "other rule only",
    "other reply",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)  # the gravest first
Kept = Literal["kept", "missed"]

ERASED = "what they wrote is erased"
NOT_AT_ONCE = "the bot could not decide it at once"
JOINED = "it was joined to another case"
LISTED = "it became part of an incident"
SECOND = "it began with the second question of another case"
MENTION = "the log does not say whether the bot was mentioned"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case: the handoff; without one `rule` is what offered or refused, and `action` the last reply.

    `due_first`: when people had to have answered; `first`: whether they did, None where that cannot be asked.
    """

    action: str
    rule: str = ""
    reason: str = ""
    queue: str = ""
    priority: str = ""
    private: bool = False
    handed_off: datetime | None = None
    due_first: datetime | None = None
    first: Kept | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One case under both rules; `kinds` is empty where nothing would have been different."""

    case: str
    at: datetime
    customer: str
    words: str
    base: Outcome
    head: Outcome
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """One case of which nothing can be said, and why."""

    case: str
    at: datetime
    customer: str
    why: str


def compare(case: LoggedCase, base: Knowledge, head: Knowledge, until: datetime) -> Compared | Untold:
    """Play one case under both. `until`: the end of the log; what nobody answered by then counts if it was due."""
    opened = case.opened
    whose = f"{opened.team} {opened.requester}"
    turns = retraced(case.lines)
    handed_in = next((n for n, turn in enumerate(turns) if _handoff(turn.events)), None)
    played = turns if handed_in is None else turns[: handed_in + 1]
    if why := _unplayable(turns, played):
        return Untold(case.id, opened.at, whose, why)
    logged, answered = as_logged(played), _answer(case)
    found: dict[World, tuple[Outcome, Outcome]] = {}
    otherwise: Played | None = None
    for world in _worlds(case, played, base, head):
        before = play(case, played, base, world)
        if not _agrees(before, logged):
            otherwise = otherwise or before
            continue
        after = play(case, played, head, world)
        found[world] = _outcomes(before, after, answered, until)
    if not found:
        why = _disagreement(case, logged, otherwise or logged, base.versions)
        return Untold(case.id, opened.at, whose, why)
    first, *others = found.values()
    if any(other != first for other in others):
        return Untold(case.id, opened.at, whose, _undecided(found, case, base, head))
    words = next((turn.did.text for turn in played if isinstance(turn.did, Wrote)), "")
    return Compared(case.id, opened.at, whose, words, *first, kinds_of(*first))


def kinds_of(base: Outcome, head: Outcome) -> tuple[Kind, ...]:
    """Return all in which they differ, the gravest first."""
    return tuple(sorted(_kinds(base, head), key=KINDS.index))


def _kinds(base: Outcome, head: Outcome) -> Iterator[Kind]:
    if base.handed_off is None and head.handed_off is None:
        if base.action != head.action:
            yield "other reply"
        elif base.rule != head.rule:
            yield "other rule only"
        return
    if head.handed_off is None:
        yield "no longer handed off"
        return
    if base.handed_off is None:
        yield "handed off now"
        return
    found = [*_places(base, head), *_times(base, head)]
    yield from found
    if not found and (base.rule, base.reason) != (head.rule, head.reason):
        yield "other rule only"


def _places(base: Outcome, head: Outcome) -> Iterator[Kind]:
    if base.queue != head.queue:
        yield "other queue"
    if base.priority != head.priority:
        yield "other priority"
    if base.private != head.private:
        yield "private or not"


def _times(base: Outcome, head: Outcome) -> Iterator[Kind]:
    if base.first != head.first:
        if head.first == "missed":
            yield "missed now"
        elif head.first == "kept":
            yield "kept now"
    if base.handed_off and head.handed_off and base.handed_off != head.handed_off:
        yield "handed off sooner" if head.handed_off < base.handed_off else "handed off later"
    if base.due_first != head.due_first:
        # Where nothing is promised, nothing is ever due.
        sooner = base.due_first is None or (head.due_first is not None and head.due_first < base.due_first)
        yield "due sooner" if sooner else "due later"


# --- what the log says ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """When people answered first after the first handoff, or when it ended without that; None for neither."""

    replied: datetime | None = None
    ended: datetime | None = None


def _answer(case: LoggedCase) -> _Answer:
    events = iter([line.event for line in case.lines])
    for event in events:
        if isinstance(event, HandedOff):
            break
    for event in events:
        if isinstance(event, Replied | EntrySent):
            return _Answer(replied=event.at)
        if isinstance(event, Closed | Released | HandedOff):
            return _Answer(ended=event.at)
    return _Answer()


def _handoff(events: Iterable[Event]) -> HandedOff | None:
    return next((event for event in events if isinstance(event, HandedOff)), None)


def _unplayable(turns: Sequence[LoggedTurn], played: Sequence[LoggedTurn]) -> str:
    """Why it cannot be played again; "" if it can."""
    events = [event for turn in played for event in turn.events]
    if any(turn.erased for turn in played):
        return ERASED
    if any(isinstance(event, Heard) for event in events):
        return NOT_AT_ONCE
    if any(isinstance(event, Joined) for event in events):
        return JOINED
    if any(isinstance(event, Listed) for event in events):
        return LISTED
    if not any(isinstance(event, Asked | WishedForHuman) for event in turns[0].events):
        return SECOND
    return ""


# --- what the log does not say ----------------------------------------------------------------------------------------


def _worlds(case: LoggedCase, turns: Sequence[LoggedTurn], base: Knowledge, head: Knowledge) -> Iterator[World]:
    """All that may have been, as far as it may matter: the likeliest first."""
    mentions = (True,) if _mention_is_clear(case, turns, base, head) else (True, False)
    groups = [*_groups_that_count(base.rules), *_groups_that_count(head.rules)]
    unknown = sorted(set(_unknown_usergroups(case, groups)))
    nowhere = case.profile is None
    domains = sorted({domain for group in groups for domain in group.email_domains}) if nowhere else []
    single = [frozenset({usergroup}) for usergroup in unknown]
    several = [frozenset(unknown)] if len(unknown) > 1 else []
    for mentioned in mentions:
        yield World(mentioned)
        yield from (World(mentioned, usergroups) for usergroups in (*single, *several))
        yield from (World(mentioned, frozenset(unknown), domain) for domain in domains)
        if unknown:
            yield from (World(mentioned, domain=domain) for domain in domains)


def _mention_is_clear(case: LoggedCase, turns: Sequence[LoggedTurn], base: Knowledge, head: Knowledge) -> bool:
    """Whether the bot was mentioned, or it makes no difference: in most channels it hears all, or only mentions."""
    if not case.opened.follows:
        return True
    written_in = {turn.did.channel for turn in turns if isinstance(turn.did, Wrote)}
    channels = [channel for channel in written_in if not is_direct(channel)]
    modes = {(base.rules.channel(each).mode, head.rules.channel(each).mode) for each in channels}
    return not case.pauses and modes <= {("all", "all"), ("mention", "mention")}


def _unknown_usergroups(case: LoggedCase, groups: Iterable[Group]) -> Iterator[str]:
    for group in groups:
        is_named = case.opened.requester in group.users
        if group.usergroup and group.usergroup not in (case.usergroups or {}) and not is_named:
            yield group.usergroup


def _groups_that_count(rules: Rules) -> Iterator[Group]:
    """Those of which a decision depends: that triggers name, or that say what people may see."""
    named = {group for trigger in rules.triggers for group in _groups_in(trigger.when)}
    return (group for id_, group in rules.groups.items() if id_ in named or group.audience is not None)


def _groups_in(when: When) -> Iterator[str]:
    yield from when.group or ()
    for part in (*(when.any or ()), *(when.all or ()), *((when.not_,) if when.not_ else ())):
        yield from _groups_in(part)


def _undecided(found: dict[World, tuple[Outcome, Outcome]], case: LoggedCase, base: Knowledge, head: Knowledge) -> str:
    """What it is that would have to be known."""
    alike: dict[tuple[frozenset[str], str], set[tuple[Outcome, Outcome]]] = {}
    for world, outcomes in found.items():
        alike.setdefault((world.usergroups, world.domain), set()).add(outcomes)
    if any(len(outcomes) > 1 for outcomes in alike.values()):
        return MENTION
    nobody = World()
    names = sorted(
        {
            group
            for knowledge in (base, head)
            for world in found
            for group in known_as(case, knowledge.rules, world).groups - known_as(case, knowledge.rules, nobody).groups
        }
    )
    return f"it is not known whether they belong to {' or '.join(f'`{name}`' for name in names)}"


# --- both sides -------------------------------------------------------------------------------------------------------


def _agrees(played: Played, logged: Played) -> bool:
    return played.replies == logged.replies and _facts(played.handed) == _facts(logged.handed)


def _facts(handed: HandedOff | None) -> tuple[str | bool, ...]:
    if handed is None:
        return ()
    return handed.queue, handed.priority, handed.rule, handed.reason, handed.private


def _outcomes(before: Played, after: Played, answered: _Answer, until: datetime) -> tuple[Outcome, Outcome]:
    if before.handed is None and after.handed is None:
        pairs = zip(before.replies, after.replies, strict=False)
        base, head = next(((b, h) for b, h in pairs if (b.action, b.rule) != (h.action, h.rule)),
                          (before.replies[-1], after.replies[-1]))  # fmt: skip
        return Outcome(base.action, base.rule), Outcome(head.action, head.rule)
    counts = before.handed is not None  # where it was not handed off, nobody could have answered
    return _outcome(before, answered if counts else None, until), _outcome(after, answered if counts else None, until)


def _outcome(played: Played, answered: _Answer | None, until: datetime) -> Outcome:
    handed = played.handed
    if handed is None:
        last = _last(played)
        return Outcome(last.action, last.rule)
    due = handed.due_first_at
    return Outcome(
        "handoff", handed.rule, handed.reason, handed.queue, handed.priority, handed.private, handed.at, due,
        _first(due, answered, until) if due is not None and answered is not None else None,
    )  # fmt: skip


def _last(played: Played) -> Reply:
    """The last that was more than small talk, or nothing at all."""
    return next((reply for reply in reversed(played.replies) if reply.action != "chat"), played.replies[-1])


def _first(due: datetime, answered: _Answer, until: datetime) -> Kept | None:
    """Whether they were in time. What ended before it was due was neither; what is not due yet may still be."""
    if answered.replied is not None:
        return "kept" if answered.replied <= due else "missed"
    return "missed" if due < (answered.ended or until) else None


def _disagreement(case: LoggedCase, logged: Played, played: Played, versions: Versions) -> str:
    """Why the base does not lead to what the log says, as far as that can be seen, and what differs."""
    said, now = _first_difference(logged, played)
    decided = {line.versions for line in case.lines}
    causes = []
    if any(each.rules != versions.rules for each in decided):
        causes.append("by other rules")
    if any((each.kb, each.index) != (versions.kb, versions.index) for each in decided):
        causes.append("with another knowledge base")
    why = f"it was decided {' and '.join(causes)}" if causes else "something that it was decided by has changed since"
    return f"{why}: {said} then, {now} by now"


def _first_difference(logged: Played, played: Played) -> tuple[str, str]:
    for then, now in zip(logged.replies, played.replies, strict=False):
        if then != now:
            return _told(then.action, then.rule or then.entry), _told(now.action, now.rule or now.entry)
    return _handed(logged.handed), _handed(played.handed)


def _handed(handed: HandedOff | None) -> str:
    if handed is None:
        return "no handoff"
    return _told("handoff", f"{handed.rule} to {handed.queue} as {handed.priority}")


def _told(action: str, what: str) -> str:
    return f"{action} ({what})" if what else action
