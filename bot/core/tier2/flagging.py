"""How specialists say that an entry needs an editor, from a card or from the answer itself, and what comes of it. Pure.

Whoever has the right to may flag, whatever became of the case; the customer never hears of it.
"""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case, outbox_id
from bot.core.events import Event, FlagFixed, Flagged, FormOpened
from bot.core.forms import Ask, Form
from bot.core.knowledge import Knowledge
from bot.core.permissions import may, refused
from bot.core.rulebook.rules import Rules
from bot.core.saying import Button, DirectTo, In, Line, Post, Saying, Update, Words
from bot.core.scene import Scene
from bot.core.shown import Flag
from bot.core.stimuli import Press, Submission
from bot.core.tier2.at_desk import not_done, opened, written_in
from bot.core.wording.card import NEAR

_MOST = 10  # entries to choose from


def press_flag(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """*Flag an entry* on a card, or the shortcut of a message: which one is meant then, the message says."""
    case = scene.case
    if not may(scene.person, "flag", case.queue or "", scene.knowledge.rules):
        return (refused(pressed, scene.now, sentences.NOT_YOURS_TO_FLAG),)
    if not _entries(case, scene.knowledge):
        return (refused(pressed, scene.now, sentences.NOTHING_TO_FLAG),)
    form = opened(scene, pressed)
    if isinstance(form, FormOpened) and not pressed.case:
        shown = [one.entry for one in case.shown if one.position in scene.around.pointed_at]
        entry = shown[0] if len(shown) == 1 and shown[0] in scene.knowledge.entries else ""
        return (FormOpened(at=form.at, actor=form.actor, form="flag", view=form.view, choice=entry,
                           channel=form.channel, thread_ts=form.thread_ts),)  # fmt: skip
    return (form,)


def flag_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form:
    """Which entry, if that is not clear, and what is wrong with it."""
    entry = knowledge.entries.get(opened.choice)
    which = Ask("entry", sentences.FLAG_ENTRY, "choice", _entries(case, knowledge))
    why = Ask("words", sentences.FLAG_WORDS, "text", hint=sentences.FLAG_HINT)
    return Form(
        kind="flag",
        title=sentences.FLAG_TITLE,
        send=sentences.FLAG_SEND,
        asks=(why,) if entry else (which, why),
        lead=sentences.FLAG_LEAD.replace("{title}", entry.title) if entry else "",
        choice=entry.id if entry else "",
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def flagged(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    case, knowledge = scene.case, scene.knowledge
    words, entry = written_in(scene, sent, "words"), sent.choice or sent.value("entry")
    if not may(scene.person, "flag", case.queue or "", knowledge.rules):
        return not_done(scene, sent, sentences.NOT_YOURS_TO_FLAG)
    if entry not in dict(_entries(case, knowledge)):
        return not_done(scene, sent, sentences.NO_ENTRY_TO_FLAG, words=words)
    if not words:
        return not_done(scene, sent, sentences.NO_FLAG_WORDS)
    if any(flag.entry == entry and flag.by == sent.user and not flag.fixed_by for flag in case.flags):
        return not_done(scene, sent, sentences.FLAGGED_ALREADY)
    return (
        Flagged(
            at=scene.now, actor=sent.user, entry=entry, words=words, told=_editors(case, knowledge.rules),
            position=next((one.position for one in case.shown if one.entry == entry), 0),
        ),
    )  # fmt: skip


def press_fixed(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """*Fixed*, beneath what was flagged."""
    case = scene.case
    flag = _flag_at(case, pressed.position)
    if flag is None:
        return ()
    if not may(scene.person, "edit", case.queue or "", scene.knowledge.rules):
        return (refused(pressed, scene.now, sentences.NOT_YOURS_TO_EDIT),)
    if flag.fixed_by:
        return (refused(pressed, scene.now, sentences.FIXED_ALREADY, who=flag.fixed_by),)
    return (FlagFixed(at=scene.now, actor=pressed.user, position=flag.position, told=flag.told),)


def said_of_flag(case: Case, event: Flagged | FlagFixed, knowledge: Knowledge) -> tuple[Saying, ...]:
    """The editors read what is wrong, with what, and where it came up."""
    if isinstance(event, FlagFixed):
        return _said_of_fixed(case, event, knowledge)
    text = _about(sentences.FLAGGED, case, event.entry, knowledge)
    words = Words(case.id, case.version)
    fixed = Button(sentences.FIXED_FLAG_LABEL, "flag_fixed", style="primary")
    return (Post(where=In(event.told), content=Line(text, (fixed,), event.actor, words, link_to=_source(case, event))),)


def _said_of_fixed(case: Case, event: FlagFixed, knowledge: Knowledge) -> tuple[Saying, ...]:
    """The editors see that it is done, and by whom; whoever flagged it hears so."""
    flag = _flag_at(case, event.position)
    if flag is None:
        return ()
    words = Words(case.id, flag.position)
    done = Line(_about(sentences.FLAG_FIXED, case, flag.entry, knowledge), who=event.actor, quote=words)
    update = Update(outbox=outbox_id(case.id, flag.position), content=done, channel=event.told)
    if flag.by == event.actor:
        return (update,)
    told = Line(_about(sentences.FLAG_FIXED_TOLD, case, flag.entry, knowledge), who=event.actor, quote=words)
    return (update, Post(where=DirectTo(flag.by), content=told))


def _entries(case: Case, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """What the case has seen, the newest first, and what else its card lists: ids and titles."""
    shown = (one.entry for one in reversed(case.shown))
    near = (match.entry for match in case.candidates if match.confidence >= NEAR)
    known = [entry for entry in dict.fromkeys((*shown, *near)) if entry in knowledge.entries]
    return tuple((entry, knowledge.entries[entry].title) for entry in known[:_MOST])


def _editors(case: Case, rules: Rules) -> str:
    """The channel that is told; where nobody is named for it, the case's own team."""
    queue = rules.queues.get(case.queue or "") or rules.queues[rules.default_queue]
    return rules.editors_channel or rules.operator_channel or queue.channel


def _source(case: Case, event: Flagged) -> str:
    """The message to look at: the card, which has the conversation; without one the answer, if others can open it."""
    if case.card is not None:
        return case.card_id
    return outbox_id(case.id, event.position) if event.position and not case.is_direct else ""


def _flag_at(case: Case, position: int) -> Flag | None:
    return next((flag for flag in case.flags if flag.position == position), None)


def _about(text: str, case: Case, entry: str, knowledge: Knowledge) -> str:
    title = knowledge.entries[entry].title if entry in knowledge.entries else entry
    return text.replace("{title}", title).replace("{entry}", entry).replace("{case}", case.id)
