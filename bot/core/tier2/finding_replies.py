"""`/tier1 kb …`: entries for a specialist to send, found among what the customer of the case may see. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.core import sentences
from bot.core.audience import Person
from bot.core.case import Case
from bot.core.commands import FindReplies
from bot.core.entries import Entry
from bot.core.events import Event, ListShown, Refused
from bot.core.lists.queues import may_from, queues_of
from bot.core.matches import Match, Matcher
from bot.core.permissions import refused
from bot.core.redaction import redact
from bot.core.rulebook.rules import Rules
from bot.core.saying import Button, Group, Item, Listing
from bot.core.scene import AtHand, Scene
from bot.core.stimuli import Command, Press
from bot.core.tier2.sending_entries import send, sendable

MOST = 5  # entries in one answer
MOST_CASES = 3  # that a row of buttons names
_VARIABLE = re.compile(r" ?\{\{[^{}]*\}\}")
_NEAR = 0.01  # what would read as 0 % helps nobody


def find(scene: Scene, command: Command, order: FindReplies) -> tuple[Event, ...]:
    """The entries that fit best, each with a button for every case that it could be sent to."""
    at_hand = at_hand_for(order, scene, command.channel)
    if isinstance(at_hand, str):
        return (_refused(scene, command, at_hand),)
    said = redact(order.words, also=scene.knowledge.rules.redaction).text
    knowledge = scene.knowledge
    may_see = {one.case.id: sendable(one.case, one.customer, knowledge) for one in at_hand}
    found = ranked(order.words, frozenset().union(*may_see.values()), knowledge.matcher)
    customer = at_hand[0].case.place.requester if len(at_hand) == 1 else ""
    items = []
    for match in found:
        cases = [one.case for one in at_hand if match.entry in may_see[one.case.id]]
        items.append(_item(knowledge.entries[match.entry], match, cases, named=len(at_hand) > 1))
    texts = (sentences.REPLIES, sentences.NO_REPLIES) if customer else (sentences.REPLIES_FOR, sentences.NO_REPLIES_FOR)
    lead = texts[0 if items else 1].replace("{case}", at_hand[0].case.id)
    listing = Listing(lead, customer, groups=(Group("", tuple(items)),) if items else ())
    return (
        ListShown(
            at=scene.now, actor=scene.person.id, what="kb", words=said, listing=listing, channel=command.channel,
            response_url=command.response_url,
        ),
    )  # fmt: skip


def press_send(scene: Scene, pressed: Press) -> tuple[Event, ...]:
    """*Send* under one of these entries."""
    if not scene.case.version:
        return ()
    carried = Carried.read(pressed.choice)
    came_of = send(
        scene, carried.entry, how="kb", confidence=carried.confidence, channel=pressed.channel,
        response_url=pressed.response_url,
    )  # fmt: skip
    return (refused(pressed, scene.now, came_of),) if isinstance(came_of, str) else came_of


@dataclass(frozen=True, slots=True)
class Carried:
    """What a *Send* button stands for: an entry, and the confidence it was shown with."""

    entry: str
    confidence: float = 0.0

    @classmethod
    def read(cls, choice: str) -> Carried:
        """Whatever else stands in a choice, it is an entry that nobody has, or a confidence that nobody gave."""
        entry, _, percent = choice.partition(" ")
        known = percent.isascii() and percent.isdigit() and len(percent) <= len("100")
        return cls(entry, min(int(percent), 100) / 100 if known else 0.0)

    def __str__(self) -> str:
        return f"{self.entry} {self.confidence * 100:.0f}"


def is_meant(scene: Scene, channel: str) -> bool:
    """Whether `kb` is this command: in a team's channel, or from somebody of a team."""
    rules = scene.knowledge.rules
    return bool(queues_at(channel, rules) or queues_of(scene.person, rules))


def queues_at(channel: str, rules: Rules) -> tuple[str, ...]:
    return tuple(id_ for id_, queue in rules.queues.items() if queue.channel == channel)


def of_person(cases: Iterable[Case], person: Person, channel: str, rules: Rules) -> tuple[Case, ...]:
    """Those that are theirs in the queues of this channel; as many as buttons can name."""
    here = queues_at(channel, rules)
    return tuple(case for case in cases if case.owner == person.id and case.queue in here)[:MOST_CASES]


def at_hand_for(order: FindReplies, scene: Scene, channel: str) -> Sequence[AtHand] | str:
    """The cases that an entry could be sent to, newest first; or why there is none, as a sentence."""
    rules, person = scene.knowledge.rules, scene.person
    here = queues_at(channel, rules)
    if not here:
        return sentences.KB_IN_TEAM_CHANNEL
    if not order.words:
        return sentences.KB_NEEDS_WORDS
    if order.case:
        named = next((one for one in scene.around.at_hand if one.case.id == order.case), None)
        if named is None:
            return sentences.KB_NO_SUCH_CASE.replace("{case}", order.case)
        if not may_from(person, named.case.queue or "", channel, rules):
            return sentences.NOT_YOUR_QUEUE
        return (named,) if named.case.with_people else sentences.NOT_WITH_PEOPLE_NOW.replace("{case}", order.case)
    if not any(may_from(person, queue, channel, rules) for queue in here):
        return sentences.NOT_YOUR_QUEUE
    return scene.around.at_hand or sentences.KB_NO_CASE


def ranked(words: str, visible: AbstractSet[str], matcher: Matcher) -> tuple[Match, ...]:
    """The best five; a ranking has three, so that the others are ranked among themselves and come after those."""
    best = matcher.rank(words, visible).matches
    others = matcher.rank(words, visible - {match.entry for match in best}).matches if best else ()
    least = min((match.confidence for match in best), default=0.0)
    behind = tuple(Match(match.entry, min(match.confidence, least)) for match in others)
    return tuple(match for match in (*best, *behind) if match.confidence >= _NEAR)[:MOST]


def _item(entry: Entry, match: Match, cases: Sequence[Case], *, named: bool) -> Item:
    carried = str(Carried(entry.id, match.confidence))
    label = sentences.SEND_TO_LABEL if named else sentences.SEND_LABEL
    return Item(
        title=entry.title,
        about=f"{match.confidence * 100:.0f} % · {_VARIABLE.sub('', entry.summary)}",
        buttons=tuple(
            Button(label.replace("{case}", case.id), "send", carried, case=case.id, position=case.version)
            for case in cases
        ),
    )


def _refused(scene: Scene, command: Command, why: str) -> Refused:
    return Refused(
        at=scene.now, actor=scene.person.id, action="kb", why=why, channel=command.channel,
        response_url=command.response_url,
    )  # fmt: skip
