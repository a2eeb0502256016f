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
from bot.core.rulebook.rules import Trigger
from bot.core.rulebook.triggers import ERROR, HUMAN_REQUEST, Situation, Verdict, triggered
from bot.core.scene import Scene
from bot.core.tier1 import collecting
from bot.core.tier1.promising import promised
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
        return (*begin, question, *handed_off_by_error(here, asked))
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
            return (*before, turned_down(scene, verdict.trigger))
        case _ if after == "still_stuck":
            rule, text = (verdict.trigger.id, verdict.trigger.then.message) if verdict.trigger else ("", "")
            about = entry.id if entry else ""
            return (*before, HumanOffered(at=now, actor=BOT, rule=rule, text=text, entry=about, position=position))
        case "offer" if verdict.trigger:
            return (*before, person_offered(scene, verdict.trigger))
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
    error: bool = False,
    paused: bool = False,
) -> Verdict:
    """What the rules say, with what they added to the case before: a press has no words that could add it again."""
    situation = Situation(
        now=scene.now,
        text=asked.words,
        channel=scene.case.asked_in or asked.channel,
        groups=scene.person.groups | {scene.person.id},
        band=band,
        entry=entry,
        failed=failed,
        feedback=feedback,
        human_request=human_request,
        contacts=tuple(at for at in scene.around.contacts if at != scene.case.opened_at),  # this one is counted anyway
        has_file=bool(asked.files),
        error=error,
        paused=paused,
    )
    rules = scene.knowledge.rules
    taken = scene.case.offered_by if human_request or paused else ""
    return triggered(rules, situation).with_those_before(rules, scene.case.added_by, taken)


def tagged(scene: Scene, verdict: Verdict) -> tuple[Tagged, ...]:
    """What rules add that have not done so before: it stays with the case, whatever leads to people in the end."""
    decided = verdict.trigger
    leaves_tags = decided is not None and decided.then.action != "handoff" and bool(decided.then.tags)
    adding = (*verdict.also, *((decided,) if decided and leaves_tags else ()))
    return tuple(
        Tagged(at=scene.now, actor=BOT, rule=each.id, tags=each.then.tags)
        for each in adding
        if each.then.adds and each.id not in scene.case.added_by
    )


def turned_down(scene: Scene, decided: Trigger) -> TurnedDown:
    return TurnedDown(at=scene.now, actor=BOT, rule=decided.id, text=decided.then.message)


def person_offered(scene: Scene, decided: Trigger) -> HumanOffered:
    return HumanOffered(at=scene.now, actor=BOT, rule=decided.id, text=decided.then.message)


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
    to = destination(rules, replace(verdict, trigger=decided), entry, category, case.asked_in or asked.channel)
    handed = HandedOff(
        at=scene.now,
        actor=BOT,
        queue=to.queue,
        priority=to.priority,
        urgency=to.urgency,
        reason="explicit_request" if human_request else verdict.reason or "category_policy",
        rule=HUMAN_REQUEST if human_request or decided is None else decided.id,
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
    return promised(handed, rules)


def handed_off_by_error(scene: Scene, asked: Question | None = None) -> tuple[Event, ...]:
    """People, because something went wrong inside the bot. The rules still say to whom, and how urgently."""
    case = scene.case
    about = asked or Question("", "", case.place.channel, "")
    entry = scene.knowledge.entries.get(case.entry or "")
    verdict = verdict_on(scene, about, entry=entry, failed=case.failed, error=True)
    handed = handed_off(scene, about, verdict, entry)
    return (*tagged(scene, verdict), replace(handed, reason="error", rule=ERROR))


def handed_off_blindly(scene: Scene) -> tuple[Event, ...]:
    """People, because not even the rules could be read: whoever the rules name for all else, and nothing promised."""
    case, rules = scene.case, scene.knowledge.rules
    handed = HandedOff(
        at=scene.now, actor=BOT, queue=rules.default_queue, priority=rules.default_priority,
        urgency=rules.default_priority, reason="error", rule=ERROR, category=case.category, entry=case.entry or "",
        candidates=case.candidates, tags=case.tags, private=rules.queues[rules.default_queue].private,
    )  # fmt: skip
    return (handed,)


def _reply(scene: Scene, asked: Question, reading: Reading) -> tuple[Event, ...]:
    case, now, ranking = scene.case, scene.now, reading.ranking
    best = ranking.best
    entry = scene.knowledge.entries.get(best.entry) if best and ranking.band != "none" else None
    missed = ranking.band == "none"
    subject = entry or scene.knowledge.entries.get(case.entry or "")
    verdict = verdict_on(scene, asked, entry=subject, failed=case.failed + missed, band=ranking.band)
    decided = verdict.trigger
    action = decided.then.action if decided else None
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
    if decided and action == "refuse":
        return (*before, turned_down(scene, decided))
    offered: tuple[Event, ...] = (person_offered(scene, decided),) if decided and action == "offer" else ()
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
