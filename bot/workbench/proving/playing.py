"""Situations as tests of rules have them, each tried out as such a test before it is said what it comes to. Pure.

What no test can say is left out: a file, a fault inside the bot or a pause, somebody of whom the rules name no id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from bot.core.audience import groups_of
from bot.core.rulebook.rules import PRIORITIES, Earlier, Expect, Given, Rules, RulesTest
from bot.core.rulebook.triggers import Situation
from bot.workbench.proving.ground import Ground
from bot.workbench.rules_tests import Outcome, outcome_of

_NOTHING_KNOWN = "flurb"  # a question that no entry answers
_FEEDBACK = (None, "still_stuck", "rejection", "none_of_these")


def as_test(
    situation: Situation,
    name: str,
    ground: Ground,
    wanted: Callable[[Outcome], bool],
    earlier: Sequence[str] = (),
) -> RulesTest | None:
    """A test that the rules pass as they are; None if none comes out as wanted. `earlier`: messages of the case."""
    said = tuple(Earlier(text) for text in earlier if text)
    for given in _givens(situation, ground):
        given = replace(given, history=(*given.history, *said))  # noqa: PLW2901  the same with what came before
        outcome = outcome_of(given, ground.knowledge)
        if wanted(outcome):
            return RulesTest(name, given, _expected(outcome))
    return None


def _expected(outcome: Outcome) -> Expect:
    priority = next((each for each in PRIORITIES if each == outcome.priority), None)
    return Expect(outcome.rule or None, outcome.queue or None, priority, outcome.due_first, outcome.action)


def _givens(situation: Situation, ground: Ground) -> Iterator[Given]:
    """Ways to bring the situation about, the plainest first."""
    user = _somebody_in(situation.groups, ground.rules)
    if situation.has_file or situation.error or situation.paused or user is None:
        return
    entry = situation.entry if situation.entry and situation.entry.phrasings else None
    before = tuple(Earlier(at=at) for at in situation.contacts)
    given = Given(situation.text, user or None, situation.channel or None, situation.now, before)
    if situation.human_request:
        asked = (Earlier(entry.phrasings[0]),) if entry else ()
        for wish in ground.knowledge.words.human_phrases[:1]:
            text = f"{situation.text}, {wish}" if situation.text else wish
            yield replace(given, text=text, history=(*before, *asked))
        return
    feedbacks = (situation.feedback,) if situation.feedback or not situation.failed else _FEEDBACK
    if situation.band in (None, "sure") and entry:
        for feedback in feedbacks:
            yield replace(given, entry=entry.id, feedback=feedback, failed_attempts=situation.failed)
    if entry is None or situation.band != "sure":
        texts = (situation.text,) if situation.text else (_NOTHING_KNOWN, *(entry.phrasings if entry else ())[:1])
        for text, feedback in product(texts, feedbacks):
            yield replace(given, text=text, feedback=feedback, failed_attempts=situation.failed)


def _somebody_in(groups: frozenset[str], rules: Rules) -> str | None:
    """Whom a test may name to be in all of these groups, by the rules alone; "" for anybody."""
    if not groups:
        return ""
    named = (user for group in sorted(groups) if group in rules.groups for user in rules.groups[group].users)
    return next((user for user in named if groups <= groups_of(user, "", {}, rules)), None)
