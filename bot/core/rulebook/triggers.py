"""Which rule decides: the first trigger whose condition holds, then the ones that always stand last. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from bot.core.entries import Entry
from bot.core.matches import Band
from bot.core.rulebook.calendar import is_open
from bot.core.rulebook.denying import is_denied
from bot.core.rulebook.rules import Reason, Rules, Then, Trigger, When

HUMAN_REQUEST = "human-request"  # ids of what is built in; a rules file that uses one of them overrides nothing
ESCALATE_ALWAYS = "escalate-always"
LIMIT = "limit"
STILL_STUCK = "still-stuck"
ERROR = "error"
PAUSED = "paused"

BUILT_IN = (  # what stands behind the triggers of every rules file
    Trigger(ESCALATE_ALWAYS, When(entry_policy=("always",), band=("sure",)), Then("handoff", collect=True)),
    Trigger(LIMIT, When(failed_attempts_gte="limit"), Then("handoff", collect=True, reason="failed_attempts")),
    Trigger(STILL_STUCK, When(feedback=("still_stuck",)), Then("offer")),
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What conditions are asked about. `failed` counts the attempt that just failed; `groups` has the person's id too.

    `paused`: people answer instead of the bot.
    """

    now: datetime
    text: str = ""
    channel: str = ""
    groups: frozenset[str] = frozenset()
    band: Band | None = None
    entry: Entry | None = None
    failed: int = 0
    feedback: str | None = None
    human_request: bool = False
    contacts: tuple[datetime, ...] = ()
    has_file: bool = False
    error: bool = False
    paused: bool = False

    @property
    def for_people(self) -> bool:
        """Whether people get it in any case, so that the rules say only to whom, and how urgently."""
        return self.human_request or self.error or self.paused


@dataclass(frozen=True, slots=True)
class Verdict:
    """`trigger` decides (None: no rule does), `because` of these words; `also` held before it and only add."""

    trigger: Trigger | None
    reason: Reason | None = None
    because: str = ""
    also: tuple[Trigger, ...] = ()

    def with_those_before(self, rules: Rules, added_by: Collection[str], taken: str) -> Verdict:
        """The same with what rules added to the case earlier, each once; `taken`: the rule whose offer is accepted."""
        here = {trigger.id for trigger in (*self.also, *((self.trigger,) if self.trigger else ()))}
        before = (each for each in rules.triggers if each.id == taken or (each.only_adds and each.id in added_by))
        return replace(self, also=(*self.also, *(each for each in before if each.id not in here)))

    @property
    def raises(self) -> int:
        return sum(t.then.raise_priority for t in (*self.also, *((self.trigger,) if self.trigger else ())))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(tag for t in (*self.also, *((self.trigger,) if self.trigger else ())) for tag in t.then.tags)


def triggered(rules: Rules, situation: Situation) -> Verdict:
    """Return the first trigger that decides. A trigger that only tags adds and goes on, like one marked `also`.

    What goes to people in any case is neither refused nor offered a person: such triggers are passed over.
    """
    also: list[Trigger] = []
    for trigger in (*rules.triggers, *BUILT_IN):
        held = _holds(trigger.when, situation, rules)
        if held is None:
            continue
        if _is_kept_back(trigger, situation):
            continue
        if trigger.only_adds:
            also.append(trigger)
            continue
        if situation.for_people and trigger.then.action != "handoff":
            continue
        return Verdict(trigger, trigger.then.reason or held.reason, held.because, tuple(also))
    return Verdict(None, also=tuple(also))


def is_after_hours(rules: Rules, at: datetime) -> bool:
    """Whether the calendar of the rules is closed; without one it never is."""
    calendar = rules.calendars.get(rules.calendar or "")
    return calendar is not None and not is_open(calendar, at)


def limit_of(entry: Entry | None, rules: Rules) -> int:
    """How many failed attempts lead to a handoff."""
    if entry is not None and entry.escalate.after_failed is not None:
        return entry.escalate.after_failed
    return rules.failed_attempts


@dataclass(frozen=True, slots=True)
class _Held:
    """A condition holds: the reason it stands for, and the words that made it so."""

    reason: Reason | None = None
    because: str = ""


