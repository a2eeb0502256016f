"""What a message or a command of somebody who wants something means. Pure.

Small talk is not a question, a wish for a human comes before any search, and whoever did not ask is left alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

from bot.core.case import Case
from bot.core.events import (
    BOT,
    AskedToClose,
    Branched,
    ChatKind,
    Chatted,
    Event,
    Forwarded,
    Opened,
    Rejected,
    ReopenOffered,
    WishedForHuman,
)
from bot.core.intents import Intent
from bot.core.opening import opened_for, opened_in_dm
from bot.core.redaction import redact
from bot.core.rulebook.rules import ChannelRules, Rules
from bot.core.rulebook.triggers import Verdict
from bot.core.scene import Scene
from bot.core.stimuli import Command, Message, Place, with_files
from bot.core.tier1 import collecting
from bot.core.tier1.answering import Question, after_failure, answer, hand_over, verdict_on
from bot.core.tier1.continuing import continued

STIMULI_A_MINUTE = 120  # of one person; beyond it we only keep what they write, and say so once
TOLD_AGAIN_AFTER = timedelta(minutes=10)  # who never stops is told again
QUIET_FOR = timedelta(seconds=60)  # a fragment so soon after our last words gets none of its own


def hear(scene: Scene, message: Message) -> tuple[Event, ...]:
    """Decide a message that is not in a card's thread."""
    rules = scene.knowledge.rules
    case, channel = scene.case, rules.channel(message.channel)
    if not concerns_us(message, case, rules):
        return ()
    if not message.direct and channel.mode == "off" and not case.with_people:
        return ()
    if _opted_out(message.text, scene):
        return ()
    said = redact(message.text, also=rules.redaction).text
    written = redact(with_files(message.text, message.files), also=rules.redaction).text if message.files else said
    if scene.around.bystander:
        return (_chat(scene, message, written, "bystander", reply=False),)
    if not _is_for_us(message, case, channel):
        return ()  # the case goes on, but this was said to others
    if is_too_fast(scene):
        reply = not (scene.around.told_too_fast or case.with_people)
        return (_chat(scene, message, written, "too_fast", reply=reply),)
    if case.with_people:
        return _with_people(scene, message, said, written)
    if message.by_bot and case.turns_in_a_row >= rules.bots.max_in_a_row:
        return (_chat(scene, message, written, "overheard", reply=False),)
    asked = Question(
        words=said,
        written=written,
        channel=message.channel,
        slack_ts=message.ts,
        files=len(message.files),
        by_bot=message.by_bot,
    )
    begins = case if case.state == "new" else Case(scene.around.fresh, case.place)
    opened = opened_for(message, begins, scene.now, is_test=channel.test)
    return _judge(scene, asked, opened, quiet=_is_quiet(message, case, channel), message=message)


def is_too_fast(scene: Scene) -> bool:
    return scene.around.stimuli_last_minute >= STIMULI_A_MINUTE


def concerns_us(message: Message, case: Case, rules: Rules) -> bool:
    """Whether a message can mean anything to us at all: most of what is written in channels does not."""
    by_stranger = message.by_bot and message.user not in rules.bots.listen_to
    return not by_stranger and (case.is_open or _is_for_us(message, case, rules.channel(message.channel)))


def ask_by_command(scene: Scene, stimulus: Command) -> tuple[Event, ...]:
    """Decide `/tier1 QUESTION`: always a case of its own, in a thread of the person's DM under the quoted question."""
    said = redact(stimulus.text, also=scene.knowledge.rules.redaction).text
    asked = Question(
        words=said, written=said, channel=stimulus.channel, slack_ts="", response_url=stimulus.response_url
    )
    if not said.strip():
        return (_small_talk(scene, asked, "help", reply=True),)
    if is_too_fast(scene):
        return (_small_talk(scene, asked, "too_fast", reply=not scene.around.told_too_fast),)
    return _judge(scene, asked, _in_the_dm(scene, scene.case.id, stimulus.channel), quiet=False, message=None)


def _with_people(scene: Scene, message: Message, said: str, written: str) -> tuple[Event, ...]:
    """People already have the case: pass it on; or, after *Ask something else*, begin a case beside it."""
    forwarded = Forwarded(
        at=scene.now, actor=message.user, words=written, channel=message.channel, slack_ts=message.ts,
        files=len(message.files),
    )  # fmt: skip
    if not scene.case.else_asked:
        return (forwarded,)
    fresh = scene.around.fresh
    if message.direct and message.thread_ts is None:
        own_thread = replace(scene.case.place, thread_ts=message.ts)
        opened = opened_for(message, Case(fresh, own_thread), scene.now)
    else:
        opened = _in_the_dm(scene, fresh, message.channel)
    place = Place(opened.team, opened.channel, opened.thread_ts, opened.requester)
    beside = replace(scene, case=Case(fresh, place))
    asked = Question(
        words=said, written=written, channel=message.channel, slack_ts=message.ts, files=len(message.files)
    )
    judged = _judge(beside, asked, opened, quiet=False, message=message)
    if not any(isinstance(event, Opened) for event in judged):
        return (forwarded,)  # small talk is not the other question yet
    return (Branched(at=scene.now, actor=message.user, case=fresh), *judged)


def _in_the_dm(scene: Scene, case: str, asked_in: str) -> Opened:
    is_test = scene.knowledge.rules.channel(asked_in).test
    return opened_in_dm(scene.person, case, asked_in, scene.now, is_test=is_test)


