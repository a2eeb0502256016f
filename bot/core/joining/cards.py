"""The card of whatever people have: a handoff's, or an incident's. Pure."""

from __future__ import annotations

from bot.core import sentences
from bot.core.case import Case
from bot.core.incident import Incident
from bot.core.knowledge import Knowledge
from bot.core.saying import Button, In, IncidentCard, Post, Words
from bot.core.wording import card as handoff
from bot.core.wording.card import thread_of, wanted_role


def card(case: Case, knowledge: Knowledge, *, by: str = "") -> Post:
    """The card as the case stands now, in the channel of its queue; `by` brought it there."""
    if case.incident is None:
        return handoff.card(case, knowledge, by=by)
    return Post(
        where=In(thread_of(case, knowledge).channel), content=_incident_card(case, case.incident, knowledge, by)
    )


def _incident_card(case: Case, incident: Incident, knowledge: Knowledge, by: str) -> IncidentCard:
    entry = knowledge.entries.get(case.entry or "")
    status, buttons = _status(case)
    return IncidentCard(
        about=incident.about[0] if incident.about else None,
        title=entry.title if entry else "",
        priority=case.priority or "",
        queue_role=wanted_role(case, knowledge),
        members=tuple(member.requester for member in incident.told),
        said=Words(case.id, incident.status) if incident.status else None,
        status=status,
        who=by or case.owner or "",
        buttons=buttons,
    )


def _status(case: Case) -> tuple[str, tuple[Button, ...]]:
    claim = Button(sentences.CLAIM_LABEL, "claim", style="primary")
    rest = (Button(sentences.STATUS_LABEL, "status"), Button(sentences.OVER_LABEL, "over"))
    match case.state:
        case "handed_off":
            return sentences.CARD_WAITING, (claim, *rest)
        case "claimed":
            return sentences.CARD_CLAIMED, rest
        case _:
            return sentences.INCIDENT_OVER_BY, ()
