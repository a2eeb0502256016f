"""What one entry comes to: what the bot says when it is the answer, and how its cases reach people. Pure.

Nothing is asked about the entry's state or audience, so that a draft can be read as it would be said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.entries import Entry
from bot.core.events import BOT, Answered, Asked, Event, Offered, Opened, Picked
from bot.core.knowledge import Knowledge
from bot.core.matches import Match
from bot.core.rehearsing import CASE, TEAM
from bot.core.rulebook.handoff import Destination, destination
from bot.core.rulebook.rules import Rules
from bot.core.rulebook.triggers import HUMAN_REQUEST, Situation, limit_of, triggered
from bot.core.saying import Post, Said
from bot.core.stimuli import Place

CUSTOMER, CHANNEL = "U0SOMEBODY", "D0SHOWING"
WayOut = Literal["asked", "wish", "stuck", "limit"]
Action = Literal["handoff", "offer", "refuse", "answer"]
_ACTIONS: dict[str, Action] = {"handoff": "handoff", "offer": "offer", "refuse": "refuse"}


def said_of(entry: Entry, knowledge: Knowledge, now: datetime) -> tuple[Said, ...]:
    """Return what the customer reads, in order: the answer, and before it "Is this it?" if the entry is on trial."""
    sure = (Match(entry.id, 1.0),)
    events: list[Event] = [
        Opened(
            at=now,
            actor=CUSTOMER,
            case=CASE,
            team=TEAM,
            channel=CHANNEL,
            thread_ts="",
            requester=CUSTOMER,
            follows=True,
        ),
        Asked(at=now, actor=CUSTOMER, words=entry.phrasings[0], channel=CHANNEL, slack_ts=""),
    ]
    on_trial = entry.state == "trial"
    if on_trial:
        events.append(Offered(at=now, actor=BOT, candidates=sure, confidence=1.0))
        events.append(Picked(at=now, actor=CUSTOMER, entry=entry.id, position=len(events)))
    how: Literal["picked", "sure"] = "picked" if on_trial else "sure"
    events.append(Answered(at=now, actor=BOT, entry=entry.id, confidence=1.0, candidates=sure, how=how))
    told = chapters(Case(CASE, Place(TEAM, CHANNEL, "", CUSTOMER)), events, knowledge)
    return tuple(said for chapter in told for said in chapter.said if isinstance(said.saying, Post))


def filled(markdown: str, variables: Mapping[str, str], first_name: str) -> str:
    """An editor's text with everything filled in, as a customer of this name would read it."""
    known = {f"site.{name}": value for name, value in variables.items()}
    known |= {"customer.first_name": first_name, "case.id": CASE}
    return re.sub(r"\{\{([^{}]*)\}\}", lambda match: known.get(match[1].strip(), match[0]), markdown)


@dataclass(frozen=True, slots=True)
class Way:
    """What the rules do in one situation. `to`: where a handoff goes, None where there is none; `rule` is "" for none.

    `when`: the entry is what was `asked` for; the customer makes a `wish` for a person, is `stuck` for the first time,
    or for the time that reaches the `limit` of failed attempts.
    """

    when: WayOut
    action: Action
    rule: str = ""
    to: Destination | None = None


def ways_to_people(entry: Entry, rules: Rules, now: datetime) -> tuple[Way, ...]:
    """Return how a case about this entry gets to people by these rules, whatever words the customer uses.

    None where the rules have no queues.
    """
    if not rules.queues:
        return ()
    limit = limit_of(entry, rules)
    here = Situation(now, entry=entry)
    ways = [
        _way("asked", replace(here, band="sure"), rules, otherwise="answer"),
        _way("wish", replace(here, human_request=True), rules, otherwise="handoff"),
        _way("stuck", replace(here, feedback="still_stuck", failed=1), rules, otherwise="offer"),
    ]
    if limit > 1 and ways[-1].action == "offer":
        ways.append(_way("limit", replace(here, feedback="still_stuck", failed=limit), rules, otherwise="offer"))
    return tuple(ways)


def _way(when: WayOut, situation: Situation, rules: Rules, *, otherwise: Action) -> Way:
    verdict = triggered(rules, situation)
    trigger = verdict.trigger
    action = _ACTIONS.get(trigger.then.action, otherwise) if trigger else otherwise
    if action != "handoff" and not situation.human_request:
        return Way(when, action, trigger.id if trigger else "")
    # A wish for a person is a handoff whatever decides; only a trigger that hands off may say where to.
    decided = trigger if action == "handoff" else None
    category = situation.entry.category if situation.entry else ""
    to = destination(rules, replace(verdict, trigger=decided), situation.entry, category, "")
    return Way(when, "handoff", decided.id if decided else HUMAN_REQUEST, to)
