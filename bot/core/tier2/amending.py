"""A customer changes or takes back what they wrote while people have the case: the specialists are told. Pure."""

from __future__ import annotations

from bot.core.events import Amended, Event
from bot.core.redaction import redact
from bot.core.scene import Scene
from bot.core.stimuli import Edit, with_files


def amended(scene: Scene, edit: Edit) -> tuple[Event, ...]:
    """Nothing, if people do not have the case, or if the message is none of the case's."""
    position = scene.around.changed
    if position is None or not scene.case.with_people:
        return ()
    written = "" if edit.text is None else with_files(edit.text, edit.files)
    words = redact(written, also=scene.knowledge.rules.redaction).text
    return (
        Amended(
            at=scene.now, actor=edit.user, words=words, position=position, slack_ts=edit.ts, gone=edit.text is None
        ),
    )
