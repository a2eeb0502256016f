"""From a question to an answer, a choice, another try, or people. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bot.core.case import Case
from bot.core.entries import Entry
from bot.core.events import (
    BOT,
    Answered,
    Asked,
    AskedToRephrase,
    Chatted,
    Closed,
    Event,
    HandedOff,
    HumanOffered,
    Missed,
    Offered,
    Opened,
    ReopenOffered,
    StillStuck,
    Tagged,
    TurnedDown,
)
from bot.core.matches import Band, Match
from bot.core.rulebook.handoff import destination
from bot.core.rulebook.promises import first_response_due
from bot.core.rulebook.triggers import ERROR, HUMAN_REQUEST, Situation, Verdict, triggered
from bot.core.scene import Scene
from bot.core.tier1 import collecting
from bot.core.tier1.understanding import Reading, moves_on, read, unhelped

Failure = Literal["none_of_these", "rejection", "still_stuck"]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants, redacted; `written`: as it is kept, files named. `slack_ts` is "" for a command."""

    words: str
    written: str
    channel: str
    slack_ts: str
    files: int = 0  # how many came with it
    by_bot: bool = False
    response_url: str = ""


def answer(scene: Scene, asked: Question, opened: Opened, *, quiet: bool) -> tuple[Event, ...]:
    """Decide a question. `opened` is how a case begins here, if one must. `quiet`: say nothing unless sure."""
    case, now = scene.case, scene.now
    reading = read(scene, asked.words, asked.channel, asked.slack_ts)
    if quiet and reading.ranking.band != "sure":
        return (
            Chatted(
                at=now, actor=scene.person.id, words=asked.written, slack_ts=asked.slack_ts, channel=asked.channel,
                kind="overheard", files=asked.files,
            ),
        )  # fmt: skip
    if (answered := unhelped(case, reading)) is not None:
        return still_stuck(scene, asked, answered.entry, answered.position)
    begin: tuple[Event, ...] = ()
    if case.state != "open":
        begin, case = (opened,), Case(opened.case, case.place)
    elif moves_on(case, reading):
        outcome: Closed = Closed(at=now, actor=BOT, outcome="resolved_assumed" if case.was_answered() else "abandoned")
        if scene.around.earlier:
            known = scene.around.earlier.closed(case.id, outcome.outcome)
            scene = replace(scene, around=replace(scene.around, earlier=known))
        case = Case(scene.around.fresh, case.place)
        begin = (outcome, replace(opened, case=case.id))
    question = Asked(
        at=now, actor=scene.person.id, words=asked.written, channel=asked.channel, slack_ts=asked.slack_ts,
        continues=reading.continues, detail=reading.remark is not None, by_bot=asked.by_bot,
        response_url=asked.response_url, files=asked.files,
    )  # fmt: skip
    here = replace(scene, case=case)
    if scene.knowledge.is_broken:  # nothing can be looked up: people, at once
        verdict = verdict_on(here, asked, entry=None, failed=case.failed)
        handed = handed_off(here, asked, verdict, None)
        return (*begin, question, *tagged(here, verdict), replace(handed, reason="error", rule=ERROR))
    return (*begin, question, *_reply(here, asked, reading))


def hand_over(scene: Scene, asked: Question) -> tuple[Event, ...]:
    """A wish for a human: hand the case over. The rules still say to whom, and how urgently."""
    case, knowledge = scene.case, scene.knowledge
    if case.collecting is not None:
        return collecting.handed_over(case, case.collecting, knowledge, scene.now, "wish")
    if not case.candidates and (about := knowledge.listener.beside_wish(asked.words)):
        seen = knowledge.seen_by(scene.person, asked.channel)
        ranking = knowledge.matcher.rank(about, seen)
        near = ranking.matches if ranking.band != "none" else ()
        scene = replace(scene, case=replace(case, candidates=near, entry=near[0].entry if near else case.entry))
    entry = knowledge.entries.get(scene.case.entry or "")
    verdict = verdict_on(scene, asked, entry=entry, failed=case.failed, human_request=True)
    return (*tagged(scene, verdict), handed_off(scene, asked, verdict, entry, human_request=True))


def still_stuck(scene: Scene, asked: Question, entry: str, position: int, *, again: bool = False) -> tuple[Event, ...]:
    """The answer at `position` did not help, whether pressed or said in words: one failed attempt."""
    stuck = StillStuck(
        at=scene.now, actor=scene.person.id, entry=entry, position=position, again=again, words=asked.written,
        slack_ts=asked.slack_ts, files=asked.files,
    )  # fmt: skip
    if scene.case.with_people or again:
        return (stuck,)
    if scene.case.state == "closed":
        return (stuck, ReopenOffered(at=scene.now, actor=BOT, words="", slack_ts=""))
    about = scene.knowledge.entries.get(entry)
    return (stuck, *after_failure(scene, asked, "still_stuck", position=position, entry=about))


def after_failure(
    scene: Scene, asked: Question, after: Failure, *, position: int = 0, entry: Entry | None = None
) -> tuple[Event, ...]:
    """What follows a failed attempt that is not a miss: people if a rule says so, else another try."""
    case, now = scene.case, scene.now
    entry = entry or scene.knowledge.entries.get(case.entry or "")
    verdict = verdict_on(scene, asked, entry=entry, failed=case.failed + 1, feedback=after)
    before = tagged(scene, verdict)
    match verdict.trigger.then.action if verdict.trigger else None:
        case "handoff":
            return (*before, *to_people(scene, asked, verdict, entry))
        case "refuse" if verdict.trigger:
            return (*before, TurnedDown(at=now, actor=BOT, rule=verdict.trigger.id, text=verdict.trigger.then.message))
        case _ if after == "still_stuck":
            rule, text = (verdict.trigger.id, verdict.trigger.then.message) if verdict.trigger else ("", "")
            about = entry.id if entry else ""
            return (*before, HumanOffered(at=now, actor=BOT, rule=rule, text=text, entry=about, position=position))
        case "offer" if verdict.trigger:
            return (
                *before,
                HumanOffered(at=now, actor=BOT, rule=verdict.trigger.id, text=verdict.trigger.then.message),
            )
        case _:
            return (*before, AskedToRephrase(at=now, actor=BOT, after=after))


