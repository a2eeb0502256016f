"""What customers are told because of an event, and where. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.core import sentences
from bot.core.case import Case, outbox_id
from bot.core.changes import changed
from bot.core.entries import Entry
from bot.core.events import (
    Answered,
    Asked,
    AskedToClose,
    AskedToRephrase,
    Chatted,
    Claimed,
    Closed,
    CollectEnded,
    Commented,
    ElseAsked,
    EntrySent,
    Event,
    FieldAsked,
    FieldGiven,
    FieldSkipped,
    Fixed,
    FlagFixed,
    Flagged,
    FormOpened,
    Forwarded,
    HandedOff,
    Heard,
    HomeShown,
    HumanOffered,
    Labelled,
    ListShown,
    NoneOfThese,
    Offered,
    Paused,
    Picked,
    Rated,
    Refused,
    Released,
    Reopened,
    ReopenOffered,
    Resumed,
    SecondAsked,
    StillStuck,
    SurveyAsked,
    ThreadLost,
    TurnedDown,
    WishedForHuman,
)
from bot.core.filling import filled_form
from bot.core.joining.cards import card
from bot.core.knowledge import Knowledge
from bot.core.pausing import said_of_pause
from bot.core.privately import listed, refusal, reopened_from_a_list
from bot.core.rulebook.expectation import can_be_filled
from bot.core.saying import (
    Button,
    Content,
    DirectTo,
    Fill,
    Line,
    Post,
    React,
    Saying,
    Whisper,
    Words,
    is_at_desk,
)
from bot.core.tier1 import inquiry
from bot.core.tier2.flagging import said_of_flag
from bot.core.tier2.sending_entries import sent
from bot.core.tier2.surveying import answered_survey, survey
from bot.core.wording.notice import filled, notice
from bot.core.wording.places import where
from bot.core.wording.serving import HUMAN, answered, outcomes

RECEIPT, THANKS = "eyes", "+1"  # reactions on the customer's messages


def to_the_customer(case: Case, event: Event, knowledge: Knowledge) -> tuple[Saying, ...]:  # noqa: C901, PLR0912
    match event:
        case Asked() | WishedForHuman() | Heard() if case.root == outbox_id(case.id, case.version):
            return _quoted(case, event)
        case ThreadLost() if event.afresh and not is_at_desk(event.where):
            return (_begun_anew(case),)
        case Chatted() if event.reply:
            return _small_talk(case, event)
        case Answered():
            shown = next(s for s in case.shown if s.entry == event.entry)
            return (_reply(case, event.instead_of, answered(case, shown, knowledge)),)
        case Offered():
            return (_reply(case, event.instead_of, _choices(event, knowledge)),)
        case AskedToRephrase():
            return (_post(case, Line(_rephrase(case, event), (HUMAN,))),)
        case HumanOffered():
            return (_post(case, _human_offer(case, event, knowledge)),)
        case TurnedDown():
            return (_post(case, Line(_of_a_rule(event, sentences.TURNED_DOWN, case, knowledge), (HUMAN,))),)
        case Picked() | NoneOfThese() | SecondAsked() | StillStuck() | Labelled() if event.again:
            return ()
        case Picked():
            entry = knowledge.entries.get(event.entry)
            title = entry.title if entry else event.entry
            return (changed(case, event.position, Line(sentences.PICKED.replace("{title}", title))),)
        case NoneOfThese():
            return (changed(case, event.position, Line(sentences.PICKED_NONE)),)
        case SecondAsked():
            return _without_second(case, event.position, knowledge)
        case Fixed():
            return _outcome(case, event.position, sentences.FIXED, knowledge, Line(sentences.CLOSED_BY_YOU))
        case StillStuck():
            return _outcome(case, event.position, sentences.STILL_STUCK, knowledge, Line(sentences.STILL_STUCK))
        case Labelled():
            next_step = sentences.DID_NOT_WORK if event.label == "did_not_work" else sentences.NOT_MEANT
            told = changed(case, event.asked_at or event.position, Line(sentences.STUCK_LABELS[event.label]))
            goes_on = case.state == "open" and case.collecting is None and not event.by_rule
            return (told, _post(case, Line(next_step, (HUMAN,)))) if goes_on else (told,)
        case FieldAsked():
            return inquiry.question(case, event, knowledge)
        case FieldGiven() | FieldSkipped():
            return inquiry.answer(case, event)
        case CollectEnded():
            return inquiry.unanswered(case, event)
        case AskedToClose():
            return (_post(case, Line(sentences.SHALL_I_CLOSE, outcomes(event.entry))),)
        case HandedOff():
            return (card(case, knowledge), _post(case, notice(case, knowledge, event.told_due_at), as_bot=False))
        case ElseAsked():
            in_thread = bool(case.place.thread_ts)
            text = sentences.ASK_ELSE_DM if in_thread else sentences.ASK_ELSE_HERE
            return (_post(case, Line(filled(text, case, knowledge)), as_bot=False),)
        case ReopenOffered():
            reopen = Button(sentences.REOPEN_LABEL, "reopen", style="primary")
            return (_post(case, Line(filled(sentences.SHALL_I_REOPEN, case, knowledge), (reopen, HUMAN))),)
        case Reopened():
            return (_reopened(case, knowledge), *reopened_from_a_list(case, event), *answered_survey(case, event))
        case SurveyAsked():
            return (survey(case),)
        case Rated() | Commented():
            return answered_survey(case, event)
        case Forwarded() if event.slack_ts:
            return (React(channel=event.channel, ts=event.slack_ts, name=RECEIPT),)
        case Claimed():
            line = Line(filled(sentences.CLAIMED, case, knowledge), who=event.actor)
            return (_post(case, line, as_bot=False),)
        case Closed() if event.outcome == "resolved_by_human" and not event.incident:
            reopen = Button(sentences.REOPEN_LABEL, "reopen")
            line = Line(filled(sentences.RESOLVED, case, knowledge), (reopen, HUMAN), who=event.actor)
            return (_post(case, line, as_bot=False),)
        case Released():
            line = Line(filled(sentences.BACK_TO_BOT, case, knowledge), (HUMAN,), who=event.actor)
            return (_post(case, line, as_bot=False),)
        case ListShown() | HomeShown():
            return listed(event)
        case EntrySent():
            return sent(case, event, knowledge)
        case Paused() | Resumed():
            return said_of_pause(case, event, knowledge)
        case Flagged() | FlagFixed():
            return said_of_flag(case, event, knowledge)
        case Refused():
            return refusal(event)
        case FormOpened():
            return (Fill(view=event.view, content=filled_form(case, event, knowledge)),)
        case _:
            return ()


def _post(case: Case, content: Content, *, as_bot: bool = True) -> Post:
    return Post(where=where(case), content=content, as_bot=as_bot)


def _reopened(case: Case, knowledge: Knowledge) -> Post:
    if not case.with_people:
        return _post(case, Line(filled(sentences.REOPENED_BOT, case, knowledge), (HUMAN,)))
    return _post(case, Line(filled(sentences.REOPENED_PEOPLE, case, knowledge)), as_bot=False)


def _reply(case: Case, instead_of: int | None, content: Content) -> Saying:
    if instead_of is None:
        return _post(case, content)
    return replace(changed(case, instead_of, content), or_else=where(case))


def _quoted(case: Case, event: Asked | WishedForHuman | Heard) -> tuple[Saying, ...]:
    """The first words of a case in the DM, as the root of its thread, and where it is for whoever asked elsewhere."""
    line = Line(sentences.YOU_ASKED, quote=Words(case.id, case.version))
    root = Post(where=DirectTo(case.place.requester), content=line, report=True)
    if isinstance(event, Heard):
        return (root,)
    if not event.channel:  # it began on the Home tab, where there is nowhere to be told
        return (root,)
    told = Whisper(
        channel=event.channel, user=case.place.requester, content=Line(sentences.ANSWERED_IN_DM),
        response_url=event.response_url, link_to=case.root,
    )  # fmt: skip
    return (root, told)


def _begun_anew(case: Case) -> Post:
    """The root of the thread in the DM where a case goes on, with the question it is about if there was one."""
    asked = Words(case.id, case.question) if case.question is not None else None
    text = f"{sentences.THREAD_LOST} {sentences.YOU_ASKED}" if asked else sentences.THREAD_LOST
    return Post(where=DirectTo(case.place.requester), content=Line(text, quote=asked), report=True)


def _small_talk(case: Case, event: Chatted) -> tuple[Saying, ...]:
    if event.kind in ("thanks", "confirmation"):
        return (React(channel=event.channel, ts=event.slack_ts, name=THANKS),) if event.slack_ts else ()
    text = {
        "greeting": sentences.GREETING,
        "help": sentences.HELP,
        "paused": sentences.PAUSED_HELP,
        "too_fast": sentences.TOO_FAST,
    }.get(event.kind, sentences.FRAGMENT)
    if event.response_url:  # a whisper has no buttons
        commands = sentences.COMMANDS_AT_DESK if event.kind == "help" else sentences.COMMAND_FOR_HUMAN
        text = f"{text} {commands}"
        return (Whisper(channel=event.channel, user=event.actor, content=Line(text), response_url=event.response_url),)
    return (_post(case, Line(text, (HUMAN,), asker=event.actor)),)


def _without_second(case: Case, position: int, knowledge: Knowledge) -> tuple[Saying, ...]:
    """The answer as it stands, without the button that was pressed."""
    shown = next((s for s in case.shown if s.position == position), None)
    if shown is None or shown.entry not in knowledge.entries:
        return ()
    stuck = sentences.STILL_STUCK if (position, "stuck") in case.pressed else ""
    outcome = sentences.FIXED if shown.how == "fixed" else stuck
    return (changed(case, position, answered(case, shown, knowledge, outcome)),)


def _outcome(case: Case, position: int, outcome: str, knowledge: Knowledge, otherwise: Line) -> tuple[Saying, ...]:
    """The buttons of an answer give way to what was chosen; the answer stays. Under another message, a line does."""
    shown = next((s for s in case.shown if s.position == position), None)
    if shown is None:
        return (changed(case, position, otherwise),) if position else ()
    if shown.entry not in knowledge.entries:
        return ()  # the answer is no longer ours to repeat, and must not be overwritten
    return (changed(case, position, answered(case, shown, knowledge, outcome)),)


def _choices(event: Offered, knowledge: Knowledge) -> Line:
    found: list[Entry] = [knowledge.entries[m.entry] for m in event.candidates if m.entry in knowledge.entries]
    rest = (Button(sentences.NONE_LABEL, "none_of_these"), HUMAN)
    if len(found) == 1:
        yes = Button(sentences.YES_LABEL, "pick", found[0].id, "primary")
        return Line(f"{sentences.IS_THIS_IT}\n“{found[0].title}”", (yes, *rest))
    picks = tuple(Button(entry.title, "pick", entry.id) for entry in found)
    return Line(sentences.DID_YOU_MEAN, (*picks, *rest))


def _rephrase(case: Case, event: AskedToRephrase) -> str:
    if event.after == "rejection":
        return sentences.AFTER_REJECTION
    if event.after == "none_of_these":
        return sentences.AFTER_NONE
    return sentences.REPHRASE[min(case.misses, len(sentences.REPHRASE)) - 1]


def _of_a_rule(event: HumanOffered | TurnedDown, usual: str, case: Case, knowledge: Knowledge) -> str:
    """What its editor wrote. No time can be told as long as nobody has the case."""
    written = event.text if can_be_filled(event.text, due=None, opens=None) else ""
    return filled(written or usual, case, knowledge)


def _human_offer(case: Case, event: HumanOffered, knowledge: Knowledge) -> Line:
    if not event.position:
        return Line(_of_a_rule(event, sentences.OFFER_HUMAN, case, knowledge), (HUMAN,))
    return Line(
        _of_a_rule(event, sentences.STUCK_OFFER, case, knowledge),
        (
            Button(sentences.DID_NOT_WORK_LABEL, "did_not_work", event.entry),
            Button(sentences.NOT_MEANT_LABEL, "not_meant", event.entry),
            HUMAN,
        ),
    )
