"""What a press of a button means. Pure.

Only the requester may press outcomes and picks; only those with the right to it, the buttons on a card.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, assert_never

from bot.core import sentences
from bot.core.case import Case
from bot.core.events import (
    Closed,
    CollectBegun,
    ElseAsked,
    Event,
    Fixed,
    Labelled,
    Picked,
    Reopened,
    SecondAsked,
    WishedForHuman,
)
from bot.core.joining import incidents
from bot.core.lists import home
from bot.core.opening import opened_for
from bot.core.permissions import refused
from bot.core.scene import Scene
from bot.core.stimuli import Press
from bot.core.tier1 import collecting
from bot.core.tier1.answering import (
    Question,
    hand_over,
    person_offered,
    still_stuck,
    tagged,
    to_people,
    turned_down,
    verdict_on,
)
from bot.core.tier1.choosing import none_of_these, picked, served
from bot.core.tier2 import flagging, surveying
from bot.core.tier2.at_desk import RIGHTS, press_card
from bot.core.tier2.finding_replies import press_send


def press(scene: Scene, pressed: Press) -> tuple[Event, ...]:  # noqa: C901, PLR0912  one branch a button
    case = scene.case
    if pressed.kind == "flag":
        return flagging.press_flag(scene, pressed)
    if pressed.kind == "flag_fixed":
        return flagging.press_fixed(scene, pressed)
    if case.incident is not None or pressed.kind in ("incident", "status", "over"):
        return incidents.press(scene, pressed)
    if pressed.kind in RIGHTS:
        return press_card(scene, pressed)
    if pressed.kind == "send":
        return press_send(scene, pressed)
    owner = case.place.requester if pressed.case else pressed.asker or pressed.user
    if pressed.user != owner:
        return (refused(pressed, scene.now, sentences.NOT_YOURS, who=owner),)
    if pressed.kind in ("choose", "skip", "fill_in"):
        return collecting.press(scene, pressed)
    if pressed.kind in ("rate", "comment"):
        return surveying.rated(scene, pressed)
    if collecting.holds_up(case, pressed):
        return (refused(pressed, scene.now, sentences.DETAILS_FIRST),)
    # A wish for a person may come from under a message of an earlier case here, whose positions are not this one's.
    if pressed.case and pressed.kind != "human" and not _was_shown(case, pressed):
        return ()
    match pressed.kind:
        case "human":
            return _human(scene, pressed)
        case "fixed":
            return _fixed(scene, pressed)
        case "stuck":
            return _stuck(scene, pressed)
        case "did_not_work" | "not_meant":
            return _labelled(scene, pressed, pressed.kind)
        case "pick":
            return _pick(scene, pressed)
        case "second":
            return _second(scene, pressed)
        case "none_of_these":
            return _none_of_these(scene, pressed)
        case "ask_else":
            if not case.with_people:
                return (refused(pressed, scene.now, sentences.JUST_ASK),)
            return (ElseAsked(at=scene.now, actor=pressed.user),)
        case "reopen":
            return _reopen(scene, pressed)
        case "home":
            return home.show(scene, home.page_of(pressed.choice))
        case "choose" | "skip" | "fill_in" | "rate" | "comment":
            return ()
        case "send" | "claim" | "reply" | "send_entry" | "transfer" | "escalate" | "resolve" | "duplicate" | "back":
            return ()
        case "incident" | "status" | "over" | "flag" | "flag_fixed":
            return ()
    assert_never(pressed.kind)


def _was_shown(case: Case, pressed: Press) -> bool:
    """Whether the button can be one of ours: under a message of this case, and for an entry that it has seen."""
    return pressed.position <= case.version and (not pressed.choice or case.has_seen(pressed.choice))


def _question(pressed: Press) -> Question:
    return Question(words="", written="", channel=pressed.channel, slack_ts="")


def _human(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """A person, from wherever the button was: in a case, under a greeting, or under a case that is over."""
    case, now = scene.case, scene.now
    if case.with_people or (pressed.home and home.has_just_asked_for_people(scene)):
        return (refused(pressed, scene.now, sentences.ALREADY_WITH_PEOPLE),)
    wished = WishedForHuman(at=now, actor=pressed.user, channel=pressed.channel)
    if case.state == "open":
        return (wished, *hand_over(scene, _question(pressed)))
    if case.ended_with_people and not scene.around.place_taken:
        return (Reopened(at=now, actor=pressed.user), wished)  # those who had it have it again
    if case.state == "closed" and not scene.around.place_taken:
        return (Reopened(at=now, actor=pressed.user), wished, *hand_over(scene, _question(pressed)))
    if case.state == "closed":
        return (refused(pressed, scene.now, sentences.ANOTHER_IS_OPEN),)
    is_test = scene.knowledge.rules.channel(pressed.channel).test
    opened = opened_for(pressed, case, now, is_test=is_test)
    if pressed.home:  # what they pressed becomes the message that the case hangs under
        wished = replace(wished, words=sentences.HUMAN_LABEL)
    return (opened, wished, *hand_over(replace(scene, case=Case(case.id, case.place)), _question(pressed)))


def _fixed(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    case = scene.case
    if not case.version:
        return ()
    fixed = Fixed(at=scene.now, actor=pressed.user, entry=pressed.choice, position=pressed.position)
    if case.state != "open":
        return (fixed,)  # people have it, or it is over: kept in the log, and the card's thread hears of it
    asked = collecting.ended(case, scene.now, "solved")
    closed = Closed(at=scene.now, actor=pressed.user, outcome="resolved_by_bot")
    return (*asked, fixed, closed, *surveying.survey_after(case, closed, scene.knowledge.rules))


def _stuck(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    case = scene.case
    if not case.version:
        return ()
    again = (pressed.position, "stuck") in case.pressed
    return still_stuck(scene, _question(pressed), pressed.choice, pressed.position, again=again)


def _labelled(scene: Scene, pressed: Press, label: Literal["did_not_work", "not_meant"]) -> tuple[Event, ...]:
    """What *Still stuck* meant. It belongs to the answer; a rule may send it to people."""
    case = scene.case
    if not case.version:
        return ()
    answer = next((shown.position for shown in case.shown if shown.entry == pressed.choice), pressed.position)
    again = (pressed.position, "label") in case.pressed
    labelled = Labelled(
        at=scene.now, actor=pressed.user, entry=pressed.choice, position=answer, asked_at=pressed.position,
        label=label, again=again,
    )  # fmt: skip
    if case.state != "open" or again:
        return (labelled,)
    entry = scene.knowledge.entries.get(pressed.choice)
    verdict = verdict_on(scene, _question(pressed), entry=entry, failed=case.failed, feedback=label)
    before, decided = tagged(scene, verdict), verdict.trigger
    match decided.then.action if decided else None:
        case "handoff":
            begun, *rest = to_people(scene, _question(pressed), verdict, entry)
            if isinstance(begun, CollectBegun):  # first, as a question of ours is the only one that is asked then
                return (begun, labelled, *before, *rest)
            return (labelled, *before, begun)
        case "refuse" if decided:
            return (replace(labelled, by_rule=True), *before, turned_down(scene, decided))
        case "offer" if decided:
            return (replace(labelled, by_rule=True), *before, person_offered(scene, decided))
        case _:
            return (labelled, *before)


def _pick(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """A choice under "Did you mean"."""
    case, now = scene.case, scene.now
    entry = scene.knowledge.entries.get(pressed.choice)
    if not case.version or not case.has_seen(pressed.choice):
        return ()
    if entry is None or not entry.is_served:
        return (refused(pressed, scene.now, sentences.ENTRY_GONE),)
    again = (pressed.position, "choice") in case.pressed
    if again or case.state != "open":
        kept = Picked(at=now, actor=pressed.user, entry=entry.id, position=pressed.position, again=True)
        if again:
            return (kept,)
        why = sentences.ALREADY_WITH_PEOPLE if case.with_people else sentences.NOT_ANY_MORE
        return (kept, refused(pressed, scene.now, why))
    return picked(scene, _question(pressed), entry, pressed.position)


def _second(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """The other question of a message that had two: answered here as well; in a case of its own if this one is over."""
    case, now = scene.case, scene.now
    entry = scene.knowledge.entries.get(pressed.choice)
    if not case.version or not case.has_seen(pressed.choice):
        return ()
    if entry is None or not entry.is_served:
        return (refused(pressed, scene.now, sentences.ENTRY_GONE),)
    # An answer that shows what came of it carries the position of that, and is still the answer.
    beneath = (shown.position for shown in case.shown if shown.also == entry.id)
    position = max((at for at in beneath if at <= pressed.position), default=pressed.position)
    again = (position, "second") in case.pressed
    second = SecondAsked(at=now, actor=pressed.user, entry=entry.id, position=position, again=again)
    if again:
        return (second,)
    if case.with_people:
        return (replace(second, again=True), refused(pressed, scene.now, sentences.ALREADY_WITH_PEOPLE))
    if case.state == "open":
        return (second, *served(scene, _question(pressed), entry))
    if scene.around.place_taken:
        return (replace(second, again=True), refused(pressed, scene.now, sentences.ANOTHER_IS_OPEN))
    begins = Case(scene.around.fresh, case.place, shown=case.shown)
    opened = replace(opened_for(pressed, begins, now, is_test=case.is_test), follows=case.follows)
    return (second, opened, *served(replace(scene, case=begins), _question(pressed), entry))


def _none_of_these(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    if not scene.case.version:
        return ()
    again = (pressed.position, "choice") in scene.case.pressed
    return none_of_these(scene, _question(pressed), pressed.position, again=again)


def _reopen(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    case = scene.case
    if case.is_open or not case.version:
        return (refused(pressed, scene.now, sentences.IS_OPEN),) if case.version else ()
    within = scene.knowledge.rules.duplicates.reopen_within
    if case.closed_at is None or scene.now - case.closed_at > within:
        return (refused(pressed, scene.now, sentences.TOO_LATE_TO_REOPEN),)
    if scene.around.place_taken:
        return (refused(pressed, scene.now, sentences.ANOTHER_IS_OPEN),)
    here = (case.place.channel, case.place.thread_ts) == (pressed.channel, pressed.thread_ts or "")
    told_at = "" if here else pressed.response_url  # in a list, where nothing else would be seen of it
    return (Reopened(at=scene.now, actor=pressed.user, channel=pressed.channel, response_url=told_at),)
