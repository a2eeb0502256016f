"""Who takes over: `groups`, `queues` and `routing` of the rules."""

from __future__ import annotations

from bot.content import faults as f
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Found, Shape, checked, keys, list_of, named, text
from bot.content.reading.source import Node, Table
from bot.content.reading.values import (
    audiences,
    channel_id,
    email_domain,
    entry_or_all,
    flag,
    people,
    priority,
    user_id,
    usergroup_id,
    whole,
)
from bot.content.reading.written import Written, with_node
from bot.content.texts.sent import rules_text
from bot.core.rulebook.rules import Group

_LONGEST_ROLE = 75


def _check_route(_found: Found, node: Node, reading: Reading) -> None:
    if isinstance(node, Table) and node.get("queue") is None and node.get("priority") is None:
        message = "a route without `queue` and `priority` leads nowhere"
        reading.report(f.WITHOUT_EFFECT, node.place, message, "add `queue`, or remove the line")


GROUP: Shape[Group] = keys(
    lambda found: Group(**found),
    {
        "usergroup": usergroup_id().described("The id of a Slack user group; its members belong to this group."),
        "users": list_of(user_id()).described("Ids of people."),
        "email_domains": list_of(email_domain()).described("Everybody whose address ends in this, without the @."),
        "audience": audiences().described("What these people may see: entries for staff, customer or partner."),
    },
)

QUEUE: Shape[Found] = keys(
    dict,
    {
        "tier": whole(1, 9).described("2 for those who take over from the bot, 3 for those to whom they escalate."),
        "role": text(longest=_LONGEST_ROLE).described("What customers read; without it made from the queue's name."),
        "channel": channel_id().described("The id of the Slack channel in which the team works.", "C0123456789"),
        "members": list_of(people()).described("Groups or user ids; without it whoever is in the channel."),
        "calendar": named("calendar").described("When the team is there; without it the calendar of `defaults`."),
        "sla": named("SLA").described("What is promised; without it `standard`."),
        "ladder": named("ladder").described("What happens as a deadline comes near and passes."),
        "fallback": named("queue").described("Where cases go if the channel cannot be reached."),
        "priority_cap": priority().described("The highest priority that is accepted here."),
        "expectation": keys(
            dict,
            {
                "open": rules_text().described("While the team is there."),
                "closed": rules_text().described("While it is not."),
            },
        ).described("What the customer reads at the handoff."),
        "private": flag().described("The talk goes on in a direct message."),
        "always_staffed": flag().described("Somebody is there at any hour."),
    },
    needed=("channel",),
)

ROUTE: Shape[Written[Found]] = with_node(
    checked(
        keys(
            dict,
            {
                "entry": list_of(entry_or_all(may_end_in_star=True), least=1).described(
                    "These entries; `billing/*` is all of a category."
                ),
                "category": list_of(named("category"), least=1).described("All cases of these categories."),
                "queue": named("queue").described("Who takes them over."),
                "priority": priority().described("How urgent they are: p1 most, p4 least."),
            },
        ),
        _check_route,
    )
)
