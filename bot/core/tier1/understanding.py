"""A message read in the light of its case: alone, or with the question that it goes on from. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.case import Case
from bot.core.matches import Ranking
from bot.core.scene import Scene
from bot.core.shown import Shown
from bot.core.stimuli import slack_time
from bot.core.tier1.remarks import Remark, remark_in

_CONTINUES_WITHIN = timedelta(seconds=10)  # by Slack's clock
_STRENGTH = {"none": 0, "unsure": 1, "sure": 2}


@dataclass(frozen=True, slots=True)
class Reading:
    """A message's ranking; `continues` and `instead_of` are the positions of the question and the miss it goes on from.

    `remark`: how it speaks of that question, if it is none of its own.
    """

    ranking: Ranking
    continues: int | None = None
    instead_of: int | None = None
    remark: Remark | None = None


def read(scene: Scene, words: str, channel: str, slack_ts: str) -> Reading:
    """Rank the words; if they continue the case, together with what was asked before, and keep the better reading."""
    seen = scene.knowledge.seen_by(scene.person, channel)
    rank = scene.knowledge.matcher.rank
    case, earlier = scene.case, scene.around.earlier_words
    alone = rank(words, seen)
    if case.state != "open" or not case.asked or not earlier:
        return Reading(alone)
    remark = remark_in(words)
    if remark and remark.may_stand_alone and _is_new(case, alone):
        remark = None
    late = not _continues_miss(case, slack_ts)
    if late and remark is None:
        return Reading(alone)
    joined = replace(rank(together((*earlier, words)), seen), also=None)
    if remark is None:
        better = _stronger(joined, alone)
    elif remark.runs_on:
        better = joined
    else:
        better = next((each for each in (joined, alone) if _is_new(case, each)), _stronger(joined, alone))
    # Still nothing: a second miss, with a reply of its own.
    miss = None if late or better.band == "none" or case.last_miss is None else case.last_miss.position
    return Reading(_without_answered(case, better) if remark else better, case.asked[-1], miss, remark)


def together(asked: Sequence[str]) -> str:
    """A question and what was added to it, in the order they came, as one text."""
    text, *added = asked
    for words in added:
        remark = remark_in(words)
        text = remark.together(text, words) if remark else f"{text}\n{words}"
    return text


def moves_on(case: Case, reading: Reading) -> bool:
    """A question about something else ends the case. Saying it in other words after a miss goes on with it."""
    best = reading.ranking.best
    if reading.ranking.band == "none" or best is None or reading.remark or reading.instead_of is not None:
        return False
    return bool(case.shown) and not case.has_seen(best.entry)


def unhelped(case: Case, reading: Reading) -> Shown | None:
    """The answer that a message says did not help, if reading it with the question leads to nothing else."""
    if reading.remark is None or not reading.remark.is_stuck or (case.awaited and case.awaited.is_offer):
        return None
    answered = [shown for shown in case.shown if shown.is_answer]
    best = reading.ranking.best if reading.ranking.band != "none" else None
    if best is None:
        return answered[-1] if answered else None
    return next((shown for shown in answered if shown.entry == best.entry), None)


def _continues_miss(case: Case, slack_ts: str) -> bool:
    miss = case.last_miss
    if miss is None or not slack_ts or not miss.slack_ts:
        return False
    return timedelta(0) <= slack_time(slack_ts) - slack_time(miss.slack_ts) <= _CONTINUES_WITHIN


def _is_new(case: Case, ranking: Ranking) -> bool:
    """Whether the matcher is sure of an entry that was no answer in this case so far."""
    return ranking.band == "sure" and ranking.best is not None and not case.has_answered(ranking.best.entry)


def _stronger(joined: Ranking, alone: Ranking) -> Ranking:
    """The one of the better band; of two alike that of the whole question."""
    return joined if _STRENGTH[joined.band] >= _STRENGTH[alone.band] else alone


def _without_answered(case: Case, ranking: Ranking) -> Ranking:
    """Choices among which the answer that was given is none any more; that answer again if there are no others."""
    best = ranking.best
    if ranking.band != "unsure" or best is None or not case.has_answered(best.entry):
        return ranking
    others = tuple(match for match in ranking.offered if not case.has_answered(match.entry))
    return replace(ranking, offered=others) if others else replace(ranking, band="sure", offered=())
