"""What may be done at a card, and by whom; what those hear who may not. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core import sentences
from bot.core.events import Claimed, Event, FormOpened, Noted, Refused, Released
from bot.core.permissions import Right, is_colleague, may, refused
from bot.core.redaction import redact
from bot.core.scene import Scene
from bot.core.stimuli import OPENS_FORM, Press, PressKind, Submission

# The buttons of a card, and the right that each takes.
RIGHTS: Mapping[PressKind, Right] = {
    "claim": "claim",
    "reply": "claim",
    "send_entry": "claim",
    "back": "claim",
    "transfer": "reassign",
    "escalate": "reassign",
    "resolve": "resolve",
    "duplicate": "resolve",
    "incident": "claim",
    "status": "claim",
    "over": "resolve",
}


def press_card(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """A button of the card: some act at once, the others open a form."""
    case, now, user = scene.case, scene.now, pressed.user
    if not case.version:
        return ()
    if why := barred(scene, RIGHTS[pressed.kind]):
        return (refused(pressed, now, why),)
    if pressed.kind in OPENS_FORM:
        return (opened(scene, pressed),)
    if pressed.kind == "back":
        return (Released(at=now, actor=user),)
    if case.owner is not None and case.claimed_at is not None:
        ago = int((now - case.claimed_at).total_seconds())
        why = sentences.YOURS_ALREADY if case.owner == user else sentences.TAKEN.replace("{ago}", f"{ago} s")
        return (refused(pressed, now, why, who=case.owner),)
    return (Claimed(at=now, actor=user),)


def opened(scene: Scene, pressed: Press) -> Event:
    """The form that a press asks for; a refusal if Slack did not open one for it."""
    form = OPENS_FORM.get(pressed.kind)
    if form is None or not pressed.view:
        return refused(pressed, scene.now, sentences.NO_FORM)
    return FormOpened(
        at=scene.now, actor=pressed.user, form=form, view=pressed.view, choice=pressed.choice,
        channel=pressed.channel, thread_ts=pressed.thread_ts,
    )  # fmt: skip


def barred(scene: Scene, right: Right) -> str:
    """Why this person may not do it to this case now, as a sentence; "" if they may."""
    case = scene.case
    if not may_here(scene, right):
        return sentences.NOT_YOUR_QUEUE
    if case.state == "closed":
        return sentences.IS_CLOSED
    return "" if case.with_people else sentences.NOT_AT_THE_DESK


def may_here(scene: Scene, right: Right) -> bool:
    if scene.case.operators and is_colleague(scene.person, scene.knowledge.rules):
        return True  # they have it because nobody who was meant to can be reached
    return may(scene.person, right, scene.case.queue or "", scene.knowledge.rules)


def not_done(scene: Scene, sent: Submission, why: str, *, words: str = "") -> tuple[Event, ...]:
    """A form that can do nothing any more. What was written in it is kept as a note in the card's thread."""
    refusal = Refused(
        at=scene.now, actor=sent.user, action=sent.form, why=why, channel=sent.channel, thread_ts=sent.thread_ts
    )
    if not words:
        return (refusal,)
    return (Noted(at=scene.now, actor=sent.user, words=words, channel=sent.channel, slack_ts=""), refusal)


def written_in(scene: Scene, sent: Submission, field: str) -> str:
    """What somebody wrote in a field of a form, without what must not be kept."""
    return redact(sent.value(field), also=scene.knowledge.rules.redaction).text


def taken(scene: Scene, user: str) -> tuple[Event, ...]:
    """Whoever answers a case first has taken it."""
    return (Claimed(at=scene.now, actor=user),) if scene.case.state == "handed_off" else ()
