"""Run the tests that rules carry: each situation played as at the desk, against what is expected of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.asking import Action, Decision, decided, read, reasons
from bot.core.audience import Person, groups_of
from bot.core.clocks.foretelling import adding_up, foretold
from bot.core.events import Answered, Closed, HumanOffered, Missed, Offered, Rejected
from bot.core.intents import Intent
from bot.core.knowledge import Knowledge
from bot.core.matches import Match, Matcher, Ranking
from bot.core.rehearsing import TEAM, Rehearsal, Turn, having_failed, pressed, rehearsal, wrote
from bot.core.rulebook.rules import Expect, Given, Rules
from bot.core.stimuli import PressKind
from bot.core.tier1.remarks import remark_in

_SOMEBODY = "U0SOMEBODY"
_USUAL_DAY = datetime(2026, 11, 24, 10)  # noqa: DTZ001  a Tuesday at ten, in whatever time zone the rules name
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules make of a situation: `rule`, `queue` and `priority` are "" where there is none.

    `due_first` (UTC): when the first response is due. `why`: one plain sentence a step; `adds_up`: how that time does.
    """

    action: Action
    rule: str
    queue: str
    priority: str
    due_first: datetime | None
    why: tuple[str, ...]
    adds_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of `expect` that does not hold, both sides as an editor would write them, on the rules' own clock."""

    field: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.differences


def run(knowledge: Knowledge) -> tuple[Result, ...]:
    """Return what came of each test, in the order of the rules."""
    zone = ZoneInfo(knowledge.rules.timezone)
    results = []
    for test in knowledge.rules.tests:
        outcome = outcome_of(test.given, knowledge)
        differences = tuple(_differences(test.expect, outcome, zone))
        if any(difference.field == "due_first" for difference in differences):
            outcome = replace(outcome, why=(*outcome.why, *outcome.adds_up))
        results.append(Result(test.name, outcome, differences))
    return tuple(results)


def outcome_of(given: Given, knowledge: Knowledge) -> Outcome:
    """Play the situation, and return what follows from the last thing in it.

    That is `feedback` if there is any, unless the text by itself leads to people or is refused, or nothing came of it
    that `feedback` could be about; `why` then says so. A text that is not given is the first phrasing of `entry`.
    `failed_attempts` above 0 sets how many failed attempts the case counts in the end, whatever its history comes to.
    """
    rules = knowledge.rules
    at = (given.at or _USUAL_DAY.replace(tzinfo=ZoneInfo(rules.timezone))).astimezone(UTC)
    so_far, why = _with_history(given, at, knowledge)
    entry = knowledge.entries.get(given.entry or "")
    text = given.text or (entry.phrasings[0] if entry else "")
    knows = knowledge if entry is None else replace(knowledge, matcher=_Pinned(entry.id, knowledge.matcher))
    if given.entry is not None and entry is None:
        why.append(f"there is no entry `{given.entry}`, so the matcher finds the answer")
    seen = knows.seen_by(so_far.person, so_far.case.place.channel)
    so_far, turn = _written(replace(so_far, knowledge=knows), given, text, at)
    so_far = replace(so_far, knowledge=knowledge)
    why += read(text, turn.events, seen, knows)
    if any(isinstance(event, Closed) for event in turn.events):
        why.append("it is about something else than before, so a new case begins")
    decision = decided(turn, rules)
    leaves = so_far.case.with_people or so_far.case.collecting is not None
    if given.feedback is not None and not leaves and decision.action != "refuse":
        why.append(f"the text by itself leads to `{decision.action}`")
        followed = _fed_back(so_far, given.feedback, given.failed_attempts, at)
        if isinstance(followed, str):
            why.append(f"`{given.feedback}` cannot follow: {followed}")
        else:
            turn, failed = followed.turn, followed.so_far.case.failed
            decision = decided(turn, rules)
            why.append(f"then comes `{followed.what}`, failed attempts so far {failed}: `{decision.action}`")
    told = foretold(rules, decision.queue, decision.priority, at) if decision.promise else None
    return _outcome(decision, (*why, *reasons(turn.events, decision)), adding_up(told) if told else ())


@dataclass(frozen=True, slots=True)
class _Pinned:
    """Ranks one entry sure for any text, among those who may see it."""

    entry: str
    matcher: Matcher

    @property
    def version(self) -> str:
        return self.matcher.version

    def rank(self, text: str, visible: AbstractSet[str] | None = None) -> Ranking:
        if self._is_hidden(visible):
            return self.matcher.rank(text, visible)
        return Ranking("sure", (Match(self.entry, 1.0),))

    def explain(self, text: str, visible: AbstractSet[str] | None = None) -> tuple[str, ...]:
        if self._is_hidden(visible):
            hidden = f"`{self.entry}` is not served there to this person: name a `user` or `channel` that may see it"
            return (hidden, *self.matcher.explain(text, visible))
        return (f"the test says that `{self.entry}` answers it",)

    def _is_hidden(self, visible: AbstractSet[str] | None) -> bool:
        return visible is not None and self.entry not in visible


