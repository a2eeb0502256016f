"""What is said because of an event, and to whom. Pure: data that the courier turns into Slack's words later.

Most events say nothing by themselves. What a person wrote is only referred to.
"""

from __future__ import annotations

from bot.core.case import Case, outbox_id
from bot.core.events import (
    Claimed,
    Closed,
    Event,
    FormOpened,
    Noted,
    Refused,
    ThreadLost,
)
from bot.core.joining.incident_speech import incident_speech
from bot.core.joining.joining_speech import joining_speech
from bot.core.knowledge import Knowledge
from bot.core.overdue import said_of_time
from bot.core.saying import (
    Said,
)
from bot.core.silence import said_of_silence
from bot.core.to_customers import to_the_customer
from bot.core.to_the_desk import deadline_moved, to_the_desk


def speech(case: Case, event: Event, knowledge: Knowledge) -> tuple[Said, ...]:
    """Return what is said, in order. `case` is the case after the event."""
    if case.incident is None:
        sayings = to_the_customer(case, event, knowledge) + to_the_desk(case, event, knowledge)
        sayings += joining_speech(case, event, knowledge)
        sayings += deadline_moved(case, event, knowledge)
        sayings += said_of_time(case, event, knowledge)
        sayings += said_of_silence(case, event, knowledge)
    elif isinstance(event, Refused | FormOpened):
        sayings = to_the_customer(case, event, knowledge)
    elif isinstance(event, Noted | Claimed | Closed | ThreadLost):
        sayings = to_the_desk(case, event, knowledge)
    else:
        return incident_speech(case, event, knowledge)
    return tuple(
        Said(outbox_id(case.id, case.version, n), case.id if case.state != "new" else "", case.version, saying)
        for n, saying in enumerate(sayings)
    )