def verdict_on(
    scene: Scene,
    asked: Question,
    *,
    entry: Entry | None,
    failed: int,
    feedback: str | None = None,
    human_request: bool = False,
    band: Band | None = None,
) -> Verdict:
    situation = Situation(
        now=scene.now,
        text=asked.words,
        channel=asked.channel,
        groups=scene.person.groups,
        band=band,
        entry=entry,
        failed=failed,
        feedback=feedback,
        human_request=human_request,
        contacts=tuple(at for at in scene.around.contacts if at != scene.case.opened_at),  # this one is counted anyway
        has_file=bool(asked.files),
    )
    return triggered(scene.knowledge.rules, situation)


def tagged(scene: Scene, verdict: Verdict) -> tuple[Tagged, ...]:
    return tuple(Tagged(at=scene.now, actor=BOT, rule=t.id, tags=t.then.tags) for t in verdict.also if t.then.tags)


def to_people(scene: Scene, asked: Question, verdict: Verdict, entry: Entry | None) -> tuple[Event, ...]:
    """What a verdict that hands off leads to: people, or what is asked before that."""
    return collecting.before_people(scene, handed_off(scene, asked, verdict, entry), verdict, entry)


def handed_off(
    scene: Scene, asked: Question, verdict: Verdict, entry: Entry | None, *, human_request: bool = False
) -> HandedOff:
    """The handoff that a verdict leads to. A wish for a human is always one, and its own reason."""
    case, rules = scene.case, scene.knowledge.rules
    decided = verdict.trigger if verdict.trigger is not None and verdict.trigger.then.action == "handoff" else None
    category = entry.category if entry else case.category
    to = destination(rules, replace(verdict, trigger=decided), entry, category, asked.channel)
    return HandedOff(
        at=scene.now,
        actor=BOT,
        queue=to.queue,
        priority=to.priority,
        reason="explicit_request" if human_request else verdict.reason or "low_confidence",
        rule=HUMAN_REQUEST if human_request or decided is None else decided.id,
        due_first_at=first_response_due(rules, to.queue, to.priority, scene.now),
        because=verdict.because,
        category=category,
        entry=entry.id if entry else "",
        confidence=next((shown.confidence for shown in case.shown if entry and shown.entry == entry.id), 0.0),
        candidates=case.candidates,
        tags=tuple(dict.fromkeys((*case.tags, *verdict.tags))),
        private=to.private,
        text=decided.then.message if decided else "",
        earlier=scene.around.before(case),
    )


def _reply(scene: Scene, asked: Question, reading: Reading) -> tuple[Event, ...]:
    case, now, ranking = scene.case, scene.now, reading.ranking
    best = ranking.best
    entry = scene.knowledge.entries.get(best.entry) if best and ranking.band != "none" else None
    missed = ranking.band == "none"
    subject = entry or scene.knowledge.entries.get(case.entry or "")
    verdict = verdict_on(scene, asked, entry=subject, failed=case.failed + missed, band=ranking.band)
    action = verdict.trigger.then.action if verdict.trigger else None
    rule = verdict.trigger.id if verdict.trigger else ""
    before: tuple[Event, ...] = tagged(scene, verdict)
    if missed:
        confidence = best.confidence if best else 0.0
        missing = Missed(
            at=now, actor=BOT, candidates=ranking.matches, confidence=confidence, phrasing=ranking.phrasing,
            margin=ranking.margin,
        )  # fmt: skip
        before = (*before, missing)
    if action == "handoff":
        known = replace(scene, case=replace(case, candidates=ranking.matches))
        return (*before, *to_people(known, asked, verdict, subject))
    message = verdict.trigger.then.message if verdict.trigger else ""
    if action == "refuse":
        return (*before, TurnedDown(at=now, actor=BOT, rule=rule, text=message))
    offered: tuple[Event, ...] = (
        (HumanOffered(at=now, actor=BOT, rule=rule, text=message),) if action == "offer" else ()
    )
    if missed:
        return (*before, *(offered or (AskedToRephrase(at=now, actor=BOT, after="miss"),)))
    assert best is not None  # noqa: S101  a band other than none has a best entry
    if ranking.band == "sure" and entry is not None and entry.state != "trial":
        said: Event = Answered(
            at=now, actor=BOT, entry=entry.id, confidence=best.confidence, candidates=ranking.matches,
            phrasing=ranking.phrasing, margin=ranking.margin, how="again" if case.has_answered(entry.id) else "sure",
            also=_second(scene, ranking.also, entry), instead_of=reading.instead_of,
        )  # fmt: skip
    else:
        choices = ranking.matches[:1] if ranking.band == "sure" else ranking.offered or ranking.matches
        said = Offered(
            at=now, actor=BOT, candidates=choices, confidence=best.confidence, phrasing=ranking.phrasing,
            margin=ranking.margin, instead_of=reading.instead_of,
        )  # fmt: skip
    return (*before, said, *offered)


def _second(scene: Scene, also: Match | None, first: Entry) -> Match | None:
    """What a button may offer besides the answer to the first question."""
    if also is None or also.entry == first.id or also.entry not in scene.knowledge.entries:
        return None
    return also
