"""The same customer with the same question in another place: one case. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core import sentences
from bot.core.beside import Beside, Other
from bot.core.case import Case
from bot.core.events import BOT, Absorbed, Closed, Event, FormOpened, HandedOff, Joined
from bot.core.forms import Ask, Form
from bot.core.gathered import Elsewhere, Gathered
from bot.core.incident import Excerpt
from bot.core.intents import Listener
from bot.core.joining.alike import alike
from bot.core.joining.turn import Turn, topic_of
from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import SameUser
from bot.core.scene import Scene
from bot.core.stimuli import Submission
from bot.core.tier2.at_desk import barred, not_done
from bot.core.wording.card import role_of

# Reasons that say more than that an answer is missing: they go to those whom the rules name.
_OF_THEIR_OWN = ("sensitive", "category_policy")


def first_case(turn: Turn, beside: Beside, rule: SameUser, listener: Listener, now: datetime) -> Other | None:
    """The case of this customer that is with people already, and about the same as what is to be handed off."""
    handed = turn.handed
    if handed is None:
        return None
    recent = (
        other
        for other in beside.own
        if other.case.handed_off_at is not None and now - other.case.handed_off_at <= rule.window
    )
    return next((other for other in recent if _is_same(turn, handed, other, rule.similarity, listener)), None)


def joined(scene: Scene, turn: Turn, first: Other) -> Gathered:
    """Instead of a second handoff: the new case ends, and what was written in it goes to the first."""
    ends = (
        Joined(at=scene.now, actor=BOT, into=first.case.id, role=role_of(first.case, scene.knowledge)),
        Closed(at=scene.now, actor=BOT, outcome="duplicate"),
    )
    kept = tuple(event for event in turn.events if not isinstance(event, HandedOff))
    absorbed = Absorbed(at=scene.now, actor=BOT, case=turn.case.id, excerpts=turn.excerpts)
    return Gathered((*turn.before, *kept, *ends), (Elsewhere(first.case, (absorbed,)),))


def duplicate_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form:  # noqa: ARG001  as every form
    """Which case it belongs to: one of the customer's others, if there are any, else a number."""
    others = tuple((other, other) for other in opened.choice.split())
    which = Ask("case", sentences.DUPLICATE_WHICH, "choice", others) if others else None
    return Form(
        kind="duplicate",
        title=sentences.DUPLICATE_TITLE.replace("{case}", case.id),
        send=sentences.DUPLICATE_SEND,
        asks=(which or Ask("case", sentences.DUPLICATE_NUMBER, "line", hint=sentences.DUPLICATE_HINT),),
        lead=sentences.DUPLICATE_LEAD,
        who=case.place.requester,
        channel=opened.channel,
        thread_ts=opened.thread_ts,
    )


def with_choices(scene: Scene, events: tuple[Event, ...], beside: Beside) -> Gathered:
    """The form with the customer's other cases to choose from."""
    choice = " ".join(other.case.id for other in beside.own if other.case.id != scene.case.id)
    return Gathered(tuple(replace(e, choice=choice) if isinstance(e, FormOpened) else e for e in events))


def joined_by_hand(scene: Scene, sent: Submission) -> tuple[Event, ...]:
    """A specialist says which case it belongs to; whether it can, is seen once that one is read."""
    if why := barred(scene, "resolve"):
        return not_done(scene, sent, why)
    into = sent.value("case").upper()
    if into == scene.case.id:
        return not_done(scene, sent, sentences.DUPLICATE_OF_ITSELF)
    return (
        Joined(at=scene.now, actor=sent.user, into=into),
        Closed(at=scene.now, actor=sent.user, outcome="duplicate"),
    )


def absorbed_by(scene: Scene, sent: Submission, events: tuple[Event, ...], named: Case | None) -> Gathered:
    """What joining by hand means for the case that was named, if it can go on for both."""
    case = scene.case
    if named is None or named.place.team != case.place.team or named.place.requester != case.place.requester:
        return Gathered(not_done(scene, sent, sentences.DUPLICATE_UNKNOWN))
    if not named.with_people:
        return Gathered(not_done(scene, sent, sentences.DUPLICATE_NOT_OPEN))
    role = role_of(named, scene.knowledge)
    told = tuple(replace(event, role=role) if isinstance(event, Joined) else event for event in events)
    positions = case.asked or ((case.question,) if case.question is not None else ())
    excerpts = tuple(Excerpt(position) for position in positions)
    absorbed = Absorbed(at=scene.now, actor=sent.user, case=case.id, excerpts=excerpts)
    return Gathered(told, (Elsewhere(named, (absorbed,)),))


def _is_same(turn: Turn, handed: HandedOff, other: Other, similarity: float, listener: Listener) -> bool:
    first = other.case
    if first.id == turn.case.id or not first.with_people:
        return False
    if handed.reason in _OF_THEIR_OWN and handed.queue != first.queue:
        return False
    if turn.wished and not turn.topic and not handed.entry:
        return True  # a person, please: they have one
    if handed.entry and handed.entry == first.entry:
        return True
    return alike(turn.topic, topic_of(other, listener)) >= similarity
