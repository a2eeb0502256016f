"""What a form that was filled in and sent means. Pure; one function a form, in the module of what it is about."""

from __future__ import annotations

from typing import assert_never

from bot.core.events import Event
from bot.core.joining.duplicates import joined_by_hand
from bot.core.joining.incidents import status_said
from bot.core.scene import Scene
from bot.core.stimuli import Submission
from bot.core.tier1.collecting import filled_in
from bot.core.tier2.entry_form import sent_by_form
from bot.core.tier2.flagging import flagged
from bot.core.tier2.replying import replied
from bot.core.tier2.resolving import resolved
from bot.core.tier2.surveying import commented
from bot.core.tier2.transferring import transferred


def submit(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    if not scene.case.version or sent.position > scene.case.version:
        return ()  # it came from no form of ours
    if sent.form == "flag":
        return flagged(scene, sent)
    if scene.case.incident is not None:
        return status_said(scene, sent) if sent.form == "status" else ()
    match sent.form:
        case "reply":
            return replied(scene, sent)
        case "send_entry":
            return sent_by_form(scene, sent)
        case "transfer" | "escalate":
            return transferred(scene, sent)
        case "resolve":
            return resolved(scene, sent)
        case "duplicate":
            return joined_by_hand(scene, sent)
        case "comment":
            return commented(scene, sent)
        case "details":
            return filled_in(scene, sent)
        case "status":
            return ()  # only an incident has one
    assert_never(sent.form)