@dataclass(frozen=True, slots=True)
class _Followed:
    """What the customer did after the text, and what it led to."""

    what: str
    so_far: Rehearsal
    turn: Turn


def _with_history(given: Given, at: datetime, knowledge: Knowledge) -> tuple[Rehearsal, list[str]]:
    """What came before: requests at a time of their own, and messages of this case, a minute apart."""
    contacts = tuple(earlier.at.astimezone(UTC) for earlier in given.history if earlier.at is not None)
    person = _person(given.user, knowledge.rules)
    so_far = rehearsal(person, given.channel or "", knowledge, tuple(sorted(c for c in contacts if c < at)))
    texts = [earlier.text for earlier in given.history if earlier.at is None]
    why = []
    for before, text in zip(range(len(texts), 0, -1), texts, strict=True):
        so_far, turn = wrote(so_far, text, at - before * _MINUTE)
        decision = decided(turn, knowledge.rules)
        by = f" by rule `{decision.rule}`" if decision.rule else ""
        why.append(f"before that, “{text}” leads to `{decision.action}`{by}")
    if so_far.case.with_people:
        why.append("people have the case already, so what follows is passed on to them")
    return so_far, why


def _person(user: str | None, rules: Rules) -> Person:
    if user is None:
        return Person(_SOMEBODY, TEAM)
    return Person(user, TEAM, groups=groups_of(user, "", {}, rules))


def _written(so_far: Rehearsal, given: Given, text: str, at: datetime) -> tuple[Rehearsal, Turn]:
    """The text, with as many failed attempts before it as are left to those before: it may be one itself."""
    count = given.failed_attempts - (given.feedback is not None)
    if not given.failed_attempts:
        return wrote(so_far, text, at)
    played = wrote(having_failed(so_far, max(0, count - 1), at - _MINUTE), text, at)
    if any(isinstance(event, Missed | Rejected) for event in played[1].events):
        return played
    return wrote(having_failed(so_far, count, at - _MINUTE), text, at)


def _fed_back(so_far: Rehearsal, feedback: str, failed_attempts: int, at: datetime) -> _Followed | str:
    """What the customer does then; if they cannot, why not. What went wrong is only asked after *Still stuck*."""
    here = having_failed(so_far, failed_attempts - 1, at) if failed_attempts else so_far
    if feedback == "rejection":
        listed, hear = so_far.knowledge.words.rejections, so_far.knowledge.listener.hear
        # "Still broken" after an answer is no rejection of it, but *Still stuck*.
        said = next((said for said in listed if hear(said) is Intent.REJECTION and not remark_in(said)), None)
        return "the word lists have no rejection" if said is None else _Followed(feedback, *wrote(here, said, at))
    if feedback == "none_of_these":
        choices = here.last(Offered)
        if choices is None:
            return "no choices were offered"
        return _Followed(feedback, *pressed(here, "none_of_these", at, position=choices[0]))
    answered = here.last(Answered)
    if answered is None:
        return "nothing was answered"
    position, answer = answered
    stuck, turn = pressed(here, "stuck", at, choice=answer.entry, position=position)
    if feedback == "still_stuck" or not any(isinstance(event, HumanOffered) for event in turn.events):
        return _Followed("still_stuck", stuck, turn)
    label: PressKind = "did_not_work" if feedback == "did_not_work" else "not_meant"
    return _Followed(feedback, *pressed(stuck, label, at, choice=answer.entry, position=stuck.case.version))


def _outcome(decision: Decision, why: tuple[str, ...], adds_up: tuple[str, ...]) -> Outcome:
    due = decision.promise.due if decision.promise else None
    return Outcome(decision.action, decision.rule, decision.queue, decision.priority, due, why, adds_up)


def _differences(expect: Expect, outcome: Outcome, zone: ZoneInfo) -> Iterator[Difference]:
    for field in ("action", "rule", "queue", "priority"):
        expected, found = getattr(expect, field), getattr(outcome, field)
        if expected is not None and expected != found:
            yield Difference(field, expected, found or "none")
    # In UTC: two clocks in the hour that happens twice are equal to nothing (PEP 495).
    due = expect.due_first and expect.due_first.astimezone(UTC)
    if due is not None and due != outcome.due_first:
        found = outcome.due_first.astimezone(zone).isoformat() if outcome.due_first else "none"
        yield Difference("due_first", due.astimezone(zone).isoformat(), found)
