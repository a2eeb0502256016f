"""What is said when nobody acted in time: reminders, calls, and where a case goes then. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.core import sentences
from bot.core.case import Case
from bot.core.changes import card_changed
from bot.core.events import Event, Raised, Rescheduled, RungReached
from bot.core.knowledge import Knowledge
from bot.core.rulebook.calendar import next_opening
from bot.core.rulebook.expectation import can_be_filled
from bot.core.rulebook.promises import calendar_of
from bot.core.rulebook.rules import Queue, Rules
from bot.core.saying import DirectTo, In, Line, Post, Saying, Under
from bot.core.wording.card import thread_of
from bot.core.wording.notice import timed
from bot.core.wording.places import where


def said_of_time(case: Case, event: Event, knowledge: Knowledge) -> tuple[Saying, ...]:
    """What is said because time passed while people have the case."""
    match event:
        case RungReached(do="remind"):
            return _reminded(case, event, knowledge)
        case RungReached(do="ping_group"):
            return _called(case, event, knowledge)
        case RungReached(do="notify_lead"):
            return _notified(case, event, knowledge)
        case Raised():
            text = sentences.RAISED.replace("{priority}", event.priority.upper())
            return (card_changed(case, case.owner or "", knowledge), _beneath(case, Line(text), knowledge))
        case Rescheduled():
            return (card_changed(case, case.owner or "", knowledge), *_told_later(case, event, knowledge))
        case _:
            return ()


def _reminded(case: Case, event: RungReached, knowledge: Knowledge) -> tuple[Post, ...]:
    """Whoever has it, beneath the card; while nobody has, all who look at the channel."""
    line = replace(_line(case, event, knowledge), calls=case.owner or "")
    if case.owner:
        return (_beneath(case, line, knowledge),)
    return (Post(where=In(thread_of(case, knowledge).channel), content=replace(line, link_to=case.card_id)),)


def _called(case: Case, event: RungReached, knowledge: Knowledge) -> tuple[Post, ...]:
    """The groups that the rung names, or the queue's own members, beneath the card."""
    queue = _queue(case, knowledge.rules)
    everybody = people_of(event.to or queue.members, knowledge.rules)
    return (_beneath(case, replace(_line(case, event, knowledge), also_calls=everybody), knowledge),)


def _notified(case: Case, event: RungReached, knowledge: Knowledge) -> tuple[Post, ...]:
    """People by direct message, with a link to the card; user groups have none, and are called beneath it."""
    everybody = people_of(event.to, knowledge.rules)
    line = replace(_line(case, event, knowledge), link_to=case.card_id)
    direct = tuple(Post(where=DirectTo(user), content=line) for user in everybody if not user.startswith("S"))
    groups = tuple(group for group in everybody if group.startswith("S"))
    beneath = (_beneath(case, replace(line, link_to="", also_calls=groups), knowledge),) if groups else ()
    return (*direct, *beneath)


def people_of(named: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """The people and user groups, by Slack's ids, that groups of the rules or ids of users stand for; each once."""
    found: list[str] = []
    for name in named:
        group = rules.groups.get(name)
        found += [*([group.usergroup] if group.usergroup else []), *group.users] if group else [name]
    return tuple(dict.fromkeys(found))


def _line(case: Case, event: RungReached, knowledge: Knowledge) -> Line:
    """The editor's words, or what is late, and since when."""
    rules = knowledge.rules
    due, opens = event.due or case.due_first_at, next_opening(calendar_of(rules, _queue(case, rules))[1], event.at)
    usual = sentences.OVERDUE if due is not None and due <= event.at else sentences.NEARLY_DUE
    text = event.text if can_be_filled(event.text, due=due, opens=opens) else ""
    text = text or usual[event.of].replace("{moment}", event.moment)
    return timed(text, case, knowledge, due, opens=opens)


def _told_later(case: Case, event: Rescheduled, knowledge: Knowledge) -> tuple[Post, ...]:
    if event.told_due_at is None:
        return ()
    return (Post(where=where(case), content=timed(sentences.TOLD_LATER, case, knowledge, event.told_due_at)),)


def _beneath(case: Case, line: Line, knowledge: Knowledge) -> Post:
    thread: Under = thread_of(case, knowledge)
    return Post(where=thread, content=line, urgent=False)


def _queue(case: Case, rules: Rules) -> Queue:
    return rules.queues[case.queue or rules.default_queue]
