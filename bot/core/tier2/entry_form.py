"""*Send an entry*: the form to choose one in, the near misses first, and what it leads to when it is sent. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import Event, FormOpened
from bot.core.forms import Ask, Form
from bot.core.knowledge import Knowledge
from bot.core.scene import Scene
from bot.core.stimuli import Submission
from bot.core.tier2.at_desk import not_done
from bot.core.tier2.sending_entries import send

_MOST = 5


def entry_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form:
    """One of those that were near, or any other by search."""
    near = tuple((match, knowledge.entries[match].title) for match in _near(case, knowledge))
    listed = Ask("near", sentences.SEND_NEAR, "choice", near, required=False)
    found = Ask("entry", sentences.SEND_FOUND, "entry", required=not near, hint=sentences.SEND_HINT)
    return Form(
        kind="send_entry",
        title=sentences.SEND_TITLE.replace("{case}", case.id),
        send=sentences.REPLY_SEND,
        asks=(listed, found) if near else (found,),
        lead=sentences.REPLY_LEAD,
        who=case.place.requester,
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def sent_by_form(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    """What was searched for counts before what was listed."""
    entry = sent.value("entry") or sent.value("near")
    if not entry:
        return not_done(scene, sent, sentences.SEND_NOTHING)
    confidence = next((match.confidence for match in scene.case.candidates if match.entry == entry), 0.0)
    done = send(scene, entry, how="card", confidence=confidence)
    return not_done(scene, sent, done) if isinstance(done, str) else done


def _near(case: Case, knowledge: Knowledge) -> tuple[str, ...]:
    """The entries that the question came near to, best first, without those that the customer has had."""
    had = {shown.entry for shown in case.shown if shown.is_answer}
    near = (match.entry for match in case.candidates if match.entry not in had)
    return tuple(entry for entry in near if entry in knowledge.entries and knowledge.entries[entry].is_served)[:_MOST]