def _is_kept_back(trigger: Trigger, situation: Situation) -> bool:
    """`escalate: never` keeps rules from offering a person; a wish for one is honoured all the same."""
    never = situation.entry is not None and situation.entry.escalate.policy == "never"
    return never and not situation.human_request and (trigger.then.action == "offer" or trigger.id == LIMIT)


def _holds(when: When, situation: Situation, rules: Rules) -> _Held | None:  # noqa: C901, PLR0912  a line a condition
    """Return why the condition holds, or None if it does not. The first part that names a reason gives it."""
    parts: list[_Held | None] = []
    if when.human_request is not None:
        parts.append(
            _if(situation.human_request == when.human_request, "explicit_request" if when.human_request else None)
        )
    if when.keywords is not None:
        found = _keyword(when.keywords, situation.text, rules)
        parts.append(_Held("sensitive", found) if found else None)
    if when.group is not None:
        parts.append(_if(not situation.groups.isdisjoint(when.group), "vip"))
    if when.category is not None:
        parts.append(_if(situation.entry is not None and situation.entry.category in when.category, "category_policy"))
    if when.entry is not None:
        parts.append(_if(situation.entry is not None and is_among(situation.entry.id, when.entry), "category_policy"))
    if when.entry_policy is not None:
        parts.append(
            _if(situation.entry is not None and situation.entry.escalate.policy in when.entry_policy, "category_policy")
        )
    if when.repeat_contact is not None:
        since = situation.now - when.repeat_contact.within
        recent = 1 + sum(at >= since for at in situation.contacts)
        parts.append(_if(recent >= when.repeat_contact.count, "repeat_contact"))
    if when.error is not None:
        parts.append(_if(situation.error == when.error, "error" if when.error else None))
    if when.feedback is not None:
        parts.append(_if(situation.feedback in when.feedback, "negative_feedback"))
    if when.failed_attempts_gte is not None:
        parts.append(_if(_has_failed(when.failed_attempts_gte, situation, rules), "failed_attempts"))
    if when.band is not None:
        parts.append(_if(situation.band in when.band, "low_confidence" if situation.band == "none" else None))
    if when.channel is not None:
        parts.append(_if(situation.channel in when.channel))
    if when.after_hours is not None:
        parts.append(_if(is_after_hours(rules, situation.now) == when.after_hours))
    if when.has_file is not None:
        parts.append(_if(situation.has_file == when.has_file))
    if when.any is not None:
        parts.append(next((held for part in when.any if (held := _holds(part, situation, rules))), None))
    if when.all is not None:
        parts.extend(_holds(part, situation, rules) for part in when.all)
    if when.not_ is not None:
        parts.append(_if(_holds(when.not_, situation, rules) is None))
    holding = [part for part in parts if part is not None]
    if not parts or len(holding) < len(parts):
        return None
    return _Held(
        next((part.reason for part in holding if part.reason), None),
        next((part.because for part in holding if part.because), ""),
    )


def _has_failed(so_often: int | Literal["limit"], situation: Situation, rules: Rules) -> bool:
    """The limit is reached by a failure: a question that there is an answer to does not count as one more."""
    if so_often == "limit":
        return situation.band not in ("sure", "unsure") and situation.failed >= limit_of(situation.entry, rules)
    return situation.failed >= so_often


def is_among(entry: str, patterns: tuple[str, ...]) -> bool:
    """Whether an entry id is named: by itself, or by its category as `billing/*`."""
    return any(entry == p or (p.endswith("/*") and entry.startswith(p[:-1])) for p in patterns)


def _if(holds: bool, reason: Reason | None = None) -> _Held | None:
    return _Held(reason) if holds else None


def _keyword(lists: tuple[str, ...], text: str, rules: Rules) -> str:
    """The first word or phrase of these lists that stands in the text, as a whole, and is not denied there."""
    said = f" {spaced(text)} "
    for name in lists:
        for phrase in rules.words.get(name, ()):
            if f" {spaced(phrase)} " in said and not is_denied(spaced(phrase).split(), text):
                return phrase
    return ""


@lru_cache(maxsize=4096)
def spaced(text: str) -> str:
    """Words in lower case with one space between them, so that a phrase is found as whole words."""
    return " ".join(re.findall(r"[\w'-]+", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))
