"""How people resolve a case: what it was, what fixed it, and which entry helped. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import Closed, Event, FormOpened, Resolved
from bot.core.forms import Ask, Form
from bot.core.knowledge import Knowledge
from bot.core.saying import FromSpecialist, Line, Post, Saying, Under, Words
from bot.core.scene import Scene
from bot.core.stimuli import Submission
from bot.core.tier2.at_desk import barred, not_done, written_in
from bot.core.tier2.surveying import survey_after
from bot.core.wording.pieces import pieces
from bot.core.wording.places import where_people_speak

_NONE, _PROPOSE = "none", "propose"  # in place of an entry's id, which has a slash in it
_INTERNAL, _TOLD = "internal", "told"
_MOST_SEEN = 8  # entries, with the two other choices beside them


def resolve_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form:
    """The code, the fix in words, who reads it, and the entry."""
    codes = tuple((code, code) for code in knowledge.rules.closing.resolve_codes)
    readers = ((_INTERNAL, sentences.RESOLVE_INTERNAL), (_TOLD, sentences.RESOLVE_TOLD))
    seen = tuple(
        (entry.id, entry.title)
        for shown in reversed(case.shown)
        if (entry := knowledge.entries.get(shown.entry)) is not None
    )
    entries = (
        *seen[:_MOST_SEEN],
        (_NONE, sentences.RESOLVE_NO_ENTRY),
        (_PROPOSE, sentences.RESOLVE_PROPOSE),
    )
    return Form(
        kind="resolve",
        title=sentences.RESOLVE_TITLE.replace("{case}", case.id),
        send=sentences.RESOLVE_SEND,
        asks=(
            Ask("code", sentences.RESOLVE_CODE, "choice", codes),
            Ask("words", sentences.RESOLVE_WORDS, "text", hint=sentences.RESOLVE_HINT),
            Ask("readers", sentences.RESOLVE_READERS, "choice", readers, initial=_INTERNAL),
            Ask("entry", sentences.RESOLVE_ENTRY, "choice", entries, initial=_NONE),
            Ask("found", sentences.RESOLVE_FOUND, "entry", required=False, hint=sentences.RESOLVE_FOUND_HINT),
        ),
        lead=sentences.RESOLVE_LEAD,
        who=case.place.requester,
        choice=opened.choice,
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def resolved(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    """What was filled in, and the end of the case; once."""
    words, code = written_in(scene, sent, "words"), sent.value("code")
    chosen = sent.value("found") or sent.value("entry") or _NONE
    entry = "" if chosen in (_NONE, _PROPOSE) else chosen
    if why := barred(scene, "resolve"):
        return not_done(scene, sent, why, words=words)
    if not words:
        return not_done(scene, sent, sentences.NO_FIX)
    if code not in scene.knowledge.rules.closing.resolve_codes:
        return not_done(scene, sent, sentences.CODE_GONE, words=words)
    if entry and entry not in scene.knowledge.entries:
        return not_done(scene, sent, sentences.NO_SUCH_ENTRY, words=words)
    done = Resolved(
        at=scene.now, actor=sent.user, words=words, code=code, entry=entry, proposes=chosen == _PROPOSE,
        told=sent.value("readers") == _TOLD,
    )  # fmt: skip
    over = Closed(at=scene.now, actor=sent.user, outcome="resolved_by_human")
    return (done, over, *survey_after(scene.case, over, scene.knowledge.rules))


def said_of_resolution(case: Case, event: Resolved, role: str, thread: Under) -> tuple[Saying, ...]:
    """The fix in the card's thread, where it is set right should it not arrive; then to the customer, if they read it.

    That the case is closed is said because of that.
    """
    words = Words(case.id, case.version)
    text = sentences.THREAD_RESOLVED_TOLD if event.told else sentences.THREAD_RESOLVED
    record = Post(
        where=thread, content=Line(text.replace("{code}", event.code), who=event.actor, quote=words), urgent=False
    )
    if not event.told:
        return (record,)
    fix = (
        FromSpecialist(event.actor, role, words, (), start, end, "" if start else sentences.FIX_LEAD)
        for start, end in pieces(event.words)
    )
    return (record, *(Post(where=where_people_speak(case), content=piece) for piece in fix))