def _judge(scene: Scene, asked: Question, opened: Opened, *, quiet: bool, message: Message | None) -> tuple[Event, ...]:
    """Read the words: small talk, a wish, or a question."""
    case, now = scene.case, scene.now
    addressed = message is None or message.direct or message.mentions_us or case.is_open
    begin, here = (
        ((), scene) if case.state == "open" else ((opened,), replace(scene, case=Case(opened.case, case.place)))
    )
    was_closed = case.state == "closed"
    intent = _heard(here, asked)
    if case.collecting is not None and intent is not Intent.HUMAN:
        return collecting.answered(scene, asked.written, asked.slack_ts, asked.files)
    if events := continued(scene, asked, intent):
        return events
    match intent:
        case Intent.HUMAN:
            if quiet:  # in a `questions` channel a wish counts only with a mention
                return (_small_talk(scene, asked, "overheard"),)
            wished = WishedForHuman(
                at=now, actor=scene.person.id, words=asked.written, slack_ts=asked.slack_ts, channel=asked.channel,
                response_url=asked.response_url, files=asked.files,
            )  # fmt: skip
            return (*begin, wished, *hand_over(here, asked))
        case Intent.THANKS:
            return (_small_talk(scene, asked, "thanks", reply=addressed or was_closed),)
        case Intent.CONFIRMATION if case.state == "open" and (case.was_answered() or case.card is not None):
            chat = _small_talk(scene, asked, "confirmation")
            return (chat, AskedToClose(at=now, actor=BOT, entry=case.entry or ""))
        case Intent.CONFIRMATION:
            return (_small_talk(scene, asked, "confirmation", reply=addressed or was_closed),)
        case Intent.REJECTION if case.state == "open" and (case.shown or case.failed):
            return _rejected(scene, asked)
        case Intent.REJECTION if was_closed:
            return (ReopenOffered(at=now, actor=BOT, words=asked.written, slack_ts=asked.slack_ts, files=asked.files),)
        case Intent.GREETING | Intent.HELP | Intent.FRAGMENT | Intent.REJECTION as small:
            kind: ChatKind = "fragment" if small is Intent.REJECTION else _kind(small)
            return (_small_talk(scene, asked, kind, reply=addressed and not _just_spoke(scene)),)
        case Intent.QUESTION:
            return answer(scene, asked, opened, quiet=quiet)
    raise AssertionError("every intent has its branch")


def _heard(scene: Scene, asked: Question) -> Intent:
    """What the message is. "Everything is down" has no word that an entry could be about, yet a rule knows it.

    Nor has a file without a word, which a rule may send to people all the same.
    """
    heard = scene.knowledge.listener.hear(asked.words)
    if heard is Intent.FRAGMENT:
        verdict = verdict_on(scene, asked, entry=None, failed=scene.case.failed)
        if verdict.because or _is_sent_for_its_file(scene, asked, verdict):
            return Intent.QUESTION
    return heard


def _is_sent_for_its_file(scene: Scene, asked: Question, verdict: Verdict) -> bool:
    """Whether a rule hands it off that would not, had no file come with it."""
    if not asked.files or verdict.trigger is None or verdict.trigger.then.action != "handoff":
        return False
    without = verdict_on(scene, replace(asked, files=0), entry=None, failed=scene.case.failed)
    return without.trigger != verdict.trigger


def _rejected(scene: Scene, asked: Question) -> tuple[Event, ...]:
    """ "No, that's not it": one failed attempt."""
    case, now = scene.case, scene.now
    rejected = Rejected(
        at=now, actor=scene.person.id, words=asked.written, slack_ts=asked.slack_ts, entry=case.entry or "",
        files=asked.files,
    )  # fmt: skip
    return (rejected, *after_failure(scene, asked, "rejection"))


def _is_for_us(message: Message, case: Case, channel: ChannelRules) -> bool:
    if message.direct or message.mentions_us:
        return True
    if case.is_open:
        return case.follows or case.with_people
    if case.state == "closed" and case.follows:
        return True
    if channel.mode not in ("questions", "all"):
        return False
    return message.thread_ts is None or message.parent_user == message.user


def _is_quiet(message: Message, case: Case, channel: ChannelRules) -> bool:
    """In a `questions` channel we speak only when sure, unless we were asked to or are in the middle of a case."""
    return channel.mode == "questions" and not (message.direct or message.mentions_us or case.is_open)


def _opted_out(text: str, scene: Scene) -> bool:
    opt_out = scene.knowledge.rules.opt_out
    return bool(
        (opt_out.prefix and text.lstrip().startswith(opt_out.prefix))
        or (opt_out.emoji and f":{opt_out.emoji.strip(':')}:" in text)
    )


def _just_spoke(scene: Scene) -> bool:
    last = scene.case.last_at
    return scene.case.state == "open" and last is not None and scene.now - last < QUIET_FOR


def _kind(intent: Intent) -> ChatKind:
    return next(kind for kind in get_args(ChatKind) if kind == intent.value)


def _chat(scene: Scene, message: Message, said: str, kind: ChatKind, *, reply: bool) -> Chatted:
    return Chatted(
        at=scene.now,
        actor=message.user,
        words=said,
        slack_ts=message.ts,
        channel=message.channel,
        kind=kind,
        reply=reply,
        files=len(message.files),
    )


def _small_talk(scene: Scene, asked: Question, kind: ChatKind, *, reply: bool = False) -> Chatted:
    return Chatted(
        at=scene.now, actor=scene.person.id, words=asked.written, slack_ts=asked.slack_ts, channel=asked.channel,
        kind=kind, reply=reply, response_url=asked.response_url, files=asked.files,
    )  # fmt: skip
