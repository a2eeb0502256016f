"""A reply to the customer through the form, where they asked or in a direct message. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import Event, FormOpened, Replied
from bot.core.forms import Ask, Form
from bot.core.knowledge import Knowledge
from bot.core.scene import Scene
from bot.core.stimuli import Submission
from bot.core.tier2.at_desk import barred, not_done, taken, written_in

WHERE = (("here", sentences.REPLY_WHERE_ASKED), ("dm", sentences.REPLY_IN_DM))


def reply_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form:  # noqa: ARG001  as every form
    """What to say; and where, if the customer did not ask in a direct message."""
    words = Ask("words", sentences.REPLY_WORDS, "text", hint=sentences.REPLY_HINT)
    where = Ask("where", sentences.REPLY_WHERE, "choice", WHERE, initial="dm" if case.private else "here")
    return Form(
        kind="reply",
        title=sentences.REPLY_TITLE.replace("{case}", case.id),
        send=sentences.REPLY_SEND,
        asks=(words,) if case.is_direct else (words, where),
        lead=sentences.REPLY_LEAD,
        who=case.place.requester,
        choice=opened.choice,
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def replied(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    words = written_in(scene, sent, "words")
    if why := barred(scene, "claim"):
        return not_done(scene, sent, why, words=words)
    if not words:
        return not_done(scene, sent, sentences.NOTHING_TO_SEND)
    private = sent.value("where") == "dm" and not scene.case.is_direct
    reply = Replied(at=scene.now, actor=sent.user, words=words, channel=sent.channel, slack_ts="", private=private)
    return (*taken(scene, sent.user), reply)
